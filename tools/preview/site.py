"""The site of one moment, whose pages are made when they are asked for."""

import gc
from collections.abc import Callable
from functools import partial
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jinja2 import FunctionLoader
from pelican import Pelican, signals
from pelican.contents import Content
from pelican.generators import Generator
from pelican.paginator import Paginator
from pelican.settings import read_settings
from pelican.utils import sanitised_join
from pelican.writers import FileOverwriteFailedError, Writer

from plugins import strict as guard
from tools.check import site as check
from tools.check.document import Rules
from tools.content import sources
from tools.content.document import Document
from tools.content.problem import report
from tools.project import ROOT

SETTINGS = ROOT / "pelicanconf.py"
# `invoke serve` alone shows drafts, at addresses of their own.
DRAFTS = {
    f"{kind}_{end}": f"drafts/{{slug}}/{page}"
    for kind in ("DRAFT", "DRAFT_PAGE")
    for end, page in (("URL", ""), ("SAVE_AS", "index.html"))
}


class Asked:
    """A template of which one page alone is wanted."""

    def __init__(self, template: Any, page: str) -> None:  # noqa: ANN401
        """Want the page with this file name."""
        self.template, self.page = template, page

    def render(self, context: dict[str, Any]) -> str:
        """Print the page that is wanted, and nothing for the others of its list."""
        return self.template.render(context) if context["output_file"] == self.page else ""


class Made(StringIO):
    """A file in memory, which hands over what was written into it."""

    def __init__(self, keep: Callable[[str], None]) -> None:
        """Hand it over to `keep`."""
        super().__init__()
        self.keep = keep

    def close(self) -> None:
        """Hand it over."""
        self.keep(self.getvalue())
        super().close()


class Shelf(Writer):
    """Pelican's writer, which remembers how each page is written, and does it when asked."""

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        """Begin without a page."""
        super().__init__(output_path, settings)
        self.pages: dict[str, Callable[[], None]] = {}
        self.made: dict[str, str] = {}

    def remember(self, name: str, write: Callable[[], None]) -> None:
        """Remember a page; two of one name are a fault, as in a build."""
        if name in self.pages:
            raise FileOverwriteFailedError(f"Two pages want one address: {name}")
        self.pages[name] = write

    def write_file(self, name: str, template: Any, *args: Any, **page: Any) -> None:  # noqa: ANN401
        """Remember a page, or every page of a list."""
        names = [name] if name else []
        lists = self.settings["PAGINATED_TEMPLATES"]
        if (kind := page.get("template_name")) in lists and "articles" in page:
            length = lists[kind] or self.settings["DEFAULT_PAGINATION"]
            pages = Paginator(name, page["url"], page["articles"], self.settings, length)
            names = [pages.page(number + 1).save_as for number in range(pages.num_pages)]
        for one in names:
            write = partial(super().write_file, name, Asked(template, one), *args, **page)
            self.remember(one, write)

    def write_feed(self, elements: Any, context: Any, path: str, *args: Any, **feed: Any) -> None:  # noqa: ANN401
        """Remember a feed."""
        self.remember(path, partial(super().write_feed, elements, context, path, *args, **feed))

    def _open_w(self, filename: str, *_: Any, **__: Any) -> Made:  # noqa: ANN401
        return Made(partial(self.made.__setitem__, filename))

    def make(self, name: str) -> bytes:
        """Return a page as a build would write it; raise what its template raises."""
        path = sanitised_join(self.output_path, name)
        if path not in self.made:
            made, self.made = self.made, {}
            self.pages[name]()
            self.made = {**made, path: self.made[path]}
        return self.made[path].encode()


class Site(Pelican):
    """The site of one moment. A fault in it ends its making: SystemExit, or any other error."""

    def __init__(self, known: dict[str, Document]) -> None:
        """Make the site; `known` are the texts that did not change since they were read."""
        gc.unfreeze()
        self.folder = TemporaryDirectory()
        override = {**DRAFTS, "OUTPUT_PATH": self.folder.name, "KNOWN": known}
        settings = read_settings(str(SETTINGS), override=override)
        super().__init__(settings)
        self.texts = {str(document.path): document for document in self.documents}
        context = {
            **settings,
            "generated_content": {},
            "static_links": set(),
            "static_content": {},
            "localsiteurl": settings["SITEURL"],
        }
        places = {"path": self.path, "theme": self.theme, "output_path": self.output_path}
        self.generators: list[Generator] = [
            cls(context=context, settings=settings, **places)
            for cls in self._get_generator_classes()
        ]
        templates = Path(self.theme) / "templates"
        loaded = {path.name: path.read_text(encoding="utf-8") for path in templates.glob("*.html")}

        # What is shown under a fault is made with the templates as they were without it.
        def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
            found = loaded.get(name)
            return found and (found, str(templates / name), lambda: True)

        for generator in self.generators:
            generator.env.loader = FunctionLoader(load)
        for name in loaded:
            self.generators[0].env.get_template(name)
        self.each("generate_context")
        self.complete()
        self.shelf = Shelf(self.output_path, settings)
        self.each("generate_output", self.shelf)
        self.warn()
        # What is in memory now stays: nobody need look through it again and again.
        gc.collect()
        gc.freeze()

    def each(self, name: str, *args: object) -> None:
        """Let each generator do a thing that it can do."""
        for generator in self.generators:
            if hasattr(generator, name):
                getattr(generator, name)(*args)

    def complete(self) -> None:
        """Let the plugins add what they add when every text is read."""
        Content.get_content.cache.clear()
        Content.get_summary.cache.clear()
        signals.all_generators_finalized.send(self.generators)
        self.each("refresh_metadata_intersite_links")

    def warn(self) -> None:
        """Stop at a warning, as a build does."""
        if said := guard.collected_warnings():
            raise SystemExit("\n".join(said))

    def take_in(self, changed: set[str]) -> bool:
        """Put changed words into the pages; return False if more has changed than words."""
        files = [Path(text) for text in changed]
        if not changed <= self.texts.keys() or any(f.is_symlink() or not f.exists() for f in files):
            return False
        rules = Rules(ROOT, self.settings, sources.read(self.settings))
        texts = self.texts | {str(d.path): d for d in check.read(list(changed), rules)}
        both = [(self.texts[text], texts[text]) for text in changed]
        if any(beside_words(before) != beside_words(now) for before, now in both):
            return False
        # Other texts are looked at again only for what a fault between two texts can come of.
        if any(now.problems or ties(before) != ties(now) for before, now in both):
            _, problems = check.inspect(ROOT, self.settings)
            if problems:
                raise SystemExit(report(problems))
        generator = self.generators[0]
        for text in changed:
            place = Path(text).relative_to(self.path).as_posix()
            content = generator.context["generated_content"][place]
            again = generator.readers.read_file(
                self.path, place, type(content), context=generator.context
            )
            vars(content).clear()
            vars(content).update(vars(again))
        self.complete()
        self.warn()
        self.texts = texts
        self.shelf.made.clear()
        return True


def beside_words(document: Document) -> tuple[Any, ...]:
    """Return what other pages than a text's own may show of it, and what must be copied for it."""
    files = {address for _, address in document.links if address.startswith("{static}")}
    return document.metadata, files


def ties(document: Document) -> tuple[Any, ...]:
    """Return what else of a text the check holds against the other texts."""
    addresses = [address for _, address in document.links]
    return addresses, {*document.ids}, {*document.cites}, bool(document.html)
