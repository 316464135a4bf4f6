"""Beside each claim stand its sources, and the people who were studied."""

import re
from xml.etree.ElementTree import Element

import pytest
from conftest import ROOT, Built, has_class, text_of
from playwright.sync_api import Browser

from tools.check import readability
from tools.content import sources

BIBLIOGRAPHY = sources.read({"PATH": ROOT / "content"})
PARTS = {path.stem[2:]: path for path in sorted((ROOT / "content/posts").glob("[1-9]-*.md"))}


def notes_of(site: Built, slug: str) -> Element:
    page = site.page(f"{slug}/index.html")
    return next(e for e in page.iter("section") if has_class(e, "notes"))


@pytest.mark.parametrize("slug", PARTS)
def test_a_part_prints_the_sources_it_cites_with_address_and_ways_back(
    site: Built, slug: str
) -> None:
    region = notes_of(site, slug)
    ids = {e.get("id") for e in region.iter()}
    cited = dict.fromkeys(re.findall(r"\]\(#([\w-]+)\)", PARTS[slug].read_text()))
    listed = [e for e in region.iter("li") if e.get("id") in BIBLIOGRAPHY]
    assert [e.get("id") for e in listed] == list(cited)
    for entry in listed:
        links = [a.get("href") for a in entry.iter("a")]
        assert links[0] == BIBLIOGRAPHY[entry.get("id")].address
        assert links[1:]
        assert all(link.removeprefix("#") in ids for link in links[1:])


def test_the_page_of_sources_lists_each_with_where_it_is_cited(site: Built) -> None:
    page = site.page("sources/index.html")
    entries = {e.get("id"): e for e in page.iter("li") if e.get("id")}
    assert set(entries) == set(BIBLIOGRAPHY)
    for key, entry in entries.items():
        citing = [a.get("href") for a in entry.iter("a") if a.get("href").endswith(f"#{key}")]
        assert citing, key
        words = " ".join(text_of(entry).split())
        assert "Checked 24 November 2026" in words
        assert not re.search(r"[.?!;:] ?[.;:] ", words)


@pytest.mark.parametrize("slug", PARTS)
def test_one_dot_is_one_person_at_one_scale(site: Built, slug: str) -> None:
    region = notes_of(site, slug)
    for item in [e for e in region.iter("li") if e.find("svg") is not None]:
        words = " ".join(text_of(item).split())
        people = int(re.search(r"(\d+) people", words)[1])
        drawing = item.find("svg")
        rows = re.findall(r"h(\d+)\.1", drawing.find("path").get("d"))
        assert sum(int(row) // 6 + 1 for row in rows) == people
        assert int(drawing.get("width")) <= 42 * 6
        assert "Compared with:" in words
        assert "Measured:" in words
    if any(has_class(e, "studies") for e in region.iter("div")):
        assert "not how well it works" in text_of(region)


def test_a_study_of_unknown_size_has_words_and_no_dots(site: Built) -> None:
    region = notes_of(site, "rapid-relief-for-treatment-resistant-depression")
    item = next(e for e in region.iter("li") if "not confirmed" in text_of(e))
    assert item.find("svg") is None


def test_the_feed_carries_the_notes_and_says_whose_they_are(published: Built) -> None:
    feed = published.text("feed.xml")
    assert feed.count("Added by this site, not the author") >= 6
    assert feed.count("What the research shows") >= 6
    assert "https://doi.org/10.1176/appi.ajp.2017.17040472" in feed
    assert "href=&quot;#" not in feed
    assert 'href="#' not in feed


@pytest.mark.parametrize("slug", PARTS)
def test_support_and_limits_get_about_the_same_room(site: Built, slug: str) -> None:
    region = notes_of(site, slug)
    columns = next(e for e in region.iter("div") if has_class(e, "columns"))
    support, limits = [len(list(section.iter("li"))) for section in list(columns)[1:3]]
    assert abs(support - limits) <= 1


@pytest.mark.parametrize("width", [390, 1280])
def test_an_address_with_a_source_opens_there_and_is_not_scrolled_to(
    browser: Browser, address: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.goto(f"{address}/reducing-suicidal-ideation/#abbar2022")
    assert 0 <= page.evaluate("document.querySelector(':target').getBoundingClientRect().top") < 100
    page.close()


def test_the_grade_is_flesch_and_kincaids() -> None:
    # 0.39 * 5 words + 11.8 * 1 syllable a word - 15.59
    assert readability.grade(["The cat sat down here."]) == pytest.approx(-1.84, abs=0.01)


@pytest.mark.parametrize(
    ("word", "spoken"),
    {
        **{"use": 1, "used": 1, "2018": 1, "people": 2, "noted": 2, "doses": 2, "about": 2},
        **{"pages": 2, "handled": 2, "trial": 2, "bipolar": 3, "ketamine": 3, "suicide": 3},
        **{"FDA": 3, "DSM-5": 3, "anxiety": 4, "esketamine": 4, "psychiatric": 4},
    }.items(),
)
def test_syllables_are_counted_as_spoken(word: str, spoken: int) -> None:
    assert readability.syllables(word) == spoken
