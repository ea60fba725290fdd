"""What management sees and decides at the end of a month. docs/model.md, section 9."""

from __future__ import annotations

from resilience.compiled import compiled
from resilience.months.people import advertise, serve, withdraw
from resilience.months.record import note
from resilience.rows import (
    CLOSE,
    CLOSE_LOWEST,
    COVER,
    FORECAST_CLOSING,
    FORECAST_INSOLVENT,
    FREEZE,
    FUNDING_ENDS,
    NEVER,
    SERVE,
    STRIP,
    UNTOLD,
)

AHEAD = 3  # months of the forecast


def _forecast(t, streams, charges, posts, rules, luck, path, purses, incomes, teams, month):
    """Headroom three months out: now, and three months' told income less committed costs. Into `forecast`.

    Each charge is borne by its restricted funds as far as balance and told income go; untold renewals count at weight `hope`.
    """
    unrestricted = purses.cash.shape[0]
    for f in range(unrestricted + 1):
        for p in range(path.bank.shape[0]):
            purses.told_income[f, p] = 0
    for s in range(streams.start.shape[0]):
        f, start, bid = streams.fund[s], streams.start[s], streams.bid[s]
        if start > t + AHEAD or (bid >= 0 and streams.told[s] > t):
            continue
        for p in range(path.bank.shape[0]):
            last = min(incomes.told_end[s, p], t + AHEAD + 1)
            months = last - max(t + 1, start)
            going = incomes.on[s, p] == 1 or (start > t and incomes.dropped[s, p] == 0 and (bid < 0 or luck.won[bid, p] == 1))
            if months > 0 and going:
                income = months * incomes.whole[s, p] if start <= t else months * (incomes.yearly[s, p] // 12)
                if incomes.cut_month[s, p] <= t + AHEAD:
                    income -= _told_cuts(t, s, p, last, luck, incomes)
                purses.told_income[f, p] += income
            if rules.hope > 0.0 and last < t + AHEAD + 1 and going and _undecided(t, s, p, streams, incomes):
                purses.told_income[f, p] += int(rules.hope * (t + AHEAD + 1 - max(last, t + 1)) * incomes.whole[s, p])
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 1:
            month.forecast[p] += _committed(t, p, charges, posts, purses, teams, month)



def _told_cuts(t, s, p, last, luck, incomes):
    """What cuts already announced take from the next three months."""
    row, lost, kept = luck.cut_row[s], 0.0, 1.0
    for k in range(incomes.next_cut[s, p], luck.cuts[s, p]):
        if luck.cut_told[row + k, p] <= t and luck.cut_effective[row + k, p] < last:
            share_kept = luck.cut_keep[row + k, p] / 1e6
            lost += kept * (1.0 - share_kept) * (last - max(t + 1, luck.cut_effective[row + k, p]))
            kept *= share_kept
    return int(lost * incomes.whole[s, p])



def _undecided(t, s, p, streams, incomes):
    """Does the end told so far wait for a decision?"""
    decided = streams.decided[s, t]
    return streams.asked[s] > decided and incomes.told_end[s, p] == streams.ends[s, decided]



def _committed(t, p, charges, posts, purses, teams, month):
    """Told income less committed costs of three months: this month's pay and lines go on, less those under notice."""
    unrestricted, total = purses.cash.shape[0], 0
    for k in range(month.pay.shape[0]):
        cost = AHEAD * (month.pay[k, p] + month.nonpay[k, p])
        for j in range(charges.fund.shape[1]):
            f = charges.fund[k, j]
            if f < 0:
                break
            most = (cost * charges.share[k, j]) // 1_000_000 if charges.shared[k] == 1 else cost
            borne = max(0, min(most, purses.balance[f, p] + purses.told_income[f, p]))
            purses.told_income[f, p] -= borne
            cost -= borne
        total -= cost
    for g in range(posts.heads.shape[0]):
        if teams.served[g, p] >= 0 and teams.heads[g, p] > 0:
            n = posts.notice[g, posts.began[g] + posts.oldest[g], teams.served[g, p]]
            gone = min(AHEAD, max(0, t + AHEAD - (teams.served[g, p] + teams.consulting[g, p] + n)))
            total += gone * teams.heads[g, p] * (posts.pay[g, t] + posts.nic[g, t] + posts.pension[g, t])
    return total + purses.told_income[unrestricted, p]


_told_cuts = compiled(_told_cuts, inner=True)
_undecided = compiled(_undecided, inner=True)
_committed = compiled(_committed, inner=True)
forecast = compiled(_forecast, inner=True)


def _consulting(heads):
    """Whole months of collective consultation: employment.consultation_months."""
    return 0 if heads < 20 else 1 if heads < 100 else 2


consultation = compiled(_consulting, inner=True)


def _notice_of_dock(t, d, p, posts, posts_of, teams):
    """Months of consultation and of the longest notice in a dock, if served now."""
    heads, longest = 0, 0
    for i in range(posts_of.shape[1]):
        g = posts_of[d, i]
        if g < 0:
            break
        heads += teams.heads[g, p]
        if teams.old[g, p] > 0:
            longest = max(longest, posts.notice[g, posts.began[g] + posts.oldest[g], t])
        for j in range(teams.others_number[g, p]):
            longest = max(longest, posts.notice[g, teams.others[g, j, p] + posts.oldest[g], t])
    return consultation(heads), longest


notice_of_dock = compiled(_notice_of_dock, inner=True)


def _end_of_funding(t, d, p, streams, streams_of, luck, path, incomes):
    """(first month in which nothing told funds the dock, whether that waits for a decision)."""
    end, untold = -1, False
    for i in range(streams_of.shape[1]):
        s = streams_of[d, i]
        if s < 0:
            break
        bid = streams.bid[s]
        if incomes.dropped[s, p] == 1 or (bid >= 0 and (streams.told[s] > t or luck.won[bid, p] == 0)):
            continue
        if streams.start[s] > t and path.closing[p] >= 0:
            continue
        told = incomes.told_end[s, p]
        if told >= end:
            open_question = _undecided(t, s, p, streams, incomes)
            untold = open_question or (told == end and untold)
            end = told
    return end, untold


end_of_funding = compiled(_end_of_funding, inner=True)


def _serve_dock(t, d, p, posts, posts_of, teams, bays, record):
    """Notice is served on a whole dock at the end of month t. A dock without heads closes at once."""
    c, _ = notice_of_dock(t, d, p, posts, posts_of, teams)
    bays.leaving[d, p] = t
    for i in range(posts_of.shape[1]):
        g = posts_of[d, i]
        if g < 0:
            break
        serve(t, g, p, c, teams, record)


serve_dock = compiled(_serve_dock, inner=True)


def _docks(t, do, delay, p, streams, posts, posts_of, streams_of, luck, path, incomes, teams, bays, record):
    """Undock, or serve notice at risk, where the serve-by month is next; `delay` months late."""
    fired = False
    for d in range(bays.working.shape[0]):
        if bays.working[d, p] == 0 or streams_of[d, 0] < 0:
            continue
        end, untold = end_of_funding(t, d, p, streams, streams_of, luck, path, incomes)
        if end > t + 24:
            continue
        if bays.leaving[d, p] < 0 and untold == (do == SERVE):
            c, n = notice_of_dock(t, d, p, posts, posts_of, teams)
            if t - delay >= end - 1 - c - n:
                serve_dock(t, d, p, posts, posts_of, teams, bays, record)
                bays.at_risk[d, p] = 1 if untold else 0
                fired = True
    return fired


docks = compiled(_docks, inner=True)


def _withdrawals(t, streams, posts, posts_of, streams_of, luck, path, incomes, teams, bays, record):
    """Notices served at risk fall away when the renewal is told; any notice on a dock does when a new award funds it."""
    for d in range(bays.working.shape[0]):
        for p in range(path.bank.shape[0]):
            if bays.leaving[d, p] >= 0 and bays.working[d, p] == 1 and bays.at_risk[d, p] == 1 and path.closing[p] < 0:
                end, untold = end_of_funding(t, d, p, streams, streams_of, luck, path, incomes)
                c, n = notice_of_dock(t, d, p, posts, posts_of, teams)
                if end - 1 - c - n > t:
                    bays.leaving[d, p] = -1
                    bays.at_risk[d, p] = 0
                    for i in range(posts_of.shape[1]):
                        if posts_of[d, i] >= 0:
                            withdraw(t, posts_of[d, i], p, posts, teams, record)
                elif not untold:
                    bays.at_risk[d, p] = 0


withdrawals = compiled(_withdrawals, inner=True)


def _act(t, i, p, posts, lines, rules, posts_of, streams_of, path, incomes, teams, bays, month, record):
    """Carries out the decision of rule i."""
    do = rules.do[i]
    if do == FREEZE:
        path.frozen[p] = i
    elif do == STRIP:
        path.stripped[p] = 1
        heads = 0
        for g in range(posts.heads.shape[0]):
            if posts.dock[g] < 0 and posts.core[g] == 0:
                heads += teams.heads[g, p]
        for g in range(posts.heads.shape[0]):
            if posts.dock[g] < 0 and posts.core[g] == 0:
                serve(t, g, p, consultation(heads), teams, record)
    elif do == CLOSE_LOWEST:
        d = _lowest_contribution(t, p, posts, lines, posts_of, streams_of, incomes, teams, bays, month)
        if d >= 0:
            serve_dock(t, d, p, posts, posts_of, teams, bays, record)
    elif do == CLOSE and path.closing[p] < 0:
        path.closing[p] = t
        heads = 0
        for g in range(posts.heads.shape[0]):
            heads += teams.heads[g, p]
        for g in range(posts.heads.shape[0]):
            serve(t, g, p, consultation(heads), teams, record)
        for d in range(bays.working.shape[0]):
            if bays.leaving[d, p] < 0:
                bays.leaving[d, p] = t
            bays.at_risk[d, p] = 0



def _lowest_contribution(t, p, posts, lines, posts_of, streams_of, incomes, teams, bays, month):
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
                margin -= teams.heads[g, p] * (posts.pay[g, t] + posts.nic[g, t] + posts.pension[g, t])
        for c in range(lines.fixed_dock.shape[0]):
            if lines.fixed_dock[c] == d:
                margin -= lines.fixed[c, t]
        for c in range(lines.dock.shape[0]):
            if lines.dock[c] == d:
                margin -= month.line[c, p] // 12
        if chosen < 0 or margin < least:
            chosen, least = d, margin
    return chosen


_lowest_contribution = compiled(_lowest_contribution, inner=True)
act = compiled(_act, inner=True)


def _decide(t, clock, streams, posts, lines, rules, posts_of, streams_of, luck, path, incomes, teams, bays, board, month, record):
    """Step 11: rules fire in order; executive ones each month, board ones at quarter-ends or when the forecast is below nil."""
    withdrawals(t, streams, posts, posts_of, streams_of, luck, path, incomes, teams, bays, record)
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 0 or path.closing[p] >= 0:
            continue
        closed = False
        for i in range(rules.when.shape[0]):
            if board.pending[i, p] == t:
                board.pending[i, p] = -1
                act(t, i, p, posts, lines, rules, posts_of, streams_of, path, incomes, teams, bays, month, record)
            when, do = rules.when[i], rules.do[i]
            if rules.board[i] == 1 and clock.quarter_end[t] == 0 and month.forecast[p] >= 0:
                continue
            if when == FUNDING_ENDS or when == UNTOLD:
                if board.fired[i, p] < rules.at_most[i] and docks(t, do, rules.delay[i], p, streams, posts, posts_of, streams_of, luck, path, incomes, teams, bays, record):
                    board.fired[i, p] += 1
                continue
            holds = _holds(t, i, p, rules, month)
            if board.armed[i, p] == 0:
                _rearm(t, i, p, holds, posts, rules, path, teams, board, month)
                continue
            if not holds or board.fired[i, p] >= rules.at_most[i] or board.pending[i, p] >= 0:
                continue
            if do == CLOSE_LOWEST:
                if closed:
                    continue
                closed = True
            board.armed[i, p] = 0
            board.fired[i, p] += 1
            note(p, t, 17, i, 0, record)
            if rules.delay[i] > 0:
                board.pending[i, p] = t + rules.delay[i] if t + rules.delay[i] < NEVER else NEVER
            else:
                act(t, i, p, posts, lines, rules, posts_of, streams_of, path, incomes, teams, bays, month, record)



def _holds(t, i, p, rules, month):
    """Is the condition of rule i met?"""
    when = rules.when[i]
    if when == COVER:
        return month.cover[p] < rules.level[i]
    if when == FORECAST_INSOLVENT:
        return month.forecast[p] < 0
    return when == FORECAST_CLOSING and month.forecast[p] < month.liability[p]


_holds = compiled(_holds, inner=True)


def _rearm(t, i, p, holds, posts, rules, path, teams, board, month):
    """A rule that has fired waits until its condition is false, or cover above `rearm`; recruitment then goes on."""
    level = rules.rearm[i]
    if (month.cover[p] > level) if level >= 0.0 else not holds:
        board.armed[i, p] = 1
        if path.frozen[p] == i:
            path.frozen[p] = -1
            for g in range(posts.heads.shape[0]):
                for _ in range(teams.unfilled[g, p]):
                    advertise(t + 1, g, p, posts, path, teams)
                teams.unfilled[g, p] = 0


_rearm = compiled(_rearm, inner=True)
decide = compiled(_decide, inner=True)
