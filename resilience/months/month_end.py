"""The month-end: balances are struck, events tested in order, ends recorded. docs/model.md, section 8."""

from __future__ import annotations

import math

from resilience.compiled import compiled
from resilience.months.money import covenant, restricted
from resilience.months.record import note
from resilience.rows import (
    ADVANCE,
    BECAME_INSOLVENT,
    BECAME_MERGED,
    BREACH_24,
    CLOSED,
    CLOSED_IN_ORDER,
    DOCK_CLOSES,
    END,
    END_KIND,
    FIRST_BREACH,
    IN_DEBT,
    INSOLVENT,
    LOWEST,
    MERGED,
    NO_PARTNER,
    NO_RETURN,
    POINT_OF_NO_RETURN,
    POLICY_BREACHED,
    RESTRICTED_MONEY_TOUCHED,
    STREAM_ENDS,
    TOUCHED,
    WARNING,
)


def _strike(money, streams, path, purses, incomes, month):
    """Step 10: the balances of every path at the month-end. A path that has ended keeps its last."""
    block = path.bank.shape[0]
    for p in range(block):
        if path.alive[p] == 1:
            (
                month.restricted[p],
                month.owed[p],
                month.deferred[p],
                month.owing[p],
                month.total[p],
                month.net_funds[p],
            ) = 0, 0, 0, 0, 0, 0
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
            debts = (
                path.creditors[p] + month.deferred[p] + path.provisions[p] + month.owing[p] + path.drawn[p] + money.held
            )
            month.net_funds[p] += assets - debts
            month.free[p] = (
                month.net_funds[p] - max(0, path.fixed[p] - month.total[p]) - money.programme - money.essential
            )


strike = compiled(_strike, inner=True)


def _owed_to_pay_with(p, streams, purses, incomes):
    """What is owed to us and may pay our debts, less what was paid to us for work that is not done.

    Debtors of unrestricted funds; those of a restricted fund as far as our own money has borne its costs before.
    """
    unrestricted = purses.cash.shape[0]
    owed = purses.debtors[unrestricted, p]
    for f in range(unrestricted):
        owed += max(0, min(purses.debtors[f, p], -purses.cash[f, p]))
    for s in range(incomes.deferred.shape[0]):
        if streams.fund[s] == unrestricted:
            owed -= incomes.deferred[s, p]
    return owed


_owed_to_pay_with = compiled(_owed_to_pay_with, inner=True)


def _settle(t, money, streams, path, purses, incomes, teams, month):
    """A closing is complete when the last head has left: the other items are paid; it was in order if all can be."""
    for p in range(path.bank.shape[0]):
        if path.closing[p] < 0 or t <= path.closing[p] or path.alive[p] == 0:
            continue
        heads = 0
        for g in range(teams.heads.shape[0]):
            heads += teams.heads[g, p]
        if heads > 0:
            continue
        exit_debt = 0 if path.exited[p] == 1 else money.exit_debt
        path.exited[p] = 1
        items = money.closing_items[t] + exit_debt + path.provisions[p]
        path.provisions[p] = 0
        for i in range(path.loans.shape[0]):
            items += path.loans[i, p]
            path.loans[i, p] = 0
        path.bank[p] -= items
        month.payments[p] += items
        month.spending[2, p] += money.closing_items[t] + exit_debt
        spendable = path.bank[p] + path.investments[p] - restricted(p, purses) - money.held
        owed = _owed_to_pay_with(p, streams, purses, incomes)
        path.ending[p] = CLOSED if spendable - path.drawn[p] + owed - path.creditors[p] >= 0 else INSOLVENT


settle = compiled(_settle, inner=True)


def _events(t, clock, money, path, purses, incomes, teams, month, record):
    """Step 10: events are tested in order; docs/model.md, section 8."""
    fates = record.fates
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 0:
            continue
        free = month.free[p]
        covenant(t, p, free, clock, money, path, record)
        headroom = month.spendable[p] + max(0, path.limit[p] - path.drawn[p])
        month.headroom[p] = headroom
        undrawn = max(0, path.limit[p] - path.drawn[p])
        month.liability[p] += money.closing_items[t] + month.owing[p]
        month.liability[p] += 0 if path.exited[p] == 1 else money.exit_debt
        average = (purses.recurring[0, p] + purses.recurring[1, p] + purses.recurring[2, p]) / 3.0
        month.cover[p] = (
            month.spendable[p] / average if average > 0.0 else (math.inf if month.spendable[p] > 0 else 0.0)
        )
        month.average[p] = average
        path.below[p] = path.below[p] + 1 if headroom < 0 else 0
        kind = path.ending[p]
        if kind == 0 and (path.bank[p] + undrawn < 0 or path.below[p] >= money.grace):
            kind = INSOLVENT
        if path.merging[p] == t:
            path.merging[p] = -1
            if path.partner[p] == 0:
                note(p, t, NO_PARTNER, 0, 0, record)
            elif kind == 0:
                kind = MERGED
        if kind != CLOSED and fates[NO_RETURN, p] < 0 and headroom < month.liability[p]:
            fates[NO_RETURN, p] = t
            note(p, t, POINT_OF_NO_RETURN, 0, headroom, record)
        if fates[TOUCHED, p] < 0 and headroom < 0 and path.bank[p] >= 0:
            fates[TOUCHED, p] = t
            note(p, t, RESTRICTED_MONEY_TOUCHED, 0, headroom, record)
        aim = money.policy_amount if money.policy == 1 else month.liability[p]
        month.aim[p] = money.policy_months * average if money.policy == 0 else float(aim)
        breached = kind == INSOLVENT or free < month.aim[p]
        if breached and fates[FIRST_BREACH, p] < 0:
            fates[FIRST_BREACH, p] = t
            note(p, t, POLICY_BREACHED, 0, free, record)
        if t == min(24, clock.months) - 1:
            fates[BREACH_24, p] = 1 if breached else 0
        if month.net_funds[p] < 0 and fates[IN_DEBT, p] < 0:
            fates[IN_DEBT, p] = t
        fates[LOWEST, p] = min(fates[LOWEST, p], month.spendable[p])
        path.ending[p] = kind
        if kind != 0:
            fates[END, p], fates[END_KIND, p] = t, kind
            if kind == INSOLVENT and path.foreseen[p] >= 0:
                fates[WARNING, p] = t - path.foreseen[p]
            if kind == INSOLVENT and t < min(24, clock.months):
                fates[BREACH_24, p] = 1
            event = BECAME_INSOLVENT
            if kind == CLOSED:
                event = CLOSED_IN_ORDER
            elif kind == MERGED:
                event = BECAME_MERGED
            note(p, t, event, 0, 0, record)


events = compiled(_events, inner=True)


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


def _close_docks(t, posts_of, streams_of, luck, path, incomes, teams, bays, record):
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
                note(p, t, DOCK_CLOSES, d, 0, record)
                for i in range(streams_of.shape[1]):
                    s = streams_of[d, i]
                    if s >= 0 and luck.begins[s, p] <= t:
                        incomes.dropped[s, p] = 1
                        if incomes.on[s, p] == 1:
                            incomes.on[s, p] = 0
                            note(p, t, STREAM_ENDS, s, 0, record)


close_docks = compiled(_close_docks, inner=True)
