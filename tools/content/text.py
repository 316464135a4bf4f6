"""Read a text file: UTF-8, whole, and without the traces of accidents."""

import re
from math import ceil
from pathlib import Path
from unicodedata import category, normalize

from tools.content.problem import DataError

BYTES_AT_MOST = 1_000_000
# https://git-scm.com/docs/git-merge#_how_conflicts_are_presented
CONFLICT = re.compile(r"^(?:[<>|]{7}(?: .*)?|={7})$", re.MULTILINE)
# https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
LFS_POINTER = "version https://git-lfs.github.com/spec/"
# Joins the signs of one emoji, as in a woman and a stethoscope. https://unicode.org/reports/tr51/
JOINED_EMOJI = re.compile(r"(?<=[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d(?=[^\w\s])")
# Cyrillic letters, and Greek ones that look like Latin ones, beside a Latin letter; ligatures from
# a PDF; bold and italic letters made for mathematics. Greek in a drug's or gene's name is right.
LOOKALIKE = re.compile(
    r"[A-Za-z][\u0400-\u04ffΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]|[\u0400-\u04ffΑΒΕΖΗΙΚΜΝΟΡΤΥΧο][A-Za-z]"
    r"|[\ufb00-\ufb06\U0001d400-\U0001d7ff]"
)
# UTF-8 that a program read in another encoding: three letters for one quotation mark, for example.
GARBLED = re.compile(r"â€[\x80-\x9d™œ˜“”¢¦]|Ã[\x80-\xbf©¨¶¼¤Ÿ±³¡‰]|Â[\xa0°·£§]|\ufffd")

# What the files of other programs begin with, and what they are.
# https://en.wikipedia.org/wiki/List_of_file_signatures
SIGNATURES = {
    b"{\\rtf": "RTF, as word processors save it",
    b"PK\x03\x04": "a word processor's file, such as .docx or .odt",
    b"\xd0\xcf\x11\xe0": "a word processor's file, such as .doc",
    b"%PDF-": "a PDF",
}


def conflicts(text: str) -> list[int]:
    """Return the lines in which an unsettled merge begins."""
    lines = [(text.count("\n", 0, m.start()) + 1, m[0][0]) for m in CONFLICT.finditer(text)]
    return [line for line, mark in lines if mark == "<"] or [line for line, _ in lines[:1]]


def decode(data: bytes) -> str:
    """Return a file's text with \\n at the end of its lines; raise DataError if it is not text."""
    if len(data) > BYTES_AT_MOST:
        message = (
            f"The file has {ceil(len(data) / 1e4) / 100} MB; {BYTES_AT_MOST / 1e6:.0f} MB at the "
            "most. Put pictures in content/images/ and link to long documents."
        )
        raise DataError([(1, message)])
    for beginning, kind in SIGNATURES.items():
        if data.startswith(beginning):
            raise DataError(
                [(1, f"This is {kind}. Save it as plain text, with the encoding UTF-8.")]
            )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "This line is not UTF-8 text. Save the file with the encoding UTF-8."
        raise DataError([(line, message)]) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith(LFS_POINTER):
        raise DataError([(1, "This is a Git LFS pointer, not the file. Type: git lfs pull")])
    if lines := conflicts(text):
        message = (
            "A merge conflict is not settled here. Keep one version, "
            "and delete the lines that begin with <<<<<<<, ======= and >>>>>>>."
        )
        raise DataError([(line, message) for line in lines])
    for place, message in (invisible(text), garbled(text), lookalike(text)):
        if message:
            raise DataError([(text.count("\n", 0, place) + 1, message)])
    return text


def invisible(text: str) -> tuple[int, str]:
    """Return the place of the first invisible sign and a message, which is "" if there is none."""
    visible = JOINED_EMOJI.sub("+", text)
    places = [
        visible.index(sign)
        for sign in set(visible)
        if category(sign) in ("Cc", "Cf", "Zl", "Zp") and sign not in "\t\n"
    ]
    if not places:
        return 0, ""
    sign = visible[min(places)]
    remedy = "write a space in its place" if category(sign) in ("Zl", "Zp") else "delete it"
    return min(places), f"An invisible sign (U+{ord(sign):04X}) stands here: {remedy}."


def garbled(text: str) -> tuple[int, str]:
    """Return the same for the first letters damaged by a wrong encoding."""
    match = GARBLED.search(text)
    if not match:
        return 0, ""
    message = f'"{match[0]}" was a letter before the file was saved wrongly. Type it again.'
    return match.start(), message


def lookalike(text: str) -> tuple[int, str]:
    """Return the same for the first letter that only looks like a Latin one.

    Search engines, spelling checks and screen readers do not find such words.
    """
    match = None if text.isascii() else LOOKALIKE.search(text)
    if not match:
        return 0, ""
    sign = next(letter for letter in match[0] if not letter.isascii())
    plain = normalize("NFKC", sign)
    remedy = f"Type {plain}" if plain.isascii() else "Type it again"
    message = f"“{sign}” (U+{ord(sign):04X}) only looks like a plain letter. {remedy}."
    return match.start(), message


def read(path: Path) -> str:
    """Return the text of a file; raise DataError or OSError."""
    return decode(path.read_bytes())
