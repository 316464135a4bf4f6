"""Turn what reference managers and publishers write (LaTeX, HTML, entities) into plain words."""

import re
from html import unescape

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
    "textasciitilde": "~", "textunderscore": "_", "textampersand": "&", "textmu": "µ",
    "textmicro": "µ", "degree": "°", "ge": "≥", "le": "≤", "dots": "…", "textellipsis": "…",
    "to": "→", "quad": " ", "space": " ", "textbackslash": "", "i": "ı",
}  # fmt: skip
SPACE = re.compile(r"\\[,;:! ]|(?<!\\)~")


def _sign(match: re.Match[str]) -> str:
    """Return the sign that a command such as \\beta stands for, or else the command itself."""
    if match[1] in SIGNS:
        return SIGNS[match[1]]
    from pybtex.richtext import Text

    # pybtex knows Greek letters and signs of mathematics within a formula alone.
    name = re.sub("^(?:text|up|var)(?=[a-zA-Z]{2})", "", match[1])
    sign = str(Text.from_latex(rf"$\{name}$"))
    return match[0] if "$" in sign else sign


def plain_words(value: str) -> str:
    """Return a BibTeX value as plain text: no braces, LaTeX, HTML; one space between words.

    Raise ValueError if something of them is left.
    """
    if PLAIN.fullmatch(value):
        return " ".join(re.sub(r"[{}]", "", value).split())
    from pybtex.richtext import Text  # with latexcodec, whose tables take long to load

    value = re.sub(r"(?<!\\)%", r"\\%", value)  # else it would begin a comment
    value = SPACE.sub(" ", LOOK.sub("", unescape(TAG.sub("", value))))
    value = re.sub(r"\\([a-zA-Z]{2,})(?![a-zA-Z])(?:\{\}|\s+(?=\w))?", _sign, value)
    # A formula without its dollar signs, and without marks of raised and lowered text.
    value = re.sub(r"(?<!\\)\$([^$]*)(?<!\\)\$", lambda m: re.sub(r"(?<!\\)[_^]", "", m[1]), value)
    text = unescape(TAG.sub("", unescape(str(Text.from_latex(value)))))
    text = text.replace(r"\$", "$")
    if left := re.search(r"\\\S*|[{}]", text):
        raise ValueError(f"has LaTeX that this site cannot read: {left[0]} Write plain words.")
    return " ".join(text.split())


def unescape_address(value: str) -> str:
    r"""Return a DOI or an address as it is: exporters write \_ for _, and {\%} for %."""
    value = re.sub(r"\\url\s*(?=\{)", "", unescape(value))
    value = re.sub(r"\\([a-zA-Z]{2,})(?![a-zA-Z])(?:\{\})?", _sign, value)
    value = re.sub(r"\{?\\([_%&#$~^{}-])(?:\{\})?\}?", r"\1", value)
    value = value.replace("$<$", "<").replace("$>$", ">").replace(r"\$", "$")
    return re.sub(r"[{}]", "", value).strip()
