"""Read the Markdown below a header, and keep the line of each block, link and picture.

Python-Markdown reads it with the site's own settings, so that the check sees what the build will
write. Python-Markdown keeps no line numbers: each block is searched for in the source, in order,
and the lines within a block are counted.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE, ETX, HTML_PLACEHOLDER_RE, STX

WRITE = "Write [words](address)."
# Stands in a block's text for code, and for a sign that its writer escaped.
OPAQUE = "\ufffc"
# An address among the words of a link.
ADDRESS = re.compile(r"\S*(?:://|www\.)\S*")
ESCAPED = re.compile(rf"{STX}\d+{ETX}")
BLOCKS = re.compile(
    r"blockquote|d[dlt]|div|h[1-6]|hr|li|ol|p|pre|section|table|t(?:body|head)|t[dhr]|ul"
)


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list item or cell: its tag, its printed words, its first line.

    OPAQUE stands in `text` for code and for an escaped sign.
    """

    tag: str
    text: str
    line: int

    def line_at(self, offset: int) -> int:
        """Return the line of an offset in the text."""
        return self.line + self.text.count("\n", 0, offset)


@dataclass(frozen=True)
class Body:
    """What the check reads of a text: its HTML, what is in it with the line of each, its source.

    `lines` are those below the header, and `start` is the number of lines before them. In each
    pair or triple, the line comes first; `lists` holds (line, first number, number of items) of
    ordered lists, `links` (line, address, words), and `pictures` (line, address, words).
    """

    html: str
    lines: list[str]
    start: int
    ids: dict[str, int]
    blocks: list[Block]
    code: list[tuple[int, str]]
    lists: list[tuple[int, int, int]]
    links: list[tuple[int, str, str]]
    pictures: list[tuple[int, str, str]]
    raw_html: list[tuple[int, str]]
    entities: list[tuple[int, str]]

    def source(self, line: int) -> str:
        """Return a line of the file as it was written."""
        index = line - self.start - 1
        return self.lines[index] if 0 <= index < len(self.lines) else ""

    @property
    def prose(self) -> list[tuple[int, str]]:
        """Every line outside fenced code, with its number; the lines of fenced code are empty."""
        return list(enumerate(without_fences(self.lines), self.start + 1))


def without_fences(lines: list[str]) -> list[str]:
    """Return the lines with those of fenced code left empty."""
    text = FencedBlockPreprocessor.FENCED_BLOCK_RE.sub(
        lambda match: "\n" * match[0].count("\n"), "\n".join(lines)
    )
    return text.split("\n")


class _CountFences(Preprocessor):
    """Count the stashed blocks of HTML that are fenced code, and not a writer's HTML."""

    count = 0

    def run(self, lines: list[str]) -> list[str]:
        self.count = len(self.md.htmlStash.rawHtmlBlocks)
        return lines


class _Call(Treeprocessor):
    """Call a function with the tree, at one step of Python-Markdown's work on it."""

    def __init__(self, md: Markdown, function: Callable[[Element], object]) -> None:
        super().__init__(md)
        self.function = function

    def run(self, root: Element) -> None:
        self.function(root)


@dataclass
class _Places:
    """What is recorded of a tree while Python-Markdown builds it; lines count from 0."""

    source: list[str] = field(default_factory=list)
    starts: dict[Element, int] = field(default_factory=dict)
    lines: dict[Element, int] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    code: list[tuple[int, str]] = field(default_factory=list)
    stashed: dict[int, int] = field(default_factory=dict)
    root: Element = field(default_factory=lambda: Element("div"))


