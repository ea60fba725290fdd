"""What management sees and decides at the end of a month. docs/model.md, section 9."""

from __future__ import annotations

import math

from resilience.compiled import compiled
from resilience.months.economy import moves_by
from resilience.months.people import advertise, contract_end, fill, runs_out
from resilience.months.record import note
from resilience.months.remedies import possible, remedy
from resilience.months.undocking import spared
from resilience.rows import (
    BELOW_POLICY,
    BLEND,
    BREACH_FORECAST,
    CLOSE,
    CLOSE_LOWEST,
    CONTRACT_LOST,
    COVER,
    DRAW,
    FIXED_TERM,
    FORECAST_CLOSING,
    FORECAST_INSOLVENT,
    FREEZE,
    FUNDING_ENDS,
    NEVER,
    NOTICE_SERVED,
    NOTICE_WITHDRAWN,
    RULE_FIRED,
    SERVE,
    STRIP,
    UNTOLD,
)

AHEAD = 3  # months of the forecast that is always made


def _dips_by(t, s, start, streams):
    """What of today's amount will be paid in month `start`, under shocks that end again and are told by now."""
    kept = 1.0
    for m in range(t + 1, min(start + 1, streams.dip.shape[1])):
        if streams.dip_told[s, m] <= t:
            kept *= streams.dip[s, m] / max(1, streams.dip[s, m - 1])
    return kept


_dips_by = compiled(_dips_by, inner=True)


def _told_income(t, ahead, streams, rules, luck, path, purses, incomes):
    """Income of the next months by what has been told, fund by fund; untold renewals at weight `hope`. Into `told_income`."""
    for f in range(purses.told_income.shape[0]):
        for p in range(path.bank.shape[0]):
            purses.told_income[f, p] = 0
    for s in range(streams.fund.shape[0]):
        f, bid = streams.fund[s], streams.bid[s]
        for p in range(path.bank.shape[0]):
            months = max(0, min(incomes.told_end[s, p], t + ahead + 1) - (t + 1))
            purses.told_income[f, p] += months * incomes.whole[s, p] * incomes.on[s, p]
        for p in range(path.bank.shape[0]):
            start = luck.begins[s, p]
            if t < start <= t + ahead and (bid < 0 or (luck.told[s, p] <= t and luck.won[bid, p] == 1)):
                months = max(0, min(incomes.told_end[s, p], t + ahead + 1) - start)
                if incomes.dropped[s, p] == 0 and path.closing[p] < 0:
                    purses.told_income[f, p] += int(months * incomes.whole[s, p] * _dips_by(t, s, start, streams))
        kept = 1.0
        for later in range(t + 1, min(t + ahead + 1, streams.shock.shape[1])):
            stays = streams.shock[s, later] / 1e6 if streams.shock_told[s, later] <= t else 1.0
            if streams.dip_told[s, later] <= t:  # a shock that ends again: that it ends is not counted on before
                stays *= streams.dip[s, later] / max(1, streams.dip[s, later - 1])
            if stays != 1.0:
                for p in range(path.bank.shape[0]):
                    months = max(0, min(incomes.told_end[s, p], t + ahead + 1) - later)
                    lost = kept * (1.0 - stays)
                    purses.told_income[f, p] -= int(lost * months * incomes.whole[s, p] * incomes.on[s, p])
                kept *= stays
        if streams.cuttable[s] == 0 and rules.hope == 0.0:
            continue
        for p in range(path.bank.shape[0]):
            if incomes.cut_month[s, p] <= t + ahead and incomes.on[s, p] == 1:
                purses.told_income[f, p] -= _told_cuts(
                    t, s, p, min(incomes.told_end[s, p], t + ahead + 1), luck, incomes
                )
            if rules.hope > 0.0 and incomes.on[s, p] == 1 and incomes.telling_month[s, p] < NEVER:
                beyond = max(0, t + ahead + 1 - max(incomes.told_end[s, p], t + 1))
                purses.told_income[f, p] += int(rules.hope * beyond * incomes.whole[s, p])
    if luck.unnamed_income.shape[0] > 0:  # contracts nobody had named, as they stand this month
        f = purses.told_income.shape[0] - 1
        for p in range(path.bank.shape[0]):
            purses.told_income[f, p] += ahead * luck.unnamed_income[t, p] * (1 if path.closing[p] < 0 else 0)


