"""Print how a first visit to each kind of page stands beside a bare page of the same text.

The pages are this project's own; the figures are kept in .github/visit.md.
"""

import html
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from statistics import median
from threading import Thread
from typing import Any

import web_servers
from bench.speed import machine
from conftest import ROOT, Built, copy_repository, invoke, parse, text_of
from expected import Content

from tools.publish import assets
from tools.publish import servers as hosting

HOST = "https://reading-room.internal"
ROUNDS = 5
# Seconds that every question is late: the round trip of Lighthouse's mobile preset. With no way to
# go, fonts that nothing waits for are there before the first paint, and are counted into it.
ROUND_TRIP = 0.15
SCORES = ["performance", "accessibility", "best-practices", "seo"]
COLUMNS = [
    "page", "scores", "FCP", "of bare", "LCP", "of bare", "TBT", "bare TBT", "layout", "bare layout",
    "CLS", "page", "fonts", "requests",
]  # fmt: skip
PREFACE = f"""\
# A first visit

`invoke bench --visit` published this project, served it with nginx and visited each kind of page with
Lighthouse's mobile preset, each visit in turn with one to a page of the same words without any style
("bare"): medians of {ROUNDS}, beside FCP and LCP their share of the bare page's. The scores are
performance, accessibility, best practices and SEO; times are in ms, sizes in bytes over the wire.
"layout" is what Chromium's trace gives for style and layout, which a bare page has little of: most of
what keeps a first paint from the bare page's.
"""


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


def measured(port: int, kinds: list[str], start: str) -> Iterator[Any]:
    """Yield what visit.mjs prints: to each kind ROUNDS visits and as many bare ones, in turn.

    Clicks lead from the page `start` to the part after it.
    """
    paths = [kind.removesuffix("index.html") for kind in kinds]
    options = {
        "executablePath": shutil.which("chromium") or shutil.which("google-chrome"),
        "args": [
            "--no-sandbox",
            "--ignore-certificate-errors",
            f"--host-resolver-rules=MAP * 127.0.0.1:{port}",
        ],
        "visits": [
            f"{HOST}/{way}{path}" for path in paths for _ in range(ROUNDS) for way in ("", "bare/")
        ],
        "from": f"{HOST}/{start}",
    }
    command = ["node", "visit.mjs", json.dumps(options)]
    with subprocess.Popen(command, cwd=Path(__file__).parent, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield from map(json.loads, process.stdout)
    if process.returncode:
        raise SystemExit("The browser or Lighthouse failed; see above.")


def row(kind: str, ours: list[dict[str, Any]], bare: list[dict[str, Any]]) -> str:
    """Return a kind's line of the table, all medians, with what cost it a point."""
    page, plain = (
        {name: median(visit[name] for visit in visits) for name in visits[0] if name != "short"}
        for visits in (ours, bare)
    )
    short = sorted({title for visit in ours for title in visit["short"]})
    cells = [
        "/" + kind.removesuffix("index.html"),
        " ".join(f"{page[name]:.0f}" for name in SCORES) + "".join(f"; {title}" for title in short),
    ]
    for name in ("FCP", "LCP"):
        cells += [f"{page[name]:,.0f}", f"**{page[name] / plain[name]:.3f}**"]
    cells += [f"{visits[name]:.0f}" for name in ("TBT", "layout") for visits in (page, plain)]
    cells += [f"{page['CLS']:.3f}"]
    cells += [f"{page[name]:,.0f}" for name in ("page", "fonts", "requests")]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Publish every kind of page, serve it with nginx as `invoke hosting` says, and visit it."""
    with tempfile.TemporaryDirectory() as scratch:
        project = copy_repository(Path(scratch, "project"))
        published = invoke(project, "publish", SITEURL=HOST)
        if published.returncode:
            raise SystemExit(published.stdout + published.stderr)
        content = Content(project)
        kinds = content.kinds(Built(0, "", project / "output"))
        for kind in kinds:
            write_bare(project / "output", kind)
        folder = Path(scratch, "nginx")
        folder.mkdir()
        table = [f"| {' | '.join(COLUMNS)} |", "|---|---" + "|--:" * (len(COLUMNS) - 2) + "|"]
        print("\n".join(table), flush=True)
        with (
            web_servers.nginx(hosting.snippet("nginx", project), folder) as server,
            far_away(server.https) as port,
        ):
            lines = measured(port, kinds, content.parts[0].page.removesuffix("index.html"))
            for kind in kinds:
                visits = [next(lines) for _ in range(2 * ROUNDS)]
                table.append(row(kind, visits[::2], visits[1::2]))
                print(table[-1], flush=True)
            clicks = list(lines)
    measure = [
        f"From the click to the next part's paint: {median(clicks):.0f} ms "
        f"({min(clicks):.0f} to {max(clicks):.0f}, {len(clicks)} clicks).",
        f"{date.today()}, {machine()}.",
    ]
    print("", *measure, sep="\n")
    text = "\n\n".join([PREFACE + "\n" + "\n".join(table), *measure])
    (ROOT / ".github/visit.md").write_text(f"{text}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
