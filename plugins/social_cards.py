"""Draw each page's social card (og:image), and the icon for a telephone's home screen.

Only where SITEURL is set: a card needs a full address, and drawing takes longer than a build. The
drawings are SVG templates in the theme's type and colours; resvg turns them into PNGs.
"""

import html
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import resvg_py
from pelican import signals
from pelican.generators import Generator, PagesGenerator
from pelican.writers import Writer

from tools import typesetting
from tools.cache import Cache
from tools.typesetting import Advances, NoLetter, advances, balance, wrap

CARD = re.compile(r'<meta property="og:image" content="([^"]*)">')
TITLE = re.compile(r'<meta property="og:title" content="([^"]*)">')
ICON = 180  # px: what iOS asks for
LEADING = 1.16  # the distance between two baselines, in letter sizes


class Lines(NamedTuple):
    """A text broken into lines: the size of its letters, and each line's baseline and words.

    Both in px; a baseline is measured downwards from the middle of the text.
    """

    size: float
    lines: list[tuple[float, str]]


class Press:
    """What every picture of one build is drawn with: templates, colours and fonts.

    resvg cannot read woff2, so fonts are unpacked into a folder first.
    """

    def __init__(self, generator: Generator, folder: Path) -> None:
        """Read the theme's templates, colours and fonts; `folder` takes the unpacked fonts."""
        theme = Path(generator.theme)
        fonts = [*theme.glob("print-fonts/*.woff2"), *theme.glob("static/fonts/*-numerals.woff2")]
        self.fonts = {font.stem: font for font in sorted(fonts)}
        self.folder = folder
        self.cache = Cache(
            Path(generator.settings["CACHE_PATH"], "pictures"),
            resvg_py.__version__,
            [font.read_bytes() for font in self.fonts.values()],
        )
        self.template = generator.env.get_template
        self.advances = cache(self.unpack)
        css = (theme / "css/main.css").read_text(encoding="utf-8")
        self.tools = {
            "colours": typesetting.light_colours(css),
            "mark": (theme / "static/favicon.svg").read_text(encoding="utf-8"),
            "fit": self.fit,
        }

    def unpack(self, name: str) -> Advances:
        """Unpack a font of the theme for resvg; return its letters' advance widths, in em."""
        from fontTools.ttLib import TTFont

        with TTFont(self.fonts[name], recalcTimestamp=False, recalcBBoxes=False) as font:
            for name_id in (1, 6):  # family and full name: resvg ignores a font without them
                font["name"].setName(name, name_id, 3, 1, 0x409)
            font.flavor = None
            font.save(self.folder / f"{name}.ttf")
        return advances(self.folder / f"{name}.ttf")

    def fit(self, text: str, font: str, size: float, width: float, height: float) -> Lines:
        """Break a text into even lines that fit into a width and a height; all lengths are in px.

        Where it does not fit at the size asked for, the letters are made smaller until it does: no
        word is ever cut. Raise NoLetter for a letter that the font lacks.
        """
        letters = self.advances(font)
        lines = wrap(text, letters, width / size)
        while (
            max(typesetting.width(line, letters) for line in lines) * size > width
            or len(lines) * LEADING * size > height
        ):
            size *= 0.96
            lines = wrap(text, letters, width / size)
        lines = balance(text, letters, width / size)
        # Centred on the height of the capitals (0.66 em), as the eye does.
        first = size * (0.33 - LEADING * (len(lines) - 1) / 2)
        baselines = (round(first + n * LEADING * size, 2) for n in range(len(lines)))
        return Lines(round(size, 2), list(zip(baselines, lines, strict=True)))

    def draw(self, name: str, context: dict[str, Any], path: Path, size: int | None = None) -> None:
        """Render a template of the theme as a PNG, `size` px wide if a size is named.

        A drawing that an earlier build made with the same fonts and resvg is taken from the cache.
        """
        svg = self.template(name).render(context, **self.tools)
        entry = self.cache.entry(str(path), f"{size} {svg}".encode())
        if not (png := entry.read()):
            png = resvg_py.svg_to_bytes(
                svg_string=svg, width=size, skip_system_fonts=True, font_dirs=[str(self.folder)]
            )
            entry.write(png)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png)


def draw(generator: PagesGenerator, writer: Writer) -> None:
    """Draw the card of each page whose og:image is its own, and the icon.

    Raise SystemExit, with the page's name, if the font lacks a letter of its title.
    """
    context, output = generator.context, Path(generator.output_path)
    home = generator.settings["SITEURL"]
    if not home:
        return
    posts = {post.save_as: post for post in context["articles"]}
    with TemporaryDirectory() as folder:
        press = Press(generator, Path(folder))
        # Read from the output: plugins.parallel may have written the pages in another process.
        for path in sorted(output.rglob("*.html")):
            page, name = path.read_text(encoding="utf-8"), path.relative_to(output).as_posix()
            card = name.removesuffix("index.html") + "card.png"
            if f"{home}/{card}" not in map(html.unescape, CARD.findall(page)):
                continue
            title = html.unescape(TITLE.findall(page)[0])
            article = {"article": posts[name]} if name in posts else {}
            page_context = {**context, **article, "output_file": name, "title": title}
            try:
                press.draw("card.svg", page_context, output / card)
            except NoLetter as letter:
                raise SystemExit(
                    f"{name}: its picture cannot show “{letter}”, which no font of the theme has. "
                    "Write the title without it."
                ) from None
        press.draw("icon.svg", context, output / f"theme/icon-{ICON}.png", ICON)


def register() -> None:
    """Connect to Pelican, whose generator of pages is the last to write."""
    signals.page_writer_finalized.connect(draw)
