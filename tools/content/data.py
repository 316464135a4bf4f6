"""A data file is read by its own rules, and reaches templates as the plain values it holds."""

import json
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tools.content import text
from tools.content.problem import DataError

__all__ = ["DataError", "dump", "plain", "read"]

DATES = {"checked", "date", "modified", "urldate"}


def plain(values: dict[str, Any]) -> SimpleNamespace:
    """Return what a template reads by name; dates are dates again."""
    for name in DATES & values.keys():
        values[name] = values[name] and date.fromisoformat(values[name])
    return SimpleNamespace(**values)


@cache
def dump(rules: str, content: str) -> str:
    """Return what a text holds by tools/content/<rules>.py, as JSON; raise DataError."""
    return import_module(f"tools.content.{rules}").dump(content)


def read(rules: str, path: Path, settings: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return what a file holds by the rules of tools/content/<rules>.py, as plain values.

    Raise DataError or OSError.
    """
    recall = settings.get("RECALL", dump)
    return json.loads(recall(rules, text.read(path)), object_hook=plain)
