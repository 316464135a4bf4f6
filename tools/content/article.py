"""Read the author's article as its author wrote it: content/article.txt.

Its title, then an introduction of one paragraph, then each part: a heading that ends with a colon,
and one paragraph; last, a conclusion of one paragraph. Each stands on one line. A part with a
number is one of the series; its number is that of its post.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tools.content import text
from tools.content.problem import DataError

NAME = "article.txt"
HEADING = re.compile(r"(?:(\d{1,2})\. )?(.+):$")
HEADING_AT_MOST = 100  # characters: what is longer is a paragraph


@dataclass(frozen=True)
class Passage:
    """A part of the article, or its introduction or conclusion: a title and one paragraph.

    `line` is that of the file in which the heading stands, or the paragraph if it has none.
    """

    number: str | None
    title: str
    text: str
    line: int


def read(path: Path) -> list[Passage]:
    """Return the passages of a file; raise DataError or OSError."""
    return passages(text.read(path))


def passages(article: str) -> list[Passage]:
    """Return the article's introduction, its parts in order, and its conclusion.

    The introduction has the article's title, and the conclusion has none. Raise DataError with the
    first mistake and its line.
    """
    lines = [
        (number, line.strip(" \t•"))
        for number, line in enumerate(article.split("\n"), 1)
        if line.strip()
    ]
    if problem := form_problem(lines):
        raise DataError([problem])
    (line, title), (_, first), *parts, (end, last) = lines
    passages = [Passage(None, title, first, line)]
    for (line, heading), (_, paragraph) in zip(parts[::2], parts[1::2], strict=True):
        match = HEADING.match(heading)
        number, title = (match[1], match[2]) if match else (None, heading)
        passages.append(Passage(number, title, paragraph, line))
    return [*passages, Passage(None, "", last, end)]


def is_heading(line: str) -> bool:
    """Return whether a line is a part's heading."""
    return bool(HEADING.match(line)) and len(line) <= HEADING_AT_MOST


def form_problem(lines: list[tuple[int, str]]) -> tuple[int, str] | None:
    """Return the line of the first mistake in the article's form and a message, or None."""
    for (before, _), (number, _) in pairwise(lines):
        if number == before + 1:
            return number, (
                "A paragraph stands on one line, with an empty line before it: "
                "join this line to the last, or put an empty line between them."
            )
    if len(lines) < 3:
        return 1, "The article is not whole. Take the last one back from git."
    # After the title and the introduction, a heading and a paragraph in turn; then the conclusion.
    parts = 0
    for place, ((_, last), (number, line)) in enumerate(pairwise(lines[:-1])):
        heading = HEADING.match(line) if is_heading(line) else None
        heading_due = place % 2 == 1
        if heading and not heading_due:
            empty = f'"{last}"' if place else "The introduction"
            return number, f"{empty} has no paragraph. Write it before this heading."
        if heading_due and not heading:
            if len(line) <= HEADING_AT_MOST:
                message = f"is no heading. Write a colon at its end: {line.rstrip('.')}:"
                return number, f'"{line}" {message}'
            message = "A part has one paragraph: join this one to the last, or give it a heading."
            return number, message
        if heading and heading[1]:
            parts += 1
            if int(heading[1]) != parts:
                return number, f"This is part {parts} of the article. Write {parts}. here."
    for number, line in (lines[-1], lines[-2]):
        if is_heading(line):
            return number, f'"{line}" has no paragraph, or the conclusion after it is missing.'
    return None
