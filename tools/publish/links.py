"""Check every link of a finished release, and that help is in reach on every page.

tools/check/links.py checks the links that writers make, with their lines. This reads the finished
pages, in which a template, a fingerprinted file name or the site's path may also break a link.
"""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from tools.check.help import help_problems
from tools.publish.folders import sitemap_values

ADDRESS_ATTRIBUTES = {"a": "href", "link": "href", "img": "src", "script": "src"}
CSS_URL = re.compile(r"""url\(["']?([^"')]+)""")
# archives/page-2/ and the like: further pages of a list that the sitemap names.
FURTHER_PAGE = re.compile(r".*/page-\d+/")


class Page(HTMLParser):
    """A page's HTML, its ids and the addresses of its links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.ids: set[str] = set()
        self.links: list[str] = CSS_URL.findall(text)
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect an element's id, and the address it links to or loads."""
        attributes = dict(attrs)
        if name := attributes.get("id"):
            self.ids.add(name)
        is_card = tag == "meta" and attributes.get("property") == "og:image"
        if link := attributes.get("content" if is_card else ADDRESS_ATTRIBUTES.get(tag, "")):
            self.links.append(link)


def sitemap_problems(output: Path, site: str, names: list[str]) -> list[str]:
    """Return a message for each page missing from the sitemap, and each address that is no page."""
    listed = set(sitemap_values(output, "loc"))
    built = {site + n.removesuffix("index.html") for n in names if n.endswith("index.html")}
    missing = [
        address
        for address in sorted(built - listed)
        if not FURTHER_PAGE.fullmatch(address.removeprefix(site))
    ]
    return [
        *(f"sitemap.xml: {address} is no page." for address in sorted(listed - built)),
        *(f"sitemap.xml: {address} is missing." for address in missing),
    ]


def verify(output: Path, settings: dict[str, Any]) -> list[str]:
    """Return every problem of a finished release, a sentence each."""
    site = f"{settings['SITEURL']}/"
    help_url = site + settings["HELP_URL"]
    pages = {p.relative_to(output).as_posix(): p for p in sorted(output.rglob("*.html"))}
    problems = [] if pages else ["There is no page at all."]
    read = cache(lambda path: Page(path.read_text(encoding="utf-8")))
    for name, path in pages.items():
        page = read(path)
        problems += [f"{name}: {problem}." for problem in help_problems(page.text, help_url)]
        for link in dict.fromkeys(page.links):
            address, fragment = urldefrag(urljoin(site + name, link))
            if not address.startswith(site):
                if address.startswith(urljoin(site, "/")):
                    problems.append(f"{name}: {link} leaves the site's path.")
                continue
            target = output / unquote(address.removeprefix(site))
            target = target / "index.html" if address.endswith("/") else target
            if not target.is_file():
                problems.append(f"{name}: {link} leads nowhere.")
            elif fragment and target.suffix == ".html" and fragment not in read(target).ids:
                problems.append(f"{name}: no place is called {link}.")
    return problems + sitemap_problems(output, site, list(pages))
