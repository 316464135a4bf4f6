"""Where things are; the settings, read in one way; and errors told as file, line and reason."""

import runpy
import sys
import traceback
from pathlib import Path
from typing import Any

from tools.content.problem import relative

ROOT = Path(__file__).resolve().parent.parent


def read_settings(root: Path) -> dict[str, Any]:
    """Return the settings of pelicanconf.py, as far as the check reads them."""
    found = runpy.run_path(str(root / "pelicanconf.py"))
    return {
        **{name: value for name, value in found.items() if name.isupper()},
        "PATH": str(root / found["PATH"]),
        "THEME": str(root / found["THEME"]),
    }


def describe_error(error: BaseException, root: Path = ROOT) -> str:
    """Return "file:line: reason" for an error in the settings, in a template or in the code."""
    if isinstance(error, SystemExit):
        return str(error)
    reason = getattr(error, "msg", None) or getattr(error, "message", None) or str(error)
    file, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    if not file or not line:  # it is no error of syntax: where in this project was it raised?
        file, line = "pelican", 1
        for frame in traceback.extract_tb(error.__traceback__):
            path = Path(frame.filename)
            if path.is_relative_to(root) and not path.is_relative_to(sys.prefix):
                file, line = frame.filename, frame.lineno
    return f"{relative(Path(file), root)}:{line}: {type(error).__name__}: {reason}"
