"""Every fault in the content is found at once, before anything is built: file, line, sentence.

A post cannot be lost: each file under content/ is a post, a page, a picture or one of the site's
own files, or it is a fault.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tools.check.document import Document, Rules
from tools.check.files import sort_out, special_files
from tools.check.links import links, uncited
from tools.check.settings import setting_problems, theme_problems
from tools.content import helplines, sources
from tools.content.data import DataError
from tools.content.problem import Problem, did_you_mean, relative

YEAR = re.compile(r"\d{4}")
UNREADABLE = "The file is missing, or not UTF-8 text. Take the last one back from git."


def data_problems(
    settings: dict[str, Any], root: Path
) -> tuple[dict[str, SimpleNamespace], list[Problem]]:
    """Read sources.bib and helplines.toml; return the sources and the faults of both files."""
    found: dict[str, Any] = {}
    problems = []
    for name, read in (("helplines.toml", helplines.read), ("sources.bib", sources.read)):
        file = relative(Path(settings["PATH"]) / name, root)
        try:
            found[name] = read(settings)
        except DataError as error:
            problems += [Problem(file, line, message) for line, message in error.problems]
        except (OSError, UnicodeDecodeError):
            problems.append(Problem(file, 1, UNREADABLE))
    return found.get("sources.bib", {}), problems


def alone(documents: list[Document], settings: dict[str, Any], theme: Path) -> Iterator[Problem]:
    """Yield what is wrong between files: one address, title or number twice, a gap, a category."""
    reserved = {
        str(settings[key]).split("/")[0].removesuffix(".html").removesuffix(".xml")
        for key in settings
        if key.endswith("_SAVE_AS") and settings[key] and "{" not in str(settings[key])
    } | {"category", "tag", "author", "drafts", "images", "theme"}
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
    if "EXAMINE" in rules.settings:
        return rules.settings["EXAMINE"](texts, rules)
    return [rules.examine(Path(text)) for text in texts]


def inspect(root: Path, settings: dict[str, Any]) -> tuple[list[Document], list[Problem]]:
    """Return every post and page of the project at `root`, and every fault in them, sorted.

    `settings` are Pelican's, read from pelicanconf.py.
    """
    content, theme = Path(settings["PATH"]), Path(settings["THEME"])
    if special := special_files(content, root):  # nothing is read, or it would wait for ever
        return [], special
    bibliography, found = data_problems(settings, root)
    texts, strays = sort_out(content, root)
    documents = read(texts, Rules(root, settings, bibliography))
    found += [*strays, *theme_problems(theme, root), *setting_problems(settings, root)]
    found += [
        *alone(documents, settings, theme),
        *links(documents, {*bibliography}, content, relative(content, root)),
    ]
    if bibliography:
        found += uncited(documents, bibliography, content, root)
    return documents, sorted({*found, *(problem for d in documents for problem in d.problems)})
