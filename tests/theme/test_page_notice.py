"""On a page with a notice the helplines follow its answer, and precede the words that need them."""

from pathlib import Path

import pytest
from conftest import build, copy_project, text_of

from plugins.helplines import split

HEAD = "Title: Is it safe?\nDate: 2021-03-01\nNotice: crisis\nSummary: A page.\n\n"
ANSWER, NEED = "On most days it is.", "Some think of suicide there."


@pytest.mark.parametrize(
    ("html", "before"),
    [
        ("<p>Yes.</p>\n<p>More.</p>", "<p>Yes.</p>"),
        ("<p>Yes,\nit is.</p>\n<h2>Why</h2>", "<p>Yes,\nit is.</p>"),
        ("<p>Yes.</p>", ""),
        ("<h2>Why</h2>\n<p>Yes.</p>", ""),
        ("<ul>\n<li><p>Yes.</p></li>\n<li>No.</li>\n</ul>", ""),
        ("<p>Of suicide.</p>\n<p>More.</p>", ""),
        ("<p>Of <em>sui</em>cide.</p>\n<p>More.</p>", ""),
        ("<p>They don&#8217;t want to live.</p>\n<p>More.</p>", ""),
        ("", ""),
    ],
)
def test_only_a_first_paragraph_that_needs_no_help_stands_before_the_helplines(
    html: str, before: str
) -> None:
    first, rest = split(html)
    assert first == before
    assert (first + rest).replace("\n", "") == html.replace("\n", "")


@pytest.mark.parametrize(
    ("words", "order"),
    [
        (f"{ANSWER}\n\n{NEED}\n", [ANSWER, "Call", NEED]),
        (f"{NEED}\n\n{ANSWER}\n", ["Call", NEED, ANSWER]),
        (f"{NEED}\n", ["Call", NEED]),
        (f"{ANSWER}\n\n- A.\n- {NEED}\n", [ANSWER, "Call", NEED]),
    ],
)
def test_the_helplines_stand_in_their_place_on_the_page(
    words: str, order: list[str], tmp_path: Path
) -> None:
    project = copy_project(tmp_path / "project")
    (project / "content/pages/is-it-safe.md").write_text(HEAD + words, encoding="utf-8")
    built = build(project, tmp_path / "out")
    assert built.code == 0, built.printed
    main = text_of(built.page("is-it-safe/index.html").find(".//main"))
    places = [main.index(each) for each in order]
    assert places == sorted(places)
    assert all(main.count(each) == 1 for each in order if each != "Call")


def test_the_page_of_help_begins_with_the_helplines(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    page = project / "content/pages/get-help-now.md"
    head = page.read_text(encoding="utf-8").partition("\n\n")[0]
    page.write_text(f"{head}\n\n{ANSWER}\n\nAnd more.\n", encoding="utf-8")
    built = build(project, tmp_path / "out")
    assert built.code == 0, built.printed
    main = text_of(built.page("get-help-now/index.html").find(".//main"))
    assert main.index("Call") < main.index(ANSWER)


def test_a_page_whose_helplines_follow_the_words_that_need_them_fails_the_build(
    tmp_path: Path,
) -> None:
    project = copy_project(tmp_path / "project")
    template = project / "theme/templates/page.html"
    text = template.read_text(encoding="utf-8")
    notice, rest = '{% include "notice.html" %}', "{{ page.after_notice }}"
    assert notice in text and rest in text
    text = text.replace(notice, "").replace(rest, rest + notice)
    template.write_text(text, encoding="utf-8")
    (project / "content/pages/is-it-safe.md").write_text(
        f"{HEAD}{ANSWER}\n\n{NEED}\n", encoding="utf-8"
    )
    built = build(project, tmp_path / "out", "-q")
    assert built.code != 0
    assert "out/is-it-safe/index.html:1: This page was written, but it lacks" in built.printed
