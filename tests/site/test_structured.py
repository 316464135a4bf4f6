"""What machines are told is true: schema.org's own words, no name, no review, no badge."""

import json
import re
from functools import cache
from typing import Any

from conftest import ROOT, Built
from expected import Content, Text


@cache
def vocabulary() -> dict[str, tuple[list[str], set[str]]]:
    """Return schema.org's types, each with its parents and own properties, from schema-dts."""
    text = (ROOT / "tests/node_modules/schema-dts/dist/schema.d.ts").read_text()
    interfaces = re.findall(r"interface (\w+)Base extends ([^{]+)\{(.*?)\n\}", text, re.DOTALL)
    return {
        name: (
            re.findall(r"(\w+)Base", parents),
            set(re.findall(r'^\s+"(\w+)"\??:', body, re.MULTILINE)),
        )
        for name, parents, body in interfaces
    }


def properties(kind: str) -> set[str]:
    parents, names = vocabulary().get(kind, ([], set()))
    return names.union(*(properties(parent) for parent in parents))


def problems_in(node: object, at: str = "") -> list[str]:
    """Return every type and property that schema.org does not know."""
    if isinstance(node, list):
        return [f for item in node for f in problems_in(item, at)]
    if not isinstance(node, dict):
        return []
    kind = node["@type"]
    known = properties(kind)
    problems = [f"{at}: no type {kind}"] if not known else []
    for name, value in node.items():
        if not name.startswith("@"):
            problems += [] if name in known else [f"{kind} has no {name}"]
            problems += problems_in(value, name)
    return problems


def data(site: Built, part: Text) -> dict[str, Any]:
    script = site.page(part.page).find(".//script[@type='application/ld+json']")
    return json.loads(script.text)


def test_a_word_that_schema_org_does_not_know_is_found() -> None:
    assert problems_in({"@type": "Article", "headline": "x"}) == []
    assert problems_in({"@type": "Article", "headlin": "x"})
    assert problems_in({"@type": "Artikel"})


def test_a_part_is_described_in_schema_orgs_words(published: Built, content: Content) -> None:
    for part in content.parts:
        described(data(published, part))


def described(page: dict[str, Any]) -> None:
    assert problems_in(page) == []
    assert page["@type"] == "MedicalWebPage"
    assert page["medicalAudience"]["audienceType"] == "Patient"
    article = page["mainEntity"]
    assert article["@type"] == "Article"
    assert article["author"]["@type"] == "Person"
    assert "name" not in article["author"]
    assert "citation" not in article
    assert len(page["hasPart"]["citation"]) >= 2
    assert all(address.startswith("https://") for address in page["hasPart"]["citation"])
    assert page["about"]
    for drug in [entry for entry in page["about"] if entry["@type"] == "Drug"]:
        assert drug["prescriptionStatus"].endswith("PrescriptionOnly")


def test_no_page_claims_a_review_or_shows_a_badge(site: Built) -> None:
    for name in site.pages():
        text = site.text(name).lower()
        for claim in (
            "reviewedby",
            "lastreviewed",
            "medically reviewed",
            "possibletreatment",
            "recognizingauthority",
        ):
            assert claim not in text, (name, claim)
        # Pictures are what a writer shows; the theme has none.
        pictures = [image.get("src", "") for image in site.page(name).iter("img")]
        assert all(source.startswith("/images/") for source in pictures), name
