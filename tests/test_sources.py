"""What the lists of sources print."""

from conftest import Built, text_of


def test_names_are_printed_with_their_letters(site: Built) -> None:
    text = text_of(site.page("sources/index.html").find(".//main"))
    for name in (
        "Ørsted Å, Müller J, Łukasiewicz Z.",
        "Novák J, van der Berg A, O'Neil P and others.",
    ):
        assert name in text
    assert "Übung" in text and "Light & walking" in text
