"""Volunteers of docks: how many, who supervises them, what they carry and cost. docs/model.md, section 6."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from resilience.economy import Economy, share
from resilience.horizon import Horizon
from resilience.organisation import Organisation
from resilience.rows import VolunteerRows

HUB = "hub"


def volunteer_rows(
    organisation: Organisation, horizon: Horizon, economy: Economy, posts: list[str], charge: Callable[..., int]
) -> VolunteerRows:
    """Rows of every group of volunteers, in alphabetical order of dock and name. posts: places of the groups of posts; charge: row of
    how a dock's costs are charged.
    """
    docks = sorted(organisation.docks)
    found = [(d, one) for d, dock in enumerate(docks) for _, one in sorted(organisation.docks[dock].volunteers.items())]
    W, T, full = len(found), horizon.months, organisation.full_time_hours
    cost = np.zeros((W, T))
    for w, (_, one) in enumerate(found):
        yearly = one.cost
        for t, month in enumerate(horizon):
            if month.month == 4 and t > 0:
                yearly = share(yearly, 1 + economy.cpi(month))
            cost[w, t] = float(Fraction(yearly, 12))
    supervisors = [
        -1 if one.supervised_by == HUB else posts.index(f"docks.{docks[d]}.posts.{one.supervised_by}")
        for d, one in found
    ]
    whole = lambda values: np.array(list(values), dtype=np.int64)  # noqa: E731
    real = lambda values: np.array(list(values), dtype=np.float64)  # noqa: E731
    return VolunteerRows(
        dock=whole(d for d, _ in found),
        charge=whole(charge(d, None) for d, _ in found),
        supervisor=whole(supervisors),
        number=real(one.number for _, one in found),
        each=real(float(one.each_supervisor or 0) for _, one in found),
        hours=real(one.hours / full for _, one in found),
        fte=real(one.hours / full * one.productivity for _, one in found),
        leave=real(_monthly(float(one.turnover or 0)) for _, one in found),
        leave_alone=real(_monthly(float(one.turnover or 0), one.turnover_unsupervised) for _, one in found),
        come=real(one.recruited for _, one in found),
        cost=cost,
    )


def _monthly(yearly: float, times: float = 1.0) -> float:
    """Share that leaves in a month where a share leaves in a year, its hazard taken so many times: 1 − (1 − q)^(times/12)."""
    return float(1 - (1 - yearly) ** (times / 12))
