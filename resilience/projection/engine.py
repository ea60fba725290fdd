"""Plays blocks of paths: draws, then months. Threads and block length change nothing but the time."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from resilience.compiled import forget
from resilience.months.play import play
from resilience.months.state import fresh
from resilience.projection.luck import BLOCK, luck, uniforms
from resilience.projection.plan import Prepared
from resilience.rows import FATES, MONEY, PEOPLE, Kept, Record

ALONE = 2_000  # paths below which a second thread costs more than it brings


@dataclass(frozen=True)
class Played:
    """What the months left behind. Months −1: did not happen."""

    money: dict[str, np.ndarray]  # int64 pence (months, paths)
    people: dict[str, np.ndarray]  # float64 (months, paths)
    funds: np.ndarray  # int64 pence (2 · funds or 0, months, paths)
    fates: dict[str, np.ndarray]  # int64 (paths,)
    turned_away: np.ndarray  # float64 (paths,)
    served: np.ndarray  # float64 (paths,)
    worth: np.ndarray  # float64 pence (sets or 0, paths): social value of all who complete a service
    unwritten: np.ndarray  # uint8 (bids or 0, paths): not bid for, as headroom did not cover the cash it needs
    unstaffed: np.ndarray  # int64 pence (bids with minimum posts, paths): income lost for want of staff
    log: np.ndarray  # int64 (events, 4)


def run(
    prepared: Prepared,
    paths: np.ndarray,
    seed: int,
    *,
    money: tuple[str, ...] = (),
    people: tuple[str, ...] = (),
    keep_funds: bool = False,
    log: bool = False,
    workers: int | None = None,
    block: int = BLOCK,
    progress: Callable[[int], None] | None = None,
) -> Played:
    """Plays the numbered paths; keeps the named columns of MONEY and PEOPLE, each path's fate, and the events of the
    first path if asked.
    """
    T, N = prepared.horizon.months, len(paths)
    keys = prepared.sources.arrays(seed)
    kept_money, kept_people = np.empty((len(money), T, N), dtype=np.int64), np.empty((len(people), T, N))
    kept_funds = np.empty((2 * len(prepared.funds) if keep_funds else 0, T, N), dtype=np.int64)
    fates, turned_away, served = np.zeros((len(FATES), N), dtype=np.int64), np.zeros(N), np.zeros(N)
    worth = np.zeros((prepared.plan.services.worth.shape[1], N))
    unstaffed = np.zeros((int(prepared.plan.streams.short.max(initial=-1)) + 1, N), dtype=np.int64)
    unwritten = np.zeros((len(prepared.plan.rules.peak), N), dtype=np.uint8)
    money_slot = np.array([money.index(name) if name in money else -1 for name in MONEY], dtype=np.int64)
    people_slot = np.array([people.index(name) if name in people else -1 for name in PEOPLE], dtype=np.int64)
    events, logged = np.zeros((5_000 if log else 0, 4), dtype=np.int64), np.zeros(1, dtype=np.int64)

    def one(first: int) -> None:
        try:
            played(first)
        except (pickle.UnpicklingError, EOFError):
            forget()
            played(first)

    def played(first: int) -> None:
        here = np.ascontiguousarray(paths[first : first + block]).astype(np.uint64)
        u = uniforms(prepared, here, keys)
        drawn = luck(prepared, u)
        kept = Kept(first, kept_money, money_slot, kept_people, people_slot, kept_funds)
        log_here = events if first == 0 else events[:0]
        nil = np.zeros((len(FATES), len(here)), dtype=np.int64)
        short = np.zeros((len(unstaffed), len(here)), dtype=np.int64)
        left = np.zeros((len(unwritten), len(here)), dtype=np.uint8)
        people = np.zeros(len(here)), np.zeros(len(here)), np.zeros((len(worth), len(here)))
        record = Record(nil, *people, short, left, log_here, logged)
        play(*prepared.plan, drawn, u, *fresh(prepared.plan, drawn, len(here)), kept, record)
        span = slice(first, first + len(here))
        unstaffed[:, span], unwritten[:, span], worth[:, span] = short, left, record.worth
        fates[:, span], turned_away[span], served[span] = record.fates, record.turned_away, record.served
        if progress:
            progress(len(here))

    starts = range(0, N, block)
    workers = workers or (min(os.cpu_count() or 1, 8) if N > ALONE else 1)
    if workers == 1 or len(starts) == 1:
        for first in starts:
            one(first)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(one, starts))
    return Played(
        dict(zip(money, kept_money, strict=True)),
        dict(zip(people, kept_people, strict=True)),
        kept_funds,
        dict(zip(FATES, fates, strict=True)),
        turned_away,
        served,
        worth,
        unwritten,
        unstaffed,
        events[: logged[0]],
    )
