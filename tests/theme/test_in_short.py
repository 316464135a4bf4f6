"""Under every claim stands an answer in short: one to three sourced sentences, kept in the post."""

import re
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import pytest
from conftest import Built, has_class, text_of

from tools.check.notes import in_short_problems

SOURCES = {
    "for2012": SimpleNamespace(stance=["supports"]),
    "against2016": SimpleNamespace(stance=["limits"]),
    "both2018": SimpleNamespace(stance=["supports", "limits"]),
}
FOR, AGAINST, BOTH = (f"([A](#{key}))" for key in SOURCES)


def problems(answer: str, *, caution: bool = False) -> list[tuple[int, str]]:
    """Return what the check says of the text between the first two headings, from line 11 on."""
    lines = ["## What the research shows", "", *answer.split("\n"), "", "### What supports it"]
    return list(in_short_problems(list(enumerate(lines, 11)), SOURCES, caution=caution))


@pytest.mark.parametrize(
    "answer",
    [
        f"It helps {FOR}. It is small {AGAINST}.",
        f"It helps a little {BOTH}.",
        f"It helps.\nIt is small {BOTH}.\nNobody knows for how long {FOR}.",
    ],
)
def test_one_to_three_sentences_for_and_against_are_an_answer(answer: str) -> None:
    assert problems(answer) == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("", "is missing"),
        (f"It helps {FOR}.", "no source that limits"),
        (f"It is small {AGAINST}.", "no source that supports"),
        ("It helps.", "no source that limits"),
        (f"One. Two. Three. Four {BOTH}.", "has 4 sentences; 3 at the most"),
        (f"It helps {BOTH}.\n\nMore {BOTH}.", "one paragraph"),
        (f"- It helps {BOTH}.", "without a list"),
    ],
)
def test_what_is_no_answer_is_told_with_its_line(answer: str, message: str) -> None:
    reported = problems(answer)
    assert any(message in text for _, text in reported), reported
    assert all(line in (11, 13) for line, _ in reported), reported


def test_the_answer_of_a_caution_needs_one_source() -> None:
    assert problems(f"Take care {AGAINST}.", caution=True) == []
    assert "cites no source" in problems("Take care.", caution=True)[0][1]


def answers(site: Built, page: str) -> list[Element]:
    """Return the answers in short on a page."""
    return [p for p in site.page(page).iter("p") if has_class(p, "in-short")]


def plain(element: Element) -> str:
    return " ".join(text_of(element).split())


def test_home_and_the_part_print_the_same_answer(site: Built) -> None:
    on_home = answers(site, "index.html")
    parts = site.page("index.html").findall(".//section[@class='part']")
    assert len(on_home) == len(parts) == 5
    for part, answer in zip(parts, on_home, strict=True):
        (printed,) = answers(site, f"{part.get('id')}/index.html")
        assert plain(printed) == plain(answer)
        assert plain(printed).startswith("In short ")


def test_on_home_the_answer_stands_between_the_claim_and_the_link_to_its_research(
    site: Built,
) -> None:
    for part in site.page("index.html").findall(".//section[@class='part']"):
        words = next(e for e in part.iter("section") if has_class(e, "words"))
        after = plain(part).partition(plain(words))[2]
        order = [after.index(x) for x in ("Added by this site", "In short", "The research")]
        assert order == sorted(order)


def test_on_home_a_link_promises_what_the_part_has(site: Built) -> None:
    for part in site.page("index.html").findall(".//section[@class='part']"):
        page = site.page(f"{part.get('id')}/index.html")
        limits = any("What limits it" in plain(h) for h in page.iter("h3"))
        (link,) = (a for a in part.iter("a") if a.get("href").endswith("#research"))
        assert plain(link).startswith("The research")
        assert ("what limits" in plain(link)) == limits
        assert ("on this caution" in plain(link)) == (not limits)


def test_a_citation_in_an_answer_leads_to_its_source(site: Built) -> None:
    for part in site.page("index.html").findall(".//section[@class='part']"):
        slug = part.get("id")
        page = site.page(f"{slug}/index.html")
        listed = {e.get("id") for e in page.iter("li")}
        (answer,) = (p for p in part.iter("p") if has_class(p, "in-short"))
        links = [a.get("href") for a in answer.iter("a")]
        assert links
        for link in links:
            address, _, key = link.partition("#")
            assert address == f"/{slug}/"
            assert key in listed


def test_the_notes_begin_with_the_answer(site: Built) -> None:
    page = site.page("waking-with-the-light/index.html")
    notes = next(e for e in page.iter("section") if has_class(e, "notes"))
    text = plain(notes)
    assert text.index("What the research shows") < text.index("In short")
    assert text.index("In short") < text.index("What supports it")
    assert len(re.findall("felt more awake", text.split("What supports it")[0])) == 1
