"""What docks deliver: caseload is a stock, people served a flow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from resilience.drawn import Chooser, Drawn
from resilience.horizon import Horizon
from resilience.organisation import Organisation
from resilience.rises import levels
from resilience.rows import Services


def services(
    organisation: Organisation,
    horizon: Horizon,
    choose: Chooser,
    worth: Mapping[str, np.ndarray] = MappingProxyType({}),
) -> tuple[Services, list[Drawn]]:
    """Rows of the services in alphabetical order, and their referrals to be drawn. Equations: docs/model.md, section 7.

    worth: of a service pence for each who completes it in a month, float64 (sets, months).
    """
    T, docks = horizon.months, sorted(organisation.docks)
    rows: dict[str, list[Any]] = {k: [] for k in Services._fields}
    referrals, nothing = [], np.zeros((len(next(iter(worth.values()), ())), T))
    for name, one in sorted(organisation.services.items()):
        noise, pounds = choose.noise(f"services.{name}.referrals", one.noise, T)
        level = levels(organisation.rises, f"services.{name}", horizon)
        season = _season(one.season, horizon)
        growth = [(1 + one.growth) ** (t / 12) * (level[t] / 1e6) * season[t] for t in range(T)]
        values = (
            docks.index(one.dock),
            one.caseload,
            one.length,
            one.waits,
            growth,
            -1.0 if one.open is None else one.open,
            one.waiting,
            noise,
            pounds,
            one.busy,
            one.turnover_when_busy - 1.0,
            one.volunteer_share / (1 - one.volunteer_share) if one.volunteer_share < 1 else math.inf,
            (1 + one.growth_after_austerity) ** (1 / 12),
            worth.get(name, nothing),
        )
        for key, value in zip(Services._fields, values, strict=True):
            rows[key].append(value)
        referrals.append(choose.quantity(f"services.{name}.referrals", one.referrals))
    n = len(referrals)
    kinds = {"dock": np.int64, "noise": np.int64, "noise_pounds": np.uint8}
    arrays = {k: np.array(v, dtype=kinds.get(k, np.float64)) for k, v in rows.items()}
    arrays["growth"] = arrays["growth"].reshape(n, T)
    arrays["worth"] = arrays["worth"].reshape(n, len(nothing), T)
    return Services(**arrays), referrals


def _season(weights: Sequence[float] | None, horizon: Horizon) -> list[float]:
    """Referrals of each month over those of a mean month; weights of the twelve months, April first."""
    if weights is None:
        return [1.0] * horizon.months
    return [12 * weights[month.funders_month - 1] / sum(weights) for month in horizon]
