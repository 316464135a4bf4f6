"""Reuse what the last build made of every text and template that has not changed since.

The output is the same, byte for byte, without this plugin. strict calls `read` and `use`.
"""

import pickle
import sys
from functools import partial
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from typing import Any, ClassVar

import smartypants
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from pelican import Pelican, signals
from pelican.readers import BaseReader, MarkdownReader
from pelican.utils import SafeDatetime
from typogrify.filters import typogrify

from tools.cache import LOADED, Cache, source_digest
from tools.check.document import Rules
from tools.content.document import Document
from tools.content.problem import relative
from tools.processes import parallel_map

# The digest of the loaded code. If a file was edited while the code was being loaded, nobody can
# tell which version is running: a random token then keeps this process's entries to itself.
CODE = LOADED if source_digest() == LOADED else token_hex()
LIBRARIES = ("jinja2", "markdown", "pelican", "smartypants", "typogrify")
VERSIONS = [sys.version, *map(version, LIBRARIES)]
# The settings that `apply_typography` reads. `Rules` holds those that the check reads.
SETTINGS = ["TYPOGRIFY", "TYPOGRIFY_DASHES", "TYPOGRIFY_IGNORE_TAGS", "TYPOGRIFY_OMIT_FILTERS"]


def read(texts: list[str], rules: Rules, settings: dict[str, Any]) -> list[Document]:
    """Return posts and pages as `rules.examine` does, with typographic quotes and dashes.

    Documents without problems are taken from the cache and stored in it. While a data file is
    broken, some rules cannot be applied, and nothing is stored.
    """
    # `pelican --autoreload` calls this again with the settings as `use` left them.
    typography = {name: settings[name] for name in SETTINGS}
    typography["TYPOGRIFY"] = settings["TYPOGRIFY"] is not False
    cache = None
    if rules.complete:
        cache = Cache(
            Path(settings["CACHE_PATH"], "documents"),
            VERSIONS,
            CODE,
            typography,
            rules.settings,
            rules.passages,
            rules.bibliography,
            sorted(rules.numbers),
        )
    return parallel_map(partial(read_one, rules=rules, typography=typography, cache=cache), texts)


def read_one(text: str, rules: Rules, typography: dict[str, Any], cache: Cache | None) -> Document:
    """Return a post or page, from the cache if it is there."""
    path = Path(text)
    source = path.read_bytes()  # once: the bytes that are judged are those that seal the entry
    entry = cache.entry(relative(path, rules.root), source) if cache else None
    if entry and (pickled := entry.read()):
        document: Document = pickle.loads(pickled)
        document.path = path
        return document
    document = rules.examine(path, source)
    if not document.problems:
        if typography["TYPOGRIFY"]:
            document.html = apply_typography(document.html, typography)
            for name in {"title", "summary"} & document.metadata.keys():
                document.metadata[name] = apply_typography(document.metadata[name], typography)
        if entry:
            entry.write(pickle.dumps(document))
    return document


def apply_typography(html: str, typography: dict[str, Any]) -> str:
    """Apply typogrify to HTML, set up as by `Readers.read_file`.

    Pelican 4.12 does this in the middle of that method, where its result cannot be cached.
    """
    attr = smartypants.Attr
    dashes = {"oldschool": attr.set2, "oldschool_inverted": attr.set3}
    attr.default = dashes.get(typography["TYPOGRIFY_DASHES"], attr.set1) | attr.w
    omitted = dict.fromkeys(typography["TYPOGRIFY_OMIT_FILTERS"], False)
    return typogrify(html, typography["TYPOGRIFY_IGNORE_TAGS"], **omitted)


def skip_unquoted(text: str) -> str:
    """Convert quotes where there are any: smartypants 2.0 takes long to find that there are none.

    That was a seventh of a build without a cache.
    """
    return convert_quotes(text) if "'" in text or '"' in text else text


convert_quotes = smartypants.convert_quotes
smartypants.convert_quotes = skip_unquoted


class DocumentReader(BaseReader):
    """The reader through which Pelican gets posts and pages that have been read already."""

    file_extensions: ClassVar[list[str]] = []  # or Pelican would register this class by itself

    def __init__(self, documents: dict[str, Document], settings: dict[str, Any]) -> None:
        """Hold the documents, by path."""
        super().__init__(settings)
        self.documents = documents

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Return a document's HTML and its header, as Pelican's readers do."""
        document = self.documents.pop(source_path)
        words, document.html = document.html, ""  # Pelican holds them now, and asks once
        return words, {
            name: self.process_metadata(name, value) for name, value in document.metadata.items()
        }

    def process_metadata(self, name: str, value: str) -> Any:  # noqa: ANN401
        """Return a value of the header as Pelican has it.

        Dates are in one form, which dateutil takes longer to read than all else that is left.
        """
        if name in ("date", "modified"):
            return SafeDatetime.fromisoformat(value)
        return super().process_metadata(name, value)


def use(documents: list[Document], settings: dict[str, Any]) -> None:
    """Make Pelican take posts and pages from these documents, and skip its own TYPOGRIFY."""
    reader = partial(DocumentReader, {str(document.path): document for document in documents})
    readers = dict.fromkeys(MarkdownReader.file_extensions, reader)
    settings["READERS"] = {**settings["READERS"], **readers}
    settings["TYPOGRIFY"] = settings["TYPOGRIFY"] and None


class TemplateCache(BytecodeCache):
    """Jinja's compiled templates. Jinja's FileSystemBytecodeCache would load a damaged file."""

    def __init__(self, cache: Cache) -> None:
        """Hold the cache."""
        self.cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a compiled template, if the cache has it."""
        if data := self.cache.entry(bucket.key, bucket.checksum.encode()).read():
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a compiled template."""
        entry = self.cache.entry(bucket.key, bucket.checksum.encode())
        entry.write(bucket.bytecode_to_string())


def keep_templates(pelican: Pelican) -> None:
    """Make Jinja compile a template again only if it, its settings or Jinja have changed."""
    settings = pelican.settings
    options = [settings[name] for name in ("JINJA_ENVIRONMENT", "JINJA_FILTERS")]
    cache = Cache(Path(settings["CACHE_PATH"], "templates"), VERSIONS, options)
    environment = {**settings["JINJA_ENVIRONMENT"], "bytecode_cache": TemplateCache(cache)}
    settings["JINJA_ENVIRONMENT"] = environment


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(keep_templates)
