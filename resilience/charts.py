"""Projections to figures: what a chart draws, what it says, and the table beside it. No arithmetic of the model.

A figure is a dict of plain values: title, subtitle, alt, caption, table, and its lines as lists of numbers, one a month, nan where
so many futures have ended. Money in pounds; futures of 100; people of a month. The drawing itself is done where it is seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from resilience import words
from resilience.measures import paired_difference
from resilience.projection import Projection
from resilience.words import charts as said

MEASURES = ("spendable", "capacity", "demand", "served", "unmet")
MOST_ROWS = 24  # rows of a chart of quarters; beyond, one a year


def cash(projection: Projection) -> dict[str, Any]:
    """Spendable cash: the bands of 80 and 50 futures of 100, the floor, seven actual futures."""
    one, chance = projection.measure("spendable"), projection.manifest["chance"]
    ended = np.round(1 - projection.probabilities["continuing"].by_month, 9)
    ends = projection.year_ends
    at = next((t for t in reversed(ends) if not math.isnan(one.p10[t])), None)
    levels = (one.p10, one.p25, one.p50, one.p75, one.p90) if chance else (one.p50,)
    opening = projection.manifest["opening"]["spendable"]
    numbers = [int(projection.paths_played[p]) for p in projection.seven]
    return {
        "title": said.cash_title(
            None if at is None else projection.months[at], *((0, 0) if at is None else (one.p10[at], one.p90[at]))
        ),
        "subtitle": f"{said.CASH}, {said.span(projection.months)}",
        "alt": said.cash_alt(opening, [(projection.months[t], one.p10[t], one.p90[t], float(ended[t])) for t in ends]),
        "caption": f"{said.BANDS} {said.seven(numbers)}" if chance else said.ONE_LINE,
        "floor": {"value": 0, "words": said.FLOOR},
        **{level: _pounds(getattr(one, level)) for level in ("p10", "p25", "p75", "p90")},
        "futures": [x for p in projection.seven for x in _pounds(_until_end(projection, int(p)))],
        "numbers": numbers,
        "table": {
            "caption": said.CASH_TABLE if chance else said.CASH,
            "head": said.cash_heads(chance),
            "rows": [said.cash_row(projection.months[t], [level[t] for level in levels]) for t in ends],
        },
    }


def ended(plans: Sequence[Projection]) -> dict[str, Any]:
    """How many futures have ended by each month, one line a plan: the same futures under each."""
    first, *others = plans
    shares = [np.round(1 - plan.probabilities["continuing"].by_month, 9) for plan in plans]
    closed = [plan.probabilities["closed_in_order"].by_month for plan in plans]
    names, months, ends = [plan.strategy.name for plan in plans], first.months, first.year_ends
    caption = [said.ENDS]
    for name, other in zip(names[1:], others, strict=True):
        apart, error = paired_difference(first.paths["end"] >= 0, other.paths["end"] >= 0)
        a = float(shares[0][-1])
        caption.insert(0, said.ended_gap(names[0], name, a, a + apart, error, first.number))
    return {
        "title": said.ended_title(months[-1], [(n, float(s[-1])) for n, s in zip(names, shares, strict=True)]),
        "subtitle": f"{said.ENDED}, {said.span(months)}",
        "alt": said.ended_alt(
            [(n, [(months[t], float(s[t])) for t in ends]) for n, s in zip(names, shares, strict=True)]
        ),
        "caption": " ".join(caption),
        "plans": [
            {"name": n, "values": [round(100 * float(x), 2) for x in s]} for n, s in zip(names, shares, strict=True)
        ],
        "table": {
            "caption": said.ENDED_TABLE,
            "head": said.ended_heads(names),
            "rows": [
                said.ended_row(months[t], [(float(s[t]), float(c[t])) for s, c in zip(shares, closed, strict=True)])
                for t in ends
            ],
        },
    }


def demand(projection: Projection) -> dict[str, Any] | None:
    """People who could be helped against people who need it, by quarter; None where the file has no services."""
    if not projection.organisation.services:
        return None
    months, chance = projection.months, projection.manifest["chance"]
    capacity, need, served = (projection.measure(name) for name in ("capacity", "demand", "served"))
    short = (projection.played.people["unmet"] > 1e-9).mean(axis=1)
    rows = _quarters(projection)
    at = next((t for t in projection.year_ends if t >= 11), rows[-1])
    here = (months[at], float(capacity.p10[at]), float(capacity.p90[at]), float(need.p50[at]))
    return {
        "title": said.demand_title(*here),
        "said": said.demand_said(*here, float(short[at]), chance),
        "subtitle": said.DEMAND,
        "alt": said.demand_alt(
            [(months[t], capacity.p10[t], capacity.p90[t], need.p50[t]) for t in projection.year_ends]
        ),
        "caption": "",
        "rows": [
            {
                "label": words.short_month(months[t]),
                "low": round(float(capacity.p10[t])),
                "high": round(float(capacity.p90[t])),
                "demand": round(float(need.p50[t])),
            }
            for t in rows
        ],
        "table": {
            "caption": said.DEMAND_TABLE,
            "head": said.demand_heads(chance),
            "rows": [
                said.demand_row(
                    months[t], capacity.p10[t], capacity.p90[t], need.p50[t], served.p50[t], float(short[t]), chance
                )
                for t in rows
            ],
        },
    }


def _quarters(projection: Projection) -> list[int]:
    """Indices of the quarter-ends, counted from the financial year's; of the year-ends where those are too many."""
    last = len(projection.months) - 1
    ends = sorted({*range(projection.year_ends[0] % 3, last + 1, 3), last})
    return ends if len(ends) <= MOST_ROWS else projection.year_ends


def _until_end(projection: Projection, path: int) -> np.ndarray:
    """Spendable cash of one path, pounds, shape (months,): nan from its end on."""
    end, values = int(projection.paths["end"][path]), projection.played.money["spendable"][:, path] / 100
    return np.where((np.arange(len(values)) >= end) & (end >= 0), math.nan, values)


def _pounds(values: np.ndarray) -> list[float]:
    """Whole pounds."""
    return [math.nan if math.isnan(x) else round(float(x)) for x in values]
