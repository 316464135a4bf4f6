"""Allow one build at a time; a second one prints which process it waits for."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from tools import system

PATIENCE = 600.0  # seconds; the longest publish so far took 60


@contextmanager
def build_lock(root: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the project's lock; if another process has it, name that process and wait for it.

    Raise SystemExit after `patience` seconds, and OSError where no lock can be taken.
    """
    lock, note = FileLock(root / ".build.lock", mode=0o666), root / ".build.json"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        holder = describe_holder(note)
        minutes = f"{patience / 60:.0f} minutes"
        print(f"{holder} This one waits for it, up to {minutes}.", file=sys.stderr, flush=True)
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            raise SystemExit(f"After {minutes}: {describe_holder(note)}") from None
    try:
        with suppress(OSError):  # the note only informs others: the lock holds without it
            now = datetime.now().isoformat(" ", "seconds")
            command = " ".join(["invoke", *sys.argv[1:]])
            text = json.dumps({"process": os.getpid(), "since": now, "command": command})
            note.write_text(text, encoding="utf-8", newline="\n")
        yield
    finally:
        with suppress(OSError):
            note.unlink()
        lock.release()


def describe_holder(note: Path) -> str:
    """Return which process holds the lock, since when, and how to end it."""
    try:
        holder = json.loads(note.read_text(encoding="utf-8"))
        end = system.how_to_end(holder["process"])
        return (
            f"Another build is running: {holder['command']}, process {holder['process']}, since "
            f"{holder['since']}. To end it, type: {end}."
        )
    except (OSError, ValueError, KeyError, TypeError):
        return "Another build is running."
