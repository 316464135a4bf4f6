"""The series follows the file names; a post without a number stands outside it."""

from html import unescape
from pathlib import Path

from conftest import CORPUS, Built, build, text_of

NEW_PART = """\
Title: A part of Zebedee's
Date: 2021-03-01
Category: Benefits
Summary: x.
Status: draft

Words.
"""


def series(built: Built, name: str) -> list[str]:
    """Return where the way through the article leads, on a page."""
    links = built.page(name).findall(".//nav[@aria-label='Parts of the article']//a")
    return [link.get("href", "").strip("/#") for link in links]


def neighbours(built: Built, slug: str) -> tuple[str | None, str | None]:
    page = built.page(f"{slug}/index.html")
    before, after = (page.find(f".//nav/a[@rel='{rel}']") for rel in ("prev", "next"))
    return (
        before.get("href").strip("/") if before is not None else None,
        after.get("href").strip("/") if after is not None else None,
    )


def test_numerals_and_neighbours_follow_from_the_file_names(site: Built) -> None:
    slugs = series(site, "index.html")
    assert len(slugs) == 5
    for number, slug in enumerate(slugs, 1):
        assert (CORPUS / f"content/posts/{number}-{slug}.md").exists()
        assert series(site, f"{slug}/index.html") == slugs
        assert neighbours(site, slug) == (
            slugs[number - 2] if number > 1 else None,
            slugs[number] if number < 5 else "#conclusion",
        )
        if number < 5:
            heading = text_of(site.page(f"{slug}/index.html").find(".//h1"))
            assert heading.split()[0] == str(number)


def test_two_parts_that_change_places_change_them_everywhere(project: Path, tmp_path: Path) -> None:
    posts = project / "content/posts"
    one, two = sorted(posts.glob("[12]-*.md"))
    article = project / "content/article.txt"
    lines = article.read_text(encoding="utf-8").split("\n")
    first, second = (next(i for i, x in enumerate(lines) if f" {n}. " in x) for n in (1, 2))
    for offset in (0, 2):
        a, b = first + offset, second + offset
        lines[a], lines[b] = lines[b], lines[a]
    lines[first] = lines[first].replace(" 2. ", " 1. ")
    lines[second] = lines[second].replace(" 1. ", " 2. ")
    article.write_text("\n".join(lines), encoding="utf-8")
    one.rename(posts / f"2{one.name[1:]}")
    two.rename(posts / f"1{two.name[1:]}")
    built = build(project, tmp_path / "out")
    assert built.code == 0, built.printed
    assert series(built, "index.html")[:2] == [two.stem[2:], one.stem[2:]]
    assert neighbours(built, two.stem[2:]) == (None, one.stem[2:])


def test_a_draft_is_nowhere(project: Path, tmp_path: Path) -> None:
    (project / "content/posts/6-a-draft.md").write_text(NEW_PART)
    (project / "content/posts/another-draft.md").write_text(NEW_PART.replace("part", "post"))
    built = build(project, tmp_path / "out")
    assert built.code == 0, built.printed
    for path in built.folder.rglob("*"):
        assert "draft" not in path.name
        if path.suffix in (".html", ".xml"):
            assert "Zebedee" not in path.read_text(encoding="utf-8")


def test_a_draft_is_shown_to_its_writer_and_says_what_it_is(project: Path, tmp_path: Path) -> None:
    (project / "content/posts/a-draft.md").write_text(NEW_PART)
    place = 'DRAFT_SAVE_AS="drafts/{slug}/index.html"'
    built = build(project, tmp_path / "out", "-e", place)
    assert built.code == 0, built.printed
    assert "A draft: only invoke serve" in built.text("drafts/a-draft/index.html")
    assert "a-draft" not in built.text("archives/index.html")


def lists(built: Built, name: str) -> str:
    """Return a list's pages as one text."""
    base = built.folder / name
    pages = [base / "index.html", *base.glob("page-*/index.html")]
    return "".join(page.read_text(encoding="utf-8") for page in pages)


def test_a_post_without_a_number_is_listed_and_outside_the_series(site: Built) -> None:
    slug = "an-ordinary-post"
    for name in ("archives", "tag/sleep", "tag/reading"):
        assert f'href="/{slug}/"' in lists(site, name), name
    assert f"/{slug}/" in site.text("feed.xml")
    assert f"/{slug}/" in site.text("sitemap.xml")
    assert slug not in site.text("index.html")
    assert slug not in site.text("404.html")
    for part in series(site, "index.html"):
        assert slug not in site.text(f"{part}/index.html")
    assert series(site, f"{slug}/index.html") == []
    assert neighbours(site, slug) == (None, None)


def test_a_list_goes_on_on_a_second_page(site: Built) -> None:
    first, second = (site.text(f"archives/{page}index.html") for page in ("", "page-2/"))
    assert "/waking-with-the-light/" in first and "/by-a-visitor/" in second
    for page, link in ((first, "page-2/"), (second, '"/archives/"')):
        assert link in page


def test_a_post_without_a_summary_is_listed_with_its_first_words(site: Built) -> None:
    words = "Words with marks & a source (Ørsted 2012)."
    assert words in unescape(lists(site, "archives"))
    page = site.page("no-summary/index.html")
    assert page.find(".//meta[@name='description']").get("content") == words


def test_a_post_without_a_number_is_the_sites_or_its_own_authors(site: Built) -> None:
    for slug, author in (("an-ordinary-post", "this site"), ("by-a-visitor", "Örjan Visitor")):
        words = text_of(site.page(f"{slug}/index.html").find(".//main"))
        assert f"By {author}" in words
        assert "guide" not in words
