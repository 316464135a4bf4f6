"""A first visit is one round trip: everything for the first paint is in the page, and is small."""

import re
from collections.abc import Iterator

import pytest
from conftest import KINDS, ROOT, Built, text_of
from playwright.sync_api import Browser, Page, Route


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser that has been nowhere yet."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_the_page_itself_is_needed_for_the_first_paint(site: Built, kind: str) -> None:
    head = site.page(kind).find("head")
    # A font that is preloaded keeps Chromium from painting for up to 50 ms.
    assert {link.get("rel") for link in head.iter("link")}.isdisjoint({"stylesheet", "preload"})
    assert not [script for script in head.iter("script") if script.get("src")]
    faces = text_of(head.find("style")).split("@font-face")[1:]
    assert all("font-display: swap" in face for face in faces if "url(" in face)


def test_a_first_visit_is_painted_while_every_other_answer_is_withheld(
    page: Page, address: str
) -> None:
    def only_the_page(route: Route) -> None:
        if route.request.resource_type == "document":
            route.continue_()

    page.route("**/*", only_the_page)
    page.goto(f"{address}/calmer-thoughts/", wait_until="commit")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontWeight") == "600"


def test_the_shortened_stylesheet_says_what_the_source_says(page: Page, site: Built) -> None:
    rules = r"""css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
        return [...sheet.cssRules].map(rule => rule.cssText.replace(/url\([^)]*\//g, 'url(')); }"""
    source = "".join((ROOT / f"theme/css/{name}.css").read_text() for name in ("fonts", "main"))
    short = text_of(site.page("index.html").find(".//style"))
    assert len(short) < len(source)
    assert page.evaluate(rules, short) == page.evaluate(rules, source)


@pytest.mark.parametrize(
    ("start", "link", "target"),
    [
        ("", ".more a", "waking-with-the-light/"),
        ("calmer-thoughts/", "[rel=next]", "company-in-dark-hours/"),
        ("archives/", ".crisis-link", "get-help-now/"),
    ],
)
def test_the_next_page_is_there_before_the_click(
    page: Page, address: str, start: str, link: str, target: str
) -> None:
    """Under Playwright Chromium refuses to draw a page ahead, but fetches it."""
    browser = page.context.new_cdp_session(page)
    browser.send("Preload.enable")
    states: list[str] = []
    browser.on("Preload.prefetchStatusUpdated", lambda event: states.append(event["status"]))
    page.goto(f"{address}/{start}")
    page.locator(link).first.hover()
    for _ in range(100):
        if "Ready" in states:
            break
        page.wait_for_timeout(50)
    page.locator(link).first.click()
    page.wait_for_url(re.compile(re.escape(f"{address}/{target}") + r"(#\w+)?$"))
    came = page.evaluate("performance.getEntriesByType('navigation')[0].deliveryType")
    assert came == "navigational-prefetch", f"it was fetched only after the click: {states}"


def test_no_stylesheet_is_written_that_no_page_asks_for(site: Built) -> None:
    assert not list(site.folder.rglob("*.css"))
