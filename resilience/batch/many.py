"""Tasks played into a folder: whole, in the order asked for, whatever played first, and going on where a run has stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from resilience.batch.parts import Parts
from resilience.batch.playing import Outcome, project_many
from resilience.batch.results import DATA, PARTS, write
from resilience.batch.task import Task
from resilience.errors import InputError
from resilience.exports.folder import Folder

OTHER = "a worker read other files than these, or runs another version; give all of them the same folder and the same program"


def batch(
    tasks: Sequence[Task],
    folder: str | os.PathLike[str],
    executor: Executor | None = None,
    workers: int = 1,
    finished: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Plays what an earlier run has not, and writes the data set, `summary.csv`, `summary.xlsx` and `manifest.json` into a folder.

    Outcomes in the order of the tasks, without their rows, which stand in the folder (`Parts(…).rows(key)`). A part counts as done
    where its name and its hash agree with what is asked for; parts of another batch are removed: a folder holds one. Same inputs, same
    bytes, whatever the workers, and broken off or not. Raises WriteError.
    """
    path = Path(folder)
    with Folder(path) as target, Folder(path / DATA) as data:
        parts, found, to_play = Parts(path / PARTS), dict[Task, Outcome](), []
        for task in dict.fromkeys(tasks):
            before = parts.before(task)
            if before is None:
                to_play.append(task)
            else:
                found[task] = before
                finished(before)
        for one in project_many(to_play, executor, workers):
            found[one.task] = _kept(parts, one)
            finished(found[one.task])
        outcomes = [found[task] for task in dict.fromkeys(tasks)]
        parts.sweep({one.key for one in outcomes})
        write(target, data, outcomes, parts)
    return outcomes


def _kept(parts: Parts, one: Outcome) -> Outcome:
    """The outcome without its rows, once they are written."""
    if one.faults:
        return one
    try:
        same = one.task.key() == one.key
    except InputError:
        same = False
    if not same:
        return Outcome(one.task, faults=(f"{one.task.file}: {OTHER}",))
    parts.keep(one)
    return replace(one, rows=())
