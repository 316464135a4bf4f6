"""Separate the author's words from the site's, for the page, for home and for the feed.

In a part, everything before the first `##` is the author's, everything from it on the site's.
"""

import re
from typing import NamedTuple

from pelican import signals
from pelican.generators import ArticlesGenerator, Generator

IN_SHORT = re.compile(r"</h2>\s*<p>(.*?)</p>\s*", re.DOTALL)
CITATION = re.compile(r'<a id="[^"]*" href="#')


class Attributed(NamedTuple):
    """A part's HTML, split by who wrote it: `words` are the author's, the rest is the site's.

    The first section of `notes` is their main heading; each later one is a `###` and its text. A
    part without notes has neither an answer (`in_short`) nor sections.
    """

    words: str
    in_short: str
    notes: list[str]


def split(html: str) -> Attributed:
    """Split a part's HTML by who wrote it."""
    words, mark, rest = html.partition("<h2")
    if not mark:
        return Attributed(words, "", [])
    first, *further = (mark + rest).split("<h3")
    answer = IN_SHORT.search(first)
    heading = first.replace(answer[0], "</h2>\n") if answer else first
    sections = [heading, *("<h3" + section for section in further)]
    return Attributed(words, answer[1] if answer else "", sections)


def split_parts(generators: list[Generator]) -> None:
    """Set `words`, `in_short` and `notes` on each part, once Pelican can resolve their links.

    Home has no list of sources, so the citations in `in_short_on_home` link to the part's page.
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
    signals.all_generators_finalized.connect(split_parts)
