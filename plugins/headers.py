"""All the rules of a post's header, in one place; the writers' guide is checked against it.

A header is the lines before the first empty line, each `Key: value`. pydantic reads them; each
field's description is the guide's sentence about it.
"""

import datetime
import re
from typing import Annotated, Any, Literal

from markdown.extensions.meta import BEGIN_RE, META_RE
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from plugins.faults import did_you_mean

LATEST_ZONE = datetime.timezone(datetime.timedelta(hours=14))
# Keys that Pelican knows and this site does without, and what to do instead.
ELSEWHERE = {
    "slug": "The address follows from the file's name: rename the file instead.",
    "save_as": "The address follows from the file's name: rename the file instead.",
    "url": "The address follows from the file's name: rename the file instead.",
    "part": "The part's number stands in the file's name: 7-a-title.md is part 7.",
    "authors": "Write Author, for one name.",
    "keywords": "Write Tags.",
    "lang": "The site is in English alone.",
}


def today() -> datetime.date:
    """Return the latest day that it is anywhere on earth, so that no writer is ahead of it."""
    return datetime.datetime.now(LATEST_ZONE).date()


def read_date(value: Any) -> datetime.date:  # noqa: ANN401
    """Read 2026-11-24 and nothing else; say how to write what was meant."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f'"{value}" is not a date. Write it as 2026-11-24.') from None
    if re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", str(value)):
        raise ValueError(
            f'"{value}" can be read in two ways. Write year, month, day, as in 2026-11-24.'
        )
    raise ValueError(f'"{value}" is not a date. Write it as 2026-11-24.')


def one_of(*allowed: str) -> BeforeValidator:
    """Accept one of these words, in any case; for another, name the nearest."""

    def choose(value: Any) -> str:  # noqa: ANN401
        if str(value).lower() in allowed:
            return str(value).lower()
        hint = did_you_mean(str(value), allowed)
        raise ValueError(f'"{value}" is unknown here. Write {" or ".join(allowed)}.{hint}')

    return BeforeValidator(choose)


def read_tags(value: Any) -> list[str]:  # noqa: ANN401
    """Split at commas; no empty tag, none twice."""
    found = [tag.strip() for tag in str(value).split(",")]
    if ";" in str(value):
        raise ValueError("Put commas between tags, as in: mood, depression.")
    if not all(re.search(r"\w", tag) for tag in found):
        raise ValueError("A tag is empty. Write them as in: mood, depression.")
    if len({tag.lower() for tag in found}) < len(found):
        raise ValueError("A tag stands here twice. Write each once.")
    return found


def not_to_come(day: datetime.date) -> datetime.date:
    """Refuse a day on which nobody can have checked anything yet."""
    if day > today():
        raise ValueError(f"{day} lies in the future. Write the day on which it was checked.")
    return day


def not_blank(value: str) -> str:
    """Refuse a value without a letter or digit."""
    if not re.search(r"\w", value):
        raise ValueError("is empty. Write something after the colon.")
    return value


def no_markup(value: str) -> str:
    """Refuse what would be read as Markdown or HTML elsewhere: here it would show as it is."""
    if re.search(r"<[a-zA-Z/!]|\]\(|\*\*|`", value):
        raise ValueError("has marks of HTML or Markdown. Write plain words here.")
    return value


Text = Annotated[str, AfterValidator(not_blank)]
Plain = Annotated[str, AfterValidator(not_blank), AfterValidator(no_markup)]
Checked = Annotated[datetime.date, AfterValidator(not_to_come)]
Date = Annotated[datetime.date, BeforeValidator(read_date)]


class Header(BaseModel):
    """What posts and pages share."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[Plain, Field(description="The title, as readers see it. Needed.")]
    date: Annotated[Date, Field(description="The day of publishing, as 2026-11-24. Needed.")]
    modified: Annotated[
        Date | None, Field(description="The day of the last change that readers should know of.")
    ] = None
    notice: Annotated[
        Literal["crisis"] | None,
        one_of("crisis"),
        Field(description="`crisis` prints the helplines. Needed where suicide is written about."),
    ] = None