class Reader(Extension):
    """Python-Markdown with the site's settings, which keeps line numbers. One text at a time."""

    def __init__(self, settings: dict[str, Any]) -> None:
        """Take MARKDOWN, the settings that Pelican passes to Python-Markdown."""
        super().__init__()
        self.places = _Places()
        extensions = [*settings.get("extensions", []), self]
        self.md = Markdown(**{**settings, "extensions": extensions})

    def extendMarkdown(self, md: Markdown) -> None:
        """Look at the tree before and after inline patterns are applied."""
        self.fences = _CountFences(md)
        md.preprocessors.register(self.fences, "count_fences", 24)
        md.treeprocessors.register(_Call(md, self._find_blocks), "find_blocks", 30)
        read = _Call(md, lambda root: self._read_block(root, 0))
        md.treeprocessors.register(read, "read_blocks", 16)

    def parse(self, lines: list[str], start: int) -> Body:
        """Read a body whose first line is the file's line `start` + 1."""
        tab = self.md.tab_length
        self.places = _Places(source=[line.expandtabs(tab) for line in without_fences(lines)])
        self.md.reset()
        html = self.md.convert("\n".join(lines))
        places = self.places
        elements = list(places.root.iter())

        def line_of(element: Element) -> int:
            return start + places.lines.get(element, 0) + 1

        stash = [
            (start + places.stashed.get(index, self._find(str(block), 0) or 0) + 1, str(block))
            for index, block in enumerate(self.md.htmlStash.rawHtmlBlocks)
            if index >= self.fences.count
        ]
        return Body(
            html=html,
            lines=lines,
            start=start,
            ids={name: line_of(e) for e in elements if (name := e.get("id"))},
            blocks=[Block(b.tag, b.text, start + b.line + 1) for b in places.blocks],
            code=[(start + line + 1, text) for line, text in places.code],
            lists=[
                (start + self._first_line(e, 0) + 1, int(e.get("start", "1")), len(e))
                for e in elements
                if e.tag == "ol"
            ],
            links=[
                (line_of(e), _readable(e.get("href", "")), _words(e))
                for e in elements
                if e.tag == "a" and not e.get("class", "").startswith("footnote")
            ],
            pictures=[
                (line_of(e), e.get("src", ""), e.get("alt", "")) for e in elements if e.tag == "img"
            ],
            raw_html=[(line, block) for line, block in stash if block.startswith("<")],
            entities=[(line, block) for line, block in stash if block.startswith("&")],
        )

    def _first_line(self, block: Element, default: int) -> int:
        """Return the line of the first words of a block, or else the default."""
        return next(
            (self.places.starts[e] for e in block.iter() if e in self.places.starts), default
        )

    def _find(self, text: str, position: int) -> int | None:
        """Return the first source line from `position` on with a block's first line, or None."""
        first = next((line for line in text.split("\n") if line.strip()), "").strip()
        before, placeholder, _ = first.partition(STX)
        if placeholder and not before.strip():
            match = HTML_PLACEHOLDER_RE.match(first)
            index = int(match[1]) if match else -1
            if not match or index < self.fences.count:
                return None
            stashed = str(self.md.htmlStash.rawHtmlBlocks[index])
            before = next((line for line in stashed.split("\n") if line.strip()), "")
        before, source = before.strip(), self.places.source
        for index in (*range(position, len(source)), *range(position)):
            if before and before in source[index]:
                return index
        return None

    def _find_blocks(self, root: Element) -> None:
        """Record the line in which the text of each block begins."""
        self.places.root = root
        position = row = 0
        for element in root.iter():
            if element.tag == "tr":
                position = max(position, row)
            if not element.text or not element.text.strip():
                continue
            text = element.text
            at = self._find(text, position)
            if at is None:
                self.places.starts[element] = min(position, max(0, len(self.places.source) - 1))
                continue
            before = len(text) - len(text.lstrip("\n"))
            self.places.starts[element] = at - before
            if element.tag in ("td", "th"):
                position, row = at, at + 1
            else:
                position = at + text.strip("\n").count("\n") + 1

    def _read_block(self, block: Element, line: int) -> int:
        """Record the words of a block, and the line of everything in it; return its last line."""
        line = self.places.starts.get(block, line)
        self.places.lines[block] = line
        if block.tag == "pre":
            line = self._first_line(block, line)
            self.places.code.append((line, "".join(block.itertext())))
            return line
        text: list[str] = []
        inner: list[Element] = []
        self._read_inline(block, line, text, inner)
        if (joined := "".join(text)).strip():
            self.places.blocks.append(Block(block.tag, joined, line))
        line += joined.count("\n")
        for child in inner:
            line = self._read_block(child, line)
        return line

    def _read_inline(
        self, element: Element, line: int, text: list[str], inner: list[Element]
    ) -> None:
        """Append the words of a block to `text`, and the blocks within it to `inner`."""

        def add(words: str | None, *, opaque: bool = False) -> None:
            words = words or ""
            first = line + sum(part.count("\n") for part in text)
            for match in HTML_PLACEHOLDER_RE.finditer(words):
                at = first + words.count("\n", 0, match.start())
                self.places.stashed.setdefault(int(match[1]), at)
            plain = ESCAPED.sub(OPAQUE, HTML_PLACEHOLDER_RE.sub(self._stash_text, words))
            if element.tag == "a":
                plain = ADDRESS.sub(lambda match: OPAQUE * len(match[0]), _readable(plain))
            text.append(re.sub(r"[^\n]", OPAQUE, plain) if opaque else plain)

        add(element.text, opaque=element.tag == "code")
        for child in element:
            if BLOCKS.fullmatch(child.tag):
                inner.append(child)
            else:
                self.places.lines[child] = line + sum(part.count("\n") for part in text)
                if child.tag == "br":
                    text.append("\n")
                elif not child.get("class", "").startswith("footnote") and child.tag != "sup":
                    self._read_inline(child, line, text, inner)
            add(child.tail)

    def _stash_text(self, match: re.Match[str]) -> str:
        """Return what stands in a block's words for HTML: OPAQUE, and as many line breaks."""
        index, blocks = int(match[1]), self.md.htmlStash.rawHtmlBlocks
        inside = str(blocks[index]).count("\n") if index < len(blocks) else 0
        return OPAQUE + "\n" * (inside if index >= self.fences.count else 0)


def _readable(text: str) -> str:
    """Return an address or words as written; Python-Markdown encodes the letters of emails."""
    return unescape(text.replace(AMP_SUBSTITUTE, "&")) if AMP_SUBSTITUTE in text else text


def _words(element: Element) -> str:
    """Return the words of a link, and the alternative text of a picture in it."""
    text = _readable(element.text or "") or element.get("alt", "")
    return text + "".join(_words(child) + (child.tail or "") for child in element)
