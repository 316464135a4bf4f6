"""A Markdown extension for tables that are aligned by classes, in boxes that can scroll.

It replaces Python-Markdown's `tables`, whose style attributes the pages' policy forbids. `|--:|`
gives the cells of a column the class `right`, `|:-:|` gives `center`, and `|:--|` gives `left`. A
box that scrolls must be reachable by the keyboard, and so it has a name.
"""

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor

SCROLLS = {"class": "table", "role": "group", "aria-label": "Table", "tabindex": "0"}


class _AlignByClass(Treeprocessor):
    def run(self, root: Element) -> None:
        for cell in root.iter():
            if cell.tag in ("th", "td") and (side := cell.attrib.pop("align", "")):
                cell.set("class", side)


class _Wrap(Treeprocessor):
    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for place, table in enumerate(parent):
                if table.tag == "table":
                    box = Element("div", SCROLLS)
                    box.append(table)
                    box.tail, table.tail = table.tail, "\n"
                    parent[place] = box


class Tables(TableExtension):
    """Python-Markdown's tables, with classes, each in a box of its own."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Add this to a Markdown reader."""
        self.setConfig("use_align_attribute", True)
        super().extendMarkdown(md)
        md.treeprocessors.register(_AlignByClass(md), "align_by_class", 0)
        md.treeprocessors.register(_Wrap(md), "wrap_tables", 0)


def makeExtension(**config: object) -> Tables:
    """Return the extension, as Python-Markdown asks for it by the module's name."""
    return Tables(**config)
