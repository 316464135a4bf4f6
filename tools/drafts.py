"""`invoke new`, which begins a post, and `invoke drafts`, which lists the unpublished ones."""

import re
from datetime import date
from pathlib import Path

from tools.check import files, site
from tools.check.document import Rules
from tools.check.letters import lacking, letters
from tools.content import fields, header
from tools.content.document import PLACEHOLDER_SUMMARY, PLACEHOLDER_WORDS, Document
from tools.content.slug import file_slug
from tools.project import read_settings

NAME_AT_MOST = 100  # characters; file systems allow 255 bytes, and an address should be short
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
WINDOWS_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")


def new(root: Path, title: str) -> str:
    """Write a draft post and return a message; raise SystemExit if it cannot be published."""
    title, settings = " ".join(title.split()), read_settings(root)
    slug = file_slug(title)
    if not slug:
        raise SystemExit('A title has letters or digits. Type: invoke new "A title"')
    if len(slug) > NAME_AT_MOST:
        raise SystemExit(
            f"The title has {len(slug)} letters; an address has {NAME_AT_MOST} at the most. "
            "Choose a shorter one."
        )
    try:
        header.read_plain(title)
    except ValueError as error:
        raise SystemExit(f"The title {error}") from None
    if message := lacking(title, letters(Path(settings["THEME"]))):
        raise SystemExit(message)
    if WINDOWS_DEVICE.fullmatch(slug):
        raise SystemExit(f"Windows can have no file {slug}.md. Choose another title.")
    if slug in site.reserved_addresses(settings):
        raise SystemExit(f"The address /{slug}/ is taken by the site itself. Choose another title.")
    for document in texts(root, settings):
        if document.slug == slug or document.metadata.get("title", "").lower() == title.lower():
            clash = "is there already" if document.slug == slug else f'is called "{title}" already'
            raise SystemExit(f"{document.file} {clash}. Choose another title.")
    path = Path(settings["PATH"]) / "posts" / f"{slug}.md"
    content = (
        f"Title: {title}\nDate: {date.today()}\nStatus: draft\nSummary: {PLACEHOLDER_SUMMARY}\n"
        f"\n{PLACEHOLDER_WORDS}\n"
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(content)
    except OSError as error:
        message = f"content/posts/{slug}.md cannot be written: {error.strerror}."
        raise SystemExit(message) from None
    return (
        f"content/posts/{slug}.md is a draft: write in it, look at it with `invoke serve` "
        f"at /drafts/{slug}/, and take the line Status: draft out to publish it at /{slug}/."
    )


def drafts(root: Path) -> str:
    """Return a line for each draft: its date, its file and its title, nearest date first."""
    unpublished = [
        document
        for document in texts(root, read_settings(root))
        if document.metadata.get("status", "").lower() == "draft"
    ]
    lines = sorted(map(describe, unpublished))
    if lines:
        first = unpublished[0].path.stem
        others = ", and so on by the files' names" * (len(lines) > 1)
        lines.append(f"`invoke serve` shows them: http://localhost:8000/drafts/{first}/{others}.")
    return "\n".join(lines) or "There are no drafts."


def texts(root: Path, settings: dict[str, object]) -> list[Document]:
    """Read every post and page, as far as it can be read."""
    paths = files.sort_out(Path(str(settings["PATH"])), root).texts
    return site.read(paths, Rules(root, settings, None, None))


def describe(document: Document) -> str:
    """Return a line with a draft's date, file and title, and whether its header has a problem."""
    header, metadata = document.header, document.metadata
    if header is None:
        day, title = metadata.get("date") or "no date", metadata.get("title") or "no title"
        return f"{day}  {document.file}  {title} (its header has a problem: invoke check)"
    to_come = " (to come)" if header.date > fields.today() else ""
    return f"{header.date}{to_come}  {document.file}  {header.title}"
