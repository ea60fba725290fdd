"""Policy programmes in time: gamma stage times, abandonment, and what a new government does with them. docs/model.md, section 4c."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc, gammaincinv

from resilience.draws import Sources
from resilience.elections import Government, government
from resilience.horizon import Horizon
from resilience.organisation import Organisation
from resilience.organisation.policy import STAGES, Programme, by_stages
from resilience.rows import NEVER
from resilience.variation import Variation

GONE = len(STAGES)  # stands for the stage of a programme that is abandoned or scrapped
TROUGH, SLOPE = STAGES.index("trough"), STAGES.index("slope")
EACH = 5  # uniforms of a life: a length for each stage but the last, and whether it is abandoned


@dataclass(frozen=True)
class Life:
    """One programme: where it stands and what is drawn for it."""

    name: str
    one: Programme
    row: int  # of EACH uniforms for its life, and after each election for another
    fate: int  # of what each new government does with it
    abandoned: float
    scrapped: float
    adapted: float
    engaged: int  # first month of engaging


@dataclass(frozen=True)
class Programmes:
    """All programmes of an organisation, in alphabetical order."""

    lives: list[Life]
    government: Government
    months: int

    @property
    def engaging(self) -> bool:
        """Do we engage with any?"""
        return any(one.one.engaging for one in self.lives)

    def row(self, name: str | None) -> int:
        """Row of a programme; −1 for none."""
        return next((i for i, one in enumerate(self.lives) if one.name == name), -1)

    def stages(self, u: np.ndarray) -> np.ndarray:
        """The stage of each programme, rows of STAGES or GONE: uint8 (programmes, months, block)."""
        out = np.zeros((len(self.lives), self.months, u.shape[1]), dtype=np.uint8)
        for i, life in enumerate(self.lives):
            out[i] = self._stages(life, u)
        return out

    def _stages(self, life: Life, u: np.ndarray) -> np.ndarray:
        t = np.arange(self.months)[:, None]
        out = _life(life, u, life.row, STAGES.index(life.one.stage), life.one.since, t)
        for k in range(len(self.government.elections)):
            settled, new = self.government.settled(u, k)
            fate, alive = u[life.fate + k], out[np.minimum(settled, self.months - 1), np.arange(u.shape[1])] != GONE
            again = new & alive & (fate > life.scrapped) & (fate <= life.scrapped + life.adapted)
            afresh = _life(life, u, life.row + EACH * (k + 1), 0, 0, t - settled)
            out = np.where(again & (t >= settled), afresh, out)
            out = np.where(new & alive & (fate <= life.scrapped) & (t >= settled), GONE, out)
        return out.astype(np.uint8)

    def raised(self, stages: np.ndarray) -> np.ndarray:
        """What engaging adds to the log-odds of winning money of each programme, by month: float64 (programmes, months, block)."""
        ways = [one.one.engaging for one in self.lives]
        odds = np.array([float(way.odds) if way else 0.0 for way in ways]).reshape(-1, 1, 1)
        full = np.array([way.months if way else 1 for way in ways]).reshape(-1, 1, 1)
        return odds * np.minimum(1.0, self.engaged(stages) / full)

    def added(self, stages: np.ndarray, programme: int, told: np.ndarray) -> np.ndarray:
        """What stage and engaging add to the log-odds of a bid of a programme, told in these months: float64 (block,)."""
        table = np.array([*by_stages(self.lives[programme].one.winning), 0.0])
        at = np.minimum(told, self.months - 1), np.arange(len(told))
        return table[stages[programme][at]] + self.raised(stages)[programme][at]

    def engaged(self, stages: np.ndarray) -> np.ndarray:
        """Months of engaging before each month, int64 (programmes, months, block)."""
        on = self.engages(stages)
        return np.cumsum(on, axis=1) - on

    def engages(self, stages: np.ndarray) -> np.ndarray:
        """Do we engage in this month? bool (programmes, months, block)."""
        t = np.arange(self.months)[None, :, None]
        first = np.array([one.engaged for one in self.lives]).reshape(-1, 1, 1)
        return ((stages == TROUGH) | (stages == SLOPE)) & (t >= first)

    def cost(self, stages: np.ndarray, part: np.ndarray, bump: np.ndarray) -> np.ndarray:
        """What engaging costs, pence, int64 (months, block)."""
        on, total = self.engages(stages), np.zeros(stages.shape[1:], dtype=np.int64)
        for i, life in enumerate(self.lives):
            yearly = life.one.engaging.yearly if life.one.engaging else 0
            total += on[i] * (yearly // 12 + bump[part, yearly % 12])[:, None]
        return total


def _life(life: Life, u: np.ndarray, row: int, begins: int, since: float, t: np.ndarray) -> np.ndarray:
    """Stage by month of a life that begins in a stage at month nil: (months, block). t: months since then, below nil before it.

    The length of the first stage is what is left of it, given that it has lasted `since`.
    """
    k, until = float(life.one.shape), np.zeros(u.shape[1])
    stage = np.full(np.broadcast_shapes(t.shape, (1, u.shape[1])), begins)
    for i in range(begins, len(STAGES) - 1):
        mean, uniform = float(getattr(life.one.lasts, STAGES[i])), u[row + i]
        past = gammainc(k, k * since / mean) if i == begins else 0.0
        length = gammaincinv(k, past + uniform * (1 - past)) * mean / k - (since if i == begins else 0.0)
        until = until + np.maximum(0.0, length)
        ended = t >= until
        stage = np.where(ended, i + 1, stage)
        if i == TROUGH:
            dropped = u[row + EACH - 1] <= life.abandoned
    if begins <= TROUGH:
        stage = np.where((stage > TROUGH) & dropped, GONE, stage)
    return stage


def gone(stages: np.ndarray) -> np.ndarray:
    """First month in which each programme is gone, NEVER where it stays: int16 (programmes, block)."""
    there = stages == GONE
    return np.where(there.any(axis=1), there.argmax(axis=1), NEVER).astype(np.int16)


def programmes(organisation: Organisation, horizon: Horizon, sources: Sources, variation: Variation) -> Programmes:
    """What is fixed before chance. Sources "policy.NAME.life" and "policy.NAME.fate", national as "government"."""
    held = organisation.elections
    on = organisation.chance and bool(organisation.programmes)
    changes = variation.odds("elections.changes", float(held.changes))
    ruled = government(horizon, held.next, changes, on, sources)
    n = len(ruled.elections)
    lives = []
    for name, one in sorted(organisation.programmes.items()):
        odds = {key: variation.odds(f"programmes.{name}.{key}", float(getattr(one, key))) for key in FATES}
        if f"programmes.{name}.end" in variation.off:
            odds |= {"abandoned": 0.0, "scrapped": 0.0}
        begins = one.engaging.starts if one.engaging else None
        lives.append(
            Life(
                name,
                one,
                sources.row(f"policy.{name}.life", EACH * (n + 1)),
                sources.row(f"policy.{name}.fate", n) if n else 0,
                **odds,
                engaged=NEVER if one.engaging is None else 0 if begins is None else begins - horizon.first,
            )
        )
    return Programmes(lives, ruled, horizon.months)


FATES = ("abandoned", "scrapped", "adapted")
