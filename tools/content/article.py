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
    """A part of the article, or its introduction or conclusion: a title and one paragraph."""

    number: str | None
    title: str
    text: str


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
    (_, title), (_, first), *parts, (_, last) = lines
    passages = [Passage(None, title, first)]
    for (_, heading), (_, paragraph) in zip(parts[::2], parts[1::2], strict=True):
        match = HEADING.match(heading)
        passages.append(Passage(match and match[1], match[2] if match else heading, paragraph))
    return [*passages, Passage(None, "", last)]


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
    (_, _), (number, introduction), *parts = lines
    if is_heading(introduction):
        return number, "The introduction stands before the first heading. Write it there."
    last_number, conclusion = parts[-1]
    numbered = 0
    for place, (number, line) in enumerate(parts[:-1]):
        if place % 2 == 0 and not is_heading(line):
            if len(line) <= HEADING_AT_MOST:
                return (
                    number,
                    f'"{line}" is no heading. Write a colon at its end: {line.rstrip(".")}:',
                )
            return (
                number,
                "A part has one paragraph: join this one to the last, or give it a heading.",
            )
        if place % 2 and is_heading(line):
            return (
                number,
                f'"{parts[place - 1][1]}" has no paragraph. Write it before this heading.',
            )
        if place % 2 == 0 and (match := HEADING.match(line)) and match[1]:
            numbered += 1
            if int(match[1]) != numbered:
                return number, f"This is part {numbered} of the article. Write {numbered}. here."
    if is_heading(conclusion):
        return last_number, f'"{conclusion}" has no paragraph, and the conclusion is missing.'
    if len(parts) % 2 == 0:
        number, heading = parts[-2]
        return number, f'"{heading}" has no paragraph, or the conclusion after it is missing.'
    return None
