"""An organisation as a workbook to fill in. docs/workbook.md.

Text stays text, also where it starts with "="; the same tables give the same bytes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from resilience import __version__
from resilience.errors import Fault, InputError
from resilience.exports.toml import inline
from resilience.sheets import ANY, HUB, ORGANISATION, REMARKS, Field, Keys, Sheet, sheets

SCHEMA = "resilience.workbook/1"
SAVED = datetime.datetime(2026, 1, 1)  # so that a workbook has the same bytes each time
SPARE = 40  # empty rows that are marked for input
LONGEST = 32_767  # characters that a cell can hold
HELP = (
    "Type into the blue cells; bold headings must be filled, everything else may stay empty: then the program's own default counts.",
    "Sheets with names: one row for each stream, bid, post and so on; its name is made of letters, digits, - and _.",
    "Posts, Costs and Volunteers say in the second column where they belong: hub, or the name of a dock in the sheet Docks. "
    "Partners and Parties name a partnership.",
    "Money is in pounds, shares and probabilities are between 0 and 1 (or 7 in 10, or don't know), months are like 2026-04.",
    "Where only a range is known: { low = 1000, likely = 1500, high = 2500 }. Several names: first; second.",
    "Tables are in braces: { council_grant = 0.5, lottery = 0.25 }; lists in brackets: [1, 1, 2].",
    "Formulas may be used, and sheets of your own added: the worked-out values of the cells are read, other sheets are not.",
    "Back into a file: resilience workbook read THIS.xlsx -o NAME.toml",
)

Tables = Mapping[str, Any]


def write_workbook(file: Path, raw: Tables) -> None:
    """Writes the tables of an organisation file, or none of them, as a workbook. Raises OSError, and InputError for a text too long."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    how = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(file), how)
    book.set_properties({"title": "An organisation", "comments": SCHEMA, "created": SAVED})
    try:
        _Writer(book).write(raw)
    finally:
        try:
            book.close()
        except FileCreateError as error:
            raise OSError(str(error)) from None


def rows_of(sheet: Sheet, raw: Tables) -> Iterator[tuple[str, str, Tables]]:
    """(where, name, table) of each row of a sheet: where: "hub", a dock's name, or "" for what belongs to neither."""
    for keys in sheet.at:
        if ANY not in keys:
            where = HUB if sheet.placed else ""
            yield from ((where, name, table) for name, table in _at(raw, keys).items())
        else:
            for dock, inner in _at(raw, keys[: keys.index(ANY)]).items():
                yield from ((dock, name, table) for name, table in _at(inner, keys[keys.index(ANY) + 1 :]).items())


def _at(raw: Tables, keys: Keys) -> Tables:
    for key in keys:
        raw = raw.get(key, {})
    return raw


