"""Help is in reach: on every page, before the part on suicidal thoughts, in the feed, on paper."""

import re
import tomllib
from html import unescape

import pytest
from conftest import KINDS, ROOT, Built, has_class, text_of
from playwright.sync_api import Browser

HELPLINES = tomllib.loads((ROOT / "content/helplines.toml").read_text())
CRISIS = "reducing-suicidal-ideation/index.html"


def numbers() -> set[str]:
    lines = HELPLINES["helpline"]
    return {line[key] for line in lines for key in ("call", "text") if key in line}


@pytest.mark.parametrize("kind", KINDS)
def test_the_way_to_help_is_the_second_link_and_in_the_footer(every_kind: Built, kind: str) -> None:
    page = every_kind.page(kind)
    links = [a.get("href") for a in page.iter("a")]
    assert links[0] == "#main"
    assert links[1] == "/get-help-now/"
    assert "/get-help-now/" in [a.get("href") for a in page.find("./body/footer").iter("a")]


@pytest.mark.parametrize("kind", ["index.html", CRISIS, "get-help-now/index.html"])
def test_the_notice_has_every_number_and_is_never_folded(every_kind: Built, kind: str) -> None:
    page = every_kind.page(kind)
    notice = next(e for e in page.iter("aside") if has_class(e, "notice"))
    words = " ".join(text_of(notice).split())
    for number in numbers() | {line["number"] for line in HELPLINES["emergency"]}:
        assert number in words
    assert not list(page.iter("details"))
    assert not [e for e in page.iter() if e.get("popover") is not None or e.get("hidden")]


def test_the_notice_stands_before_the_words_on_suicide(every_kind: Built) -> None:
    for name in ("index.html", CRISIS):
        text = every_kind.text(name)
        assert (
            0
            < text.index("If life is in danger")
            < text.index("Perhaps one of the most remarkable")
        )
    feed = unescape(every_kind.text("feed.xml"))
    assert 0 < feed.index("If life is in danger") < feed.index("Perhaps one of the most remarkable")


def test_the_links_call_and_write_what_is_shown(every_kind: Built) -> None:
    links = {text_of(a).strip(): a.get("href") for a in every_kind.page(CRISIS).iter("a")}
    assert links["Call 999 (UK)"] == "tel:999"
    assert links["Call 988"] == "tel:988"
    assert links["Call 116 123"] == "tel:116123"
    assert links["Text SHOUT to 85258"] == "sms:85258?body=SHOUT"
    assert links["Call 9-8-8"] == "tel:988"
    assert links["Text 0477 13 11 14"] == "sms:+61477131114"
    assert links["Call 13 11 14"] == "tel:131114"


def test_who_cannot_talk_is_told_where_to_write() -> None:
    words = (ROOT / "content/pages/get-help-now.md").read_text().partition("talk out loud")[2]
    told = dict(re.findall(r"^- ([^:]+): (.+)$", words, re.MULTILINE))
    written = [line for line in HELPLINES["helpline"] if {"text", "chat"} & set(line)]
    assert set(told) == {line["country"] for line in written}
    for line in written:
        said = told[line["country"]]
        assert ("text" in line) == ("text messages" in said), line["name"]
        assert ("chat" in line) == ("online chat" in said), line["name"]


def test_every_number_is_written_once_and_superseded_ones_nowhere(every_kind: Built) -> None:
    for path in [*ROOT.glob("content/**/*.md"), *ROOT.glob("theme/templates/*.html")]:
        for number in numbers():
            assert not re.search(rf"(?<![\w.]){re.escape(number)}(?![\w.])", path.read_text()), path
    for name in every_kind.pages():
        assert "273-8255" not in every_kind.text(name)
        assert "08457" not in every_kind.text(name)


@pytest.mark.parametrize("width", [320, 1280])
def test_what_is_tapped_in_need_is_at_least_44_pixels_high(
    browser: Browser, address: str, width: int
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    page.goto(f"{address}/{CRISIS}")
    sizes = page.evaluate(
        """[...document.querySelectorAll('.crisis-link, .button, .notice .calls a')].map(a =>
        [a.innerText, a.getBoundingClientRect().height, a.getBoundingClientRect().width])"""
    )
    assert len(sizes) > 15
    assert not [s for s in sizes if s[1] < 44 or s[2] < 44]
    page.context.close()
