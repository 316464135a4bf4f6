"""What publishing changes: the address, pictures for those who share a page, and the PDF."""

import os

from pelicanconf import *  # noqa: F403

PLUGINS = [*PLUGINS, "plugins.social_cards"]  # noqa: F405
SITEURL = FEED_DOMAIN = os.environ.get("SITEURL", "").rstrip("/")
BOOK_URL = "the-intrinsic-benefits-of-ketamine.pdf"
