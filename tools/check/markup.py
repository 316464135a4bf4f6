"""Check the form of a text: no HTML, no skipped heading level, no mark that would be printed.

Writers bring marks from other programs: pandoc, Obsidian, GitHub, MkDocs, Word, Google Docs, chat
programs. Python-Markdown would print those that it does not know.
"""

import re
from collections.abc import Iterator
from html import unescape

from tools.content.body import OPAQUE, WRITE, Block, Body

# What to write in place of an HTML tag.
INSTEAD = {
    "script": "The site runs no scripts: take it out.",
    "style": "How things look is the theme's: take it out.",
    "iframe": "Write a link to the page instead: [its name](https://…).",
    "!--": "A comment would be published: take it out.",
    "a": WRITE,
    "img": "Write ![what it shows]({static}/images/name.png).",
    "b": "Write **bold**.",
    "strong": "Write **bold**.",
    "i": "Write *italic*.",
    "em": "Write *italic*.",
    "br": "Delete the tag; an empty line starts a new paragraph.",
    "p": "Delete the tag; an empty line starts a new paragraph.",
    "table": "Write a table with | between its columns.",
}
CITE = "Cite a source by its key: ([Name 2018](#name2018))."
FORMAT = "Write **bold** or *italic*, or delete the marks."
# The marks of other programs, and a message for each: {0} is the matched text, {1} the first group.
# Where two patterns match at one place, the earlier one counts.
MARKS = [
    (r"\[\^([^\]\s]*)\]", "The footnote [^{1}] has no text. Add a line [^{1}]: …"),
    (
        r"【[^】\n]*】|:contentReference\[[^\]\n]*\](?:\{[^}\n]*\})?|\boai_?cit\w*:\S+"
        r"|\[cite(?:_start|_end)?(?::[^\]\n]*)?\]|\bcite:\s?\d+|[\ue200-\ue2ff]\S*"
        r"|(?:\b|_)(?:file|nav)?(?:cite|list)?turn\d+[a-z]+\d+\w*|\[\d+†[^\]\n]*\]"
        r"|\[(?:attached_file|chart|file|generated_image|image|memory|page|post|source|web):\d+\]",
        f"{{0}} is a chat program's mark, and no source. {CITE}",
    ),
    (r"(?m)^!>|^\?>", "{0} makes no box here. Delete it, and write **Note:** if you like."),
    (
        r"\[!\w+\][+-]?",
        "{0} makes no box here. Write **Note:**, or what it is, at the quotation's beginning.",
    ),
    (r"!\[\[([^\]\n]*)\]\]", "{0} shows no picture. Write ![words]({{static}}/images/name.png)."),
    (r"\[\[_?toc_?\]\]|\[toc\]", "{0} makes no list of contents here: take it out."),
    (
        r"\[\[([^\]\n]*)\]\]",
        "{0} is a link of another program's. Write [words]({{filename}}/posts/name.md).",
    ),
    (
        r"\[[^\]\n]*@[\w:.-]+[^\]\n]*\](?!\()|(?<![\w@.])@[a-z][\w:-]*\d{4}\w*",
        f"{{0}} is pandoc's citation. {CITE}",
    ),
    (
        r"\[\d+(?:\s?[,;–-]\s?\d+)*\](?![(\[:])",
        f"{{0}} leads nowhere. {CITE} A footnote is written [^1].",
    ),
    (
        r"\[(?:edit|note \d+|(?:citation|clarification|better source) needed|who\?|when\?)\]",
        "{0} was copied with the text: delete it.",
    ),
    (
        r"\[[^\]\n]+\]\s+\((?:https?:|www\.|mailto:|\{)[^)\n]*\)|\([^()\n]+\)\[(?:https?:|www\.|\{)",
        "A link is not whole. Write [words](address), without a space between.",
    ),
    (r"(?:\[[^][\n]*)?\]\(([^)\s]*)", "A link is not whole. Write [words](address), on one line."),
    (
        r"\[[^\]]+\]\[([^\]]*)\]",
        "A link names no address. Write [words](address), on one line.",
    ),
    (
        r"(?<![\w/@.])(?:https?://)([^\s)\]>]*[\w/])|(?<![\w/@.])(www\.[^\s)\]>]*[\w/])",
        "{0} is no link as it stands. Write [words](https://{1}{2}).",
    ),
    (r"(?m)^ {0,3}(#{1,6}) +\S.*$", "{1} begins a heading only where no space stands before it."),
    (
        r"\$\$[^$]*\$\$|\$\S[^$\n]*[\\^_{}][^$\n]*\$|\$\\[^$\n]*\$",
        "{0} is LaTeX. Write the signs themselves.",
    ),
    (
        r"\\(?:newpage|pagebreak|clearpage)\b(?:\{[^}\n]*\})?",
        "{0} is LaTeX. Take it out: the theme sets the pages.",
    ),
    (
        r"\\[a-zA-Z]{2,}(?:\[[^\]\n]*\])?(?:\{[^}\n]*\})*",
        "{0} is LaTeX. Write the words or the sign itself.",
    ),
    (
        r"\{\{[^\n]*?\}\}|\{%[^\n]*?%\}",
        "{0} is a template's mark, and nothing runs it here. Take it out.",
    ),
    (
        r"\{(?:\+\+|--|~~|>>|==)[^\n]*?(?:\+\+|--|~~|<<|==)\}",
        "{0} is a mark of editing. Write the words as they shall be.",
    ),
    (
        r"\{:?\s?[#.][^}\n]*\}|\{:?\s?[\w-]+=[^}\n]*\}|\{:[^}\n]*\}",
        "{0} would be printed. Delete it: how things look is the theme's, and a heading's place "
        "follows from its words.",
    ),
    (r"\{[^}\n]*\}?|\}", "{0} would be printed. Delete it, or write \\{{ for a brace."),
    (r"~~", "~~ strikes nothing out. Delete the words, or the marks."),
    (r"(?<![=\w])==(?=[^=\s])|(?<=[^=\s])==(?![=\w])", f"== marks nothing. {FORMAT}"),
    (r"%%", "%% hides nothing: what is private would be published. Take it out."),
    (r"(?<!\w)\+\+\w[^+\n]*\+\+", f"{{0}} would be printed. {FORMAT}"),
    (r"\|\|[^|\n]+\|\|", "{0} hides nothing. Delete the marks."),
    (r"\^\[", "A footnote is written [^1], with a line [^1]: … for its text."),
    (
        r"(?<=\w)~[^~\s]+~|(?<=\w)\^[^^\s]+\^|(?<=\w)\^\{",
        "{0} lowers or raises nothing. Delete the marks.",
    ),
    (r"(?m)(?<=\S) \^[\w-]+$", "{0} would be printed. Delete it."),
    (r"(?m)^[\w-]+:: ", "{0} is a field of another program's. Write it as a sentence."),
    (
        r"(?m)^:{3,}.*$",
        "{0} makes no box here. Delete the line, and write **Note:** if you like.",
    ),
    (
        r"(?m)^(?:!!!|\?\?\?\+?|===)\s+\S.*$|^\.\. [\w-]+::.*$",
        "{0} makes no box here. Write a paragraph that begins with **Note:**",
    ),
    (r"(?m)^ ?: {1,3}\S.*$", "A colon makes no definition. Write **Term**: what it means."),
    (
        r"(?<![\w:]):(?:[a-z][a-z0-9_+-]*|[+-]1|100):(?![\w:])",
        "{0} would be printed. Write words, or the sign itself.",
    ),
    (
        r"(?m)^\*\[[^\]\n]+\]:.*$",
        "{0} explains nothing. Write the words out where the abbreviation first stands.",
    ),
    (
        r"(?m)\\$",
        "A backslash at a line's end would be printed. Delete it; an empty line begins a new one.",
    ),
    (r"\\.", "The backslash in {0} would be printed: delete it."),
    (
        r"(?m)(?:^ *(?:\|.*\||\+[-=]{3,}.*|[-=]{3,}(?: +[-=]{3,})+) *\n?)+$",
        "A table is not whole. Write |---|---| under its first row, and an empty line before it.",
    ),
    (
        r"\*\*|(?<![\w_/])__(?=\w)|(?<=\w)__(?![\w_])",
        "{0} would be printed. Write **bold**, on one line, without a space inside the stars.",
    ),
    (
        r"(?<![\w*])\*(?=[^\s*\d])|(?<=[^\s*\d])\*(?![\w*])|(?<![\w_/.])_(?=[^\W_])|(?<=[^\W_])_(?![\w/])",
        "{0} would be printed. Write *italic*, on one line, or \\{0} for the sign itself.",
    ),
    (
        r"(?<!`)`{1,2}(?!`)|(?<=\S )`{3,}",
        "A backtick would be printed. Write `code`, on one line, or \\` for the sign itself.",
    ),
    (
        r"(?<!\S)#[a-z][\w/-]*",
        "{0} would be printed. Subjects stand in the header: Tags. Write \\# for the sign itself.",
    ),
    (r"(?<=[^\n])[\ue000-\uf8ff]", "A sign that no font has stands here: delete it."),
]
LEFT_OVER = [(re.compile(pattern, re.IGNORECASE), message) for pattern, message in MARKS]
# A text without any of these has none of the marks: most texts are done with one search.
SUSPICIOUS = re.compile(
    r"[][【{}~=%+|^\\$*_`#@\ue000-\uf8ff]|::|!!!|!>|\?\?\?|\?>|:[\w+-]+:|turn\d|cite|^\s*:|www|https?:"
    r"|^\.\.|--- ",
    re.IGNORECASE | re.MULTILINE,
)
BULLET = re.compile(
    r"(?P<sign>\d\ufe0f?\u20e3|[•·▪▫◦●○■□◾◽⬤⁃∙‣➢➤►▶✓✔❖§☐☑☒✅✗✘❌♦◆◇➔➜→⇒\uf000-\uf0ff])\s*"
    r"|(?P<dash>[–—−‐‑―])\s+|(?P<o>o)\s+(?=\S)|(?P<hyphen>[-+])(?=[^\W\d])"
    r"|(?P<nbsp>[-*+]|\d{1,3}\.)[\u00a0\u2007\u202f]"
)
NUMBER = re.compile(
    r"(?P<mark>\(?(?:(?P<digits>\d{1,2})|(?P<letter>[a-zA-Z])|(?P<roman>[ivxIVX]{2,5}))(?P<end>\)|\.(?!\d)))"
    r"(?P<space>\s*)(?=\S)"
)
ITEM = re.compile(r"( {0,3})(?:[-*+]|(\d{1,3})\.) +\S")
LIST = "makes no list. Begin the line with a hyphen and a space"


