"""`invoke due` lists what wants a person's look again, by any day that the clock may show."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from conftest import invoke

from tools import due
from tools.content import sources
from tools.project import read_settings

DAY = date(2027, 3, 1)
ENTRY = re.compile(r"^- (since|from) (\d+ \w+ \d+): (\S+):(\d+): (.+)", re.M)

# What Crossref's API says of a work that was retracted, as several public projects keep its answer
# for https://api.crossref.org/works/10.1016/S0140-6736(97)11096-0 in their tests; shortened.
RETRACTED = {
    "status": "ok",
    "message-type": "work",
    "message": {
        "DOI": "10.1016/s0140-6736(97)11096-0",
        "title": ["RETRACTED: Ileal-lymphoid-nodular hyperplasia"],
        "updated-by": [
            {
                "DOI": "10.1016/s0140-6736(04)15715-2",
                "type": "correction",
                "label": "Correction",
                "source": "retraction-watch",
                "updated": {
                    "date-parts": [[2004, 3, 6]],
                    "date-time": "2004-03-06T00:00:00Z",
                    "timestamp": 1078531200000,
                },
                "record-id": "17269",
            },
            {
                "DOI": "10.1016/s0140-6736(10)60175-4",
                "type": "retraction",
                "label": "Retraction",
                "source": "retraction-watch",
                "updated": {
                    "date-parts": [[2010, 2, 6]],
                    "date-time": "2010-02-06T00:00:00Z",
                    "timestamp": 1265414400000,
                },
                "record-id": "4036",
            },
        ],
    },
}
# What PubMed's esummary says of such a work, in the form that several public projects keep in their
# tests; shortened.
PUBMED = {"result": {"uids": ["9500320"], "9500320": {"uid": "9500320", "pubtype": ["Journal Article", "Retracted Publication"]}}}  # fmt: skip
UNCHANGED = {"status": "ok", "message-type": "work", "message": {"DOI": "10.1000/unchanged"}}


def entries(text: str) -> list[tuple[date, str, int, str]]:
    """Return the entries of a list: since when, the file, the line, the message."""
    return [
        (parse(day), file, int(line), message)
        for _, day, file, line, message in ENTRY.findall(text)
    ]


def parse(day: str) -> date:
    """Read a day as the list writes it."""
    months = [f"{date(2027, month, 1):%B}" for month in range(1, 13)]
    number, month, year = day.split()
    return date(int(year), months.index(month) + 1, int(number))


def test_what_was_checked_lately_is_not_listed_and_the_next_day_is_named(project: Path) -> None:
    helplines = project / "content/helplines.toml"
    checked = max(re.findall(r"checked = (\S+)", helplines.read_text(encoding="utf-8")))
    text = re.sub(r"checked = \S+", f"checked = {checked}", helplines.read_text(encoding="utf-8"))
    helplines.write_text(text, encoding="utf-8")
    bib = project / "content/sources.bib"
    bib.write_text(
        re.sub(r"urldate = \{.+?\}", f"urldate = {{{checked}}}", bib.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    day = date.fromisoformat(checked)
    report = due.due(project, day)
    assert entries(report) == []
    assert "nothing wants a look" in report
    assert f"The next one comes on {due.words(day + timedelta(days=90))}." in report


@pytest.mark.parametrize("year", [2027, 2031])
def test_with_the_clock_set_forward_each_number_and_each_source_is_listed_with_its_line(
    project: Path, year: int
) -> None:
    lines = {
        name: (project / name).read_text(encoding="utf-8").split("\n")
        for name in ("content/helplines.toml", "content/sources.bib", "pelicanconf.py")
    }
    listed = entries(due.due(project, date(year, 12, 31)))
    numbers = [e for e in listed if e[1] == "content/helplines.toml"]
    assert len(numbers) == sum(row.startswith("checked") for row in lines["content/helplines.toml"])
    for day, file, line, message in numbers:
        checked = date.fromisoformat(lines[file][line - 1].removeprefix("checked = "))
        assert day == checked + timedelta(days=90)
        assert due.words(checked) in message
    works = [e for e in listed if e[1] == "content/sources.bib"]
    assert len(works) == sum(row.startswith("@") for row in lines["content/sources.bib"])
    for day, file, line, message in works:
        checked = date.fromisoformat(re.findall(r"urldate = \{(.+)\}", lines[file][line - 1])[0])
        paper = "https://doi.org/" in message or "https://pubmed.ncbi" in message
        assert day == checked + timedelta(days=365 if paper else 180)
        assert "cited in content/" in message


def test_the_lists_begin_with_what_has_waited_longest(project: Path) -> None:
    report = due.due(project, date(2031, 1, 1))
    for block in report.split("\n\n**"):
        days = [day for day, *_ in entries(block)]
        assert days == sorted(days)
    firsts = [entries(block)[0][0] for block in report.split("\n\n**")[1:]]
    assert len(firsts) >= 2
    assert firsts == sorted(firsts)


def test_security_txt_is_due_a_month_before_it_expires_and_only_where_there_is_one(
    project: Path,
) -> None:
    assert "security.txt" not in due.due(project, date(2031, 1, 1))
    with (project / "pelicanconf.py").open("a", encoding="utf-8") as settings:
        settings.write('CONTACT = "editor@mail.internal"\n')
    dates = re.findall(
        r"^(?:Date|Modified): (\S+)",
        "\n".join(
            path.read_text(encoding="utf-8")
            for path in (project / "content").rglob("*.md")
            if "Status: draft" not in path.read_text(encoding="utf-8")
        ),
        re.M,
    )
    expires = date.fromisoformat(max(dates)) + timedelta(days=365)
    (entry,) = [e for e in entries(due.due(project, date(2031, 1, 1))) if "security.txt" in e[3]]
    assert entry[0] == expires - timedelta(days=30)
    assert f"expires on {due.words(expires)}" in entry[3]


def test_the_command_takes_a_day_and_fails_nothing(project: Path) -> None:
    run = invoke(project, "due", "--on", "2031-01-01")
    assert run.returncode == 0
    assert run.stdout.startswith("On 1 January 2031, ")
    assert entries(run.stdout)
    run = invoke(project, "due", "--on", "soon")
    assert (run.returncode, run.stderr) == (
        1,
        "--on soon is no day: write it as --on 2027-03-01.\n",
    )


PAGES = {"/there": 200, "/gone": 410, "/never": 404, "/no-robots": 403, "/busy": 429}
WORKS = {"10.1016/S0140-6736(97)11096-0": RETRACTED, "10.1000/unchanged": UNCHANGED}


class Web(BaseHTTPRequestHandler):
    """A web of this machine's own, with pages that are there, gone, or closed to robots."""

    requests: list[tuple[str, str]]

    def do_GET(self) -> None:
        """Answer with a page's status, or as Crossref answers for a work."""
        self.requests.append((self.path, self.headers["User-Agent"]))
        if self.path.startswith("/works/"):
            work = WORKS.get(unquote(self.path.removeprefix("/works/")))
            status, body = (200, json.dumps(work)) if work else (404, "Resource not found.")
            status = 500 if "broken" in self.path else status
        elif self.path.startswith("/esummary.fcgi?db=pubmed&retmode=json&id="):
            status, body = (
                200,
                json.dumps(PUBMED if self.path.endswith("=9500320") else {"result": {"uids": []}}),
            )
        else:
            status, body = PAGES[self.path], ""
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[str]:
    """The address of that web."""
    Web.requests = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Web) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_link_that_answers_no_more_is_listed_and_one_that_refuses_robots_is_not(
    web: str, tmp_path: Path
) -> None:
    posts = tmp_path / "content/posts"
    posts.mkdir(parents=True)
    rows = [f"[a]({web}{path}) and ({web}{path})." for path in PAGES]
    rows += ["[x]({filename}a.md) [y](mailto:a@one.internal) <http://127.0.0.1:1/a_(b)>"]
    (posts / "a.md").write_text("Title: A\n\n" + "\n".join(rows), encoding="utf-8")
    (tmp_path / "content/README.md").write_text(f"[x]({web}/gone)\n", encoding="utf-8")
    (tmp_path / "content/helplines.toml").write_text(f'site = "{web}/never"\n', encoding="utf-8")
    (tmp_path / "content/sources.bib").write_text(f"url = {{{web}/there}},\n", encoding="utf-8")
    source = SimpleNamespace(address=f"{web}/gone", line=7)
    listed = sorted(due.dead_links(tmp_path / "content", tmp_path, {"lee2019": source}, DAY))
    assert [(entry.file, entry.line) for entry in listed] == [
        ("content/helplines.toml", 1),
        ("content/posts/a.md", 4),
        ("content/posts/a.md", 5),
        ("content/posts/a.md", 8),
        ("content/sources.bib", 7),
    ]
    assert all(entry.day == DAY for entry in listed)
    gone = f"{web}/gone does not answer: Rejected status code: 410 Gone."
    assert listed[1].message == listed[-1].message == gone
    assert "http://127.0.0.1:1/a_(b) does not answer: Connection refused" in listed[3].message


