"""Read content/helplines.toml: whom people in danger can reach, country by country."""

import datetime
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from tools.content import text
from tools.content.fields import EMAIL, HTTPS, Key, past
from tools.content.problem import DataError, did_you_mean

# Spaces and hyphens of word processors and web pages, and what a person would type.
TYPED = str.maketrans({"\xa0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ", "\u2011": "-"})


def read_day(value: object) -> datetime.date:
    """Return a date; raise ValueError for anything else, and for a date in the future."""
    if type(value) is not datetime.date:
        raise ValueError(f"{value} is not a date. Write it as 2026-11-24, without quotation marks.")
    return past(value)


def read_words(value: object) -> str:
    """Return a string with words in it; raise ValueError for anything else."""
    if not isinstance(value, str):
        raise ValueError(f'{value} stands without quotation marks. Write "{value}".')
    if not re.search(r"\w", value):
        raise ValueError("is empty. Write something between the quotation marks.")
    return value


def read_number(value: object) -> str:
    """Return a phone number as people read it, with ordinary spaces; else raise ValueError."""
    number = read_words(value).translate(TYPED).strip()
    if not re.fullmatch(r"\+?[0-9][0-9 -]*", number):
        raise ValueError(
            f'"{number}" is not a number to call. Write digits and spaces, as in "116 123" '
            'or "+44 20 7946 0018".'
        )
    return number


def read_code(value: object) -> str:
    """Return a country's dialling code; else raise ValueError."""
    if not re.fullmatch(r"\+[0-9]{1,3}", code := read_words(value)):
        raise ValueError(f'"{code}" is not a dialling code. Write it as in "+61".')
    return code


def read_site(value: object) -> str:
    """Return an https address; else raise ValueError."""
    if not HTTPS.fullmatch(address := read_words(value)):
        raise ValueError(f'"{address}" is not a secure address. Write it as in "https://988.ca".')
    return address


def read_mail(value: object) -> str:
    """Return an email address; else raise ValueError."""
    if not EMAIL.fullmatch(address := read_words(value)):
        raise ValueError(f'"{address}" is not an email address.')
    return address


TABLES = {
    "country": {
        "name": Key("The country, as its people call it.", read_words, required=True),
        "emergency": Key("The number where life is in danger.", read_number),
        "checked": Key("The day on which the emergency number was checked.", read_day),
    },
    "helpline": {
        "country": Key("A country of this file.", read_words, required=True),
        "name": Key("The service, as it calls itself.", read_words, required=True),
        "about": Key("What callers should know.", read_words),
        "call": Key("The number to call.", read_number),
        "text": Key("The number to text.", read_number),
        "code": Key("The dialling code of a `text` number that starts with 0.", read_code),
        "word": Key("What to text.", read_words),
        "chat": Key("Where to chat online.", read_site),
        "mail": Key("Where to write.", read_mail),
        "site": Key("The service's own site.", read_site),
        "checked": Key("The day on which somebody confirmed it.", read_day, required=True),
    },
    "elsewhere": {
        "name": Key("A directory of services.", read_words, required=True),
        "site": Key("Where it is.", read_site, required=True),
        "checked": Key("The day on which somebody confirmed it.", read_day, required=True),
    },
}
Entry = dict[str, Any]
Way = dict[str, str]


def dial(number: str, code: str = "") -> str:
    """Return a number as tel: and sms: need it: no spaces, the country's code in place of its 0."""
    digits = re.sub("[ -]", "", number)
    return code + digits.removeprefix("0") if code else digits


def bare(address: str) -> str:
    """Return an https address without its scheme and www."""
    return address.removeprefix("https://").removeprefix("www.").rstrip("/")


def call_ways(line: Entry) -> list[Way]:
    """Return the way to call a helpline, where it has a number for that."""
    return [way("Call", f"tel:{dial(line['call'])}", line["call"])] if "call" in line else []


def text_ways(line: Entry) -> list[Way]:
    """Return the ways to reach somebody at once for those who cannot talk out loud."""
    ways = []
    if "text" in line:
        number, word = dial(line["text"], line.get("code", "")), line.get("word")
        # RFC 5724 asks for percent-encoding: without it "&" or "#" would end the message.
        url = f"sms:{number}" + (f"?body={quote(word, safe='')}" if word else "")
        ways.append(way(f"Text {word} to" if word else "Text", url, line["text"]))
    if "chat" in line:
        ways.append(way("Chat online", line["chat"], on_paper=bare(line["chat"])))
    return ways


