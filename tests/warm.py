"""Runs commands, each in a process of its own, that need not load the libraries first."""

import os
import runpy
import subprocess
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path

TESTS = Path(__file__).parent
# A server loads these once and forks for each command; plugins/ is loaded from the copy at hand.
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(
    ["brotli", "invoke", "markdown.extensions.footnotes", "markdown.extensions.meta",
     "markdown.extensions.sane_lists", "markdown.extensions.tables", "markdown.extensions.toc",
     "pelican", "pybtex.database.input.bibtex", "pybtex.markup",
     "tomllib", "typogrify.filters", "unidecode"]
)  # fmt: skip


def run(folder: Path, command: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `python -m` a command in a folder; after two minutes it is killed."""
    with tempfile.TemporaryDirectory() as outputs:
        out, err = Path(outputs, "out"), Path(outputs, "err")
        process = FORKS.Process(target=become, args=(folder, command, env, out, err))
        process.start()
        process.join(120)
        process.kill()
        process.join()
        return subprocess.CompletedProcess(
            command, process.exitcode, out.read_text(), err.read_text()
        )


def other_folders(paths: list[str]) -> list[str]:
    """Return the paths without this project's own, from which a copy would load the wrong code."""
    return [p for p in paths if Path(p) != TESTS.parent and not Path(p).is_relative_to(TESTS)]


def become(folder: Path, command: list[str], env: dict[str, str], *outputs: Path) -> None:
    """Make of this process what `python -m` would have made of a new one."""
    for number, path in enumerate(outputs, 1):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.path = [str(folder), *other_folders(sys.path)]
    sys.argv = command
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
