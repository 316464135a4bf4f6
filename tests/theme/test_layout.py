"""Rings of focus, the rail, the footer, dates and the stacked table stand as a reader expects."""

import itertools
import subprocess
from pathlib import Path

import pikepdf
import pytest
from conftest import KINDS, Built, build, copy_project
from playwright.sync_api import Browser, Page

PART = "company-in-dark-hours/"
RINGS = """() => [...document.querySelectorAll('a[href]')].map(link => {
  link.focus();
  const style = getComputedStyle(link);
  const out = Math.max(0, parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth));
  return {words: link.innerText, skip: link.matches('.skip'), parts: !!link.closest('.parts'),
    cited: link.id.startsWith('cite-'), drawn: style.outlineStyle, out,
    boxes: [...link.getClientRects()].map(b => [b.left - out, b.top - out, b.right + out])} })"""

WIDE = """@font-face { font-family: Wide; font-weight: 400 700; size-adjust: 125%;
  src: url(/theme/source-serif-4-core.woff2); }
:root { --sans: Wide; }"""


def visit(browser: Browser, url: str, width: int, text: str = "16px") -> Page:
    """Open a page in a window of some width, with letters of some size."""
    page = browser.new_context(viewport={"width": width, "height": 844}).new_page()
    page.goto(url)
    page.evaluate("size => document.documentElement.style.fontSize = size", text)
    page.keyboard.press("Tab")  # what has the focus by keyboard has a ring
    return page


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("kind", ["", PART, "get-help-now/"])
def test_a_ring_of_focus_is_whole_and_covers_no_neighbour(
    browser: Browser, address: str, kind: str, width: int
) -> None:
    page = visit(browser, f"{address}/{kind}", width)
    rings = page.evaluate(RINGS)
    assert len(rings) > 10
    for ring in rings:
        assert ring["drawn"] == "solid", ring
        for left, top, right in ring["boxes"]:
            assert left >= 0 and right <= width, ring
            assert top >= 0 or not ring["skip"], ring
        # Parts stand close upon each other, and a citation in brackets.
        assert ring["out"] <= (0 if ring["parts"] else 1 if ring["cited"] else 7), ring
    page.context.close()


@pytest.mark.parametrize("kind", ["", PART])
def test_the_way_through_begins_with_the_title(browser: Browser, address: str, kind: str) -> None:
    page = visit(browser, f"{address}/{kind}", 1280)
    title, rail, notes = page.evaluate(
        """['h1', '.rail', '.notes, .part:not(.opening)'].map(s =>
        document.querySelector(s)?.getBoundingClientRect()).map(b => b && [b.top, b.bottom])"""
    )
    assert rail[0] == pytest.approx(title[0], abs=4)
    assert rail[1] < notes[0]
    page.context.close()


@pytest.mark.parametrize(("width", "text"), [(390, "16px"), (768, "16px"), (390, "32px")])
def test_no_half_of_the_footer_is_empty(
    browser: Browser, address: str, width: int, text: str
) -> None:
    page = visit(browser, f"{address}/about/", width, text)
    whole = page.locator(".footer nav").bounding_box()
    boxes = page.evaluate(
        """[...document.querySelectorAll('.footer nav > div')].map(e => e.getBoundingClientRect())
        .map(b => [Math.round(b.top), b.left, b.right])"""
    )
    for row in {top for top, _, _ in boxes}:
        ends = [right for top, _, right in boxes if top == row]
        assert max(ends) == pytest.approx(whole["x"] + whole["width"], abs=1)
    page.context.close()


def test_get_help_now_is_never_parted(browser: Browser, address: str) -> None:
    page = visit(browser, f"{address}/", 320)
    for box in (".crisis-link b", ".button b"):
        assert page.evaluate("s => document.querySelector(s).getClientRects().length", box) == 1
    page.context.close()


def test_no_date_breaks(browser: Browser, address: str, site: Built) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 844}).new_page()
    dates = 0
    for kind in KINDS:
        page.goto(f"{address}/{kind}")
        lines = page.evaluate(
            "[...document.querySelectorAll('time')].map(e => e.getClientRects().length)"
        )
        assert set(lines) <= {1}, kind
        dates += len(lines)
    assert dates > 5
    page.context.close()


