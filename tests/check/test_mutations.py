"""Whatever a file becomes, nothing is lost: the page is built with its words, or the file is named.

500 examples; for more, set HYPOTHESIS_EXAMPLES=5000.
"""

import os
import random
import re
import shutil
from html import unescape
from pathlib import Path

import html5lib
import pytest
from conftest import CORPUS, build, copy_project, text_of
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from pelican.settings import read_settings

from tools.check import document as examine
from tools.check import site as check
from tools.content import header as headers

EXAMPLES, SHARES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "500")), 4
ORDINARY = b"""Title: A post
Date: 2021-03-01
Category: Notes
Tags: pace, reading
Summary: A post outside of the series.

Somebody wrote *this*, and a [link](https://example.org/) with it.

## A heading

- One, with a source ([Novak 2018](#novak2018)).
- Two "quoted" words -- and a dash.
"""
PARTS = {p.name: p.read_bytes() for p in sorted((CORPUS / "content/posts").glob("[1-9]-*.md"))}
VALID = {"mutated.md": ORDINARY, **PARTS}
BYTES = st.binary(max_size=6) | st.sampled_from(
    [b"<", b"</p>", b"<!--", b"&", b"[", b"](", b"](#", b"{filename}", b"\n", b"\r\n", b"\n\n",
     b"#", b"    ", b"\t", b"\x00", b"\xff", b"\xef\xbb\xbf", b"Status: draft\n", b"Date: x\n", b"|",
     b"---\n", b"[^1]", b"[^1]: x\n", b"```", b"*", b"_", b"`", b"~~", b"<script>", b"\xe2\x80\xa8"]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """Return a post's name, and its bytes after one to three accidents to them."""
    name = draw(st.sampled_from(sorted(VALID)) | st.just("mutated.md"))
    data = VALID[name]
    for _ in range(draw(st.integers(1, 3))):
        lines = data.split(b"\n")
        at = draw(st.integers(0, len(data)))
        line = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["insert", "delete", "drop", "double", "swap", "cut"])):
            case "insert":
                data = data[:at] + draw(BYTES) + data[at:]
            case "delete":
                data = data[:at] + data[at + draw(st.integers(1, 30)) :]
            case "drop":
                data = b"\n".join(lines[:line] + lines[line + 1 :])
            case "double":
                data = b"\n".join([*lines[:line], lines[line], *lines[line:]])
            case "swap":
                lines[line], lines[-line] = lines[-line], lines[line]
                data = b"\n".join(lines)
            case "cut":
                data = data[:at]
    return name, data


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which one post is mutated again and again."""
    return copy_project(tmp_path_factory.mktemp("mutations"))


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


# Each share begins with the same simplest accident, so that one more is due from each.
@pytest.mark.parametrize("share", range(SHARES))
def test_a_mutated_post_is_built_whole_or_named(bench: Path, share: int) -> None:
    @seed(random.random() if "HYPOTHESIS_EXAMPLES" in os.environ else share)
    @settings(
        max_examples=EXAMPLES // SHARES + 1,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(accident=mutated())
    def check_each(accident: tuple[str, bytes]) -> None:
        built_whole_or_named(bench, *accident)

    check_each()


def built_whole_or_named(bench: Path, name: str, data: bytes) -> None:
    (bench / "content/posts/mutated.md").unlink(missing_ok=True)
    for part, whole in PARTS.items():
        (bench / "content/posts" / part).write_bytes(whole)
    post = bench / "content/posts" / name
    post.write_bytes(data)
    out = bench / "out"
    conf = read_settings(
        str(bench / "pelicanconf.py"), override={"OUTPUT_PATH": str(out), "PLUGINS": []}
    )
    documents, problems = check.inspect(bench, conf)
    assert post.read_bytes() == data
    if problems:
        assert any(
            name in str(problem) or "Nothing cites" in str(problem) for problem in problems
        ), problems
        return
    document = next(d for d in documents if d.path == post)
    if not document.published:
        return
    shutil.rmtree(out, ignore_errors=True)
    site = build(bench, out, "-q")
    assert site.code == 0, site.printed
    html = html5lib.parse(site.text(f"{document.slug}/index.html"), namespaceHTMLElements=False)
    page = text_of(html.find(".//main"))
    built = "".join(words(unescape(page)))
    lines = examine.read_text(document).split("\n")
    body = "\n".join(lines[headers.split(lines)[1] :])
    for word in words(body):
        assert word in built or not plain(word, body), word


def plain(word: str, body: str) -> bool:
    """Whether a word of the source is one that a reader sees: no address and no key."""
    text = re.sub(
        r"\]\([^)]*\)|^ {0,3}\[\^?[^\]]*\]:.*$|^\s*\d+\.\s|\[\^[^\]]*\]",
        " ",
        body,
        flags=re.M,
    )
    return word in words(text)
