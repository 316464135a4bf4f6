"""The settings that differ in publishing: the site's address, and the name of the PDF."""

import os

from pelicanconf import *  # noqa: F403
from tools.content.slug import slugify

SITEURL = FEED_DOMAIN = os.environ.get("SITEURL", "").rstrip("/")
BOOK_URL = f"{slugify(SITENAME)}.pdf"  # noqa: F405
