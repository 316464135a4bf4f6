"""Check the form of a text: no HTML, no skipped heading level, no mark that would be printed.

Writers bring marks from other programs: pandoc, Obsidian, GitHub, MkDocs, Word, Google Docs, chat
programs. Python-Markdown would print those that it does not know; patterns.toml lists them.
"""

import re
from html import unescape
from itertools import pairwise

from tools.check.patterns import PATTERNS, search
from tools.check.readability import Messages
from tools.content.body import OPAQUE, Block, Body
from tools.content.problem import shortened

HTML = PATTERNS["html"]
BULLET = re.compile(
    r"(?P<sign>\d\ufe0f?\u20e3|[•·▪▫◦●○■□◾◽⬤⁃∙‣➢➤►▶✓✔❖§☐☑☒✅✗✘❌♦◆◇➔➜→⇒\uf000-\uf0ff])"
    r"|[–—−‐‑―](?=\s)|o(?=\s+\S)|[-+](?=[^\W\d])"
    r"|(?:[-*+]|\d{1,3}\.)(?P<nbsp>[\u00a0\u2007\u202f])"
)
NUMBER = re.compile(
    r"(?P<mark>\(?(?P<rank>\d{1,2}|[a-z]|[ivx]{2,5})(?:\)|\.(?!\d)))(?P<space>\s*)(?=\S)",
    re.IGNORECASE,
)
ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
ITEM = re.compile(r" {0,3}(?:[-*+]|1\.) +\S")
FENCE = re.compile(r"[\s>]*(?:(?:[-*+]|\d+\.)\s+)?(?P<fence>`{3,}|~{3,})(?!.*(?P=fence))")
LIST = "makes no list. Begin the line with a hyphen and a space"


def form(body: Body) -> Messages:
    """Yield the problems of form, each with its line."""
    for line, source in body.raw_html:
        tag = re.match(r"</?(!--|[a-zA-Z][\w-]*)", source)
        hint = HTML.get(tag[1].lower() if tag else "other", HTML["other"])
        beginning = source.split("\n")[0]
        yield line, f"{shortened(beginning, 40)} is HTML. {hint}"
    for line, entity in body.entities:
        sign = unescape(entity)
        remedy = "a space" if sign.isspace() else "the words" if sign == entity else sign
        yield line, f"{entity} is HTML. Write {remedy} instead."
    yield from headings(body)
    yield from pictures(body)
    yield from lists(body)
    yield from code(body)
    yield from rows(body)
    for block in body.blocks:
        for offset, message in search(block.text, "marks"):
            yield block.line_at(offset), message


def headings(body: Body) -> Messages:
    """Yield the problems of headings, and of lines that became one by accident."""
    for line, text in body.prose:
        if text.startswith("#") and not text.strip("# \t"):
            yield line, "A heading has no words. Write them after the #."
    level = 1
    for block in body.blocks:
        if not re.fullmatch("h[1-6]", block.tag):
            continue
        words, line, depth = block.text.replace(OPAQUE, ""), block.line, int(block.tag[1])
        source = body.source(line).lstrip(" >")
        if not source.startswith("#"):
            underline = body.source(line + 1).strip(" >")[:3]
            yield (
                line + 1,
                f"{underline} under a line makes a heading of it. Put an empty line before "
                f"{underline}, or write ## and a space before a heading.",
            )
        elif marks := re.match(r"#{1,6}(?=[^\s#])", source):
            yield (
                line,
                f'"{shortened(source, 20)}" became a heading. Write \\{marks[0]} for the sign '
                "itself, or a space after the # of a heading.",
            )
        else:
            if depth == 1:
                yield line, f'"{words}": the title stands in the header. Write ## here.'
            elif depth > level + 1:
                yield line, f'"{words}" skips a level. Write {"#" * (level + 1)} here.'
            level = max(depth, 2)


def pictures(body: Body) -> Messages:
    """Yield the problems of pictures."""
    for line, source, words in body.pictures:
        if not words.strip():
            yield line, f"{source} has no words for those who cannot see it. Write ![words](…)."
        if not source.startswith("{static}"):
            yield (
                line,
                f"{shortened(source, 60)} is not a picture of this site's. "
                "Put it in content/images/ and write ![words]({static}/images/name.png).",
            )


def code(body: Body) -> Messages:
    """Yield paragraphs that became code by four spaces, and fences that begin no code."""
    for line, text in body.code:
        last = line + text.rstrip("\n").count("\n")
        broken = body.source(last + 1).strip() and not body.source(last + 1).startswith(" ")
        sentence = re.search(r"[.?!:;,…][\"”’)*_]*\s*$", text) and re.search(r"\w \w", text)
        capital = re.match(r"\s*[\"“‘(*_]*[A-ZÀ-Þ][\w’'-]*,? [a-zß-ÿ]", text)
        if broken or sentence or capital:
            yield (
                line,
                "Four spaces at a line's beginning make code of it: take them away. "
                "Code stands between two lines of ```.",
            )
    fences = [(line, match) for line, text in body.prose if (match := FENCE.match(text))]
    for line, match in fences[::2]:
        yield (
            line,
            f"{match['fence']} begins no code here. Write it at the line's beginning, and once "
            "more after the code.",
        )


