"""Put the stylesheet into each page, so that a first visit waits for nothing else.

Comments and line breaks are left out; theme/static/css/main.css is the source to edit.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pelican import Pelican, signals

PAPER = re.compile(r"--paper: light-dark\((#\w+), (#\w+)\)")
SPACE = re.compile(r"(?:/\*.*?\*/|\s)+", re.DOTALL)


def share(pelican: Pelican) -> None:
    """Make the stylesheet available in every template, as STYLESHEET, with root-relative fonts.

    An address without a host also works in a copy of the site at another host, under the same path.
    THEME_COLORS holds the colour of the paper by colour scheme, for the browser's own frame.
    """
    css = Path(pelican.theme, "static/css/main.css").read_text(encoding="utf-8")
    (light, dark), *_ = PAPER.findall(css)
    pelican.settings["THEME_COLORS"] = {"light": light, "dark": dark}
    fonts = f"{urlsplit(pelican.settings['SITEURL']).path}/{pelican.settings['THEME_STATIC_DIR']}/"
    pelican.settings["STYLESHEET"] = SPACE.sub(" ", css).strip().replace("../fonts/", fonts)


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(share)