def _told_cuts(t, s, p, last, luck, incomes):
    """What cuts already announced take from the next months."""
    row, lost, kept = luck.cut_row[s], 0.0, 1.0
    for k in range(incomes.next_cut[s, p], luck.cuts[s, p]):
        if luck.cut_told[row + k, p] <= t and luck.cut_effective[row + k, p] < last:
            share_kept = luck.cut_keep[row + k, p] / 1e6
            lost += kept * (1.0 - share_kept) * (last - max(t + 1, luck.cut_effective[row + k, p]))
            kept *= share_kept
    return int(lost * incomes.whole[s, p])


_told_cuts = compiled(_told_cuts, inner=True)
told_income = compiled(_told_income, inner=True)


def _forecast(t, ahead, more, clock, charges, posts, money, path, purses, teams, bays, month, out):
    """Headroom so many months out, into `out`: now, and told income less their pay and lines; who is under notice drops out in time,
    and who goes with the work of a dock, once that is told.

    Each charge is borne by its restricted funds as far as balance and told income go. Arrears of a pay award are counted when
    they are settled within them.
    """
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 1:
            out[p] = month.headroom[p]
    for k in range(month.pay.shape[0]):
        for p in range(path.bank.shape[0]):
            month.total[p] = ahead * (month.pay[k, p] + month.nonpay[k, p])
        for j in range(charges.fund.shape[1]):
            f, part = charges.fund[k, j], charges.share[k, j]
            if f < 0:
                break
            for p in range(path.bank.shape[0]):
                cost = ahead * (month.pay[k, p] + month.nonpay[k, p])
                most = (cost * part) // 1_000_000 if part >= 0 else month.total[p]
                borne = max(0, min(most, purses.balance[f, p] + purses.told_income[f, p]))
                purses.told_income[f, p] -= borne
                month.total[p] -= borne
        for p in range(path.bank.shape[0]):
            out[p] -= month.total[p] * path.alive[p]
    for g in range(posts.heads.shape[0]):
        head = posts.pay[g, t] + posts.nic[g, t] + posts.pension[g, t]
        moves = posts.pay_moves[g, t] + posts.nic_moves[g, t]
        d, fixed = posts.dock[g] if posts.goes[g] == 1 else -1, posts.form[g] == FIXED_TERM
        for p in range(path.bank.shape[0]):
            last = NEVER
            if teams.served[g, p] >= 0:
                since = teams.served[g, p] + teams.consulting[g, p]
                n = posts.notice[g, posts.began[g] + posts.oldest, min(since, posts.notice.shape[2] - 1)]
                last = since + n
            if fixed:
                last = min(last, contract_end(g, p, posts, bays) - 1)
            if d >= 0 and bays.goes[d, p] == 1:
                last = min(last, bays.end[d, p] - 1)
            if last < t + ahead and path.alive[p] == 1:
                gone = min(ahead, t + ahead - last)
                out[p] += gone * teams.heads[g, p] * (head + moves_by(moves, more[p]))
    unrestricted = purses.cash.shape[0]
    for p in range(path.bank.shape[0]):
        out[p] += purses.told_income[unrestricted, p] * path.alive[p]
    if money.settled > 1 and 1 <= (money.settled - clock.part[t]) % 12 <= ahead:
        for p in range(path.bank.shape[0]):
            out[p] -= purses.arrears[unrestricted, p] * path.alive[p]


forecast = compiled(_forecast, inner=True)


def _forecast_reserves(t, h, ahead, clock, money, path, purses, month):
    """Free reserves so many months out, into `reserves`: what moves headroom moves them, but for arrears, owed already."""
    settled = money.settled > 1 and 1 <= (money.settled - clock.part[t]) % 12 <= ahead
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 1:
            month.reserves[h, p] = month.free[p] + month.further[h, p] - month.headroom[p]
            if settled:
                month.reserves[h, p] += purses.arrears[purses.cash.shape[0], p]


forecast_reserves = compiled(_forecast_reserves, inner=True)


