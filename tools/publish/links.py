"""No page is published without help in reach, or with a link that leads nowhere."""

import html
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

ADDRESSES = {"a": "href", "link": "href", "img": "src", "script": "src"}
URL = re.compile(r"""url\(["']?([^"')]+)""")
SRC = re.compile('"src": "([^"]+)"')
LOC = re.compile("<loc>(.*?)</loc>")
# 2026/11/ and archives/page-2/: lists of what the sitemap names already.
NUMBERED = re.compile(r"\d{4}/(\d\d/)?|(.*/)?page-\d+/")


class Page(HTMLParser):
    """A page's ids, its links, and those before its main part and in its last footer."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = URL.findall(text)
        self.top: list[str] = []
        self.footer: list[str] = []
        self.zone = self.top
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element says."""
        given = dict(attrs)
        if tag in ("main", "footer"):
            self.zone = self.footer = []
        if name := given.get("id"):
            self.ids.add(name)
        picture = tag == "meta" and given.get("property") == "og:image"
        if link := given.get("content" if picture else ADDRESSES.get(tag, "")):
            self.links.append(link)
            self.zone.append(link)


def verify(output: Path, settings: dict[str, Any]) -> list[str]:
    """Return every fault of a finished output, a sentence each; no fault, an empty list."""
    site = f"{settings['SITEURL']}/"
    help_url = site + settings["HELP_URL"]
    pages = {p.relative_to(output).as_posix(): p for p in sorted(output.rglob("*.html"))}
    problems = [] if pages else ["There is no page at all."]
    read = cache(lambda path: Page(path.read_text(encoding="utf-8")))
    for name, path in pages.items():
        page = read(path)
        for zone, where in ((page.top, "before its main part"), (page.footer, "in its footer")):
            if help_url not in zone:
                problems.append(f"{name}: {where} there is no link to help.")
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
    for path in output.rglob("*.webmanifest"):
        for link in SRC.findall(path.read_text(encoding="utf-8")):
            if not (path.parent / link).is_file():
                problems.append(f"{path.relative_to(output).as_posix()}: {link} leads nowhere.")
    sitemap = (output / "sitemap.xml").read_text(encoding="utf-8")
    listed = {html.unescape(loc) for loc in LOC.findall(sitemap)}
    there = {site + n.removesuffix("index.html") for n in pages if n.endswith("index.html")}
    problems += [f"sitemap.xml: {loc} is no page." for loc in sorted(listed - there)]
    return problems + [
        f"sitemap.xml: {loc} is missing."
        for loc in sorted(there - listed)
        if not NUMBERED.fullmatch(loc.removeprefix(site))
    ]
