"""Print and plot how fast this project builds and shows a save, beside plain Pelican."""

import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import matplotlib.pyplot as plt
from conftest import copy_repository
from playwright.sync_api import Page, sync_playwright
from posts import multiply

ROOT = Path(__file__).parent.parent.parent
ROUNDS = {6: 15, 100: 9, 1_000: 5, 10_000: 3}
SAVES, PLAIN_SAVES = 15, 6
PLAIN = """\
SITENAME = "Plain Pelican"
TIMEZONE = "UTC"
TYPOGRIFY = True
PATH = "content"
ARTICLE_PATHS = ["posts"]
PAGE_PATHS = []
"""
BUILDS = {"anew": "built anew", "alone": "in one process", "changed": "one post changed"}
COLUMNS = ["posts", "plain Pelican", *BUILDS.values(), "memory", "save to page"]

PREFACE = """\
# How fast it builds, and shows a save

`invoke bench` built the same posts in turn, with plain Pelican (default theme, `TYPOGRIFY = True`)
and with this project (all its checks, pages and notes), and took medians. The second build anew
uses one processor, as plain Pelican does. Bold is the share of plain Pelican's time. Memory is the largest process's. A save is timed until it is in Chromium's DOM,
and beside it until `pelican --autoreload` has written the page's file.
"""


def second_part(project: Path) -> Path:
    """Return the file of the article's second part."""
    return next((project / "content/posts").glob("2-*.md"))


def edit(part: Path, number: int) -> str:
    """Change a sentence of a part's notes; return a word that was nowhere before."""
    text = re.sub(r"\n\nIt was seen.*", "", part.read_text().rstrip())
    source = re.search(r"\(\[[^\]]*\]\(#[^)]*\)\)", text)[0]
    part.write_text(f"{text}\n\nIt was seen word{number} times {source}.\n")
    return f"word{number} times"


def run(folder: Path, *command: str, **env: str) -> tuple[float, float]:
    """Run `python -m` a command; return its seconds and the MiB of its largest process."""
    shutil.rmtree(folder / "output.old", ignore_errors=True)
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {folder}")
    return seconds, used.ru_maxrss / 1024


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("localhost", 0)) as free:
        return free.getsockname()[1]


def saves(project: Path, page: Page) -> list[float]:
    """Return the seconds from each save to the DOM of the browser, by `invoke serve`."""
    port = free_port()
    command = [sys.executable, "-m", "invoke", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True)
    while "shows the site" not in server.stdout.readline():
        pass
    part = second_part(project)
    page.goto(f"http://localhost:{port}/{part.stem.removeprefix('2-')}/")
    results = []
    for number in range(SAVES):
        time.sleep(0.5)
        start = time.perf_counter()
        word = edit(part, 1_000 + number)
        page.wait_for_selector(f"text={word}", state="attached")
        results.append(time.perf_counter() - start)
    page.goto("about:blank")
    server.terminate()
    server.communicate()
    return results[1:]


def plain_saves(plain: Path) -> list[float]:
    """Return the seconds from each save to the page's file, by `pelican --autoreload`."""
    command = [sys.executable, "-m", "pelican", "--autoreload", "-o", "output", "-q"]
    server = subprocess.Popen(command, cwd=plain, stdout=subprocess.DEVNULL)
    part = second_part(plain)
    written = plain / "output" / f"{part.stem.removeprefix('2-')}.html"
    results = []
    for number in range(PLAIN_SAVES):
        start = time.perf_counter()
        word = edit(part, 2_000 + number)
        while not (written.exists() and word in written.read_text(encoding="utf-8")):
            time.sleep(0.005)
            waited = time.perf_counter() - start
            if waited > 10 + 3 * max(results, default=20):  # it was not listening yet
                part.touch()
                start = time.perf_counter()
        results.append(time.perf_counter() - start)
        time.sleep(1 + results[-1])  # it listens again when it has written everything
    server.terminate()
    server.communicate()
    return results[1:]


