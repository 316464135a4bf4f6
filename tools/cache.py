"""A content-addressed cache: a file for each thing that was computed. A damaged entry is a miss.

The law: an entry is named by the digest of everything that it was made of, and that includes the
code as this process loaded it.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def source_digest() -> str:
    """Return the digest of the project's Python files as they are on the disk now."""
    digest = hashlib.sha256()
    for folder in ("plugins", "tools"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_bytes()
            digest.update(f"{path.relative_to(ROOT).as_posix()} {len(source)}\n".encode() + source)
    return digest.hexdigest()


# tools/__init__.py imports this module before any other of the project's: what is loaded from
# here on is what this names, unless a file is edited meanwhile.
LOADED = source_digest()


class Cache:
    """Results by the digest of what they were made of, in one folder."""

    def __init__(self, folder: Path, *ingredients: object) -> None:
        """Take what every entry depends on; each must have a `repr` that tells its whole value."""
        self.folder = folder
        self.ingredients = hashlib.sha256(repr(ingredients).encode()).digest()
        self.used: set[str] = set()
        with suppress(OSError):
            if not folder.is_dir():
                folder.unlink(missing_ok=True)
            folder.mkdir(parents=True, exist_ok=True)

    def key(self, *parts: bytes) -> str:
        """Return the name of what is made of the ingredients and these parts."""
        digests = [hashlib.sha256(part).digest() for part in parts]
        return hashlib.sha256(b"".join([self.ingredients, *digests])).hexdigest()

    def get(self, key: str) -> bytes | None:
        """Return an entry if it is there and whole."""
        self.used.add(key)
        with suppress(OSError):
            data = (self.folder / key).read_bytes()
            if data[:32] == seal(key, data[32:]):
                return data[32:]
        return None

    def put(self, key: str, data: bytes) -> None:
        """Store an entry. A disk that is full or read-only is no reason to fail."""
        self.used.add(key)
        with suppress(OSError):
            fresh = self.folder / f"{key}.{os.getpid()}"
            fresh.write_bytes(seal(key, data) + data)
            fresh.replace(self.folder / key)

    def get_or_compute(self, compute: Callable[[], bytes], *parts: bytes) -> bytes:
        """Return the entry that is made of these parts; compute and store it if there is none."""
        key = self.key(*parts)
        data = self.get(key)
        if data is None:
            data = compute()
            self.put(key, data)
        return data

    def prune(self) -> None:
        """Delete every entry that this object was not asked for; if it was asked for none, none."""
        with suppress(OSError):
            for path in self.folder.iterdir() if self.used else ():
                if path.is_dir():
                    shutil.rmtree(path)
                elif path.name not in self.used:
                    path.unlink()


def seal(key: str, data: bytes) -> bytes:
    """Return what proves that an entry is whole and belongs to its key."""
    return hashlib.sha256(key.encode() + data).digest()
