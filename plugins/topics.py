"""A topic has a page while two posts share it; categories, authors and years have none."""

from pelican import signals
from pelican.generators import ArticlesGenerator


def keep_shared(generator: ArticlesGenerator) -> None:
    """Forget the tags that one post alone has, and write no page of a category or an author.

    Pelican asks for the templates of those two even where they have no address.
    """
    shared = {tag: posts for tag, posts in generator.tags.items() if len(posts) > 1}
    generator.tags = shared
    generator.context["tags"] = sorted(shared.items())
    generator.context["topics"] = set(shared)
    generator.generate_categories = generator.generate_authors = lambda write: None


def register() -> None:
    """Connect to Pelican."""
    signals.article_generator_finalized.connect(keep_shared)
