"""A private part of a library is touched in one named place, and is there in the version we have.

Where one of these fails after an update, the file that it names is the one to look at.
"""

import ast
import inspect
import logging
from collections.abc import Callable
from pathlib import Path

import markdown
import pytest
import smartypants
from conftest import ROOT
from jinja2 import BytecodeCache, Environment, bccache
from markdown.extensions import meta
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from pelican import Pelican, log, readers, settings, utils, writers
from pelican.contents import Content, Page
from pelican.generators import ArticlesGenerator, PagesGenerator
from pelican.plugins import signals
from pybtex.database.input.bibtex import LowLevelParser

from tools.content import slug

# The file that leans on a private name of a library's, and that name.
PRIVATE = {
    ("plugins/citations.py", "_content"),
    ("plugins/parallel.py", "_written_files"),
    ("plugins/series.py", "_content"),
    ("tools/preview/site.py", "_get_writer"),
    ("tools/processes.py", "_exit"),  # os._exit is documented, whatever its name
    ("tools/publish/release.py", "_replace"),  # a named tuple's, documented too
}


def content(**attributes: str) -> Page:
    """Make a page as Pelican does, and set some attributes."""
    page = Page("<p>Words.</p>", settings=settings.DEFAULT_CONFIG, source_path="x.md")
    for name, value in attributes.items():
        setattr(page, name, value)
    return page


def parsed() -> markdown.Markdown:
    """Read some raw HTML."""
    md = markdown.Markdown()
    md.convert("<b>x</b>")
    return md


def entry() -> LowLevelParser:
    """Parse an entry of BibTeX that has a brace too many after it."""
    parser = LowLevelParser("@a{k,\n title = {A}}\n} rest")
    assert next(iter(parser)) == ("a", ("k", [("title", ["A"])]))
    return parser


