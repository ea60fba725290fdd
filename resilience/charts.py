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
from resilience.measures import paired_difference, rank
from resilience.organisation import Organisation
from resilience.projection import Projection
from resilience.rows import CLOSED, INSOLVENT, MERGED
from resilience.words import charts as said

MEASURES = ("spendable", "capacity", "demand", "served", "unmet")


def measures_for(organisation: Organisation) -> tuple[str, ...]:
    """What the page shows of a projection, mission fit where the file says something of it."""
    return (*MEASURES, "mission_fit") if organisation.says_fit else MEASURES


# A title speaks of the first year-end two years ahead, whatever is chosen, so that two titles can be compared.
TITLED = 23
MOST_ROWS = 24  # rows of a chart of quarters; beyond, one a year


def cash(projection: Projection) -> dict[str, Any]:
    """Spendable cash: the bands of 80 and 50 futures of 100, the floor, seven actual futures."""
    one, chance = projection.measure("spendable"), projection.manifest["chance"]
    ended = np.round(1 - projection.probabilities["continuing"].by_month, 9)
    ends = projection.year_ends
    at = next((t for t in ends if t >= TITLED), ends[-1])
    levels = (one.p10, one.p25, one.p50, one.p75, one.p90) if chance else (one.p50,)
    opening = projection.manifest["opening"]["spendable"]
    numbers = [int(projection.paths_played[p]) for p in projection.seven]
    return {
        "title": said.cash_title(projection.months[at], one.p10[at], one.p90[at], float(ended[at]), chance),
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
    first, chance = plans[0], plans[0].manifest["chance"]
    shares = [np.round(1 - plan.probabilities["continuing"].by_month, 9) for plan in plans]
    names, months, ends = [plan.strategy.name for plan in plans], first.months, first.year_ends
    by = list(zip(names, shares, strict=True))
    half = [(name, next((months[t] for t, x in enumerate(share) if x >= 0.5), None)) for name, share in by]

    def ways(t: int) -> list[tuple[str, said.Ways]]:
        return [(name, (float(x[t]), *_chosen(plan, t))) for (name, x), plan in zip(by, plans, strict=True)]

    return {
        "title": said.ended_title(months[-1], ways(len(months) - 1), chance),
        "subtitle": f"{said.ENDED if chance else said.ENDED_CERTAIN}, {said.span(months)}",
        "alt": said.ended_alt([(name, [(months[t], float(x[t])) for t in ends]) for name, x in by])
        if chance
        else said.halfway(half, chance),
        "caption": " ".join(filter(None, [said.halfway(half, chance), said.ENDS])),
        "plans": [
            {
                "name": name,
                "values": [round(100 * float(x), 2) for x in share],
                "said": words.in_table(float(share[-1])) if chance else said.yes(float(share[-1])),
            }
            for name, share in by
        ],
        "table": {
            "caption": said.ENDED_TABLE if chance else said.ENDED_TABLE_CERTAIN,
            "head": said.ended_heads(ways(0)),
            "rows": [said.ended_row(months[t], [shares for _, shares in ways(t)], chance) for t in ends],
        },
    }


def _chosen(plan: Projection, t: int) -> tuple[float, ...]:
    """Shares that have closed in order and, where its strategy can merge, that have merged, by the end of month t."""
    kinds = ("closed_in_order", *(["merged_or_transferred"] if words.merges(plan) else []))
    return tuple(float(plan.probabilities[kind].by_month[t]) for kind in kinds)


def compared(plans: Sequence[Projection]) -> dict[str, Any] | None:
    """Two plans side by side by the last month, and what the second changes; None where there is one plan only."""
    if len(plans) < 2:
        return None
    a, b = plans
    found = []
    for name, what in said.WHAT.items() if a.manifest["chance"] else ():
        kind = {"insolvent": INSOLVENT, "closed_in_order": CLOSED, "merged_or_transferred": MERGED}[name]
        ends = [plan.paths["end_kind"] == kind for plan in plans]
        apart, error = paired_difference(*ends)
        share = float(ends[0].mean())
        if ends[0].any() or ends[1].any():
            found.append(
                words.difference(a.strategy.name, b.strategy.name, share, share + apart, error, a.number, what)
            )
    return {
        "title": said.COMPARED,
        "head": [f"By the end of {words.month(a.months[-1])}", *(plan.strategy.name for plan in plans)],
        "rows": said.compared_rows(plans),
        "said": found,
    }


def demand(projection: Projection) -> dict[str, Any] | None:
    """People who could be helped against people who need it, by quarter; None where the file has no services."""
    if not projection.organisation.services:
        return None
    months, chance, ends = projection.months, projection.manifest["chance"], projection.year_ends
    capacity = projection.measure("capacity")
    need, unmet, served = (_where_it_goes_on(projection, name) for name in ("demand", "unmet", "served"))
    ended = np.round(1 - projection.probabilities["continuing"].by_month, 9)
    rows = _quarters(projection)

    def here(t: int) -> tuple[str, float, float, float]:
        return months[t], float(capacity.p10[t]), float(capacity.p90[t]), need[t]

    dates = dict.fromkeys((next((t for t in ends if t >= TITLED), ends[-1]), len(months) - 1))
    return {
        "title": said.demand_title(*here(next(iter(dates)))),
        "said": " ".join(said.demand_said(*here(t), unmet[t], float(ended[t]), chance) for t in dates),
        "subtitle": said.DEMAND if chance else said.DEMAND_CERTAIN,
        "alt": said.demand_alt([here(t) for t in ends]),
        "caption": "",
        "rows": [
            [
                words.short_month(months[t]),
                round(float(capacity.p10[t])),
                round(float(capacity.p90[t])),
                None if math.isnan(need[t]) else round(need[t]),
            ]
            for t in rows
        ],
        "table": {
            "caption": said.DEMAND_TABLE,
            "head": said.demand_heads(chance),
            "rows": [said.demand_row(*here(t), served[t], chance) for t in rows],
        },
    }


def _where_it_goes_on(projection: Projection, name: str) -> list[float]:
    """The middle of the futures that go on, by month; nan where none does.

    Of an ended future the model counts the month's referrals alone: nobody waits for what is closed, but the need has not gone.
    """
    values, end = projection.played.people[name], projection.paths["end"]
    ends = np.where(end < 0, np.iinfo(np.int64).max, end)
    found = []
    for t, row in enumerate(values):
        alive = np.sort(row[ends > t])
        found.append(float(alive[rank(0.5, len(alive))]) if len(alive) else math.nan)
    return found


def _quarters(projection: Projection) -> list[int]:
    """Indices of the quarter-ends, counted from the financial year's; of the year-ends where those are too many."""
    last = len(projection.months) - 1
    ends = sorted({*range(projection.year_ends[0] % 3, last + 1, 3), last})
    return ends if len(ends) <= MOST_ROWS else projection.year_ends


def _until_end(projection: Projection, path: int) -> np.ndarray:
    """Spendable cash of one path, pounds, shape (months,): nan from its end on."""
    end, values = int(projection.paths["end"][path]), projection.in_pounds("spendable")[:, path] / 100
    return np.where((np.arange(len(values)) >= end) & (end >= 0), math.nan, values)


def _pounds(values: np.ndarray) -> list[float]:
    """Whole pounds."""
    return [math.nan if math.isnan(x) else round(float(x)) for x in values]
