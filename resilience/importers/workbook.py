"""A workbook that somebody has filled in, read into the tables of an organisation file; faults by sheet and cell. docs/workbook.md."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from resilience.errors import Fault, InputError, did_you_mean, place, shown
from resilience.importers.cells import Cell, cells_of
from resilience.organisation_file import organisation_from
from resilience.reading import read_value
from resilience.sheets import HUB, ORGANISATION, REMARKS, Field, Keys, Sheet, sheets

FRONT = "Read me"
FORMULA_FIX = "open it in Excel or LibreOffice and save it, or type the value"
# What the checks of a TOML file say, as it is done in a workbook.
FIXES = (
    (r"\badd \[(\w+)\.([\w-]+)\]", r"add a row \2 to the sheet \1"),
    (r"^add it$", "type it here"),
    (r"^put it in quotes$", "type text"),
    (r"^write its fields below a heading in square brackets$", "fill in the columns of its fields"),
    (r"^write it in square brackets, like .*$", "type names, with ; between them"),
    (r"\bwithout quotes, ", "without "),
)


@dataclass
class _Filled:
    """What has been read so far: the tables, and which cell each place of them came from."""

    file: str
    raw: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, tuple[str, str]] = field(default_factory=dict)  # place: (sheet, cell)
    faults: list[tuple[str, str, Fault]] = field(default_factory=list)  # sheet, cell ("": of none), what is wrong
    rows: dict[Keys, tuple[str, str]] = field(default_factory=dict)  # keys of a row's table: where its name stands

    def refuse(self, sheet: str, at: str, keys: Keys, value: Any, problem: str, fix: str) -> None:
        told = f" ({place(keys)})" if keys else ""
        self.faults.append((sheet, at, Fault(self.file, f"sheet {sheet}, cell {at}{told}", value, problem, fix)))

    def in_order(self) -> list[Fault]:
        """Faults by sheet, row and column."""
        order = [sheet.name for sheet in sheets()]
        return [
            one for *_, one in sorted(self.faults, key=lambda held: (order.index(held[0]), _row_and_column(held[1])))
        ]

    def put(self, sheet: str, at: str, keys: Keys, value: Any) -> None:
        """Puts a value at its place."""
        table: Any = self.raw
        for i, key in enumerate(keys[:-1]):
            table = table.setdefault(key, {})
            if not isinstance(table, dict):
                other = self.cells.get(place(keys[: i + 1]), ("", "?"))[1]
                self.refuse(sheet, at, keys, value, f"is a second value beside cell {other}", "clear one of the two")
                return
        if isinstance(table.get(keys[-1]), dict) and value != {}:
            self.refuse(
                sheet, at, keys, value, "stands beside filled cells of its own fields", "clear one or the other"
            )
        elif value != {} or keys[-1] not in table:
            table[keys[-1]] = value


def read_workbook(file: str | os.PathLike[str], remark: Callable[[str], None] = lambda text: None) -> dict[str, Any]:
    """The tables of an organisation file from a workbook in the layout of `resilience workbook new`, checked as an organisation.

    remark: is told what has been left out. Raises InputError with every fault: sheet, cell, value and what to type.
    """
    found, name = cells_of(file), os.fspath(file)
    filled = _Filled(name)
    known = {sheet.name.casefold(): sheet for sheet in sheets()}
    for title in found:
        if title.casefold() not in {*known, FRONT.casefold()}:
            guess = did_you_mean(title, [sheet.name for sheet in sheets()])
            remark(f"{name}: sheet {shown(title)}: is none of ours and is left out{f'; {guess}' if guess else ''}")
    if ORGANISATION.casefold() not in {title.casefold() for title in found}:
        fix = "start from the template: resilience workbook new F.xlsx"
        raise InputError([Fault(name, f"sheet {ORGANISATION}", None, "is missing", fix)])
    for sheet in sheets():  # in our order, so that docks are known before their posts
        cells = next((one for title, one in found.items() if title.casefold() == sheet.name.casefold()), None)
        if cells is not None:
            (_figures if sheet.name == ORGANISATION else _rows)(filled, sheet, cells)
    try:
        organisation_from(filled.raw, name)
    except InputError as error:
        wrong = {(sheet, at) for sheet, at, _ in filled.faults}
        for fault in error.faults:
            _placed(filled, fault, wrong)
    if filled.faults:
        raise InputError(dict.fromkeys(filled.in_order()))
    return filled.raw


def _figures(filled: _Filled, sheet: Sheet, cells: Sequence[Cell]) -> None:
    """The sheet Organisation: a field in column A, its value in column B."""
    grid = {(r, c): (kind, value) for r, c, kind, value in cells}
    for r in sorted({row for row, _ in grid} - {1}):
        title, held = grid.get((r, 1)), grid.get((r, 2))
        if title is None:
            if held is not None:
                filled.refuse(
                    sheet.name,
                    f"B{r}",
                    (),
                    held[1],
                    "stands beside no field",
                    "clear it, or name its field in column A",
                )
            continue
        one = _known(filled, sheet, str(title[1]), f"A{r}")
        if one is None:
            continue
        filled.cells[place(one.keys)] = (sheet.name, f"B{r}")
        if held is not None:
            _value(filled, sheet, f"B{r}", one, one.keys, held)


def _rows(filled: _Filled, sheet: Sheet, cells: Sequence[Cell]) -> None:
    """A sheet of named things: headings in row 1, help in row 2, a thing a row from row 3 on."""
    grid = {(r, c): (kind, value) for r, c, kind, value in cells}
    headings = {c: str(value).strip() for (r, c), (_, value) in grid.items() if r == 1}
    left = ("name", "where") if sheet.placed else ("name",)
    columns: dict[int, Field] = {}
    own = {heading: c for c, heading in headings.items()}
    for heading in left:
        if heading not in own and len({r for r, _ in grid}) > 2:
            filled.refuse(sheet.name, "A1", (), None, f"has no column {heading}", f"write {heading} at the head of one")
            return
    for c, heading in sorted(headings.items()):
        if heading not in left and (one := _known(filled, sheet, heading, f"{_letters(c)}1")):
            columns[c] = one
    for r in sorted({row for row, _ in grid if row > 2}):
        keys = _row(filled, sheet, r, {one: grid.get((r, own[one])) for one in left}, {one: own[one] for one in left})
        if keys is None:
            continue
        for c, one in columns.items():
            at = f"{_letters(c)}{r}"
            filled.cells[place((*keys, *one.keys))] = (sheet.name, at)
            if (held := grid.get((r, c))) is not None:
                _value(filled, sheet, at, one, (*keys, *one.keys), held)
        for c in sorted(c for row, c in grid if row == r and c not in headings):
            filled.refuse(
                sheet.name, f"{_letters(c)}{r}", (), grid[r, c][1], "stands in a column without a heading", "clear it"
            )


def _row(
    filled: _Filled, sheet: Sheet, r: int, given: Mapping[str, tuple[str, Any] | None], own: Mapping[str, int]
) -> Keys | None:
    """Keys of the table of a row; None where it cannot be told."""
    at = {one: f"{_letters(c)}{r}" for one, c in own.items()}
    text = {one: "" if held is None else _text(held) for one, held in given.items()}
    if not text["name"]:
        filled.refuse(
            sheet.name, at["name"], (), None, "has no name beside filled cells", "type a name, or clear the row"
        )
        return None
    where = text.get("where", "")
    if sheet.placed:
        one, home = sheet.outer.removesuffix("s"), sheet.outer.capitalize()
        places = [HUB] * sheet.in_hub + [*filled.raw.get(sheet.outer, {})]
        if where not in places:
            problem = "does not say where it belongs" if not where else f"is no {one} of the sheet {home}"
            fix = (
                did_you_mean(where, places)
                or f"type {', or '.join(places[:6]) or f'a {one}, and add it to the sheet {home}'}"
            )
            filled.refuse(sheet.name, at["where"], (), where or None, problem, fix)
            return None
    keys = sheet.table(where, text["name"])
    if keys in filled.rows:
        filled.refuse(
            sheet.name,
            at["name"],
            keys,
            None,
            f"stands in cell {filled.rows[keys][1]} too",
            "give one of them another name",
        )
        return None
    filled.rows[keys] = filled.cells[place(keys)] = (sheet.name, at["name"])
    table: Any = filled.raw
    for key in keys:
        table = table.setdefault(key, {})
    return keys


def _known(filled: _Filled, sheet: Sheet, heading: str, at: str) -> Field | None:
    """The field of a heading: one of the sheet's, or a remark on a table within the row's."""
    heading = heading.strip()
    if one := sheet.by_heading.get(heading):
        return one
    above, _, last = heading.rpartition(".")
    if last in REMARKS and above and any(name == above or name.startswith(f"{above}.") for name in sheet.by_heading):
        return Field(tuple(heading.split(".")), "text", "", "", False)
    guess = did_you_mean(heading, sheet.by_heading) or "leave the headings of the template as they are"
    filled.refuse(sheet.name, at, (), heading, "is no field of this sheet", guess)
    return None


def _value(filled: _Filled, sheet: Sheet, at: str, one: Field, keys: Keys, held: tuple[str, Any]) -> None:
    """Reads a cell and puts its value at its place."""
    kind, value = held
    if kind == "f":
        filled.refuse(sheet.name, at, keys, None, "is a formula whose value is not in the file", FORMULA_FIX)
        return
    if kind == "e":
        filled.refuse(sheet.name, at, keys, value, "is an error of the workbook", "mend the formula, or type the value")
        return
    if kind == "s" and not value.strip():
        return
    try:
        read = _read(one, kind, value, filled.file)
    except InputError as error:
        fault = error.faults[0]
        filled.refuse(sheet.name, at, keys, value, fault.problem, fault.fix)
        return
    filled.put(sheet.name, at, keys, read)


def _read(one: Field, kind: str, value: Any, file: str) -> Any:
    """The value of a cell as a file would have it. Raises InputError."""
    if kind == "n":
        whole = int(value) if float(value).is_integer() and abs(value) < 2**63 else value
        return str(whole) if one.takes in ("text", "choice") else [str(whole)] if one.takes == "names" else whole
    if kind == "b":
        return value
    if kind == "d":
        return value[:7] if one.takes == "month" else value
    text = value.strip()
    if text == '""':
        return ""
    if one.takes == "truth" and text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    if one.takes in ("text", "choice", "month"):
        return text
    if text[:1] in ("{", "["):
        return read_value(text, file, "")
    if one.takes == "names":
        return [name.strip() for name in text.split(";") if name.strip()]
    return text


def _text(held: tuple[str, Any]) -> str:
    kind, value = held
    return (
        str(int(value))
        if kind == "n" and float(value).is_integer()
        else str(value).strip()
        if value is not None
        else ""
    )


def _placed(filled: _Filled, fault: Fault, wrong: Collection[tuple[str, str]]) -> None:
    """A fault of the tables, told by the cell it comes from: the nearest place that a cell stands for."""
    where = fault.place
    while where and where not in filled.cells:
        where = re.sub(r"(?:\.?[\w-]+|\.?\"[^\"]*\"|\[\d+\])$", "", where)
        if where == fault.place:
            break
    sheet, at = filled.cells.get(where, (_sheet_of(fault.place), ""))
    if (sheet, at) in wrong:
        return  # it follows from a fault that has been told
    fix = fault.fix
    for pattern, words in FIXES:
        fix = re.sub(pattern, words, fix)
    fix = re.sub(r"(?<=to the sheet )\w+", lambda name: name[0].capitalize(), fix)
    if fix == "type it here" and (one := sheets()[0].by_heading.get(fault.place)) and one.takes == "table":
        fix = "fill in the bold rows below it"
    told = f"sheet {sheet}{f', cell {at}' if at else ''}{f' ({fault.place})' if fault.place else ''}"
    filled.faults.append((sheet, at, Fault(filled.file, told, fault.value_text, fault.problem, fix)))


def _sheet_of(where: str) -> str:
    """The sheet of a place that no cell stands for."""
    keys = where.split(".")
    held = [sheet.name for sheet in sheets() if any(key in keys for at in sheet.at for key in at[-1:])]
    return held[-1] if held else ORGANISATION


def _row_and_column(cell: str) -> tuple[int, int, str]:
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :] or 0), len(letters), letters


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
