"""`invoke changes`: list in Markdown how the pages of two builds differ, for a reviewer."""

import html
import re
from collections import defaultdict
from difflib import SequenceMatcher
from pathlib import Path

from markupsafe import Markup

HIDDEN = re.compile(r"<(script|style|template)\b.*?</\1>|<!--.*?-->", re.DOTALL)
# Words in attributes: alternative texts, and the description for search engines.
ALT = re.compile(r'<img\b[^>]*? alt="([^"]*)"[^>]*>')
DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)">')
# Every other tag ends a paragraph, a heading or a cell.
INLINE = (
    "a|abbr|b|bdi|cite|code|data|dfn|em|i|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var"
    "|wbr"
)
BLOCK = re.compile(rf"<(?!/?(?:{INLINE})\b)[^>]*>")
# A job's summary on GitHub holds 1 MiB; more than this nobody reads.
MOST_LINES = 40
MOST_CHARACTERS = 60_000


def blocks(page: str) -> list[str]:
    """Return the words of a page in reading order, a string for each paragraph, heading or cell."""
    page = DESCRIPTION.sub(r"<p>\1</p>", HIDDEN.sub("", page))
    texts = (Markup(block).striptags() for block in BLOCK.split(ALT.sub(r"\1", page)))
    return [text for text in texts if text]


def pages(output: Path) -> dict[str, Path]:
    """Return the HTML files of a build by their address within the site."""
    names = {path.relative_to(output).as_posix(): path for path in sorted(output.rglob("*.html"))}
    return {f"/{name.removesuffix('index.html')}": path for name, path in names.items()}


def marked(before: str, after: str) -> str:
    """Return a block as HTML, with <del> and <ins> around the words that differ."""
    old, new = (re.findall(r"\s+|[^\s]+", text) for text in (before, after))
    parts = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        removed, added = html.escape("".join(old[a:b])), html.escape("".join(new[c:d]))
        if kind == "equal":
            parts.append(removed)
            continue
        if removed.strip():
            parts.append(f"<del>{removed}</del>")
        parts.append(f"<ins>{added}</ins>" if added.strip() else added)
    return "".join(parts)


def differences(before: list[str], after: list[str]) -> list[str]:
    """Return the blocks that differ as items of a Markdown list."""
    items = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "replace" and b - a == d - c:
            items += [marked(*pair) for pair in zip(before[a:b], after[c:d], strict=True)]
        elif kind != "equal":
            items += [f"<del>{html.escape(block)}</del>" for block in before[a:b]]
            items += [f"<ins>{html.escape(block)}</ins>" for block in after[c:d]]
    return [f"- {item}" for item in items]


def report(before: Path, after: Path) -> str:
    """Return how the pages of two builds differ, as Markdown; raise SystemExit without a build."""
    old, new = pages(before), pages(after)
    for folder, built in ((before, old), (after, new)):
        if not built:
            raise SystemExit(f"{folder}: There is no page here. Build the site there first.")
    pages_of: dict[str, list[str]] = defaultdict(list)
    markup_alone = 0
    for name in sorted(old.keys() & new.keys()):
        texts = [path.read_text(encoding="utf-8") for path in (old[name], new[name])]
        changes = differences(*map(blocks, texts))
        for item in dict.fromkeys(changes):
            pages_of[item].append(name)
        markup_alone += texts[0] != texts[1] and not changes
    # A difference that many pages share, as in a footer, is listed once.
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for item, on_pages in pages_of.items():
        together[tuple(on_pages)].append(item)
    parts = [f"New page: `{name}`" for name in sorted(new.keys() - old.keys())]
    parts += [f"Page gone: `{name}`" for name in sorted(old.keys() - new.keys())]
    for names, items in together.items():
        if len(items) > MOST_LINES:
            items[MOST_LINES:] = [f"- … and {len(items) - MOST_LINES} more"]
        listed = ", ".join(f"`{name}`" for name in names)
        many = f"{len(names)} pages, such as `{names[0]}`"
        parts += [f"### {many if len(names) > 3 else listed}", "\n".join(items)]
    if markup_alone:
        parts.append(f"Pages that change in markup or style, not in words: {markup_alone}.")
    text = "\n\n".join(parts) or "No page changes."
    if len(text) > MOST_CHARACTERS:
        text = text[: text.rindex("\n", 0, MOST_CHARACTERS)] + "\n\n… The rest is left out here."
    return f"## What readers will see\n\n{text}"
