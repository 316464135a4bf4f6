"""A writer sees each save at once, and each fault over the last good page.

What is shown is what a build would write, made when it is asked for. A save that changes the words
of texts alone is put into the site in memory; after any other, the site is made anew.
"""

import gc
import os
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from mimetypes import guess_type
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Condition, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from jinja2 import FunctionLoader
from pelican import Pelican, signals
from pelican.contents import Content
from pelican.generators import Generator
from pelican.log import init as init_logging
from pelican.paginator import Paginator
from pelican.settings import read_settings
from pelican.utils import sanitised_join
from pelican.writers import FileOverwriteFailedError, Writer
from watchfiles import Change, DefaultFilter, watch

from plugins import check, guard, sources, writing
from plugins.examine import Document, Rules
from plugins.faults import Fault, named, report

ROOT = guard.ROOT
FOLDERS = [ROOT / name for name in ("content", "theme", "plugins")]
SETTINGS = ROOT / "pelicanconf.py"
# A browser keeps six connections to one address: a page that nobody looks at gives its own back.
RELOAD = """<script>
{{
  let saves;
  const listen = () => {{
    saves?.close();
    if (document.hidden) return;
    saves = new EventSource("/.saves?{}");
    saves.onmessage = () => location.reload();
  }};
  addEventListener("visibilitychange", listen);
  listen();
}}
</script>
"""
OVERLAY = (
    '<pre role="alert" style="position: fixed; inset: auto 0 0; z-index: 9; margin: 0; '
    "max-height: 60vh; overflow: auto; padding: 1rem; white-space: pre-wrap; "
    'color: #fff; background: #7a1f1f">{}</pre>\n'
)
# Seconds until a save is shown: its spelling is checked after them, so as not to hold it up.
SHOWN = 0.3
RESTART = "The site's own code changed: stop invoke serve with Ctrl+C, and start it again."
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
        if any(now.faults or ties(before) != ties(now) for before, now in both):
            _, faults = check.inspect(ROOT, self.settings)
            if faults:
                raise SystemExit(report(faults))
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
    return addresses, document.ids, {*document.cites}, bool(document.html)


class Preview:
    """The site as it is shown: the last good one, and what is wrong with the newest."""

    def __init__(self) -> None:
        """Make the site for the first time."""
        self.lock = Condition()
        self.known: dict[str, Document] = {}
        self.changed: set[str] = set()
        self.site: Site | None = None
        self.good: dict[str, bytes] = {}
        self.saves, self.said = 0, ""
        self.language: list[Fault] = []
        self.last: dict[str, int] = {}
        self.save(set())

    def save(self, changed: set[str]) -> None:
        """Show what was saved; keep what was shown if there is a fault in it."""
        texts = {named(Path(path), ROOT) for path in changed if path.endswith(".md")}
        with self.lock:
            self.changed |= changed
            for path in changed:
                if path.endswith(".md"):
                    self.known.pop(path, None)
                elif not path.startswith(str(ROOT / "theme")):
                    self.known.clear()
            self.language = [fault for fault in self.language if fault.file not in texts]
            try:
                if not (self.site and self.site.take_in(self.changed)):
                    self.site = Site(self.known)
                self.changed, said = set(), report(self.language)
            except (SystemExit, Exception) as error:
                guard.collected_warnings()
                said = words_of(error)
            if any(path.startswith(str(ROOT / "plugins")) for path in changed):
                said = RESTART
            self.tell(said)
            self.last |= dict.fromkeys(texts, self.saves)
            if texts or not changed:
                Thread(target=self.read, args=(texts, self.saves), daemon=True).start()

    def tell(self, said: str) -> None:
        """Say in the terminal and in every browser what is wrong now, or that nothing is."""
        self.said = said
        self.saves += 1
        self.lock.notify_all()
        print(said or "Shown.", flush=True)

    def read(self, texts: set[str], saves: int) -> None:
        """Check the language of texts that were saved, once they are shown; or of everything."""
        time.sleep(SHOWN)
        there = [text for text in texts if (ROOT / text).exists()]
        if texts and not there:
            return
        found = writing.language_faults(writing.language(ROOT, there))
        with self.lock:
            said = report(self.language)
            # What was saved again meanwhile is another's to check.
            found = [fault for fault in found if self.last.get(fault.file, 0) <= saves]
            self.language = sorted({*self.language, *found})
            if found and self.said == said:
                self.tell(report(self.language))

    def answer(self, name: str) -> tuple[HTTPStatus, str, bytes]:
        """Return the status, the type and the bytes of a page or file."""
        with self.lock:
            status, said, body = HTTPStatus.OK, self.said, b""
            if self.site:
                pages, file = self.site.shelf.pages, Path(self.site.output_path) / name
                page = f"{name}/index.html".lstrip("/").replace("//", "/")
                if name not in pages and page not in pages and ".." not in name and file.is_file():
                    kind = guess_type(name)[0] or "application/octet-stream"
                    return status, kind, file.read_bytes()
                if name not in pages:
                    name = page
                if name not in pages:
                    status, name = HTTPStatus.NOT_FOUND, "404.html"
                try:
                    body = self.good[name] = self.site.shelf.make(name)
                except Exception as error:
                    said, body = words_of(error), self.good.get(name, b"")
                    print(said, flush=True)
            if name.endswith(".html") or said:
                body += RELOAD.format(self.saves).encode()
                body += OVERLAY.format(escape(said)).encode() if said else b""
            kind = guess_type(name)[0] or "text/html"
            return status, f"{kind}; charset=utf-8", body

    def wait(self, seen: int) -> bool:
        """Wait for the save after the one that was seen, for a while; say whether it came."""
        with self.lock:
            return self.lock.wait_for(lambda: self.saves > seen, timeout=30)


