"""The folders of releases, and the order in which they are renamed.

output/         the published release; or a local build, while nothing is published
output.old/     the release before, for `invoke rollback`; never a local build
output.local/   a local build, while output/ holds a release
output.new/     what is being built or deleted; the next command deletes it
output.next/    for a moment: a complete folder on its way into output/, or out of it

After a crash between two steps, `mend` can tell from the names what is left to do;
tests/publish/test_folders.py crashes it at each step.
"""

import html
import re
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tools import system


def sitemap_values(folder: Path, tag: str) -> list[str]:
    """Return the values of the elements `tag` ("loc" or "lastmod") in a built site's sitemap."""
    sitemap = (folder / "sitemap.xml").read_text(encoding="utf-8")
    return [html.unescape(value) for value in re.findall(rf"<{tag}>(.*?)</{tag}>", sitemap)]


class Folders(NamedTuple):
    """The folders that the docstring of this module describes."""

    output: Path
    old: Path
    local: Path
    new: Path
    next: Path


def folders(root: Path) -> Folders:
    """Return the folders of the project at `root`."""
    return Folders(*(root / f"output{end}" for end in ("", ".old", ".local", ".new", ".next")))


def release_address(folder: Path) -> str | None:
    """Return the address that a release was built for; None if the folder holds no release."""
    if not all((folder / name).is_file() for name in ("sitemap.xml", "_headers")):
        return None
    public = (loc for loc in sitemap_values(folder, "loc") if loc.startswith("https://"))
    return next((loc.rstrip("/") for loc in public), None)


def refuse_what_cannot_be_swapped(place: Folders) -> None:
    """Raise SystemExit with the remedy if output/ is not a folder that can change its name."""
    for folder in (place.output, place.old):
        name = folder.name
        if folder.is_symlink():
            raise SystemExit(
                f"{name} is a link to {folder.readlink()}. A release takes the place of the whole "
                f"folder, and leaves others' files alone: delete the link, and let the web server "
                f"serve {place.output}."
            )
        if folder.exists() and not folder.is_dir():
            raise SystemExit(f"{name} is a file, where the site's folder is to be: move it away.")
        if folder.exists() and system.is_mount_point(folder):
            raise SystemExit(
                f"{name}/ is mounted here (a volume of Docker's, for one), so that no release can "
                f"take its place in one step: mount {folder.parent} instead, or copy the release "
                f"to the volume after invoke publish."
            )


def delete(folder: Path) -> None:
    """Delete a folder, if it exists; raise SystemExit with the remedy if that is forbidden."""
    if not folder.exists():
        return
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise SystemExit(
            f"{folder.name}/ is left over and cannot be deleted ({error.strerror}: "
            f"{error.filename}). Delete it with {system.how_to_delete(folder)}; then try again."
        ) from None


def swap(one: Path, other: Path) -> None:
    """Exchange the names of two folders: atomically if the system can, else by three renames.

    If a rename fails, those before it are undone, and OSError is raised. After a crash, `mend`
    undoes them.
    """
    with suppress(OSError):
        system.exchange(one, other)
        return
    aside = one.with_name(f"{one.name}.swap")
    one.rename(aside)
    try:
        other.rename(one)
    except OSError:
        aside.rename(one)
        raise
    try:
        aside.rename(other)
    except OSError:
        one.rename(other)
        aside.rename(one)
        raise


def put_in_place(place: Folders) -> None:
    """Make output.new/ the new output/, and keep a release that was there as the old one."""
    if not place.output.exists():
        place.new.rename(place.output)
        return
    place.new.rename(place.next)
    swap(place.next, place.output)
    try:
        retire(place)
    except (OSError, SystemExit) as error:  # output/ is complete; the next command finishes
        print(f"The new output/ is in its place, but: {error}", file=sys.stderr)


def retire(place: Folders) -> None:
    """Keep what was output/ as the old release, or delete it if it is a local build."""
    if release_address(place.next):
        if place.old.exists():
            place.old.rename(place.new)
        place.next.rename(place.old)
    else:
        place.next.rename(place.new)
    delete(place.new)


def mend(place: Folders) -> None:
    """Finish or undo what a crash interrupted, and delete what was being built."""
    for one in (place.next, place.old):
        aside = one.with_name(f"{one.name}.swap")
        if aside.exists():
            aside.rename(place.output if one.exists() else one)
    delete(place.new)
    if place.next.exists():
        if place.output.exists() and written_at(place.next) < written_at(place.output):
            retire(place)
        else:  # it is complete, but was never published
            place.next.rename(place.new)
            delete(place.new)


def written_at(folder: Path) -> int:
    """Return the time of a build in ns, from a file that each build writes and nobody edits."""
    sitemap = folder / "sitemap.xml"
    return sitemap.stat().st_mtime_ns if sitemap.exists() else 0
