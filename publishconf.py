"""What publishing changes: the site's address, and the pictures for those who share it."""

import os

from pelicanconf import *  # noqa: F403

PLUGINS = [*PLUGINS, "plugins.pictures"]  # noqa: F405
SITEURL = FEED_DOMAIN = os.environ.get("SITEURL", "").rstrip("/")
