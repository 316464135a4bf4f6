"""What publishing changes: the site's address, and the PDF that it makes beside the pages."""

import os

from pelicanconf import *  # noqa: F403

SITEURL = FEED_DOMAIN = os.environ.get("SITEURL", "").rstrip("/")
BOOK_URL = "the-intrinsic-benefits-of-ketamine.pdf"