class Post(Header):
    """A post: a file in content/posts/."""

    status: Annotated[
        Literal["published", "draft"],
        one_of("published", "draft"),
        Field(description="`draft` keeps it off the site; `invoke serve` alone shows it."),
    ] = "published"
    summary: Annotated[
        Plain | None,
        Field(
            max_length=160,
            description="One sentence for lists and search engines. A part needs it; "
            "elsewhere the first paragraph stands in.",
        ),
    ] = None
    category: Annotated[Text | None, Field(description="One of the site's categories.")] = None
    tags: Annotated[
        list[str] | None, BeforeValidator(read_tags), Field(description="Subjects, commas between.")
    ] = None
    author: Annotated[Text | None, Field(description="Who wrote it, if not this site.")] = None


class Page(Header):
    """A page: a file in content/pages/."""

    status: Annotated[
        Literal["published", "draft", "hidden"],
        one_of("published", "draft", "hidden"),
        Field(description="`draft` keeps it off the site; `hidden` keeps it out of the lists."),
    ] = "published"
    summary: Annotated[Plain, Field(max_length=160, description="One sentence. A page needs it.")]
    template: Annotated[Text | None, Field(description="A template of the theme's.")] = None


def split(lines: list[str]) -> tuple[list[tuple[int, str, str]], int, list[tuple[int, str]]]:
    """Take the header off a file's lines, as Python-Markdown's meta extension does.

    Return its entries (line, key, value), the number of lines before the body, and the faults of
    form (line, sentence). What Python-Markdown would take for words, or Pelican drop, is a fault.
    """
    entries: list[tuple[int, str, str]] = []
    faults = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            if not entries:
                faults.append((number, "The header starts in the first line: delete this one."))
                continue
            return entries, number, faults
        match = META_RE.match(line)
        if match:
            entries.append((number, match["key"], match["value"].strip()))
        elif BEGIN_RE.match(line):
            faults.append((number, "The header needs no line of dashes: delete this one."))
        elif line.startswith("    ") and entries:
            faults.append((number, "A header's value is one line: join this one to the last."))
        elif not entries:
            faults.append((number, "The file starts with its header. Write Title: … here."))
            return entries, number - 1, faults
        elif (word := line.split()[0]).lower() in {**Post.model_fields, **Page.model_fields}:
            faults.append((number, f"A colon is missing after {word}. Write {word}: …"))
        else:
            faults.append((number, "Put an empty line between the header and the words."))
            return entries, number - 1, faults
    return entries, len(lines), faults


def read(
    entries: list[tuple[int, str, str]], model: type[Post] | type[Page]
) -> tuple[Post | Page | None, list[tuple[int, str]]]:
    """Check a header's entries; return the header (None if it has a fault) and its faults."""
    lines: dict[str, int] = {}
    values: dict[str, str] = {}
    faults: list[tuple[int, str]] = []
    for line, key, value in entries:
        name = key.lower()
        if name not in model.model_fields:
            hint = ELSEWHERE.get(name) or (
                f"The keys are {', '.join(field.title() for field in model.model_fields)}."
                + did_you_mean(key, [field.title() for field in model.model_fields])
            )
            faults.append((line, f"{key} is no key of a {model.__name__.lower()}. {hint}"))
        elif name in values:
            faults.append((line, f"{key} stands in line {lines[name]} already: keep one of them."))
        else:
            lines[name], values[name] = line, value
    try:
        header = model.model_validate(values)
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0])
            key, line = name.title(), lines.get(name, 1)
            if problem["type"] == "missing":
                faults.append((line, f"{key} is missing. Add a line to the header: {key}: …"))
            elif problem["type"] in ("string_too_long", "too_long"):
                faults.append((line, f"{key}: {len(values[name])} characters; 160 at the most."))
            else:
                faults.append((line, f"{key}: {problem['msg'].removeprefix('Value error, ')}"))
        return None, faults
    now = today()
    for name in ("date", "modified"):
        day = getattr(header, name)
        if day and day > now and header.status != "draft":
            faults.append(
                (
                    lines[name],
                    f"{name.title()}: {day} lies in the future. Write today's date, "
                    "or add a line Status: draft until then.",
                )
            )
    if header.modified and header.modified < header.date:
        faults.append((lines["modified"], f"Modified: {header.modified} is before the Date."))
    return (None if faults else header), faults
