"""Dated rises of costs and referrals that scenarios bring, as a factor by month."""

from __future__ import annotations

from collections.abc import Iterable

from resilience.employment import exact
from resilience.horizon import Horizon
from resilience.organisation import Rise


def levels(rises: Iterable[Rise], place: str, horizon: Horizon) -> list[int]:
    """Millionths of the amount at a place that count in each month, shape (months,): 1,000,000 where nothing rises.

    Rises in force together multiply: round(level · (1 + rise)) to the millionth, in their order.
    """
    found = [1_000_000] * horizon.months
    for one in rises:
        if one.place != place:
            continue
        factor = 1_000_000 + round(exact(one.rise) * 1_000_000)
        for t, month in enumerate(horizon):
            if one.starts <= month and (one.until is None or month <= one.until):
                found[t] = (found[t] * factor + 500_000) // 1_000_000
    return found
