"""The commands of this project: `invoke --list` is the manual."""

import gc
import os
import shutil
from pathlib import Path

from invoke import Context, Exit, task

from plugins.pdf import LIBRARIES
from tools.publish import release

# What is imported stays to the end. Looking through it for garbage then takes a tenth of a build.
gc.freeze()

ROOT = Path(__file__).parent
UV = os.environ.get("UV", "uv")
# What the tests need from the system, and the Debian package that holds it.
SYSTEM = {
    "chromium": "chromium",
    "java": "default-jre-headless",
    "pdftotext": "poppler-utils",
    "openssl": "openssl",
    "caddy": "caddy",
    **LIBRARIES,
    "/usr/sbin/nginx": "nginx-light",
    "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so": "libnginx-mod-http-brotli-static",
}


def run(c: Context, command: str, folder: Path = ROOT) -> None:
    """Run a command; its failure ends the task with its exit code."""
    with c.cd(str(folder)):
        result = c.run(command, warn=True)
    if result.exited:
        raise Exit(code=result.exited)


@task
def build(c: Context, settings: str = "pelicanconf.py") -> None:
    """Build the site into output/; what was there stays until the new one is whole."""
    release.release(ROOT, settings)


@task
def publish(c: Context) -> None:
    """Build the site for the address in SITEURL, check it, and only then put it into output/."""
    release.publish(ROOT)


@task
def rollback(c: Context) -> None:
    """Put the release before this one back into output/; the same again undoes it."""
    release.rollback(ROOT)


@task(positional=["server"])
def hosting(c: Context, server: str) -> None:
    """Print the published site's settings for a web server: nginx or caddy."""
    from tools.publish import servers

    print(servers.snippet(server, ROOT), end="")


@task
def serve(c: Context, port: str = "8000") -> None:
    """Show the site at http://localhost:8000: every save, every draft, and every fault."""
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise Exit(f"--port {port}: write a number up to 65535, such as --port 8000.", code=1)
    from tools.preview import server

    server.serve(int(port))


@task
def check(c: Context) -> None:
    """Find every fault in the content: a line each, with file, line and how to write it."""
    from tools.check import language

    if code := language.check(ROOT):
        raise Exit(code=code)


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


def install_system_packages(c: Context, wanted: dict[str, str]) -> None:
    """Install what is missing of the system's packages, or stop with the command to type."""
    from ctypes.util import find_library

    found = (shutil.which, lambda name: Path(name).exists(), find_library)
    missing = [wanted[name] for name in wanted if not any(there(name) for there in found)]
    if not missing:
        return
    said = f"This needs {', '.join(missing)}."
    if not shutil.which("apt-get"):
        raise Exit(f"{said} Install them, and try again.", code=1)
    install = f"sh -c 'apt-get update -qq && apt-get install -y -qq {' '.join(missing)}'"
    if os.getuid() == 0:
        run(c, install)
    elif c.run("sudo -n true", warn=True, hide=True).ok:
        run(c, f"sudo -n {install}")
    else:
        raise Exit(f"{said} Type:\n\n    sudo {install}\n", code=1)


def install(c: Context, wanted: dict[str, str]) -> None:
    """Install what the tests need from the system, from the lock file and from npm."""
    install_system_packages(c, wanted)
    run(c, f'"{UV}" sync -q --frozen --inexact --group test')
    run(c, "npm ci --silent --ignore-scripts --no-audit --no-fund", folder=ROOT / "tests")


@task
def test(c: Context, options: str = "") -> None:
    """Run every test, in the browser too; install first what they need. --options go to pytest."""
    install(c, SYSTEM)
    run(c, f'"{UV}" run -q --no-sync pytest {options}')


@task
def bench(c: Context, load: bool = False, visit: bool = False) -> None:
    """Print speeds beside plain Pelican's; --load: requests/s; --visit: a first visit's figures."""
    install(c, {**SYSTEM, "wrk": "wrk"})
    run(c, f'"{UV}" sync -q --frozen --inexact --group bench')
    for measure in ["load"] * load + ["visit"] * visit or ["speed"]:
        run(c, f'PYTHONPATH=. "{UV}" run -q --no-sync python tests/{measure}.py')


@task
def fonts(c: Context) -> None:
    """Cut the web fonts again from their pinned packages; the same versions give the same bytes."""
    run(c, f'"{UV}" run -q --frozen --group fonts python tools/fonts.py')


@task
def due(c: Context, on: str = "", links: bool = False, notices: bool = False) -> None:
    """List what wants a person's look again; --on 2027-03-01: as of that day.

    --links asks each link on the web whether it answers, --notices asks Crossref for retractions.
    """
    from datetime import date

    if links:
        run(c, f'"{UV}" sync -q --frozen --inexact --group links')
    from tools import due as looks

    try:
        day = date.fromisoformat(on) if on else date.today()
    except ValueError:
        raise Exit(f"--on {on} is no day: write it as --on 2027-03-01.", code=1) from None
    print(looks.due(ROOT, day, ask_links=links, ask_notices=notices))


@task(positional=["before", "after"])
def changes(c: Context, before: str, after: str) -> None:
    """Print, in Markdown, how the pages of two builds differ: their words before and after."""
    from tools import changes as builds

    print(builds.report(Path(before), Path(after)))
