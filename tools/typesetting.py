"""What no browser sets, pictures and the PDF: where their lines break, and in which colours."""

import re
from collections.abc import Mapping
from pathlib import Path

Advances = Mapping[str, float]  # how wide each letter of a font is, in em


COLOUR = re.compile(r"--([\w-]+): light-dark\((#\w+), #\w+\)")


class NoLetter(Exception):
    """The font lacks this letter."""


def light_colours(css: str) -> dict[str, str]:
    """Return the colours of a stylesheet's tokens on paper: name to #rrggbb."""
    return dict(COLOUR.findall(css))


def advances(font: Path) -> dict[str, float]:
    """Return the width of each of a font's letters, in em. Kerning is left out."""
    from fontTools.ttLib import TTFont

    with TTFont(font) as file:
        em, widths = file["head"].unitsPerEm, file["hmtx"]
        return {chr(code): widths[glyph][0] / em for code, glyph in file.getBestCmap().items()}


def width(text: str, letters: Advances) -> float:
    """Return how wide a text is, in em; raise NoLetter for a letter that the font lacks."""
    for letter in text:
        if letter not in letters:
            raise NoLetter(letter)
    return sum(letters[letter] for letter in text)


def wrap(text: str, letters: Advances, limit: float) -> list[str]:
    """Break a text at its spaces into lines no wider than `limit`, in em; no word is broken."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", letters) <= limit:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def balance(text: str, letters: Advances, limit: float) -> list[str]:
    """Break a text into no more lines than `wrap` does, as even as they can be."""
    lines = wrap(text, letters, limit)
    for part in range(49, 0, -1):
        narrower = wrap(text, letters, limit * part / 50)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines
