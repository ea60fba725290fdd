"""One block of paths from the opening to the horizon: the order of a month. No randomness."""

from __future__ import annotations

import math

from resilience.compiled import compiled
from resilience.months.calendar import amounts, funding_of_docks, prices
from resilience.months.management import decide, forecast, funding_told, serve_notice, told_income, withdrawals
from resilience.months.money import accrue, balance_sheet, borrow, charge_and_pay, covenant, other_costs, receive, restricted
from resilience.months.people import fill, go, join_and_pay, liability_of_heads, threshold
from resilience.months.record import note
from resilience.months.services import deliver, places
from resilience.rows import (
    ADVANCE,
    BREACH_24,
    CLOSED,
    CONTRACT,
    END,
    END_KIND,
    FIRST_BREACH,
    IN_DEBT,
    INSOLVENT,
    LOWEST,
    NEVER,
    NO_RETURN,
    SALE,
    TOUCHED,
    WARNING,
)


def _open_books(clock, streams, funds, posts, money, posts_of, streams_of, luck, u, path, purses, incomes, teams, bays, record):
    """Opening balances, heads, docks and cases."""
    unrestricted = purses.cash.shape[0]
    for p in range(path.bank.shape[0]):
        path.bank[p], path.investments[p], path.fixed[p] = money.bank, money.investments, money.fixed_assets
        path.provisions[p], path.limit[p], path.creditors[p] = money.provisions, money.limit, money.creditors
        path.allowance[p] = money.allowance_rest
        purses.debtors[unrestricted, p] = money.debtors
        purses.due[unrestricted, 0, p] = money.debtors
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
    for s in range(streams.start.shape[0]):
        for p in range(path.bank.shape[0]):
            incomes.cut_month[s, p] = luck.cut_effective[luck.cut_row[s], p] if luck.cuts[s, p] > 0 else NEVER
            incomes.told_end[s, p] = streams.ends[s, 0]
            if streams.opening_rest[s] > 0 and streams.payment[s] == ADVANCE and (streams.form[s] == CONTRACT or streams.form[s] == SALE):
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
            if posts.dock[g] < 0 or bays.working[posts.dock[g], p] == 1:
                teams.heads[g, p] = posts.heads[g]
                teams.old[g, p] = posts.heads[g]
                for h in range(posts.heads[g]):
                    teams.target[g, h, p] = threshold(g, h, p, 0.0, posts, u, teams)
                    teams.next_leave[g, p] = min(teams.next_leave[g, p], teams.target[g, h, p])
    for s in range(streams.start.shape[0]):
        if streams.bid[s] < 0 and streams.start[s] > 0 and streams.dock[s] >= 0:
            for p in range(path.bank.shape[0]):
                _staff(-1, s, p, streams, posts, posts_of, teams, bays)



def _staff(t, s, p, streams, posts, posts_of, teams, bays):
    """The posts of the dock that an award funds are filled, from go-live on or when recruited."""
    dock = streams.dock[s]
    for i in range(posts_of.shape[1]):
        g = posts_of[dock, i]
        if g < 0:
            break
        if teams.served[g, p] >= 0:
            teams.served[g, p] = -1
        fill(t, g, p, streams.start[s], posts, teams)
    bays.leaving[dock, p] = -1


_staff = compiled(_staff, inner=True)
open_books = compiled(_open_books, inner=True)


def _awards(t, streams, posts, posts_of, luck, path, teams, bays):
    """Recruiting for an award starts the month after it is told."""
    for s in range(streams.start.shape[0]):
        bid = streams.bid[s]
        if bid >= 0 and streams.told[s] == t and streams.dock[s] >= 0:
            for p in range(path.bank.shape[0]):
                if path.alive[p] == 1 and luck.won[bid, p] == 1 and path.closing[p] < 0:
                    _staff(t, s, p, streams, posts, posts_of, teams, bays)


awards = compiled(_awards, inner=True)


def _opening_cases(posts, services, posts_of, luck, path, teams, bays, cases):
    """Open cases at the opening: as given, or referrals × length as far as places go. Called when month 0's heads are known."""
    for v in range(services.dock.shape[0]):
        for p in range(path.bank.shape[0]):
            if bays.working[services.dock[v], p] == 1:
                cases.waiting[v, p] = services.waiting[v]
                cases.open[v, p] = services.opening[v]
                if services.opening[v] < 0.0:
                    cases.open[v, p] = min(luck.referrals[v, p] * services.length[v], places(v, p, posts, services, posts_of, teams))


opening_cases = compiled(_opening_cases, inner=True)


