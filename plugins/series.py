"""The parts follow the numbers of their file names, and each knows its neighbours."""

import html
import re

from markupsafe import Markup, escape
from pelican import signals
from pelican.contents import Content, Static
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator
from pelican.urlwrappers import Author

FRAME = {"introduction": "opening", "conclusion": "closing"}


def prepare(content: Content) -> None:
    """Give every page its part (or None), its notice, and a title and summary safe in HTML."""
    if isinstance(content, Static):
        return
    content.part = int(content.part) if getattr(content, "part", None) else None
    content.previous_part = content.next_part = None
    content.notice = getattr(content, "notice", None)
    content.title = escape(html.unescape(getattr(content, "title", "")))
    summary = content.metadata.get("summary") or first_paragraph(content._content or "")
    content.metadata["summary"] = escape(html.unescape(summary))
    if content.part:
        content.author = Author(content.settings["SERIES_AUTHOR"], content.settings)
        content.authors = [content.author]


def first_paragraph(text: str) -> str:
    """Return the words of the first paragraph of some HTML, without its links and marks."""
    first = re.search(r"<p>(.*?)</p>", text, re.DOTALL)
    return Markup(first[1]).striptags() if first else ""


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
            generator.context["series"] = series
        elif isinstance(generator, PagesGenerator):
            for page in [p for p in generator.hidden_pages if p.slug in FRAME]:
                generator.context[FRAME[page.slug]] = page
                generator.hidden_pages.remove(page)


def register() -> None:
    """Connect to Pelican."""
    signals.content_object_init.connect(prepare)
    signals.all_generators_finalized.connect(order)
