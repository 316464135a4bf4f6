"""What content/helplines.toml may hold: numbers that people in danger can call, and who answers."""

import datetime
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    computed_field,
    model_validator,
)

from tools.content import data
from tools.content.data import DataError
from tools.content.header import today
from tools.content.problem import plain_words


def not_to_come(day: datetime.date) -> datetime.date:
    """Refuse a day on which nobody can have checked anything yet."""
    if day > today():
        raise ValueError(f"{day} lies in the future. Write the day on which it was checked.")
    return day


Checked = Annotated[datetime.date, AfterValidator(not_to_come)]
Number = Annotated[str, Field(pattern=r"^[0-9][0-9 -]*$")]
Address = Annotated[str, Field(pattern=r"^https://[^\s]+$")]


def dial(number: str, code: str | None = None) -> str:
    """Return the number as tel: and sms: want it: no spaces, and the country's code for its 0."""
    digits = number.replace(" ", "").replace("-", "")
    return code + digits.removeprefix("0") if code else digits


class Entry(BaseModel):
    """What every entry has; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    checked: Checked


class Emergency(Entry):
    """An emergency number and the countries it is for."""

    number: Number
    where: str

    @computed_field
    @property
    def call_url(self) -> str:
        """The tel: address."""
        return f"tel:{dial(self.number)}"


class Helpline(Entry):
    """A service that listens, day and night, and the ways to reach it."""

    country: str
    name: str
    about: str
    call: Number | None = None
    text: Number | None = None
    code: Annotated[str, Field(pattern=r"^\+[0-9]+$")] | None = None
    word: str | None = None
    chat: Address | None = None
    mail: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    site: Address | None = None

    @model_validator(mode="after")
    def reachable(self) -> Self:
        """Refuse a service that nobody can reach."""
        if not (self.call or self.text):
            raise ValueError("a helpline needs `call` or `text`")
        if self.text and self.text.startswith("0") and not self.code:
            raise ValueError('a text number that starts with 0 needs `code`, as in code = "+61"')
        return self

    @computed_field
    @property
    def actions(self) -> list[dict[str, str]]:
        """The ways to reach it, each with the words to show and the address behind them."""
        actions = []
        if self.call:
            actions.append((f"Call {self.call}", f"tel:{dial(self.call)}"))
        if self.text:
            words = f"Text {self.word} to {self.text}" if self.word else f"Text {self.text}"
            body = f"?body={self.word}" if self.word else ""
            actions.append((words, f"sms:{dial(self.text, self.code)}{body}"))
        if self.chat:
            actions.append((f"Chat: {bare(self.chat)}", self.chat))
        if self.mail:
            actions.append((f"E-mail {self.mail}", f"mailto:{self.mail}"))
        if self.site:
            actions.append((bare(self.site), self.site))
        return [{"words": words, "url": url} for words, url in actions]


class Elsewhere(Entry):
    """A directory of services for every other country."""

    name: str
    site: Address

    @computed_field
    @property
    def words(self) -> str:
        """The name, with the address as people read it."""
        return f"{self.name}: {bare(self.site)}"


KEYS = [*Emergency.model_fields, *Helpline.model_fields]


class Helplines(BaseModel):
    """The whole file. At least two services that answer day and night, and one directory."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    emergency: Annotated[list[Emergency], Field(min_length=1)]
    helpline: Annotated[list[Helpline], Field(min_length=2)]
    elsewhere: Annotated[list[Elsewhere], Field(min_length=1)]

    @computed_field
    @property
    def checked(self) -> datetime.date:
        """The day on which the number that was checked longest ago was checked."""
        return min(e.checked for e in [*self.emergency, *self.helpline, *self.elsewhere])


def bare(address: str) -> str:
    """Return an https address as people read it aloud."""
    return address.removeprefix("https://").removeprefix("www.").rstrip("/")


def line_of(text: str, table: str, number: int, key: str) -> int:
    """Return the line of a key in the table's entry `number`; of the entry, if it has none."""
    rows = text.split("\n")
    starts = [i for i, row in enumerate(rows) if row.strip() == f"[[{table}]]"]
    if number >= len(starts):
        return 1
    for i in range(starts[number] + 1, len(rows)):
        if rows[i].startswith("[["):
            break
        if re.match(rf"\s*{re.escape(key)}\s*=", rows[i]):
            return i + 1
    return starts[number] + 1


def dump(text: str) -> str:
    """Return the whole file as JSON; raise DataError for what is wrong in it."""
    try:
        return Helplines.model_validate(tomllib.loads(text)).model_dump_json()
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        said = str(error).split(" (at")[0].replace("\n", " ")
        said = f'This is no TOML: {said}. Write key = "value", as its neighbours do.'
        raise DataError([(int(place[1]) if place else 1, said)]) from error
    except ValidationError as error:
        problems = []
        for problem in error.errors():
            table, *rest = problem["loc"] or ("",)
            number = rest[0] if rest and isinstance(rest[0], int) else 0
            key = str(rest[1]) if len(rest) > 1 else ""
            said = plain_words(problem, key or str(table), KEYS)
            said = f"{table}: {said}" if key or not said.startswith(str(table)) else said
            problems.append((line_of(text, str(table), number, key), said))
        raise DataError(problems) from error


def read(settings: dict[str, Any]) -> SimpleNamespace:
    """Return the helplines; raise as data.read does."""
    return data.read("helplines", Path(settings["PATH"]) / "helplines.toml", settings)
