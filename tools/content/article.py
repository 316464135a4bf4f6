"""The author's words are published word for word.

The article as its author wrote it is kept in content/article.txt; typographic quotes, dashes and
no-break spaces are the only differences allowed.
"""

import re
from dataclasses import dataclass

HEADING = re.compile(r"(?:(\d)\. )?(.+):$")


@dataclass(frozen=True)
class Passage:
    """A part of the article, or its introduction or conclusion: a title and one paragraph."""

    number: str | None
    title: str
    text: str


def passages(article: str) -> list[Passage]:
    """Take the article apart: its introduction, its parts in order, its conclusion.

    The introduction carries the article's own title, the conclusion none.
    """
    title, first, *rest = [line.strip(" •") for line in article.splitlines() if line.strip()]
    *parts, last = rest
    found = [Passage(None, title, first)]
    for heading, text in zip(parts[::2], parts[1::2], strict=True):
        match = HEADING.match(heading)
        if not match:
            raise ValueError(f"not a heading of the article: {heading}")
        found.append(Passage(match[1], match[2], text))
    return [*found, Passage(None, "", last)]
