"""Reading tells nobody anything: no cookie, no storage, no request to another site."""

from conftest import Built
from expected import Content
from playwright.sync_api import Browser


def test_no_page_asks_another_site_or_keeps_anything(
    browser: Browser, address: str, content: Content, site: Built
) -> None:
    kinds = content.kinds(site)
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    for kind in kinds:
        context.new_page().goto(f"{address}/{kind}")
    for page in context.pages:
        page.wait_for_load_state("networkidle")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert len(asked) >= len(kinds)
    assert not [url for url in asked if not url.startswith((address, "data:"))]
    assert context.cookies() == []
    context.close()
