"""What a writer types: check, new and drafts, each answered in words."""

import re
import subprocess
import sys
from pathlib import Path

from tools.check import site
from tools.content.problem import Problem, report
from tools.project import read_settings

WORDS = ["content", "README.md"]


def language(root: Path, files: list[str]) -> list[subprocess.Popen[str]]:
    """Start the spelling check and the Markdown lint; both print file:line: what."""
    tools = Path(sys.executable).parent
    commands = [
        [tools / "codespell", "--quiet-level", "3", *(files or WORDS)],
        [tools / "rumdl", "check", "--quiet", "--output-format", "concise", *(files or WORDS)],
    ]
    return [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
        for command in commands
    ]


def language_problems(running: list[subprocess.Popen[str]]) -> list[Problem]:
    """Return what the spelling check and the Markdown lint found."""
    found = []
    for process in running:
        said, _ = process.communicate()
        lines = re.findall(r"^(?:\./)?([^:\n]+):(\d+):(?:\d+:)?\s*(.+)", said, re.MULTILINE)
        found += [Problem(f, int(line), what.replace("==>", "is spelt")) for f, line, what in lines]
        if process.returncode and not lines:
            tool = Path(process.args[0]).name
            found.append(Problem("pyproject.toml", 1, f"{tool} could not run. {said.strip()}"))
    return found


def check(root: Path) -> int:
    """Print every fault, or the grade of each part's notes; return 1 if there is a fault."""
    running = language(root, WORDS)
    documents, problems = site.inspect(root, read_settings(root))
    problems = [*problems, *language_problems(running)]
    if problems:
        print(report(problems))
        return 1
    for document in documents:
        if document.grade is not None:
            print(f"{document.file}: the notes read at US grade {document.grade:.1f}.")
    print(f"No fault in {len(documents)} posts and pages.")
    return 0
