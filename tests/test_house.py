"""The house is in order: style, types, who imports whom, what is installed, and names."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, Built, build, fingerprint

CHECKS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports"],
    "deptry": ["deptry", "."],
}
CODE = [
    *sorted((ROOT / "plugins").rglob("*.py")),
    *sorted((ROOT / "tools").rglob("*.py")),
    *sorted(path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts),
    *(ROOT / name for name in ("tasks.py", "pelicanconf.py", "publishconf.py")),
]
# Words that tell nobody what a variable holds.
RIDDLES = {
    "fault", "faults", "found", "given", "here", "own", "said", "shown", "stuff", "there", "thing",
    "things", "told", "what",
}  # fmt: skip


@pytest.mark.parametrize("command", CHECKS.values(), ids=CHECKS)
def test_the_code_is_clean_to(command: list[str]) -> None:
    program = Path(sys.executable).parent / command[0]
    run = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stdout + run.stderr


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each name that code gives to a variable, an attribute, a parameter or a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id if isinstance(node, ast.Name) else node.attr
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.alias) and node.asname:
            yield node.lineno, node.asname
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.lineno, node.name


def test_a_riddle_is_seen_wherever_a_name_is_given() -> None:
    slips = """
found = 1
self.said = 2
for own, (x, given) in there: ...
def what(here, *, shown=1, **told): ...
[fault for fault in x]
import a as thing
lambda faults: 1
try: ...
except E as stuff: ...
if (things := 1): ...
class there: ...
"""
    assert {name for _, name in names(ast.parse(slips))} >= RIDDLES


def test_every_name_says_what_it_holds() -> None:
    riddles = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {name}"
        for path in CODE
        for line, name in names(ast.parse(path.read_text(encoding="utf-8")))
        if name.lower().strip("_") in RIDDLES
    ]
    assert riddles == []


def test_the_order_of_plugins_changes_nothing(project: Path, tmp_path: Path, site: Built) -> None:
    with (project / "pelicanconf.py").open("a", encoding="utf-8", newline="\n") as settings:
        settings.write("PLUGINS = PLUGINS[::-1]\n")
    backwards = build(project, tmp_path / "backwards")
    assert backwards.code == 0, backwards.printed
    assert fingerprint(backwards.folder) == fingerprint(site.folder)
