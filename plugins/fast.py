"""A build takes as long as what changed: no text is read twice, and every processor works.

Taking this plugin away changes no byte of the output. What was made of a text or a template is
kept in .cache/fast/, and made again only if something that it was made of is another.
"""

import gc
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, wraps
from importlib.metadata import version
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from pelican import Pelican, generators, signals
from pelican.contents import Content
from pelican.generators import PagesGenerator
from pelican.readers import MarkdownReader, Readers
from pelican.writers import FileOverwriteFailedError, Writer

from plugins import article
from plugins.data import dump, plain
from plugins.examine import Document, Rules
from plugins.kept import Kept

ROOT = Path(__file__).parent.parent

# What the page of a text depends on, besides the text, this project's code and its data.
VERSIONS = ["jinja2", "markdown", "pelican", "smartypants", "typogrify"]
SETTINGS = ["MARKDOWN", "TYPOGRIFY", "TYPOGRIFY_DASHES", "TYPOGRIFY_IGNORE_TAGS",
            "TYPOGRIFY_OMIT_FILTERS"]  # fmt: skip
# What is kept of a text that has no fault.
KEPT = {"entries", "metadata", "html", "ids", "links", "cites", "grade"}
# For fewer pages than this, starting a process takes longer than it saves.
WORTH_A_PROCESS = 40


