"""Put the parts in the order of their file names, and tell each its place and its neighbours."""

import html
import re
from itertools import pairwise

from markupsafe import Markup, escape
from pelican import signals
from pelican.contents import Content, Static
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator
from pelican.urlwrappers import Author

from tools.content.header import SUMMARY_AT_MOST

FRAME = {"introduction": "opening", "conclusion": "closing"}
# Left out of a summary: the marks of footnotes, and headings.
NOT_SUMMARY = re.compile(r'<sup id="fnref.*?</sup>|<(h\d)\b.*?</\1>', re.DOTALL)
BLOCK = re.compile(r"</?(?:p|li|ul|ol|td|th|tr|table|blockquote|pre|div|hr)\b[^>]*>")
HYPHENATED = re.compile(r"\w+(?:-\w+)+")
UNBROKEN = r'<span class="unbroken">\g<0></span>'
# Words with a letter left out at their beginning, such as '90s and 'tis: typogrify takes their
# apostrophe for an opening quotation mark.
SHORTENED = (
    r"(?:\d\ds?|tis|twas|twere|twill|til|till|em|cause|cos|cuz|bout|round|gainst|neath|kay|n)"
)
# Smartypants looks at one piece of text between two tags at a time, and takes the apostrophe after
# a tag, as in <em>she</em>'s, for an opening quotation mark.
AFTER_TAG = re.compile(r"(?<=\w)(</\w+>(?:</\w+>)*)(?:‘|&#8216;)(?=\w)")
AT_BEGINNING = re.compile(rf"(?<!\w)(?:‘|&#8216;)(?={SHORTENED}\b(?!’|&#8217;))", re.IGNORECASE)
AND = re.compile(r"(?:‘|&#8216;)(n)(?:’|&#8217;)(?=\s)", re.IGNORECASE)


def apostrophes(text: str) -> str:
    """Correct the apostrophes that typogrify takes for opening quotation marks, in HTML or text."""
    if "‘" not in text and "&#8216;" not in text:
        return text
    text = AFTER_TAG.sub(r"\1’", text)
    return AT_BEGINNING.sub("’", AND.sub(r"’\1’", text))


def prepare(content: Content) -> None:
    """Set `part` (a number or None), `notice`, `caution`, and a title and summary escaped as HTML.

    `heading` is the title with each hyphenated word kept in one line.
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
    # Templates ask for it thirty times a page, and Pelican would compute it anew each time.
    content.override_url = content.url


def first_words(text: str) -> str:
    """Return the text of the first block of some HTML that has words, as a summary.

    Headings and the marks of footnotes do not count. Where there are only pictures, return the
    alternative text of the first.
    """
    blocks = (str(Markup(block).striptags()) for block in BLOCK.split(NOT_SUMMARY.sub("", text)))
    picture = re.search(r'<img[^>]* alt="([^"]*)"', text)
    words = next((block for block in blocks if re.search(r"\w", block)), "")
    return words or (str(Markup(picture[1]).unescape()) if picture else "")


def order(generators: list[Generator]) -> None:
    """Put the ordered parts, the introduction and the conclusion into the context.

    The introduction and the conclusion are hidden pages that only home prints. They are removed
    from the pages to be written, so that their words have one address.
    """
    generators[0].context["SUMMARY_AT_MOST"] = SUMMARY_AT_MOST
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            series = sorted((a for a in generator.articles if a.part), key=lambda a: a.part)
            for before, after in pairwise(series):
                before.next_part, after.previous_part = after, before
            name_places(series, generator.settings["PART_NAMES"])
            generator.context["series"] = series
        elif isinstance(generator, PagesGenerator):
            slugs = {page.slug: page for page in generator.pages}
            generator.context["what_next"] = [slugs[s] for s in generator.settings["WHAT_NEXT"]]
            for page in [p for p in generator.hidden_pages if p.slug in FRAME]:
                generator.context[FRAME[page.slug]] = page
                generator.hidden_pages.remove(page)


def name_places(series: list[Content], names: dict[str, str]) -> None:
    """Set `place`, such as "Benefit 1 of 5", on each part whose category PART_NAMES names."""
    for category, name in names.items():
        parts = [part for part in series if part.category == category]
        for number, part in enumerate(parts, 1):
            part.place = f"{name} {number} of {len(parts)}"


def register() -> None:
    """Connect to Pelican."""
    signals.content_object_init.connect(prepare)
    signals.all_generators_finalized.connect(order)
