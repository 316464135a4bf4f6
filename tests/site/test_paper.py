"""The article is one PDF that a printer prints and a screen reader reads: tagged, whole, dated by its words."""

import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from conftest import UNDER_A_PATH, Built, text_of
from expected import Content, Text

from tools.check.readability import CITATION
from tools.check.verbatim import tokens

BODY = ["-x", "0", "-y", "46", "-W", "420", "-H", "500"]  # points: no head, no page's number
PAINTS = {"TJ", "Tj", "f", "f*", "F", "S", "s", "B", "B*", "b", "b*", "Do", "sh"}


def squash(text: str) -> str:
    """Return words without what a line's end may take or leave: spaces and hyphens."""
    return "".join(tokens(text)).replace("-", "")


def file_of(published: Built) -> Path:
    [file] = published.folder.glob("*.pdf")
    return file


def chapters(content: Content) -> list[Text]:
    """Return the pages that stand in the book after the article; a sheet of questions is last."""
    slugs = [s for s in content.settings["WHAT_NEXT"] if f"{s}/" != content.settings["HELP_URL"]]
    pages = {text.slug: text for text in content.texts}
    return sorted(
        (pages[slug] for slug in slugs), key=lambda p: p.header.get("template") == "question_sheet"
    )


def citing(content: Content) -> list[Text]:
    """Return what stands in the book and cites sources."""
    return [*content.parts, *chapters(content)]


@pytest.fixture(scope="module")
def book(published: Built) -> Iterator[pikepdf.Pdf]:
    """The book as it is published."""
    with pikepdf.open(file_of(published)) as pdf:
        yield pdf


