"""Find every problem within one post or page.

The result depends on the file and the `Rules` alone, so that a cache can keep it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tools.check.addresses import address_problem
from tools.check.markup import form
from tools.check.notes import note_problems, repeated_citations
from tools.check.readability import Messages, blocks
from tools.check.slips import slips
from tools.check.telephone import number_problems
from tools.check.verbatim import author_problems
from tools.check.words import crisis_problems, word_problems
from tools.content import article, body, header
from tools.content.document import NAME, PLACEHOLDERS, Document, read_text
from tools.content.problem import did_you_mean, relative

YEAR = re.compile(r"\b(?:19|20)\d\d\b")

# Names that were meant to begin with a part's number or with a date. A letter after the number is
# taken for one only as far as c: 3d-printing.md is the name of a post.
MISNAMED = re.compile(
    r"(?:(?P<date>(?:19|20)\d\d-[01]\d(?:-[0-3]\d)?)|(?P<number>0\d+|\d{1,2}(?=[abc]-))[abc]?)-(?=.)"
)

PLACEHOLDER = "This is what `invoke new` wrote. Write your own words, or delete the line."
# The settings that the rules for a text depend on.
SETTINGS = ["CAUTION_CATEGORY", "MARKDOWN", "SERIES_AUTHOR"]


@dataclass(frozen=True)
class Rules:
    """What every text of a build is checked against.

    A cache keeps the result under the digest of all these fields, and only if they are `complete`.
    So whatever a check depends on must be a field: `settings` holds those named in SETTINGS, and
    no others. `passages` or `bibliography` is None if its file cannot be read. `numbers` holds the
    digits of the helplines' telephone numbers.
    """

    root: Path
    settings: Mapping[str, Any]
    passages: list[article.Passage] | None
    bibliography: dict[str, SimpleNamespace] | None
    numbers: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Keep those of the settings alone that the rules need."""
        object.__setattr__(self, "settings", {name: self.settings[name] for name in SETTINGS})

    @property
    def complete(self) -> bool:
        """Whether every data file could be read."""
        return self.passages is not None and self.bibliography is not None

    @cached_property
    def reader(self) -> body.Reader:
        """The Markdown reader of the check."""
        return body.Reader(self.settings["MARKDOWN"])

    def document(self, path: Path) -> Document:
        """Return a post or page with what its folder and file name say: kind, part, slug."""
        document = Document(path, relative(path, self.root), path.parent.name.removesuffix("s"))
        match = NAME.fullmatch(path.name)
        misnamed = MISNAMED.match(path.stem) if document.kind == "post" else None
        if match and match[1] and document.kind == "page":
            document.problem(1, "Posts belong in content/posts/: move the file there.")
        elif not match:
            stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "a-title"
            document.problem(
                1, f"The file's name becomes its address: write it in small letters, as {stem}.md."
            )
        elif misnamed:
            rest = path.stem[misnamed.end() :].lstrip("-")
            message = f"A date belongs in the header, as Date: …: rename the file to {rest}.md."
            if misnamed["number"]:
                message = (
                    "The file of a part begins with its number, 1 to 99, and a hyphen: "
                    f"{int(misnamed['number']) or 7}-{rest}.md. If this is no part: {rest}.md."
                )
            document.problem(1, message)
        else:
            document.part = int(match[1]) if match[1] else None
            document.slug = match[2]
        return document

    def examine(self, path: Path, data: bytes | None = None) -> Document:
        """Read a post or page and note its problems; `data` is the file, if it is read already."""
        document = self.document(path)
        content = read_text(document, data)
        if content is None:
            return document
        lines = content.split("\n")
        document.entries, start, no_header = header.split(lines)
        document.metadata = {key.lower(): value for _, key, value in document.entries}
        if no_header:  # all else can wait until the header can be told from the words
            document.problem(*no_header)
            document.readable = False
            return document
        document.header, wrong = header.read(document.entries, document.kind)
        for line, message in chain(wrong, self.problems(document, lines[start:], start)):
            document.problem(line, message)
        return document

    def problems(self, document: Document, lines: list[str], start: int) -> Messages:
        """Yield the problems of the words below a header; `start` is the number of lines before."""
        text = self.reader.parse(lines, start)
        document.html, document.ids = text.html, text.ids
        sources, numbered = self.bibliography or {}, list(enumerate(lines, start + 1))
        # The author's words come first: up to the first heading in a part, and all of a frame.
        headed = next((i for i, line in enumerate(lines) if line.startswith("##")), len(lines))
        split = len(lines) if document.framed else headed if document.part else 0
        site = numbered[split:]
        # The title of a part is the author's.
        of_site = {"summary"} if document.part else {"title", "summary"}
        header_words = [(n, value) for n, key, value in document.entries if key.lower() in of_site]
        if not any(re.search(r"\w", line) for line in lines):
            yield start, "There is a header, and no words. Write them under it."
        yield from form(text)
        yield from link_problems(document, text, sources)
        yield from slips(text, start + split + 1)
        yield from header_problems(document, self.settings["SERIES_AUTHOR"])
        if document.published:
            for number, line in [*header_words, *numbered]:
                if line.strip() in PLACEHOLDERS:
                    yield number, PLACEHOLDER
        if self.passages:
            yield from author_problems(document, numbered[:split], self.passages)
        if not document.framed:
            yield from word_problems([*header_words, *site])
            yield from number_problems(text.prose[split:], self.numbers)
            if document.header and not document.header.notice:
                yield from crisis_problems(numbered)
        paragraphs = list(blocks(site)) if document.part or len(document.cites) > 1 else []
        for block in paragraphs:
            yield from repeated_citations(block)
        if document.part and document.published:
            if document.header and not document.header.summary:
                yield 1, "Summary is missing. Add a line to the header: Summary: …"
            caution = document.metadata.get("category") == self.settings["CAUTION_CATEGORY"]
            yield from note_problems(document, site, paragraphs, sources, caution=caution)


