"""What chance decides for a block of paths: uniforms to wins, cuts, renewals, amounts and lags. docs/model.md, sections 2 to 5."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from resilience import bids
from resilience import chance as bend
from resilience.climate import STATES
from resilience.counterparties import burden
from resilience.drawn import real, whole
from resilience.draws import Sources, fill
from resilience.economy import DOUBTED
from resilience.funding import TOLD_MOST
from resilience.irregular import decided
from resilience.projection.outlook import outlook
from resilience.projection.outlook import price_index as index_of
from resilience.projection.plan import Prepared
from resilience.projection.won import Dates, by, counts, decided_bids, shifted, with_outlay
from resilience.projection.world import World, world
from resilience.ranges import UNIFORM
from resilience.rows import NEVER, Luck
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
    outside = world(prepared, u)
    dates, won, won_by, unnamed = decided_bids(prepared, u, shifts["winning"], outside)
    noises = np.zeros((len(prepared.noises), T, u.shape[1]))
    for i, (row, sd, logs, correlation) in enumerate(prepared.noises):
        bend.noise(u, row, sd, logs, correlation, T, noises[i])
    cuts = _cuts(prepared, u, shifts["cuts"], outside)
    running, once = prepared.partnerships.costs(outside.befallen, prepared.horizon)
    waits = np.zeros((len(funded.waits), T, u.shape[1]), dtype=np.int16)
    for i, (habit, lag, row, late, mean, later) in enumerate(funded.waits):
        bend.lags(u, habit, lag, row, late, mean, T, waits[i])
        waits[i] += later[:, None]
    return Luck(
        u=u,
        amount=bids.priced(prepared.bidding, whole(u, funded.amounts, 1.0)),
        **_awards(prepared, u, dates, shifts["renewal"], outside),
        won=won,
        hard=_hard(prepared, outside.states),
        won_by=won_by,
        **cuts,
        wait=waits,
        noise=noises,
        line=whole(u, [d for d, _ in prepared.drawn_lines], 1.0, [n for _, n in prepared.drawn_lines]),
        referrals=real(u, prepared.referrals),
        economy=outlook(prepared.doubt, u),
        trouble=outside.trouble,
        stages=outside.stages,
        gone=outside.gone,
        halving=outside.halving,
        burden=_added(burden(funded.payers, outside.trouble, prepared.horizon), running),
        unlisted=prepared.unlisted.cost(u, T),
        **decided(prepared.odd, u, T),
        hidden=whole(u, funded.hidden, 1.0),
        **with_outlay(unnamed, once),
        left=_of_all(outside, "left"),
        lost_partner=_of_all(outside, "lost"),
        lead_failed=_of_all(outside, "failed"),
        **prepared.undocking.decided(u),
        tupe=int(len(prepared.undocking.rows) > 0),
        **to_nothing(prepared.plan.streams, cuts),
        appeal=whole(u, prepared.appeals, 1.0),
    )


def _cuts(prepared: Prepared, u: np.ndarray, shift: np.ndarray, outside: World) -> dict[str, np.ndarray]:
    """Luck.cuts to Luck.cut_keep, by name: cuts of streams, what payers in trouble end or halve, and what ends with a programme.

    shift: of the log-odds of cuts, shape (block,).
    """
    trouble, halving, ends, states = outside.trouble, outside.halving, outside.gone, outside.states
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
                states if c.programme < 0 else (states if climates > 1 else 0) + climates * outside.stages[c.programme],
                c.gap,
                c.begins,
                c.at_most,
                *c.events(trouble, kept, ends, u, prepared.partnerships.on_streams(c.together, outside.befallen)),
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


def _added(one: np.ndarray, more: np.ndarray) -> np.ndarray:
    """The sum of two costs by month; no rows where neither has any."""
    if not more.any():
        return one
    return one + more if len(one) else more


def _of_all(outside: World, name: str) -> np.ndarray:
    """One thing of every partnership, row by row, int16 (rows, block)."""
    none = np.zeros((0, outside.states.shape[1]), dtype=np.int16)
    return np.concatenate([none, *(np.atleast_2d(getattr(one, name)) for one in outside.befallen)])


def _hard(prepared: Prepared, states: np.ndarray) -> np.ndarray:
    """Luck.hard, uint8 (months, block): was the climate one of austerity a year before? Before the first month it was as in it."""
    if not (prepared.plan.services.after != 1.0).any():
        return np.zeros((0, states.shape[1]), dtype=np.uint8)
    before = np.maximum(0, np.arange(len(states)) - 12)
    return (states[before] == STATES.index("austerity")).astype(np.uint8)


def _awards(
    prepared: Prepared,
    u: np.ndarray,
    dates: Dates,
    shift: np.ndarray,
    outside: World,
) -> dict[str, np.ndarray]:
    """Luck.begins to Luck.renewed, by name: when awards begin, what follows their ends, and when that is told.

    dates: (begins, told, until) as far as they are known; shift: of the log-odds of renewal, shape (block,).
    """
    trouble, halving, ends = outside.trouble, outside.halving, outside.gone
    funded, months = prepared.funding, prepared.horizon.months
    S, B, counted = len(funded.names), u.shape[1], counts(prepared)
    begins, told, until = dates
    height = 1 + sum(one.most for one in funded.turns if one)
    number, renewed = np.zeros((S, B), dtype=np.int16), np.zeros((S, B), dtype=np.int16)
    when, start, end = (np.full((height, B), NEVER, dtype=np.int16) for _ in range(3))
    keep, kind = np.full((height, B), 1_000_000, dtype=np.int64), np.zeros((height, B), dtype=np.uint8)
    renewed_by = np.zeros((height if counted else 0, B))
    for s, one in enumerate(funded.turns):
        if one is not None:
            here = slice(int(funded.turn_row[s]), int(funded.turn_row[s]) + one.most)
            chance = shifted(one.chance, shift)
            decided = one.held < 1
            if counted and decided.any():
                among = u[one.row : one.row + one.most] / np.where(decided, 1 - one.held, 1)[:, None]
                renewed_by[here] = by(chance, np.minimum(among, 1 - 1e-16))
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
                shifted(np.array([one.option]), shift)[0],
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
