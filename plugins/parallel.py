"""Write pages on every processor. The output is the same, byte for byte, without this plugin."""

from typing import Any

from pelican import Pelican, signals
from pelican.generators import PagesGenerator
from pelican.writers import FileOverwriteFailedError, Writer

from tools.processes import parallel_map


class SharedWriter(Writer):
    """Pelican's writer, but it collects the pages first; then every processor writes its share."""

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        """Collect pages until `write_collected` is called."""
        super().__init__(output_path, settings)
        self.collected: list[tuple[Any, dict[str, Any]]] | None = []

    def write_file(self, *args: Any, **page: Any) -> None:  # noqa: ANN401
        """Collect a page, or write it where the others have been written."""
        if self.collected is None:
            super().write_file(*args, **page)
        else:
            self.collected.append((args, page))

    def write_one(self, page: tuple[Any, dict[str, Any]]) -> set[str]:
        """Write a page; return the names of its files."""
        before = set(self._written_files)
        super().write_file(*page[0], **page[1])
        return self._written_files - before

    def write_collected(self) -> None:
        """Write the collected pages; any later page is written at once.

        Raise FileOverwriteFailedError if two pages have one address.
        """
        pages, self.collected = self.collected or [], None
        written: set[str] = set()
        for names in parallel_map(self.write_one, pages):
            for name in names & written:
                raise FileOverwriteFailedError(f"Two pages want one address: {name}")
            written |= names


def writer(_: Pelican) -> type[Writer]:
    """Return the writer that Pelican is to use."""
    return SharedWriter


def finish(_: PagesGenerator, writer: SharedWriter) -> None:
    """Write everything: the generator of pages is Pelican's last to write."""
    if isinstance(writer, SharedWriter):
        writer.write_collected()


def register() -> None:
    """Connect to Pelican."""
    signals.get_writer.connect(writer)
    signals.page_writer_finalized.connect(finish)
