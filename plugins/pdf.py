"""The whole article, with its notes and sources, is one PDF for paper and for screen readers.

Only publishing makes it, where publishconf.py gives it a name, from theme/templates/book.html.
"""

import os
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from tools.packages import install_pango

if TYPE_CHECKING:
    from pelican.generators import ArticlesGenerator
    from pelican.writers import Writer

WITHOUT = "or take BOOK_URL out of publishconf.py to publish without it."
# What the book takes of the site's stylesheet: the fonts it brings and the first tokens.
SHARED = re.compile(r"@font-face \{[^}]*url\([^}]*\}|(?<=@layer tokens \{)[^{]*\{[^}]*\}")
RANGE = re.compile(r"font-weight: \d+ \d+;")  # the file tells it; WeasyPrint reads no range
LINKED = re.compile(r'href="#([^"]+)"')
ID = re.compile(r' id="([^"]+)"')


def write(generator: "ArticlesGenerator", writer: "Writer") -> None:
    """Write the book into the output as PDF/UA-1, whose bytes know neither day nor folder.

    Raise SystemExit with what to install where WeasyPrint or its libraries are missing. Whatever
    WeasyPrint warns of, a slip in theme/book.css for one, ends the build as all warnings do.
    """
    settings = generator.settings
    if not settings["BOOK_URL"]:
        return
    try:
        with redirect_stdout(None):  # it prints a banner over its OSError
            from weasyprint import CSS, HTML
            from weasyprint.text.fonts import FontConfiguration
    except ImportError:
        said = f"The PDF needs WeasyPrint: write uv run --group publish invoke publish, {WITHOUT}"
        raise SystemExit(said) from None
    except OSError:
        raise SystemExit(f"The PDF needs Pango: type {install_pango()}, {WITHOUT}") from None
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
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # or fontTools writes the time into each font it cuts
    HTML(string=page).write_pdf(
        Path(generator.output_path) / settings["BOOK_URL"],
        stylesheets=sheets,
        font_config=fonts,
        pdf_variant="pdf/ua-1",
    )


def register() -> None:
    """Connect to Pelican."""
    from pelican import signals

    signals.article_writer_finalized.connect(write)
