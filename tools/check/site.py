"""Find every problem in the content, before anything is built.

No post can be lost: each file under content/ is a post, a page, a picture or a data file, or it is
reported as a problem.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tools.check.document import Rules
from tools.check.files import sort_out, special_files
from tools.check.letters import letter_problems
from tools.check.links import links, uncited
from tools.check.settings import setting_problems
from tools.check.telephone import numbers
from tools.check.whole import missing_texts
from tools.content import article, helplines, sources, text
from tools.content.document import Document
from tools.content.problem import DataError, Problem, did_you_mean, relative
from tools.content.slug import slugify

YEAR = re.compile(r"\d{4}")
MISSING = "The file is missing. Take the last one back from git."
ID = re.compile(r'\bid="([\w-]+)"')
WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*")


@dataclass
class Data:
    """What the data files of the content hold; None for one that cannot be read."""

    passages: list[article.Passage] | None
    helplines: SimpleNamespace | None
    bibliography: dict[str, SimpleNamespace] | None
    problems: list[Problem]


def read_data(content: Path, root: Path) -> Data:
    """Read the data files of content/, and note the problems of each."""
    problems: list[Problem] = []

    def attempt(name: str, read: Callable[[Path], Any]) -> Any:  # noqa: ANN401
        path = content / name
        try:
            return read(path)
        except DataError as error:
            problems.extend(Problem(relative(path, root), *each) for each in error.problems)
        except OSError:
            problems.append(Problem(relative(path, root), 1, MISSING))
        return None

    attempt("words.txt", lambda path: check_words(text.read(path)))
    if (content / "README.md").exists():
        attempt("README.md", text.read)
    return Data(
        attempt(article.NAME, article.read),
        attempt("helplines.toml", helplines.read),
        attempt("sources.bib", sources.read),
        problems,
    )


def check_words(content: str) -> None:
    """Raise DataError for each line of words.txt that the spelling check would pass over."""
    message = '"{0}" is not one word in small letters. Write one word a line.'
    problems = [
        (number, message.format(line.strip()))
        for number, line in enumerate(content.split("\n"), 1)
        if line.strip() and not WORD.fullmatch(line.strip())
    ]
    if problems:
        raise DataError(problems)


def reserved_addresses(settings: dict[str, Any]) -> set[str]:
    """Return the first step of each address that the site itself uses."""
    taken = {
        str(value).split("/")[0].removesuffix(".html").removesuffix(".xml")
        for key, value in settings.items()
        if key.endswith("_SAVE_AS") and value and "{" not in str(value)
    }
    folders = {"category", "tag", "author", "drafts", "images", "theme"}
    return taken | folders | set(settings["DIRECT_TEMPLATES"])


def is_reserved(slug: str, reserved: set[str]) -> bool:
    """Return whether an address is the site's own; years are kept for lists by year."""
    return slug in reserved or bool(YEAR.fullmatch(slug))


def twice(documents: list[Document]) -> Iterator[Problem]:
    """Yield a problem for each address, title or number that two texts share, in the newer text.

    Of a post and a page with one date, it is in the post.
    """
    in_time = sorted(
        documents,
        key=lambda d: (str(d.header.date) if d.header else "9999", d.kind == "post", d.file),
    )
    for name, key in (("address", ""), ("title", "title"), ("number", "")):
        first: dict[object, str] = {}
        # Of two parts with one number, the one without problems is the author's.
        order = sorted(in_time, key=lambda d: len(d.problems)) if name == "number" else in_time
        for document in order:
            title = document.header.title if document.header else ""
            value = {"address": document.slug, "title": title, "number": document.part}[name]
            same = title.lower() if key else value
            if value and same in first:
                where = "the header" if key else "the file's name"
                line = document.header_lines.get(key, 1)
                message = f'The {name} "{value}" is {first[same]}\'s already. Change it in {where}.'
                if name == "number":
                    # All else in it was judged as the part that it is not.
                    document.problems.clear()
                    message += " A post that is no part of the article has no number."
                yield Problem(document.file, line, message)
            elif value:
                first[same] = document.file


def names(documents: list[Document], settings: dict[str, Any], theme: Path) -> Iterator[Problem]:
    """Yield a problem for each unknown category or template, and for names with one address."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for document in documents:
        category, template = map(document.metadata.get, ("category", "template"))
        if category and category not in settings["CATEGORIES"]:
            message = f"Category: {category} is none of {', '.join(settings['CATEGORIES'])}."
            hint = did_you_mean(category, settings["CATEGORIES"])
            yield Problem(document.file, document.header_lines["category"], message + hint)
        if template and not (theme / "templates" / f"{template}.html").exists():
            message = f"Template: the theme has no {template}.html. Leave the line out."
            yield Problem(document.file, document.header_lines["template"], message)
        for key, values in (
            ("tags", document.metadata.get("tags", "").split(",")),
            ("author", [document.metadata.get("author", "")]),
        ):
            for value in filter(None, map(str.strip, values)):
                slug = slugify(value)
                spelling, file = first.setdefault((key, slug), (value, document.file))
                line = document.header_lines[key]
                if not slug:
                    message = f"{value} makes no address. Write it with letters or digits."
                    yield Problem(document.file, line, f"{key.title()}: {message}")
                elif spelling != value:
                    message = f"{value} and {spelling} ({file}) have one address. Write one of them"
                    yield Problem(document.file, line, f"{key.title()}: {message} in both places.")


def theme_ids(theme: Path) -> set[str]:
    """Return the ids that the theme's templates use."""
    templates = (theme / "templates").glob("*.html")
    return {name for path in templates for name in ID.findall(path.read_text(encoding="utf-8"))}


def ids(documents: list[Document], keys: set[str], theme: Path) -> Iterator[Problem]:
    """Yield a problem for each heading whose id is one of the theme's, or a source's key."""
    taken = theme_ids(theme)
    for document in documents:
        for name, line in document.ids.items():
            if name in taken or name in keys:
                message = f"This heading's place, #{name}, is taken on the page. Use other words."
                yield Problem(document.file, line, message)


def between(documents: list[Document], settings: dict[str, Any], theme: Path) -> Iterator[Problem]:
    """Yield the problems between texts: shared or reserved addresses, and names."""
    yield from twice(documents)
    yield from names(documents, settings, theme)
    reserved = reserved_addresses(settings)
    for document in documents:
        if is_reserved(document.slug, reserved):
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
    data = read_data(content, root)
    files = sort_out(content, root)
    known = numbers(data.helplines) if data.helplines else frozenset()
    rules = Rules(root, settings, data.passages, data.bibliography, known)
    documents, bibliography = read(files.texts, rules), data.bibliography or {}
    named = {(problem.file, problem.line) for problem in data.problems}
    unprintable = letter_problems(documents, bibliography, settings, root)
    missing = missing_texts(documents, data.passages, settings, root)
    problems = [
        *data.problems,
        *files.problems,
        *setting_problems(settings, root),
        *missing,
        *between(documents, settings, theme),
        *ids(documents, {*bibliography}, theme),
        *links(documents, {*bibliography}, files.pictures, relative(content, root)),
        *(problem for problem in unprintable if (problem.file, problem.line) not in named),
    ]
    # A source that only a missing text cites is not to be taken out.
    if bibliography and not missing:
        problems += uncited(documents, bibliography, content, root)
    return documents, sorted({*problems, *(problem for d in documents for problem in d.problems)})
