"""Turn what reference managers and publishers write (LaTeX, HTML, entities) into plain words."""

import re
from html import unescape
from unicodedata import lookup

# Text that LaTeX would not change except for its braces. Most values are, and skip the slow way.
PLAIN = re.compile(r"(?:[^\\$~<&%#`'\"-]|-(?!-)|'(?!'))*")
TAG = re.compile(r"</?[a-zA-Z][\w:-]*(?:\s[^<>]*)?/?>")
# Commands that change only how text looks; and commands for signs that pybtex does not know.
LOOK = re.compile(
    r"\\(?:text(?:it|bf|sc|rm|sf|tt|sl|up|md|normal|sub(?:script)?|superscript)?|emph|math(?:rm|it|bf"
    r"|sf|tt)|[mh]box|ensuremath|enquote|underline|url|uppercase|lowercase|MakeUppercase)\s*(?=\{)"
    r"|\\(?:it|bf|em|sc|rm|sf|tt|sl|itshape|bfseries|upshape|protect|relax)(?![a-zA-Z])\s*"
    r"|\\[-/]"
)
SIGNS = {
    "textless": "<", "textgreater": ">", "textquoteright": "’", "textquoteleft": "‘",
    "textquotedblleft": "“", "textquotedblright": "”", "textquotesingle": "’", "textbar": "|",
    "textasciitilde": "~", "textunderscore": "_", "textampersand": "&", "textregistered": "®",
    "texttrademark": "™", "textcopyright": "©", "textdegree": "°", "textmu": "µ", "textmicro": "µ",
    "degree": "°", "times": "×", "texttimes": "×", "pm": "±", "textpm": "±", "geq": "≥", "ge": "≥",
    "leq": "≤", "le": "≤", "approx": "≈", "sim": "∼", "cdot": "·", "ldots": "…", "dots": "…",
    "textellipsis": "…", "rightarrow": "→", "to": "→", "infty": "∞", "quad": " ", "space": " ",
    "textbackslash": "", "i": "ı",
}  # fmt: skip
SPACE = re.compile(r"\\[,;:! ]|(?<!\\)~")


def _sign(match: re.Match[str]) -> str:
    """Return the sign that a command such as \\beta stands for, or else the command itself."""
    name = match[1]
    if name in SIGNS:
        return SIGNS[name]
    letter = name.removeprefix("text").removeprefix("up").removeprefix("var")
    case = "CAPITAL" if letter[:1].isupper() else "SMALL"
    try:
        return lookup(f"GREEK {case} LETTER {letter}") if len(letter) > 1 else match[0]
    except KeyError:
        return match[0]


def plain_words(value: str) -> str:
    """Return a BibTeX value as plain text: no braces, LaTeX, HTML; one space between words.

    Raise ValueError if something of them is left.
    """
    if PLAIN.fullmatch(value):
        return " ".join(re.sub(r"[{}]", "", value).split())
    from pybtex.richtext import Text  # with latexcodec, whose tables take long to load

    value = SPACE.sub(" ", LOOK.sub("", unescape(TAG.sub("", value))))
    value = re.sub(r"\\([a-zA-Z]{2,})(?![a-zA-Z])(?:\{\}|\s+(?=\w))?", _sign, value)
    value = re.sub(r"(?<!\\)\$([^$]*)(?<!\\)\$", _formula, value)
    text = unescape(TAG.sub("", unescape(str(Text.from_latex(value)))))
    text = text.replace(r"\$", "$")
    if left := re.search(r"\\\S*|[{}]", text):
        raise ValueError(f"has LaTeX that this site cannot read: {left[0]} Write plain words.")
    return " ".join(text.split())


def _formula(match: re.Match[str]) -> str:
    """Return a formula without its dollar signs, and without marks of raised and lowered text."""
    return re.sub(r"(?<!\\)[_^]", "", match[1])


def unescape_address(value: str) -> str:
    r"""Return a DOI or an address as it is: exporters write \_ for _, and {\%} for %."""
    value = re.sub(r"\\url\s*(?=\{)", "", unescape(value))
    value = re.sub(r"\\([a-zA-Z]{2,})(?![a-zA-Z])(?:\{\})?", _sign, value)
    value = re.sub(r"\{?\\([_%&#$~^{}-])(?:\{\})?\}?", r"\1", value)
    value = value.replace("$<$", "<").replace("$>$", ">").replace(r"\$", "$")
    return re.sub(r"[{}]", "", value).strip()
