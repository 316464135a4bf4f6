"""The rules for the site's notes on a part: short, plain, sourced sentences, for and against.

A sentence has at most 20 words, and a part's notes read at US grade 8 or lower (NHS and PIF TICK
ask for plain words). Each sentence cites a source or says that there is none (JAMA benchmarks,
DISCERN). No dose is named, since a reader could take it for advice. A short answer comes first, for
those who read no further.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain, pairwise
from types import SimpleNamespace

from tools.check.readability import CITATION, ITEM, blocks, words
from tools.content.problem import GAP, gap_message

WORDS_AT_MOST = 20
GRADE_AT_MOST = 8.0
SENTENCES_IN_SHORT = 3
ITEMS_AT_MOST = 7  # under each of the two headings, so that a part stays short
HEADINGS = ["## What the research shows", "### What supports it", "### What limits it"]
CAUTION_HEADINGS = [*HEADINGS[:2], "### What else to know"]
NO_SOURCE = re.compile(r"\bno (?:good )?source\b", re.IGNORECASE)
OVERSTATED = re.compile(r"\b(cures?|cured|proven|breakthrough|miracles?)\b", re.IGNORECASE)
# Proper names of regulators' programmes and a law, and medicine's "breakthrough pain".
PROPER = re.compile(
    r"\bBreakthrough (?:Therap(?:y|ies)|Devices?|Designations?|Medicines?)\b|\bCures Act\b"
    r"|\bbreakthrough (?:pain|bleeding|seizures?|infections?|symptoms?|cases?)\b"
)
NEGATED = re.compile(
    r"\b(?:no|not|never|nor|neither|without|cannot|\w+n['’]t)(?!\s+only\b)\b[^.;:!?]{0,25}$",
    re.IGNORECASE,
)
LINK_ADDRESS = re.compile(r"(?<=\])\([^)]*\)")
NUMBER = (
    r"(?:an?|half|quarter|few|several|some|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)"
)
SPELLED_UNIT = r"(?:milli|micro|nano)?gram(?:me)?s?|(?:milli|micro|centi)?lit(?:re|er)s?"
# A number with a unit of a medicine's amount. \u00b5 and \u03bc are one sign to a reader.
DOSE = re.compile(
    rf"(?<![\w.])(?:\d+(?:[.,]\d+)*|[½¼¾])[\s\u00a0\u202f-]*"
    rf"(?:(?:[mn\u00b5\u03bcu]|mc)g|m[lL]|[\u00b5\u03bc][lL]|(?-i:g)|cc|IU|{SPELLED_UNIT})\b"
    rf"|\b{NUMBER}(?:[\s-]+(?:{NUMBER}|of|and))*[\s-]+(?:{SPELLED_UNIT})\b",
    re.IGNORECASE,
)
PERSON = (
    r"(?:(?:an?|our|the|two|three|several|independent|qualified|licensed|board-certified|medical|mental"
    r"|health(?:care)?|senior|leading)\s+)*(?:clinicians?|doctors?|physicians?|psychiatrists?|psychologists?"
    r"|pharmacists?|nurses?|therapists?|counsell?ors?|specialists?|experts?|professionals?|practitioners?"
    r"|medics?|editors?|reviewers?|(?:medical|clinical|expert|editorial|review)\s+"
    r"(?:review\s+)?(?:team|board|staff|panel))\b"
)
# A claim that a clinician reviewed this site. What a regulator reviewed does not match.
REVIEWED = re.compile(
    rf"\b(?:medically|clinically)[\s-]+(?:reviewed|checked|approved|verified)\b"
    rf"|\b(?:reviewed|checked|approved|verified|vetted|fact-checked|endorsed)\s+by\s+"
    rf"(?:(?:Dr|Drs|Prof|Professor|Mr|Mrs|Ms)\b\.?|{PERSON}"
    rf"|(?-i:[A-Z][\w’'-]+(?:\s+[A-Z][\w’'.-]*)*,?\s+(?:M\.?D|Ph\.?D|D\.?O|R\.?N|MBBS|PharmD|PsyD)\b))",
    re.IGNORECASE,
)


def word_problems(lines: list[str], start: int) -> Iterator[tuple[int, str]]:
    """Yield what the site may not say: promises, doses, a clinician's review, gaps in its work."""
    for number, line in enumerate(lines, start + 1):
        for word in OVERSTATED.finditer(PROPER.sub(lambda name: "_" * len(name[0]), line)):
            if not NEGATED.search(line[: word.start()]):
                message = f'"{word[0]}" promises too much. Say what was measured, and in how many.'
                yield number, message
                break
        if match := DOSE.search(LINK_ADDRESS.sub("", line)):
            message = (
                f'"{match[0]}" is a dose, and a reader could take it for advice: leave it out.'
            )
            yield number, message
        if (match := REVIEWED.search(line)) and not NEGATED.search(line[: match.start()]):
            yield number, f'"{match[0]}": no clinician has reviewed this site. Leave it out.'
        if match := GAP.search(line):
            yield number, gap_message(match[0])


