"""Releases and local builds keep apart, and each command mends what a crash left."""

import fcntl
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, copy_project, fingerprint, invoke

from tools import system
from tools.lock import build_lock
from tools.publish import folders as swapping
from tools.publish import release
from tools.publish.folders import Folders, folders, mend, put_in_place, release_address

ONE, OTHER = "https://one.internal", "https://other.internal/sub"


def site(folder: Path, name: str, address: str | None = None) -> None:
    """Make a folder that looks like a release for an address; without one, like a local build."""
    folder.mkdir()
    (folder / "name").write_text(name, encoding="utf-8")
    loc = f"<urlset><url><loc>{address or ''}/</loc></url></urlset>"
    (folder / "sitemap.xml").write_text(loc, encoding="utf-8")
    if address:
        (folder / "_headers").write_text("/*\n", encoding="utf-8")
    time.sleep(0.002)  # the next one is written later


def names(place: Folders) -> dict[str, str]:
    """Return which site each folder of a project holds."""
    paths = sorted(place.output.parent.glob("output*"))
    return {path.name: (path / "name").read_text(encoding="utf-8") for path in paths}


COUNTED = """
import os, sys
from pathlib import Path
from tools import system
from tools.publish import folders as swapping

def counted(real):
    def call(*args):
        real(*args)
        counted.steps += 1
        if counted.steps == {step}:
            os.kill(os.getpid(), 9)
    return call

def none(*_):
    raise OSError("no such step")

counted.steps = 0
place = swapping.folders(Path({root!r}))
Path.rename = counted(Path.rename)
swapping.shutil.rmtree = counted(swapping.shutil.rmtree)
system.exchange = counted(system.exchange) if {exchange} else none
{act}
"""
PUBLISH, ROLLBACK = "swapping.put_in_place(place)", "swapping.swap(place.old, place.output)"


def published(root: Path) -> dict[str, dict[str, str]]:
    site(root / "output.old", "first", ONE)
    site(root / "output", "second", ONE)
    site(root / "output.new", "third", OTHER)
    return {
        "before": {"output": "second", "output.old": "first"},
        "after": {"output": "third", "output.old": "second"},
    }


def published_once(root: Path) -> dict[str, dict[str, str]]:
    site(root / "output", "second", ONE)
    site(root / "output.new", "third", OTHER)
    return {
        "before": {"output": "second"},
        "after": {"output": "third", "output.old": "second"},
    }


def after_a_rollback(root: Path) -> dict[str, dict[str, str]]:
    site(root / "output", "first", ONE)
    site(root / "output.old", "second", ONE)
    site(root / "output.new", "third", OTHER)
    return {
        "before": {"output": "first", "output.old": "second"},
        "after": {"output": "third", "output.old": "first"},
    }


def over_a_local_build(root: Path) -> dict[str, dict[str, str]]:
    site(root / "output.old", "first", ONE)
    site(root / "output", "local")
    site(root / "output.new", "third", OTHER)
    return {
        "before": {"output": "local", "output.old": "first"},
        "after": {"output": "third", "output.old": "first"},
    }


def to_roll_back(root: Path) -> dict[str, dict[str, str]]:
    site(root / "output.old", "first", ONE)
    site(root / "output", "second", OTHER)
    return {
        "before": {"output": "second", "output.old": "first"},
        "after": {"output": "first", "output.old": "second"},
    }


@pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "three-renames"])
@pytest.mark.parametrize(
    ("prepare", "act"),
    [
        (published, PUBLISH),
        (published_once, PUBLISH),
        (after_a_rollback, PUBLISH),
        (over_a_local_build, PUBLISH),
        (to_roll_back, ROLLBACK),
    ],
)
def test_a_kill_after_any_step_is_mended_by_the_next_command(
    tmp_path: Path,
    prepare: Callable[[Path], dict[str, dict[str, str]]],
    act: str,
    exchange: bool,
) -> None:
    seen = []
    for step in range(1, 20):
        root = tmp_path / str(step)
        root.mkdir()
        states = prepare(root)
        script = COUNTED.format(step=step, root=str(root), exchange=exchange, act=act)
        code = subprocess.run([sys.executable, "-c", script], cwd=ROOT).returncode
        place = folders(root)
        if exchange:  # what readers see is whole at each moment
            assert names(place)["output"] in (states["before"]["output"], states["after"]["output"])
        mend(place)
        assert names(place) in states.values(), (step, names(place))
        seen.append(names(place))
        if code == 0:
            assert names(place) == states["after"]
            break
        assert code == -signal.SIGKILL
    else:
        pytest.fail("it never ended")
    assert len(seen) > 1
    done = seen.index(states["after"])
    assert all(state == states["after"] for state in seen[done:]), seen


