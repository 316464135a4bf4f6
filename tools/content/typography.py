"""Apostrophes that typogrify takes for the beginning of a quotation."""

import re

# What is left out at a word's beginning: the nineties, it is, them, and.
SHORTENED = (
    r"(?:\d\ds?|tis|twas|twere|twill|til|till|em|cause|cos|cuz|bout|round|gainst|neath|kay|n)"
)
# Smartypants sees one piece of text between two tags at a time: where a word ends with a tag, it
# takes the apostrophe after it for the beginning of a quotation.
AFTER_TAG = re.compile(r"(?<=\w)(</\w+>(?:</\w+>)*)(?:‘|&#8216;)(?=\w)")
AT_BEGINNING = re.compile(rf"(?<!\w)(?:‘|&#8216;)(?={SHORTENED}\b(?!’|&#8217;))", re.IGNORECASE)
AND = re.compile(r"(?:‘|&#8216;)(n)(?:’|&#8217;)(?=\s)", re.IGNORECASE)


def apostrophes(text: str) -> str:
    """Return typogrified HTML, or a title, with every apostrophe as one, also before 90s."""
    if "‘" not in text and "&#8216;" not in text:
        return text
    text = AFTER_TAG.sub(r"\1’", text)
    return AT_BEGINNING.sub("’", AND.sub(r"’\1’", text))
