"""Read content/helplines.toml: whom people in danger can reach, country by country."""

import datetime
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from tools.content import text
from tools.content.fields import (
    EMAIL,
    Key,
    matching,
    read_https,
    read_past_date,
    read_text,
    read_values,
)
from tools.content.problem import DataError, did_you_mean

# Spaces and hyphens of word processors and web pages, and what a person would type.
TYPED = str.maketrans({"\xa0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ", "\u2011": "-"})


def read_number(value: str) -> str:
    """Return a phone number as people read it, with ordinary spaces; else raise ValueError."""
    number = value.translate(TYPED).strip()
    if not re.fullmatch(r"\+?[0-9][0-9 -]*", number):
        sign = re.search(r"[^\x00-\x7f]", number)
        raise ValueError(
            f'"{number}" is not a number to call'
            + (f": it has the sign {sign[0]} (U+{ord(sign[0]):04X})" if sign else "")
            + '. Write digits, spaces and ordinary hyphens, as in "+44 20 7946 0018".'
        )
    return number


read_code = matching(re.compile(r"\+[0-9]{1,3}"), 'is not a dialling code. Write it as in "+61".')
read_mail = matching(EMAIL, "is not an email address. Write it as name@example.org.")

TABLES = {
    "country": {
        "name": Key("The country, as its people call it.", read_text, required=True),
        "emergency": Key("The number where life is in danger.", read_number),
        "checked": Key("The day on which the emergency number was checked.", read_past_date),
    },
    "helpline": {
        "country": Key("A country of this file.", read_text, required=True),
        "name": Key("The service, as it calls itself.", read_text, required=True),
        "about": Key("What callers should know.", read_text),
        "call": Key("The number to call.", read_number),
        "text": Key("The number to text.", read_number),
        "code": Key("The dialling code of a `text` number that starts with 0.", read_code),
        "word": Key("What to text.", read_text),
        "chat": Key("Where to chat online.", read_https),
        "mail": Key("Where to write.", read_mail),
        "site": Key("The service's own site.", read_https),
        "checked": Key("The day on which somebody confirmed it.", read_past_date, required=True),
    },
    "elsewhere": {
        "name": Key("A directory of services.", read_text, required=True),
        "site": Key("Where it is.", read_https, required=True),
        "checked": Key("The day on which somebody confirmed it.", read_past_date, required=True),
    },
}
# How many entries of each table there are at the least. Mindframe's rule: two services that answer
# day and night.
AT_LEAST = {"country": 1, "helpline": 2, "elsewhere": 1}


def lines_of(content: str) -> dict[str, list[dict[str, int]]]:
    """Return the line of each key of each entry, by table; "" stands for the entry itself.

    Raise DataError for a name in single brackets, which makes no list of entries.
    """
    entry: dict[str, int] = {}
    tables: dict[str, list[dict[str, int]]] = defaultdict(list)
    for line, row in enumerate(content.split("\n"), 1):
        if head := re.match(r"\s*(\[\[?)\s*(\w+)\s*\]", row):
            entry = {"": line}
            tables[head[2]].append(entry)
            if head[1] == "[" and head[2] in TABLES:
                message = f"{row.strip()} begins no entry. Write [[{head[2]}]], in two brackets."
                raise DataError([(line, message)])
        elif key := re.match(r"\s*(\w+)\s*=", row):
            entry.setdefault(key[1], line)
    return tables


