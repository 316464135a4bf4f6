"""A writer's commands answer in words, and the guide says what the check does."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT, build, invoke

from tools.content import header as headers
from tools.project import read_settings


def test_check_prints_the_grade_of_each_part_and_ends_well(project: Path) -> None:
    run = invoke(project, "check")
    assert run.returncode == 0, run.stdout + run.stderr
    grades = re.findall(r"posts/[1-5]-.*US grade (\d\.\d)", run.stdout)
    assert len(grades) == 5
    assert all(float(grade) <= 8 for grade in grades)


def test_check_finds_a_misspelling_and_untidy_markdown(project: Path) -> None:
    post = project / "content/posts/a-post.md"
    post.write_text("Title: A\nDate: 2021-03-01\n\nI recieve words.\n## A\nWords.\n")
    run = invoke(project, "check")
    assert run.returncode == 1
    assert re.search(
        r"content/posts/a-post\.md:4: recieve is misspelled: write receive", run.stdout
    )
    assert re.search(r"content/posts/a-post\.md:\d+: .*MD022", run.stdout)


def test_new_writes_a_draft_that_is_valid_and_never_overwrites(
    project: Path, tmp_path: Path
) -> None:
    run = invoke(project, "new", "What I read: a list!")
    assert run.returncode == 0, run.stderr
    post = project / "content/posts/what-i-read-a-list.md"
    first = post.read_text()
    assert f"Date: {date.today()}\nStatus: draft" in first
    assert invoke(project, "check").returncode == 0
    again = invoke(project, "new", "What I read: a list!")
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert post.read_text() == first
    assert build(project, tmp_path / "out").code == 0
    assert not list((tmp_path / "out").rglob("*what-i-read*"))


def test_drafts_are_listed_with_their_dates(project: Path) -> None:
    (project / "content/posts/not-yet.md").unlink()
    assert "no drafts" in invoke(project, "drafts").stdout
    (project / "content/posts/later.md").write_text(
        "Title: Later\nDate: 2199-01-01\nStatus: draft\n\nX.\n"
    )
    assert "2199-01-01 (to come)  content/posts/later.md  Later" in invoke(project, "drafts").stdout


def test_the_guide_says_what_the_header_rules_are() -> None:
    rows = re.findall(
        r"^\| (\w+) \| ([\w, ]+) \| (.+) \|$", (ROOT / "content/README.md").read_text(), re.M
    )
    assert rows.pop(0) == ("Key", "In", "What it says")
    guide = {
        (key, place): description for key, where, description in rows for place in where.split(", ")
    }
    for kind, keys in headers.KEYS.items():
        for name, key in keys.items():
            place = f"{kind}s"
            assert guide.pop((name.title(), place), None) == key.description, (name, place)
    assert not guide


def test_the_guide_names_tests_that_are_there() -> None:
    named = re.findall(r"`(tests/[^`]+)`", (ROOT / "content/README.md").read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_guide_names_the_categories_and_shows_a_fault_free_header() -> None:
    guide = (ROOT / "content/README.md").read_text()
    *first, last = read_settings(ROOT)["CATEGORIES"]
    assert f"The categories are {', '.join(first)} and {last}." in guide


@pytest.mark.parametrize("address", ["", "https://forge.example/edit/main"])
def test_a_page_can_be_edited_where_the_repository_is_known(
    project: Path, tmp_path: Path, address: str
) -> None:
    conf = project / "pelicanconf.py"
    conf.write_text(
        conf.read_text().replace('REPOSITORY_EDIT_URL = ""', f'REPOSITORY_EDIT_URL = "{address}"')
    )
    built = build(project, tmp_path / "out")
    assert built.code == 0, built.printed
    page = built.text("about/index.html")
    assert ("Edit this page" in page) == bool(address)
    assert (f"{address}/content/pages/about.md" in page) == bool(address)


def test_pre_commit_and_the_forge_run_what_a_writer_runs() -> None:
    hook = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert "entry: uv run -q --frozen invoke check\n" in hook
    assert "always_run: true\n" in hook  # for deletions and settings too
    for workflow, command in {"check.yml": "invoke check", "test.yml": "invoke test"}.items():
        text = (ROOT / ".github/workflows" / workflow).read_text(encoding="utf-8")
        assert re.search(rf"{command}( --options .*)?$", text, re.M), workflow
    command = re.search(r"^python3 -m venv.*invoke test$", (ROOT / "README.md").read_text(), re.M)
    assert command
    assert command[0].replace(" -q ", " ") in (ROOT / ".ci/run").read_text().replace(" -q ", " ")
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert not {"pytest", "playwright"} & set(dependencies)
