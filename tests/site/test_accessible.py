"""Everybody can read every page: WCAG 2.2 AA by axe, valid HTML, the keyboard, small screens."""

import itertools
import json
import re
import shutil
import subprocess
from collections import Counter
from xml.etree.ElementTree import Element

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, Built, text_of
from expected import Content
from playwright.sync_api import Browser, Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def visit(browser: Browser, url: str, **context: object) -> Page:
    page = browser.new_context(**context).new_page()
    page.goto(url)
    page.evaluate("document.fonts.ready")
    return page


def test_axe_finds_nothing(browser: Browser, address: str, content: Content, site: Built) -> None:
    assert violations(browser, address, content.kinds(site), 320, "light") == []


# Neither width nor colours depend on the words: once is enough.
@pytest.mark.corpus
def test_axe_finds_nothing_on_wide_and_dark_screens(
    browser: Browser, address: str, content: Content, site: Built
) -> None:
    assert violations(browser, address, content.kinds(site), 1280, "dark") == []


def violations(
    browser: Browser, address: str, kinds: list[str], width: int, scheme: str
) -> list[str]:
    """Return axe's report of each page on which it found something."""
    screen = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    page = browser.new_context(**screen).new_page()
    reports = []
    for kind in kinds:
        page.goto(f"{address}/{kind}")
        results = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
        assert results.response["passes"], "axe ran no rule"
        if results.violations_count:
            reports.append(f"{kind}\n{results.generate_report()}")
    page.context.close()
    return reports


def test_no_page_scrolls_sideways(
    browser: Browser, address: str, content: Content, site: Built
) -> None:
    """1280 px at 400 % is 320 px wide; 200 % text is a root of 32 px."""
    page = browser.new_context().new_page()
    for kind in content.kinds(site):
        page.goto(f"{address}/{kind}")
        for width, text in itertools.product([320, 390, 768, 1280, 1920], ["16px", "32px"]):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("size => document.documentElement.style.fontSize = size", text)
            seen = page.evaluate(
                """() => ({page: document.documentElement.scrollWidth, outside:
                [...document.querySelectorAll('main *, footer *')].filter(e =>
                  e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.unseen'))
                  .map(e => e.outerHTML.slice(0, 80))})"""
            )
            assert seen["page"] <= width, (kind, width, text, seen["outside"][:3])
            assert not seen["outside"], (kind, width, text, seen["outside"][:3])
    page.context.close()


def test_the_skip_link_and_the_way_to_help_come_first(browser: Browser, address: str) -> None:
    page = visit(browser, f"{address}/")
    for expected in ("Skip to the text", "Need to talk to someone? Get help now"):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const e = document.activeElement, b = e.getBoundingClientRect();
            return {text: e.innerText, top: b.top, outline: getComputedStyle(e).outlineStyle,
                    width: parseFloat(getComputedStyle(e).outlineWidth)} }"""
        )
        assert focused["text"] == expected
        assert focused["top"] >= 0, "what has the focus is on the screen"
        assert focused["outline"] == "solid"
        assert focused["width"] >= 2
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")


def test_the_tab_key_goes_through_the_page_as_it_is_read(
    browser: Browser, address: str, content: Content
) -> None:
    page = visit(browser, f"{address}/{content.crisis[0].slug}/")
    count = page.evaluate("document.querySelectorAll('a[href]').length")
    order = []
    for _ in range(count):
        page.keyboard.press("Tab")
        order.append(
            page.evaluate(
                "[...document.querySelectorAll('a[href]')].indexOf(document.activeElement)"
            )
        )
    assert order == list(range(count))


def test_a_page_has_its_landmarks_and_says_what_it_is(site: Built) -> None:
    for name in site.pages():
        says_what_it_is(name, site.page(name))


def says_what_it_is(name: str, page: Element) -> None:
    assert page.get("lang") == "en-GB"
    assert [len(page.findall(f".//{tag}")) for tag in ("h1", "main")] == [1, 1], name
    assert page.findall("./body/header"), name
    assert page.findall("./body/footer"), name
    assert 10 < len(page.find(".//meta[@name='description']").get("content")) <= 160, name
    for key in ("og:title", "og:description", "og:type", "og:site_name"):
        assert page.find(f".//meta[@property='{key}']").get("content"), name
    levels = [int(e.tag[1]) for e in page.iter() if re.fullmatch("h[1-6]", str(e.tag))]
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), (name, levels)


def test_no_two_pages_have_one_title(site: Built) -> None:
    titles = Counter(text_of(site.page(name).find(".//title")) for name in site.pages())
    assert not [title for title, count in titles.items() if count > 1]


def test_no_page_uses_an_id_twice(site: Built) -> None:
    for name in site.pages():
        ids = Counter(e.get("id") for e in site.page(name).iter() if e.get("id"))
        assert not [i for i, count in ids.items() if count > 1], name


def test_the_html_is_valid_to_the_standards_own_parser(site: Built) -> None:
    for name in site.pages():
        parser = html5lib.HTMLParser()
        parser.parse(site.text(name))
        assert not parser.errors, (name, parser.errors)


def test_the_html_is_valid_to_the_nu_checker(site: Built) -> None:
    jar = ROOT / "tests/node_modules/vnu-jar/build/dist/vnu.jar"
    java = shutil.which("java")
    assert java, "No Java on this machine: `invoke test` installs it or says how."
    assert jar.exists(), "The Nu checker is missing: `invoke test` fetches it."
    # Its CSS is older than ours (@container); the browser reads that.
    options = ["--skip-non-html", "--filterpattern", "CSS:.*", "--format", "json"]
    run = subprocess.run(
        [java, "-jar", jar, *options, site.folder],
        capture_output=True,
        text=True,
    )
    messages = [
        m for m in json.loads(run.stderr)["messages"] if m["type"] != "info" or "subType" in m
    ]
    assert not messages, [
        f"{m['url'].rsplit(f'{site.folder.name}/')[-1]}:{m['lastLine']}: {m['message']}"
        for m in messages[:9]
    ]
