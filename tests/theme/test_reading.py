"""The author's words come soon, the way on is plain, and focus, target and voice are in order."""

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from conftest import KINDS, Built, build, has_class, text_of
from playwright.sync_api import Browser, Page

LAST = "a-word-on-ice-and-traffic/index.html"


def plain(element: Element) -> str:
    return " ".join(text_of(element).split())


def open_page(browser: Browser, url: str, width: int = 390) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 844}).new_page()
    page.goto(url)
    page.evaluate("document.fonts.ready")
    return page


@pytest.mark.parametrize(("kind", "limit"), [("", 420), ("waking-with-the-light/", 640)])
def test_the_first_word_of_the_author_is_seen_without_scrolling(
    browser: Browser, address: str, kind: str, limit: int
) -> None:
    page = open_page(browser, f"{address}/{kind}")
    assert page.evaluate("document.querySelector('.words p').getBoundingClientRect().top") <= limit
    page.context.close()


def test_only_a_source_or_a_citation_is_marked_where_an_address_leads(
    browser: Browser, address: str
) -> None:
    ground = "getComputedStyle(document.querySelector(':target')).backgroundColor"
    for place in ("#steadier-sleep", "#main", "#conclusion", "steadier-sleep/#research"):
        page = open_page(browser, f"{address}/{place}")
        assert page.evaluate(ground) in ("rgba(0, 0, 0, 0)", "rgb(244, 239, 230)"), place
        page.context.close()
    for place in ("steadier-sleep/#novak2018", "steadier-sleep/#cite-novak2018-1"):
        page = open_page(browser, f"{address}/{place}")
        assert page.evaluate(ground) == "rgb(255, 243, 214)", place
        page.context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_ring_around_the_way_to_help_is_whole(
    browser: Browser, address: str, width: int
) -> None:
    page = open_page(browser, f"{address}/", width)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    edges = page.evaluate(
        """() => { const e = document.activeElement, b = e.getBoundingClientRect(),
        s = getComputedStyle(e), out = parseFloat(s.outlineOffset) + parseFloat(s.outlineWidth);
        return [e.className, b.left - out, b.top - out, innerWidth - b.right - out]; }"""
    )
    assert edges[0] == "crisis-link"
    assert min(edges[1:]) >= 0
    page.context.close()


def test_no_list_loses_its_role_in_safari(browser: Browser, address: str) -> None:
    """WebKit takes the role from a list whose list-style-type is none, and not from one of ""."""
    page = browser.new_context().new_page()
    for kind in KINDS:
        page.goto(f"{address}/{kind}")
        bare = page.evaluate(
            """[...document.querySelectorAll('ul:not(nav ul), ol:not(nav ol)')].filter(list =>
            getComputedStyle(list).listStyleType === 'none' && list.role !== 'list')
            .map(list => list.outerHTML.slice(0, 60))"""
        )
        assert not bare, kind
    page.context.close()


def test_a_word_with_a_hyphen_stands_whole_in_a_title(browser: Browser, address: str) -> None:
    page = open_page(browser, f"{address}/an-ordinary-post/")
    page.add_style_tag(content="h1 { text-wrap: wrap }")  # so that some width breaks within it
    for width in range(320, 720, 10):
        page.set_viewport_size({"width": width, "height": 844})
        lines = page.evaluate(
            """() => { const words = document.createRange();
            words.selectNodeContents(document.querySelector('h1 .unbroken'));
            return new Set([...words.getClientRects()].map(r => r.top)).size; }"""
        )
        assert lines == 1, width
    page.context.close()


def test_home_and_the_last_part_end_with_what_next(site: Built) -> None:
    for name in ("index.html", LAST):
        ways = site.page(name).findall(".//nav[@aria-labelledby='next']//a")
        assert [(plain(a), a.get("href")) for a in ways] == [
            ("Questions before a walk", "/questions-before-a-walk/"),
            ("Get help now", "/get-help-now/"),
        ]
    assert not site.page("steadier-sleep/index.html").findall(".//nav[@aria-labelledby='next']")


