"""A post or a page: its file, its header, its words, and the problems in it."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from tools.content import text
from tools.content.problem import DataError, Problem

NAME = re.compile(r"(?:([1-9]\d?)-)?([a-z0-9]+(?:-[a-z0-9]+)*)\.md")

# What `invoke new` writes, for the writer to replace.
PLACEHOLDER_SUMMARY = "One sentence about it."
PLACEHOLDER_WORDS = "Write here."
PLACEHOLDERS = (PLACEHOLDER_SUMMARY, PLACEHOLDER_WORDS)


@dataclass
class Document:
    """A post or a page, as far as it could be read.

    `file` is the path as writers see it, `kind` is "post" or "page", and `entries` are the header's
    lines as (line, key, value). `header` is None if it has a problem. `ids` holds the line of each
    heading by its id, `links` the (line, address) of internal links, `cites` the keys of sources.
    `grade` is the US school grade of a part's notes.
    """

    path: Path
    file: str
    kind: str
    part: int | None = None
    slug: str = ""
    entries: list[tuple[int, str, str]] = field(default_factory=list)
    header: SimpleNamespace | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    html: str = ""
    ids: dict[str, int] = field(default_factory=dict)
    links: list[tuple[int, str]] = field(default_factory=list)
    cites: list[str] = field(default_factory=list)
    grade: float | None = None
    readable: bool = True
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, message: str) -> None:
        """Add a problem of this file."""
        self.problems.append(Problem(self.file, max(1, line), message))

    @property
    def header_lines(self) -> dict[str, int]:
        """The line of each key of the header, in lower case."""
        return {key.lower(): line for line, key, _ in reversed(self.entries)}

    @property
    def published(self) -> bool:
        """Whether readers see it; a document whose header cannot be read counts as published."""
        return self.header is None or self.header.status != "draft"

    @property
    def framed(self) -> bool:
        """Whether it is the article's introduction or conclusion, which home alone prints."""
        return self.kind == "page" and self.slug in ("introduction", "conclusion")


def read_text(document: Document, data: bytes | None = None) -> str | None:
    """Return a file's text; add a problem and return None if it is not text, or is empty.

    `data` is the content of the file, if it is read already.
    """
    try:
        content = text.decode(document.path.read_bytes() if data is None else data)
    except DataError as error:
        for line, message in error.problems:
            document.problem(line, message)
        document.readable = False
        return None
    if not content.strip():
        document.problem(1, "The file is empty. Write a header and words, or delete the file.")
        return None
    return content
