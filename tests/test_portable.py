"""Every command runs on Linux, macOS and Windows, for any user, in any folder and locale."""

import ast
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from conftest import ROOT, copy_project, invoke

from tools import packages, system
from tools.check.links import links
from tools.content.document import Document
from tools.preview import server

# The one module that may name what a system lacks, and the one that names its packages.
ONE_PLACE, PACKAGES = "tools/system.py", "tools/packages.py"
CODE = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (
        *(ROOT / "plugins").rglob("*.py"),
        *(ROOT / "tools").rglob("*.py"),
        *ROOT.glob("*.py"),
    )
)
# Modules of the standard library that some system lacks, or half of which it lacks.
# https://docs.python.org/3/library/unix.html, https://docs.python.org/3/library/windows.html
MODULES = {
    "_winapi", "ctypes", "fcntl", "grp", "msvcrt", "multiprocessing", "posix", "pty", "pwd",
    "readline", "resource", "select", "signal", "syslog", "termios", "tty", "winreg",
}  # fmt: skip
# What is imported of these all the same: each is there, and does the same, on all three.
ON_ALL = {
    "ctypes.util", "multiprocessing.connection",
    "os.DirEntry", "os._exit", "os.environ", "os.fspath", "os.getpid", "os.path", "os.scandir",
    "os.sep",
}  # fmt: skip


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str, set[str]]]:
    """Yield each call, the name of what is called, and the names of its keyword arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
            yield node, name, {keyword.arg or "**" for keyword in node.keywords}


def unportable(code: str) -> list[str]:
    """Return what some system lacks, or does in its own way: the line and the words of each."""
    tree, slips = ast.parse(code), []

    def note(node: ast.expr | ast.stmt, reason: str) -> None:
        slips.append(f"{node.lineno}: {reason}")

    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}"]
            if node.module == "os":
                names = [f"os.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "os":
                names = [f"os.{node.attr}"]
            elif (node.value.id, node.attr) == ("sys", "platform"):
                note(node, "sys.platform")
        for name in names:
            top = name.partition(".")[0]
            if (top in MODULES or name.startswith("os.")) and name not in ON_ALL:
                note(node, name)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for words in (".venv/bin", ".venv\\Scripts", "/usr/", "apt-get"):
                if words in node.value:
                    note(node, f"{words!r} in a text")
    for node, name, keywords in calls(tree):
        text, method = ast.unparse(node), isinstance(node.func, ast.Attribute)
        mode = next((a.value for a in node.args if isinstance(a, ast.Constant)), "r")
        if method and name in ("read_text", "write_text") and "encoding" not in keywords:
            note(node, f"{name} without encoding")
        if name == "write_text" and "newline" not in keywords:
            note(node, "write_text without newline")
        if name == "open" and "b" not in str(mode) and not text.startswith("tarfile."):
            modes = [k.value for k in node.keywords if k.arg == "mode"]
            if not modes and "encoding" not in keywords:
                note(node, "open without encoding")
            if set(str(mode)) & set("wax") and "newline" not in keywords:
                note(node, "open for writing without newline")
        if keywords & {"text", "universal_newlines"} and "encoding" not in keywords:
            note(node, f"{name} of text without encoding")
        if keywords & {"shell", "preexec_fn", "umask", "start_new_session", "process_group"}:
            note(node, f"{text[:40]} asks for a shell or for what Windows lacks")
        if name in ("owner", "group", "hardlink_to", "symlink_to"):
            note(node, f"{name}()")
        if name == "str" and node.args and isinstance(node.args[0], ast.Call):
            inner = node.args[0].func
            if isinstance(inner, ast.Attribute) and inner.attr == "relative_to":
                note(node, "str() of a path within the project: as_posix()")
        if name == "run" and ast.unparse(node.func).startswith("c."):
            note(node, "a command as one string: a list of arguments, and subprocess")
    return slips


@pytest.mark.parametrize("file", [file for file in CODE if file != ONE_PLACE])
def test_what_one_system_lacks_stands_in_one_module(file: str) -> None:
    slips = unportable((ROOT / file).read_text(encoding="utf-8"))
    assert [line for line in slips if file != PACKAGES or "in a text" not in line] == []


@pytest.mark.parametrize(
    "code",
    [
        "import fcntl",
        "from os import fork",
        "import os\nos.sched_getaffinity(0)",
        "import os\nos.sync()",
        "import os\nos.getuid()",
        "from multiprocessing import get_context",
        "import sys\nif sys.platform == 'linux': pass",
        "path.read_text()",
        "path.write_text(text, encoding='utf-8')",
        "open('x')",
        "path.open('w', encoding='utf-8')",
        "subprocess.Popen(command, text=True)",
        "subprocess.run(command, shell=True)",
        "c.run('apt-get install x')",
        "str(path.relative_to(root))",
        "print('type .venv/bin/invoke check')",
    ],
)
def test_the_rule_finds_what_is_not_portable(code: str) -> None:
    assert unportable(code)


def test_every_text_of_the_repository_ends_its_lines_alike() -> None:
    listing = subprocess.run(
        ["git", "ls-files", "--eol"], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    lines = listing.stdout.splitlines()
    assert len(lines) > 50
    assert not [line for line in lines if line.startswith(("i/crlf", "i/mixed"))]
    binary = {Path(line.split("\t")[1]).suffix for line in lines if line.startswith("i/-text")}
    attributes = (ROOT / ".gitattributes").read_text(encoding="utf-8")
    assert "* text=auto eol=lf" in attributes
    assert all(f"*{suffix} binary" in attributes for suffix in binary)


def test_without_the_systems_exchange_releases_are_swapped_all_the_same(tmp_path: Path) -> None:
    """As on NFS, on exFAT and on Windows: what a stand-in for them takes away."""
    project = copy_project(tmp_path / "a folder (it's one)")
    stand_in = tmp_path / "stand-in"
    stand_in.mkdir()
    (stand_in / "sitecustomize.py").write_text(
        "import os, ctypes\n"
        "del os.sched_getaffinity, os.sync\n"
        "class CDLL(ctypes.CDLL):\n"
        "    def __getattr__(self, name):\n"
        "        raise AttributeError(name)\n"
        "ctypes.CDLL = CDLL\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(stand_in), "PROCESSES": "1"}
    for _ in range(3):
        built = subprocess.run(
            [sys.executable, "-m", "invoke", "build"],
            cwd=project,
            env=environment,
            capture_output=True,
            encoding="utf-8",
        )
        assert built.returncode == 0, built.stderr
        assert sorted(path.name for path in project.glob("output*")) == ["output"]


def test_a_picture_is_found_by_its_very_name_alone() -> None:
    for name in ("images/photo.png", "Images/Photo.png", "images"):
        text = Document(
            Path("a.md"), "content/posts/a.md", "post", links=[(7, f"{{static}}/{name}")]
        )
        (problem,) = links([text], set(), {"images/Photo.png"}, "content")
        assert problem.line == 7
        assert problem.message.endswith("Did you mean images/Photo.png?" if "." in name else ".")


@pytest.mark.parametrize("title", ["Con", "aux", "NUL", "Com1", "lpt9"])
def test_a_name_that_windows_keeps_to_itself_begins_no_post(tmp_path: Path, title: str) -> None:
    project = copy_project(tmp_path / "project")
    before = sorted((project / "content/posts").iterdir())
    run = invoke(project, "new", title)
    assert (run.returncode, run.stderr.count("\n")) == (1, 1)
    assert sorted((project / "content/posts").iterdir()) == before


@pytest.mark.trouble("150 terminal of few letters")
def test_a_terminal_that_lacks_a_letter_shows_a_stand_in(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    (project / "content/posts/a-note.md").write_text(
        "Title: A note\nDate: 2026-11-20\n\nSee [字](http://example.org/字).\n", encoding="utf-8"
    )
    run = subprocess.run(
        [sys.executable, "-m", "invoke", "check"],
        cwd=project,
        env={**os.environ, "PYTHONIOENCODING": "iso-8859-1"},
        capture_output=True,
        encoding="iso-8859-1",
    )
    assert run.returncode == 1
    assert "content/posts/a-note.md:4: " in run.stdout
    assert "http://example.org/?" in run.stdout
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("place", ["posts/a-pipe.md", "images/a-pipe.png", "sources.bib"])
def test_a_named_pipe_is_a_problem_and_hangs_nothing(tmp_path: Path, place: str) -> None:
    project = copy_project(tmp_path / "project")
    (project / "content/images").mkdir(exist_ok=True)
    path = project / "content" / place
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    for command in ("check", "build"):
        run = subprocess.run(
            [sys.executable, "-m", "invoke", command],
            cwd=project,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert run.returncode == 1
        assert f"content/{place}:1: This is no regular file" in run.stdout + run.stderr


def one_problem(project: Path, command: str, start: str) -> None:
    """Fail unless a command ends with one line that starts so, and without a traceback."""
    run = invoke(project, command, SITEURL="https://one.internal")
    output = run.stdout + run.stderr
    assert run.returncode == 1, output
    assert "Traceback" not in output
    assert [line for line in output.splitlines() if line.startswith(start)], output


@pytest.mark.trouble("205 settings broken")
def test_settings_that_python_cannot_read_are_told_by_line(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    settings = project / "pelicanconf.py"
    whole = settings.read_text(encoding="utf-8")
    for broken, line, reason in (
        ('SITENAME = "x\n', 1, "SyntaxError: unterminated string literal"),
        ("\n\nSITENAME = x\n", 3, "NameError: name 'x' is not defined"),
        ("SITENAME = 'x'\n", 1, "PATH is missing"),
    ):
        settings.write_text(broken, encoding="utf-8")
        for command in ("check", "build", "drafts"):
            one_problem(project, command, f"pelicanconf.py:{line}: {reason}")
    settings.write_text(whole.replace("\n", "\n\n?\n", 1), encoding="utf-8")
    one_problem(project, "publish", "pelicanconf.py:3: SyntaxError: invalid syntax")
    settings.write_text(whole, encoding="utf-8")
    assert invoke(project, "check").returncode == 0


@pytest.mark.trouble("205 template broken")
def test_a_template_that_jinja_cannot_read_is_told_by_line(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    template = project / "theme/templates/article.html"
    lines = template.read_text(encoding="utf-8").count("\n")
    with template.open("a", encoding="utf-8") as file:
        file.write("{% endblok %}\n")
    where = f"theme/templates/article.html:{lines + 1}: TemplateSyntaxError: "
    one_problem(project, "build", where)


def free_port() -> int:
    """Return a port that nothing uses at any address of localhost."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def preview(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A running `invoke serve`, and its port."""
    project = copy_project(tmp_path_factory.mktemp("preview") / "project")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "invoke", "serve", "--port", str(port)],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    with process:
        assert process.stdout
        for line in process.stdout:
            if "shows the site" in line:
                break
        yield process, port
        process.kill()


