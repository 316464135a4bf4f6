"""What publishing changes: the address, by which pages can be shared, and the PDF."""

import os

from pelicanconf import *  # noqa: F403

SITEURL = FEED_DOMAIN = os.environ.get("SITEURL", "").rstrip("/")
BOOK_URL = "the-intrinsic-benefits-of-ketamine.pdf"
