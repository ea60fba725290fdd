"""How docks end where their people go with the work: what is told of it, and who goes when. docs/model.md, section 6."""

from __future__ import annotations

import math

from resilience.compiled import compiled
from resilience.months.record import note
from resilience.rows import LOST_BECAUSE, NEVER, PACKED, TRANSFERRED_OUT

AHEAD = 12  # months before an end known from the start at which the story says why


def _funding_told(t, streams, streams_of, luck, path, incomes, bays, record):
    """First month in which nothing told funds each dock, whether that waits for a decision, and whether its people then go."""
    for d in range(bays.working.shape[0]):
        for p in range(path.bank.shape[0]):
            bays.end[d, p] = -1
            bays.untold[d, p] = 0
            bays.by[d, p] = -1
        for i in range(streams_of.shape[1]):
            s = streams_of[d, i]
            if s < 0:
                break
            bid = streams.bid[s]
            for p in range(path.bank.shape[0]):
                if luck.told[s, p] <= t and incomes.dropped[s, p] == 0 and (bid < 0 or luck.won[bid, p] == 1):
                    end = incomes.told_end[s, p]
                    untold = 1 if incomes.telling_month[s, p] < NEVER else 0
                    if luck.nothing_told[s, p] <= t and luck.nothing[s, p] <= end:
                        end, untold = luck.nothing[s, p], 0
                    if end > bays.end[d, p]:
                        bays.untold[d, p] = untold
                        bays.by[d, p] = s
                    elif end == bays.end[d, p]:
                        bays.untold[d, p] |= untold
                    bays.end[d, p] = max(end, bays.end[d, p])
        for p in range(path.bank.shape[0] if luck.tupe == 1 else 0):
            s = bays.by[d, p]
            told = s >= 0 and bays.untold[d, p] == 0 and bays.end[d, p] < NEVER
            bays.goes[d, p] = luck.goes[s, p] if told else 0
        if record.log.shape[0] > 0 and luck.tupe == 1:
            _reason_told(t, d, luck, path, bays, record)


def _reason_told(t, d, luck, path, bays, record):
    """Writes down why the award with which a dock's funding ends is lost, once, when it is told."""
    s = int(bays.by[d, 0])
    if (
        path.alive[0] == 0
        or bays.working[d, 0] == 0
        or s < 0
        or bays.untold[d, 0] == 1
        or bays.end[d, 0] > t + AHEAD
        or luck.reason[s, 0] == 0
    ):
        bays.said[d, 0] = -1
    elif bays.said[d, 0] != s:
        bays.said[d, 0] = s
        value = PACKED * (2 * (int(luck.reason[s, 0]) - 1) + int(bays.goes[d, 0])) + int(bays.end[d, 0])
        note(0, t, LOST_BECAUSE, s, value, record)


_reason_told = compiled(_reason_told, inner=True)
funding_told = compiled(_funding_told, inner=True)


def _spared(t, g, p, posts, bays):
    """Nobody serves notice on who will go with the work: it is told, and no notice would be over long before."""
    d = posts.dock[g]
    return d >= 0 and posts.goes[g] == 1 and bays.goes[d, p] == 1 and bays.end[d, p] <= t + 1 + posts.longest


spared = compiled(_spared, inner=True)


def _transfer_out(t, posts, posts_of, luck, path, teams, bays, month, record):
    """Step 2, at the month's end: who is at least half on work that is funded no longer goes with it, and nothing is paid."""
    for d in range(bays.working.shape[0]):
        for p in range(path.bank.shape[0]):
            if bays.goes[d, p] == 0 or bays.end[d, p] > t + 1 or bays.working[d, p] == 0 or path.alive[p] == 0:
                continue
            staying, s = 0, int(bays.by[d, p])
            for i in range(posts_of.shape[1]):
                g = posts_of[d, i]
                if g < 0:
                    break
                if posts.goes[g] == 0:
                    staying += teams.heads[g, p]
                elif teams.here[g, p] == 1:
                    _go_with_the_work(
                        t, g, p, PACKED * (4 * s + int(luck.reason[s, p]) - 1), posts, teams, month, record
                    )
            if staying == 0 and bays.leaving[d, p] < 0:
                bays.leaving[d, p] = t  # nobody is left: the dock closes


def _go_with_the_work(t, g, p, why, posts, teams, month, record):
    """Empties a group; nothing is recruited in its place."""
    if teams.heads[g, p] > 0:
        month.transferred[p] += teams.heads[g, p]
        note(p, t, TRANSFERRED_OUT, g, why + int(teams.heads[g, p]), record)
    teams.heads[g, p], teams.old[g, p], teams.others_number[g, p], teams.unfilled[g, p] = 0, 0, 0, 0
    teams.served[g, p] = -1
    teams.indemnity[g, p] = 0
    for h in range(posts.places[g]):
        teams.target[g, h, p] = math.inf
    teams.next_leave[g, p] = math.inf
    for later in range(t + 1, teams.joins.shape[1]):
        teams.joins[g, later, p] = 0


_go_with_the_work = compiled(_go_with_the_work, inner=True)
transfer_out = compiled(_transfer_out, inner=True)
