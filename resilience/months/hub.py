"""The hub against what it must carry: what a step costs, how short it is, and what that does to awards and turnover.

docs/model.md, section 6, "The hub's need".
"""

from __future__ import annotations

import math

from resilience.chance import NEW_TERM
from resilience.compiled import compiled
from resilience.rows import POSTS_LOST

AFTER = 3  # months short before people leave for it
CALM = 6  # months until redundancies are forgotten
MANY = 10  # redundancies of a month above one head in so many upset the rest


def _steps(p, hub, bays):
    """Steps for the docks at work: each started `step_docks` of them."""
    working = 0
    for d in range(bays.working.shape[0]):
        working += bays.working[d, p]
    return (working + hub.step_docks - 1) // hub.step_docks if hub.step_docks > 0 else 0


_steps = compiled(_steps, inner=True)


def _step_costs(t, hub, path, bays, month):
    """Step 5: what the steps of the hub cost this month, unrestricted."""
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 1:
            cost = _steps(p, hub, bays) * hub.step[t]
            month.nonpay[0, p] += cost
            month.spending[1, p] += cost
            month.hub_spending[p] += cost


def _measure(posts, hub, path, teams, bays, month, record):
    """At the month's end: the share of its need that the hub is short of, for how many months running, and whether many have just gone."""
    there = month.heads[0]
    for p in range(path.bank.shape[0]):
        there[p] = 0.0
    for g in range(posts.heads.shape[0]):
        for p in range(path.bank.shape[0] if posts.dock[g] < 0 else 0):
            there[p] += teams.heads[g, p] * posts.hours[g]
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 0:
            continue
        need = hub.need + path.supervising[p]
        if hub.step_docks > 0:
            need += hub.step_fte * _steps(p, hub, bays)
        path.short[p] = max(0.0, 1.0 - there[p] / need) if need > 0.0 else 0.0
        path.short_for[p] = path.short_for[p] + 1 if path.short[p] > 1e-9 else 0
        lost = record.fates[POSTS_LOST, p] - path.lost_before[p]
        path.upset[p] = max(0, path.upset[p] - 1)
        if lost > 0:
            path.lost_before[p] += lost
            heads = lost
            for g in range(posts.heads.shape[0]):
                heads += teams.heads[g, p]
            path.upset[p] = CALM if MANY * lost > heads else path.upset[p]


def _unrest(posts, hub, path, teams):
    """Turnover rises by so many points a year for the share that the hub has been short of for three months, and after redundancies."""
    for p in range(path.bank.shape[0]):
        points = hub.leaving * path.short[p] if path.short_for[p] >= AFTER else 0.0
        if path.alive[p] == 0 or (points == 0.0 and path.upset[p] == 0):
            continue
        for g in range(posts.heads.shape[0]):
            h = posts.hazard[g]
            if h > 0.0:
                stays = max(1e-9, math.exp(-12.0 * h) - points)
                more = -math.log(stays) / 12.0 - h
                teams.extra[g, p] += more + (h * hub.upset if path.upset[p] > 0 else 0.0)


def _refuse(t, hub, streams, luck, path, incomes):
    """Awards told this month that a hub short of staff does not get: log-odds lower by `odds` × the share short, on the same draws.

    The rows of `luck` say so from now on. An option is not asked for; a hold-over stays one.
    """
    for s in range(streams.bid.shape[0]):
        bid = streams.bid[s]
        for p in range(path.bank.shape[0]):
            telling = incomes.telling_month[s, p] == t
            if (telling or (bid >= 0 and luck.told[s, p] == t)) and path.short[p] > 0.0 and path.alive[p] == 1:
                shift = hub.odds * path.short[p]
                if bid >= 0 and luck.told[s, p] == t and luck.won_by[bid, p] < shift:
                    luck.won[bid, p] = 0
                row = luck.turn_row[s] + incomes.telling[s, p]
                if telling and luck.turn_kind[row, p] == NEW_TERM and luck.renewed_by[row, p] < shift:
                    luck.turn_until[row, p], luck.turn_kind[row, p] = luck.turn_from[row, p], 0
                    luck.turns[s, p] = incomes.telling[s, p] + 1
                    luck.renewed[s, p] = min(luck.renewed[s, p], incomes.telling[s, p])


step_costs = compiled(_step_costs, inner=True)
measure = compiled(_measure, inner=True)
unrest = compiled(_unrest, inner=True)
refuse = compiled(_refuse, inner=True)
