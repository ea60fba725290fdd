"""The cells of a workbook that nobody has vouched for, read in a process of its own with limits (`python -m resilience.importers.cells`).

Before the library opens the file, its parts are unpacked piece by piece against a total, a ratio and their checksums, and its sheets
are looked through for their extent. The process may take 2 GB of memory and 30 s of processor; Windows knows no such limits, so
there only the time on the clock counts, besides the total, the ratio and the extent.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

from resilience.errors import Fault, InputError

LARGEST_FILE = 20_000_000  # bytes, packed
LARGEST, RATIO, SMALL = (
    50_000_000,
    200,
    1_000_000,
)  # bytes unpacked, over those packed, below which the ratio does not count
PARTS = 2000
ROWS, COLUMNS, CELLS = 100_000, 200, 300_000
MEMORY, SECONDS, CLOCK = 2 * 2**30, 30, 60
PIECE = 1 << 16
OURS = "save it in Excel or LibreOffice as .xlsx, from the template of `resilience workbook new`"
PURE = re.compile(r"[A-Z]{1,3}[0-9]{1,7}")

Cell = tuple[int, int, str, Any]  # row, column, both from 1; kind; value


class Refused(Exception):
    """A workbook that is not read: (problem, fix)."""


def cells_of(file: str | os.PathLike[str]) -> dict[str, list[Cell]]:
    """Cells that hold something, by sheet. Raises InputError.

    Kinds: n number, s text, b truth, d day, e error, f formula whose value is not in the file.
    """
    path = Path(file)
    _refuse_no_file(path)
    command = [sys.executable, "-P", "-m", "resilience.importers.cells", os.path.abspath(path)]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=CLOCK, env=environment, check=False)
        held = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        held = {"refused": ["takes more memory or time to read than a workbook of this kind can", OURS]}
    if "refused" in held:
        problem, fix = held["refused"]
        raise InputError([Fault(str(path), "", None, problem, fix)])
    return {name: [(r, c, kind, value) for r, c, kind, value in cells] for name, cells in held["sheets"]}


def _refuse_no_file(path: Path) -> None:
    """Raises InputError for what is no ordinary file, or too large."""
    try:
        problem, fix = (
            ("is a folder", "name the file in it")
            if path.is_dir()
            else ("is not an ordinary file", "name a file on disk")
            if path.exists() and not path.is_file()
            else ("is larger than 20 MB", OURS)
            if path.stat().st_size > LARGEST_FILE
            else ("", "")
        )
    except FileNotFoundError:
        problem, fix = "does not exist", "check the name and the folder"
    except (OSError, ValueError) as error:
        problem, fix = f"cannot be read ({getattr(error, 'strerror', None) or error})", "check the name and the folder"
    if problem:
        raise InputError([Fault(str(path), "", None, problem, fix)])


# ---- in the process of its own


def read(path: str) -> list[tuple[str, list[Cell]]]:
    """Sheets and their cells, in order. Raises Refused."""
    from xml.etree.ElementTree import ParseError

    import openpyxl
    from defusedxml.common import DefusedXmlException

    try:
        with zipfile.ZipFile(path) as packed:
            _refuse_bombs(packed)
            for name in packed.namelist():
                if name.endswith((".xml", ".rels")):
                    _refuse_extent(packed, name)
        values, formulas = (openpyxl.load_workbook(path, read_only=True, data_only=only) for only in (True, False))
        return [(sheet.title, list(_cells(sheet, formulas[sheet.title]))) for sheet in values.worksheets]
    except DefusedXmlException:
        raise Refused("defines entities, which no workbook needs", OURS) from None
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise Refused("is damaged, or is not a workbook (.xlsx); one with a password cannot be read", OURS) from None
    except (ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError) as error:
        raise Refused(f"cannot be read as a workbook ({type(error).__name__})", OURS) from None


def _refuse_bombs(packed: zipfile.ZipFile) -> None:
    """Unpacks every part piece by piece, keeping nothing: what is said of its size is not believed."""
    entries = packed.infolist()
    if len(entries) > PARTS:
        raise Refused(f"has more than {PARTS:,} parts", OURS)
    total, size = 0, sum(entry.compress_size for entry in entries)
    for entry in entries:
        if entry.flag_bits & 1:
            raise Refused("is locked with a password", "save it without one")
        with packed.open(entry) as part:
            while piece := part.read(PIECE):
                total += len(piece)
                if total > LARGEST:
                    raise Refused(f"unpacks to more than {LARGEST // 10**6} MB", OURS)
                if total > SMALL and total > RATIO * size:
                    raise Refused(f"unpacks to more than {RATIO} times its size", OURS)


def _refuse_extent(packed: zipfile.ZipFile, name: str) -> None:
    """Looks through a part: no entities; of a sheet, no cell far out, and not too many."""
    from defusedxml.ElementTree import iterparse

    sheet, number = name.startswith("xl/worksheets/sheet"), 0
    with packed.open(name) as part:
        for _, element in iterparse(part):
            tag = element.tag.rpartition("}")[2]
            if sheet and tag == "c":
                number += len(element) > 0  # what holds nothing counts for nothing
                _refuse_far(element.get("r", ""), name)
            elif sheet and tag == "row" and int(element.get("r") or 0) > ROWS:
                raise _far(name)
            if tag in ("row", "si"):
                element.clear()
            if number > CELLS:
                raise Refused(f"holds more than {CELLS:,} cells", OURS)


def _refuse_far(reference: str, name: str) -> None:
    from openpyxl.utils.cell import coordinate_to_tuple

    if reference:
        if not PURE.fullmatch(reference):
            raise Refused("has a cell that has no place", OURS)
        row, column = coordinate_to_tuple(reference)
        if row > ROWS or column > COLUMNS:
            raise _far(name)


def _far(name: str) -> Refused:
    where = Path(name).stem
    return Refused(f"{where} has a cell beyond row {ROWS:,} or column {COLUMNS}", "clear or delete what stands far out")


def _cells(values: Any, formulas: Any) -> Iterator[Cell]:
    for sheet in (values, formulas):
        sheet.reset_dimensions()  # what the file says of its extent is not believed
    for row, formula_row in zip(values.iter_rows(), formulas.iter_rows(), strict=True):
        for one, formula in zip(row, formula_row, strict=True):
            kind, value = _plain(one.value, one.data_type, formula.data_type)
            if kind:
                yield one.row, one.column, kind, value


def _plain(value: Any, kind: str, formula: str) -> tuple[str, Any]:
    """(kind, value) for JSON; ("", None) of an empty cell."""
    if value is None or value == "":
        return ("f", None) if formula == "f" else ("", None)
    if kind == "e":
        return "e", str(value)
    if isinstance(value, bool):
        return "b", value
    if isinstance(value, int | float):
        return ("n", value) if math.isfinite(value) else ("s", str(value))
    if isinstance(value, datetime):
        return "d", value.date().isoformat() if value.time() == time() else value.isoformat()
    return "s", str(value)


def _limit() -> None:
    """Memory and processor time of this process; nothing where the system knows no such limits."""
    with contextlib.suppress(ImportError):
        import resource

        for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, most))


def main() -> None:
    """Prints {"sheets": …} or {"refused": [problem, fix]}."""
    _limit()
    try:
        held: dict[str, Any] = {"sheets": read(sys.argv[1])}
    except Refused as error:
        held = {"refused": list(error.args)}
    except MemoryError:
        held = {"refused": ["takes more memory to read than a workbook of this kind can", OURS]}
    except OSError as error:
        held = {"refused": [f"cannot be read ({error.strerror or error})", "check the name and the folder"]}
    sys.stdout.write(json.dumps(held))


if __name__ == "__main__":
    main()
