"""A word of the author's that was changed, dropped or added is named."""

from pathlib import Path

import pytest
from conftest import CORPUS, build

from tools.check.verbatim import difference
from tools.content.article import Passage, passages

PASSAGES = passages((CORPUS / "content/article.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda p: p.title[:20] or "conclusion")
@pytest.mark.parametrize("how", ["changed", "dropped", "added"])
def test_one_word_changed_dropped_or_added_is_named(passage: Passage, how: str) -> None:
    words = passage.text.split()
    word = words[len(words) // 2]
    now = {"changed": ["maybe"], "dropped": [], "added": [word, "maybe"]}[how]
    words[len(words) // 2 : len(words) // 2 + 1] = now
    message = difference(passage.text, " ".join(words))
    assert message
    assert (word if how == "dropped" else "maybe") in message


def test_quotes_dashes_and_no_break_spaces_are_no_difference() -> None:
    assert difference('a person\'s "own" well-being', "a person’s “own” well-being") is None
    assert difference("one two", "one\xa0two") is None
    assert difference("one, two", "one two")


def test_a_word_changed_in_a_post_is_not_published(project: Path, tmp_path: Path) -> None:
    post = project / "content/posts/3-calmer-thoughts.md"
    text = post.read_text(encoding="utf-8")
    assert "often begins" in text
    post.write_text(text.replace("often begins", "always begins"), encoding="utf-8")
    built = build(project, tmp_path / "out")
    assert built.code != 0
    assert post.name in built.printed
    assert "always" in built.printed
