"""Help is in reach on every page: the build, publishing and the tests ask this one function."""

import re
from collections.abc import Collection, Iterator

LINK = re.compile(r"""<a\b[^>]*?\bhref=["']([^"']*)""")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# content/helplines.toml holds at least as many services that answer day and night.
NUMBERS_AT_LEAST = 2


def help_problems(page: str, help_url: str, words: Collection[str] = ()) -> Iterator[str]:
    """Yield what a finished page lacks of the ways to help, in words that follow its name.

    `page` is HTML, `help_url` the address of the help page as links write it. `words` is how texts
    begin, in HTML, that need the crisis notice: the helplines have to stand before them.
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
