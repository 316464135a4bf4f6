"""Print how the published release stands behind nginx: its load beside a bare file, its headers."""

import statistics
import subprocess
import tempfile
from pathlib import Path

import web_servers

from tools.publish import servers as hosting

ROOT = Path(__file__).parent.parent
ROUNDS, SECONDS = 15, 2


def requests_a_second(url: str) -> float:
    """Return how many requests wrk gets answered in a second by an address, packed with brotli."""
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "-H", "Accept-Encoding: br", url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"wrk was not answered:\n{said}")
    return float(said.split("Requests/sec:")[1].split()[0])


def main() -> None:
    """Ask home and a bare file of its size in turn, and take the median of the rounds' ratios."""
    home = (ROOT / "output/index.html.br").read_bytes()
    with (
        tempfile.TemporaryDirectory() as folder,
        web_servers.nginx(hosting.snippet("nginx", ROOT), Path(folder)) as server,
    ):
        (server.folder / "bare/home.html").write_bytes(home)
        path = hosting.home_path(ROOT / "output")
        rounds = [
            (
                requests_a_second(f"http://127.0.0.1:{server.bare}/home.html"),
                requests_a_second(f"http://127.0.0.1:{server.plain}{path}"),
            )
            for _ in range(ROUNDS)
        ]
        bare, site = (statistics.median(column) for column in zip(*rounds, strict=True))
        ratios = sorted(site / bare for bare, site in rounds)
        print(f"Home, {len(home)} bytes packed, {ROUNDS} rounds of {SECONDS} s in turn:")
        print(f"  a bare file {bare:,.0f} requests/s, home {site:,.0f} requests/s (medians)")
        print(f"  ratio {statistics.median(ratios):.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f})")
        result = web_servers.observatory(server)
        print(f"MDN HTTP Observatory: {result['grade']}, {result['score']}")


if __name__ == "__main__":
    main()
