"""The author's words and the site's stand apart: on the page, on home and in the feed.

In a part, the words before the first `##` are the author's; from there on they are the site's.
"""

from pelican import signals
from pelican.generators import ArticlesGenerator, Generator


def split(html: str) -> tuple[str, list[str]]:
    """Take a part's HTML apart: the author's words, and the site's notes in sections.

    The first section is the notes' own heading with what stands under it, each further one a
    `###` with what stands under it. Where a part has no notes yet, there is no section.
    """
    words, mark, rest = html.partition("<h2")
    if not mark:
        return words, []
    first, *further = (mark + rest).split("<h3")
    return words, [first, *("<h3" + section for section in further)]


def split_voices(generators: list[Generator]) -> None:
    """Give each part `words` and `notes`; the links in them are resolved by then."""
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            for article in [*generator.articles, *generator.drafts]:
                if article.part:
                    article.words, article.notes = split(article.content)


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(split_voices)
