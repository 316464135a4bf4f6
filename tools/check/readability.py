"""Measure how hard a text is to read: sentences, words, syllables, US school grade."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from tools.check.patterns import PATTERNS

# Lines of a file with their numbers, and what is told of a line: its number and a message.
Lines = list[tuple[int, str]]
Messages = Iterator[tuple[int, str]]

ITEM = re.compile(r"\s*(?:[-*+]|\d+\.)\s+(.*)")
CITATION = re.compile(r"\[([^\]]*)\]\(#([^)\s]*)\)")
# A citation's brackets, with a page after it where one is named.
CITATIONS = re.compile(
    r"\s*\((?:\[[^\]]*\]\(#[^)\s]*\)"
    r"(?:,\s*(?:pp?|ch|sec|table|fig)\.?\s[^)\[;]*)?[;,]?\s*)+\)"
)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
LETTERS = re.compile(r"(?:[a-z]\.)+[a-z]")  # as in U.S., without the last full stop
LAST_WORD = re.compile(r"[\w.]*$")
# Where a sentence may end.
STOP = re.compile(r"[.?!][\"”’)]*\s+(?=[\"“‘(\[]*[A-ZÀ-Þ0-9x])")
ABBREVIATIONS = {name: set(words.split()) for name, words in PATTERNS["abbreviations"].items()}
# Vowels that are spoken together, and apart in "trial", "anxiety" and "suicide".
VOWELS = re.compile(r"(?<![tscg])i(?=[aou])|i(?=et)|(?<!q)u(?=ic)|[aeiouy]+")
# The end of "scale", "used" and "trades", but not of "little", "noted" and "doses".
SILENT = re.compile(r"(?<=[^aeiouy])(?<![^aeiouy]l)(?:e|(?<![td])ed|(?<![sxzcgh])es)$")


def blocks(lines: Lines) -> Iterator[Lines]:
    """Yield each paragraph and list item of some Markdown as its sentences, with their lines.

    A sentence ends at . ? or ! before a space and a capital, or where its paragraph or list item
    ends.
    """
    block: Lines = []
    for number, line in [*lines, (0, "")]:
        item = ITEM.match(line)
        if block and (not line.strip() or item or line.startswith("#")):
            yield list(sentences(block))
            block = []
        if line.strip() and not line.startswith("#"):
            block.append((number, item[1] if item else line.strip()))


def sentences(block: Lines) -> Messages:
    """Yield each sentence of a paragraph with the line that it starts in."""
    text, begin = "\n".join(line for _, line in block), 0
    # A full stop in a link's brackets ends no sentence.
    masked = LINK.sub(lambda link: "x" * len(link[0]), text)
    ends = [match.end() for match in STOP.finditer(masked) if ends_sentence(masked, match)]
    for end in [*ends, len(text)]:
        if sentence := text[begin:end].strip():
            yield block[text.count("\n", 0, begin)][0], sentence.replace("\n", " ")
        begin = end


def ends_sentence(text: str, stop: re.Match[str]) -> bool:
    """Return whether a full stop before a capital or digit ends a sentence, not an abbreviation."""
    if stop[0][0] != ".":
        return True
    after = text[stop.end() :].lstrip('"“‘([')
    match = LAST_WORD.search(text, max(0, stop.start() - 20), stop.start())
    word = match[0] if match else ""
    name = word.lower()
    numbered = name in ABBREVIATIONS["before_a_number"] and re.match(r"\d|[ivxlc]+\b", after)
    if name in ABBREVIATIONS["never_last"] or numbered:
        return False
    initial = re.fullmatch(r"[A-Z]", word) and word != "I"
    if initial or name in ABBREVIATIONS["sometimes_last"] or LETTERS.fullmatch(name):
        first = re.match(r"[A-Za-z]*\b", after)
        return first is not None and first[0] in ABBREVIATIONS["beginnings"]
    return True


@lru_cache(1000)  # a part's notes are counted by the sentence, and as a whole
def words(sentence: str) -> list[str]:
    """Return the words of a sentence, without its citations; a number is one word."""
    plain = LINK.sub(r"\1", CITATIONS.sub("", sentence))
    return re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", plain)


@cache
def syllables(word: str) -> int:
    """Return the number of syllables of a word; a word in capitals is spelled out.

    By the CMU Pronouncing Dictionary, it is right for 98 % of this site's words.
    """
    if word.isupper():
        return sum(map(str.isalpha, word))
    return len(VOWELS.findall(SILENT.sub("", word.lower()))) or 1


def grade(sentences: list[str]) -> float:
    """Return the US school grade of some sentences, by the formula of Flesch and Kincaid (1975)."""
    counted = [words(sentence) for sentence in sentences]
    total = sum(len(sentence) for sentence in counted)
    if not total:
        return 0.0
    syllable_count = sum(syllables(word) for sentence in counted for word in sentence)
    return 0.39 * total / len(counted) + 11.8 * syllable_count / total - 15.59