def syntax_problem(content: str, error: tomllib.TOMLDecodeError) -> tuple[int, str]:
    """Return the line of what tomllib could not read, and a message."""
    rows = content.split("\n")
    place = re.search(r"line (\d+)", str(error))
    line = int(place[1]) if place else len(rows)
    reason = str(error).partition(" (at")[0]
    pair = re.match(r"\s*(\w+)\s*[=:]\s*(.*)", rows[line - 1])
    if not pair or pair[2].startswith(("[", "{")):
        return line, f'This is no TOML: {reason}. Write key = "value", as its neighbours do.'
    key, value = pair.groups()
    if "overwrite" in reason:
        return line, f"{key} stands twice in one entry. Keep one of them."
    if key == "checked":
        return line, f'{key}: "{value}" is not a date. Write it as 2026-11-24.'
    words = re.sub(r"\s+#.*|[\"'“”„‘’«»\\]", "", value).strip() or "…"
    message = "the value stands in straight quotation marks, one at each end, after =."
    return line, f'{key}: {message} Write {key} = "{words}".'


def read_entries(content: str) -> dict[str, list[SimpleNamespace]]:
    """Return the entries of each table: a value for each key, or None, and `lines`.

    `lines` holds the line of each key; of the entry, where it has no such key. Raise DataError for
    what is wrong in the file.
    """
    places = lines_of(content)
    try:
        written = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise DataError([syntax_problem(content, error)]) from error
    problems = []
    for name in written.keys() - TABLES.keys():
        line = places[name][0][""] if places[name] else 1
        problems.append((line, f"{name} is unknown here.{did_you_mean(name, TABLES)}"))
    tables: dict[str, list[SimpleNamespace]] = {}
    for table, keys in TABLES.items():
        tables[table] = []
        listed = written.get(table, [])
        if not isinstance(listed, list) or not AT_LEAST[table] <= len(listed) == len(places[table]):
            message = (
                f"The file needs at least {AT_LEAST[table]} [[{table}]], and no other {table}."
            )
            problems.append((1, message))
            continue
        for entry, lines in zip(listed, places[table], strict=True):
            lines = dict.fromkeys([*keys, *entry], lines[""]) | lines
            values, messages = read_entry(entry, table)
            problems += [(lines[name], f"{name}: {text}") for name, text in messages.items()]
            tables[table].append(SimpleNamespace(lines=lines, **values))
    if problems := problems or list(contradictions(**tables)):
        raise DataError(sorted(problems))
    return tables


