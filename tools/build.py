"""Pelican builds the site once, in a process of its own."""

import gc
import os
from multiprocessing import get_context
from pathlib import Path


def pelican(root: Path, settings: str, output: Path) -> int:
    """Build the site with a settings file in a process of its own; return its exit code."""

    def build() -> None:
        os.chdir(root)
        # A build makes many things and leaves nearly none behind: looking for those takes longer.
        gc.set_threshold(100_000, 50, 50)
        from pelican import main

        main(["-s", settings, "-o", str(output), "--fatal", "errors"])

    process = get_context("fork").Process(target=build)
    process.start()
    process.join()
    return process.exitcode
