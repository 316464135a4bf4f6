"""What stands below a header: every link, picture and heading leads somewhere and says what it is.

The words are read by Python-Markdown with the site's own settings, so that the check sees what
the build will write.
"""

from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

WRITE = "Write [words](address)."


class _KeepTree(Treeprocessor):
    """Keep the finished tree where the check can read it."""

    def run(self, root: Element) -> None:
        self.md.tree = root


class _KeepTreeExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_KeepTree(md), "keep_tree", -1)


@dataclass(frozen=True)
class Body:
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


def parse(md: Markdown, lines: list[str], start: int) -> Body:
    """Read a body whose first line is the file's line `start` + 1."""
    md.reset()
    md.tree = Element("div")
    html = md.convert("\n".join(lines))
    raw = [block for block in md.htmlStash.rawHtmlBlocks if isinstance(block, str)]
    return Body(html, md.tree, [block for block in raw if block.startswith("<")], lines, start)
