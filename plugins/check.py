"""Every fault in the content is found at once, before anything is built: file, line, sentence.

A post cannot be lost: each file under content/ is a post, a page, a picture or one of the site's
own files, or it is a fault.
"""

import ast
import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from plugins import helplines, sources
from plugins.data import DataError
from plugins.examine import Document, Rules
from plugins.faults import Fault, did_you_mean, named

YEAR = re.compile(r"\d{4}")
PICTURES = {".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"}
OWN = {"README.md", "helplines.toml", "sources.bib", "words.txt"}
# The site's own settings, and those of Pelican's that have no default.
SETTINGS = {
    "ARTICLE_LANG", "BYLINE", "CAUTION_CATEGORY", "DISCLAIMER", "PART_NAMES", "SCHEMA_ABOUT",
    "SCHEMA_AUTHOR", "WHAT_NEXT", "BOOK_URL", "CATEGORIES", "CONTACT", "FUNDING", "HELP_URL", "PUBLISHER", "REPOSITORY_EDIT_URL",
    "SERIES_AUTHOR", "SHORT_NAME", "OG_LOCALE",
    "AUTHOR", "FEED_DOMAIN", "FEED_ATOM", "FEED_RSS", "FEED_ALL_RSS", "SITESUBTITLE", "TIMEZONE",
}  # fmt: skip
UNREADABLE = "The file is missing, or not UTF-8 text. Take the last one back from git."
# What keeps a reader safe in each template, what it must stand before, and how it is called.
SAFETY = [
    ("base.html", '<a class="crisis-link" href="{{ SITEURL }}/{{ HELP_URL }}">', "<main",
     "The way to help after the skip link"),
    ("base.html", '<a class="button" href="{{ SITEURL }}/{{ HELP_URL }}">', "</footer>",
     "The way to help in the footer"),
    ("index.html", '{% include "notice.html" %}', "part.words", "The crisis notice"),
    ("article.html", '{% include "notice.html" %}', "article.words", "The crisis notice"),
    ("page.html", '{% include "notice.html" %}', "page.content", "The crisis notice"),
    ("feed_entry.html", '{% include "notice.html" %}', "article.words", "The crisis notice"),
    ("article.html", "draw.disclaimer()", "article.words", "The disclaimer"),
    ("index.html", "draw.disclaimer()", "opening.content", "The disclaimer"),
    ("notes.html", "Added by this site, not the author", "article.notes %}\n<div", "The label"),
]  # fmt: skip


