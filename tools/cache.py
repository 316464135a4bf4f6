"""What is kept from one build for the next, in files that prove themselves.

A file is named by the digest of everything that it was made of. One that is damaged, or was made
of anything else, is never read: the work is done again.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


class Cache:
    """What was made before, by the digest of what it was made of."""

    def __init__(self, folder: Path, *making: object) -> None:
        """Keep in `folder` what is `making`'s, and no other's."""
        self.folder, self.making = folder, hashlib.sha256(repr(making).encode()).digest()
        self.used: set[str] = set()
        with suppress(OSError):
            if not folder.is_dir():
                folder.unlink(missing_ok=True)
            folder.mkdir(parents=True, exist_ok=True)

    def key(self, *parts: bytes) -> str:
        """Name what is made of these parts."""
        digests = [hashlib.sha256(part).digest() for part in parts]
        return hashlib.sha256(b"".join([self.making, *digests])).hexdigest()

    def seal(self, key: str, data: bytes) -> bytes:
        """Return what proves that `data` is whole and belongs to the key."""
        return hashlib.sha256(key.encode() + data).digest()

    def read(self, key: str) -> bytes | None:
        """Return what was kept, if it is whole. What was asked for is not forgotten."""
        self.used.add(key)
        with suppress(OSError):
            data = (self.folder / key).read_bytes()
            if data[:32] == self.seal(key, data[32:]):
                return data[32:]
        return None

    def write(self, key: str, data: bytes) -> None:
        """Keep something. A disk that is full or read-only is no reason to fail."""
        with suppress(OSError):
            fresh = self.folder / f"{key}.{os.getpid()}"
            fresh.write_bytes(self.seal(key, data) + data)
            fresh.replace(self.folder / key)

    def recall(self, make: Callable[[], bytes], *parts: bytes) -> bytes:
        """Return what `make` made of these parts before, or makes of them now."""
        key = self.key(*parts)
        data = self.read(key)
        if data is None:
            data = make()
            self.write(key, data)
        return data

    def forget(self) -> None:
        """Delete what this build did not use."""
        with suppress(OSError):
            for file in self.folder.iterdir():
                if file.is_dir():
                    shutil.rmtree(file)
                elif file.name not in self.used:
                    file.unlink()
