"""Each site is built once for all tests; a test that breaks something breaks a copy.

What stands in tests/site/ runs on the corpus and on the project's own content, and takes what it
expects from the content's files; all other tests know the corpus alone.
"""

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
from expected import Content
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

# Where this is set, each of the many processes would compile every library again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Under CI commands print annotations too: a test of those sets it.
os.environ.pop("CI", None)
sys.dont_write_bytecode = False

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "tests/corpus"
UNDER_A_PATH = "https://example.org/sub"
CODE = [
    "theme", "plugins", "tools", "pelicanconf.py", "publishconf.py", "tasks.py", "pyproject.toml",
    "README.md",
]  # fmt: skip

# One page of each kind that the theme draws, in the corpus.
KINDS = [
    "index.html",
    "company-in-dark-hours/index.html",
    "a-word-on-ice-and-traffic/index.html",
    "an-ordinary-post/index.html",
    "about/index.html",
    "get-help-now/index.html",
    "questions-before-a-walk/index.html",
    "sources/index.html",
    "archives/index.html",
    "archives/page-2/index.html",
    "tag/sleep/index.html",
    "404.html",
]

# A post to add to the corpus: as one there, under another title.
ORDINARY_POST = (
    (CORPUS / "content/posts/an-ordinary-post.md")
    .read_text(encoding="utf-8")
    .replace("An ordinary post", "Another ordinary post")
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `--project=FOLDER` name the project whose content is tested; without it, this one."""
    parser.addoption("--project", type=Path, default=ROOT, help="whose content/ to test")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what stands in tests/site/ on the corpus, and on the project's own content."""
    test = metafunc.definition
    on_both = test.path.parent.name == "site" and not test.get_closest_marker("corpus")
    if on_both and "root" in metafunc.fixturenames:
        content = pytest.param("content", marks=pytest.mark.content)
        metafunc.parametrize("root", ["corpus", content], indirect=True, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each trouble that a test holds reach the table of faults, from any worker."""
    for item in items:
        names = [mark.args[0] for mark in item.iter_markers("trouble")]
        item.user_properties.extend(("trouble", name) for name in names)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of all faults, and on the forge an annotation for each test that failed."""
    reports = [r for name in ("passed", "failed") for r in terminalreporter.getreports(name)]
    rows = [value for r in reports for name, value in r.user_properties if name == "fault"]
    held = [(name, value, r) for r in reports for name, value in r.user_properties]
    rows += [
        (trouble, f"held by {report.nodeid}" if report.passed else "", 1)
        for trouble, report in sorted(
            {value: report for name, value, report in held if name == "trouble"}.items()
        )
    ]
    if rows:
        terminalreporter.section("faults, what is said of them, and the exit code")
        for case, message, code in rows:
            outcome = message if message and code else "SWALLOWED"
            terminalreporter.write_line(f"{case:42} {code}  {outcome}")
        swallowed = sum(not (message and code) for _, message, code in rows)
        terminalreporter.write_line(f"{len(rows)} faults, {swallowed} swallowed")
    if os.environ.get("GITHUB_ACTIONS"):
        for name in ("failed", "error"):
            for report in terminalreporter.getreports(name):
                terminalreporter.write_line(annotation(report, terminalreporter.config.rootpath))


def annotation(report: pytest.TestReport | pytest.CollectReport, root: Path) -> str:
    """Return a failed test as a line that GitHub shows beside the code.

    The line is that of the failure where it lies in the repository, else that of the test.
    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    file, line, name = report.location or (report.nodeid, 0, report.nodeid)
    message = report.longreprtext.strip().rpartition("\n")[2]
    if crash := getattr(report.longrepr, "reprcrash", None):
        message = crash.message
        path = Path(crash.path)
        if path.is_relative_to(root) and ".venv" not in path.parts:
            file, line = path.relative_to(root).as_posix(), crash.lineno - 1
    text = f"{name}: {message}"[:500].replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    place = Path(file).as_posix().replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::error file={place},line={(line or 0) + 1}::{text}"


@dataclass(frozen=True)
class Built:
    """What a build left behind: its exit code, what it said, and its folder."""

    code: int
    printed: str
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


def copy_code(folder: Path, root: Path = ROOT) -> Path:
    """Copy what the commands need, without any content."""
    for name in CODE:
        source, target = root / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return folder


def copy_repository(folder: Path, root: Path = ROOT) -> Path:
    """Copy a project with its own content."""
    copy_code(folder, root)
    shutil.copytree(root / "content", folder / "content")
    return folder


def copy_project(folder: Path) -> Path:
    """Copy the code with the corpus in place of the content, so that a test can break it."""
    copy_code(folder)
    shutil.copytree(CORPUS / "content", folder / "content")
    with (folder / "pelicanconf.py").open("a", encoding="utf-8", newline="\n") as settings:
        settings.write("\n" + (CORPUS / "settings.py").read_text(encoding="utf-8"))
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


Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder once for all processes that run tests: `once(name, make)` returns it."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if hasattr(request.config, "workerinput") else base

    def folder(name: str, make: Callable[[Path], object]) -> Path:
        made = base / f"{name}.made"
        with FileLock(base / f"{name}.lock"):
            if not made.exists():
                make(base / name)
                made.touch()
        return base / name

    return folder


@pytest.fixture(scope="session")
def root(request: pytest.FixtureRequest, once: Once) -> Path:
    """The project that is tested: a copy with the corpus, or the one that --project names."""
    if getattr(request, "param", "corpus") == "content":
        return request.config.getoption("project").resolve()
    return once("corpus", copy_project)


@pytest.fixture(scope="session")
def content(root: Path) -> Content:
    """What the files of the tested project say."""
    return Content(root)


def built(once: Once, root: Path, name: str, settings: str, **env: str) -> Built:
    """Build a project once, and return what that left behind."""

    def make(folder: Path) -> None:
        done = build(root, folder, settings=settings, **env)
        assert done.code == 0, done.printed

    # The browser's report and the Nu checker's name files below it.
    return Built(0, "", once(f"{name}-of-{root.name}", make))


@pytest.fixture(scope="session")
def site(root: Path, once: Once) -> Built:
    """The project, built at a domain's root."""
    return built(once, root, "site", "pelicanconf.py")


@pytest.fixture(scope="session")
def published(root: Path, once: Once) -> Built:
    """The same, as it is published under a path, with pictures to share and the PDF."""
    return built(once, root, "published", "publishconf.py", SITEURL=UNDER_A_PATH)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with the corpus, to break."""
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
def address(site: Built) -> Iterator[str]:
    """The address at which the built site is served."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(site.folder))

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
