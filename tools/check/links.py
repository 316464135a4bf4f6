"""Check that every link within the site leads somewhere, and that every source is cited."""

import posixpath
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

from tools.content.document import Document
from tools.content.problem import Problem, did_you_mean, relative


def links(
    documents: list[Document], keys: set[str], pictures: set[str], home: str
) -> Iterator[Problem]:
    """Yield a problem for each link within the site that leads nowhere, or to a draft.

    `keys` are the sources', `pictures` the names of all files in content/images/, `home` is
    content/ as a writer sees it.
    """
    by_name = {document.file.removeprefix(f"{home}/"): document for document in documents}
    for document, line, address in [(d, *link) for d in documents for link in d.links]:
        target, _, place = address.partition("#")
        kind, _, path = target.partition("}")
        path = unquote(path)
        # Pelican takes a path from the root as it is, and any other from its file's own folder.
        from_root = path.startswith("/")
        name = path[1:] if from_root else posixpath.normpath(f"{document.kind}s/{path}")
        other, message = by_name.get(name), ""
        if "\\" in path:
            message = f"{address} has a backslash. Write {kind}}}{path.replace(chr(92), '/')}."
        elif kind == "{static":
            right = posixpath.normpath(name.lstrip("/"))
            if right not in pictures:
                right = right.removeprefix(f"{document.kind}s/")
            if right not in pictures:
                # Capitals count, as they do on most servers.
                hint = did_you_mean(right, pictures) or " Put the file there first."
                message = f"content/{right} is not there.{hint}"
            elif right != name:
                message = f"{address} is no picture's address here. Write {{static}}/{right}."
        elif other is None:
            message = f"{name} is not there.{did_you_mean(name, by_name)}"
        elif other.framed:
            message = f"{name} has no page of its own. Link to another page."
        elif document.published and not other.published:
            message = f"{name} is a draft, and this is published. Publish it, or unlink it."
        elif place and other.html and unquote(place) not in {*other.ids, *keys}:
            message = f"{name} has no heading #{place}.{did_you_mean(place, other.ids)}"
        if message:
            yield Problem(document.file, line, message)


def uncited(
    documents: list[Document], bibliography: dict[str, SimpleNamespace], content: Path, root: Path
) -> Iterator[Problem]:
    """Yield a problem for every source that no published text cites."""
    missing = set(bibliography)
    for document in documents:
        if missing and document.published:
            missing.difference_update(document.cites)
    # A text that nobody can read may cite any of them.
    if not missing or not all(document.readable for document in documents):
        return
    bib = relative(content / "sources.bib", root)
    for key in missing:
        label = bibliography[key].label
        message = f"Nothing cites {key}. Cite it as ([{label}](#{key})), or take it out."
        yield Problem(bib, bibliography[key].line, message)
