"""Help is told by country: a row each, in the file's order, with ways to call and to write."""

import re
import subprocess
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from conftest import Built, build, copy_project, has_class, invoke, text_of
from playwright.sync_api import Browser

from tools.content.helplines import parse
from tools.content.problem import DataError

HELP = "get-help-now/index.html"
HELPLINES = """\
[[country]]
name = "Northland"
emergency = "5 5 5"
checked = 2021-03-01

[[country]]
name = "Southland"

[[country]]
name = "Westland"
emergency = "550"
checked = 2021-03-02

[[country]]
name = "Elsewhere in the West"
emergency = "550"
checked = 2021-03-02

[[helpline]]
country = "Northland"
name = "Night & Day Line"
about = "Free."
call = "555 0101"
text = "5550101"
chat = "https://chat.example.net/night/"
site = "https://night.example.net"
checked = 2021-03-01

[[helpline]]
country = "Northland"
name = "Quiet Line"
text = "55502"
word = "SHOUT & HELP #1"
checked = 2021-02-27

[[helpline]]
country = "Southland"
name = "Listeners"
call = "+99 20\N{NO-BREAK SPACE}7946 0018"
mail = "listen@example.net"
checked = 2021-03-01

[[helpline]]
country = "Westland"
name = "Harbour"
call = "55 01 04"
text = "0155 01 04"
code = "+999"
checked = 2021-03-01

[[elsewhere]]
name = "Lines of the World"
site = "https://www.lines.example.net/"
checked = 2021-03-01
"""


def with_helplines(folder: Path, text: str = HELPLINES) -> Path:
    """Copy the project with these helplines."""
    project = copy_project(folder)
    (project / "content/helplines.toml").write_text(text, encoding="utf-8", newline="\n")
    return project


