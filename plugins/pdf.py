"""The whole article, with its notes and sources, is one PDF for paper and for screen readers.

Only publishing makes it, where publishconf.py gives it a name, from theme/templates/book.html.
"""

import html
import os
import re
from contextlib import redirect_stdout
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.packages import install_pango
from tools.typesetting import advances, balance, light_colours

if TYPE_CHECKING:
    from markupsafe import Markup
    from pelican.generators import ArticlesGenerator
    from pelican.writers import Writer

WITHOUT = "or take BOOK_URL out of publishconf.py to publish without it."
# What the book takes of the site's stylesheet: the first tokens, its colours.
TOKENS = re.compile(r"(?<=@layer tokens \{)[^{]*\{[^}]*\}")
LINKED = re.compile(r'href="#([^"]+)"')
ID = re.compile(r' id="([^"]+)"')


class Book:
    """The PDF, made when something first asks for it: home, which tells its size, or `write`."""

    def __init__(self, generator: "ArticlesGenerator") -> None:
        """Take the generator, whose context is complete once all generators have read."""
        self.generator = generator
        self.theme = Path(generator.settings["THEME"])

    def balanced(self, title: str, size: float, width: float) -> "Markup":
        """Return a title in HTML whose lines are even, each an element that does not break.

        `size` of its letters and `width` of its place are in pt.
        """
        from markupsafe import Markup

        lines = balance(html.unescape(title), self.title_letters, width / size)
        return Markup(" ").join(Markup('<span class="line">{}</span>').format(x) for x in lines)

    @cached_property
    def title_letters(self) -> dict[str, float]:
        """The widths of the letters that titles are set in."""
        return advances(self.theme / "print-fonts" / "source-serif-4-600.woff2")

    @cached_property
    def css(self) -> str:
        """The site's stylesheet."""
        return (self.theme / "static/css/main.css").read_text(encoding="utf-8")

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
        page = page.replace("<wbr>", "")  # it would make a link of its own, of no width
        # A link to a page that is a chapter here leads to the chapter.
        chapters = {content.url: content.slug for content in [*context["series"], *pages]}
        chapters[self.generator.settings["HELP_URL"]] = "help"
        for url, slug in chapters.items():
            address = f'href="{self.generator.settings["SITEURL"]}/{url}"'
            page = page.replace(address, f'class="chapter" href="#{slug}"')
        # What stood on pages of their own shares one: a name that nothing leads to may be there
        # twice.
        linked = set(LINKED.findall(page))
        return ID.sub(lambda name: name[0] if name[1] in linked else "", page)

    @cached_property
    def _made(self) -> tuple[bytes, int]:
        """The PDF/UA-1, whose bytes know neither day nor folder, and its number of pages.

        Raise SystemExit with what to install where WeasyPrint or its libraries are missing.
        Whatever WeasyPrint warns of, a slip in theme/book.css for one, ends the build as all
        warnings do.
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
            message = f"The PDF needs Pango: type {install_pango()}, {WITHOUT}"
            raise SystemExit(message) from None
        fonts = FontConfiguration()
        sheets = [
            CSS(string="\n".join(TOKENS.findall(self.css)), font_config=fonts),
            CSS(self.theme / "book.css", font_config=fonts),
        ]
        os.environ["SOURCE_DATE_EPOCH"] = "0"  # or fontTools writes the time into each font it cuts
        document = HTML(string=self.page).render(
            stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1"
        )
        return document.write_pdf(pdf_variant="pdf/ua-1"), len(document.pages)

    @property
    def data(self) -> bytes:
        """The PDF itself."""
        return self._made[0]

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return self._made[1]

    @property
    def kilobytes(self) -> int:
        """Its size in kB, of 1,000 bytes."""
        return round(len(self.data) / 1000)


def offer(generator: "ArticlesGenerator") -> None:
    """Let home tell of the PDF, where there is to be one."""
    generator.context["book"] = Book(generator) if generator.settings["BOOK_URL"] else None


def write(generator: "ArticlesGenerator", writer: "Writer") -> None:
    """Write the PDF into the output."""
    if book := generator.context["book"]:
        (Path(generator.output_path) / generator.settings["BOOK_URL"]).write_bytes(book.data)


def register() -> None:
    """Connect to Pelican."""
    from pelican import signals

    signals.article_generator_init.connect(offer)
    signals.article_writer_finalized.connect(write)
