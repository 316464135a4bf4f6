"""Every fault in the content is found at once, before anything is built: file, line, sentence.

A post cannot be lost: each file under content/ is a post, a page, a picture or one of the site's
own files, or it is a fault.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tools.check.document import Document, Rules
from tools.check.files import sort_out, special_files
from tools.check.letters import letter_problems
from tools.check.links import links, uncited
from tools.check.settings import setting_problems
from tools.content import article, helplines, sources
from tools.content.data import DataError
from tools.content.problem import Problem, did_you_mean, relative

YEAR = re.compile(r"\d{4}")
UNREADABLE = "The file is missing, or not UTF-8 text. Take the last one back from git."


@dataclass
class Data:
    """The data files of the content: None stands for one that cannot be read."""

    passages: list[article.Passage] | None
    helplines: SimpleNamespace | None
    bibliography: dict[str, SimpleNamespace] | None
    problems: list[Problem]


def read_data(settings: dict[str, Any], root: Path) -> Data:
    """Read article.txt, helplines.toml and sources.bib, and note the problems of each."""
    problems: list[Problem] = []

    def attempt(name: str, read: Callable[[Path], Any]) -> Any:  # noqa: ANN401
        path = Path(settings["PATH"]) / name
        try:
            return read(path)
        except DataError as error:
            problems.extend(Problem(relative(path, root), *each) for each in error.problems)
        except (OSError, UnicodeDecodeError):
            problems.append(Problem(relative(path, root), 1, UNREADABLE))
        return None

    return Data(
        attempt("article.txt", lambda path: article.passages(path.read_text(encoding="utf-8"))),
        attempt("helplines.toml", lambda _: helplines.read(settings)),
        attempt("sources.bib", lambda _: sources.read(settings)),
        problems,
    )


def alone(documents: list[Document], settings: dict[str, Any], theme: Path) -> Iterator[Problem]:
    """Yield what is wrong between files: one address, title or number twice, a gap, a category."""
    reserved = {
        str(settings[key]).split("/")[0].removesuffix(".html").removesuffix(".xml")
        for key in settings
        if key.endswith("_SAVE_AS") and settings[key] and "{" not in str(settings[key])
    } | {"tag", "drafts", "images", "theme"}
    titles = [d.header.title.lower() if d.header else "" for d in documents]
    for values, name, key in (
        ([d.slug for d in documents], "address", ""),
        (titles, "title", "title"),
        ([d.part for d in documents], "number", ""),
    ):
        twice = {value for value, count in Counter(values).items() if value and count > 1}
        first: dict[Any, str] = {}
        for document, value in zip(documents, values, strict=True) if twice else ():
            if value in twice and value in first:
                said = f'The {name} "{value}" is {first[value]}\'s already.'
                where = "the header" if key else "the file's name"
                line = document.header_lines.get(key, 1)
                yield Problem(document.file, line, f"{said} Change it in {where}.")
            first.setdefault(value, document.file)
    for document in documents:
        if document.slug in reserved or YEAR.fullmatch(document.slug):
            said = f"The address /{document.slug}/ is the site's own: rename the file."
            yield Problem(document.file, 1, said)
        category, template = map(document.metadata.get, ("category", "template"))
        if category and category not in settings["CATEGORIES"]:
            said = f"Category: {category} is none of {', '.join(settings['CATEGORIES'])}."
            hint = did_you_mean(category, settings["CATEGORIES"])
            yield Problem(document.file, document.header_lines["category"], said + hint)
        if template and not (theme / "templates" / f"{template}.html").exists():
            said = f"Template: the theme has no {template}.html. Leave the line out."
            yield Problem(document.file, document.header_lines["template"], said)
    parts = {d.part: d for d in documents if d.part and d.published}
    drafted = {d.part: d for d in documents if d.part and not d.published}
    missing = next(number for number in range(1, len(parts) + 2) if number not in parts)
    after = parts.get(min((number for number in parts if number > missing), default=0))
    if after and missing in drafted:
        said = f"Part {missing} is a draft, and part {after.part} is published: a gap."
        yield Problem(drafted[missing].file, 1, f"{said} Publish both, or neither.")
    elif after:
        said = f"This is part {after.part}, and there is no published part {missing}."
        hint = "Number the parts without a gap, or take the number off the file's name."
        yield Problem(after.file, 1, f"{said} {hint}")


def read(texts: list[str], rules: Rules) -> list[Document]:
    """Read posts and pages, each by itself."""
    return [rules.examine(Path(text)) for text in texts]


def inspect(
    root: Path,
    settings: dict[str, Any],
    read: Callable[[list[str], Rules], list[Document]] = read,
) -> tuple[list[Document], list[Problem]]:
    """Return every post and page of the project at `root`, and every problem in them, sorted.

    `settings` are Pelican's, read from pelicanconf.py. `read` reads the posts and pages, and may
    take from a cache what was read before by the same rules.
    """
    content, theme = Path(settings["PATH"]), Path(settings["THEME"])
    if special := special_files(content, root):  # nothing is read, or it would wait for ever
        return [], special
    data = read_data(settings, root)
    texts, strays = sort_out(content, root)
    rules = Rules.of(root, settings, data.passages, data.bibliography)
    documents, bibliography = read(texts, rules), data.bibliography or {}
    problems = [*data.problems, *strays, *setting_problems(settings, root)]
    problems += [
        *alone(documents, settings, theme),
        *links(documents, {*bibliography}, content, relative(content, root)),
        *letter_problems(documents, bibliography, settings, root),
    ]
    if bibliography:
        problems += uncited(documents, bibliography, content, root)
    return documents, sorted({*problems, *(problem for d in documents for problem in d.problems)})
