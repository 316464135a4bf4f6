"""Every fault that one post or page holds by itself: file, line, sentence.

Whatever is found here depends on the file and the `Rules` alone, so that a text that did not
change need not be examined again.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unicodedata import category as unicode_category

from markdown import Markdown

from plugins import article, headers, notes, prose
from plugins.faults import Fault, did_you_mean, named

BYTES_AT_MOST = 1_000_000
NAME = re.compile(r"(?:([1-9]\d?)-)?([a-z0-9]+(?:-[a-z0-9]+)*)\.md")
HELP_PAGE = "{filename}/pages/get-help-now.md"
# Words after which a reader may need help at once.
IN_CRISIS = re.compile(
    r"""suicid | self-harm | overdos
    | \b(?:kill|harm|hurt)\w*\ (?:my|your|him|her|them|one)sel(?:f|ves)\b
    | \b(?:want|wish)\w*\ to\ die\b
    | \b(?:end|tak|took)\w*\ (?:my|your|his|her|their)\ (?:own\ )?li(?:fe|ves)\b""",
    re.IGNORECASE | re.VERBOSE,
)


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
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, message: str) -> None:
        """Note a fault of this file."""
        self.faults.append(Fault(self.file, max(1, line), message))

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


@dataclass
class Rules:
    """What every text is judged by, besides its own words: the same for a whole build."""

    root: Path
    settings: dict[str, Any]
    bibliography: dict[str, SimpleNamespace]

    @cached_property
    def md(self) -> Markdown:
        """The Markdown reader of the check."""
        return prose.reader(self.settings["MARKDOWN"])

    @cached_property
    def passages(self) -> list[article.Passage]:
        """The author's article."""
        return article.passages(article.ARTICLE.read_text(encoding="utf-8"))

    def document(self, path: Path) -> Document:
        """Return what a post's or page's place and name say of it."""
        document = Document(path, named(path, self.root), path.parent.name.removesuffix("s"))
        match = NAME.fullmatch(path.name)
        if not match or (document.kind == "page" and match[1]):
            stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "a-title"
            document.fault(
                1, f"The file's name becomes its address: write it in small letters, as {stem}.md."
            )
        else:
            document.part = int(match[1]) if match[1] else None
            document.slug = match[2]
        return document

    def examine(self, path: Path) -> Document:
        """Read a post or page, and note what is wrong in it alone."""
        document = self.document(path)
        text = read_text(document)
        if text is None:
            return document
        every_line = text.split("\n")
        document.entries, start, form = headers.split(every_line)
        document.header, wrong = headers.read(document.entries, document.kind)
        document.metadata = {key.lower(): value for _, key, value in document.entries}
        lines = every_line[start:]
        for line, message in [*form, *wrong]:
            document.fault(line, message)
        if any(re.search(r"\w", line) for line in lines):
            markdown(document, prose.parse(self.md, lines, start), self.bibliography)
        else:
            document.fault(start, "There is a header, and no words. Write them under it.")
        ends = next((i for i, line in enumerate(lines) if line.startswith("##")), len(lines))
        author_words(document, lines[:ends], start, self.passages)
        site_words(document, lines, start, ends if document.part else 0)
        if document.part and document.published:
            if document.header and not document.header.summary:
                document.fault(1, "Summary is missing. Add a line to the header: Summary: …")
            caution = document.metadata.get("category") == self.settings["CAUTION_CATEGORY"]
            part_notes(document, lines, start, ends, self.bibliography, caution=caution)
        return document


