"""The whole article, with its notes and sources, is one PDF for paper and for screen readers."""

import re
from pathlib import Path

from pelican import signals
from pelican.generators import ArticlesGenerator
from pelican.writers import Writer

# What the book takes of the site's stylesheet: the fonts it brings and the first tokens.
SHARED = re.compile(r"@font-face \{[^}]*url\([^}]*\}|(?<=@layer tokens \{)[^{]*\{[^}]*\}")
RANGE = re.compile(r"font-weight: \d+ \d+;")  # the file tells it; WeasyPrint reads no range
LINKED = re.compile(r'href="#([^"]+)"')
ID = re.compile(r' id="([^"]+)"')


def write(generator: ArticlesGenerator, writer: Writer) -> None:
    """Print theme/templates/book.html as PDF/UA-1, whose bytes know neither day nor folder."""
    settings = generator.settings
    if not settings["BOOK_URL"]:
        return
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    theme, fonts = Path(settings["THEME"]), FontConfiguration()
    main = theme / "static/css/main.css"
    shared = RANGE.sub("", "\n".join(SHARED.findall(main.read_text(encoding="utf-8"))))
    sheets = [
        CSS(string=shared, base_url=str(main), font_config=fonts),
        CSS(theme / "book.css", font_config=fonts),
    ]
    page = generator.get_template("book").render(generator.context)
    # What stood on pages of their own shares one: a name that nothing leads to may be there twice.
    linked = set(LINKED.findall(page))
    page = ID.sub(lambda found: found[0] if found[1] in linked else "", page)
    HTML(string=page).write_pdf(
        Path(generator.output_path) / settings["BOOK_URL"],
        stylesheets=sheets,
        font_config=fonts,
        pdf_variant="pdf/ua-1",
    )


def register() -> None:
    """Connect to Pelican."""
    signals.article_writer_finalized.connect(write)