def link_problems(
    document: Document, text: body.Body, sources: dict[str, SimpleNamespace]
) -> Messages:
    """Yield the problems of citations and of links that leave the site; note all others."""
    names: dict[str, str] = {}
    for line, address, words in text.links:
        key, source = address[1:], sources.get(address[1:])
        if address and not words.strip():
            yield line, f"The link to {address} has no words. {body.WRITE}"
        elif address.startswith("#"):
            document.cites.append(key)
            if sources and not source and key not in text.ids:
                yield (
                    line,
                    f"{address} is neither a source in content/sources.bib nor a heading here. "
                    "Cite a source by its key there: ([Name 2018](#name2018))."
                    + did_you_mean(key, [*sources, *text.ids]),
                )
            if source and names.setdefault(source.label, key) != key:
                yield (
                    line,
                    f"{names[source.label]} and {key} are both cited as "
                    f'"{source.label}" here. Give one a `shortauthor` in content/sources.bib.',
                )
            if source and not names_source(words, source, by_name=bool(document.part)):
                yield (
                    line,
                    f'"{words}" leads to {key}, which is cited as "{source.label}". '
                    f"Write [{source.label}]({address}), or correct the key.",
                )
        elif address.startswith(("{filename}", "{static}")):
            document.links.append((line, address))
        elif address.startswith(("{", "|")):
            yield line, f"{address} is unknown. Write {{filename}}/… or {{static}}/…"
        elif problem := address_problem(address):
            yield line, problem
    document.links += [(line, to) for line, to, _ in text.pictures if to.startswith("{static}")]


def names_source(words: str, source: SimpleNamespace, *, by_name: bool) -> bool:
    """Return whether a citation's words fit the source that it links to.

    If they hold a year, it must be the source's. With `by_name`, as in a part's notes, they must
    also hold the name of its first author or body.
    """
    year, name = YEAR.search(words), source.shortauthor or source.family
    fits = not (year and source.year) or int(year[0]) == source.year
    return fits and (not by_name or name.lower() in words.lower())


def header_problems(document: Document, series_author: str) -> Messages:
    """Yield a problem for a title in quotation marks, and for an Author in the wrong place."""
    if re.fullmatch(r'"[^"]*"|“[^”]*”', document.metadata.get("title", "")):
        line = document.header_lines["title"]
        yield line, "Title: stands in quotation marks. Write it without them."
    if not (author := document.metadata.get("author")):
        return
    line = document.header_lines["author"]
    if document.part or document.framed:
        yield line, f"Author: {series_author} wrote this. Delete the line."
    elif simplified(author) == simplified(series_author):
        yield (
            line,
            f"Author: {author} wrote the parts of the article, and nothing else here. "
            "Write another name, or delete the line.",
        )


def simplified(name: str) -> str:
    """Return a name without article, capitals and punctuation, to compare it with another."""
    return re.sub(r"^(?:an?|the)(?= )|[\W_]", "", name.casefold())
