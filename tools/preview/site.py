"""The site of one moment, whose pages are written when they are asked for."""

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
    """What Pelican's generators take for its writer: it writes a page when that is asked for."""

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        """Begin without a page."""
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
        """Return a writer of Pelican's: a new one, since it refuses to write a page twice."""
        return Writer(self.output_path, self.settings)

    def remember(self, name: str, write: Callable[[], object]) -> None:
        """Remember a page; two of one name are an error, as in a build."""
        if name in self.pages:
            raise FileOverwriteFailedError(f"Two pages want one address: {name}")
        self.pages[name] = write


class Site(Pelican):
    """The site of one moment; everything that is private to Pelican 4.12 is touched in here.

    - `Pelican._get_writer`: the signal `get_writer` is answered by plugins.parallel already.
    - `Content.get_content` and `get_summary` remember every text of every site there was.
    """

    def __init__(self) -> None:
        """Make the site. Raise SystemExit for problems, or any other error."""
        self.folder = TemporaryDirectory()
        self.lazy: dict[str, Callable[[], object]] = {}
        override = {**DRAFTS, "OUTPUT_PATH": str(Path(self.folder.name, "output"))}
        Content.get_content.cache.clear()
        Content.get_summary.cache.clear()
        console.quiet = True
        # Or Pelican passes each warning on once, and not again when a save brings it back.
        init_logging(logs_dedup_min_level=logging.INFO)
        super().__init__(read_settings(str(SETTINGS), override=override))
        # What a build does at its end, it does to the pages that it wrote.
        with signals.finalized.muted():
            self.strictly(self.run)

    def _get_writer(self) -> LazyWriter:
        writer = LazyWriter(self.output_path, self.settings)
        self.lazy = writer.pages
        return writer

    def strictly(self, work: Callable[[], object]) -> None:
        """Do something; raise SystemExit for a warning, as a build does."""
        logging.getLogger().addHandler(warnings := ProblemHandler(__name__))
        try:
            work()
        finally:
            logging.getLogger().removeHandler(warnings)
        if warnings.problems:
            raise SystemExit(report(warnings.problems))

    def file(self, address: str) -> Path | None:
        """Return the file at an address, written by now, or None. Raise what a build raises."""
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
