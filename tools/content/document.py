"""A post or a page, as far as it can be read: where it is, its header, its words."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from unicodedata import category as unicode_category

from tools.content.problem import Problem

BYTES_AT_MOST = 1_000_000


NAME = re.compile(r"(?:([1-9]\d?)-)?([a-z0-9]+(?:-[a-z0-9]+)*)\.md")


@dataclass
class Document:
    """A post or a page, as far as it could be read."""

    path: Path
    file: str
    kind: str
    part: int | None = None
    slug: str = ""
    entries: list[tuple[int, str, str]] = field(default_factory=list)
    header: SimpleNamespace | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    html: str = ""
    ids: list[str] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)
    cites: list[str] = field(default_factory=list)
    grade: float | None = None
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, message: str) -> None:
        """Note a fault of this file."""
        self.problems.append(Problem(self.file, max(1, line), message))

    @property
    def header_lines(self) -> dict[str, int]:
        """The line of each of the header's keys, written small."""
        return {key.lower(): line for line, key, _ in reversed(self.entries)}

    @property
    def published(self) -> bool:
        """Whether readers see it; a header that cannot be read is no draft."""
        return self.header is None or self.header.status != "draft"

    @property
    def framed(self) -> bool:
        """Whether it is the article's introduction or conclusion, which home alone prints."""
        return self.kind == "page" and self.slug in ("introduction", "conclusion")


def read_text(document: Document, data: bytes | None = None) -> str | None:
    """Return a file's text, or None with a fault where it is no text that a page can hold."""
    if data is None:
        data = document.path.read_bytes()
    if len(data) > BYTES_AT_MOST:
        document.problem(
            1,
            f"The file has {len(data) / 1e6:.1f} MB; a post has 1 MB at the most. "
            "Put pictures in content/images/ and link to long documents.",
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        document.problem(
            line,
            "This line is not UTF-8 text. Save the file with the encoding UTF-8 in the editor.",
        )
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    hidden = [
        text.index(sign)
        for sign in set(text)
        if unicode_category(sign) in ("Cc", "Cf") and sign not in "\t\n"
    ]
    if hidden:
        line = text.count("\n", 0, min(hidden)) + 1
        sign = ord(text[min(hidden)])
        document.problem(line, f"An invisible sign (U+{sign:04X}) stands here: delete it.")
        return None
    if not text.strip():
        document.problem(1, "The file is empty. Write a header and words, or delete the file.")
        return None
    return text
