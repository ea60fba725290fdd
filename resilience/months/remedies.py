"""What management can do beside letting people go: cash held, payment in advance, an appeal, prices, a partner, bids left unwritten.

docs/model.md, section 9.
"""

from __future__ import annotations

from resilience.compiled import compiled
from resilience.months.calendar import share
from resilience.months.money import restricted
from resilience.months.record import note
from resilience.rows import (
    APPEAL,
    APPEAL_BRINGS,
    ARREARS,
    ASK,
    ASKED_IN_VAIN,
    BLEND,
    DRAW,
    GIFT,
    IN_ADVANCE,
    MERGE,
    NEVER,
    NOT_BID_FOR,
    PRICES_RAISED,
    RAISE,
    SALE,
)


def _leave_unwritten(t, money, streams, rules, luck, path, purses, record):
    """A bid that would be told this month is not written where headroom does not cover the cash it needs.

    It then has no cost, is neither told nor won: its row of `luck` says so from now on.
    """
    for s in range(streams.bid.shape[0]):
        bid = streams.bid[s]
        for p in range(path.bank.shape[0] if bid >= 0 else 0):
            if luck.told[s, p] != t or path.alive[p] == 0 or path.closing[p] >= 0:
                continue
            spendable = path.bank[p] + path.investments[p] - restricted(p, purses) - money.held
            headroom = spendable + max(0, path.limit[p] - path.drawn[p])
            if headroom < rules.peak[bid]:
                luck.told[s, p], luck.won[bid, p] = NEVER, 0
                record.unwritten[bid, p] = 1
                note(p, t, NOT_BID_FOR, s, headroom, record)


leave_unwritten = compiled(_leave_unwritten, inner=True)


def _gifts_and_fees(t, path, month, record):
    """What an appeal of last month brings, a gift to unrestricted funds; what looking for a partner costs, paid from them."""
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 0:
            continue
        given, fee = path.coming[p], path.fee[p]
        path.coming[p], path.fee[p] = 0, 0
        path.bank[p] += given - fee
        month.receipts[p] += given
        month.income_received[p] += given
        month.income[GIFT, p] += given
        month.payments[p] += fee
        month.spending[2, p] += fee
        if given > 0:
            note(p, t, APPEAL_BRINGS, 0, given, record)


gifts_and_fees = compiled(_gifts_and_fees, inner=True)


def _possible(i, p, streams, rules, path, incomes, teams, month):
    """Is there anything that the action of rule i could do? If not it does not fire."""
    do = rules.do[i]
    if do >= DRAW and path.closing[p] >= 0:
        return False  # a rule before it has decided to close
    if do == DRAW:
        return path.limit[p] > path.drawn[p]
    if do == BLEND:
        return path.blending[p] < 0 and teams.supervised.shape[0] > 0
    if do == MERGE:
        return path.merging[p] < 0 and month.headroom[p] >= rules.needs[i] * month.average[p]
    if do in (ASK, RAISE):
        for s in range(streams.form.shape[0]):
            if incomes.on[s, p] == 1 and (
                streams.form[s] == SALE if do == RAISE else streams.payment[s] == ARREARS and incomes.asked[s, p] == 0
            ):
                return True
        return False
    return True


possible = compiled(_possible, inner=True)


def _remedy(t, i, p, streams, rules, luck, path, incomes, board, record):
    """The decision of rule i at the end of month t; it counts from the next month on."""
    do, chance = rules.do[i], rules.chance[i]
    if do == DRAW:
        path.holding[p] = i
    elif do == ASK:
        for s in range(streams.form.shape[0]):
            if streams.payment[s] == ARREARS and incomes.on[s, p] == 1 and incomes.asked[s, p] == 0:
                agreed = luck.u[rules.asks[s], p] <= chance
                incomes.asked[s, p] = 1 if agreed else 2
                note(p, t, IN_ADVANCE if agreed else ASKED_IN_VAIN, s, 0, record)
    elif do == APPEAL:
        brings = luck.appeal[rules.luck[i], p]
        for _ in range(board.fired[i, p] - 1):
            brings = share(brings, rules.factor[i])
        path.coming[p] += brings
    elif do == RAISE:
        for s in range(streams.form.shape[0]):
            if streams.form[s] == SALE and incomes.on[s, p] == 1:
                _raise_price(t, s, p, rules.factor[i], streams, incomes, record)
    elif do == MERGE and path.merging[p] < 0:
        path.merging[p] = t + rules.takes[i]
        path.partner[p] = 1 if luck.u[rules.luck[i] + board.fired[i, p] - 1, p] <= chance else 0
        path.fee[p] += rules.fee[i]


def _raise_price(t, s, p, factor, streams, incomes, record):
    """A year of sales at the new prices, with what is sold less; from next month on."""
    incomes.yearly[s, p] = share(incomes.yearly[s, p], factor)
    yearly = share(incomes.yearly[s, p], streams.dip[s, t])
    incomes.whole[s, p], incomes.rest[s, p] = yearly // 12, yearly % 12
    note(p, t, PRICES_RAISED, s, yearly, record)


_raise_price = compiled(_raise_price, inner=True)
remedy = compiled(_remedy, inner=True)
