"""What stands below a header: every link, picture and heading leads somewhere and says what it is.

The words are read by Python-Markdown with the site's own settings, so that the check sees what
the build will write.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

WRITE = "Write [words](address)."
INSTEAD = {
    "script": "The site runs no scripts: take it out.",
    "style": "How things look is the theme's: take it out.",
    "iframe": "Write a link to the page instead: [its name](https://…).",
    "!--": "A comment would be published: take it out.",
    "a": WRITE,
    "img": "Write ![what it shows]({static}/images/name.png).",
    "b": "Write **bold**.",
    "strong": "Write **bold**.",
    "i": "Write *italic*.",
    "em": "Write *italic*.",
    "br": "Delete the tag; an empty line starts a new paragraph.",
    "p": "Delete the tag; an empty line starts a new paragraph.",
    "table": "Write a table with | between its columns.",
}
LITERAL = [
    (re.compile(r"\[\^([^\]]*)\]"), "The footnote [^{0}] has no text. Add a line [^{0}]: …"),
    (
        re.compile(r"(?:\[[^][\n]*)?\]\(([^)\s]*)"),
        "A link is not whole. Write [words](address), on one line.",
    ),
    (
        re.compile(r"\[[^\]]+\]\[([^\]]*)\]"),
        "A link names no address. Write [words](address), on one line.",
    ),
]


class _KeepTree(Treeprocessor):
    """Keep the finished tree where the check can read it."""

    def run(self, root: Element) -> None:
        self.md.tree = root


class _KeepTreeExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_KeepTree(md), "keep_tree", -1)


@dataclass(frozen=True)
class Prose:
    """What the check reads of a text: its HTML, the tree and the raw HTML in it, its lines."""

    html: str
    tree: Element
    raw_html: list[str]
    lines: list[str]
    start: int
    seen: dict[str, int] = field(default_factory=dict)

    def line_of(self, text: str) -> int:
        """Return the line of the next place where `text` stands, or of the body's beginning."""
        first = self.seen.get(text, 0)
        for index in range(first, len(self.lines)):
            if text in self.lines[index]:
                repeated = self.lines[index].count(text) > 1
                self.seen[text] = index if repeated else index + 1
                return self.start + index + 1
        return self.start + self.seen.get(text, 1)

    @property
    def ids(self) -> list[str]:
        """The places in the text that a link can lead to."""
        return [i for e in self.tree.iter() if (i := e.get("id"))]

    @cached_property
    def links(self) -> list[tuple[int, str, str]]:
        """Each link's line, address and words; footnotes' own links are left out."""
        return [
            (self.line_of(f"]({(address := e.get('href', ''))}"), address, "".join(e.itertext()))
            for e in self.tree.iter("a")
            if not e.get("class", "").startswith("footnote")
        ]

    @cached_property
    def pictures(self) -> list[tuple[int, str, str]]:
        """Each picture's line, address and words for those who cannot see it."""
        return [
            (self.line_of(f"]({(source := e.get('src', ''))}"), source, e.get("alt", ""))
            for e in self.tree.iter("img")
        ]


def reader(settings: dict[str, object]) -> Markdown:
    """Return a Markdown reader with the site's settings that keeps the tree it made."""
    extensions = [*settings.get("extensions", []), _KeepTreeExtension()]
    return Markdown(**{**settings, "extensions": extensions})


def parse(md: Markdown, lines: list[str], start: int) -> Prose:
    """Read a body whose first line is the file's line `start` + 1."""
    md.reset()
    md.tree = Element("div")
    html = md.convert("\n".join(lines))
    raw = [block for block in md.htmlStash.rawHtmlBlocks if isinstance(block, str)]
    return Prose(html, md.tree, [block for block in raw if block.startswith("<")], lines, start)


def form(body: Prose, top: int) -> Iterator[tuple[int, str]]:
    """Yield the faults of form: raw HTML, headings, pictures, what Markdown left as it was.

    `top` is the level of the highest heading allowed.
    """
    for block in body.raw_html:
        tag = re.match(r"</?(!--|[a-zA-Z][\w-]*)?", block)
        name = (tag[1] or "").lower() if tag else ""
        hint = INSTEAD.get(
            name, "Delete the tag, or write it in Markdown; the theme does the rest."
        )
        shown = block.split("\n")[0][:40]
        yield body.line_of(block.split("\n")[0]), f"{shown} is HTML. {hint}"
    for number, line in enumerate(body.lines, body.start + 1):
        if re.match(r"\s*[•·▪◦]", line):
            yield (
                number,
                f"{line.strip()[0]} makes no list. Begin the line with a hyphen and a space.",
            )
    level = top - 1
    for element in body.tree.iter():
        if re.fullmatch("h[1-6]", element.tag):
            words = "".join(element.itertext())
            line = body.line_of(words) if words else body.start + 1
            here = int(element.tag[1])
            if here < top:
                yield line, f'"{words}": the title stands in the header. Write ## here.'
            elif here > level + 1:
                yield line, f'"{words}" skips a level. Write {"#" * (level + 1)} here.'
            level = max(here, top)
            if not words.strip():
                yield line, "A heading has no words. Write them after the #."
    for line, source, words in body.pictures:
        if not words.strip():
            yield line, f"{source} has no words for those who cannot see it. Write ![words](…)."
        if not source.startswith("{static}"):
            yield (
                line,
                f"{source} is not a picture of this site's. Put it in content/images/ "
                "and write ![words]({static}/images/name.png).",
            )
    for text in _plain_text(body.tree):
        for pattern, sentence in LITERAL:
            for match in pattern.finditer(text):
                yield body.line_of(match[0]), sentence.format(match[1])


def _plain_text(element: Element) -> Iterator[str]:
    """Yield the text of the tree that is not code."""
    if element.tag not in ("code", "pre"):
        yield element.text or ""
        for child in element:
            yield from _plain_text(child)
            yield child.tail or ""


def address_fault(address: str) -> str | None:
    """Say what is wrong with a link that leads off the site, or is written as no link here is."""
    shown = f"The link to {address}"
    if not address:
        return f"A link leads nowhere. {WRITE}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return f"{shown} is malformed. Write [words](https://…)."
    if re.search(r"[\s<>\"{}|\\^`]", unquote(address)):
        return (
            f"{shown} is malformed. Write %20 for a space; no other sign like that belongs in it."
        )
    if parts.scheme == "http":
        return f"{shown} is not secure. Write https://{address[7:]}"
    if parts.scheme in ("tel", "sms"):
        return "Telephone numbers stand in content/helplines.toml alone. Link to the help page."
    if parts.scheme == "mailto":
        return (
            None
            if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", parts.path)
            else f"{shown} is malformed."
        )
    if parts.scheme == "https":
        good = re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}", host)
        return None if good else f"{shown} is malformed. Write [words](https://…)."
    if parts.scheme:
        return f"{shown} is not allowed. Write an https:// address."
    if address.endswith(".md") or ".md#" in address:
        return f"{shown} would be published as it is. Write {{filename}}/posts/name.md."
    if address.startswith("www."):
        return f"{shown} lacks its beginning. Write https://{address}"
    return (
        f"{shown} breaks when the site moves. "
        "Write {filename}/posts/name.md or {filename}/pages/name.md."
    )
