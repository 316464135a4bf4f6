"""A writer sees each save at once, and each fault over the last good page.

What is shown is what a build would write, made when it is asked for. A save that changes the words
of texts alone is put into the site in memory; after any other, the site is made anew.
"""

import time
import traceback
from html import escape
from http import HTTPStatus
from mimetypes import guess_type
from pathlib import Path
from threading import Condition, Thread

from plugins import strict as guard
from tools.check import language as writing
from tools.check.document import Document
from tools.content.problem import Problem, relative, report
from tools.preview.site import Site
from tools.project import ROOT

FOLDERS = [ROOT / name for name in ("content", "theme", "plugins", "tools")]
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
        self.language: list[Problem] = []
        self.last: dict[str, int] = {}
        self.save(set())

    def save(self, changed: set[str]) -> None:
        """Show what was saved; keep what was shown if there is a fault in it."""
        texts = {relative(Path(path), ROOT) for path in changed if path.endswith(".md")}
        with self.lock:
            self.changed |= changed
            for path in changed:
                if path.endswith(".md"):
                    self.known.pop(path, None)
                elif not path.startswith(str(ROOT / "theme")):
                    self.known.clear()
            self.language = [problem for problem in self.language if problem.file not in texts]
            try:
                if not (self.site and self.site.take_in(self.changed)):
                    self.site = Site(self.known)
                self.changed, said = set(), report(self.language)
            except (SystemExit, Exception) as error:
                guard.collected_warnings()
                said = describe_error(error)
            code = str(ROOT / "plugins"), str(ROOT / "tools")
            if any(path.startswith(code) for path in changed):
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
        found = writing.language_problems(writing.language(ROOT, there))
        with self.lock:
            said = report(self.language)
            # What was saved again meanwhile is another's to check.
            found = [problem for problem in found if self.last.get(problem.file, 0) <= saves]
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
                    said, body = describe_error(error), self.good.get(name, b"")
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


def describe_error(error: BaseException) -> str:
    """Say what is wrong, and where."""
    if isinstance(error, SystemExit):
        return str(error)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if str(ROOT) in f.filename]
    file = getattr(error, "filename", None) or (frames[-1].filename if frames else "pelican")
    line = getattr(error, "lineno", None) or (frames[-1].lineno if frames else 1)
    return f"{relative(Path(file), ROOT)}:{line}: {type(error).__name__}: {error}"
