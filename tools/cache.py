"""A cache with one file for each result. An outdated or damaged entry is a miss.

An entry is sealed with the digest of everything that its result depends on, including the code as
this process loaded it.
"""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

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


class Entry(NamedTuple):
    """The place of one result, and the digest of what the result depends on."""

    path: Path
    digest: bytes

    def read(self) -> bytes | None:
        """Return the result, or None if it is missing, damaged or made of anything else."""
        with suppress(OSError):
            data = self.path.read_bytes()
            if data[:32] == self.seal(data[32:]):
                return data[32:]
        return None

    def write(self, data: bytes) -> None:
        """Store the result, if the disk is neither full nor read-only."""
        with suppress(OSError):
            self.path.write_bytes(self.seal(data) + data)

    def seal(self, data: bytes) -> bytes:
        """Return the checksum that shows that some data is whole and belongs here."""
        return hashlib.sha256(self.digest + data).digest()


class Cache:
    """Results in one folder, a file for each name."""

    def __init__(self, folder: Path, *ingredients: object) -> None:
        """Hold what every entry depends on: values whose `repr` tells the whole value."""
        self.folder = folder
        self.ingredients = hashlib.sha256(repr(ingredients).encode()).digest()
        with suppress(OSError):
            if not folder.is_dir():
                folder.unlink(missing_ok=True)
            folder.mkdir(parents=True, exist_ok=True)

    def entry(self, name: str, source: bytes) -> Entry:
        """Return the entry of a name, whose result depends on the ingredients and a source too."""
        named = hashlib.sha256(name.encode())
        digest = hashlib.sha256(self.ingredients + named.digest() + source).digest()
        return Entry(self.folder / named.hexdigest(), digest)
