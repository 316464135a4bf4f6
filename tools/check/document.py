"""Find every problem within one post or page.

The result depends on the file and the `Rules` alone, so that a cache can keep it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

from tools.check import addresses, markup, notes, telephone
from tools.check.readability import CITATION, blocks, grade, sentences
from tools.check.slips import slips
from tools.check.verbatim import difference
from tools.content import article, body, header
from tools.content.document import NAME, PLACEHOLDERS, Document, read_text
from tools.content.problem import did_you_mean, relative

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
HELP_PAGE = "{filename}/pages/get-help-now.md"
# The addresses of links are not read by anyone; the words of a link to a page of this site are that
# page's title.
ADDRESS = re.compile(r"\]\([^)\s]*[^)]*\)|<https?:[^>]*>")
INTERNAL_LINK = re.compile(r"!?\[[^\]]*\]\(\{\w+\}[^)]*\)")
# Words that say that a text speaks of suicide or self-harm.
IN_CRISIS = re.compile(
    r"""suicid\w* | \bself[- ](?:harm|injur) | overdos\w*
    | \b(?:kill|harm|hurt)\w*\ (?:my|your|him|her|them|one)sel(?:f|ves)\b
    | \b(?:want|wish)\w*\ to\ (?:die|be\ dead)\b | \bbetter\ off\ dead\b
    | (?:\bnot|\w+n['’]t)\ want\w*\ to\ (?:live|be\ alive)\b | \bend\w*\ it\ all\b
    | \b(?:end|tak|took)\w*\ (?:my|your|his|her|their)\ (?:own\ )?li(?:fe|ves)\b""",
    re.IGNORECASE | re.VERBOSE,
)

# Names that were meant to begin with a part's number or with a date. A letter after the number is
# taken for one only as far as c: 3d-printing.md is the name of a post.
MISNAMED = re.compile(
    r"(?:(?P<date>(?:19|20)\d\d-[01]\d(?:-[0-3]\d)?)|(?P<number>0\d+|\d{1,2}(?=[abc]-))[abc]?)-(?=.)"
)

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
    settings: dict[str, Any]
    passages: list[article.Passage] | None
    bibliography: dict[str, SimpleNamespace] | None
    numbers: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        root: Path,
        settings: Mapping[str, Any],
        passages: list[article.Passage] | None,
        bibliography: dict[str, SimpleNamespace] | None,
        numbers: frozenset[str] = frozenset(),
    ) -> Self:
        """Return the rules, with those of the settings that they need."""
        needed = {name: settings[name] for name in SETTINGS}
        return cls(root, needed, passages, bibliography, numbers)

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
        if match and match[1] and document.kind == "page":
            document.problem(1, "Posts belong in content/posts/: move the file there.")
        elif not match:
            stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "a-title"
            document.problem(
                1, f"The file's name becomes its address: write it in small letters, as {stem}.md."
            )
        elif document.kind == "post" and (misnamed := MISNAMED.match(path.stem)):
            rest = path.stem[misnamed.end() :].lstrip("-")
            if misnamed["date"]:
                message = f"A date belongs in the header, as Date: …: rename the file to {rest}.md."
            else:
                number = int(misnamed["number"]) or "7"
                message = (
                    "The file of a part begins with its number, 1 to 99, and a hyphen: "
                    f"{number}-{rest}.md. If this is no part: {rest}.md."
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
        every_line = content.split("\n")
        document.entries, start, no_header = header.split(every_line)
        document.metadata = {key.lower(): value for _, key, value in document.entries}
        if no_header:  # all else can wait until the header can be told from the words
            document.problem(*no_header)
            document.readable = False
            return document
        document.header, wrong = header.read(document.entries, document.kind)
        lines = every_line[start:]
        for line, message in wrong:
            document.problem(line, message)
        if any(re.search(r"\w", line) for line in lines):
            text = self.reader.parse(lines, start)
            markdown(document, text, self.bibliography or {})
            headed = next((i for i, line in enumerate(lines) if line.startswith("##")), len(lines))
            author = headed if document.part else len(lines) if document.framed else 0
            for line, message in slips(text, start + author + 1):
                document.problem(line, message)
        else:
            document.problem(start, "There is a header, and no words. Write them under it.")
        if re.fullmatch(r'"[^"]*"|“[^”]*”', document.metadata.get("title", "")):
            line = document.header_lines["title"]
            document.problem(line, "Title: stands in quotation marks. Write it without them.")
        author_problems(document, self.settings["SERIES_AUTHOR"])
        placeholder_problems(document, lines, start)
        ends = next((i for i, line in enumerate(lines) if line.startswith("##")), len(lines))
        if self.passages:
            author_words(document, lines[:ends], start, self.passages)
        site_words(document, lines, start, ends if document.part else 0)
        if not document.framed:
            first = ends if document.part else 0
            prose = body.without_fences(lines)[first:]
            for line, message in telephone.number_problems(prose, start + first, self.numbers):
                document.problem(line, message)
        if document.part and document.published:
            if document.header and not document.header.summary:
                document.problem(1, "Summary is missing. Add a line to the header: Summary: …")
            caution = document.metadata.get("category") == self.settings["CAUTION_CATEGORY"]
            part_notes(document, lines, start, ends, self.bibliography or {}, caution=caution)
        return document


def markdown(document: Document, text: body.Body, bibliography: dict[str, SimpleNamespace]) -> None:
    """Note problems of form, of citations, and of links that leave the site."""
    document.html, document.ids = text.html, text.ids
    for line, message in markup.form(text, top=2):
        document.problem(line, message)
    names: dict[str, str] = {}
    for line, address, words in text.links:
        if address and not words.strip():
            document.problem(line, f"The link to {address} has no words. {body.WRITE}")
        elif address.startswith("#"):
            document.cites.append(address[1:])
            if bibliography and address[1:] not in {*bibliography, *text.ids}:
                document.problem(
                    line,
                    f"{address} is neither a source in content/sources.bib nor a heading here. "
                    "Cite a source by its key there: ([Name 2018](#name2018))."
                    + did_you_mean(address[1:], [*bibliography, *text.ids]),
                )
            source = bibliography.get(address[1:])
            if source and names.setdefault(source.label, source.key) != source.key:
                document.problem(
                    line,
                    f"{names[source.label]} and {source.key} are both cited as "
                    f'"{source.label}" here. Give one a `shortauthor` in content/sources.bib.',
                )
            if source and not names_source(words, source, by_name=bool(document.part)):
                document.problem(
                    line,
                    f'"{words}" leads to {address[1:]}, which is cited as "{source.label}". '
                    f"Write [{source.label}]({address}), or correct the key.",
                )
        elif address.startswith(("{filename}", "{static}")):
            document.links.append((line, address))
        elif address.startswith(("{", "|")):
            document.problem(line, f"{address} is unknown. Write {{filename}}/… or {{static}}/…")
        elif problem := addresses.address_problem(address):
            document.problem(line, problem)
    document.links += [(line, to) for line, to, _ in text.pictures if to.startswith("{static}")]


def names_source(words: str, source: SimpleNamespace, *, by_name: bool) -> bool:
    """Return whether a citation's words fit the source that it links to.

    If they hold a year, it must be the source's. With `by_name`, as in a part's notes, they must
    also hold the name of its first author or body.
    """
    year, name = YEAR.search(words), source.shortauthor or source.family
    fits = not (year and source.year) or int(year[0]) == source.year
    return fits and (not by_name or name.lower() in words.lower())


def author_words(
    document: Document, lines: list[str], start: int, passages: list[article.Passage]
) -> None:
    """Note the first of the author's words that was changed, dropped or added."""
    if not passages:
        return
    introduction, *parts, conclusion = passages
    if document.part and document.part > len(parts):
        if document.published:
            document.problem(
                1,
                f"The author's article has {len(parts)} parts. If the author wrote this one, "
                "add it to content/article.txt first; if not, take the number off the file's name.",
            )
        return
    if not document.header or not (document.part or document.framed):
        return
    if document.part:
        passage = parts[document.part - 1]
        if difference(passage.title, document.header.title):
            document.problem(
                document.header_lines["title"], f'The author\'s title is "{passage.title}".'
            )
    else:
        passage = introduction if document.slug == "introduction" else conclusion
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if message := difference(passage.text, " ".join(lines)):
        document.problem(start + first + 1, f"The author's words: {message}.")
    written = [number for number, line in enumerate(lines, start + 1) if line.strip()]
    for before, number in pairwise(written):
        if number > before + 1:
            message = "The author wrote one paragraph here: take the empty line out."
            document.problem(before + 1, message)
        elif lines[before - start - 1].endswith("  "):
            message = "The author broke no line here: take the spaces off its end."
            document.problem(before, message)
    for number, line in enumerate(lines, start + 1):
        reported = any(problem.line == number for problem in document.problems)
        if line.expandtabs(4).startswith("    ") and line.strip() and not reported:
            document.problem(number, "Four spaces make code of the author's words: take them away.")


def site_words(document: Document, lines: list[str], start: int, ends: int) -> None:
    """Note forbidden words among the site's, from `lines[ends]` on, and a missing crisis notice."""
    if not document.framed:
        for line, message in notes.word_problems(lines[ends:], start + ends):
            document.problem(line, message)
        for line, key, value in document.entries:
            if key.lower() == "summary" or (key.lower() == "title" and not document.part):
                for _, message in notes.word_problems([value], 0):
                    document.problem(line, message)
        for block in blocks(lines[ends:], start + ends):
            for line, message in notes.repeated_citations(block):
                document.problem(line, message)
    if document.header and not document.header.notice and not document.framed:
        numbered = ((number, in_crisis(line)) for number, line in enumerate(lines, start + 1))
        if first := next(((number, words) for number, words in numbered if words), None):
            document.problem(
                1,
                f'This speaks of suicide ("{first[1]}", line {first[0]}). '
                "Add a line to the header: Notice: crisis",
            )


def in_crisis(line: str) -> str:
    """Return the words in a line that speak of suicide or self-harm; "" if there are none."""
    match = IN_CRISIS.search(ADDRESS.sub("]", INTERNAL_LINK.sub("", line)))
    return match[0] if match else ""


def author_problems(document: Document, series_author: str) -> None:
    """Note an Author in a part, and the article's author in any other text."""
    author = document.metadata.get("author", "")
    if not author:
        return
    line = document.header_lines["author"]
    if document.part or document.framed:
        document.problem(line, f"Author: {series_author} wrote this. Delete the line.")
    elif simplified(author) == simplified(series_author):
        document.problem(
            line,
            f"Author: {author} wrote the parts of the article, and nothing else here. "
            "Write another name, or delete the line.",
        )


def simplified(name: str) -> str:
    """Return a name without article, capitals and punctuation, to compare it with another."""
    return re.sub(r"^(?:an?|the)(?= )|[\W_]", "", name.casefold())


def placeholder_problems(document: Document, lines: list[str], start: int) -> None:
    """Note text that `invoke new` wrote as a placeholder, if the document is published."""
    if not document.published:
        return
    message = "This is what `invoke new` wrote. Write your own words, or delete the line."
    if document.metadata.get("summary") in PLACEHOLDERS:
        document.problem(document.header_lines["summary"], message)
    for number, line in enumerate(lines, start + 1):
        if line.strip() in PLACEHOLDERS:
            document.problem(number, message)


def part_notes(
    document: Document,
    lines: list[str],
    start: int,
    ends: int,
    bibliography: dict[str, SimpleNamespace],
    *,
    caution: bool,
) -> None:
    """Note the problems of a part's notes, and set their US school grade."""
    noted = lines[ends:]
    top = start + ends + 1 if noted else start + 1
    headings = notes.CAUTION_HEADINGS if caution else notes.HEADINGS
    if sum(line.startswith("### ") for line in noted) < 2:
        research, supports, limits = headings
        document.problem(
            top,
            f"A part needs the site's notes: {research}, and under it {supports} and {limits}.",
        )
        return
    texts = [sentence for _, sentence in sentences(noted, start + ends)]
    for line, message in (
        *notes.heading_problems(noted, start + ends, headings),
        *notes.in_short_problems(noted, start + ends, bibliography, caution=caution),
        *notes.item_problems(noted, start + ends),
    ):
        document.problem(line, message)
    for block in blocks(noted, start + ends):
        for line, message in notes.sentence_problems(block, HELP_PAGE):
            document.problem(line, message)
    document.grade = average = grade(texts)
    if average > notes.GRADE_AT_MOST:
        document.problem(
            top,
            f"The notes read at US grade {average:.1f}; {notes.GRADE_AT_MOST:.0f} at the most. "
            "Use shorter words and sentences.",
        )
    cited = {key for text in texts for _, key in CITATION.findall(text)}
    for stance, sentence in (
        ("supports", "The notes cite no source that supports the claim"),
        ("limits", "The notes cite no source that limits the claim"),
    ):
        if bibliography and not any(
            stance in bibliography[key].stance for key in cited if key in bibliography
        ):
            document.problem(
                top, f"{sentence}. Add one whose `stance` in content/sources.bib is {stance}."
            )