def mail_ways(line: Entry) -> list[Way]:
    """Return the way to email a helpline: the one that nobody answers at once."""
    if "mail" not in line:
        return []
    return [way(f"Email {line['mail']}", f"mailto:{line['mail']}", note="slower")]


def site_ways(line: Entry) -> list[Way]:
    """Return the address of a helpline's own site, where it has one that helps."""
    return [way(bare(line["site"]), line["site"])] if "site" in line else []


def way(verb: str, url: str, number: str = "", *, on_paper: str = "", note: str = "") -> Way:
    """Return a way to reach somebody, as a template prints it.

    `words` is all of it: the `verb` and the `number`, which a template keeps in one line.
    `on_paper` is the address that a printed page adds, and `note` what a reader needs to know.
    """
    words = f"{verb} {number}".rstrip()
    return {
        "verb": verb,
        "number": number,
        "words": words,
        "url": url,
        "on_paper": on_paper,
        "note": note,
    }


class File:
    """The text of helplines.toml, with the line of each entry and key, and the problems in it."""

    def __init__(self, text: str) -> None:
        self.rows = text.split("\n")
        self.problems: list[tuple[int, str]] = []

    def line_of(self, table: str, number: int = 0, key: str = "") -> int:
        """Return the line of a key in a table's entry `number`; of the entry, if it has none."""
        head = re.compile(rf"\s*\[\[?\s*{re.escape(table)}\s*\]?\]")
        starts = [i for i, row in enumerate(self.rows) if head.match(row)]
        if number >= len(starts):
            return 1
        for i in range(starts[number] + 1, len(self.rows)):
            if self.rows[i].lstrip().startswith("["):
                break
            if key and re.match(rf"\s*{re.escape(key)}\s*=", self.rows[i]):
                return i + 1
        return starts[number] + 1

    def check_brackets(self) -> None:
        """Note each entry whose name stands in single brackets, which makes no list of entries."""
        for line, row in enumerate(self.rows, 1):
            head = re.match(r"\s*\[\s*(\w+)\s*\]\s*(?:#.*)?$", row)
            if head and head[1] in TABLES:
                self.problems.append(
                    (line, f"{row.strip()} begins no entry. Write [[{head[1]}]], in two brackets.")
                )

    def note_syntax_error(self, error: tomllib.TOMLDecodeError) -> None:
        """Note what tomllib could not read."""
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else len(self.rows)
        key = re.match(r"\s*(\w+)\s*=", self.rows[line - 1])
        if key and "overwrite" in str(error):
            message = f"{key[1]} stands twice in one entry. Keep one of them."
        else:
            reason = str(error).split(" (at")[0].replace("\n", " ")
            message = f'This is no TOML: {reason}. Write key = "value", as its neighbours do.'
        self.problems.append((line, message))

    def entries(self, table: str, values: object) -> list[Entry]:
        """Return a table's entries, read key by key; note what is wrong with them."""
        keys = TABLES[table]
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self.problems.append(
                (1, f"{table} is no list of entries. Begin each with [[{table}]].")
            )
            return []
        entries = []
        for number, value in enumerate(values):
            entry: Entry = {}
            for name, content in value.items():
                line = self.line_of(table, number, name)
                if name not in keys:
                    hint = did_you_mean(name, keys)
                    self.problems.append((line, f"{name} is no key of a {table}.{hint}"))
                    continue
                try:
                    entry[name] = keys[name].read(content)
                except ValueError as error:
                    self.problems.append((line, f"{name}: {error}"))
            # A required key that is missing may be the one that is mistyped.
            known = value.keys() <= keys.keys()
            for name, key in keys.items():
                if known and key.required and name not in value:
                    message = f"{name} is missing from this {table}."
                    self.problems.append((self.line_of(table, number), message))
            entries.append(entry)
        return entries

    def check_entries(self, tables: dict[str, list[Entry]]) -> None:
        """Note what is wrong between keys of one entry, and between entries."""
        countries = [country.get("name", "") for country in tables["country"]]
        for number, country in enumerate(tables["country"]):
            line = self.line_of("country", number)
            name = country.get("name", "")
            if name in countries[:number]:
                self.problems.append((line, f"{name} stands twice. Keep one of them."))
            if "emergency" in country and "checked" not in country:
                self.problems.append((line, "checked is missing: the day of the emergency number."))
            lines = [entry for entry in tables["helpline"] if entry.get("country") == name]
            if "emergency" not in country and not lines:
                message = f"{name} has neither an emergency number nor a helpline. Take it out."
                self.problems.append((line, message))
        for number, entry in enumerate(tables["helpline"]):
            line, country = self.line_of("helpline", number), entry.get("country", "")
            if country and country not in countries:
                hint = did_you_mean(country, countries)
                message = f"country: {country} is no [[country]] of this file.{hint}"
                self.problems.append((self.line_of("helpline", number, "country"), message))
            if not {"call", "text"} & entry.keys():
                self.problems.append((line, "This helpline needs `call` or `text`."))
            if entry.get("text", "").startswith("0") and "code" not in entry:
                message = 'A text number that starts with 0 needs `code`, as in code = "+61".'
                self.problems.append((self.line_of("helpline", number, "text"), message))
            for name in ("code", "word"):
                if name in entry and "text" not in entry:
                    message = f"{name} belongs to a `text` number, and there is none."
                    self.problems.append((self.line_of("helpline", number, name), message))


