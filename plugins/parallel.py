"""Pages are written by every processor. Taking this plugin away changes no byte of the output."""

from typing import Any

from pelican import Pelican, signals
from pelican.generators import PagesGenerator
from pelican.writers import FileOverwriteFailedError, Writer

from tools.processes import parallel_map


class SharedWriter(Writer):
    """Pelican's writer, which gathers the pages and then lets every processor write its share."""

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        """Gather until `write_gathered`."""
        super().__init__(output_path, settings)
        self.gathered: list[tuple[Any, dict[str, Any]]] | None = []

    def write_file(self, *args: Any, **page: Any) -> None:  # noqa: ANN401
        """Write a page, or gather it."""
        if self.gathered is None:
            super().write_file(*args, **page)
        else:
            self.gathered.append((args, page))

    def write_one(self, page: tuple[Any, dict[str, Any]]) -> set[str]:
        """Write a page; return the names of its files."""
        before = set(self._written_files)
        super().write_file(*page[0], **page[1])
        return self._written_files - before

    def write_gathered(self) -> None:
        """Write what was gathered; what comes from now on is written at once."""
        pages, self.gathered = self.gathered or [], None
        written: set[str] = set()
        for names in parallel_map(self.write_one, pages):
            for name in names & written:
                raise FileOverwriteFailedError(f"Two pages want one address: {name}")
            written |= names


def writer(_: Pelican) -> type[Writer]:
    """Write with the writer of this file."""
    return SharedWriter


def finish(_: PagesGenerator, writer: SharedWriter) -> None:
    """Write, when the last of Pelican's pages is gathered."""
    if isinstance(writer, SharedWriter):
        writer.write_gathered()


def register() -> None:
    """Connect to Pelican."""
    signals.get_writer.connect(writer)
    signals.page_writer_finalized.connect(finish)