def test_the_last_part_goes_on_to_the_conclusion(site: Built) -> None:
    way = site.page(LAST).find(".//nav/a[@rel='next']")
    assert (plain(way), way.get("href")) == ("Next Conclusion", "/#conclusion")
    (place,) = (e for e in site.page("index.html").iter() if e.get("id") == "conclusion")
    assert "In conclusion, a walk in the morning" in plain(place)


def test_a_page_that_is_to_come_next_and_is_not_there_ends_the_build(
    project: Path, tmp_path: Path
) -> None:
    with (project / "pelicanconf.py").open("a", encoding="utf-8") as settings:
        settings.write('WHAT_NEXT = ["no-such-page"]\n')
    done = build(project, tmp_path / "out")
    assert done.code
    assert "there is no page no-such-page" in done.printed


def test_the_way_through_names_every_part(site: Built) -> None:
    for name in ("index.html", "steadier-sleep/index.html", "404.html"):
        lists = [e for e in site.page(name).iter("ol") if has_class(e, "parts")]
        assert len(lists) == 1
        assert [plain(item) for item in lists[0].findall("li")] == [
            "1 Waking with the Light",
            "2 Steadier Sleep",
            "3 Calmer Thoughts",
            "4 Company in Dark Hours",
            "Caution: A Word on Ice and Traffic",
        ]
    current = site.page("steadier-sleep/index.html").findall(".//*[@aria-current]")
    assert [plain(e) for e in current] == ["2 Steadier Sleep"]


def test_the_line_under_a_title_says_whose_it_is_and_where_it_stands(site: Built) -> None:
    lines = {
        name: plain(next(e for e in site.page(name).iter("p") if has_class(e, "byline")))
        for name in ("steadier-sleep/index.html", LAST, "index.html")
    }
    assert lines["steadier-sleep/index.html"].endswith(
        "By a walking guide, who gives no name. Gift 2 of 4. "
        "Published 1 March 2021. Changed 3 March 2021."
    )
    assert lines[LAST].endswith("no name. Published 1 March 2021.")
    assert lines["index.html"].endswith("By a walking guide, who gives no name.")


def test_the_authors_words_are_a_region_in_the_authors_english(site: Built) -> None:
    for name, count in (("index.html", 7), ("steadier-sleep/index.html", 1)):
        regions = [e for e in site.page(name).iter("section") if has_class(e, "words")]
        assert len(regions) == count
        for region in regions:
            assert region.get("aria-label").startswith("The author’s words: ")
            assert region.get("lang") == "en-IE"


def test_the_skip_link_stands_in_a_landmark(site: Built) -> None:
    for kind in KINDS:
        header = site.page(kind).find("./body/header")
        assert has_class(header.find("a"), "skip"), kind


def test_the_browsers_frame_has_the_colour_of_the_paper_in_both_schemes(site: Built) -> None:
    for kind in KINDS:
        frames = site.page(kind).findall(".//meta[@name='theme-color']")
        assert {m.get("media"): m.get("content") for m in frames} == {
            "(prefers-color-scheme: light)": "#fdfbf7",
            "(prefers-color-scheme: dark)": "#141816",
        }


def test_about_says_what_nobody_has_told_yet(site: Built, project: Path, tmp_path: Path) -> None:
    about = plain(site.page("about/index.html").find(".//main"))
    assert "Who publishes this site is not named yet." in about
    assert "Who pays for it is not stated yet." in about
    assert "There is no address for corrections yet." in about
    with (project / "pelicanconf.py").open("a", encoding="utf-8") as settings:
        settings.write('PUBLISHER, FUNDING, CONTACT = "A & B", "C", "d@example.org"\n')
    done = build(project, tmp_path / "out")
    assert done.code == 0, done.printed
    about = plain(done.page("about/index.html").find(".//main"))
    assert "Published by A & B." in about
    assert "Paid for by C." in about
    assert "Write to d@example.org." in about
    assert " yet " not in about
