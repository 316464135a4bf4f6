"""The cache never lies: check, build and publish agree, whatever happened to the files before.

The random walk prints its seed; SEED=… walks the same way again, STEPS=… further.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from conftest import UNDER_A_PATH, Built, build, fingerprint, invoke
from session import Edit, Session, authors_word, first_part

PUBLISH = ("-e", 'BOOK_URL=""')


@pytest.fixture
def session(project: Path) -> Iterator[Callable[[], Session]]:
    """Start previews of the project; they end with the test."""
    started: list[Session] = []

    def start() -> Session:
        started.append(Session(project))
        return started[-1]

    yield start
    for each in started:
        each.stop()


def unknown_citation(project: Path) -> Edit:
    page = project / "content/pages/about.md"
    text = (
        f"{page.read_text(encoding='utf-8').rstrip()}\n\nIt is so ([Nobody 2001](#nobody2001)).\n"
    )
    return Edit("an unknown citation", {page: text})


def broken_sources(project: Path) -> Edit:
    path = project / "content/sources.bib"
    return Edit("broken sources", {path: f"{path.read_text(encoding='utf-8')}\n@article{{x, = \n"})


def stricter_rule(project: Path) -> Edit:
    """Allow sentences of the notes a few words only."""
    path = project / "tools/check/notes.py"
    text = path.read_text(encoding="utf-8")
    return Edit(
        "a stricter rule", {path: re.sub(r"(?m)^WORDS_AT_MOST = \d+$", "WORDS_AT_MOST = 4", text)}
    )


def stricter_pattern(project: Path) -> Edit:
    """Take a word that the texts have for one that promises."""
    path = project / "tools/check/patterns.toml"
    text = path.read_text(encoding="utf-8").replace('signs = ["cure",', 'signs = ["walk", "cure",')
    return Edit("a stricter pattern", {path: text.replace("(?:cure[sd]?", "(?:walks | cure[sd]?")})


def output_of(project: Path, name: str, *options: str, **conf: str) -> Built:
    """Build into a folder beside the project, emptied before."""
    out = project.parent / name
    shutil.rmtree(out, ignore_errors=True)
    return build(project, out, *options, **conf)


def built_anew(project: Path) -> Built:
    """Build with nothing that was kept."""
    cache = project.parent / "empty cache"
    shutil.rmtree(cache, ignore_errors=True)
    return output_of(project, "anew", "-e", f'CACHE_PATH="{cache}"')


def published(project: Path) -> Built:
    """Build as publishing does, without the PDF."""
    env = {"SITEURL": UNDER_A_PATH, "settings": "publishconf.py"}
    return output_of(project, "published", *PUBLISH, **env)


def checked(project: Path) -> str:
    """Return what `invoke check` says is wrong, or nothing."""
    result = invoke(project, "check")
    return result.stdout if result.returncode else ""


def problems_in(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if re.match(r"[\w./-]+:\d+: ", line)]


def test_a_changed_word_of_the_authors_is_never_built_when_the_article_is_taken_back(
    project: Path, session: Callable[[], Session]
) -> None:
    article, post = authors_word(project)
    running = session()
    article.do()  # what tells of saves may come late, or never
    running.save(*post.do())
    running.stop()
    article.undo()
    message = f"{first_part(project).relative_to(project).as_posix()}:"
    assert message in checked(project)
    for result in (output_of(project, "built"), published(project)):
        assert result.code != 0 and message in result.printed


@pytest.mark.parametrize(
    ("edit", "message"),
    [(stricter_rule, "4 at the most"), (stricter_pattern, '"walks" promises too much')],
)
def test_a_rule_that_was_edited_while_serving_is_applied_by_the_next_build(
    edit: Callable[[Path], Edit], message: str, project: Path, session: Callable[[], Session]
) -> None:
    running = session()
    running.save(*edit(project).do())
    running.stop()
    assert message in checked(project)
    for result in (output_of(project, "built"), published(project)):
        assert result.code != 0 and message in result.printed


def test_a_text_that_was_read_beside_broken_sources_is_read_again(
    project: Path, session: Callable[[], Session]
) -> None:
    sources, citation = broken_sources(project), unknown_citation(project)
    running = session()
    running.save(*sources.do())
    assert "sources.bib" in running.printed
    running.save(*citation.do())
    sources.undo()
    assert "nobody2001 is neither" in running.save(first_part(project))
    running.stop()
    assert "nobody2001 is neither" in checked(project)
    for result in (output_of(project, "built"), published(project)):
        assert result.code != 0 and "nobody2001 is neither" in result.printed


def test_nothing_is_kept_that_was_judged_without_a_data_file(project: Path) -> None:
    article = project / "content/article.txt"
    for edit in (broken_sources(project), Edit("no article", {article: "\ufffd"})):
        edit.do()
        if edit.name == "no article":
            article.write_bytes(b"\xff\xfe")
        assert output_of(project, "built").code != 0
        assert not list((project / ".cache").glob("documents/*")), edit.name
        edit.undo()
    assert output_of(project, "built").code == 0
    assert list((project / ".cache").glob("documents/*"))


def test_with_any_cache_check_build_and_publish_say_what_a_build_without_one_says(
    project: Path, session: Callable[[], Session]
) -> None:
    seed = int(os.environ.get("SEED", Random().randrange(10**6)))
    chance, done = Random(seed), [f"SEED={seed}"]
    edits = [
        *authors_word(project),
        unknown_citation(project),
        broken_sources(project),
        stricter_rule(project),
    ]
    made: set[str] = set()
    running = session()
    for _ in range(int(os.environ.get("STEPS", "6"))):
        for edit in chance.sample(edits, chance.choice([1, 1, 2])):
            changed = edit.undo() if edit.name in made else edit.do()
            made ^= {edit.name}
            done.append(f"{'do' if edit.name in made else 'undo'} {edit.name}")
            running.save(*changed)
        if chance.random() < 0.4:
            done.append("restart")
            running.stop()
            running = session()
        anew, kept, public = built_anew(project), output_of(project, "built"), published(project)
        both = {"the article", "the part"}  # each is right only with the other
        assert (anew.code == 0) == (made in (set(), both)), (done, anew.printed)
        problems = problems_in(anew.printed)
        assert problems_in(kept.printed) == problems and kept.code == anew.code, (
            done,
            kept.printed,
        )
        assert set(problems) <= set(problems_in(public.printed)), (done, public.printed)
        assert public.code == anew.code, (done, public.printed)
        if chance.random() < 0.4:
            assert problems_in(checked(project)) == problems, done
        if anew.code == 0:
            assert fingerprint(kept.folder) == fingerprint(anew.folder), done
