"""A projection as tables, columns by name: CSV and Parquet. Money in pounds; in the accounts in whole pence."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from resilience import measures as numbers
from resilience.rows import CLOSED, CONTINUING, INSOLVENT, MERGED

if TYPE_CHECKING:
    from resilience.projection import Projection

Table = dict[str, list[Any]]
LEVELS = ("mean", *numbers.LEVELS)
FLOWS = (
    "income",
    "spending",
    "income_grant",
    "income_contract",
    "income_gift",
    "income_sale",
    "spending_pay",
    "spending_non_pay",
    "spending_one_off",
)
ENDS = {CONTINUING: "continuing", INSOLVENT: "insolvent", CLOSED: "closed_in_order", MERGED: "merged_or_transferred"}
# Columns of an assumption, and what each is called in the register.
ASSUMED = {
    **{name: name for name in ("place", "value", "unit")},
    "class": "klass",
    **{name: name for name in ("given", "text", "source", "date", "note", "owner", "confidence", "review_by")},
}
AT_ONCE = 500  # paths of the accounts that are turned into rows together


def number(value: float, places: int) -> float | None:
    """A number as it is written: rounded, None where there is none, or no end to it (months of cover without costs)."""
    return None if not math.isfinite(value) else round(float(value), places)


def places_of(unit: str) -> int:
    """Decimals that a unit is written with."""
    return 2 if unit == "GBP" else 6


def measures(projection: Projection) -> Table:
    """One row a measure and month: month, measure, unit, mean and quantiles; empty where that quantile has ended."""
    table: Table = {name: [] for name in ("month", "measure", "unit", *LEVELS)}
    for name in projection.names:
        one = projection.measure(name)
        table["month"] += projection.months
        table["measure"] += [name] * len(projection.months)
        table["unit"] += [one.unit] * len(projection.months)
        for level in LEVELS:
            table[level] += [number(x, places_of(one.unit)) for x in getattr(one, level)]
    return table


def year_rows(projection: Projection) -> list[tuple[int, int]]:
    """(first month, last month) of each financial year played, as indices; the last may be cut short by the horizon."""
    ends = projection.year_ends
    return list(zip([0, *(end + 1 for end in ends[:-1])], ends, strict=True))


def years(projection: Projection) -> Table:
    """One row a measure and financial year: flows added up over its months, balances and people at its end."""
    table: Table = {name: [] for name in ("year_end", "months", "measure", "unit", *LEVELS)}
    for name in projection.names:
        one = projection.measure(name)
        for first, last in year_rows(projection):
            found = (
                _of_year(projection, name, first, last)
                if name in FLOWS
                else {k: float(getattr(one, k)[last]) for k in LEVELS}
            )
            for key, value in (
                ("year_end", projection.months[last]),
                ("months", last - first + 1),
                ("measure", name),
                ("unit", one.unit),
            ):
                table[key].append(value)
            for level in LEVELS:
                table[level].append(number(found[level], places_of(one.unit)))
    return table


def _of_year(projection: Projection, name: str, first: int, last: int) -> dict[str, float]:
    """Mean and quantiles of a flow added up over months; money of paths ended by the last of them ranks lowest."""
    money = name in projection.played.money
    held = projection.in_pounds(name) if money else projection.played.people[name]
    values = held[first : last + 1].sum(axis=0)[None, :]
    end = projection.paths["end"]
    gone = np.where((end >= 0) & (end <= last) & money, 0, np.iinfo(np.int64).max)
    found = {k: float(v[0]) for k, v in numbers.quantiles(values, gone).items()}
    found["mean"] = float(numbers.mean_of_continuing(values, gone)[0])
    return {k: v / (100 if money else 1) for k, v in found.items()}


def probabilities(projection: Projection) -> Table:
    """One row an event and month: the share of futures in which it has happened by the end of that month."""
    table: Table = {name: [] for name in ("month", "probability", "by_month", "standard_error")}
    for name, chance in projection.probabilities.items():
        table["month"] += projection.months
        table["probability"] += [name] * len(projection.months)
        table["by_month"] += [number(x, 9) for x in chance.by_month]
        table["standard_error"] += [number(x, 9) for x in chance.standard_error]
    return table


def assumptions(projection: Projection) -> Table:
    """One row a figure used: where it stands, value, unit, class, whether it was given, its source and who vouches for it."""
    table: Table = {name: [] for name in ASSUMED}
    for one in projection.organisation.register:
        value = (
            one.value if isinstance(one.value, str) else "" if one.value is None else json.dumps(one.value, default=str)
        )
        shown = {"value": value, "given": "yes" if one.given else "no"}
        for key, name in ASSUMED.items():
            table[key].append(shown.get(key, getattr(one, name)))
    return table


def paths(projection: Projection) -> Table:
    """One row a future: how and when it ended, when each event first happened, and what it came to."""
    f, months = projection.paths, np.array(projection.months, dtype=object)
    when = lambda index: [None if i < 0 else months[i] for i in index.tolist()]  # noqa: E731
    whole = lambda values: [None if i < 0 else i for i in values.tolist()]  # noqa: E731
    return {
        "path": f["path"].tolist(),
        "end": [ENDS[kind] for kind in f["end_kind"].tolist()],
        "end_month": when(f["end"]),
        "runway_months": whole(f["end"]),
        "first_breach": when(f["first_breach"]),
        "point_of_no_return": when(f["no_return"]),
        "restricted_touched": when(f["restricted_touched"]),
        "liabilities_exceed_assets": when(f["in_debt"]),
        "warning_months": whole(f["warning"]),
        "lowest_spendable": (f["lowest"] / 100).tolist(),
        "posts_lost": f["posts_lost"].tolist(),
        "bids_won": f["won"].tolist(),
        "bids_lost": f["lost"].tolist(),
        "cost_of_late_decisions": (f["late_cost"] / 100).tolist(),
        "income_lost_for_want_of_staff": (projection.played.unstaffed.sum(axis=0) / 100).tolist(),
        "people_served": np.round(f["served"], 6).tolist(),
        "people_turned_away": np.round(f["turned_away"], 6).tolist(),
    }


def csv(table: Table) -> str:
    """The table as CSV, lines ended by CR LF; text that a spreadsheet would take for a formula gets a leading '."""
    lines = [",".join(table)]
    lines += [",".join(map(_cell, row)) for row in zip(*table.values(), strict=True)]
    return "\r\n".join([*lines, ""])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return repr(value)
    if value.startswith(("=", "+", "-", "@", "\t", "\r")) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        value = f"'{value}"
    return '"' + value.replace('"', '""') + '"' if re.search('[",\r\n]', value) else value


