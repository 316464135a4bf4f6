"""Every address that is written in a text is one that readers can follow."""

import re
from urllib.parse import parse_qsl, urlsplit

from tools.content.body import WRITE

# What a link brings along to tell a site where its reader came from.
TRACKING = re.compile(r"utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|igshid|_hs\w+|__s|ved|ref_src")


def address_problem(address: str) -> str | None:
    """Say what is wrong with a link that leads off the site, or is written as no link here is."""
    shown = f"The link to {address[:200]}"
    if not address:
        return f"A link leads nowhere. {WRITE}"
    if match := re.search(r"[\s<>\"{}|\\^`]", address):
        sign = match[0]
        coded = "".join(f"%{byte:02X}" for byte in sign.encode())
        name = "a space" if sign.isspace() else sign
        return f"{shown} is malformed. Write {'%20' if sign.isspace() else coded} for {name}."
    if re.search(r"%(?![0-9a-fA-F]{2})", address):
        return f"{shown} is malformed. Write %25 for the sign %."
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return f"{shown} is malformed. Write [words](https://…)."
    if parts.scheme == "http":
        return f"{shown} is not secure. Write https://{address[7:]}"
    if parts.scheme in ("tel", "sms"):
        return "Telephone numbers stand in content/helplines.toml alone. Link to the help page."
    if parts.scheme == "mailto":
        people = parts.path.split(",")
        whole = all(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", person) for person in people)
        return None if whole else f"{shown} is malformed. Write mailto:name@example.org."
    if parts.scheme == "https":
        if parts.username is not None or not is_host(host):
            return f"{shown} is malformed. Write [words](https://…)."
        return tracking_problem(address, parts.query)
    if parts.scheme:
        return f"{shown} is not allowed. Write an https:// address."
    if address.endswith(".md") or ".md#" in address:
        return f"{shown} would be published as it is. Write {{filename}}/posts/name.md."
    if address.startswith("//"):
        return f"{shown} lacks its beginning. Write https:{address}"
    if address.startswith("www."):
        return f"{shown} lacks its beginning. Write https://{address}"
    return (
        f"{shown} breaks when the site moves. "
        "Write {filename}/posts/name.md or {filename}/pages/name.md."
    )


def is_host(host: str) -> bool:
    """Say whether a name can be a site's, in any alphabet."""
    try:
        host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return False
    label = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
    return bool(re.fullmatch(rf"(?:{label}\.)+(?:[a-z]{{2,}}|xn--[a-z0-9-]+)\.?", host))


def tracking_problem(address: str, query: str) -> str | None:
    """Name what an address tells of its reader, and the address without it."""
    tracking = [name for name, _ in parse_qsl(query) if TRACKING.fullmatch(name)]
    if not tracking:
        return None
    kept = [part for part in query.split("&") if part.split("=")[0] not in tracking]
    clean = address.replace(f"?{query}", f"?{'&'.join(kept)}" if kept else "")
    return f"The link to {address[:200]} tells where its reader came from. Write {clean}"
