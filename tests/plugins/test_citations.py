"""A source is cited once for a run of sentences, under one name, with ways to it and back."""

from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import pytest
from conftest import CORPUS, Built, has_class, invoke, text_of
from playwright.sync_api import Browser

from plugins import citations
from tools.check.notes import item_problems, repeated_citations, sentence_problems
from tools.check.readability import blocks
from tools.content import sources
from tools.content.problem import DataError

A, B = "[A 2012](#a2012)", "[B 2016](#b2016)"


def plain(element: Element) -> str:
    return " ".join(text_of(element).split())


def numbered(text: str) -> list[tuple[int, str]]:
    return list(enumerate(text.split("\n"), 1))


def unsourced(text: str) -> list[str]:
    return [message for block in blocks(numbered(text)) for _, message in sentence_problems(block)]


def repeated(text: str) -> list[int]:
    return [line for block in blocks(numbered(text)) for line, _ in repeated_citations(block)]


@pytest.mark.parametrize(
    "text",
    [
        f"- One says so. Another says so too ({A}).",
        f"- One says so.\n  Another says so too ({A}).\n  A third agrees ({B}).",
        "- We found no good source on walks at night.",
        "- Ask today: [Get help now]({filename}/pages/get-help-now.md).",
    ],
)
def test_a_sentence_rests_on_the_next_citation_of_its_item(text: str) -> None:
    assert unsourced(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"- One says so ({A}). Nobody knows why.",
        f"- One says so.\n- Another says so ({A}).",
        f"One says so.\n\nAnother says so ({A}).",
        "- One says so.\n  We found no good source on another.",
    ],
)
def test_a_sentence_that_no_citation_follows_in_its_item_has_no_source(text: str) -> None:
    assert len(unsourced(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"- One ({A}). Two ({A}).",
        f"- One ({B}; {A}). Two ({A}).",
        f"- One ({A}; {B}). Two ({A}; {B}).",
    ],
)
def test_a_citation_that_repeats_the_one_before_is_told(text: str) -> None:
    assert repeated(text) == [1]


@pytest.mark.parametrize(
    "text", [f"- One ({A}).\n- Two ({A}).", f"- One ({A}). Two ({B}). Three ({A})."]
)
def test_a_citation_may_come_again_in_another_item_or_after_another(text: str) -> None:
    assert repeated(text) == []


def test_a_side_has_seven_points_at_the_most() -> None:
    seven = ["### What supports it", *["- A point."] * 7, "### What limits it", "- A point."]
    assert list(item_problems(list(enumerate(seven)))) == []
    ((line, message),) = item_problems(list(enumerate([*seven[:8], "- One more.", *seven[8:]], 1)))
    assert line == 9
    assert "7" in message


def test_the_check_tells_a_name_that_is_not_its_sources(project: Path) -> None:
    post = project / "content/posts/1-waking-with-the-light.md"
    text = post.read_text(encoding="utf-8")
    broken = text.replace("[Itō 2015](#ito2015)", "[Ito and others, 2015](#ito2015)", 1)
    assert broken != text
    post.write_text(broken, encoding="utf-8")
    done = invoke(project, "check")
    assert done.returncode
    assert "Write [Itō 2015](#ito2015)" in done.stdout + done.stderr


def test_two_sources_of_one_name_are_told_where_one_page_cites_both(project: Path) -> None:
    bib = project / "content/sources.bib"
    text = bib.read_text(encoding="utf-8")
    bib.write_text(text.replace("author = {Ek, Bo}", "author = {Novák, Ek}")
                   .replace("year = {2019},\n  volume = {11}", "year = {2018},\n  volume = {11}"),
                   encoding="utf-8")  # fmt: skip
    post = project / "content/posts/2-steadier-sleep.md"
    words = post.read_text(encoding="utf-8").replace("[Ek 2019]", "[Novák 2018]")
    post.write_text(words, encoding="utf-8")
    done = invoke(project, "check")
    assert done.returncode
    assert 'novak2018 and ek2019 are both cited as "Novák 2018" here' in done.stdout + done.stderr


ENTRY = """\
@article{{x2012,
  {fields},
  title = {{A walk}},
  year = {{2012}},
  doi = {{10.5555/x}},
  urldate = {{2021-03-01}},
  stance = {{limits}},
}}
"""


@pytest.mark.parametrize(
    ("fields", "label", "name"),
    [
        ("author = {van der Berg, Anna and Smith, Sam}", "van der Berg 2012", "van der Berg A"),
        ("author = {{Board of Walks}}", "Board of Walks 2012", "Board of Walks"),
        ("author = {{Board of Walks}}, shortauthor = {Board}", "Board 2012", "Board of Walks"),
        ("shortauthor = {Board}", "Board 2012", "Board"),
    ],
)
def test_a_source_is_named_by_its_first_author_or_body(fields: str, label: str, name: str) -> None:
    (source,) = sources.parse(ENTRY.format(fields=fields)).values()
    assert source.label == label
    assert source.name.startswith(name)


