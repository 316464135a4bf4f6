"""Make one tagged PDF of the whole article, its notes and its sources.

Its HTML is theme/templates/book.html. Only publishing makes it: pelicanconf.py has no BOOK_URL.
"""

import html
import os
import re
from contextlib import redirect_stdout
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pelican import signals
from pelican.generators import ArticlesGenerator
from pelican.writers import Writer

from tools.packages import pango_command
from tools.typesetting import advances, balance, light_colours

WITHOUT = "or take BOOK_URL out of publishconf.py to publish without it."
# What the PDF takes from the site's stylesheet: the colours, which are the first block of tokens.
TOKENS = re.compile(r"(?<=@layer tokens \{)[^{]*\{[^}]*\}")
LINKED = re.compile(r'href="#([^"]+)"')
ID = re.compile(r' id="([^"]+)"')


class Book:
    """The PDF. It is made on first use: by home, which prints its size, or by `write`."""

    def __init__(self, generator: ArticlesGenerator) -> None:
        """Hold the generator, whose context is complete once all generators have read."""
        self.generator = generator
        self.theme = Path(generator.settings["THEME"])

    def balanced(self, title: str, size: float, width: float) -> Markup:
        """Return a title as HTML, broken into even lines, each in an element that does not wrap.

        `size` is that of its letters and `width` that of the line, both in pt.
        """
        lines = balance(html.unescape(title), self.title_letters, width / size)
        return Markup(" ").join(Markup('<span class="line">{}</span>').format(x) for x in lines)

    @cached_property
    def title_letters(self) -> dict[str, float]:
        """The advance width of each letter of the titles' font, in em."""
        return advances(self.theme / "print-fonts" / "source-serif-4-600.woff2")

    @cached_property
    def css(self) -> str:
        """The site's stylesheet."""
        return (self.theme / "css/main.css").read_text(encoding="utf-8")

    @cached_property
    def page(self) -> str:
        """The book as HTML."""
        context: dict[str, Any] = self.generator.context
        pages = [p for p in context["what_next"] if p.url != self.generator.settings["HELP_URL"]]
        cited = {key for content in [*context["series"], *pages] for key in content.citations}
        page = self.generator.get_template("book").render(
            context,
            pages=pages,
            sources=[s for s in context["bibliography"].values() if s.key in cited],
            balanced=self.balanced,
            colours=light_colours(self.css),
        )
        page = page.replace("<wbr>", "")  # WeasyPrint would split a link at it, in two links
        # A link to a page that is a chapter of the PDF leads to the chapter.
        chapters = {content.url: content.slug for content in [*context["series"], *pages]}
        chapters[self.generator.settings["HELP_URL"]] = "help"
        for url, slug in chapters.items():
            address = f'href="{self.generator.settings["SITEURL"]}/{url}"'
            page = page.replace(address, f'class="chapter" href="#{slug}"')
        # Several pages are one document now, where an id may occur twice: drop those that nothing
        # links to.
        linked = set(LINKED.findall(page))
        return ID.sub(lambda match: match[0] if match[1] in linked else "", page)

    @cached_property
    def _rendered(self) -> tuple[bytes, int]:
        """The PDF/UA-1, with the same bytes on any day and in any folder, and its page count.

        Raise SystemExit with what to install if WeasyPrint or its libraries are missing. A warning
        of WeasyPrint's, such as of a slip in theme/css/book.css, ends the build as all warnings do.
        """
        try:
            with redirect_stdout(None):  # it prints a banner over its OSError
                from weasyprint import CSS, HTML
                from weasyprint.text.fonts import FontConfiguration
        except ImportError:
            message = (
                f"The PDF needs WeasyPrint: write uv run --group publish invoke publish, {WITHOUT}"
            )
            raise SystemExit(message) from None
        except OSError:
            message = f"The PDF needs Pango: type {pango_command()}, {WITHOUT}"
            raise SystemExit(message) from None
        fonts = FontConfiguration()
        sheets = [
            CSS(string="\n".join(TOKENS.findall(self.css)), font_config=fonts),
            CSS(self.theme / "css/book.css", font_config=fonts),
        ]
        os.environ["SOURCE_DATE_EPOCH"] = "0"  # or fontTools writes the time into each font
        document = HTML(string=self.page).render(
            stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1"
        )
        return document.write_pdf(pdf_variant="pdf/ua-1"), len(document.pages)

    @property
    def data(self) -> bytes:
        """The PDF itself."""
        return self._rendered[0]

    @property
    def pages(self) -> int:
        """Its number of pages."""
        return self._rendered[1]

    @property
    def kilobytes(self) -> int:
        """Its size in kB (1,000 bytes)."""
        return round(len(self.data) / 1000)


def share(generator: ArticlesGenerator) -> None:
    """Make the PDF available in every template, as `book`; None where none is wanted."""
    generator.context["book"] = Book(generator) if generator.settings["BOOK_URL"] else None


def write(generator: ArticlesGenerator, writer: Writer) -> None:
    """Write the PDF into the output."""
    if book := generator.context["book"]:
        (Path(generator.output_path) / generator.settings["BOOK_URL"]).write_bytes(book.data)


def register() -> None:
    """Connect to Pelican."""
    signals.article_generator_init.connect(share)
    signals.article_writer_finalized.connect(write)
