"""Every file under content/ is a post, a page, a picture or one of the site's own files."""

import os
from collections.abc import Iterator
from pathlib import Path

from tools.content.problem import Problem, relative

PICTURES = {".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"}


OWN = {"README.md", "article.txt", "helplines.toml", "sources.bib", "words.txt"}
FOLDERS = (
    "Posts are in content/posts/, pages in content/pages/, pictures in content/images/, and what a "
    "host asks for at the site's root, such as CNAME, in content/extra/."
)


def walk(folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield what lies in a folder and below it, in order, but for what editors and git hide."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if not entry.name.startswith((".", "#")) and not entry.name.endswith("~"):
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from walk(entry.path)


def special_files(content: Path, root: Path) -> list[Problem]:
    """Return a problem for each file that reading would wait for: a named pipe, a device."""
    message = "This is no regular file, but a pipe, a socket or a device. Delete it."
    return [
        Problem(relative(Path(entry.path), root), 1, message)
        for entry in walk(str(content))
        if not entry.is_dir() and not entry.is_file() and Path(entry.path).exists()
    ]


def sort_out(content: Path, root: Path) -> tuple[list[str], list[Problem]]:
    """Return the files of all texts, and a fault for each file that Pelican would pass over."""
    texts: dict[str, list[str]] = {"posts": [], "pages": []}
    problems = []
    for entry in walk(str(content)):
        place = Path(entry.path).relative_to(content).as_posix()
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
        elif top not in ("images", "extra"):
            said = f"Nothing reads this here. {FOLDERS}"
        if said:
            problems.append(Problem(relative(Path(entry.path), root), 1, said))
    return texts["posts"] + texts["pages"], problems