def _consultation(heads, posts):
    """Whole months of collective consultation: employment.consultation_months."""
    few, many = posts.consulting[0], posts.consulting[1]
    return 0 if heads < few[0] else few[1] if heads < many[0] else many[1]


consultation = compiled(_consultation, inner=True)


def _is_served(t, d, g, p, posts, teams, bays):
    """Would notice be served on a group when its dock is undocked?"""
    return not ((bays.goes[d, p] == 1 and posts.goes[g] == 1) or runs_out(t, g, p, False, posts, teams, bays))


_is_served = compiled(_is_served, inner=True)


def _dismissed_with(t, d, p, posts, posts_of, teams, bays):
    """Employees dismissed with a dock within 90 days: its own, those of docks whose funding ends at most two months before or after,
    and those under notice since two months that were not consulted collectively.
    """
    heads = _served_lately(t, p, posts, teams)
    for o in range(bays.working.shape[0]):
        if o != d and (bays.working[o, p] == 0 or bays.leaving[o, p] >= 0 or abs(bays.end[o, p] - bays.end[d, p]) > 2):
            continue
        for i in range(posts_of.shape[1]):
            g = posts_of[o, i]
            if g >= 0 and posts.form[g] <= FIXED_TERM and _is_served(t, o, g, p, posts, teams, bays):
                heads += teams.heads[g, p] if teams.served[g, p] < 0 else 0
    return heads


def _served_lately(t, p, posts, teams):
    """Employees on whom notice was served in the last two months, too few to be consulted collectively."""
    heads = 0
    for g in range(posts.heads.shape[0]):
        if t - 2 <= teams.served[g, p] < t and teams.consulting[g, p] == 0 and posts.form[g] <= FIXED_TERM:
            heads += teams.heads[g, p] if teams.served[g, p] >= 0 else 0
    return heads


_served_lately = compiled(_served_lately, inner=True)
_dismissed_with = compiled(_dismissed_with, inner=True)


def _longest_notice(t, d, p, posts, posts_of, teams, bays):
    """Months of the longest notice in a dock, if it began after month t: of those who would be served."""
    longest, then = 0, min(t, posts.notice.shape[2] - 1)
    for i in range(posts_of.shape[1]):
        g = posts_of[d, i]
        if g < 0:
            break
        if not _is_served(t, d, g, p, posts, teams, bays):
            continue
        if teams.old[g, p] > 0:
            longest = max(longest, posts.notice[g, posts.began[g] + posts.oldest, then])
        for j in range(teams.others_number[g, p]):
            longest = max(longest, posts.notice[g, teams.others[g, j, p] + posts.oldest, then])
    return longest


_longest_notice = compiled(_longest_notice, inner=True)


def _serve_by(t, d, p, late, posts, posts_of, teams, bays):
    """Is the month after t, or `late` months before it, the latest in which notice can be served for the end of a dock's funding?

    Consultation and the longest notice, as of next month: what waiting would make of it. Of those who do not go with the work, where
    that is told, and whose contracts do not end with it.
    """
    left, most = bays.end[d, p] - 1 - (t - late), posts.consulting[1, 1]
    if _longest_notice(t + 1 + most, d, p, posts, posts_of, teams, bays) + most < left:
        return False  # who is consulted with them need not be counted
    if _longest_notice(t + 1, d, p, posts, posts_of, teams, bays) >= left:
        return True
    consulting = consultation(_dismissed_with(t, d, p, posts, posts_of, teams, bays), posts)
    return _longest_notice(t + 1 + consulting, d, p, posts, posts_of, teams, bays) + consulting >= left


serve_by = compiled(_serve_by, inner=True)


def _somebody_stays(d, p, posts, posts_of, teams):
    """Is there anybody in a dock who would not go with its work?"""
    for i in range(posts_of.shape[1]):
        g = posts_of[d, i]
        if g >= 0 and posts.goes[g] == 0 and teams.heads[g, p] > 0:
            return True
    return False


somebody_stays = compiled(_somebody_stays, inner=True)


