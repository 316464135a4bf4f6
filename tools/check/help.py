"""Check that help is in reach on a page: the build, publishing and the tests all call this."""

import re
from collections.abc import Collection, Iterator

LINK = re.compile(r"""<a\b[^>]*?\bhref=["']([^"']*)""")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# tools/content/helplines.py asks for at least as many.
NUMBERS_AT_LEAST = 2


def help_problems(page: str, help_url: str, words: Collection[str] = ()) -> Iterator[str]:
    """Yield what a finished page lacks, in words that can follow the page's name.

    `page` is HTML, and `help_url` the address of the help page as links write it. `words` are the
    beginnings, in HTML, of the texts on the page that need the helplines in front of them.
    """
    page = COMMENT.sub("", page)
    if LINK.findall(page.partition("<main")[0])[1:2] != [help_url]:
        yield "its second link, after the one that skips to the text, does not lead to help"
    _, footer, last = page.rpartition("<footer")
    if help_url not in LINK.findall(footer and last):
        yield "its footer has no link to help"
    before = min((page.partition(each)[0] for each in words), key=len, default=None)
    if before is not None:
        numbers = {link for link in LINK.findall(before) if link.startswith("tel:")}
        if len(numbers) < NUMBERS_AT_LEAST:
            yield "it lacks the helplines before the words that need them"
