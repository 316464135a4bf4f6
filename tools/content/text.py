"""Read a text file: UTF-8, whole, and without the traces of accidents."""

import re
from pathlib import Path
from unicodedata import category

from tools.content.problem import DataError

BYTES_AT_MOST = 1_000_000
# https://git-scm.com/docs/git-merge#_how_conflicts_are_presented
CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
# https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
LFS_POINTER = "version https://git-lfs.github.com/spec/"
# Joins the signs of one emoji, as in a woman and a stethoscope. https://unicode.org/reports/tr51/
JOINED_EMOJI = re.compile(r"(?<=[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d(?=[^\w\s])")
# UTF-8 that a program read in another encoding: three letters for one quotation mark, for example.
GARBLED = re.compile(r"â€[\x80-\x9d™œ˜“”¢¦]|Ã[\x80-\xbf©¨¶¼¤Ÿ±³¡‰]|Â[\xa0°·£§]|\ufffd")


def conflicts(text: str) -> list[int]:
    """Return the lines in which an unsettled merge begins."""
    lines = [(text.count("\n", 0, m.start()) + 1, m[0][0]) for m in CONFLICT.finditer(text)]
    return [line for line, mark in lines if mark == "<"] or [line for line, _ in lines[:1]]


def decode(data: bytes) -> str:
    """Return a file's text with \\n at the end of its lines; raise DataError if it is not text."""
    if len(data) > BYTES_AT_MOST:
        message = (
            f"The file has {len(data) / 1e6:.1f} MB; {BYTES_AT_MOST / 1e6:.0f} MB at the most. "
            "Put pictures in content/images/ and link to long documents."
        )
        raise DataError([(1, message)])
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
    if problem := invisible(text) or garbled(text):
        raise DataError([problem])
    return text


def invisible(text: str) -> tuple[int, str] | None:
    """Return the line and message for the first invisible sign, or None."""
    visible = JOINED_EMOJI.sub("+", text)
    places = [
        visible.index(sign)
        for sign in set(visible)
        if category(sign) in ("Cc", "Cf", "Zl", "Zp") and sign not in "\t\n"
    ]
    if not places:
        return None
    sign = visible[min(places)]
    remedy = "write a space in its place" if category(sign) in ("Zl", "Zp") else "delete it"
    line = visible.count("\n", 0, min(places)) + 1
    return line, f"An invisible sign (U+{ord(sign):04X}) stands here: {remedy}."


def garbled(text: str) -> tuple[int, str] | None:
    """Return the line and message for the first letters damaged by a wrong encoding, or None."""
    match = GARBLED.search(text)
    if not match:
        return None
    line = text.count("\n", 0, match.start()) + 1
    message = f'"{match[0]}" was a letter before the file was saved wrongly. Type it again.'
    return line, message


def read(path: Path) -> str:
    """Return the text of a file; raise DataError or OSError."""
    return decode(path.read_bytes())
