"""Write the configuration of hosts: caching, content types, headers, the page for a missing file.

On a host without custom headers (GitHub Pages), the policy inside each page has to do; Netlify and
Cloudflare Pages read `_headers`; nginx and Caddy get a snippet from `invoke hosting`, made of
nginx.jinja and caddy.jinja. It depends on the site's address and its folder, and on nothing that a
release changes.
"""

import datetime
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from jinja2 import StrictUndefined, Template

from tools.content.fields import contact_url
from tools.project import read_settings
from tools.publish.folders import sitemap_values
from tools.publish.security_headers import HEADERS, meta

SERVERS = ("nginx", "caddy")
REVALIDATE = "no-cache"
KEEP = "public, max-age=31536000, immutable"
TYPES = {
    "html": "text/html",
    "txt": "text/plain",
    "xml": "application/xml",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "woff2": "font/woff2",
    "pdf": "application/pdf",
}
FEED = "application/atom+xml"

# https://developers.cloudflare.com/pages/configuration/headers/: what goes beyond is ignored.
LONGEST_LINE = 2_000
MOST_RULES = 100

HEAD_START = '<meta charset="utf-8">\n'
FINGERPRINT = re.compile(r"\.[0-9a-f]{10}\.\w+$")


def headers_file(output: Path, feed: str) -> str:
    """Return `_headers` for Netlify and Cloudflare Pages; raise SystemExit if it exceeds a limit.

    The files to cache are named one by one: a rule for their folder would also apply to a missing
    file, and browsers would cache its 404 for a year.
    """
    named = sorted(p for p in (output / "theme").rglob("*") if FINGERPRINT.search(p.name))
    rules = {
        "/*": HEADERS,
        f"/{feed}": {"Content-Type": FEED},
        **{f"/{path.relative_to(output).as_posix()}": {"Cache-Control": KEEP} for path in named},
    }
    lines = [
        line
        for path, headers in rules.items()
        for line in (path, *(f"  {name}: {value}" for name, value in headers.items()))
    ]
    for line in lines:
        if len(line) > LONGEST_LINE:
            raise SystemExit(
                f"_headers: the line that begins with {line.strip()[:40]} has {len(line):,} "
                f"characters, and Cloudflare Pages ignores lines over {LONGEST_LINE:,}. Shorten "
                "the header in tools/publish/security_headers.py."
            )
    if len(rules) > MOST_RULES:
        raise SystemExit(
            f"_headers: it has {len(rules)} rules, one for each file of theme/static/, and "
            f"Cloudflare Pages reads {MOST_RULES} at most. Take files out of theme/static/."
        )
    return "".join(f"{line}\n" for line in lines)


def security_txt_expires(newest: datetime.date) -> datetime.date:
    """Return the date on which security.txt expires: a year after the site's newest date.

    RFC 9116, section 2.5.5, asks for less than a year ahead. The date does not depend on the day of
    publishing, so that the same commit gives the same bytes.
    """
    return newest + datetime.timedelta(days=365)


def write(output: Path, settings: dict[str, Any]) -> None:
    """Write each page's policy, `_headers` and security.txt into a built output."""
    for path in output.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        if HEAD_START not in page:
            name = path.relative_to(output).as_posix()
            raise SystemExit(f"{name}: its head does not begin with {HEAD_START}")
        page = page.replace(HEAD_START, HEAD_START + meta(page), 1)
        path.write_text(page, encoding="utf-8", newline="\n")
    (output / "_headers").write_text(
        headers_file(output, settings["FEED_ALL_ATOM"]), encoding="utf-8", newline="\n"
    )
    if settings["CONTACT"]:
        security = output / ".well-known/security.txt"
        security.parent.mkdir(exist_ok=True)
        newest = datetime.date.fromisoformat(max(sitemap_values(output, "lastmod")))
        security.write_text(
            f"Contact: {contact_url(settings['CONTACT'])}\n"
            f"Expires: {security_txt_expires(newest)}T00:00:00Z\n"
            f"Preferred-Languages: {settings['DEFAULT_LANG']}\n"
            f"Canonical: {urljoin(settings['SITEURL'], '/.well-known/security.txt')}\n",
            encoding="utf-8",
            newline="\n",
        )


def snippet(server: str, root: Path) -> str:
    """Return a web server's snippet for the release in output/; raise SystemExit without one."""
    if server not in SERVERS:
        raise SystemExit(f'"{server}" is neither of {" and ".join(SERVERS)}.')
    output = root / "output"
    if not (output / "_headers").exists():
        raise SystemExit("Nothing is published in output/ yet: `invoke publish` comes first.")
    home = urlsplit(sitemap_values(output, "loc")[0]).path  # "/" or, say, "/sub/"
    template = Path(__file__).with_name(f"{server}.jinja").read_text(encoding="utf-8")
    return Template(
        template,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    ).render(
        output=output.as_posix(),
        home=home,
        folder=home.rstrip("/"),
        feed=read_settings(root)["FEED_ALL_ATOM"],
        feed_type=FEED,
        types=TYPES,
        headers=HEADERS,
        revalidate=REVALIDATE,
        keep=KEEP,
    )
