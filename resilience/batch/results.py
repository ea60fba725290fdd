"""The results of a batch: a data set of Parquet files, the same rows as CSV and as a workbook, and a manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from resilience import __version__
from resilience.batch.parts import Parts
from resilience.batch.playing import Outcome
from resilience.batch.task import COLUMNS, NUMBERS, TEXTS
from resilience.exports.folder import Folder
from resilience.exports.tables import csv

SCHEMA = "resilience.batch/1"
DATA, PARTS = "data", "parts"
TOGETHER = 1000  # organisations whose rows stand in one file of the data set
SHEET_ROWS = 1_048_575  # that a sheet of a workbook can hold below its headings
SAVED = datetime(2026, 1, 1)  # so that a workbook has the same bytes each time

Row = dict[str, Any]


def write(target: Folder, data: Folder, outcomes: Sequence[Outcome], parts: Parts) -> None:
    """Writes everything, or nothing. Rows are read from the parts as they are needed. Raises WriteError."""
    done = [one for one in outcomes if not one.faults]
    groups = [done[i : i + TOGETHER] for i in range(0, len(done), TOGETHER)] or [[]]
    names = [f"part-{i:05}.parquet" for i in range(len(groups))]
    held = [f"{DATA}/{name}" for name in names]
    files: dict[str, Callable[[Path], None]] = {
        name: _parquet(group, parts) for name, group in zip(held, groups, strict=True)
    }
    files |= {
        "summary.csv": lambda file: _csv(file, groups, parts),
        "summary.xlsx": lambda file: _workbook(file, outcomes, parts),
        "manifest.json": lambda file: _text(file, _manifest(outcomes, {name: target.part(name) for name in held})),
    }
    target.write(files)
    for left in data.path.glob("part-*.parquet"):  # of a larger batch
        if left.name not in names:
            left.unlink()


def rows_of(outcomes: Sequence[Outcome], parts: Parts) -> Iterator[Row]:
    """Rows in the order of the outcomes, one part in memory at a time."""
    for one in outcomes:
        if not one.faults:
            yield from parts.rows(one.key)


def _table(group: Sequence[Outcome], parts: Parts) -> dict[str, list[Any]]:
    rows = list(rows_of(group, parts))
    return {name: [row[name] for row in rows] for name in COLUMNS}


def _parquet(group: Sequence[Outcome], parts: Parts) -> Callable[[Path], None]:
    """A writer of one file of the data set: a column has the same type in all of them, whether or not anything stands in it."""

    def write(file: Path) -> None:
        import pyarrow
        from pyarrow import parquet as pq

        kinds = {name: pyarrow.string() for name in TEXTS} | {name: pyarrow.float64() for name in NUMBERS}
        schema = pyarrow.schema([(name, kinds.get(name, pyarrow.int64())) for name in COLUMNS])
        pq.write_table(pyarrow.table(_table(group, parts), schema=schema), file, compression="zstd")

    return write


def _csv(file: Path, groups: Sequence[Sequence[Outcome]], parts: Parts) -> None:
    with file.open("wb") as stream:
        for i, group in enumerate(groups):
            text = csv(_table(group, parts))
            stream.write((text if i == 0 else text.partition("\r\n")[2]).encode("utf-8"))


def _workbook(file: Path, outcomes: Sequence[Outcome], parts: Parts) -> None:
    """Sheets of what was played and of what failed; text stays text, also where it starts with "="."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    how = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    book = xlsxwriter.Workbook(str(file), how)
    book.set_properties({"title": "Batch", "created": SAVED})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Summary")
    _line(sheet, 0, [name.replace("_", " ") for name in COLUMNS], bold)
    sheet.freeze_panes(1, 2)
    for r, row in enumerate(rows_of(outcomes, parts), 1):
        if r == SHEET_ROWS:
            _line(sheet, r, ["… and more: a sheet holds no more rows; all of them stand in summary.csv"])
            break
        _line(sheet, r, [row[name] for name in COLUMNS])
    if failed := [(one.task.file, fault) for one in outcomes for fault in one.faults][:SHEET_ROWS]:
        other = book.add_worksheet("Failed")
        _line(other, 0, ["file", "fault"], bold)
        for r, line in enumerate(failed, 1):
            _line(other, r, line)
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error)) from None


def _line(sheet: Any, r: int, values: Sequence[Any], *style: Any) -> None:
    for c, value in enumerate(values):
        if isinstance(value, str):
            sheet.write_string(r, c, value, *style)
        elif value is not None:
            sheet.write_number(r, c, value, *style)


def _manifest(outcomes: Sequence[Outcome], data: dict[str, Path]) -> str:
    """What was asked for and what became of it, in order. data: files of the data set by name, under their temporary names."""
    items = [
        {
            "file": one.task.file,
            "scenarios": list(one.task.scenarios),
            "strategies": list(one.task.strategies),
            "paths": one.task.paths,
            "months": one.task.months,
            "seed": one.task.seed,
            "key": one.key or None,
            "faults": list(one.faults),
        }
        for one in outcomes
    ]
    failed = sum(bool(one.faults) for one in outcomes)
    held = {
        "schema": SCHEMA,
        "version": __version__,
        "organisations": len(outcomes),
        "played": len(outcomes) - failed,
        "failed": failed,
        "data": [{"file": name, "sha256": _sha256(file)} for name, file in data.items()],
        "items": items,
    }
    return json.dumps(held, indent=2, ensure_ascii=False) + "\n"


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _text(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8"))
