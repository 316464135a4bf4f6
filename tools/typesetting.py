"""Break lines and name colours, for what no browser lays out: pictures, and the PDF."""

import re
from collections.abc import Mapping
from pathlib import Path

Advances = Mapping[str, float]  # the advance width of each letter of a font, in em
COLOUR = re.compile(r"--([\w-]+): light-dark\((#\w+), #\w+\)")


class NoLetter(Exception):
    """The font lacks this letter."""


def light_colours(css: str) -> dict[str, str]:
    """Return a stylesheet's colours in the light scheme: the name of each token, and #rrggbb."""
    return dict(COLOUR.findall(css))


def advances(font: Path) -> dict[str, float]:
    """Return the advance width of each letter of a font, in em, without kerning."""
    from fontTools.ttLib import TTFont

    with TTFont(font) as file:
        em, widths = file["head"].unitsPerEm, file["hmtx"]
        return {chr(code): widths[glyph][0] / em for code, glyph in file.getBestCmap().items()}


def width(text: str, letters: Advances) -> float:
    """Return the width of a text, in em; raise NoLetter for a letter that the font lacks."""
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
    """Break a text into as few lines as `wrap` does, but as even as possible."""
    lines = wrap(text, letters, limit)
    for part in range(49, 0, -1):
        narrower = wrap(text, letters, limit * part / 50)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines
