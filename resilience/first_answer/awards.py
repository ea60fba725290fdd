"""Won, told, lost: what becomes of each bid and of each award with an end, and how much of the income to come is told already."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilience.employment import monthly_part
from resilience.first_answer.ahead import AHEAD
from resilience.first_answer.facts import Awards, Decision, Fate, Told
from resilience.first_answer.replays import item_at
from resilience.projection import Projection
from resilience.projection.luck import drawn_again
from resilience.rows import NEVER


@dataclass(frozen=True)
class _Drawn:
    """What chance made of the awards in the run's own futures; last axis paths."""

    won: np.ndarray  # uint8 (bids, paths)
    bid_told: np.ndarray  # int16 (streams, paths)
    turns: np.ndarray  # int16 (streams, paths): decisions at ends
    told: np.ndarray  # int16 (decisions, paths): month in which each is told
    until: np.ndarray  # int16 (decisions, paths): first month after what follows
    goes_on: np.ndarray  # bool (decisions, paths)


def awards(projection: Projection) -> Awards:
    """Each bid and award, the first told first, and the income of the next thirteen months. Draws again by block; plays nothing."""
    drawn, funded, ends = _drawn(projection), projection.prepared.funding, projection.played.fates["end"]
    unwritten = projection.played.unwritten == 1
    gone_at = np.where(ends < 0, NEVER, ends)  # the month of the end is played whole: what is told in it is told
    fates = []
    for s, place in enumerate(funded.names):
        bid, turns, row = int(projection.prepared.plan.streams.bid[s]), funded.turns[s], int(funded.turn_row[s])
        asked = [(drawn.bid_told[s], drawn.won[bid] == 1, np.ones(projection.number, dtype=bool))] if bid >= 0 else []
        for k in range(turns.most if turns else 0):
            asked.append((drawn.told[row + k], drawn.goes_on[row + k], drawn.turns[s] > k))
        here = gone_at
        if bid >= 0 and len(unwritten):
            here = np.where(unwritten[bid], -1, gone_at)  # not bid for: never told
        decisions = [one for told in asked if (one := _decision(projection, *told, here)) is not None]
        if decisions:
            yearly = item_at(projection.organisation, place).yearly.quantile(0.5)
            fates.append(Fate(place, "bid" if bid >= 0 else "renewal", round(yearly) / 100, decisions))
    fates.sort(key=lambda one: (one.decisions[0].month, one.place))
    return Awards(fates, _income(projection, drawn))


def _decision(
    projection: Projection, told: np.ndarray, yes: np.ndarray, open_: np.ndarray, gone_at: np.ndarray
) -> Decision | None:
    """One decision over all futures: yes, no, and not told: the award or the organisation had ended before.

    Dated by the first month in which any future is told; None if none is by the horizon.
    """
    within = open_ & (told < len(projection.months))
    if not within.any():
        return None
    asked = within & (gone_at >= told)
    shares = (float((asked & yes).mean()), float((asked & ~yes).mean()), float((~asked).mean()))
    return Decision(projection.months[int(told[within].min())], *shares)


def _drawn(projection: Projection) -> _Drawn:
    """Drawn again, block by block."""
    blocks = []
    for _, one, _ in drawn_again(projection.prepared, projection.paths_played, projection.seed):
        goes_on = one.turn_until > one.turn_from
        blocks.append((one.won, one.told, one.turns, one.turn_told, one.turn_until, goes_on))
    return _Drawn(*(np.concatenate(parts, axis=1) for parts in zip(*blocks, strict=True)))


def _income(projection: Projection, drawn: _Drawn) -> Told:
    """Income of the next months as the file stands, in pence of each month's part: uplifts and the scenario's cuts, no others."""
    prepared, funded, rows = projection.prepared, projection.prepared.funding, projection.prepared.plan.streams
    months = min(AHEAD, prepared.horizon.months)
    told = untold = 0
    mean = 0.0
    for s, place in enumerate(funded.names):
        item, bid, turns = item_at(projection.organisation, place), int(rows.bid[s]), funded.turns[s]
        start, end, row = int(funded.starts[s]), int(funded.ends[s]), int(funded.turn_row[s])
        renewals = {end + int(turns.terms[:k].sum()) for k in range(turns.most)} if turns else set()
        yearly = round(item.yearly.quantile(0.5))
        for t in range(months):
            rise = int(rows.uplift[s, t]) if t > start else 0
            for moved in (1_000_000 + rise, int(rows.shock[s, t])):
                yearly = _share(yearly, moved)
            if turns and t in renewals:
                yearly = _share(yearly, round(1e6 * turns.fractions[0].median))
            if t < start or (t >= end and not turns):
                continue
            part = monthly_part(_share(yearly, int(rows.dip[s, t])), prepared.horizon.month(t).funders_month)
            if bid < 0 and t < end:
                told += part
                continue
            goes_on = drawn.won[bid] == 1 if bid >= 0 else np.ones(projection.number, dtype=bool)
            if turns and t >= end:
                asked = np.arange(turns.most)[:, None] < drawn.turns[s]
                goes_on &= (asked & (drawn.until[row : row + turns.most] > t)).any(axis=0)
            untold += part
            mean += part * float(goes_on.mean())
    return Told(months, told / 100, untold / 100, round(mean) / 100)


def _share(pence: int, ppm: int) -> int:
    return (2 * pence * ppm + 1_000_000) // 2_000_000
