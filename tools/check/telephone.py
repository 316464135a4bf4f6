"""Check that no helpline's number is typed in a text, where nobody would correct it."""

import re
from types import SimpleNamespace

from tools.check.patterns import blanked
from tools.check.readability import Lines, Messages

MESSAGE = "Telephone numbers stand in content/helplines.toml alone. Link to the help page."
# The addresses of links, and code, are not read as numbers to call.
ADDRESS = re.compile(r"\]\([^)\n]*\)|<https?:[^>\n]*>|`[^`\n]*`")
NUMBER = re.compile(r"(?<![\w.,/-])\+?\d(?:[ \xa0-]?\d)*(?![\w/]|[.,-]\d)")
# A number of up to this many digits may be a count: only such a word makes it one to call.
SHORT = 4
CALL = re.compile(
    r"\b(?:call|dial|phone|ring|telephone|text)(?:ing)?\b[^.?!;]{0,30}$", re.IGNORECASE
)
COUNTED = re.compile(r"\s+(?:adults|calls|men|participants|patients|people|texts|times|women)\b")


def digits(number: str) -> str:
    """Return the digits of a number, without what stands between them."""
    return "".join(filter(str.isdigit, number))


def numbers(helplines: SimpleNamespace) -> frozenset[str]:
    """Return the digits of every number to call or to text, emergency numbers among them."""
    ways = [
        way
        for country in helplines.countries
        for way in [country.emergency, *(way for line in country.lines for way in line.now)]
        if way and re.match(r"(?:tel|sms):", way.url)
    ]
    return frozenset(digits(number) for way in ways for number in NUMBER.findall(way.words))


def number_problems(lines: Lines, known: frozenset[str]) -> Messages:
    """Yield each line with one of the known numbers."""
    text = blanked(ADDRESS, "\n".join(line for _, line in lines))
    for match in NUMBER.finditer(text):
        start, end, value = match.start(), match.end(), digits(match[0])
        if value in known and (
            len(value) > SHORT
            or (CALL.search(text, max(0, start - 50), start) and not COUNTED.match(text, end))
        ):
            yield lines[text.count("\n", 0, start)][0], MESSAGE
