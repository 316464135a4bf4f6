"""The feed carries the whole of a post: help, the author's words, the site's notes and sources."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from feedgenerator import Atom1Feed
from pelican import signals
from pelican.generators import ArticlesGenerator


def keep_template(generator: ArticlesGenerator) -> None:
    """Keep the theme's template for an entry where the feed's signal can reach it."""
    generator.context["feed_entry"] = generator.get_template("feed_entry")


def complete(context: dict[str, Any], feed: Atom1Feed) -> None:
    """Print each entry with the theme, and let its own fragments lead to its page.

    A part says which it is. Readers of feeds sort by time, and the posts of one day have one: the
    last keeps it, and each before it is a second later than the next, so that the order stays.
    """
    posts = {f"{context['SITEURL']}/{post.url}": post for post in context["articles"]}
    later: Counter[datetime] = Counter()
    for item in reversed(feed.items):
        post, day = posts[item["link"]], item["pubdate"]
        changed, seconds = item["updateddate"] or day, timedelta(seconds=later[day])
        if post.part:
            item["title"] = f"Part {post.part} of {len(context['series'])}: {item['title']}"
        item["pubdate"], item["updateddate"] = day + seconds, changed + seconds
        later[day] += 1
        page = context["feed_entry"].render(context, article=post)
        item["content"] = page.replace('href="#', f'href="{item["link"]}#')


def register() -> None:
    """Connect to Pelican."""
    signals.article_generator_init.connect(keep_template)
    signals.feed_generated.connect(complete)
