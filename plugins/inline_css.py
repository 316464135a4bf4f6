"""Put the stylesheets into each page, so that a first visit waits for nothing else.

Comments and line breaks are left out; theme/css/main.css is the source to edit. `invoke fonts`
writes theme/css/fonts.css.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pelican import Pelican, signals

PAPER = re.compile(r"--paper: light-dark\((#\w+), (#\w+)\)")
SPACE = re.compile(r"(?:/\*.*?\*/|\s)+", re.DOTALL)


def share(pelican: Pelican) -> None:
    """Put both into STYLESHEET for every template, with the fonts' published addresses.

    The addresses name no host: a copy of the site at another one, under the same path, has its
    fonts too.
    THEME_COLORS holds the colour of the paper by colour scheme, for the browser's own frame.
    """
    folder = Path(pelican.theme, "css")
    css = "".join((folder / name).read_text(encoding="utf-8") for name in ("fonts.css", "main.css"))
    (light, dark), *_ = PAPER.findall(css)
    pelican.settings["THEME_COLORS"] = {"light": light, "dark": dark}
    fonts = f"{urlsplit(pelican.settings['SITEURL']).path}/{pelican.settings['THEME_STATIC_DIR']}/"
    pelican.settings["STYLESHEET"] = SPACE.sub(" ", css).strip().replace("../static/fonts/", fonts)


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(share)