def _begin_month(path, month):
    for p in range(path.bank.shape[0]):
        month.hub_spending[p], month.receipts[p], month.payments[p], month.income_received[p] = 0, 0, 0, 0
        month.joined[p], month.left[p] = 0, 0
        if path.alive[p] == 1:
            month.liability[p] = 0
    for k in range(month.pay.shape[0]):
        for p in range(path.bank.shape[0]):
            month.pay[k, p], month.nic[k, p], month.nonpay[k, p] = 0, 0, 0
    for i in range(4):
        for p in range(path.bank.shape[0]):
            month.income[i, p] = 0
            month.people[i, p] = 0.0
            if i < 3:
                month.spending[i, p] = 0


begin_month = compiled(_begin_month, inner=True)


def _strike(money, streams, path, purses, incomes, month):
    """Step 10: the balances of every path at the month-end. A path that has ended keeps its last."""
    block = path.bank.shape[0]
    for p in range(block):
        if path.alive[p] == 1:
            month.restricted[p], month.owed[p], month.deferred[p], month.owing[p], month.total[p], month.net_funds[p] = 0, 0, 0, 0, 0, 0
    for f in range(purses.debtors.shape[0]):
        for p in range(block):
            month.owed[p] += purses.debtors[f, p] * path.alive[p]
    for s in range(incomes.deferred.shape[0]):
        for p in range(block if streams.payment[s] == ADVANCE else 0):
            month.deferred[p] += incomes.deferred[s, p] * path.alive[p]
    for f in range(purses.cash.shape[0]):
        for p in range(block):
            month.restricted[p] += max(0, purses.cash[f, p]) * path.alive[p]
        for p in range(block):
            month.net_funds[p] -= purses.balance[f, p] * path.alive[p]
    for i in range(path.loans.shape[0]):
        for p in range(block):
            month.owing[p] += path.loans[i, p] * path.alive[p]
            month.total[p] += path.loans[i, p] * money.loan_secured[i] * path.alive[p]
    for p in range(block):
        if path.alive[p] == 1:
            month.spendable[p] = path.bank[p] + path.investments[p] - month.restricted[p] - money.held
            month.headroom[p] = month.spendable[p] + max(0, path.limit[p] - path.drawn[p])
            assets = path.bank[p] + path.investments[p] + path.fixed[p] + money.programme + month.owed[p]
            debts = path.creditors[p] + month.deferred[p] + path.provisions[p] + month.owing[p] + path.drawn[p] + money.held
            month.net_funds[p] += assets - debts
            month.free[p] = month.net_funds[p] - max(0, path.fixed[p] - month.total[p]) - money.programme - money.essential


strike = compiled(_strike, inner=True)


def _settle(t, money, path, purses, teams, month):
    """A closing is complete when the last head has left: the other items are paid; it was in order if all can be."""
    for p in range(path.bank.shape[0]):
        if path.closing[p] < 0 or t <= path.closing[p] or path.alive[p] == 0:
            continue
        heads = 0
        for g in range(teams.heads.shape[0]):
            heads += teams.heads[g, p]
        if heads > 0:
            continue
        items = money.closing_items[t] + path.provisions[p]
        path.provisions[p] = 0
        for i in range(path.loans.shape[0]):
            items += path.loans[i, p]
            path.loans[i, p] = 0
        path.bank[p] -= items
        month.payments[p] += items
        month.spending[2, p] += money.closing_items[t]
        spendable = path.bank[p] + path.investments[p] - restricted(p, purses) - money.held
        owed = purses.debtors[purses.cash.shape[0], p]
        path.ending[p] = CLOSED if spendable - path.drawn[p] + owed - path.creditors[p] >= 0 else INSOLVENT


settle = compiled(_settle, inner=True)


def _events(t, clock, money, path, purses, incomes, teams, month, record):
    """Step 10: events are tested in order; docs/model.md, section 8."""
    fates = record.fates
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 0:
            continue
        headroom, free = month.headroom[p], month.free[p]
        covenant(t, p, free, clock, money, path, record)
        undrawn = max(0, path.limit[p] - path.drawn[p])
        month.liability[p] += money.closing_items[t] + month.owing[p]
        average = (purses.recurring[0, p] + purses.recurring[1, p] + purses.recurring[2, p]) / 3.0
        month.cover[p] = month.spendable[p] / average if average > 0.0 else (math.inf if month.spendable[p] > 0 else 0.0)
        path.below[p] = path.below[p] + 1 if headroom < 0 else 0
        kind = path.ending[p]
        if kind == 0 and (path.bank[p] + undrawn < 0 or path.below[p] >= money.grace):
            kind = INSOLVENT
        if kind != CLOSED and fates[NO_RETURN, p] < 0 and headroom < month.liability[p]:
            fates[NO_RETURN, p] = t
            note(p, t, 19, 0, headroom, record)
        if fates[TOUCHED, p] < 0 and headroom < 0 and path.bank[p] >= 0:
            fates[TOUCHED, p] = t
            note(p, t, 20, 0, headroom, record)
        aim = money.policy_amount if money.policy == 1 else month.liability[p]
        breached = free < money.policy_months * average if money.policy == 0 else free < aim
        if breached and fates[FIRST_BREACH, p] < 0:
            fates[FIRST_BREACH, p] = t
            note(p, t, 18, 0, free, record)
        if t == min(24, clock.months) - 1:
            fates[BREACH_24, p] = 1 if breached or kind == INSOLVENT else 0
        if month.net_funds[p] < 0 and fates[IN_DEBT, p] < 0:
            fates[IN_DEBT, p] = t
        fates[LOWEST, p] = min(fates[LOWEST, p], month.spendable[p])
        path.ending[p] = kind
        if kind != 0:
            fates[END, p], fates[END_KIND, p] = t, kind
            if kind == INSOLVENT and path.foreseen[p] >= 0:
                fates[WARNING, p] = t - path.foreseen[p]
            note(p, t, 21 if kind == INSOLVENT else 22, 0, 0, record)


