"""On the forge a failing test names itself beside the code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FAILING = """\
import pytest

@pytest.fixture
def broken():
    raise OSError("no such place: 50%")

def test_sum():
    assert 1 + 1 == 3, "two, and\\nnot three"

def test_setup(broken):
    pass

def test_passes():
    pass
"""


def run(folder: Path, processes: int, **env: str) -> list[str]:
    """Run FAILING as the tests here are run; return the lines of its output."""
    (folder / "test_some.py").write_text(FAILING)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = content\n")
    plain = {name: value for name, value in os.environ.items() if name != "GITHUB_ACTIONS"}
    paths = os.pathsep.join(str(p) for p in (Path(__file__).parent, Path(__file__).parent.parent))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-n", str(processes), "test_some.py"],
        cwd=folder,
        env={**plain, "PYTHONPATH": paths, **env},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if line.startswith("::")]


@pytest.mark.parametrize("processes", [0, 1])
def test_a_failing_test_is_an_annotation_on_the_forge(tmp_path: Path, processes: int) -> None:
    failed, error = run(tmp_path, processes, GITHUB_ACTIONS="true")
    assert failed.startswith(
        "::error file=test_some.py,line=8::test_sum: AssertionError: two, and%0A  not three"
    )
    assert error == "::error file=test_some.py,line=5::test_setup: OSError: no such place: 50%25"


def test_elsewhere_there_is_none(tmp_path: Path) -> None:
    assert run(tmp_path, 0) == []
