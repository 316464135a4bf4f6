"""The commands of this project: `invoke --list` is the manual."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from invoke import Context, Exit, task

from tools import system

ROOT = Path(__file__).resolve().parent
UV = os.environ.get("UV", "uv")

system.set_up_output()


def run(*command: str, folder: Path = ROOT, **env: str) -> None:
    """Run a command; its failure ends the task with its exit code."""
    sys.stdout.flush()
    code = subprocess.run(command, cwd=folder, env={**os.environ, **env}).returncode
    if code:
        raise Exit(code=code)


@task
def build(c: Context) -> None:
    """Build the site into output/; what was there stays until the new one is whole."""
    from tools.publish import release

    release.build(ROOT)


@task
def publish(c: Context) -> None:
    """Build the site for the address in SITEURL, check it, and only then put it into output/."""
    from tools.publish import release

    release.publish(ROOT)


@task
def rollback(c: Context) -> None:
    """Put the release before this one back into output/; the same again undoes it."""
    from tools.publish import release

    release.rollback(ROOT)


@task(positional=["server"])
def hosting(c: Context, server: str) -> None:
    """Print the published site's settings for a web server: nginx or caddy."""
    from tools.publish import servers

    print(servers.snippet(server, ROOT), end="")


@task
def serve(c: Context, port: str = "8000") -> None:
    """Show the site at http://localhost:8000: every save, every draft, and every problem."""
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise SystemExit(f"--port {port}: write a number up to 65535, such as --port 8000.")
    from tools.preview import server

    server.serve(int(port))


@task
def check(c: Context) -> None:
    """Find every problem in the content: a line each, with file, line and how to write it."""
    from tools.check import language

    if code := language.check(ROOT):
        raise Exit(code=code)


def check_title(arguments: list[str]) -> None:
    """Raise SystemExit if `invoke new` has no title, or several words without quotation marks.

    Invoke itself would take the second word for a command, and say that it knows no such one.
    """
    command, *words = arguments or [""]
    if command == "new" and len(words) != 1 and not any(word.startswith("-") for word in words):
        title = " ".join(words) or "A title"
        raise SystemExit(f'Put the title in quotation marks: invoke new "{title}"')


check_title(sys.argv[1:])


@task(positional=["title"])
def new(c: Context, title: str) -> None:
    """Begin a post: a draft with today's date, under content/posts/."""
    from tools import drafts

    print(drafts.new(ROOT, title))


@task
def drafts(c: Context) -> None:
    """List the drafts, with their dates."""
    from tools import drafts as listing

    print(listing.drafts(ROOT))


def install() -> list[str]:
    """Install what the tests need; return pytest's options to skip what this system lacks."""
    from tools.packages import TESTS, install_missing

    if system.WINDOWS:
        raise SystemExit(
            "The tests need Linux or macOS: they stop, limit and fork processes. Here invoke check "
            "and invoke build say whether a change is right; in WSL all tests run."
        )
    options = []
    for package in install_missing(TESTS):
        print(f"There is no {package.needed} here: tests/{package.tests} is left out.")
        options.append(f"--ignore=tests/{package.tests}")
    run(UV, "sync", "-q", "--frozen", "--inexact", "--group", "test")
    npm = system.program("npm")
    run(npm, "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", folder=ROOT / "tests")
    return options


@task
def test(c: Context, options: str = "") -> None:
    """Run every test, in the browser too; install first what they need. --options go to pytest."""
    left_out = install()
    run(UV, "run", "-q", "--no-sync", "pytest", *left_out, *shlex.split(options))


@task
def bench(c: Context, visit: bool = False) -> None:
    """Print build times beside plain Pelican's; --visit: the figures of a reader's first visit."""
    install()
    run(UV, "sync", "-q", "--frozen", "--inexact", "--group", "bench")
    module = "bench.visit" if visit else "bench.speed"
    run(UV, "run", "-q", "--no-sync", "python", "-m", module, PYTHONPATH=str(ROOT / "tests"))


@task
def fonts(c: Context) -> None:
    """Cut the web fonts again from their pinned packages; the same versions give the same bytes."""
    run(UV, "run", "-q", "--frozen", "--group", "fonts", "python", "tools/fonts.py")


@task
def due(c: Context, on: str = "", links: bool = False, notices: bool = False) -> None:
    """List what a person should check again; --on 2027-03-01: as of that day.

    --links asks each link on the web whether it answers, --notices Crossref and PubMed whether a
    source was retracted.
    """
    from datetime import date

    if links:
        run(UV, "sync", "-q", "--frozen", "--inexact", "--group", "links")
    from tools import due as looks

    try:
        day = date.fromisoformat(on) if on else date.today()
    except ValueError:
        raise SystemExit(f"--on {on} is no day: write it as --on 2027-03-01.") from None
    print(looks.due(ROOT, day, ask_links=links, ask_notices=notices))


@task(positional=["before", "after"])
def changes(c: Context, before: str, after: str) -> None:
    """Print, in Markdown, how the pages of two builds differ: their words before and after."""
    from tools import changes as builds

    print(builds.report(Path(before), Path(after)))
