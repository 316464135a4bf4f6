"""Find mistyped settings, which Pelican ignores, and malformed addresses among their values."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tools.content.fields import EMAIL, HTTPS
from tools.content.problem import Problem, did_you_mean

# This site's own settings, and those of Pelican that have no default.
SETTINGS = {
    "ARTICLE_LANG", "AUTHOR", "BOOK_URL", "BYLINE", "CATEGORIES", "CAUTION_CATEGORY", "CONTACT",
    "DISCLAIMER", "FEED_ALL_RSS", "FEED_ATOM", "FEED_DOMAIN", "FEED_RSS", "FUNDING", "HELP_URL",
    "OG_LOCALE", "PART_CARD", "PART_NAMES", "PUBLISHER", "REASSURANCE", "REPOSITORY_EDIT_URL",
    "SCHEMA_ABOUT", "SCHEMA_AUTHOR", "SERIES_AUTHOR", "SITESUBTITLE", "SITE_LANG", "TIMEZONE",
    "WHAT_NEXT",
}  # fmt: skip
TO_EXTRA = (
    "has no effect: each build makes output/ anew. What is to be at the site's root is put into "
    "content/extra/."
)
# Settings that stay empty, and what to do instead; in publishconf.py SITEURL has its value.
LEFT_EMPTY = {
    "SITEURL": 'stays empty here, as SITEURL = "". Publishing takes the address from the '
    "environment: SITEURL=https://….",
    "OUTPUT_PATH": "has no effect: the commands decide where the output goes. Delete this.",
    "DELETE_OUTPUT_DIRECTORY": TO_EXTRA,
    "OUTPUT_RETENTION": TO_EXTRA,
}


@cache
def pelican_settings() -> list[str]:
    """Return the names of Pelican's settings, from its source: importing it takes half a second."""
    pelican = find_spec("pelican")
    assert pelican and pelican.origin
    source = Path(pelican.origin).with_name("settings.py").read_text(encoding="utf-8")
    return re.findall(r'^    "([A-Z][A-Z_0-9]*)":', source, re.MULTILINE)


def assigned(file: Path) -> Iterator[tuple[str, int, ast.expr | None]]:
    """Yield the name, the line and the value of each setting that a file assigns."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.isupper():
            yield node.name, node.lineno, None
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            names = [name for name in ast.walk(node) if isinstance(name, ast.Name)]
            for name in names:
                if isinstance(name.ctx, ast.Store) and name.id.isupper():
                    yield name.id, name.lineno, node.value


def line_of(setting: str, root: Path) -> int:
    """Return the line of pelicanconf.py that assigns a setting last; 1 if none does."""
    lines = assigned(root / "pelicanconf.py")
    return max((line for name, line, _ in lines if name == setting), default=1)


def plugin_lines(root: Path) -> dict[str, int]:
    """Return the line of each plugin that pelicanconf.py names in PLUGINS."""
    return {
        node.value: node.lineno
        for name, _, value in assigned(root / "pelicanconf.py")
        if name == "PLUGINS" and value
        for node in ast.walk(value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def plugin_problems(settings: dict[str, Any], root: Path) -> Iterator[Problem]:
    """Yield a problem for each plugin in PLUGINS that does not exist."""
    lines = plugin_lines(root)
    for name in settings.get("PLUGINS") or []:
        if isinstance(name, str) and not is_module(name):
            hint = did_you_mean(name, (f"plugins.{p.stem}" for p in root.glob("plugins/*.py")))
            message = f"There is no plugin {name}.{hint or ' Correct its name, or take it out.'}"
            yield Problem("pelicanconf.py", lines.get(name, 1), message)


def is_module(name: str) -> bool:
    """Return whether Pelican would find a plugin: by its name, or among its own namespace's."""
    for each in (name, f"pelican.plugins.{name}"):
        try:
            if find_spec(each):
                return True
        except (ImportError, ValueError):
            pass
    return False


def setting_problems(settings: dict[str, Any], root: Path) -> Iterator[Problem]:
    """Yield a problem for each unknown or useless setting, and for each malformed address."""
    pages = {f"{name.upper()}_{end}" for name in settings["DIRECT_TEMPLATES"] for end in
             ("SAVE_AS", "URL")}  # fmt: skip
    known = {*pelican_settings(), *SETTINGS, *pages}
    yield from plugin_problems(settings, root)
    for file in ("pelicanconf.py", "publishconf.py"):
        for name, line, value in assigned(root / file):
            message = ""
            if name not in known:
                hint = did_you_mean(name, known)
                message = f"is no setting that Pelican or this site knows.{hint}"
            elif name in ADDRESSES:
                message = ADDRESSES[name](settings.get(name) or "")
            elif (file, name) != ("publishconf.py", "SITEURL") and not is_empty(value):
                message = LEFT_EMPTY.get(name, "")
            if message:
                yield Problem(file, line, f"{name} {message}")


def is_empty(value: ast.expr | None) -> bool:
    """Return whether an assignment gives no value, or an empty one."""
    return value is None or (isinstance(value, ast.Constant) and not value.value)


def contact_problem(value: str) -> str:
    """Return what is wrong with the address for corrections; "" if nothing is, or it is empty."""
    if EMAIL.fullmatch(value):
        return ""
    return https_problem(value).replace("Write", "Write name@example.org or")


def https_problem(value: str) -> str:
    """Return what is wrong with an https address; "" if nothing is, or it is empty."""
    if not value or HTTPS.fullmatch(value):
        return ""
    return f'is "{value}", which is no address. Write https://example.org/….'


ADDRESSES = {"CONTACT": contact_problem, "REPOSITORY_EDIT_URL": https_problem}