def bibliography_of(tmp_path: Path, **dois: str) -> tuple[Path, dict]:
    """Write a sources.bib with these DOIs, each checked on 24 November 2006; read it."""
    entry = (
        "@article{{{key},\n  author = {{Lee, Ann}},\n  title = {{A title}},\n  journal = {{J}},\n"
        "  year = {{1998}},\n  doi = {{{doi}}},\n  urldate = {{2006-11-24}},\n"
        "  stance = {{limits}},\n}}\n\n"
    )
    bib = tmp_path / "sources.bib"
    text = "".join(entry.format(key=key, doi=doi) for key, doi in dois.items())
    bib.write_text(text, encoding="utf-8")
    return bib, sources.read(tmp_path / "sources.bib")


def test_a_retraction_is_told_with_its_notice_and_an_older_correction_is_not(
    web: str, tmp_path: Path
) -> None:
    bib, bibliography = bibliography_of(
        tmp_path,
        good2020="10.1000/unchanged",
        wakefield1998="10.1016/S0140-6736(97)11096-0",
        dataset2021="10.5281/zenodo.1",
    )
    asked = due.notices(bib.name, bibliography, DAY, "editor@mail.internal", web, web)
    (entry,) = asked
    assert (entry.day, entry.file, entry.line) == (date(2010, 2, 6), "sources.bib", 11)
    assert "wakefield1998 was retracted (6 February 2010)" in entry.message
    assert "https://doi.org/10.1016/s0140-6736(10)60175-4" in entry.message
    paths, agents = zip(*Web.requests, strict=True)
    assert paths[1] == "/works/10.1016%2FS0140-6736%2897%2911096-0"
    assert set(agents) == {"invoke-due/1.0 (mailto:editor@mail.internal)"}


