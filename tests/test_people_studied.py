"""The people studied are drawn one mark a person, at one scale, and told in a table."""

import re
from xml.etree.ElementTree import Element

import pytest
from conftest import CORPUS, Built, has_class, text_of
from playwright.sync_api import Browser

from tools.content import sources

PART = "steadier-sleep/index.html"
PEOPLE = {"Ørsted 2012": 48, "Ek 2019": 250, "Lind 2020": 36, "Tanaka 2016": 120}


def plain(element: Element) -> str:
    return " ".join(text_of(element).split())


def figure(site: Built, page: str) -> Element | None:
    """Return the first figure of a page."""
    return next((e for e in site.page(page).iter("figure") if has_class(e, "people")), None)


def marks(drawing: Element) -> int:
    """Count the marks of a drawing: one to each unit of length, or one ring after the other."""
    path = drawing.find("{*}path").get("d")
    lengths = [int(length) for length in re.findall(r"v(\d+)", path)]
    return sum(lengths) or path.count("m.31 1")


def test_each_study_is_drawn_with_one_mark_a_person(site: Built) -> None:
    studies = figure(site, PART).findall(".//span")
    assert sorted(int(plain(study)) for study in studies) == sorted(PEOPLE.values())
    for study in studies:
        drawings = study.findall("{*}svg")
        assert sum(map(marks, drawings)) == int(plain(study))
        assert {drawing.get("height") for drawing in drawings} == {"48"}
        for drawing in drawings:
            columns, rows = drawing.get("viewBox").split()[2:]
            assert rows == "12"
            assert marks(drawing) in range(12 * (int(columns) - 1) + 1, 12 * int(columns) + 1)


def test_every_outcome_has_a_shape_and_a_label_of_its_own(site: Built) -> None:
    pages = [PART, "calmer-thoughts/index.html", "company-in-dark-hours/index.html"]
    groups = [group for page in pages for group in figure(site, page).findall("div")]
    labels = {plain(group.find("p")) for group in groups}
    shapes = {}
    for group in groups:
        (drawing, *_) = group.findall(".//{*}svg")
        look = [drawing.get(f"stroke-{x}") for x in ("width", "dasharray", "linecap")]
        shapes[plain(group.find("p"))] = (*look, "a.31" in drawing.find("{*}path").get("d"))
    assert len(labels) == len(set(shapes.values())) == 5


def test_a_pooled_review_is_in_the_table_and_has_no_marks(site: Built) -> None:
    table = site.page(PART).find(".//table[@aria-labelledby='people']")
    (row,) = (r for r in table.iter("tr") if "Novák 2018" in plain(r))
    assert plain(row).startswith("640 pooled")
    assert "640" not in plain(figure(site, PART))


def test_the_table_tells_each_study_once_and_leads_to_its_source(site: Built) -> None:
    page = site.page(PART)
    table = page.find(".//table[@aria-labelledby='people']")
    assert [plain(th) for th in table.findall("thead//th")] == [
        "People",
        "Compared with, and what was measured",
        "Source",
    ]
    rows = {plain(r[2]): r for r in table.findall("tbody/tr") if len(r) == 3}
    assert {*rows} == {*PEOPLE, "Novák 2018"}
    for name, people in PEOPLE.items():
        assert plain(rows[name][0]) == str(people)
        key = rows[name].find(".//a").get("href").removeprefix("#")
        assert key in {e.get("id") for e in page.iter("li")}
    assert plain(rows["Ek 2019"][1]) == "A warm bath. Hours of sleep."
    headings = [plain(th) for th in table.findall("tbody/tr/th")]
    assert "Did worse than the comparison" in headings


def test_a_study_of_unknown_size_is_told_and_not_drawn(site: Built) -> None:
    page = site.page("waking-with-the-light/index.html")
    table = page.find(".//table[@aria-labelledby='people']")
    (row,) = (r for r in table.iter("tr") if "Itō 2015" in plain(r))
    assert plain(row[0]) == "Not known"
    assert [plain(s) for s in figure(site, "waking-with-the-light/index.html").iter("span")] == [
        "48"
    ]


def test_the_caution_has_no_figure(site: Built) -> None:
    page = site.page("a-word-on-ice-and-traffic/index.html")
    assert not page.findall(".//figure")
    assert not page.findall(".//table")
    caution = site.page("index.html").find(".//section[@id='a-word-on-ice-and-traffic']")
    assert not caution.findall(".//figure")


def test_screen_readers_hear_words_and_no_marks(site: Built) -> None:
    for name in ("index.html", PART):
        figures = [e for e in site.page(name).iter("figure") if has_class(e, "people")]
        assert figures
        assert {e.get("aria-hidden") for e in figures} == {"true"}
    home = plain(site.page("index.html").find(".//section[@id='steadier-sleep']"))
    assert "did worse than the comparison, 36" in home


def test_the_first_figure_of_home_and_that_of_a_part_say_what_a_mark_is(site: Built) -> None:
    captions = site.page("index.html").findall(".//figcaption")
    assert len(captions) == 1
    for caption in (captions[0], figure(site, PART).find("figcaption")):
        assert "Each mark is one person" in plain(caption)
        assert "not how well" in plain(caption)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("text", ["16px", "32px"])
def test_every_study_of_a_page_is_drawn_at_one_scale(
    browser: Browser, address: str, width: int, text: str
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    page.goto(f"{address}/steadier-sleep/")
    page.add_style_tag(content=f":root {{ font-size: {text} }}")
    scales = page.evaluate(
        """[...document.querySelectorAll('.people svg')].map(s => { const b =
        s.getBoundingClientRect(), v = s.viewBox.baseVal;
        return [b.width / v.width, b.height / v.height]; })"""
    )
    assert scales
    first = scales[0][1]
    for scale in scales:
        assert scale == pytest.approx([first, first], rel=0.02)
    page.context.close()


def test_a_study_wider_than_its_place_goes_on_in_the_next_line() -> None:
    bib = (CORPUS / "content/sources.bib").read_text(encoding="utf-8")
    study = sources.parse(bib)["ek2019"]
    assert [len(block) for block in study.blocks] == [20, 1]
    assert sum(map(sum, study.blocks)) == 250
