"""Irregular income: by the unit, by results, in whole gifts, by the season, with years that differ; clawback and exit costs.

Rows that the month loop reads beside those of `funding`, and what is drawn for them. Equations: docs/model.md, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

from resilience import chance as bend
from resilience.drawn import Chooser, Drawn, whole
from resilience.economy import ppm
from resilience.employment import exact
from resilience.horizon import Horizon
from resilience.organisation import Organisation, Stream
from resilience.rows import Irregular
from resilience.terms import success_expected

DEAREST = 10**9  # pence a unit: a drawn price is never more


@dataclass
class Odd:
    """The rows of irregular income, and what is to be drawn for it."""

    rows: Irregular
    prices: list[Drawn] = field(default_factory=list)
    success: list[Drawn] = field(default_factory=list)
    gifts: list[tuple[int, int, float, Drawn]] = field(default_factory=list)  # first row, most, a month, each
    volatility: list[tuple[int, float, float]] = field(default_factory=list)  # first row, sd, memory
    returned: list[tuple[int, float]] = field(default_factory=list)  # row, chance to keep it


def irregular(organisation: Organisation, horizon: Horizon, choose: Chooser, names: list[str]) -> Odd:
    """Rows and draws of the streams and bids `names`, in their order."""
    S, T, services = len(names), horizon.months, sorted(organisation.services)
    years = (T + horizon.first.funders_month - 2) // 12 + 1
    r: dict[str, Any] = {k: np.full(S, -1, dtype=np.int64) for k in ("unit", "service", "gifts", "year", "clawback")}
    r["success"] = np.full(S, -1, dtype=np.int64)
    r |= {k: np.zeros(S, dtype=np.uint8) for k in ("odd", "seasonal", "pays_exit")}
    r |= {k: np.zeros(S, dtype=np.int64) for k in ("results", "results_lag", "retender")}
    r |= {"guaranteed": np.zeros(S), "expected": np.ones(S), "season": np.zeros((S, 13), dtype=np.int64)}
    odd = Odd(Irregular(services=len(services), years=years, **r))
    for s, place in enumerate(names):
        kind, name = place.split(".", 1)
        if kind == "streams":
            _stream(odd, r, s, place, organisation.streams[name], services, T, choose)
    return odd


def _stream(
    odd: Odd, r: dict[str, Any], s: int, place: str, item: Stream, services: list[str], T: int, choose: Chooser
) -> None:
    """The row of one stream."""
    off = choose.variation.off
    if item.unit is not None:
        r["unit"][s], r["service"][s] = len(odd.prices), services.index(item.unit.service)
        r["guaranteed"][s] = item.unit.guaranteed_volume
        odd.prices.append(choose.quantity(f"{place}.unit.price", item.unit.price))
    if item.season is not None:
        r["seasonal"][s], r["season"][s] = 1, cumulative(item.season)
    if item.volatility and choose.chance and f"{place}.volatility" not in off:
        r["year"][s] = len(odd.volatility)
        odd.volatility.append((choose.sources.row(f"{place}.volatility", odd.rows.years), item.volatility, item.memory))
    if item.results is not None:
        r["results"][s], r["results_lag"][s] = ppm(exact(item.results.share)), item.results.lag
        r["success"][s], r["expected"][s] = len(odd.success), success_expected(item.results)
        odd.success.append(choose.quantity(f"{place}.results.success", item.results.success))
    if item.gifts is not None and choose.chance and f"{place}.gifts" not in off:
        most = most_gifts(item.gifts.a_year * T / 12)
        amount = choose.quantity(f"{place}.gifts.amount", item.gifts.amount, most)
        arrivals = choose.sources.row(f"{place}.gifts", most)
        r["gifts"][s] = len(odd.gifts)
        odd.gifts.append((arrivals, most, item.gifts.a_year / 12, amount))
    if item.clawback != "kept":
        row, kept = 0, -1.0  # returned whatever is drawn
        if item.clawback == "asked":
            row = choose.sources.row(f"{place}.clawback")
            kept = choose.variation.odds(f"{place}.clawback_kept", float(item.clawback_kept))
        r["clawback"][s] = len(odd.returned)
        odd.returned.append((row, kept))
    r["pays_exit"][s] = int(item.pays_exit)
    if item.renewal is not None and item.renewal.retender:
        r["retender"][s] = item.renewal.cost
    r["odd"][s] = int(max(r["unit"][s], r["year"][s], r["success"][s], r["gifts"][s]) >= 0 or item.season is not None)


def cumulative(weights: tuple[float, ...]) -> list[int]:
    """Millionths of the year that have come by the end of each month of the funders' year; the last is one."""
    total, so_far, out = sum(exact(w) for w in weights), Fraction(0), [0]
    for weight in weights:
        so_far += exact(weight)
        out.append(ppm(so_far / total))
    return out


def most_gifts(mean: float) -> int:
    """Gifts to draw so that more have a probability below 1e−12 (Chernoff: P(N > m + x) < exp(−x²/(2(m + x/3))))."""
    return int(mean + 8 * mean**0.5 + 20) + 1


def decided(odd: Odd, u: np.ndarray, months: int) -> dict[str, np.ndarray]:
    """Luck.price to Luck.returned, by name."""
    B = u.shape[1]
    gifts = np.zeros((len(odd.gifts), months, B), dtype=np.int64)
    for i, (row, most, hazard, one) in enumerate(odd.gifts):
        amounts = whole(u, [replace(one, row=one.row + k) for k in range(most)], 1.0)
        bend.gifts(u, row, hazard, amounts, gifts[i])
    volatility = np.zeros((len(odd.volatility), odd.rows.years, B))
    for i, (row, sd, memory) in enumerate(odd.volatility):
        bend.noise(u, row, sd, True, memory, odd.rows.years, volatility[i])
    returned = np.zeros((len(odd.returned), B), dtype=np.uint8)
    for i, (row, kept) in enumerate(odd.returned):
        returned[i] = u[row] > kept
    return {
        "price": np.minimum(whole(u, odd.prices, 1.0), DEAREST),
        "success": whole(u, odd.success, 1e6),
        "gifts": gifts,
        "volatility": volatility,
        "returned": returned,
    }
