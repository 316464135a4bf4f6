"""The keys of a header and the form of each value; the writers' guide is checked against them.

A header is the lines before the first empty line, each `Key: value`. The reader of a value raises
ValueError with what is wrong and how to write it.
"""

import re
from types import SimpleNamespace

from markdown.extensions.meta import BEGIN_RE, META_RE

from tools.content.fields import (
    Key,
    choice,
    read_date,
    read_text,
    read_values,
    today,
)
from tools.content.problem import did_you_mean

SUMMARY_AT_MOST = 160
# Keys of Pelican's that this site does not use, and what to do instead.
ELSEWHERE = {
    "slug": "The address follows from the file's name: rename the file instead.",
    "save_as": "The address follows from the file's name: rename the file instead.",
    "url": "The address follows from the file's name: rename the file instead.",
    "part": "The part's number stands in the file's name: 7-a-title.md is part 7.",
    "authors": "Write Author, for one name.",
    "keywords": "Write Tags.",
    "lang": "The site is in English alone.",
}
# A header is plain words: these marks of Markdown and HTML would be printed.
MARKS = re.compile(
    r"<[a-zA-Z/!]|\]\(|\*\*|`|&(?:\w+|#\w+);|[\\{}]|~~|==|\[\[|(?<!\w)([*_])\w[^*_]*\w\1(?!\w)"
)
ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
PRIVATE = re.compile(r"[\ue000-\uf8ff]")


def read_tags(value: str) -> list[str]:
    """Return tags, split at commas; raise ValueError for an empty one, or one that occurs twice."""
    tags = [tag.strip() for tag in value.split(",")]
    if ";" in value:
        raise ValueError("Put commas between tags, as in: mood, sleep.")
    if not all(re.search(r"\w", tag) for tag in tags):
        raise ValueError("A tag is empty. Write them as in: mood, sleep.")
    if len({tag.lower() for tag in tags}) < len(tags):
        raise ValueError("A tag stands here twice. Write each once.")
    return tags


def read_plain(value: str) -> str:
    """Return plain words; raise ValueError for marks of Markdown or HTML."""
    if MARKS.search(read_text(value)):
        raise ValueError("has marks of HTML or Markdown. Write plain words here.")
    if match := ADDRESS.search(value):
        raise ValueError(f"has an address, {match[0]}. Put it into the text, as a link.")
    if match := PRIVATE.search(value):
        raise ValueError(f"has a sign that no font has (U+{ord(match[0]):04X}): delete it.")
    return value


def read_author(value: str) -> str:
    """Return one name as it is to be printed, such as Jane Doe, MD; else raise ValueError."""
    if ";" in value or re.search(r"\s(?:and|&)\s", value):
        raise ValueError("names more than one. Write one name here, as in Jane Doe, MD.")
    return read_plain(value)


def read_summary(value: str) -> str:
    """Return a summary; raise ValueError if it is longer than search engines show."""
    if len(value) > SUMMARY_AT_MOST:
        raise ValueError(f"{len(value)} characters; {SUMMARY_AT_MOST} at the most.")
    return read_plain(value)


HEADER = {
    "title": Key("The title, as readers see it. Needed.", read_plain, required=True),
    "date": Key("The day of publishing, as 2026-11-24. Needed.", read_date, required=True),
    "modified": Key("The day of the last change that readers should know of.", read_date),
    "notice": Key(
        "`crisis` prints the helplines. Needed where suicide is written about.", choice("crisis")
    ),
}
# By kind: posts are in content/posts/, pages in content/pages/.
KEYS = {
    "post": HEADER
    | {
        "status": Key(
            "`draft` keeps it off the site; `invoke serve` alone shows it.",
            choice("published", "draft"),
            default="published",
        ),
        "summary": Key(
            "One sentence for lists and search engines. A part needs it; "
            "elsewhere the first paragraph stands in.",
            read_summary,
        ),
        "category": Key("One of the site's categories.", read_text),
        "tags": Key("Subjects, commas between.", read_tags),
        "author": Key("Who wrote it, if not this site. One name.", read_author),
    },
    "page": HEADER
    | {
        "status": Key(
            "`draft` keeps it off the site; `hidden` keeps it out of the lists.",
            choice("published", "draft", "hidden"),
            default="published",
        ),
        "summary": Key("One sentence. A page needs it.", read_summary, required=True),
        "template": Key("A template of the theme's.", read_text),
    },
}


