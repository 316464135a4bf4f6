"""Build, publish and roll back. output/ is always a complete release, whatever fails.

A release is built, finished and checked in output.new/, and only then swapped with output/;
tools/publish/folders.py says how.
"""

import logging
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tools import system
from tools.build import build as build_site
from tools.lock import build_lock
from tools.project import read_settings
from tools.publish.folders import (
    Folders,
    delete,
    folders,
    mend,
    put_in_place,
    refuse_what_cannot_be_swapped,
    release_address,
    swap,
)

ADDRESS = re.compile(r"https://((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+)(:\d+)?(/[\w.~-]+)*", re.ASCII)
PLACEHOLDER = re.compile(
    r"(^|\.)(example(\.\w+)?|test|invalid|local|localhost)$"
    r"|^(www\.)?(your|my)[-.]?(address|domain|site)(\.|$)"
)
# What only the owner can say, and what readers miss without it.
OWNERS_WORDS = {
    "PUBLISHER": "who publishes the site",
    "FUNDING": "who pays for it",
    "CONTACT": "where to send a correction",
}
# What file managers, editors and git leave in a folder.
CLUTTER = re.compile(r"\.DS_Store|\.git(ignore|keep)|Thumbs\.db|desktop\.ini|.*~|\..*\.sw.")


def public_address(address: str) -> str:
    """Return a public https address as it is; raise SystemExit with what to set for any other."""
    match = ADDRESS.fullmatch(address)
    if match and not PLACEHOLDER.search(match[1]):
        return address
    if (same := as_browsers_write(address)) != address and ADDRESS.fullmatch(same):
        raise SystemExit(f'SITEURL is "{address}": write {same}, which is the same address.')
    raise SystemExit(
        f'SITEURL is "{address}", which is no public https:// address: set SITEURL to your own, '
        "such as https://example.org, and type invoke publish again."
    )


def as_browsers_write(address: str) -> str:
    """Return an address with its host in lower case and in ASCII, as browsers do."""
    with suppress(ValueError):
        parts = urlsplit(address)
        host = parts.netloc.lower().encode("idna").decode("ascii")
        return parts._replace(netloc=host).geturl()
    return address


@contextmanager
def locked_folders(root: Path) -> Iterator[Folders]:
    """Hold the project's lock, and yield its folders, repaired if a command crashed before.

    Raise SystemExit with the reason if the system forbids any of it.
    """
    place = folders(root)
    try:
        with build_lock(root):
            refuse_what_cannot_be_swapped(place)
            mend(place)
            yield place
    except OSError as error:
        raise SystemExit(f"output/ stays as it was: {error}.") from error


def make(root: Path, settings_file: str, new: Path) -> None:
    """Build the site into a folder; raise SystemExit if it fails."""
    try:
        build_site(root, settings_file, new)
    except SystemExit as error:
        raise SystemExit(f"{error}\nThe build failed; output/ stays as it was.") from error


def build(root: Path) -> None:
    """Build the site for this machine, never over a release; raise SystemExit if it fails."""
    with locked_folders(root) as place:
        try:
            make(root, "pelicanconf.py", place.new)
            add_extra_files(root, place.new)
            make_readable(place.new)
            if published := release_address(place.output):
                delete(place.local)
                place.new.rename(place.local)
            else:
                replace_output(place)
        finally:
            clear(place)
    if published:
        print(
            f"output.local/ holds the site for this machine; output/ keeps the release for "
            f"{published}."
        )
    else:
        print("output/ holds the site for this machine. See it with: invoke serve")


def publish(root: Path) -> None:
    """Build with publishconf.py, make it ready for any host, check it, and swap it in."""
    # Imported here, so that a build need not wait for them.
    from tools.check import language
    from tools.publish import assets, links, servers

    settings = read_settings(root, "publishconf.py")
    address = public_address(settings["SITEURL"])
    if language.check(root):  # the build checks all but the language
        raise SystemExit("Nothing is published while there is a problem; output/ stays as it was.")
    with locked_folders(root) as place:
        new = place.new
        try:
            with stage("pages, feed, pictures and PDF"), pdf_progress():
                make(root, "publishconf.py", new)
            with stage("names that change with each file's content"):
                assets.fingerprint(new)
            with stage("headers for every host"):
                servers.write(new, settings)
            with stage("brotli and gzip beside each text"):
                assets.compress(new)
            with stage("every page and link checked"):
                if problems := links.verify(new, settings):
                    raise SystemExit("\n".join([*problems, "output/ stays as it was."]))
            add_extra_files(root, new)
            make_readable(new)
            with stage("on the disk, and in place"):
                system.flush_to_disk()
                replace_output(place)
        finally:
            clear(place)
        back = "; `invoke rollback` goes back" if release_address(place.old) else ""
    for name, untold in OWNERS_WORDS.items():
        if not settings[name]:
            print(f"{name} is empty in pelicanconf.py: readers are not told {untold}.")
    print(f"output/ holds the release for {address}{back}.")


