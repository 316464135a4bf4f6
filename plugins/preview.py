"""A writer sees each save: the site is served, and built again when something changes."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from watchfiles import DefaultFilter, watch


class Handler(SimpleHTTPRequestHandler):
    """Serve the output; a page that is not there is the site's own 404 page."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with 404.html where that is the error."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.exists():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing of each request: the writer reads faults here."""


def serve(output: Path, port: int, sources: list[Path], rebuild: Callable[[], None]) -> None:
    """Serve `output` at http://localhost:PORT until interrupted; rebuild when a source changes."""
    handler = partial(Handler, directory=str(output))
    with ThreadingHTTPServer(("localhost", port), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://localhost:{port}/ shows the site. Stop with Ctrl+C.", flush=True)
        for _ in watch(*sources, watch_filter=DefaultFilter(), raise_interrupt=False):
            rebuild()