def heading_problems(
    lines: list[str], start: int, headings: list[str] = HEADINGS
) -> Iterator[tuple[int, str]]:
    """Yield a problem for the first heading of a part's notes that differs from `headings`."""
    numbered = enumerate(lines, start + 1)
    written = [(number, line.strip()) for number, line in numbered if line.startswith("#")]
    for place, (number, heading) in enumerate(written):
        wanted = headings[place] if place < len(headings) else ""
        if heading != wanted:
            write = f"Write {wanted}." if wanted else "The notes end before it."
            yield number, f"{heading} is no heading of the notes here. {write}"
            return


def item_problems(lines: list[str], start: int) -> Iterator[tuple[int, str]]:
    """Yield a problem for each list with more than ITEMS_AT_MOST items."""
    heading, count = "", 0
    for number, line in enumerate(lines, start + 1):
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


def sentence_problems(block: list[tuple[int, str]], help_link: str) -> Iterator[tuple[int, str]]:
    """Yield each sentence of a paragraph or list item that is too long or names no source.

    A sentence's source is the next citation in its block, at its own end or after a later sentence.
    One with a link to `help_link` makes no claim, and needs no source.
    """
    last_cited = max((i for i, (_, text) in enumerate(block) if CITATION.search(text)), default=-1)
    for index, (line, sentence) in enumerate(block):
        count, beginning = len(words(sentence)), " ".join(words(sentence)[:5])
        if count > WORDS_AT_MOST:
            yield (
                line,
                f'"{beginning} …" has {count} words; {WORDS_AT_MOST} at the most. '
                "Make two sentences.",
            )
        sourced = index <= last_cited or NO_SOURCE.search(sentence) or help_link in sentence
        if not sourced:
            yield (
                line,
                f'"{beginning} …" names no source. End it with ([Name 2018](#name2018)), '
                "or write that we found no good source.",
            )


def repeated_citations(block: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield each citation in a paragraph or list item that repeats the one just before it.

    Sentences that share a source cite it once, after the last of them.
    """
    groups = [(line, cited) for line, text in block if (cited := CITATION.findall(text))]
    each = [(line, [citation]) for line, cited in groups for citation in cited]
    together = [
        (before, after) for before, after in pairwise(groups) if len(before[1]) == len(after[1]) > 1
    ]
    for (_, before), (line, cited) in chain(pairwise(each), together):
        if [key for _, key in before] == [key for _, key in cited]:
            label = "; ".join(f"[{name}](#{key})" for name, key in cited)
            yield line, f"({label}) stands just before too. Write it once, after the last sentence."


def in_short_problems(
    lines: list[str], start: int, sources: Mapping[str, SimpleNamespace], *, caution: bool
) -> Iterator[tuple[int, str]]:
    """Yield the problems of the short answer, the paragraph under the first heading.

    It has one to three sentences, and cites a source that supports the claim and one that limits
    it; in the caution, which is itself a limit, one source is enough.
    """
    heading = next((i for i, line in enumerate(lines) if line.startswith("## ")), 0)
    ends = next((i for i, line in enumerate(lines) if line.startswith("### ")), len(lines))
    answer = lines[heading + 1 : ends]
    paragraphs = list(blocks(answer, start + heading + 1))
    name = f'"In short", the paragraph under {HEADINGS[0]},'
    if not paragraphs:
        yield (
            start + heading + 1,
            f"{name} is missing. Write one to three sentences, with a source that supports the "
            "claim and one that limits it.",
        )
        return
    line, count = paragraphs[0][0][0], len(paragraphs[0])
    if len(paragraphs) > 1 or any(map(ITEM.match, answer)):
        yield line, f"{name} is one paragraph, without a list."
    if count > SENTENCES_IN_SHORT:
        yield line, f"{name} has {count} sentences; {SENTENCES_IN_SHORT} at the most."
    keys = [key for _, text in paragraphs[0] for _, key in CITATION.findall(text)]
    stances = {stance for key in keys if key in sources for stance in sources[key].stance}
    if caution and not keys:
        yield line, f"{name} cites no source. End it with ([Name 2018](#name2018))."
    for stance in () if caution or not sources else ("supports", "limits"):
        if stance not in stances:
            yield line, f"{name} cites no source that {stance} the claim. Add one."
