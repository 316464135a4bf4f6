"""The author's words and the site's stand apart: on the page, on home and in the feed.

In a part, the words before the first `##` are the author's; from there on they are the site's.
"""

import re
from typing import NamedTuple

from pelican import signals
from pelican.generators import ArticlesGenerator, Generator

IN_SHORT = re.compile(r"</h2>\s*<p>(.*?)</p>\s*", re.DOTALL)
CITATION = re.compile(r'<a id="[^"]*" href="#')


class Voices(NamedTuple):
    """A part's HTML by whose words it is: the author's, and the site's answer and notes.

    The first section of the notes is their own heading, each further one a `###` with what stands
    under it. Where a part has no notes yet, there is no answer and no section.
    """

    words: str
    in_short: str
    notes: list[str]


def split(html: str) -> Voices:
    """Take a part's HTML apart."""
    words, mark, rest = html.partition("<h2")
    if not mark:
        return Voices(words, "", [])
    first, *further = (mark + rest).split("<h3")
    answer = IN_SHORT.search(first)
    heading = first.replace(answer[0], "</h2>\n") if answer else first
    sections = [heading, *("<h3" + section for section in further)]
    return Voices(words, answer[1] if answer else "", sections)


def split_voices(generators: list[Generator]) -> None:
    """Give each part `words`, `in_short` and `notes`; the links in them are resolved by then.

    Home has no list of sources: there a citation of `in_short_on_home` leads to the part's own.
    """
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            for article in [*generator.articles, *generator.drafts]:
                if article.part:
                    article.words, article.in_short, article.notes = split(article.content)
                    page = f"{generator.settings['SITEURL']}/{article.url}"
                    article.in_short_on_home = CITATION.sub(f'<a href="{page}#', article.in_short)


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(split_voices)
