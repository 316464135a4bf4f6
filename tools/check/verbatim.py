"""The author's words are published word for word.

Typographic quotes, dashes and no-break spaces are the only differences allowed.
"""

from difflib import SequenceMatcher

PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


def tokens(text: str) -> list[str]:
    """Return the words with their punctuation, whatever quotes, dashes and spaces they wear."""
    return text.translate(PLAIN).split()


def difference(expected: str, published: str) -> str | None:
    """Say which of the author's words was first changed, dropped or added; None if none was."""
    theirs, ours = tokens(expected), tokens(published)
    for kind, a, b, c, d in SequenceMatcher(a=theirs, b=ours, autojunk=False).get_opcodes():
        was, now = " ".join(theirs[a:b]), " ".join(ours[c:d])
        before = " ".join(theirs[max(0, a - 3) : a]) or "the beginning"
        if kind == "replace":
            return f'the author wrote "{was}" after "{before}", here stands "{now}"'
        if kind == "delete":
            return f'the author\'s "{was}" after "{before}" is missing'
        if kind == "insert":
            return f'"{now}" after "{before}" is not the author\'s'
    return None
