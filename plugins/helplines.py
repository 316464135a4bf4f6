"""Help is in reach on every page: the numbers live once, in content/helplines.toml.

They stand before the words that a reader may need them for. Where a page has them, its first
paragraph is its answer in short, and goes before them, unless it speaks of suicide itself.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from tools.check.document import in_crisis
from tools.content import helplines

if TYPE_CHECKING:
    from pelican.generators import Generator


def share(generator: "Generator") -> None:
    """Put the helplines into every template's reach."""
    context: dict[str, Any] = generator.context
    if "helplines" not in context:
        context["helplines"] = helplines.read(Path(generator.settings["PATH"], "helplines.toml"))


def split(html: str) -> tuple[str, str]:
    """Return what stands before the helplines of a page and what follows: its HTML, in two.

    Nothing stands before them but a first paragraph, after which more comes.
    """
    paragraph, end, rest = html.partition("</p>")
    if not (html.startswith("<p>") and rest.strip()) or in_crisis(Markup(paragraph).striptags()):
        return "", html
    return paragraph + end, rest.lstrip()


def place(generators: "list[Generator]") -> None:
    """Give each page with a notice what stands before it and after it; help begins with it."""
    from pelican.generators import PagesGenerator

    for generator in generators:
        if isinstance(generator, PagesGenerator):
            help_url = generator.settings["HELP_URL"]
            for page in [*generator.pages, *generator.hidden_pages, *generator.draft_pages]:
                if page.notice:
                    halves = split(page.content) if page.url != help_url else ("", page.content)
                    page.before_notice, page.after_notice = halves


def register() -> None:
    """Connect to Pelican, which is imported here alone: `invoke check` is quick without it."""
    from pelican import signals

    signals.all_generators_finalized.connect(place)
    signals.generator_init.connect(share)
