"""Find mistyped settings, which Pelican ignores, and malformed addresses among their values."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tools.content.fields import EMAIL, HTTPS
from tools.content.problem import Problem, did_you_mean, relative

# This site's own settings, and those of Pelican that have no default.
SETTINGS = {
    "ARTICLE_LANG", "BYLINE", "CAUTION_CATEGORY", "DISCLAIMER", "PART_NAMES", "REASSURANCE",
    "SCHEMA_ABOUT",
    "SCHEMA_AUTHOR", "SITE_LANG", "WHAT_NEXT",
    "BOOK_URL", "CATEGORIES", "CONTACT", "FUNDING", "HELP_URL", "PUBLISHER", "REPOSITORY_EDIT_URL",
    "SERIES_AUTHOR", "PART_CARD", "OG_LOCALE",
    "AUTHOR", "FEED_DOMAIN", "FEED_ATOM", "FEED_RSS", "FEED_ALL_RSS", "SITESUBTITLE", "TIMEZONE",
}  # fmt: skip


# Pelican's settings for files that somebody puts into the output by hand.
NO_EFFECT = {"DELETE_OUTPUT_DIRECTORY", "OUTPUT_RETENTION"}


@cache
def pelican_settings() -> list[str]:
    """Return the names of Pelican's settings, from its source: importing it takes half a second."""
    pelican = find_spec("pelican")
    assert pelican and pelican.origin
    source = Path(pelican.origin).with_name("settings.py").read_text(encoding="utf-8")
    return re.findall(r'^    "([A-Z][A-Z_0-9]*)":', source, re.MULTILINE)


def setting_problems(settings: dict[str, Any], root: Path) -> Iterator[Problem]:
    """Yield a problem for each unknown or useless setting, and for each malformed address."""
    pages = {f"{name.upper()}_{end}" for name in settings["DIRECT_TEMPLATES"] for end in
             ("SAVE_AS", "URL")}  # fmt: skip
    known = {*pelican_settings(), *SETTINGS, *pages}
    for path in (root / "pelicanconf.py", root / "publishconf.py"):
        file = relative(path, root)
        for name, line in assigned(ast.parse(path.read_text(encoding="utf-8"))):
            if name in NO_EFFECT:
                message = (
                    f"{name} has no effect: each build makes output/ anew. What is to be "
                    "at the site's root is put into content/extra/."
                )
                yield Problem(file, line, message)
            elif name not in known:
                hint = did_you_mean(name, known)
                message = f"{name} is no setting that Pelican or this site knows.{hint}"
                yield Problem(file, line, message)
            elif name in ADDRESSES and (message := ADDRESSES[name](settings.get(name) or "")):
                yield Problem(file, line, f"{name}: {message}")


def assigned(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the name and line of each setting that a file assigns, in whatever form."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id.isupper():
            yield node.id, node.lineno
        elif isinstance(node, ast.FunctionDef) and node.name.isupper():
            yield node.name, node.lineno


def contact_problem(value: str) -> str:
    """Return what is wrong with the address for corrections; "" if nothing is, or it is empty."""
    if not value or EMAIL.fullmatch(value):
        return ""
    return https_problem(value).replace("Write", "Write name@example.org or")


def https_problem(value: str) -> str:
    """Return what is wrong with an https address; "" if nothing is, or it is empty."""
    if not value or HTTPS.fullmatch(value):
        return ""
    return f'"{value}" is no address. Write https://example.org/….'


ADDRESSES = {"CONTACT": contact_problem, "REPOSITORY_EDIT_URL": https_problem}
