"""Tasks played side by side, and their results in a folder: whole, in the order asked for, whatever played first."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resilience import __version__
from resilience.batch.task import Task
from resilience.errors import InputError
from resilience.exports.folder import Folder, refusal
from resilience.exports.tables import csv, parquet

SCHEMA = "resilience.batch/1"
DATA, PROOFS = "data", "proofs"  # folders of the parts, and of what proves each whole
PART = re.compile(r"[0-9a-f]{24}\.(parquet|json)(\.part)?")


@dataclass(frozen=True)
class Outcome:
    """What became of a task: its rows, or what is wrong with its input. done_before: an earlier run had played it."""

    task: Task
    key: str = ""
    rows: tuple[dict[str, Any], ...] = ()
    faults: tuple[str, ...] = ()
    done_before: bool = False


def project_many(tasks: Sequence[Task], executor: Executor | None = None, workers: int = 1) -> Iterator[Outcome]:
    """Outcomes as they finish. executor: any of `concurrent.futures`, or of a cluster (`Client.get_executor()`); none: `workers` processes.

    A fault of one task's input is its outcome and stops no other.
    """
    if executor is None and workers > 1 and len(tasks) > 1:
        start = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(workers, len(tasks)), mp_context=start) as own:
            yield from project_many(tasks, own)
    elif executor is None:
        yield from map(play, tasks)
    else:
        waiting = [executor.submit(play, task) for task in tasks]
        try:
            for one in as_completed(waiting):
                yield one.result()
        finally:
            for one in waiting:
                one.cancel()


def play(task: Task) -> Outcome:
    """Plays one task. Whatever befalls it is its own outcome: hundreds of others may be waiting."""
    try:
        key = task.key()
        return Outcome(task, key, tuple(task.rows()))
    except InputError as error:
        return Outcome(task, faults=tuple(str(one) for one in error.faults))
    except Exception as error:
        words = " ".join(str(error).split())[:300]
        said = f"{task.file}: {type(error).__name__}: {words}: this is a fault of the program, not of your file; please report it"
        return Outcome(task, faults=(said,))


def batch(
    tasks: Sequence[Task],
    folder: str | os.PathLike[str],
    executor: Executor | None = None,
    workers: int = 1,
    finished: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Plays what an earlier run has not, and writes the parts, `summary.csv`, `summary.xlsx` and `manifest.json` into a folder.

    A part is kept where its name and the hash beside it agree with what is asked for. Parts of another batch are removed: a folder holds
    one. Outcomes in the order of the tasks. Same inputs, same bytes, whatever the workers, and broken off or not. Raises WriteError.
    """
    with Folder(Path(folder)) as target:
        for inner in (DATA, PROOFS):
            (Path(folder) / inner).mkdir(exist_ok=True)
        parts = Path(folder)
        found, to_play = dict[Task, Outcome](), []
        for task in tasks:
            before = _before(parts, task)
            if before is None:
                to_play.append(task)
            else:
                found[task] = before
                finished(before)
        for one in project_many(to_play, executor, workers):
            if not one.faults:
                _keep(parts, one)
            found[one.task] = one
            finished(one)
        outcomes = [found[task] for task in tasks]
        known = {one.key for one in outcomes}
        for file in (*(parts / DATA).iterdir(), *(parts / PROOFS).iterdir()):
            if PART.fullmatch(file.name) and (file.name[:24] not in known or file.suffix == ".part"):
                file.unlink()
        rows = [row for one in outcomes for row in one.rows]
        files: dict[str, Callable[[Path], None]] = {
            "summary.csv": lambda file: _text(file, csv(_table(rows))),
            "summary.xlsx": lambda file: _workbook(file, rows),
            "manifest.json": lambda file: _text(file, _manifest(outcomes, parts)),
        }
        target.write(files)
    return outcomes


def _before(parts: Path, task: Task) -> Outcome | None:
    """What an earlier run has left of a task, if it is whole."""
    try:
        key = task.key()
        held = json.loads((parts / PROOFS / f"{key}.json").read_text("utf-8"))
        if held["sha256"] != _sha256(parts / DATA / f"{key}.parquet"):
            return None
        return Outcome(task, key, tuple(held["rows"]), done_before=True)
    except (InputError, OSError, ValueError, KeyError):
        return None


def _keep(parts: Path, one: Outcome) -> None:
    """Writes a part and, when it stands, what proves it."""
    data, proof = parts / DATA / f"{one.key}.parquet", parts / PROOFS / f"{one.key}.json"
    _whole(data, lambda file: parquet(file, _table(list(one.rows))))
    held = json.dumps({"sha256": _sha256(data), "rows": one.rows})
    _whole(proof, lambda file: _text(file, held))


def _whole(file: Path, write: Callable[[Path], None]) -> None:
    part = file.with_name(file.name + ".part")
    try:
        write(part)
        with part.open("rb+") as held:
            os.fsync(held.fileno())
        os.replace(part, file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise refusal(file, error) from None


def _table(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Rows as columns; what a row does not have is empty."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: [row.get(name) for row in rows] for name in names}


def _workbook(file: Path, rows: list[dict[str, Any]]) -> None:
    """The summary as a workbook of values; text stays text, also where it starts with "="."""
    import datetime

    import xlsxwriter

    book = xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Batch", "created": datetime.datetime(2026, 1, 1)})  # same bytes each time
    sheet, bold = book.add_worksheet("Summary"), book.add_format({"bold": True})
    table = _table(rows)
    for c, (name, values) in enumerate(table.items()):
        sheet.write_string(0, c, name.replace("_", " "), bold)
        for r, value in enumerate(values, 1):
            if isinstance(value, str):
                sheet.write_string(r, c, value)
            elif value is not None:
                sheet.write_number(r, c, value)
    sheet.freeze_panes(1, 2)
    book.close()


def _manifest(outcomes: Sequence[Outcome], parts: Path) -> str:
    """What was asked for and what became of it, in order."""
    items = [
        {
            "file": one.task.file,
            "scenarios": list(one.task.scenarios),
            "strategies": list(one.task.strategies),
            "paths": one.task.paths,
            "months": one.task.months,
            "seed": one.task.seed,
            "part": f"{DATA}/{one.key}.parquet" if one.rows else None,
            "sha256": _sha256(parts / DATA / f"{one.key}.parquet") if one.rows else None,
            "faults": list(one.faults),
        }
        for one in outcomes
    ]
    return json.dumps({"schema": SCHEMA, "version": __version__, "items": items}, indent=2, ensure_ascii=False) + "\n"


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _text(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8"))