def form(body: Body, top: int) -> Iterator[tuple[int, str]]:
    """Yield the problems of form, each with its line; headings may begin at level `top`."""
    for line, source in body.raw_html:
        tag = re.match(r"</?(!--|[a-zA-Z][\w-]*)?", source)
        name = (tag[1] or "").lower() if tag else ""
        hint = INSTEAD.get(
            name, "Delete the tag, or write it in Markdown; the theme does the rest."
        )
        beginning = source.split("\n")[0][:40]
        yield line, f"{beginning} is HTML. {hint}"
    for line, entity in body.entities:
        sign = unescape(entity)
        remedy = "a space" if sign.isspace() else "the words" if sign == entity else sign
        yield line, f"{entity} is HTML. Write {remedy} instead."
    yield from headings(body, top)
    yield from pictures(body)
    yield from lists(body)
    yield from code(body)
    for block in body.blocks:
        yield from left_over(block)


def headings(body: Body, top: int) -> Iterator[tuple[int, str]]:
    """Yield the problems of headings, and of lines that became one by accident."""
    for line, text in body.prose:
        if re.fullmatch(r"#{1,6}\s*#*\s*", text):
            yield line, "A heading has no words. Write them after the #."
    level = top - 1
    for block in body.blocks:
        if not re.fullmatch("h[1-6]", block.tag):
            continue
        words, line, depth = block.text.replace(OPAQUE, ""), block.line, int(block.tag[1])
        source = body.source(line).lstrip(" >")
        marks = re.match(r"#{1,6}(?=[^\s#])", source)
        if not source.startswith("#"):
            underline = body.source(line + 1).strip(" >")[:3]
            yield (
                line + 1,
                f"{underline} under a line makes a heading of it. Put an empty line before "
                f"{underline}, or write {'#' * top} and a space before a heading.",
            )
            continue
        if marks:
            yield (
                line,
                f'"{source[:20].strip()}" became a heading. Write \\{marks[0]} for the sign '
                "itself, or a space after the # of a heading.",
            )
            continue
        if depth < top:
            yield line, f'"{words}": the title stands in the header. Write ## here.'
        elif depth > level + 1:
            yield line, f'"{words}" skips a level. Write {"#" * (level + 1)} here.'
        level = max(depth, top)


