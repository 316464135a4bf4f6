"""The server of `invoke serve`."""

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from pelican.log import init as init_logging
from watchfiles import Change, watch

from tools import system
from tools.preview.session import FOLDERS, Preview
from tools.preview.site import SETTINGS
from tools.project import ROOT


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of a browser."""

    preview: Preview

    def do_GET(self) -> None:
        """Send a page; at /.saves, send an event as soon as something is saved."""
        with suppress(ConnectionError):  # the browser went on to another page
            self.send()

    def send(self) -> None:
        """Send the answer to a request."""
        url = urlsplit(self.path)
        if url.path == "/.saves":
            if not url.query.isdecimal():
                self.send_error(HTTPStatus.BAD_REQUEST)
                return
            self.head(HTTPStatus.OK, "text/event-stream")
            while not self.preview.wait(int(url.query)):
                self.wfile.write(b":\n\n")
            self.wfile.write(b"data: saved\n\n")
            return
        status, kind, body = self.preview.answer(unquote(url.path).lstrip("/"))
        self.head(status, kind)
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def head(self, status: HTTPStatus, kind: str) -> None:
        """Send the head of an answer, which no browser may cache: the next save may change it."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print no requests: the terminal is for problems."""


class Server(ThreadingHTTPServer):
    """A server at one address, which stops at once when the command ends."""

    daemon_threads = True
    allow_reuse_address = system.REUSE_ADDRESS

    def __init__(self, family: int, address: tuple[str, int], handler: type[Handler]) -> None:
        """Listen at an address; raise OSError if another program does."""
        self.address_family = family
        super().__init__(address, handler)


def start_servers(port: int, handler: type[Handler], until_the_end: ExitStack) -> None:
    """Listen at each address of localhost, since browsers use ::1 or 127.0.0.1.

    Raise SystemExit if the port is in use at one of them, or cannot be used at all.
    """
    known = socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM)
    listening = 0
    for family, host in dict.fromkeys((family, str(place[0])) for family, *_, place in known):
        try:
            server = Server(family, (host, port), handler)
        except OSError as error:
            if error.errno in system.NO_SUCH_ADDRESS:  # /etc/hosts names ::1, and IPv6 is off
                continue
            another = f"Type invoke serve --port {port + 1}"
            raise SystemExit(f"Port {port}: {error.strerror}. {another}") from None
        until_the_end.callback(server.server_close)
        until_the_end.callback(server.shutdown)
        Thread(target=server.serve_forever, daemon=True).start()
        listening += 1
    if not listening:
        raise SystemExit("This machine has no address for localhost: see its file /etc/hosts.")


def changes(paths: list[Path], **options: Any) -> Iterator[set[tuple[Change, str]]]:  # noqa: ANN401
    """Yield what changes below some folders, and an empty set every 0.1 s without a change.

    The first set says that no change can be missed any more. Folders are polled if the system
    cannot report changes.
    """
    options |= {"step": 20, "yield_on_timeout": True, "rust_timeout": 100}
    try:
        yield from watch(*paths, **options)
    except (OSError, RuntimeError) as error:  # too many watches, or too many watchers
        reason = str(error).partition(" about [")[0].rstrip(".")
        print(
            f"The system tells of no saves ({reason}): they are looked for twice a second instead. "
            "On Linux, sudo sysctl fs.inotify.max_user_watches=524288 "
            "fs.inotify.max_user_instances=1024 lets it.",
            flush=True,
        )
        yield from watch(*paths, force_polling=True, poll_delay_ms=500, **options)


def follow(preview: Preview, watching: Iterator[set[tuple[Change, str]]]) -> None:
    """Rebuild at each save until interrupted."""
    with suppress(KeyboardInterrupt):
        for saved in watching:
            if saved:
                preview.save({path for _, path in saved})


def serve(port: int) -> None:
    """Show the site at http://localhost:PORT until interrupted, and each save as it comes.

    Raise SystemExit if the port is in use.
    """
    init_logging()
    # Two saves of the settings within a second would share one compiled file.
    sys.dont_write_bytecode = True
    preview = Preview()
    handler = type("PreviewHandler", (Handler,), {"preview": preview})
    watching = changes(FOLDERS)
    # The settings' folder is watched, since an editor may replace the file.
    settings = changes([ROOT], recursive=False, watch_filter=lambda _, path: path == str(SETTINGS))
    with ExitStack() as until_the_end, suppress(KeyboardInterrupt):
        Thread(target=follow, args=(preview, settings), daemon=True).start()
        next(watching)
        preview.save(set())
        start_servers(port, handler, until_the_end)
        print(f"http://localhost:{port}/ shows the site. Stop with Ctrl+C.", flush=True)
        follow(preview, watching)
