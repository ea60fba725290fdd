"""What management sees and decides at the end of a month: the rules of its strategy. docs/model.md, section 9."""

from __future__ import annotations

import math

from resilience.compiled import compiled
from resilience.months.economy import moves_by
from resilience.months.notice import docks
from resilience.months.people import advertise
from resilience.months.record import note
from resilience.months.remedies import possible, remedy
from resilience.rows import (
    BELOW_POLICY,
    BLEND,
    BREACH_FORECAST,
    CLOSE,
    CLOSE_LOWEST,
    CONTRACT_LOST,
    COVER,
    DRAW,
    FORECAST_CLOSING,
    FORECAST_INSOLVENT,
    FREEZE,
    FUNDING_ENDS,
    NEVER,
    RULE_FIRED,
    STRIP,
    UNTOLD,
)


def _act(
    t,
    i,
    p,
    more,
    dearer,
    streams,
    posts,
    lines,
    rules,
    posts_of,
    streams_of,
    luck,
    path,
    incomes,
    teams,
    bays,
    board,
    month,
    record,
):
    """The decision of rule i; notice is served afterwards, on all at once (`serve_notice`)."""
    do = rules.do[i]
    if do == FREEZE:
        path.frozen[p] = i
    elif do == STRIP and path.stripped[p] < 0:
        path.stripped[p] = t
        path.deciding[p] = 1
    elif do == CLOSE_LOWEST:
        d = _lowest_contribution(t, p, more, dearer, posts, lines, posts_of, streams_of, incomes, teams, bays, month)
        if d >= 0:
            bays.leaving[d, p] = t
            path.deciding[p] = 1
    elif do == CLOSE and path.closing[p] < 0:
        path.closing[p] = t
        path.deciding[p] = 1
        path.merging[p] = -1
        for d in range(bays.working.shape[0]):
            bays.at_risk[d, p] = 0
    elif do == BLEND:
        path.blending[p] = i
    elif do >= DRAW and path.closing[p] < 0:
        remedy(t, i, p, streams, rules, luck, path, incomes, board, record)


def _lowest_contribution(t, p, more, dearer, posts, lines, posts_of, streams_of, incomes, teams, bays, month):
    """The working dock, not under notice, with the lowest income less direct cost of the month; −1 if there is none."""
    chosen, least = -1, 0
    for d in range(bays.working.shape[0]):
        if bays.working[d, p] == 0 or bays.leaving[d, p] >= 0:
            continue
        margin = 0
        for i in range(streams_of.shape[1]):
            s = streams_of[d, i]
            if s >= 0 and incomes.on[s, p] == 1:
                margin += incomes.whole[s, p]
        for i in range(posts_of.shape[1]):
            g = posts_of[d, i]
            if g >= 0:
                head = posts.pay[g, t] + posts.nic[g, t] + posts.pension[g, t]
                moves = posts.pay_moves[g, t] + posts.nic_moves[g, t]
                margin -= teams.heads[g, p] * (head + moves_by(moves, more[p]))
        for c in range(lines.fixed_dock.shape[0]):
            if lines.fixed_dock[c] == d:
                margin -= lines.fixed[c, t] + moves_by(lines.fixed_moves[c, t], dearer[p])
        for c in range(lines.dock.shape[0]):
            if lines.dock[c] == d:
                margin -= month.line[c, p] // 12
        if chosen < 0 or margin < least:
            chosen, least = d, margin
    return chosen


_lowest_contribution = compiled(_lowest_contribution, inner=True)
act = compiled(_act, inner=True)