def words_of(error: BaseException) -> str:
    """Say what is wrong, and where."""
    if isinstance(error, SystemExit):
        return str(error)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if str(ROOT) in f.filename]
    file = getattr(error, "filename", None) or (frames[-1].filename if frames else "pelican")
    line = getattr(error, "lineno", None) or (frames[-1].lineno if frames else 1)
    return f"{named(Path(file), ROOT)}:{line}: {type(error).__name__}: {error}"


class Handler(BaseHTTPRequestHandler):
    """Answer a browser."""

    preview: Preview

    def do_GET(self) -> None:
        """Send a page; or, at /.saves, a word as soon as something was saved."""
        with suppress(ConnectionError):  # the browser went on to another page
            self.send()

    def send(self) -> None:
        """Send what was asked for."""
        url = urlsplit(self.path)
        if url.path == "/.saves":
            self.head(HTTPStatus.OK, "text/event-stream")
            while not self.preview.wait(int(url.query or 0)):
                self.wfile.write(b":\n\n")
            self.wfile.write(b"data: saved\n\n")
            return
        status, kind, body = self.preview.answer(unquote(url.path).lstrip("/"))
        self.head(status, kind)
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def head(self, status: HTTPStatus, kind: str) -> None:
        """Send the head of an answer; nothing is kept, since the next save may change it."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of each request: the writer reads faults here."""


def follow(preview: Preview, paths: list[Path], recursive: bool, wanted: DefaultFilter) -> None:
    """Show each save below some folders, as it comes."""
    options = {"step": 20, "recursive": recursive, "raise_interrupt": True}
    with suppress(KeyboardInterrupt):
        for found in watch(*paths, watch_filter=wanted, **options):
            preview.save({path for _, path in found})


class Settings(DefaultFilter):
    """The settings' file alone. Its folder is watched, for an editor may replace the file."""

    def __call__(self, change: Change, path: str) -> bool:
        """Say whether the settings changed."""
        return path == str(SETTINGS)


def serve(port: int) -> None:
    """Show the site at http://localhost:PORT until interrupted, and each save as it comes.

    Raise SystemExit where the port is in use.
    """
    init_logging()
    # Two saves of the settings within a second would share one compiled file.
    sys.dont_write_bytecode = True
    preview = Preview()
    # From here on there are threads, and a process forked among them could wait for ever.
    os.environ["PROCESSES"] = "1"
    handler = type("PreviewHandler", (Handler,), {"preview": preview})
    try:
        server = ThreadingHTTPServer(("localhost", port), handler)
    except OSError as error:
        said = f"Port {port}: {error.strerror}. Type invoke serve --port {port + 1}"
        raise SystemExit(said) from None
    with server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://localhost:{port}/ shows the site. Stop with Ctrl+C.", flush=True)
        settings = (preview, [ROOT], False, Settings())
        Thread(target=follow, args=settings, daemon=True).start()
        follow(preview, FOLDERS, True, DefaultFilter())
