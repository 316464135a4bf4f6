"""`invoke check`: the site's own rules, a spelling check and a lint of Markdown, side by side."""

import os
import re
import subprocess
from pathlib import Path

from tools import system
from tools.check import site
from tools.check.files import special_files
from tools.check.patterns import PATTERNS
from tools.content.document import Document
from tools.content.problem import Problem, report
from tools.project import read_settings

WORDS = ["content", "README.md"]
LINT = PATTERNS["lint"]


def language(root: Path, files: list[str]) -> list[subprocess.Popen[str]]:
    """Start the spelling check and the Markdown lint; both print "file:line: message".

    Their errors go into a pipe, so that Ctrl+C prints no traceback of theirs. Neither is started if
    there is a pipe or device under content/, which would keep it waiting for ever, or no words.txt,
    which is a problem of its own.
    """
    if special_files(root / "content", root) or not (root / "content/words.txt").is_file():
        return []
    commands = [
        [system.program("codespell"), *(files or WORDS)],
        [system.program("rumdl"), "check", "--quiet", "--output-format", "concise",
         "--enable", ",".join(LINT), *(files or WORDS)],
    ]  # fmt: skip
    return [
        subprocess.Popen(
            command,
            cwd=root,
            env={**os.environ, "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
        for command in commands
    ]


def language_problems(running: list[subprocess.Popen[str]]) -> list[Problem]:
    """Wait for the spelling check and the Markdown lint, and return their problems."""
    problems = []
    for process in running:
        output, errors = process.communicate()
        lines = re.findall(r"^(?:\.[/\\])?([^:\n]+):(\d+):(?:\d+:)?\s*(.+)", output, re.MULTILINE)
        for file, line, message in lines:
            problems.append(Problem(Path(file).as_posix(), int(line), sentence(message)))
        if process.returncode and not lines:
            assert isinstance(process.args, list)
            tool, reason = Path(process.args[0]).stem, f"{output}{errors}".strip()
            problems.append(Problem("pyproject.toml", 1, f"{tool} could not run. {reason}"))
    return problems


def sentence(message: str) -> str:
    """Return a tool's message as a sentence that says what to write.

    That is codespell's "recieve ==> receive", or the lint's "[MD022] Expected 1 blank line …".
    """
    if (rule := message[1:6]) in LINT:
        return f"{LINT[rule]} [{rule}]"
    word, arrow, right = message.partition(" ==> ")
    if not arrow:
        return message
    right = right.strip().rstrip(",").replace(", ", " or ")
    return (
        f"{word} is misspelled: write {right}. "
        f"If it is right, add {word.lower()} to content/words.txt."
    )


def merge_problems(
    documents: list[Document], problems: list[Problem], lint: list[Problem]
) -> list[Problem]:
    """Return the problems and those of the lint, without a second one in the same line.

    A text that cannot be read has only the problem that says so.
    """
    named = {(problem.file, problem.line) for problem in problems}
    unreadable = {document.file for document in documents if not document.readable}
    more = [p for p in lint if (p.file, p.line) not in named and p.file not in unreadable]
    return [*problems, *more]


def check(root: Path) -> int:
    """Print every problem, or the grade of each part's notes; return 1 if there is one."""
    settings = read_settings(root)
    running = language(root, WORDS)
    documents, problems = site.inspect(root, settings)
    problems = merge_problems(documents, problems, language_problems(running))
    if problems:
        print(report(problems))
        return 1
    for document in documents:
        if document.grade is not None:
            print(f"{document.file}: the notes read at US grade {document.grade:.1f}.")
    print(f"No fault in {len(documents)} posts and pages.")
    return 0
