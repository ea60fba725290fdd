"""Receipts, accrual, charges to funds, payments and borrowing of one month. docs/model.md, section 8, steps 3 to 8."""

from __future__ import annotations

import math

from resilience.compiled import compiled
from resilience.months.bids import fall_short, hidden_costs
from resilience.months.calendar import share
from resilience.months.economy import interest_rate, moved
from resilience.months.irregular import amounts_of_month, results, retenders
from resilience.months.record import note
from resilience.rows import (
    ADVANCE,
    ARREARS,
    CONTRACT,
    COVENANT_MISSED,
    FACILITY_DRAWN,
    FREELANCE,
    MONTHLY,
    NEVER,
    PAID_LATE,
    SALE,
)


def _receive(t, path, purses, month):
    """Step 3: what payers owe falls in; opening debtors in the first month."""
    unrestricted = purses.cash.shape[0]
    for f in range(unrestricted + 1):
        for p in range(path.bank.shape[0]):
            if path.alive[p] == 1:
                came = purses.due[f, t, p]
                purses.debtors[f, p] -= came
                path.bank[p] += came
                month.receipts[p] += came
                month.income_received[p] += came
                if f < unrestricted:
                    purses.cash[f, p] += came


receive = compiled(_receive, inner=True)


def _accrue(t, clock, streams, irregular, luck, path, purses, incomes, cases, month, record):
    """Step 4: income accrues, into `earned`; advances and monthly payments are received, from `paid`."""
    m, unrestricted, block = clock.part[t], purses.cash.shape[0], path.bank.shape[0]
    for p in range(block):
        month.total[p] = 0
    for s in range(streams.fund.shape[0]):
        f, form, payment, noisy = streams.fund[s], streams.form[s], streams.payment[s], streams.noise[s]
        paid = 0
        for p in range(block):
            paid |= incomes.on[s, p]
        if paid == 0:
            continue  # not begun, or over, on every path
        if payment == ADVANCE:
            _instalments(t, s, m, form in (CONTRACT, SALE), clock, streams, incomes, month)
        else:
            for p in range(block):
                month.earned[p] = (incomes.whole[s, p] + clock.bump[m, incomes.rest[s, p]]) * incomes.on[s, p]
            if irregular.odd[s] == 1:
                amounts_of_month(t, s, clock, irregular, luck, incomes, cases, month, record)
            if noisy >= 0:
                for p in range(block):
                    e = luck.noise[noisy, t, p]
                    exact = month.earned[p] + e if streams.noise_pounds[s] == 1 else month.earned[p] * e
                    month.earned[p] = math.floor(exact + 0.5) * int(incomes.on[s, p])
            if streams.minimum[s] > 0:
                fall_short(s, streams, incomes, month, record)
            if irregular.results[s] > 0:
                results(t, s, f, irregular, luck, path, purses, month)
            for p in range(block):
                month.paid[p] = month.earned[p] if payment == MONTHLY else 0
            if payment == ARREARS:
                for p in range(block):
                    if month.earned[p] != 0:
                        asked = incomes.asked[s, p]
                        _invoice(t, s, f, p, asked, month.earned[p], streams.lag[s], luck, path, purses, month, record)
            if irregular.results[s] > 0:
                for p in range(block):
                    month.earned[p] += month.achieved[p]
        for p in range(block):
            month.income[form, p] += month.earned[p]
        for p in range(block if streams.dock[s] >= 0 else 0):
            month.tied[p] += month.earned[p]
        for p in range(block):
            month.total[p] += month.paid[p]
        if f < unrestricted:
            for p in range(block):
                purses.cash[f, p] += month.paid[p]
            for p in range(block):
                purses.balance[f, p] += month.earned[p]
    for p in range(block):
        path.bank[p] += month.total[p]
    for p in range(block):
        month.receipts[p] += month.total[p]
    for p in range(block):
        month.income_received[p] += month.total[p]


