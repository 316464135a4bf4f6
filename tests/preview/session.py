"""`invoke serve` without its sockets, and what a writer does while it runs."""

import os
import re
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path

import warm


class Session:
    """A project's preview in a process of its own, which keeps the code that it loaded."""

    def __init__(self, project: Path) -> None:
        """Start it, and wait until the site is made."""
        self.parent, child = warm.FORKS.Pipe()
        self.process = warm.FORKS.Process(target=preview, args=(project, child), daemon=True)
        self.process.start()
        child.close()
        self.printed = self.parent.recv()

    def save(self, *paths: Path) -> str:
        """Tell it what was saved; return what it prints of that."""
        self.parent.send({str(path) for path in paths})
        self.printed = self.parent.recv()
        return self.printed

    def get(self, name: str) -> tuple[int, str]:
        """Return a page's status and text."""
        self.parent.send(name)
        return self.parent.recv()

    def stop(self) -> None:
        """End it, as Ctrl+C does."""
        self.process.kill()
        self.process.join()


def preview(project: Path, pipe: Connection) -> None:
    """Do in the child what `invoke serve` does, but for the spelling."""
    os.chdir(project)
    sys.path = [str(project), *warm.other_folders(sys.path)]
    with redirect_stdout(StringIO()) as printed:
        from pelican.log import init

        from tools.check import language
        from tools.preview.session import Preview

        init()
        language.language = lambda *_: []
        served = Preview()
        served.save(set())
        pipe.send(printed.getvalue())
        while True:
            try:
                asked = pipe.recv()
            except EOFError:  # the test ended
                return
            if isinstance(asked, set):
                printed.truncate(printed.seek(0))
                served.save(asked)
                pipe.send(printed.getvalue())
            else:
                status, _, body = served.answer(asked)
                pipe.send((int(status), body.decode("utf-8")))


@dataclass
class Edit:
    """Something that a writer or a maintainer does to some files, and can take back."""

    name: str
    files: dict[Path, str]

    def __post_init__(self) -> None:
        self.before = {path: path.read_text(encoding="utf-8") for path in self.files}
        assert self.before != self.files, self.name

    def do(self) -> list[Path]:
        """Write the files."""
        return self.write(self.files)

    def undo(self) -> list[Path]:
        """Write them as they were."""
        return self.write(self.before)

    @staticmethod
    def write(files: dict[Path, str]) -> list[Path]:
        for path, text in files.items():
            path.write_text(text, encoding="utf-8", newline="\n")
        return [*files]


def first_part(project: Path) -> Path:
    """Return the file of the article's first part."""
    return next((project / "content/posts").glob("1-*.md"))


def authors_word(project: Path) -> tuple[Edit, Edit]:
    """Change one of the author's words: in the article, and in the first part."""
    article, post = project / "content/article.txt", first_part(project)
    head, gap, body = post.read_text(encoding="utf-8").partition("\n\n")
    word = max(re.findall(r"\b[a-z]+\b", body.split("\n\n")[0]), key=len)
    before, heading, passage = re.split(
        r"(1\. .*\n)", article.read_text(encoding="utf-8"), maxsplit=1
    )
    return (
        Edit("the article", {article: before + heading + passage.replace(word, "something", 1)}),
        Edit("the part", {post: head + gap + body.replace(word, "something", 1)}),
    )