def rows(body: Body) -> Messages:
    """Yield lines that became a row of the table above."""
    lines = {block.line for block in body.blocks if block.tag == "td"}
    for line in sorted(lines):
        if "|" not in body.source(line):
            yield line, "This became a row of the table above. Put an empty line before it."


def lists(body: Body) -> Messages:
    """Yield lines that look like a list's but are not, and lists that were not meant."""
    for line, first, count in body.lists:
        if first != 1 and (count == 1 or first >= 100):
            yield (
                line,
                f"{first}. begins a list here. Write {first}\\. where it belongs to a sentence.",
            )
    shallow = dict(nesting(body))
    yield from shallow.items()
    previous: set[int] = set()  # what the mark of the item before may stand for
    for block, following in pairwise([*body.blocks, Block("", "", 0)]):
        if block.tag not in ("p", "li", "blockquote"):
            previous = set()
            continue
        lines = block.text.split("\n")
        first_bullet = ""
        for row, (text, after) in enumerate(pairwise([*lines, following.text])):
            line, words = block.line + row, text.strip(" \t")
            match, number = BULLET.match(words), NUMBER.match(words)
            bullet = match[0].strip() if match else ""
            if match and (match["sign"] or row == 0 or bullet == first_bullet):
                first_bullet = first_bullet or bullet
                name = f"U+{ord(bullet):04X}" if "\ue000" <= bullet <= "\uf8ff" else bullet
                reason = " (the space after it is one that does not break)" * bool(match["nbsp"])
                yield line, f"{name}{reason} {LIST}."
            elif (
                number
                and not (block.tag == "li" and row == 0)
                and (value := item_number(number, previous, after, first=row == 0))
            ):
                previous = ranks(number)
                remedy = f"{LIST}, or with {value}. and a space."
                if not number["space"]:
                    remedy = "makes no list. Put a space after it."
                yield line, f"{number['mark']} {remedy}"
            elif row and line not in shallow and ITEM.match(text):
                yield (
                    line,
                    "A list needs an empty line before it, or, inside another list, four spaces.",
                )
        if not NUMBER.match(lines[-1].strip()):
            previous = set()


def ranks(match: re.Match[str]) -> set[int]:
    """Return the numbers that a list's mark may stand for: i is one, or the ninth letter."""
    rank = match["rank"].lower()
    if rank.isdigit():
        return {int(rank)}
    letter = {ord(rank) - ord("a") + 1} if len(rank) == 1 else set()
    return letter | {number for number, roman in enumerate(ROMAN, 1) if roman == rank}


def item_number(match: re.Match[str], previous: set[int], after: str, *, first: bool) -> int:
    """Return the number that a mark gives to a list item; 0 if it begins none, as an initial.

    `after` is the next line, and `first` is whether the mark begins a paragraph.
    """
    values, mark, rank = ranks(match), match["mark"], match["rank"]
    dotted = mark == f"{rank}." and rank.isdigit()
    if bool(match["space"]) == dotted:  # "1. one" is Markdown's own, and "a.m." is no item
        return 0
    if continued := {value for value in values if value - 1 in previous}:
        return min(continued)
    if not values or not (first or 1 in values):
        return 0
    follower = NUMBER.match(after.strip())
    if follower and (followed := {value for value in values if value + 1 in ranks(follower)}):
        return min(followed)
    if mark.endswith("."):
        alone = 1 in values and (dotted or (rank.islower() and rank != "i"))
    else:
        alone = 1 in values or not mark.startswith("(")
    return min(values) if alone else 0


def nesting(body: Body) -> Messages:
    """Yield lines indented by too little to be inside the list item above: it takes four spaces."""
    outer: int | None = None
    after_blank = False
    for line, text in body.prose:
        bare = re.sub(r"^(?:> ?)+", "", text).expandtabs(4)
        if not bare.strip():
            after_blank = True
            continue
        indent = len(bare) - len(bare.lstrip(" "))
        wrong = False
        if re.match(r" *(?:[-*+]|\d{1,3}[.)]) +\S", bare):
            if outer is None or indent < outer:
                outer = indent if indent < 4 else outer
            else:
                wrong = bool(indent % 4) and indent != outer
        elif after_blank or bare.startswith("#"):
            outer = outer if indent else None
            wrong = outer is not None and indent < 4
        if wrong:
            yield line, "This would not stand inside the list above: indent it by four spaces."
        after_blank = False
