"""What becomes of bids and of work that nobody has named yet, in a block of paths. docs/model.md, sections 4c, 4d, 5 and 5a."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from resilience import bids
from resilience import chance as bend
from resilience.opportunities import always, arrivals, money
from resilience.organisation.policy import STAGES
from resilience.programmes import GONE
from resilience.projection.plan import Prepared
from resilience.projection.world import World
from resilience.rows import NEVER, Arrived

Dates = tuple[np.ndarray, np.ndarray, np.ndarray]  # int16 (streams, block): begins, told, until


def decided_bids(
    prepared: Prepared, u: np.ndarray, shift: np.ndarray, outside: World
) -> tuple[Dates, np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """(months in which awards begin, are told and end first; bids won, uint8 (bids, block); Luck.won_by; Luck.unnamed_income to
    unnamed_beyond, by name).

    shift: of the log-odds of winning, shape (block,).
    """
    funded, offers, lives = prepared.funding, prepared.bidding, prepared.programmes
    T, B = prepared.horizon.months, u.shape[1]
    begins, told, until = (each(x, B).astype(np.int16) for x in (funded.starts, funded.told, funded.ends))
    bids.shift(offers, u, told, begins, until)
    won = np.zeros((len(funded.won_row), B), dtype=np.uint8)
    chances = bids.chances(offers, u, shifted(funded.won_chance, shift))
    for s, bid in bid_rows(prepared):
        if (programme := int(funded.won_programme[bid])) >= 0:
            chances[bid] = by_odds(chances[bid], lives.added(outside.stages, programme, told[s]))
            over = outside.stages[programme, np.minimum(told[s], T - 1), np.arange(B)] == GONE
            chances[bid][over] = 0.0
    bend.happens(u, funded.won_row, chances, won)
    won_by = by(chances, u[funded.won_row]) if counts(prepared) else np.zeros((0, B))
    for s, bid in bid_rows(prepared):
        if funded.won_payer[bid] >= 0:
            won[bid, outside.trouble[funded.won_payer[bid]] <= np.minimum(told[s], T - 1)] = 0
        if (row := prepared.partnerships.row(funded.names[s].split(".", 1)[1])) >= 0:
            won[bid, prepared.partnerships.closed(row, outside.befallen) <= told[s]] = 0
    come = _come_up(prepared, u, shift, outside)
    bids.queue(offers, won, told, begins, until, come, T)  # as far as the hub can mobilise
    return (begins, told, until), won, won_by, _unnamed(prepared, come, outside)


def bid_rows(prepared: Prepared) -> Iterator[tuple[int, int]]:
    """(row of the stream, row of the bid) of every bid."""
    for s, bid in enumerate(prepared.plan.streams.bid):
        if bid >= 0:
            yield s, int(bid)


def by_odds(chance: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Each probability with its log-odds raised: logistic(logit p + added); 0 and 1 stay, and nil added changes nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = 1 / (1 + (1 - chance) / chance * np.exp(-added))
    return np.where((added == 0) | (chance <= 0) | (chance >= 1), chance, moved)


def _come_up(prepared: Prepared, u: np.ndarray, shift: np.ndarray, outside: World) -> Arrived:
    """Opportunities of anybody, and of programmes in the stage in which each kind of their money comes."""
    fixed, lives, states, stages = prepared.unnamed, prepared.programmes, outside.states, outside.stages
    on, raised, rows = np.zeros((0, *states.shape), dtype=bool), np.zeros((0, *states.shape)), fixed.sources
    if any(one.programme for one in rows):
        added = lives.raised(stages)
        on, raised = np.ones((len(rows), *states.shape), dtype=bool), np.zeros((len(rows), *states.shape))
        for i, one in enumerate(rows):
            if (k := lives.row(one.programme)) >= 0:
                on[i], raised[i] = stages[k] == STAGES.index(one.stage), added[k]
    return arrivals(fixed, u, shift, states, on, raised)


def _unnamed(prepared: Prepared, come: Arrived, outside: World) -> dict[str, np.ndarray]:
    """Luck.unnamed_income to Luck.unnamed_beyond, by name, once it is known when each goes live."""
    fixed, lives, clock = prepared.unnamed, prepared.programmes, prepared.plan.clock
    until, ends = always(fixed, come.starts.shape[1]), outside.gone
    for i, one in enumerate(fixed.sources):
        if (k := lives.row(one.programme)) >= 0:
            until[i] = np.minimum(ends[k] + lives.lives[k].one.notice + 1, NEVER)
    income, cost, fitting = money(fixed, come, until, clock.part, clock.bump)
    bidding = come.bidding
    if lives.engaging or fixed.written.any():
        nothing = np.zeros((len(clock.part), come.starts.shape[1]), dtype=np.int64)
        spent = lives.cost(outside.stages, clock.part, clock.bump) + fixed.written[:, None]
        income, cost, fitting, bidding = (one if len(one) else nothing for one in (income, cost, fitting, bidding))
        bidding = bidding + spent
    counted = {"tried": come.tried, "won": come.won, "beyond": come.beyond, "missed": come.missed}
    counted = {name: one if len(one) else np.zeros_like(bidding, dtype=np.int16) for name, one in counted.items()}
    found = {"income": income, "cost": cost, "fitting": fitting, "outlay": bidding, **counted}
    return {f"unnamed_{name}": values for name, values in found.items()}


def with_outlay(unnamed: dict[str, np.ndarray], once: np.ndarray) -> dict[str, np.ndarray]:
    """The same with more one-off costs of the month, int64 pence (months, block), as far as there are any."""
    if not once.any():
        return unnamed
    there = {name: one if len(one) else np.zeros(once.shape, dtype=one.dtype) for name, one in unnamed.items()}
    return there | {"unnamed_outlay": there["unnamed_outlay"] + once}


def shifted(chance: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Each probability on each path, its log-odds shifted: float64 (n, block)."""
    out = np.empty((len(chance), len(shift)))
    bend.shifted(chance, shift, out)
    return out


def counts(prepared: Prepared) -> bool:
    """Do log-odds of awards count while a path is played?"""
    hub = prepared.plan.hub
    return bool(hub.short and hub.odds)


def by(chance: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Log-odds by which what has a chance happens, logit(chance) − logit(u); ∞ of what is certain."""
    with np.errstate(divide="ignore"):
        return np.log(chance) - np.log1p(-chance) - np.log(u) + np.log1p(-u)


def each(values: np.ndarray, block: int) -> np.ndarray:
    """The same values on every path: (n,) to (n, block)."""
    return np.repeat(values[:, None], block, axis=1)
