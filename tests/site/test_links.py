"""Every link of every page leads somewhere, at a domain's root and under a path."""

import re
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

from conftest import ROOT, UNDER_A_PATH, Built, text_of

ADDRESSES = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "srcset"}


def broken(built: Built, home: str) -> list[str]:
    """Return every link that leads to no file, or to no place on the page that it names."""
    base, problems = urlsplit(home), []
    for name in built.pages():
        page = built.page(name)
        page_url = f"{home}/{name.removesuffix('index.html')}"
        for element in page.iter():
            link = element.get(ADDRESSES.get(str(element.tag), "")) or ""
            if not link:
                continue
            parts = urlsplit(urljoin(page_url, link))
            if parts.scheme not in ("http", "https") or parts.netloc != base.netloc:
                continue
            if not parts.path.startswith(base.path):
                problems.append(f"{name}: {link} leaves the site's path")
                continue
            path = unquote(parts.path.removeprefix(base.path)).lstrip("/")
            target = built.folder / path
            target = target / "index.html" if path.endswith("/") or not path else target
            if not target.is_file():
                problems.append(f"{name}: {link} leads nowhere")
            elif parts.fragment:
                ids = {
                    e.get("id") for e in built.page(str(target.relative_to(built.folder))).iter()
                }
                if parts.fragment not in ids:
                    problems.append(f"{name}: no place is called {link}")
    return problems


def test_links_work_at_a_domains_root(site: Built) -> None:
    assert broken(site, "http://localhost:8000") == []


def test_links_work_under_a_path(published: Built) -> None:
    assert broken(published, UNDER_A_PATH) == []


def test_the_stylesheet_of_every_page_finds_its_fonts(site: Built, published: Built) -> None:
    cut = {file.name for file in (ROOT / "theme/static/fonts").glob("*.woff2")}
    # They name no host: a copy at another one, under the same path, has them too.
    for built, home in ((site, ""), (published, urlsplit(UNDER_A_PATH).path)):
        for name in built.pages():
            urls = re.findall(r'url\("([^"]+)"\)', text_of(built.page(name).find(".//style")))
            assert set(urls) == {f"{home}/theme/{font}" for font in cut}, name
        assert {file.name for file in (built.folder / "theme").glob("*.woff2")} == cut


def test_the_sitemap_lists_every_page_and_nothing_else(published: Built) -> None:
    listed = {
        element.text.removeprefix(f"{UNDER_A_PATH}/")
        for element in ElementTree.fromstring(published.text("sitemap.xml")).iter()
        if element.tag.endswith("}loc") and element.text
    }
    pages = {name.removesuffix("index.html") for name in published.pages() if name != "404.html"}
    unlisted = {name for name in pages if re.match(r"\d{4}/|.*/page-\d+/$", name)}
    assert listed == pages - unlisted


def test_robots_names_the_sitemap_where_the_address_is_known(site: Built, published: Built) -> None:
    assert f"Sitemap: {UNDER_A_PATH}/sitemap.xml" in published.text("robots.txt")
    assert "Sitemap" not in site.text("robots.txt")


def test_pages_name_their_own_address(published: Built) -> None:
    for name in published.pages():
        if name != "404.html":
            page_url = f"{UNDER_A_PATH}/{name.removesuffix('index.html')}"
            page = published.page(name)
            assert page.find(".//link[@rel='canonical']").get("href") == page_url
            assert page.find(".//meta[@property='og:url']").get("content") == page_url
