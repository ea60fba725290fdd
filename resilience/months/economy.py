"""What a path's economy changes in a month: pay with earnings, interest with Bank Rate. docs/model.md, "The economy"."""

from __future__ import annotations

import math

from resilience.compiled import compiled
from resilience.rows import LATE_COST, SALE


def _moves_by(pence, more):
    """Whole pence by which an amount moves: to the nearest penny, halves up."""
    return math.floor(more * pence + 0.5)


moves_by = compiled(_moves_by, tiny=True)


def _moved(pence, more):
    """An amount after it has moved."""
    return pence + math.floor(more * pence + 0.5)


moved = compiled(_moved, tiny=True)


def _pay_as_earnings_move(more, path, month, record):
    """Pay, NIC and pension beside those of the central path: added up by charge, rounded once a charge and month.

    more float64 (block,): level of earnings over that of the central path, less one.
    """
    block = path.bank.shape[0]
    for k in range(month.pay.shape[0]):
        for p in range(block):
            month.pay[k, p] += moves_by(month.pay_moves[k, p], more[p])
            month.pay_moves[k, p] = 0.0  # for the next month
        for p in range(block):
            month.nic[k, p] += moves_by(month.nic_moves[k, p], more[p])
            month.nic_moves[k, p] = 0.0
    for p in range(block):
        month.hub_spending[p] += moves_by(month.team_moves[0, p], more[p])
        month.team_moves[0, p] = 0.0
    for p in range(block):
        record.fates[LATE_COST, p] += moves_by(month.team_moves[1, p], more[p])
        month.team_moves[1, p] = 0.0


pay_as_earnings_move = compiled(_pay_as_earnings_move, inner=True)


def _interest_rate(own, floats, bank_rate):
    """Interest of a month, ppm a year: a number, or over Bank Rate (never below nil) and then never below nil."""
    return max(0, max(0, bank_rate) + own) if floats == 1 else own


interest_rate = compiled(_interest_rate, tiny=True)


def _bank_interest(t, money, luck, path, month):
    """Interest on last month's bank balance where that is above nil: income of unrestricted funds, received now."""
    if money.bank_interest == 0 and money.bank_interest_floats == 0:
        return
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 1 and path.bank[p] > 0:
            bank_rate = money.bank_rate[t] + money.bank_rate_open[t] * luck.economy.bank_rate[p]
            rate = interest_rate(money.bank_interest, money.bank_interest_floats, bank_rate)
            whole, rest = path.bank[p] // 12_000_000, path.bank[p] % 12_000_000
            interest = whole * rate + (2 * rest * rate + 12_000_000) // 24_000_000
            month.income[SALE, p] += interest
            month.income_received[p] += interest
            month.receipts[p] += interest
            path.bank[p] += interest


bank_interest = compiled(_bank_interest, inner=True)