def _instalments(t, s, m, delivered, clock, streams, incomes, month):
    """A stream paid quarterly in advance: the instalment due, and what of it is earned this month."""
    for p in range(month.earned.shape[0]):
        earned, paid, on = 0, 0, incomes.on[s, p]
        if on == 1 and (t - incomes.term_start[s, p]) % 3 == 0:
            covers = min(3, incomes.term_end[s, p] - t)
            whole, rest = incomes.whole[s, p], incomes.rest[s, p]
            for k in range(covers):
                paid += whole + clock.bump[(m - 1 + k) % 12 + 1, rest]
            incomes.paid_whole[s, p], incomes.paid_rest[s, p] = whole, rest
        if delivered and on == 1:
            earned = min(
                incomes.paid_whole[s, p] + clock.bump[m, incomes.paid_rest[s, p]], incomes.deferred[s, p] + paid
            )
            incomes.deferred[s, p] += paid - earned
        month.earned[p] = earned if delivered else paid
        month.paid[p] = paid


_instalments = compiled(_instalments, inner=True)


def _invoice(t, s, f, p, asked, earned, row, luck, path, purses, month, record):
    """A month's invoice is owed, and paid after the payer's lag, or now if it has agreed to; what falls beyond the horizon stays owed."""
    wait = 0 if asked == 1 else luck.wait[row, t, p]
    purses.debtors[f, p] += earned
    if wait == 0:
        purses.debtors[f, p] -= earned
        path.bank[p] += earned
        month.receipts[p] += earned
        month.income_received[p] += earned
        if f < purses.cash.shape[0]:
            purses.cash[f, p] += earned
    elif t + wait < purses.due.shape[1]:
        purses.due[f, t + wait, p] += earned
    if record.log.shape[0] > 0:
        usual = wait
        for later in range(luck.wait.shape[1]):
            usual = min(usual, luck.wait[row, later, p])
        if wait > usual:
            note(p, t, PAID_LATE, s, wait, record)


_invoice = compiled(_invoice, inner=True)
accrue = compiled(_accrue, inner=True)


def _other_costs(t, streams, irregular, luck, path, incomes, month):
    """Bidding and mobilising: paid now, from unrestricted funds."""
    for s in range(streams.fund.shape[0]):
        if irregular.retender[s] > 0:
            retenders(t, s, irregular, luck, path, incomes, month)
        bid, months = streams.bid[s], streams.mobilising.shape[1]
        if bid < 0:
            continue
        for p in range(path.bank.shape[0]):
            since = t - luck.told[s, p]  # months since the award was told
            if since < 0:
                continue
            k = t - luck.begins[s, p] + streams.lead[s] - 1  # month of mobilising: from go-live back
            if since != 0 and (k < 0 or k >= months):
                continue
            if path.alive[p] == 1 and not (path.closing[p] >= 0 and luck.begins[s, p] > path.closing[p]):
                cost = streams.bidding[s] if since == 0 else streams.mobilising[s, k] * luck.won[bid, p]
                month.spending[2, p] += cost
                month.payments[p] += cost
                path.bank[p] -= cost
        if streams.hidden[s] >= 0:
            hidden_costs(t, s, streams, luck, path, month)


other_costs = compiled(_other_costs, inner=True)


def _award(t, f, p, pay, clock, money, luck, path, purses):
    """(pay paid now, arrears paid now) of one fund: until April's award is settled its rise is owed, then all of it is paid."""
    if clock.part[t] < money.settled:
        waits = share(pay, luck.economy.unsettled[clock.year[t], p])
        purses.arrears[f, p] += waits
        path.creditors[p] += waits
        return pay - waits, 0
    arrears = purses.arrears[f, p]
    purses.arrears[f, p] = 0
    path.creditors[p] -= arrears
    return pay, arrears


_award = compiled(_award, inner=True)