def test_pubmed_is_asked_of_a_paper_without_a_doi(web: str, tmp_path: Path) -> None:
    bib, _ = bibliography_of(tmp_path, wakefield1998="10.1000/a", good2020="10.1000/b")
    text = bib.read_text().replace("doi = {10.1000/a}", "pmid = {9500320}")
    bib.write_text(text.replace("doi = {10.1000/b}", "pmid = {123}"))
    (entry,) = due.notices(bib.name, sources.read(bib), DAY, "", web, web)
    assert (entry.day, entry.line) == (DAY, 1)
    see = "see https://pubmed.ncbi.nlm.nih.gov/9500320/."
    assert entry.message == f"wakefield1998 was retracted: {see}"


def test_an_address_with_an_at_sign_in_its_path_is_no_email(web: str, tmp_path: Path) -> None:
    bib, bibliography = bibliography_of(tmp_path, good2020="10.1000/unchanged")
    list(due.notices(bib.name, bibliography, DAY, "https://example.org/@us", web, web))
    assert Web.requests[0][1] == "invoke-due/1.0 (https://example.org/@us)"


def test_a_correction_newer_than_the_check_is_told(web: str, tmp_path: Path) -> None:
    bib, bibliography = bibliography_of(tmp_path, wakefield1998="10.1016/S0140-6736(97)11096-0")
    bib.write_text(bib.read_text().replace("2006-11-24", "2003-11-24"))
    bibliography = sources.read(tmp_path / "sources.bib")
    messages = [entry.message for entry in due.notices(bib.name, bibliography, DAY, "", web, web)]
    assert len(messages) == 2
    assert any("was corrected (6 March 2004)" in message for message in messages)


def test_where_crossref_is_silent_the_list_says_so_and_goes_on(web: str, tmp_path: Path) -> None:
    bib, bibliography = bibliography_of(
        tmp_path, first="10.1000/broken", wakefield1998="10.1016/S0140-6736(97)11096-0"
    )
    retraction, silence = sorted(due.notices(bib.name, bibliography, DAY, "", web, web))
    assert "retracted" in retraction.message
    assert silence.message == "Crossref or PubMed did not answer for first."


def test_content_that_cannot_be_read_is_told_in_a_sentence(project: Path) -> None:
    (project / "content/helplines.toml").write_text("[[helpline\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"^The content cannot be read: .+ Type invoke check\.$"):
        due.due(project, DAY)


def test_what_is_due_is_never_a_problem_of_the_content(project: Path) -> None:
    """The corpus was checked long ago: the list is long, and the check finds nothing wrong."""
    assert entries(due.due(project, date(2031, 1, 1)))
    run = invoke(project, "check")
    assert run.returncode == 0, run.stdout
    assert read_settings(project)["CONTACT"] == ""
