"""Irregular income of one month, and what is paid back, borne or bid for again. docs/model.md, section 4."""

from __future__ import annotations

import math

import numpy as np

from resilience.chance import HOLD_OVER, OPTION
from resilience.compiled import compiled
from resilience.months.calendar import share
from resilience.months.record import note
from resilience.months.services import places
from resilience.rows import GIFT_ARRIVES, NEVER, PAID_BACK

AFTER = 3  # months after an award's end at which what is left of it is paid back
BITS = 15  # of a factor at a time: a rest below 10¹⁴ times 2¹⁵ stays within 64 bits


def _ratio(a, b, c):
    """round(a · b ÷ c), halves up, exactly: a, b from nil, c from one, all below 2⁶⁰, c at most 10¹⁴."""
    whole, rest = a * (b // c), b % c
    out, left = 0, 0
    for step in range(3, -1, -1):
        part = (a >> (BITS * step)) & ((1 << BITS) - 1)
        left = (left << BITS) + part * rest
        out = (out << BITS) + left // c
        left %= c
    return whole + out + (1 if 2 * left >= c else 0)


ratio = compiled(_ratio, inner=True)


def _by_units(s, p, irregular, luck, incomes, cases):
    """Pence of a month by the units counted last: round(price now × units), the price held to the millionth of a penny."""
    price = luck.price[irregular.unit[s], p] * 1_000_000
    price = ratio(price, incomes.yearly[s, p], max(1, luck.amount[s, p]))
    units = max(cases.served[irregular.service[s], p], irregular.guaranteed[s])
    return math.floor(price * units / 1e6 + 0.5)


by_units = compiled(_by_units, inner=True)


def _amounts_of_month(t, s, clock, irregular, luck, incomes, cases, month, record):
    """Step 4 for a stream whose months are no plain parts of a year: what the month is worth, into `earned`; month noise comes after."""
    m, gifts, year = clock.part[t], irregular.gifts[s], irregular.year[s]
    block = month.earned.shape[0]
    if irregular.unit[s] >= 0:
        for p in range(block):
            month.earned[p] = by_units(s, p, irregular, luck, incomes, cases) if incomes.on[s, p] == 1 else 0
    elif gifts >= 0:
        for p in range(block):
            given = luck.gifts[gifts, t, p] * int(incomes.on[s, p])
            month.earned[p] = 0
            if given > 0:
                month.earned[p] = ratio(given, incomes.yearly[s, p], max(1, luck.amount[s, p]))
                note(p, t, GIFT_ARRIVES, s, month.earned[p], record)
    elif irregular.seasonal[s] == 1:
        before, after = irregular.season[s, m - 1], irregular.season[s, m]
        for p in range(block):
            yearly = incomes.yearly[s, p]
            month.earned[p] = (share(yearly, after) - share(yearly, before)) * incomes.on[s, p]
    else:
        for p in range(block):
            yearly = incomes.yearly[s, p]
            month.earned[p] = (yearly // 12 + clock.bump[m, yearly % 12]) * incomes.on[s, p]
    if year >= 0:
        y = (t + clock.part[0] - 1) // 12
        for p in range(block):
            month.earned[p] = math.floor(month.earned[p] * luck.volatility[year, y, p] + 0.5)


amounts_of_month = compiled(_amounts_of_month, inner=True)


def _results(t, s, f, irregular, luck, path, purses, month):
    """Splits the month's amount: what is fixed stays in `earned`; what is achieved, into `achieved`, is owed and comes after its lag."""
    row, lag = irregular.success[s], irregular.results_lag[s]
    for p in range(month.earned.shape[0]):
        whole = month.earned[p]
        sign = 1 if whole >= 0 else -1  # month noise in pounds can bring a month below nil
        part = sign * share(sign * whole, irregular.results[s])
        achieved = sign * share(sign * part, luck.success[row, p])
        month.earned[p] = whole - part
        month.achieved[p] = achieved
        purses.debtors[f, p] += achieved
        if lag == 0:
            purses.debtors[f, p] -= achieved
            path.bank[p] += achieved
            month.receipts[p] += achieved
            month.income_received[p] += achieved
            if f < purses.cash.shape[0]:
                purses.cash[f, p] += achieved
        elif t + lag < purses.due.shape[1]:
            purses.due[f, t + lag, p] += achieved


results = compiled(_results, inner=True)


def _opening_units(posts, services, posts_of, luck, teams, bays, cases, month):
    """Units of the opening month, for income of the first: min(demand, capacity) of the opening cases at month 0's heads, without noise."""
    room = month.heads[0]
    for v in range(services.dock.shape[0]):
        places(v, posts, services, posts_of, teams, room)
        for p in range(room.shape[0]):
            here = cases.open[v, p]
            demand = here + cases.waiting[v, p] + luck.referrals[v, p] * services.growth[v, 0]
            capacity = max(here, room[p] + min(here, here / services.length[v]))
            cases.served[v, p] = min(demand, capacity) if bays.working[services.dock[v], p] == 1 else 0.0


opening_units = compiled(_opening_units, inner=True)


def _outlook(t, ahead, clock, irregular, luck, cases, incomes):
    """What management expects a month of irregular income to bring, into `whole`: units of this month, the season's next
    `ahead` months, results at their mean; gifts and years at their mean, and units of a stream not yet begun as expected: the plain month.
    """
    for s in range(irregular.odd.shape[0]):
        if irregular.odd[s] == 0:
            continue
        for p in range(incomes.whole.shape[1]):
            yearly = incomes.yearly[s, p]
            if irregular.unit[s] >= 0 and t >= luck.begins[s, p]:
                expected = by_units(s, p, irregular, luck, incomes, cases)
            elif irregular.seasonal[s] == 1:
                expected = 0
                for later in range(1, ahead + 1):
                    m = (clock.part[t] + later - 1) % 12 + 1
                    expected += share(yearly, irregular.season[s, m]) - share(yearly, irregular.season[s, m - 1])
                expected //= ahead
            else:
                expected = yearly // 12
            if irregular.results[s] > 0:
                expected = math.floor(expected * irregular.expected[s] + 0.5)
            incomes.whole[s, p] = expected


outlook = compiled(_outlook, inner=True)


def _retenders(t, s, irregular, luck, path, incomes, month):
    """A retender decided this month, won or lost, has cost its bid: paid now, from unrestricted funds."""
    for p in range(path.bank.shape[0]):
        k = incomes.telling[s, p] - 1
        while k >= 0 and luck.turn_told[luck.turn_row[s] + k, p] == t:
            kind = luck.turn_kind[luck.turn_row[s] + k, p]
            k -= 1
            if kind in (HOLD_OVER, OPTION) or path.alive[p] == 0 or path.closing[p] >= 0 or incomes.dropped[s, p] == 1:
                continue
            month.spending[2, p] += irregular.retender[s]
            month.payments[p] += irregular.retender[s]
            path.bank[p] -= irregular.retender[s]


retenders = compiled(_retenders, inner=True)


def _reimburse(streams, irregular, path, incomes, month):
    """Exit costs of a dock's people come back in the month from the first stream that funds it and pays them, while it is paid."""
    for s in range(irregular.pays_exit.shape[0]):
        if irregular.pays_exit[s] == 0:
            continue
        form, dock = streams.form[s], streams.dock[s]
        for p in range(path.bank.shape[0]):
            paid = month.exits[dock, p] * incomes.on[s, p]
            if paid > 0:
                month.exits[dock, p] = 0
                month.income[form, p] += paid
                month.receipts[p] += paid
                month.income_received[p] += paid
                path.bank[p] += paid


reimburse = compiled(_reimburse, inner=True)


def _claw_back(t, streams, irregular, luck, path, purses, incomes, month, record):
    """What the fund of a grant still holds three months after its end is paid back, after that month's charges."""
    for s in range(irregular.clawback.shape[0]):
        c, f = irregular.clawback[s], streams.fund[s]
        if c < 0:
            continue
        for p in range(path.bank.shape[0]):
            if path.alive[p] == 0 or t < luck.begins[s, p] or incomes.back[c, p] < 0:
                continue
            if incomes.on[s, p] == 1:
                continue
            if incomes.back[c, p] == NEVER:
                incomes.back[c, p] = np.int16(t + AFTER)
            if incomes.back[c, p] == t:
                incomes.back[c, p] = -1
                left = max(0, min(purses.cash[f, p], purses.balance[f, p])) * luck.returned[c, p]
                if left > 0:
                    purses.cash[f, p] -= left
                    purses.balance[f, p] -= left
                    path.bank[p] -= left
                    month.payments[p] += left
                    month.spending[2, p] += left
                    note(p, t, PAID_BACK, s, left, record)


claw_back = compiled(_claw_back, inner=True)
