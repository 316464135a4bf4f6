"""What the commands of tasks.py run. Nothing here imports a plugin."""

import os
import sys

# invoke turns this off, and then every command would compile all its libraries again.
sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in os.environ

import tools.cache  # noqa: E402, F401 - it takes the digest of the code before the code is loaded
