"""The form of a text: no HTML, no skipped heading, nothing that Markdown leaves as it was."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tools.content.body import WRITE, Body

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


def form(body: Body, top: int) -> Iterator[tuple[int, str]]:
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
