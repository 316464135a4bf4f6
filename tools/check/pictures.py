"""Every picture is one, of the type that its name says, and shows nothing but itself."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from tools.content.text import LFS_POINTER

# The suffixes that pictures have here, and what the type is called.
TYPES = {
    ".avif": "AVIF", ".gif": "GIF", ".jpeg": "JPEG", ".jpg": "JPEG", ".png": "PNG", ".svg": "SVG",
    ".webp": "WebP",
}  # fmt: skip
# How each type begins. https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
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
# What an SVG may not hold: this runs scripts, or brings in what is no drawing.
ACTIVE = {"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler",
          "listener"}  # fmt: skip
# The attributes whose value may name another file.
STYLED = re.compile(r"style|fill|stroke|filter|clip-path|mask|marker(?:-\w+)?|cursor")
OUTSIDE = re.compile(
    r"url\(\s*['\"]?\s*(?!['\"]?\s*#|data:image/)[^)]|@import|^\s*(?:[a-z][\w+.-]*:)?//|^\s*javascript:",
    re.IGNORECASE | re.MULTILINE,
)


def type_of(data: bytes) -> str:
    """Return what the first bytes of a file say that it is; nothing where they say nothing."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    return next((name for name, pattern in BEGINNINGS if pattern.match(data)), "")


def picture_problem(path: Path) -> tuple[int, str] | None:
    """Return the line of what is wrong with a picture, and what to do; None if nothing is."""
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
        what = f"a {actual}" if actual else "no picture"
        return 1, f"This is {what}, and no {expected}. Save the picture as {expected} again."
    if expected == "PNG" and b"IEND" not in data[-32:] and b"IEND\xae\x42\x60\x82" not in data:
        return 1, "The picture is not whole: its end is missing. Put it here again."
    if expected == "SVG":
        return svg_problem(data)
    return None


def svg_problem(data: bytes) -> tuple[int, str] | None:
    """Return the line of what an SVG does besides showing a drawing, and what to do with it."""
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
    for wanted, what in (found for element in root.iter() for found in _active(element)):
        return _line(
            text, *wanted
        ), f"A drawing runs nothing and asks for nothing: take {what} out."
    return None


def _active(element: ElementTree.Element) -> Iterator[tuple[list[str], str]]:
    """Yield what of an element runs, or leads elsewhere: where it stands, and what it is."""
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
    """Return an XML name without its namespace; nothing for comments."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _line(text: str, *wanted: str) -> int:
    """Return the line in which the first of the wanted strings that is there stands."""
    at = next((text.index(part) for part in wanted if part and part in text), 0)
    return text.count("\n", 0, at) + 1