def values_of(sheet: Sheet, table: Tables, above: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Keys and value of each cell of a row; tables are split into their fields where the sheet has cells for these."""
    split = {one.keys[:-1] for one in sheet.fields}
    for key, value in table.items():
        keys = (*above, key)
        if isinstance(value, dict) and keys in split and value and _splits(sheet, keys, value):
            yield from values_of(sheet, value, keys)
        elif not _elsewhere(sheet, keys):
            yield keys, value


def _splits(sheet: Sheet, keys: Keys, value: Tables) -> bool:
    """Is the value a table of fields? A range is one cell."""
    known = {one.keys[len(keys)] for one in sheet.fields if one.keys[: len(keys)] == keys and len(one.keys) > len(keys)}
    return set(value) <= known | REMARKS | {key for key in value if _elsewhere(sheet, (*keys, key))}


def _elsewhere(sheet: Sheet, keys: Keys) -> bool:
    """Does a table of named tables stand in a sheet of its own?"""
    if sheet.name == ORGANISATION:
        return any(keys == at for other in sheets()[1:] for at in other.at)
    within = [(own, at) for own in sheet.at for other in sheets() for at in other.at if at[: len(own)] == own]
    return any(at[len(own) + 1 :] == keys for own, at in within if len(at) > len(own))


class _Writer:
    """Sheets with headings, help, drop-downs and what is known."""

    def __init__(self, book: Any) -> None:
        self.book = book
        plain = {"font_name": "Calibri", "font_size": 11}
        self.text = book.add_format(plain | {"text_wrap": True, "valign": "top"})
        self.heading = book.add_format(plain | {"bottom": 1})
        self.required = book.add_format(plain | {"bottom": 1, "bold": True})
        self.table = book.add_format(plain | {"bold": True, "top": 1})
        self.said = book.add_format(
            plain | {"italic": True, "font_size": 9, "text_wrap": True, "valign": "top", "font_color": "#404040"}
        )
        blue = plain | {"bg_color": "#E8EEFA", "border": 1, "border_color": "#C5D0E6", "valign": "top"}
        self.given, self.month = book.add_format(blue), book.add_format(blue | {"num_format": "@"})

    def write(self, raw: Tables) -> None:
        front = self.book.add_worksheet("Read me")
        front.set_column(0, 0, 110)
        front.write_string(0, 0, f"An organisation, for resilience {__version__} ({SCHEMA})", self.required)
        for r, line in enumerate(HELP, 2):
            front.write_string(r, 0, line, self.text)
        first, *others = sheets()
        self._figures(first, raw)
        for sheet in others:
            self._rows(sheet, list(rows_of(sheet, raw)))

    def _figures(self, sheet: Sheet, raw: Tables) -> None:
        """The sheet Organisation: a figure a row."""
        page, values = self.book.add_worksheet(sheet.name), dict(values_of(sheet, raw))
        for c, (title, width) in enumerate(
            {"field": 38, "value": 34, "unit": 20, "what it is": 70, "if left empty": 60}.items()
        ):
            page.set_column(c, c, width)
            page.write_string(0, c, title, self.required)
        page.freeze_panes(1, 2)
        for r, one in enumerate(self._fields(sheet, values, tables=True), 1):
            style = self.table if one.takes == "table" else self.required if one.required else self.text
            page.write_string(r, 0, one.heading, style)
            self._cell(page, r, 1, one, values.get(one.keys))
            page.write_string(r, 2, one.unit, self.text)
            page.write_string(r, 3, _told(one), self.text)
            page.write_string(r, 4, one.otherwise, self.text)

    def _rows(self, sheet: Sheet, rows: list[tuple[str, str, Tables]]) -> None:
        """A sheet of named things: headings, what they mean, a thing a row."""
        page = self.book.add_worksheet(sheet.name)
        held = [dict(values_of(sheet, table)) for _, _, table in rows]
        fields = self._fields(sheet, {keys: None for values in held for keys in values})
        said = f"{'hub, or ' if sheet.in_hub else ''}the name of a {sheet.outer.removesuffix('s')}"
        left = (NAME, replace(WHERE, description=said)) if sheet.placed else (NAME,)
        for c, one in enumerate((*left, *fields)):
            page.set_column(c, c, max(14, min(30, len(one.heading) + 2)))
            page.write_string(0, c, one.heading, self.required if one.required else self.heading)
            page.write_string(1, c, _told(one, one.unit), self.said)
        page.set_row(1, 90)
        page.freeze_panes(2, len(left))
        for r in range(2, len(rows) + 2 + SPARE):
            page.set_row(r, 16)
            where, name, _ = rows[r - 2] if r - 2 < len(rows) else ("", "", None)
            values = held[r - 2] if r - 2 < len(rows) else {}
            for c, (one, text) in enumerate(zip(left, (name, where), strict=False)):
                self._cell(page, r, c, one, text or None)
            for c, one in enumerate(fields, len(left)):
                self._cell(page, r, c, one, values.get(one.keys), choose=False)
        for c, one in enumerate(fields, len(left)):
            self._choose(page, 2, len(rows) + 1 + SPARE, c, one)

    def _fields(self, sheet: Sheet, used: Mapping[Keys, Any], tables: bool = False) -> list[Field]:
        """Columns: those of the sheet, and what the file has besides, such as a remark on a table within a table."""
        known = [one for one in sheet.fields if tables or one.takes != "table" or one.keys in used]
        own = {one.keys for one in known}
        return known + [Field(keys, "text", "", "", False) for keys in used if keys not in own]

    def _cell(self, page: Any, r: int, c: int, one: Field, value: Any, choose: bool = True) -> None:
        style = self.month if one.takes in ("month", "text", "names") else self.given
        held = cell_of(value, one)
        if isinstance(held, str) and len(held) > LONGEST:
            at = f"sheet {page.name}, row {r + 1}, {one.heading}"
            raise InputError([Fault("workbook", at, None, "is longer than a cell can hold", "shorten it in the file")])
        if held is None:
            page.write_blank(r, c, None, style)
        elif isinstance(held, bool):
            page.write_boolean(r, c, held, style)
        elif isinstance(held, str):
            page.write_string(r, c, held, style)
        else:
            page.write_number(r, c, held, style)
        if choose:
            self._choose(page, r, r, c, one)

    def _choose(self, page: Any, first: int, last: int, c: int, one: Field) -> None:
        """What may be typed: a list where there is one, else a word on it beside the cell."""
        said = ". ".join(
            part for part in (_told(one, one.unit), one.otherwise and f"If left empty: {one.otherwise}") if part
        )
        shown: dict[str, Any] = {"input_title": one.heading[:32], "input_message": said[:255] or one.heading}
        if one.choices:
            shown |= {"validate": "list", "source": [*one.choices], "error_message": "Choose from the list."}
        page.data_validation(first, c, last, c, {"validate": "any"} | shown)


NAME = Field(("name",), "text", "letters, digits, - and _", "", True)
WHERE = Field(("where",), "text", "", "", True)


def _told(one: Field, unit: str = "") -> str:
    said = one.description + (f" ({unit})" if unit else "")
    return said[:1].upper() + said[1:]


def cell_of(value: Any, one: Field) -> str | float | bool | None:
    """What stands in a cell for a value of a file: itself, or as it would be written in a file."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value == "":
        return '""'
    if one.takes == "names" and isinstance(value, list) and value and not any(";" in name for name in value):
        return "; ".join(value)
    return inline(value) if isinstance(value, dict | list) else value