LEANINGS: dict[str, Callable[[], bool]] = {
    "plugins/citations.py, plugins/series.py: a content's HTML before its links are resolved": lambda: (
        content()._content == "<p>Words.</p>"
    ),
    "plugins/parallel.py: what a writer wrote": lambda: writers.Writer("out")._written_files == set(),
    "plugins/parallel.py: every logger hands a record on by callHandlers": lambda: (
        "callHandlers" not in vars(log.FatalLogger) and callable(logging.Logger.callHandlers)
    ),
    "tools/preview/site.py: a subclass chooses the writer": lambda: (
        "self._get_writer()" in inspect.getsource(Pelican.run)
    ),
    "tools/preview/site.py: get_content and get_summary remember every content": lambda: (
        Content.get_content.cache is not Content.get_summary.cache
        and isinstance(Content.get_content.cache, dict)
    ),
    "tools/preview/site.py: generators write by these two methods": lambda: (
        [*inspect.signature(writers.Writer.write_file).parameters][1] == "name"
        and [*inspect.signature(writers.Writer.write_feed).parameters][1:4]
        == ["elements", "context", "path"]
    ),
    "tools/preview/site.py: a level up to which warnings are told once": lambda: (
        "logs_dedup_min_level" in inspect.signature(log.init).parameters
    ),
    "tools/preview/site.py: the end of a run can be muted": lambda: callable(signals.finalized.muted),
    "plugins/strict.py: each run asks for its generators first": lambda: (
        "signals.get_generators.send(self)" in inspect.getsource(Pelican._get_generator_classes)
        and "self._get_generator_classes()" in inspect.getsource(Pelican.run)
    ),
    "plugins/strict.py: each page is told of with its context": lambda: (
        "signals.content_written.send(path, context=localcontext)"
        in inspect.getsource(writers.Writer.write_file)
    ),
    "plugins/build_cache.py: READERS are called with the settings": lambda: (
        "reader_class(self.settings)" in inspect.getsource(readers.Readers.__init__)
    ),
    "plugins/build_cache.py: every subclass of BaseReader is found by its extensions": lambda: (
        "BaseReader.__subclasses__()" in inspect.getsource(readers.Readers.__init__)
    ),
    "plugins/build_cache.py: typogrify is set up by Attr.default": lambda: (
        smartypants.Attr.set1 | smartypants.Attr.w > 0
        and "smartypants.Attr.default |= smartypants.Attr.w"
        in inspect.getsource(readers.Readers.read_file)
    ),
    "plugins/build_cache.py: a bucket knows its template's name and source": lambda: (
        {"key", "checksum"} <= vars(bccache.Bucket(Environment(), "key", "checksum")).keys()
        and callable(BytecodeCache.get_source_checksum)
    ),
    "tools/content/body.py: raw HTML is kept apart": lambda: parsed().htmlStash.rawHtmlBlocks == ["<b>", "</b>"],
    "tools/content/sources.py: pybtex parses an entry field by field, and stops where it ends": lambda: (
        entry().get_remainder() == "\n} rest"
        and entry().lineno == 2
        and "self.parse_field()" in inspect.getsource(LowLevelParser.parse_entry_fields)
    ),
    "tools/content/header.py: what the meta extension takes for a header": lambda: (
        meta.META_RE.match("Title: x").groupdict() == {"key": "Title", "value": "x"}
        and meta.BEGIN_RE.match("---") is not None
    ),
    "tools/check/settings.py: the names of Pelican's settings can be read from its source": lambda: (
        '    "SITENAME":' in inspect.getsource(settings)
    ),
    "plugins/parallel.py, plugins/social_cards.py: pages are written after posts": lambda: (
        inspect.getsource(Pelican._get_generator_classes).index("ArticlesGenerator")
        < inspect.getsource(Pelican._get_generator_classes).index("PagesGenerator")
    ),
    "plugins/topics.py: posts' categories and authors are written by these methods": lambda: (
        callable(ArticlesGenerator.generate_categories)
        and callable(ArticlesGenerator.generate_authors)
    ),
    "plugins/series.py: an address can be set for good": lambda: (
        content(override_url="there/").url == "there/"
    ),
    "plugins/citations.py: a generator's lists of posts or pages": lambda: all(
        f"self.{prefix}{kind} = []" in inspect.getsource(generator.__init__)
        for generator, kinds in ((ArticlesGenerator, "articles"), (PagesGenerator, "pages"))
        for prefix, kind in (("", kinds), ("hidden_", kinds))
    ),
    "plugins/build_cache.py: smartypants curls quotation marks by this function": lambda: (
        smartypants.convert_quotes('"x"') == "&#8220;x&#8221;"
    ),
    "tools/preview/site.py: what Pelican prints can be hushed": lambda: log.console.quiet is False,
    "tools/content/body.py: what the extension takes for fenced code": lambda: bool(
        FencedBlockPreprocessor.FENCED_BLOCK_RE.search("```\nx\n```")
    ),
    "tools/content/slug.py: Pelican's addresses": lambda: all(
        slug.slugify(name) == utils.slugify(name, settings.DEFAULT_CONFIG["SLUG_REGEX_SUBSTITUTIONS"])
        for name in ("Mood & sleep", "Élan  vital-", "5-HT’s role", "a/b_c", "Ørsted 2012")
    ),
}  # fmt: skip


@pytest.mark.parametrize("leaning", LEANINGS)
def test_what_we_lean_on_is_there(leaning: str) -> None:
    assert LEANINGS[leaning]()


def private_names(path: Path) -> set[str]:
    """Return the private names that a file takes from elsewhere, and those it overrides there."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.bases]
    methods = [node for each in classes for node in each.body if isinstance(node, ast.FunctionDef)]
    made = {node.attr for node in attributes if isinstance(node.ctx, ast.Store) and of_self(node)}
    local = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    named = {node.attr for node in attributes}
    # A private method that no line of the file calls overrides one that a library calls.
    used = named - made - local | {method.name for method in methods} - named
    return {name for name in used if name.startswith("_") and not name.startswith("__")}


def of_self(node: ast.Attribute) -> bool:
    """Say whether an attribute is the object's own."""
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def test_each_private_part_is_touched_in_one_named_place() -> None:
    files = [*(ROOT / "plugins").glob("*.py"), *(ROOT / "tools").rglob("*.py"), ROOT / "tasks.py"]
    values = {
        (path.relative_to(ROOT).as_posix(), name) for path in files for name in private_names(path)
    }
    assert values == PRIVATE
