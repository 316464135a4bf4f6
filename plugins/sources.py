"""Each source lives once, in content/sources.bib, and every page shows the ones it cites.

A citation is a link to a source's key: `[Wilkinson 2018](#wilkinson2018)`.
"""

import re
from collections import defaultdict
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pybtex.database import Person, parse_string
from pybtex.richtext import Text
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from plugins.faults import plain_words
from plugins.headers import Checked

if TYPE_CHECKING:
    from pelican.contents import Content
    from pelican.generators import Generator

Found = Literal["benefit", "no clear difference", "no comparison group"]
FOUND: dict[Found, str] = {
    "benefit": "Found a benefit",
    "no clear difference": "Found no clear difference",
    "no comparison group": "Had no comparison group",
}
COLUMNS = 42
# What LaTeX leaves as it is; most values are, and need not be taken apart.
PLAIN = re.compile(r"(?:[\w ,.:;()/+?!\u2010-\u2019]|-(?!-))*")
LINK = re.compile(r'<a href="#([^"]+)"')


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
    authors: tuple[str, ...]
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
        frozenset[Literal["supports", "limits"]],
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

    @property
    def address(self) -> str:
        """The https address of the source: its DOI before its PMID before its url."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/" if self.pmid else str(self.url)

    @property
    def name(self) -> str:
        """The authors as a list of sources names them: the first three, then "and others"."""
        shown = [name for name in self.authors if name != "others"]
        if len(shown) > 3 or len(shown) < len(self.authors):
            return ", ".join(shown[:3]) + " and others"
        return ", ".join(shown)

    @property
    def label(self) -> str:
        """How a sentence names the source: its first author, or its title, and its year."""
        first = self.authors[0] if self.authors else self.title
        return f"{first}{' and others' if len(self.authors) > 1 else ''}, {self.year}"

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


class SourceError(ValueError):
    """Wrong or unknown fields: `faults` holds a line and a sentence for each."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(f"line {line}: {message}" for line, message in faults))
        self.faults = faults


def line_of(text: str, key: str, name: str = "") -> int:
    """Return the line of a field of an entry; of the entry, where it has no such field."""
    entry = re.search(rf"@\w+\s*\{{\s*{re.escape(key)}\s*,", text)
    start = entry.end() if entry else 0
    rest = text[start : (text + "\n@").find("\n@", start)]
    found = re.search(rf"(?<!\w){re.escape(name)}\s*=", rest) if name else None
    return text.count("\n", 0, start + (found.start() if found else 0)) + 1


@cache
def read(text: str) -> dict[str, Source]:
    """Return the sources by key, in the file's order; one text is read once, by check and build.

    Raise pybtex.exceptions.PybtexError for what is no BibTeX, SourceError for a wrong field.
    """
    found, faults = {}, []
    for key, entry in parse_string(text, "bibtex").entries.items():
        authors = tuple(person(author) for author in entry.persons.get("author", []))
        fields = {name.lower(): value for name, value in entry.fields.items()}
        try:
            found[key] = Source(key=key, authors=authors, **fields)
        except ValidationError as error:
            for problem in error.errors():
                name = str(problem["loc"][0]) if problem["loc"] else ""
                said = plain_words(problem, name, Source.model_fields)
                faults.append((line_of(text, key, name), f"{key}: {said}"))
    if faults:
        raise SourceError(faults)
    return found


def share(generator: "Generator") -> None:
    """Put the sources into every template's reach."""
    if "bibliography" not in generator.context:
        path = Path(generator.settings["PATH"]) / "sources.bib"
        generator.context["bibliography"] = read(path.read_text(encoding="utf-8"))


def resolve(generators: "list[Generator]") -> None:
    """Give every page its `sources`, its `studies`, and a place to return to for each citation."""
    from pelican.generators import ArticlesGenerator, PagesGenerator

    context, contents = generators[0].context, []
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            contents += [*generator.articles, *generator.hidden_articles, *generator.drafts]
        elif isinstance(generator, PagesGenerator):
            contents += [*generator.pages, *generator.hidden_pages, *generator.draft_pages]
    for content in contents:
        if not hasattr(content, "citations"):
            attach(content, context["bibliography"])
    context["cited_by"] = partial(citing, contents)


def citing(contents: "list[Content]", key: str) -> "list[Content]":
    """Return the published contents that cite a source."""
    return [c for c in contents if key in c.citations and c.status == "published"]


def attach(content: "Content", sources: dict[str, Source]) -> None:
    """Number each citation of a page, so that its source can lead back to it."""
    content.citations = defaultdict(list)

    def number(link: re.Match[str]) -> str:
        key = link[1]
        if key not in sources:
            return link[0]
        content.citations[key].append(place := f"cite-{key}-{len(content.citations[key]) + 1}")
        return f'<a id="{place}" href="#{key}"'

    content._content = LINK.sub(number, content._content)
    content.sources = [sources[key] for key in content.citations]
    content.studies = [
        (label, studies)
        for found, label in FOUND.items()
        if (studies := [source for source in content.sources if source.found == found])
    ]


def register() -> None:
    """Connect to Pelican, which is imported here alone: `invoke check` is quick without it."""
    from pelican import signals

    signals.generator_init.connect(share)
    signals.all_generators_finalized.connect(resolve)
