"""Beside each claim stand its sources, and the people who were studied."""

import datetime
import re
from xml.etree.ElementTree import Element

import pytest
from conftest import Built, has_class, text_of
from expected import Content, Text
from playwright.sync_api import Browser


def notes_of(site: Built, part: Text) -> Element:
    page = site.page(part.page)
    return next(e for e in page.iter("section") if has_class(e, "notes"))


def day(date: datetime.date | str) -> str:
    """Return a day as the pages print it: 1 March 2021."""
    date = datetime.date.fromisoformat(str(date))
    return f"{date.day} {date:%B %Y}"


def test_a_part_prints_the_sources_it_cites_with_address_and_ways_back(
    site: Built, content: Content
) -> None:
    for part in content.parts:
        region = notes_of(site, part)
        ids = {e.get("id") for e in region.iter()}
        cited = dict.fromkeys(re.findall(r"\]\(#([\w-]+)\)", part.body))
        listed = [e for e in region.iter("li") if e.get("id") in content.bibliography]
        assert [e.get("id") for e in listed] == list(cited)
        for entry in listed:
            links = [a.get("href") for a in entry.iter("a")]
            assert links[0] == content.bibliography[entry.get("id")].address
            assert links[1:]
            assert all(link.removeprefix("#") in ids for link in links[1:])


def test_the_page_of_sources_lists_each_with_where_it_is_cited(
    site: Built, content: Content
) -> None:
    page = site.page("sources/index.html")
    entries = {e.get("id"): e for e in page.iter("li") if e.get("id")}
    first = min(source.urldate for source in content.bibliography.values())
    assert day(first) in text_of(page.find(".//main"))
    assert set(entries) == set(content.bibliography)
    for key, entry in entries.items():
        citing = [a.get("href") for a in entry.iter("a") if a.get("href").endswith(f"#{key}")]
        assert citing, key
        words = " ".join(text_of(entry).split())
        assert not re.search(r"[.?!;:] ?[.;:](?: |$)", words)
        assert f"It {' and '.join(content.bibliography[key].stance)} a claim." in words


def test_the_people_studied_are_those_of_the_sources_cited(site: Built, content: Content) -> None:
    drawn = 0
    for part in content.parts:
        cited = dict.fromkeys(re.findall(r"\]\(#([\w-]+)\)", part.body))
        studies = [content.bibliography[key] for key in cited if content.bibliography[key].found]
        if part.header["category"] == content.settings["CAUTION_CATEGORY"]:
            studies = []
        region = notes_of(site, part)
        figure = [int(text_of(e)) for e in region.iterfind(".//figure//span")]
        assert sorted(figure) == sorted(s.people for s in studies if s.people and not s.pooled)
        rows = {text_of(row[2]).strip() for row in region.iterfind(".//tbody/tr") if len(row) == 3}
        assert rows == {study.label for study in studies}
        drawn += len(figure)
    assert drawn


def test_the_feed_carries_the_notes_and_says_whose_they_are(
    published: Built, content: Content
) -> None:
    feed = published.text("feed.xml")
    assert feed.count("Added by this site, not the author") >= len(content.parts)
    assert feed.count("What the research shows") >= len(content.parts)
    cited = set(re.findall(r"\]\(#([\w-]+)\)", content.crisis[0].body))
    assert cited
    assert all(content.bibliography[key].address in feed for key in cited)
    assert "href=&quot;#" not in feed
    assert 'href="#' not in feed


@pytest.mark.parametrize("width", [390, 1280])
def test_an_address_with_a_source_opens_there_and_is_not_scrolled_to(
    browser: Browser, address: str, content: Content, width: int
) -> None:
    part = content.crisis[0]
    key = re.search(r"\]\(#([\w-]+)\)", part.body)[1]
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.goto(f"{address}/{part.slug}/#{key}")
    assert 0 <= page.evaluate("document.querySelector(':target').getBoundingClientRect().top") < 100
    page.close()
