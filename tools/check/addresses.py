"""Every address that is written in a text is one that readers can follow."""

import re
from urllib.parse import unquote, urlsplit

from tools.content.body import WRITE


def address_problem(address: str) -> str | None:
    """Say what is wrong with a link that leads off the site, or is written as no link here is."""
    shown = f"The link to {address}"
    if not address:
        return f"A link leads nowhere. {WRITE}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return f"{shown} is malformed. Write [words](https://…)."
    if re.search(r"[\s<>\"{}|\\^`]", unquote(address)):
        return (
            f"{shown} is malformed. Write %20 for a space; no other sign like that belongs in it."
        )
    if parts.scheme == "http":
        return f"{shown} is not secure. Write https://{address[7:]}"
    if parts.scheme in ("tel", "sms"):
        return "Telephone numbers stand in content/helplines.toml alone. Link to the help page."
    if parts.scheme == "mailto":
        return (
            None
            if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", parts.path)
            else f"{shown} is malformed."
        )
    if parts.scheme == "https":
        good = re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}", host)
        return None if good else f"{shown} is malformed. Write [words](https://…)."
    if parts.scheme:
        return f"{shown} is not allowed. Write an https:// address."
    if address.endswith(".md") or ".md#" in address:
        return f"{shown} would be published as it is. Write {{filename}}/posts/name.md."
    if address.startswith("www."):
        return f"{shown} lacks its beginning. Write https://{address}"
    return (
        f"{shown} breaks when the site moves. "
        "Write {filename}/posts/name.md or {filename}/pages/name.md."
    )
