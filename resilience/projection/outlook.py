"""The economy of each path beside the central one: one shared shift of each yearly rate. docs/model.md, "The economy"."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from resilience import chance as bend
from resilience.draws import Sources
from resilience.economy import DOUBTED, Economy, ppm
from resilience.horizon import Horizon, Month
from resilience.rows import Outlook
from resilience.variation import Variation

LEAST, MOST = -500_000, 1_000_000  # ppm: the yearly rates that a file can name


@dataclass(frozen=True)
class Doubt:
    """What the shifts are made of. Rows of the three stand in the order of DOUBTED: prices, earnings, Bank Rate.

    sd: ppm a year; held: the normal at which one is held in a replay. central int64 (2, years): ppm that prices and earnings rise in
    the April that begins a funders' year of the horizon; open bool (2, years): of a calendar year after the first month's.
    """

    rows: np.ndarray
    sd: tuple[float, float, float]
    together: float
    held: dict[int, float]
    central: np.ndarray
    open: np.ndarray
    settled: int

    @property
    def moves(self) -> bool:
        """Is anything uncertain?"""
        return len(self.rows) > 0


def doubt(
    economy: Economy, horizon: Horizon, sources: Sources, variation: Variation, chance: bool, settled: int
) -> Doubt:
    """What is to be drawn for the economy; nothing where all of it is certain. settled: month of the funders' year."""
    aprils = [month for t, month in enumerate(horizon) if month.month == 4 and t > 0]
    rises = [[0, *(ppm(economy.cpi(a)) for a in aprils)], [0, *(ppm(economy.earnings(a)) for a in aprils)]]
    first = horizon.first.year
    late = [[False, *(a.year - 1 > first for a in aprils)], [False, *(a.year > first for a in aprils)]]
    sd = [1e6 * x for x in economy.doubts]
    drawn = chance and any(sd)
    rows = [sources.row(f"economy.{name}") for name in DOUBTED] if drawn else []
    held = {i: 0.0 for i, name in enumerate(DOUBTED) if f"economy.{name}" in variation.off}
    for i, name in enumerate(DOUBTED):
        if (u := variation.pinned.get(f"economy.{name}")) is not None:
            held[i] = NormalDist().inv_cdf(u)
    return Doubt(
        np.array(rows, dtype=np.int64),
        (sd[0], sd[1], sd[2]),
        economy.together,
        held,
        np.array(rises, dtype=np.int64),
        np.array(late),
        settled,
    )


def shifts(one: Doubt, u: np.ndarray) -> np.ndarray:
    """The shifts of the three yearly rates, ppm, int64 (3, block).

    Three normals with the same correlation r between each two: z_i = a·n_i + b·(n_1 + n_2 + n_3), a = √(1 − r), b = (√(1 + 2r) − a)/3.
    """
    n = np.zeros((3, u.shape[1]))
    if not one.moves:
        return n.astype(np.int64)
    bend.normals(u, one.rows, n)
    a = math.sqrt(1.0 - one.together)
    b = (math.sqrt(1.0 + 2.0 * one.together) - a) / 3.0
    z = a * n + b * (n[0] + n[1] + n[2])
    for i, value in one.held.items():
        z[i] = value
    return np.floor(z * np.array(one.sd)[:, None] + 0.5).astype(np.int64)


def outlook(one: Doubt, u: np.ndarray) -> Outlook:
    """The economy of every path of a block: uniforms (rows, block) to levels by funders' year."""
    shift, block = shifts(one, u), u.shape[1]
    central = one.central[:, :, None]
    path = np.clip(central + one.open[:, :, None] * shift[:2, None, :], LEAST, MOST)
    prices, earnings = np.cumprod((1_000_000 + path) / (1_000_000 + central), axis=1) - 1.0
    waits = np.zeros((path.shape[1], block), dtype=np.int64)
    if one.settled > 1:
        rise = np.maximum(0, path[1])
        waits = (2_000_000 * rise + 1_000_000 + rise) // (2 * (1_000_000 + rise))
    more = np.ascontiguousarray(path[0] - central[0])
    return Outlook(int(one.moves), earnings, prices, more, waits, np.ascontiguousarray(shift[2]))


def price_index(one: Doubt, economy: Economy, horizon: Horizon, u: np.ndarray) -> np.ndarray:
    """Level of prices at each month-end beside that before the first month: Π (1 + g)^(1/12), g of the month's calendar year.

    float64 (months, block).
    """
    growth = np.zeros((horizon.months, u.shape[1]))
    shift = shifts(one, u)[0]
    for t, month in enumerate(horizon):
        central = ppm(economy.cpi(Month(month.year + 1, 4)))
        growth[t] = np.clip(central + (shift if month.year > horizon.first.year else 0), LEAST, MOST)
    return np.cumprod((1.0 + growth / 1e6) ** (1 / 12), axis=0)
