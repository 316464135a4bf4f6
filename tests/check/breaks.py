"""Ways to break a copy of the project, and what must come of it.

A case is a `Break` and the line that must be printed for it: see test_faults.py.
"""

import re
from collections.abc import Callable
from pathlib import Path

from conftest import build

POST = "content/posts/a-post.md"
HEAD = "Title: A post\nDate: 2021-03-01\nCategory: Notes\n"
PART = "content/posts/3-calmer-thoughts.md"
CRISIS = "content/posts/4-company-in-dark-hours.md"
BIB = "content/sources.bib"
HELP = "content/helplines.toml"
Break = Callable[[Path], None]


def write(name: str, text: str | bytes) -> Break:
    def mutate(project: Path) -> None:
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return mutate


def header(*lines: str) -> Break:
    return write(POST, "\n".join(lines) + "\n\nWords.\n")


def body(text: str, head: str = HEAD) -> Break:
    return write(POST, f"{head}\n{text}\n")


def edit(name: str, old: str, new: str) -> Break:
    def mutate(project: Path) -> None:
        path = project / name
        text = path.read_text()
        assert old in text, f"{old!r} is not in {name}: the case breaks nothing"
        path.write_text(text.replace(old, new, 1))

    return mutate


def both(*steps: Break) -> Break:
    def mutate(project: Path) -> None:
        for step in steps:
            step(project)

    return mutate


def link(target: str, name: str = POST) -> Break:
    def mutate(project: Path) -> None:
        (project / name).symlink_to(target)

    return mutate


def plugin(signal: str, statement: str) -> Break:
    """Load a plugin that does one thing when Pelican sends a signal."""
    return both(
        write(
            "plugins/broken.py",
            f"from pelican import signals\ndef act(sender):\n    {statement}\n"
            f"def register():\n    signals.{signal}.connect(act)\n",
        ),
        edit("pelicanconf.py", '"plugins.strict",', '"plugins.strict", "plugins.broken",'),
    )


def assert_told(
    case: str,
    mutate: Break,
    expected: str,
    project: Path,
    out: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """Break a project, build it, and hold what is printed against the pattern of one line.

    The case gets its row in the table at the end of the tests' output.
    """
    mutate(project)
    built = build(project, out, "-q")
    lines = [line for line in built.printed.splitlines() if re.match(r"[\w./ -]+:\d+: ", line)]
    message = next((line for line in lines if re.search(expected, line)), "")
    record_property("fault", (case, message, built.code))
    assert built.code != 0, "swallowed"
    assert message, built.printed
    assert "Traceback" not in built.printed
    assert not list(out.rglob("*.html")), "nothing is written"
