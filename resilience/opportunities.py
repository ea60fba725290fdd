"""Work that nobody has named yet: how it comes up, what it is worth, and how many bids the hub can write for it.

Fixed before chance by `unnamed`; what chance makes of it in a block of paths by the other functions. docs/model.md, section 5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from resilience import chance as bend
from resilience import winning
from resilience.drawn import Chooser, Drawn, whole
from resilience.elections import coming
from resilience.horizon import Horizon
from resilience.organisation import Organisation, Spree
from resilience.rows import NEVER, Arrived
from resilience.strategy import Strategy

ONE = 1_000_000
UNNAMED = "opportunities"
COMES_IN = {"pilots": "slope", "contracts": "plateau"}  # the stage of a programme in which each kind of its money comes


@dataclass(frozen=True)
class Source:
    """One source of work: contracts of anybody, or a kind of money of a programme."""

    place: str
    rows: tuple[int, int, int]  # first rows of the gaps, the wins and the terms
    hazard: float  # of an arrival in a month
    times: tuple[float, float, float]  # what it is multiplied by in growth, standstill and austerity
    chance: float
    yearly: list[Drawn]  # of each that can arrive
    terms: tuple[int, int, int, int]  # as `winning.arrive` reads them
    renewal: float
    keep: int  # ppm of the income that delivering costs
    fit: float
    programme: str = ""
    stage: str = ""  # the only one of the programme in which it comes up
    when: np.ndarray | None = None  # bool (months,): the only months in which it comes up
    ready: bool = False  # only a proposal that is ready meets it


@dataclass(frozen=True)
class Unnamed:
    """All sources, and the room that they share."""

    sources: list[Source]
    year: np.ndarray  # int64 (months,): number of the funders' year
    room: np.ndarray  # int64 (years,): bids that can still be written in it
    beyond: float  # log-odds that a bid beyond that loses; nan: none is written
    first: np.ndarray  # int64 (sources + 1,): of each source's own rows of what arrives
    ready: np.ndarray  # bool (months,): a proposal is ready
    written: np.ndarray  # int64 (months,): what writing it costs, pence


def unnamed(organisation: Organisation, horizon: Horizon, choose: Chooser, strategy: Strategy) -> Unnamed:
    """Opportunities as the file has them; none without chance, as for all that can happen in any month."""
    found = []
    if organisation.chance:
        if organisation.opportunities is not None:
            found.append(_source(UNNAMED, organisation.opportunities, horizon.months, choose))
        for name, programme in sorted(organisation.programmes.items()):
            for kind, money in programme.monies:
                made = _source(f"programmes.{name}.{kind}", money, horizon.months, choose)
                found.append(replace(made, programme=name, stage=COMES_IN[kind]))
        for name, spree in sorted(organisation.sprees.items()):
            found.append(_spree(f"sprees.{name}", spree, organisation, horizon, choose))
    year = np.array([month.year - (month.month < 4) for month in horizon], dtype=np.int64)
    year -= year[0]
    first = np.cumsum([0, *(len(one.yearly) for one in found)])
    room = _room(organisation, horizon, year)
    return Unnamed(found, year, room, strategy.beyond, first, *_kept_ready(strategy, horizon.months))


def _kept_ready(strategy: Strategy, months: int) -> tuple[np.ndarray, np.ndarray]:
    """(Is a proposal ready? What does writing it cost?) by month."""
    t, one = np.arange(months), strategy.ready
    if one is None:
        return np.zeros(months, dtype=bool), np.zeros(months, dtype=np.int64)
    return t >= one.months, np.where(t % one.shelf_life == 0, one.cost, 0).astype(np.int64)


def _spree(place: str, one: Spree, organisation: Organisation, horizon: Horizon, choose: Chooser) -> Source:
    """At least one comes in each time before an election or a year's end with `comes`, in any of its months alike."""
    last = horizon.first + (horizon.months - 1)
    if one.before == "election":
        ends = [month - 1 for month in coming(horizon.first, last + one.window, organisation.elections.next)]
    else:
        ends = [month for month in (last + k for k in range(-horizon.months, 13)) if month.month == 3]
    when = np.zeros(horizon.months, dtype=bool)
    for end in ends:
        when[max(0, end - horizon.first - one.window + 1) : max(0, end - horizon.first + 1)] = True
    comes = choose.variation.odds(f"{place}.comes", float(one.comes))
    hazard = -math.log1p(-min(comes, CERTAIN)) / one.window
    most, row = most_arrivals(-math.log1p(-CERTAIN) / one.window * int(when.sum())), choose.sources.row
    value = choose.quantity(f"{place}.yearly", one.yearly, most)
    return Source(
        place,
        (row(f"{place}.arrive", most), row(f"{place}.won", most), 0),
        hazard,
        (1.0, 1.0, 1.0),
        choose.variation.odds(f"{place}.chance", float(one.chance)),
        [replace(value, row=value.row + k) for k in range(most)],
        (0, one.term, 0, 0),
        0.0,
        ONE - round(one.margin * ONE),
        float(one.fit),
        when=when,
        ready=True,
    )


