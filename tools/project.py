"""Read the project's settings, and describe errors as file, line and reason."""

import runpy
import sys
import traceback
from pathlib import Path
from typing import Any

from tools.content.problem import relative

ROOT = Path(__file__).resolve().parent.parent


def read_settings(root: Path, file: str = "pelicanconf.py") -> dict[str, Any]:
    """Return the settings in one of the settings files, with PATH and THEME as absolute paths.

    Raise SystemExit with file, line and reason if Python cannot run the file.
    """
    if str(root) not in sys.path:  # publishconf.py imports pelicanconf.py
        sys.path.insert(0, str(root))
    try:
        values = runpy.run_path(str(root / file))
    except Exception as error:
        raise SystemExit(describe_error(error, root)) from None
    settings = {name: value for name, value in values.items() if name.isupper()}
    for name in ("PATH", "THEME"):
        if name not in settings:
            raise SystemExit(f'{file}:1: {name} is missing. Write {name} = "{name.lower()}"')
        settings[name] = str(root / settings[name])
    return settings


def describe_error(error: BaseException, root: Path = ROOT) -> str:
    """Return "file:line: reason" for an error in the settings, in a template or in the code."""
    if isinstance(error, SystemExit):
        return str(error)
    reason = getattr(error, "msg", None) or getattr(error, "message", None) or str(error)
    file, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    if not file or not line:  # no syntax error: name the line of this project that raised it
        file, line = "pelican", 1
        for frame in traceback.extract_tb(error.__traceback__):
            path = Path(frame.filename)
            if path.is_relative_to(root) and not path.is_relative_to(sys.prefix):
                file, line = frame.filename, frame.lineno
    return f"{relative(Path(file), root)}:{line}: {type(error).__name__}: {reason}"