def rollback(root: Path) -> None:
    """Swap output/ with the release before it; raise SystemExit if there is none."""
    with locked_folders(root) as place:
        if not place.old.exists():
            raise SystemExit("There is no older release to go back to.")
        address = release_address(place.old)
        if not address:
            raise SystemExit(
                "output.old/ is no release of this site (it has no _headers, or no sitemap.xml "
                "with addresses): output/ stays as it was."
            )
        undo = "; `invoke rollback` again undoes it"
        if release_address(place.output):
            swap(place.old, place.output)
        else:  # a local build, or nothing
            undo = ""
            if place.output.exists():
                place.output.rename(place.new)
            place.old.rename(place.output)
            clear(place)
    print(f"output/ holds the release before, for {address}{undo}.")


def replace_output(place: Folders) -> None:
    """Put output.new/ in the place of output/, and print which files of its root are gone."""
    gone = left_behind(place.output, place.new) if place.output.exists() else []
    put_in_place(place)
    if gone:
        print(
            f"The new output/ lacks {', '.join(gone)}, which the one before had. What belongs at "
            "the root of each release has its place in content/extra/."
        )


def clear(place: Folders) -> None:
    """Delete output.new/. What cannot be deleted, the next command names."""
    with suppress(SystemExit):
        delete(place.new)


def add_extra_files(root: Path, new: Path) -> None:
    """Copy content/extra/ to the root of the site: what a host asks for, such as CNAME.

    Raise SystemExit rather than overwrite a file of the site's.
    """
    extra = Path(read_settings(root)["PATH"]) / "extra"
    for path in sorted(extra.rglob("*")):
        name = path.relative_to(extra)
        if not path.is_file() or CLUTTER.fullmatch(path.name):
            continue
        target = new / name
        if target.exists() and target.read_bytes() != path.read_bytes():
            raise SystemExit(
                f"content/extra/{name.as_posix()}:1: The site has a file of that name already. "
                "Rename this one, or take it out."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def make_readable(new: Path) -> None:
    """Make the site readable for a web server's user, whatever the umask."""
    for path in (new, *new.rglob("*")):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o644))


def left_behind(before: Path, now: Path) -> list[str]:
    """Return the files at a site's root and in its hidden folders that the new site lacks."""
    names = {
        path.relative_to(before).as_posix()
        for top in before.iterdir()
        for path in ([top] if top.is_file() else top.rglob("*") if top.name[0] == "." else [])
        if path.is_file() and path.suffix not in (".br", ".gz")
    }
    return sorted(name for name in names if not (now / name).exists())


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Print the time that a stage took, in seconds, and its name."""
    started = time.monotonic()
    yield
    print(f"{time.monotonic() - started:6.1f} s  {name}", flush=True)


class PdfProgress(logging.Handler):
    """Print which page of the PDF is being laid out: each in a terminal, every tenth elsewhere.

    WeasyPrint repeats the layout until no printed page number changes.
    """

    again = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a page's number."""
        message = record.getMessage()
        if "Repagination" in message:
            self.again = ", once more"
        if match := re.search(r"Page (\d+)", message):
            end = "\r" if sys.stdout.isatty() else "\n"
            if end == "\r" or int(match[1]) % 10 == 0:
                print(f"          the PDF: page {match[1]}{self.again}", end=end, flush=True)


@contextmanager
def pdf_progress() -> Iterator[None]:
    """Print WeasyPrint's progress: the PDF takes most of the time of a publish."""
    logger, handler = logging.getLogger("weasyprint.progress"), PdfProgress()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
        logger.setLevel(logging.NOTSET)