@pytest.fixture(scope="module")
def pages(published: Built) -> list[str]:
    """The words of each page."""
    command = ["pdftotext", "-r", "72", *BODY, file_of(published), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return text.split("\f")


@pytest.fixture(scope="module")
def read(pages: list[str]) -> list[str]:
    """The words of each page, squashed."""
    return [squash(page) for page in pages]


Tag = tuple[str, str, pikepdf.Dictionary]


def tree(element: pikepdf.Dictionary, parent: str = "") -> Iterator[Tag]:
    """Yield each element of the structure in reading order: its type, its parent's, itself."""
    kind = str(element.get("/S", ""))
    if kind:
        yield kind, parent, element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") != "/OBJR":
            yield from tree(kid, kind)


@pytest.fixture(scope="module")
def tags(book: pikepdf.Pdf) -> list[Tag]:
    return list(tree(book.Root.StructTreeRoot))


def test_it_says_that_it_is_tagged_and_its_title_its_language_and_its_day(
    book: pikepdf.Pdf, content: Content
) -> None:
    title, changed = content.passages[0].title, max(part.changed for part in content.parts)
    assert book.Root.MarkInfo.Marked is True or str(book.Root.MarkInfo.Marked) == "true"
    assert book.Root.ViewerPreferences.DisplayDocTitle
    assert book.Root.Lang == content.settings["SITE_LANG"]
    with book.open_metadata() as xmp:
        assert xmp["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert xmp["dc:title"] == title
    assert book.docinfo["/Title"] == title
    assert book.docinfo["/Author"] == content.settings["SERIES_AUTHOR"]
    assert book.docinfo["/ModDate"] == f"D:{changed.replace('-', '')}"
    assert "/CreationDate" not in book.docinfo
    assert "/ID" not in book.trailer
    assert all(page.Tabs == "/S" for page in book.pages)


def test_headings_stand_in_their_order_and_none_is_skipped(
    tags: list[Tag], content: Content
) -> None:
    levels = [int(kind[2]) for kind, _, _ in tags if re.fullmatch("/H[1-6]", kind)]
    assert levels[:2] == [1, 2]
    # The book's own, the contents and the sources are headings beside those of the article.
    assert levels.count(1) == len(content.passages) + len(chapters(content)) + 3
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_outline_is_the_contents_and_the_pages_are_right(
    book: pikepdf.Pdf, pages: list[str], read: list[str], content: Content
) -> None:
    with book.open_outline() as outline:
        titles = [item.title for item in outline.root]
    parts = [f"{p.number or ''} {p.title}".strip() for p in content.passages[1:-1]]
    after = ["Conclusion", *(page.title for page in chapters(content)), "Sources"]
    whole = [content.passages[0].title, "Contents", "Introduction", *parts, *after]
    assert titles == whole
    contents = next(page for page in pages if page.startswith("Contents"))
    for title in whole[2:]:
        number = re.search(re.escape(title).replace(r"\ ", r"\s+") + r"\s+(\d+)\n", contents)
        assert number, title
        assert squash(title) in read[int(number[1]) - 1], title


def test_lists_hold_items_and_nothing_holds_a_heading_twice(tags: list[Tag]) -> None:
    parents = {kind: {parent for k, parent, _ in tags if k == kind} for kind, _, _ in tags}
    assert parents["/LI"] == {"/L"}
    assert parents["/LBody"] == {"/LI"}
    assert not {"/H1", "/H2", "/H3"} & (parents["/H1"] | parents["/H2"])
    assert {kind for kind, parent, _ in tags if parent == "/L"} <= {"/L", "/LI"}


def test_a_citation_has_the_number_of_its_source(read: list[str], content: Content) -> None:
    cited = {key for text in citing(content) for _, key in CITATION.findall(text.body)}
    bibliography = content.bibliography
    listed = [key for key in bibliography if key in cited]
    notes, _, entries = "".join(read).rpartition("Sources")
    for number, key in enumerate(listed, 1):
        entry = bibliography[key]
        assert squash(f"{number}. {entry.name}") in entries, key
        assert squash(entry.title) in entries, key
    for text in citing(content):
        if text.header.get("template") != "question_sheet":  # it does without citations
            for words, key in CITATION.findall(text.body):
                assert squash(f"{words} [{listed.index(key) + 1}]") in notes, words


def with_studies(published: Built, content: Content) -> list[Text]:
    """Return the parts that have a table of studies."""
    return [part for part in content.parts if 'id="people"' in published.text(part.page)]


def test_a_table_of_studies_breaks_between_studies_alone(
    published: Built, read: list[str], content: Content
) -> None:
    tables = [
        published.page(part.page).find(".//table[@aria-labelledby='people']")
        for part in with_studies(published, content)
    ]
    assert tables
    starts = [i for i, page in enumerate(read) if squash("The studies, one by one") in page]
    for start, table in zip(starts, tables, strict=True):
        rows = [[text_of(cell) for cell in row.iter("td")] for row in table.iter("tr")]
        studies = [
            (squash(" ".join(compared.split()[:4])), squash(label))
            for _, compared, label in filter(None, rows)
        ]
        compared, label = studies[0]
        assert compared in read[start] and label in read[start], "under the table's title"
        for compared, label in studies:
            on = [page for page in read[start : start + 3] if compared in page and label in page]
            assert on, (compared, label)


def test_each_figure_says_what_it_shows(
    published: Built, tags: list[Tag], content: Content
) -> None:
    alternatives = [str(e.get("/Alt", "")) for kind, _, e in tags if kind == "/Figure"]
    # A study is one figure, of however many blocks it is drawn on a page.
    studied = [
        int(number.text or 0)
        for part in content.parts
        for figure in published.page(part.page).iter("figure")
        for number in figure.iter("b")
    ]
    assert studied
    people = [int(alt.split()[0]) for alt in alternatives if alt.endswith(" people")]
    assert sorted(people) == sorted(studied)
    # The caution's sign stands in the contents too.
    assert alternatives.count("Caution") == 2
    assert len(alternatives) == len(studied) + 2
    assert all(re.fullmatch(r"\d+ people|Caution", alt) for alt in alternatives)


def test_each_link_is_tagged_described_and_leads_somewhere(
    book: pikepdf.Pdf, tags: list[Tag]
) -> None:
    links = [a for page in book.pages for a in page.get("/Annots", [])]
    tagged = [e for kind, _, e in tags if kind == "/Link"]
    held = {kid.Obj.objgen for e in tagged for kid in e.K if isinstance(kid, pikepdf.Dictionary)
            if "/Obj" in kid}  # fmt: skip
    assert {a.objgen for a in links} == held
    assert len(links) > 20
    names = {str(name) for name in book.Root.Names.Dests.Names[::2]}
    for link in links:
        assert str(link.Contents)
        assert "/StructParent" in link
        if "/Dest" in link:
            assert str(link.Dest) in names
        else:
            assert str(link.A.URI).startswith(("https://", "tel:", "sms:", "mailto:"))


def test_every_mark_on_a_page_is_tagged_or_ornament(book: pikepdf.Pdf) -> None:
    for page in book.pages:
        inside: list[str] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) in ("BMC", "BDC"):
                inside.append(str(operands[0]))
            elif str(operator) == "EMC":
                inside.pop()
            elif str(operator) in PAINTS:
                assert inside, operator


def test_the_fonts_are_the_sites_own_and_inside(book: pikepdf.Pdf) -> None:
    fonts = {
        str(font.BaseFont): font.DescendantFonts[0].FontDescriptor
        for page in book.pages
        for font in page.Resources.get("/Font", {}).values()
    }
    assert fonts
    for name, descriptor in fonts.items():
        assert "+Source-S" in name
        assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys()), name