events = compiled(_events, inner=True)


def _copy(values, slot, t, at, table):
    """One month of one account, where it is kept."""
    if slot >= 0:
        for p in range(values.shape[0]):
            table[slot, t, at + p] = values[p]


copy = compiled(_copy, inner=True)


def _keep_money(t, path, purses, month, kept):
    """Accounts of the month, in the order of rows.MONEY. After an end balances stand as they were and flows are nil."""
    slot, at, table = kept.money_slot, kept.at, kept.money
    copy(path.bank, slot[0], t, at, table)
    copy(month.spendable, slot[1], t, at, table)
    copy(month.headroom, slot[2], t, at, table)
    copy(month.restricted, slot[3], t, at, table)
    copy(month.free, slot[4], t, at, table)
    for p in range(path.bank.shape[0]):
        month.total[p] = month.income[0, p] + month.income[1, p] + month.income[2, p] + month.income[3, p]
    copy(month.total, slot[5], t, at, table)
    for p in range(path.bank.shape[0]):
        month.total[p] = month.spending[0, p] + month.spending[1, p] + month.spending[2, p]
    copy(month.total, slot[6], t, at, table)
    copy(month.liability, slot[7], t, at, table)
    for i in range(4):
        copy(month.income[i], slot[8 + i], t, at, table)
    for i in range(3):
        copy(month.spending[i], slot[12 + i], t, at, table)
    copy(path.investments, slot[15], t, at, table)
    copy(path.fixed, slot[16], t, at, table)
    copy(month.owed, slot[17], t, at, table)
    copy(path.creditors, slot[18], t, at, table)
    copy(month.deferred, slot[19], t, at, table)
    copy(path.provisions, slot[20], t, at, table)
    copy(month.owing, slot[21], t, at, table)
    copy(path.drawn, slot[22], t, at, table)
    copy(month.receipts, slot[23], t, at, table)
    copy(month.payments, slot[24], t, at, table)
    copy(month.income_received, slot[25], t, at, table)
    copy(month.net_funds, slot[26], t, at, table)
    copy(month.forecast, slot[27], t, at, table)
    if kept.funds.shape[0] > 0:
        F = purses.cash.shape[0]
        for f in range(F):
            copy(purses.cash[f], f, t, at, kept.funds)
            copy(purses.balance[f], F + f, t, at, kept.funds)


keep_money = compiled(_keep_money, inner=True)


def _bury(t, path, incomes, bays):
    """Paths whose end came this month: nothing flows any more."""
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 1 and path.ending[p] != 0:
            path.alive[p] = 0
            for s in range(incomes.on.shape[0]):
                incomes.on[s, p] = 0


bury = compiled(_bury, inner=True)


def _foresee(t, path, month):
    """Management's forecast first below nil, for the warning time; forgotten when it rises again."""
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 1:
            if month.forecast[p] >= 0:
                path.foreseen[p] = -1
            elif path.foreseen[p] < 0:
                path.foreseen[p] = t


foresee = compiled(_foresee, inner=True)


