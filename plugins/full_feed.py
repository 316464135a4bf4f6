"""The feed carries the whole of a post: help, the author's words, the site's notes and sources."""

from typing import Any

from feedgenerator import Atom1Feed
from pelican import signals
from pelican.generators import ArticlesGenerator


def keep_template(generator: ArticlesGenerator) -> None:
    """Keep the theme's template for an entry where the feed's signal can reach it."""
    generator.context["feed_entry"] = generator.get_template("feed_entry")


def complete(context: dict[str, Any], feed: Atom1Feed) -> None:
    """Print each entry with the theme, and let its own fragments lead to its page."""
    posts = {f"{context['SITEURL']}/{post.url}": post for post in context["articles"]}
    for item in feed.items:
        page = context["feed_entry"].render(context, article=posts[item["link"]])
        item["content"] = page.replace('href="#', f'href="{item["link"]}#')


def register() -> None:
    """Connect to Pelican."""
    signals.article_generator_init.connect(keep_template)
    signals.feed_generated.connect(complete)
