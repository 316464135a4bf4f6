"""Every letter of a name or a note is in the PDF and in the pictures, or it is named before."""

import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from conftest import ROOT, UNDER_A_PATH, build, copy_project, invoke

from tools.check.letters import lacking, letters

KNOWN = letters(ROOT / "theme")
# Names of real shapes and no real people, and the signs that medicine writes.
AUTHORS = "Dvořák, Émile and São Bento, Øyvind and García, Íñigo"
PRINTED = [
    "Dvořák É",
    "São Bento Ø",
    "García Í",
    "A small trial by Ángel Ążę: 5-HT₂A ≥ ½ µg → β ≤ 2²",
]
FACES = ["source-serif-4", "source-serif-4-600", "source-serif-4-italic", "source-sans-3",
         "source-sans-3-600"]  # fmt: skip


def first_part(project: Path) -> Path:
    """Return the first part of the article."""
    return next((project / "content/posts").glob("1-*.md"))


def with_names(project: Path) -> str:
    """Give a source that the first part cites other authors and another title; return its key."""
    bib = project / "content/sources.bib"
    text = bib.read_text(encoding="utf-8")
    key = re.search(r"\]\(#([\w-]+)\)", first_part(project).read_text(encoding="utf-8"))[1]
    start = text.index(f"{{{key},")
    end = (text + "\n@").index("\n@", start)
    entry = re.sub(r"(?m)^  author = .*\n(?:   .*\n)*", "", text[start:end])
    entry = re.sub(r"(?m)^  title = .*\n(?:   .*\n)*", "", entry)
    title = PRINTED[-1]
    entry = entry.replace(
        f"{{{key},", f"{{{key},\n  author = {{{AUTHORS}}},\n  title = {{{title}}},", 1
    )
    bib.write_text(text[:start] + entry + text[end:], encoding="utf-8", newline="\n")
    for file in (project / "content").glob("p*/*.md"):
        words = re.sub(
            rf"\[[^]]*?(\d*)\]\(#{key}\)",
            rf"[Dvořák \1](#{key})",
            file.read_text(encoding="utf-8"),
        )
        file.write_text(words, encoding="utf-8", newline="\n")
    return key


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF of a project in whose sources those names stand."""
    project = copy_project(tmp_path_factory.mktemp("letters") / "project")
    with_names(project)
    out = tmp_path_factory.mktemp("out")
    built = build(project, out, settings="publishconf.py", SITEURL=UNDER_A_PATH)
    assert built.code == 0, built.printed
    return next(out.glob("*.pdf"))


@pytest.mark.trouble("111 accented authors in the PDF")
def test_names_and_signs_come_out_of_the_pdf_as_they_went_in(pdf: Path) -> None:
    text = subprocess.check_output(["pdftotext", pdf, "-"], text=True)
    words = " ".join(text.split())
    for name in PRINTED:
        assert name in words, name


def test_each_style_is_one_face_of_the_sites_own(pdf: Path) -> None:
    with pikepdf.open(pdf) as book:
        fonts = {
            str(font.BaseFont).partition("+")[2]: set(font.DescendantFonts[0].FontDescriptor.keys())
            for page in book.pages
            for font in page.Resources.get("/Font", {}).values()
        }
    assert fonts
    for name, keys in fonts.items():
        assert name.startswith("Source-S"), name
        assert {"/FontFile2", "/FontFile3"} & keys, name


def test_the_whole_faces_are_not_served_and_bring_their_licence(pdf: Path) -> None:
    fonts = ROOT / "theme/print-fonts"
    assert sorted(font.stem for font in fonts.glob("*.woff2")) == sorted(FACES)
    for font in fonts.glob("*.woff2"):
        licence = fonts / f"LICENSE-{re.sub('-(600|italic)$', '', font.stem)}.txt"
        assert "SIL OPEN FONT LICENSE" in licence.read_text(encoding="utf-8").upper()
        assert not list(pdf.parent.rglob(font.name))


@pytest.mark.parametrize("face", FACES)
def test_every_face_has_every_letter_that_the_check_lets_pass(face: str) -> None:
    from fontTools.ttLib import TTFont

    with TTFont(ROOT / f"theme/print-fonts/{face}.woff2") as font:
        assert KNOWN - {"\n", "\t"} <= set(map(chr, font.getBestCmap()))
    assert not lacking("".join(PRINTED), KNOWN)


CASES = {
    "in a title": ("posts/a-note.md", "Title: A 😀 note\nDate: 2021-03-01\n\nWords.\n", 1, "😀"),
    "in a letter's own script": (
        "posts/a-note.md", "Date: 2021-03-01\nTitle: 中文\n\nWords.\n", 2, "中"),
}  # fmt: skip


@pytest.mark.trouble("202 letters in a title")
@pytest.mark.parametrize("case", CASES)
def test_a_title_with_a_letter_that_no_font_has_is_named(tmp_path: Path, case: str) -> None:
    file, text, line, sign = CASES[case]
    project = copy_project(tmp_path / "project")
    (project / "content" / file).write_text(text, encoding="utf-8")
    checked = invoke(project, "check")
    assert checked.returncode == 1
    assert f"content/{file}:{line}: " in checked.stdout + checked.stderr
    assert f"“{sign}”" in checked.stdout + checked.stderr


@pytest.mark.trouble("110 letters the fonts lack")
def test_a_note_with_signs_that_no_font_has_is_named_in_check_and_publish(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    part = first_part(project)
    text = part.read_text(encoding="utf-8")
    at = text.index("\n- ") + 3
    line = text.count("\n", 0, at) + 1
    part.write_text(f"{text[:at]}☎ {text[at:]}", encoding="utf-8", newline="\n")
    problem = f"content/posts/{part.name}:{line}: The site's fonts lack “☎” (U+260E)"
    for command in (["check"], ["publish"]):
        run = invoke(project, *command, SITEURL="https://reading-room.internal")
        assert run.returncode == 1
        assert problem in run.stdout + run.stderr, command


def test_a_source_with_a_letter_that_no_font_has_is_named(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    key = with_names(project)
    bib = project / "content/sources.bib"
    text = bib.read_text(encoding="utf-8").replace("Ángel", "中")
    bib.write_text(text, encoding="utf-8", newline="\n")
    line = text[: text.index("中")].count("\n") + 1
    run = invoke(project, "check")
    assert f"content/sources.bib:{line}: {key}: The site's fonts lack “中”" in (
        run.stdout + run.stderr
    )


def test_an_ordinary_posts_words_may_be_in_any_script(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    post = project / "content/posts/a-greeting.md"
    post.write_text("Title: A greeting\nDate: 2021-03-01\n\nWe say 你好.\n", encoding="utf-8")
    run = invoke(project, "check")
    assert "fonts lack" not in run.stdout + run.stderr
