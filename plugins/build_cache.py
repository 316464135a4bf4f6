"""What did not change since the last build, a text or a template, is not read again.

Taking this plugin away changes no byte of the output. strict takes `read` and `use` from here.
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

# The code that is loaded by now. If a file was edited meanwhile, nobody can say what was loaded
# before the edit and what after it, and nothing is found or kept for another process.
CODE = LOADED if source_digest() == LOADED else token_hex()
LIBRARIES = ["markdown", "pelican", "smartypants", "typogrify"]
# The settings that `typographer` reads. Those that the rules read are in the rules.
SETTINGS = ["TYPOGRIFY", "TYPOGRIFY_DASHES", "TYPOGRIFY_IGNORE_TAGS", "TYPOGRIFY_OMIT_FILTERS"]


def read(texts: list[str], rules: Rules, settings: dict[str, Any]) -> list[Document]:
    """Return posts and pages as `rules.examine` does, their typography done.

    Those without a problem come from the cache, and go into it. What is read while a data file is
    broken is not judged by all the rules, and is not kept.
    """
    # `pelican --autoreload` comes here again with the settings that `use` left.
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
        # Another process may have read them.
        cache.used.update(key for key, _ in read)
        cache.prune()
    return [document for _, document in read]


def read_one(
    text: str, rules: Rules, curl: Callable[[str], str], cache: Cache | None
) -> tuple[str, Document]:
    """Return the key of a post or page in the cache, and the document."""
    path, key = Path(text), ""
    data = path.read_bytes()  # once: what is judged and what names the entry are the same bytes
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
    """Return what TYPOGRIFY makes of some HTML, as Pelican's `Readers.read_file` sets it up.

    Pelican 4.12 does this in the middle of a method, where nothing can be kept of it.
    """
    if not settings["TYPOGRIFY"]:
        return str
    omit = dict.fromkeys(settings["TYPOGRIFY_OMIT_FILTERS"], False)

    def curl(html: str) -> str:
        # Imported where something is to be read anew.
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
    """Let smartypants look for quotes only in pieces of text that have one.

    Without this, smartypants 2.0 spends a seventh of a build anew on the others.
    """
    convert = vars(smartypants)["convert_quotes"]
    if not hasattr(convert, "__wrapped__"):

        @wraps(convert)
        def convert_if_quoted(text: str) -> str:
            return convert(text) if "'" in text or '"' in text else text

        vars(smartypants)["convert_quotes"] = convert_if_quoted


class DocumentReader(BaseReader):
    """Pelican's reader for posts and pages that are read already."""

    file_extensions: ClassVar[list[str]] = []  # Pelican finds every subclass by itself

    def __init__(self, documents: dict[str, Document], settings: dict[str, Any]) -> None:
        """Take the documents by their paths."""
        super().__init__(settings)
        self.documents = documents

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Return a text's HTML and its header."""
        document = self.documents[source_path]
        header = document.metadata.items()
        return document.html, {name: self.process_metadata(name, value) for name, value in header}


def use(documents: list[Document], settings: dict[str, Any]) -> None:
    """Let Pelican take posts and pages from these documents, with their typography done."""
    reader = partial(DocumentReader, {str(document.path): document for document in documents})
    readers = dict.fromkeys(MarkdownReader.file_extensions, reader)
    settings["READERS"] = {**settings["READERS"], **readers}
    settings["TYPOGRIFY"] = settings["TYPOGRIFY"] and None


class TemplateCache(BytecodeCache):
    """Jinja's compiled templates. Its own FileSystemBytecodeCache believes a damaged file."""

    def __init__(self, cache: Cache, templates: Path) -> None:
        """Keep those of the templates in a folder, as they are now, and no others."""
        self.cache = cache
        for path in templates.rglob("*.*"):
            name, source = path.relative_to(templates).as_posix(), path.read_text(encoding="utf-8")
            self.key(self.get_cache_key(name, str(path)), self.get_source_checksum(source))
        cache.prune()

    def key(self, name: str, checksum: str) -> str:
        """Return the name of a template's entry, which is used from now on."""
        key = self.cache.key(name.encode(), checksum.encode())
        self.cache.used.add(key)
        return key

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template from the cache, if it is there."""
        if data := self.cache.get(self.key(bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Put a template into the cache."""
        self.cache.put(self.key(bucket.key, bucket.checksum), bucket.bytecode_to_string())


def keep_templates(pelican: Pelican) -> None:
    """Let Jinja compile a template again only if it or what compiles it has changed."""
    settings = pelican.settings
    making = [settings[name] for name in ("JINJA_ENVIRONMENT", "JINJA_FILTERS")]
    cache = Cache(Path(settings["CACHE_PATH"], "templates"), sys.version, version("jinja2"), making)
    templates = TemplateCache(cache, Path(settings["THEME"], "templates"))
    settings["JINJA_ENVIRONMENT"] = {**settings["JINJA_ENVIRONMENT"], "bytecode_cache": templates}


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(keep_templates)
