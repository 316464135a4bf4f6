"""Measure how hard a text is to read: sentences, words, syllables, US school grade."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

ITEM = re.compile(r"\s*(?:[-*+]|\d+\.)\s+(.*)")
CITATION = re.compile(r"\[([^\]]*)\]\(#([^)\s]*)\)")
# A citation's brackets, with a page after it where one is named.
CITATIONS = re.compile(
    r"\s*\((?:\[[^\]]*\]\(#[^)\s]*\)"
    r"(?:,\s*(?:pp?|ch|sec|table|fig)\.?\s[^)\[;]*)?[;,]?\s*)+\)"
)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
CITATION_OR_LINK = re.compile(r"!?\[[^\]]*\]\([^)\s]*\)")
# Where a sentence may end.
STOP = re.compile(r"[.?!][\"”’)]*\s+(?=[\"“‘(\[]*[A-ZÀ-Þ0-9x])")
# Abbreviations with a full stop: those that never end a sentence, those that a number follows, and
# those that may end one.
NEVER_LAST = re.compile(
    r"drs?|mrs?|ms|mx|prof|rev|hon|st|ste|sr|mt|ft|capt|gen|sen|gov|rep|lt|col|sgt"
    r"|e\.?g|i\.?e|cf|viz|vs?|appr(?:ox)?|ca?|esp|incl|est|resp|max|min|avg"
)
BEFORE_A_NUMBER = re.compile(
    r"pp?|no?s?|nr|figs?|tabs?|table|eq|ch|chap|sect?|para|vols?|refs?|art|app|suppl|eds?"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
SOMETIMES_LAST = re.compile(r"al|etc|inc|ltd|corp?|dept|univ|assn|ph\.d|jr|ibid|(?:[a-z]\.)+[a-z]")
# The first words of a sentence after one of the last.
BEGINNING = re.compile(
    r"(?:The|This|That|These|Those|There|Then|They|Their|It|Its|He|She|We|Our|You|Your|A|An|In|On|At|As"
    r"|And|But|Or|So|If|When|While|After|Before|Since|For|From|With|Without|By|To|Of|One|Two|Three|Some"
    r"|Most|Many|More|Few|All|Both|Each|No|Not|Other|Others|Such|People|However|What|Who|How|Why|Here"
    r"|Only|Even|Over|Under|Until|Because|Although|Though)\b"
)
# Vowels that are spoken together, and apart in "trial", "anxiety" and "suicide".
VOWELS = re.compile(r"(?<![tscg])i(?=[aou])|i(?=et)|(?<!q)u(?=ic)|[aeiouy]+")
# The end of "scale", "used" and "trades", but not of "little", "noted" and "doses".
SILENT = re.compile(r"(?<=[^aeiouy])(?<![^aeiouy]l)(?:e|(?<![td])ed|(?<![sxzcgh])es)$")


def sentences(lines: list[str], start: int) -> Iterator[tuple[int, str]]:
    """Yield each sentence of some Markdown with the line that it starts in, without headings."""
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
    # A full stop in a link's brackets ends no sentence.
    masked = CITATION_OR_LINK.sub(lambda link: "x" * len(link[0]), text)
    ends = [match.end() for match in STOP.finditer(masked) if ends_sentence(masked, match)]
    for end in [*ends, len(text)]:
        sentence = text[begin:end].strip()
        if sentence:
            yield max(number for at, number in starts if at <= begin), sentence
        begin = end


def ends_sentence(text: str, stop: re.Match[str]) -> bool:
    """Return whether a full stop before a capital or digit ends a sentence, not an abbreviation."""
    if stop[0][0] != ".":
        return True
    before, after = text[: stop.start()], text[stop.end() :].lstrip('"“‘([')
    word = re.findall(r"[\w.]*$", before)[0]
    name = word.lower()
    numbered = BEFORE_A_NUMBER.fullmatch(name) and re.match(r"\d|[ivxlc]+\b", after)
    if NEVER_LAST.fullmatch(name) or numbered:
        return False
    initial = re.fullmatch(r"[A-Z]", word) and word != "I"
    if initial or SOMETIMES_LAST.fullmatch(name):
        return bool(BEGINNING.match(after))
    return True


def plain(sentence: str) -> str:
    """Return a sentence without its citations, and its other links as their words."""
    return LINK.sub(r"\1", CITATIONS.sub("", sentence))


def words(sentence: str) -> list[str]:
    """Return the words of a sentence, without its citations; a number is one word."""
    return re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", plain(sentence))


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
