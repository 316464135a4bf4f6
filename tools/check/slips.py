"""Find slips of the hand in a text, which no spelling check knows."""

import re
from itertools import pairwise
from pathlib import PurePosixPath
from urllib.parse import unquote

from tools.check.patterns import PATTERNS
from tools.check.pictures import TYPES
from tools.check.readability import Messages
from tools.content.body import Body

NEVER_TWICE = set(PATTERNS["slips"]["never_twice"].split())
DOUBLED = re.compile(r"\b(\w{1,5})\s+\1\b(?!-)", re.IGNORECASE)
HEADING = re.compile(r"#{1,6}(?= .*\w)")
PICTURE_LINK = re.compile(r"\[[^\]\[]+\]\((\{static\}[^)\s]+)\)")


def slips(body: Body, first: int) -> Messages:
    """Yield the slips in a body with their lines, from the file's line `first` on."""
    for block in body.blocks:
        for match in DOUBLED.finditer(block.text) if block.line >= first else ():
            if match[1].lower() in NEVER_TWICE:
                words = " ".join(match[0].split())
                yield block.line_at(match.start()), f'"{words}" has a word twice. Delete one.'
    for line, address, words in body.pictures:
        name = PurePosixPath(unquote(address)).name
        if words.strip() and (words.strip() == name or re.fullmatch(r"[\w-]+\.\w{3,4}", words)):
            message = f"“{words}” is a file's name. Write what the picture shows: ![A …](…)."
            yield line, message
    for line, address, _ in body.links:
        picture = PurePosixPath(address).suffix.lower() in TYPES
        if picture and PICTURE_LINK.fullmatch(body.source(line).strip()):
            yield (
                line,
                "This links to a picture. To show it, write ! in front: ![What it shows](…).",
            )
    # The lines of code are empty in the prose, and stand under a heading all the same.
    headings = [(n, HEADING.match(text)) for n, text in body.prose if body.source(n).strip()]
    levels = [(line, len(match[0]) if match else 0) for line, match in headings]
    for (line, level), (_, following) in pairwise([*levels, (0, 1)]):
        if line >= first and 0 < following <= level:
            yield line, "Nothing stands under this heading. Write something, or delete it."