def split(
    lines: list[str],
) -> tuple[list[tuple[int, str, str]], int, tuple[int, str] | None]:
    """Take the header off a file's lines, as Python-Markdown's meta extension does.

    Return its entries (line, key, value), the number of lines before the body, and the line and
    message of what Python-Markdown would take for text, or Pelican would ignore, or else None.
    """
    entries: list[tuple[int, str, str]] = []
    for number, line in enumerate(lines, 1):
        if entries and not line.strip():
            return entries, number, None
        match = META_RE.match(line)
        if not match:
            return entries, number, (number, no_entry(line, {key.lower() for _, key, _ in entries}))
        entries.append((number, match["key"], match["value"].strip()))
    return entries, len(lines), None


def no_entry(line: str, written: set[str]) -> str:
    """Return a message for a line of a header that is no entry, as Key: value.

    `written` are the keys of the lines above, in small letters.
    """
    if not line.strip():
        return "The header starts in the first line: delete this one."
    if BEGIN_RE.match(line):
        return "The header needs no line of dashes: delete this one."
    word = re.match(r"\s*([\w-]+)", line)
    key = word[1] if word else ""
    known = {**KEYS["post"], **KEYS["page"]}.keys() - written
    if key.lower() in known if written else key == "Title":
        return f"A colon stands right after {key}. Write {key}: …"
    if written:
        return (
            "A header's value is one line: join this one to the last. If the words begin here, put "
            "an empty line before it."
        )
    title = line.lstrip("# ").strip() if line.startswith("#") else "A title"
    return (
        f"The file starts with its header, and this one has none. Write Title: {title}, in the "
        "next line Date: 2026-11-24, and then an empty line."
    )


def unknown_key(key: str, kind: str) -> str:
    """Return a message for a key that a text of this kind does not have."""
    name, other = key.lower(), "page" if kind == "post" else "post"
    if name in ELSEWHERE:
        remedy = ELSEWHERE[name]
    elif name in KEYS[other]:
        remedy = (
            f"{other.title()}s belong in content/{other}s/: move the file, or delete this line."
        )
    else:
        known = list(map(str.title, KEYS[kind]))
        remedy = f"The keys are {', '.join(known)}.{did_you_mean(key, known)}"
    return f"{key} is no key of a {kind}. {remedy}"


def read(
    entries: list[tuple[int, str, str]], kind: str
) -> tuple[SimpleNamespace | None, list[tuple[int, str]]]:
    """Return a header read from its entries (None if it has a problem), and its problems.

    `kind` is post or page.
    """
    keys, problems = KEYS[kind], []
    lines: dict[str, int] = {}
    written: dict[str, str] = {}
    for line, key, value in entries:
        name = key.lower()
        if name not in keys:
            problems.append((line, unknown_key(key, kind)))
        elif name in lines:
            problems.append(
                (line, f"{key} stands in line {lines[name]} already: keep one of them.")
            )
        else:
            lines[name], written[name] = line, value
    values, messages = read_values(keys, written)
    wrong = [(lines.get(name, 1), f"{name.title()}: {text}") for name, text in messages.items()]
    # Whether a date may be in the future depends on the status, so both must be readable.
    if wrong:
        return None, problems + wrong
    header, now = SimpleNamespace(**values), today()
    for name in ("date", "modified"):
        day = values[name]
        if day and day > now and header.status != "draft":
            until = ", or add a line Status: draft until then" if name == "date" else ""
            message = f"{name.title()}: {day} lies in the future. Write today's date{until}."
            problems.append((lines[name], message))
    if header.modified and header.modified < header.date:
        problems.append((lines["modified"], f"Modified: {header.modified} is before the Date."))
    return (None if problems else header), problems
