"""Where things are, and the settings, read in one way."""

import runpy
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def read_settings(root: Path) -> dict[str, Any]:
    """Return the settings of pelicanconf.py, as far as the check reads them."""
    found = runpy.run_path(str(root / "pelicanconf.py"))
    return {
        **{name: value for name, value in found.items() if name.isupper()},
        "PATH": str(root / found["PATH"]),
        "THEME": str(root / found["THEME"]),
    }
