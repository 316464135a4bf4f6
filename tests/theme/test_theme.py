"""Every page comes from the theme of this project, and every kind of page is there."""

import re
from pathlib import Path

import pelican
import pytest
from conftest import KINDS, ROOT, Built, build, text_of

TEMPLATES = ROOT / "theme/templates"
SIMPLE = Path(pelican.__file__).parent / "themes/simple/templates"
ASKED_FOR = ["base", "index", "article", "page", "archives", "tag", "404", "sitemap", "robots"]


def test_every_template_pelican_asks_for_is_the_themes_own() -> None:
    ours = {path.stem for path in TEMPLATES.glob("*.html")}
    assert ours.issuperset(ASKED_FOR)
    named = re.compile(r'{%-? (?:extends|include|import|from) ["\']([^"\']+)')
    for template in TEMPLATES.glob("*.html"):
        for name in named.findall(template.read_text()):
            assert (TEMPLATES / name).exists(), f"{template.name} falls back for {name}"


def test_no_template_goes_through_all_posts_to_see_whether_there_is_one() -> None:
    """Where each page of a list did that, the time grew with the square of their number."""
    list_as_condition = re.compile(r"\bif [^%{}]*\|list(?: else| *[%}]})")
    assert list_as_condition.search('{{ "s" if posts|rejectattr("part")|list else "" }}')
    for template in TEMPLATES.glob("*.html"):
        assert not list_as_condition.search(template.read_text(encoding="utf-8")), template.name


@pytest.mark.parametrize("name", sorted(p.stem for p in SIMPLE.glob("*.html")))
def test_a_template_taken_away_fails_the_build_or_is_never_asked_for(
    project: Path, tmp_path: Path, name: str
) -> None:
    template = project / f"theme/templates/{name}.html"
    if template.exists():
        template.unlink()
        built = build(project, tmp_path / "out")
        assert built.code != 0
        assert name in built.printed
    else:
        assert name not in ASKED_FOR


@pytest.mark.parametrize("kind", KINDS)
def test_site_of_page_is_built(site: Built, kind: str) -> None:
    page = site.page(kind)
    assert "@layer blocks" in text_of(page.find(".//style"))
    assert text_of(page.find(".//h1")).strip()


def test_a_misspelt_name_in_a_template_fails_the_build(project: Path, tmp_path: Path) -> None:
    template = project / "theme/templates/article.html"
    template.write_text(template.read_text().replace("article.title", "article.titel"))
    built = build(project, tmp_path / "out")
    assert built.code != 0
    assert "titel" in built.printed


def test_markup_in_a_title_is_text_on_every_page(project: Path, tmp_path: Path) -> None:
    header = "Date: 2021-03-01\nCategory: Notes\nTags: this & that\nSummary: Ones & twos."
    for name, title in (("marks", 'Less < more & "so" on'), ("other", "Of the same topic")):
        post = f"Title: {title}\n{header}\n\nText.\n"
        (project / f"content/posts/{name}.md").write_text(post, encoding="utf-8")
    built = build(project, tmp_path / "out")
    assert built.code == 0, built.printed
    title = "Less < more & “so” on"
    post = built.page("marks/index.html")
    assert text_of(post.find(".//h1")).strip() == title
    assert text_of(post.find(".//title")).startswith(title)
    assert post.find(".//meta[@property='og:title']").get("content") == title
    assert post.find(".//meta[@name='description']").get("content") == "Ones & twos."
    listed = [name for name in built.pages() if name.startswith("archives/")]
    assert title in "".join(text_of(built.page(name).find(".//main")) for name in listed)
    assert "this & that" in text_of(built.page("tag/this-that/index.html").find(".//h1"))
