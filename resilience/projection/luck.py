"""What chance decides for a block of paths: uniforms to wins, cuts, renewals, amounts and lags. docs/model.md, sections 2 to 5."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from resilience import bids
from resilience import chance as bend
from resilience.climate import STATES
from resilience.counterparties import burden, trouble
from resilience.drawn import real, whole
from resilience.draws import Sources, fill
from resilience.economy import DOUBTED
from resilience.funding import TOLD_MOST
from resilience.irregular import decided
from resilience.opportunities import always, arrivals, money
from resilience.organisation.policy import STAGES
from resilience.partnerships import Befallen
from resilience.programmes import GONE, gone
from resilience.projection.outlook import outlook
from resilience.projection.outlook import price_index as index_of
from resilience.projection.plan import Prepared
from resilience.ranges import UNIFORM
from resilience.rows import NEVER, Arrived, Luck
from resilience.undocking import to_nothing

AS_IT_IS = (0.0, 1.0, 0.0, UNIFORM)  # coefficients of a quantity that is its own uniform
BLOCK = 264  # paths drawn and played at a time; not a power of two: cache sets


def drawn_again(prepared: Prepared, paths: np.ndarray, seed: int) -> Iterator[tuple[slice, Luck, np.ndarray]]:
    """What chance decided for the numbered paths, block by block: where they stand among them, what it is, and its uniforms."""
    keys = prepared.sources.arrays(seed)
    for first in range(0, len(paths), BLOCK):
        here = paths[first : first + BLOCK]
        u = uniforms(prepared, here, keys)
        yield slice(first, first + len(here)), luck(prepared, u), u


def uniforms(prepared: Prepared, paths: np.ndarray, keys: tuple[np.ndarray, np.ndarray, np.ndarray]) -> np.ndarray:
    """Uniforms of the numbered paths, float64 (rows, paths); all one half without chance. keys: `Sources.arrays` of the seed."""
    u = np.full((max(1, prepared.sources.height), len(paths)), 0.5)
    if prepared.organisation.chance:
        fill(*keys, np.ascontiguousarray(paths).astype(np.uint64), u)
    return u


def luck(prepared: Prepared, u: np.ndarray) -> Luck:
    """What chance decides for a block: uniforms (rows, block) to events."""
    funded, T = prepared.funding, prepared.horizon.months
    shifts = {name: one.shift(u) for name, one in funded.doubts.items()}
    month, halving = trouble(funded.payers, u, T)
    states, stages = prepared.climate.states(u), prepared.programmes.stages(u)
    ends, befallen = gone(stages), prepared.partnerships.befallen(u)
    dates, won, won_by, unnamed = _won(prepared, u, shifts["winning"], month, states, stages, befallen)
    noises = np.zeros((len(prepared.noises), T, u.shape[1]))
    for i, (row, sd, logs, correlation) in enumerate(prepared.noises):
        bend.noise(u, row, sd, logs, correlation, T, noises[i])
    cuts = _cuts(prepared, u, shifts["cuts"], (month, halving, ends), states, stages, befallen)
    running, outlay = _of_partnerships(prepared, befallen, unnamed)
    waits = np.zeros((len(funded.waits), T, u.shape[1]), dtype=np.int16)
    for i, (habit, lag, row, late, mean, later) in enumerate(funded.waits):
        bend.lags(u, habit, lag, row, late, mean, T, waits[i])
        waits[i] += later[:, None]
    return Luck(
        u=u,
        amount=bids.priced(prepared.bidding, whole(u, funded.amounts, 1.0)),
        **_awards(prepared, u, dates, shifts["renewal"], (month, halving, ends)),
        won=won,
        hard=_hard(prepared, states),
        won_by=won_by,
        **cuts,
        wait=waits,
        noise=noises,
        line=whole(u, [d for d, _ in prepared.drawn_lines], 1.0, [n for _, n in prepared.drawn_lines]),
        referrals=real(u, prepared.referrals),
        economy=outlook(prepared.doubt, u),
        trouble=month,
        stages=stages,
        gone=ends,
        halving=halving,
        burden=_added(burden(funded.payers, month, prepared.horizon), running),
        unlisted=prepared.unlisted.cost(u, T),
        **decided(prepared.odd, u, T),
        hidden=whole(u, funded.hidden, 1.0),
        **unnamed | outlay,
        left=_of_all(befallen, "left", u.shape[1]),
        lost_partner=_of_all(befallen, "lost", u.shape[1]),
        lead_failed=_of_all(befallen, "failed", u.shape[1]),
        **prepared.undocking.decided(u),
        tupe=int(len(prepared.undocking.rows) > 0),
        **to_nothing(prepared.plan.streams, cuts),
        appeal=whole(u, prepared.appeals, 1.0),
    )


Dates = tuple[np.ndarray, np.ndarray, np.ndarray]  # int16 (streams, block): begins, told, until


Endings = tuple[np.ndarray, np.ndarray, np.ndarray]  # Luck.trouble, .halving and .gone


def _won(
    prepared: Prepared,
    u: np.ndarray,
    shift: np.ndarray,
    trouble: np.ndarray,
    states: np.ndarray,
    stages: np.ndarray,
    befallen: list[Befallen],
) -> tuple[Dates, np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """(months in which awards begin, are told and end first; bids won, uint8 (bids, block); Luck.won_by; Luck.unnamed_income to
    unnamed_beyond, by name).

    shift: of the log-odds of winning, shape (block,); trouble: months of payers' events; states: the climate; stages: of programmes.
    """
    funded, offers, lives = prepared.funding, prepared.bidding, prepared.programmes
    T, B = prepared.horizon.months, u.shape[1]
    begins, told, until = (_each(x, B).astype(np.int16) for x in (funded.starts, funded.told, funded.ends))
    bids.shift(offers, u, told, begins, until)
    won = np.zeros((len(funded.won_row), B), dtype=np.uint8)
    chances = bids.chances(offers, u, _shifted(funded.won_chance, shift))
    for s, bid in enumerate(prepared.plan.streams.bid):
        if bid >= 0 and (programme := int(funded.won_programme[bid])) >= 0:
            chances[bid] = by_odds(chances[bid], lives.added(stages, programme, told[s]))
            gone_by = stages[programme, np.minimum(told[s], T - 1), np.arange(B)] == GONE
            chances[bid][gone_by] = 0.0
    bend.happens(u, funded.won_row, chances, won)
    won_by = _by(chances, u[funded.won_row]) if _counts(prepared) else np.zeros((0, B))
    for s, bid in enumerate(prepared.plan.streams.bid):
        if bid >= 0 and funded.won_payer[bid] >= 0:
            won[bid, trouble[funded.won_payer[bid]] <= np.minimum(told[s], T - 1)] = 0
    for s, bid in enumerate(prepared.plan.streams.bid):
        row = prepared.partnerships.row(funded.names[s].split(".", 1)[1]) if bid >= 0 else -1
        if row >= 0:
            what = befallen[row]
            won[bid, what.failed <= told[s]] = 0
            if prepared.partnerships.alliances[row].one.only_together:
                won[bid, what.first_lost() <= told[s]] = 0
    come = _come_up(prepared, u, shift, states, stages)
    bids.queue(offers, won, told, begins, until, come, T)  # as far as the hub can mobilise
    return (begins, told, until), won, won_by, _unnamed(prepared, come, stages)


def by_odds(chance: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Each probability with its log-odds raised: logistic(logit p + added); 0 and 1 stay, and nil added changes nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = 1 / (1 + (1 - chance) / chance * np.exp(-added))
    return np.where((added == 0) | (chance <= 0) | (chance >= 1), chance, moved)


def _come_up(prepared: Prepared, u: np.ndarray, shift: np.ndarray, states: np.ndarray, stages: np.ndarray) -> Arrived:
    """Opportunities of anybody, and of programmes in the stage in which each kind of their money comes."""
    fixed, lives = prepared.unnamed, prepared.programmes
    on, raised, rows = np.zeros((0, *states.shape), dtype=bool), np.zeros((0, *states.shape)), fixed.sources
    if any(one.programme for one in rows):
        added = lives.raised(stages)
        on, raised = np.ones((len(rows), *states.shape), dtype=bool), np.zeros((len(rows), *states.shape))
        for i, one in enumerate(rows):
            if (k := lives.row(one.programme)) >= 0:
                on[i], raised[i] = stages[k] == STAGES.index(one.stage), added[k]
    return arrivals(fixed, u, shift, states, on, raised)


def _cuts(
    prepared: Prepared,
    u: np.ndarray,
    shift: np.ndarray,
    endings: Endings,
    states: np.ndarray,
    stages: np.ndarray,
    befallen: list[Befallen],
) -> dict[str, np.ndarray]:
    """Luck.cuts to Luck.cut_keep, by name: cuts of streams, what payers in trouble end or halve, and what ends with a programme.

    shift: of the log-odds of cuts, shape (block,); states: the climate, uint8 (months, block); stages: of programmes.
    """
    trouble, halving, ends = endings
    climates = len(STATES) if prepared.organisation.has_climate else 1
    funded, T, B, chance = prepared.funding, prepared.horizon.months, u.shape[1], prepared.organisation.chance
    kept = np.where(halving == 1, -1.5, -1.0)  # stands for a depth: what is kept, below −1
    height = 1 + int(sum(c.most for c in funded.cuts if c))
    number, told = np.zeros((len(funded.names), B), dtype=np.int16), np.zeros((height, B), dtype=np.int16)
    effective, keep = np.full((height, B), NEVER, dtype=np.int16), np.full((height, B), 1_000_000)
    depth = np.zeros((height, B))
    for s, c in enumerate(funded.cuts):
        if c is not None:
            here = slice(int(funded.cut_row[s]), int(funded.cut_row[s]) + c.most)
            bend.cuts(
                u,
                c.rows,
                c.told,
                c.effective,
                *c.odds(shift, chance),
                states if c.programme < 0 else (states if climates > 1 else 0) + climates * stages[c.programme],
                c.gap,
                c.begins,
                c.at_most,
                *c.events(trouble, kept, ends, u, prepared.partnerships.on_streams(c.together, befallen)),
                T,
                number[s],
                told[here],
                effective[here],
                depth[here],
            )
            coefficients = c.depth.coefficients()
            if coefficients is None:
                own = depth[here] > 0
                depth[here][own] = c.depth.quantile(depth[here][own])
            bend.kept(number[s], depth[here], *(coefficients or AS_IT_IS), keep[here])
            if c.deeper != 1:
                deeper(states, c.deeper, told[here], depth[here], keep[here])
    return {
        "cuts": number,
        "cut_row": funded.cut_row,
        "cut_told": told,
        "cut_effective": effective,
        "cut_keep": keep,
    }


def deeper(states: np.ndarray, times: float, told: np.ndarray, depth: np.ndarray, keep: np.ndarray) -> None:
    """Cuts of a stream's own that are decided in austerity take `times` as much, up to all; keep int64 ppm (most, block), in place."""
    month, path = np.minimum(told, len(states) - 1), np.arange(told.shape[1])
    hard = (states[month, path] == STATES.index("austerity")) & (depth >= 0)
    lost = np.minimum(1_000_000, np.floor((1_000_000 - keep) * times + 0.5)).astype(np.int64)
    keep[hard] = 1_000_000 - lost[hard]


