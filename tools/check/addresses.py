"""Check that readers can follow each address that a text links to."""

import re
from urllib.parse import parse_qsl, urlsplit

from tools.content.body import WRITE
from tools.content.fields import EMAIL

# Parameters of a link that tell a site where its reader came from.
TRACKING = re.compile(r"utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|igshid|_hs\w+|__s|ved|ref_src")


def address_problem(address: str) -> str | None:
    """Return what is wrong with a link that is neither {filename}, {static} nor #place; or None."""
    link = f"The link to {address[:200]}"
    if not address:
        return f"A link leads nowhere. {WRITE}"
    if match := re.search(r"[\s<>\"{}|\\^`]", address):
        sign = match[0]
        coded = "".join(f"%{byte:02X}" for byte in sign.encode())
        name = "a space" if sign.isspace() else sign
        return f"{link} is malformed. Write {'%20' if sign.isspace() else coded} for {name}."
    if re.search(r"%(?![0-9a-fA-F]{2})", address):
        return f"{link} is malformed. Write %25 for the sign %."
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return f"{link} is malformed. Write [words](https://…)."
    if parts.scheme == "http":
        return f"{link} is not secure. Write https://{address[7:]}"
    if parts.scheme in ("tel", "sms"):
        return "Telephone numbers stand in content/helplines.toml alone. Link to the help page."
    if parts.scheme == "mailto":
        valid = all(map(EMAIL.fullmatch, parts.path.split(",")))
        return None if valid else f"{link} is malformed. Write mailto:name@example.org."
    if parts.scheme == "https":
        if parts.username is not None or not is_host(host):
            return f"{link} is malformed. Write [words](https://…)."
        return tracking_problem(address, parts.query)
    if parts.scheme:
        return f"{link} is not allowed. Write an https:// address."
    if address.endswith(".md") or ".md#" in address:
        return f"{link} would be published as it is. Write {{filename}}/posts/name.md."
    if address.startswith("//"):
        return f"{link} lacks its beginning. Write https:{address}"
    if address.startswith("www."):
        return f"{link} lacks its beginning. Write https://{address}"
    return (
        f"{link} breaks when the site moves. "
        "Write {filename}/posts/name.md or {filename}/pages/name.md."
    )


def is_host(host: str) -> bool:
    """Return whether a name can be that of a website, in any alphabet."""
    try:
        host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return False
    label = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
    return bool(re.fullmatch(rf"(?:{label}\.)+(?:[a-z]{{2,}}|xn--[a-z0-9-]+)\.?", host))


def tracking_problem(address: str, query: str) -> str | None:
    """Return a message if an address has tracking parameters, with the address without them."""
    tracking = [name for name, _ in parse_qsl(query) if TRACKING.fullmatch(name)]
    if not tracking:
        return None
    kept = [part for part in query.split("&") if part.split("=")[0] not in tracking]
    clean = address.replace(f"?{query}", f"?{'&'.join(kept)}" if kept else "")
    return f"The link to {address[:200]} tells where its reader came from. Write {clean}"