def walk(folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield what lies in a folder and below it, in order, but for what editors and git hide."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if not entry.name.startswith((".", "#")) and not entry.name.endswith("~"):
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from walk(entry.path)


def sort_out(content: Path, root: Path) -> tuple[list[str], list[Fault]]:
    """Return the files of all texts, and a fault for each file that Pelican would pass over."""
    texts: dict[str, list[str]] = {"posts": [], "pages": []}
    faults = []
    for entry in walk(str(content)):
        place = entry.path[len(str(content)) + 1 :]
        top, _, below = place.partition("/")
        said = ""
        if entry.is_symlink():
            said = "This is a link to another place. Put the file itself here."
        elif entry.is_dir() or place in OWN:
            continue
        elif top in texts and "/" in below:
            said = f"Move the file to content/{top}/ itself."
        elif top in texts and place.endswith(".md"):
            texts[top].append(entry.path)
        elif top in texts:
            stem = Path(place).stem
            said = f"This would not become a {top[:-1]}: rename it to {stem}.md."
        elif top == "images" and Path(place).suffix.lower() not in PICTURES:
            said = f"This is no picture. Pictures end in {', '.join(sorted(PICTURES))}."
        elif top != "images":
            said = (
                "Nothing reads this here. Posts are in content/posts/, pages in "
                "content/pages/, pictures in content/images/."
            )
        if said:
            faults.append(Fault(named(Path(entry.path), root), 1, said))
    return texts["posts"] + texts["pages"], faults


def data_faults(
    settings: dict[str, Any], root: Path
) -> tuple[dict[str, SimpleNamespace], list[Fault]]:
    """Read sources.bib and helplines.toml; return the sources and the faults of both files."""
    found: dict[str, Any] = {}
    faults = []
    for name, read in (("helplines.toml", helplines.read), ("sources.bib", sources.read)):
        file = named(Path(settings["PATH"]) / name, root)
        try:
            found[name] = read(settings)
        except DataError as error:
            faults += [Fault(file, line, message) for line, message in error.faults]
        except (OSError, UnicodeDecodeError):
            faults.append(Fault(file, 1, UNREADABLE))
    return found.get("sources.bib", {}), faults


def alone(documents: list[Document], settings: dict[str, Any], theme: Path) -> Iterator[Fault]:
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
                yield Fault(document.file, line, f"{said} Change it in {where}.")
            first.setdefault(value, document.file)
    for document in documents:
        if document.slug in reserved or YEAR.fullmatch(document.slug):
            said = f"The address /{document.slug}/ is the site's own: rename the file."
            yield Fault(document.file, 1, said)
        category, template = map(document.metadata.get, ("category", "template"))
        if category and category not in settings["CATEGORIES"]:
            said = f"Category: {category} is none of {', '.join(settings['CATEGORIES'])}."
            hint = did_you_mean(category, settings["CATEGORIES"])
            yield Fault(document.file, document.header_lines["category"], said + hint)
        if template and not (theme / "templates" / f"{template}.html").exists():
            said = f"Template: the theme has no {template}.html. Leave the line out."
            yield Fault(document.file, document.header_lines["template"], said)
    parts = {d.part: d for d in documents if d.part and d.published}
    drafted = {d.part: d for d in documents if d.part and not d.published}
    missing = next(number for number in range(1, len(parts) + 2) if number not in parts)
    after = parts.get(min((number for number in parts if number > missing), default=0))
    if after and missing in drafted:
        said = f"Part {missing} is a draft, and part {after.part} is published: a gap."
        yield Fault(drafted[missing].file, 1, f"{said} Publish both, or neither.")
    elif after:
        said = f"This is part {after.part}, and there is no published part {missing}."
        hint = "Number the parts without a gap, or take the number off the file's name."
        yield Fault(after.file, 1, f"{said} {hint}")


def links(documents: list[Document], keys: set[str], content: Path, home: str) -> Iterator[Fault]:
    """Yield a fault for each link within the site that leads nowhere, or to a draft."""
    by_name = {document.file: document for document in documents}
    for document, line, address in [(d, *link) for d in documents for link in d.links]:
        target, _, place = address.partition("#")
        kind, _, name = unquote(target).partition("}")
        at_root = name.startswith("/") or kind == "{static"
        name = name.lstrip("/") if at_root else f"{document.kind}s/{name}"
        other, said = by_name.get(f"{home}/{name}"), ""
        if kind == "{static":
            if not (content / name).is_file():
                said = f"content/{name} is not there. Put the file there first."
        elif other is None:
            texts = [file.removeprefix(f"{home}/") for file in by_name]
            said = f"{name} is not there.{did_you_mean(name, texts)}"
        elif other.framed:
            said = f"{name} has no page of its own. Link to another page."
        elif document.published and not other.published:
            said = f"{name} is a draft, and this is published. Publish it, or unlink it."
        elif place and other.html and place not in {*other.ids, *keys}:
            said = f"{name} has no heading #{place}.{did_you_mean(place, other.ids)}"
        if said:
            yield Fault(document.file, line, said)


def uncited(
    documents: list[Document], bibliography: dict[str, SimpleNamespace], content: Path, root: Path
) -> Iterator[Fault]:
    """Yield a fault for every source that no published text cites."""
    missing = set(bibliography)
    for document in documents:
        if missing and document.published:
            missing.difference_update(document.cites)
    if not missing:
        return
    from plugins.bibliography import line_of

    bib = content / "sources.bib"
    text = bib.read_text(encoding="utf-8-sig")
    for key in missing:
        line = line_of(text, key)
        said = f"Nothing cites {key}. Cite it as ([Name 2018](#{key})), or take it out."
        yield Fault(named(bib, root), line, said)


def read(texts: list[str], rules: Rules) -> list[Document]:
    """Read posts and pages, each by itself."""
    if "EXAMINE" in rules.settings:
        return rules.settings["EXAMINE"](texts, rules)
    return [rules.examine(Path(text)) for text in texts]


def theme_faults(theme: Path, root: Path) -> Iterator[Fault]:
    """Yield a fault for each template that no longer prints what keeps a reader safe."""
    for template, wanted, before, what in SAFETY:
        path = theme / "templates" / template
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if text and (wanted not in text or text.find(wanted) > text.find(before) > -1):
            line = text.count("\n", 0, max(0, text.find(before))) + 1
            said = f"{what} is gone. Put {wanted} back before {before}."
            yield Fault(named(path, root), line, said)


@cache
def pelican_settings() -> list[str]:
    """Return the names of Pelican's settings, read from its source: its import takes long."""
    source = Path(find_spec("pelican").origin).with_name("settings.py").read_text(encoding="utf-8")
    return re.findall(r'^    "([A-Z][A-Z_0-9]*)":', source, re.MULTILINE)


def setting_faults(settings: dict[str, Any], root: Path) -> Iterator[Fault]:
    """Yield every name in the settings' files that Pelican would pass over."""
    pages = {f"{name.upper()}_{end}" for name in settings["DIRECT_TEMPLATES"] for end in
             ("SAVE_AS", "URL")}  # fmt: skip
    known = {*pelican_settings(), *SETTINGS, *pages}
    for file in (root / "pelicanconf.py", root / "publishconf.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for statement in tree.body:
            for node in ast.walk(statement) if isinstance(statement, ast.Assign) else ():
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    name = node.id
                    if name.isupper() and name not in known:
                        hint = did_you_mean(name, known)
                        said = f"{name} is no setting that Pelican or this site knows.{hint}"
                        yield Fault(named(file, root), node.lineno, said)


def inspect(root: Path, settings: dict[str, Any]) -> tuple[list[Document], list[Fault]]:
    """Return every post and page of the project at `root`, and every fault in them, sorted.

    `settings` are Pelican's, read from pelicanconf.py.
    """
    content, theme = Path(settings["PATH"]), Path(settings["THEME"])
    bibliography, found = data_faults(settings, root)
    texts, strays = sort_out(content, root)
    documents = read(texts, Rules(root, settings, bibliography))
    found += [*strays, *theme_faults(theme, root), *setting_faults(settings, root)]
    found += [
        *alone(documents, settings, theme),
        *links(documents, {*bibliography}, content, named(content, root)),
    ]
    if bibliography:
        found += uncited(documents, bibliography, content, root)
    return documents, sorted({*found, *(fault for d in documents for fault in d.faults)})
