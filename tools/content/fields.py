"""One idiom for every format: a table of keys, each with what reads its value.

A reader takes the value as it is written and returns what it means, or raises ValueError with
what is wrong and what to write.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tools.content.problem import did_you_mean

LATEST_ZONE = datetime.timezone(datetime.timedelta(hours=14))
# Nothing that is dated here is older: a year before it is a slip of the keyboard.
EARLIEST = datetime.date(1990, 1, 1)


@dataclass(frozen=True)
class Key:
    """A key of a format: a sentence for the guide, what reads its value, what stands without."""

    description: str
    read: Callable[[str], Any]
    required: bool = False
    default: Any = None


def read_values(
    keys: Mapping[str, Key], written: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Read the written values by their keys; return all values, and a message for each wrong one.

    A key that is not written has its default.
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
    """Return the latest day that it is anywhere on earth, so that no writer is ahead of it."""
    return datetime.datetime.now(LATEST_ZONE).date()


def read_date(value: str) -> datetime.date:
    """Read 2026-11-24 and nothing else; say how to write what was meant."""
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
    """Read a day on which something was done: none that is to come."""
    day = read_date(value)
    if day > today():
        raise ValueError(f"{day} lies in the future. Write the day on which it was checked.")
    return day


def read_text(value: str) -> str:
    """Refuse a value without a letter or digit."""
    if not re.search(r"\w", value):
        raise ValueError("is empty. Write something after the colon.")
    return value


def choice(*allowed: str) -> Callable[[str], str]:
    """Return what accepts one of these words, in any case; for another, it names the nearest."""

    def choose(value: str) -> str:
        if value.lower() in allowed:
            return value.lower()
        hint = did_you_mean(value, allowed)
        raise ValueError(f'"{value}" is unknown here. Write {" or ".join(allowed)}.{hint}')

    return choose
