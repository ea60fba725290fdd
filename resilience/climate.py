"""The fiscal climate, as a chain or in storylines: growth, standstill and austerity act on the odds of cuts. docs/model.md, section 4b."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilience import chance as bend
from resilience.draws import Sources
from resilience.elections import Government, government
from resilience.horizon import Horizon, Month, parse_month
from resilience.organisation import Climate, Organisation
from resilience.storylines import announced, shipped

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


@dataclass(frozen=True)
class Told:
    """Storylines: the climate of each by month, and which of them is told in a future."""

    climates: np.ndarray  # uint8 (storylines, months)
    until: np.ndarray  # float64 (storylines,): sums of the weights so far, over all of them
    row: int

    def states(self, u: np.ndarray) -> np.ndarray:
        """The climate by month and path, uint8 (months, block)."""
        return np.ascontiguousarray(self.climates[self.which(u)].T)

    def which(self, u: np.ndarray) -> np.ndarray:
        """The storyline of each path, int64 (block,)."""
        return np.searchsorted(self.until, u[self.row], side="right").clip(0, len(self.until) - 1)


@dataclass(frozen=True)
class Settled:
    """A chain that may move at the first settlement after each election, so many months later as once in the record."""

    start: int
    moves: np.ndarray  # float64 (states, states)
    government: Government
    months: int
    row: int  # of one row an election

    def states(self, u: np.ndarray) -> np.ndarray:
        """The climate by month and path, uint8 (months, block)."""
        B = u.shape[1]
        out, now = np.full((self.months, B), self.start, dtype=np.uint8), np.full(B, self.start)
        to, t = self.moves.cumsum(axis=1), np.arange(self.months)[:, None]
        for k in range(len(self.government.elections)):
            month, _ = self.government.settled(u, k)
            now = (u[self.row + k][:, None] > to[now]).sum(axis=1).clip(0, len(STATES) - 1)
            settled = t >= month
            out[settled] = np.broadcast_to(now, out.shape)[settled]
        return out


def climates(organisation: Organisation, horizon: Horizon, sources: Sources) -> Chain | Told | Settled:
    """Storylines where the file tells some, else the chain."""
    climate = organisation.climate
    if climate is not None and climate.moves == "settlement":
        next_one, changes = organisation.elections.next, float(organisation.elections.changes)
        held = government(horizon, next_one, changes, organisation.chance, sources)
        row = sources.row("climate", max(1, len(held.elections)))
        return Settled(STATES.index(climate.starts), moves(climate), held, horizon.months, row)
    if organisation.storylines is None:
        return chain(organisation, horizon, sources)
    return told(organisation, horizon, sources)


def told(organisation: Organisation, horizon: Horizon, sources: Sources) -> Told:
    """The storylines of a file, in alphabetical order; without chance the one with the most weight is told, of equals the first."""
    held = organisation.storylines
    assert held is not None
    begins = known_to(organisation) + 1
    rows, weights = [], []
    for name, one in sorted(held.stories.items()):
        turns = [(turn.after, turn.climate) for turn in one.turns] if one.turns is not None else shipped()[name]
        states = [STATES.index(held.until_then)] * horizon.months
        for after, climate in sorted(turns):
            for t, month in enumerate(horizon):
                if month - begins >= after:
                    states[t] = STATES.index(climate)
        rows.append(states)
        weights.append(float(one.weight))
    if not organisation.chance:
        weights = [float(i == int(np.argmax(weights))) for i in range(len(weights))]
    until = np.cumsum(weights) / sum(weights)
    return Told(np.array(rows, dtype=np.uint8), until, sources.row("storyline"))


def known_to(organisation: Organisation) -> Month:
    """The last month of what has been announced: of the file, or dated by nation; where neither says, the month before the first."""
    held = organisation.storylines
    if held is not None and held.known_to is not None:
        return held.known_to
    dated = announced(organisation.nation)
    return parse_month(dated) if dated else organisation.first_month - 1


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
