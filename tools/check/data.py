"""Read the data files of the content: what is neither a text nor a picture."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.content import article, helplines, sources, text
from tools.content.problem import DataError, Problem, relative

WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*")
MISSING = "The file is missing. Take the last one back from git."
GUIDE = "README.md"  # a copy of this site may do without it


def read_words(path: Path) -> None:
    """Raise DataError for each line of words.txt that the spelling check would pass over."""
    problems = [
        (number, f'"{word}" is not one word in small letters. Write one word a line.')
        for number, word in enumerate(map(str.strip, text.read(path).split("\n")), 1)
        if word and not WORD.fullmatch(word)
    ]
    if problems:
        raise DataError(problems)


# Each data file, and what reads it or raises DataError.
READERS: dict[str, Callable[[Path], Any]] = {
    article.NAME: article.read,
    "helplines.toml": helplines.read,
    "sources.bib": sources.read,
    "words.txt": read_words,
    GUIDE: text.read,
}


def read_data(content: Path, root: Path) -> tuple[dict[str, Any], list[Problem]]:
    """Return what each data file holds, by its name, or None; and the problems in them."""
    data, problems = dict.fromkeys(READERS), []
    for name, read in READERS.items():
        file = relative(content / name, root)
        try:
            data[name] = read(content / name)
        except DataError as error:
            problems += [Problem(file, *each) for each in error.problems]
        except OSError:
            if name != GUIDE:
                problems.append(Problem(file, 1, MISSING))
    return data, problems
