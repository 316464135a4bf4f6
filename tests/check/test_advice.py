"""A first mistake gets one message, and doing what it says brings no second one."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, invoke
from test_cases import BIB, BIB_END, HEAD, NOTE, Files, added, base, entry, lee, post, put, reported

from tools.check import language
from tools.content import helplines, sources

__all__ = ["base", "put"]  # fixtures

HELP = "content/helplines.toml"
OTHER = "content/pages/a-note.md"
TEMPLATES = ROOT / "theme/templates"


def written(text: str, name: str = NOTE) -> Files:
    return {name: text}


def helpline(old: str, new: str, message: str) -> tuple[Files, str]:
    """Change a line of the helplines; return the files and the message with its line."""
    files = added(HELP, old, new)
    line = next(i for i, row in enumerate(files[HELP].split("\n"), 1) if row.startswith(new))
    return files, f"{HELP}:{line}: {message}"


# The files, and the one message that is told of them.
ONE: dict[str, tuple[Files, str]] = {
    "summary on two lines": (
        written(f"{HEAD}Summary: A long sentence\nthat goes on.\n\nWords.\n"),
        f"{NOTE}:4: A header's value is one line: join this one to the last. If the words begin here, "
        "put an empty line before it.",
    ),
    "title on two lines": (
        written("Title: A long\ntitle\nDate: 2021-03-01\n\nWords.\n"),
        f"{NOTE}:2: A header's value is one line: join this one to the last. If the words begin here, "
        "put an empty line before it.",
    ),
    "words under the date": (
        written(f"{HEAD}Words.\n"),
        f"{NOTE}:3: A header's value is one line: join this one to the last. If the words begin here, "
        "put an empty line before it.",
    ),
    "a space before the colon": (
        written("Title : A note\nDate: 2021-03-01\n\nWords.\n"),
        f"{NOTE}:1: A colon stands right after Title. Write Title: …",
    ),
    "a full-width colon": (
        written("Title\uff1aA note\nDate: 2021-03-01\n\nWords.\n"),
        f"{NOTE}:1: A colon stands right after Title. Write Title: …",
    ),
    "no colon": (
        written("Title: A note\nDate 2021-03-01\n\nWords.\n"),
        f"{NOTE}:2: A colon stands right after Date. Write Date: …",
    ),
    "no header": (
        written("# A note\n\nWords <b>and more.\n"),
        f"{NOTE}:1: The file starts with its header, and this one has none. Write Title: A note, "
        "in the next line Date: 2026-11-24, and then an empty line.",
    ),
    "RTF": (
        written("{\\rtf1\\ansi Words.}\n"),
        f"{NOTE}:1: This is RTF, as word processors save it. Save it as plain text, with the "
        "encoding UTF-8.",
    ),
    "a hyphen without a space": (
        post("-one"),
        f"{NOTE}:4: - makes no list. Begin the line with a hyphen and a space.",
    ),
    "a number without a space": (
        post("1.one"),
        f"{NOTE}:4: 1. makes no list. Put a space after it.",
    ),
    "changed in the future": (
        written(f"{HEAD}Modified: 2199-01-01\n\nWords.\n"),
        f"{NOTE}:3: Modified: 2199-01-01 lies in the future. Write today's date.",
    ),
    "a post among the pages": (
        written(f"{HEAD}Summary: Words.\nTags: sleep\n\nWords.\n", OTHER),
        f"{OTHER}:4: Tags is no key of a page. Posts belong in content/posts/: move the file, or "
        "delete this line.",
    ),
    "a part among the pages": (
        written(f"{HEAD}Summary: Words.\n\nWords.\n", "content/pages/3-a-note.md"),
        "content/pages/3-a-note.md:1: Posts belong in content/posts/: move the file there.",
    ),
    "a number that is taken": (
        written(f"{HEAD}\nWords of another's, and many of them.\n", "content/posts/3-a-note.md"),
        'content/posts/3-a-note.md:1: The number "3" is content/posts/3-calmer-thoughts.md\'s '
        "already. Change it in the file's name. A post that is no part of the article has no "
        "number.",
    ),
    "a title that is taken": (
        written("Title: An ordinary Post on day-to-day walks\nDate: 2021-03-01\n\nWords.\n"),
        f'{NOTE}:1: The title "An ordinary Post on day-to-day walks" is content/posts/an-ordinary-post.md\'s already. '
        "Change it in the header.",
    ),
    "a tag that is cut": (
        post('<span style="color: red; background: blue; border: 1px">words'),
        f'{NOTE}:4: <span style="color: red; background: blu … is HTML. Delete the tag, or write '
        "it in Markdown; the theme does the rest.",
    ),
    "a file a little too large": (
        written(HEAD + "\n" + "w" * 1_000_001),
        f"{NOTE}:1: The file has 1.01 MB; 1 MB at the most. Put pictures in content/images/ and "
        "link to long documents.",
    ),
    "the preview's address": (
        post("[x](http://localhost:8000/about/)"),
        f"{NOTE}:4: The link to http://localhost:8000/about/ leads to the preview on your own "
        "computer. Link to the file: {filename}/pages/about.md, or of a post "
        "{filename}/posts/about.md.",
    ),
    "a path of Windows": (
        post(r"[x](C:\Users\me\a.md)"),
        rf"{NOTE}:4: The link to C:\Users\me\a.md is a file on your computer, where no reader can "
        "follow. A page of this site is {filename}/pages/name.md, a post {filename}/posts/name.md, "
        "a picture {static}/images/name.png.",
    ),
    "a number without quotation marks": helpline(
        'call = "5-5-0"', "call = 0800 111",
        'call: the value stands in straight quotation marks, one at each end, after =. Write call = "0800 111".',
    ),
    "a date as in Germany": helpline(
        "checked = 2021-03-01", "checked = 25.11.2026",
        'checked: "25.11.2026" is not a date. Write it as 2026-11-24.',
    ),
    "a date with other hyphens": helpline(
        "checked = 2021-03-01", "checked = 2021\u201103\u201101",
        'checked: "2021\u201103\u201101" is not a date. Write it as 2026-11-24.',
    ),
    "a quotation mark that is missing": helpline(
        'call = "5-5-0"', 'call = "5-5-0',
        'call: the value stands in straight quotation marks, one at each end, after =. Write call = "5-5-0".',
    ),
    "curly quotation marks": helpline(
        'call = "5-5-0"', "call = “5-5-0”",
        'call: the value stands in straight quotation marks, one at each end, after =. Write call = "5-5-0".',
    ),
    "a colon for the equals sign": helpline(
        'call = "5-5-0"', "call: 5-5-0",
        'call: the value stands in straight quotation marks, one at each end, after =. Write call = "5-5-0".',
    ),
    "a number with a dash": helpline(
        'call = "5-5-0"', 'call = "5–5–0"',
        'call: "5–5–0" is not a number to call: it has the sign – (U+2013). Write digits, spaces and '
        'ordinary hyphens, as in "+44 20 7946 0018".',
    ),
    "a brace too many": (
        entry(lee().replace("Some Journal}", "Some Journal}}")),
        f"{BIB}:{BIB_END + 5}: lee2019: a }} too many in this line ends the entry early. Delete it.",
    ),
    "a comment within an entry": (
        entry(lee(more="\n  % seen on Monday")),
        f"{BIB}:{BIB_END + 8}: lee2019: BibTeX has no comments within an entry. Move this line above "
        "the @, or delete it.",
    ),
    "backslashes in a link": (
        post(r"[x]({filename}\posts\3-calmer-thoughts.md)"),
        rf"{NOTE}:4: {{filename}}\posts\3-calmer-thoughts.md has a backslash. "
        "Write {filename}/posts/3-calmer-thoughts.md.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE)
def test_a_first_mistake_gets_one_message(
    case: str,
    base: Path,
    put: Callable[[Files], None],
    record_property: Callable[[str, object], None],
) -> None:
    files, message = ONE[case]
    put(files)
    problems = reported(base)
    record_property("fault", (case, message if message in problems else "", bool(problems)))
    assert problems == [message]


# By the lint's rule, words that break it. Each message ends with the rule's name.
LINTED = {
    "MD009": "Words. \n\nMore.",
    "MD022": "Words.\n## A heading\nMore.",
    "MD024": "## A heading\n\nWords.\n\n## A heading\n\nMore.",
    "MD029": "1. One\n3. Three",
    "MD036": "**A heading in bold**\n\nWords.",
    "MD053": "Words.\n\n[words]: https://example.org/",
    "MD056": "| a | b |\n|---|---|\n| 1 | 2 | 3 |",
    "MD067": "One[^2] and two[^1].\n\n[^1]: Two.\n[^2]: One.",
    "MD068": "One[^1].\n\n[^1]:\n",
    "MD069": "- - Words",
}


def test_the_lint_says_what_to_write(base: Path, put: Callable[[Files], None]) -> None:
    assert LINTED.keys() == language.LINT.keys()
    put({f"content/posts/{rule.lower()}.md": f"Title: {rule}\nDate: 2021-03-01\n\n{words}\n" for rule, words in LINTED.items()})  # fmt: skip
    problems = language.language_problems(language.language(base, ["content/posts"]))
    for rule, message in language.LINT.items():
        lines = [p.message for p in problems if p.file == f"content/posts/{rule.lower()}.md"]
        assert lines, rule
        assert set(lines) == {f"{message} [{rule}]"}


def test_what_is_a_matter_of_taste_is_left_to_the_writer(
    base: Path, put: Callable[[Files], None]
) -> None:
    put({
        NOTE: "Title:\tA note\nDate:\t2021-03-01\n\n+ one\n+  two\n\n\n\nTwo  spaces, no last line",
        "content/posts/old-mac.md": b"Title: Old\rDate: 2021-03-01\r\rWords.\r\rMore.\r",
    })  # fmt: skip
    run = invoke(base, "check", CI="")
    assert run.returncode == 0, run.stdout


def test_a_data_file_that_is_gone_is_told_in_one_sentence(project: Path) -> None:
    (project / "content/words.txt").unlink()
    run = invoke(project, "check", CI="")
    message = "content/words.txt:1: The file is missing. Take the last one back from git."
    assert run.stdout.splitlines() == [message]
    assert run.stderr == ""


def test_a_new_post_needs_one_title_in_quotation_marks(project: Path) -> None:
    posts = sorted((project / "content/posts").iterdir())
    for words in [], ["two", "words"], ["many", "more", "words"]:
        run = invoke(project, "new", *words)
        assert run.returncode == 1
        title = " ".join(words) or "A title"
        assert run.stderr.strip() == f'Put the title in quotation marks: invoke new "{title}"'
    assert sorted((project / "content/posts").iterdir()) == posts


def test_a_title_that_the_check_would_refuse_begins_no_post(project: Path) -> None:
    posts = sorted((project / "content/posts").iterdir())
    run = invoke(project, "new", "Walks \U0001f600 again")
    assert run.returncode == 1
    assert "The site's fonts lack “\U0001f600” (U+1F600)" in run.stderr
    assert sorted((project / "content/posts").iterdir()) == posts


def test_drafts_are_listed_with_the_addresses_at_which_they_are_shown(project: Path) -> None:
    listed = invoke(project, "drafts").stdout
    assert "`invoke serve` shows them: http://localhost:8000/drafts/not-yet/" in listed


def test_a_build_says_where_the_site_is(project: Path) -> None:
    run = invoke(project, "build")
    assert run.returncode == 0, run.stderr
    assert "output/ holds the site for this machine" in run.stdout


def test_the_label_of_the_sites_words_is_written_once() -> None:
    label = "Added by this site, not the author"
    templates = {path.name: path.read_text("utf-8") for path in TEMPLATES.glob("*.html")}
    assert {name: text.count(label) for name, text in templates.items() if label in text} == {
        "macros.html": 1
    }


def test_the_guides_examples_can_be_copied() -> None:
    guide = (ROOT / "content/README.md").read_text(encoding="utf-8")
    [entries] = re.findall(r"(?s)```bibtex\n(.*?)```", guide)
    [(key, source)] = sources.parse(entries).items()
    assert f"`{key}`" in guide
    assert source.label == "Kim 2019"
    [helpline] = re.findall(r"(?s)```toml\n(.*?)```", guide)
    [(name, written)] = tomllib.loads(helpline).items()
    assert written[0].keys() == helplines.TABLES[name].keys()
    for key, value in written[0].items():
        helplines.TABLES[name][key].read(str(value))