def ask(host: str, port: int, path: str) -> int:
    """Return the status of an answer."""
    connection = HTTPConnection(host, port, timeout=20)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def test_the_preview_answers_at_each_address_of_localhost(
    preview: tuple[subprocess.Popen[str], int],
) -> None:
    known = socket.getaddrinfo("localhost", preview[1], type=socket.SOCK_STREAM)
    assert {ask(place[0], preview[1], "/") for *_, place in known} == {200}


@pytest.mark.trouble("180 preview's long path")
@pytest.mark.trouble("181 preview's saves with a word")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/" + "a" * 5000, 404),
        ("/" + "%C3%A9" * 200, 404),
        ("/%00", 404),
        ("/.saves?abc", 400),
        ("/.saves?%C2%B2", 400),
        ("/.saves", 400),
        ("/about/", 200),
    ],
)
def test_what_is_no_address_is_answered(
    preview: tuple[subprocess.Popen[str], int], path: str, status: int
) -> None:
    assert ask("localhost", preview[1], path) == status


@pytest.mark.trouble("203 few watchers of saves")
def test_where_the_system_tells_of_no_saves_they_are_looked_for_and_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def watch(*_: Path, **options: object) -> Iterator[set[str]]:
        if not options.get("force_polling"):
            raise RuntimeError("OS file watch limit reached. about [...]")
        yield {"a save"}

    monkeypatch.setattr(server, "watch", watch)
    assert list(server.changes([Path()])) == [{"a save"}]
    printed = capsys.readouterr().out
    assert "watch limit reached" in printed and "max_user_watches" in printed
    assert printed.count("\n") == 1


def test_ctrl_c_ends_the_preview_without_a_word_of_pythons(
    preview: tuple[subprocess.Popen[str], int],
) -> None:
    process, _ = preview
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert "Traceback" not in output and "Error" not in output


def test_a_port_in_use_at_any_address_is_told(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    places = {place[0] for *_, place in socket.getaddrinfo("localhost", 0)}
    for host in places:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, 0), family=family) as taken:
            port = taken.getsockname()[1]
            run = invoke(project, "serve", "--port", str(port))
            assert run.returncode == 1
            assert run.stderr.startswith(f"Port {port}: "), run.stderr


def test_tests_that_are_left_out_somewhere_exist() -> None:
    names = {package.tests for package in packages.TESTS} - {""}
    assert names
    assert all((ROOT / "tests" / name).exists() for name in names)


def test_every_package_is_named_for_debian() -> None:
    assert all(package.debian for package in packages.TESTS)
    assert all(package.homebrew or package.tests for package in packages.TESTS)


def test_programs_are_found_beside_this_python() -> None:
    for name in ("codespell", "rumdl"):
        assert Path(system.program(name)).parent == Path(sys.executable).parent
