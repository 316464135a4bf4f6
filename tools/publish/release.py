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
from typing import Any
from urllib.parse import urljoin, urlsplit

from tools import system
from tools.check.settings import plugin_problems
from tools.content.problem import report
from tools.lock import build_lock
from tools.project import describe_error, read_settings
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
    with suppress(ValueError):
        parts = urlsplit(address)
        host = parts.netloc.lower().encode("idna").decode("ascii")  # as browsers write it
        same = parts._replace(netloc=host).geturl()
        if same != address and ADDRESS.fullmatch(same):
            raise SystemExit(f'SITEURL is "{address}": write {same}, which is the same address.')
    raise SystemExit(
        f'SITEURL is "{address}", which is no public https:// address: set SITEURL to your own, '
        "such as https://example.org, and type invoke publish again."
    )


@contextmanager
def locked_folders(root: Path) -> Iterator[Folders]:
    """Hold the project's lock, and yield its folders, repaired if a command crashed before.

    In the end delete output.new/. Raise SystemExit with the reason if the system forbids any of it.
    """
    place = folders(root)
    try:
        with build_lock(root):
            refuse_what_cannot_be_swapped(place)
            mend(place)
            try:
                yield place
            finally:
                with suppress(SystemExit):  # the next command names what cannot be deleted
                    delete(place.new)
    except OSError as error:
        raise SystemExit(f"output/ stays as it was: {error}.") from error


def make(root: Path, settings_file: str, new: Path) -> dict[str, Any]:
    """Build the site with one of the settings files into a folder, and return these settings.

    Raise SystemExit with every problem, a line each. Pelican runs in this process, since another
    one would have to load every library again.
    """
    try:
        settings = read_settings(root, settings_file)
        # Pelican prints much about a plugin that it cannot find.
        if missing := list(plugin_problems(settings, root)):
            raise SystemExit(report(missing))
        # Imported here, since it takes half a second and few commands need it.
        from pelican import Pelican
        from pelican.log import init as init_logging
        from pelican.settings import read_settings as read_for_pelican

        init_logging(fatal="errors")
        override = {"OUTPUT_PATH": str(new)}
        Pelican(read_for_pelican(str(root / settings_file), override=override)).run()
    except (Exception, SystemExit) as error:
        problems = describe_error(error, root)
        raise SystemExit(f"{problems}\nThe build failed; output/ stays as it was.") from error
    return settings


def build(root: Path) -> None:
    """Build the site for this machine, never over a release; raise SystemExit if it fails."""
    with locked_folders(root) as place:
        settings = make(root, "pelicanconf.py", place.new)
        complete(place.new, settings)
        published = release_address(place.output)
        if published:
            delete(place.local)
            place.new.rename(place.local)
        else:
            replace_output(place)
    if published:
        print(
            f"output.local/ holds the site for this machine; output/ keeps the release for "
            f"{published}."
        )
    else:
        print("output/ holds the site for this machine. invoke serve shows it, and every draft.")


def publish(root: Path) -> None:
    """Build with publishconf.py, make it ready for any host, check it, and swap it in."""
    # Imported here, so that a build need not wait for them.
    from tools.check import language
    from tools.publish import assets, links, servers

    settings = read_settings(root, "publishconf.py")
    address = public_address(settings["SITEURL"])
    if language.check(root):  # the build checks all but the language
        raise SystemExit("Nothing is published while there is a problem; output/ stays as it was.")
    show_pdf_progress()
    with locked_folders(root) as place:
        new = place.new
        with stage("pages, feed, pictures and PDF"):
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
        with stage("on the disk, and in place"):
            complete(new, settings)
            system.flush_to_disk()
            replace_output(place)
        back = "; `invoke rollback` goes back" if release_address(place.old) else ""
    for line in reminders(settings):
        print(line)
    print(f"output/ holds the release for {address}{back}.")


def reminders(settings: dict[str, Any]) -> Iterator[str]:
    """Yield what the owner still has to do for a published site."""
    for name, untold in OWNERS_WORDS.items():
        if not settings[name]:
            yield f"{name} is empty in pelicanconf.py: readers are not told {untold}."
    home, host = f"{settings['SITEURL']}/", urljoin(settings["SITEURL"], "/")
    if home != host:
        files = f"robots.txt{' and .well-known/security.txt' if settings['CONTACT'] else ''}"
        yield f"Programs look for {files} at {host} alone: if that site is yours, put a copy there."


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
    print(f"output/ holds the release before, for {address}{undo}.")


def complete(new: Path, settings: dict[str, Any]) -> None:
    """Copy content/extra/ to the root of the site: what a host asks for, such as CNAME.

    Make all files readable for a web server's user, whatever the umask. Raise SystemExit rather
    than overwrite a file of the site's.
    """
    extra = Path(settings["PATH"]) / "extra"
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
    for path in (new, *new.rglob("*")):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o644))


def replace_output(place: Folders) -> None:
    """Put output.new/ in the place of output/, and print which files of its root are gone."""
    before = place.output
    names = {
        path.relative_to(before).as_posix()
        for path in (*before.glob("*"), *before.glob(".*/**/*"))
        if path.is_file() and path.suffix not in (".br", ".gz")
    }
    gone = sorted(name for name in names if not (place.new / name).exists())
    put_in_place(place)
    if gone:
        print(
            f"The new output/ lacks {', '.join(gone)}, which the one before had. What belongs at "
            "the root of each release has its place in content/extra/."
        )


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Print the time that a stage took, in seconds, and its name."""
    started = time.monotonic()
    yield
    print(f"{time.monotonic() - started:6.1f} s  {name}", flush=True)


def show_pdf_progress() -> None:
    """Print which page of the PDF WeasyPrint lays out: each in a terminal, else every tenth.

    The PDF takes most of the time of a publish. The layout is repeated until no page number that
    is printed in it changes.
    """
    in_terminal = sys.stdout.isatty()
    step = re.compile(r"Page \d+|Repagination .*" if in_terminal else r"Page \d*0$|Repagination .*")

    def show(record: logging.LogRecord) -> bool:
        if match := step.search(record.getMessage()):
            end = f"{'':20}\r" if in_terminal else "\n"  # over what a longer line left there
            print(f"          the PDF: {match[0].lower()}", end=end, flush=True)
        return False  # nothing else shows it

    progress = logging.getLogger("weasyprint.progress")
    progress.setLevel(logging.INFO)
    progress.addFilter(show)