def _charge_and_pay(t, clock, funds, charges, money, luck, path, purses, month):
    """Steps 5 to 7: allowance, charges to funds, overhead, payments."""
    ring, unrestricted, block = purses.bills.shape[1], purses.cash.shape[0], path.bank.shape[0]
    charged_pay, charged_lines = purses.charged_pay, purses.charged_lines
    _use_allowance(t, money, path, month)
    for f in range(unrestricted + 1):
        for p in range(block):
            charged_pay[f, p] = 0
        for p in range(block):
            charged_lines[f, p] = 0
    for k in range(month.pay.shape[0]):
        order, parts = charges.fund[k], charges.share[k]
        _charge(order, parts, month.pay[k], purses.balance, charged_pay, month.earned, month.paid)
        _charge(order, parts, month.nonpay[k], purses.balance, charged_lines, month.earned, month.paid)
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 0:
            continue
        purses.recurring[t % 3, p] = charged_pay[unrestricted, p] + charged_lines[unrestricted, p]
        for f in range(unrestricted):
            if clock.part[t] == 1:
                purses.overhead_used[f, p] = 0
            overhead = share(charged_pay[f, p] + charged_lines[f, p], funds.overhead[f]) + funds.overhead_month[f, t]
            overhead = max(0, min(overhead, min(purses.balance[f, p], purses.cash[f, p])))
            if funds.overhead_cap[f] >= 0:
                overhead = min(overhead, funds.overhead_cap[f] - purses.overhead_used[f, p])
            purses.overhead_used[f, p] += overhead
            purses.balance[f, p] -= overhead
            purses.cash[f, p] -= overhead
        if t == 0:
            _pay(p, money.creditors, path, month)
            path.creditors[p] -= money.creditors
        for f in range(unrestricted + 1):
            pay, arrears = charged_pay[f, p], 0
            if money.settled > 1 or money.arrears > 0:
                pay, arrears = _award(t, f, p, pay, clock, money, luck, path, purses)
            later = share(pay, money.deductions[t])
            now = arrears + pay - later + purses.deductions[f, p]
            path.creditors[p] += later - purses.deductions[f, p]
            purses.deductions[f, p] = later
            bill = charged_lines[f, p]
            last = share(bill, money.wait_part)
            purses.bills[f, (t + money.wait) % ring, p] += bill - last
            purses.bills[f, (t + money.wait + 1) % ring, p] += last
            settled = purses.bills[f, t % ring, p]
            purses.bills[f, t % ring, p] = 0
            path.creditors[p] += bill - settled
            _pay(p, now + settled, path, month)
            if f < unrestricted:
                purses.cash[f, p] -= now + settled


def _levy(t, more, money, posts, teams, month):
    """The apprenticeship levy of the month: a share of pay above a twelfth of the allowance, with unrestricted pay."""
    for p in range(teams.paid.shape[1]):
        month.total[p] = 0
    for g in range(posts.heads.shape[0]):
        for p in range(teams.paid.shape[1] if posts.form[g] != FREELANCE else 0):
            month.total[p] += teams.paid[g, p] * posts.pay[g, t]
    for p in range(teams.paid.shape[1]):
        month.pay[0, p] += max(0, share(moved(month.total[p], more[p]), money.levy) - money.levy_allowance)


levy = compiled(_levy, inner=True)


def _pay(p, amount, path, month):
    path.bank[p] -= amount
    month.payments[p] += amount


_pay = compiled(_pay, inner=True)


def _use_allowance(t, money, path, month):
    """Employment allowance of the tax year, against unrestricted charges first; NIC then counts as pay."""
    block = path.bank.shape[0]
    if money.allowance[t] > 0:
        for p in range(block):
            path.allowance[p] = money.allowance[t]
    for k in range(month.pay.shape[0]):
        for p in range(block):
            month.total[p] = min(path.allowance[p], month.nic[k, p])
        for p in range(block):
            path.allowance[p] -= month.total[p]
        for p in range(block):
            month.pay[k, p] += month.nic[k, p] - month.total[p]
        for p in range(block):
            month.spending[0, p] += month.pay[k, p]


_use_allowance = compiled(_use_allowance, inner=True)


def _charge(order, parts, cost, balance, charged, left, taken):
    """One charge, pay or lines of a block, to its restricted funds as far as their balances go; the rest to the last row of `charged`.

    order, parts: row numbers and ppm (−1: whatever is left) of the funds; left, taken: scratch.
    """
    for p in range(cost.shape[0]):
        left[p] = cost[p]
    for j in range(order.shape[0]):
        f, part = order[j], parts[j]
        if f < 0:
            break
        for p in range(cost.shape[0]):
            most = share(cost[p], part) if part >= 0 else left[p]
            taken[p] = max(0, min(min(most, left[p]), balance[f, p]))
        for p in range(cost.shape[0]):
            balance[f, p] -= taken[p]
        for p in range(cost.shape[0]):
            charged[f, p] += taken[p]
        for p in range(cost.shape[0]):
            left[p] -= taken[p]
    last = charged.shape[0] - 1
    for p in range(cost.shape[0]):
        charged[last, p] += left[p]


