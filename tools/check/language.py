"""`invoke check`: the site's own rules, a spelling check and a lint of Markdown, side by side."""

import os
import re
import subprocess
from pathlib import Path

from tools import system
from tools.check import site
from tools.check.files import special_files
from tools.content.problem import Problem, report
from tools.project import read_settings

WORDS = ["content", "README.md"]


def language(root: Path, files: list[str]) -> list[subprocess.Popen[str]]:
    """Start the spelling check and the Markdown lint; both print file:line: what.

    Their errors go into a pipe, so that Ctrl+C prints no traceback of theirs. Neither is started
    while there is a file that would keep it waiting for ever.
    """
    if special_files(root / "content", root):
        return []
    commands = [
        [system.program("codespell"), "--quiet-level", "3", *(files or WORDS)],
        [system.program("rumdl"), "check", "--quiet", "--output-format", "concise",
         *(files or WORDS)],
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
    """Return what the spelling check and the Markdown lint found."""
    problems = []
    for process in running:
        output, errors = process.communicate()
        lines = re.findall(r"^(?:\.[/\\])?([^:\n]+):(\d+):(?:\d+:)?\s*(.+)", output, re.MULTILINE)
        for file, line, message in lines:
            message = message.replace("==>", "is spelt")
            problems.append(Problem(Path(file).as_posix(), int(line), message))
        if process.returncode and not lines:
            tool, reason = Path(process.args[0]).stem, f"{output}{errors}".strip()
            problems.append(Problem("pyproject.toml", 1, f"{tool} could not run. {reason}"))
    return problems


def check(root: Path) -> int:
    """Print every fault, or the grade of each part's notes; return 1 if there is a fault."""
    settings = read_settings(root)
    running = language(root, WORDS)
    documents, problems = site.inspect(root, settings)
    problems = [*problems, *language_problems(running)]
    if problems:
        print(report(problems))
        return 1
    for document in documents:
        if document.grade is not None:
            print(f"{document.file}: the notes read at US grade {document.grade:.1f}.")
    print(f"No fault in {len(documents)} posts and pages.")
    return 0
