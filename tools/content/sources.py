"""Read content/sources.bib: BibTeX, with this project's own fields in each entry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from pybtex.database.input.bibtex import Parser
from pybtex.exceptions import PybtexError

from tools.content import text
from tools.content.authors import OTHERS, read_authors
from tools.content.fields import HTTPS, Key, choice, missing, read_past_date, read_values, today
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
    """Return a title without the full stop that PubMed adds."""
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
    url = unescape_address(value)
    if url.startswith("http://"):
        raise ValueError(f"{url} is not secure. Open https://{url[7:]} and write that address.")
    if not HTTPS.fullmatch(url):
        raise ValueError(f"{url} is no address. Write it as https://example.org/page.")
    return url


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
# What reference managers and publishers write besides, and readers do not need.
NOT_NEEDED = re.compile(
    r"""abstract|accessed|address|affiliations?|an(?:note|notation)|archive\w*|art(?:icle)?(?:-?number|no)
    |author[_-].*|bdsk-.*|bib(?:source|url)|booktitle|call-?number|chapter|citation|citeulike-.*|collection
    |comments?|copyright|creationdate|crossref|da|dataset|date-.*|day|db|doc-.*|earlyaccessdate|edition
    |editor(?:type)?|e?issn|eprint(?:type|class)?|eventtitle|eventdate|file|fund.*|groups?|hal_.*|html|ids|institution
    |isbn.*|issue_date|issuetitle|journal-?iso|journal-?abbr.*|key|keywords?|keywords?-.*|annotation
    |lang(?:uage|id)|lastchecked|lccn|library|local-url|location|medium|mendeley-.*|mesh.*|mid|modificationdate
    |month|nlm.*|number-of-.*|numpages|options|orcid.*|organization|orig\w+|owner|page(?:s)?total|pagination
    |pdf|pii|pmc(?:id)?|primaryclass|print(?:ed)?|priority|publisher|pubstate|qualityassured|rank(?:ing)?
    |read(?:status)?|related|relevance|research-areas|researcherid.*|rights|school|score|search|series|short(?:journal|title)
    |source|subtitle|tags|times-cited|timestamp|titleaddon|translator|type|unique-id|urn|usage-.*|user[a-f]|venue|version
    |web-of-science-.*|x-.*|year-.*|zotero.*""",
    re.VERBOSE,
)
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_:.+-]*")
# How files of other formats begin.
OTHER_FORMATS = [
    (re.compile(r"(?:PMID|OWN|STAT|DCOM|LR|TI|FAU|AU|DP|JT|AB)\s*- "), "PubMed's .nbib"),
    (re.compile(r"(?:TY|A1|AU|T1|TI|PY|Y1|JO|JF|ER)  - "), "RIS"),
    (re.compile(r"%[0-9A-Z@] \S"), "EndNote's"),
    (re.compile(r"[\[{]\s*(?:$|[\"{])"), "JSON"),
    (re.compile(r"<"), "XML or HTML"),
]


@dataclass(frozen=True)
class Chunk:
    """An entry as written in the file: its text, first line, type and key."""

    text: str
    line: int
    kind: str
    key: str

    def line_of(self, name: str) -> int:
        """Return the line of a field; of the entry, where it has no such field."""
        match = re.search(rf"(?<![\w-]){re.escape(name)}\s*=", self.text, re.IGNORECASE)
        return self.line + (self.text.count("\n", 0, match.start()) if match else 0)


def chunks(text: str) -> Iterator[Chunk]:
    """Split a file at each @ that begins a line; the text before the first has no type."""
    starts = [0, *(match.start() for match in re.finditer(r"^[ \t]*@", text, re.MULTILINE))]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = text[start:end]
        head = re.match(r"\s*@\s*(\w+)\s*[{(]\s*([^,\s}]*)", piece)
        line = text.count("\n", 0, start) + 1
        yield Chunk(piece, line, head[1].lower() if head else "", head[2] if head else "")


def end_of(chunk: Chunk) -> int | None:
    """Return where an entry's last brace closes; None where a brace is missing."""
    depth, marks = 0, r"[{}]"
    if re.match(r"\s*@\s*\w+\s*\(", chunk.text):  # BibTeX takes these brackets too
        marks = r"[{}()]"
    for match in re.finditer(rf"(?<!\\){marks}", chunk.text):
        depth += 1 if match[0] in "{(" else -1
        if depth <= 0:
            return match.end()
    return None


def outside(text: str, line: int) -> Iterator[tuple[int, str]]:
    """Yield a problem for the first line that belongs to no entry and is no comment."""
    for number, row in enumerate(text.split("\n"), line):
        words = row.strip()
        other = next((name for pattern, name in OTHER_FORMATS if pattern.match(words)), "")
        if other:
            yield (
                number,
                f"This is {other}, and this file is BibTeX. content/README.md says how to get it.",
            )
        elif words.startswith(("}", ",")):
            yield number, "This stands after an entry's end. Delete it, or the brace before it."
        elif words and not words.startswith("%"):
            yield (
                number,
                "This stands outside every entry, and nothing reads it. An entry begins with "
                "@article{ and its key, a comment with %.",
            )
        else:
            continue
        return


