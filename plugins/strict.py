"""Nothing vanishes, nothing slips out: what Pelican passes over in silence ends the build.

Before a build, every fault of the content and of the settings' names; after it, every post that
became no page, every page that is left over or lacks the way to help, every warning.
"""

import ast
import logging
import re
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader
from pelican import Pelican, signals
from pelican.generators import Generator

from tools.check import site
from tools.content.problem import Problem, relative, report

ROOT = Path(__file__).resolve().parent.parent


class Warnings(logging.Handler):
    """Keep every warning of a build, whatever the command line shows of it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.said.append(record.getMessage())


def missing_plugins(pelican: Pelican, root: Path) -> list[Problem]:
    """Return a fault for each plugin that the settings name and Pelican could not load."""
    tree = ast.parse((root / "pelicanconf.py").read_text(encoding="utf-8"))
    return [
        Problem("pelicanconf.py", name.lineno, f"The plugin {name.value} could not be loaded.")
        for statement in tree.body
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "PLUGINS"
        for name in ast.walk(statement.value)
        if isinstance(name, ast.Constant) and name.value not in pelican.settings["PLUGINS"]
    ]


def before(pelican: Pelican) -> None:
    """Stop before anything is written, with every fault there is.

    Raise SystemExit, whose text Python prints whatever Pelican's options are: no -q hides it.
    """
    documents, problems = site.inspect(ROOT, pelican.settings)
    stop([*missing_plugins(pelican, ROOT), *problems])
    pelican.documents = documents
    pelican.left = {p: p.stat().st_mtime_ns for p in pages(Path(pelican.output_path))}
    root = logging.getLogger()
    collected_warnings()
    loggers = (root, logging.getLogger("pelican"))
    for handler in root.handlers:
        handler.setLevel(max(handler.level, *(logger.level for logger in loggers)))
    for logger in loggers:
        logger.setLevel(min(logger.level, logging.WARNING))
    root.addHandler(Warnings())


def collected_warnings() -> list[str]:
    """Take the handler of a build off again; return the warnings it kept."""
    root, said = logging.getLogger(), []
    for handler in root.handlers[:]:
        if isinstance(handler, Warnings):
            root.removeHandler(handler)
            said += handler.said
    return said


def own_theme(generator: Generator) -> None:
    """Let no template of Pelican's own theme stand in for one that is missing in ours."""
    generator.env.loader = FileSystemLoader(generator._templates_path)


def after(pelican: Pelican) -> None:
    """Fail a build that lost a page, left one over, lacks the way to help, or was warned."""
    output, settings = Path(pelican.output_path), pelican.settings
    written = {p for p in pages(output) if pelican.left.get(p) != p.stat().st_mtime_ns}
    problems = [
        Problem(
            relative(path, ROOT), 1, "This page is left over from a post that is gone. Delete it."
        )
        for path in pelican.left
        if path.exists() and path not in written
    ]
    for document in pelican.documents:
        page = output / document.slug / "index.html"
        if document.published and not document.framed and page not in written:
            said = f"No page /{document.slug}/ was written from this."
            problems.append(Problem(document.file, 1, said))
    noticed = [d for d in pelican.documents if d.header and d.header.notice]
    notices = {output / d.slug / "index.html" for d in noticed}
    if any(d.part and d.published for d in noticed):
        notices.add(output / "index.html")
    find = partial(help_problems, settings=settings, notices=notices)
    for found in settings.get("SPREAD", map)(find, sorted(written)):
        problems += found
    problems += [Problem("pelican", 1, said) for said in collected_warnings()]
    stop(problems)


def help_problems(path: Path, settings: dict[str, Any], notices: set[Path]) -> list[Problem]:
    """Return what a written page lacks of the way to help."""
    if path.suffix != ".html":
        return []
    text = path.read_text(encoding="utf-8")
    way = f"{settings['SITEURL']}/{settings['HELP_URL']}"
    links = re.findall(r'<a\b[^>]*?href="([^"]*)"', text)
    lacks = []
    if links[1:2] != [way]:
        lacks.append("its second link is not the one to help")
    if way not in text.rpartition("<footer")[2]:
        lacks.append("its footer has no link to help")
    if path in notices and text.count('href="tel:') < 5:
        lacks.append("it lacks the helplines")
    return [
        Problem(relative(path, ROOT), 1, f"This page was written, but {what}.") for what in lacks
    ]


def pages(output: Path) -> list[Path]:
    """Return the pages and feeds in an output folder."""
    return [p for p in output.rglob("*") if p.suffix in (".html", ".xml")]


def stop(problems: list[Problem]) -> None:
    """End the build with its faults, if there are any."""
    if problems:
        raise SystemExit(report(problems))


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(before)
    signals.generator_init.connect(own_theme)
    signals.finalized.connect(after)
