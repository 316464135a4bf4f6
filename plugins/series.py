"""The parts follow the numbers of their file names, and each knows its place and neighbours."""

import html
import logging
import re

from markupsafe import Markup, escape
from pelican import signals
from pelican.contents import Content, Static
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator
from pelican.urlwrappers import Author

from tools.content.typography import apostrophes

logger = logging.getLogger(__name__)

FRAME = {"introduction": "opening", "conclusion": "closing"}
NO_WORDS = re.compile(r'<sup id="fnref.*?</sup>|<(h\d)\b.*?</\1>', re.DOTALL)
BLOCK = re.compile(r"</?(?:p|li|ul|ol|td|th|tr|table|blockquote|pre|div|hr)\b[^>]*>")
HYPHENATED = re.compile(r"\w+(?:-\w+)+")
UNBROKEN = r'<span class="unbroken">\g<0></span>'


def prepare(content: Content) -> None:
    """Give every page its part (or None), its notice, and a title and summary safe in HTML.

    Its `heading` is the title for the page, where a hyphenated word is whole in one line.
    """
    if isinstance(content, Static):
        return
    content.part = int(content.part) if getattr(content, "part", None) else None
    content.previous_part = content.next_part = content.place = None
    content.notice = getattr(content, "notice", None)
    if content._content:
        content._content = apostrophes(content._content)
    content.title = escape(apostrophes(html.unescape(getattr(content, "title", ""))))
    content.heading = Markup(HYPHENATED.sub(UNBROKEN, str(content.title)))
    category = str(getattr(content, "category", ""))
    content.caution = bool(content.part) and category == content.settings["CAUTION_CATEGORY"]
    summary = content.metadata.get("summary") or first_words(content._content or "")
    content.metadata["summary"] = escape(apostrophes(html.unescape(summary)))
    if content.part:
        content.author = Author(content.settings["SERIES_AUTHOR"], content.settings)
        content.authors = [content.author]


def first_words(text: str) -> str:
    """Return the words of the first block of some HTML that has any, without links and marks.

    A heading and the mark of a footnote are none. Where there are only pictures, it is the words
    of the first.
    """
    blocks = (str(Markup(block).striptags()) for block in BLOCK.split(NO_WORDS.sub("", text)))
    picture = re.search(r'<img[^>]* alt="([^"]*)"', text)
    words = next((block for block in blocks if re.search(r"\w", block)), "")
    return words or (str(Markup(picture[1]).unescape()) if picture else "")


def order(generators: list[Generator]) -> None:
    """Put the ordered parts and the article's first and last paragraphs into the context.

    The introduction and the conclusion are hidden pages, printed on home alone: they are taken
    out of the pages to be written, so that their words have one address.
    """
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            series = sorted((a for a in generator.articles if a.part), key=lambda a: a.part)
            for before, part, after in zip(
                [None, *series], series, [*series[1:], None], strict=False
            ):
                part.previous_part, part.next_part = before, after
            name_places(series, generator.settings["PART_NAMES"])
            generator.context["series"] = series
        elif isinstance(generator, PagesGenerator):
            slugs = {page.slug: page for page in generator.pages}
            wanted = generator.settings["WHAT_NEXT"]
            for slug in set(wanted) - set(slugs):
                logger.warning("WHAT_NEXT in pelicanconf.py: there is no page %s.", slug)
            generator.context["what_next"] = [slugs[slug] for slug in wanted if slug in slugs]
            for page in [p for p in generator.hidden_pages if p.slug in FRAME]:
                generator.context[FRAME[page.slug]] = page
                generator.hidden_pages.remove(page)


def name_places(series: list[Content], names: dict[str, str]) -> None:
    """Give each part whose category has a name for one of its parts its place: Benefit 1 of 5."""
    for category, name in names.items():
        parts = [part for part in series if part.category == category]
        for number, part in enumerate(parts, 1):
            part.place = f"{name} {number} of {len(parts)}"


def register() -> None:
    """Connect to Pelican."""
    signals.content_object_init.connect(prepare)
    signals.all_generators_finalized.connect(order)
