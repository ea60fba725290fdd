"""Won, told, lost: what becomes of each bid and of each award with an end, and how much of the income to come is told already."""

from __future__ import annotations

import numpy as np

from resilience.draws import fill
from resilience.employment import monthly_part
from resilience.first_answer.ahead import AHEAD
from resilience.first_answer.facts import Awards, Decision, Fate, Told
from resilience.first_answer.replays import item_at
from resilience.projection import Projection
from resilience.projection.engine import BLOCK
from resilience.projection.plan import luck
from resilience.rows import NEVER


def awards(projection: Projection) -> Awards:
    """Each bid and award, the first told first, and the income of the next thirteen months. Draws again by block; plays nothing."""
    renewed, won = _drawn(projection)
    rows, ends = projection.prepared.plan.streams, projection.played.fates["end"]
    gone_at = np.where(ends < 0, NEVER, ends)  # the month of the end is played whole: what is told in it is told
    fates = []
    for s, place in enumerate(projection.prepared.funding.names):
        bid = int(rows.bid[s])
        if bid >= 0:
            told = [(int(rows.told[s]), won[bid] == 1, np.ones(projection.number, dtype=bool))]
        else:
            told = [
                (t, renewed[s] > k, renewed[s] >= k)
                for k in range(int(rows.asked[s]))
                if (t := _month_of(rows, s, k)) >= 0
            ]
        decisions = [
            _decision(projection, t, yes, open_, gone_at >= t) for t, yes, open_ in told if t < len(projection.months)
        ]
        if decisions:
            yearly = item_at(projection.organisation, place).yearly.quantile(0.5)
            fates.append(Fate(place, "bid" if bid >= 0 else "renewal", round(yearly) / 100, decisions))
    fates.sort(key=lambda one: (one.decisions[0].month, one.place))
    return Awards(fates, _income(projection, renewed, won))


def _month_of(rows: object, s: int, k: int) -> int:
    """Month in which decision k of an award is told; −1 beyond the horizon."""
    by_now = np.flatnonzero(rows.decided[s] > k)  # type: ignore[attr-defined]
    return int(by_now[0]) if len(by_now) else -1


def _decision(projection: Projection, t: int, yes: np.ndarray, open_: np.ndarray, alive: np.ndarray) -> Decision:
    """One decision over all futures: yes, no, and not told: the award or the organisation had ended before."""
    asked = open_ & alive
    shares = (float((asked & yes).mean()), float((asked & ~yes).mean()), float((~asked).mean()))
    return Decision(projection.months[t], *shares)


def _drawn(projection: Projection) -> tuple[np.ndarray, np.ndarray]:
    """(renewals before the first refusal, int (streams, paths); bids won, 0 or 1 (bids, paths)) of the run's own futures."""
    prepared, chance = projection.prepared, projection.organisation.chance
    renewed = np.zeros((len(prepared.funding.names), projection.number), dtype=np.int64)
    won = np.zeros((len(prepared.funding.won_row), projection.number), dtype=np.uint8)
    keys, rows, calls = prepared.sources.arrays(projection.seed)
    for first in range(0, projection.number, BLOCK):
        paths = np.ascontiguousarray(projection.paths_played[first : first + BLOCK]).astype(np.uint64)
        u = np.full((max(1, prepared.sources.height), len(paths)), 0.5)
        if chance:
            fill(keys, rows, calls, paths, u)
        drawn = luck(prepared, u, chance)
        renewed[:, first : first + len(paths)], won[:, first : first + len(paths)] = drawn.renewed, drawn.won
    return renewed, won


def _income(projection: Projection, renewed: np.ndarray, won: np.ndarray) -> Told:
    """Income of the next months as the file stands, in pence of each month's part: uplifts and the scenario's cuts, no others."""
    prepared, rows = projection.prepared, projection.prepared.plan.streams
    months = min(AHEAD, prepared.horizon.months)
    told = untold = 0
    mean = 0.0
    for s, place in enumerate(prepared.funding.names):
        item, bid, end = item_at(projection.organisation, place), int(rows.bid[s]), int(rows.ends[s, 0])
        yearly = round(item.yearly.quantile(0.5))
        for t in range(months):
            for moved in (1_000_000 + int(rows.uplift[s, t]), int(rows.shock[s, t])):
                yearly = _share(yearly, moved)
            if rows.first[s, t]:
                yearly = _share(yearly, round(1e6 * item.renewal.fraction.quantile(0.5)))
            needs = int(rows.term[s, t])
            if t < rows.start[s] or needs > rows.asked[s] or (bid >= 0 and t >= end):
                continue
            part = monthly_part(_share(yearly, int(rows.dip[s, t])), prepared.horizon.month(t).funders_month)
            if bid < 0 and needs == 0:
                told += part
            else:
                untold += part
                mean += part * float(((won[bid] == 1) if bid >= 0 else (renewed[s] >= needs)).mean())
    return Told(months, told / 100, untold / 100, round(mean) / 100)


def _share(pence: int, ppm: int) -> int:
    return (2 * pence * ppm + 1_000_000) // 2_000_000
