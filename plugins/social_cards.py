"""A page that is shared brings a picture of itself, and a telephone gets an icon to keep.

Only where SITEURL is set, since a picture needs an address: drawing takes longer than a build does.
The drawings are templates of the theme, in its own type and colours; resvg makes PNGs of them.
"""

import html
import re
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from tools import typesetting
from tools.cache import Cache
from tools.typesetting import Advances, NoLetter, advances, balance, wrap

if TYPE_CHECKING:
    from pelican.generators import Generator, PagesGenerator
    from pelican.writers import Writer

CARD = re.compile(r'<meta property="og:image" content="([^"]*)">')
TITLE = re.compile(r'<meta property="og:title" content="([^"]*)">')
ICON = 180  # px: what iOS asks for
LEADING = 1.16


class Lines(NamedTuple):
    """A text set in lines: the size of its letters, and each line's baseline and words.

    All in px; a baseline is counted down from the middle of the whole.
    """

    size: float
    lines: list[tuple[float, str]]


class Press:
    """What every picture of one build is drawn with: templates, colours and type.

    resvg reads no woff2: the fonts lie in the folder unpacked.
    """

    def __init__(self, generator: "Generator", folder: Path) -> None:
        """Read the fonts of the generator's theme; write what resvg needs into `folder`."""
        import resvg_py

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
        css = (theme / "static/css/main.css").read_text(encoding="utf-8")
        self.tools = {
            "colours": typesetting.light_colours(css),
            "mark": (theme / "static/favicon.svg").read_text(encoding="utf-8"),
            "fit": self.fit,
        }

    def unpack(self, name: str) -> Advances:
        """Unpack a font of the theme; return the widths of its letters."""
        from fontTools.ttLib import TTFont

        with TTFont(self.fonts[name], recalcTimestamp=False, recalcBBoxes=False) as font:
            for name_id in (1, 6):  # the family's and the font's: without them resvg passes it over
                font["name"].setName(name, name_id, 3, 1, 0x409)
            font.flavor = None
            font.save(self.folder / f"{name}.ttf")
        return advances(self.folder / f"{name}.ttf")

    def fit(self, text: str, font: str, size: float, width: float, height: float) -> Lines:
        """Set a text in even lines within a width and a height, whole, in letters of that size.

        Where it does not fit, the letters become smaller until it does: nothing is ever cut. Raise
        NoLetter for a letter that the font lacks.
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
        # Half of the letters' height (0.66 em) puts the block's middle where the eye sees it.
        first = size * (0.33 - LEADING * (len(lines) - 1) / 2)
        baselines = (round(first + n * LEADING * size, 2) for n in range(len(lines)))
        return Lines(round(size, 2), list(zip(baselines, lines, strict=True)))

    def draw(self, name: str, context: dict[str, Any], path: Path, size: int | None = None) -> None:
        """Draw one of the theme's templates into a PNG; with a size, that many px wide.

        What was drawn before, in this type and by this resvg, is not drawn again.
        """
        import resvg_py

        svg = self.template(name).render(context, **self.tools)
        make = partial(
            resvg_py.svg_to_bytes,
            svg_string=svg,
            width=size,
            skip_system_fonts=True,
            font_dirs=[str(self.folder)],
        )
        png = self.cache.get_or_compute(make, str(size).encode(), svg.encode())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png)


def draw(generator: "PagesGenerator", writer: "Writer") -> None:
    """Draw the picture of each page that names one of its own, and the icon.

    Raise SystemExit, with the page's name, if the font lacks a letter of its title.
    """
    context, output = generator.context, Path(generator.output_path)
    home = generator.settings["SITEURL"]
    if not home:
        return
    posts = {post.save_as: post for post in context["articles"]}
    with TemporaryDirectory() as folder:
        press = Press(generator, Path(folder))
        # The pages are read from the output: another process may have written them.
        for path in sorted(output.rglob("*.html")):
            page, name = path.read_text(encoding="utf-8"), path.relative_to(output).as_posix()
            picture, card = CARD.search(page), name.removesuffix("index.html") + "card.png"
            if not picture or html.unescape(picture[1]) != f"{home}/{card}":
                continue
            title = html.unescape(TITLE.search(page)[1])
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
        press.cache.prune()


def register() -> None:
    """Connect to Pelican: the pages' generator is the last to write."""
    from pelican import signals

    signals.page_writer_finalized.connect(draw)