def test_a_stacked_table_says_what_its_numbers_count(browser: Browser, address: str) -> None:
    page = visit(browser, f"{address}/{PART}", 390, "32px")
    cells = page.evaluate(
        """[...document.querySelectorAll('.studies tbody td')].map(cell => {
        const style = getComputedStyle(cell);
        return {first: cell.matches(':first-child'), last: cell.matches(':last-child'),
          side: style.textAlign, rule: style.borderBlockEndStyle,
          before: getComputedStyle(cell, '::before').content} })"""
    )
    assert len(cells) >= 3
    for cell in cells:
        assert cell["side"] == "start"
        assert (cell["rule"] == "solid") == cell["last"], "a study ends with a rule"
        assert (cell["before"] == '"People: "') == cell["first"]
    assert not page.locator(".studies thead").is_visible()
    page.context.close()


def test_a_footer_has_no_sheet_of_its_own(browser: Browser, tmp_path: Path) -> None:
    """However long a page is, its last words share the sheet with the footer."""
    project = copy_project(tmp_path / "project")
    for count in range(38, 50):
        words = "".join(f"- Item {n} of the list\n" for n in range(count))
        post = f"Title: Of {count}\nDate: 2021-03-01\nSummary: S.\n\n{words}"
        (project / f"content/posts/of-{count}.md").write_text(post, encoding="utf-8")
    built = build(project, tmp_path / "out")
    assert built.code == 0, built.printed
    page = browser.new_context().new_page()
    page.emulate_media(media="print")
    lengths = set()
    for count in range(38, 50):
        page.goto((built.folder / f"of-{count}/index.html").as_uri())
        page.pdf(path=tmp_path / "page.pdf", format="A4")
        with pikepdf.open(tmp_path / "page.pdf") as pdf:
            lengths.add(len(pdf.pages))
        text = subprocess.check_output(["pdftotext", tmp_path / "page.pdf", "-"], text=True)
        last = text.strip("\f\n").split("\f")[-1]
        assert "Item" in last, count
    assert len(lengths) > 1, "no page was long enough to need another sheet"
    page.context.close()


def test_the_widest_sans_has_room_too(browser: Browser, address: str) -> None:
    """The site's voice has the reader's own sans, which may be as wide as Verdana or DejaVu Sans."""
    page = browser.new_context().new_page()
    for kind in KINDS:
        page.goto(f"{address}/{kind}")
        page.add_style_tag(content=WIDE)
        page.evaluate("document.fonts.load('1em Wide')")
        for width, text in itertools.product([320, 390, 768], [16, 20, 32]):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("size => document.documentElement.style.fontSize = size", f"{text}px")
            outside = page.evaluate(
                """[...document.querySelectorAll('body *')].filter(e =>
                e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.unseen, .table *'))
                .map(e => e.outerHTML.slice(0, 80))"""
            )
            assert not outside, (kind, width, text, outside[:3])
    page.context.close()


@pytest.mark.parametrize("text", ["16px", "32px"])
def test_a_button_is_as_high_as_a_finger_and_breaks_where_it_must(
    browser: Browser, address: str, text: str
) -> None:
    page = visit(browser, f"{address}/get-help-now/", 320, text)
    page.add_style_tag(content=WIDE)
    buttons = page.evaluate(
        """[...document.querySelectorAll('.calls a')].map(a => { const box = a.getBoundingClientRect();
        const words = [...a.childNodes].flatMap(n => { const r = document.createRange();
          r.selectNodeContents(n); return [...r.getClientRects()] });
        return [box.width, box.height, box.right - Math.max(...words.map(w => w.right)),
          box.bottom - Math.max(...words.map(w => w.bottom))]; })"""
    )
    assert len(buttons) > 3
    for width, height, beside, below in buttons:
        assert min(width, height) >= 44
        assert min(beside, below) > 0
    page.context.close()


@pytest.mark.parametrize("width", [320, 360, 390])
def test_the_longest_word_of_a_title_fits_a_telephone(
    browser: Browser, address: str, width: int
) -> None:
    page = visit(browser, f"{address}/{PART}", width)
    lines = page.evaluate(
        """() => { const title = document.querySelector('h1'), words = document.createRange();
        title.innerHTML = '<span class="unbroken">Treatment-Resistant</span>';
        words.selectNodeContents(title.firstChild);
        return words.getClientRects().length; }"""
    )
    assert lines == 1
    page.context.close()