def measure(folder: Path, count: int, page: Page) -> dict[str, float]:
    """Build plainly, anew and after one change, in turn; return the medians, and those of saves."""
    project, plain = multiply(copy_repository(folder / "project"), count), folder / "plain"
    shutil.copytree(project / "content", plain / "content")
    (plain / "pelicanconf.py").write_text(PLAIN)
    rounds = []
    for number in range(ROUNDS[count]):
        shutil.rmtree(plain / "output", ignore_errors=True)
        seconds, memory = {"plain": run(plain, "pelican", "-o", "output", "-q")[0]}, []
        for name, env in {"alone": {"PROCESSES": "1"}, "anew": {}, "changed": {}}.items():
            if name == "changed":
                edit(second_part(project), number)
            else:
                shutil.rmtree(project / ".cache", ignore_errors=True)
            seconds[name], largest = run(project, "invoke", "build", **env)
            memory.append(largest)
        ratios = {f"{name} ratio": seconds[name] / seconds["plain"] for name in BUILDS}
        rounds.append({**seconds, **ratios, "memory": max(memory)})
    results = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    save, plainly = (statistics.median(s) for s in (saves(project, page), plain_saves(plain)))
    return {**results, "save": save, "save ratio": save / plainly}


def machine() -> str:
    """Describe the machine that measured."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", info.read_text())[1] if info.exists() else ""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{platform.system()} {platform.machine()}, {model}, {len(os.sched_getaffinity(0))} "
        f"processors, {memory:.0f} GiB; Python {platform.python_version()}"
    )


def table(results: dict[int, dict[str, float]]) -> str:
    """Return the figures as a Markdown table."""
    lines = [f"| {' | '.join(COLUMNS)} |", "|--:" * len(COLUMNS) + "|"]
    for count, figures in results.items():
        each = {name: 1000 * figures[name] / count for name in BUILDS}
        cells = [
            f"{count:,}",
            f"{figures['plain']:.2f} s",
            *(
                f"{figures[name]:.2f} s, **{figures[f'{name} ratio']:.2f}**, {each[name]:.2f} ms each"
                for name in BUILDS
            ),
            f"{figures['memory']:.0f} MiB",
            f"{1000 * figures['save']:.0f} ms, **{figures['save ratio']:.2f}**",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def plot(results: dict[int, dict[str, float]], path: Path) -> None:
    """Draw the builds' seconds and the saves' against the number of posts."""
    plt.rcParams |= {"svg.hashsalt": "speed", "svg.fonttype": "none", "font.family": "sans-serif"}
    figure, axes = plt.subplots(figsize=(7, 4))
    for name, label, style in (
        ("plain", "plain Pelican", "s--"),
        ("anew", "this project, built anew", "o-"),
        ("changed", "this project, one post changed", "^-"),
        ("save", "invoke serve: from the save to the page", "D:"),
    ):
        axes.plot(
            list(results), [figures[name] for figures in results.values()], style, label=label
        )
    axes.set(xscale="log", yscale="log", xlabel="posts", ylabel="seconds")
    axes.set_xticks(list(results), [f"{count:,}" for count in results])
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})


def main() -> None:
    """Measure every size, or those named on the command line; keep what all sizes gave."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    sizes = [int(size) for size in sys.argv[1:]] or list(ROUNDS)
    results = {}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for count in sizes:
            results[count] = measure(Path(folder, str(count)), count, chromium.new_page())
            print(table(results).splitlines()[-1], flush=True)
    text = f"{table(results)}\n\n{time.strftime('%Y-%m-%d')}, {machine()}."
    print(f"\n{text}")
    if sizes == list(ROUNDS):
        (ROOT / ".github/speed.md").write_text(f"{PREFACE}\n{text}\n")
        plot(results, ROOT / ".github/speed.svg")


if __name__ == "__main__":
    main()
