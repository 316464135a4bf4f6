"""How hard the notes are to read is counted as Flesch and Kincaid did."""

import pytest

from tools.check import readability


def test_the_grade_is_flesch_and_kincaids() -> None:
    # 0.39 * 5 words + 11.8 * 1 syllable a word - 15.59
    assert readability.grade(["The cat sat down here."]) == pytest.approx(-1.84, abs=0.01)


@pytest.mark.parametrize(
    ("word", "spoken"),
    {
        **{"use": 1, "used": 1, "2018": 1, "people": 2, "noted": 2, "doses": 2, "about": 2},
        **{"pages": 2, "handled": 2, "trial": 2, "bipolar": 3, "ketamine": 3, "suicide": 3},
        **{"FDA": 3, "DSM-5": 3, "anxiety": 4, "esketamine": 4, "psychiatric": 4},
    }.items(),
)
def test_syllables_are_counted_as_spoken(word: str, spoken: int) -> None:
    assert readability.syllables(word) == spoken
