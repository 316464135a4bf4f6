"""A page that is shared brings a picture of itself, and a telephone gets an icon to keep.

publishconf.py alone asks for this plugin: drawing takes longer than a build does. The drawings are
templates of the theme, in its own type and colours; resvg makes PNGs of them.
"""

import html
import re
from collections.abc import Sequence
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import resvg_py
from fontTools.ttLib import TTFont
from pelican import signals
from pelican.generators import Generator, PagesGenerator
from pelican.writers import Writer

from tools.cache import Cache

CARD = re.compile(r'<meta property="og:image" content="[^"]*/([^"/]+)">')
TITLE = re.compile(r'<meta property="og:title" content="([^"]*)">')
COLOUR = re.compile(r"--([\w-]+): light-dark\((#\w+), #\w+\)")
# iOS asks for 180; 192 and 512 are what a manifest needs for a site to be installed.
ICONS = (180, 192, 512)
LEADING = 1.16


class NoLetter(Exception):
    """No font of the theme has this letter."""


class Lines(NamedTuple):
    """A text set in lines: the size of its letters, and each line's baseline and runs of a font.

    All in px; a baseline is counted down from the middle of the whole.
    """

    size: float
    lines: list[tuple[float, list[tuple[str, str]]]]


class Press:
    """What every picture of one build is drawn with: templates, colours and type.

    resvg reads no woff2: the fonts lie in the folder unpacked.
    """

    def __init__(self, generator: Generator, folder: Path) -> None:
        static = Path(generator.theme, "static")
        self.fonts = static / "fonts"
        self.folder = folder
        self.cache = Cache(
            Path(generator.settings["CACHE_PATH"], "pictures"),
            resvg_py.__version__,
            [font.read_bytes() for font in sorted(self.fonts.glob("*.woff2"))],
        )
        self.template = generator.env.get_template
        self.advances = cache(self.unpack)
        css = (static / "css/main.css").read_text(encoding="utf-8")
        self.given = {
            "colours": dict(COLOUR.findall(css)),
            "mark": (static / "favicon.svg").read_text(encoding="utf-8"),
            "fit": self.fit,
        }

    def unpack(self, name: str) -> dict[str, float]:
        """Unpack a font of the theme; return each of its characters' width, in em."""
        font = TTFont(self.fonts / f"{name}.woff2", recalcTimestamp=False, recalcBBoxes=False)
        for name_id in (1, 6):  # the family's and the font's: without them resvg passes it over
            font["name"].setName(name, name_id, 3, 1, 0x409)
        font.flavor = None
        font.save(self.folder / f"{name}.ttf")
        em, widths = font["head"].unitsPerEm, font["hmtx"]
        return {chr(code): widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}

    def holder(self, character: str, face: Sequence[str]) -> str:
        """Return the first of a face's fonts that has a character; raise NoLetter if none has."""
        for font in face:
            if character in self.advances(font):
                return font
        raise NoLetter(character)

    def width(self, text: str, face: Sequence[str]) -> float:
        """Return how wide a text is, in em. Kerning is left out: margins have room for it."""
        return sum(self.advances(self.holder(character, face))[character] for character in text)

    def wrap(self, text: str, face: Sequence[str], limit: float) -> list[str]:
        """Break a text at its spaces into lines no wider than the limit, in em; no word breaks."""
        lines: list[str] = []
        for word in text.split(" "):
            if lines and self.width(f"{lines[-1]} {word}", face) <= limit:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines

    def fit(
        self, text: str, face: Sequence[str], size: float, width: float, height: float
    ) -> Lines:
        """Set a text in even lines within a width and a height, whole, in letters of that size.

        Where it does not fit, the letters become smaller until it does: nothing is ever cut.
        """
        lines = self.wrap(text, face, width / size)
        while (
            max(self.width(line, face) for line in lines) * size > width
            or len(lines) * LEADING * size > height
        ):
            size *= 0.96
            lines = self.wrap(text, face, width / size)
        for part in range(49, 0, -1):  # as narrow as this number of lines allows: so they are even
            narrower = self.wrap(text, face, width / size * part / 50)
            if len(narrower) > len(lines):
                break
            lines = narrower
        # Half of the letters' height (0.66 em) puts the block's middle where the eye sees it.
        first = size * (0.33 - LEADING * (len(lines) - 1) / 2)
        runs = [groupby(line, lambda character: self.holder(character, face)) for line in lines]
        return Lines(
            round(size, 2),
            [
                (round(first + n * LEADING * size, 2), [(font, "".join(run)) for font, run in line])
                for n, line in enumerate(runs)
            ],
        )

    def draw(self, name: str, context: dict[str, Any], path: Path, size: int | None = None) -> None:
        """Draw one of the theme's templates into a PNG; with a size, that many px wide.

        What was drawn before, in this type and by this resvg, is not drawn again.
        """
        svg = self.template(name).render(context, **self.given)
        make = partial(
            resvg_py.svg_to_bytes,
            svg_string=svg,
            width=size,
            skip_system_fonts=True,
            font_dirs=[str(self.folder)],
        )
        png = self.cache.recall(make, str(size).encode(), svg.encode())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png)


def draw(generator: PagesGenerator, writer: Writer) -> None:
    """Draw the picture that each page names beside it, and the icons; write their manifest.

    Raise SystemExit, with the page's name, if no font has a letter of its title.
    """
    context, output = generator.context, Path(generator.output_path)
    posts = {post.save_as: post for post in context["articles"]}
    with TemporaryDirectory() as folder:
        press = Press(generator, Path(folder))
        # The pages are read from the output: another process may have written them.
        for path in sorted(output.rglob("*.html")):
            page, name = path.read_text(encoding="utf-8"), path.relative_to(output).as_posix()
            if relative := CARD.search(page):
                title = html.unescape(TITLE.search(page)[1])
                own = {"article": posts[name]} if name in posts else {}
                card = {**context, **own, "output_file": name, "title": title}
                try:
                    press.draw("card.svg", card, path.with_name(relative[1]))
                except NoLetter as letter:
                    raise SystemExit(
                        f"{name}: its picture cannot show “{letter}”, which no "
                        "font of the theme has. Write the title without it, or add it to RANGES in "
                        "theme/fonts.py and run invoke fonts."
                    ) from None
        for size in ICONS:
            press.draw("icon.svg", context, output / f"theme/icon-{size}.png", size)
        manifest = press.template("site.webmanifest").render(context, **press.given)
        (output / "site.webmanifest").write_text(manifest, encoding="utf-8", newline="\n")
        press.cache.forget()


def register() -> None:
    """Connect to Pelican: the pages' generator is the last to write."""
    signals.page_writer_finalized.connect(draw)
