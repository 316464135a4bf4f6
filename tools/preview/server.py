"""The server of `invoke serve`."""

import os
import sys
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

from pelican.log import init as init_logging
from watchfiles import Change, DefaultFilter, watch

from tools.preview.session import FOLDERS, Preview
from tools.preview.site import SETTINGS
from tools.project import ROOT


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
