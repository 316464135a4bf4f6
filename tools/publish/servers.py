"""Write the configuration of hosts: caching, content types, headers, the page for a missing file.

On a host without custom headers (GitHub Pages), the policy inside each page has to do; Netlify and
Cloudflare Pages read `_headers`; nginx and Caddy get a snippet from `invoke hosting`. The snippets
depend on the site's address and its folder, and on nothing that a release changes.
"""

import datetime
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tools.content.fields import contact_url
from tools.project import read_settings
from tools.publish.folders import sitemap_values
from tools.publish.security_headers import HEADERS, meta

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
# Caddy takes these types from the system, and not every system has them.
UNKNOWN_TO_CADDY = {"avif", "txt", "woff2", "xml"}

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
    if contact := settings["CONTACT"]:
        security = output / ".well-known/security.txt"
        security.parent.mkdir(exist_ok=True)
        newest = datetime.date.fromisoformat(max(sitemap_values(output, "lastmod")))
        security.write_text(
            f"Contact: {contact_url(contact)}\n"
            f"Expires: {security_txt_expires(newest)}T00:00:00Z\n"
            f"Preferred-Languages: {settings['DEFAULT_LANG']}\n"
            f"Canonical: {settings['SITEURL']}/.well-known/security.txt\n",
            encoding="utf-8",
            newline="\n",
        )


def home_path(output: Path) -> str:
    """Return the path of a built site's home, from its sitemap: "/" or, say, "/sub/"."""
    return urlsplit(sitemap_values(output, "loc")[0]).path


def nginx(output: Path, home: str, feed: str) -> str:
    """Return what goes into nginx's server block for the site."""
    types = "\n".join(f"        {kind} {suffix};" for suffix, kind in TYPES.items())
    headers = "\n".join(f'    add_header {n} "{v}" always;' for n, v in HEADERS.items())
    folder = home.rstrip("/")
    redirect = f"location = {folder} {{ absolute_redirect off; return 301 {home}; }}\n"
    return f"""\
set $keep "{REVALIDATE}";
{redirect if folder else ""}location {home} {{
    alias "{output.as_posix()}/";
    location {home}theme/ {{ set $keep "{KEEP}"; }}
    error_page 404 {home}404.html;
    error_page 403 =404 {home}404.html;  # a folder without a page
    absolute_redirect off;
    charset utf-8;
    charset_types text/html text/plain;
    types {{
{types}
    }}
    location = {home}{feed} {{ types {{ }} default_type {FEED}; }}
    location = {home}_headers {{ return 404; }}
    gzip_static on;
    brotli_static on;  # Debian: libnginx-mod-http-brotli-static; without it, delete this line
    gzip_vary on;
    add_header Cache-Control $keep;
{headers}
}}
"""


def caddy(output: Path, home: str, feed: str) -> str:
    """Return what goes into Caddy's site block for the site."""
    headers = "\n".join(f'        {name} "{value}"' for name, value in HEADERS.items())
    types = "\n".join(
        f"        @{suffix} path *.{suffix}\n        header @{suffix} Content-Type "
        f'"{kind}{"; charset=utf-8" if kind.startswith("text/") else ""}"'
        for suffix, kind in TYPES.items()
        if suffix in UNKNOWN_TO_CADDY
    )
    folder = home.rstrip("/")
    redirect = f"redir {folder} {home} permanent\n"
    return f"""\
{redirect if folder else ""}handle_path {home}* {{
    root * "{output.as_posix()}"
    header {{
{headers}
    }}
    route {{  # in this order: later directives override earlier ones
        header Cache-Control "{REVALIDATE}"
        header /theme/* Cache-Control "{KEEP}"
{types}
        header /{feed} Content-Type {FEED}
    }}
    file_server {{
        precompressed br gzip
        hide _headers
    }}
}}
handle_errors {{
    @site path {home}*
    handle @site {{
        root * "{output.as_posix()}"
        rewrite * /404.html
        header Cache-Control "{REVALIDATE}"
        header Content-Type "text/html; charset=utf-8"
        file_server {{
            precompressed br gzip
        }}
    }}
}}
"""


SNIPPETS = {"nginx": nginx, "caddy": caddy}


def snippet(server: str, root: Path) -> str:
    """Return a web server's snippet for the release in output/; raise SystemExit without one."""
    output = root / "output"
    if server not in SNIPPETS:
        raise SystemExit(f'"{server}" is neither of {" and ".join(SNIPPETS)}.')
    if not (output / "_headers").exists():
        raise SystemExit("Nothing is published in output/ yet: `invoke publish` comes first.")
    return SNIPPETS[server](output, home_path(output), read_settings(root)["FEED_ALL_ATOM"])
