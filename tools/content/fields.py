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
    read: Callable[[Any], Any]
    required: bool = False
    default: Any = None


def read_values(
    keys: Mapping[str, Key], written: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Read what is written; return a value for every key, and a message for each that has none.

    A key that is not written has its default, unless it is required. `written` holds known keys
    only.
    """
    values, messages = {}, {}
    for name, key in keys.items():
        values[name] = key.default
        if name in written:
            try:
                values[name] = key.read(written[name])
            except ValueError as error:
                messages[name] = str(error)
        elif key.required:
            messages[name] = f"is missing. {key.description}"
    return values, messages


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


def read_past_date(value: str) -> datetime.date:
    """Read the day on which something was checked; raise ValueError for one in the future."""
    day = read_date(value)
    if day > today():
        raise ValueError(f"{day} lies in the future. Write the day on which it was checked.")
    return day


def read_text(value: str) -> str:
    """Return a value; raise ValueError if it has neither a letter nor a digit."""
    if not re.search(r"\w", value):
        raise ValueError("is empty. Write something there.")
    return value


def matching(pattern: re.Pattern[str], remedy: str) -> Callable[[str], str]:
    """Return a reader that accepts what matches a pattern; its error ends with `remedy`."""

    def match(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(f'"{value}" {remedy}')
        return value

    return match


def contact_url(contact: str) -> str:
    """Return CONTACT as a link to follow: an email address with mailto: before it."""
    return f"mailto:{contact}" if EMAIL.fullmatch(contact) else contact


read_https = matching(HTTPS, "is not a secure address. Write it as https://example.org/page.")


def choice(*allowed: str) -> Callable[[str], str]:
    """Return a reader that accepts one of these words, in any case; its error names the nearest."""

    def choose(value: str) -> str:
        if value.lower() in allowed:
            return value.lower()
        hint = did_you_mean(value, allowed)
        raise ValueError(f'"{value}" is unknown here. Write {" or ".join(allowed)}.{hint}')

    return choose
