"""One policy for every host: what browsers may do with a page, and how long they keep it.

A host without headers of one's own (GitHub Pages) sends the policy inside each page; Netlify and
Cloudflare Pages read `_headers`; nginx and Caddy get a snippet from `invoke hosting`.
"""

import datetime
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tools.project import read_settings
from tools.publish.security_headers import HEADERS_ONLY, headers, inline, policy

REVALIDATE = "no-cache"
KEEP = "public, max-age=31536000, immutable"
TYPES = {
    "html": "text/html",
    "txt": "text/plain",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "avif": "image/avif",
    "woff2": "font/woff2",
    "pdf": "application/pdf",
    "webmanifest": "application/manifest+json",
}
FEED = "application/atom+xml"

START = '<meta charset="utf-8">\n'


def listed(output: Path, tag: str) -> list[str]:
    """Return what a built sitemap says: its `loc` or `lastmod` values."""
    sitemap = (output / "sitemap.xml").read_text(encoding="utf-8")
    return re.findall(rf"<{tag}>(.*?)</{tag}>", sitemap)


def write(output: Path, settings: dict[str, Any]) -> None:
    """Write what hosts read into a built output: each page's policy, `_headers`, security.txt."""
    for path in output.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        if START not in page:
            raise SystemExit(f"{path.name}: its head does not begin with {START}")
        own = policy(inline(page), HEADERS_ONLY)
        own = f'<meta http-equiv="Content-Security-Policy" content="{own}">\n'
        path.write_text(page.replace(START, START + own, 1), encoding="utf-8", newline="\n")
    rules = {
        "/*": headers(output),
        "/theme/*": {"Cache-Control": KEEP},
        f"/{settings['FEED_ALL_ATOM']}": {"Content-Type": FEED},
    }
    (output / "_headers").write_text(
        "".join(
            f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in given.items())
            for path, given in rules.items()
        ),
        encoding="utf-8",
        newline="\n",
    )
    if contact := settings["CONTACT"]:
        security = output / ".well-known/security.txt"
        security.parent.mkdir()
        expires = datetime.date.fromisoformat(max(listed(output, "lastmod")))
        expires += datetime.timedelta(days=365)
        security.write_text(
            f"Contact: {'mailto:' if '@' in contact else ''}{contact}\n"
            f"Expires: {expires}T00:00:00Z\n"
            f"Preferred-Languages: {settings['DEFAULT_LANG']}\n"
            f"Canonical: {settings['SITEURL']}/.well-known/security.txt\n",
            encoding="utf-8",
            newline="\n",
        )


def base(output: Path) -> str:
    """Return the path of a built site's home, from its sitemap: "/" or, say, "/sub/"."""
    return urlsplit(listed(output, "loc")[0]).path


def nginx(output: Path, feed: str) -> str:
    """Return what goes into nginx's server block for the site."""
    home = base(output)
    types = "\n".join(f"        {kind} {end};" for end, kind in TYPES.items())
    given = "\n".join(f'    add_header {n} "{v}" always;' for n, v in headers(output).items())
    return f"""\
set $keep "{REVALIDATE}";
location {home} {{
    alias "{output.as_posix()}/";
    location {home}theme/ {{ set $keep "{KEEP}"; }}
    error_page 404 {home}404.html;
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
{given}
}}
"""


def caddy(output: Path, feed: str) -> str:
    """Return what goes into Caddy's site block for the site."""
    home = base(output)
    given = "\n".join(f'        {name} "{value}"' for name, value in headers(output).items())
    types = "\n".join(
        f"    @{end} path *.{end}\n    header @{end} Content-Type {kind}"
        for end, kind in TYPES.items()
        if end in ("woff2", "webmanifest")
    )
    return f"""\
handle_path {home}* {{
    root * "{output.as_posix()}"
    header {{
{given}
    }}
    @named path /theme/*
    header @named Cache-Control "{KEEP}"
    @other not path /theme/*
    header @other Cache-Control "{REVALIDATE}"
    @feed path /{feed}
    header @feed Content-Type {FEED}
{types}
    file_server {{
        precompressed br gzip
    }}
}}
handle_errors {{
    root * "{output.as_posix()}"
    rewrite * /404.html
    file_server
}}
"""


SNIPPETS = {"nginx": nginx, "caddy": caddy}


def snippet(host: str, root: Path) -> str:
    """Return a web server's snippet for the release in output/; SystemExit if there is none."""
    output = root / "output"
    if host not in SNIPPETS:
        raise SystemExit(f'"{host}" is neither of {" and ".join(SNIPPETS)}.')
    if not (output / "_headers").exists():
        raise SystemExit("Nothing is published in output/ yet: `invoke publish` comes first.")
    return SNIPPETS[host](output, read_settings(root)["FEED_ALL_ATOM"])
