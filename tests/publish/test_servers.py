"""Real servers send what is published: the pages, their policy, their types, the packed files, the 404.

nginx and Caddy get what `invoke hosting` prints, once, and are never reloaded. Cloudflare Pages is
played by its own `wrangler`, and Netlify by its own parser of `_headers`.
"""

import gzip
import http.client
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import brotli
import pytest
import web_servers
from conftest import Once, copy_project, invoke
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from tools.check.pictures import TYPES as PICTURES
from tools.publish import security_headers, servers

HOST = "https://reading-room.internal"
CONTACT = "editor@mail.internal"
# Beside what the theme itself puts into a page: what the policy must allow, and data.
INLINE = """\
<style>:root { --inline: allowed }</style>
<script type="speculationrules">
{"prefetch": [{"urls": ["{{ SITEURL }}/about/"], "eagerness": "immediate"}]}
</script>
<script type="application/json">{"data": "{{ output_file }}"}</script>
"""
# What Cloudflare Pages adds of its own; a host may be stricter than it is told to be.
OWN_CACHING = {"cloudflare": "public, max-age=0, must-revalidate"}
Answer = tuple[int, http.client.HTTPMessage, bytes]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def publish(project: Path, site: str) -> None:
    run = invoke(project, "publish", SITEURL=site)
    assert run.returncode == 0, run.stdout + run.stderr


def release(site: str) -> Callable[[Path], object]:
    """Publish the corpus for an address, with a picture of every kind; its PDF is a stand-in."""

    def make(folder: Path) -> None:
        project = copy_project(folder)
        with (project / "pelicanconf.py").open("a", encoding="utf-8", newline="\n") as settings:
            settings.write(f'CONTACT = "{CONTACT}"\n')
        edit(project / "publishconf.py", 'f"{slugify(SITENAME)}.pdf"', '""')
        edit(project / "theme/templates/base.html", "</head>", f"{INLINE}</head>")
        images = project / "content/images"
        images.mkdir(exist_ok=True)
        for suffix in PICTURES.keys() - {".svg"}:
            Image.new("RGB", (8, 8), "teal").save(images / f"square{suffix}")
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'
        )
        (images / "square.svg").write_text(svg)
        publish(project, site)
        (project / "output/book.pdf").write_bytes(b"%PDF-1.7\n")

    return make


@dataclass(frozen=True)
class Hosted:
    """A published site behind a server: the host's name, its address, its folder, the server."""

    host: str
    site: str
    folder: Path
    server: web_servers.Server

    @property
    def path(self) -> str:
        """The site's path on its host: nothing, or "/sub"."""
        return self.site.removeprefix(HOST)

    def get(
        self, name: str, method: str = "GET", encoding: str = "identity", **headers: str
    ) -> Answer:
        """Return the status, the headers and the body of the answer for a name in the site."""
        return self.ask(f"{self.path}/{name}", method, encoding, **headers)

    def ask(
        self, path: str, method: str = "GET", encoding: str = "identity", **headers: str
    ) -> Answer:
        """Return the status, the headers and the body of the answer for a path on the host."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.plain, timeout=20)
        with closing(connection):
            connection.request(method, path, headers={"Accept-Encoding": encoding, **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()


def hosted_by(
    host: str, path: str, once: Once, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hosted]:
    site = HOST + path
    project = once(f"hosted{path.replace('/', '-')}", release(site))
    output, folder = project / "output", tmp_path_factory.mktemp(host)
    if host == "cloudflare":
        running = web_servers.wrangler(output, folder)
    else:
        snippet = invoke(project, "hosting", host)
        assert snippet.returncode == 0, snippet.stderr
        running = web_servers.SERVERS[host](snippet.stdout, folder)
    with running as server:
        yield Hosted(host, site, output, server)


OWN_SERVERS = ["nginx at the root", "nginx under a path", "caddy at the root", "caddy under a path"]
EVERY_HOST = [*OWN_SERVERS, "cloudflare at the root"]


@pytest.fixture(scope="module", params=EVERY_HOST)
def hosted(
    request: pytest.FixtureRequest, once: Once, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hosted]:
    """The corpus, published, behind each server: at a root, and under a path where one can."""
    host, _, place = request.param.partition(" ")
    path = "/sub" if place == "under a path" else ""
    yield from hosted_by(host, path, once, tmp_path_factory)


def only(*hosts: str) -> pytest.MarkDecorator:
    """Run a test for these hosts alone."""
    return pytest.mark.parametrize("hosted", hosts, indirect=True)


own_servers = only(*OWN_SERVERS)


def named(server: web_servers.Server, browser: Browser) -> Browser:
    """Start a browser for which every name leads to the server on loopback."""
    return browser.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
        args=["--no-sandbox", f"--host-resolver-rules=MAP * 127.0.0.1:{server.https}"],
    )


@pytest.fixture(scope="module")
def visitor(browser: Browser, hosted: Hosted) -> Iterator[Browser]:
    """A browser for which the site's public name leads to the server on loopback."""
    chromium = named(hosted.server, browser)
    yield chromium
    chromium.close()


