"""Paper: pages that end where they should, a sheet of questions to write on, a book without gaps."""

import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from conftest import UNDER_A_PATH, Built, build, copy_project, text_of
from palette import TOKENS
from playwright.sync_api import Browser

from plugins.pdf import Book

# As many questions as a doctor's visit allows for, under headings, some with a sourced sentence.
SHEET = (
    "Title: Questions for a visit\nDate: 2021-03-01\nTemplate: question_sheet\n"
    "Summary: What to ask.\n\nTake this page along.\n"
    + "".join(
        f"\n## A heading, number {heading}\n\n"
        "Some sentence that the questions stand under ([NAME](#KEY)).\n\n"
        + "".join(f"- Is this the question that has the number {n}?\n" for n in range(4))
        for heading in range(6)
    )
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a sheet of questions that belongs to the article."""
    project = copy_project(tmp_path_factory.mktemp("paper") / "project")
    part = next((project / "content/posts").glob("1-*.md")).read_text(encoding="utf-8")
    name, key = re.search(r"\[([^]]+)\]\(#([\w-]+)\)", part).groups()
    sheet = SHEET.replace("NAME", name).replace("KEY", key)
    (project / "content/pages/a-sheet.md").write_text(sheet, encoding="utf-8", newline="\n")
    with (project / "pelicanconf.py").open("a", encoding="utf-8") as settings:
        settings.write('WHAT_NEXT = [*WHAT_NEXT, "a-sheet"]\n')
    return project


@pytest.fixture(scope="module")
def printed(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The project, published."""
    built = build(
        project,
        tmp_path_factory.mktemp("printed"),
        settings="publishconf.py",
        SITEURL=UNDER_A_PATH,
    )
    assert built.code == 0, built.printed
    return built


def sheets(browser: Browser, page: Path, paper: str, folder: Path) -> list[list[str]]:
    """Print a page; return the lines of each sheet, without its number."""
    tab = browser.new_context().new_page()
    tab.goto(page.as_uri())
    tab.pdf(path=folder / "page.pdf", format=paper)
    tab.context.close()
    text = subprocess.check_output(["pdftotext", "-layout", folder / "page.pdf", "-"], text=True)
    pages = [[line.strip() for line in t.split("\n") if line.strip()] for t in text.split("\f")]
    return [lines[:-1] for lines in pages if lines]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_home_leaves_no_numeral_and_no_line_alone(
    browser: Browser, printed: Built, tmp_path: Path, paper: str
) -> None:
    pages = sheets(browser, printed.folder / "index.html", paper, tmp_path)
    assert len(pages) > 2
    for number, lines in enumerate(pages, 1):
        assert len(lines) >= 3, (number, lines)
    parts = [h2 for h2 in printed.page("index.html").iter("h2") if h2.find("span") is not None]
    titles = [text_of(h2).split() for h2 in parts if text_of(h2).split()[0].isdigit()]
    assert len(titles) > 2
    for numeral, *title in titles:
        [sheet] = [lines for lines in pages if numeral in lines[:-1]
                   and lines[lines.index(numeral) + 1].split()[0] == title[0]]  # fmt: skip
        # The title is not the last line either: the author's words follow on the same sheet.
        assert len(sheet) - sheet.index(numeral) > 4, numeral


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_sheet_of_questions_is_two_pages_to_tick_and_to_write_on(
    browser: Browser, printed: Built, tmp_path: Path, paper: str
) -> None:
    page = printed.folder / "a-sheet/index.html"
    lines = [line for sheet in sheets(browser, page, paper, tmp_path) for line in sheet]
    assert len(sheets(browser, page, paper, tmp_path)) <= 2
    assert "Some sentence that the questions stand under." in lines
    assert not [line for line in lines if "doi.org" in line or line == "Sources"]
    tab = browser.new_context().new_page()
    tab.goto(page.as_uri())
    boxes = """[...document.querySelectorAll('main li')].filter(li => li.innerText.includes('?'))
        .map(li => ['::before', '::after'].map(part => { const s = getComputedStyle(li, part);
          return [parseFloat(s.width), parseFloat(s.height), s.borderBlockEndStyle] }))"""
    assert all(before[2] == "none" for before, _ in tab.evaluate(boxes)), "boxes on the screen"
    tab.emulate_media(media="print")
    drawn = tab.evaluate(boxes)
    assert len(drawn) == 24
    for (width, height, edge), (_, space, line) in drawn:
        assert edge == line == "solid"
        assert width == height >= 10
        assert space >= 20
    tab.context.close()


def test_home_tells_the_pages_and_the_size_of_the_pdf(printed: Built) -> None:
    link = printed.page("index.html").find(".//a[@type='application/pdf']")
    file = printed.folder / link.get("href").removeprefix(f"{UNDER_A_PATH}/")
    with pikepdf.open(file) as pdf:
        pages = len(pdf.pages)
    size = round(file.stat().st_size / 1000)
    assert f"(PDF, {pages} small pages, {size} kB)" in text_of(link)


@pytest.fixture(scope="module")
def book(printed: Built) -> Path:
    """The PDF."""
    return next(printed.folder.glob("*.pdf"))


def test_the_book_holds_the_sheet_and_its_links_stay_in_the_book(
    printed: Built, book: Path
) -> None:
    with pikepdf.open(book) as pdf:
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
        uris = {
            str(link.A.URI)
            for page in pdf.pages
            for link in page.get("/Annots", [])
            if "/A" in link
        }
    assert "Questions for a visit" in titles
    assert titles.index("Questions for a visit") == titles.index("Sources") - 1
    assert not [uri for uri in uris if uri.startswith(f"{UNDER_A_PATH}/get-help-now")]


def test_no_page_of_the_book_is_less_than_half_full_but_the_last_of_a_chapter(book: Path) -> None:
    boxes = subprocess.check_output(["pdftotext", "-bbox", book, "-"], text=True)
    pages = boxes.split("<page ")[1:]
    with pikepdf.open(book) as pdf, pdf.open_outline() as outline:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
        starts = set()
        for item in outline.root:
            place = item.destination
            starts.add(numbers[place[0].objgen])
    assert len(starts) > 5
    # Help beside a part stands before it, on a page of its own.
    starts |= {n for n, page in enumerate(pages) if ">Emergency<" in page}
    for number, page in enumerate(pages[:-1]):
        lowest = max(
            (float(y) for y in re.findall(r'yMax="([\d.]+)"', page) if float(y) < 550), default=0
        )
        assert lowest > 595 / 2 or number + 1 in starts or number == 0, number + 1


def test_titles_in_the_book_break_evenly(printed: Built, project: Path) -> None:
    book = Book(SimpleNamespace(settings={"THEME": str(project / "theme")}))
    title = book.balanced("A title of so many words that it stands in two", 20, 323)
    lines = re.findall(r">([^<]+)</span>", title)
    assert len(lines) == 2
    assert abs(len(lines[0]) - len(lines[1])) <= 8


def test_the_books_drawings_have_the_sites_colours(book: Path) -> None:
    strokes = set()
    with pikepdf.open(book) as pdf:
        for page in pdf.pages:
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) in ("RG", "SCN"):
                    colour = [round(float(each) * 255) for each in operands if each != "/lab-d65"]
                    strokes.add("#" + "".join(f"{each:02x}" for each in colour))
    for token in ("accent", "edge", "caution-ink"):
        assert TOKENS[token][0] in strokes, (token, strokes)


def test_the_ways_to_help_stand_apart_in_the_book(book: Path) -> None:
    text = subprocess.check_output(["pdftotext", "-f", "2", "-l", "2", book, "-"], text=True)
    assert "·" not in text
    words = " ".join(text.split())
    assert words.count("lines.example.net") == 1
    assert "Chat online: chat.example.net/night" in words
