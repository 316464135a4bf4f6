"""What a study is drawn as, and how much room each side of a claim gets."""

from conftest import Built, text_of


def test_a_study_of_unknown_size_has_words_and_no_dots(site: Built) -> None:
    page = site.page("waking-with-the-light/index.html")
    item = next(e for e in page.iter("li") if "not confirmed" in text_of(e))
    assert "how awake people felt at noon" in text_of(item)
    assert not [e for e in item.iter() if str(e.tag).endswith("svg")]


def test_names_are_printed_with_their_letters(site: Built) -> None:
    text = text_of(site.page("sources/index.html").find(".//main"))
    for name in (
        "Ørsted Å, Müller J, Łukasiewicz Z.",
        "Novák J, van der Berg A, O'Neil P and others.",
    ):
        assert name in text
    assert "Übung" in text and "Light & walking" in text
