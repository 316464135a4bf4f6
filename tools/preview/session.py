"""Show a writer each save at once, with any problem on top of the last good page.

Pages are as a build would write them: every save makes the site anew, with the help of the cache,
and a page is written when a browser asks for it.
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

FOLDERS = [ROOT / name for name in ("content", "theme", "plugins", "tools")]
# A browser opens at most six connections to one address, so a hidden tab closes its own.
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
# Seconds after a save in which its page is shown; the language check waits, so as not to delay it.
LANGUAGE_DELAY = 0.3
RESTART = "The site's own code changed: stop invoke serve with Ctrl+C, and start it again."


class Preview:
    """The site as browsers see it: the last good one, and the problems of the newest."""

    def __init__(self) -> None:
        """Begin without a site: the first `save`, of no files, builds it."""
        self.lock = Condition()
        self.site: Site | None = None
        self.good: dict[str, bytes] = {}
        self.saves, self.message = 0, ""
        self.language: list[Problem] = []
        self.saved_last: dict[str, int] = {}

    def save(self, changed: set[str]) -> None:
        """Rebuild after a save of some files; keep the last good site if there is a problem."""
        texts = {relative(Path(path), ROOT) for path in changed if path.endswith(".md")}
        with self.lock:
            self.language = [problem for problem in self.language if problem.file not in texts]
            try:
                self.site = Site()
                message = report(self.language)
            except (SystemExit, Exception) as error:
                message = describe_error(error)
            self.announce(message if source_digest() == LOADED else RESTART)
            self.saved_last |= dict.fromkeys(texts, self.saves)
            if texts or not changed:
                Thread(target=self.read, args=(texts, self.saves), daemon=True).start()

    def announce(self, message: str) -> None:
        """Print the problems, or "Shown." if there are none, and make every browser reload."""
        self.message = message
        self.saves += 1
        self.lock.notify_all()
        print(message or "Shown.", flush=True)

    def read(self, texts: set[str], saves: int) -> None:
        """Check the language of saved texts after a moment; of all texts if there are none."""
        time.sleep(LANGUAGE_DELAY)
        files = [text for text in texts if (ROOT / text).exists()]
        if texts and not files:
            return
        problems = language.language_problems(language.language(ROOT, files))
        with self.lock:
            before = report(self.language)
            # A text that was saved again meanwhile has another thread to check it.
            problems = [p for p in problems if self.saved_last.get(p.file, 0) <= saves]
            self.language = sorted({*self.language, *problems})
            if problems and self.message == before:
                self.announce(report(self.language))

    def answer(self, address: str) -> tuple[HTTPStatus, str, bytes]:
        """Return the status, content type and bytes for an address."""
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
        """Wait up to 30 s for a save after number `seen`; return whether one came."""
        with self.lock:
            return self.lock.wait_for(lambda: self.saves > seen, timeout=30)
