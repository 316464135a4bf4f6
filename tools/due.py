"""`invoke due`: list what a person should check again, soonest first.

It reads the dates on which people checked what the site says. On request it also asks the web: by
lychee whether each link answers, and Crossref or PubMed whether a source was retracted. It changes
nothing, and nothing in its list fails a check or a build.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote

from tools.check import site
from tools.content import helplines, sources
from tools.content.document import Document
from tools.content.fields import contact_url
from tools.content.problem import relative
from tools.project import read_settings
from tools.publish.servers import security_txt_expires

# Days until a fact is checked again. A wrong phone number does the most harm; a web page can change
# at any time; a paper changes only by a notice.
HELPLINE_DAYS = 90
WEB_PAGE_DAYS = 180
PAPER_DAYS = 365
SECURITY_TXT_DAYS_BEFORE = 30
# What becomes due within this time is listed too.
AHEAD = timedelta(days=30)

CROSSREF = "https://api.crossref.org"
PUBMED = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
# https://www.crossref.org/documentation/crossmark/version-control-corrections-and-retractions/
WITHDRAWN = {
    "retraction": "was retracted",
    "partial_retraction": "was retracted in part",
    "removal": "was removed",
    "withdrawal": "was withdrawn",
    "expression_of_concern": "got an expression of concern",
}
CORRECTED = {
    "correction": "was corrected",
    "corrigendum": "was corrected",
    "erratum": "got an erratum",
}


@dataclass(frozen=True, order=True)
class Due:
    """One thing to check: from which day, in which file and line, what it is, what to do."""

    day: date
    file: str
    line: int
    message: str
    remedy: str


def words(day: date) -> str:
    """Return a date as people write it: 24 November 2026."""
    return f"{day.day} {day:%B %Y}"


def helplines_due(file: str, numbers: SimpleNamespace) -> Iterator[Due]:
    """Yield when each phone number and each directory is due."""
    for entry in numbers.entries:
        place = getattr(entry, "country", None) or getattr(entry, "emergency", None)
        yield Due(
            entry.checked + timedelta(days=HELPLINE_DAYS),
            file,
            entry.lines["checked"],
            f"{entry.name}{f' ({place})' if place else ''} was checked on {words(entry.checked)}.",
            "Ask the service, or look at its own site; then write the day into `checked`.",
        )


def sources_due(
    file: str, bibliography: dict[str, SimpleNamespace], documents: list[Document]
) -> Iterator[Due]:
    """Yield when each source is due: a paper later than a web page, which can change."""
    for key, source in bibliography.items():
        is_paper = source.doi or source.pmid
        citing = sorted({document.file for document in documents if key in document.cites})
        yield Due(
            source.urldate + timedelta(days=PAPER_DAYS if is_paper else WEB_PAGE_DAYS),
            file,
            source.lines["urldate"],
            f"{key}, {source.address}, was checked on {words(source.urldate)}"
            f"{'; cited in ' if citing else ''}{', '.join(citing)}.",
            "Open the paper and compare it with each sentence that cites it; then write the day "
            "into `urldate`."
            if is_paper
            else "Open the page, which can change, and compare it with each sentence that cites "
            "it; then write the day into `urldate`, and into any sentence that names the day.",
        )


def security_txt_due(settings: dict[str, Any], documents: list[Document]) -> Iterator[Due]:
    """Yield when the published security.txt has to be renewed."""
    days = [
        day
        for document in documents
        if document.header and document.published
        for day in (document.header.date, document.header.modified)
        if day
    ]
    if settings["CONTACT"] and days:
        expires = security_txt_expires(max(days))
        yield Due(
            expires - timedelta(days=SECURITY_TXT_DAYS_BEFORE),
            "pelicanconf.py",
            1,
            f"security.txt expires on {words(expires)}, a year after the newest date of the site.",
            "Write to CONTACT and see that somebody answers; then write the day into `Modified` of "
            "the page that you looked at, and publish.",
        )


def dead_links(
    content: Path, root: Path, bibliography: dict[str, SimpleNamespace], today: date
) -> Iterator[Due]:
    """Yield each link in the content, and each address of a source, that answers no more.

    A page that refuses robots (403, 429) counts as answering. Raise SystemExit if lychee is not
    installed or could not run. The report's keys are those of `lychee --format json`, version 0.24.
    """
    lychee = shutil.which("lychee") or shutil.which("lychee", path=Path(sys.executable).parent)
    if not lychee:
        raise SystemExit("There is no lychee here: `uv sync --inexact --group links` brings it.")
    entries = list(bibliography.values())
    with tempfile.TemporaryDirectory() as folder:
        addresses = Path(folder, "addresses.md")
        lines = [f"<{source.address}>\n" for source in entries]
        addresses.write_text("".join(lines), encoding="utf-8", newline="\n")
        command = [
            lychee, "--format", "json", "--no-progress", "--max-retries", "2", "--timeout", "30",
            "--accept", "200..=299,403,429", "--scheme", "https", "--scheme", "http",
            "--extensions", "md,toml,bib", "--exclude-path", r"README\.md$",
            str(addresses), str(content),
        ]  # fmt: skip
        run = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder)
    if run.returncode not in (0, 2):  # 2: it found dead links
        raise SystemExit(f"lychee could not run: {run.stderr.strip()}")
    report = json.loads(run.stdout)
    reasons: dict[str, str] = {}
    places = set()
    for name, failures in [*report["error_map"].items(), *report["timeout_map"].items()]:
        for failure in failures:
            url, line, path = failure["url"], failure["span"]["line"], Path(name)
            if path.name == addresses.name:
                path, line = content / "sources.bib", entries[line - 1].line
            places.add((relative(path, root), line, url))
            reason = failure["status"].get("details") or failure["status"]["text"]
            if url not in reasons or "(cached)" not in reason:  # it was asked in another place
                reasons[url] = reason.rstrip(".")
    for file, line, url in places:
        yield Due(
            today,
            file,
            line,
            f"{url} does not answer: {reasons[url]}.",
            "Open each link; if it is gone, link to where it went, or take it out.",
        )


def ask(url: str, agent: str) -> dict[str, Any]:
    """Return the JSON at an address; nothing if it does not exist (404)."""
    request = urllib.request.Request(url, headers={"User-Agent": agent})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except HTTPError as error:
        if error.code == 404:
            return {}
        raise


def crossref_notices(
    address: str, source: SimpleNamespace, agent: str
) -> Iterator[tuple[date | None, str, str]]:
    """Yield the day, the event and the address of each notice that Crossref has of a DOI.

    `GET /works/{doi}` returns a work in `message`, whose `updated-by` lists its notices: `type`,
    `DOI`, `source` ("publisher" or "retraction-watch") and `updated`, with `date-parts` as [[year,
    month, day]]. A DOI that Crossref does not know (404) belongs to another registrar.
    """
    answer = ask(f"{address}/works/{quote(source.doi, safe='')}", agent)
    for notice in answer.get("message", {}).get("updated-by", []):
        parts = notice.get("updated", {}).get("date-parts", [[]])[0]
        day = date(*[*parts, 1, 1][:3]) if parts else None
        kind = notice.get("type", "").lower().replace("-", "_").replace(" ", "_")
        is_news = not day or day > source.urldate
        if event := WITHDRAWN.get(kind) or (CORRECTED.get(kind) if is_news else None):
            yield day, event, f"https://doi.org/{notice['DOI']}"


def pubmed_notices(
    address: str, source: SimpleNamespace, agent: str
) -> Iterator[tuple[None, str, str]]:
    """Yield that a paper was retracted and its address, if PubMed says so.

    `GET /esummary.fcgi` returns a paper in `result`, by its number; `pubtype` lists what it is.
    """
    url = f"{address}/esummary.fcgi?db=pubmed&retmode=json&id={source.pmid}"
    paper = ask(url, agent).get("result", {}).get(source.pmid, {})
    if "Retracted Publication" in paper.get("pubtype", []):
        yield None, WITHDRAWN["retraction"], source.address


def notices(
    file: str,
    bibliography: dict[str, SimpleNamespace],
    today: date,
    contact: str = "",
    crossref: str = CROSSREF,
    pubmed: str = PUBMED,
) -> Iterator[Due]:
    """Yield each notice of a publisher, Retraction Watch or PubMed about a source.

    Retractions are always listed, corrections if they are newer than the source's `urldate`.
    Crossref is asked for one DOI after another, and PubMed where there is none, with `contact` in
    the request, as Crossref's etiquette asks. A source with neither number is skipped.
    """
    agent = f"invoke-due/1.0 ({contact_url(contact) or 'no contact'})"
    silent = []
    for key, source in bibliography.items():
        if not (source.doi or source.pmid):
            continue
        try:
            for day, event, link in (
                crossref_notices(crossref, source, agent)
                if source.doi
                else pubmed_notices(pubmed, source, agent)
            ):
                yield Due(
                    day or today,
                    file,
                    source.line,
                    f"{key} {event}{f' ({words(day)})' if day else ''}: see {link}.",
                    "Read the notice, and take out or change each sentence that rests on the "
                    "source; then write the day into `urldate`.",
                )
        except (URLError, TimeoutError, ConnectionError, ValueError):
            silent.append(key)
    if silent:
        yield Due(
            today,
            file,
            1,
            f"Crossref or PubMed did not answer for {', '.join(silent)}.",
            "Ask again another day: invoke due --notices.",
        )


def report(entries: Iterable[Due], today: date) -> str:
    """Return what is due within AHEAD as Markdown: a list by remedy, the longest due first."""
    entries = sorted(entries)
    due = [entry for entry in entries if entry.day <= today + AHEAD]
    lists: dict[str, list[str]] = {}
    for entry in due:
        since = "since" if entry.day <= today else "from"
        place = f"{entry.file}:{entry.line}"
        lists.setdefault(entry.remedy, []).append(
            f"- {since} {words(entry.day)}: {place}: {entry.message}"
        )
    count = {0: "nothing wants", 1: "1 entry wants"}.get(len(due), f"{len(due)} entries want")
    blocks = [f"On {words(today)}, {count} a look."]
    for remedy, lines in lists.items():
        blocks += [f"**{remedy}**", "\n".join(lines)]
    if len(due) < len(entries):
        blocks.append(f"The next one comes on {words(entries[len(due)].day)}.")
    return "\n\n".join(blocks)


def due(root: Path, today: date, ask_links: bool = False, ask_notices: bool = False) -> str:
    """Return the list for the project at `root`, as of a day.

    Raise SystemExit where the content cannot be read: `invoke check` says why.
    """
    settings = read_settings(root)
    content = Path(settings["PATH"])
    documents, _ = site.inspect(root, settings)
    bib = relative(content / "sources.bib", root)
    try:
        bibliography = sources.read(content / "sources.bib")
        numbers = helplines.read(content / "helplines.toml")
    except (OSError, ValueError) as error:
        raise SystemExit(f"The content cannot be read: {error}. Type invoke check.") from error
    entries = [
        *helplines_due(relative(content / "helplines.toml", root), numbers),
        *sources_due(bib, bibliography, documents),
        *security_txt_due(settings, documents),
    ]
    if ask_links:
        entries += dead_links(content, root, bibliography, today)
    if ask_notices:
        entries += notices(bib, bibliography, today, settings["CONTACT"])
    return report(entries, today)
