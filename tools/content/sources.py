"""Read content/sources.bib: BibTeX, with this project's own fields in each entry."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
from pybtex.scanner import PrematureEOF, PybtexSyntaxError
from pybtex.utils import CaseInsensitiveDict

from tools.content import text
from tools.content.authors import OTHERS, read_authors
from tools.content.fields import (
    Key,
    choice,
    read_https,
    read_past_date,
    read_values,
    today,
)
from tools.content.latex import plain_words, unescape_address
from tools.content.problem import GAP, DataError, did_you_mean, gap_message

# What a study can have found, and how the pages say so, after the name of a treatment too.
FINDINGS = {
    "benefit": "found a benefit",
    "as well as another treatment": "did as well as another treatment",
    "no clear difference": "found no clear difference",
    "worse than the comparison": "did worse than the comparison",
    "no comparison group": "had nothing to compare with",
}
COLUMN = 12  # people
BLOCK = 20  # columns: a large study is drawn in several blocks, which can wrap onto further lines

DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
# What Zotero stores in `note` for its own use.
MACHINE_NOTE = re.compile(
    r"\s*(?:PMID|PMCID|Publisher|Place|Number|Section|_?eprint|Citation Key|ISBN|tex\.\w+)\s*:",
    re.IGNORECASE,
)


def read_prose(value: str) -> str:
    """Return plain words with typographic apostrophes."""
    return re.sub(r"(?<=\w)'", "’", plain_words(value))


def read_title(value: str) -> str:
    """Return a title without the full stop that PubMed adds; raise ValueError if retracted."""
    if re.match(r"\W*(?:retracted|withdrawn)\b[^:]*:", value, re.IGNORECASE):
        raise ValueError("says that the paper was retracted: it shows nothing. Cite another.")
    return re.sub(r"(?<=[\w)\]])\.$", "", read_prose(value))


def read_fact(value: str) -> str:
    """Return plain words; raise ValueError for those that only say that something is unknown."""
    if gap := GAP.search(value):
        raise ValueError(gap_message(gap[0]))
    return read_prose(value)


def read_year(value: str) -> int:
    """Read a year: 2019, or that of biblatex's date, 2019-03-04."""
    match = re.fullmatch(r"((?:19|20)\d\d)(?:[-/].*)?", value.strip("{} "))
    if not match or int(match[1]) > today().year + 1:
        raise ValueError(f"{value} is no year. Write it as 2019.")
    return int(match[1])


def read_pages(value: str) -> str:
    """Return pages, with an en dash in a range."""
    return plain_words(re.sub(r"(?<=\w)\s*(?:-{1,2}|–|—)\s*(?=\w)", "–", value))


def read_doi(value: str) -> str:
    """Return a DOI, without the https://doi.org/ that it is often written with."""
    doi = DOI_PREFIX.sub("", unescape_address(value)).rstrip(".,;")
    if not re.fullmatch(r"10\.\d{4,9}(?:\.\d+)*/\S+", doi):
        raise ValueError(f"{value} is no DOI. Write it as 10.1001/jama.2019.1.")
    return doi


def read_pmid(value: str) -> str:
    """Return a PubMed number without its prefix."""
    match = re.fullmatch(r"(?:PMID:?\s*)?(\d{1,8})", value.strip(), re.IGNORECASE)
    if not match:
        raise ValueError(f"{value} is no PubMed number. Write digits alone.")
    return match[1]


def read_url(value: str) -> str:
    """Return the https address of a source; raise ValueError for any other."""
    return read_https(unescape_address(value))


def read_note(value: str) -> str | None:
    """Return a note for readers; None for what Zotero stores in this field for its own use."""
    return None if MACHINE_NOTE.match(value) else read_prose(value)


def read_stance(value: str) -> list[str]:
    """Read "supports", "limits", or both with a comma between."""
    read = choice("supports", "limits")
    return [read(word) for word in re.split(r"\s*[,;]\s*", value.strip(" ,;"))]


def read_people(value: str) -> int:
    """Read a number of people, such as 1024 or 1,024."""
    number = value.replace(",", "").replace(" ", "").replace("\u202f", "")
    if not re.fullmatch(r"[0-9]+", number) or int(number) < 1:
        raise ValueError(f"{value} is no number of people. Write digits alone, as in 403.")
    return int(number)


