"""One policy for every host: what browsers may do with a page, and how long they keep it."""

import re
from base64 import b64encode
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

# What a page may load. Whatever stands inline is allowed by its digest, beside these.
POLICY = {
    "default-src": "'none'",
    "style-src": "",
    "script-src": "",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",  # Lighthouse asks for robots.txt as if the page did
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


HEADERS_ONLY = {"frame-ancestors"}  # browsers report it as an error inside a page


OFF = """\
accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation gyroscope
magnetometer microphone midi payment publickey-credentials-get usb
"""


HEADERS = {
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in OFF.split()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


INLINE = re.compile(r"<(style|script)\b([^>]*)>(.*?)</\1>", re.DOTALL)


# What browsers do not run needs no leave.
NOT_RUN = re.compile(r'\bsrc=|type="?application/(ld\+)?json')


def inline(page: str) -> set[tuple[str, str]]:
    """Return what stands inline in a page, as the directive that rules it and its digest."""
    return {
        (f"{tag}-src", f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'")
        for tag, attributes, text in INLINE.findall(page)
        if not NOT_RUN.search(attributes)
    }


def policy(allowed: set[tuple[str, str]], left_out: Collection[str] = ()) -> str:
    """Return the Content-Security-Policy that allows these digests, without some directives."""
    rules = {
        name: " ".join([value, *sorted(d for ruled, d in allowed if ruled == name)]).strip()
        for name, value in POLICY.items()
        if name not in left_out
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items() if value)


def headers(output: Path) -> dict[str, str]:
    """Return the headers that every answer carries."""
    pages = (path.read_text(encoding="utf-8") for path in output.rglob("*.html"))
    return {"Content-Security-Policy": policy(set().union(*map(inline, pages))), **HEADERS}
