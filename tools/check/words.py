"""Words that the site may not say, and those that need the helplines beside them."""

import re

from tools.check.patterns import blanked, search
from tools.check.readability import Lines, Messages
from tools.content.problem import GAP, gap_message

# The addresses of links are not read by anyone; the words of a link to a page of this site are that
# page's title.
ADDRESS = re.compile(r"\]\([^)\n]*\)|<https?:[^>\n]*>")
INTERNAL_LINK = re.compile(r"!?\[[^\]\[]*\]\(\{\w+\}[^)\n]*\)")


def word_problems(lines: Lines) -> Messages:
    """Yield what the site may not say: promises, doses, a clinician's review, gaps in its work."""
    text = blanked(ADDRESS, "\n".join(line for _, line in lines))
    gaps = ((match.start(), gap_message(match[0])) for match in GAP.finditer(text))
    for offset, message in [*search(text, "words"), *gaps]:
        yield lines[text.count("\n", 0, offset)][0], message


def in_crisis(text: str) -> tuple[int, str] | None:
    """Return words that speak of suicide or self-harm, with their offset, or None."""
    return next(search(blanked(ADDRESS, blanked(INTERNAL_LINK, text)), "crisis"), None)


def crisis_problems(lines: Lines) -> Messages:
    """Yield a problem if a text without the helplines speaks of suicide or self-harm."""
    text = "\n".join(line for _, line in lines)
    if match := in_crisis(text):
        line = lines[text.count("\n", 0, match[0])][0]
        yield (
            1,
            f'This speaks of suicide ("{match[1]}", line {line}). '
            "Add a line to the header: Notice: crisis",
        )