def pages(output: Path) -> list[str]:
    """Return every page's address within the site."""
    names = sorted(p.relative_to(output).as_posix() for p in output.rglob("*.html"))
    return [name.removesuffix("index.html") for name in names]


def open_page(visitor: Browser) -> tuple[Page, list[tuple[str, str]]]:
    """Return a browser's page, and the list into which it writes what it complains of."""
    page = visitor.new_context(ignore_https_errors=True).new_page()
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.log(e.violatedDirective))"
    )
    complaints: list[tuple[str, str]] = []
    page.on("console", lambda message: complaints.append((page.url, message.text)))
    page.on("pageerror", lambda error: complaints.append((page.url, str(error))))
    return page, complaints


def style(page: Page, name: str, element: str = "documentElement") -> str:
    """Return the value that a page's element has for a CSS property."""
    return page.evaluate(f"getComputedStyle(document.{element}).getPropertyValue('{name}')")


@only("nginx under a path", "caddy at the root")
def test_a_browser_finds_nothing_against_the_policy_on_any_page(
    hosted: Hosted, visitor: Browser
) -> None:
    page, complaints = open_page(visitor)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    for name in pages(hosted.folder):
        answer = page.goto(f"{hosted.site}/{name}")
        assert answer and answer.status == 200
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert style(page, "--inline") == "allowed"
        page.evaluate("document.fonts.ready")
        assert style(page, "font-family", "body").startswith('"Source')
        assert page.evaluate("document.fonts.size && document.fonts.status") == "loaded"
    assert complaints == []
    assert any("woff2" in url for url in requests)
    assert [url for url in requests if not url.startswith(hosted.site)] == []
    page.context.close()


def answer(body: str, headers: dict[str, str]) -> Callable[[Route], None]:
    """Answer a browser's request in the server's place."""
    return lambda route: route.fulfill(body=body, headers=headers)


@only("nginx at the root")
def test_the_policy_stops_what_does_not_belong_there(hosted: Hosted, visitor: Browser) -> None:
    home = (hosted.folder / "index.html").read_text(encoding="utf-8")
    script = "<script>document.title = 'run'</script></main>"
    meta = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]+>')
    assert meta.search(home)
    # By the page's own policy alone, as on a host without headers; and by the server's alone.
    for text, headers in [(home, {}), (meta.sub("", home), security_headers.HEADERS)]:
        page, complaints = open_page(visitor)
        body = text.replace("</main>", script)
        page.route(f"{hosted.site}/", answer(body, {"Content-Type": "text/html", **headers}))
        page.goto(f"{hosted.site}/")
        assert page.title() != "run"
        assert any("script-src" in text for _, text in complaints)
        page.context.close()


def styled(visitor: Browser, names: list[str], value: str) -> None:
    """Assert that pages are drawn by a release's stylesheet, without a violation of a policy."""
    page, complaints = open_page(visitor)
    for name in names:
        page.goto(f"{HOST}/{name}")
        assert style(page, "--release") == value, name
        assert style(page, "font-family", "body").startswith('"Source'), name
    assert complaints == []
    page.context.close()


def test_no_publish_and_no_rollback_unstyles_a_page_of_a_server_that_is_never_reloaded(
    once: Once, tmp_path: Path, browser: Browser
) -> None:
    project = tmp_path / "project"
    shutil.copytree(once("hosted", release(HOST)), project)
    names = pages(project / "output")
    with ExitStack() as stack:
        visitors, snippets = {}, {}
        for host, serve in web_servers.SERVERS.items():
            snippets[host] = invoke(project, "hosting", host).stdout
            (folder := tmp_path / host).mkdir()
            server = stack.enter_context(serve(snippets[host], folder))
            visitors[host] = stack.enter_context(closing(named(server, browser)))

        def release_is(value: str) -> None:
            styled(visitors["nginx"], names, value)
            styled(visitors["caddy"], ["", "404.html"], value)

        release_is("")
        (main,) = (project / "theme").rglob("main.css")
        with main.open("a", encoding="utf-8") as stylesheet:
            stylesheet.write("\n:root { --release: new }\n")
        publish(project, HOST)
        release_is("new")
        assert invoke(project, "rollback").returncode == 0
        release_is("")
        for host, snippet in snippets.items():
            assert invoke(project, "hosting", host).stdout == snippet


