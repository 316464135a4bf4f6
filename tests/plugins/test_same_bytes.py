"""Speed changes no byte: whatever the processes, the state of the cache, and without the plugin."""

import re
import shutil
from pathlib import Path

import pytest
from conftest import UNDER_A_PATH, build, copy_project, fingerprint
from posts import multiply

from tools.processes import PAGES_WORTH_A_PROCESS

POSTS = 2 * PAGES_WORTH_A_PROCESS + 10
PLUGIN = '    "plugins.build_cache",\n'


def slowly(project: Path, out: Path) -> dict[str, str]:
    """Build a project without the plugin; return the digest of each file."""
    conf = project / "pelicanconf.py"
    text = conf.read_text()
    assert PLUGIN in text
    conf.write_text(text.replace(PLUGIN, ""))
    built = build(project, out)
    conf.write_text(text)
    assert built.code == 0, built.printed
    assert not (project / ".cache").exists()
    return fingerprint(built.folder)


def kept(project: Path, folder: str = "documents") -> dict[str, int]:
    """Return the files in a folder of a project's cache, and when each was written."""
    files = (project / ".cache" / folder).iterdir()
    return {file.name: file.stat().st_mtime_ns for file in files}


def flip(cache: Path) -> None:
    for file in cache.iterdir():
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)


def cut(cache: Path) -> None:
    for file in cache.iterdir():
        file.write_bytes(file.read_bytes()[:-1])


def mix_up(cache: Path) -> None:
    """Give each file the bytes of another."""
    files = sorted(cache.iterdir())
    data = [file.read_bytes() for file in files]
    for file, other in zip(files, [*data[1:], data[0]], strict=True):
        file.write_bytes(other)


def empty(cache: Path) -> None:
    for file in cache.iterdir():
        file.write_bytes(b"")


def folders(cache: Path) -> None:
    for file in cache.iterdir():
        file.unlink()
        file.mkdir()


def no_folder(cache: Path) -> None:
    shutil.rmtree(cache)
    cache.write_text("")


def test_a_build_is_the_same_without_the_plugin_and_in_any_number_of_processes(
    tmp_path: Path,
) -> None:
    many = multiply(copy_project(tmp_path / "many"), POSTS)
    slow = slowly(many, tmp_path / "slow")
    for processes in ("1", "2", "3"):
        shutil.rmtree(many / ".cache", ignore_errors=True)
        built = build(many, tmp_path / processes, PROCESSES=processes)
        assert built.code == 0, built.printed
        assert fingerprint(built.folder) == slow, processes
    template = many / "theme/templates/article.html"
    line = "{% if article.slug.endswith('-60') %}{{ article.nothing_of_the_kind }}{% endif %}"
    template.write_text(template.read_text().replace("<article", f"{line}<article", 1))
    built = build(many, tmp_path / "out", "--fatal", "errors", PROCESSES="2")
    assert built.code != 0 and "nothing_of_the_kind" in built.printed


def test_what_is_published_is_the_same_in_any_number_of_processes(
    project: Path, tmp_path: Path
) -> None:
    plugin, conf = project / "tools/processes.py", project / "publishconf.py"
    few = plugin.read_text().replace("PAGES_WORTH_A_PROCESS = 40", "PAGES_WORTH_A_PROCESS = 4")
    assert few != plugin.read_text()
    plugin.write_text(few)
    conf.write_text(conf.read_text() + 'BOOK_URL = ""\n')
    made = []
    for processes in ("1", "2"):
        out = tmp_path / processes
        env = {"SITEURL": UNDER_A_PATH, "PROCESSES": processes}
        built = build(project, out, settings="publishconf.py", **env)
        assert built.code == 0, built.printed
        made.append(fingerprint(out))
    assert made[0] == made[1]
    assert "calmer-thoughts/card.png" in made[0]


@pytest.mark.parametrize("folder", ["documents", "templates"])
def test_a_cache_that_is_damaged_is_not_believed(
    project: Path, tmp_path: Path, folder: str
) -> None:
    slow = slowly(project, tmp_path / "slow")
    assert build(project, tmp_path / "first").code == 0
    names = kept(project, folder).keys()
    assert len(names) > 10
    for harm in (flip, cut, mix_up, empty, folders, no_folder):
        harm(project / ".cache" / folder)
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        built = build(project, tmp_path / "out")
        assert built.code == 0, (harm, built.printed)
        assert fingerprint(built.folder) == slow, harm
        assert kept(project, folder).keys() <= names, harm


def test_what_was_kept_is_used_and_what_is_foreign_or_old_is_not(
    project: Path, tmp_path: Path
) -> None:
    assert build(project, tmp_path / "one").code == 0
    before = kept(project)
    post = project / "content/pages/about.md"
    post.write_text(post.read_text() + "\nA word more.\n")
    assert build(project, tmp_path / "two").code == 0
    after = kept(project)
    assert len(after.items() - before.items()) == len(before.items() - after.items()) == 1
    for name in ("tools/content/body.py", "content/sources.bib", "pelicanconf.py"):
        path = project / name
        path.write_text(re.sub(r"(volume = \{)", r"\g<1>1", path.read_text()) + "\n")
        if name == "pelicanconf.py":
            path.write_text(path.read_text() + 'TYPOGRIFY_DASHES = "oldschool"\n')
        shutil.rmtree(tmp_path / "two")
        built = build(project, tmp_path / "two")
        assert built.code == 0, built.printed
        assert not after.items() & kept(project).items(), name
        after = kept(project)
