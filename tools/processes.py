"""Work is shared out among the processors, where a process can be forked."""

import gc
import logging
import os
from collections.abc import Callable, Iterable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

# For fewer pages than this, starting a process takes longer than it saves.
PAGES_WORTH_A_PROCESS = 40


def parallel_map(work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """Return `work(item)` for each item, in their order, from one process for each processor.

    A share that fails, or has a warning to tell, is done again here, so that it is told as if
    there were one process. PROCESSES in the environment sets their number.
    """
    items = list(items)
    count = int(os.environ.get("PROCESSES", 0)) or len(os.sched_getaffinity(0))
    count = min(count, len(items) // PAGES_WORTH_A_PROCESS)
    if count < 2:
        return [work(item) for item in items]
    fork = get_context("fork")

    def child(share: list[Any], result: Connection) -> None:
        logging.Logger.callHandlers = leave_to_parent
        result.send([work(item) for item in share])

    gc.freeze()
    running = []
    for start in range(count):
        here, there = fork.Pipe(duplex=False)
        process = fork.Process(target=child, args=(items[start::count], there))
        process.start()
        there.close()
        running.append((process, here))
    found: list[Any] = [None] * len(items)
    for start, (process, here) in enumerate(running):
        try:
            found[start::count] = here.recv()
        except EOFError:
            found[start::count] = [work(item) for item in items[start::count]]
        process.join()
    gc.unfreeze()
    return found


def leave_to_parent(_: logging.Logger, record: logging.LogRecord) -> None:
    """End a process that has a warning to tell."""
    if record.levelno >= logging.WARNING:
        os._exit(1)
