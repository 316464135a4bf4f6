"""Check that each picture is of the type that its name says, whole, and safe to show."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from tools.content.text import LFS_POINTER

# The allowed suffixes, and the name of each type.
TYPES = {
    ".avif": "AVIF", ".gif": "GIF", ".jpeg": "JPEG", ".jpg": "JPEG", ".png": "PNG", ".svg": "SVG",
    ".webp": "WebP",
}  # fmt: skip
# The first bytes of each type. https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
BEGINNINGS = [
    ("PNG", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("JPEG", re.compile(rb"\xff\xd8\xff")),
    ("GIF", re.compile(rb"GIF8[79]a")),
    ("WebP", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("AVIF", re.compile(rb"....ftypavi[fs]", re.DOTALL)),
    ("HEIC", re.compile(rb"....ftyp(?:hei|hev|mif1|msf1)", re.DOTALL)),
    ("TIFF", re.compile(rb"II\*\0|MM\0\*")),
    ("BMP", re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL)),
    ("PDF", re.compile(rb"%PDF-")),
    ("web page", re.compile(rb"\s*<(?:!doctype html|html)", re.IGNORECASE)),
    ("Git LFS pointer", re.compile(LFS_POINTER.encode())),
    ("SVG", re.compile(rb"\s*(?:<!--.*?-->|<!DOCTYPE svg[^>]*>|\s)*<(?:svg\b|\?xml)", re.DOTALL)),
]  # fmt: skip
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# Elements that an SVG may not have: they run scripts or embed something else.
ACTIVE = {"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler",
          "listener"}  # fmt: skip
# The attributes whose value may name another file.
STYLED = re.compile(r"style|fill|stroke|filter|clip-path|mask|marker(?:-\w+)?|cursor")
OUTSIDE = re.compile(
    r"url\(\s*['\"]?\s*(?!['\"]?\s*#|data:image/)[^)]|@import|^\s*(?:[a-z][\w+.-]*:)?//|^\s*javascript:",
    re.IGNORECASE | re.MULTILINE,
)


def type_of(data: bytes) -> str:
    """Return the type that the first bytes of a file show; "" if they show none."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    return next((name for name, pattern in BEGINNINGS if pattern.match(data)), "")


def picture_problem(path: Path) -> tuple[int, str] | None:
    """Return the line and message of a problem with a picture, or None."""
    expected, data = TYPES[path.suffix.lower()], path.read_bytes()
    actual = type_of(data)
    if not data:
        return 1, "The file is empty. Put the picture here again."
    if actual == "Git LFS pointer":
        return 1, f"This is a Git LFS pointer, and no {expected}. Type: git lfs pull"
    if actual in TYPES.values() and actual != expected:
        suffix = next(suffix for suffix, name in reversed(TYPES.items()) if name == actual)
        return 1, f"This is a {actual}, and no {expected}. Rename it to {path.stem}{suffix}."
    if actual != expected:
        kind = f"a {actual}" if actual else "no picture"
        return 1, f"This is {kind}, and no {expected}. Save the picture as {expected} again."
    if expected == "PNG" and b"IEND" not in data[-32:] and b"IEND\xae\x42\x60\x82" not in data:
        return 1, "The picture is not whole: its end is missing. Put it here again."
    if expected == "SVG":
        return svg_problem(data)
    return None


def svg_problem(data: bytes) -> tuple[int, str] | None:
    """Return the line and message of anything in an SVG that is no drawing, or None."""
    try:
        text = data.decode("utf-8-sig")
        root = ElementTree.fromstring(text.encode())
    except UnicodeDecodeError:
        return 1, "The drawing is not UTF-8 text. Save it as UTF-8."
    except ElementTree.ParseError as error:
        return error.position[0], "The drawing is no whole SVG. Save it again."
    if _local(root.tag) != "svg":
        return 1, "This is XML, and no SVG. Save the drawing again."
    for mark in ("<!ENTITY", "<?xml-stylesheet"):
        if mark in text:
            return _line(text, mark), f"A drawing needs no {mark}…>: take it out."
    for element in root.iter():
        for wanted, name in _active(element):
            message = f"A drawing runs nothing and asks for nothing: take {name} out."
            return _line(text, *wanted), message
    return None


def _active(element: ElementTree.Element) -> Iterator[tuple[list[str], str]]:
    """Yield what in an element runs code or loads a file: strings to find it by, and its name."""
    tag = _local(element.tag)
    if tag in ACTIVE:
        yield [f"<{tag}", tag], tag
    for name, value in element.attrib.items():
        local = _local(name)
        address = local in ("href", "src") and not re.match(r"\s*(?:#|data:image/(?!svg)|$)", value)
        styled = STYLED.fullmatch(local) and OUTSIDE.search(value)
        changed = local == "attributeName" and "href" in value
        if local.lower().startswith("on"):
            yield [f"{local}=", value], local
        elif address or styled or changed:
            yield [value], value[:60]
    if tag == "style" and (match := OUTSIDE.search(element.text or "")):
        yield [match[0].strip()], match[0].strip()


def _local(name: object) -> str:
    """Return an XML name without its namespace; "" for a comment."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _line(text: str, *wanted: str) -> int:
    """Return the line of the first of the wanted strings that occurs in a text."""
    at = next((text.index(part) for part in wanted if part and part in text), 0)
    return text.count("\n", 0, at) + 1