def pictures(body: Body) -> Iterator[tuple[int, str]]:
    """Yield the problems of pictures."""
    for line, source, words in body.pictures:
        if not words.strip():
            yield line, f"{source} has no words for those who cannot see it. Write ![words](…)."
        if not source.startswith("{static}"):
            yield (
                line,
                f"{source[:60]} is not a picture of this site's. Put it in content/images/ "
                "and write ![words]({static}/images/name.png).",
            )


def code(body: Body) -> Iterator[tuple[int, str]]:
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
    opened = ""
    for line, text in body.prose:
        fence = re.match(r"[\s>]*(?:(?:[-*+]|\d+\.)\s+)?(`{3,}|~{3,})", text)
        if not fence or fence[1] in text[fence.end() :]:
            continue
        if opened:
            opened = ""
            continue
        opened = fence[1]
        yield (
            line,
            f"{opened} begins no code here. Write it at the line's beginning, and once more after "
            "the code.",
        )


def lists(body: Body) -> Iterator[tuple[int, str]]:
    """Yield lines that look like a list's but are not, and lists that were not meant."""
    for line, first, count in body.lists:
        if first != 1 and (count == 1 or first >= 100):
            yield (
                line,
                f"{first}. begins a list here. Write {first}\\. where it belongs to a sentence.",
            )
    shallow = list(nesting(body))
    yield from shallow
    previous = 0
    for index, block in enumerate(body.blocks):
        if block.tag not in ("p", "li", "blockquote"):
            previous = 0
            continue
        following = body.blocks[index + 1].text if index + 1 < len(body.blocks) else ""
        rows = block.text.split("\n")
        first_sign = ""
        for row, text in enumerate(rows):
            number = block.line + row
            words = text.strip(" \t")
            after = rows[row + 1] if row + 1 < len(rows) else following
            if match := BULLET.match(words):
                kind = match.lastgroup or ""
                sign = match[kind]
                if kind == "sign" or row == 0 or sign == first_sign:
                    first_sign = first_sign or sign
                    name = f"U+{ord(sign):04X}" if "\ue000" <= sign <= "\uf8ff" else sign
                    reason = " (the space after it is one that does not break)" * (kind == "nbsp")
                    yield number, f"{name}{reason} {LIST}."
                    continue
            if (match := NUMBER.match(words)) and (block.tag != "li" or row):
                value = rank(match, previous)
                if (row == 0 or previous + 1 == value) and counts(match, previous, after):
                    previous = value
                    yield number, f"{match['mark']} {LIST}, or with {value}. and a space."
                    continue
            item = ITEM.match(text) if row and number not in dict(shallow) else None
            if item and (not item[2] or item[2] == "1"):
                yield (
                    number,
                    "A list needs an empty line before it, or, inside another list, four spaces.",
                )
        if not NUMBER.match(rows[-1].strip()):
            previous = 0


