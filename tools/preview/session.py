"""A writer sees each save at once, and each problem over the last good page.

What is shown is what a build would write: every save makes the site anew, from what the cache
holds, and a page is written when it is asked for.
"""

import time
from html import escape
from http import HTTPStatus
from mimetypes import guess_type
from pathlib import Path
from threading import Condition, Thread

from tools.cache import LOADED, source_digest
from tools.check import language
from tools.content.problem import Problem, relative, report
from tools.preview.site import Site
from tools.project import ROOT, describe_error

CODE = [ROOT / name for name in ("plugins", "tools")]
FOLDERS = [ROOT / "content", ROOT / "theme", *CODE]
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
TEXTS = {"text/html", "text/plain", "text/xml", "application/xml"}
# Seconds until a save is shown: its spelling is checked after them, so as not to hold it up.
SHOWN = 0.3
RESTART = "The site's own code changed: stop invoke serve with Ctrl+C, and start it again."


class Preview:
    """The site as it is shown: the last good one, and what is wrong with the newest."""

    def __init__(self) -> None:
        """Make the site for the first time."""
        self.lock = Condition()
        self.site: Site | None = None
        self.good: dict[str, bytes] = {}
        self.saves, self.message = 0, ""
        self.restart = False
        self.language: list[Problem] = []
        self.saved_last: dict[str, int] = {}
        self.save(set())

    def save(self, changed: set[str]) -> None:
        """Show what was saved; keep what was shown if there is a problem in it."""
        paths = [Path(path) for path in changed]
        texts = {relative(path, ROOT) for path in paths if path.suffix == ".md"}
        with self.lock:
            self.language = [problem for problem in self.language if problem.file not in texts]
            if any(path.is_relative_to(folder) for path in paths for folder in CODE):
                self.restart = source_digest() != LOADED
            try:
                self.site = Site()
                message = report(self.language)
            except (SystemExit, Exception) as error:
                message = describe_error(error)
            self.tell(RESTART if self.restart else message)
            self.saved_last |= dict.fromkeys(texts, self.saves)
            if texts or not changed:
                Thread(target=self.read, args=(texts, self.saves), daemon=True).start()

    def tell(self, message: str) -> None:
        """Print what is wrong now, or that nothing is, and let every browser reload."""
        self.message = message
        self.saves += 1
        self.lock.notify_all()
        print(message or "Shown.", flush=True)

    def read(self, texts: set[str], saves: int) -> None:
        """Check the language of texts that were saved, once they are shown; or of everything."""
        time.sleep(SHOWN)
        files = [text for text in texts if (ROOT / text).exists()]
        if texts and not files:
            return
        problems = language.language_problems(language.language(ROOT, files))
        with self.lock:
            before = report(self.language)
            # What was saved again meanwhile is another's to check.
            problems = [p for p in problems if self.saved_last.get(p.file, 0) <= saves]
            self.language = sorted({*self.language, *problems})
            if problems and self.message == before:
                self.tell(report(self.language))

    def answer(self, address: str) -> tuple[HTTPStatus, str, bytes]:
        """Return the status, the type and the bytes of a page or file."""
        with self.lock:
            status, message = HTTPStatus.OK, self.message
            kind, body = "text/html", self.good.get(address, b"")
            try:
                file = self.site and self.site.file(address)
                if self.site and not file:
                    status, file = HTTPStatus.NOT_FOUND, self.site.file("404.html")
                if file:
                    kind = guess_type(file.name)[0] or "application/octet-stream"
                    body = file.read_bytes()
            except (SystemExit, Exception) as error:
                message = describe_error(error)
                print(message, flush=True)
            if kind == "text/html":
                self.good[address] = body
                body += RELOAD.format(self.saves).encode()
                body += OVERLAY.format(escape(message)).encode() if message else b""
            return status, f"{kind}; charset=utf-8" if kind in TEXTS else kind, body

    def wait(self, seen: int) -> bool:
        """Wait for the save after the one that was seen, for a while; say whether it came."""
        with self.lock:
            return self.lock.wait_for(lambda: self.saves > seen, timeout=30)
