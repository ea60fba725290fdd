"""Cells of the workbook of a full cost: where they are, what they hold, how they look."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from resilience.costing.costed import Working

INPUTS = ("Law", "Posts", "Lines", "Pools", "In pools", "Docks", "Fixed shares", "Funds", "Income")
DRIVERS = ("headcount", "time", "floor area", "direct spending", "income", "people served")
POSTS = (
    "post",
    "dock, or hub",
    "heads",
    "hours a week",
    "pay a head",
    "pension, per cent",
    "cover a head",
    "NIC and pension",
)
METHODS = ("direct", "step-down", "reciprocal")
HELP = (
    "Blue cells are inputs; everything else is worked out from them. Change a blue cell and the workbook follows.",
    "Result says whether the costs of docks, with what is charged straight to funds, add up to all that is spent, and whether what is "
    "shared among pools is shared whole; the cell turns red if not.",
    "Pools, driver: choose from the list. Law, method: direct, step-down or reciprocal. Order: of a step-down.",
    "In pools: share of each post or line of the hub by fund or pool; the last column takes what is left.",
    "Amounts of lines are without VAT that comes back. Pay is of one head a year, at least the lowest wage.",
)


def cell(row: int, column: int, sheet: str = "", fixed: bool = True) -> str:
    """A1 of a row and column counted from 0; with `$` unless not fixed."""
    letters, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        letters = chr(65 + rest) + letters
    mark = "$" if fixed else ""
    return (f"'{sheet}'!" if sheet else "") + f"{mark}{letters}{mark}{row + 1}"


def span(top: int, left: int, bottom: int, right: int, sheet: str = "") -> str:
    """A range of cells, both ends in it."""
    return f"{cell(top, left, sheet)}:{cell(bottom, right)}"


class Book:
    """The sheets, what they are about, and how a cell is written."""

    def __init__(self, book: Any, working: Working) -> None:
        self.book, self.w, self.o = book, working, working.organisation
        plain = {"font_name": "Calibri", "font_size": 11}
        self.heading = book.add_format(plain | {"bold": True, "bottom": 1})
        self.given = book.add_format(
            plain | {"font_color": "#1F3FBF", "bg_color": "#E8EEFA", "num_format": "#,##0.00####"}
        )
        self.text = book.add_format(plain)
        self.blue = book.add_format(plain | {"font_color": "#1F3FBF", "bg_color": "#E8EEFA"})
        self.money = book.add_format(plain | {"num_format": "#,##0.00"})
        self.number = book.add_format(plain | {"num_format": "#,##0.######"})
        self.share = book.add_format(plain | {"num_format": "0.0000%"})
        self.red = book.add_format({"bg_color": "#C00000", "font_color": "#FFFFFF", "bold": True})
        self.green = book.add_format({"bg_color": "#D9EAD3"})
        names = ("Read me", *INPUTS, "Pay", "Split", "Direct", "Drivers", "Weights", "Shares", "Allocation", "Result")
        self.sheets = {name: book.add_worksheet(name) for name in names}
        self.posts = [i for i in working.items if i.heads]
        self.lines = [i for i in working.items if not i.heads]
        self.hub = [i for i in working.items if i.dock is None]
        self.docks, self.pools = list(working.docks), list(working.pools)
        self.funds = sorted({f for i in self.hub for f in (i.charged_to or {})})
        self.into = [("fund", f) for f in self.funds] + [("pool", p.name) for p in self.pools]

    # ---- cells

    def words(self, sheet: str, row: int, column: int, text: str, form: Any = None) -> None:
        self.sheets[sheet].write_string(row, column, text, form or self.text)

    def head(self, sheet: str, titles: Sequence[str], row: int = 0) -> None:
        for i, title in enumerate(titles):
            self.words(sheet, row, i, title, self.heading)
        if row == 0:
            self.sheets[sheet].freeze_panes(1, 1)
            self.sheets[sheet].set_column(0, 0, 34)
            self.sheets[sheet].set_column(1, max(1, len(titles) - 1), 16)

    def input(self, sheet: str, row: int, column: int, value: float | int | Fraction) -> None:
        self.sheets[sheet].write_number(row, column, float(value), self.given)

    def live(self, sheet: str, row: int, column: int, formula: str, value: float | str, form: Any = None) -> None:
        shown = float(value) if not isinstance(value, str) else value
        self.sheets[sheet].write_formula(row, column, f"={formula}", form or self.number, shown)

    def choose(self, sheet: str, row: int, column: int, text: str, among: Sequence[str]) -> None:
        self.words(sheet, row, column, text, self.blue)
        self.sheets[sheet].data_validation(row, column, row, column, {"validate": "list", "source": list(among)})
