"""Beside each claim stands what supports it and what limits it, in short, plain, sourced sentences.

The rules and their reasons: a sentence has at most 20 words, and a part's notes read at US grade
8 or lower (NHS and PIF TICK ask for plain words); each sentence cites a source or says that there
is none (JAMA benchmarks, DISCERN); no dose, since a reader could take it for advice.
"""

import re
from collections.abc import Iterator
from functools import cache

WORDS_AT_MOST = 20
GRADE_AT_MOST = 8.0
# What may stand as the first, second and third heading; the last of the third is the caution's.
HEADINGS = [
    ["## What the research shows"],
    ["### What supports it"],
    ["### What limits it", "### What to add to it"],
]
CITATION = re.compile(r"\[([^\]]*)\]\(#([^)\s]*)\)")
CITATIONS = re.compile(r"\s*\((?:\[[^\]]*\]\(#[^)\s]*\)[;,]?\s*)+\)")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
NO_SOURCE = re.compile(r"\bno (?:good )?source\b", re.IGNORECASE)
OVERSTATED = re.compile(r"\b(cures?|cured|proven|breakthrough|miracles?)\b", re.IGNORECASE)
DOSE = re.compile(r"\b\d+(?:\.\d+)?\s?(?:mg|µg|mcg|milligrams?|micrograms?)\b", re.IGNORECASE)
# Vowels that are spoken together, and apart in "trial", "anxiety" and "suicide".
VOWELS = re.compile(r"(?<![tscg])i(?=[aou])|i(?=et)|(?<!q)u(?=ic)|[aeiouy]+")
# The end of "scale", "used" and "trades", but not of "little", "noted" and "doses".
SILENT = re.compile(r"(?<=[^aeiouy])(?<![^aeiouy]l)(?:e|(?<![td])ed|(?<![sxzcgh])es)$")
REVIEWED = re.compile(r"\b(?:medically reviewed|reviewed by)\b", re.IGNORECASE)


def sentences(lines: list[str], start: int) -> Iterator[tuple[int, str]]:
    """Yield each sentence of some Markdown with the line it starts in; headings are none.

    `start` is the number of lines before the first. A sentence ends at . ? or ! before a space
    and a capital, or where its paragraph or list item ends.
    """
    block: list[tuple[int, str]] = []
    for number, line in enumerate([*lines, ""], start + 1):
        item = re.match(r"\s*(?:[-*+]|\d+\.)\s+(.*)", line)
        if not line.strip() or item or line.startswith("#"):
            yield from _split(block)
            block = []
        if line.strip() and not line.startswith("#"):
            block.append((number, item[1] if item else line.strip()))


def _split(block: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Split a paragraph, given as its lines, into sentences."""
    text, starts = "", []
    for number, line in block:
        starts.append((len(text), number))
        text += line + " "
    begin = 0
    for end in [m.end() for m in re.finditer(r"[.?!][\"”’)]*\s+(?=[\"“‘(\[]*[A-Z0-9])", text)] + [
        len(text)
    ]:
        sentence = text[begin:end].strip()
        if sentence:
            yield max(number for at, number in starts if at <= begin), sentence
        begin = end


def plain(sentence: str) -> str:
    """Return a sentence without its citations, and its other links as their words."""
    return LINK.sub(r"\1", CITATIONS.sub("", sentence))


def words(sentence: str) -> list[str]:
    """Return the words of a sentence; a number is one word, citations are none."""
    return re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", plain(sentence))


@cache
def syllables(word: str) -> int:
    """Count a word's syllables: its vowels as they are spoken; or its capitals, spelled.

    Of this site's words it is right for 98 in 100, by the CMU Pronouncing Dictionary.
    """
    if word.isupper():
        return sum(map(str.isalpha, word))
    return len(VOWELS.findall(SILENT.sub("", word.lower()))) or 1


def grade(found: list[str]) -> float:
    """Return the US school grade of some sentences by Flesch and Kincaid (1975)."""
    counted = [words(sentence) for sentence in found]
    total = sum(len(sentence) for sentence in counted)
    if not total:
        return 0.0
    spoken = sum(syllables(word) for sentence in counted for word in sentence)
    return 0.39 * total / len(counted) + 11.8 * spoken / total - 15.59


def word_faults(lines: list[str], start: int) -> Iterator[tuple[int, str]]:
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


def heading_faults(lines: list[str], start: int) -> Iterator[tuple[int, str]]:
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


def sentence_faults(found: list[tuple[int, str]], help_link: str) -> Iterator[tuple[int, str]]:
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
