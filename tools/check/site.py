"""Find every problem in the content, before anything is built.

No post can be lost: each file under content/ is a post, a page, a picture or a data file, or it is
reported as a problem.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tools.check.data import read_data
from tools.check.document import Rules
from tools.check.files import sort_out, special_files
from tools.check.letters import letter_problems
from tools.check.links import links, uncited
from tools.check.settings import setting_problems
from tools.check.telephone import numbers
from tools.check.whole import missing_texts
from tools.content import article
from tools.content.document import Document
from tools.content.problem import Problem, did_you_mean, relative
from tools.content.slug import slugify

ID = re.compile(r'\bid="([\w-]+)"')


def reserved_addresses(settings: dict[str, Any]) -> set[str]:
    """Return the first step of each address that the site itself uses."""
    return {"drafts", "images", "tag", "theme", *settings["DIRECT_TEMPLATES"]}


def twice(documents: list[Document]) -> Iterator[Problem]:
    """Yield a problem for each address, title or number that two texts share, in the newer text.

    Of a post and a page with one date, it is in the post.
    """
    in_time = sorted(
        documents,
        key=lambda d: (str(d.header.date) if d.header else "9999", d.kind == "post", d.file),
    )
    # Of two parts with one number, the one without problems is the author's.
    by_faults = sorted(in_time, key=lambda d: len(d.problems))
    shared: list[tuple[str, list[Document], Callable[[Document], Any]]] = [
        ("address", in_time, lambda d: d.slug),
        ("title", in_time, lambda d: d.header and d.header.title),
        ("number", by_faults, lambda d: d.part),
    ]
    for name, order, value_of in shared:
        first: dict[str, Document] = {}
        for document in order:
            value = value_of(document)
            other = first.setdefault(str(value).lower(), document)
            if not value or other is document:
                continue
            line = document.header_lines.get(name, 1)
            where = "the header" if name == "title" else "the file's name"
            message = f'The {name} "{value}" is {other.file}\'s already. Change it in {where}.'
            if name == "number":
                # All else in it was judged as the part that it is not.
                document.problems.clear()
                message += " A post that is no part of the article has no number."
            yield Problem(document.file, line, message)


def names(documents: list[Document], settings: dict[str, Any], theme: Path) -> Iterator[Problem]:
    """Yield a problem for each unknown category or template, and for tags with one address."""
    first: dict[str, tuple[str, str]] = {}
    for document in documents:
        category, template = map(document.metadata.get, ("category", "template"))
        if category and category not in settings["CATEGORIES"]:
            message = f"Category: {category} is none of {', '.join(settings['CATEGORIES'])}."
            hint = did_you_mean(category, settings["CATEGORIES"])
            yield Problem(document.file, document.header_lines["category"], message + hint)
        if template and not (theme / "templates" / f"{template}.html").exists():
            message = f"Template: the theme has no {template}.html. Leave the line out."
            yield Problem(document.file, document.header_lines["template"], message)
        for tag in filter(None, map(str.strip, document.metadata.get("tags", "").split(","))):
            other, file = first.setdefault(slugify(tag), (tag, document.file))
            if tag != other:
                message = f"Tags: {tag} and {other} ({file}) have one address. Write one of them"
                line = document.header_lines["tags"]
                yield Problem(document.file, line, f"{message} in both places.")


def ids(documents: list[Document], keys: set[str], theme: Path) -> Iterator[Problem]:
    """Yield a problem for each heading whose id is one of the theme's, or a source's key."""
    templates = (path.read_text(encoding="utf-8") for path in theme.glob("templates/*.html"))
    taken = keys.union(*map(ID.findall, templates))
    for document in documents:
        for name in taken & document.ids.keys():
            message = f"This heading's place, #{name}, is taken on the page. Use other words."
            yield Problem(document.file, document.ids[name], message)


def reserved(documents: list[Document], settings: dict[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each text whose address is the site's own."""
    taken = reserved_addresses(settings)
    for document in documents:
        if document.slug in taken:
            message = f"The address /{document.slug}/ is the site's own: rename the file."
            yield Problem(document.file, 1, message)


def read(texts: list[str], rules: Rules) -> list[Document]:
    """Read posts and pages, each by itself."""
    return [rules.examine(Path(text)) for text in texts]


def inspect(
    root: Path,
    settings: dict[str, Any],
    read: Callable[[list[str], Rules], list[Document]] = read,
) -> tuple[list[Document], list[Problem]]:
    """Return every post and page of the project at `root`, and every problem in them, sorted.

    `settings` are those of pelicanconf.py. `read` reads the posts and pages; it may take them from
    a cache.
    """
    content, theme = Path(settings["PATH"]), Path(settings["THEME"])
    if special := special_files(content, root):  # reading one would wait for ever
        return [], special
    data, data_problems = read_data(content, root)
    files, passages = sort_out(content, root), data[article.NAME]
    known = numbers(data["helplines.toml"]) if data["helplines.toml"] else frozenset()
    rules = Rules(root, settings, passages, data["sources.bib"], known)
    documents, bibliography = read(files.texts, rules), data["sources.bib"] or {}
    missing = missing_texts(documents, passages, settings, root)
    # A line of a data file that has a problem already gets no second one.
    named = {(problem.file, problem.line) for problem in data_problems}
    unprintable = letter_problems(documents, bibliography, settings, root)
    problems = [
        *data_problems,
        *files.problems,
        *setting_problems(settings, root),
        *missing,
        *twice(documents),
        *names(documents, settings, theme),
        *reserved(documents, settings),
        *ids(documents, {*bibliography}, theme),
        *links(documents, {*bibliography}, files.pictures, relative(content, root)),
        *(problem for problem in unprintable if (problem.file, problem.line) not in named),
        *(problem for document in documents for problem in document.problems),
    ]
    # A source that only a missing text cites is not to be taken out.
    if bibliography and not missing:
        problems += uncited(documents, bibliography, content, root)
    return documents, sorted({*problems})
