"""One block of paths from the opening to the horizon: the order of a month. No randomness."""

from __future__ import annotations

import math

from resilience.compiled import compiled
from resilience.months.calendar import amounts, funding_of_docks, prices
from resilience.months.management import decide, forecast
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
        month.joined[p], month.left[p], month.liability[p] = 0, 0, 0
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


def _books(t, p, money, path, purses, incomes):
    """(R, spendable, headroom, debtors, deferred, unrestricted net_funds, free reserves) at the month-end."""
    held, debtors, deferred, balances, loans, secured = restricted(p, purses), 0, 0, 0, 0, 0
    for f in range(purses.debtors.shape[0]):
        debtors += purses.debtors[f, p]
    for s in range(incomes.deferred.shape[0]):
        deferred += incomes.deferred[s, p]
    for f in range(purses.balance.shape[0]):
        balances += purses.balance[f, p]
    for i in range(path.loans.shape[0]):
        loans += path.loans[i, p]
        secured += path.loans[i, p] * money.loan_secured[i]
    spendable = path.bank[p] + path.investments[p] - held - money.held
    headroom = spendable + max(0, path.limit[p] - path.drawn[p])
    assets = path.bank[p] + path.investments[p] + path.fixed[p] + money.programme + debtors
    net_funds = assets - path.creditors[p] - deferred - path.provisions[p] - loans - path.drawn[p] - money.held - balances
    free = net_funds - max(0, path.fixed[p] - secured) - money.programme - money.essential
    return held, spendable, headroom, debtors, deferred, net_funds, free, loans


books = compiled(_books, inner=True)


def _settle(t, p, money, path, purses, teams, month):
    """A closing is complete when the last head has left: the other items are paid, and it was in order if all can be."""
    if path.closing[p] < 0 or t <= path.closing[p]:
        return 0
    for g in range(teams.heads.shape[0]):
        if teams.heads[g, p] > 0:
            return 0
    items = money.closing_items[t]
    for i in range(path.loans.shape[0]):
        items += path.loans[i, p]
        path.loans[i, p] = 0
    items += path.provisions[p]
    path.provisions[p] = 0
    path.bank[p] -= items
    month.payments[p] += items
    month.spending[2, p] += money.closing_items[t]
    spendable = path.bank[p] + path.investments[p] - restricted(p, purses) - money.held
    owed = purses.debtors[purses.cash.shape[0], p]
    return CLOSED if spendable - path.drawn[p] + owed - path.creditors[p] >= 0 else INSOLVENT


settle = compiled(_settle, inner=True)


def _events(t, clock, money, path, purses, incomes, teams, month, kept, record):
    """Step 10: balances are struck, events tested in order, measures kept."""
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 0:
            _keep_ended(t, p, kept)
            continue
        kind = settle(t, p, money, path, purses, teams, month)
        held, spendable, headroom, debtors, deferred, net_funds, free, loans = books(t, p, money, path, purses, incomes)
        covenant(t, p, free, clock, money, path, record)
        month.liability[p] += money.closing_items[t] + loans
        average = (purses.recurring[0, p] + purses.recurring[1, p] + purses.recurring[2, p]) / 3.0
        month.cover[p] = spendable / average if average > 0.0 else (math.inf if spendable > 0 else 0.0)
        path.below[p] = path.below[p] + 1 if headroom < 0 else 0
        month.forecast[p] = headroom
        undrawn = headroom - spendable
        if kind == 0 and (path.bank[p] + undrawn < 0 or path.below[p] >= money.grace):
            kind = INSOLVENT
        fates = record.fates
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
        if net_funds < 0 and fates[IN_DEBT, p] < 0:
            fates[IN_DEBT, p] = t
        fates[LOWEST, p] = min(fates[LOWEST, p], spendable)
        _keep_accounts(t, p, held, spendable, headroom, debtors, deferred, net_funds, free, loans, path, purses, month, kept)
        if kind != 0:
            _end(t, p, kind, path, record)



def _end(t, p, kind, path, record):
    """The path ends: no flows after this."""
    path.alive[p] = 0
    record.fates[END, p], record.fates[END_KIND, p] = t, kind
    if kind == INSOLVENT and path.foreseen[p] >= 0:
        record.fates[WARNING, p] = t - path.foreseen[p]
    note(p, t, 21 if kind == INSOLVENT else 22, 0, 0, record)



def _keep(column, t, p, value, kept):
    if kept.money_slot[column] >= 0:
        kept.money[kept.money_slot[column], t, kept.at + p] = value