@pytest.fixture(scope="module")
def helped(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The project built with these helplines."""
    project = with_helplines(tmp_path_factory.mktemp("countries") / "project")
    built = build(project, tmp_path_factory.mktemp("helped"))
    assert built.code == 0, built.printed
    return built


def panel(page: Element) -> Element:
    """Return the panel of a page that has one."""
    return next(e for e in page.iter() if has_class(e, "notice"))


def rows(page: Element) -> list[Element]:
    """Return the countries' rows, in order."""
    return list(next(e for e in panel(page).iter("ul") if has_class(e, "countries")))


def links(element: Element) -> list[tuple[str, str]]:
    """Return the words and the address of every link in an element."""
    return [(" ".join(text_of(a).split()), a.get("href", "")) for a in element.iter("a")]


def noticed(built: Built) -> list[str]:
    """Return the pages with a panel besides the page of help."""
    return [n for n in built.pages() if n != HELP and 'class="site notice"' in built.text(n)]


@pytest.mark.trouble("120 helpline's number with +")
@pytest.mark.trouble("120 helpline's word with & and #")
def test_each_country_is_a_row_with_its_emergency_number_and_its_lines(helped: Built) -> None:
    for name in [HELP, *noticed(helped)]:
        north, south, west, other, anywhere = rows(helped.page(name))
        assert links(north) == [
            ("Emergency 5 5 5", "tel:555"),
            ("Call 555 0101", "tel:5550101"),
            ("Text 5550101", "sms:5550101"),
            ("Chat online", "https://chat.example.net/night/"),
            ("night.example.net", "https://night.example.net"),
            ("Text SHOUT & HELP #1 to 55502", "sms:55502?body=SHOUT%20%26%20HELP%20%231"),
        ]
        assert "Night & Day Line. Free." in text_of(north)
        assert "Quiet Line" in text_of(north)
        assert links(south) == [
            ("Call +99 20 7946 0018", "tel:+992079460018"),
            ("Email listen@example.net", "mailto:listen@example.net"),
        ]
        assert links(west)[-1] == ("Text 0155 01 04", "sms:+9991550104")
        assert links(other) == [("Emergency 550", "tel:550")]
        assert links(anywhere) == [("lines.example.net", "https://www.lines.example.net/")]
        headings = [row[0] for row in rows(helped.page(name))]
        assert [text_of(heading) for heading in headings] == [
            "Northland",
            "Southland",
            "Westland",
            "Elsewhere in the West",
            "Any other country",
        ]
        level = "h2" if name == HELP else "h3"
        assert {heading.tag for heading in headings} == {level}


def test_the_panel_is_on_a_page_besides_that_of_help(helped: Built) -> None:
    assert len(noticed(helped)) >= 2


def test_who_cannot_talk_finds_what_is_answered_at_once_before_the_first_country(
    helped: Built,
) -> None:
    notice = panel(helped.page(HELP))
    written = next(e for e in notice.iter("ul") if has_class(e, "written"))
    order = list(notice.iter())
    assert order.index(written) < order.index(rows(helped.page(HELP))[0])
    ways = [way for row in rows(helped.page(HELP)) for way in links(row)]
    assert [text_of(item).partition(":")[0] for item in written] == [
        "Northland",
        "Southland",
        "Westland",
    ]
    # A country without a text and a chat has its email there.
    assert links(written) == [
        way for way in ways if way[0].startswith(("Text ", "Chat ", "Email "))
    ]
    text = HELPLINES.replace('word = "SHOUT', 'mail = "quiet@example.net"\nword = "SHOUT')
    words = [way.words for way in parse(text).countries[0].written]
    assert words == ["Text 5550101", "Chat online", "Text SHOUT & HELP #1 to 55502"]


def test_each_email_says_that_it_is_slower_and_follows_the_call(helped: Built) -> None:
    for name in [HELP, *noticed(helped)]:
        page = helped.page(name)
        emails = [a for a in panel(page).iter("a") if a.get("href", "").startswith("mailto:")]
        assert len(emails) == 2
        assert all((email.tail or "").startswith(" (slower)") for email in emails)
        assert not [a for ul in panel(page).iter("ul") if has_class(ul, "calls")
                    for a in ul.iter("a") if a in emails]  # fmt: skip


def test_the_panel_starts_with_the_hours_and_red_is_for_emergencies_alone(helped: Built) -> None:
    for name in [HELP, *noticed(helped)]:
        first = next(e for e in panel(helped.page(name)).iter("p") if not has_class(e, "label"))
        assert text_of(first).startswith("Phone and text lines answer day and night.")
        assert "Emails are answered later." in text_of(first)


def test_the_page_of_help_has_one_title_and_tells_nobody_what_was_read(helped: Built) -> None:
    page = helped.page(HELP)
    title = text_of(page.find(".//h1"))
    assert "not the author" not in text_of(panel(page))
    assert "If you need to talk to someone now" not in text_of(page.find(".//main"))
    assert text_of(page.find(".//title")) == title
    assert page.find(".//meta[@property='og:title']").get("content") == title
    assert text_of(helped.page("about/index.html").find(".//title")) != "About this site"


def test_a_helpline_taken_out_is_gone_everywhere(tmp_path: Path) -> None:
    before, line, after = HELPLINES.partition('[[helpline]]\ncountry = "Southland"')
    rest = after[after.index("[[helpline]]") :]
    without = before.replace('[[country]]\nname = "Southland"\n\n', "") + rest
    assert line
    built = build(with_helplines(tmp_path / "project", without), tmp_path / "out")
    assert built.code == 0, built.printed
    for path in built.folder.rglob("*"):
        if path.suffix in (".html", ".xml"):
            text = path.read_text(encoding="utf-8")
            assert "listen@example.net" not in text, path
            assert "Southland" not in text, path


# What is wrong: what was written, what is now, where the line is found, and the words that a writer
# reads.
MISTAKES = {
    "a key twice": ('call = "555 0101"\n', 'call = "555 0101"\ncall = "555 0102"\n',
                    'call = "555 0102"', "call stands twice in one entry"),
    "single brackets": ("[[helpline]]", "[helpline]", "[helpline]\n", r"Write \[\[helpline\]\]"),
    "a bracket missing": ("[[helpline]]", "[[helpline]", "[[helpline]\n", "This is no TOML"),
    "a number without marks": ('"555 0101"', "5550101", "call = 5550101", 'Write "5550101"'),
    "letters in a number": ("555 0101", "555 CALL", "555 CALL", "is not a number to call"),
    "an unknown country": ('country = "Southland"', 'country = "Suthland"', "Suthland",
                           "Did you mean Southland"),
    "a country twice": ('name = "Southland"', 'name = "Northland"', "[[country]]\nname = \"Northland"
                        '"\n\n', "Northland stands twice"),
    "an unknown key": ("text = ", "txet = ", "txet", "Did you mean text"),
    "an unknown table": ("[[elsewhere]]", "[[elswhere]]", "[[elswhere", "Did you mean elsewhere"),
    "a country without anything": (
        'West"\nemergency = "550"\nchecked = 2021-03-02\n', 'West"\n',
        '[[country]]\nname = "Elsewhere', "neither an emergency number nor a helpline"),
    "an emergency number of no day": ('"5 5 5"\nchecked = 2021-03-01', '"5 5 5"', "[[country]]",
                                      "checked is missing"),
    "nobody to reach": ('text = "55502"\n', "", '[[helpline]]\ncountry = "Northland"\nname = "Quiet',
                        "needs `call` or `text`"),
    "a word for no text": ('text = "55502"\n', 'call = "55502"\n', "word = ", "belongs to a `text`"),
    "no code for a 0": ('code = "+999"\n', "", 'text = "0155', r'code = "\+61"'),
    "a day to come": ("2021-02-27", "2999-01-01", "2999", "lies in the future"),
    "a day in words": ("2021-02-27", '"in May"', "in May", "is not a date"),
    "an open address": ("https://chat", "http://chat", "http://chat", "not a secure address"),
    "nowhere to write": ("listen@example.net", "listen at home", "listen at", "not an email"),
}  # fmt: skip


@pytest.mark.trouble("120 helpline's key twice")
@pytest.mark.trouble("120 helpline in single brackets")
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_line_and_how_to_write_it(name: str) -> None:
    was, now, place, words = MISTAKES[name]
    text = HELPLINES.replace(was, now, 1)
    assert was in HELPLINES and place in text
    with pytest.raises(DataError) as error:
        parse(text)
    line = text[: text.index(place)].count("\n") + 1
    messages = [message for at, message in error.value.problems if at == line]
    assert any(re.search(words, message) for message in messages), error.value.problems


def test_a_date_may_stand_in_quotation_marks() -> None:
    text = HELPLINES.replace("checked = 2021-02-27", 'checked = "2021-02-27"')
    assert text != HELPLINES
    assert parse(text).checked == parse(HELPLINES).checked


def test_the_check_names_the_file(tmp_path: Path) -> None:
    project = with_helplines(tmp_path / "project", HELPLINES.replace("[[helpline]]", "[helpline]"))
    checked = invoke(project, "check")
    assert checked.returncode == 1
    assert (
        "content/helplines.toml:19: [helpline] begins no entry" in checked.stdout + checked.stderr
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_row_is_low_what_is_tapped_is_high_and_red_is_for_emergencies(
    browser: Browser, helped: Built, scheme: str
) -> None:
    page = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme=scheme
    ).new_page()
    page.goto((helped.folder / HELP).as_uri())
    boxes = page.evaluate(
        """Object.fromEntries([['row', '.countries > li'], ['button', '.calls a'],
        ['emergency', '.emergency'], ['written', '.written a']].map(([name, selector]) =>
        [name, [...document.querySelectorAll(selector)].map(e => {
          const box = e.getBoundingClientRect(), style = getComputedStyle(e);
          return {top: box.top, bottom: box.bottom, left: box.left, width: box.width,
            height: box.height, colour: style.color} })]))"""
    )
    # Whoever looks for a country passes nine others on the way: a row of two buttons is low.
    assert boxes["row"][2]["height"] <= 105  # in DejaVu Sans, the widest
    for box in boxes["button"] + boxes["emergency"]:
        assert box["height"] >= 44 and box["width"] >= 44
    for box in boxes["written"]:
        assert box["height"] >= 24
    red = {box["colour"] for box in boxes["emergency"]}
    others = {
        page.evaluate("e => getComputedStyle(e).color", link)
        for link in page.query_selector_all("main a:not(.emergency), header a, footer a")
    }
    assert len(red) == 1 and not red & others
    heading = page.query_selector(".countries h2").bounding_box()
    emergency = boxes["emergency"][0]
    assert emergency["top"] <= heading["y"] and heading["y"] + heading["height"] <= (
        emergency["bottom"] + 1
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.context.close()


def test_on_paper_help_is_one_sheet_and_every_page_ends_with_numbers(
    browser: Browser, helped: Built, tmp_path: Path
) -> None:
    page = browser.new_context().new_page()
    for name in (HELP, "about/index.html"):
        page.goto((helped.folder / name).as_uri())
        page.pdf(path=tmp_path / "page.pdf", format="Letter")
        paper = subprocess.check_output(["pdftotext", tmp_path / "page.pdf", "-"], text=True)
        sheets = paper.strip("\f\n").split("\f")
        numbers = "Northland: Call 555 0101, Emergency 5 5 5."
        assert "get-help-now" not in paper
        if name == HELP:
            assert len(sheets) == 1
            words = " ".join(paper.split())
            assert "Chat online: chat.example.net/night" in words
            assert words.count("lines.example.net") == 1, "an address is told twice"
            assert numbers not in words, "they stand above"
        else:
            assert numbers in " ".join(sheets[-1].split())[-400:]
    page.context.close()


@pytest.mark.parametrize(("width", "text"), [(390, "32px"), (320, "32px"), (390, "16px")])
def test_no_number_breaks_and_no_list_is_squeezed(
    browser: Browser, helped: Built, width: int, text: str
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 844}).new_page()
    for name in [HELP, *noticed(helped)]:
        page.goto((helped.folder / name).as_uri())
        page.evaluate("size => document.documentElement.style.fontSize = size", text)
        numbers = page.evaluate(
            """[...document.querySelectorAll('.notice a > span, .emergency')]
            .map(e => { const words = document.createRange(); words.selectNodeContents(e);
              const lines = new Set([...words.getClientRects()].map(r => r.top)).size;
              e.style.whiteSpace = 'nowrap';
              const room = e.closest('.notice').clientWidth - words.getBoundingClientRect().width;
              e.style.whiteSpace = '';
              return [e.innerText, room > 70 ? lines : 1]; })"""
        )
        assert len(numbers) >= 8
        # In the widest sans a long number of the largest letters has no room, and breaks.
        assert not [number for number, lines in numbers if lines > 1]
        # A button is as wide as its words need, or as the panel is; and none lies over another.
        boxes = page.evaluate(
            """[...document.querySelectorAll('.calls a, .emergency, .written a, .later a')]
            .map(e => e.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])"""
        )
        for number, (left, top, right, bottom) in enumerate(boxes):
            assert 0 <= left < right <= width
            for other in boxes[number + 1 :]:
                wide = min(right, other[2]) - max(left, other[0])
                high = min(bottom, other[3]) - max(top, other[1])
                # An emergency number may be tapped in the line's whole height, and above it.
                assert wide <= 0 or high <= 12, (name, boxes[number], other)
        heights = page.evaluate(
            """[...document.querySelectorAll('.calls a')].map(e => e.getBoundingClientRect().height
            / parseFloat(getComputedStyle(e).fontSize))"""
        )
        assert max(heights) <= 5.5, "a button has more than three lines"
    page.context.close()


@pytest.mark.parametrize("width", [768, 1280])
def test_where_there_is_room_a_country_is_half_a_line_and_the_last_row_is_whole(
    browser: Browser, helped: Built, width: int
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 844}).new_page()
    page.goto((helped.folder / HELP).as_uri())
    *countries, last = page.evaluate(
        """[...document.querySelectorAll('.countries > li')].map(e => e.getBoundingClientRect())
        .map(b => [b.left, b.right])"""
    )
    left, right = last
    assert {start for start, _ in countries} == {left, max(start for start, _ in countries)}
    assert max(end for _, end in countries) == right
    # Each name of the short list is in one line.
    rows = page.evaluate(
        """[...document.querySelectorAll('.written li')].map(li => {
        const range = document.createRange(); range.selectNode(li.firstChild);
        return range.getClientRects().length })"""
    )
    assert set(rows) == {1}
    page.context.close()
