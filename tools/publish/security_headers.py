"""The security policy in each page, and the headers of every answer.

A browser obeys a page's own policy and the server's together (CSP 3, section 8.1). The page's,
which changes with the release, allows what stands inline by its digest. The server's is the same
for every release, so that no publish or rollback meets a server that knows other digests.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256

# What a page may load.
POLICY = {
    "default-src": "'none'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",  # Lighthouse asks for robots.txt as if the page did
    "base-uri": "'none'",
    "form-action": "'none'",
}

# What a server can allow without knowing digests: speculation rules, but no other inline script,
# and inline styles, which each page's own policy narrows to its stylesheet. frame-ancestors is only
# here, since browsers report it as an error inside a page.
SERVER_POLICY = {
    **POLICY,
    "script-src": "'inline-speculation-rules'",
    "style-src": "'unsafe-inline'",
    "frame-ancestors": "'none'",
}

DISABLED_FEATURES = """\
accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation gyroscope
magnetometer microphone midi payment publickey-credentials-get usb
"""

REFERRER = "no-referrer"

INLINE = re.compile(r"<(style|script)\b([^>]*)>(.*?)</\1>", re.DOTALL)

# Data is not run, and a script with an address is not inline.
NOT_INLINE_CODE = re.compile(r'\bsrc=|type="?application/(ld\+)?json')


def join(policy: Mapping[str, str]) -> str:
    """Return a policy as the value of a header or a meta element."""
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


HEADERS = {
    "Content-Security-Policy": join(SERVER_POLICY),
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": REFERRER,
    "Permissions-Policy": ", ".join(f"{name}=()" for name in DISABLED_FEATURES.split()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def inline_sources(page: str) -> dict[str, str]:
    """Return directives that allow a page's inline styles and scripts by SHA-256 digest."""
    digests: dict[str, set[str]] = {}
    for tag, attributes, text in INLINE.findall(page):
        if not NOT_INLINE_CODE.search(attributes):
            digest = b64encode(sha256(text.encode()).digest()).decode()
            digests.setdefault(f"{tag}-src", set()).add(f"'sha256-{digest}'")
    return {directive: " ".join(sorted(digests[directive])) for directive in sorted(digests)}


def meta(page: str) -> str:
    """Return the meta elements with a page's policy, for hosts that cannot send our headers."""
    policy = join({**POLICY, **inline_sources(page)})
    return (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="referrer" content="{REFERRER}">\n'
    )
