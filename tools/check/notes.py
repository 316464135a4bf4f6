"""Beside each claim stands what supports it and what limits it, in short, plain, sourced sentences.

The rules and their reasons: a sentence has at most 20 words, and a part's notes read at US grade
8 or lower (NHS and PIF TICK ask for plain words); each sentence cites a source or says that there
is none (JAMA benchmarks, DISCERN); no dose, since a reader could take it for advice.
"""

import re
from collections.abc import Iterator

from tools.check.readability import CITATION, words

WORDS_AT_MOST = 20
GRADE_AT_MOST = 8.0
# What may stand as the first, second and third heading; the last of the third is the caution's.
HEADINGS = [
    ["## What the research shows"],
    ["### What supports it"],
    ["### What limits it", "### What to add to it"],
]
NO_SOURCE = re.compile(r"\bno (?:good )?source\b", re.IGNORECASE)
OVERSTATED = re.compile(r"\b(cures?|cured|proven|breakthrough|miracles?)\b", re.IGNORECASE)
DOSE = re.compile(r"\b\d+(?:\.\d+)?\s?(?:mg|µg|mcg|milligrams?|micrograms?)\b", re.IGNORECASE)
REVIEWED = re.compile(r"\b(?:medically reviewed|reviewed by)\b", re.IGNORECASE)


def word_problems(lines: list[str], start: int) -> Iterator[tuple[int, str]]:
    """Yield what no words of the site's may say: cures, doses, a review that never was."""
    for number, line in enumerate(lines, start + 1):
        if match := OVERSTATED.search(line):
            yield number, f'"{match[0]}" promises too much. Say what was measured, and in how many.'
        if match := DOSE.search(line):
            yield (
                number,
                f'"{match[0]}" is a dose, and a reader could take it for advice: leave it out.',
            )
        if match := REVIEWED.search(line):
            yield number, f'"{match[0]}": no clinician has reviewed this site. Leave it out.'


def heading_problems(lines: list[str], start: int) -> Iterator[tuple[int, str]]:
    """Yield the first heading of a part's notes that is another than its place has.

    Readers look under the headings for what speaks for a claim and what against it.
    """
    numbered = enumerate(lines, start + 1)
    headings = [(number, line.strip()) for number, line in numbered if line.startswith("#")]
    for place, (number, heading) in enumerate(headings):
        wanted = HEADINGS[place] if place < len(HEADINGS) else []
        if heading not in wanted:
            write = f"Write {' or '.join(wanted)}." if wanted else "The notes end before it."
            yield number, f"{heading} is no heading of the notes here. {write}"
            return


def sentence_problems(found: list[tuple[int, str]], help_link: str) -> Iterator[tuple[int, str]]:
    """Yield the faults of a part's notes, sentence by sentence.

    A sentence that leads to `help_link` needs no source: it is no claim.
    """
    for line, sentence in found:
        count, shown = len(words(sentence)), " ".join(words(sentence)[:5])
        if count > WORDS_AT_MOST:
            yield (
                line,
                f'"{shown} …" has {count} words; {WORDS_AT_MOST} at the most. Make two sentences.',
            )
        cites = CITATION.search(sentence) or NO_SOURCE.search(sentence) or help_link in sentence
        if not cites:
            yield (
                line,
                f'"{shown} …" names no source. End it with ([Name 2018](#name2018)), '
                "or write that we found no good source.",
            )
