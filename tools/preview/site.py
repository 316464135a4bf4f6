"""The site after one save, whose pages are written when they are asked for."""

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from pelican import Pelican, signals
from pelican.contents import Content
from pelican.log import console
from pelican.log import init as init_logging
from pelican.settings import read_settings
from pelican.writers import FileOverwriteFailedError, Writer

from tools.content.problem import ProblemHandler, report
from tools.project import ROOT

SETTINGS = ROOT / "pelicanconf.py"
# `invoke serve` alone shows drafts, at addresses of their own.
DRAFTS = {
    f"{kind}_{end}": f"drafts/{{slug}}/{page}"
    for kind in ("DRAFT", "DRAFT_PAGE")
    for end, page in (("URL", ""), ("SAVE_AS", "index.html"))
}


class LazyWriter:
    """Stands in for Pelican's writer, and remembers how to write each page instead."""

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        """Begin without pages."""
        self.output_path, self.settings = output_path, settings
        self.pages: dict[str, Callable[[], object]] = {}

    def write_file(self, name: str, *args: Any, **page: Any) -> None:  # noqa: ANN401
        """Remember how to write a page, or a list with all its further pages."""
        if name:
            self.remember(name, lambda: self.writer().write_file(name, *args, **page))

    def write_feed(self, posts: Any, context: Any, path: str, *args: Any, **feed: Any) -> None:  # noqa: ANN401
        """Remember how to write a feed."""
        self.remember(path, lambda: self.writer().write_feed(posts, context, path, *args, **feed))

    def writer(self) -> Writer:
        """Return a new writer of Pelican's: one writer refuses to write a page twice."""
        return Writer(self.output_path, self.settings)

    def remember(self, name: str, write: Callable[[], object]) -> None:
        """Remember a page; raise FileOverwriteFailedError for a second one of that name."""
        if name in self.pages:
            raise FileOverwriteFailedError(f"Two pages want one address: {name}")
        self.pages[name] = write


class Site(Pelican):
    """The site after one save. tests/test_libraries.py lists what this leans on; two need a reason.

    - `Pelican._get_writer`: the signal `get_writer` is answered by plugins.parallel already.
    - `Content.get_content` and `get_summary` cache the text of every site that was ever made.
    """

    def __init__(self) -> None:
        """Read all content. Raise SystemExit for problems, or whatever error Pelican raises."""
        self.folder = TemporaryDirectory()
        self.lazy: dict[str, Callable[[], object]] = {}
        override = {**DRAFTS, "OUTPUT_PATH": str(Path(self.folder.name, "output"))}
        Content.get_content.cache.clear()
        Content.get_summary.cache.clear()
        console.quiet = True
        # Otherwise Pelican would log each warning only once in the life of the process.
        init_logging(logs_dedup_min_level=logging.INFO)
        super().__init__(read_settings(str(SETTINGS), override=override))
        # The end of a build deals with the pages that it wrote, and none is written yet.
        with signals.finalized.muted():
            self.strictly(self.run)

    def _get_writer(self) -> LazyWriter:
        writer = LazyWriter(self.output_path, self.settings)
        self.lazy = writer.pages
        return writer

    def strictly(self, work: Callable[[], object]) -> None:
        """Call `work`; raise SystemExit if it logs a warning, as a build does."""
        logging.getLogger().addHandler(warnings := ProblemHandler(__name__))
        try:
            work()
        finally:
            logging.getLogger().removeHandler(warnings)
        if warnings.problems:
            raise SystemExit(report(warnings.problems))

    def file(self, address: str) -> Path | None:
        """Return the file at an address, writing it first if need be, or None if there is none."""
        output = Path(self.output_path).resolve()
        for page in (PurePosixPath(address), PurePosixPath(address, "index.html")):
            # A list is written with its further pages, page-2/ and so on, which lie below it.
            for each in (page, *(folder / "index.html" for folder in list(page.parents)[:-1])):
                if write := self.lazy.get(str(each)):
                    self.strictly(write)
                    del self.lazy[str(each)]
            with suppress(OSError, ValueError):  # a name that no file can have
                file = (output / page).resolve()
                if file.is_file() and file.is_relative_to(output):
                    return file
        return None
