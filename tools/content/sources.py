"""What content/sources.bib may hold: BibTeX, each entry with what the project says of it."""

import datetime
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, Literal, Self

from pybtex.database import Person, parse_string
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    computed_field,
    model_validator,
)

from tools.content import data
from tools.content.data import DataError
from tools.content.helplines import not_to_come
from tools.content.problem import GAP, gap_message, plain_words

Checked = Annotated[datetime.date, AfterValidator(not_to_come)]
Found = Literal[
    "benefit",
    "as well as another treatment",
    "no clear difference",
    "worse than the comparison",
    "no comparison group",
]
COLUMN = 12  # people
BLOCK = 20  # columns: a large study is several blocks, so that it can go on in the next line
# What LaTeX leaves as it is; most values are, and need not be taken apart.
PLAIN = re.compile(r"(?:[\w ,.:;()/+?!\u2010-\u2019]|-(?!-))*")


def words(value: str) -> str:
    """Return a BibTeX value as plain text: braces gone, LaTeX accents and dashes resolved."""
    return value if PLAIN.fullmatch(value) else str(Text.from_latex(value))


def told(value: str) -> str:
    """Return a value as plain text; refuse one that says only that nobody has looked."""
    if gap := GAP.search(value):
        raise ValueError(gap_message(gap[0]))
    return words(value)


Plain = Annotated[str, BeforeValidator(words)]
Told = Annotated[str, BeforeValidator(told)]


class Source(BaseModel):
    """One entry of sources.bib: BibTeX's own fields, and the project's last six.

    The file's own first lines tell a writer what each of these holds. An unknown field is an error.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str
    authors: list[str]
    family: str | None = None
    shortauthor: Plain | None = None
    title: Plain
    journal: Plain | None = None
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    month: str | None = None
    volume: str | None = None
    number: str | None = None
    pages: Plain | None = None
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,}/\S+$")] | None = None
    pmid: Annotated[str, Field(pattern=r"^\d+$")] | None = None
    url: Annotated[str, Field(pattern=r"^https://\S+$")] | None = None
    howpublished: Plain | None = None
    note: Plain | None = None
    urldate: Checked
    stance: Annotated[
        list[Literal["supports", "limits"]],
        BeforeValidator(lambda value: re.split(r"\s*,\s*", value)),
        Field(min_length=1),
    ]
    people: Annotated[int, Field(ge=1)] | None = None
    found: Found | None = None
    compared: Told | None = None
    measured: Told | None = None
    pooled: Literal["yes"] | None = None

    @model_validator(mode="after")
    def whole(self) -> Self:
        """Refuse a source without an address, and half a study."""
        if not (self.doi or self.pmid or self.url):
            raise ValueError("a source needs `doi`, `pmid` or `url`")
        if not (self.authors or self.shortauthor):
            raise ValueError(
                "a source needs `author`, or `shortauthor` with the body that published it"
            )
        study = self.found, self.compared, self.measured
        if any(study) and not all(study):
            raise ValueError("a study needs all of `found`, `compared` and `measured`")
        if self.people and not self.found:
            raise ValueError("`people` needs `found`, `compared` and `measured` beside it")
        if self.pooled and not self.people:
            raise ValueError("`pooled` needs `people` beside it")
        return self

    @computed_field
    @property
    def address(self) -> str:
        """The https address of the source: its DOI before its PMID before its url."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/" if self.pmid else str(self.url)

    @computed_field
    @property
    def name(self) -> str:
        """The authors as a list of sources names them: the first three, then "and others"."""
        named = [name for name in self.authors if name != "others"]
        if len(named) > 3 or len(named) < len(self.authors):
            return ", ".join(named[:3]) + " and others"
        return ", ".join(named) or str(self.shortauthor)

    @computed_field
    @property
    def label(self) -> str:
        """How every sentence names the source: its first author or body, and its year."""
        return " ".join(filter(None, [self.shortauthor or self.family, str(self.year or "")]))

    @computed_field
    @property
    def blocks(self) -> list[list[int]]:
        """The people of one study in blocks of columns: how many each column holds.

        Empty where nobody knows how many there were, and for a review of several studies: its
        people are drawn where they were studied.
        """
        people = 0 if self.pooled else self.people or 0
        columns = [min(COLUMN, people - first) for first in range(0, people, COLUMN)]
        return [columns[first : first + BLOCK] for first in range(0, len(columns), BLOCK)]


def person(author: Person) -> str:
    """Return an author as medicine writes one: Zarate CA Jr."""
    initials = "".join(
        name[0]
        for name in re.split(r"[\s-]+", words(" ".join(author.first_names + author.middle_names)))
        if name
    )
    lineage = words(" ".join(author.lineage_names))
    return " ".join(filter(None, [family_name(author), initials, lineage]))


def family_name(author: Person) -> str:
    """Return an author's family name, or a body's name."""
    return words(" ".join(author.prelast_names + author.last_names))


def line_of(text: str, key: str, name: str = "") -> int:
    """Return the line of a field of an entry; of the entry, where it has no such field."""
    entry = re.search(rf"@\w+\s*\{{\s*{re.escape(key)}\s*,", text)
    start = entry.end() if entry else 0
    rest = text[start : (text + "\n@").find("\n@", start)]
    found = re.search(rf"(?<!\w){re.escape(name)}\s*=", rest) if name else None
    return text.count("\n", 0, start + (found.start() if found else 0)) + 1


def dump(text: str) -> str:
    """Return the sources in the file's order as JSON; raise DataError for what is wrong in them."""
    try:
        entries = parse_string(text, "bibtex").entries
    except PybtexError as error:
        said = str(error).split(": ", 1)[-1]
        line = getattr(error, "lineno", None) or 1
        raise DataError([(line, f"This is no BibTeX: {said}.")]) from error
    found, problems = [], []
    for key, entry in entries.items():
        persons = entry.persons.get("author", [])
        fields = {name.lower(): value for name, value in entry.fields.items()} | {
            "key": key,
            "authors": [person(author) for author in persons],
            "family": family_name(persons[0]) if persons else None,
        }
        try:
            found.append(Source.model_validate(fields).model_dump(mode="json"))
        except ValidationError as error:
            for problem in error.errors():
                name = str(problem["loc"][0]) if problem["loc"] else ""
                said = plain_words(problem, name, Source.model_fields)
                problems.append((line_of(text, key, name), f"{key}: {said}"))
    if problems:
        raise DataError(problems)
    return json.dumps(found)


def read(settings: dict[str, Any]) -> dict[str, SimpleNamespace]:
    """Return the sources by key, in the file's order; raise as data.read does."""
    found = data.read("sources", Path(settings["PATH"]) / "sources.bib", settings)
    return {source.key: source for source in found}
