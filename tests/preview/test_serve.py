"""`invoke serve` shows what a build writes, whatever a writer does to the files."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from conftest import ORDINARY_POST, build, invoke
from playwright.sync_api import Browser

RELOAD = re.compile(r'<script>[^<]*EventSource\("/\.saves\?(\d+)"\)[^<]*</script>\n')
STEPS = 12


class Served:
    """A project that `invoke serve` shows."""

    def __init__(self, project: Path) -> None:
        self.project = project
        with closing(socket.create_server(("localhost", 0))) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        self.terminal = project.parent / "terminal.txt"
        with self.terminal.open("w") as terminal:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "invoke", "serve", "--port", str(self.port)],
                cwd=project,
                stdout=terminal,
                stderr=terminal,
                # What a shell starts in the background, and all below it, hears no Ctrl+C.
                preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
            )
        while "shows the site" not in self.printed():
            assert self.process.poll() is None, self.printed()
            time.sleep(0.05)

    def printed(self) -> str:
        """Return what the terminal says."""
        return self.terminal.read_text()

    def get(self, page: str) -> tuple[int, str]:
        """Return a page's status and its bytes, a sign for each."""
        try:
            with urlopen(f"{self.address}/{page}") as answer:
                return answer.status, answer.read().decode("latin-1")
        except HTTPError as error:
            return error.code, error.read().decode("latin-1")

    def saves(self) -> int:
        """Return how many saves were seen."""
        return int(RELOAD.search(self.get("")[1])[1])

    def save(self, path: Path, text: str) -> None:
        """Write a file, and wait until that is shown."""
        before = self.saves()
        path.write_text(text)
        self.seen(before)

    def seen(self, before: int) -> None:
        """Wait until a save after `before` is shown, and no other comes."""
        with urlopen(f"{self.address}/.saves?{before}", timeout=60) as answer:
            assert b"saved" in answer.read()
        time.sleep(0.2)


@pytest.fixture
def served(project: Path) -> Iterator[Served]:
    """The project, shown by `invoke serve`."""
    serving = Served(project)
    yield serving
    assert serving.process.poll() is None, "the server died"
    serving.process.send_signal(signal.SIGINT)
    serving.process.wait(timeout=60)
    assert "Traceback" not in serving.printed() and "KeyboardInterrupt" not in serving.printed()


def edits(project: Path, chance: Random) -> Iterator[str]:
    """Do to the files what writers do, in any order, without a fault; yield what was done."""
    posts, theme = project / "content/posts", project / "theme"
    texts = lambda: sorted(p for p in posts.glob("[a-z]*.md"))  # noqa: E731
    count = 0

    def write() -> None:
        name = posts / f"a-post-{count}.md"
        name.write_text(ORDINARY_POST.replace("Title: ", f"Title: {count} "))

    def words() -> None:
        path = chance.choice(texts())
        path.write_text(path.read_text() + f'\nMore "words", {count}.\n')

    def notes() -> None:
        path = chance.choice(sorted(posts.glob("[1-9]*.md")))
        link = re.search(r"\(\[[^\]]*\]\(#[^)]*\)\)", path.read_text())[0]
        path.write_text(path.read_text().rstrip() + f"\n\nIt was seen {count} times {link}.\n")

    def header() -> None:
        path = chance.choice(texts())
        path.write_text(re.sub("(?m)^Title: ", f"Title: Then {count} ", path.read_text()))

    def rename() -> None:
        path = chance.choice(texts())
        path.rename(posts / f"renamed-{count}.md")

    def delete() -> None:
        chance.choice(texts()).unlink()

    def draft() -> None:
        path = chance.choice(texts())
        text = path.read_text().replace("Status: draft\n", "")
        path.write_text(text if "Status" in path.read_text() else "Status: draft\n" + text)

    def page() -> None:
        path = chance.choice(sorted((project / "content/pages").glob("[ap]*.md")))
        path.write_text(path.read_text() + f"\nOne line, {count}.\n")

    def template() -> None:
        path = theme / "templates/archives.html"
        path.write_text(path.read_text().replace("<h1>", f"<h1>{count} "))

    def style() -> None:
        path = theme / "css/main.css"
        path.write_text(path.read_text() + f"/* {count} */\n")

    def picture() -> None:
        (project / "content/images").mkdir(exist_ok=True)
        (project / f"content/images/{count}.svg").write_text("<svg/>")
        path = chance.choice(texts())
        line = f"\n![A line, {count}]({{static}}/images/{count}.svg)\n"
        path.write_text(path.read_text() + line)

    def setting() -> None:
        path = project / "pelicanconf.py"
        path.write_text(
            re.sub("SITESUBTITLE = .*", f'SITESUBTITLE = "No. {count}"', path.read_text())
        )

    def helplines() -> None:
        path = project / "content/helplines.toml"
        path.write_text(path.read_text().replace('about = "', f'about = "{count} ', 1))

    write()
    yield "write"
    again = [words, notes, page, words]
    others = [write, header, rename, delete, draft, template, style, picture, setting, helplines]
    for act in chance.sample([*again, *others], STEPS):
        count += 1
        if not texts() or act is delete:
            write()
        act()
        yield act.__name__


