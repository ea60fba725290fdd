"""Writes each month's accounts and measures to the columns that are kept, in the order of rows.MONEY and rows.PEOPLE."""

from __future__ import annotations

from resilience.compiled import compiled
from resilience.rows import COMPLETED, COST_PER_COMPLETED, RECOVERY, TRANSFERRED, UTILISATION


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


def _keep_people(t, posts, path, teams, cases, month, kept):
    """People of the month, in the order of rows.PEOPLE: heads and full-time equivalents at its end, cases, cover."""
    slot, at, table, block = kept.people_slot, kept.at, kept.people, path.bank.shape[0]
    if table.shape[0] == 0:
        return
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
    copy(month.fit, slot[14], t, at, table)
    copy(month.transferred, slot[TRANSFERRED], t, at, table)
    copy(month.use, slot[UTILISATION], t, at, table)
    copy(month.people[4], slot[COMPLETED], t, at, table)
    copy(month.unit_cost, slot[COST_PER_COMPLETED], t, at, table)
    copy(month.recovery, slot[RECOVERY], t, at, table)


keep_people = compiled(_keep_people, inner=True)
