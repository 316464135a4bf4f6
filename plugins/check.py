"""Every fault in the content is found at once, before anything is built: file, line, sentence.

A post cannot be lost: each file under content/ is a post, a page, a picture or one of the site's
own files, or it is a fault.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pybtex.exceptions import PybtexError
from pydantic import ValidationError

from plugins import helplines, sources
from plugins.examine import Document, Rules
from plugins.faults import Fault, did_you_mean, named, plain_words

PICTURES = {".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"}
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


def strays(content: Path, root: Path) -> Iterator[Fault]:
    """Yield a fault for every file under content/ that Pelican would pass over in silence."""
    own = {"README.md", "helplines.toml", "sources.bib", "words.txt"}
    for path in sorted(content.rglob("*")):
        place, name = path.relative_to(content), named(path, root)
        hidden = any(part.startswith(".") for part in place.parts) or path.name.endswith("~")
        if path.is_symlink():
            yield Fault(name, 1, "This is a link to another place. Put the file itself here.")
        elif path.is_dir() or hidden or str(place) in own:
            continue
        elif place.parts[0] in ("posts", "pages"):
            kind = place.parts[0][:-1]
            if len(place.parts) > 2:
                yield Fault(name, 1, f"Move the file to content/{place.parts[0]}/ itself.")
            elif path.suffix != ".md":
                yield Fault(
                    name, 1, f"This would not become a {kind}: rename it to {path.stem}.md."
                )
        elif place.parts[0] == "images" and path.suffix.lower() in PICTURES:
            continue
        elif place.parts[0] == "images":
            yield Fault(
                name, 1, f"This is no picture. Pictures end in {', '.join(sorted(PICTURES))}."
            )
        else:
            yield Fault(
                name, 1, "Nothing reads this here. Posts are in content/posts/, pages in "
                "content/pages/, pictures in content/images/."
            )  # fmt: skip


def data_faults(content: Path, root: Path) -> tuple[dict[str, sources.Source], list[Fault]]:
    """Read sources.bib and helplines.toml; return the sources and the faults of both files."""
    found: dict[str, sources.Source] = {}
    faults = []
    bib = content / "sources.bib"
    try:
        text = bib.read_text(encoding="utf-8-sig")
        found = sources.read(text)
    except PybtexError as error:
        line = getattr(error, "lineno", None) or 1
        said = str(error).split(": ", 1)[-1]
        faults.append(Fault(named(bib, root), line, f"This is no BibTeX: {said}."))
    except sources.SourceError as error:
        faults += [Fault(named(bib, root), line, message) for line, message in error.faults]
    except (OSError, UnicodeDecodeError):
        faults.append(Fault(named(bib, root), 1, UNREADABLE))
    lines = content / "helplines.toml"
    try:
        helplines.read(lines)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        said = str(error).split(" (at")[0]
        line = int(place[1]) if place else 1
        said = f'This is no TOML: {said}. Write key = "value", as its neighbours do.'
        faults.append(Fault(named(lines, root), line, said.replace("\n", " ")))
    except ValidationError as error:
        text = lines.read_text(encoding="utf-8")
        for problem in error.errors():
            table, *rest = problem["loc"] or ("",)
            number = rest[0] if rest and isinstance(rest[0], int) else 0
            key = str(rest[1]) if len(rest) > 1 else ""
            said = plain_words(problem, key or str(table), helplines.KEYS)
            said = f"{table}: {said}" if key or not said.startswith(str(table)) else said
            place = helplines.line_of(text, str(table), number, key)
            faults.append(Fault(named(lines, root), place, said))
    except (OSError, UnicodeDecodeError):
        faults.append(Fault(named(lines, root), 1, UNREADABLE))
    return found, faults


def alone(documents: list[Document], settings: dict[str, Any], theme: Path) -> Iterator[Fault]:
    """Yield what is wrong between files: one address, title or number twice, a gap, a category."""
    reserved = {
        str(settings[key]).split("/")[0].removesuffix(".html").removesuffix(".xml")
        for key in settings
        if key.endswith("_SAVE_AS") and settings[key] and "{" not in str(settings[key])
    } | {"category", "tag", "author", "drafts", "images", "theme"}
    for attribute, name in (("slug", "address"), ("title", "title"), ("part", "number")):
        groups = defaultdict(list)
        for document in documents:
            value = (
                document.header and document.header.title.lower()
                if attribute == "title"
                else getattr(document, attribute)
            )
            if value:
                groups[value].append(document)
        for value, same in groups.items():
            for document in same[1:]:
                line = document.header_lines.get("title", 1) if attribute == "title" else 1
                where = "the header" if attribute == "title" else "the file's name"
                said = f'The {name} "{value}" is {same[0].file}\'s already.'
                yield Fault(document.file, line, f"{said} Change it in {where}.")
    for document in documents:
        if document.slug in reserved or re.fullmatch(r"\d{4}", document.slug):
            said = f"The address /{document.slug}/ is the site's own: rename the file."
            yield Fault(document.file, 1, said)
        header, lines = document.header, document.header_lines
        category, template = (getattr(header, name, None) for name in ("category", "template"))
        if category and category not in settings["CATEGORIES"]:
            said = f"Category: {category} is none of {', '.join(settings['CATEGORIES'])}."
            hint = did_you_mean(category, settings["CATEGORIES"])
            yield Fault(document.file, lines["category"], said + hint)
        if template and not (theme / "templates" / f"{template}.html").exists():
            said = f"Template: the theme has no {template}.html. Leave the line out."
            yield Fault(document.file, lines["template"], said)
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


def links(documents: list[Document], keys: set[str], content: Path) -> Iterator[Fault]:
    """Yield a fault for each link within the site that leads nowhere, or to a draft."""
    by_path = {d.path.relative_to(content).as_posix(): d for d in documents}
    for document, line, address in [(d, *link) for d in documents for link in d.links]:
        target, _, place = address.partition("#")
        kind, _, name = unquote(target).partition("}")
        at_root = name.startswith("/") or kind == "{static"
        name = name.lstrip("/") if at_root else f"{document.kind}s/{name}"
        other, said = by_path.get(name), ""
        if kind == "{static":
            if not (content / name).is_file():
                said = f"content/{name} is not there. Put the file there first."
        elif other is None:
            said = f"{name} is not there.{did_you_mean(name, by_path)}"
        elif other.framed:
            said = f"{name} has no page of its own. Link to another page."
        elif document.published and not other.published:
            said = f"{name} is a draft, and this is published. Publish it, or unlink it."
        elif place and other.html and place not in {*other.ids, *keys}:
            said = f"{name} has no heading #{place}.{did_you_mean(place, other.ids)}"
        if said:
            yield Fault(document.file, line, said)


def uncited(
    documents: list[Document], bibliography: dict[str, sources.Source], content: Path, root: Path
) -> Iterator[Fault]:
    """Yield a fault for every source that no published text cites."""
    cited = {key for document in documents if document.published for key in document.cites}
    text = (content / "sources.bib").read_text(encoding="utf-8-sig") if bibliography else ""
    for key in bibliography:
        if key not in cited:
            yield Fault(
                named(content / "sources.bib", root),
                sources.line_of(text, key),
                f"Nothing cites {key}. Cite it as ([Name 2018](#{key})), or take it out.",
            )


def documents_of(
    root: Path, settings: dict[str, Any], bibliography: dict[str, sources.Source]
) -> list[Document]:
    """Read every post and page."""
    rules = Rules(root, settings, bibliography)
    paths = [
        path
        for folder in ("posts", "pages")
        for path in sorted((Path(settings["PATH"]) / folder).glob("*.md"))
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    ]
    if "EXAMINE" in settings:
        return settings["EXAMINE"](rules, paths)
    return [rules.examine(path) for path in paths]


def theme_faults(theme: Path, root: Path) -> Iterator[Fault]:
    """Yield a fault for each template that no longer prints what keeps a reader safe."""
    for template, wanted, before, what in SAFETY:
        path = theme / "templates" / template
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if text and (wanted not in text or text.find(wanted) > text.find(before) > -1):
            line = text.count("\n", 0, max(0, text.find(before))) + 1
            said = f"{what} is gone. Put {wanted} back before {before}."
            yield Fault(named(path, root), line, said)


def inspect(root: Path, settings: dict[str, Any]) -> tuple[list[Document], list[Fault]]:
    """Return every post and page of the project at `root`, and every fault in them, sorted.

    `settings` are Pelican's, read from pelicanconf.py.
    """
    content, theme = Path(settings["PATH"]), Path(settings["THEME"])
    bibliography, found = data_faults(content, root)
    documents = documents_of(root, settings, bibliography)
    found += [*strays(content, root), *theme_faults(theme, root)]
    found += [*alone(documents, settings, theme), *links(documents, set(bibliography), content)]
    if bibliography:
        found += uncited(documents, bibliography, content, root)
    return documents, sorted({*found, *(fault for d in documents for fault in d.faults)})
