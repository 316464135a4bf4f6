"""`invoke changes`: list in Markdown how the pages of two builds differ, for a reviewer."""

import html
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html.parser import HTMLParser
from pathlib import Path

NOT_TEXT = {"script", "style", "template"}
INLINE = {
    "a", "abbr", "b", "bdi", "cite", "code", "data", "dfn", "em", "i", "kbd", "mark", "q", "s",
    "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
}  # fmt: skip
# A job's summary on GitHub holds 1 MiB; more than this nobody reads.
MOST_LINES = 40
MOST_CHARACTERS = 60_000

Change = tuple[list[str], list[str]]


class Text(HTMLParser):
    """The words of a page in reading order, as one string for each paragraph, heading or cell."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self.hidden = 0
        self.feed(page)
        self.close()
        self.blocks = [" ".join(block.split()) for block in self.blocks if block.strip()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block. Alternative texts and the meta description count as words."""
        self.hidden += tag in NOT_TEXT
        if tag not in INLINE:
            self.blocks.append("")
        attributes = dict(attrs)
        if tag == "img":
            self.blocks[-1] += attributes.get("alt") or ""
        if tag == "meta" and attributes.get("name") == "description":
            self.blocks.append(attributes.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        """End a block."""
        self.hidden -= tag in NOT_TEXT
        if tag not in INLINE:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        """Add words to the current block."""
        if not self.hidden:
            self.blocks[-1] += data


def pages(output: Path) -> dict[str, Path]:
    """Return the HTML files of a build by their address within the site."""
    names = {path.relative_to(output).as_posix(): path for path in sorted(output.rglob("*.html"))}
    return {f"/{name.removesuffix('index.html')}": path for name, path in names.items()}


def differences(before: list[str], after: list[str]) -> Iterator[Change]:
    """Yield each run of blocks that differs, as it was before and as it is after."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield before[a:b], after[c:d]


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


def lines(change: Change) -> list[str]:
    """Return a difference as items of a Markdown list, one for each block."""
    before, after = change
    if len(before) == len(after):
        return [f"- {marked(*pair)}" for pair in zip(before, after, strict=True)]
    return [
        *(f"- <del>{html.escape(block)}</del>" for block in before),
        *(f"- <ins>{html.escape(block)}</ins>" for block in after),
    ]


def heading(names: tuple[str, ...]) -> str:
    """Return a heading for pages with one and the same difference: their names, or their number."""
    if len(names) > 3:
        return f"### {len(names)} pages, such as `{names[0]}`"
    return f"### {', '.join(f'`{name}`' for name in names)}"


def report(before: Path, after: Path) -> str:
    """Return how the pages of two builds differ, as Markdown; raise SystemExit without a build."""
    old, new = pages(before), pages(after)
    for folder, built in ((before, old), (after, new)):
        if not built:
            raise SystemExit(f"{folder}: There is no page here. Build the site there first.")
    pages_of: dict[str, list[str]] = {}
    markup_alone = 0
    for name in sorted(old.keys() & new.keys()):
        texts = [path.read_text(encoding="utf-8") for path in (old[name], new[name])]
        changes = list(differences(*(Text(text).blocks for text in texts)))
        for item in dict.fromkeys(item for change in changes for item in lines(change)):
            pages_of.setdefault(item, []).append(name)
        markup_alone += texts[0] != texts[1] and not changes
    # A difference that many pages share, as in a footer, is listed once.
    together: dict[tuple[str, ...], list[str]] = {}
    for item, on_pages in pages_of.items():
        together.setdefault(tuple(on_pages), []).append(item)
    blocks = [f"New page: `{name}`" for name in sorted(new.keys() - old.keys())]
    blocks += [f"Page gone: `{name}`" for name in sorted(old.keys() - new.keys())]
    for names, items in together.items():
        if len(items) > MOST_LINES:
            items[MOST_LINES:] = [f"- … and {len(items) - MOST_LINES} more"]
        blocks += [heading(names), "\n".join(items)]
    if markup_alone:
        blocks.append(f"Pages that change in markup or style, not in words: {markup_alone}.")
    text = "\n\n".join(blocks) or "No page changes."
    if len(text) > MOST_CHARACTERS:
        text = text[: text.rindex("\n", 0, MOST_CHARACTERS)] + "\n\n… The rest is left out here."
    return f"## What readers will see\n\n{text}"
