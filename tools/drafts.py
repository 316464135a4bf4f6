"""`invoke new` begins a post, and `invoke drafts` lists those that are not published yet."""

import re
from datetime import date
from pathlib import Path

from invoke import Exit
from unidecode import unidecode

from tools.check import files, site
from tools.check.document import Rules
from tools.content import header
from tools.project import read_settings

# What Windows takes for a device, whatever the file's ending.
RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")


def new(root: Path, title: str) -> str:
    """Write a draft post and return what to say of it; refuse to overwrite a file."""
    slug = re.sub(r"[^a-z0-9]+", "-", unidecode(title).lower()).strip("-")
    if not slug:
        raise Exit('A title has letters or digits. Type: invoke new "A title"', code=1)
    if RESERVED.fullmatch(slug):
        raise Exit(f"Windows can have no file {slug}.md. Choose another title.", code=1)
    path = root / "content/posts" / f"{slug}.md"
    day = date.today()
    text = f"Title: {title.strip()}\nDate: {day}\nStatus: draft\nSummary: One sentence about it.\n"
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(f"{text}\nWrite here.\n")
    except FileExistsError:
        raise Exit(
            f"content/posts/{slug}.md is there already. Choose another title.", code=1
        ) from None
    except OSError as error:
        message = f"content/posts/{slug}.md cannot be written: {error.strerror}."
        raise Exit(message, code=1) from None
    return (
        f"content/posts/{slug}.md is a draft: write in it, look at it with `invoke serve` "
        f"at /drafts/{slug}/, and take the line Status: draft out to publish it."
    )


def drafts(root: Path) -> str:
    """Return a line for each draft: its date, its file and its title, nearest date first."""
    settings = read_settings(root)
    texts, _ = files.sort_out(Path(settings["PATH"]), root)
    documents = site.read(texts, Rules.of(root, settings, None, None))
    found = sorted(
        (d.header.date, d.file, d.header.title)
        for d in documents
        if d.header and d.header.status == "draft"
    )
    late = header.today()
    lines = [
        f"{day}{' (to come)' if day > late else ''}  {file}  {title}" for day, file, title in found
    ]
    if lines:
        lines.append("`invoke serve` shows each at /drafts/ and the file's name.")
    return "\n".join(lines) or "There are no drafts."
