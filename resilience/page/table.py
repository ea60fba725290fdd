"""The table of an answer: a row at each financial year-end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from resilience import words
from resilience.measures import quantiles
from resilience.page.layout import columns

if TYPE_CHECKING:
    from resilience.projection import Projection


def table(projection: Projection) -> list[str]:
    """Rows at the year-ends: spendable cash in 10, 50 and 90 of 100 futures, the share ended, heads, people helped."""
    chance, helped = projection.manifest["chance"], bool(projection.organisation.services)
    cash = projection.measure("spendable")
    levels = (
        {"10 of 100": cash.p10, "50 of 100": cash.p50, "90 of 100": cash.p90} if chance else {"spendable": cash.p50}
    )
    fits = "mission_fit" in projection.names
    tops = [
        "",
        *levels,
        *(["ended,"] if chance else []),
        "people",
        *(["people", "not"] if helped else []),
        *(["fit,"] * fits),
    ]
    heads = [
        "",
        *(["below"] * 3 if chance else ["cash"]),
        *(["of 100"] if chance else []),
        "in post",
        *(["helped", "helped"] if helped else []),
        *(["%"] * fits),
    ]
    people = [in_post(projection), *(projection.measure(name).p50 for name in (("served", "unmet") if helped else ()))]
    rows = [tops, heads]
    for t in projection.year_ends:
        money = ["ended" if math.isnan(level[t]) else words.money(level[t]) for level in levels.values()]
        gone = [words.in_table(1 - float(projection.probabilities["continuing"].by_month[t]))] if chance else []
        fit = [_fit(projection, t)] if fits else []
        helps = [words.people(one[t]) for one in people]
        rows.append([words.short_month(projection.months[t]), *money, *gone, *helps, *fit])
    said = [words.TABLE_CAPTION, *([words.FIT_CAPTION] * fits)] if chance else []
    return [*columns(rows), *said]


def _fit(projection: Projection, t: int) -> str:
    """Mission fit in the middle of the futures that go on, of a hundred pounds."""
    found = projection.fit_of_those_that_go_on(t)
    return "–" if found is None else f"{100 * found[1]:.0f}"


def in_post(projection: Projection) -> np.ndarray:
    """The middle of all futures' heads by month, shape (months,): nobody is in post after an end."""
    end, heads = projection.paths["end"], projection.played.people["heads"]
    gone = (end >= 0)[None, :] & (end[None, :] <= np.arange(len(heads))[:, None])
    return quantiles(np.where(gone, 0.0, heads), np.full(len(end), len(heads)))["p50"]
