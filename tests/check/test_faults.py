"""Every fault a writer can make is told in one line: file, line, what is wrong, how to write it.

Each case breaks one thing in a copy of the project and builds it with Pelican's own command, with
-q, which hides Pelican's warnings, and without --fatal, which would turn them into errors.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from breaks import (
    BIB,
    CRISIS,
    HEAD,
    HELP,
    PART,
    POST,
    Break,
    assert_told,
    body,
    both,
    edit,
    header,
    link,
    plugin,
    write,
)
from conftest import build

DRAFT = write(
    "content/posts/a-draft.md", HEAD.replace("A post", "A draft") + "Status: draft\n\nX.\n"
)

# The fault, how to make it, and file:line: with what the sentence must say.
CASES: dict[str, tuple[Break, str]] = {
    # Dates
    "date missing": (header("Title: A", "Category: Notes"), rf"{POST}:1: Date: is missing\. The day of publishing, as 2026"),
    "date that is none": (header("Title: A", "Date: 2026-13-40"), rf'{POST}:2: Date: "2026-13-40" is not a date\. Write it as 2026-11-24\.'),
    "date in words": (header("Title: A", "Date: yesterday"), rf"{POST}:2: .*Write it as"),
    "date that is ambiguous": (header("Title: A", "Date: 11/02/2026"), rf"{POST}:2: .*two ways"),
    "date in the future": (header("Title: A", "Date: 2199-01-01"), rf"{POST}:2: .*future.*Status: draft"),
    "date empty": (header("Title: A", "Date:"), rf"{POST}:2: .*Write it as"),
    "modified before date": (header("Title: A", "Date: 2021-03-01", "Modified: 2020-01-01"), rf"{POST}:3: .*before"),
    # Titles, addresses, parts
    "title missing": (header("Date: 2021-03-01"), rf"{POST}:1: Title: is missing"),
    "title empty": (header("Title:", "Date: 2021-03-01"), rf"{POST}:1: Title: is empty"),
    "title of two posts": (header("Title: Steadier sleep", "Date: 2021-03-01"), rf"{POST}:1: .*2-steadier-sleep\.md's already"),
    "title that is not the author's": (edit(PART, "Title: Calmer", "Title: Quieter"), rf"{PART}:1: The author's title is"),
    "address of two posts": (write("content/posts/about.md", HEAD + "\nX.\n"), r"content/posts/about\.md:1: The address .* already"),
    "address of the site's own": (write("content/posts/archives.md", HEAD + "\nX.\n"), r"archives\.md:1: .*rename the file"),
    "address by a Slug": (header("Title: A", "Date: 2021-03-01", "Slug: ../x"), rf"{POST}:3: Slug .*rename the file"),
    "address out of the site by Save_as": (header("Title: A", "Date: 2021-03-01", "Save_as: ../../x.html"), rf"{POST}:3: Save_as .*rename the file"),
    "address by a Url": (header("Title: A", "Date: 2021-03-01", "Url: /x"), rf"{POST}:3: Url .*rename"),
    "part number of two posts": (write("content/posts/3-another.md", HEAD + "Summary: x\n\nX.\n"), r"3-.*\.md:1: The number .* already"),
    "gap in the series": (lambda p: (p / PART).unlink(), r'content/article\.txt:\d+: part 3, "Calmer Thoughts", has no published post'),
    "part that is a draft": (edit(PART, "Category:", "Status: draft\nCategory:"), rf'{PART}:3: Part 3, "Calmer Thoughts", is a draft'),
    "part that the author did not write": (write("content/posts/6-more.md", HEAD + "Summary: x\n\nX.\n"), r"6-more\.md:1: .*has 5 parts"),
    "part without a summary": (lambda p: (p / PART).write_text(re.sub(r"Summary: .*\n", "", (p / PART).read_text())), rf"{PART}:1: Summary is missing"),
    # Headers
    "key mistyped": (header("Title: A", "Date: 2021-03-01", "Staus: draft"), rf"{POST}:3: Staus .*Did you mean Status\?"),
    "key without its colon": (header("Title: A", "Date 2026-11-24"), rf"{POST}:2: A colon stands right after Date"),
    "key twice": (header("Title: A", "Date: 2021-03-01", "Title: B"), rf"{POST}:3: Title stands in line 1 already"),
    "status mistyped": (header("Title: A", "Date: 2021-03-01", "Status: drft"), rf"{POST}:3: .*Did you mean draft\?"),
    "category mistyped": (header("Title: A", "Date: 2021-03-01", "Category: Note"), rf"{POST}:3: .*Did you mean Notes\?"),
    "category empty": (header("Title: A", "Date: 2021-03-01", "Category:"), rf"{POST}:3: Category: is empty"),
    "tag empty": (header("Title: A", "Date: 2021-03-01", "Tags: a,,b"), rf"{POST}:3: Tags: A tag is empty"),
    "tags with semicolons": (header("Title: A", "Date: 2021-03-01", "Tags: a; b"), rf"{POST}:3: Tags: .*commas"),
    "notice unknown": (header("Title: A", "Date: 2021-03-01", "Notice: crysis"), rf"{POST}:3: .*Did you mean crisis\?"),
    "summary too long": (header("Title: A", "Date: 2021-03-01", "Summary: " + "x" * 161), rf"{POST}:3: Summary: 161"),
    "summary with a script": (header("Title: A", "Date: 2021-03-01", "Summary: <script>x</script>"), rf"{POST}:3: Summary: has marks of HTML"),
    "summary with a link": (header("Title: A", "Date: 2021-03-01", "Summary: [x](javascript:x)"), rf"{POST}:3: Summary: has marks of HTML"),
    "template unknown": (edit("content/pages/about.md", "Template: about", "Template: abut"), r"about\.md:\d: Template"),
    "header without an empty line after it": (write(POST, "Title: A\nDate: 2021-03-01\nWords without a gap.\n"), rf"{POST}:3: A header's value is one line.* put an empty line before it"),
    "header after an empty line": (write(POST, "\n" + HEAD + "\nX.\n"), rf"{POST}:1: The header starts in the first line"),
    "header between dashes": (write(POST, "---\n" + HEAD + "---\n\nX.\n"), rf"{POST}:1: .*dashes"),
    "header over two lines": (header("Title: A", "    long title", "Date: 2021-03-01"), rf"{POST}:2: .*one line"),
    "no header at all": (write(POST, "Just words.\n"), rf"{POST}:1: The file starts with its header"),
    # Files
    "file empty": (write(POST, ""), rf"{POST}:1: The file is empty"),
    "body empty": (write(POST, HEAD + "\n"), rf"{POST}:4: There is a header, and no words"),
    "file in Latin-1": (write(POST, (HEAD + "\nCaf\u00e9.\n").encode("latin-1")), rf"{POST}:5: .*UTF-8"),
    "file in UTF-16": (write(POST, (HEAD + "\nX.\n").encode("utf-16")), rf"{POST}:1: .*UTF-8"),
    "control sign": (write(POST, HEAD + "\nA\x07B.\n"), rf"{POST}:5: .*U\+0007"),
    "NUL": (write(POST, HEAD + "\nA\x00B.\n"), rf"{POST}:5: .*U\+0000"),
    "letters turned round": (write(POST, HEAD + "\nA\u202eB.\n"), rf"{POST}:5: .*U\+202E"),
    "letter of no width": (write(POST, HEAD + "\nA\u200bB.\n"), rf"{POST}:5: .*U\+200B"),
    "list pasted with bullets": (body("• One\n• Two"), rf"{POST}:5: • makes no list"),
    "title with a tag": (header("Title: A <b>bold</b> one", "Date: 2021-03-01"), rf"{POST}:1: Title: has marks of HTML"),
    "post of 5 MB": (write(POST, HEAD + "\n" + "words " * 900_000), rf"{POST}:1: .*1 MB at the most"),
    "post that ends in .txt": (write("content/posts/a.txt", HEAD + "\nX.\n"), r"a\.txt:1: .*rename it to a\.md"),
    "post that ends in .MD": (write("content/posts/a.MD", HEAD + "\nX.\n"), r"a\.MD:1: .*rename it to a\.md"),
    "post that ends in .markdown": (write("content/posts/a.markdown", HEAD + "\nX.\n"), r"rename it to a\.md"),
    "post in HTML": (write("content/posts/a.html", "<p>X"), r"a\.html:1: .*rename it to a\.md"),
    "post in the wrong folder": (write("content/a.md", HEAD + "\nX.\n"), r"content/a\.md:1: Nothing reads this"),
    "post in a folder of its own": (write("content/posts/2026/a.md", HEAD + "\nX.\n"), r"2026/a\.md:1: Move the file to content/posts/"),
    "post with a space in its name": (write("content/posts/A Post.md", HEAD + "\nX.\n"), r"A Post\.md:1: .*a-post\.md"),
    "file that is no picture": (write("content/images/a.doc", "X"), r"a\.doc:1: This is no picture"),
    "link to a file outside": (link("/etc/hostname"), rf"{POST}:1: This is a link to another place"),
    "link to a folder outside": (link("/etc", "content/images/more"), r"content/images/more:1: This is a link"),
    # Links
    "link to a post that is not there": (body("[x]({filename}/posts/a-pots.md)"), rf"{POST}:5: posts/a-pots\.md is not there\. Did you mean posts/a-post\.md\?"),
    "link to a draft": (both(DRAFT, body("[x]({filename}/posts/a-draft.md)")), rf"{POST}:5: .*is a draft"),
    "link to a future draft": (both(write("content/posts/a-draft.md", "Title: D\nDate: 2199-01-01\nStatus: draft\n\nX.\n"), body("[x]({filename}a-draft.md)")), rf"{POST}:5: .*is a draft"),
    "link to the introduction": (body("[x]({filename}/pages/introduction.md)"), rf"{POST}:5: .*no page of its own"),
    "link to a heading that is not there": (body("[x]({filename}/pages/about.md#nowhere)"), rf"{POST}:5: .*no heading #nowhere"),
    "link to a place that is not here": (body("[x](#nowhere)"), rf"{POST}:5: #nowhere is neither"),
    "link to a picture that is not there": (body("[x]({static}/images/a.png)"), rf"{POST}:5: .*images/a\.png is not there"),
    "link to a .md": (body("[x](other.md)"), rf"{POST}:5: .*\{{filename\}}"),
    "link from the root": (body("[x](/about/)"), rf"{POST}:5: .*breaks when the site moves"),
    "link with an old bar": (body("[x](|filename|about.md)"), rf"{POST}:5: .*unknown"),
    "link with an unknown brace": (body("[x]({file}/posts/a.md)"), rf"{POST}:5: .*unknown"),
    "link without https": (body("[x](http://example.org/)"), rf"{POST}:5: .*Write https://example\.org/"),
    "link that runs a script": (body("[x](javascript:alert(1))"), rf"{POST}:5: .*not allowed"),
    "link to data": (body("[x](data:text/html,x)"), rf"{POST}:5: .*not allowed"),
    "link malformed": (body("[x](https:/example.org)"), rf"{POST}:5: .*malformed"),
    "link with half an address": (body("[x](https://[1)"), rf"{POST}:5: .*malformed"),
    "link without its beginning": (body("[x](www.example.org)"), rf"{POST}:5: .*https://www\.example\.org"),
    "link that is empty": (body("[x]()"), rf"{POST}:5: A link leads nowhere"),
    "link without words": (body("[](https://example.org/)"), rf"{POST}:5: .*no words"),
    "link not closed": (body("[x](https://example.org/"), rf"{POST}:5: A link is not whole"),
    "link not closed below a good one": (body("[x](https://example.org/)\n\n[y](https://example.org/"), rf"{POST}:7: A link is not whole"),
    "link by a name that is not there": (body("[x][there]"), rf"{POST}:5: A link is not whole"),
    "telephone number": (body("[x](tel:988)"), rf"{POST}:5: .*helplines\.toml"),
    # Pictures
    "picture without words": (both(write("content/images/a.png", b"x"), body("![]({static}/images/a.png)")), rf"{POST}:5: .*cannot see"),
    "picture that is not there": (body("![x]({static}/images/a.png)"), rf"{POST}:5: .*not there"),
    "picture from elsewhere": (body("![x](https://example.org/a.png)"), rf"{POST}:5: .*content/images/"),
    # HTML
    "tag not closed": (body("<b>words"), rf"{POST}:5: <b> is HTML\. Write \*\*bold\*\*"),
    "block not closed": (body("<div>\n\nwords"), rf"{POST}:5: <div> is HTML"),
    "script": (body("<script>alert(1)</script>"), rf"{POST}:5: .*no scripts"),
    "style": (body("<style>p {}</style>"), rf"{POST}:5: .*theme's"),
    "iframe": (body('<iframe src="https://example.org"></iframe>'), rf"{POST}:5: .*Write a link"),
    "comment": (body("<!-- not yet -->"), rf"{POST}:5: .*comment would be published"),
    "event": (body('words <a href="/" onclick="x()">x</a>'), rf"{POST}:5: .*is HTML"),
    # Headings, footnotes
    "heading level skipped": (body("## A\n\n#### B"), rf"{POST}:7: .*skips a level\. Write ### here"),
    "heading of the first level": (body("# A"), rf"{POST}:5: .*title stands in the header"),
    "footnote without text": (body("Words.[^1]"), rf"{POST}:5: The footnote \[\^1\] has no text"),
    # The author's words and the site's
    "author's word changed": (edit(PART, "often begins", "always begins"), rf'{PART}:\d+: The author\'s words: the author wrote "often"'),
    "author's word dropped": (edit(PART, "often begins", "begins"), rf'{PART}:\d+: .*"often" after .* is missing'),
    "author's word added": (edit(PART, "often begins", "very often begins"), rf'{PART}:\d+: .*"very" after .* is not the author\'s'),
    "author's introduction changed": (edit("content/pages/introduction.md", "led people", "taken people"), r"introduction\.md:\d+: .*\"led\""),
    "citation of an unknown source": (edit(PART, "(#tanaka2016)", "(#tanaka2061)"), rf"{PART}:\d+: #tanaka2061 is neither.*Did you mean tanaka2016\?"),
    "citation of another year's source": (edit(PART, "(#tanaka2016)", "(#walkingboard2019)"), rf'{PART}:\d+: "Tanaka 2016" leads to walkingboard2019, which is cited as "Walking Board 2019"\. Write \[Walking Board 2019\]'),
    "sentence without a source": (edit(PART, " ([Tanaka 2016](#tanaka2016)).", "."), rf"{PART}:\d+: .*names no source"),
    "sentence of thirty words": (edit(PART, "Both papers describe a slow", "Both papers describe a slow " + "and more " * 12), rf"{PART}:\d+: .*has 32 words; 20 at the most"),
    "word that promises": (edit(PART, "Both papers describe a slow", "Both papers describe a proven"), rf'{PART}:\d+: "proven" promises too much'),
    "dose": (edit(PART, "Both papers describe a slow", "Both papers used 0.5 mg"), rf"{PART}:\d+: .*is a dose"),
    "words too hard": (edit(PART, "Both papers describe a slow", "Methodological heterogeneity notwithstanding, investigators characterise psychotherapeutic augmentation optimistically" + " internationally" * 9), rf"{PART}:\d+: The notes read at US grade"),
    "review that never was": (edit(PART, "Both papers describe", "Medically reviewed papers describe"), rf"{PART}:\d+: .*no clinician"),
    "part without notes": (lambda p: (p / PART).write_text((p / PART).read_text().split("\n## ")[0] + "\n"), rf"{PART}:\d+: A part needs the site's notes"),
    "notes' heading mistyped": (edit(PART, "### What limits it", "### What limit it"), rf"{PART}:\d+: ### What limit it is no heading of the notes here\. Write ### What limits it\."),
    "notes' headings swapped": (both(edit(PART, "### What limits it", "### X"), edit(PART, "### What supports it", "### What limits it"), edit(PART, "### X", "### What supports it")), rf"{PART}:\d+: ### What limits it is no heading of the notes here\. Write ### What supports it\."),
    "notes with a heading too many": (edit(PART, "### What limits it", "### What limits it\n\nWe found no good source.\n\n### What else"), rf"{PART}:\d+: ### What else is no heading of the notes here\. The notes end before it"),
    "part that cites only support": (lambda p: (p / CRISIS).write_text(re.sub(r"\[[^]]*\]\(#[a-z]+\d+\)", "[Itō 2015](#ito2015)", (p / CRISIS).read_text())), rf'{CRISIS}:\d+: "In short".* cites no source that limits'),
    "despair without the notice": (body("I want to die; he killed himself."), rf"{POST}:1: This speaks of suicide"),
    "despair in short forms": (body("Some don't want to live."), rf"{POST}:1: This speaks of suicide"),
    "suicide without the notice": (edit(CRISIS, "Notice: crisis\n", ""), rf"{CRISIS}:1: This speaks of suicide"),
    # Sources and helplines
    "source's field mistyped": (edit(BIB, "volume = {9}", "volum = {9}"), rf"{BIB}:\d+: fo2017: volum is unknown here\. Did you mean volume\?"),
    "source that nothing cites": (edit(BIB, "@article{fo2017", "@article{aaa2000,\n  author = {Aa, A}, title = {A}, year = {2000}, doi = {10.1000/1}, urldate = {2021-03-01}, stance = {limits}\n}\n\n@article{fo2017"), rf"{BIB}:\d+: Nothing cites aaa2000"),
    "source without an address": (edit(BIB, "  doi = {10.5555/walk.2017.9},\n", ""), rf"{BIB}:\d+: fo2017: .*needs `doi`"),
    "source's stance unknown": (edit(BIB, "stance = {limits}", "stance = {for}"), rf"{BIB}:\d+: footpath-answer: stance"),
    "sources that are no BibTeX": (edit(BIB, "title = {Walking and traffic", "title = Walking {and traffic"), rf"{BIB}:\d+: "),
    "sources gone": (lambda p: (p / BIB).unlink(), rf"{BIB}:1: "),
    "helpline's key mistyped": (edit(HELP, 'call = "5-5-0"', 'cal = "5-5-0"'), rf"{HELP}:\d+: cal: this is no key of a helpline\. Did you mean call\?"),
    "helpline's number in letters": (edit(HELP, '"5-5-0"', '"call us"'), rf'{HELP}:42: call: "call us" is not a number to call'),
    "helpline's number without its country": (edit(HELP, 'code = "+999"\n', ""), rf"{HELP}:51: .*needs `code`"),
    "helpline checked in the future": (edit(HELP, "checked = 2021-03-01", "checked = 2199-01-01"), rf"{HELP}:6: checked: 2199-01-01 lies in the future"),
    "source checked in the future": (edit(BIB, "urldate = {2021-03-01}", "urldate = {2199-01-01}"), rf"{BIB}:\d+: footpath-answer: urldate: 2199-01-01 lies in the future"),
    "helplines that are no TOML": (edit(HELP, 'emergency = "555"', "emergency = 555 now"), rf'{HELP}:5: emergency: .* Write emergency = "555 now"\.'),
    "helplines gone": (lambda p: (p / HELP).unlink(), rf"{HELP}:1: "),
    # The theme and the settings
    "setting mistyped": (edit("pelicanconf.py", "DEFAULT_PAGINATION =", "DEFAULT_PAGINATON ="), r"pelicanconf\.py:\d+: DEFAULT_PAGINATON .*Did you mean DEFAULT_PAGINATION\?"),
    "plugin that cannot be loaded": (edit("pelicanconf.py", '"plugins.full_feed"', '"plugins.fed"'), r"pelicanconf\.py:\d+: The plugin plugins\.fed"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_fault_stops_the_build_and_is_told_in_one_line(
    case: str, project: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    assert_told(case, *CASES[case], project, tmp_path / "out", record_property)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""], ids=["BOM", "no BOM"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_a_byte_order_mark_and_windows_line_ends_are_welcome(
    mark: bytes, end: bytes, project: Path, tmp_path: Path
) -> None:
    text = (HEAD + "\nWords of a *writer*.\n").encode().replace(b"\n", end)
    (project / POST).write_bytes(mark + text)
    built = build(project, tmp_path / "out")
    assert built.code == 0, built.printed
    assert "Words of a <em>writer</em>." in built.text("a-post/index.html")


def test_all_faults_are_told_at_once_and_in_order(project: Path, tmp_path: Path) -> None:
    header("Title: A", "Date: 2026-13-40", "Staus: draft")(project)
    edit(PART, "often begins", "always begins")(project)
    built = build(project, tmp_path / "out")
    lines = [line for line in built.printed.splitlines() if line.startswith("content/")]
    assert len(lines) == 3
    assert lines == sorted(lines, key=lambda line: (line.split(":")[0], int(line.split(":")[1])))


def test_a_key_that_is_none_hides_no_other_fault(project: Path, tmp_path: Path) -> None:
    header("Title: A", "Date: 2999-01-01", "Sumary: Words.")(project)
    printed = build(project, tmp_path / "out").printed
    assert f"{POST}:2: Date: 2999-01-01 lies in the future." in printed
    assert f"{POST}:3: Sumary is no key of a post." in printed


@pytest.mark.parametrize(
    "mutate",
    [
        edit(CRISIS, "Date: 2021-03-01", "Date: 24 Nov"),
        edit(BIB, "volume = {9}", "volum = {9}"),
    ],
    ids=["date of a part", "field of a source"],
)
def test_one_fault_is_told_as_one(mutate: Break, project: Path, tmp_path: Path) -> None:
    mutate(project)
    lines = [s for s in build(project, tmp_path / "out", CI="").printed.splitlines() if ":" in s]
    assert len(lines) == 1, lines


def test_under_ci_the_forge_is_told_too(project: Path, tmp_path: Path) -> None:
    header("Title: A", "Date: 2026-13-40")(project)
    quiet = build(project, tmp_path / "out", CI="")
    built = build(project, tmp_path / "out", CI="true")
    assert "::error" not in quiet.printed
    assert f"::error file={POST},line=2::Date:" in built.printed


def test_a_page_left_over_from_a_deleted_post_fails_the_next_build(
    project: Path, tmp_path: Path
) -> None:
    write(POST, HEAD + "\nWords.\n")(project)
    assert build(project, tmp_path / "out").code == 0
    (project / POST).unlink()
    again = build(project, tmp_path / "out", "-q")
    assert again.code != 0
    assert "a-post/index.html:1: This page is left over" in again.printed


def test_a_post_that_a_plugin_drops_fails_the_build(project: Path, tmp_path: Path) -> None:
    plugin("article_generator_finalized", "sender.articles.pop()")(project)
    built = build(project, tmp_path / "out", "-q")
    assert built.code != 0
    assert re.search(r"content/posts/.*\.md:1: No page /.*/ was written from this", built.printed)


def test_a_page_without_the_way_to_help_fails_the_build(project: Path, tmp_path: Path) -> None:
    page = project / "theme/templates/sources.html"
    page.write_text("<!DOCTYPE html><title>x</title><p>No way to help.")
    built = build(project, tmp_path / "out", "-q")
    assert built.code != 0
    assert "sources/index.html:1: This page was written, but its second link" in built.printed


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (r"<a [^>]*HELP_URL.*?</a>", "its second link"),
        (r"(?s)(?<=<footer).*(?=</footer>)", "its footer has no link to help"),
    ],
)
def test_pages_that_lost_a_way_to_help_are_all_named(
    place: str, reason: str, project: Path, tmp_path: Path
) -> None:
    base = project / "theme/templates/base.html"
    base.write_text(re.sub(place, ">", base.read_text(), count=1))
    built = build(project, tmp_path / "out", "-q")
    assert built.code != 0
    for page in built.pages():
        assert f"out/{page}:1: This page was written, but {reason}" in built.printed


def test_a_page_whose_helplines_follow_the_words_fails_the_build(
    project: Path, tmp_path: Path
) -> None:
    notice = '{% if article.notice == "crisis" %}{% include "notice.html" %}{% endif %}'
    edit("theme/templates/article.html", notice, "")(project)
    edit("theme/templates/article.html", '{% include "notes.html" %}', notice)(project)
    built = build(project, tmp_path / "out", "-q")
    assert built.code != 0
    slug = Path(CRISIS).stem[2:]
    assert (
        f"out/{slug}/index.html:1: This page was written, but it lacks the helplines"
        in built.printed
    )


def test_a_page_whose_helplines_are_gone_fails_the_build(project: Path, tmp_path: Path) -> None:
    notice = project / "theme/templates/notice.html"
    text = notice.read_text(encoding="utf-8").replace("in helplines.countries", "in []")
    notice.write_text(text, encoding="utf-8", newline="\n")
    built = build(project, tmp_path / "out", "-q")
    assert built.code != 0
    for page in ("index.html", "company-in-dark-hours/index.html", "get-help-now/index.html"):
        assert f"out/{page}:1: This page was written, but it lacks the helplines" in built.printed


def test_a_warning_of_pelicans_fails_the_build(project: Path, tmp_path: Path) -> None:
    warn = "__import__('logging').getLogger('pelican.any').warning('something is odd')"
    plugin("all_generators_finalized", warn)(project)
    for options in ((), ("-q",)):
        built = build(project, tmp_path / "out", *options)
        assert built.code != 0
        assert "something is odd" in built.printed
