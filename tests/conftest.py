"""The site is built once for all tests; a test that breaks something breaks a copy."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
import warm
from playwright.sync_api import Browser, sync_playwright

# Where this is set, each of the many processes would compile every library again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

ROOT = Path(__file__).parent.parent
UNDER_A_PATH = "https://example.org/sub"
PROJECT = [
    "content", "theme", "plugins", "tools", "pelicanconf.py", "publishconf.py",
    "tasks.py", "pyproject.toml", "README.md",
]  # fmt: skip

# One page of each kind that the theme draws.
KINDS = [
    "index.html",
    "reducing-suicidal-ideation/index.html",
    "a-word-of-caution-and-consideration/index.html",
    "an-ordinary-post/index.html",
    "about/index.html",
    "get-help-now/index.html",
    "is-ketamine-approved/index.html",
    "sources/index.html",
    "archives/index.html",
    "archives/page-2/index.html",
    "2026/index.html",
    "2026/11/index.html",
    "categories/index.html",
    "category/benefits/index.html",
    "tags/index.html",
    "tag/depression/index.html",
    "authors/index.html",
    "author/a-mental-health-therapist/index.html",
    "404.html",
]

ORDINARY_POST = """\
Title: An ordinary post
Date: 2026-11-24
Category: Notes
Tags: depression, reading
Summary: A post outside the series.

Somebody of this site wrote this, with a source ([Dean 2021](#dean2021unipolar)).

## A heading

- A list
- of two

| A table | with two columns |
|---------|------------------|
| one     | two              |
"""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of all faults: what was done, what was said, how the build ended."""
    reports = [r for name in ("passed", "failed") for r in terminalreporter.getreports(name)]
    rows = [value for r in reports for name, value in r.user_properties if name == "fault"]
    if rows:
        terminalreporter.section("faults, what is said of them, and the exit code")
        for case, said, code in rows:
            terminalreporter.write_line(
                f"{case:42} {code}  {said if said and code else 'SWALLOWED'}"
            )
        swallowed = sum(not (said and code) for _, said, code in rows)
        terminalreporter.write_line(f"{len(rows)} faults, {swallowed} swallowed")


# Nobody has written a summary: its first paragraph stands in.
POST_WITHOUT_SUMMARY = """\
Title: A post without a summary
Date: 2026-11-24

Words *with* marks & a source ([Dean 2021](#dean2021unipolar)).
"""


@dataclass(frozen=True)
class Built:
    """What a build left behind: its exit code, what it said, and its folder."""

    code: int
    said: str
    folder: Path

    def text(self, page: str) -> str:
        """Return a file of the output as it is."""
        return (self.folder / page).read_text(encoding="utf-8")

    def page(self, page: str) -> Element:
        """Return a page as a browser reads it."""
        return parse(self.folder / page)

    def pages(self) -> list[str]:
        """Return the names of all HTML pages."""
        return sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob("*.html"))


@cache
def parse(path: Path) -> Element:
    """Read a page with the HTML standard's own algorithm."""
    return html5lib.parse(path.read_text(encoding="utf-8"), namespaceHTMLElements=False)


def text_of(element: Element, without: Callable[[Element], bool] = lambda _: False) -> str:
    """Return an element's text, leaving out every element below it that `without` names."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and not without(child):
            parts.append(text_of(child, without))
        parts.append(child.tail or "")
    return "".join(parts)


def has_class(element: Element, name: str) -> bool:
    """Say whether an element has a class."""
    return name in element.get("class", "").split()


def copy_project(folder: Path) -> Path:
    """Copy what the commands need, so that a test can break it."""
    for name in PROJECT:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    return folder


def run(project: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m` a command in a copy of the project."""
    return warm.run(project, list(command), {**os.environ, **env})


def build(
    project: Path, out: Path, *options: str, settings: str = "pelicanconf.py", **env: str
) -> Built:
    """Build a project as a writer's Pelican does."""
    built = run(project, "pelican", "-s", settings, "-o", str(out), *options, **env)
    return Built(built.returncode, built.stdout + built.stderr, out)


def invoke(project: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run one of the project's commands in a copy of it."""
    return run(project, "invoke", *words, **env)


def fingerprint(folder: Path) -> dict[str, str]:
    """Return the digest of every file of an output."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The project as it stands, built at a domain's root."""
    built = build(ROOT, tmp_path_factory.mktemp("site"))
    assert built.code == 0, built.said
    return built


def with_every_kind(folder: Path) -> Path:
    """Copy the project with posts outside the series, and lists short enough to go on."""
    project = copy_project(folder)
    (project / "content/posts/an-ordinary-post.md").write_text(ORDINARY_POST)
    (project / "content/posts/no-summary.md").write_text(POST_WITHOUT_SUMMARY)
    conf = project / "pelicanconf.py"
    few = conf.read_text().replace("DEFAULT_PAGINATION = 50", "DEFAULT_PAGINATION = 4")
    assert "DEFAULT_PAGINATION = 4\n" in few
    conf.write_text(few)
    return project


@pytest.fixture(scope="session")
def project_with_post(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project from which every kind of page is built."""
    return with_every_kind(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def every_kind(project_with_post: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The project with one post more, built at a domain's root: every kind of page is there."""
    built = build(project_with_post, tmp_path_factory.mktemp("every-kind"))
    assert built.code == 0, built.said
    return built


@pytest.fixture(scope="session")
def published(project_with_post: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The same, as it is published under a path."""
    built = build(
        project_with_post,
        tmp_path_factory.mktemp("published"),
        settings="publishconf.py",
        SITEURL=UNDER_A_PATH,
    )
    assert built.code == 0, built.said
    return built


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project to break."""
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "No Chromium on this machine: `invoke test` installs it or says how."
    quiet = ["disable-background-networking", "disable-component-update", "disable-sync"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", *(f"--{name}" for name in quiet)]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def address(every_kind: Built) -> Iterator[str]:
    """The address at which every kind of page is served."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(every_kind.folder))

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
