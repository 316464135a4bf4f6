"""The promises of the site, a file each; pelicanconf.py names those that Pelican loads."""

import os
import sys

# invoke turns this off, and then every command would compile all its libraries again.
sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in os.environ
