"""The settings of the site; publishconf.py overrides those that differ in publishing."""

import math
from typing import Any

from jinja2 import StrictUndefined

# The article. A copy of this house publishes another author's by changing content/ and this
# paragraph. The numbered parts, the introduction and the conclusion are the author's; everything
# else is the site's.
SITENAME = "The Intrinsic Benefits of Ketamine"
SITESUBTITLE = "One therapist’s article on ketamine, with the research for and against each claim"
PART_CARD = "One therapist’s view, with the research for and against it"  # where a part is shared
ARTICLE_LANG = "en-US"  # the author's spelling; the site's own is SITE_LANG
SERIES_AUTHOR = "A mental health therapist"
BYLINE = "By a mental health therapist, who gives no name."
DISCLAIMER = (
    "This is one therapist’s view, not medical advice.",
    "No doctor has reviewed it. Ketamine is a prescription medicine. "
    "Do not start, stop or change a treatment because of this page. Ask a doctor or pharmacist. "
    "We added the notes and sources; the author did not.",
)
# The end of the helplines.
REASSURANCE = "You do not need ketamine, or any special treatment, to ask for help today."
CATEGORIES = ["Benefits", "Caution", "Notes"]
DEFAULT_CATEGORY = "Notes"
PART_NAMES = {"Benefits": "Benefit"}  # what the line under a title calls one: Benefit 1 of 5
CAUTION_CATEGORY = "Caution"  # its parts have a sign in place of a number
WHAT_NEXT = ["questions-to-ask-a-doctor", "is-ketamine-approved", "get-help-now"]
# The author and the subject of every part, as schema.org types.
SCHEMA_AUTHOR = {"@type": "Person", "jobTitle": "Mental health therapist"}
SCHEMA_ABOUT = [
    {"@type": "MedicalTherapy", "name": "Ketamine therapy"},
    {
        "@type": "Drug",
        "name": "Ketamine",
        "prescriptionStatus": "https://schema.org/PrescriptionOnly",
    },
]

# The site. SITEURL stays empty here, so that a build on one's own machine links from the root;
# a feed cannot do without an address.
SITEURL = ""
FEED_DOMAIN = "http://localhost:8000"
SITE_LANG = "en-GB"
DEFAULT_LANG = "en"  # Pelican's own, for translations: it would write en-gb
OG_LOCALE = "en_GB"
TIMEZONE = "UTC"
LOCALE = ("C.UTF-8", "C")
DEFAULT_DATE_FORMAT = "%-d %B %Y"
AUTHOR = "This site"

# What only the owner can know. Of what is empty, the site says nothing, or that it is missing.
PUBLISHER = ""
FUNDING = ""
CONTACT = ""  # for corrections: an email or https:// address
REPOSITORY_EDIT_URL = ""  # the forge's address for editing, without /content/…

# Where the content is, and what Pelican ignores; content/README.md is the writers' guide.
PATH = "content"
ARTICLE_PATHS = ["posts"]
PAGE_PATHS = ["pages"]
CACHE_PATH = ".cache"
STATIC_PATHS = ["images"]
IGNORE_FILES = [".*", "#*", "*~"]  # what editors and git hide
STATIC_SAVE_AS = STATIC_URL = "{path}"
READERS = {"html": None, "htm": None, "rst": None}
USE_FOLDER_AS_CATEGORY = False

# 5-reducing-suicidal-ideation.md: the number is the part, the rest is the address. A post without
# a number is an ordinary post.
FILENAME_METADATA = r"(?:(?P<part>[1-9]\d?)-)?(?P<slug>.+)"
SLUGIFY_SOURCE = "basename"

# Addresses: every page is a folder, so that no address depends on file types.
ARTICLE_URL = PAGE_URL = "{slug}/"
ARTICLE_SAVE_AS = PAGE_SAVE_AS = "{slug}/index.html"
TAG_URL, TAG_SAVE_AS = "tag/{slug}/", "tag/{slug}/index.html"
PAGINATION_PATTERNS = [
    (1, "{base_name}/", "{base_name}/index.html"),
    (2, "{base_name}/page-{number}/", "{base_name}/page-{number}/index.html"),
]
HELP_URL = "get-help-now/"

# A draft is not built; only `invoke serve` shows it.
DRAFT_SAVE_AS = DRAFT_PAGE_SAVE_AS = ""

# Pages that are made by a template alone.
DIRECT_TEMPLATES = ["index", "archives", "sources", "404", "sitemap", "robots"]
ARCHIVES_SAVE_AS = "archives/index.html"
SOURCES_SAVE_AS = "sources/index.html"
SITEMAP_SAVE_AS = "sitemap.xml"
ROBOTS_SAVE_AS = "robots.txt"
DEFAULT_PAGINATION = 50
PAGINATED_TEMPLATES = dict.fromkeys(["archives", "tag"])


def ARTICLE_ORDER_BY(post: Any) -> tuple[float, float, str]:  # noqa: ANN401
    """Sort parts by number, then other posts by date, the newest first, then by name."""
    return post.part or math.inf, -post.date.timestamp(), post.slug


# One feed, with the full text.
FEED_ALL_ATOM = "feed.xml"
FEED_MAX_ITEMS = 50
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None

# The whole article as a PDF: only publishing makes it, where publishconf.py gives it a name.
BOOK_URL = ""

# The theme. A mistyped name in a template is an error, not an empty string.
THEME = "theme"
THEME_STATIC_PATHS = ["static/fonts", "static/favicon.svg"]  # the stylesheet is in every page
JINJA_ENVIRONMENT = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}

# Markdown, and typogrify for quotes and dashes only: its other filters put markup into titles, and
# CSS prevents short last lines.
MARKDOWN = {
    "extensions": [
        "markdown.extensions.fenced_code",
        "markdown.extensions.footnotes",
        "markdown.extensions.sane_lists",
        "tools.content.tables",
        "markdown.extensions.toc",
    ],
    # No table of contents: the pages are short. The check reports [TOC], as any unknown mark.
    "extension_configs": {"markdown.extensions.toc": {"marker": ""}},
    "output_format": "html5",
}
FORMATTED_FIELDS: list[str] = []  # a summary is plain text
TYPOGRIFY = True
TYPOGRIFY_OMIT_FILTERS = ["amp", "caps", "initial_quotes", "widont"]
TYPOGRIFY_IGNORE_TAGS = ["script", "style", "textarea", "svg", "kbd", "samp", "var", "math"]

# The first line of each plugin says what it does. Their order does not matter.
PLUGINS = [
    "plugins.build_cache",
    "plugins.strict",
    "plugins.parallel",
    "plugins.inline_css",
    "plugins.series",
    "plugins.citations",
    "plugins.attribution",
    "plugins.topics",
    "plugins.helplines",
    "plugins.full_feed",
    "plugins.pdf",
    "plugins.social_cards",
]