def refuse_exchange(one: Path, other: Path) -> None:
    raise OSError("no such step")


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_renames_that_fail_are_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    site(tmp_path / "one", "one")
    site(tmp_path / "other", "other")
    real, calls = Path.rename, []

    def rename(path: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == failing:
            raise PermissionError(13, "A program holds it open", str(path))
        return real(path, target)

    monkeypatch.setattr(system, "exchange", refuse_exchange)
    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(PermissionError):
        swapping.swap(tmp_path / "one", tmp_path / "other")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other"]
    assert (tmp_path / "one/name").read_text(encoding="utf-8") == "one"


@pytest.fixture(scope="module")
def published_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that published for OTHER and then for ONE, without its PDF. Not to be changed."""
    project = copy_project(tmp_path_factory.mktemp("releases") / "project")
    with (project / "publishconf.py").open("a", encoding="utf-8") as settings:
        settings.write('BOOK_URL = PUBLISHER = CONTACT = ""\nFUNDING = "Somebody"\n')
    extra = project / "content/extra"
    (extra / ".well-known").mkdir(parents=True)
    (extra / "CNAME").write_text("one.internal\n", encoding="utf-8")
    (extra / ".well-known/apple-app").write_text("{}\n", encoding="utf-8")
    (extra / "google0123.html").write_text("google-site-verification\n", encoding="utf-8")
    (extra / ".DS_Store").write_bytes(b"Bud1")
    for address, printed in ((OTHER, "said under a path"), (ONE, "said")):
        run = invoke(project, "publish", SITEURL=address)
        assert run.returncode == 0, run.stdout + run.stderr
        (project / printed).write_text(run.stdout, encoding="utf-8")
    return project


@pytest.fixture
def project(published_project: Path, tmp_path: Path) -> Path:
    """A copy of it to break."""
    return Path(shutil.copytree(published_project, tmp_path / "project"))


def test_local_builds_leave_the_release_and_the_one_before_it(project: Path) -> None:
    releases = [fingerprint(project / name) for name in ("output", "output.old")]
    for _ in range(2):
        run = invoke(project, "build")
        assert run.returncode == 0, run.stderr
        assert f"output/ keeps the release for {ONE}" in run.stdout
        assert [fingerprint(project / name) for name in ("output", "output.old")] == releases
    assert (project / "output.local/index.html").is_file()
    assert not release_address(project / "output.local")
    run = invoke(project, "rollback")
    assert f"output/ holds the release before, for {OTHER}" in run.stdout
    assert [fingerprint(project / name) for name in ("output.old", "output")] == releases


def test_a_local_build_never_becomes_the_release_before(project: Path) -> None:
    shutil.rmtree(project / "output")
    before = fingerprint(project / "output.old")
    for _ in range(2):
        assert invoke(project, "build").returncode == 0
        assert not release_address(project / "output")
        assert fingerprint(project / "output.old") == before
    run = invoke(project, "rollback")
    assert run.returncode == 0 and "undoes it" not in run.stdout
    assert fingerprint(project / "output") == before
    assert not (project / "output.old").exists()


def test_rollback_refuses_what_is_no_release(project: Path) -> None:
    (project / "output.old/_headers").unlink()
    before = fingerprint(project / "output")
    run = invoke(project, "rollback")
    assert (run.returncode, run.stderr.count("\n")) == (1, 1)
    assert "output.old/ is no release" in run.stderr
    assert fingerprint(project / "output") == before


def test_files_that_a_host_needs_are_published_at_the_root(published_project: Path) -> None:
    for name in ("output", "output.old"):
        for file in ("CNAME", ".well-known/apple-app", "google0123.html"):
            copy = published_project / name / file
            assert copy.read_bytes() == (published_project / "content/extra" / file).read_bytes()
        assert not (published_project / name / ".DS_Store").exists()
    assert invoke(published_project, "check").returncode == 0


def test_such_a_file_never_takes_the_place_of_the_sites_own(project: Path) -> None:
    (project / "content/extra/robots.txt").write_text("Disallow: /\n", encoding="utf-8")
    before = fingerprint(project / "output")
    run = invoke(project, "publish", SITEURL=ONE)
    assert run.returncode == 1
    assert "content/extra/robots.txt:1: The site has a file of that name already." in run.stderr
    assert fingerprint(project / "output") == before


@pytest.mark.trouble("192 files by hand in output")
def test_files_put_into_output_by_hand_are_named_when_they_go(project: Path) -> None:
    (project / "output/.nojekyll").touch()
    (project / "output/.well-known/x").touch()
    run = invoke(project, "publish", SITEURL=ONE)
    assert run.returncode == 0, run.stderr
    assert "The new output/ lacks .nojekyll, .well-known/x, which the one before" in run.stdout
    assert "content/extra/" in run.stdout
    assert (project / "output.old/.nojekyll").exists()


def test_publish_says_how_long_each_stage_took(published_project: Path) -> None:
    lines = (published_project / "said").read_text(encoding="utf-8").splitlines()
    stages = [line.split(" s  ")[1] for line in lines if " s  " in line]
    assert len(stages) >= 6
    assert lines[-1] == f"output/ holds the release for {ONE}; `invoke rollback` goes back."


def test_publish_names_each_setting_in_which_the_owner_says_nothing(
    published_project: Path,
) -> None:
    lines = (published_project / "said").read_text(encoding="utf-8").splitlines()
    named = [line.split()[0] for line in lines if " is empty in pelicanconf.py: " in line]
    assert named == ["PUBLISHER", "CONTACT"]


def test_publish_says_what_is_read_at_the_root_of_a_domain_alone(published_project: Path) -> None:
    below = (published_project / "said under a path").read_text(encoding="utf-8")
    line = "Programs look for robots.txt at https://other.internal/ alone: if that site is yours, "
    assert f"{line}put a copy there.\n" in below
    assert "alone" not in (published_project / "said").read_text(encoding="utf-8")
    settings = {"SITEURL": OTHER, **dict.fromkeys(release.OWNERS_WORDS, "editor@mail.internal")}
    (line,) = release.reminders(settings)
    assert "look for robots.txt and .well-known/security.txt at https://other.internal/" in line


@pytest.mark.parametrize(
    ("terminal", "printed"),
    [
        (False, "the PDF: page 10\nthe PDF: repagination #1\nthe PDF: page 20\n"),
        (True, "the PDF: page 9\rthe PDF: page 10\rthe PDF: repagination #1\rthe PDF: page 20\r"),
    ],
)
def test_publish_shows_each_page_of_the_pdf_as_it_comes(
    terminal: bool,
    printed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    progress = logging.getLogger("weasyprint.progress")
    try:
        release.show_pdf_progress()
        for step in ("formatting structure", "layout - Page 9", "layout - Page 10"):
            progress.info("Step 5 - Creating %s", step)
        for step in ("Repagination #1", "Page 20"):
            progress.info("Step 5 - Creating layout - %s", step)
    finally:
        progress.filters.clear()
    assert re.sub(" {2,}", "", capsys.readouterr().out) == printed


@pytest.mark.trouble("190 output is a link")
@pytest.mark.parametrize("command", ["build", "publish", "rollback"])
def test_an_output_that_is_a_link_is_refused_and_its_target_stays(
    project: Path, tmp_path: Path, command: str
) -> None:
    root = tmp_path / "www"
    (project / "output").rename(root)
    (root / "marker").touch()
    (project / "output").symlink_to(root)
    before = fingerprint(root)
    run = invoke(project, command, SITEURL=ONE)
    assert (run.returncode, run.stderr.count("\n")) == (1, 1), run.stderr
    assert f"output is a link to {root}" in run.stderr
    assert fingerprint(root) == before


@pytest.mark.trouble("191 output is a mount point")
def test_a_mount_point_is_known_and_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert system.is_mount_point(Path("/"))
    assert not system.is_mount_point(tmp_path)
    site(tmp_path / "output", "mounted", ONE)
    monkeypatch.setattr(system, "is_mount_point", lambda folder: folder.name == "output")
    for act in (release.build, release.rollback):
        with pytest.raises(SystemExit, match=r"output/ is mounted here.*mount .* instead"):
            act(tmp_path)
    assert names(folders(tmp_path)) == {"output": "mounted"}


def test_a_file_in_the_place_of_output_is_refused(tmp_path: Path) -> None:
    (tmp_path / "output").touch()
    with pytest.raises(SystemExit, match="output is a file"):
        release.build(tmp_path)


@pytest.mark.trouble("196 read-only folder")
def test_a_folder_that_cannot_be_written_to_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".build.lock").mkdir()
    with pytest.raises(SystemExit, match=r"output/ stays as it was: .*\.build\.lock"):
        release.build(tmp_path)


def test_what_another_user_left_over_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site(tmp_path / "output.new", "left over")

    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder / "name"))

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(SystemExit, match=r"output\.new/ is left over .*sudo rm -r"):
        release.build(tmp_path)


def test_a_release_before_that_cannot_be_deleted_is_told_and_the_new_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    states = published(tmp_path)

    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder / "name"))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuse)
        put_in_place(folders(tmp_path))
    assert names(folders(tmp_path)).items() >= states["after"].items()
    assert "The new output/ is in its place, but: output.new/ is" in capsys.readouterr().err
    mend(folders(tmp_path))
    assert names(folders(tmp_path)) == states["after"]


def test_every_file_can_be_read_by_a_web_server_whatever_the_umask(project: Path) -> None:
    shutil.rmtree(project / "output")
    command = [sys.executable, "-m", "invoke", "build"]
    subprocess.run(command, cwd=project, umask=0o077, check=True, capture_output=True)
    output = project / "output"
    for path in (output, *output.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


def test_ctrl_c_in_a_build_changes_nothing(project: Path) -> None:
    before = fingerprint(project / "output")
    for stages in (0, 1, 2):
        command = [sys.executable, "-m", "invoke", "publish"]
        process = subprocess.Popen(
            command,
            cwd=project,
            env={**os.environ, "SITEURL": "https://third.internal"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert process.stdout
        while not (project / ".build.json").exists():
            assert process.poll() is None
            time.sleep(0.01)
        while stages:
            line = process.stdout.readline()
            assert line, "it ended before it was interrupted"
            stages -= bool(re.match(r" *\d+\.\d s  ", line))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert process.returncode != 0, errors
        assert fingerprint(project / "output") == before


def test_whoever_waits_is_told_for_whom_and_not_for_ever(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom tools.lock import build_lock\n"
        "sys.argv = ['invoke', 'publish']\n"
        f"with build_lock(Path({str(tmp_path)!r})):\n print('held', flush=True)\n time.sleep(60)"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline()
        holder = f"invoke publish, process {process.pid}, since "
        way_out = f"To end it, type: {system.how_to_end(process.pid)}."
        with pytest.raises(SystemExit) as ended, build_lock(tmp_path, patience=0.3):
            pytest.fail("two at once")
        for text in (capsys.readouterr().err, str(ended.value)):
            assert holder in text and way_out in text
        process.kill()
    with build_lock(tmp_path, patience=0.3):  # a dead process holds nothing
        pass
    assert not capsys.readouterr().err


def test_a_forked_process_does_not_outlive_a_killed_build(tmp_path: Path) -> None:
    script = f"""
import os, time
from tools import processes, system
from pathlib import Path
processes.PAGES_WORTH_A_PROCESS = 1
def work(item):
    Path({str(tmp_path)!r}, str(os.getpid())).touch()
    time.sleep(60)
processes.parallel_map(work, range(2))
"""
    environment = {**os.environ, "PROCESSES": "2"}
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment) as process:
        while len(list(tmp_path.iterdir())) < 2:
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    children = [int(path.name) for path in tmp_path.iterdir()]
    late = time.monotonic() + 5
    while alive := [child for child in children if Path(f"/proc/{child}").exists()]:
        states = [Path(f"/proc/{child}/stat").read_text(encoding="utf-8") for child in alive]
        if all(state.rpartition(")")[2].split()[0] == "Z" for state in states):
            break
        assert time.monotonic() < late, "an orphan goes on"
        time.sleep(0.02)


def test_the_lock_is_the_systems_own(tmp_path: Path) -> None:
    with (
        build_lock(tmp_path),
        (tmp_path / ".build.lock").open("r+", encoding="utf-8") as file,
        pytest.raises(BlockingIOError),
    ):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.trouble("194 SITEURL with accents")
@pytest.mark.parametrize(
    ("address", "right"),
    [
        ("https://Reading-Room.org/Sub", "https://reading-room.org/Sub"),
        ("HTTPS://reading-room.org", "https://reading-room.org"),
        ("https://kétamine.org", "https://xn--ktamine-bya.org"),
        ("https://READING.Bücher.shop:8443", "https://reading.xn--bcher-kva.shop:8443"),
    ],
)
def test_an_address_as_people_write_it_is_answered_with_that_of_browsers(
    address: str, right: str
) -> None:
    with pytest.raises(SystemExit) as refused:
        release.public_address(address)
    assert str(refused.value) == (
        f'SITEURL is "{address}": write {right}, which is the same address.'
    )
    assert release.public_address(right) == right


def test_put_in_place_for_the_first_time(tmp_path: Path) -> None:
    site(tmp_path / "output.new", "first", ONE)
    place = folders(tmp_path)
    put_in_place(place)
    assert names(place) == {"output": "first"}
    assert release_address(place.output) == ONE


def test_settings_for_files_put_into_output_by_hand_are_answered(project: Path) -> None:
    with (project / "pelicanconf.py").open("a", encoding="utf-8") as settings:
        settings.write('OUTPUT_RETENTION = ["CNAME"]\n')
    run = invoke(project, "check")
    assert run.returncode == 1
    assert "OUTPUT_RETENTION has no effect" in run.stdout and "content/extra/" in run.stdout


@pytest.mark.trouble("193 Pelican's CNAME recipe")
def test_pelicans_own_recipe_for_such_files_does_no_harm(project: Path) -> None:
    with (project / "pelicanconf.py").open("a", encoding="utf-8") as settings:
        settings.write('STATIC_PATHS = ["images", "extra"]\n')
        settings.write('EXTRA_PATH_METADATA = {"extra/CNAME": {"path": "CNAME"}}\n')
    (project / "content/extra/google0123.html").unlink()  # the recipe is for CNAME alone
    shutil.rmtree(project / "output")
    for command in ("check", "build"):
        run = invoke(project, command)
        assert run.returncode == 0, run.stdout + run.stderr
    cname = project / "output/CNAME"
    assert cname.read_bytes() == (project / "content/extra/CNAME").read_bytes()
