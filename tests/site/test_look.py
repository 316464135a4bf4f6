"""What is seen can be read: on every page in both schemes, and on paper."""

import re
import subprocess
from pathlib import Path

import pytest
from conftest import Built
from expected import Content
from palette import contrast
from PIL import Image
from playwright.sync_api import Browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_on_every_page_has_a_contrast_of_seven(
    browser: Browser, address: str, content: Content, site: Built, scheme: str
) -> None:
    page = browser.new_context(color_scheme=scheme).new_page()
    for kind in content.kinds(site):
        page.goto(f"{address}/{kind}")
        pairs = page.evaluate(
            """() => {
            const ground = e => { for (; e; e = e.parentElement) {
                const c = getComputedStyle(e).backgroundColor;
                if (c !== 'rgba(0, 0, 0, 0)') return c; } return 'none'; };
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), seen = {};
            for (let n; n = walker.nextNode();) if (n.data.trim()) {
                const e = n.parentElement;
                seen[getComputedStyle(e).color + '|' + ground(e)] = n.data.trim().slice(0, 40); }
            return seen; }"""
        )
        assert pairs
        for pair, text in pairs.items():
            colours = [
                "#" + "".join(f"{int(v):02x}" for v in re.findall(r"\d+", c)[:3])
                for c in pair.split("|")
            ]
            assert contrast(*colours) >= 7, (kind, text, pair)
    page.context.close()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_on_paper_the_words_the_help_and_the_addresses_are_there(
    browser: Browser, address: str, content: Content, site: Built, tmp_path: Path, paper: str
) -> None:
    part = content.crisis[0]
    for kind in ("", part.page, content.settings["HELP_URL"]):
        text = printed(browser, f"{address}/{kind}", tmp_path / "page.pdf", paper)
        for country in content.helplines.countries:
            assert country.name in text
            assert country.emergency is None or country.emergency.words in text
            for line in country.lines:
                assert line.name.split()[0] in text
                assert all(way.words in text for way in line.now + line.later)
        assert "Skip to the text" not in text
        if kind == part.page:
            assert "Added by this site, not the author" in text
            cited = [e.get("id") for e in site.page(kind).iter("li")]
            sources = [content.bibliography[key] for key in cited if key in content.bibliography]
            assert sources
            for source in sources:
                assert source.address.removeprefix("https://") in text.replace(" ", "")
            people = [str(s.people) for s in sources if s.people]
            assert people
            for number in people:
                assert number in text.split()


def printed(browser: Browser, url: str, file: Path, paper: str) -> str:
    """Print a page and return the words on the paper, a space between each."""
    page = browser.new_context().new_page()
    page.goto(url)
    page.pdf(path=file, format=paper, prefer_css_page_size=False)
    page.context.close()
    return " ".join(subprocess.check_output(["pdftotext", "-layout", file, "-"], text=True).split())


def test_a_numeral_stands_clear_of_the_title_on_a_card(published: Built, content: Content) -> None:
    for part in content.parts:
        card = Image.open((published.folder / part.page).with_name("card.png")).convert("L")
        inked = [card.crop((40, y, 1160, y + 1)).getextrema()[0] < 200 for y in range(24, 424)]
        below = inked.index(False, inked.index(True))
        assert inked.index(True, below) - below >= 40, part.slug


def test_reading_pages_run_no_script(site: Built) -> None:
    for name in site.pages():
        for script in site.page(name).iter("script"):
            assert script.get("type") in ("application/ld+json", "speculationrules"), name
        handlers = [a for e in site.page(name).iter() for a in e.attrib if a.startswith("on")]
        assert not handlers, name
