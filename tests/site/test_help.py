"""Help is in reach: on every page, before the words on suicide, in the feed, on paper."""

import re
from html import unescape
from pathlib import Path

import pytest
from conftest import Built, has_class, text_of
from expected import Content
from playwright.sync_api import Browser


def ways(content: Content) -> list[tuple[str, str]]:
    """Return each number and address of helplines.toml: the words to show, and the link."""
    lines = content.helplines
    calls = [
        (way.words, way.url)
        for country in lines.countries
        for way in ([country.emergency] if country.emergency else [])
        + [way for line in country.lines for way in line.now + line.later]
    ]
    return calls + [(line.words, line.site) for line in lines.elsewhere]


def with_notice(content: Content) -> list[str]:
    """Return the pages on which the helplines stand."""
    noticed = [text.page for text in content.texts if text.header.get("notice") == "crisis"]
    return ["index.html", *noticed]


def first_words(content: Content) -> list[str]:
    """Return how the author's words begin in each part before which the helplines stand."""
    return [part.body.lstrip()[:30] for part in content.crisis]


def test_the_way_to_help_is_the_second_link_and_in_the_footer(
    site: Built, content: Content
) -> None:
    address = f"/{content.settings['HELP_URL']}"
    for name in site.pages():
        page = site.page(name)
        links = [a.get("href") for a in page.iter("a")]
        assert links[:2] == ["#main", address], name
        assert address in [a.get("href") for a in page.find("./body/footer").iter("a")], name


def test_the_notice_has_every_way_to_help_and_is_never_folded(
    site: Built, content: Content
) -> None:
    assert len(with_notice(content)) >= 3
    for name in with_notice(content):
        page = site.page(name)
        notice = next(e for e in page.iter() if has_class(e, "notice"))
        links = {(" ".join(text_of(a).split()), a.get("href")) for a in notice.iter("a")}
        assert set(ways(content)) <= links, name
        for country in content.helplines.countries:
            assert country.name in text_of(notice), name
            assert all(line.name in text_of(notice) for line in country.lines), name
        assert not list(page.iter("details"))
        assert not [e for e in page.iter() if e.get("popover") is not None or e.get("hidden")]


def test_a_helpline_taken_out_is_gone_everywhere(site: Built, content: Content) -> None:
    """What can be called or written to is in helplines.toml, on every page."""
    known = {url for _, url in ways(content)}
    for name in site.pages():
        links = {a.get("href", "") for a in site.page(name).iter("a")}
        assert {link for link in links if re.match("tel:|sms:", link)} <= known, name


def test_the_notice_stands_before_the_words_on_suicide(site: Built, content: Content) -> None:
    emergency = next(c.emergency.url for c in content.helplines.countries if c.emergency)
    for part, words in zip(content.crisis, first_words(content), strict=True):
        for text in (
            site.text("index.html"),
            site.text(part.page),
            unescape(site.text("feed.xml")),
        ):
            assert 0 < text.index(emergency) < text.index(words), part.slug


def test_a_number_is_written_in_no_template(content: Content) -> None:
    lines = [line for country in content.helplines.countries for line in country.lines]
    numbers = {way.words.split(" ", 1)[1] for line in lines for way in line.now[:1]}
    assert numbers
    for path in Path(content.root, "theme/templates").glob("*.html"):
        for number in numbers:
            assert not re.search(rf"(?<![\w.]){re.escape(number)}(?![\w.])", path.read_text()), path


def test_superseded_numbers_stand_nowhere(site: Built) -> None:
    for name in site.pages():
        assert "273-8255" not in site.text(name)
        assert "08457" not in site.text(name)


@pytest.mark.parametrize("width", [320, 1280])
def test_what_is_tapped_in_need_is_at_least_44_pixels_high(
    browser: Browser, address: str, content: Content, width: int
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    page.goto(f"{address}/{content.crisis[0].slug}/")
    sizes = page.evaluate(
        """[...document.querySelectorAll('.crisis-link, .button, .calls a, .emergency')].map(a =>
        [a.innerText, a.getBoundingClientRect().height, a.getBoundingClientRect().width])"""
    )
    answered = [way for way, url in ways(content) if not url.startswith("mailto:")]
    assert len(sizes) >= len(answered)
    assert not [s for s in sizes if s[1] < 44 or s[2] < 44]
    page.context.close()