def entry_problems(values: dict[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    """Yield a field ("" for the entry itself) and a message for each contradiction in an entry."""
    if not (values["doi"] or values["pmid"] or values["url"]):
        yield "", "a source needs `doi`, `pmid` or `url`."
    if not (values["author"] or values["shortauthor"]):
        yield "", "a source needs `author`, or `shortauthor` with the body that published it."
    study = [values[name] for name in ("found", "compared", "measured")]
    if any(study) and not all(study):
        yield "", "a study needs all of `found`, `compared` and `measured`."
    if values["people"] and not values["found"]:
        yield "people", "`people` needs `found`, `compared` and `measured` beside it."
    if values["treatment"] and not values["found"]:
        yield "treatment", "`treatment` needs `found`, `compared` and `measured` beside it."
    if values["pooled"] and not values["people"]:
        yield "pooled", "`pooled` needs `people` beside it."
    if not values["year"] and (kind == "article" or values["people"] or values["found"]):
        yield "", "year is missing. Add a line: year = {2019},"


def finish(key: str, values: dict[str, Any]) -> dict[str, Any]:
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
        "key": key,
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


def syntax_problem(chunk: Chunk, error: PybtexError, before: int) -> tuple[int, str]:
    """Return the line of a syntax error in an entry, and a message.

    `before` is the number of lines that were parsed in front of the entry.
    """
    reason = str(error).split(": ", 1)[-1]
    line = chunk.line + max(0, (getattr(error, "lineno", None) or 1) - 1 - before)
    if "undefined string" in str(error):
        reason = f"{reason} stands without braces. Write {{{reason}}}"
    elif match := re.search(r"duplicate ([\w-]+) field", str(error)):
        reason = f"{chunk.key} has {match[1]} twice. Keep one of them"
        places = re.finditer(rf"(?<![\w-]){match[1]}\s*=", chunk.text, re.IGNORECASE)
        line = chunk.line + chunk.text.count("\n", 0, [m.start() for m in places][1])
    elif "expected" in reason or "end of file" in reason:
        reason = f"{reason}. Perhaps a comma or a brace is missing in the line before"
    return line, f"This is no BibTeX: {reason}."


def read_entry(chunk: Chunk, macros: str) -> tuple[dict[str, Any] | None, list[tuple[int, str]]]:
    """Return what an entry holds (None if it has a problem), and its problems with their lines."""
    try:
        # Not pybtex's parse_string: it looks through every installed package for its parser.
        entry = Parser(person_fields=()).parse_string(macros + chunk.text).entries[chunk.key]
    except PybtexError as error:
        return None, [syntax_problem(chunk, error, macros.count("\n"))]
    written, unknown, problems = {}, [], []
    places = {}
    for name, value in entry.fields.items():
        known = ALIASES.get(name.lower(), name.lower())
        if known in FIELDS:
            if known not in written or name.lower() == known:
                written[known], places[known] = value, name
        elif not NOT_NEEDED.fullmatch(name.lower()):
            if hint := did_you_mean(name, FIELDS):
                message = f"{chunk.key}: {name} is unknown here.{hint}"
                problems.append((chunk.line_of(name), message))
            else:
                unknown.append(name)
    if unknown:
        message = f"{chunk.key}: {', '.join(unknown)}: nothing reads this. Leave it out."
        problems.append((chunk.line_of(unknown[0]), message))
    if {"doi", "pmid"} & written.keys():
        written.pop("url", None)
    written = {name: value for name, value in written.items() if value.strip()}
    values, messages = read_values(FIELDS, written)
    for name, message in messages.items():
        problems.append((chunk.line_of(places[name]), f"{chunk.key}: {places[name]}: {message}"))
    for name in missing(FIELDS, written):
        problems.append((chunk.line, f"{chunk.key}: {name} is missing."))
    if not problems:
        for name, message in entry_problems(values, chunk.kind):
            line = chunk.line_of(name) if name else chunk.line
            problems.append((line, f"{chunk.key}: {message}"))
    return (None if problems else finish(chunk.key, values)), problems


def parse(content: str) -> dict[str, SimpleNamespace]:
    """Return the sources of a .bib file by key, in its order; raise DataError for its problems."""
    sources: dict[str, SimpleNamespace] = {}
    problems: list[tuple[int, str]] = []
    lines: dict[str, tuple[str, int]] = {}
    pieces = list(chunks(content))
    macros = "".join(chunk.text.rstrip() + "\n" for chunk in pieces if chunk.kind == "string")
    for chunk in pieces:
        if not chunk.kind:
            problems += outside(chunk.text, chunk.line)
            continue
        end = end_of(chunk)
        if chunk.kind in ("comment", "string", "preamble"):
            continue
        if not KEY.fullmatch(chunk.key):
            name = f'"{chunk.key}" is no key' if chunk.key else "The entry has no key"
            message = f"{name}. Write letters and digits, as in @article{{lee2019,"
            problems.append((chunk.line, message))
            continue
        if end is None:
            message = f"{chunk.key}: a brace of this entry is not closed. Each {{ needs a }}."
            problems.append((chunk.line, message))
            continue
        if chunk.key.lower() in lines:
            first, line = lines[chunk.key.lower()]
            message = f"{chunk.key}: {first} is there already, in line {line}. Choose another key."
            problems.append((chunk.line, message))
            continue
        lines[chunk.key.lower()] = chunk.key, chunk.line
        problems += outside(chunk.text[end:], chunk.line + chunk.text.count("\n", 0, end))
        source, wrong = read_entry(chunk, macros)
        problems += wrong
        if source:
            sources[chunk.key] = SimpleNamespace(**source)
    if problems:
        raise DataError(problems)
    return sources


def line_of(text: str, key: str, name: str = "") -> int:
    """Return the line of a field of an entry; of the entry, where it has no such field."""
    entry = next((chunk for chunk in chunks(text) if chunk.key == key), None)
    return 1 if entry is None else entry.line_of(name) if name else entry.line


def read(path: Path) -> dict[str, SimpleNamespace]:
    """Return the sources of a file as `parse` does; raise DataError or OSError."""
    return parse(text.read(path))