@only("nginx at the root", "caddy at the root")
def test_the_observatory_gives_its_best_grade(hosted: Hosted) -> None:
    result = web_servers.observatory(hosted.server)
    print(f"MDN HTTP Observatory: {hosted.host}: {result['grade']}, {result['score']}")
    assert result["grade"] == "A+"
    assert result["score"] >= 120, result


def test_every_answer_carries_every_header_of_the_policy(hosted: Hosted) -> None:
    for name in ["", "feed.xml", "robots.txt", "not-there/", "about"]:
        _, headers, _ = hosted.get(name)
        for header, value in security_headers.HEADERS.items():
            assert headers.get_all(header) == [value], (name, header)


@pytest.mark.parametrize(
    "name",
    [
        "not-there/",
        "not-there",
        "theme/gone.0123456789.woff2",
        "theme/",
        "images/",
        "about/gone.html",
    ],
)
def test_what_is_missing_is_told_by_the_sites_own_page_and_kept_by_nobody(
    hosted: Hosted, name: str
) -> None:
    status, headers, body = hosted.get(name)
    assert status == 404
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert body == (hosted.folder / "404.html").read_bytes()
    assert headers["Cache-Control"] in (None, "no-cache", "no-store")


def test_what_hosts_are_told_is_not_for_readers(hosted: Hosted) -> None:
    status, _, body = hosted.get("_headers")
    assert status >= 400
    assert b"Content-Security-Policy: " not in body


def test_a_folders_name_leads_to_its_page(hosted: Hosted) -> None:
    status, headers, _ = hosted.get("about")
    assert status in (301, 308)
    assert headers["Location"] == f"{hosted.path}/about/"


@only("nginx under a path", "caddy under a path")
def test_the_sites_path_without_its_slash_leads_home_and_nothing_beside_it_is_the_sites(
    hosted: Hosted,
) -> None:
    status, headers, _ = hosted.ask("/sub")
    assert (status, headers["Location"]) == (301, "/sub/")
    for path in ("/subway/", "/", "/about/"):
        status, headers, body = hosted.ask(path)
        assert body != (hosted.folder / "404.html").read_bytes(), path
        assert headers["Content-Security-Policy"] is None, path
        assert status != 200 or not body, path


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("feed.xml", "application/atom+xml"),
        ("sitemap.xml", "application/xml"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("theme/*.woff2", "font/woff2"),
        ("theme/*.svg", "image/svg+xml"),
        ("**/card.png", "image/png"),
        ("images/*.svg", "image/svg+xml"),
        ("images/*.png", "image/png"),
        ("images/*.jpg", "image/jpeg"),
        ("images/*.jpeg", "image/jpeg"),
        ("images/*.gif", "image/gif"),
        ("images/*.webp", "image/webp"),
        ("images/*.avif", "image/avif"),
        ("*.pdf", "application/pdf"),
        (".well-known/security.txt", "text/plain; charset=utf-8"),
    ],
)
def test_files_have_their_types(hosted: Hosted, pattern: str, kind: str) -> None:
    files = list(hosted.folder.glob(pattern))
    assert files
    for file in files:
        name = file.relative_to(hosted.folder).as_posix().removesuffix("index.html")
        status, headers, body = hosted.get(name)
        assert status == 200
        # Cloudflare Pages leaves the charset out for text that is no page.
        sent = headers["Content-Type"].replace("text/xml", "application/xml")
        assert (
            sent in {kind, kind.partition(";")[0]} if hosted.host == "cloudflare" else sent == kind
        )
        assert body == file.read_bytes()


@pytest.mark.trouble("141 picture types behind nginx")
def test_every_picture_that_a_writer_may_add_has_a_type() -> None:
    assert {suffix.removeprefix(".") for suffix in PICTURES} <= servers.TYPES.keys()