FIELDS = {
    "author": Key("Family, First and Family, First; a body in more braces.", read_authors),
    "shortauthor": Key("How a sentence names a body: FDA.", plain_words),
    "title": Key("The title.", read_title, required=True),
    "journal": Key("The journal's name.", plain_words),
    "year": Key("The year of publication.", read_year),
    "volume": Key("The volume.", plain_words),
    "number": Key("The issue in the volume.", read_pages),
    "pages": Key("The pages, as 11--19.", read_pages),
    "doi": Key("The DOI.", read_doi),
    "pmid": Key("PubMed's number.", read_pmid),
    "url": Key("The https address, where there is no DOI.", read_url),
    "howpublished": Key("Where it was published, if in no journal.", read_prose),
    "note": Key("What readers should know of it.", read_note),
    "urldate": Key("The day on which its page was checked.", read_past_date, required=True),
    "stance": Key("What it does to a claim: supports, limits.", read_stance, required=True),
    "people": Key("How many people were studied.", read_people),
    "found": Key("What the study found.", choice(*FINDINGS)),
    "treatment": Key("What was tested, if not the article's subject.", read_fact),
    "compared": Key("What the treatment was compared with.", read_fact),
    "measured": Key("What was measured.", read_fact),
    "pooled": Key("yes: it pools several trials, so it is not drawn.", choice("yes")),
}  # fmt: skip
# biblatex's names for what BibTeX knows under another.
# https://ctan.org/pkg/biblatex, section 2.2.5
ALIASES = {"journaltitle": "journal", "date": "year", "issue": "number"}
# Other programs' fields may stay, and nothing reads them; a name that is nearly one of FIELDS is a
# slip. These are none, though they look alike.
NO_SLIPS = {
    "annote", "author+an", "authortype", "callnumber", "journal-iso", "journalabbr", "journalname",
    "mid", "numpages", "pmcid", "published", "publisher", "subtitle", "volumes",
}  # fmt: skip
ALIKE = 0.75
# What a field needs beside it.
COMPANIONS = {"people": "found", "treatment": "found", "pooled": "people"}
HEAD = re.compile(r"\s*@\s*(\w+)\s*[{(]\s*([^,\s}]*)")
OUTSIDE = (
    "This belongs to no entry, and nothing reads it. An entry begins with @article{ and its key, a "
    "comment with %. Of PubMed's .nbib, RIS and other formats, content/README.md says what to do."
)
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_:.+-]*")


class Entry(LowLevelParser):
    """What stands between one @ and the next, with the type and key of the entry in it.

    `fields` holds the line and the value of each field by its name in small letters.
    """

    def __init__(self, text: str, line: int, macros: CaseInsensitiveDict) -> None:
        """Begin in a line of the file; `macros` are what the entries before it defined."""
        super().__init__(text, macros=macros)
        head = HEAD.match(text)
        self.kind, self.key = (head[1].lower(), head[2]) if head else ("", "")
        self.line = self.lineno = line
        self.fields: dict[str, tuple[int, str]] = {}

    def parse_field(self) -> None:
        """Parse one field."""
        self.eat_whitespace()
        line = self.lineno
        super().parse_field()
        if name := (self.current_field_name or "").lower():
            if name in self.fields:
                raise DataError([(line, f"{self.key} has {name} twice. Keep one of them.")])
            self.fields[name] = line, " ".join("".join(self.current_value).split())


def parse_entry(entry: Entry) -> bool:
    """Parse an entry, and return whether it describes a source; raise DataError for no BibTeX."""
    if entry.kind == "comment":
        return False
    is_source = entry.kind not in ("", "preamble", "string")
    if is_source and not KEY.fullmatch(entry.key):
        message = f'"{entry.key}" is no key. Write letters and digits, as in @article{{lee2019,'
        raise DataError([(entry.line, message)])
    try:
        if entry.kind:
            next(iter(entry))
    except PybtexSyntaxError as error:
        raise DataError([syntax_problem(entry, error)]) from None
    rest = entry.get_remainder()
    if is_source and re.match(r"\s*(?:[},]|[\w-]+\s*=)", rest):
        message = f"{entry.key}: a }} too many in this line ends the entry early. Delete it."
        raise DataError([(entry.lineno, message)])
    for number, row in enumerate(rest.split("\n"), entry.lineno):
        if row.strip() and not row.lstrip().startswith("%"):
            raise DataError([(number, OUTSIDE)])
    return is_source


def syntax_problem(entry: Entry, error: PybtexSyntaxError) -> tuple[int, str]:
    """Return the line of a syntax error in an entry, and a message."""
    if isinstance(error, PrematureEOF):
        message = f"{entry.key}: a brace of this entry is not closed. Each {{ needs a }}."
        return entry.line, message
    if entry.get_remainder().startswith("%"):
        message = (
            "BibTeX has no comments within an entry. Move this line above the @, or delete it."
        )
        return error.lineno, f"{entry.key}: {message}"
    reason = str(error).split(": ", 1)[-1]
    remedy = "Perhaps a comma or a brace is missing in the line before."
    if isinstance(error, UndefinedMacro):
        reason, remedy = f"{reason} stands without braces", f"Write {{{reason}}}."
    return error.lineno, f"This is no BibTeX: {reason}. {remedy}"


