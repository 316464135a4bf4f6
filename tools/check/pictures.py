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
BEGINNINGS = {
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "JPEG": rb"\xff\xd8\xff",
    "GIF": rb"GIF8[79]a",
    "WebP": rb"RIFF....WEBP",
    "AVIF": rb"....ftypavi[fs]",
    "HEIC": rb"....ftyp(?:hei|hev|mif1|msf1)",
    "TIFF": rb"II\*\0|MM\0\*",
    "BMP": rb"BM.{4}\0\0\0\0",
    "PDF": rb"%PDF-",
    "web page": rb"\s*<(?:!doctype html|html)",
    "Git LFS pointer": LFS_POINTER.encode(),
    "SVG": rb"\s*(?:<!--.*?-->|<!DOCTYPE svg[^>]*>|\s)*<(?:svg\b|\?xml)",
}
BYTES_AT_MOST = 1_000_000
WIDTH_AT_MOST = 4_000  # pixels
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
    flags = re.DOTALL | re.IGNORECASE
    return next((name for name, form in BEGINNINGS.items() if re.match(form, data, flags)), "")


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
    if len(data) > BYTES_AT_MOST:
        return 1, (
            f"The picture has {len(data) / 1e6:.1f} MB; {BYTES_AT_MOST / 1e6:.0f} MB at the most. "
            "Make it smaller, or save it as WebP."
        )
    if (width := width_of(data, actual)) > WIDTH_AT_MOST:
        return 1, (
            f"The picture is {width} pixels wide; {WIDTH_AT_MOST} at the most, "
            "and 1600 are enough for every screen. Make it smaller."
        )
    if expected == "SVG":
        return svg_problem(data)
    return None


def width_of(data: bytes, kind: str) -> int:
    """Return the width in pixels that a picture's header states; 0 if it states none."""
    match kind:
        case "PNG":  # https://www.w3.org/TR/png-3/#11IHDR
            return int.from_bytes(data[16:20])
        case "GIF":
            return int.from_bytes(data[6:8], "little")
        case "JPEG":
            # The frame header; segments before it may hold a small picture with one of its own.
            at = 2
            while at + 9 < len(data) and data[at] == 0xFF:
                if 0xC0 <= data[at + 1] <= 0xCF and data[at + 1] not in (0xC4, 0xC8, 0xCC):
                    return int.from_bytes(data[at + 7 : at + 9])
                at += 2 + int.from_bytes(data[at + 2 : at + 4])
        case "WebP":  # https://developers.google.com/speed/webp/docs/riff_container
            if data[12:16] == b"VP8X":
                return int.from_bytes(data[24:27], "little") + 1
            if data[12:16] == b"VP8L":
                return (int.from_bytes(data[21:23], "little") & 0x3FFF) + 1
            return int.from_bytes(data[26:28], "little") & 0x3FFF
        case "AVIF":  # the box ispe: image spatial extents
            at = data.find(b"ispe")
            return int.from_bytes(data[at + 8 : at + 12]) if at > 0 else 0
    return 0


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
