"""Nothing vanishes, nothing slips out: what Pelican passes over in silence ends the build."""

from jinja2 import FileSystemLoader
from pelican import signals
from pelican.generators import Generator


def own_theme(generator: Generator) -> None:
    """Let no template of Pelican's own theme stand in for one that is missing in ours."""
    generator.env.loader = FileSystemLoader(generator._templates_path)


def register() -> None:
    """Connect to Pelican."""
    signals.generator_init.connect(own_theme)
