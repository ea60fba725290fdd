"""Dated statutory figures: each has a date, a unit and a source. The figures are in data/uk_rates.toml.

A row dated 6 April applies from the April payroll: a figure is looked up by month. Values are exact fractions of what
the file says (pounds, shares, weeks), never floats.
"""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from resilience.errors import did_you_mean, shown
from resilience.horizon import Month

NATIONS = ("England", "Wales", "Scotland", "Northern Ireland")
DATA = Path(__file__).parent / "data" / "uk_rates.toml"


@dataclass(frozen=True)
class Rate:
    """A figure in force in some month.

    `value` is in `unit`; None stands for "none" (a limit that was removed). `held` says that the month lies after all
    that is known, so that the last figure known was kept.
    """

    name: str
    value: Fraction | None
    unit: str
    source: str
    from_date: datetime.date
    held: bool

    @property
    def number(self) -> Fraction:
        """The value, where there must be one; LookupError for a limit that was removed."""
        if self.value is None:
            raise LookupError(f"{self.name}: there is none from {self.from_date}")
        return self.value

    @property
    def pence(self) -> Fraction:
        """A value in pounds, in pence."""
        return 100 * self.number


@cache
def rate(name: str, on: Month, nation: str = "England", as_of: Month | None = None) -> Rate:
    """The figure in force in the month `on`; with `as_of`, law frozen as in that month: later rows do not exist yet.

    Raises LookupError for a month before the first row, an unknown name or an unknown nation.
    """
    table = _file()["rates"].get(name)
    if table is None:
        guess = did_you_mean(name, names())
        raise LookupError(f"{shown(name)} is not a statutory figure; {guess or 'names are in data/uk_rates.toml'}")
    if nation not in NATIONS:
        raise LookupError(
            f"{shown(nation)} is not a nation; {did_you_mean(nation, NATIONS) or 'write one of ' + ', '.join(NATIONS)}"
        )
    due = [row for row in table["rows"] if _applies(row, nation) and _month(row["from"]) <= on]
    known = [row for row in due if as_of is None or _month(row["from"]) <= as_of]
    if not known:
        frozen = f" in the law of {as_of.words}" if as_of else ""
        raise LookupError(f"{name} is not known for {on.words} in {nation}{frozen}; {_known_from(table, nation)}")
    row = known[-1]
    until = table.get("known_to")
    held = row is not due[-1] or (until is not None and on > _month(until))
    value = None if row["value"] == "none" else Fraction(row["value"])
    return Rate(name, value, table["unit"], _file()["sources"][row["source"]], row["from"], held)


def names() -> tuple[str, ...]:
    """Every figure that can be looked up."""
    return tuple(_file()["rates"])


@cache
def _file() -> dict[str, Any]:
    """The file, decimals as exact fractions. It is ours, so it is read without limits; a test reads every row."""
    return tomllib.loads(DATA.read_text("utf-8"), parse_float=Fraction)


def _month(day: datetime.date) -> Month:
    return Month(day.year, day.month)


def _applies(row: dict[str, Any], nation: str) -> bool:
    return row.get("nation", "UK") in ("UK", nation) or (row.get("nation") == "GB" and nation != "Northern Ireland")


def _known_from(table: dict[str, Any], nation: str) -> str:
    first = next((row for row in table["rows"] if _applies(row, nation)), None)
    return f"the first figure is of {_month(first['from']).words}" if first else f"there is none for {nation}"
