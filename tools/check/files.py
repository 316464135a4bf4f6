"""Sort the files under content/: each is a post, a page, a picture or a data file, or a problem."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.check import pictures
from tools.check.data import READERS
from tools.content.problem import Problem, relative

# By suffix: misnamed texts, what programs leave behind, word processors' files, pictures.
TEXTS = re.compile(r"|\.(?:html?|markdown|md|mdown|mdx|mkd|rst|te?xt)")
LEFT_BEHIND = re.compile(r"\.(?:backup|bak|mine|old|orig|rej|save|sw[op]|theirs|tmp)")
DOCUMENTS = re.compile(r"\.(?:doc[mx]?|epub|gdoc|odt|pages|pdf|rtf|tex|wpd)")
IMAGES = re.compile(r"\.(?:avif|bmp|gif|hei[cf]|jpe?g|png|svg|tiff?|webp)")
FOLDERS = (
    "Posts are in content/posts/, pages in content/pages/, pictures in content/images/, and what a "
    "host asks for at the site's root, such as CNAME, in content/extra/."
)

# A text's name with the signs of a hidden file, of Emacs's and of a backup.
HIDDEN = re.compile(r"(?:\.(?![_#])|#)?([a-z0-9][\w-]*\.md)[#~]?")
# Folders in the project's own that somebody takes for those in content/.
NEAR = ("articles", "contents", "pages", "post", "posts")
HEADER = re.compile(r"(?:Title|Date|Summary|Status): ", re.IGNORECASE)


@dataclass
class Files:
    """What is under content/: paths of texts, names of pictures, a problem for any other file."""

    texts: list[str] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def walk(folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield everything below a folder, sorted, except what editors and git hide."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if not entry.name.startswith((".", "#")) and not entry.name.endswith("~"):
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from walk(entry.path)


def special_files(content: Path, root: Path) -> list[Problem]:
    """Return a problem for each pipe or device, since reading one would wait for ever."""
    message = "This is no regular file, but a pipe, a socket or a device. Delete it."
    return [
        Problem(relative(Path(entry.path), root), 1, message)
        for entry in walk(str(content))
        if not entry.is_dir() and not entry.is_file() and Path(entry.path).exists()
    ]


def sort_out(content: Path, root: Path) -> Files:
    """Return the files of all texts and pictures, and a problem for each that is neither."""
    texts: dict[str, list[str]] = {"posts": [], "pages": []}
    files = Files()
    for entry in walk(str(content)):
        path = Path(entry.path)
        place = path.relative_to(content).as_posix()
        top, _, below = place.partition("/")
        line, message = 1, ""
        if entry.is_symlink():
            message = "This is a link to another place. Put the file itself here."
        elif entry.is_dir():
            if top in texts and place.endswith(".md"):
                message = "This is a folder, and nothing reads it. A post is a file: take it out."
        elif place in READERS:
            continue
        elif top in texts and "/" in below:
            message = f"Move the file to content/{top}/ itself."
        elif top in texts and place.endswith(".md"):
            texts[top].append(entry.path)
        elif top in texts:
            message = stray(path, top)
        elif top == "images":
            files.pictures.add(place)
            line, message = picture(path, below) or (1, "")
        elif top != "extra":
            message = f"Nothing reads this here. {FOLDERS}"
        if message:
            files.problems.append(Problem(relative(path, root), line, message))
    files.problems += [*hidden_texts(content, root), *misplaced_texts(root)]
    files.texts = texts["posts"] + texts["pages"]
    return files


def hidden_texts(content: Path, root: Path) -> Iterator[Problem]:
    """Yield a problem for each post or page whose only copy has a name that editors and git hide.

    Such are .a-title.md, a-title.md~ and #a-title.md#; beside a-title.md, each is a copy of it.
    """
    for path in sorted([*content.glob("posts/*"), *content.glob("pages/*")]):
        match = HIDDEN.fullmatch(path.name)
        if match and not path.with_name(match[1]).exists() and path.is_file():
            message = f"Nothing reads a file of this name. Rename it to {match[1]}, or delete it."
            yield Problem(relative(path, root), 1, message)


def misplaced_texts(root: Path) -> Iterator[Problem]:
    """Yield a problem for each text outside content/ that was meant to be in it.

    In the project's folder these are files that begin with a header, and every text in a folder
    with a name like those of content/.
    """
    texts = [path for name in NEAR for path in root.glob(f"{name}/**/*.md")]
    for path in sorted([*root.glob("*.md"), *texts]):
        if path.is_file() and (
            path.parent != root or HEADER.match(path.read_text(encoding="utf-8", errors="replace"))
        ):
            yield Problem(relative(path, root), 1, f"Nothing reads this here. {FOLDERS}")


def stray(path: Path, folder: str) -> str:
    """Return what to do with a file among the posts or pages that is not one of them."""
    suffix, stem = path.suffix.lower(), path.stem.removesuffix(".md")
    if LEFT_BEHIND.fullmatch(suffix):
        program = "git could not apply" if suffix == ".rej" else "a program left behind"
        return f"This is what {program}. Delete it, or rename it to {stem}.md."
    if DOCUMENTS.fullmatch(suffix):
        return f"This is no text: save it as Markdown, as {stem}.md, or delete it."
    if IMAGES.fullmatch(suffix):
        return "This is a picture: move it to content/images/."
    if TEXTS.fullmatch(suffix) and not re.fullmatch(r"[\d\W]*", stem):
        return f"This would not become a {folder[:-1]}: rename it to {stem}.md."
    return "This is no text: delete it, or save it as Markdown in a file that ends in .md."


def picture(path: Path, name: str) -> tuple[int, str] | None:
    """Return the line and message of a problem with a file in content/images/, or None."""
    if path.suffix.lower() not in pictures.TYPES:
        return 1, f"This is no picture. Pictures end in {', '.join(sorted(pictures.TYPES))}."
    for part in name.split("/"):
        if not pictures.NAME.fullmatch(part):
            clean = re.sub(r"[^A-Za-z0-9._]+", "-", part).strip("-.") or f"picture{path.suffix}"
            return 1, (
                "The name becomes an address: write it with letters from a to z, digits and "
                f"hyphens, as {clean}."
            )
    return pictures.picture_problem(path)
