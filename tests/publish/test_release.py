"""What is published stays whole, byte for byte, whatever happens to the next release."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import copy_project, fingerprint, invoke

from tools.lock import build_lock
from tools.publish import links as verify
from tools.publish import release

ONE, OTHER = "https://one.internal", "https://other.internal/sub"
PUBLISH = [sys.executable, "-m", "invoke", "publish"]
Prints = dict[str, dict[str, str]]


def publish(project: Path, site: str) -> None:
    run = invoke(project, "publish", SITEURL=site)
    assert run.returncode == 0, run.stdout + run.stderr


def pages_alone(folder: Path) -> Path:
    """Copy the project without its PDF, which takes seconds and is written as the pages are."""
    project = copy_project(folder)
    with (project / "publishconf.py").open("a") as settings:
        settings.write('BOOK_URL = ""\n')
    return project


def files_of(project: Path) -> dict[str, str]:
    return fingerprint(project / "output")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Prints]:
    """A project that published OTHER and then ONE, and the bytes of both. Not to be changed."""
    project = pages_alone(tmp_path_factory.mktemp("released") / "project")
    prints = {}
    for site in (OTHER, ONE):
        publish(project, site)
        prints[site] = files_of(project)
    assert len(prints[ONE]) > 80
    assert prints[ONE] != prints[OTHER]
    return project, prints


@pytest.fixture
def published(released: tuple[Path, Prints], tmp_path: Path) -> Path:
    """A copy of it to break: ONE is published, OTHER is the release before."""
    return Path(shutil.copytree(released[0], tmp_path / "project"))


@pytest.mark.parametrize("seed", range(5))
def test_a_publish_killed_at_any_moment_leaves_a_whole_release(
    released: tuple[Path, Prints], published: Path, seed: int
) -> None:
    known, chance = list(released[1].values()), random.Random(seed)
    lasts, stopped = 10.0, 0
    while stopped < 10:
        site = ONE if files_of(published) == released[1][OTHER] else OTHER
        started = time.monotonic()
        process = subprocess.Popen(
            PUBLISH,
            cwd=published,
            env={**os.environ, "SITEURL": site},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        with suppress(subprocess.TimeoutExpired):
            # Half of the points fall where most is at stake: into the last part, after Pelican's.
            process.wait(chance.uniform(lasts * 0.6 * (stopped % 2), lasts))
            # It was done before it could be killed: this is how long one lasts.
            lasts = time.monotonic() - started
        # Sometimes with what it started, sometimes leaving that an orphan.
        kill = os.killpg if chance.random() < 0.5 else os.kill
        if process.poll() is None:
            kill(process.pid, signal.SIGKILL)
        assert process.wait() in (0, -signal.SIGKILL)
        stopped += process.returncode != 0
        assert files_of(published) in known
        assert fingerprint(published / "output.old") in known
    publish(published, OTHER)
    assert files_of(published) == released[1][OTHER]
    assert sorted(p.name for p in published.glob("output*")) == ["output", "output.old"]


@pytest.mark.parametrize("share", [0.01, 0.3, 0.99])
def test_a_file_that_cannot_be_written_changes_nothing(
    released: tuple[Path, Prints], published: Path, share: float
) -> None:
    sizes = (path.stat().st_size for path in (published / "output").rglob("*"))
    size = int(share * max(sizes))
    run = subprocess.run(
        PUBLISH,
        cwd=published,
        env={**os.environ, "SITEURL": OTHER, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        capture_output=True,
        text=True,
    )
    assert run.returncode != 0
    assert "File too large" in run.stdout + run.stderr
    assert "output/ stays as it was" in run.stderr
    assert files_of(published) == released[1][ONE]
    publish(published, OTHER)
    assert files_of(published) == released[1][OTHER]


def test_a_full_disk_while_packing_is_told_in_one_sentence(published: Path) -> None:
    script = """
