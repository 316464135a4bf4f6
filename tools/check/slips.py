"""Find slips of the hand in a text, which no spelling check knows."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from tools.check.pictures import TYPES
from tools.content.body import Body

# Words that English never has twice in a row; "that that" and "had had" are right at times.
DOUBLED = re.compile(
    r"\b(a|an|and|are|as|at|be|by|for|from|is|it|not|of|or|the|their|they|this|to|was|we|with)"
    r"\s+\1\b(?!-)",
    re.IGNORECASE,
)
HEADING = re.compile(r"(#{1,6}) .*\w")
PICTURE_LINK = re.compile(r"\[[^\]\[]+\]\((\{static\}[^)\s]+)\)")


def slips(body: Body, first: int) -> Iterator[tuple[int, str]]:
    """Yield the slips in a body with their lines, from the file's line `first` on."""
    for block in body.blocks:
        if match := DOUBLED.search(block.text) if block.line >= first else None:
            words = " ".join(match[0].split())
            yield block.line_at(match.start()), f'"{words}" has a word twice. Delete one.'
    for line, address, words in body.pictures:
        name = PurePosixPath(unquote(address)).name
        if words.strip() and (words.strip() == name or re.fullmatch(r"[\w-]+\.\w{3,4}", words)):
            message = f"“{words}” is a file's name. Write what the picture shows: ![A …](…)."
            yield line, message
    for line, text in body.prose:
        match = PICTURE_LINK.fullmatch(text.strip())
        if match and PurePosixPath(match[1]).suffix.lower() in TYPES:
            yield (
                line,
                "This links to a picture. To show it, write ! in front: ![What it shows](…).",
            )
    yield from empty_headings(body, first)


def empty_headings(body: Body, first: int) -> Iterator[tuple[int, str]]:
    """Yield each heading that another of its level or above follows, or nothing at all."""
    before: tuple[int, int] | None = None  # the line and level of a heading with nothing yet
    for line, text in body.prose:
        match = HEADING.match(text)
        if before and match and len(match[1]) <= before[1]:
            yield before[0], "Nothing stands under this heading. Write something, or delete it."
        if match and line >= first:
            before = line, len(match[1])
        elif body.source(line).strip():
            before = None
    if before:
        yield before[0], "Nothing stands under this heading. Write something, or delete it."
