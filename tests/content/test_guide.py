"""What the writers' guide tells a writer to do stays green, and goes live.

Each change is made in a copy of this project with its own content, one after the other, and
checked; then the copy is published, and every test that reads content runs on it.
"""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

from conftest import ROOT, copy_repository, invoke
from expected import Content
from PIL import Image

TODAY = date.today().isoformat()


def replace(path: Path, pattern: str, new: str) -> None:
    """Replace the first match of a pattern in a file; fail where there is none."""
    text, count = re.subn(pattern, new, path.read_text(encoding="utf-8"), count=1, flags=re.M)
    assert count, f"{pattern} is not in {path}"
    path.write_text(text, encoding="utf-8", newline="\n")


def mend_a_typo(project: Path) -> None:
    replace(project / "content/pages/about.md", r"^This site ", "This small site ")


def change_a_helplines_number(project: Path) -> None:
    helplines = project / "content/helplines.toml"
    replace(helplines, r'^call = ".*"', 'call = "0800 555 0199"')
    replace(helplines, r"^checked = .*", f"checked = {TODAY}")


def take_a_helpline_out(project: Path) -> None:
    helplines = project / "content/helplines.toml"
    tables = re.split(r"(?m)^(?=\[\[)", helplines.read_text(encoding="utf-8"))
    tables.remove([table for table in tables if table.startswith("[[helpline]]")][-1])
    helplines.write_text("".join(tables), encoding="utf-8", newline="\n")


def publish_a_post(project: Path, title: str, body: str) -> None:
    posts = project / "content/posts"
    before = set(posts.iterdir())
    run = invoke(project, "new", title)
    assert run.returncode == 0, run.stderr
    [post] = set(posts.iterdir()) - before
    replace(post, r"^Status: draft\n", "Tags: reading, new things\n")
    replace(post, r"^Summary: .*", "Summary: A post of today.")
    replace(post, r"^Write here\.", body)


def publish_three_posts_of_today(project: Path) -> None:
    part = Content(project).parts[0]
    link = re.search(r"\(\[[^]]+\]\(#[^)]+\)\)", part.body)[0]
    publish_a_post(project, "Sleep", f"Words of today {link}.\n\n## A heading\n\n- One\n- Two")
    publish_a_post(
        project,
        "What “50 %” & other figures mean: a second post",
        f"It leads to [a part]({{filename}}/posts/{part.path.name}).\n\n> A quotation.\n\n1. One\n2. Two",
    )
    publish_a_post(project, "A third", "Words with a note.[^1]\n\n[^1]: The note's words.")


def add_a_picture(project: Path) -> None:
    images = project / "content/images"
    images.mkdir(exist_ok=True)
    Image.new("RGB", (1600, 900), "#557799").save(images / "blue.png")
    line = "![A blue field]({static}/images/blue.png)"
    replace(project / "content/posts/sleep.md", r"^## A heading\n", rf"{line}\n\n## A heading\n")


def add_a_table_with_aligned_columns(project: Path) -> None:
    table = "| A | B | C |\n|:--|:-:|--:|\n| 1 | 2 | 3 |"
    replace(project / "content/posts/sleep.md", r"^- One\n", f"{table}\n\n- One\n")


def say_that_a_part_was_modified(project: Path) -> None:
    replace(
        Content(project).parts[0].path, r"^(Date: .*\n)(Modified: .*\n)?", rf"\1Modified: {TODAY}\n"
    )


def add_a_part(project: Path) -> None:
    """Put it before the last, with notes like those of the first."""
    first, *_, last = Content(project).parts
    words = "A new paragraph of the author’s, which says “something” at last."
    heading = f"    {last.part}. Something New:\n\n    {words}\n\n"
    replace(project / "content/article.txt", rf"^(?=.*\b{re.escape(last.title)}:$)", heading)
    last.path.rename(last.path.with_name(f"{last.part + 1}-{last.slug}.md"))
    header, notes = first.path.read_text(encoding="utf-8").split("\n\n", 1)[0], first.body
    header = re.sub(r"Title: .*", "Title: Something New", header)
    notes = notes[notes.index("## ") :]
    post = last.path.with_name(f"{last.part}-something-new.md")
    post.write_text(f"{header}\n\n{words}\n\n{notes}", encoding="utf-8", newline="\n")


def add_a_source(project: Path) -> None:
    """Add one like another, and cite it in the new part."""
    content = Content(project)
    part = next(part for part in content.parts if part.slug == "something-new")
    key = re.search(r"\]\(#([^)]+)\)", part.body)[1]
    bib = project / "content/sources.bib"
    entry = re.search(rf"(?ms)^@\w+{{{key},.*?^}}\n", bib.read_text(encoding="utf-8"))[0]
    added = entry.replace(key, f"{key}new", 1)
    added = re.sub(r"(?m)^  (doi|pmid|url|shortauthor) = .*\n", "", added)
    added = re.sub(
        r"(?m)^  urldate = .*",
        f"  shortauthor = {{New}},\n  doi = {{10.5555/new}},\n  urldate = {{{TODAY}}},",
        added,
    )
    replace(bib, rf"^@\w+{{{key},(?s:.*?)^}}\n", f"{entry}\n{added}".replace("\\", r"\\"))
    label = f"New {year[1]}" if (year := re.search(r"(?m)^  year = {(.*)}", added)) else "New"
    replace(part.path, rf"\[[^]]*\]\(#{key}\)", f"[{label}](#{key}new)")


def check_a_source_again(project: Path) -> None:
    replace(project / "content/sources.bib", r"urldate = \{.*?\}", f"urldate = {{{TODAY}}}")


def correct_the_authors_words(project: Path) -> None:
    part = Content(project).parts[0]
    sentence = part.body.lstrip()[:40]
    for path in (project / "content/article.txt", part.path):
        replace(path, re.escape(sentence), f"Truly: {sentence}")


CHANGES = [
    mend_a_typo,
    change_a_helplines_number,
    take_a_helpline_out,
    publish_three_posts_of_today,
    add_a_picture,
    add_a_table_with_aligned_columns,
    say_that_a_part_was_modified,
    add_a_part,
    add_a_source,
    check_a_source_again,
    correct_the_authors_words,
]


def test_every_change_of_the_guide_stays_green(tmp_path: Path) -> None:
    project = copy_repository(tmp_path / "changed")
    for change in CHANGES:
        change(project)
        check = invoke(project, "check")
        assert check.returncode == 0, f"{change.__name__}\n{check.stdout}{check.stderr}"
    published = invoke(project, "publish", SITEURL="https://reading-room.internal")
    assert published.returncode == 0, published.stdout + published.stderr
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "content", f"--project={project}", "-n", "2"],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")},
        capture_output=True,
        text=True,
    )
    assert tests.returncode == 0, tests.stdout[-5000:] + tests.stderr
    assert re.search(r"\d\d passed", tests.stdout), tests.stdout
