"""Check that the author's words are published word for word.

Only quotation marks, dashes and no-break spaces may differ in form.
"""

from difflib import SequenceMatcher

PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


def tokens(text: str) -> list[str]:
    """Return a text's words with their punctuation, in plain quotes, dashes and spaces."""
    return text.translate(PLAIN).split()


def difference(expected: str, published: str) -> str | None:
    """Return a message for the first word that was changed, dropped or added, or None."""
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
