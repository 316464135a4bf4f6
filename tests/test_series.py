"""The series follows the file names; a post without a number stands outside it."""

from pathlib import Path

from conftest import Built, build, text_of

NEW_PART = """\
Title: A part of somebody's
Date: 2026-11-24
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
    assert len(slugs) == 6
    for number, slug in enumerate(slugs, 1):
        assert Path(f"content/posts/{number}-{slug}.md").resolve().exists()
        assert series(site, f"{slug}/index.html") == slugs
        assert neighbours(site, slug) == (
            slugs[number - 2] if number > 1 else None,
            slugs[number] if number < 6 else None,
        )
        if number < 6:
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
    assert built.code == 0, built.said
    assert series(built, "index.html")[:2] == [two.stem[2:], one.stem[2:]]
    assert neighbours(built, two.stem[2:]) == (None, one.stem[2:])


def test_a_draft_is_nowhere(project: Path, tmp_path: Path) -> None:
    (project / "content/posts/7-a-draft.md").write_text(NEW_PART)
    (project / "content/posts/another-draft.md").write_text(NEW_PART.replace("part", "post"))
    built = build(project, tmp_path / "out")
    assert built.code == 0, built.said
    for path in built.folder.rglob("*"):
        assert "draft" not in path.name
        if path.suffix in (".html", ".xml"):
            assert "somebody" not in path.read_text(encoding="utf-8")


def test_a_draft_is_shown_to_its_writer_and_says_what_it_is(project: Path, tmp_path: Path) -> None:
    (project / "content/posts/a-draft.md").write_text(NEW_PART)
    place = 'DRAFT_SAVE_AS="drafts/{slug}/index.html"'
    built = build(project, tmp_path / "out", "-e", place)
    assert built.code == 0, built.said
    assert "A draft: only invoke serve" in built.text("drafts/a-draft/index.html")
    assert "a-draft" not in built.text("archives/index.html")


def test_a_post_without_a_number_is_listed_and_outside_the_series(every_kind: Built) -> None:
    slug = "an-ordinary-post"
    for name in (
        "archives/page-2",
        "tag/depression",
        "tag/reading",
        "category/notes",
        "2026/page-2",
        "2026/11/page-2",
    ):
        links = [a.get("href") for a in every_kind.page(f"{name}/index.html").iter("a")]
        assert f"/{slug}/" in links, name
    assert f"/{slug}/" in every_kind.text("feed.xml")
    assert f"/{slug}/" in every_kind.text("sitemap.xml")
    assert slug not in every_kind.text("index.html")
    assert slug not in every_kind.text("404.html")
    for part in series(every_kind, "index.html"):
        assert slug not in every_kind.text(f"{part}/index.html")
    assert series(every_kind, f"{slug}/index.html") == []
    assert neighbours(every_kind, slug) == (None, None)


def test_a_post_without_a_summary_is_listed_with_its_first_words(every_kind: Built) -> None:
    words = "Words with marks & a source (Dean 2021)."
    assert words in text_of(every_kind.page("category/notes/index.html").find(".//main"))
    page = every_kind.page("no-summary/index.html")
    assert page.find(".//meta[@name='description']").get("content") == words


def test_a_post_without_a_number_is_not_given_to_the_therapist(every_kind: Built) -> None:
    page = text_of(every_kind.page("an-ordinary-post/index.html").find(".//main"))
    assert "therapist" not in page
