"""A copy of this house publishes another author's article, by its content and one paragraph.

The article is invented, and has another shape: three parts, no caution, no part on a crisis.
"""

import html
import re
from itertools import chain
from pathlib import Path

import pytest
from conftest import ROOT, copy_code, invoke

from tools.content import helplines, sources

ADDRESS = "https://garden.internal/reading"
SETTINGS = """\
# The article.
SITENAME = "What a Garden Gives"
SITESUBTITLE = "A retired gardener’s article, with what research says of it"
PART_CARD = "A retired gardener’s view"
ARTICLE_LANG = "en-AU"
SERIES_AUTHOR = "A retired gardener"
BYLINE = "By a retired gardener."
DISCLAIMER = ("This is a gardener’s view.", "Ask somebody who knows your soil.")
REASSURANCE = "You need no garden to ask for help today."
CATEGORIES = ["Gifts", "Notes"]
DEFAULT_CATEGORY = "Notes"
PART_NAMES = {"Gifts": "Gift"}
CAUTION_CATEGORY = ""
WHAT_NEXT = ["tools-to-begin-with", "get-help-now"]
SCHEMA_AUTHOR = {"@type": "Person", "jobTitle": "Gardener"}
SCHEMA_ABOUT = [{"@type": "Thing", "name": "Gardening"}]
"""
OPENING = "I have kept a garden for forty years. It gave me three things that I did not look for."
CLOSING = "Begin with one pot. A garden forgives more than you think."
PARTS = {
    "Patience": "A seed takes its time. Whoever waits for it learns to wait elsewhere.",
    "Stronger Hands": "Digging is work for the whole body. My hands are stronger than at thirty.",
    "Good Neighbours": "A garden is seen from the road. People stop, and some of them stay.",
}
NOTES = """
## What the research shows

In an invented survey, gardeners said so too ([Quill 2014](#quill2014)). Many were asked only once ([Zandt 2016](#zandt2016)).

### What supports it

- An invented survey of 60 gardeners says so ([Quill 2014](#quill2014)).

### What limits it

- The people in one survey were asked only once ([Zandt 2016](#zandt2016)).
"""
SOURCES = """
@article{quill2014,
  author = {Quill, Ada}, title = {Beds and borders}, journal = {Journal of Invented Gardens},
  year = {2014}, doi = {10.5555/beds.2014.1}, urldate = {2021-03-01}, stance = {supports},
  people = {60}, found = {benefit}, compared = {no garden}, measured = {patience},
}

@misc{zandt2016,
  author = {Zandt, Cy}, title = {Asked once}, howpublished = {Invented Press}, year = {2016},
  url = {https://example.net/once}, urldate = {2021-03-01}, stance = {limits},
}
"""
HELPLINES = """
[[country]]
name = "Orchardland"
emergency = "555"
checked = 2021-03-01

[[helpline]]
country = "Orchardland"
name = "Open Gate"
call = "555 0101"
checked = 2021-03-01

[[helpline]]
country = "Orchardland"
name = "Evening Bench"
text = "555 0102"
checked = 2021-03-01

[[elsewhere]]
name = "Gates of the World"
site = "https://gates.example.net"
checked = 2021-03-01
"""


def page(title: str, body: str, *header: str) -> str:
    """Return a text with its header."""
    return "\n".join([f"Title: {title}", "Date: 2021-03-01", *header, "", body, ""])