def read_entry(entry: Entry) -> SimpleNamespace:
    """Return the source that an entry describes; raise DataError for what is wrong in it."""
    written: dict[str, str] = {}
    lines = dict.fromkeys(FIELDS, entry.line)
    problems = []
    for name, (line, value) in entry.fields.items():
        known = ALIASES.get(name, name)
        if known in FIELDS:
            if value and (name == known or known not in entry.fields):
                written[known], lines[known] = value, line
        elif name not in NO_SLIPS and (hint := did_you_mean(name, FIELDS, ALIKE)):
            problems.append((line, f"{name} is unknown here.{hint}"))
    if {"doi", "pmid"} & written.keys():
        written.pop("url", None)
    values, messages = read_values(FIELDS, written)
    # What is missing may be what is mistyped.
    problems = problems or [(lines[name], f"{name}: {text}") for name, text in messages.items()]
    problems = problems or [
        (lines.get(name, entry.line), text) for name, text in contradictions(values, entry.kind)
    ]
    if problems:
        raise DataError([(line, f"{entry.key}: {text}") for line, text in problems])
    return SimpleNamespace(key=entry.key, line=entry.line, lines=lines, **finish(values))


def contradictions(values: dict[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    """Yield a field ("" for the entry itself) and a message for each contradiction in an entry."""
    if not (values["doi"] or values["pmid"] or values["url"]):
        yield "", "a source needs `doi`, `pmid` or `url`."
    if not (values["author"] or values["shortauthor"]):
        yield "", "a source needs `author`, or `shortauthor` with the body that published it."
    study = [values[name] for name in ("found", "compared", "measured")]
    if any(study) and not all(study):
        yield "", "a study needs all of `found`, `compared` and `measured`."
    for name, companion in COMPANIONS.items():
        if values[name] and not values[companion]:
            yield name, f"`{name}` needs `{companion}` beside it."
    if not values["year"] and (kind == "article" or values["people"] or values["found"]):
        yield "", "year is missing. Add a line: year = {2019},"


def finish(values: dict[str, Any]) -> dict[str, Any]:
    """Return what templates read of a source: its fields, and values computed from them."""
    authors = values.pop("author") or []
    named = [name for _, name in authors if name != OTHERS]
    family = authors[0][0] if authors else None
    short, year = values["shortauthor"], values["year"]
    if values["doi"]:
        address = f"https://doi.org/{quote(values['doi'], safe='/:;().,_-+')}"
    elif values["pmid"]:
        address = f"https://pubmed.ncbi.nlm.nih.gov/{values['pmid']}/"
    else:
        address = values["url"]
    people = 0 if values["pooled"] else values["people"] or 0
    columns = [min(COLUMN, people - first) for first in range(0, people, COLUMN)]
    return {
        **values,
        # Zarate CA Jr: the family name, initials, and what follows.
        "authors": [name for _, name in authors],
        "family": family,
        # The https address: by DOI before PMID before url.
        "address": address,
        # The authors as a list of sources names them: the first three, then "and others".
        "name": ", ".join(named[:3]) + " and others" * (len(named) > 3 or len(named) < len(authors))
        if named
        else short,
        # How every sentence names the source: its first author or body, and its year.
        "label": " ".join(filter(None, [short or family, str(year or "")])),
        # The people of one study in blocks of columns: how many each column holds. Empty where
        # nobody knows how many there were, and for a review: its people are drawn where they
        # were studied.
        "blocks": [columns[first : first + BLOCK] for first in range(0, len(columns), BLOCK)],
    }


@lru_cache(maxsize=1)
def parse(content: str) -> dict[str, SimpleNamespace]:
    """Return the sources of a .bib file by key, in its order; raise DataError for its problems.

    `line` is that of a source's entry, and `lines` are those of its fields. The check, the pages
    and each save in the preview share the result: nobody may change it.
    """
    sources: dict[str, SimpleNamespace] = {}
    problems: list[tuple[int, str]] = []
    first: dict[tuple[str, str], SimpleNamespace] = {}
    macros = CaseInsensitiveDict(month_names)
    line = 1
    for piece in re.split(r"^(?=[ \t]*@)", content, flags=re.MULTILINE):
        entry = Entry(piece, line, macros)
        try:
            if parse_entry(entry):
                sources[entry.key] = source = read_entry(entry)
                check_unique(source, first)
        except DataError as error:
            problems += error.problems
        line += piece.count("\n")
    if problems:
        raise DataError(problems)
    return sources


def check_unique(source: SimpleNamespace, first: dict[tuple[str, str], SimpleNamespace]) -> None:
    """Raise DataError if a source before it has its key or is the same work.

    `first` holds these by the name and the value of what no two may share.
    """
    for name in ("key", "doi", "pmid"):
        value = (getattr(source, name) or "").lower()
        other = first.setdefault((name, value), source) if value else source
        if other is not source:
            message = (
                f"{source.key}: {other.key}, in line {other.line}, has this {name} already. Keep "
                "one of the two, and cite that."
            )
            raise DataError([(source.lines.get(name, source.line), message)])


def read(path: Path) -> dict[str, SimpleNamespace]:
    """Return the sources of a file as `parse` does; raise DataError or OSError."""
    return parse(text.read(path))
