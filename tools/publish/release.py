"""What is published is a whole release or the one before it, whatever happens meanwhile.

A release is built in output.new/, finished, checked, and only then changes places with output/.
The one that was there stays in output.old/, for `invoke rollback`.
"""

import ctypes
import fcntl
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.build import pelican

Finish = Callable[[Path], None]
ADDRESS = re.compile(r"https://((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+)(:\d+)?(/[\w.~-]+)*", re.I)
PLACEHOLDER = re.compile(
    r"(^|\.)(example(\.\w+)?|test|invalid|local|localhost)$"
    r"|^(www\.)?(your|my)[-.]?(address|domain|site)(\.|$)",
    re.I,
)


def public_address(address: str) -> str:
    """Return the address if readers can reach it by it; otherwise say what to type (SystemExit)."""
    match = ADDRESS.fullmatch(address)
    if match and not PLACEHOLDER.search(match[1]):
        return address
    raise SystemExit(
        f'SITEURL is "{address}", which is no public https:// address: type '
        "SITEURL=https://example.org .venv/bin/uv run --group publish invoke publish, "
        "with your own domain for example.org."
    )


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the project's lock, waiting for it aloud.

    A process that is forked meanwhile keeps the lock when this one is killed, so that nobody
    clears a folder into which an orphan still writes.
    """
    lock = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another build is running; this one waits for it.", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def exchange(one: Path, other: Path) -> None:
    """Let two folders change names in one step that no reader sees half done; raise OSError."""
    libc, here, swap = ctypes.CDLL(None, use_errno=True), -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        failed = libc.renamex_np(*names, swap)
    else:
        failed = libc.renameat2(here, names[0], here, names[1], swap)
    if failed:
        raise OSError(code := ctypes.get_errno(), os.strerror(code), str(other))


def swap_in(fresh: Path, output: Path, old: Path) -> None:
    """Make the fresh release output/ and what was output/ the old one; the older is in `fresh`.

    Each step leaves a whole release under every name that had one, so a kill between two is safe.
    """
    if not output.exists():
        fresh.rename(output)
        return
    exchange(fresh, old) if old.exists() else fresh.rename(old)
    exchange(old, output)


def release(root: Path, settings: str, finish: Finish = lambda _: None) -> None:
    """Build the site with a settings file, finish the fresh folder, and swap it in as output/.

    If the build fails or `finish` raises, output/ stays as it is; raise SystemExit with the reason.
    """
    output, fresh, old = (root / f"output{end}" for end in ("", ".new", ".old"))
    with alone(root):
        try:
            shutil.rmtree(fresh, ignore_errors=True)
            if pelican(root, settings, fresh):
                raise SystemExit("The build failed; output/ stays as it was.")
            finish(fresh)
            swap_in(fresh, output, old)
        except OSError as error:
            raise SystemExit(f"output/ stays as it was: {error}.") from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def publish(root: Path) -> None:
    """Build with publishconf.py, make it ready for any host, check it, and swap it in."""
    # Imported here, so that a build need not wait for them.
    import runpy

    from tools.check import language
    from tools.publish import assets, links, servers

    settings: dict[str, Any] = runpy.run_path(str(root / "publishconf.py"))
    public_address(settings["SITEURL"])
    if language.check(root):  # the build finds no misspelt word, and hosts call nothing else
        raise SystemExit("Nothing is published while there is a problem; output/ stays as it was.")

    def finish(fresh: Path) -> None:
        assets.fingerprint(fresh)
        servers.write(fresh, settings)
        assets.compress(fresh)
        if problems := links.verify(fresh, settings):
            raise SystemExit("\n".join([*problems, "output/ stays as it was."]))
        os.sync()

    release(root, "publishconf.py", finish)
    back = "; `invoke rollback` goes back" if (root / "output.old").exists() else ""
    print(f"output/ holds the release for {settings['SITEURL']}{back}.")


def rollback(root: Path) -> None:
    """Let output/ and the release before it change places; raise SystemExit if there is none."""
    output, old = root / "output", root / "output.old"
    with alone(root):
        if not (output.exists() and old.exists()):
            raise SystemExit("There is no older release to go back to.")
        exchange(old, output)
    print("output/ holds the release before; `invoke rollback` again undoes it.")
