"""Every fault in the content is found at once, before anything is built: file, line, sentence.

A post cannot be lost: each file under content/ is a post, a page, a picture or one of the site's
own files, or it is a fault.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import category as unicode_category
from urllib.parse import unquote

from pybtex.exceptions import PybtexError
from pydantic import ValidationError

from plugins import article, headers, helplines, notes, prose, sources
from plugins.faults import Fault, did_you_mean, named, plain_words

BYTES_AT_MOST = 1_000_000
PICTURES = {".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"}
NAME = re.compile(r"(?:([1-9]\d?)-)?([a-z0-9]+(?:-[a-z0-9]+)*)\.md")
UNREADABLE = "The file is missing, or not UTF-8 text. Take the last one back from git."
HELP_PAGE = "{filename}/pages/get-help-now.md"
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
# Words after which a reader may need help at once.
IN_CRISIS = re.compile(
    r"""suicid | self-harm | overdos
    | \b(?:kill|harm|hurt)\w*\ (?:my|your|him|her|them|one)sel(?:f|ves)\b
    | \b(?:want|wish)\w*\ to\ die\b
    | \b(?:end|tak|took)\w*\ (?:my|your|his|her|their)\ (?:own\ )?li(?:fe|ves)\b""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass
class Document:
    """A post or a page, as far as it could be read."""

    path: Path
    file: str
    kind: str
    part: int | None = None
    slug: str = ""
    lines: list[str] = field(default_factory=list)
    start: int = 0
    header: headers.Post | headers.Page | None = None
    header_lines: dict[str, int] = field(default_factory=dict)
    body: prose.Prose | None = None
    grade: float | None = None
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, message: str) -> None:
        """Note a fault of this file."""
        self.faults.append(Fault(self.file, max(1, line), message))

    @property
    def published(self) -> bool:
        """Whether readers see it; a header that cannot be read is no draft."""
        return self.header is None or self.header.status != "draft"

    @property
    def framed(self) -> bool:
        """Whether it is the article's introduction or conclusion, which home alone prints."""
        return self.kind == "page" and self.slug in ("introduction", "conclusion")

    @property
    def voice_ends(self) -> int:
        """The index in `lines` at which the author's words end and the site's begin."""
        for index, line in enumerate(self.lines):
            if line.startswith("##"):
                return index
        return len(self.lines)


