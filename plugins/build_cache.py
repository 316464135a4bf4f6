"""Reuse what the last build made of every text and template that has not changed since.

The output is the same, byte for byte, without this plugin. strict calls `read` and `use`.
"""

import pickle
import sys
from collections.abc import Callable
from functools import partial, wraps
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from types import ModuleType
from typing import Any, ClassVar

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from pelican import Pelican, signals
from pelican.readers import BaseReader, MarkdownReader

from tools.cache import LOADED, Cache, source_digest
from tools.check.document import Rules
from tools.content.document import Document
from tools.content.problem import relative
from tools.processes import parallel_map

# The digest of the loaded code. If a file was edited while the code was being loaded, nobody can
# tell which version is running: a random token then keeps this process's entries to itself.
CODE = LOADED if source_digest() == LOADED else token_hex()
LIBRARIES = ["markdown", "pelican", "smartypants", "typogrify"]
# The settings that `typographer` reads. `Rules` holds those that the check reads.
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
            sys.version,
            CODE,
            [(name, version(name)) for name in LIBRARIES],
            typography,
            rules.settings,
            rules.passages,
            rules.bibliography,
        )
    curl = typographer(typography)
    read = parallel_map(partial(read_one, rules=rules, curl=curl, cache=cache), texts)
    if cache:
        # A forked process may have read some of them.
        cache.used.update(key for key, _ in read)
        cache.prune()
    return [document for _, document in read]


def read_one(
    text: str, rules: Rules, curl: Callable[[str], str], cache: Cache | None
) -> tuple[str, Document]:
    """Return a document's key in the cache ("" without a cache), and the document."""
    path, key = Path(text), ""
    data = (
        path.read_bytes()
    )  # read once: the bytes that are judged are the bytes that name the entry
    if cache:
        key = cache.key(relative(path, rules.root).encode(), data)
        if entry := cache.get(key):
            document: Document = pickle.loads(entry)
            document.path = path
            return key, document
    document = rules.examine(path, data)
    if not document.problems:
        document.html = curl(document.html)
        for name in {"title", "summary"} & document.metadata.keys():
            document.metadata[name] = curl(document.metadata[name])
        if cache:
            cache.put(key, pickle.dumps(document))
    return key, document


def typographer(settings: dict[str, Any]) -> Callable[[str], str]:
    """Return the function that applies TYPOGRIFY to HTML, set up as by `Readers.read_file`.

    Pelican 4.12 does this in the middle of that method, where its result cannot be cached.
    """
    if not settings["TYPOGRIFY"]:
        return str
    omit = dict.fromkeys(settings["TYPOGRIFY_OMIT_FILTERS"], False)

    def curl(html: str) -> str:
        # Imported only when a text has to be read: both take long to load.
        import smartypants
        from typogrify.filters import typogrify

        skip_unquoted(smartypants)
        dashes = {"oldschool": smartypants.Attr.set2, "oldschool_inverted": smartypants.Attr.set3}
        smartypants.Attr.default = (
            dashes.get(settings["TYPOGRIFY_DASHES"], smartypants.Attr.set1) | smartypants.Attr.w
        )
        return typogrify(html, settings["TYPOGRIFY_IGNORE_TAGS"], **omit)

    return curl


def skip_unquoted(smartypants: ModuleType) -> None:
    """Make smartypants skip pieces of text without a quotation mark.

    In smartypants 2.0 they cost a seventh of a build without a cache.
    """
    convert = vars(smartypants)["convert_quotes"]
    if not hasattr(convert, "__wrapped__"):

        @wraps(convert)
        def convert_if_quoted(text: str) -> str:
            return convert(text) if "'" in text or '"' in text else text

        vars(smartypants)["convert_quotes"] = convert_if_quoted


class DocumentReader(BaseReader):
    """The reader through which Pelican gets posts and pages that have been read already."""

    file_extensions: ClassVar[list[str]] = []  # or Pelican would register this class by itself

    def __init__(self, documents: dict[str, Document], settings: dict[str, Any]) -> None:
        """Hold the documents, by path."""
        super().__init__(settings)
        self.documents = documents

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Return a document's HTML and its header, as Pelican's readers do."""
        document = self.documents[source_path]
        header = document.metadata.items()
        return document.html, {name: self.process_metadata(name, value) for name, value in header}


def use(documents: list[Document], settings: dict[str, Any]) -> None:
    """Make Pelican take posts and pages from these documents, and skip its own TYPOGRIFY."""
    reader = partial(DocumentReader, {str(document.path): document for document in documents})
    readers = dict.fromkeys(MarkdownReader.file_extensions, reader)
    settings["READERS"] = {**settings["READERS"], **readers}
    settings["TYPOGRIFY"] = settings["TYPOGRIFY"] and None


class TemplateCache(BytecodeCache):
    """Jinja's compiled templates. Jinja's FileSystemBytecodeCache would load a damaged file."""

    def __init__(self, cache: Cache, templates: Path) -> None:
        """Keep the entries of the templates in a folder as they are now; delete all others."""
        self.cache = cache
        for path in templates.rglob("*.*"):
            name, source = path.relative_to(templates).as_posix(), path.read_text(encoding="utf-8")
            self.key(self.get_cache_key(name, str(path)), self.get_source_checksum(source))
        cache.prune()

    def key(self, name: str, checksum: str) -> str:
        """Return the name of a template's entry, and mark the entry as used."""
        key = self.cache.key(name.encode(), checksum.encode())
        self.cache.used.add(key)
        return key

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a compiled template, if the cache has it."""
        if data := self.cache.get(self.key(bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a compiled template."""
        self.cache.put(self.key(bucket.key, bucket.checksum), bucket.bytecode_to_string())


def keep_templates(pelican: Pelican) -> None:
    """Make Jinja compile a template again only if it, its settings or Jinja have changed."""
    settings = pelican.settings
    options = [settings[name] for name in ("JINJA_ENVIRONMENT", "JINJA_FILTERS")]
    folder = Path(settings["CACHE_PATH"], "templates")
    cache = Cache(folder, sys.version, version("jinja2"), options)
    templates = TemplateCache(cache, Path(settings["THEME"], "templates"))
    settings["JINJA_ENVIRONMENT"] = {**settings["JINJA_ENVIRONMENT"], "bytecode_cache": templates}


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(keep_templates)
