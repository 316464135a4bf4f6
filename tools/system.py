"""What Linux, macOS and Windows do differently; all other code is the same for each of them.

tests/test_portable.py checks that no other file uses what one of them lacks.
"""

import ctypes
import errno
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import Any

WINDOWS, MACOS = sys.platform == "win32", sys.platform == "darwin"
# The errors of binding to ::1 where IPv6 is off.
NO_SUCH_ADDRESS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
# On Windows it would let a second server listen at an address that is in use.
REUSE_ADDRESS = not WINDOWS


def set_up_output() -> None:
    """Make every letter printable: in UTF-8 on Windows; elsewhere as "?" if the locale lacks it.

    Into a pipe, Python on Windows would write a legacy code page, and fail at other letters.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8" if WINDOWS else None, errors="replace")


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def fork_context(*, beside_threads: bool = False) -> Any | None:  # noqa: ANN401
    """Return multiprocessing's "fork" context, or None where forking is not safe.

    Windows cannot fork, and macOS crashes in some libraries afterwards. A process that is forked
    while another thread holds a lock may wait for it for ever: `beside_threads` takes that risk.
    """
    if sys.platform != "linux" or (threading.active_count() > 1 and not beside_threads):
        return None
    from multiprocessing import get_context  # few commands need it

    return get_context("fork")


def end_with_parent() -> None:
    """Make a forked process die with its parent, so that no orphan goes on writing."""
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def flush_to_disk() -> None:
    """Ask the system to write everything to disk, so that it survives a power cut."""
    if hasattr(os, "sync"):
        os.sync()


def exchange(one: Path, other: Path) -> None:
    """Exchange the names of two folders atomically.

    Raise OSError where the system, its C library or the file system cannot do that.
    """
    if WINDOWS:
        raise OSError("Windows cannot exchange two folders in one step")
    libc, names = ctypes.CDLL(None, use_errno=True), (os.fsencode(one), os.fsencode(other))
    working_folder, swap = -100, 2  # AT_FDCWD; RENAME_EXCHANGE, RENAME_SWAP
    try:
        if MACOS:
            failed = libc.renamex_np(*names, swap)
        else:
            failed = libc.renameat2(working_folder, names[0], working_folder, names[1], swap)
    except AttributeError as error:
        raise OSError(str(error)) from None
    if failed:
        raise OSError(code := ctypes.get_errno(), os.strerror(code), str(other))


def is_mount_point(folder: Path) -> bool:
    """Return whether something is mounted on a folder."""
    mounts = Path("/proc/self/mountinfo")  # os.path.ismount misses a folder of the same disk
    if not mounts.exists():
        return folder.is_mount()
    places = (line.split(b" ")[4] for line in mounts.read_bytes().splitlines())
    return os.fsencode(folder.resolve()) in (
        place.replace(b"\\040", b" ").replace(b"\\134", b"\\") for place in places
    )


def how_to_end(process: int) -> str:
    """Return the command that ends a process."""
    return f"taskkill /F /PID {process}" if WINDOWS else f"kill {process}"


def how_to_delete(folder: Path) -> str:
    """Return the command that deletes a folder of another user."""
    return f'rmdir /s /q "{folder}" as an administrator' if WINDOWS else f'sudo rm -r "{folder}"'


def is_root() -> bool:
    """Return whether this process may install system packages."""
    return hasattr(os, "getuid") and os.getuid() == 0


def program(name: str) -> str:
    """Return the path of a program in this Python environment, or else its name."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or name


def find_program(name: str) -> str | None:
    """Return the path of a system program, also from the folders on root's path only."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/sbin"])
    return shutil.which(name, path=path)
