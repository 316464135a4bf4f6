"""Help is in reach on every page: the numbers live once, in content/helplines.toml."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.content import helplines

if TYPE_CHECKING:
    from pelican.generators import Generator


def share(generator: "Generator") -> None:
    """Put the helplines into every template's reach."""
    context: dict[str, Any] = generator.context
    if "helplines" not in context:
        context["helplines"] = helplines.read(Path(generator.settings["PATH"], "helplines.toml"))


def register() -> None:
    """Connect to Pelican, which is imported here alone: `invoke check` is quick without it."""
    from pelican import signals

    signals.generator_init.connect(share)