def _shifted(chance: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Each probability on each path, its log-odds shifted: float64 (n, block)."""
    out = np.empty((len(chance), len(shift)))
    bend.shifted(chance, shift, out)
    return out


def _unnamed(prepared: Prepared, come: Arrived, stages: np.ndarray) -> dict[str, np.ndarray]:
    """Luck.unnamed_income to Luck.unnamed_beyond, by name, once it is known when each goes live."""
    fixed, lives, clock = prepared.unnamed, prepared.programmes, prepared.plan.clock
    until, ends = always(fixed, come.starts.shape[1]), gone(stages)
    for i, one in enumerate(fixed.sources):
        if (k := lives.row(one.programme)) >= 0:
            until[i] = np.minimum(ends[k] + lives.lives[k].one.notice + 1, NEVER)
    income, cost, fitting = money(fixed, come, until, clock.part, clock.bump)
    bidding = come.bidding
    if lives.engaging or fixed.written.any():
        nothing = np.zeros((len(clock.part), come.starts.shape[1]), dtype=np.int64)
        spent = lives.cost(stages, clock.part, clock.bump) + fixed.written[:, None]
        income, cost, fitting, bidding = (one if len(one) else nothing for one in (income, cost, fitting, bidding))
        bidding = bidding + spent
    counted = {"tried": come.tried, "won": come.won, "beyond": come.beyond, "missed": come.missed}
    counted = {name: one if len(one) else np.zeros_like(bidding, dtype=np.int16) for name, one in counted.items()}
    found = {"income": income, "cost": cost, "fitting": fitting, "outlay": bidding, **counted}
    return {f"unnamed_{name}": values for name, values in found.items()}


def _of_partnerships(
    prepared: Prepared, befallen: list[Befallen], unnamed: dict[str, np.ndarray]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """(What partnerships cost month by month; the outlays of `unnamed` with what stepping in costs, as far as there is any)."""
    running, once = prepared.partnerships.costs(befallen, prepared.horizon)
    if not once.any():
        return running, {}
    nothing = np.zeros_like(once)
    there = {name: one if len(one) else nothing.astype(one.dtype) for name, one in unnamed.items()}
    return running, there | {"unnamed_outlay": there["unnamed_outlay"] + once}


def _added(one: np.ndarray, more: np.ndarray) -> np.ndarray:
    """The sum of two costs by month; no rows where neither has any."""
    if not more.any():
        return one
    return one + more if len(one) else more


def _of_all(befallen: list[Befallen], name: str, block: int) -> np.ndarray:
    """One thing of every partnership, row by row, int16 (rows, block)."""
    found = [np.atleast_2d(getattr(one, name)) for one in befallen]
    return np.concatenate([np.zeros((0, block), dtype=np.int16), *found])


def _hard(prepared: Prepared, states: np.ndarray) -> np.ndarray:
    """Luck.hard, uint8 (months, block): was the climate one of austerity a year before? Before the first month it was as in it."""
    if not (prepared.plan.services.after != 1.0).any():
        return np.zeros((0, states.shape[1]), dtype=np.uint8)
    before = np.maximum(0, np.arange(len(states)) - 12)
    return (states[before] == STATES.index("austerity")).astype(np.uint8)


def _counts(prepared: Prepared) -> bool:
    """Do log-odds of awards count while a path is played?"""
    hub = prepared.plan.hub
    return bool(hub.short and hub.odds)


def _by(chance: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Log-odds by which what has a chance happens, logit(chance) − logit(u); ∞ of what is certain."""
    with np.errstate(divide="ignore"):
        return np.log(chance) - np.log1p(-chance) - np.log(u) + np.log1p(-u)


def _each(values: np.ndarray, block: int) -> np.ndarray:
    """The same values on every path: (n,) to (n, block)."""
    return np.repeat(values[:, None], block, axis=1)


def _awards(
    prepared: Prepared,
    u: np.ndarray,
    dates: tuple[np.ndarray, ...],
    shift: np.ndarray,
    endings: Endings,
) -> dict[str, np.ndarray]:
    """Luck.begins to Luck.renewed, by name: when awards begin, what follows their ends, and when that is told.

    dates: (begins, told, until) as far as they are known; shift: of the log-odds of renewal, shape (block,).
    """
    trouble, halving, ends = endings
    funded, months = prepared.funding, prepared.horizon.months
    S, B, counts = len(funded.names), u.shape[1], _counts(prepared)
    begins, told, until = dates
    height = 1 + sum(one.most for one in funded.turns if one)
    number, renewed = np.zeros((S, B), dtype=np.int16), np.zeros((S, B), dtype=np.int16)
    when, start, end = (np.full((height, B), NEVER, dtype=np.int16) for _ in range(3))
    keep, kind = np.full((height, B), 1_000_000, dtype=np.int64), np.zeros((height, B), dtype=np.uint8)
    renewed_by = np.zeros((height if counts else 0, B))
    for s, one in enumerate(funded.turns):
        if one is not None:
            here = slice(int(funded.turn_row[s]), int(funded.turn_row[s]) + one.most)
            chance = _shifted(one.chance, shift)
            decided = one.held < 1
            if counts and decided.any():
                among = u[one.row : one.row + one.most] / np.where(decided, 1 - one.held, 1)[:, None]
                renewed_by[here] = _by(chance, np.minimum(among, 1 - 1e-16))
            bend.turns(
                u,
                one.row,
                one.held_row,
                chance * (1.0 - one.held)[:, None],  # held over first, else decided
                one.held,
                one.terms,
                whole(u, one.fractions, 1e6),
                one.told,
                months + TOLD_MOST,
                until[s],
                number[s],
                when[here],
                start[here],
                end[here],
                keep[here],
                renewed[s],
                kind[here],
                one.option_row,
                _shifted(np.array([one.option]), shift)[0],
                one.option_months,
                one.options,
            )
            met = [(trouble[one.payer], halving[one.payer])] if one.payer >= 0 else []
            met += [(ends[one.programme], np.zeros(B, dtype=np.uint8))] if one.programme >= 0 else []
            for month, halved in met:
                bend.meet(
                    month,
                    halved,
                    number[s],
                    when[here],
                    start[here],
                    end[here],
                    keep[here],
                    kind[here],
                    renewed[s],
                )
    return {
        "begins": begins,
        "told": told,
        "until": until,
        "turns": number,
        "turn_row": funded.turn_row,
        "turn_told": when,
        "turn_from": start,
        "turn_until": end,
        "turn_keep": keep,
        "renewed": renewed,
        "renewed_by": renewed_by,
        "turn_kind": kind,
    }


def price_index(prepared: Prepared, paths: np.ndarray, seed: int) -> np.ndarray:
    """Prices at each month-end beside those before the first month, of the numbered paths; float64 (months, paths)."""
    one, u = prepared.doubt, np.full((1, len(paths)), 0.5)
    if one.moves:
        alone = Sources()
        rows = np.array([alone.row(f"economy.{name}") for name in DOUBTED], dtype=np.int64)
        one, u = replace(one, rows=rows), np.empty((alone.height, len(paths)))
        fill(*alone.arrays(seed), np.ascontiguousarray(paths).astype(np.uint64), u)
    return index_of(one, prepared.economy, prepared.horizon, u)
