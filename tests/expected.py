"""What the files of a project's content say, for tests that know none of its words."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.content import helplines, sources
from tools.content.article import Passage, passages
from tools.project import read_settings

if TYPE_CHECKING:
    from conftest import Built


@dataclass(frozen=True)
class Text:
    """A post or a page as its file has it: header, body, and what the file's name says."""

    path: Path
    header: dict[str, str]
    body: str
    part: int | None

    @property
    def slug(self) -> str:
        """The address within the site."""
        return self.path.stem.removeprefix(f"{self.part}-")

    @property
    def page(self) -> str:
        """The file that is built from it."""
        return f"{self.slug}/index.html"

    @property
    def title(self) -> str:
        """The title in the header."""
        return self.header["title"]

    @property
    def changed(self) -> str:
        """The day of the last change, as 2021-03-01."""
        return self.header.get("modified", self.header["date"])


def read_text(path: Path) -> Text:
    """Read a post or a page that `invoke check` has nothing against."""
    head, _, body = path.read_text(encoding="utf-8-sig").partition("\n\n")
    header = {k.lower(): v.strip() for k, _, v in (x.partition(":") for x in head.splitlines())}
    number = re.match(r"(\d+)-", path.name) if path.parent.name == "posts" else None
    return Text(path, header, body, int(number[1]) if number else None)


@dataclass(frozen=True)
class Content:
    """What the files of a project's content say, for tests that know none of its words."""

    root: Path

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The settings for building on one's own machine."""
        return read_settings(self.root)

    @cached_property
    def texts(self) -> list[Text]:
        """What is published of the posts and pages."""
        files = [
            p for kind in ("posts", "pages") for p in (self.root / "content" / kind).glob("*.md")
        ]
        texts = map(read_text, sorted(files))
        return [text for text in texts if text.header.get("status", "").lower() != "draft"]

    @cached_property
    def parts(self) -> list[Text]:
        """The parts of the author's article, in order."""
        return sorted((t for t in self.texts if t.part), key=lambda t: t.part or 0)

    @cached_property
    def crisis(self) -> list[Text]:
        """The parts before which the helplines stand."""
        return [part for part in self.parts if part.header.get("notice") == "crisis"]

    @cached_property
    def passages(self) -> list[Passage]:
        """The author's introduction, parts and conclusion."""
        return passages((self.root / "content/article.txt").read_text(encoding="utf-8"))

    @cached_property
    def bibliography(self) -> dict[str, Any]:
        """The sources, by key."""
        return sources.read(self.root / "content/sources.bib")

    @cached_property
    def helplines(self) -> Any:
        """The helplines, as every template gets them."""
        return helplines.read(self.root / "content/helplines.toml")

    def kinds(self, site: "Built") -> list[str]:
        """Return one page of each kind: of lists the longest, of posts those that differ."""
        pages, kinds = site.pages(), ["index.html", "404.html"]
        posts = [t for t in self.texts if t.path.parent.name == "posts" and not t.part]
        kinds += [t.page for t in [*self.parts[:1], *self.parts[-1:], *self.crisis[:1], *posts[:3]]]
        kinds += [t.page for t in self.texts if t.path.parent.name == "pages" and t.page in pages]
        for pattern in [
            r"(sources|archives|categories|tags|authors)/index.html", r"\d{4}/index.html",
            r"\d{4}/\d\d/index.html", r"category/[^/]+/index.html", r"tag/[^/]+/index.html",
            r"author/[^/]+/index.html", r".*/page-\d+/index.html",
        ]:  # fmt: skip
            matching = [page for page in pages if re.fullmatch(pattern, page)]
            kinds += (
                matching
                if "(" in pattern
                else sorted(matching, key=lambda p: -len(site.text(p)))[:1]
            )
        return list(dict.fromkeys(kinds))
