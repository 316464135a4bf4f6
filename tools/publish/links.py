"""Check every link of a finished release, and that help is in reach on every page.

tools/check/links.py checks the links that writers make, with their lines. This reads the finished
pages, in which a template, a fingerprinted file name or the site's path may also break a link.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from tools.check.help import help_problems
from tools.publish.folders import sitemap_values
from tools.publish.security_headers import INLINE

# The attribute that holds an element's address. Browsers load these without being asked, but for
# links: an <a>, and a <link> of another kind than LOADED_LINKS.
ADDRESS_ATTRIBUTES = {
    "a": "href", "link": "href", "embed": "src", "iframe": "src", "img": "src", "script": "src",
    "source": "src",
}  # fmt: skip
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon"}
# Elements whose end tags browsers invent where they are missing, and then show another page.
CONTAINERS = {"article", "aside", "div", "footer", "header", "main", "nav", "section"}
CSS_IMPORT = re.compile(r"""@import\s+["']([^"']+)""")
CSS_URL = re.compile(r"""url\(["']?([^"')]+)""")
# archives/page-2/ and the like: the sitemap names the list's first page alone.
FURTHER_PAGE = re.compile(r"/page-\d+/index\.html$")


class Page(HTMLParser):
    """A page's HTML, its ids, the addresses of its links, and of those what browsers load.

    `unclosed` counts, by name, the start tags of containers without an end tag; below 0, the end
    tags without a start tag. `css` is the text of its style elements.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.css = "".join(code for tag, _, code in INLINE.findall(text) if tag == "style")
        self.ids: set[str] = set()
        self.links: list[str] = CSS_URL.findall(text)
        self.loaded = {*self.links, *CSS_IMPORT.findall(self.css)}
        self.unclosed: Counter[str] = Counter()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect an element's id, and the address it links to or loads."""
        attributes = {name: value or "" for name, value in attrs}
        self.unclosed[tag] += 1
        self.ids.add(attributes.get("id", ""))
        is_card = tag == "meta" and attributes.get("property") == "og:image"
        attribute = "content" if is_card else ADDRESS_ATTRIBUTES.get(tag, "")
        if address := attributes.get(attribute):
            self.links.append(address)
            kinds = attributes.get("rel", "").split()
            if tag not in ("a", "link", "meta") or LOADED_LINKS.intersection(kinds):
                self.loaded.add(address)
        for candidate in attributes.get("srcset", "").split(","):
            self.loaded.update(candidate.split()[:1])

    def handle_endtag(self, tag: str) -> None:
        """Count the end of an element."""
        self.unclosed[tag] -= 1

    def problems(self, address: str, site: str) -> Iterator[str]:
        """Yield what is wrong with the page at an address, whatever it links to."""
        for link in sorted(self.loaded):
            absolute = urljoin(address, link)
            if absolute.startswith(("http:", "https:")) and not absolute.startswith(site):
                yield f"it loads {link} from another host: readers' browsers ask for nothing there"
        for tag in sorted(CONTAINERS):
            if count := self.unclosed[tag]:
                yield f"a tag {'</' if count > 0 else '<'}{tag}> is missing"
        if self.css.count("{") != self.css.count("}"):
            yield "the braces of its stylesheet are not balanced"


def sitemap_problems(output: Path, site: str, names: list[str]) -> list[str]:
    """Return a message for each page missing from the sitemap, and each address that is no page."""
    listed = set(sitemap_values(output, "loc"))
    built = {
        site + name.removesuffix("index.html")
        for name in names
        if name.endswith("index.html") and not FURTHER_PAGE.search(name)
    }
    return [
        *(f"sitemap.xml: {address} is no page." for address in sorted(listed - built)),
        *(f"sitemap.xml: {address} is missing." for address in sorted(built - listed)),
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
        alone = (*help_problems(page.text, help_url), *page.problems(site + name, site))
        problems += [f"{name}: {problem}." for problem in alone]
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
