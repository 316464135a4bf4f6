"""What Linux, macOS and Windows do differently. All other code runs on each of them as it is.

tests/test_portable.py holds it to that: what one system lacks is named in this file alone.
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
# What binding to ::1 says where IPv6 is off.
NO_SUCH_ADDRESS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
# On Windows a second server could take an address at which another one listens.
REUSE_ADDRESS = not WINDOWS


def set_up_output() -> None:
    """Let every letter be printed: UTF-8 on Windows; elsewhere "?" for one that a terminal lacks.

    Into a pipe Windows writes in a code page of its own, and stops at letters outside of it.
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
    """Return multiprocessing's context that forks; None where forking is not safe.

    Windows cannot fork, and macOS crashes in some libraries afterwards. A process that is forked
    while another thread holds a lock may wait for it for ever: `beside_threads` runs that risk.
    """
    if sys.platform != "linux" or (threading.active_count() > 1 and not beside_threads):
        return None
    from multiprocessing import get_context  # imported here, for few commands need it

    return get_context("fork")


def end_with_parent() -> None:
    """Let a forked process be killed when its parent is, so that no orphan goes on writing."""
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def flush_to_disk() -> None:
    """Let what was written survive a power cut, where the system can be asked to."""
    if hasattr(os, "sync"):
        os.sync()


def exchange(one: Path, other: Path) -> None:
    """Let two folders change names in one step that nobody sees half done.

    Raise OSError where the system, its C library or the file system knows no such step.
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
    """Say whether another file system, or another folder, is mounted on a folder."""
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
    """Say whether this process may install the system's packages."""
    return hasattr(os, "getuid") and os.getuid() == 0


def program(name: str) -> str:
    """Return the path of a program that came with this project's libraries; or else its name."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or name


def find_program(name: str) -> str | None:
    """Return the path of one of the system's programs, also where only the root user looks."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/sbin"])
    return shutil.which(name, path=path)
