"""A data file is read by its own rules, and reaches templates as the plain values it holds.

The rules import pydantic, which takes as long as building six posts: a file that was read before
needs neither.
"""

import json
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

DATES = {"checked", "date", "modified", "urldate"}


class DataError(ValueError):
    """What is wrong in a data file: `faults` holds a line and a sentence for each."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(f"line {line}: {message}" for line, message in problems))
        self.problems = problems


def plain(values: dict[str, Any]) -> SimpleNamespace:
    """Return what a template reads by name; dates are dates again."""
    for name in DATES & values.keys():
        values[name] = values[name] and date.fromisoformat(values[name])
    return SimpleNamespace(**values)


@cache
def dump(rules: str, text: str) -> str:
    """Return what a text holds by tools/content/<rules>.py, as JSON; raise DataError."""
    return import_module(f"tools.content.{rules}").dump(text)


def read(rules: str, path: Path, settings: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return what a file holds by the rules of tools/content/<rules>.py, as plain values.

    Raise DataError, OSError or UnicodeDecodeError.
    """
    recall = settings.get("RECALL", dump)
    return json.loads(recall(rules, path.read_text(encoding="utf-8-sig")), object_hook=plain)
