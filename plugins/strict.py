"""End the build for whatever Pelican would pass over in silence.

Before a build: every problem in the content and in the names of settings. While pages are written:
each page without help in reach. After it: every post that became no page, every page left over from
a deleted post, every warning.
"""

import logging
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader
from pelican import Pelican, signals
from pelican.generators import Generator

from plugins import build_cache
from tools.check import site
from tools.check.help import help_problems
from tools.check.settings import plugin_lines
from tools.content.problem import Problem, ProblemHandler, relative, report

ROOT = Path(__file__).resolve().parent.parent
logger = logging.getLogger(__name__)


def missing_plugins(pelican: Pelican) -> list[Problem]:
    """Return a problem for each plugin in PLUGINS that Pelican could not load."""
    return [
        Problem("pelicanconf.py", line, f"The plugin {name} could not be loaded.")
        for name, line in plugin_lines(ROOT).items()
        if name not in pelican.settings["PLUGINS"]
    ]


def before(pelican: Pelican) -> None:
    """Raise SystemExit with every problem in the content, before anything is written.

    This runs at the beginning of each run, so that `pelican --autoreload` checks every save. Python
    prints the text of SystemExit whatever Pelican's options are: -q does not hide it.
    """
    settings = pelican.settings
    cached = build_cache.__name__ in settings["PLUGINS"]
    read = partial(build_cache.read, settings=settings)
    pelican.documents, problems = site.inspect(ROOT, settings, read if cached else site.read)
    if cached:
        build_cache.use(pelican.documents, settings)
    stop([*missing_plugins(pelican), *problems])
    pages = pages_in(Path(pelican.output_path))
    pelican.pages_before = {path: path.stat().st_mtime_ns for path in pages}
    pelican.warnings = collect_warnings()


def collect_warnings() -> ProblemHandler:
    """Start collecting every warning, whether or not -q and --verbose let it be printed."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if handler.name == __name__]:
        root.removeHandler(handler)  # of a run in this process that was interrupted
    loggers = (root, logging.getLogger("pelican"))
    for handler in root.handlers:
        handler.setLevel(max(handler.level, *(each.level for each in loggers)))
    for each in loggers:
        each.setLevel(min(each.level, logging.WARNING))
    root.addHandler(warnings := ProblemHandler(__name__))
    return warnings


def use_theme_alone(generator: Generator) -> None:
    """Load templates from the theme alone: a missing one must not fall back to Pelican's own."""
    generator.env.loader = FileSystemLoader(Path(generator.theme, "templates"))


def check_help(path: str, context: dict[str, Any]) -> None:
    """Log a warning for a page that was written without help in reach."""
    page = Path(path)
    if page.suffix != ".html":
        return
    contents = [context[kind] for kind in ("article", "page") if kind in context]
    if context["output_file"] == "index.html":
        contents = context["series"]
    noticed = [content for content in contents if content.notice]
    words = [getattr(c, "after_notice", c.content).partition("\n")[0] for c in noticed]
    help_url = f"{context['SITEURL']}/{context['HELP_URL']}"
    for problem in help_problems(page.read_text(encoding="utf-8"), help_url, words):
        file = relative(page, Path(context["OUTPUT_PATH"]).parent)
        logger.warning(Problem(file, 1, f"This page was written, but {problem}."))


def after(pelican: Pelican) -> None:
    """Raise SystemExit if the build lost a page, left one over, or logged a warning."""
    output, old = Path(pelican.output_path), pelican.pages_before
    logging.getLogger().removeHandler(pelican.warnings)
    written = {path for path in pages_in(output) if old.get(path) != path.stat().st_mtime_ns}
    message = "This page is left over from a post that is gone. Delete it."
    problems = [
        Problem(relative(path, output.parent), 1, message)
        for path in old
        if path.exists() and path not in written
    ]
    for document in pelican.documents:
        page = output / document.slug / "index.html"
        if document.published and not document.framed and page not in written:
            message = f"No page /{document.slug}/ was written from this."
            problems.append(Problem(document.file, 1, message))
    stop([*problems, *pelican.warnings.problems])


def pages_in(output: Path) -> list[Path]:
    """Return the pages and feeds in an output folder."""
    return [path for path in output.rglob("*") if path.suffix in (".html", ".xml")]


def stop(problems: list[Problem]) -> None:
    """Raise SystemExit with a report of the problems, if there are any."""
    if problems:
        raise SystemExit(report(problems))


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(before)
    signals.generator_init.connect(use_theme_alone)
    signals.content_written.connect(check_help)
    signals.finalized.connect(after)
