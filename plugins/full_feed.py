"""Put whole posts into the feed: help, the author's words, the site's notes, the sources."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from feedgenerator import Atom1Feed
from pelican import signals
from pelican.generators import ArticlesGenerator


def keep_template(generator: ArticlesGenerator) -> None:
    """Put the template for an entry into the context, where the feed's signal can reach it."""
    generator.context["feed_entry"] = generator.get_template("feed_entry")


def complete(context: dict[str, Any], feed: Atom1Feed) -> None:
    """Render each entry with the theme; links to a place within it lead to its page.

    A part's title begins with its number. Feed readers sort by time, and posts of one day share
    one: each is a second later than the one listed after it, so that the order is kept.
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