import errno
from pathlib import Path
from tools.publish import assets, release
def full(_):
    raise OSError(errno.ENOSPC, "No space left on device", "index.html.br")
assets.compress = full
release.publish(Path.cwd())
"""
    before = files_of(published)
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=published,
        env={**os.environ, "SITEURL": OTHER},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert run.stderr.endswith(
        "output/ stays as it was: [Errno 28] No space left on device: 'index.html.br'.\n"
    )
    assert "Traceback" not in run.stderr
    assert files_of(published) == before


def test_a_failing_check_changes_nothing(released: tuple[Path, Prints], published: Path) -> None:
    base = published / "theme/templates/base.html"
    whole = base.read_text()
    base.write_text(whole.replace("/theme/favicon.svg", "/theme/favicon.ico"))
    run = invoke(published, "publish", SITEURL=OTHER)
    assert run.returncode == 1
    assert "index.html: https://other.internal/sub/theme/favicon.ico leads nowhere." in run.stderr
    assert "output/ stays as it was." in run.stderr
    assert files_of(published) == released[1][ONE]
    base.write_text(whole)
    publish(published, OTHER)
    assert files_of(published) == released[1][OTHER]


def test_a_second_publish_says_that_it_waits(
    released: tuple[Path, Prints], published: Path
) -> None:
    with build_lock(published):
        process = subprocess.Popen(
            PUBLISH,
            cwd=published,
            env={**os.environ, "SITEURL": OTHER},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr
        message = process.stderr.readline()
        assert (
            message.startswith("Another build is running: ")
            and f"process {os.getpid()}," in message
        )
        assert process.poll() is None
        assert files_of(published) == released[1][ONE]
    with process:
        assert process.wait(60) == 0
    assert files_of(published) == released[1][OTHER]


def test_rollback_goes_back_and_forth(released: tuple[Path, Prints], published: Path) -> None:
    for site in (OTHER, ONE):
        run = invoke(published, "rollback")
        assert run.returncode == 0, run.stderr
        assert files_of(published) == released[1][site]
    shutil.rmtree(published / "output.old")
    run = invoke(published, "rollback")
    assert (run.returncode, run.stderr) == (1, "There is no older release to go back to.\n")
    assert files_of(published) == released[1][ONE]


def test_a_build_that_fails_leaves_what_is_published(
    released: tuple[Path, Prints], published: Path
) -> None:
    (published / "theme/templates/tag.html").unlink()
    assert invoke(published, "build").returncode != 0
    assert files_of(published) == released[1][ONE]


def test_two_publishes_of_one_commit_differ_in_nothing(
    released: tuple[Path, Prints], tmp_path: Path
) -> None:
    project = pages_alone(tmp_path / "another folder")
    for path in project.rglob("*"):
        os.utime(path, (1, 1))
    env = {"SITEURL": ONE, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    subprocess.run(PUBLISH, cwd=project, env={**os.environ, **env}, check=True)
    assert files_of(project) == released[1][ONE]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://reading-room.org",
        "reading-room.org",
        "https://example.org",
        "https://www.example.com/sub",
        "https://your-domain.org",
        "https://your.address",
        "https://localhost:8000",
        "https://127.0.0.1",
        "https://reading-room",
        "https://reading-room.org/?a",
        "https://reading room.org",
        "https://user@reading-room.org",
        "https://[::1",
    ],
)
def test_an_address_that_readers_cannot_use_is_refused_in_one_sentence(address: str) -> None:
    with pytest.raises(SystemExit) as refused:
        release.public_address(address)
    message = str(refused.value)
    assert message.startswith(f'SITEURL is "{address}"')
    assert "set SITEURL to your own, such as https://example.org" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "address",
    ["https://reading-room.org", "https://a.github.io/b_c.d", "https://xn--bcher-kva.shop"],
)
def test_a_public_address_is_taken(address: str) -> None:
    assert release.public_address(address) == address


def test_publish_refuses_before_it_touches_anything(project: Path) -> None:
    for env in ({"SITEURL": ""}, {"SITEURL": "http://reading-room.org/"}):
        run = invoke(project, "publish", **env)
        assert run.returncode == 1
        assert run.stderr.count("\n") == 1
        assert "set SITEURL to your own" in run.stderr
    assert not list(project.glob("output*"))


def edit(path: Path, old: str, new: str, count: int = 1) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, count))


HOME = "index.html"
PROBLEMS = {
    f"{HOME}: its second link, after the one that skips to the text, does not lead to help.": lambda out: (
        edit(out / HOME, 'class="crisis-link" href="https://one.internal/get-help-now/"', "")
    ),
    f"{HOME}: its footer has no link to help.": lambda out: edit(
        out / HOME, "</footer>\n</body>", "</footer><footer></footer></body>"
    ),
    f"{HOME}: no place is called #gone.": lambda out: edit(out / HOME, "#main", "#gone"),
    f"{HOME}: https://one.internal/gone/ leads nowhere.": lambda out: edit(
        out / HOME, "one.internal/archives/", "one.internal/gone/"
    ),
    "sitemap.xml: https://one.internal/about/ is missing.": lambda out: edit(
        out / "sitemap.xml", "<loc>https://one.internal/about/</loc>", ""
    ),
    "sitemap.xml: https://one.internal/gone/ is no page.": lambda out: edit(
        out / "sitemap.xml", "<urlset", "<loc>https://one.internal/gone/</loc><urlset"
    ),
    f"{HOME}: https://one.internal/card.png leads nowhere.": lambda out: (
        out / "card.png"
    ).unlink(),
    **{
        f"{HOME}: it loads {address} from another host: readers' browsers ask for nothing there.": (
            lambda out, element=element: edit(out / HOME, "</head>", f"{element}</head>")
        )
        for address, element in {
            "https://cdn.internal/a.js": '<script src="https://cdn.internal/a.js"></script>',
            "//cdn.internal/a.css": '<link rel="stylesheet" href="//cdn.internal/a.css">',
            "https://cdn.internal/b.css": '<style>@import "https://cdn.internal/b.css";</style>',
            "https://cdn.internal/a.woff2": "<style>a{src:url(https://cdn.internal/a.woff2)}</style>",
            "https://cdn.internal/a.png": '<img alt="" srcset="https://cdn.internal/a.png 2x">',
        }.items()
    },
    f"{HOME}: a tag </main> is missing.": lambda out: edit(out / HOME, "</main>", ""),
    f"{HOME}: a tag <main> is missing.": lambda out: edit(out / HOME, "</main>", "</main></main>"),
    f"{HOME}: the braces of its stylesheet are not balanced.": lambda out: edit(
        out / HOME, "</head>", "<style>a{b{}</style></head>"
    ),
    "There is no page at all.": lambda out: [p.unlink() for p in out.rglob("*.html")],
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_is_wrong_with_a_release_is_named(published: Path, problem: str) -> None:
    settings = {"SITEURL": ONE, "HELP_URL": "get-help-now/"}
    assert verify.verify(published / "output", settings) == []
    PROBLEMS[problem](published / "output")
    assert problem in verify.verify(published / "output", settings)


def test_a_font_an_icon_or_a_path_that_cannot_be_reached_is_named(
    released: tuple[Path, Prints], published: Path
) -> None:
    settings = {"SITEURL": ONE, "HELP_URL": "get-help-now/"}
    output = published / "output"
    for pattern in ("theme/source-serif-4-latin-ext.*.woff2", "theme/icon-180.*.png"):
        file = next(output.glob(pattern))
        file.unlink()
        assert any(file.name in problem for problem in verify.verify(output, settings))
    under = {"SITEURL": OTHER, "HELP_URL": "get-help-now/"}
    edit(published / "output.old" / HOME, f"{OTHER}/archives/", "/archives/")
    problems = verify.verify(published / "output.old", under)
    assert problems == [f"{HOME}: /archives/ leaves the site's path."]
