"""The author's words are published word for word, and the site's stand apart from them."""

from xml.etree.ElementTree import Element

from conftest import Built, has_class, text_of
from expected import Content

from tools.check.verbatim import difference
from tools.content.article import Passage


def authors_words(page: Element) -> str:
    """Return what stands in a page's main text outside of every region of the site's."""
    main = page.find(".//main")
    assert main is not None
    return text_of(main, without=lambda e: has_class(e, "site") or e.tag in ("svg", "nav"))


def as_printed(passage: Passage) -> str:
    """Return a passage as its page has it: the numeral without its point, no colon."""
    return f"{passage.number or ''} {passage.title} {passage.text}"


def pages_of_the_article(content: Content) -> list[str]:
    return ["index.html", *(part.page for part in content.parts)]


def test_home_is_the_whole_article_in_the_authors_order(site: Built, content: Content) -> None:
    article = "\n".join(map(as_printed, content.passages))
    assert difference(article, authors_words(site.page("index.html"))) is None


def test_each_part_is_a_passage_of_the_article_under_the_authors_title(
    site: Built, content: Content
) -> None:
    passages = content.passages[1:-1]
    assert [part.title for part in content.parts] == [passage.title for passage in passages]
    assert [part.part for part in content.parts] == list(range(1, len(passages) + 1))
    for passage, part in zip(passages, content.parts, strict=True):
        words = authors_words(site.page(part.page))
        assert difference(as_printed(passage), words) is None, part.slug


def test_the_disclaimer_comes_before_the_authors_words(site: Built, content: Content) -> None:
    for page in pages_of_the_article(content):
        main = site.page(page).find(".//main")
        assert main is not None
        classes = [e.get("class", "").split() for e in main.iter() if isinstance(e.tag, str)]
        disclaimer = next(i for i, names in enumerate(classes) if "disclaimer" in names)
        assert disclaimer < next(i for i, names in enumerate(classes) if "words" in names), page


def test_home_leads_to_each_part_in_order(site: Built, content: Content) -> None:
    main = site.page("index.html").find(".//main")
    assert main is not None
    links = [a.get("href", "").strip("#/") for a in main.iter("a")]
    first = [slug for slug in links if slug in {part.slug for part in content.parts}]
    assert list(dict.fromkeys(first)) == [part.slug for part in content.parts]


def test_every_region_of_the_sites_on_a_page_of_the_article_says_whose_it_is(
    site: Built, content: Content
) -> None:
    for page in pages_of_the_article(content):
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


def test_the_author_has_no_name(site: Built, content: Content) -> None:
    author, line = content.settings["SERIES_AUTHOR"], content.settings["BYLINE"]
    for page in pages_of_the_article(content):
        byline = next(e for e in site.page(page).iter("p") if has_class(e, "byline"))
        assert line in " ".join(text_of(byline).split())
    assert f"<name>{author}</name>" in site.text("feed.xml")


def test_no_post_outside_the_series_is_given_to_the_author(site: Built, content: Content) -> None:
    author = content.settings["SERIES_AUTHOR"].lower()
    for text in content.texts:
        if text.path.parent.name == "posts" and not text.part:
            byline = next(e for e in site.page(text.page).iter("p") if has_class(e, "byline"))
            assert author not in text_of(byline).lower(), text.slug
