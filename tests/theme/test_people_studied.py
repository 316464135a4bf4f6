"""The people studied are drawn one mark a person, at one scale, and told in a table."""

import re
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import pytest
from conftest import CORPUS, Built, has_class, text_of
from playwright.sync_api import Browser

from plugins.citations import studies
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
    return sum(lengths) or len(re.findall(r"a[.\d]+ 0 1 0 \.", path))


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
        shapes[plain(group.find("p"))] = (*look, "a" in drawing.find("{*}path").get("d"))
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
    assert "A bath before the walk: did worse than the comparison" in headings


def test_what_tested_another_treatment_stands_apart_and_is_named(site: Built) -> None:
    (apart,) = (g for g in figure(site, PART).findall("div") if has_class(g, "apart"))
    assert plain(apart) == "A bath before the walk: did worse than the comparison 36"
    headings = [plain(th) for th in site.page(PART).findall(".//tbody/tr/th")]
    assert headings[-1] == "A bath before the walk: did worse than the comparison"
    assert not any(":" in heading for heading in headings[:-1])


def test_groups_follow_what_was_tested_and_then_what_was_found() -> None:
    cited = [
        SimpleNamespace(key=key, treatment=treatment, found=finding, blocks=[])
        for key, treatment, finding in [
            ("a", "a spray", "no clear difference"),
            ("b", None, "no clear difference"),
            ("c", None, None),
            ("d", "a spray", "benefit"),
            ("e", None, "benefit"),
            ("f", None, "benefit"),
        ]
    ]
    groups = [(group.label, [s.key for s in group.sources]) for group in studies(cited)]
    assert groups == [
        ("found a benefit", ["e", "f"]),
        ("found no clear difference", ["b"]),
        ("a spray: found a benefit", ["d"]),
        ("a spray: found no clear difference", ["a"]),
    ]


def test_no_outcome_has_less_ink_than_another_but_where_nothing_was_compared(
    browser: Browser, address: str
) -> None:
    """Measure the painted share of the square that a mark has: more ink would look like more."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    ink = {}
    for name in (PART, "calmer-thoughts/index.html", "company-in-dark-hours/index.html"):
        page.goto(f"{address}/{name.removesuffix('index.html')}")
        ink |= page.evaluate(
            """async () => { const all = {};
            for (const group of document.querySelectorAll('.people > div')) {
              const svg = group.querySelector('svg').cloneNode(true);
              const [, , width, height] = svg.getAttribute('viewBox').split(' ');
              svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
              svg.setAttribute('width', width * 40);
              svg.setAttribute('height', height * 40);
              svg.setAttribute('stroke', 'black');
              const image = new Image();
              image.src = 'data:image/svg+xml,' + encodeURIComponent(svg.outerHTML);
              await image.decode();
              const canvas = new OffscreenCanvas(40, 40), draw = canvas.getContext('2d');
              draw.drawImage(image, 0, 0);
              const alpha = draw.getImageData(0, 0, 40, 40).data.filter((_, i) => i % 4 == 3);
              all[group.className.split(' ')[0]] = alpha.reduce((a, b) => a + b) / 255 / 1600;
            } return all; }"""
        )
    page.context.close()
    alone = ink.pop("no-comparison-group")
    assert len(ink) == 4
    assert max(ink.values()) < 1.2 * min(ink.values()), ink
    assert alone < 0.5 * min(ink.values())


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
