"""Each source lives once, in content/sources.bib, and every page shows the ones it cites.

A citation is a link to a source's key: `[Wilkinson 2018](#wilkinson2018)`.
"""

import re
from collections import defaultdict
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from tools.content import sources

if TYPE_CHECKING:
    from pelican.contents import Content
    from pelican.generators import Generator

OUTCOMES = {
    "benefit": "found a benefit",
    "as well as another treatment": "did as well as another treatment",
    "no clear difference": "found no clear difference",
    "worse than the comparison": "did worse than the comparison",
    "no comparison group": "had nothing to compare with",
}
LINK = re.compile(r'<a href="#([^"]+)"')
RUN = re.compile(r' \((?:<a id="cite-[^>]*>[^<]*</a>[;,]? ?)+\)')


def share(generator: "Generator") -> None:
    """Put the sources into every template's reach."""
    if "bibliography" not in generator.context:
        generator.context["bibliography"] = sources.read(
            Path(generator.settings["PATH"], "sources.bib")
        )


def resolve(generators: "list[Generator]") -> None:
    """Give every page its `sources`, its `studies`, and a place to return to for each citation."""
    from pelican.generators import ArticlesGenerator, PagesGenerator

    context, contents = generators[0].context, []
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            contents += [*generator.articles, *generator.hidden_articles, *generator.drafts]
        elif isinstance(generator, PagesGenerator):
            contents += [*generator.pages, *generator.hidden_pages, *generator.draft_pages]
    # `invoke serve` comes here at each save, with what was numbered before and what was not.
    for content in contents:
        if not hasattr(content, "citations"):
            attach(content, context["bibliography"])
    context["cited_by"] = partial(citing, contents)


def citing(contents: "list[Content]", key: str) -> "list[Content]":
    """Return the published contents that cite a source."""
    return [c for c in contents if key in c.citations and c.status == "published"]


def attach(content: "Content", bibliography: dict[str, SimpleNamespace]) -> None:
    """Number each citation of a page, so that its source can lead back to it."""
    content.citations = defaultdict(list)

    def number(link: re.Match[str]) -> str:
        key = link[1]
        if key not in bibliography:
            return link[0]
        content.citations[key].append(place := f"cite-{key}-{len(content.citations[key]) + 1}")
        return f'<a id="{place}" href="#{key}"'

    # A run of citations in brackets is one element, for a sheet of paper that does without them.
    text = LINK.sub(number, content._content)
    content._content = RUN.sub(r'<span class="cited">\g<0></span>', text)
    content.sources = [bibliography[key] for key in content.citations]
    content.studies = studies(content.sources)


def studies(cited: list[SimpleNamespace]) -> list[SimpleNamespace]:
    """Group the studies among some sources by what they tested, and by what they found.

    What tested something else than the article is about stands apart, after the rest, and its
    label begins with what it was. A label is in small letters; `drawn` are the studies with marks.
    """
    treatments = dict.fromkeys([None, *(source.treatment for source in cited)])
    return [
        SimpleNamespace(
            treatment=treatment,
            found=found,
            label=f"{treatment}: {outcome}" if treatment else outcome,
            sources=group,
            drawn=[source for source in group if source.blocks],
        )
        for treatment in treatments
        for found, outcome in OUTCOMES.items()
        if (group := [s for s in cited if (s.treatment, s.found) == (treatment, found)])
    ]


def register() -> None:
    """Connect to Pelican, which is imported here alone: `invoke check` is quick without it."""
    from pelican import signals

    signals.generator_init.connect(share)
    signals.all_generators_finalized.connect(resolve)
