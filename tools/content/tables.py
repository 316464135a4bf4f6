"""Tables whose columns are aligned by a class: the pages' policy forbids a style in an attribute.

A Markdown extension in place of Python-Markdown's `tables`. `|--:|` gives its column's cells the
class `right`, `|:-:|` gives `center`, `|:--|` gives `left`.
"""

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor


class _AlignByClass(Treeprocessor):
    def run(self, root: Element) -> None:
        for cell in root.iter():
            if cell.tag in ("th", "td") and (side := cell.attrib.pop("align", "")):
                cell.set("class", side)


class Tables(TableExtension):
    """Python-Markdown's tables, with classes."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Add this to a Markdown reader."""
        self.setConfig("use_align_attribute", True)
        super().extendMarkdown(md)
        md.treeprocessors.register(_AlignByClass(md), "align_by_class", 0)


def makeExtension(**config: object) -> Tables:
    """Return the extension, as Python-Markdown asks for it by the module's name."""
    return Tables(**config)
