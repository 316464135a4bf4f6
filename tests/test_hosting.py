"""A real web server sends what is published: the policy, the types, the packed files, the 404."""

import gzip
import http.client
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import brotli
import nginx
import pytest
from conftest import ROOT, invoke
from playwright.sync_api import Browser

from tools.publish import security_headers, servers

HOST = "https://reading-room.internal"
# Beside what the theme itself puts into a page: what the policy must allow by its digest.
INLINE = """\
<style>:root { --inline: allowed }</style>
<script type="speculationrules">
{"prefetch": [{"urls": ["{{ SITEURL }}/about/"], "eagerness": "immediate"}]}
</script>
<script type="application/json">{"data": "{{ output_file }}"}</script>
"""


@dataclass(frozen=True)
class Hosted:
    """A published site behind nginx: its address, its path, its folder, and the server."""

    site: str
    path: str
    folder: Path
    server: nginx.Server

    def get(
        self, name: str, encoding: str = "identity"
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Return the status, the headers and the body of a file's answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.plain, timeout=10)
        with closing(connection):
            connection.request("GET", f"{self.path}/{name}", headers={"Accept-Encoding": encoding})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()


@pytest.fixture(scope="module", params=["", "/sub"], ids=["root", "path"])
def hosted(
    request: pytest.FixtureRequest,
    root: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Hosted]:
    """The site with every kind of page, published, behind nginx: at a root and under a path."""
    project = tmp_path_factory.mktemp("hosted") / "project"
    shutil.copytree(root, project, ignore=shutil.ignore_patterns("output*"))
    conf = project / "pelicanconf.py"
    conf.write_text(conf.read_text().replace('CONTACT = ""', 'CONTACT = "editor@mail.internal"'))
    base = project / "theme/templates/base.html"
    base.write_text(base.read_text().replace("</head>", f"{INLINE}</head>"))
    site = HOST + request.param
    published = invoke(project, "publish", SITEURL=site)
    assert published.returncode == 0, published.stdout + published.stderr
    snippet = invoke(project, "hosting", "nginx")
    assert snippet.returncode == 0, snippet.stderr
    with nginx.serve(snippet.stdout, tmp_path_factory.mktemp("nginx")) as server:
        yield Hosted(site, request.param, project / "output", server)


@pytest.fixture(scope="module")
def visitor(browser: Browser, hosted: Hosted) -> Iterator[Browser]:
    """A browser for which the site's public name leads to the server on loopback."""
    chromium = browser.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
        args=["--no-sandbox", f"--host-resolver-rules=MAP * 127.0.0.1:{hosted.server.https}"],
    )
    yield chromium
    chromium.close()


def pages(hosted: Hosted) -> list[str]:
    """Return every page's address within the site."""
    found = sorted(hosted.folder.rglob("*.html"))
    return [str(p.relative_to(hosted.folder)).removesuffix("index.html") for p in found]


def test_a_browser_finds_nothing_against_the_policy_on_any_page(
    hosted: Hosted, visitor: Browser
) -> None:
    page = visitor.new_context(ignore_https_errors=True).new_page()
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.log(e.violatedDirective))"
    )
    said, asked = [], []
    page.on("console", lambda message: said.append((page.url, message.text)))
    page.on("pageerror", lambda error: said.append((page.url, str(error))))
    page.on("request", lambda request: asked.append(request.url))
    for name in pages(hosted):
        answer = page.goto(f"{hosted.site}/{name}")
        assert answer and answer.status == 200
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert (
            page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--inline')")
            == "allowed"
        )
        page.evaluate("document.fonts.ready")
        assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Source')
        assert page.evaluate("document.fonts.size && document.fonts.status") == "loaded"
    assert said == []
    assert any("woff2" in url for url in asked)
    assert [url for url in asked if not url.startswith(hosted.site)] == []
    page.context.close()


def test_the_policy_stops_what_does_not_belong_there(hosted: Hosted, visitor: Browser) -> None:
    page = visitor.new_context(ignore_https_errors=True).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    home = (hosted.folder / "index.html").read_text()
    script = "<script>document.title = 'run'</script></main>"
    headers = {"Content-Type": "text/html", **security_headers.headers(hosted.folder)}
    page.route(
        f"{hosted.site}/",
        lambda route: route.fulfill(body=home.replace("</main>", script), headers=headers),
    )
    page.goto(f"{hosted.site}/")
    assert page.title() != "run"
    assert any("Content Security Policy" in text for text in said)
    page.context.close()