def _keep_accounts(t, p, held, spendable, headroom, debtors, deferred, net_funds, free, loans, path, purses, month, kept):
    """One path's accounts and measures of the month."""
    income = month.income[0, p] + month.income[1, p] + month.income[2, p] + month.income[3, p]
    spending = month.spending[0, p] + month.spending[1, p] + month.spending[2, p]
    values = (path.bank[p], spendable, headroom, held, free, income, spending, month.liability[p], month.income[0, p], month.income[1, p],
              month.income[2, p], month.income[3, p], month.spending[0, p], month.spending[1, p], month.spending[2, p], path.investments[p],
              path.fixed[p], debtors, path.creditors[p], deferred, path.provisions[p], loans, path.drawn[p], month.receipts[p],
              month.payments[p], month.income_received[p], net_funds, month.forecast[p])  # fmt: skip
    for i in range(28):
        _keep(i, t, p, values[i], kept)
    if kept.funds.shape[0] > 0:
        F = purses.cash.shape[0]
        for f in range(F):
            kept.funds[f, t, kept.at + p] = purses.cash[f, p]
            kept.funds[F + f, t, kept.at + p] = purses.balance[f, p]



def _keep_ended(t, p, kept):
    """After an end balances are frozen and flows are nil."""
    for i in range(28):
        slot = kept.money_slot[i]
        if slot >= 0:
            flow = 5 <= i <= 14 and i != 7 or 23 <= i <= 25
            kept.money[slot, t, kept.at + p] = 0 if flow else kept.money[slot, t - 1, kept.at + p]
    for f in range(kept.funds.shape[0]):
        kept.funds[f, t, kept.at + p] = kept.funds[f, t - 1, kept.at + p]


_keep = compiled(_keep, inner=True)
_end = compiled(_end, inner=True)
_keep_accounts = compiled(_keep_accounts, inner=True)
_keep_ended = compiled(_keep_ended, inner=True)
events = compiled(_events, inner=True)


def _foresee(t, path, month, kept):
    """Management's forecast first below nil, for the warning time; forgotten when it rises again."""
    slot = kept.money_slot[27]
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 1:
            if month.forecast[p] >= 0:
                path.foreseen[p] = -1
            elif path.foreseen[p] < 0:
                path.foreseen[p] = t
            if slot >= 0:
                kept.money[slot, t, kept.at + p] = month.forecast[p]


foresee = compiled(_foresee, inner=True)


def _keep_people(t, posts, path, teams, cases, month, kept):
    """People of the month: heads and full-time equivalents at its end, cases, cover."""
    slots, at = kept.people_slot, kept.at
    for p in range(path.bank.shape[0]):
        heads, fte, hub, hub_fte = 0, 0.0, 0, 0.0
        for g in range(posts.heads.shape[0]):
            n = teams.heads[g, p]
            heads += n
            fte += n * posts.hours[g]
            if posts.dock[g] < 0:
                hub += n
                hub_fte += n * posts.hours[g]
        spending = month.spending[0, p] + month.spending[1, p] + month.spending[2, p]
        share = month.hub_spending[p] / spending if spending > 0 else 0.0
        open_cases, waiting = 0.0, 0.0
        for v in range(cases.open.shape[0]):
            open_cases += cases.open[v, p]
            waiting += cases.waiting[v, p]
        values = (float(heads), fte, month.people[0, p], month.people[1, p], month.people[2, p], month.people[3, p], month.cover[p],
                  float(hub), hub_fte, share, float(month.joined[p]), float(month.left[p]), open_cases, waiting)  # fmt: skip
        for i in range(14):
            if slots[i] >= 0:
                kept.people[slots[i], t, at + p] = values[i]


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


close_docks = compiled(_close_docks, inner=True)


def _play(clock, streams, funds, charges, posts, lines, services, money, rules, posts_of, streams_of, redeployment, luck, u, path, purses, incomes, teams, bays, cases, board, month, kept, record):
    """Every month of a block, in the order of docs/model.md, section 8. Fills `out`."""
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
        liability_of_heads(t, posts, path, teams, month)
        events(t, clock, money, path, purses, incomes, teams, month, kept, record)
        forecast(t, streams, charges, posts, rules, luck, path, purses, incomes, teams, month)
        foresee(t, path, month, kept)
        awards(t, streams, posts, posts_of, luck, path, teams, bays)
        decide(t, clock, streams, posts, lines, rules, posts_of, streams_of, luck, path, incomes, teams, bays, board, month, record)
        close_docks(t, streams, posts_of, streams_of, path, incomes, teams, bays, record)
        keep_people(t, posts, path, teams, cases, month, kept)


play = compiled(_play)