def read_text(document: Document) -> str | None:
    """Return a file's text, or None with a fault where it is no text that a page can hold."""
    data = document.path.read_bytes()
    if len(data) > BYTES_AT_MOST:
        document.fault(
            1,
            f"The file has {len(data) / 1e6:.1f} MB; a post has 1 MB at the most. "
            "Put pictures in content/images/ and link to long documents.",
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        document.fault(
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
        document.fault(line, f"An invisible sign (U+{sign:04X}) stands here: delete it.")
        return None
    if not text.strip():
        document.fault(1, "The file is empty. Write a header and words, or delete the file.")
        return None
    return text


def markdown(
    document: Document, body: prose.Prose, bibliography: dict[str, SimpleNamespace]
) -> None:
    """Note what is wrong in the form of a text, and in each link that leads off the site."""
    document.html, document.ids = body.html, body.ids
    for line, message in prose.form(body, top=2):
        document.fault(line, message)
    for line, address, words in body.links:
        if address and not words.strip():
            document.fault(line, f"The link to {address} has no words. {prose.WRITE}")
        elif address.startswith("#"):
            document.cites.append(address[1:])
            if bibliography and address[1:] not in {*bibliography, *body.ids}:
                document.fault(
                    line,
                    f"{address} is neither a source in content/sources.bib nor a heading here. "
                    "Cite a source by its key there: ([Name 2018](#name2018))."
                    + did_you_mean(address[1:], [*bibliography, *body.ids]),
                )
            source = bibliography.get(address[1:])
            if source and words != source.label:
                document.fault(
                    line,
                    f'"{words}" leads to {address[1:]}, which is cited as "{source.label}". '
                    f"Write [{source.label}]({address}), or correct the key.",
                )
        elif address.startswith(("{filename}", "{static}")):
            document.links.append((line, address))
        elif address.startswith(("{", "|")):
            document.fault(line, f"{address} is unknown. Write {{filename}}/… or {{static}}/…")
        elif said := prose.address_fault(address):
            document.fault(line, said)
    document.links += [(line, to) for line, to, _ in body.pictures if to.startswith("{static}")]


def author_words(
    document: Document, lines: list[str], start: int, passages: list[article.Passage]
) -> None:
    """Note the first of the author's words that was changed, dropped or added."""
    introduction, *parts, conclusion = passages
    if document.part and document.part > len(parts):
        if document.published:
            document.fault(
                1,
                f"The author's article has {len(parts)} parts. If the author wrote this one, "
                "add it to tests/article.txt first; if not, take the number off the file's name.",
            )
        return
    if not document.header or not (document.part or document.framed):
        return
    if document.part:
        passage = parts[document.part - 1]
        if article.difference(passage.title, document.header.title):
            document.fault(
                document.header_lines["title"], f'The author\'s title is "{passage.title}".'
            )
    else:
        passage = introduction if document.slug == "introduction" else conclusion
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if said := article.difference(passage.text, " ".join(lines)):
        document.fault(start + first + 1, f"The author's words: {said}.")


def site_words(document: Document, lines: list[str], start: int, ends: int) -> None:
    """Note what the site's words, from `lines[ends]` on, may not say, and a missing notice."""
    if not document.framed:
        for line, message in notes.word_faults(lines[ends:], start + ends):
            document.fault(line, message)
        for block in notes.blocks(lines[ends:], start + ends):
            for line, message in notes.repeated_citations(block):
                document.fault(line, message)
    if (
        document.header
        and document.kind == "post"
        and not document.header.notice
        and any(IN_CRISIS.search(line) for line in lines)
    ):
        document.fault(1, "This speaks of suicide. Add a line to the header: Notice: crisis")


def part_notes(
    document: Document,
    lines: list[str],
    start: int,
    ends: int,
    bibliography: dict[str, SimpleNamespace],
    *,
    caution: bool,
) -> None:
    """Note the faults of a part's notes, and their US grade."""
    noted = lines[ends:]
    top = start + ends + 1 if noted else start + 1
    headings = notes.CAUTION_HEADINGS if caution else notes.HEADINGS
    if sum(line.startswith("### ") for line in noted) < 2:
        research, supports, limits = headings
        document.fault(
            top,
            f"A part needs the site's notes: {research}, and under it {supports} and {limits}.",
        )
        return
    found = list(notes.sentences(noted, start + ends))
    for line, message in (
        *notes.heading_faults(noted, start + ends, headings),
        *notes.in_short_faults(noted, start + ends, bibliography, caution=caution),
        *notes.item_faults(noted, start + ends),
    ):
        document.fault(line, message)
    for block in notes.blocks(noted, start + ends):
        for line, message in notes.sentence_faults(block, HELP_PAGE):
            document.fault(line, message)
    document.grade = average = notes.grade([sentence for _, sentence in found])
    if average > notes.GRADE_AT_MOST:
        document.fault(
            top,
            f"The notes read at US grade {average:.1f}; {notes.GRADE_AT_MOST:.0f} at the most. "
            "Use shorter words and sentences.",
        )
    cited = {key for _, sentence in found for _, key in notes.CITATION.findall(sentence)}
    for stance, sentence in (
        ("supports", "The notes cite no source that supports the claim"),
        ("limits", "The notes cite no source that limits the claim"),
    ):
        if bibliography and not any(
            stance in bibliography[key].stance for key in cited if key in bibliography
        ):
            document.fault(
                top, f"{sentence}. Add one whose `stance` in content/sources.bib is {stance}."
            )