def parse(content: str) -> SimpleNamespace:
    """Return what the pages print: `countries`, `elsewhere` and `checked`.

    Each country has its `emergency` number (or none) and its `lines`. A line has `now`, the ways
    to reach it at once, and `later`, its email and site. A country's `written` gathers what needs
    no voice: texts and chats, or emails where it has neither. Its `first` is the way that is
    printed where there is room for one alone. `checked` is the day of the number that was checked
    longest ago. Raise DataError for what is wrong in the file.
    """
    file = File(content)
    file.check_brackets()
    if file.problems:
        raise DataError(file.problems)
    try:
        values = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        file.note_syntax_error(error)
        raise DataError(file.problems) from error
    for name in values.keys() - TABLES.keys():
        line = next((i for i, row in enumerate(file.rows, 1) if name in row), 1)
        file.problems.append((line, f"{name} is unknown here.{did_you_mean(name, TABLES)}"))
    tables = {table: file.entries(table, values.get(table, [])) for table in TABLES}
    # Mindframe's rule: at least two services that answer day and night.
    for table, least in {"country": 1, "helpline": 2, "elsewhere": 1}.items():
        if len(tables[table]) < least and table not in values.keys() - TABLES.keys():
            file.problems.append((1, f"The file needs at least {least} [[{table}]]."))
    if not file.problems:
        file.check_entries(tables)
    if file.problems:
        raise DataError(sorted(file.problems))
    days = [
        entry["checked"] for entries in tables.values() for entry in entries if "checked" in entry
    ]
    return namespace(
        {
            "countries": [
                page_country(country, tables["helpline"]) for country in tables["country"]
            ],
            "elsewhere": [{**entry, "words": bare(entry["site"])} for entry in tables["elsewhere"]],
            "checked": min(days),
        }
    )


def page_country(country: Entry, helplines: list[Entry]) -> dict[str, Any]:
    """Return a country as the pages print it."""
    lines = [line for line in helplines if line["country"] == country["name"]]
    number = country.get("emergency")
    now = [call_ways(line) + text_ways(line) for line in lines]
    texts = [each for line in lines for each in text_ways(line)]
    return {
        "name": country["name"],
        "emergency": way("Emergency", f"tel:{dial(number)}", number) if number else None,
        "lines": [
            {
                "name": line["name"],
                "about": line.get("about"),
                "now": ways,
                "later": mail_ways(line) + site_ways(line),
            }
            for line, ways in zip(lines, now, strict=True)
        ],
        "written": texts or [each for line in lines for each in mail_ways(line)],
        "first": now[0][0] if now else None,
    }


def namespace(value: Any) -> Any:  # noqa: ANN401
    """Return nested mappings as namespaces, whose values templates read by name."""
    if isinstance(value, dict):
        return SimpleNamespace(**{name: namespace(each) for name, each in value.items()})
    return [namespace(each) for each in value] if isinstance(value, list) else value


def read(path: Path) -> SimpleNamespace:
    """Return the helplines of a file as `parse` does; raise DataError or OSError."""
    return parse(text.read(path))