def rank(match: re.Match[str], previous: int) -> int:
    """Return the number that a list's mark stands for; `previous` is that of the item before."""
    if match["digits"]:
        return int(match["digits"])
    letters = (match["letter"] or match["roman"]).lower()
    if len(letters) == 1 and (letters != "i" or previous == 8):
        place = ord(letters) - ord("a") + 1
        if place == previous + 1 or letters not in "ivx":
            return place
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in letters]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)


def counts(match: re.Match[str], previous: int, after: str) -> bool:
    """Return whether a mark begins a list item, and is not an initial or a sentence's number."""
    value, mark = rank(match, previous), match["mark"]
    if not match["space"] and (mark.endswith(")") or not match["digits"]):
        return False
    if mark.endswith(".") and match["digits"] and match["space"]:
        return False  # Markdown's own
    if previous and previous + 1 == value:
        return True
    follower = NUMBER.match(after.strip())
    goes_on = follower is not None and rank(follower, value) == value + 1
    if mark.endswith(")"):
        return not mark.startswith("(") or value == 1 or goes_on
    capital = not match["digits"] and mark[:-1] in ("i", mark[:-1].upper())
    return goes_on or (value == 1 and not capital)


def nesting(body: Body) -> Iterator[tuple[int, str]]:
    """Yield lines indented by too little to be inside the list item above: it takes four spaces."""
    outer: int | None = None
    after_blank = False
    for line, text in body.prose:
        bare = re.sub(r"^(?:> ?)+", "", text).expandtabs(4)
        if not bare.strip():
            after_blank = True
            continue
        indent = len(bare) - len(bare.lstrip(" "))
        if re.match(r" *(?:[-*+]|\d{1,3}[.)]) +\S", bare):
            if outer is None or indent < outer:
                outer = indent if indent < 4 else outer
            elif indent % 4 and indent != outer:
                yield line, "This would not stand inside the list above: indent it by four spaces."
        elif after_blank or bare.startswith("#"):
            if indent == 0:
                outer = None
            elif outer is not None and indent < 4:
                yield line, "This would not stand inside the list above: indent it by four spaces."
        after_blank = False


def left_over(block: Block) -> Iterator[tuple[int, str]]:
    """Yield the marks in a block that Markdown does not know, and would print."""
    text = block.text
    if block.tag == "li" and (box := re.match(r"\[[ xX]?\](?=\s)", text)):
        yield block.line, f"{box[0]} draws no box to tick: delete it."
        text = " " * box.end() + text[box.end() :]
    if not SUSPICIOUS.search(text):
        return
    for pattern, message in LEFT_OVER:
        for match in pattern.finditer(text):
            groups = [match[0].strip()[:60], *(group or "" for group in match.groups())]
            yield (
                block.line_at(match.start() + len(match[0]) - len(match[0].lstrip())),
                (message.format(*groups)),
            )
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
