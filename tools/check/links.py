"""Every link within the site leads somewhere, and every source is cited."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

from tools.content.document import Document
from tools.content.problem import Problem, did_you_mean, relative
from tools.content.sources import line_of


def links(documents: list[Document], keys: set[str], content: Path, home: str) -> Iterator[Problem]:
    """Yield a fault for each link within the site that leads nowhere, or to a draft."""
    by_name = {document.file: document for document in documents}
    for document, line, address in [(d, *link) for d in documents for link in d.links]:
        target, _, place = address.partition("#")
        kind, _, name = unquote(target).partition("}")
        at_root = name.startswith("/") or kind == "{static"
        name = name.lstrip("/") if at_root else f"{document.kind}s/{name}"
        other, said = by_name.get(f"{home}/{name}"), ""
        if kind == "{static":
            if not is_listed(content, name):
                said = f"content/{name} is not there.{nearest_file(content, name)}"
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
            yield Problem(document.file, line, said)


def is_listed(content: Path, name: str) -> bool:
    """Say whether there is a file of this very name: some systems find Photo.png by photo.png."""
    folder = content
    for part in name.split("/"):
        if not folder.is_dir() or part not in {path.name for path in folder.iterdir()}:
            return False
        folder /= part
    return folder.is_file()


def nearest_file(content: Path, name: str) -> str:
    """Return " Did you mean …?" for the picture whose name is nearest; or what to do."""
    files = (path for path in (content / "images").rglob("*") if path.is_file())
    names = [path.relative_to(content).as_posix() for path in files]
    return did_you_mean(name, names) or " Put the file there first."


def uncited(
    documents: list[Document], bibliography: dict[str, SimpleNamespace], content: Path, root: Path
) -> Iterator[Problem]:
    """Yield a fault for every source that no published text cites."""
    missing = set(bibliography)
    for document in documents:
        if missing and document.published:
            missing.difference_update(document.cites)
    if not missing:
        return

    bib = content / "sources.bib"
    text = bib.read_text(encoding="utf-8-sig")
    for key in missing:
        line = line_of(text, key)
        said = f"Nothing cites {key}. Cite it as ([Name 2018](#{key})), or take it out."
        yield Problem(relative(bib, root), line, said)
