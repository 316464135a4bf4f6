"""A page that is shared brings a picture of itself, and a telephone gets an icon to keep.

publishconf.py alone asks for this plugin: drawing takes longer than the rest of a build. The
drawings are the theme's templates, in the theme's own type and colours; resvg makes PNGs of them.
"""

import html
import re
from collections.abc import Sequence
from functools import cache
from itertools import groupby, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from fontTools.ttLib import TTFont
from pelican import signals
from pelican.generators import ArticlesGenerator
from pelican.writers import Writer
from resvg_py import svg_to_bytes

CARD = re.compile(r'<meta property="og:image" content="[^"]*/([^"/]+)">')
TITLE = re.compile(r'<meta property="og:title" content="([^"]*)">')
COLOUR = re.compile(r"--([\w-]+): light-dark\((#\w+), #\w+\)")
# iOS asks for 180; 192 and 512 are what a manifest needs for a site to be installed.
ICONS = (180, 192, 512)
LEADING = 1.16


class Lines(NamedTuple):
    """A text set in lines: the size of its letters, and each line's baseline and runs of a font.

    All in px; a baseline is counted down from the middle of the whole.
    """

    size: float
    lines: list[tuple[float, list[tuple[str, str]]]]


class Press:
    """What every picture of one build is drawn with: templates, colours and type."""

    def __init__(self, generator: ArticlesGenerator) -> None:
        static = Path(generator.theme, "static")
        self.fonts = static / "fonts"
        # resvg reads no woff2: the fonts lie here unpacked, as long as the build lasts.
        self.folder = TemporaryDirectory()
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
        font = TTFont(self.fonts / f"{name}.woff2", recalcTimestamp=False)
        for name_id in (1, 6):  # the family's and the font's: without them resvg passes it over
            font["name"].setName(name, name_id, 3, 1, 0x409)
        font.flavor = None
        font.save(Path(self.folder.name, f"{name}.ttf"))
        em, widths = font["head"].unitsPerEm, font["hmtx"]
        return {chr(code): widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}

    def holder(self, character: str, face: Sequence[str]) -> str:
        """Return the first of a face's fonts that has a character; raise SystemExit if none has."""
        for font in face:
            if character in self.advances(font):
                return font
        raise SystemExit(
            f"The picture of a page cannot show “{character}”: no font of the theme has it. Write "
            "the title without it, or add it to RANGES in theme/fonts.py and run invoke fonts."
        )

    def width(self, text: str, face: Sequence[str]) -> float:
        """Return how wide a text is at most, in em. Kerning, left out here, makes it narrower."""
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
        narrower = (self.wrap(text, face, width / size * (1 - step / 50)) for step in range(50))
        *_, lines = takewhile(lambda wrapped: len(wrapped) == len(lines), narrower)
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
        """Draw one of the theme's templates into a PNG; with a size, that many px wide."""
        svg = self.template(name).render(context, **self.given)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            svg_to_bytes(
                svg_string=svg, width=size, skip_system_fonts=True, font_dirs=[self.folder.name]
            )
        )


def prepare(generator: ArticlesGenerator) -> None:
    """Keep the press where every page's context has it."""
    generator.context["press"] = Press(generator)


def draw_card(path: str, context: dict[str, Any]) -> None:
    """Draw the picture that a page names beside it."""
    page = Path(path).read_text(encoding="utf-8")
    if named := CARD.search(page):
        title = html.unescape(TITLE.search(page)[1])
        card = {**context, "title": title}
        context["press"].draw("card.svg", card, Path(path).with_name(named[1]))


def draw_icons(generator: ArticlesGenerator, writer: Writer) -> None:
    """Draw the icons, and write the manifest that names them."""
    press, output = generator.context["press"], Path(generator.output_path)
    for size in ICONS:
        press.draw("icon.svg", generator.context, output / f"theme/icon-{size}.png", size)
    manifest = press.template("site.webmanifest").render(generator.context, **press.given)
    (output / "site.webmanifest").write_text(manifest, encoding="utf-8")


def register() -> None:
    """Connect to Pelican."""
    signals.article_generator_init.connect(prepare)
    signals.content_written.connect(draw_card)
    signals.article_writer_finalized.connect(draw_icons)