def _keep_people(t, posts, path, teams, cases, month, kept):
    """People of the month, in the order of rows.PEOPLE: heads and full-time equivalents at its end, cases, cover."""
    slot, at, table, block = kept.people_slot, kept.at, kept.people, path.bank.shape[0]
    for i in range(4):
        for p in range(block):
            month.heads[i, p] = 0.0
    for g in range(posts.heads.shape[0]):
        hours, hub = posts.hours[g], 1.0 if posts.dock[g] < 0 else 0.0
        for i, each in enumerate((1.0, hours, hub, hours * hub)):
            if each != 0.0:
                for p in range(block):
                    month.heads[i, p] += teams.heads[g, p] * each
    copy(month.heads[0], slot[0], t, at, table)
    copy(month.heads[1], slot[1], t, at, table)
    for i in range(4):
        copy(month.people[i], slot[2 + i], t, at, table)
    copy(month.cover, slot[6], t, at, table)
    copy(month.heads[2], slot[7], t, at, table)
    copy(month.heads[3], slot[8], t, at, table)
    for p in range(block):
        spending = month.spending[0, p] + month.spending[1, p] + month.spending[2, p]
        month.heads[0, p] = month.hub_spending[p] / spending if spending > 0 else 0.0
    copy(month.heads[0], slot[9], t, at, table)
    copy(month.joined, slot[10], t, at, table)
    copy(month.left, slot[11], t, at, table)
    for p in range(block):
        month.heads[0, p], month.heads[1, p] = 0.0, 0.0
    for v in range(cases.open.shape[0]):
        for p in range(block):
            month.heads[0, p] += cases.open[v, p]
            month.heads[1, p] += cases.waiting[v, p]
    copy(month.heads[0], slot[12], t, at, table)
    copy(month.heads[1], slot[13], t, at, table)


keep_people = compiled(_keep_people, inner=True)


def _close_docks(t, streams, posts_of, streams_of, path, incomes, teams, bays, record):
    """A dock whose last head has left under notice stops; its streams go with it."""
    for d in range(bays.working.shape[0]):
        for p in range(path.bank.shape[0]):
            if bays.leaving[d, p] < 0 or bays.working[d, p] == 0 or path.alive[p] == 0:
                continue
            heads = 0
            for i in range(posts_of.shape[1]):
                g = posts_of[d, i]
                if g >= 0:
                    heads += teams.heads[g, p]
            if heads == 0 and path.closing[p] < 0:
                bays.working[d, p] = 0
                bays.leaving[d, p] = -1
                bays.at_risk[d, p] = 0
                note(p, t, 13, d, 0, record)
                for i in range(streams_of.shape[1]):
                    s = streams_of[d, i]
                    if s >= 0 and streams.start[s] <= t:
                        incomes.dropped[s, p] = 1
                        if incomes.on[s, p] == 1:
                            incomes.on[s, p] = 0
                            note(p, t, 6, s, 0, record)


close_docks = compiled(_close_docks, inner=True)


def _play(clock, streams, funds, charges, posts, lines, services, money, rules, posts_of, streams_of, redeployment, luck, u, path, purses, incomes, teams, bays, cases, board, month, kept, record):
    """Every month of a block of paths, in the order of docs/model.md, section 8."""
    open_books(clock, streams, funds, posts, money, posts_of, streams_of, luck, u, path, purses, incomes, teams, bays, record)
    for t in range(clock.months):
        begin_month(path, month)
        amounts(t, streams, luck, path, incomes, bays, record)
        funding_of_docks(streams_of, path, incomes, bays)
        join_and_pay(t, posts, streams_of, u, path, teams, bays, month, record)
        if t == 0:
            opening_cases(posts, services, posts_of, luck, path, teams, bays, cases)
        prices(t, clock, lines, streams_of, luck, path, bays, month, record)
        receive(t, path, purses, month)
        accrue(t, clock, streams, luck, path, purses, incomes, month, record)
        other_costs(t, streams, luck, path, month)
        go(t, posts, redeployment, u, path, teams, month, record)
        charge_and_pay(t, clock, funds, charges, money, path, purses, month)
        balance_sheet(t, money, path, month)
        borrow(t, money, path, purses, month, record)
        deliver(t, posts, services, posts_of, luck, path, teams, bays, cases, month, record)
        settle(t, money, path, purses, teams, month)
        strike(money, streams, path, purses, incomes, month)
        liability_of_heads(t, posts, path, teams, month)
        events(t, clock, money, path, purses, incomes, teams, month, record)
        told_income(t, streams, rules, luck, path, purses, incomes)
        forecast(t, charges, posts, path, purses, teams, month)
        keep_money(t, path, purses, month, kept)
        bury(t, path, incomes, bays)
        foresee(t, path, month)
        awards(t, streams, posts, posts_of, luck, path, teams, bays)
        funding_told(t, streams, streams_of, luck, path, incomes, bays)
        withdrawals(t, posts, posts_of, path, teams, bays, record)
        decide(t, clock, posts, lines, rules, posts_of, streams_of, path, incomes, teams, bays, board, month, record)
        serve_notice(t, posts, path, teams, bays, record)
        close_docks(t, streams, posts_of, streams_of, path, incomes, teams, bays, record)
        keep_people(t, posts, path, teams, cases, month, kept)


play = compiled(_play)