_charge = compiled(_charge, inner=True)
charge_and_pay = compiled(_charge_and_pay, inner=True)


def _balance_sheet(t, money, luck, path, month):
    """Step 7, the rest: fixed assets, provisions, loans, interest."""
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 0:
            continue
        worn = min(money.depreciation[t], path.fixed[p])
        path.fixed[p] += money.purchases[t] - worn
        month.spending[1, p] += worn
        _pay(p, money.purchases[t], path, month)
        if t == max(0, money.provisions_due):
            _pay(p, path.provisions[p], path, month)
            path.provisions[p] = 0
        bank_rate = money.bank_rate[t] + money.bank_rate_open[t] * luck.economy.bank_rate[p]
        rate = interest_rate(money.interest, money.interest_floats, bank_rate)
        interest = (2 * path.drawn[p] * rate + 12_000_000) // 24_000_000
        for i in range(path.loans.shape[0]):
            rate = interest_rate(money.loan_interest[i], money.loan_floats[i], bank_rate)
            interest += (2 * path.loans[i, p] * rate + 12_000_000) // 24_000_000
            repaid = min(money.loan_repayment[i, t], path.loans[i, p])
            path.loans[i, p] -= repaid
            _pay(p, repaid, path, month)
        month.spending[1, p] += interest
        _pay(p, interest, path, month)


balance_sheet = compiled(_balance_sheet, inner=True)


def _restricted(p, purses):
    """R: cash held for restricted funds, fund by fund, never netted."""
    held = 0
    for f in range(purses.cash.shape[0]):
        held += max(0, purses.cash[f, p])
    return held


restricted = compiled(_restricted, inner=True)


def _borrow(t, money, path, purses, month, record):
    """Step 8: investments are sold, then the facility drawn by what lifts spendable cash to nil; repaid first from anything above."""
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 0:
            continue
        if path.owed_back[p] == t or (t == money.until and path.drawn[p] > 0):
            _pay(p, path.drawn[p], path, month)
            path.drawn[p] = 0
        if t == money.until:
            path.limit[p] = 0
        if path.holding[p] >= 0 and path.limit[p] > path.drawn[p]:  # drawn early, to be held as cash
            early = path.limit[p] - path.drawn[p]
            note(p, t, FACILITY_DRAWN, 0, early, record)
            path.drawn[p] += early
            path.bank[p] += early
            month.receipts[p] += early
        free = path.bank[p] - restricted(p, purses) - money.held
        if free < 0:
            sold = min(path.investments[p], -free)
            path.investments[p] -= sold
            path.bank[p] += sold
            month.receipts[p] += sold
            free += sold
        if free < 0 and path.investments[p] == 0:
            drawn = min(-free, max(0, path.limit[p] - path.drawn[p]))
            if drawn > 0:
                note(p, t, FACILITY_DRAWN, 0, drawn, record)
                path.drawn[p] += drawn
                path.bank[p] += drawn
                month.receipts[p] += drawn
        elif free > 0 and path.drawn[p] > 0 and path.holding[p] < 0:
            repaid = min(free, path.drawn[p])
            path.drawn[p] -= repaid
            _pay(p, repaid, path, month)


borrow = compiled(_borrow, inner=True)


def _covenant(t, p, free_reserves, clock, money, path, record):
    """Tested at quarter-ends: missed, nothing more can be drawn and what is drawn is due in three months."""
    if money.has_covenant == 1 and clock.quarter_end[t] == 1 and path.limit[p] > 0 and free_reserves < money.covenant:
        path.limit[p] = 0
        path.owed_back[p] = min(t + 3, NEVER)
        note(p, t, COVENANT_MISSED, 0, free_reserves, record)


covenant = compiled(_covenant, inner=True)
