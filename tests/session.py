"""`invoke serve` without its sockets: a process of its own that is told what was saved."""

import os
import sys
from contextlib import redirect_stdout
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
    here = Path(__file__).parent
    sys.path = [str(project), *(p for p in sys.path if Path(p) not in (here, here.parent))]
    with redirect_stdout(StringIO()) as printed:
        from pelican.log import init

        from tools.check import language
        from tools.preview.session import Preview

        init()
        language.language = lambda *_: []
        shown = Preview()
        pipe.send(printed.getvalue())
        while True:
            asked = pipe.recv()
            if isinstance(asked, set):
                printed.truncate(printed.seek(0))
                shown.save(asked)
                pipe.send(printed.getvalue())
            else:
                status, _, body = shown.answer(asked)
                pipe.send((int(status), body.decode("utf-8")))
