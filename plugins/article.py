"""The author's words are published word for word.

The article as its author wrote it is kept in tests/article.txt; typographic quotes, dashes and
no-break spaces are the only differences allowed.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

ARTICLE = Path(__file__).parent.parent / "tests" / "article.txt"
HEADING = re.compile(r"(?:(\d)\. )?(.+):$")
PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


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


def tokens(text: str) -> list[str]:
    """Return the words with their punctuation, whatever quotes, dashes and spaces they wear."""
    return text.translate(PLAIN).split()


def difference(expected: str, published: str) -> str | None:
    """Say which of the author's words was first changed, dropped or added; None if none was."""
    theirs, ours = tokens(expected), tokens(published)
    for kind, a, b, c, d in SequenceMatcher(a=theirs, b=ours, autojunk=False).get_opcodes():
        was, now = " ".join(theirs[a:b]), " ".join(ours[c:d])
        before = " ".join(theirs[max(0, a - 3) : a]) or "the beginning"
        if kind == "replace":
            return f'the author wrote "{was}" after "{before}", here stands "{now}"'
        if kind == "delete":
            return f'the author\'s "{was}" after "{before}" is missing'
        if kind == "insert":
            return f'"{now}" after "{before}" is not the author\'s'
    return None