def spread(work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """Return `work(item)` for each item, in their order, from one process for each processor.

    A share that fails, or has a warning to tell, is done again here, so that it is told as if
    there were one process. PROCESSES in the environment sets their number.
    """
    items = list(items)
    count = int(os.environ.get("PROCESSES", 0)) or len(os.sched_getaffinity(0))
    count = min(count, len(items) // WORTH_A_PROCESS)
    if count < 2:
        return [work(item) for item in items]
    fork = get_context("fork")

    def child(share: list[Any], result: Connection) -> None:
        logging.Logger.callHandlers = leave_to_parent
        result.send([work(item) for item in share])

    gc.freeze()
    running = []
    for start in range(count):
        here, there = fork.Pipe(duplex=False)
        process = fork.Process(target=child, args=(items[start::count], there))
        process.start()
        there.close()
        running.append((process, here))
    found: list[Any] = [None] * len(items)
    for start, (process, here) in enumerate(running):
        try:
            found[start::count] = here.recv()
        except EOFError:
            found[start::count] = [work(item) for item in items[start::count]]
        process.join()
    gc.unfreeze()
    return found


def leave_to_parent(_: logging.Logger, record: logging.LogRecord) -> None:
    """End a process that has a warning to tell."""
    if record.levelno >= logging.WARNING:
        os._exit(1)


class Templates(BytecodeCache):
    """Jinja's compiled templates."""

    def __init__(self, kept: Kept) -> None:
        """Keep them in `kept`."""
        self.kept = kept

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template from what was kept."""
        key = self.kept.key(bucket.key.encode(), bucket.checksum.encode())
        if data := self.kept.read(key):
            bucket.load_bytecode(io.BytesIO(data))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template."""
        key = self.kept.key(bucket.key.encode(), bucket.checksum.encode())
        self.kept.write(key, bucket.bytecode_to_string())


def typographer(settings: dict[str, Any]) -> Callable[[str], str]:
    """Return typogrify as Pelican sets it up, imported where something is to be read."""
    import smartypants
    from typogrify.filters import typogrify

    convert = getattr(smartypants.convert_quotes, "__wrapped__", smartypants.convert_quotes)

    @wraps(convert)
    def only_quotes(text: str) -> str:
        return convert(text) if "'" in text or '"' in text else text

    # Two thirds of typogrify's time go into looking for quotes where there are none.
    smartypants.convert_quotes = only_quotes

    dashes = {"oldschool": smartypants.Attr.set2, "oldschool_inverted": smartypants.Attr.set3}
    smartypants.Attr.default = (
        dashes.get(settings["TYPOGRIFY_DASHES"], smartypants.Attr.set1) | smartypants.Attr.w
    )
    omit = dict.fromkeys(settings["TYPOGRIFY_OMIT_FILTERS"], False)
    return lambda text: typogrify(text, settings["TYPOGRIFY_IGNORE_TAGS"], **omit)


@dataclass
class Texts:
    """The posts and pages, each read once, for the check and for the page."""

    settings: dict[str, Any]
    rules: Rules
    kept: Kept
    curls: bool

    @cached_property
    def curl(self) -> Callable[[str], str]:
        """What TYPOGRIFY makes of some HTML."""
        return typographer(self.settings) if self.curls else str

    def read(self, text: str) -> tuple[str, Document]:
        """Return a text's key, and what the check and the page need of it."""
        path = Path(text)
        key = self.kept.key(path.parent.name.encode(), path.name.encode(), path.read_bytes())
        if data := self.kept.read(key):
            document = self.rules.document(path)
            vars(document).update(json.loads(data))
            document.header = plain(vars(document)["header"])
            return key, document
        document = self.rules.examine(path)
        if not document.faults:
            document.html = self.curl(document.html)
            for name in {"title", "summary"} & document.metadata.keys():
                document.metadata[name] = self.curl(document.metadata[name])
            made = {name: value for name, value in vars(document).items() if name in KEPT}
            made["header"] = vars(document.header)
            self.kept.write(key, json.dumps(made, default=str).encode())
        return key, document


class Reader(MarkdownReader):
    """Pelican's reader, for texts that are read already."""

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Return a text's HTML and its header."""
        document = self.settings["KNOWN"][source_path]
        header = document.metadata.items()
        return document.html, {name: self.process_metadata(name, value) for name, value in header}


def remember_places() -> None:
    """Let a text look up where it lies once, and not for each place that prints its address."""
    find = getattr(
        Content.get_relative_source_path, "__wrapped__", Content.get_relative_source_path
    )
    places: dict[tuple[str, str], str | None] = {}

    @wraps(find)
    def place_of(content: Content, source_path: str | None = None) -> str | None:
        key = content.settings["PATH"], source_path or content.source_path
        if key not in places:
            places[key] = find(content, source_path)
        return places[key]

    Content.get_relative_source_path = place_of


class Posts(list[Any]):
    """A list of posts that finds one without looking at each."""

    def __contains__(self, post: object) -> bool:
        """Say whether the post is here. Pelican asks only when the list is complete."""
        if not hasattr(self, "ids"):
            self.ids = set(map(id, self))
        return id(post) in self.ids


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
        for names in spread(self.write_one, pages):
            for name in names & written:
                raise FileOverwriteFailedError(f"Two pages want one address: {name}")
            written |= names


def begin(pelican: Pelican) -> None:
    """Keep templates, and let the check read texts so that they need not be read again."""
    settings = pelican.settings
    files = [*sorted((ROOT / "plugins").glob("*.py")), article.ARTICLE]
    files.append(Path(settings["PATH"]) / "sources.bib")
    kept = Kept(
        ROOT / ".cache" / "fast",
        sys.version,
        [version(name) for name in VERSIONS],
        [settings[name] for name in SETTINGS],
        [file.read_bytes() for file in files if file.is_file()],
    )

    curls = settings["TYPOGRIFY"]

    def examine(texts: list[str], rules: Rules) -> list[Document]:
        known = settings.setdefault("KNOWN", {})
        new = [text for text in texts if text not in known]
        read = spread(Texts(settings, rules, kept, curls).read, new)
        for text, (key, document) in zip(new, read, strict=True):
            kept.used.add(key)
            known[text] = document
        settings["TYPOGRIFY"] = False
        return [known[text] for text in texts]

    def recall(rules: str, text: str) -> str:
        made = kept.recall(lambda: dump(rules, text).encode(), rules.encode(), text.encode())
        return made.decode()

    settings["EXAMINE"], settings["RECALL"], settings["SPREAD"] = examine, recall, spread
    settings["JINJA_ENVIRONMENT"]["bytecode_cache"] = Templates(kept)
    pelican.kept = kept


def replace_reader(readers: Readers) -> None:
    """Let no text be read twice."""
    if "KNOWN" in readers.settings:
        for suffix in MarkdownReader.file_extensions:
            readers.reader_classes[suffix] = Reader


def writer(_: Pelican) -> type[Writer]:
    """Write with the writer of this file."""
    return SharedWriter


def finish(_: PagesGenerator, writer: SharedWriter) -> None:
    """Write, when the last of Pelican's pages is gathered."""
    if isinstance(writer, SharedWriter):
        writer.write_gathered()


def forget(pelican: Pelican) -> None:
    """Keep only what the next build can use."""
    pelican.kept.forget()


def register() -> None:
    """Connect to Pelican."""
    generators.list = Posts
    remember_places()
    signals.initialized.connect(begin)
    signals.readers_init.connect(replace_reader)
    signals.get_writer.connect(writer)
    signals.page_writer_finalized.connect(finish)
    signals.finalized.connect(forget)
