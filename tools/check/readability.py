"""How hard a text is to read: its sentences, words, syllables and US school grade."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

ITEM = re.compile(r"\s*(?:[-*+]|\d+\.)\s+(.*)")
CITATION = re.compile(r"\[([^\]]*)\]\(#([^)\s]*)\)")
CITATIONS = re.compile(r"\s*\((?:\[[^\]]*\]\(#[^)\s]*\)[;,]?\s*)+\)")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
# Vowels that are spoken together, and apart in "trial", "anxiety" and "suicide".
VOWELS = re.compile(r"(?<![tscg])i(?=[aou])|i(?=et)|(?<!q)u(?=ic)|[aeiouy]+")
# The end of "scale", "used" and "trades", but not of "little", "noted" and "doses".
SILENT = re.compile(r"(?<=[^aeiouy])(?<![^aeiouy]l)(?:e|(?<![td])ed|(?<![sxzcgh])es)$")


def sentences(lines: list[str], start: int) -> Iterator[tuple[int, str]]:
    """Yield each sentence of some Markdown with the line it starts in; headings are none."""
    return chain.from_iterable(blocks(lines, start))


def blocks(lines: list[str], start: int) -> Iterator[list[tuple[int, str]]]:
    """Yield each paragraph and list item of some Markdown as its sentences, with their lines.

    `start` is the number of lines before the first. A sentence ends at . ? or ! before a space
    and a capital, or where its paragraph or list item ends.
    """
    block: list[tuple[int, str]] = []
    for number, line in enumerate([*lines, ""], start + 1):
        item = ITEM.match(line)
        if block and (not line.strip() or item or line.startswith("#")):
            yield list(_split(block))
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