def test_pages_are_asked_for_again_and_named_files_kept_for_a_year(hosted: Hosted) -> None:
    again = OWN_CACHING.get(hosted.host, servers.REVALIDATE)
    for file in hosted.folder.rglob("*"):
        name = file.relative_to(hosted.folder).as_posix()
        if file.is_dir() or file.suffix in (".br", ".gz") or name == "_headers":
            continue
        kept = bool(servers.FINGERPRINT.search(name))
        if name.startswith("theme/") and not kept:
            continue  # a licence, which nobody waits for
        assert kept == (name.startswith("theme/")), name
        name = name.removesuffix("index.html")
        if hosted.host == "cloudflare":
            name = name.removesuffix(".html")  # it redirects there
        assert hosted.get(name)[1]["Cache-Control"] == (servers.KEEP if kept else again), name


def test_a_named_file_bears_the_digest_of_what_is_in_it(once: Once) -> None:
    output = once("hosted", release(HOST)) / "output"
    files = list((output / "theme").glob("*.woff2"))
    assert files
    for file in files:
        assert file.name.split(".")[-2] == sha256(file.read_bytes()).hexdigest()[:10]
    for page in output.rglob("*.html"):
        used = set(re.findall(r"[\w.-]+\.woff2", page.read_text(encoding="utf-8")))
        assert used and used <= {file.name for file in files}, page


@own_servers
@pytest.mark.parametrize(
    ("encoding", "suffix"), [("br", ".br"), ("gzip", ".gz"), ("gzip, br", ".br")]
)
def test_text_is_sent_as_it_was_packed(hosted: Hosted, encoding: str, suffix: str) -> None:
    unpack = {".br": brotli.decompress, ".gz": gzip.decompress}[suffix]
    for name in [*pages(hosted.folder), "feed.xml", "sitemap.xml"]:
        file = hosted.folder / (name if "." in name else f"{name}index.html")
        _, headers, body = hosted.get(name, encoding=encoding)
        assert headers["Content-Encoding"] == {".br": "br", ".gz": "gzip"}[suffix]
        assert headers["Vary"] == "Accept-Encoding"
        assert body == file.with_name(file.name + suffix).read_bytes()
        assert unpack(body) == file.read_bytes()


def test_a_question_for_the_head_a_part_or_a_change_is_answered_with_no_more(
    hosted: Hosted,
) -> None:
    for name, file in [("", "index.html"), ("images/square.png", "images/square.png")]:
        data = (hosted.folder / file).read_bytes()
        _, whole, _ = hosted.get(name)
        status, headers, body = hosted.get(name, method="HEAD")
        assert (status, body, headers["Content-Type"]) == (200, b"", whole["Content-Type"])

        status, headers, body = hosted.get(name, **{"If-None-Match": whole["ETag"]})
        assert (status, body) == (304, b"")

        status, headers, body = hosted.get(name, Range="bytes=2-5")
        if hosted.host == "cloudflare":  # wrangler sends the whole, which HTTP allows
            assert (status, body) == (200, data)
        else:
            assert (status, body) == (206, data[2:6])
            assert headers["Content-Range"] == f"bytes 2-5/{len(data)}"


@own_servers
def test_every_page_and_its_headers_are_one_round_trip(hosted: Hosted) -> None:
    first_flight = 14_000  # bytes: ten TCP segments of 1,460 bytes (RFC 6928), rounded down
    for name in [*pages(hosted.folder), "not-there/"]:
        with socket.create_connection(("127.0.0.1", hosted.server.plain), timeout=10) as line:
            request = f"GET {hosted.path}/{name} HTTP/1.1\r\nHost: site\r\n"
            line.sendall(f"{request}Accept-Encoding: br\r\nConnection: close\r\n\r\n".encode())
            answer = line.makefile("rb").read()
        assert b"Content-Encoding: br" in answer
        assert len(answer) <= first_flight, name


def directives(policy: str) -> dict[str, str]:
    """Return a policy's directives and their sources."""
    return dict(part.split(" ", 1) for part in policy.split("; "))


def test_each_page_carries_its_policy_for_hosts_without_headers(once: Once) -> None:
    output = once("hosted", release(HOST)) / "output"
    server = directives(security_headers.HEADERS["Content-Security-Policy"])
    for file in output.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        meta = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)
        assert meta and meta.start() < text.index("<style"), file
        page = directives(meta[1])
        assert server.keys() - page.keys() == {"frame-ancestors"}
        for name in server.keys() & page.keys() - {"style-src", "script-src"}:
            assert page[name] == server[name]
        for name in ("style-src", "script-src"):
            assert all(source.startswith("'sha256-") for source in page[name].split())
        referrer = re.search(r'<meta name="referrer" content="([^"]+)">', text)
        assert referrer and referrer[1] == security_headers.HEADERS["Referrer-Policy"]
        assert referrer.start() < text.index("<a ")


