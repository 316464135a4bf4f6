"""Check that nothing the site needs is missing: the author's parts, and some pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.check.settings import line_of
from tools.content import article
from tools.content.document import FRAME, Document
from tools.content.problem import Problem, did_you_mean, relative
from tools.content.slug import file_slug

# Pages that a reader's trust rests on, beside the help page and those of WHAT_NEXT.
NEEDED_PAGES = {"about": "it says who publishes this, and that no doctor has reviewed it"}
FROM_GIT = "Take it back from git"


def missing_texts(
    documents: list[Document],
    passages: list[article.Passage] | None,
    settings: dict[str, Any],
    root: Path,
) -> list[Problem]:
    """Return a problem for each part and each needed page that is missing or is not published.

    A file whose name is no address might be any of them, and has a problem of its own: while there
    is one, only problems with drafts are reported.
    """
    unnamed = any(not document.slug for document in documents)
    problems = [
        *missing_parts(documents, passages or [], relative(Path(settings["PATH"]), root)),
        *missing_pages(documents, settings, root),
    ]
    files = {document.file for document in documents}
    return [problem for problem in problems if not unnamed or problem.file in files]


def missing_parts(
    documents: list[Document], passages: list[article.Passage], home: str
) -> Iterator[Problem]:
    """Yield a problem for each part of the author's article without a published post.

    `home` is content/ as a writer sees it.
    """
    for number, passage in enumerate(passages[1:-1], 1):
        posts = [d for d in documents if d.part == number]
        if any(post.published for post in posts):
            continue
        if posts:
            message = (
                f'Part {number}, "{passage.title}", is a draft, and the author\'s article has it. '
                "Delete the line Status: draft."
            )
            yield Problem(posts[0].file, posts[0].header_lines["status"], message)
            continue
        slug = file_slug(passage.title)
        hint = f"{FROM_GIT}, as {home}/posts/{number}-{slug}.md"
        for document in documents:
            if document.kind == "post" and document.slug == slug:
                hint = f"Rename {document.file} to {number}-{slug}.md"
        message = f'part {number}, "{passage.title}", has no published post. {hint}.'
        yield Problem(f"{home}/{article.NAME}", passage.line, message)


def missing_pages(
    documents: list[Document], settings: dict[str, Any], root: Path
) -> Iterator[Problem]:
    """Yield a problem for each needed page that is missing, a draft, or in the wrong list."""
    home, listed = relative(Path(settings["PATH"]), root), settings["WHAT_NEXT"]
    help_page = settings["HELP_URL"].strip("/")
    reasons = {
        **dict.fromkeys(FRAME, "home prints these words of the author's"),
        **NEEDED_PAGES,
        **dict.fromkeys(listed, "WHAT_NEXT in pelicanconf.py names it"),
        help_page: "every page links to it",
    }
    pages = {d.slug: d for d in documents if d.kind == "page"}
    for slug, reason in reasons.items():
        page = pages.get(slug)
        if page is None:
            file, line = f"{home}/pages/{slug}.md", 1
            message = f"There is no page {slug}, and {reason}. {FROM_GIT}."
            if slug in listed and slug != help_page:
                file, line = "pelicanconf.py", line_of("WHAT_NEXT", root)
                hint = did_you_mean(slug, pages) or f" {FROM_GIT}, or leave it out."
                message = f"WHAT_NEXT: there is no page {slug}.{hint}"
            yield Problem(file, line, message)
        elif page.header is None:
            continue
        elif page.framed:
            if page.header.status != "hidden":
                message = "Home alone prints this. Write Status: hidden in the header."
                yield Problem(page.file, page.header_lines.get("status", 1), message)
        elif not page.published or (page.header.status == "hidden" and slug in listed):
            status = page.header.status
            message = f"Status: {status}: {reason}. Delete the line Status: {status}."
            yield Problem(page.file, page.header_lines["status"], message)