def test_every_page_is_byte_for_byte_what_a_build_writes(served: Served, tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED", Random().randrange(10**6)))
    done, before = [f"SEED={seed}"], served.saves()
    for act in edits(served.project, Random(seed)):
        done.append(act)
        served.seen(before)
        before = served.saves()
        shutil.rmtree(tmp_path / "built", ignore_errors=True)
        built = build(served.project, tmp_path / "built")
        assert built.code == 0, (done, built.printed)
        for path in built.folder.rglob("*.*"):
            name = path.relative_to(built.folder).as_posix()
            status, text = served.get(name)
            file = path.read_bytes().decode("latin-1")
            same = RELOAD.sub("", text) == file
            assert same, (done, name)
            assert status == 200, (done, name)
        addresses = set(re.findall(r"<loc>[^<]*?/([^/<]*)/</loc>", served.get("sitemap.xml")[1]))
        for post in (served.project / "content/posts").iterdir():
            slug = re.sub(r"^[0-9]+-|\.md$", "", post.name)
            assert (slug in addresses) == (served.get(f"{slug}/")[0] == 200), (done, slug)


def test_a_deleted_post_disappears_and_drafts_are_marked(served: Served) -> None:
    post, newest = served.project / "content/posts/a-post.md", ORDINARY_POST.replace("-02-", "-04-")
    served.save(post, f"Status: draft\n{newest.replace('2021', '2199')}")
    status, text = served.get("drafts/a-post/")
    assert status == 200 and "only invoke serve shows this page" in text
    assert served.get("a-post/")[0] == 404 and "/a-post/" not in served.get("sitemap.xml")[1]
    served.save(post, newest)
    assert served.get("a-post/")[0] == 200 and "/a-post/" in served.get("sitemap.xml")[1]
    assert served.get("drafts/a-post/")[0] == 404
    before = served.saves()
    post.unlink()
    served.seen(before)
    status, text = served.get("a-post/")
    assert status == 404 and "get-help-now" in text
    assert "a-post" not in served.get("archives/page-2/")[1]


BROKEN = {
    "a post": (
        "content/posts/1-waking-with-the-light.md",
        "Date:",
        "Dat:",
    ),
    "a template": ("theme/templates/base.html", "{% endblock %}", "{% endblok %}"),
    "a setting": ("pelicanconf.py", "DEFAULT_PAGINATION =", "DEFAULT_PAGINATON ="),
    "settings that are no Python": ("pelicanconf.py", 'SITEURL = ""', 'SITEURL = "'),
    "a helpline": ("content/helplines.toml", "[[helpline]]", "[[helpline"),
    "a word": ("content/pages/about.md", "## ", "## Teh "),
}


def replace(path: Path, text: str) -> None:
    """Save as many editors do: another file takes the place of the one before."""
    fresh = path.with_name(f"{path.name}~")
    fresh.write_text(text)
    fresh.replace(path)


def test_a_fault_is_shown_over_the_last_good_page_until_it_is_mended(
    served: Served, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 700})
    page.goto(f"{served.address}/get-help-now/")
    words = page.locator("main").inner_text()
    page.evaluate("scrollTo(0, 300)")
    for case, (name, right, wrong) in BROKEN.items():
        path = served.project / name
        text = path.read_text()
        assert right in text, case
        replace(path, text.replace(right, wrong, 1))
        overlay = page.get_by_role("alert").filter(has_text=f"{name}:")
        overlay.wait_for(timeout=20_000)
        assert page.locator("main").inner_text() == words, case
        assert page.evaluate("scrollY") == 300, case
        message = overlay.inner_text().strip()
        assert message in served.printed(), case
        if "Python" not in case and case != "a template":
            assert message.splitlines()[0] in invoke(served.project, "check").stdout, case
        replace(path, text)
        overlay.wait_for(state="detached", timeout=20_000)
        assert page.locator("main").inner_text() == words, case
    page.close()


def test_a_save_that_breaks_another_file_is_told(served: Served) -> None:
    posts = served.project / "content/posts"
    file, part = posts / "a-post.md", next(posts.glob("1-*.md"))
    served.save(file, ORDINARY_POST)
    link = ORDINARY_POST.replace("Another ordinary", "A third")
    link = link.replace(" wrote", " [wrote]({filename}/posts/a-post.md#a-heading)")
    served.save(posts / "b-post.md", link)
    for path, right, wrong, message in (
        (
            file,
            "## A heading",
            "## A title",
            "b-post.md:7: posts/a-post.md has no heading #a-heading.",
        ),
        (part, "Itō 2015](#ito2015)", "Ørsted 2012](#orsted2012)", "Nothing cites ito2015."),
    ):
        good = path.read_text()
        assert right in good and message not in served.printed()
        served.save(path, good.replace(right, wrong))
        assert message in served.printed()
        served.save(path, good)
        assert served.printed().endswith("Shown.\n")


def test_a_word_misspelt_is_told_when_another_file_is_saved_right_after(served: Served) -> None:
    pages = served.project / "content/pages"
    about, other = pages / "about.md", pages / "questions-before-a-walk.md"
    served.save(about, about.read_text().replace("## ", "## Teh ", 1))
    other.write_text(f"{other.read_text()}\n")
    until = time.monotonic() + 20
    while "is misspelled" not in served.printed() and time.monotonic() < until:
        time.sleep(0.05)
    assert re.search(r"content/pages/about\.md:\d+: Teh is misspelled", served.printed())


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused_in_one_sentence(project: Path, port: str) -> None:
    refused = invoke(project, "serve", f"--port={port}")
    message = refused.stdout + refused.stderr
    assert refused.returncode == 1
    assert message == f"--port {port}: write a number up to 65535, such as --port 8000.\n"
