"""One function says whether a page has help in reach; the build and publishing ask it."""

import pytest

from tools.check.help import help_problems

URL = "https://example.org/sub/get-help-now/"
SKIP, HELP = '<a class="skip" href="#main">Skip</a>', f'<a class="x" href="{URL}">Help</a>'
CALLS = '<a href="tel:555">Call</a> <a href="tel:5550">Call</a>'
WORDS = "<p>Words of somebody.</p>"
FOOTER = f"<footer>{HELP}</footer>"
SECOND = "its second link, after the one that skips to the text, does not lead to help"
LAST = "its footer has no link to help"
NUMBERS = "it lacks the helplines before the words that need them"


@pytest.mark.parametrize(
    ("page", "words", "problems"),
    [
        (f"{SKIP}{HELP}<main>{WORDS}</main>{FOOTER}", [], []),
        (f"{SKIP}<header>{HELP}</header><footer>1</footer>{FOOTER}", [], []),
        (f"{SKIP}{HELP}<main>{CALLS}{WORDS}</main>{FOOTER}", [WORDS], []),
        (f"{HELP}{SKIP}<main></main>{FOOTER}", [], [SECOND]),
        (f"{SKIP}<main>{HELP}</main>{FOOTER}", [], [SECOND]),
        (f"{SKIP}<!-- {HELP} --><main></main>{FOOTER}", [], [SECOND]),
        (f"{SKIP}<a href='/'>Home</a>{HELP}<main></main>{FOOTER}", [], [SECOND]),
        (f"{SKIP}{HELP}<footer><!-- {HELP} --></footer>", [], [LAST]),
        (f"{SKIP}{HELP}{FOOTER}<footer>the last</footer>", [], [LAST]),
        (f"{SKIP}{HELP}", [], [LAST]),
        ("", [], [SECOND, LAST]),
        (f"{SKIP}{HELP}<main>{WORDS}{CALLS}</main>{FOOTER}", [WORDS], [NUMBERS]),
        (f"{SKIP}{HELP}<main>{CALLS[:25]}{WORDS}</main>{FOOTER}", [WORDS], [NUMBERS]),
        (f"{SKIP}{HELP}<main><p>A</p>{CALLS}{WORDS}</main>{FOOTER}", [WORDS, "<p>A"], [NUMBERS]),
        (f"{SKIP}{HELP}<main><!-- {CALLS} -->{WORDS}</main>{FOOTER}", [WORDS], [NUMBERS]),
    ],
)
def test_what_a_page_lacks_is_said(page: str, words: list[str], problems: list[str]) -> None:
    assert list(help_problems(page, URL, words)) == problems
