"""Check that the author's words are published word for word.

Only quotation marks, dashes and no-break spaces may differ in form.
"""

from difflib import SequenceMatcher
from itertools import pairwise

from tools.check.readability import Lines, Messages
from tools.content.article import Passage
from tools.content.document import Document
from tools.content.problem import first_words

WORDS_AT_MOST = 6  # of each quotation
PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


def tokens(text: str) -> list[str]:
    """Return a text's words with their punctuation, in plain quotes, dashes and spaces."""
    return text.translate(PLAIN).split()


def difference(expected: str, published: str) -> str | None:
    """Return a message for the first word that was changed, dropped or added, or None."""
    theirs, ours = tokens(expected), tokens(published)
    if theirs == ours:
        return None
    for kind, a, b, c, d in SequenceMatcher(a=theirs, b=ours, autojunk=False).get_opcodes():
        was, now = (first_words(" ".join(part), WORDS_AT_MOST) for part in (theirs[a:b], ours[c:d]))
        before = " ".join(theirs[max(0, a - 3) : a]) or "the beginning"
        if kind == "replace":
            return f'the author wrote "{was}" after "{before}", here stands "{now}"'
        if kind == "delete":
            return f'the author\'s "{was}" after "{before}" is missing'
        if kind == "insert":
            return f'"{now}" after "{before}" is not the author\'s'
    return None


def author_problems(document: Document, lines: Lines, passages: list[Passage]) -> Messages:
    """Yield the first of the author's words that was changed, dropped or added, and broken lines.

    `lines` are those of the author's words; other texts than a part or a framed page have none.
    """
    introduction, *parts, conclusion = passages
    if document.part and document.part > len(parts):
        if document.published:
            yield (
                1,
                f"The author's article has {len(parts)} parts. If the author wrote this one, "
                "add it to content/article.txt first; if not, take the number off the file's name.",
            )
        return
    if not document.header or not (document.part or document.framed):
        return
    passage = introduction if document.slug == "introduction" else conclusion
    if document.part:
        passage = parts[document.part - 1]
        if difference(passage.title, document.header.title):
            yield document.header_lines["title"], f'The author\'s title is "{passage.title}".'
    written = [(number, line) for number, line in lines if line.strip()]
    if message := difference(passage.text, " ".join(line for _, line in lines)):
        yield [*written, *lines, (1, "")][0][0], f"The author's words: {message}."
    for (before, line), (number, _) in pairwise(written):
        if number > before + 1:
            yield before + 1, "The author wrote one paragraph here: take the empty line out."
        elif line.endswith("  "):
            yield before, "The author broke no line here: take the spaces off its end."