def write_content(content: Path) -> None:
    """Write the whole of content/, as CONTRIBUTING.md says how."""
    passages = [f"{n}. {title}:\n\n{text}" for n, (title, text) in enumerate(PARTS.items(), 1)]
    hidden = ("Status: hidden", "Summary: The author’s words.")
    files = {
        "article.txt": "\n\n".join(["What a Garden Gives", OPENING, *passages, CLOSING, ""]),
        "sources.bib": SOURCES,
        "helplines.toml": HELPLINES,
        "words.txt": "",
        "pages/introduction.md": page("Introduction", OPENING, *hidden),
        "pages/conclusion.md": page("Conclusion", CLOSING, *hidden),
        "pages/about.md": page("About", "A test made this.", "Summary: Who made this."),
        "pages/tools-to-begin-with.md": page("Tools", "A spade will do.", "Summary: What to buy."),
        "pages/get-help-now.md": page(
            "Get help now", "They listen.", "Notice: crisis", "Summary: Whom to call."
        ),
    }
    for number, (title, text) in enumerate(PARTS.items(), 1):
        header = ("Category: Gifts", f"Summary: What research says of {title.lower()}.")
        name = f"posts/{number}-{title.lower().replace(' ', '-')}.md"
        files[name] = page(title, text + "\n" + NOTES.rstrip(), *header)
    for name, text in files.items():
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this project with that article, and nothing else changed but the PDF."""
    project = copy_code(tmp_path_factory.mktemp("another") / "project")
    conf = project / "pelicanconf.py"
    paragraphs = conf.read_text(encoding="utf-8").split("\n\n")
    (first,) = [i for i, text in enumerate(paragraphs) if text.startswith("# The article.")]
    paragraphs[first] = SETTINGS.rstrip()
    conf.write_text("\n\n".join(paragraphs), encoding="utf-8", newline="\n")
    write_content(project / "content")
    return project


@pytest.fixture(scope="module")
def release(copy: Path) -> Path:
    """The release of that article."""
    run = invoke(copy, "publish", SITEURL=ADDRESS)
    assert run.returncode == 0, run.stdout + run.stderr
    return copy / "output"


def words_of_ours() -> set[str]:
    """Return the names and titles of this project's own article, sources, helplines and pages."""
    content = ROOT / "content"
    settings = (ROOT / "pelicanconf.py").read_text(encoding="utf-8").split("\n\n")
    paragraph = next(text for text in settings if text.startswith("# The article."))
    quoted = re.findall(r'^[A-Z_]+ = "([^"]{6,})"', paragraph, re.MULTILINE)
    titles = [
        re.search(r"^Title: (.*)", path.read_text(encoding="utf-8"), re.MULTILINE)
        for path in chain(content.glob("posts/*.md"), content.glob("pages/*.md"))
    ]
    cited = sources.read(content / "sources.bib").values()
    names = chain.from_iterable((s.title, s.family or s.shortauthor, s.key) for s in cited)
    countries = helplines.read(content / "helplines.toml").countries
    lines = [line.name for country in countries for line in country.lines]
    words = {*quoted, *(title[1] for title in titles if title), *names, *lines}
    return words | {"ketamine", "Ketamine", "therapist", "depression", "Depression"}


def test_its_content_has_no_problem(copy: Path) -> None:
    run = invoke(copy, "check")
    assert run.returncode == 0, run.stdout + run.stderr


def test_its_pages_say_what_it_says(release: Path) -> None:
    home = (release / "index.html").read_text(encoding="utf-8")
    for words in ("What a Garden Gives", "By a retired gardener.", "knows your soil", *PARTS):
        assert words in home, words
    part = (release / "stronger-hands/index.html").read_text(encoding="utf-8")
    assert "Gift 2 of 3." in part
    assert "Quill" in part
    assert "You need no garden" in (release / "get-help-now/index.html").read_text(encoding="utf-8")
    assert (release / "what-a-garden-gives.pdf").read_bytes().startswith(b"%PDF")


def test_no_word_of_ours_is_left(release: Path) -> None:
    theirs = SETTINGS + OPENING + CLOSING + NOTES + SOURCES + HELPLINES + "About Get help now"
    theirs += "Introduction Conclusion" + "".join(PARTS)
    ours = [word for word in words_of_ours() if word not in theirs]
    assert len(ours) > 30
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(ours)))})\b")
    texts = [p for p in sorted(release.rglob("*")) if p.suffix in (".html", ".xml", ".txt", ".svg")]
    assert len(texts) > 10
    for path in [*texts, release / "_headers"]:
        text = html.unescape(path.read_text(encoding="utf-8"))
        text = re.sub(r"sha256-[^']+", "", text)  # letters by chance
        name = path.relative_to(release).as_posix()
        if "LICENSE" not in name:  # the fonts' own
            assert sorted(set(pattern.findall(f"{name} {text}"))) == [], name
