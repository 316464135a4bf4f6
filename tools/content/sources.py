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
from tools.content.problem import plain_words

Checked = Annotated[datetime.date, AfterValidator(not_to_come)]
Found = Literal["benefit", "no clear difference", "no comparison group"]
COLUMNS = 42
# What LaTeX leaves as it is; most values are, and need not be taken apart.
PLAIN = re.compile(r"(?:[\w ,.:;()/+?!\u2010-\u2019]|-(?!-))*")


def words(value: str) -> str:
    """Return a BibTeX value as plain text: braces gone, LaTeX accents and dashes resolved."""
    return value if PLAIN.fullmatch(value) else str(Text.from_latex(value))


Plain = Annotated[str, BeforeValidator(words)]


class Source(BaseModel):
    """One entry of sources.bib: BibTeX's own fields, and the project's last five.

    The file's own first lines tell a writer what each of these holds. An unknown field is an error.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str
    authors: list[str]
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
    compared: Plain | None = None
    measured: Plain | None = None

    @model_validator(mode="after")
    def whole(self) -> Self:
        """Refuse a source without an address, and half a study."""
        if not (self.doi or self.pmid or self.url):
            raise ValueError("a source needs `doi`, `pmid` or `url`")
        study = self.found, self.compared, self.measured
        if any(study) and not all(study):
            raise ValueError("a study needs all of `found`, `compared` and `measured`")
        if self.people and not self.found:
            raise ValueError("`people` needs `found`, `compared` and `measured` beside it")
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
        shown = [name for name in self.authors if name != "others"]
        if len(shown) > 3 or len(shown) < len(self.authors):
            return ", ".join(shown[:3]) + " and others"
        return ", ".join(shown)

    @computed_field
    @property
    def label(self) -> str:
        """How a sentence names the source: its first author, or its title, and its year."""
        first = self.authors[0] if self.authors else self.title
        return f"{first}{' and others' if len(self.authors) > 1 else ''}, {self.year}"

    @computed_field
    @property
    def rows(self) -> list[int]:
        """The study's people as rows of dots, the last row shorter than the others."""
        full, rest = divmod(self.people or 0, COLUMNS)
        return [COLUMNS] * full + ([rest] if rest else [])


def person(author: Person) -> str:
    """Return an author as medicine writes one: Zarate CA Jr."""
    initials = "".join(
        name[0]
        for name in re.split(r"[\s-]+", words(" ".join(author.first_names + author.middle_names)))
        if name
    )
    last = words(" ".join(author.prelast_names + author.last_names))
    return " ".join(filter(None, [last, initials, words(" ".join(author.lineage_names))]))


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
        authors = [person(author) for author in entry.persons.get("author", [])]
        fields = {name.lower(): value for name, value in entry.fields.items()}
        try:
            found.append(Source(key=key, authors=authors, **fields).model_dump(mode="json"))
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
