"""Search a text for the patterns in patterns.toml."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.content.problem import shortened

# Read when this module is loaded, as all code is: the name of an entry in the cache covers both.
PATTERNS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
# A text without any of a table's signs has no match: most texts are done with one quick search.
SIGNS = {
    table: re.compile("|".join(re.escape(sign) for row in PATTERNS[table] for sign in row["signs"]))
    for table in ("marks", "words", "crisis")
}
FLAGS = re.IGNORECASE | re.MULTILINE
NEGATION = re.compile(
    r"\b(?:no|not|never|nor|neither|without|cannot|\w+n['’]t)(?!\s+only\b)\b[^.;:!?\n]{0,25}$",
    re.IGNORECASE,
)


def search(text: str, table: str) -> Iterator[tuple[int, str]]:
    """Yield the offset and the message of each match of a table's rows.

    What one row matched is hidden from the rows after it. A pattern is compiled when a text first
    has one of its signs.
    """
    lower = text.lower().replace("\n", " ")
    for row in PATTERNS[table] if SIGNS[table].search(lower) else ():
        if not any(sign in lower for sign in row["signs"]):
            continue
        pattern = re.compile(row["pattern"], FLAGS)
        matches = list(pattern.finditer(text))
        for match in matches:
            start = match.end() - len(match[0].lstrip())
            if row.get("negatable") and NEGATION.search(text, max(0, start - 40), start):
                continue
            words = shortened(" ".join(match[0].split()), 60)
            yield start, row["message"].format(words, *match.groups(""))
        if matches:
            text = blanked(pattern, text)


def blanked(pattern: re.Pattern[str], text: str) -> str:
    """Return a text with spaces in place of each match; every line keeps its number."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
