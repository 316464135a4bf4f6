"""Share work among the processors, where a process can be forked safely."""

import logging
import os
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from typing import Any

from tools import system

# With fewer pages than this for each process, starting one takes longer than it saves.
PAGES_WORTH_A_PROCESS = 40


def parallel_map(work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """Return `work(item)` for each item, in their order, computed by one process per processor.

    Everything happens in this process where forking is not safe or not worth it. A share that
    fails, or logs a warning, is computed again here, so that it is reported as if there were one
    process. PROCESSES in the environment sets their number, whatever other threads there are.
    """
    items = list(items)
    asked = int(os.environ.get("PROCESSES", 0))
    count = min(asked or system.processors(), len(items) // PAGES_WORTH_A_PROCESS)
    fork = system.fork_context(beside_threads=asked > 1) if count > 1 else None
    if not fork:
        return [work(item) for item in items]

    def child(share: list[Any], answer: Connection) -> None:
        system.end_with_parent()
        setattr(logging.Logger, "callHandlers", leave_to_parent)  # noqa: B010 - mypy forbids `=`
        answer.send([work(item) for item in share])

    running = []
    for start in range(count):
        receiving, sending = fork.Pipe(duplex=False)
        process = fork.Process(target=child, args=(items[start::count], sending))
        process.start()
        sending.close()
        running.append((process, receiving))
    results: list[Any] = [None] * len(items)
    for start, (process, receiving) in enumerate(running):
        try:
            results[start::count] = receiving.recv()
        except EOFError:
            results[start::count] = [work(item) for item in items[start::count]]
        process.join()
    return results


def leave_to_parent(_: logging.Logger, record: logging.LogRecord) -> None:
    """End a forked process at its first warning: its parent computes its share again."""
    if record.levelno >= logging.WARNING:
        os._exit(1)
