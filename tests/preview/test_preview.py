"""The preview, save by save: what it shows is what a build would write, or says why not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ORDINARY_POST, build, invoke
from session import Session, authors_word, first_part


@pytest.fixture
def session(project: Path) -> Iterator[Session]:
    """The project's preview."""
    session = Session(project)
    yield session
    session.stop()


def main_of(page: str) -> str:
    """Return what stands in a page's main part."""
    return re.search(r"<main.*</main>", page, re.DOTALL)[0]


def edited(path: Path, old: str, new: str) -> Path:
    """Replace some text of a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
    return path


@pytest.mark.trouble("160 misspelt name in a template")
def test_a_name_misspelt_in_a_template_is_told_at_the_themes_file_and_line(
    project: Path, session: Session, tmp_path: Path
) -> None:
    post = first_part(project)
    address = f"{post.stem[2:]}/"
    good = session.get(address)[1]
    template = project / "theme/templates/article.html"
    lines = template.read_text(encoding="utf-8").split("\n")
    number = next(n for n, line in enumerate(lines, 1) if "{{ article.title }}" in line)
    session.save(edited(template, "{{ article.title }}", "{{ artcle.title }}"))
    page = session.get(address)[1]
    place = f"theme/templates/article.html:{number}: UndefinedError: "
    assert place in page and "artcle" in page
    assert main_of(page) == main_of(good), "the last good page stays"
    session.save(edited(template, "{{ artcle.title }}", "{{ article.title }}"))
    assert session.get(address)[1].count('role="alert"') == 0


def test_a_tag_misspelt_in_a_template_is_told_over_the_last_good_page(
    project: Path, session: Session
) -> None:
    status, good = session.get("")
    assert status == 200
    template = edited(project / "theme/templates/base.html", "{% endblock %}", "{% endblok %}")
    session.save(template)
    page = session.get("")[1]
    assert re.search(r"theme/templates/base\.html:\d+: TemplateSyntaxError: ", page)
    assert main_of(page) == main_of(good)


def test_a_page_that_lost_the_way_to_help_says_so(project: Path, session: Session) -> None:
    template = project / "theme/templates/base.html"
    text = template.read_text(encoding="utf-8")
    line = next(line for line in text.split("\n") if "HELP_URL" in line and "<a" in line)
    session.save(edited(template, line, ""))
    for _ in range(2):  # and again when it is loaded again
        page = session.get("about/")[1]
        assert "about/index.html:1: This page was written, but its second link" in page


def test_a_warning_is_told_at_every_save_that_has_it(project: Path, session: Session) -> None:
    conf = project / "pelicanconf.py"
    plugin = project / "odd.py"
    plugin.write_text(
        "import logging\nfrom pelican import signals\n"
        "def warn(_): logging.getLogger('pelican.any').warning('something is odd')\n"
        "def register(): signals.all_generators_finalized.connect(warn)\n",
        encoding="utf-8",
    )
    edited(conf, '"plugins.strict",', '"plugins.strict", "odd",')
    for _ in range(3):
        assert "something is odd" in session.save(conf)


def test_following_the_guide_clears_a_problem_with_the_authors_words(
    project: Path, session: Session
) -> None:
    """Where the author changed the article, content/article.txt is edited as well."""
    article, part = authors_word(project)
    post = first_part(project)
    assert f"{post.relative_to(project).as_posix()}:" in session.save(*part.do())
    assert session.save(*article.do()) == "Shown.\n"
    assert "something" in session.get(f"{post.stem[2:]}/")[1]


def test_code_that_changed_asks_for_a_new_start_until_it_is_taken_back(
    project: Path, session: Session
) -> None:
    code, page = project / "tools/check/notes.py", project / "content/pages/about.md"
    text = code.read_text(encoding="utf-8")
    code.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    assert "start it again" in session.save(code)
    assert "start it again" in session.save(page)
    code.write_text(text, encoding="utf-8", newline="\n")
    assert session.save(code) == "Shown.\n"


def test_every_page_of_a_list_is_there_whichever_is_asked_for_first(
    project: Path, tmp_path: Path
) -> None:
    conf = project / "pelicanconf.py"
    conf.write_text(
        f"{conf.read_text(encoding='utf-8')}\nDEFAULT_PAGINATION = 2\n", encoding="utf-8"
    )
    built = build(project, tmp_path / "out")
    assert built.code == 0, built.printed
    session = Session(project)
    names = [name for name in built.pages() if name.startswith("archives/")]
    assert len(names) > 2
    for name in reversed(names):
        status, page = session.get(name.removesuffix("index.html"))
        assert status == 200 and main_of(page) == main_of(built.text(name)), name
    session.stop()


@pytest.mark.parametrize(
    "address", ["nowhere/", "a" * 5_000, "../pelicanconf.py", "a/../../x", "\0"]
)
def test_an_address_without_a_page_gets_the_page_for_that(session: Session, address: str) -> None:
    status, page = session.get(address)
    assert status == 404 and "get-help-now" in page
    assert 'role="alert"' not in page


def test_a_draft_has_a_page_and_is_on_no_other(project: Path, session: Session) -> None:
    post = project / "content/posts/a-post.md"
    post.write_text(f"Status: draft\n{ORDINARY_POST}", encoding="utf-8")
    assert session.save(post) == "Shown.\n"
    assert session.get("drafts/a-post/")[0] == 200
    assert session.get("a-post/")[0] == 404
    assert "a-post" not in session.get("archives/")[1]
    assert invoke(project, "check").returncode == 0