def read_entry(entry: dict[str, object], table: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what `read_values` does, for an entry of a table."""
    keys = TABLES[table]
    if unknown := entry.keys() - keys.keys():  # what is missing may be what is mistyped
        return {}, {
            name: f"this is no key of a {table}.{did_you_mean(name, keys)}" for name in unknown
        }
    values, messages = read_values(keys, {name: str(value) for name, value in entry.items()})
    for name, value in entry.items():
        if not isinstance(value, str | datetime.date):
            messages[name] = f'{value} stands without quotation marks. Write "{value}".'
    return values, messages


def contradictions(
    country: list[SimpleNamespace], helpline: list[SimpleNamespace], elsewhere: object
) -> Iterator[tuple[int, str]]:
    """Yield the line of what is wrong between keys of an entry, or between entries; a message."""
    names = [entry.name for entry in country]
    reached = {line.country for line in helpline}
    for number, entry in enumerate(country):
        if entry.name in names[:number]:
            yield entry.lines[""], f"{entry.name} stands twice. Keep one of them."
        if entry.emergency and not entry.checked:
            yield entry.lines[""], "checked is missing: the day of the emergency number."
        if not entry.emergency and entry.name not in reached:
            message = f"{entry.name} has neither an emergency number nor a helpline. Take it out."
            yield entry.lines[""], message
    for line in helpline:
        if line.country not in names:
            hint = did_you_mean(line.country, names)
            message = f"country: {line.country} is no [[country]] of this file.{hint}"
            yield line.lines["country"], message
        if not (line.call or line.text):
            yield line.lines[""], "This helpline needs `call` or `text`."
        if (line.text or "").startswith("0") and not line.code:
            message = 'A text number that starts with 0 needs `code`, as in code = "+61".'
            yield line.lines["text"], message
        for name in ("code", "word"):
            if getattr(line, name) and not line.text:
                yield line.lines[name], f"{name} belongs to a `text` number, and there is none."


def dial(number: str, code: str | None = None) -> str:
    """Return a number as tel: and sms: need it: no spaces, the country's code in place of its 0."""
    digits = re.sub("[ -]", "", number)
    return code + digits.removeprefix("0") if code else digits


def bare(address: str) -> str:
    """Return an https address without its scheme and www."""
    return address.removeprefix("https://").removeprefix("www.").rstrip("/")


def way(
    verb: str, url: str, number: str = "", *, on_paper: str = "", note: str = ""
) -> SimpleNamespace:
    """Return a way to reach somebody, as a template prints it.

    `words` is all of it: the `verb` and the `number`, which a template keeps in one line.
    `on_paper` is the address that a printed page adds, and `note` what a reader needs to know.
    """
    words = f"{verb} {number}".rstrip()
    return SimpleNamespace(
        verb=verb, number=number, words=words, url=url, on_paper=on_paper, note=note
    )


def page_line(line: SimpleNamespace) -> SimpleNamespace:
    """Return a helpline as the pages print it.

    `now` are the ways to reach somebody at once, `texts` those of them that need no voice, `mails`
    those that nobody answers at once, and `later` these and the site.
    """
    calls, texts, mails, sites = [], [], [], []
    if line.call:
        calls.append(way("Call", f"tel:{dial(line.call)}", line.call))
    if line.text:
        # RFC 5724 asks for percent-encoding: without it "&" or "#" would end the message.
        body = f"?body={quote(line.word, safe='')}" if line.word else ""
        verb = f"Text {line.word} to" if line.word else "Text"
        texts.append(way(verb, f"sms:{dial(line.text, line.code)}{body}", line.text))
    if line.chat:
        texts.append(way("Chat online", line.chat, on_paper=bare(line.chat)))
    if line.mail:
        mails.append(way(f"Email {line.mail}", f"mailto:{line.mail}", note="slower"))
    if line.site:
        sites.append(way(bare(line.site), line.site))
    return SimpleNamespace(
        name=line.name,
        about=line.about,
        now=calls + texts,
        texts=texts,
        mails=mails,
        later=mails + sites,
    )


def page_country(country: SimpleNamespace, helplines: list[SimpleNamespace]) -> SimpleNamespace:
    """Return a country as the pages print it."""
    lines = [page_line(line) for line in helplines if line.country == country.name]
    number = country.emergency
    return SimpleNamespace(
        name=country.name,
        emergency=way("Emergency", f"tel:{dial(number)}", number) if number else None,
        lines=lines,
        written=[text for line in lines for text in line.texts]
        or [mail for line in lines for mail in line.mails],
        first=lines[0].now[0] if lines else None,
    )


@lru_cache(maxsize=1)
def parse(content: str) -> SimpleNamespace:
    """Return what the pages print: `countries`, `elsewhere` and `checked`.

    Each country has its `emergency` number (or none) and its `lines`. A country's `written` gathers
    what needs no voice: texts and chats, or emails where it has neither. Its `first` is the way
    that is printed where there is room for one alone. `checked` is the day of the number that was
    checked longest ago, and `entries` are those of the file that say such a day. The check, the
    pages and each save in the preview share the result: nobody may change it. Raise DataError for
    what is wrong in the file.
    """
    tables = read_entries(content)
    entries = [entry for table in tables.values() for entry in table if entry.checked]
    return SimpleNamespace(
        countries=[page_country(country, tables["helpline"]) for country in tables["country"]],
        elsewhere=[
            SimpleNamespace(name=entry.name, site=entry.site, words=bare(entry.site))
            for entry in tables["elsewhere"]
        ],
        checked=min(entry.checked for entry in entries),
        entries=entries,
    )


def read(path: Path) -> SimpleNamespace:
    """Return the helplines of a file as `parse` does; raise DataError or OSError."""
    return parse(text.read(path))