STUDY = (
    "author = {Smith, Sam}, found = {benefit}, people = {9}, compared = {%s}, measured = {sleep}"
)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("note = {Seen}", "needs `author`, or `shortauthor`"),
        (STUDY % "not recorded in our check", "tells readers of a gap"),
        ("author = {Smith, Sam}, pooled = {yes}", "`pooled` needs `people`"),
        ("author = {Smith, Sam}, pooled = {maybe}", "pooled"),
        ("author = {Smith, Sam}, treatment = {a bath}", "`treatment` needs `found`"),
        (STUDY % "rest" + ", treatment = {not recorded}", "tells readers of a gap"),
    ],
)
def test_a_source_that_leaves_a_gap_is_refused(fields: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        sources.parse(ENTRY.format(fields=fields))


def test_what_readers_see_of_a_source_has_curled_apostrophes() -> None:
    fields = (
        "author = {Smith, Sam}, note = {Its authors' names}, howpublished = {The board's}, "
        "found = {benefit}, treatment = {a dog's walk}, compared = {a cat's}, measured = {its end's}"
    )
    (source,) = sources.parse(ENTRY.format(fields=fields)).values()
    read = [getattr(source, n) for n in ("note", "howpublished", "treatment", "compared")]
    assert read == ["Its authors’ names", "The board’s", "a dog’s walk", "a cat’s"]
    assert source.measured == "its end’s"


@pytest.mark.parametrize(
    ("written", "read"),
    {
        "Half (50%) of 8": "Half (50%) of 8",
        r"50\% of 8, $p$ $\leq$ 0.05": "50% of 8, p ≤ 0.05",
        r"5-HT$_{2A}$, \beta-blockers \& \textmu-opioids": "5-HT2A, β-blockers & µ-opioids",
    }.items(),
)
def test_a_title_is_read_whole_whatever_an_exporter_wrote_for_its_signs(
    written: str, read: str
) -> None:
    entry = ENTRY.format(fields="author = {Smith, Sam}").replace("A walk", written)
    assert sources.parse(entry)["x2012"].title == read


def test_a_source_and_its_fields_know_their_lines() -> None:
    entry = ENTRY.format(fields="note = {In two\n  lines, year = 1}, author = {Smith, Sam}")
    source = sources.parse(f"% One\n\n{entry}")["x2012"]
    assert source.line == 3
    lines = {name: source.lines[name] for name in ("note", "author", "title", "year", "people")}
    assert lines == {"note": 4, "author": 5, "title": 6, "year": 7, "people": 3}


def test_no_page_changes_the_sources_that_all_pages_share() -> None:
    text = (CORPUS / "content/sources.bib").read_text(encoding="utf-8")
    bibliography = sources.parse(text)
    before = deepcopy(bibliography)
    page = SimpleNamespace(_content='<p>So (<a href="#novak2018">Novák 2018</a>).</p>')
    citations.attach(page, bibliography)
    assert page.sources == [bibliography["novak2018"]]
    assert bibliography == before
    assert sources.parse(text) is bibliography


def test_every_citation_has_a_way_back_that_says_where_it_leads(site: Built) -> None:
    page = site.page("steadier-sleep/index.html")
    ids = {e.get("id"): e for e in page.iter() if e.get("id")}
    entry = ids["novak2018"]
    back = [a for a in entry.iter("a") if a.get("href").startswith("#")]
    assert [a.get("aria-label") for a in back] == [
        f"Back to the text, place {n} (Novák 2018)" for n in range(1, len(back) + 1)
    ]
    places = [a.get("href").removeprefix("#") for a in back]
    cited = [a for a in page.iter("a") if a.get("href") == "#novak2018" and a.get("id")]
    assert [a.get("id") for a in cited] == places
    assert {plain(a) for a in cited} == {"Novák 2018"}


def test_the_ways_back_are_large_enough_to_hit(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{address}/steadier-sleep/")
    sizes = page.evaluate(
        """[...document.querySelectorAll('.back a')].map(a => { const b =
        a.getBoundingClientRect(); return [b.width, b.height]; })"""
    )
    assert sizes
    assert min(min(size) for size in sizes) >= 24
    page.context.close()


def test_an_address_may_break_after_each_slash(site: Built) -> None:
    page = site.page("steadier-sleep/index.html")
    links = [a for a in page.iter("a") if a.get("rel") == "external"]
    assert links
    for link in links:
        assert len(link.findall("wbr")) == text_of(link).count("/") > 0


def test_one_source_has_one_name_in_the_text_the_table_and_the_answer(site: Built) -> None:
    for name in site.pages():
        names: dict[str, set[str]] = {}
        for link in site.page(name).iter("a"):
            key = link.get("href", "").rpartition("#")[2]
            if key[-4:].isdigit() and not has_class(link, "back") and not link.get("aria-label"):
                names.setdefault(key, set()).add(plain(link))
        if not name.startswith("sources"):
            assert all(len(labels) == 1 for labels in names.values()), (name, names)


def test_names_are_printed_with_their_letters(site: Built) -> None:
    text = text_of(site.page("sources/index.html").find(".//main"))
    for name in (
        "Ørsted Å, Müller J, Łukasiewicz Z.",
        "Novák J, van der Berg A, O'Neil P and others.",
    ):
        assert name in text
    assert "Übung" in text and "Light & walking" in text
