"""Check that readers can follow each address that a text links to."""

import re
from contextlib import suppress
from urllib.parse import parse_qsl, quote, urlsplit

from tools.content.body import WRITE
from tools.content.fields import EMAIL
from tools.content.problem import shortened

# Parameters of a link that tell a site where its reader came from.
TRACKING = re.compile(r"utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|igshid|_hs\w+|__s|ved|ref_src")

# The preview's address, and what follows its host.
LOCAL = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(/\S*)?$", re.IGNORECASE)
TO_A_FILE = (
    "A page of this site is {filename}/pages/name.md, a post {filename}/posts/name.md, "
    "a picture {static}/images/name.png."
)


def to_file(path: str | None) -> str:
    """Return how to link to a page of this site, by the path of its address, such as /about/."""
    name = (path or "").split("#")[0].strip("./").rpartition("/")[2]
    name = name if re.fullmatch(r"[a-z0-9-]+", name) else "name"
    page, post = (f"{{filename}}/{folder}/{name}.md" for folder in ("pages", "posts"))
    return f"Link to the file: {page}, or of a post {post}."


def address_problem(address: str) -> str | None:
    """Return what is wrong with a link that is neither {filename}, {static} nor #place; or None."""
    link = f"The link to {shortened(address, 200)}"
    if not address:
        return f"A link leads nowhere. {WRITE}"
    if re.match(r"(?:[a-z]:[\\/]|file:|\\\\)", address, re.IGNORECASE):
        return f"{link} is a file on your computer, where no reader can follow. {TO_A_FILE}"
    if match := LOCAL.match(address):
        return f"{link} leads to the preview on your own computer. {to_file(match[1])}"
    if match := re.search(r"[\s<>\"{}|\\^`]", address):
        sign = "a space" if match[0].isspace() else match[0]
        right = {"a space": "%20", "\\": "/"}.get(sign) or quote(sign)
        return f"{link} is malformed. Write {right} for {sign}."
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
    if address.startswith(("//", "www.")):
        return f"{link} lacks its beginning. Write https://{address.removeprefix('//')}"
    return f"{link} breaks when the site moves. {to_file(address)}"


def is_host(host: str) -> bool:
    """Return whether a name can be that of a website, in any alphabet."""
    with suppress(UnicodeError):
        host = host.encode("idna").decode()
    label = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
    return bool(re.fullmatch(rf"(?:{label}\.)+(?:[a-z]{{2,}}|xn--[a-z0-9-]+)\.?", host))


def tracking_problem(address: str, query: str) -> str | None:
    """Return a message if an address has tracking parameters, with the address without them."""
    parameters = dict(parse_qsl(query))
    link = f"The link to {shortened(address, 200)}"
    to = parameters.get("q") or parameters.get("url")
    if to and re.match(r"https://www\.google\.[a-z.]+/url\?", address):
        return f"{link} leads through a search engine. Write {to}"
    tracking = [name for name in parameters if TRACKING.fullmatch(name)]
    if not tracking:
        return None
    kept = "&".join(part for part in query.split("&") if part.split("=")[0] not in tracking)
    clean = address.replace(f"?{query}", f"?{kept}" if kept else "")
    return f"{link} tells where its reader came from. Write {clean}"
