"""General elections and how long after them money is settled anew: the dated record, data/elections.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from resilience.draws import Sources
from resilience.horizon import Horizon, Month, parse_month

DATA = Path(__file__).parent / "data" / "elections.toml"


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text("utf-8"))


def record() -> list[dict[str, Any]]:
    """Every election since 1997 after which a settlement came: `on`, `changed` (the government), `settlement`, `months`, `source`."""
    return list(_data()["election"])


def lags() -> list[int]:
    """Months from an election to the first settlement of several years, or an emergency one, in the order of the record."""
    return [int(one["months"]) for one in record()]


def changed() -> tuple[int, int]:
    """(elections of the record that changed the government, elections of the record)."""
    held = record()
    return sum(bool(one["changed"]) for one in held), len(held)


def coming(first: Month, last: Month, following: Month | None = None) -> list[Month]:
    """Elections from the first month to the last: the next as given, or at its latest lawful date; later ones as far apart as lawful."""
    month, found = following or parse_month(_data()["latest"]), list[Month]()
    while month <= last:
        if month >= first:
            found.append(month)
        month += int(_data()["every"])
    return found


@dataclass(frozen=True)
class Government:
    """Elections within the horizon: when money is settled after each, and whether a new government does it."""

    elections: np.ndarray  # int64 (elections,): months from the first
    lags: np.ndarray  # int64 (record,)
    changes: float
    row: int  # of two rows an election: which lag of the record, and whether the government changes

    def settled(self, u: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """(month of the first settlement after election k; is it a new government's?), each (block,)."""
        which = np.minimum((u[self.row + 2 * k] * len(self.lags)).astype(np.int64), len(self.lags) - 1)
        return self.elections[k] + self.lags[which], u[self.row + 2 * k + 1] <= self.changes


def government(horizon: Horizon, following: Month | None, changes: float, chance: bool, sources: Sources) -> Government:
    """Elections from the first month to the last; without chance none is held. Source "government"."""
    last = horizon.first + (horizon.months - 1)
    found = coming(horizon.first, last, following) if chance else []
    months = np.array([month - horizon.first for month in found], dtype=np.int64)
    return Government(months, np.array(lags()), changes, sources.row("government", 2 * len(found)) if found else 0)