def _docks(t, do, delay, p, posts, posts_of, streams_of, path, teams, bays):
    """Undock, or serve notice at risk, where the serve-by month is next; `delay` months late."""
    fired = False
    for d in range(bays.working.shape[0]):
        if (
            bays.working[d, p] == 0
            or bays.leaving[d, p] >= 0
            or streams_of[d, 0] < 0
            or bays.end[d, p] > t + 1 + posts.longest
            or (bays.goes[d, p] == 1 and not somebody_stays(d, p, posts, posts_of, teams))
        ):
            continue
        if (bays.untold[d, p] == 1) == (do == SERVE) and serve_by(t, d, p, delay, posts, posts_of, teams, bays):
            bays.leaving[d, p] = t
            bays.at_risk[d, p] = bays.untold[d, p]
            path.deciding[p] = 1
            fired = True
    return fired


docks = compiled(_docks, inner=True)


def _withdrawals(t, posts, posts_of, path, teams, bays, record):
    """Notices served at risk fall away when the renewal is told, or that the people go with the work."""
    for d in range(bays.working.shape[0]):
        for p in range(path.bank.shape[0]):
            if bays.at_risk[d, p] == 0 or bays.working[d, p] == 0 or path.closing[p] >= 0 or path.alive[p] == 0:
                continue
            if bays.goes[d, p] == 1:
                bays.at_risk[d, p] = 0
                _go_instead(t, d, p, posts, posts_of, teams, bays, record)
            elif not serve_by(t, d, p, 0, posts, posts_of, teams, bays):
                bays.leaving[d, p] = -1
                bays.at_risk[d, p] = 0
                for i in range(posts_of.shape[1]):
                    g = posts_of[d, i]
                    if g >= 0 and teams.served[g, p] >= 0:
                        teams.served[g, p] = -1
                        note(p, t, NOTICE_WITHDRAWN, g, 0, record)
                        fill(t, g, p, t + 1, posts, teams)
            elif bays.untold[d, p] == 0:
                bays.at_risk[d, p] = 0


def _go_instead(t, d, p, posts, posts_of, teams, bays, record):
    """Notice is withdrawn from those of a dock who will go with its work; it stands for the others, if there are any."""
    staying = False
    for i in range(posts_of.shape[1]):
        g = posts_of[d, i]
        if g < 0 or teams.served[g, p] < 0:
            continue
        if posts.goes[g] == 0:
            staying = True
        else:
            teams.served[g, p] = -1
            note(p, t, NOTICE_WITHDRAWN, g, 0, record)
    if not staying:
        bays.leaving[d, p] = -1


_go_instead = compiled(_go_instead, inner=True)
withdrawals = compiled(_withdrawals, inner=True)


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


def _serve_notice(t, posts, path, teams, bays, record):
    """Serves notice at the end of month t on every group that this month's decisions let go; posts being filled are not filled.

    Employees let go together, and those let go in the two months before without it, are counted for collective consultation.
    """
    for p in range(path.bank.shape[0]):
        if path.deciding[p] == 0:
            continue
        path.deciding[p] = 0
        closing, stripping = path.closing[p] == t, path.stripped[p] == t
        together = _served_lately(t, p, posts, teams)
        for step in range(2):  # how many go together, then notice
            consulting = consultation(together, posts)
            for g in range(posts.heads.shape[0]):
                d = posts.dock[g]
                goes = closing or (d >= 0 and bays.leaving[d, p] == t) or (stripping and d < 0 and posts.core[g] == 0)
                if not goes or teams.served[g, p] >= 0 or _exempt(t, g, p, closing or d < 0, posts, teams, bays):
                    continue
                if step == 0:
                    together += teams.heads[g, p] if posts.form[g] <= FIXED_TERM else 0
                    continue
                teams.served[g, p] = t
                teams.consulting[g, p] = consulting if posts.form[g] <= FIXED_TERM else 0
                teams.unfilled[g, p] = 0
                for later in range(t + 1, teams.joins.shape[1]):
                    teams.joins[g, later, p] = 0
                note(p, t, NOTICE_SERVED, g, teams.heads[g, p], record)


def _exempt(t, g, p, whole, posts, teams, bays):
    """Nobody serves notice on who goes with the work, or whose contract ends by itself."""
    return spared(t, g, p, posts, bays) or runs_out(t, g, p, whole, posts, teams, bays)


_exempt = compiled(_exempt, inner=True)
serve_notice = compiled(_serve_notice, inner=True)


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
