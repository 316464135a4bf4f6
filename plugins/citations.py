"""Number the citations of each page, and list the sources that it cites.

A citation is a link to a source's key in content/sources.bib: `[Smith 2018](#smith2018)`.
"""

import re
from collections import defaultdict
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from pelican import signals
from pelican.contents import Content
from pelican.generators import Generator

from tools.content import sources

LINK = re.compile(r'<a href="#([^"]+)"')
# A run of citations in brackets, once they are numbered.
RUN = re.compile(r' \((?:<a id="cite-[^>]*>[^<]*</a>[;,]? ?)+\)')


def share(generator: Generator) -> None:
    """Make the sources available in every template, as `bibliography`."""
    if "bibliography" not in generator.context:
        generator.context["bibliography"] = sources.read(
            Path(generator.settings["PATH"], "sources.bib")
        )


def contents_of(generator: Generator) -> list[Content]:
    """Return the posts or pages of a generator, whatever their status."""
    names = ["articles", "hidden_articles", "drafts", "pages", "hidden_pages", "draft_pages"]
    return [content for name in names for content in getattr(generator, name, [])]


def resolve(generator: Generator) -> None:
    """Set `citations`, `sources` and `studies` on every post, or on every page."""
    for content in contents_of(generator):
        attach(content, generator.context["bibliography"])


def share_citing(generators: list[Generator]) -> None:
    """Make `cited_by(key)` available in every template."""
    contents = [content for generator in generators for content in contents_of(generator)]
    generators[0].context["cited_by"] = partial(citing, contents)


def citing(contents: list[Content], key: str) -> list[Content]:
    """Return the published contents that cite the source with a key."""
    return [c for c in contents if key in c.citations and c.status == "published"]


def attach(content: Content, bibliography: dict[str, SimpleNamespace]) -> None:
    """Give each citation of a page an id, so that the list of sources can link back to it.

    `content.citations` holds these ids by source key.
    """
    content.citations = defaultdict(list)

    def number(link: re.Match[str]) -> str:
        key = link[1]
        if key not in bibliography:
            return link[0]
        content.citations[key].append(place := f"cite-{key}-{len(content.citations[key]) + 1}")
        return f'<a id="{place}" href="#{key}"'

    # A run is one element, so that a print stylesheet can leave it out.
    text = LINK.sub(number, content._content)
    content._content = RUN.sub(r'<span class="cited">\g<0></span>', text)
    content.sources = [bibliography[key] for key in content.citations]
    content.studies = studies(content.sources)


def studies(cited: list[SimpleNamespace]) -> list[SimpleNamespace]:
    """Group the studies among some sources by what they tested and by what they found.

    Studies of something other than the article's subject come last, in groups whose labels begin
    with its name. Labels are in lower case; `drawn` are the studies that the figure draws.
    """
    treatments = dict.fromkeys([None, *(source.treatment for source in cited)])
    return [
        SimpleNamespace(
            treatment=treatment,
            found=finding,
            label=f"{treatment}: {words}" if treatment else words,
            sources=group,
            drawn=[source for source in group if source.blocks],
        )
        for treatment in treatments
        for finding, words in sources.FINDINGS.items()
        if (group := [s for s in cited if (s.treatment, s.found) == (treatment, finding)])
    ]


def register() -> None:
    """Connect to Pelican."""
    signals.generator_init.connect(share)
    # Before plugins.attribution splits the parts, whatever the order of PLUGINS.
    signals.article_generator_finalized.connect(resolve)
    signals.page_generator_finalized.connect(resolve)
    signals.all_generators_finalized.connect(share_citing)
