"""Tasks played side by side over any `concurrent.futures.Executor`: processes here, those of a cluster elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from typing import Any

from resilience import processes
from resilience.batch.task import Task
from resilience.errors import InputError, shown

AHEAD = 1000  # tasks that a cluster is given before the first has come back
PROGRAM = "this is a fault of the program, not of the file; please report it"


@dataclass(frozen=True)
class Outcome:
    """What became of a task: its rows, or what is wrong. done_before: an earlier run had played it."""

    task: Task
    key: str = ""
    rows: tuple[dict[str, Any], ...] = ()
    faults: tuple[str, ...] = ()
    done_before: bool = False


def project_many(tasks: Sequence[Task], executor: Executor | None = None, workers: int = 1) -> Iterator[Outcome]:
    """Outcomes as they finish. executor: any of `concurrent.futures`, or of a cluster (`Client.get_executor()`); none: `workers` processes.

    Whatever befalls one task is its outcome and stops no other: a fault of its input, of the program, or the end of the process
    that played it.
    """
    if executor is not None:
        yield from _through(executor, tasks, AHEAD)
    elif workers > 1 and len(tasks) > 1:
        yield from _in_processes(tasks, workers)
    else:
        yield from map(play, tasks)


def play(task: Task) -> Outcome:
    """Plays one task."""
    try:
        key = task.key()
        rows = tuple(task.rows())
        if task.key() != key:
            return Outcome(task, faults=(f"{shown(task.file, 200)}: has changed while it was played; run it again",))
        return Outcome(task, key, rows)
    except InputError as error:
        return Outcome(task, faults=tuple(str(one) for one in error.faults))
    except Exception as error:
        return _failed(task, error)


def _failed(task: Task, error: BaseException, why: str = PROGRAM) -> Outcome:
    said = f"{type(error).__name__}: {shown(' '.join(str(error).split()), 200)}"
    return Outcome(task, faults=(f"{shown(task.file, 200)}: {said}; {why}",))


def _through(executor: Executor, tasks: Sequence[Task], ahead: int) -> Iterator[Outcome]:
    """Outcomes of an executor, which holds at most `ahead` tasks at a time, given in their order."""
    rest, waiting = iter(tasks), dict[Future[Outcome], Task]()
    try:
        while True:
            for task in islice(rest, ahead - len(waiting)):
                waiting[executor.submit(play, task)] = task
            if not waiting:
                return
            for one in wait(waiting, return_when=FIRST_COMPLETED).done:
                try:
                    found = one.result()
                except BrokenProcessPool:
                    raise
                except (Exception, CancelledError) as error:
                    found = _failed(waiting[one], error, "the worker that played it was lost; run it again")
                del waiting[one]
                yield found
    finally:
        for left in waiting:
            left.cancel()


def _in_processes(tasks: Sequence[Task], workers: int) -> Iterator[Outcome]:
    """Outcomes of processes of this computer. Where one ends, what was being played is tried again, each in a process of its own."""
    left, ahead = dict.fromkeys(tasks), 2 * workers
    while left:
        try:
            with processes.pool(min(workers, len(left))) as pool:
                for one in _through(pool, list(left), ahead):
                    del left[one.task]
                    yield one
        except BrokenProcessPool:
            for task in list(left)[:ahead]:  # these had been given out: tasks are given in their order
                del left[task]
                yield _alone(task)


def _alone(task: Task) -> Outcome:
    try:
        with processes.pool(1) as pool:
            return pool.submit(play, task).result()
    except BrokenProcessPool as error:
        return _failed(task, error, "the process that played it has ended: killed, or out of memory")
