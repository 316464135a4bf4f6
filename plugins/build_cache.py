"""A build takes as long as what changed: no text is read twice.

Taking this plugin away changes no byte of the output. What was made of a text or a template is
kept in .cache/fast/, and made again only if something that it was made of is another.
"""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from pelican import Pelican, generators, signals
from pelican.contents import Content
from pelican.readers import MarkdownReader, Readers

from tools.cache import Cache
from tools.check.document import Document, Rules
from tools.content.data import dump, plain
from tools.processes import parallel_map

ROOT = Path(__file__).resolve().parent.parent

# What the page of a text depends on, besides the text, this project's code and its data.
VERSIONS = ["jinja2", "markdown", "pelican", "smartypants", "typogrify"]
SETTINGS = ["MARKDOWN", "TYPOGRIFY", "TYPOGRIFY_DASHES", "TYPOGRIFY_IGNORE_TAGS",
            "TYPOGRIFY_OMIT_FILTERS"]  # fmt: skip
# What is kept of a text that has no fault.
KEPT = {"entries", "metadata", "html", "ids", "links", "cites", "grade"}


class Templates(BytecodeCache):
    """Jinja's compiled templates."""

    def __init__(self, cache: Cache) -> None:
        """Keep them in `kept`."""
        self.cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template from what was kept."""
        key = self.cache.key(bucket.key.encode(), bucket.checksum.encode())
        if data := self.cache.read(key):
            bucket.load_bytecode(io.BytesIO(data))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template."""
        key = self.cache.key(bucket.key.encode(), bucket.checksum.encode())
        self.cache.write(key, bucket.bytecode_to_string())


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
    cache: Cache
    curls: bool

    @cached_property
    def curl(self) -> Callable[[str], str]:
        """What TYPOGRIFY makes of some HTML."""
        return typographer(self.settings) if self.curls else str

    def read(self, text: str) -> tuple[str, Document]:
        """Return a text's key, and what the check and the page need of it."""
        path = Path(text)
        key = self.cache.key(path.parent.name.encode(), path.name.encode(), path.read_bytes())
        if data := self.cache.read(key):
            document = self.rules.document(path)
            vars(document).update(json.loads(data))
            document.header = plain(vars(document)["header"])
            return key, document
        document = self.rules.examine(path)
        if not document.problems:
            document.html = self.curl(document.html)
            for name in {"title", "summary"} & document.metadata.keys():
                document.metadata[name] = self.curl(document.metadata[name])
            made = {name: value for name, value in vars(document).items() if name in KEPT}
            made["header"] = vars(document.header)
            self.cache.write(key, json.dumps(made, default=str).encode())
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


def begin(pelican: Pelican) -> None:
    """Keep templates, and let the check read texts so that they need not be read again."""
    settings = pelican.settings
    files = sorted((ROOT / "tools").rglob("*.py"))
    files += [Path(settings["PATH"]) / name for name in ("article.txt", "sources.bib")]
    cache = Cache(
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
        read = parallel_map(Texts(settings, rules, cache, curls).read, new)
        for text, (key, document) in zip(new, read, strict=True):
            cache.used.add(key)
            known[text] = document
        settings["TYPOGRIFY"] = False
        return [known[text] for text in texts]

    def recall(rules: str, text: str) -> str:
        made = cache.recall(lambda: dump(rules, text).encode(), rules.encode(), text.encode())
        return made.decode()

    settings["EXAMINE"], settings["RECALL"], settings["SPREAD"] = examine, recall, parallel_map
    settings["JINJA_ENVIRONMENT"]["bytecode_cache"] = Templates(cache)
    pelican.cache = cache


def replace_reader(readers: Readers) -> None:
    """Let no text be read twice."""
    if "KNOWN" in readers.settings:
        for suffix in MarkdownReader.file_extensions:
            readers.reader_classes[suffix] = Reader


def forget(pelican: Pelican) -> None:
    """Keep only what the next build can use."""
    pelican.cache.forget()


def register() -> None:
    """Connect to Pelican."""
    generators.list = Posts
    remember_places()
    signals.initialized.connect(begin)
    signals.readers_init.connect(replace_reader)
    signals.finalized.connect(forget)