def _decide(
    t,
    more,
    dearer,
    clock,
    streams,
    posts,
    lines,
    rules,
    posts_of,
    streams_of,
    luck,
    path,
    incomes,
    teams,
    bays,
    board,
    month,
    record,
):
    """Step 11: rules fire in order; executive ones each month, board ones at quarter-ends or when the forecast is below nil."""
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 0 or path.closing[p] >= 0:
            continue
        closed = False
        for i in range(rules.when.shape[0]):
            due = board.pending[i, p] == t
            when = rules.when[i]
            if rules.board[i] == 1 and clock.quarter_end[t] == 0 and month.forecast[p] >= 0 and not due:
                continue
            if when in (FUNDING_ENDS, UNTOLD):
                near = False  # a call costs more than a look: what it is given is large
                for d in range(bays.working.shape[0]):
                    open_ = bays.working[d, p] == 1 and bays.leaving[d, p] < 0
                    near = near or (open_ and bays.end[d, p] <= t + 1 + posts.longest)
                if (
                    near
                    and board.fired[i, p] < rules.at_most[i]
                    and docks(t, rules.do[i], rules.delay[i], p, posts, posts_of, streams_of, path, teams, bays)
                ):
                    board.fired[i, p] += 1
                    note(p, t, RULE_FIRED, i, 0, record)
                continue
            if not due:
                holds = _holds(i, p, rules, path, board, month)
                board.seen[i, p] = path.awards_lost[p]
                if board.armed[i, p] == 0 and board.pending[i, p] >= 0:
                    continue
                if board.armed[i, p] == 0 and not (when == CONTRACT_LOST and holds):  # another loss is another reason
                    _rearm(t, i, p, holds, posts, rules, path, teams, board, month)
                    continue
                if (
                    not holds
                    or board.fired[i, p] >= rules.at_most[i]
                    or board.pending[i, p] >= 0
                    or (rules.do[i] == CLOSE_LOWEST and closed)
                    or (rules.do[i] >= DRAW and not possible(i, p, streams, rules, path, incomes, teams, month))
                ):
                    continue
                board.armed[i, p] = 0
                board.fired[i, p] += 1
                note(p, t, RULE_FIRED, i, 0, record)
                if rules.delay[i] > 0:
                    board.pending[i, p] = min(t + rules.delay[i], NEVER)
                    continue
            board.pending[i, p] = -1
            closed = closed or rules.do[i] == CLOSE_LOWEST
            act(
                t,
                i,
                p,
                more,
                dearer,
                streams,
                posts,
                lines,
                rules,
                posts_of,
                streams_of,
                luck,
                path,
                incomes,
                teams,
                bays,
                board,
                month,
                record,
            )


def _holds(i, p, rules, path, board, month):
    """Is the condition of rule i met?"""
    when, further = rules.when[i], rules.ahead[i]
    if when == CONTRACT_LOST:
        return path.awards_lost[p] > board.seen[i, p]
    if when == BELOW_POLICY:
        return month.free[p] < month.aim[p]
    if when == BREACH_FORECAST:
        return month.reserves[further, p] < month.aim[p]
    if when == COVER:
        return month.cover[p] < rules.level[i] or rules.level[i] == math.inf  # cover without end is below no level
    forecast = month.further[further, p] if further >= 0 else month.forecast[p]
    if when == FORECAST_INSOLVENT:
        return forecast < 0
    return when == FORECAST_CLOSING and forecast < month.liability[p]


_holds = compiled(_holds, inner=True)


def _rearm(t, i, p, holds, posts, rules, path, teams, board, month):
    """A rule that has fired waits until its condition is false, or cover above `rearm`; recruitment then goes on."""
    level = rules.rearm[i]
    if (month.cover[p] > level) if level >= 0.0 else not holds:
        board.armed[i, p] = 1
        if path.holding[p] == i:
            path.holding[p] = -1
        if path.frozen[p] == i or path.blending[p] == i:
            path.frozen[p] = -1 if path.frozen[p] == i else path.frozen[p]
            path.blending[p] = -1 if path.blending[p] == i else path.blending[p]
            for g in range(posts.heads.shape[0]):
                empty = teams.unfilled[g, p]
                teams.unfilled[g, p] = 0  # what is still held back counts again
                for _ in range(empty):
                    advertise(t + 1, g, p, posts, path, teams)


_rearm = compiled(_rearm, inner=True)
decide = compiled(_decide, inner=True)
