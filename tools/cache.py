"""A content-addressed cache, with one file for each result. A damaged entry is a miss.

The name of an entry is the digest of everything that the result depends on, including the code as
this process loaded it.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def source_digest() -> str:
    """Return the digest of the project's Python files, and of their tables, as on disk now."""
    digest = hashlib.sha256()
    for folder in ("plugins", "tools"):
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.suffix in (".py", ".toml"):
                source, name = path.read_bytes(), path.relative_to(ROOT).as_posix()
                digest.update(f"{name} {len(source)}\n".encode() + source)
    return digest.hexdigest()


# tools/__init__.py imports this module before any other of this project, so this is the digest of
# the code that will be loaded, unless a file is edited in between.
LOADED = source_digest()


class Cache:
    """Results in one folder, each named by the digest of what it depends on."""

    def __init__(self, folder: Path, *ingredients: object) -> None:
        """Hold what every entry depends on: values whose `repr` tells the whole value."""
        self.folder = folder
        self.ingredients = hashlib.sha256(repr(ingredients).encode()).digest()
        self.used: set[str] = set()
        with suppress(OSError):
            if not folder.is_dir():
                folder.unlink(missing_ok=True)
            folder.mkdir(parents=True, exist_ok=True)

    def key(self, *parts: bytes) -> str:
        """Return the name of the entry that depends on the ingredients and on these parts."""
        digests = [hashlib.sha256(part).digest() for part in parts]
        return hashlib.sha256(b"".join([self.ingredients, *digests])).hexdigest()

    def get(self, key: str) -> bytes | None:
        """Return an entry, or None if it is missing or damaged."""
        self.used.add(key)
        with suppress(OSError):
            data = (self.folder / key).read_bytes()
            if data[:32] == seal(key, data[32:]):
                return data[32:]
        return None

    def put(self, key: str, data: bytes) -> None:
        """Store an entry, if the disk is neither full nor read-only."""
        self.used.add(key)
        with suppress(OSError):
            fresh = self.folder / f"{key}.{os.getpid()}"
            fresh.write_bytes(seal(key, data) + data)
            fresh.replace(self.folder / key)

    def get_or_compute(self, compute: Callable[[], bytes], *parts: bytes) -> bytes:
        """Return the entry that depends on these parts; compute and store it if there is none."""
        key = self.key(*parts)
        data = self.get(key)
        if data is None:
            data = compute()
            self.put(key, data)
        return data

    def prune(self) -> None:
        """Delete every entry that was not used since this object was made, if any was."""
        with suppress(OSError):
            for path in self.folder.iterdir() if self.used else ():
                if path.is_dir():
                    shutil.rmtree(path)
                elif path.name not in self.used:
                    path.unlink()


def seal(key: str, data: bytes) -> bytes:
    """Return the checksum that shows that an entry is whole and belongs to its key."""
    return hashlib.sha256(key.encode() + data).digest()
