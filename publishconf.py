"""What publishing changes: the address, by which pages can be shared, and the PDF."""

import os

from pelicanconf import *  # noqa: F403
from tools.content.slug import slugify

SITEURL = FEED_DOMAIN = os.environ.get("SITEURL", "").rstrip("/")
BOOK_URL = f"{slugify(SITENAME)}.pdf"  # noqa: F405