CERTAIN = 0.999  # stands for a spree that comes for certain


def _source(place: str, one: Any, months: int, choose: Chooser) -> Source:
    hazard, times = one.a_year / 12, (float(one.growth_climate), 1.0, float(one.austerity))
    most, row = most_arrivals(hazard * months * max(times)), choose.sources.row
    value = choose.quantity(f"{place}.yearly", one.yearly, most)
    return Source(
        place,
        (row(f"{place}.arrive", most), row(f"{place}.won", most), row(f"{place}.renewal", most) if one.renewal else 0),
        hazard,
        times,
        choose.variation.odds(f"{place}.chance", float(one.chance)),
        [replace(value, row=value.row + k) for k in range(most)],
        (one.months, one.term, one.cost, 1),
        choose.variation.odds(f"{place}.renewal", float(one.renewal)),
        ONE - round(one.margin * ONE),
        float(one.fit),
    )


def _room(organisation: Organisation, horizon: Horizon, year: np.ndarray) -> np.ndarray:
    """Bids that the hub can write in each funders' year beside those of the file."""
    room = np.full(int(year[-1]) + 1, np.iinfo(np.int64).max)
    if organisation.hub.bidding_capacity is not None:
        room[:] = math.floor(organisation.hub.bidding_capacity)
        for bid in organisation.bids.values():
            told = bid.decision - horizon.first
            if told < horizon.months:
                room[year[told]] = max(0, room[year[told]] - 1)
    return room


def most_arrivals(mean: float) -> int:
    """Arrivals to draw so that more within the horizon have a probability below 1e−12: exp(−x²/(2(μ + x/3))) at x = 8√μ + 30."""
    return math.ceil(mean + 8 * math.sqrt(mean) + 30)


# ---- what chance makes of it


def arrivals(
    fixed: Unnamed, u: np.ndarray, shift: np.ndarray, states: np.ndarray, on: np.ndarray, raised: np.ndarray
) -> Arrived:
    """What comes up, is bid for and won. Shift: of the log-odds of winning, path by path; states: the climate, uint8 (months, block).

    on: bool (sources, months, block), whether each source can bring anything then (no sources: all can); raised: float64 (sources or
    0, months, block), added to the log-odds of winning.
    """
    n, (T, B), most = len(fixed.sources), states.shape, int(fixed.first[-1])
    tried, won, beyond, missed = (np.zeros((T if n else 0, B), dtype=np.int16) for _ in range(4))
    bidding = np.zeros((T if n else 0, B), dtype=np.int64)
    told, starts, lasts = (np.full((most, B), -1, dtype=np.int16) for _ in range(3))
    source, yearly = np.zeros((most, B), dtype=np.uint8), np.zeros((most, B), dtype=np.int64)
    terms = np.array([one.terms for one in fixed.sources], dtype=np.int64).reshape(n, 4)
    out = Arrived(tried, won, beyond, bidding, missed, told, source, starts, lasts, yearly, terms)
    if not n:
        return out
    chance, rate = np.empty((n, B)), np.empty((n, T, B))
    bend.shifted(np.array([one.chance for one in fixed.sources]), shift, chance)
    for i, one in enumerate(fixed.sources):
        rate[i] = one.hazard
        if one.times != (1.0, 1.0, 1.0):
            rate[i] *= np.array(one.times)[states]
        if len(on):
            rate[i] *= on[i]
        if one.when is not None:
            rate[i] *= one.when[:, None]
    values = whole(u, [d for one in fixed.sources for d in one.yearly], 1.0)
    winning.arrive(
        u,
        np.array([one.rows for one in fixed.sources], dtype=np.int64),
        fixed.first,
        terms,
        np.array([one.renewal for one in fixed.sources]),
        np.cumsum(rate, axis=1, out=rate),
        chance,
        raised,
        np.array([fixed.ready if one.ready else np.ones(T) for one in fixed.sources]).astype(np.uint8),
        values,
        fixed.year,
        fixed.room,
        fixed.beyond,
        np.empty(n),
        np.empty(n, dtype=np.int64),
        out[:-1],
    )
    return out


def money(
    fixed: Unnamed, arrived: Arrived, until: np.ndarray, part: np.ndarray, bump: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(income, cost of delivering, that cost × its mission fit) of what was won, by month: pence (months, block); no rows if there can
    be none. until: int16 (sources, block), the month from which each source pays nothing any more."""
    n, B = len(fixed.sources), arrived.starts.shape[1]
    T = len(part) if n else 0
    income, cost, fitting = np.zeros((T, B), dtype=np.int64), np.zeros((T, B), dtype=np.int64), np.zeros((T, B))
    if n:
        keep = np.array([one.keep for one in fixed.sources], dtype=np.int64)
        fit = np.array([one.fit for one in fixed.sources])
        one = arrived
        winning.flow(one.starts, one.lasts, one.yearly, one.source, until, keep, fit, part, bump, income, cost, fitting)
    return income, cost, fitting


def always(fixed: Unnamed, block: int) -> np.ndarray:
    """Every source pays on: int16 (sources, block)."""
    return np.full((len(fixed.sources), block), NEVER, dtype=np.int16)
