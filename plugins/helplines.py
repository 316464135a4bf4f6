"""Make the numbers in content/helplines.toml available to every template."""

from pathlib import Path

from pelican import signals
from pelican.generators import Generator

from tools.content import helplines


def share(generator: Generator) -> None:
    """Make the helplines available in every template, as `helplines`."""
    if "helplines" not in generator.context:
        path = Path(generator.settings["PATH"], "helplines.toml")
        generator.context["helplines"] = helplines.read(path)


def register() -> None:
    """Connect to Pelican."""
    signals.generator_init.connect(share)
