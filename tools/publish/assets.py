"""Name the theme's files by their content, and compress every text file."""

import gzip
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

TEXT = {".html", ".svg", ".xml", ".txt"}


def fingerprint(output: Path) -> None:
    """Put a digest of its content into each theme file's name, and into every reference to it."""
    theme = output / "theme"
    names: dict[str, str] = {}
    for path in sorted(p for p in theme.rglob("*") if p.is_file() and p.suffix != ".txt"):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        renamed = path.rename(path.with_suffix(f".{digest}{path.suffix}"))
        names[path.relative_to(theme).as_posix()] = renamed.relative_to(theme).as_posix()
    files = "|".join(map(re.escape, names))
    reference = re.compile(rf"""(?<=theme/)({files})(?=["')?#\s])""")
    for path in output.rglob("*.html"):
        page = reference.sub(lambda match: names[match[1]], path.read_text(encoding="utf-8"))
        path.write_text(page, encoding="utf-8", newline="\n")


def pack(path: Path) -> None:
    """Write brotli and gzip versions beside a file, undated, if they are smaller."""
    data = path.read_bytes()
    packed = {".br": brotli.compress(data), ".gz": gzip.compress(data, mtime=0)}
    for suffix, smaller in packed.items():
        if len(smaller) < len(data):
            path.with_name(path.name + suffix).write_bytes(smaller)


def compress(output: Path) -> None:
    """Compress every text file of the output."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(pack, [p for p in output.rglob("*") if p.suffix in TEXT]))
