"""Turn names and titles into parts of addresses."""

import re

TENS = ["", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ONES = [
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip


def ascii_letters(name: str) -> str:
    """Return a name in ASCII."""
    if name.isascii():
        return name
    from unidecode import unidecode  # its tables are large, and few names need them

    return unidecode(name)


def slugify(name: str) -> str:
    """Return a name in lower-case letters, digits and hyphens, or "" if it has none of them.

    The same as Pelican's, with its default SLUG_REGEX_SUBSTITUTIONS.
    """
    kept = re.sub(r"[^\w\s-]", "", ascii_letters(name)).strip()
    return re.sub(r"[-\s]+", "-", kept).lower()


def file_slug(title: str) -> str:
    """Return the name of the file for a post's title.

    A number below 100 at its beginning would make it a part, and is written in words.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_letters(title).lower().replace("'", "")).strip("-")
    match = re.fullmatch(r"([1-9]\d?)(-.+)", slug)
    return in_words(int(match[1])) + match[2] if match else slug


def in_words(number: int) -> str:
    """Return a number from 1 to 99 in words, with a hyphen where English has one."""
    if number < 20:
        return ONES[number]
    return "-".join(filter(None, [TENS[number // 10], ONES[number % 10]]))
