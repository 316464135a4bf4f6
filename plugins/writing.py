"""What a writer types: check, new and drafts, each answered in words."""

import re
import runpy
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from invoke import Exit
from unidecode import unidecode

from plugins import check as checking
from plugins import headers
from plugins.examine import Rules
from plugins.faults import Fault, report

WORDS = ["content", "README.md"]


def settings_of(root: Path) -> dict[str, Any]:
    """Return the settings of pelicanconf.py, as far as the check reads them."""
    found = runpy.run_path(str(root / "pelicanconf.py"))
    return {
        **{name: value for name, value in found.items() if name.isupper()},
        "PATH": str(root / found["PATH"]),
        "THEME": str(root / found["THEME"]),
    }


def language(root: Path, files: list[str]) -> list[subprocess.Popen[str]]:
    """Start the spelling check and the Markdown lint; both print file:line: what."""
    tools = Path(sys.executable).parent
    commands = [
        [tools / "codespell", "--quiet-level", "3", *(files or WORDS)],
        [tools / "rumdl", "check", "--quiet", "--output-format", "concise", *(files or WORDS)],
    ]
    return [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
        for command in commands
    ]


def language_faults(running: list[subprocess.Popen[str]]) -> list[Fault]:
    """Return what the spelling check and the Markdown lint found."""
    found = []
    for process in running:
        said, _ = process.communicate()
        lines = re.findall(r"^(?:\./)?([^:\n]+):(\d+):(?:\d+:)?\s*(.+)", said, re.MULTILINE)
        found += [Fault(f, int(line), what.replace("==>", "is spelt")) for f, line, what in lines]
        if process.returncode and not lines:
            tool = Path(process.args[0]).name
            found.append(Fault("pyproject.toml", 1, f"{tool} could not run. {said.strip()}"))
    return found


def check(root: Path) -> int:
    """Print every fault, or the grade of each part's notes; return 1 if there is a fault."""
    running = language(root, WORDS)
    documents, faults = checking.inspect(root, settings_of(root))
    faults = [*faults, *language_faults(running)]
    if faults:
        print(report(faults))
        return 1
    for document in documents:
        if document.grade is not None:
            print(f"{document.file}: the notes read at US grade {document.grade:.1f}.")
    print(f"No fault in {len(documents)} posts and pages.")
    return 0


def new(root: Path, title: str) -> str:
    """Write a draft post and return what to say of it; refuse to overwrite a file."""
    slug = re.sub(r"[^a-z0-9]+", "-", unidecode(title).lower()).strip("-")
    if not slug:
        raise Exit('A title has letters or digits. Type: invoke new "A title"', code=1)
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
    return (
        f"content/posts/{slug}.md is a draft: write in it, look at it with `invoke serve` "
        f"at /drafts/{slug}/, and take the line Status: draft out to publish it."
    )


def drafts(root: Path) -> str:
    """Return a line for each draft: its date, its file and its title, nearest date first."""
    settings = settings_of(root)
    texts, _ = checking.sort_out(Path(settings["PATH"]), root)
    documents = checking.read(texts, Rules(root, settings, {}))
    found = sorted(
        (d.header.date, d.file, d.header.title)
        for d in documents
        if d.header and d.header.status == "draft"
    )
    late = headers.today()
    lines = [
        f"{day}{' (to come)' if day > late else ''}  {file}  {title}" for day, file, title in found
    ]
    if lines:
        lines.append("`invoke serve` shows each at /drafts/ and the file's name.")
    return "\n".join(lines) or "There are no drafts."
