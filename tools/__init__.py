"""What the commands of tasks.py run. Nothing here imports a plugin."""

import os
import sys

# invoke stops Python from keeping compiled files: every command would compile every library again.
sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in os.environ

import tools.cache  # noqa: E402, F401 - records the digest of the code before any of it is loaded
