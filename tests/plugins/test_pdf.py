"""The PDF is the same bytes everywhere, and where it cannot be made that is said in a sentence."""

import os
from pathlib import Path

import pytest
from conftest import UNDER_A_PATH, Built, build, copy_project, fingerprint, invoke


def pdf(built: Built) -> dict[str, str]:
    """Return the names and digests of the PDFs in an output."""
    files = fingerprint(built.folder)
    return {name: digest for name, digest in files.items() if name.endswith(".pdf")}


def test_the_same_words_give_the_same_bytes_elsewhere(published: Built, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "another folder")
    for path in project.rglob("*"):
        os.utime(path, (1, 1))
    again = build(
        project,
        tmp_path / "again",
        settings="publishconf.py",
        SITEURL=UNDER_A_PATH,
        TZ="Pacific/Kiritimati",
        LC_ALL="C.UTF-8",
        PYTHONHASHSEED="7",
    )
    assert again.code == 0, again.printed
    assert pdf(again) == pdf(published)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("raise ImportError", "uv run --group publish invoke publish, "),
        ("print('long')\nraise OSError", "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 "),
    ],
    ids=["WeasyPrint", "Pango"],
)
def test_without_what_it_needs_publishing_says_what_to_install_and_changes_nothing(
    project: Path, broken: str, message: str
) -> None:
    (project / "weasyprint.py").write_text(broken)
    output = project / "output"
    output.mkdir()
    (output / "index.html").write_text("published")
    run = invoke(project, "publish", SITEURL="https://one.internal")
    assert run.returncode == 1
    sentence, stays = run.stderr.splitlines()
    assert sentence.startswith("The PDF needs ")
    assert message in sentence
    assert stays == "The build failed; output/ stays as it was."
    assert "long" not in run.stdout
    assert [path.read_text() for path in output.iterdir()] == ["published"]


def test_a_slip_in_its_stylesheet_ends_the_build(project: Path, tmp_path: Path) -> None:
    (project / "theme/templates/book.html").write_text('<html lang="en"><title>A</title><p>A')
    with (project / "theme/css/book.css").open("a") as sheet:
        sheet.write("p { colour: red }\n")
    run = build(project, tmp_path / "out", settings="publishconf.py", SITEURL=UNDER_A_PATH)
    assert run.code == 1
    assert "colour: red" in run.printed