@pytest.mark.parametrize("hosted", [""], indirect=True)
def test_the_observatory_gives_its_best_grade(hosted: Hosted) -> None:
    result = nginx.observatory(hosted.server)
    print(f"MDN HTTP Observatory: {result['grade']}, {result['score']}")
    assert result["grade"] == "A+"
    assert result["score"] >= 120, result


def test_every_answer_carries_every_header_of_the_policy(hosted: Hosted) -> None:
    for name in ["", "feed.xml", "robots.txt", "not-there/", "about"]:
        _, sent, _ = hosted.get(name)
        for header, value in security_headers.headers(hosted.folder).items():
            assert sent.get_all(header) == [value], (name, header)


def test_a_missing_page_is_the_sites_own_with_its_status(hosted: Hosted) -> None:
    status, sent, body = hosted.get("not-there/")
    assert status == 404
    assert body == (hosted.folder / "404.html").read_bytes()
    assert sent["Cache-Control"] is None
    assert hosted.get("_headers")[0] == 404


def test_a_folders_name_leads_to_its_page(hosted: Hosted) -> None:
    status, sent, _ = hosted.get("about")
    assert (status, sent["Location"]) == (301, f"{hosted.path}/about/")


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("feed.xml", "application/atom+xml"),
        ("sitemap.xml", "application/xml"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("theme/*.woff2", "font/woff2"),
        ("theme/*.svg", "image/svg+xml"),
        ("theme/*.png", "image/png"),
        ("**/card.png", "image/png"),
        (".well-known/security.txt", "text/plain; charset=utf-8"),
    ],
)
def test_files_have_their_types(hosted: Hosted, pattern: str, kind: str) -> None:
    files = list(hosted.folder.glob(pattern))
    assert files
    for file in files:
        status, sent, body = hosted.get(str(file.relative_to(hosted.folder)))
        assert (status, sent["Content-Type"]) == (200, kind)
        assert body == file.read_bytes()


def test_pages_are_asked_for_again_and_named_files_kept_for_a_year(hosted: Hosted) -> None:
    for file in hosted.folder.rglob("*"):
        name = str(file.relative_to(hosted.folder))
        if file.is_dir() or file.suffix in (".br", ".gz") or name == "_headers":
            continue
        keep = hosted.get(name)[1]["Cache-Control"]
        assert keep == (servers.KEEP if name.startswith("theme/") else "no-cache"), name


def test_a_named_file_bears_the_digest_of_what_is_in_it(hosted: Hosted) -> None:
    files = list((hosted.folder / "theme").glob("*.woff2"))
    assert files
    for file in files:
        assert file.name.split(".")[-2] == sha256(file.read_bytes()).hexdigest()[:10]
    for page in hosted.folder.rglob("*.html"):
        used = re.findall(r"[\w.-]+\.woff2", page.read_text())
        assert sorted(used) == sorted(file.name for file in files), page


@pytest.mark.parametrize(
    ("encoding", "suffix"), [("br", ".br"), ("gzip", ".gz"), ("gzip, br", ".br")]
)
def test_text_is_sent_as_it_was_packed(hosted: Hosted, encoding: str, suffix: str) -> None:
    unpack = {".br": brotli.decompress, ".gz": gzip.decompress}[suffix]
    for name in [*pages(hosted), "feed.xml", "sitemap.xml"]:
        file = hosted.folder / (name if "." in name else f"{name}index.html")
        _, sent, body = hosted.get(name, encoding)
        assert sent["Content-Encoding"] == {".br": "br", ".gz": "gzip"}[suffix]
        assert sent["Vary"] == "Accept-Encoding"
        assert body == file.with_name(file.name + suffix).read_bytes()
        assert unpack(body) == file.read_bytes()


def test_every_page_and_its_headers_are_one_round_trip(hosted: Hosted) -> None:
    first_flight = 14_000  # bytes: ten TCP segments of 1,460 bytes (RFC 6928), rounded down
    for name in [*pages(hosted), "not-there/"]:
        with socket.create_connection(("127.0.0.1", hosted.server.plain), timeout=10) as line:
            asked = f"GET {hosted.path}/{name} HTTP/1.1\r\nHost: site\r\n"
            line.sendall(f"{asked}Accept-Encoding: br\r\nConnection: close\r\n\r\n".encode())
            answer = line.makefile("rb").read()
        assert b"Content-Encoding: br" in answer
        assert len(answer) <= first_flight, name


