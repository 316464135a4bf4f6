"""A problem: file, line, and a sentence with what is wrong and what to write."""

import logging
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

# Notes to oneself, which no reader needs: find the fact, or leave its place out.
GAP = re.compile(
    r"\b(?=[nuitxl])(?:not (?:yet )?(?:recorded|confirmed)|unconfirmed|in our check"
    r"|to be (?:confirmed|checked|done)|TODO|TBC|TBD|XXX+|Lorem ipsum)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class Problem:
    """One problem in one file. `line` counts from 1; 1 also stands for the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """Return "file:line: message", which editors can jump to."""
        return f"{self.file}:{self.line}: {self.message}"

    @property
    def annotation(self) -> str:
        """The problem as a workflow command of GitHub's, which shows it beside the line."""
        message = self.message.replace("%", "%25").replace("\n", "%0A")
        return f"::error file={self.file},line={self.line}::{message}"


class DataError(ValueError):
    """The problems of a data file; `problems` holds a line and a message for each."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(f"line {line}: {message}" for line, message in problems))
        self.problems = problems


def report(problems: Iterable[Problem]) -> str:
    """Return all problems, sorted, a line each; under CI followed by annotations."""
    unique = sorted(set(problems))
    lines = [str(problem) for problem in unique]
    if os.environ.get("CI"):
        lines += [problem.annotation for problem in unique]
    return "\n".join(lines)


def relative(path: Path, root: Path) -> str:
    """Return a path relative to the project's root, with forward slashes."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def did_you_mean(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return " Did you mean …?" with the nearest known word, or "" if none is near.

    `cutoff` is how like it must be, from 0 to 1, as difflib counts it.
    """
    lower = {k.lower(): k for k in known}
    near = get_close_matches(word.lower(), lower, n=1, cutoff=cutoff)
    return f" Did you mean {lower[near[0]]}?" if near else ""


def shortened(text: str, length: int) -> str:
    """Return a text, cut to `length` characters and a mark that it goes on, if it is longer."""
    return text if len(text) <= length else f"{text[:length].rstrip()} …"


def first_words(text: str, count: int) -> str:
    """Return the first words of a text, and a mark that it goes on, if it has more."""
    words = text.split()
    return " ".join(words) if len(words) <= count else f"{' '.join(words[:count])} …"


def gap_message(words: str) -> str:
    """Return a message for words that only say that something is unknown."""
    return f'"{words}" tells readers of a gap. Find the fact, or leave its place out.'


class ProblemHandler(logging.Handler):
    """Collect every warning as a problem, whatever the command line prints.

    A record whose message is a Problem keeps it; any other is attributed to Pelican.
    """

    def __init__(self, name: str) -> None:
        super().__init__(logging.WARNING)
        self.name = name
        self.problems: list[Problem] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Collect one record."""
        problem: object = record.msg
        if not isinstance(problem, Problem):
            problem = Problem("pelican", 1, record.getMessage())
        self.problems.append(problem)
