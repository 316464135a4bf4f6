"""The rules for the site's notes on a part: short, plain, sourced sentences, for and against.

A sentence has at most 20 words, and a part's notes read at US grade 8 or lower (NHS and PIF TICK
ask for plain words). Each sentence cites a source or says that there is none (JAMA benchmarks,
DISCERN). A short answer comes first, for those who read no further.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import chain, pairwise, repeat
from types import SimpleNamespace

from tools.check.readability import CITATION, ITEM, Lines, Messages, blocks, grade, words
from tools.content.document import Document

WORDS_AT_MOST = 20
GRADE_AT_MOST = 8.0
SENTENCES_IN_SHORT = 3
ITEMS_AT_MOST = 7  # under each of the two headings, so that a part stays short
HEADINGS = ["## What the research shows", "### What supports it", "### What limits it"]
CAUTION_HEADINGS = [*HEADINGS[:2], "### What else to know"]
HELP_PAGE = "{filename}/pages/get-help-now.md"
NO_SOURCE = re.compile(r"\bno (?:good )?source\b", re.IGNORECASE)


def note_problems(
    document: Document,
    lines: Lines,
    paragraphs: list[Lines],
    sources: Mapping[str, SimpleNamespace],
    *,
    caution: bool,
) -> Messages:
    """Yield the problems of a part's notes, and set their US school grade.

    `paragraphs` are the blocks of its lines.
    """
    headings = CAUTION_HEADINGS if caution else HEADINGS
    top = lines[0][0] if lines else 1
    if sum(line.startswith("### ") for _, line in lines) < 2:
        research, *sides = headings
        yield top, f"A part needs the site's notes: {research}, and under it {' and '.join(sides)}."
        return
    yield from heading_problems(lines, headings)
    yield from in_short_problems(lines, sources, caution=caution)
    yield from item_problems(lines)
    for block in paragraphs:
        yield from sentence_problems(block)
    sentences = [sentence for block in paragraphs for _, sentence in block]
    document.grade = grade(sentences)
    if document.grade > GRADE_AT_MOST:
        yield (
            top,
            f"The notes read at US grade {document.grade:.1f}; {GRADE_AT_MOST:.0f} at the most. "
            "Use shorter words and sentences.",
        )
    if caution:
        for stance in lacking(sentences, sources):
            yield top, f"The notes cite no source that {stance} the claim. Add one."


def lacking(sentences: Iterable[str], sources: Mapping[str, SimpleNamespace]) -> list[str]:
    """Return the stances (supports, limits) that none of the cited sources has."""
    keys = [key for text in sentences for _, key in CITATION.findall(text)]
    stances = {stance for key in keys if key in sources for stance in sources[key].stance}
    return [stance for stance in ("supports", "limits") if sources and stance not in stances]


def heading_problems(lines: Lines, headings: list[str]) -> Messages:
    """Yield a problem for the first heading of a part's notes that differs from `headings`."""
    written = [(number, line.strip()) for number, line in lines if line.startswith("#")]
    for (number, heading), wanted in zip(written, chain(headings, repeat("")), strict=False):
        if heading != wanted:
            write = f"Write {wanted}." if wanted else "The notes end before it."
            yield number, f"{heading} is no heading of the notes here. {write}"
            return


def item_problems(lines: Lines) -> Messages:
    """Yield a problem for each list with more than ITEMS_AT_MOST items."""
    heading, count = "", 0
    for number, line in lines:
        if line.startswith("#"):
            heading, count = line.lstrip("# ").strip(), 0
        elif ITEM.match(line):
            count += 1
            if count == ITEMS_AT_MOST + 1:
                yield (
                    number,
                    f'Under "{heading}" stand {ITEMS_AT_MOST} points at the most. '
                    "Say less where two sources say one thing.",
                )


def sentence_problems(block: Lines) -> Messages:
    """Yield each sentence of a paragraph or list item that is too long or names no source.

    A sentence's source is the next citation in its block, at its own end or after a later sentence.
    One with a link to the help page makes no claim, and needs no source.
    """
    last_cited = max((i for i, (_, text) in enumerate(block) if CITATION.search(text)), default=-1)
    for index, (line, sentence) in enumerate(block):
        written = words(sentence)
        count, beginning = len(written), " ".join(written[:5])
        if count > WORDS_AT_MOST:
            yield (
                line,
                f'"{beginning} …" has {count} words; {WORDS_AT_MOST} at the most. '
                "Make two sentences.",
            )
        if not (index <= last_cited or NO_SOURCE.search(sentence) or HELP_PAGE in sentence):
            yield (
                line,
                f'"{beginning} …" names no source. End it with ([Name 2018](#name2018)), '
                "or write that we found no good source.",
            )


def repeated_citations(block: Lines) -> Messages:
    """Yield each citation in a paragraph or list item that repeats the one just before it.

    Sentences that share a source cite it once, after the last of them.
    """
    groups = [(line, cited) for line, text in block if (cited := CITATION.findall(text))]
    each = [(line, [citation]) for line, cited in groups for citation in cited]
    together = [pair for pair in pairwise(groups) if len(pair[0][1]) == len(pair[1][1]) > 1]
    for (_, before), (line, cited) in chain(pairwise(each), together):
        if [key for _, key in before] == [key for _, key in cited]:
            label = "; ".join(f"[{name}](#{key})" for name, key in cited)
            yield line, f"({label}) stands just before too. Write it once, after the last sentence."


def in_short_problems(
    lines: Lines, sources: Mapping[str, SimpleNamespace], *, caution: bool
) -> Messages:
    """Yield the problems of the short answer, the paragraph under the first heading.

    It has one to three sentences, and cites a source that supports the claim and one that limits
    it; in the caution, which is itself a limit, one source is enough.
    """
    first = next((i for i, (_, line) in enumerate(lines) if line.startswith("## ")), 0)
    end = next((i for i, (_, line) in enumerate(lines) if line.startswith("### ")), len(lines))
    answer = lines[first + 1 : end]
    paragraphs = list(blocks(answer))
    name = f'"In short", the paragraph under {HEADINGS[0]},'
    if not paragraphs:
        yield (
            lines[first][0],
            f"{name} is missing. Write one to three sentences, with a source that supports the "
            "claim and one that limits it.",
        )
        return
    line, count = paragraphs[0][0][0], len(paragraphs[0])
    if len(paragraphs) > 1 or any(ITEM.match(text) for _, text in answer):
        yield line, f"{name} is one paragraph, without a list."
    if count > SENTENCES_IN_SHORT:
        yield line, f"{name} has {count} sentences; {SENTENCES_IN_SHORT} at the most."
    sentences = [text for _, text in paragraphs[0]]
    if caution and not any(map(CITATION.search, sentences)):
        yield line, f"{name} cites no source. End it with ([Name 2018](#name2018))."
    for stance in () if caution else lacking(sentences, sources):
        yield line, f"{name} cites no source that {stance} the claim. Add one."
