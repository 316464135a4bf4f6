"""Print how a first visit to each kind of page stands beside a bare page of the same text."""

import html
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from statistics import median
from threading import Thread
from typing import Any

import web_servers
from conftest import KINDS, copy_project, invoke, parse, text_of

from tools.publish import assets
from tools.publish import servers as hosting

HOST = "https://reading-room.internal"
ROUNDS = 3
# Seconds that every question is late: the round trip of Lighthouse's mobile preset. With no way to
# go, fonts that nothing waits for are there before the first paint, and are counted into it.
ROUND_TRIP = 0.15
SCORES = {"performance": "perf", "accessibility": "a11y", "best-practices": "best", "seo": "seo"}
FIGURES = {"FCP": "FCP ms", "LCP": "LCP ms", "TBT": "TBT ms", "CLS": "CLS"}
SIZES = {"page": "page B", "fonts": "fonts B", "all": "all B", "requests": "requests"}


@contextmanager
def far_away(port: int) -> Iterator[int]:
    """Pass on what is asked of a local port, late, and what it answers; give the port to ask."""

    def carry(source: socket.socket, target: socket.socket, seconds: float) -> None:
        target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):
            while data := source.recv(65_536):
                time.sleep(seconds)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    class Way(BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(("127.0.0.1", port)) as server:
                Thread(target=carry, args=(server, self.request, 0), daemon=True).start()
                carry(self.request, server, ROUND_TRIP)

    with ThreadingTCPServer(("127.0.0.1", 0), Way) as way:
        way.daemon_threads = True
        Thread(target=way.serve_forever, daemon=True).start()
        yield way.server_address[1]
        way.shutdown()


def write_bare(output: Path, kind: str) -> None:
    """Write, under bare/, a page of the same words without any style, and pack it."""
    page = parse(output / kind)
    lines = [line.strip() for line in text_of(page.find("body")).splitlines()]
    bare = output / "bare" / kind
    bare.parent.mkdir(parents=True, exist_ok=True)
    bare.write_text(
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(text_of(page.find('.//title')))}</title>"
        + "".join(f"<p>{html.escape(line)}</p>" for line in lines if line),
        encoding="utf-8",
    )
    assets.pack(bare)


def measured(port: int) -> Iterator[Any]:
    """Yield what visit.mjs prints: to each kind ROUNDS visits and as many bare ones, in turn."""
    paths = [kind.removesuffix("index.html") for kind in KINDS]
    asked = {
        "executablePath": shutil.which("chromium") or shutil.which("google-chrome"),
        "args": [
            "--no-sandbox",
            "--ignore-certificate-errors",
            f"--host-resolver-rules=MAP * 127.0.0.1:{port}",
        ],
        "visits": [
            f"{HOST}/{way}{path}" for path in paths for _ in range(ROUNDS) for way in ("", "bare/")
        ],
        "from": f"{HOST}/calmer-thoughts/",
    }
    command = ["node", "visit.mjs", json.dumps(asked)]
    with subprocess.Popen(command, cwd=Path(__file__).parent, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield from map(json.loads, process.stdout)
    if process.returncode:
        raise SystemExit("The browser or Lighthouse failed; see above.")


def row(kind: str, ours: list[dict[str, Any]], bare: list[dict[str, Any]]) -> str:
    """Return a kind's line of the table, all medians, and a line for what cost it a point."""
    we, they = (
        {name: median(visit[name] for visit in visits) for name in visits[0] if name != "short"}
        for visits in (ours, bare)
    )
    cells = [f"{we[name]:9.0f}" for name in [*SCORES, "FCP", "LCP", "TBT"]] + [f"{we['CLS']:9.3f}"]
    cells += [f"{we[name] / they[name]:9.3f}" for name in ("FCP", "LCP")] + [f"{they['TBT']:9.0f}"]
    cells += [f"{we[name]:9,.0f}" for name in SIZES]
    short = sorted({title for visit in ours for title in visit["short"]})
    return "\n    short of 100: ".join([f"{kind:44}{''.join(cells)}", *short])


def main() -> None:
    """Publish every kind of page, serve it with nginx as `invoke hosting` says, and visit it."""
    with tempfile.TemporaryDirectory() as scratch:
        project = copy_project(Path(scratch, "project"))
        published = invoke(project, "publish", SITEURL=HOST)
        if published.returncode:
            raise SystemExit(published.stderr)
        for kind in KINDS:
            write_bare(project / "output", kind)
        folder = Path(scratch, "nginx")
        folder.mkdir()
        with (
            web_servers.nginx(hosting.snippet("nginx", project), folder) as server,
            far_away(server.https) as port,
        ):
            heads = [
                *SCORES.values(),
                *FIGURES.values(),
                "FCP/bare",
                "LCP/bare",
                "bare TBT",
                *SIZES.values(),
            ]
            print(f"{f'Medians of {ROUNDS} visits':44}{''.join(f'{head:>9}' for head in heads)}")
            lines = measured(port)
            for kind in KINDS:
                visits = [next(lines) for _ in range(2 * ROUNDS)]
                print(row(kind, visits[::2], visits[1::2]), flush=True)
            clicks = list(lines)
            print(
                f"From the click to the next part's paint: {median(clicks):.0f} ms "
                f"({min(clicks):.0f} to {max(clicks):.0f}, {len(clicks)} clicks)"
            )


if __name__ == "__main__":
    main()
