"""The simulator against the exact engine, on the three small charities that are shipped for it.

Both are written from docs/model.md and share no code. Every difference is told in standard errors, z. One limit holds
for the family: |z| ≤ 5.2 leaves a chance of 1 in 10,000 that any of 500 checks fails by luck (|z| > 3 would raise a
false alarm in three runs of four).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from resilience.exact import Exact, exact
from resilience.organisation_file import read_organisation

ORGANISATIONS = ("small_bids", "small_contracts", "small_grants")
MONTHS = 24
Z_LIMIT = 5.2
FEW = 50  # below this expected count a share is tested by the binomial itself
PROBABILITY_MONTHS = (11, 14, 17, 20, 23)
MONEY_MONTHS = (0, 5, 11, 17, 23)
MEANS = ("bank", "spendable", "restricted_cash", "unrestricted_funds", "income", "spending", "receipts_of_income")
QUANTILES = (0.1, 0.5, 0.9)
EVENTS = {
    "insolvent": "insolvent",
    "breach": "breach",
    "restricted_touched": "touched",
    "point_of_no_return": "no_return",
}


@dataclass(frozen=True)
class Check:
    """One comparison. Probabilities and ranks are shares, money GBP; `month` is an index from 0, at whose end it holds.

    z = (simulated − exact) ÷ standard error; for a share of fewer than FEW expected paths the normal deviate of its
    binomial tail. Without spread in the exact answer z is 0 if both agree to the penny, else infinite.
    """

    name: str
    organisation: str
    measure: str
    month: int
    exact: float
    simulated: float
    standard_error: float
    z: float

    @property
    def ok(self) -> bool:
        """|z| ≤ Z_LIMIT; never for nan."""
        return abs(self.z) <= Z_LIMIT


def verify(
    paths: int = 20_000, seed: int = 1, organisations: Iterable[str] = ORGANISATIONS, months: int = MONTHS
) -> list[Check]:
    """Every check, organisation by organisation, on `paths` paths of the simulator under *carry on*."""
    from resilience.projection import project

    checks: list[Check] = []
    for name in organisations:
        organisation = read_organisation(name)
        simulated = project(organisation, months=months, paths=paths, seed=seed, keep_paths=True)
        checks += compared(name, exact(organisation, months), simulated)
    return checks


def all_well(checks: Iterable[Check]) -> bool:
    """Whether every check is within the limit of the family."""
    return all(check.ok for check in checks)


def compared(name: str, known: Exact, simulated: Any) -> list[Check]:
    """The checks of one organisation: probabilities of events, means over continuing paths, ranks of quantiles."""
    return [*_events(name, known, simulated), *_means(name, known, simulated), *_ranks(name, known, simulated)]


def share_check(name: str, organisation: str, measure: str, month: int, chance: float, count: int, paths: int) -> Check:
    """`count` of `paths` paths against the exact probability `chance`."""
    error = math.sqrt(chance * (1 - chance) / paths)
    rare = min(chance, 1 - chance) * paths
    if error == 0:
        z = 0.0 if count == chance * paths else math.inf
    elif rare >= FEW:
        z = (count / paths - chance) / error
    else:
        low, high = special.bdtr(count, paths, chance), special.bdtrc(count - 1, paths, chance) if count else 1.0
        z = float(special.ndtri(min(low, 0.5)) if low < high else -special.ndtri(min(high, 0.5)))
    return Check(name, organisation, measure, month, chance, count / paths, error, z)


def mean_check(name: str, organisation: str, measure: str, month: int, mean: float, sd: float, sample: Any) -> Check:
    """The mean of simulated pence against an exact mean and standard deviation in pence; shown in GBP."""
    found = float(np.mean(sample)) if len(sample) else math.nan
    error = sd / math.sqrt(max(1, len(sample)))
    gap = found - mean
    z = gap / error if error else (0.0 if abs(gap) < 0.5 else math.inf)
    return Check(name, organisation, measure, month, mean / 100, found / 100, error / 100, z)


def _events(name: str, known: Exact, simulated: Any) -> Iterator[Check]:
    results = simulated.paths
    end, kind = results["end"], results["end_kind"]
    first = {
        "insolvent": np.where(kind == 1, end, -1),
        "breach": results["first_breach"],
        "restricted_touched": results["restricted_touched"],
        "point_of_no_return": results["no_return"],
    }
    for event, attribute in EVENTS.items():
        by_month = getattr(known, attribute)
        if by_month is None:
            continue
        for t in PROBABILITY_MONTHS:
            if t < known.months:
                count = int(np.sum((first[event] >= 0) & (first[event] <= t)))
                yield share_check(f"P({event} by)", name, event, t, float(by_month[t]), count, len(end))


def _continuing(simulated: Any, t: int) -> Any:
    end = simulated.paths["end"]
    return (end < 0) | (end > t)


def _amounts(known: Exact, simulated: Any, measure: str, t: int) -> Any:
    """Pence, shape (paths,): a measure of month t from the accounts."""
    accounts, organisation = simulated.accounts, known.organisation
    if measure not in ("spendable", "restricted_cash"):
        return np.asarray(accounts[measure][t], dtype=np.int64)
    restricted = np.zeros(accounts["bank"].shape[1], dtype=np.int64)
    for fund in organisation.funds:
        restricted += np.maximum(0, accounts[f"restricted:{fund}"][t])
    if measure == "restricted_cash":
        return restricted
    return accounts["bank"][t] + accounts["investments"][t] - restricted - organisation.opening.held_for_others


def _means(name: str, known: Exact, simulated: Any) -> Iterator[Check]:
    for t in (m for m in MONEY_MONTHS if m < known.months and known.weights["bank"][m]):
        alive = _continuing(simulated, t)
        for measure in MEANS:
            sample = _amounts(known, simulated, measure, t)[alive]
            sd = math.sqrt(known.variance(measure, t))
            yield mean_check("mean", name, measure, t, float(known.mean(measure, t)), sd, sample)


def _ranks(name: str, known: Exact, simulated: Any) -> Iterator[Check]:
    """The ⌈qN⌉-th smallest amount x must have P(X < x) ≤ q ≤ P(X ≤ x) by the exact answer, within standard errors."""
    lowest = np.iinfo(np.int64).min
    for t in (m for m in MONEY_MONTHS if m < known.months):
        alive = _continuing(simulated, t)
        for measure in ("bank", "spendable"):
            ranked = np.sort(np.where(alive, _amounts(known, simulated, measure, t), lowest))
            for q in QUANTILES:
                x = int(ranked[math.ceil(q * len(ranked)) - 1])
                ended = x == lowest
                below = 0.0 if ended else float(known.below(measure, t, x))
                upto = float(known.insolvent[t] if ended else known.below(measure, t, x, at_most=True))
                rank = min(max(q, below), upto)
                error = math.sqrt(q * (1 - q) / len(ranked))
                yield Check(f"rank of {q:.0%} quantile", name, measure, t, q, rank, error, (rank - q) / error)