def read_text(document: Document) -> str | None:
    """Return a file's text, or None with a fault where it is no text that a page can hold."""
    data = document.path.read_bytes()
    if len(data) > BYTES_AT_MOST:
        document.fault(
            1,
            f"The file has {len(data) / 1e6:.1f} MB; a post has 1 MB at the most. "
            "Put pictures in content/images/ and link to long documents.",
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        document.fault(
            line,
            "This line is not UTF-8 text. Save the file with the encoding UTF-8 in the editor.",
        )
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        for sign in line:
            if unicode_category(sign) in ("Cc", "Cf") and sign != "\t":
                document.fault(
                    number, f"An invisible sign (U+{ord(sign):04X}) stands here: delete it."
                )
                return None
    if not text.strip():
        document.fault(1, "The file is empty. Write a header and words, or delete the file.")
        return None
    return text


def read_document(path: Path, root: Path, kind: str, md: Any) -> Document:  # noqa: ANN401
    """Read one post or page and note what is wrong in it alone."""
    document = Document(path, named(path, root), kind)
    match = NAME.fullmatch(path.name)
    if not match or (kind == "page" and match[1]):
        stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "a-title"
        document.fault(
            1, f"The file's name becomes its address: write it in small letters, as {stem}.md."
        )
    else:
        document.part = int(match[1]) if match[1] else None
        document.slug = match[2]
    text = read_text(document)
    if text is None:
        return document
    lines = text.split("\n")
    entries, document.start, form = headers.split(lines)
    document.header_lines = {key.lower(): line for line, key, _ in reversed(entries)}
    model = headers.Post if kind == "post" else headers.Page
    document.header, wrong = headers.read(entries, model)
    for line, message in [*form, *wrong]:
        document.fault(line, message)
    document.lines = lines[document.start :]
    if not any(re.search(r"\w", line) for line in document.lines):
        document.fault(document.start, "There is a header, and no words. Write them under it.")
        return document
    document.body = prose.parse(md, document.lines, document.start)
    for line, message in prose.form(document.body, top=2):
        document.fault(line, message)
    return document


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


def alone(documents: list[Document], settings: dict[str, Any], theme: Path) -> None:
    """Note what is wrong between files: one address, title or number twice, a gap, a category."""
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
                document.fault(
                    line,
                    f'The {name} "{value}" is {same[0].file}\'s already. Change it in {where}.',
                )
    for document in documents:
        if document.slug in reserved or re.fullmatch(r"\d{4}", document.slug):
            document.fault(1, f"The address /{document.slug}/ is the site's own: rename the file.")
        header = document.header
        if isinstance(header, headers.Post) and header.category not in (
            None,
            *settings["CATEGORIES"],
        ):
            hint = did_you_mean(header.category, settings["CATEGORIES"])
            document.fault(
                document.header_lines["category"],
                f"Category: {header.category} is none of {', '.join(settings['CATEGORIES'])}."
                f"{hint}",
            )
        template = getattr(header, "template", None)
        if template and not (theme / "templates" / f"{template}.html").exists():
            document.fault(
                document.header_lines["template"],
                f"Template: the theme has no {template}.html. Leave the line out.",
            )
    parts = {d.part: d for d in documents if d.part and d.published}
    drafted = {d.part: d for d in documents if d.part and not d.published}
    missing = next(number for number in range(1, len(parts) + 2) if number not in parts)
    after = parts.get(min((number for number in parts if number > missing), default=0))
    if after and missing in drafted:
        said = f"Part {missing} is a draft, and part {after.part} is published: a gap."
        drafted[missing].fault(1, f"{said} Publish both, or neither.")
    elif after:
        after.fault(
            1,
            f"This is part {after.part}, and there is no published part {missing}. "
            "Number the parts without a gap, or take the number off the file's name.",
        )


def links(
    documents: list[Document], bibliography: dict[str, sources.Source], content: Path
) -> None:
    """Note every link that leads nowhere, to a draft, or to a source that does not exist."""
    by_path = {d.path.relative_to(content).as_posix(): d for d in documents}
    for document in documents:
        if document.body is None:
            continue
        own = document.body.ids
        for line, address, words in document.body.links:
            target, _, place = address.partition("#")
            if address and not words.strip():
                document.fault(line, f"The link to {address} has no words. {prose.WRITE}")
            elif address.startswith("#"):
                if place not in bibliography and place not in own:
                    document.fault(
                        line,
                        f"#{place} is neither a source in content/sources.bib nor a heading here."
                        + did_you_mean(place, [*bibliography, *own]),
                    )
            elif address.startswith("{filename}"):
                name = unquote(target.removeprefix("{filename}"))
                name = name.lstrip("/") if name.startswith("/") else f"{document.kind}s/{name}"
                other = by_path.get(name)
                if other is None:
                    document.fault(line, f"{name} is not there.{did_you_mean(name, by_path)}")
                elif other.framed:
                    document.fault(line, f"{name} has no page of its own. Link to another page.")
                elif document.published and not other.published:
                    document.fault(
                        line,
                        f"{name} is a draft, and this is published. Publish it, or unlink it.",
                    )
                elif place and other.body and place not in other.body.ids | set(bibliography):
                    hint = did_you_mean(place, other.body.ids)
                    document.fault(line, f"{name} has no heading #{place}.{hint}")
            elif address.startswith("{static}"):
                document.faults += static_faults(document, line, target, content)
            elif address.startswith(("{", "|")):
                document.fault(line, f"{address} is unknown. Write {{filename}}/… or {{static}}/…")
            elif said := prose.address_fault(address):
                document.fault(line, said)
        for line, source, _ in document.body.pictures:
            if source.startswith("{static}"):
                document.faults += static_faults(document, line, source, content)


def static_faults(document: Document, line: int, address: str, content: Path) -> list[Fault]:
    """Return a fault if a {static} address leads to no file under content/."""
    name = unquote(address.removeprefix("{static}")).lstrip("/")
    said = f"content/{name} is not there. Put the file there first."
    return [] if (content / name).is_file() else [Fault(document.file, line, said)]


def words(documents: list[Document]) -> None:
    """Note each of the author's words that was changed, dropped or added."""
    passages = article.passages(article.ARTICLE.read_text(encoding="utf-8"))
    introduction, *parts, conclusion = passages
    ours = {d.part: d for d in documents if d.part}
    frame = {d.slug: d for d in documents if d.framed}
    for document in ours.values():
        if document.published and document.part and document.part > len(parts):
            document.fault(
                1,
                f"The author's article has {len(parts)} parts. If the author wrote this one, "
                "add it to tests/article.txt first; if not, take the number off the file's name.",
            )
    expected = [(ours.get(number), passage) for number, passage in enumerate(parts, 1)]
    expected += [(frame.get("introduction"), introduction), (frame.get("conclusion"), conclusion)]
    for document, passage in expected:
        if document is None or document.header is None:
            continue
        if document.part and article.difference(passage.title, document.header.title):
            document.fault(
                document.header_lines["title"], f'The author\'s title is "{passage.title}".'
            )
        theirs = [line for line in document.lines[: document.voice_ends] if line.strip()]
        if said := article.difference(passage.text, " ".join(theirs)):
            first = next((i for i, line in enumerate(document.lines) if line.strip()), 0)
            document.fault(document.start + first + 1, f"The author's words: {said}.")


def part_notes(document: Document, bibliography: dict[str, sources.Source]) -> None:
    """Note the faults of a part's notes, and their US grade."""
    at = document.voice_ends
    start, lines = document.start + at, document.lines[at:]
    top = start + 1 if lines else document.start + 1
    sections = sum(line.startswith("### ") for line in lines)
    if not lines or sections < 2:
        document.fault(
            top,
            "A part needs the site's notes: ## What the research shows, and under it "
            "### What supports it and ### What limits it.",
        )
        return
    found = list(notes.sentences(lines, start))
    for line, message in notes.sentence_faults(found, HELP_PAGE):
        document.fault(line, message)
    document.grade = average = notes.grade([sentence for _, sentence in found])
    if average > notes.GRADE_AT_MOST:
        document.fault(
            top,
            f"The notes read at US grade {average:.1f}; {notes.GRADE_AT_MOST:.0f} at the most. "
            "Use shorter words and sentences.",
        )
    cited = {key for _, sentence in found for _, key in notes.CITATION.findall(sentence)}
    for stance, sentence in (
        ("supports", "The notes cite no source that supports the claim"),
        ("limits", "The notes cite no source that limits the claim"),
    ):
        if bibliography and not any(
            stance in bibliography[key].stance for key in cited if key in bibliography
        ):
            document.fault(
                top, f"{sentence}. Add one whose `stance` in content/sources.bib is {stance}."
            )


def site_words(document: Document, bibliography: dict[str, sources.Source]) -> None:
    """Note what the words of the site's may not say, and a missing crisis notice."""
    at = document.voice_ends if document.part else 0
    if not document.framed:
        for line, message in notes.word_faults(document.lines[at:], document.start + at):
            document.fault(line, message)
    speaks_of_suicide = any(IN_CRISIS.search(line) for line in document.lines)
    if (
        document.header
        and document.kind == "post"
        and speaks_of_suicide
        and not document.header.notice
    ):
        document.fault(1, "This speaks of suicide. Add a line to the header: Notice: crisis")
    if document.part and document.published:
        if document.header and not document.header.summary:
            document.fault(1, "Summary is missing. Add a line to the header: Summary: …")
        part_notes(document, bibliography)


def uncited(
    documents: list[Document], bibliography: dict[str, sources.Source], content: Path, root: Path
) -> Iterator[Fault]:
    """Yield a fault for every source that no published text cites."""
    cited = Counter(
        address[1:]
        for d in documents
        if d.body and d.published
        for _, address, _ in d.body.links
        if address.startswith("#")
    )
    text = (content / "sources.bib").read_text(encoding="utf-8-sig") if bibliography else ""
    for key in bibliography:
        if not cited[key]:
            yield Fault(
                named(content / "sources.bib", root),
                sources.line_of(text, key),
                f"Nothing cites {key}. Cite it as ([Name 2018](#{key})), or take it out.",
            )


def documents_of(content: Path, root: Path, settings: dict[str, Any]) -> list[Document]:
    """Read every post and page."""
    md = prose.reader(settings["MARKDOWN"])
    return [
        read_document(path, root, kind, md)
        for kind in ("post", "page")
        for path in sorted((content / f"{kind}s").glob("*.md"))
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    ]


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
    documents = documents_of(content, root, settings)
    found += [*strays(content, root), *theme_faults(theme, root)]
    alone(documents, settings, theme)
    words(documents)
    for document in documents:
        site_words(document, bibliography)
    if bibliography:
        links(documents, bibliography, content)
        found += uncited(documents, bibliography, content, root)
    return documents, sorted({*found, *(fault for d in documents for fault in d.faults)})
