"""Bids: what price and quality do to the odds, awards told late, how many are mobilised at once.

Fixed before chance by `bidding`; what chance makes of it in a block of paths by the other functions. docs/model.md, section 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilience import chance as bend
from resilience import winning
from resilience.drawn import Chooser, Drawn, real
from resilience.draws import Sources
from resilience.horizon import Horizon
from resilience.organisation import Bid, Organisation
from resilience.reorganisation import bodies
from resilience.rows import NEVER, Arrived
from resilience.variation import Variation


@dataclass(frozen=True)
class Odds:
    """What is added to the log-odds of a bid: a fixed part, and one that hangs on the lowest price that others ask."""

    bid: int  # row of `won`
    fixed: float  # incumbent, and slope × quality weight × (quality − usual quality)
    slope: float  # slope × price weight
    ours: float  # pence
    usual: float
    lowest: Drawn | None  # None without a score


@dataclass(frozen=True)
class Bidding:
    """What is fixed before chance about bids, beside their rows in `funding`."""

    prices: dict[int, tuple[int, int]]  # row of a stream → (ours, usual), pence
    odds: list[Odds]
    delays: list[tuple[int, int, float, int]]  # (row of a stream, row of the uniform, probability, months)
    at_once: int  # mobilisations; NEVER for no limit
    listed: np.ndarray  # int64 (bids, 4): row of the stream, row of `won`, months of standstill, months of mobilisation


def bidding(
    organisation: Organisation,
    horizon: Horizon,
    sources: Sources,
    choose: Chooser,
    variation: Variation,
    rows: dict[str, tuple[int, int]],
) -> Bidding:
    """What chance is asked for besides winning; `rows`: row of the stream and of `won` of each bid, by place."""
    prices, odds, delays, new = {}, [], [], bodies(organisation, horizon, variation)
    listed = np.zeros((len(organisation.bids), 4), dtype=np.int64)
    for i, (name, bid) in enumerate(sorted(organisation.bids.items())):
        place = f"bids.{name}"
        s, won = rows[place]
        listed[i] = s, won, bid.standstill, bid.mobilisation.months
        if bid.price and bid.price.ours != bid.price.usual:
            prices[s] = bid.price.ours, bid.price.usual
        if (bid.score or bid.incumbent) and place not in variation.off:
            there = new.incumbent(bid.kind, new.told(bid.kind, bid.decision - horizon.first))
            odds.append(_odds(place, bid, won, choose, there))
        if bid.delay and f"{place}.delay" not in variation.off:
            chance = variation.odds(f"{place}.delay.chance", float(bid.delay.chance))
            delays.append((s, sources.row(f"{place}.delay"), chance, bid.delay.months))
    at_once = organisation.hub.mobilisations_at_once or NEVER
    return Bidding(prices, odds, delays, at_once, listed)


def _odds(place: str, bid: Bid, won: int, choose: Chooser, there: float) -> Odds:
    """The terms of the log-odds of a bid beside those of its chance; there: share of what being there adds that counts."""
    if bid.score is None or bid.price is None:
        return Odds(won, there * bid.incumbent, 0.0, 1.0, 1.0, None)
    score = bid.score
    fixed = there * bid.incumbent + score.slope * score.quality_weight * (score.quality - score.usual_quality)
    lowest = choose.quantity(f"{place}.score.lowest", score.lowest)
    slope = score.slope * (1.0 - score.quality_weight)
    return Odds(won, fixed, slope, float(bid.price.ours), float(bid.price.usual), lowest)


# ---- what chance makes of it


def priced(fixed: Bidding, amount: np.ndarray) -> np.ndarray:
    """Yearly amounts at our prices, round(yearly × ours ÷ usual), halves up; int64 (streams, block) changed in place."""
    for s, (ours, usual) in fixed.prices.items():
        amount[s] = [min((2 * int(y) * ours + usual) // (2 * usual), int(bend.MOST)) for y in amount[s]]
    return amount


def chances(fixed: Bidding, u: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Probability of winning each bid on each path, float64 (bids, block): logistic(logit p₀ + what is added).

    chance: p₀ on each path, changed in place.
    """
    for one in fixed.odds:
        lowest = real(u, [one.lowest])[0] if one.lowest is not None else np.zeros(u.shape[1])
        winning.scored(lowest, one.fixed, one.slope, one.ours, one.usual, chance[one.bid])
    return chance


def shift(fixed: Bidding, u: np.ndarray, told: np.ndarray, begins: np.ndarray, until: np.ndarray) -> None:
    """Awards told late: told, begun and over later on those paths. int16 (streams, block), changed in place."""
    for s, row, chance, months in fixed.delays:
        late = (u[row] <= chance) * np.int16(months)
        for dates in (told, begins, until):
            dates[s] = np.minimum(dates[s] + late, NEVER)


def queue(
    fixed: Bidding,
    won: np.ndarray,
    told: np.ndarray,
    begins: np.ndarray,
    until: np.ndarray,
    arrived: Arrived,
    months: int,
) -> None:
    """No more mobilisations at once than the hub can do: go-live of others waits. begins, until, arrived.starts changed in place."""
    if fixed.at_once < NEVER:
        busy = np.zeros(months, dtype=np.int64)
        one = arrived
        winning.wait(
            fixed.at_once, fixed.listed, one.terms, won, told, begins, until, one.told, one.source, one.starts, busy
        )
