"""Cuts of one stream: those that chance brings, with what is to be drawn for them, and the dated ones of scenarios."""

from __future__ import annotations

from typing import Any

import numpy as np

from resilience import chance as bend
from resilience.distributions import Exact
from resilience.drawn import Chooser, Cuts
from resilience.economy import ppm
from resilience.horizon import Horizon, Month
from resilience.organisation import Stream
from resilience.rows import NEVER


def uncut() -> Cuts:
    """Of a stream or bid that nothing cuts by itself."""
    none = np.zeros(0, dtype=np.int64)
    return Cuts(np.zeros(5, dtype=np.int64), none, none, np.zeros(1), 0.0, 0, 0, 0, Exact(0.0))


def cuts(
    place: str,
    item: Stream,
    horizon: Horizon,
    start: int,
    choose: Chooser,
    yearly: np.ndarray,
    worst: float,
) -> Cuts:
    """The dates of cuts of one stream, and what is to be drawn for them: docs/model.md, section 4.

    yearly: probability of a cut of its own in each climate and stage; worst: the largest that any path can have.
    """
    T, begins, sources = horizon.months, max(0, start), choose.sources
    w = item.settlement_share
    hazard = bend.monthly_hazard(worst, 1 - w) if choose.chance else 0.0
    told = [t for t, month in enumerate(horizon) if month.month == item.decision_month and t >= max(1, begins)]
    gap = 0 if item.notice == "none" else int(item.notice or 0) + 1
    effective = []
    for a in told:
        month = horizon.month(a)
        april = month if item.notice == "none" and month.month == 4 else Month(month.year + (month.month >= 4), 4)
        effective.append(max(a + gap, april - horizon.first))
    monthly = bend.most_events(hazard, T) if hazard else 0
    most = len(told) + monthly
    if item.at_most is not None:
        most, monthly = min(most, item.at_most), min(monthly, item.at_most)
    if not yearly.any():
        most = 0
    depth = choose.quantity(f"{place}.depth", item.depth or Exact(0.0)).value
    rows = np.array(
        [
            sources.row(f"{place}.settlement", max(1, len(told))),
            sources.row(f"{place}.settlement.depth", max(1, len(told))),
            sources.row(f"{place}.monthly", max(1, monthly)),
            sources.row(f"{place}.monthly.depth", max(1, monthly)),
            monthly,
        ],
        dtype=np.int64,
    )
    whole = lambda x: np.array(x, dtype=np.int64)  # noqa: E731
    deeper = float(item.depth_in_austerity)
    return Cuts(rows, whole(told), whole(effective), yearly, w, gap, begins, most, depth, deeper=deeper)


def shocked(r: dict[str, Any], s: int, item: Stream, shock: Any, horizon: Horizon, ends: list[int]) -> None:
    """A scenario's dated cut: with an end and no break clause it waits for the next term."""
    effective = shock.effective - horizon.first
    if item.until is not None and not item.break_clause and r["waits"][s]:
        t = max(0, effective)
        if t < horizon.months:
            r["waiting"][s, t] = (r["waiting"][s, t] * (1_000_000 - ppm(shock.depth)) + 500_000) // 1_000_000
        return
    if item.until is not None and not item.break_clause:
        begins = [end for end in ends[:-1] if end >= effective]
        effective = begins[0] if begins else NEVER
    if shock.until is not None:
        _dip(r, s, shock, effective, horizon)
    elif effective < horizon.months:
        t = max(0, effective)
        r["shock"][s, t] = (r["shock"][s, t] * (1_000_000 - ppm(shock.depth)) + 500_000) // 1_000_000
        r["shock_told"][s, t] = min(shock.told - horizon.first, t)


def _dip(r: dict[str, Any], s: int, shock: Any, effective: int, horizon: Horizon) -> None:
    """A scenario's cut that ends again: a factor on what is paid in its months, so that the amount comes back to the penny."""
    first, after = max(0, effective), min(shock.until - horizon.first + 1, horizon.months)
    if first < after:
        for t in range(first, after):
            r["dip"][s, t] = (r["dip"][s, t] * (1_000_000 - ppm(shock.depth)) + 500_000) // 1_000_000
        r["dip_told"][s, first] = min(shock.told - horizon.first, first)