def test_the_authors_words_are_whole_and_in_their_order(read: list[str], content: Content) -> None:
    text, at = "".join(read), 0
    for passage in content.passages:
        heading = f"{passage.number}{passage.title}" if passage.number else ""
        at = text.find(squash(heading + " " + passage.text), at)
        assert at >= 0, passage.title


def test_the_site_says_whose_the_other_words_are(
    published: Built, read: list[str], content: Content
) -> None:
    text = "".join(read)
    assert read[0].startswith(squash(f"{content.passages[0].title} {content.settings['BYLINE']}"))
    for words in content.settings["DISCLAIMER"]:
        assert squash(words) in read[0]
    parts = [p for p in read if squash("What the research shows") in p]
    assert len(parts) == len(content.passages) - 2
    assert all(squash("Added by this site, not the author What the research") in p for p in parts)
    assert text.count(squash("Each mark is one person in a study.")) == len(
        with_studies(published, content)
    )


def test_help_stands_before_everything_and_beside_the_words_on_suicide(
    read: list[str], content: Content
) -> None:
    title = squash("If you need to talk to someone now")
    places = [n for n, page in enumerate(read) if title in page]
    places = [n for n in places if not read[n].startswith("Contents")]
    begins = [
        squash(f"{p.part if p.header['category'] != 'Caution' else ''} {p.title}")
        for p in content.crisis
    ]
    parts = [next(n for n, page in enumerate(read) if page.startswith(part)) for part in begins]
    assert places == [1, *(part - 1 for part in parts)]
    lines = content.helplines
    ways = [c.emergency.words for c in lines.countries if c.emergency]
    ways += [
        way.words for c in lines.countries for line in c.lines for way in line.now + line.later
    ]
    ways += [line.words for line in lines.elsewhere]
    for place in places:
        for way in ways:
            assert squash(way) in read[place], way


def test_every_source_that_a_part_cites_stands_with_its_address(
    book: pikepdf.Pdf, read: list[str], content: Content
) -> None:
    cited = {key for text in citing(content) for _, key in CITATION.findall(text.body)}
    bibliography = content.bibliography
    text = "".join(read).rpartition("Sources")[2]
    linked = {str(a.A.URI) for page in book.pages for a in page.get("/Annots", []) if "/A" in a}
    assert cited
    for key in cited:
        assert squash(bibliography[key].title) in text, key
        assert squash(bibliography[key].address.removeprefix("https://")) in text, key
        assert bibliography[key].address in linked
    others = set(bibliography) - cited
    assert not [key for key in others if squash(bibliography[key].title) in text]


def test_home_links_to_it_where_it_is_made(site: Built, published: Built) -> None:
    link = published.page("index.html").find(".//a[@type='application/pdf']")
    assert link is not None
    assert link.get("href") == f"{UNDER_A_PATH}/{file_of(published).name}"
    assert "PDF" in (link.text or "")
    assert site.page("index.html").find(".//a[@type='application/pdf']") is None
    assert not list(site.folder.rglob("*.pdf"))
