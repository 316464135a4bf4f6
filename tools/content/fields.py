"""One idiom for every format: a table of keys, each with the function that reads its value.

That function takes the value as written and returns what it means, or raises ValueError with what
is wrong and what to write.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tools.content.problem import did_you_mean

# Addresses that readers can follow or write to. They are checked for form alone.
HTTPS = re.compile(r"https://[^\s/]+\.[^\s/]+(?:/\S*)?")
EMAIL = re.compile(r"[^@\s:/]+@[^@\s/]+\.[^@\s/.]+")
LATEST_ZONE = datetime.timezone(datetime.timedelta(hours=14))
# Nothing dated in the content is older: an earlier year is a typing error.
EARLIEST = datetime.date(1990, 1, 1)


@dataclass(frozen=True)
class Key:
    """A key of a format: its sentence in the writers' guide, its reader, its default."""

    description: str
    read: Callable[[str], Any]
    required: bool = False
    default: Any = None


def read_values(
    keys: Mapping[str, Key], written: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Read what is written; return a value for every key, and a message for each wrong value.

    A key that is not written has its default. `written` holds known keys only.
    """
    values = {name: key.default for name, key in keys.items()}
    messages = {}
    for name, value in written.items():
        try:
            values[name] = keys[name].read(value)
        except ValueError as error:
            messages[name] = str(error)
    return values, messages


def missing(keys: Mapping[str, Key], written: Mapping[str, str]) -> list[str]:
    """Return the required keys that are not written."""
    return [name for name, key in keys.items() if key.required and name not in written]


def today() -> datetime.date:
    """Return the date in the easternmost time zone, so that no writer's "today" is the future."""
    return datetime.datetime.now(LATEST_ZONE).date()


def read_date(value: str) -> datetime.date:
    """Read a date written as 2026-11-24; raise ValueError for any other form."""
    if re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", value):
        raise ValueError(
            f'"{value}" can be read in two ways. Write year, month, day, as in 2026-11-24.'
        )
    day = None
    with suppress(ValueError):
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            day = datetime.date.fromisoformat(value)
    if day is None:
        raise ValueError(f'"{value}" is not a date. Write it as 2026-11-24.')
    if day < EARLIEST:
        raise ValueError(f'"{value}" lies before {EARLIEST.year}. Correct the year.')
    return day


def past(day: datetime.date) -> datetime.date:
    """Return the day on which something was checked; raise ValueError for one in the future."""
    if day > today():
        raise ValueError(f"{day} lies in the future. Write the day on which it was checked.")
    return day


def read_past_date(value: str) -> datetime.date:
    """Read the day on which something was checked."""
    return past(read_date(value))


def read_text(value: str) -> str:
    """Return a value; raise ValueError if it has neither a letter nor a digit."""
    if not re.search(r"\w", value):
        raise ValueError("is empty. Write something after the colon.")
    return value


def contact_url(contact: str) -> str:
    """Return CONTACT as a link to follow: an email address with mailto: before it."""
    return f"mailto:{contact}" if EMAIL.fullmatch(contact) else contact


def choice(*allowed: str) -> Callable[[str], str]:
    """Return a reader that accepts one of these words, in any case; its error names the nearest."""

    def choose(value: str) -> str:
        if value.lower() in allowed:
            return value.lower()
        hint = did_you_mean(value, allowed)
        raise ValueError(f'"{value}" is unknown here. Write {" or ".join(allowed)}.{hint}')

    return choose
