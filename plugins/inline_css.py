"""A first visit waits for nothing but the page: the stylesheet is in it.

theme/static/css/main.css stays the one place of every rule; its comments and lines stay there.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pelican import Pelican, signals

PAPER = re.compile(r"--paper: light-dark\((#\w+), (#\w+)\)")
SPACE = re.compile(r"(?:/\*.*?\*/|\s)+", re.DOTALL)


def put_in_reach(pelican: Pelican) -> None:
    """Give every template the stylesheet on one line, its fonts' addresses led from the root.

    They name no host: a copy of the site at another one, under the same path, has its fonts too.
    Beside it the colour of the paper by scheme, for the browser's own frame.
    """
    css = Path(pelican.theme, "static/css/main.css").read_text(encoding="utf-8")
    light, dark = PAPER.search(css).groups()
    pelican.settings["THEME_COLORS"] = {"light": light, "dark": dark}
    fonts = f"{urlsplit(pelican.settings['SITEURL']).path}/{pelican.settings['THEME_STATIC_DIR']}/"
    pelican.settings["STYLESHEET"] = SPACE.sub(" ", css).strip().replace("../fonts/", fonts)


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(put_in_reach)
