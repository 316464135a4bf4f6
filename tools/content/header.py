"""All the rules of a post's header, in one place; the writers' guide is checked against it.

A header is the lines before the first empty line, each `Key: value`. What reads a value says, by
ValueError, what is wrong with it and how to write it.
"""

import datetime
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from markdown.extensions.meta import BEGIN_RE, META_RE

from tools.content.problem import did_you_mean

SUMMARY_AT_MOST = 160
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


def read_date(value: str) -> datetime.date:
    """Read 2026-11-24 and nothing else; say how to write what was meant."""
    if re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", value):
        raise ValueError(
            f'"{value}" can be read in two ways. Write year, month, day, as in 2026-11-24.'
        )
    with suppress(ValueError):
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return datetime.date.fromisoformat(value)
    raise ValueError(f'"{value}" is not a date. Write it as 2026-11-24.')


def one_of(*allowed: str) -> Callable[[str], str]:
    """Return what accepts one of these words, in any case; for another, it names the nearest."""

    def choose(value: str) -> str:
        if value.lower() in allowed:
            return value.lower()
        hint = did_you_mean(value, allowed)
        raise ValueError(f'"{value}" is unknown here. Write {" or ".join(allowed)}.{hint}')

    return choose


def read_tags(value: str) -> list[str]:
    """Split at commas; no empty tag, none twice."""
    found = [tag.strip() for tag in value.split(",")]
    if ";" in value:
        raise ValueError("Put commas between tags, as in: mood, depression.")
    if not all(re.search(r"\w", tag) for tag in found):
        raise ValueError("A tag is empty. Write them as in: mood, depression.")
    if len({tag.lower() for tag in found}) < len(found):
        raise ValueError("A tag stands here twice. Write each once.")
    return found


def read_text(value: str) -> str:
    """Refuse a value without a letter or digit."""
    if not re.search(r"\w", value):
        raise ValueError("is empty. Write something after the colon.")
    return value


def read_plain(value: str) -> str:
    """Refuse what would be read as Markdown or HTML elsewhere: here it would show as it is."""
    if re.search(r"<[a-zA-Z/!]|\]\(|\*\*|`", read_text(value)):
        raise ValueError("has marks of HTML or Markdown. Write plain words here.")
    return value


def read_summary(value: str) -> str:
    """Refuse more than search engines show."""
    if len(value) > SUMMARY_AT_MOST:
        raise ValueError(f"{len(value)} characters; {SUMMARY_AT_MOST} at the most.")
    return read_plain(value)


@dataclass(frozen=True)
class Key:
    """A key of a header: the guide's sentence, what reads its value, what stands without one."""

    description: str
    read: Callable[[str], Any]
    needed: bool = False
    default: str | None = None


HEADER = {
    "title": Key("The title, as readers see it. Needed.", read_plain, needed=True),
    "date": Key("The day of publishing, as 2026-11-24. Needed.", read_date, needed=True),
    "modified": Key("The day of the last change that readers should know of.", read_date),
    "notice": Key(
        "`crisis` prints the helplines. Needed where suicide is written about.", one_of("crisis")
    ),
}
# By the kind of text: posts are the files in content/posts/, pages those in content/pages/.
KEYS = {
    "post": HEADER
    | {
        "status": Key(
            "`draft` keeps it off the site; `invoke serve` alone shows it.",
            one_of("published", "draft"),
            default="published",
        ),
        "summary": Key(
            "One sentence for lists and search engines. A part needs it; "
            "elsewhere the first paragraph stands in.",
            read_summary,
        ),
        "category": Key("One of the site's categories.", read_text),
        "tags": Key("Subjects, commas between.", read_tags),
        "author": Key("Who wrote it, if not this site.", read_text),
    },
    "page": HEADER
    | {
        "status": Key(
            "`draft` keeps it off the site; `hidden` keeps it out of the lists.",
            one_of("published", "draft", "hidden"),
            default="published",
        ),
        "summary": Key("One sentence. A page needs it.", read_summary, needed=True),
        "template": Key("A template of the theme's.", read_text),
    },
}


def split(lines: list[str]) -> tuple[list[tuple[int, str, str]], int, list[tuple[int, str]]]:
    """Take the header off a file's lines, as Python-Markdown's meta extension does.

    Return its entries (line, key, value), the number of lines before the body, and the faults of
    form (line, sentence). What Python-Markdown would take for words, or Pelican drop, is a fault.
    """
    entries: list[tuple[int, str, str]] = []
    problems = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            if not entries:
                problems.append((number, "The header starts in the first line: delete this one."))
                continue
            return entries, number, problems
        match = META_RE.match(line)
        if match:
            entries.append((number, match["key"], match["value"].strip()))
        elif BEGIN_RE.match(line):
            problems.append((number, "The header needs no line of dashes: delete this one."))
        elif line.startswith("    ") and entries:
            problems.append((number, "A header's value is one line: join this one to the last."))
        elif not entries:
            problems.append((number, "The file starts with its header. Write Title: … here."))
            return entries, number - 1, problems
        elif (word := line.split()[0]).lower() in {**KEYS["post"], **KEYS["page"]}:
            problems.append((number, f"A colon is missing after {word}. Write {word}: …"))
        else:
            problems.append((number, "Put an empty line between the header and the words."))
            return entries, number - 1, problems
    return entries, len(lines), problems


def read(
    entries: list[tuple[int, str, str]], kind: str
) -> tuple[SimpleNamespace | None, list[tuple[int, str]]]:
    """Check a header's entries; return the header (None if it has a fault) and its faults.

    `kind` is post or page.
    """
    keys, lines, problems = KEYS[kind], {}, []
    values = {name: key.default for name, key in keys.items()}
    wrong = []
    for line, key, value in entries:
        name = key.lower()
        if name not in keys:
            hint = ELSEWHERE.get(name) or (
                f"The keys are {', '.join(map(str.title, keys))}."
                + did_you_mean(key, list(map(str.title, keys)))
            )
            problems.append((line, f"{key} is no key of a {kind}. {hint}"))
        elif name in lines:
            problems.append(
                (line, f"{key} stands in line {lines[name]} already: keep one of them.")
            )
        else:
            lines[name] = line
            try:
                values[name] = keys[name].read(value)
            except ValueError as error:
                wrong.append((line, f"{name.title()}: {error}"))
    for name, key in keys.items():
        if key.needed and name not in lines:
            said = f"{name.title()} is missing. Add a line to the header: {name.title()}: …"
            wrong.append((1, said))
    # Whether a day may be to come depends on the status, so both must be readable.
    if wrong:
        return None, problems + wrong
    header, now = SimpleNamespace(**values), today()
    for name in ("date", "modified"):
        day = values[name]
        if day and day > now and header.status != "draft":
            problems.append(
                (
                    lines[name],
                    f"{name.title()}: {day} lies in the future. Write today's date, "
                    "or add a line Status: draft until then.",
                )
            )
    if header.modified and header.modified < header.date:
        problems.append((lines["modified"], f"Modified: {header.modified} is before the Date."))
    return (None if problems else header), problems