def directives(policy: str) -> dict[str, str]:
    """Return a policy's directives and their values."""
    return dict(part.split(" ", 1) for part in policy.split("; "))


def test_each_page_carries_the_policy_for_hosts_without_headers(hosted: Hosted) -> None:
    sent = directives(security_headers.headers(hosted.folder)["Content-Security-Policy"])
    for file in hosted.folder.rglob("*.html"):
        text = file.read_text()
        meta = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)
        assert meta and meta.start() < text.index("<link"), file
        own = directives(meta[1])
        assert sent.keys() - own.keys() <= {"frame-ancestors"}
        for name, value in own.items():
            assert set(value.split()) <= set(sent[name].split())


def test_what_stands_inline_is_allowed_by_its_digest_and_data_needs_no_leave() -> None:
    page = (
        '<style>p { color: red }</style><script type="speculationrules">{}</script>'
        '<script type="application/ld+json">{"a": 1}</script><script src="x.js"></script>'
    )
    allowed = security_headers.inline(page)
    assert sorted(name for name, _ in allowed) == ["script-src", "style-src"]
    # The digest of "{}" as `printf '{}' | openssl dgst -sha256 -binary | base64` gives it.
    assert ("script-src", "'sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o='") in allowed
    assert "script-src 'sha256-" in security_headers.policy(allowed)
    assert "script-src" not in security_headers.policy(set())


def test_netlify_and_cloudflare_are_told_the_same(hosted: Hosted) -> None:
    rules: dict[str, dict[str, str]] = {}
    for line in (hosted.folder / "_headers").read_text().splitlines():
        if line.startswith("/"):
            rules[line] = {}
        else:
            name, value = line.strip().split(": ", 1)
            rules[list(rules)[-1]][name] = value
            assert len(line) < 2000, "Cloudflare Pages reads no longer lines"
    assert rules["/*"] == security_headers.headers(hosted.folder)
    assert rules["/theme/*"] == {"Cache-Control": servers.KEEP}
    assert rules["/feed.xml"] == {"Content-Type": servers.FEED}


def test_security_txt_says_whom_to_write_to_and_until_when(hosted: Hosted) -> None:
    said = dict(
        line.split(": ", 1)
        for line in (hosted.folder / ".well-known/security.txt").read_text().splitlines()
    )
    assert said["Contact"] == "mailto:editor@mail.internal"
    assert said["Expires"] == "2022-03-03T00:00:00Z"
    assert said["Canonical"] == f"{hosted.site}/.well-known/security.txt"


def test_caddy_is_told_the_same(hosted: Hosted) -> None:
    snippet = invoke(hosted.folder.parent, "hosting", "caddy").stdout
    for header, value in security_headers.headers(hosted.folder).items():
        assert f'{header} "{value}"' in snippet
    assert f"handle_path {hosted.path}/*" in snippet
    assert servers.KEEP in snippet


def test_a_server_nobody_knows_and_a_site_not_published_are_told_so(project: Path) -> None:
    for words, said in [(["hosting", "iis"], "nginx and caddy"), (["hosting", "nginx"], "publish")]:
        run = invoke(project, *words)
        assert run.returncode == 1
        assert said in run.stderr and run.stderr.count("\n") == 1


def test_the_forge_checks_first_pins_its_actions_and_asks_for_no_more_than_it_needs() -> None:
    for file in (ROOT / ".github/workflows").glob("*.yml"):
        used = re.findall(r"uses: (.+)", file.read_text())
        assert used
        for action in used:
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", action), action
    text = (ROOT / ".github/workflows/publish.yml").read_text()
    order = [text.index(step) for step in ("invoke check test", "invoke publish", "deploy-pages@")]
    assert order == sorted(order)
    release, deploy = text.split("\n  deploy:\n")
    assert "\npermissions: {}\n" in release
    assert re.findall(r"(\S+): (?:read|write)$", release, re.M) == ["contents", "pages"]
    assert ": write" not in release
    assert re.findall(r"(\S+): write$", deploy, re.M) == ["pages", "id-token"]
