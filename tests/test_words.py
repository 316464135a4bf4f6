"""The author's words are published word for word, and the site's stand apart from them."""

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from conftest import ROOT, Built, build, has_class, text_of

from tools.check.verbatim import difference
from tools.content.article import passages

ARTICLE = (ROOT / "content/article.txt").read_text(encoding="utf-8")
PASSAGES = passages(ARTICLE)
PARTS = [passage for passage in PASSAGES if passage.title][1:]


def authors_words(page: Element) -> str:
    """Return what stands in a page's main text outside of every region of the site's."""
    main = page.find(".//main")
    assert main is not None
    return text_of(main, without=lambda e: has_class(e, "site") or e.tag in ("svg", "nav"))


def the_article(skip_number: bool = False) -> str:
    """Return the article as one text: numerals without their point, headings without colon."""
    return "\n".join(
        f"{(p.number or '') if not skip_number else ''} {p.title} {p.text}" if p.number
        else f"{p.title} {p.text}"
        for p in PASSAGES
    )  # fmt: skip


def pages_of_the_parts(site: Built) -> list[str]:
    links = site.page("index.html").findall(".//main//nav[@aria-label='Parts of the article']//a")
    return [f"{link.get('href', '').strip('#')}/index.html" for link in links]


def test_home_is_the_whole_article_in_the_authors_order(site: Built) -> None:
    assert difference(the_article(), authors_words(site.page("index.html"))) is None


def test_the_six_parts_put_together_are_the_article(site: Built) -> None:
    pages = pages_of_the_parts(site)
    assert len(pages) == len(PARTS) == 6
    for passage, page in zip(PARTS, pages, strict=True):
        expected = f"{passage.number or ''} {passage.title} {passage.text}"
        assert difference(expected, authors_words(site.page(page))) is None, page


def test_there_is_one_post_for_each_part_with_the_authors_title() -> None:
    posts = sorted((ROOT / "content/posts").glob("[0-9]*.md"))
    titles = [post.read_text().splitlines()[0].removeprefix("Title: ") for post in posts]
    assert titles == [passage.title for passage in PARTS]


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda p: p.title[:20] or "conclusion")
@pytest.mark.parametrize("how", ["changed", "dropped", "added"])
def test_one_word_changed_dropped_or_added_is_named(passage: object, how: str) -> None:
    words = passage.text.split()
    word = words[len(words) // 2]
    now = {"changed": ["perhaps"], "dropped": [], "added": [word, "perhaps"]}[how]
    words[len(words) // 2 : len(words) // 2 + 1] = now
    said = difference(passage.text, " ".join(words))
    assert said
    assert (word if how == "dropped" else "perhaps") in said


def test_quotes_dashes_and_no_break_spaces_are_no_difference() -> None:
    assert difference('a person\'s "own" well-being', "a person’s “own” well-being") is None
    assert difference("one two", "one\xa0two") is None
    assert difference("one, two", "one two")


def test_a_word_changed_in_a_post_changes_the_page_and_is_found(
    project: Path, tmp_path: Path
) -> None:
    post = project / "content/posts/4-facilitating-psychotherapy-and-insight.md"
    post.write_text(post.read_text().replace("often administered", "always administered"))
    built = build(project, tmp_path / "out")
    if built.code == 0:
        said = difference(the_article(), authors_words(built.page("index.html"))) or ""
        assert "often" in said
        assert "always" in said
    else:
        assert post.name in built.said
        assert "always" in built.said


def test_every_region_of_the_sites_on_a_page_of_the_article_says_whose_it_is(site: Built) -> None:
    for page in ["index.html", *pages_of_the_parts(site)]:
        main = site.page(page).find(".//main")
        assert main is not None
        regions = [e for e in main.iter() if isinstance(e.tag, str) and has_class(e, "site")]
        assert regions
        for region in regions:
            assert (
                "dded by this site" in text_of(region)
                or "dded by this site" in region.get("aria-label", "")
                or region.tag == "nav"
                or not text_of(region).strip()
            ), (page, text_of(region)[:80])


def test_the_author_has_no_name(site: Built) -> None:
    for page in ["index.html", *pages_of_the_parts(site)]:
        byline = next(e for e in site.page(page).iter("p") if has_class(e, "byline"))
        assert "a mental health therapist, name not given" in " ".join(text_of(byline).split())
    assert "<name>A mental health therapist</name>" in site.text("feed.xml")
