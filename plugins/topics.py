"""Write a page for each tag that two posts share, and none for categories and authors."""

from pelican import signals
from pelican.generators import ArticlesGenerator


def keep_shared(generator: ArticlesGenerator) -> None:
    """Drop the tags that only one post has, and the pages of categories and authors.

    Pelican loads the templates of those pages even where their addresses are empty.
    """
    shared = {tag: posts for tag, posts in generator.tags.items() if len(posts) > 1}
    generator.tags = shared
    generator.context["tags"] = sorted(shared.items())
    generator.context["topics"] = set(shared)
    generator.generate_categories = generator.generate_authors = lambda write: None


def register() -> None:
    """Connect to Pelican."""
    signals.article_generator_finalized.connect(keep_shared)