def test_what_stands_inline_is_allowed_by_its_digest_and_data_needs_no_leave() -> None:
    page = (
        '<style>p { color: red }</style><script type="speculationrules">{}</script>'
        '<script type="application/ld+json">{"a": 1}</script><script src="x.js"></script>'
    )
    sources = security_headers.inline_sources(page)
    assert sources.keys() == {"script-src", "style-src"}
    # The digest of "{}" as `printf '{}' | openssl dgst -sha256 -binary | base64` gives it.
    assert sources["script-src"] == "'sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o='"
    assert security_headers.inline_sources("<p>Nothing inline.</p>") == {}


def test_the_servers_headers_know_nothing_of_a_release() -> None:
    assert "sha256" not in str(security_headers.HEADERS)


@only("cloudflare at the root")
def test_cloudflare_ignores_no_line(hosted: Hosted) -> None:
    lines = (hosted.folder / "_headers").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line.startswith("/")]
    assert web_servers.wrangler_rules(hosted.server) == (len(rules), 0)


def test_wranglers_word_on_an_ignored_line_is_understood(tmp_path: Path) -> None:
    (output := tmp_path / "output").mkdir()
    (output / "index.html").write_text("home")
    (output / "_headers").write_text(f"/*\n  X-Whole: yes\n  X-Long: {'x' * 2_000}\n")
    (folder := tmp_path / "wrangler").mkdir()
    with web_servers.wrangler(output, folder) as server:
        assert web_servers.wrangler_rules(server) == (1, 1)


def test_netlify_reads_every_line_as_it_is_meant(once: Once, tmp_path: Path) -> None:
    output = once("hosted", release(HOST)) / "output"
    answer = web_servers.netlify(output / "_headers")
    assert answer["errors"] == []
    rules = {str(rule["for"]): rule["values"] for rule in answer["headers"]}
    assert rules.pop("/*") == security_headers.HEADERS
    assert rules.pop("/feed.xml") == {"Content-Type": servers.FEED}
    kept = {f"/{p.relative_to(output).as_posix()}" for p in output.glob("theme/*.*.*")}
    assert rules == {name: {"Cache-Control": servers.KEEP} for name in kept if name[-3:-2] != "."}

    (broken := tmp_path / "_headers").write_text("  X-No-Path: value\n/*\n")
    assert web_servers.netlify(broken)["errors"] != []


def test_a_line_or_a_number_of_rules_that_cloudflare_would_ignore_ends_the_publish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (theme := tmp_path / "theme").mkdir()
    with monkeypatch.context() as patch:
        patch.setitem(security_headers.HEADERS, "Permissions-Policy", "x" * 2_000)
        with pytest.raises(
            SystemExit, match=r"Permissions-Policy.* has 2,022 characters, and Cloud"
        ):
            servers.headers_file(tmp_path, "feed.xml")
    assert servers.headers_file(tmp_path, "feed.xml").startswith("/*\n  Content-Security-Policy: ")
    for number in range(99):
        (theme / f"font-{number}.0123456789.woff2").touch()
    with pytest.raises(SystemExit, match=r"it has 101 rules, one for each file of theme/static/"):
        servers.headers_file(tmp_path, "feed.xml")


def test_security_txt_says_whom_to_write_to_and_until_when(once: Once) -> None:
    output = once("hosted", release(HOST)) / "output"
    text = (output / ".well-known/security.txt").read_text(encoding="utf-8")
    values = dict(line.split(": ", 1) for line in text.splitlines())
    assert values["Contact"] == f"mailto:{CONTACT}"
    newest = max(re.findall("<lastmod>(.*?)</lastmod>", (output / "sitemap.xml").read_text()))
    assert values["Expires"] == f"{int(newest[:4]) + 1}{newest[4:]}T00:00:00Z"
    assert values["Canonical"] == f"{HOST}/.well-known/security.txt"


def test_a_server_nobody_knows_and_a_site_not_published_are_told_so(project: Path) -> None:
    for words, message in [
        (["hosting", "iis"], "nginx and caddy"),
        (["hosting", "nginx"], "publish"),
    ]:
        run = invoke(project, *words)
        assert run.returncode == 1
        assert message in run.stderr and run.stderr.count("\n") == 1
