"""What a reorganisation of the bodies that commission does to awards: held over, waiting, paid later, moved. docs/model.md, section 4d."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilience.horizon import Horizon, Month
from resilience.organisation import Organisation, Reorganisation
from resilience.variation import Variation

YEAR = 12


@dataclass(frozen=True)
class Bodies:
    """Every reorganisation of an organisation, in months from the first; a payer meets those of its kind."""

    # each with its month of vesting, the probability of a hold-over, and the month in which grants move
    found: list[tuple[Reorganisation, int, float, int]]
    names: list[str]
    months: int

    def told(self, kind: str, month: int) -> int:
        """Month in which a new award is told that would be told in this one: it waits until the new bodies have settled."""
        for one, vesting, _, _ in self.found:
            if kind in one.kinds and vesting - YEAR <= month < vesting + one.waits:
                month = vesting + one.waits
        return month

    def held(self, kind: str, end: int, otherwise: float) -> float:
        """Probability that an award that ends in this month is held over."""
        chances = [
            chance for one, vesting, chance, _ in self.found if kind in one.kinds and vesting - YEAR <= end < vesting
        ]
        return max([otherwise, *chances])

    def incumbent(self, kind: str, told: int) -> float:
        """Share of what being there adds to the odds, of an award told in this month: lost at vesting, and rebuilt."""
        share = 1.0
        for one, vesting, _, _ in self.found:
            if kind in one.kinds and told >= vesting and one.rebuilt:
                share = min(share, (told - vesting) / one.rebuilt)
        return share

    def later(self, kind: str) -> np.ndarray:
        """Months by which what is delivered in each month is paid later, int16 (months,)."""
        out = np.zeros(self.months, dtype=np.int16)
        for one, vesting, _, _ in self.found:
            if kind in one.kinds:
                out[max(0, vesting) : max(0, vesting + one.waits)] += one.later
        return out

    def harmonised(self, kind: str) -> list[tuple[int, float, str]]:
        """(month, most by which a grant then moves, name of the reorganisation) of payers of a kind."""
        return [
            (april, float(one.harmonised), name)
            for name, (one, _, _, april) in zip(self.names, self.found, strict=True)
            if kind in one.kinds and one.harmonised and 0 <= april < self.months
        ]


def bodies(organisation: Organisation, horizon: Horizon, variation: Variation) -> Bodies:
    """In alphabetical order of their names."""
    found = []
    for name, one in sorted(organisation.reorganisations.items()):
        april = Month(one.vesting.year + (one.vesting.month > 4) + 1, 4)
        held = variation.odds(f"reorganisations.{name}.held", float(one.held))
        found.append((one, one.vesting - horizon.first, held, april - horizon.first))
    return Bodies(found, sorted(organisation.reorganisations), horizon.months)
