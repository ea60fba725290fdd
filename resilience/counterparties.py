"""Who pays, in trouble: one event a payer that ends or halves everything discretionary it pays. docs/model.md, section 4a.

A stream's own rates are reduced, so that with the event its total stays what the file says. With f the yearly probability of the
event, h = −ln(1 − f)/12 its hazard, v the probability that it halves, F(d) = 1 − exp(−h(d + 1)) that it has come by month d and
E(d) = (1 − v)·F(d) that it has come and ended things:

    cut      q′ = max(0, 1 − (1 − q)/(1 − f))
    renewal  r′ = min(1, r/(1 − e)), e = 1 − (1 − E(d))/(1 − E(d₀)) of the decisions told in d and, before it, in d₀
             (E = 0 before the first)
    bid      p′ = min(1, p/(1 − F(d))) of an award told in d
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from resilience import chance as bend
from resilience.draws import Sources
from resilience.employment import monthly_part
from resilience.horizon import Horizon
from resilience.organisation import Organisation
from resilience.variation import Variation


@dataclass(frozen=True)
class Payer:
    """One payer: its event, and what we pay from then on."""

    name: str
    yearly: float  # probability of the event
    halves: float
    hazard: float  # of a month
    off: bool  # switched off in a replay: own rates stay reduced
    row: int  # of the threshold; the next one says whether it halves
    burden: int  # pence a year from the event on

    def come(self, month: int) -> float:
        """F: probability that the event has come by the end of a month; 0 before the first."""
        return -math.expm1(-self.hazard * max(0, month + 1))

    def cut(self, yearly: float) -> float:
        """The yearly probability of a cut of its own."""
        return max(0.0, 1 - (1 - yearly) / (1 - self.yearly)) if self.yearly < 1 else 0.0

    def renewals(self, chance: float, decided: Sequence[int]) -> list[float]:
        """The probability of renewal of its own at each decision, told in these months."""
        stand = [1.0, *(1 - (1 - self.halves) * self.come(month) for month in decided)]
        return [min(1.0, chance * a / b) if b > 0 else float(chance > 0) for a, b in pairwise(stand)]

    def award(self, chance: float, told: int) -> float:
        """The probability of winning of its own, of a bid told in this month."""
        left = 1 - self.come(told)
        return min(1.0, chance / left) if left > 0 else float(chance > 0)


def named_payers(organisation: Organisation) -> frozenset[str]:
    """Payers that the file names: one that is not named pays a single stream, and is nobody else's."""
    raw = organisation.raw
    items = [item for kind in ("streams", "bids") for item in raw.get(kind, {}).values()]
    return frozenset({str(one["payer"]) for one in items if one.get("payer")} | set(raw.get("payers", {})))


def payers(organisation: Organisation, sources: Sources, variation: Variation) -> dict[str, Payer]:
    """Every payer that can get into trouble, by name, in alphabetical order; none without chance."""
    found = {}
    for name, one in sorted(organisation.payers.items()) if organisation.chance else ():
        yearly = variation.odds(f"payers.{name}.event", float(one.event or 0.0))
        if yearly > 0:
            found[name] = Payer(
                name,
                yearly,
                float(one.halves),
                bend.monthly_hazard(yearly),
                f"payers.{name}.event" in variation.off,
                sources.row(f"payers.{name}.event", 2),
                one.rent_help + one.pension_deficit,
            )
    return found


def trouble(held: Sequence[Payer], u: np.ndarray, months: int) -> tuple[np.ndarray, np.ndarray]:
    """(month of each payer's event, int16; whether it halves, uint8), shape (payers, block); `months`: it does not come."""
    month = np.zeros((len(held), u.shape[1]), dtype=np.int16)
    hazard = np.array([0.0 if one.off else one.hazard for one in held])
    bend.first_months(u, np.array([one.row for one in held], dtype=np.int64), hazard, months, month)
    halving = [u[one.row + 1] <= one.halves for one in held]
    return month, np.array(halving, dtype=np.uint8).reshape(month.shape)


def burden(held: Sequence[Payer], month: np.ndarray, horizon: Horizon) -> np.ndarray:
    """What payers in trouble spared us or ask of us, pence, int64 (months, block); no rows if nobody does."""
    if not any(one.burden for one in held):
        return np.zeros((0, month.shape[1]), dtype=np.int64)
    t, total = np.arange(horizon.months)[:, None], np.zeros((horizon.months, month.shape[1]), dtype=np.int64)
    for i, one in enumerate(held):
        parts = np.array([monthly_part(one.burden, at.funders_month) for at in horizon], dtype=np.int64)
        total += np.where(month[i] <= t, parts[:, None], 0)
    return total
