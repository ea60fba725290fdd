"""Bids: what price and quality do to the odds, awards told late, how many are mobilised at once, and work that nobody has named yet.

Fixed before chance by `bidding`; what chance makes of it in a block of paths by the other functions. docs/model.md, section 5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from resilience import chance as bend
from resilience import winning
from resilience.drawn import Chooser, Drawn, real, whole
from resilience.draws import Sources
from resilience.horizon import Horizon
from resilience.organisation import Bid, Organisation
from resilience.rows import NEVER
from resilience.variation import Variation

ONE = 1_000_000
UNNAMED = "opportunities"


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
class Unnamed:
    """Opportunities: how they arrive, what each is worth, and how many bids the hub can write for them."""

    rows: np.ndarray  # int64 (2,): first rows of the gaps and the wins
    most: int  # that can arrive within the horizon
    hazard: float  # of an arrival in a month
    times: np.ndarray  # float64 (climates,): what it is multiplied by in each
    chance: float
    yearly: list[Drawn]  # of each that can arrive
    term: int
    keep: int  # ppm of the income that delivering costs
    cost: int  # of a bid, pence
    mobilising: int  # months
    year: np.ndarray  # int64 (months,): number of the funders' year
    room: np.ndarray  # int64 (years,): bids that can still be written in it
    beyond: float  # log-odds that a bid beyond that loses; nan: none is written


@dataclass(frozen=True)
class Bidding:
    """What is fixed before chance about bids, beside their rows in `funding`."""

    prices: dict[int, tuple[int, int]]  # row of a stream → (ours, usual), pence
    odds: list[Odds]
    delays: list[tuple[int, int, float, int]]  # (row of a stream, row of the uniform, probability, months)
    at_once: int  # mobilisations; NEVER for no limit
    listed: np.ndarray  # int64 (bids, 4): row of the stream, row of `won`, months of standstill, months of mobilisation
    unnamed: Unnamed | None


def bidding(
    organisation: Organisation,
    horizon: Horizon,
    sources: Sources,
    choose: Chooser,
    variation: Variation,
    rows: dict[str, tuple[int, int]],
    beyond: float = math.nan,
) -> Bidding:
    """What chance is asked for besides winning; `rows`: row of the stream and of `won` of each bid, by place.

    beyond: log-odds that bids for opportunities lose beyond what the hub can write; nan: none is written.
    """
    prices, odds, delays = {}, [], []
    listed = np.zeros((len(organisation.bids), 4), dtype=np.int64)
    for i, (name, bid) in enumerate(sorted(organisation.bids.items())):
        place = f"bids.{name}"
        s, won = rows[place]
        listed[i] = s, won, bid.standstill, bid.mobilisation.months
        if bid.price and bid.price.ours != bid.price.usual:
            prices[s] = bid.price.ours, bid.price.usual
        if (bid.score or bid.incumbent) and place not in variation.off:
            odds.append(_odds(place, bid, won, choose))
        if bid.delay and f"{place}.delay" not in variation.off:
            chance = variation.odds(f"{place}.delay.chance", float(bid.delay.chance))
            delays.append((s, sources.row(f"{place}.delay"), chance, bid.delay.months))
    at_once = organisation.hub.mobilisations_at_once or NEVER
    unnamed = _unnamed(organisation, horizon, sources, choose, variation, beyond)
    return Bidding(prices, odds, delays, at_once, listed, unnamed)


def _odds(place: str, bid: Bid, won: int, choose: Chooser) -> Odds:
    """The terms of the log-odds of a bid beside those of its chance."""
    if bid.score is None or bid.price is None:
        return Odds(won, bid.incumbent, 0.0, 1.0, 1.0, None)
    score = bid.score
    fixed = bid.incumbent + score.slope * score.quality_weight * (score.quality - score.usual_quality)
    lowest = choose.quantity(f"{place}.score.lowest", score.lowest)
    slope = score.slope * (1.0 - score.quality_weight)
    return Odds(won, fixed, slope, float(bid.price.ours), float(bid.price.usual), lowest)


def _unnamed(
    organisation: Organisation,
    horizon: Horizon,
    sources: Sources,
    choose: Chooser,
    variation: Variation,
    beyond: float,
) -> Unnamed | None:
    """Opportunities as the file has them; none without chance, as for all that can happen in any month."""
    one, T = organisation.opportunities, horizon.months
    if one is None or not organisation.chance:
        return None
    hazard, times = one.a_year / 12, np.array([one.growth_climate, 1.0, one.austerity])
    most = most_arrivals(hazard * T * float(times.max()))
    first = [sources.row(f"{UNNAMED}.{name}", most) for name in ("arrive", "won")]
    value = choose.quantity(f"{UNNAMED}.yearly", one.yearly, most)
    year = np.array([month.year - (month.month < 4) for month in horizon], dtype=np.int64)
    year -= year[0]
    room = np.full(int(year[-1]) + 1, np.iinfo(np.int64).max)
    if organisation.hub.bidding_capacity is not None:
        room[:] = math.floor(organisation.hub.bidding_capacity)
        for bid in organisation.bids.values():
            told = bid.decision - horizon.first
            if told < T:
                room[year[told]] = max(0, room[year[told]] - 1)
    return Unnamed(
        rows=np.array(first, dtype=np.int64),
        most=most,
        hazard=hazard,
        times=times,
        chance=variation.odds(f"{UNNAMED}.chance", float(one.chance)),
        yearly=[replace(value, row=value.row + k) for k in range(most)],
        term=one.term,
        keep=ONE - round(one.margin * ONE),
        cost=one.cost,
        mobilising=one.months,
        year=year,
        room=room,
        beyond=beyond,
    )


def most_arrivals(mean: float) -> int:
    """Arrivals to draw so that more within the horizon have a probability below 1e−12: exp(−x²/(2(μ + x/3))) at x = 8√μ + 30."""
    return math.ceil(mean + 8 * math.sqrt(mean) + 30)


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


def opportunities(
    fixed: Bidding, u: np.ndarray, months: int, shift: np.ndarray, states: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(bids for opportunities told in each month, of which won, of which beyond the hub's room, all int16 (months, block); first month of
    income or −1 int16 and yearly pence int64 of each one won, (most, block), in the order in which they are told).

    shift: of the log-odds of winning, path by path; states: the climate by month and path.
    """
    one, B = fixed.unnamed, u.shape[1]
    if one is None:
        none = np.zeros((0, B), dtype=np.int16)
        return none, none, none, none, np.zeros((0, B), dtype=np.int64)
    tried, won, over = (np.zeros((months, B), dtype=np.int16) for _ in range(3))
    starts, yearly = np.full((one.most, B), -1, dtype=np.int16), np.zeros((one.most, B), dtype=np.int64)
    chance = np.empty((1, B))
    bend.shifted(np.array([one.chance]), shift, chance)
    values = whole(u, one.yearly, 1.0)
    winning.arrive(
        u,
        one.rows,
        np.cumsum(one.hazard * (one.times[states] if (one.times != 1).any() else np.ones((months, 1))), axis=0),
        chance[0],
        values,
        one.mobilising,
        one.year,
        one.room,
        one.beyond,
        tried,
        won,
        over,
        starts,
        yearly,
    )
    return tried, won, over, starts, yearly


def queue(
    fixed: Bidding,
    won: np.ndarray,
    told: np.ndarray,
    begins: np.ndarray,
    until: np.ndarray,
    starts: np.ndarray,
    months: int,
) -> None:
    """No more mobilisations at once than the hub can do: go-live of others waits. begins, until, starts changed in place."""
    if fixed.at_once < NEVER:
        mobilising = fixed.unnamed.mobilising if fixed.unnamed else 0
        busy = np.zeros(months, dtype=np.int64)
        winning.wait(fixed.at_once, fixed.listed, mobilising, won, told, begins, until, starts, busy)


def unnamed_money(
    fixed: Bidding, starts: np.ndarray, yearly: np.ndarray, part: np.ndarray, bump: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(income, cost of delivering) of the opportunities won, by month: int64 pence (months, block); no rows if there can be none."""
    one, B = fixed.unnamed, starts.shape[1]
    T = len(part) if one else 0
    income, cost = (np.zeros((T, B), dtype=np.int64) for _ in range(2))
    if one:
        winning.flow(starts, yearly, one.term, one.keep, part, bump, income, cost)
    return income, cost