def parquet(file: Path, table: Table) -> None:
    """The table as Parquet; a column has the same type whether or not anything stands in it."""
    import pyarrow
    from pyarrow import parquet as pq

    def kind(name: str) -> Any:
        if any(x is not None for x in table[name]):
            return None
        return (
            pyarrow.float64() if name in LEVELS else pyarrow.int64() if name.endswith("_months") else pyarrow.string()
        )

    columns = {name: pyarrow.array(column, type=kind(name)) for name, column in table.items()}
    pq.write_table(pyarrow.table(columns), file, compression="zstd")


def accounts(file: Path, projection: Projection) -> None:
    """Every account by path and month as Parquet, rows in order of path, some hundred paths at a time."""
    import pyarrow
    from pyarrow import parquet as pq

    held, months = projection.accounts, projection.months
    schema = pyarrow.schema(
        [("path", pyarrow.int64()), ("month", pyarrow.string())]
        + [(name, pyarrow.from_numpy_dtype(a.dtype)) for name, a in held.items()]
    )
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for first in range(0, projection.number, AT_ONCE):
            numbered = projection.paths_played[first : first + AT_ONCE]
            columns = {name: np.ascontiguousarray(a[:, first : first + AT_ONCE].T).ravel() for name, a in held.items()}
            rows = {
                "path": np.repeat(numbered, len(months)).astype(np.int64),
                "month": months * len(numbered),
                **columns,
            }
            writer.write_table(pyarrow.table(rows, schema=schema))
