"""Make the numbers in content/helplines.toml available to every template, and place them on pages.

They stand before the words that a reader may need them for. The first paragraph of a page goes
before them, since it is the page's answer in short, unless it speaks of suicide itself.
"""

from pathlib import Path

from markupsafe import Markup
from pelican import signals
from pelican.generators import Generator, PagesGenerator

from tools.check.words import in_crisis
from tools.content import helplines


def share(generator: Generator) -> None:
    """Make the helplines available in every template, as `helplines`."""
    if "helplines" not in generator.context:
        path = Path(generator.settings["PATH"], "helplines.toml")
        generator.context["helplines"] = helplines.read(path)


def split(html: str) -> tuple[str, str]:
    """Split a page's HTML into what goes before the helplines and what follows them.

    Only a first paragraph goes before them, and only if something comes after it.
    """
    paragraph, end, rest = html.partition("</p>")
    if not (html.startswith("<p>") and rest.strip()) or in_crisis(Markup(paragraph).striptags()):
        return "", html
    return paragraph + end, rest.lstrip()


def place(generators: list[Generator]) -> None:
    """Set `before_notice` and `after_notice` on each page with a notice."""
    for generator in generators:
        if isinstance(generator, PagesGenerator):
            help_url = generator.settings["HELP_URL"]
            for page in [*generator.pages, *generator.hidden_pages, *generator.draft_pages]:
                if page.notice:
                    halves = split(page.content) if page.url != help_url else ("", page.content)
                    page.before_notice, page.after_notice = halves


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(place)
    signals.generator_init.connect(share)
