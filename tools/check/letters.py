"""Check that the fonts of the PDF and the pictures have every letter printed in them.

A browser takes a missing letter from the reader's fonts; a PDF or a picture shows a box instead.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tools.content.document import Document
from tools.content.problem import Problem, relative

# The fields of sources.bib that are printed.
PRINTED = ["author", "shortauthor", "title", "journal", "howpublished", "note", "pages", "compared",
           "measured"]  # fmt: skip
HYPHENS = {"\u2010", "\u2011"}


def letters(theme: Path) -> set[str]:
    """Return the letters that all the theme's print fonts have; `invoke fonts` lists them."""
    text = (theme / "print-fonts" / "letters.txt").read_text(encoding="utf-8")
    known = set("\n\t")
    for first, last in re.findall(r"([0-9A-F]+)(?:-([0-9A-F]+))?", text):
        known.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return known


def lacking(text: str, known: set[str]) -> str:
    """Return a message if the fonts lack a letter of a text; "" if they have them all."""
    signs = sorted({*text} - known, key=text.index)
    if not signs:
        return ""
    names = ", ".join(f"“{sign}” (U+{ord(sign):04X})" for sign in signs)
    remedy = "Type an ordinary hyphen" if {*signs} <= HYPHENS else "Write it in words"
    return f"The site's fonts lack {names}: the PDF and pictures would lose it. {remedy}."


def letter_problems(
    documents: Iterable[Document],
    bibliography: dict[str, SimpleNamespace],
    settings: dict[str, Any],
    root: Path,
) -> Iterator[Problem]:
    """Yield a problem for each line with a sign that the fonts lack.

    Pictures show every title. The PDF holds the author's article with its notes, the pages in
    WHAT_NEXT, the sources and the helplines.
    """
    content, known = Path(settings["PATH"]), letters(Path(settings["THEME"]))
    helplines, bib = content / "helplines.toml", content / "sources.bib"
    places: list[tuple[str, int, str]] = []
    for document in documents:
        if not document.header:
            continue  # its own problem comes first, and may be the same sign
        lines = [(line, value) for line, key, value in document.entries if key.lower() == "title"]
        if document.part or document.framed or document.slug in settings["WHAT_NEXT"]:
            text = document.path.read_text(encoding="utf-8-sig")
            lines = list(enumerate(text.split("\n"), 1))
        places += [(document.file, line, text) for line, text in lines]
    if helplines.is_file():
        text = helplines.read_text(encoding="utf-8-sig", errors="replace")
        name = relative(helplines, root)
        rows = enumerate(text.split("\n"), 1)
        places += [(name, line, row.partition("#")[0]) for line, row in rows]
    for file, line, text in places:
        if message := lacking(text, known):
            yield Problem(file, line, message)
    for key, source in bibliography.items():
        for field in PRINTED:
            value = getattr(source, "name" if field == "author" else field, None)
            if message := lacking(value or "", known):
                yield Problem(relative(bib, root), source.lines[field], f"{key}: {message}")
