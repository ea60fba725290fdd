"""Opening balances, heads, docks and cases; heads for an award. docs/model.md, sections 6 and 8."""

from __future__ import annotations

from resilience.compiled import compiled
from resilience.months.people import staff, threshold
from resilience.months.services import places
from resilience.rows import ADVANCE, CONTRACT, END_KIND, LOWEST, NEVER, SALE


def _open_books(
    clock, streams, funds, posts, money, posts_of, streams_of, luck, u, path, purses, incomes, teams, bays, record
):
    """Opening balances, heads, docks and cases."""
    unrestricted = purses.cash.shape[0]
    for p in range(path.bank.shape[0]):
        path.bank[p], path.investments[p], path.fixed[p] = money.bank, money.investments, money.fixed_assets
        path.provisions[p], path.limit[p], path.creditors[p] = money.provisions, money.limit, money.creditors
        purses.arrears[unrestricted, p] = money.arrears
        path.creditors[p] += money.arrears
        path.allowance[p] = money.allowance_rest
        purses.debtors[unrestricted, p] = money.debtors + money.owed_later
        for t in range(clock.months):
            purses.due[unrestricted, t, p] = money.owed[t]
            purses.debtors[unrestricted, p] += money.owed[t]
        purses.due[unrestricted, 0, p] += money.debtors
        for i in range(path.loans.shape[0]):
            path.loans[i, p] = money.loans[i]
        for f in range(unrestricted):
            purses.cash[f, p] = funds.opening[f]
            purses.balance[f, p] = funds.opening[f]
        for k in range(3):
            purses.recurring[k, p] = money.budget
        for f in range(6):
            record.fates[f, p] = -1
        record.fates[END_KIND, p] = 0
        record.fates[LOWEST, p] = NEVER * 10**14
    for s in range(streams.dock.shape[0]):
        for p in range(path.bank.shape[0]):
            incomes.cut_month[s, p] = luck.cut_effective[luck.cut_row[s], p] if luck.cuts[s, p] > 0 else NEVER
            incomes.told_end[s, p] = luck.until[s, p]
            incomes.term_end[s, p] = luck.until[s, p]
            incomes.term_start[s, p] = luck.begins[s, p]
            if luck.turns[s, p] > 0:
                incomes.telling_month[s, p] = luck.turn_told[luck.turn_row[s], p]
            if (
                streams.opening_rest[s] > 0
                and streams.payment[s] == ADVANCE
                and (streams.form[s] == CONTRACT or streams.form[s] == SALE)
            ):
                whole, rest = incomes.yearly[s, p] // 12, incomes.yearly[s, p] % 12
                incomes.paid_whole[s, p], incomes.paid_rest[s, p] = whole, rest
                for k in range(streams.opening_rest[s]):
                    incomes.deferred[s, p] += whole + clock.bump[(clock.part[0] - 1 + k) % 12 + 1, rest]
                if streams.fund[s] < unrestricted:
                    purses.balance[streams.fund[s], p] -= incomes.deferred[s, p]
        d = streams.dock[s]
        if d >= 0 and streams.owner[s] == 1:
            for p in range(path.bank.shape[0]):
                bays.working[d, p] = 1
    for d in range(bays.working.shape[0]):
        if streams_of[d, 0] < 0:
            for p in range(path.bank.shape[0]):
                bays.working[d, p] = 1
    for g in range(posts.heads.shape[0]):
        for p in range(path.bank.shape[0]):
            teams.posts[g, p] = posts.heads[g]
            if teams.here[g, p] == 1 and (posts.dock[g] < 0 or bays.working[posts.dock[g], p] == 1):
                teams.heads[g, p] = posts.heads[g]
                teams.old[g, p] = posts.heads[g]
                for h in range(posts.heads[g]):
                    teams.target[g, h, p] = threshold(g, h, p, 0.0, posts, u, teams)
                    if posts.each == 1:
                        teams.since[g, h, p] = posts.began[g]
                    teams.next_leave[g, p] = min(teams.next_leave[g, p], teams.target[g, h, p])
    for s in range(streams.dock.shape[0]):
        if streams.bid[s] < 0 and streams.dock[s] >= 0:
            for p in range(path.bank.shape[0]):
                if luck.begins[s, p] > 0:
                    staff(-1, s, p, streams, posts, posts_of, luck, teams, bays)


open_books = compiled(_open_books, inner=True)


def _awards(t, streams, posts, posts_of, luck, path, teams, bays):
    """Recruiting for an award starts the month after it is told."""
    for s in range(streams.dock.shape[0]):
        bid = streams.bid[s]
        if bid >= 0 and streams.turning[s, t] == 1 and streams.dock[s] >= 0:
            for p in range(path.bank.shape[0]):
                if path.alive[p] == 1 and luck.told[s, p] == t and luck.won[bid, p] == 1 and path.closing[p] < 0:
                    staff(t, s, p, streams, posts, posts_of, luck, teams, bays)


awards = compiled(_awards, inner=True)


def _opening_cases(posts, services, posts_of, luck, path, teams, bays, cases, month):
    """Open cases at the opening: as given, or referrals × length as far as places go, when month 0's heads are known."""
    room = month.heads[0]
    for v in range(services.dock.shape[0]):
        places(v, posts, services, posts_of, teams, room)
        for p in range(path.bank.shape[0]):
            if bays.working[services.dock[v], p] == 1:
                cases.waiting[v, p] = services.waiting[v]
                cases.open[v, p] = services.opening[v]
                if services.opening[v] < 0.0:
                    cases.open[v, p] = min(luck.referrals[v, p] * services.length[v], room[p])


opening_cases = compiled(_opening_cases, inner=True)
