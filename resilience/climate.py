"""The fiscal climate: a chain over growth, standstill and austerity that acts on the odds of cuts. docs/model.md, section 4b."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilience import chance as bend
from resilience.draws import Sources
from resilience.horizon import Horizon
from resilience.organisation import Climate, Organisation

STATES = ("growth", "standstill", "austerity")
BUDGET = 11  # month of the year in which a chain that moves yearly may move


@dataclass(frozen=True)
class Chain:
    """What `chance.climates` needs; no moves at all: there is one climate."""

    start: int
    moves: np.ndarray  # float64 (states, states), empty if off
    when: np.ndarray  # uint8 (months,)
    row: int

    def states(self, u: np.ndarray) -> np.ndarray:
        """The climate by month and path, uint8 (months, block)."""
        out = np.zeros((len(self.when), u.shape[1]), dtype=np.uint8)
        if len(self.moves):
            bend.climates(u, self.row, self.start, self.moves, self.when, out)
        return out


def moves(climate: Climate) -> np.ndarray:
    """Probabilities of going from one climate (row) to another (column), float64 (3, 3)."""
    table = np.array(
        [[0.0 if a == b else getattr(climate, f"{a}_to_{b}") for b in STATES] for a in STATES], dtype=np.float64
    )
    return table + np.diag(1 - table.sum(axis=1))


def chain(organisation: Organisation, horizon: Horizon, sources: Sources) -> Chain:
    """The chain of a file; without chance it stays where it starts."""
    climate = organisation.climate
    if climate is None:
        return Chain(0, np.zeros((0, 0)), np.zeros(horizon.months, dtype=np.uint8), 0)
    when = np.array([climate.moves == "monthly" or month.month == BUDGET for month in horizon], dtype=np.uint8)
    when *= int(organisation.chance)
    return Chain(STATES.index(climate.starts), moves(climate), when, sources.row("climate", horizon.months))
