"""What comes with an award: people who transfer, income that wants a minimum of posts, costs that nobody saw.

And awards that nobody has named yet. docs/model.md, section 5.
"""

from __future__ import annotations

import numpy as np

from resilience.compiled import compiled
from resilience.months.people import insert, summed, take_slot
from resilience.months.record import note
from resilience.rows import BIDS_BEYOND, CONTRACT, LOST, SPREE_MISSED, TRANSFERRED_IN, WON


def _transfer_in(t, posts, luck, path, incomes, teams, month, record):
    """Step 2: people who come with a bid join its dock in the month of go-live, with their service, at no cost of recruiting."""
    for g in range(posts.heads.shape[0]):
        s = posts.transferred[g]
        if s < 0:
            continue
        for p in range(path.bank.shape[0]):
            if luck.begins[s, p] == t and incomes.on[s, p] == 1 and teams.here[g, p] == 0:
                teams.here[g, p] = 1
                teams.served[g, p] = -1
                teams.indemnity[g, p] = posts.indemnity[g]
                for _ in range(posts.heads[g]):
                    insert(g, p, np.int64(t - posts.brought[g]), teams)
                    take_slot(g, p, t - posts.brought[g], summed(t - 1, g, p, posts, teams), posts, luck.u, teams)
                    note(p, t, TRANSFERRED_IN, g, 0, record)
                month.joined[p] += posts.heads[g]


transfer_in = compiled(_transfer_in, inner=True)


def _fill_ups(streams, posts_of, teams, incomes):
    """Heads paid this month in the dock of each stream that wants a minimum, at most that many."""
    for s in range(streams.minimum.shape[0]):
        if streams.minimum[s] == 0:
            continue
        for p in range(incomes.filled.shape[1]):
            heads = 0
            for i in range(posts_of.shape[1]):
                g = posts_of[streams.dock[s], i]
                if g >= 0:
                    heads += teams.paid[g, p]
            incomes.filled[s, p] = min(heads, streams.minimum[s])


fill_ups = compiled(_fill_ups, inner=True)


def _fall_short(s, streams, incomes, month, record):
    """Below its minimum of posts a stream earns round(earned × filled ÷ minimum), halves up; what is lost is written down."""
    least, row = streams.minimum[s], streams.short[s]
    for p in range(month.earned.shape[0]):
        lacking = least - incomes.filled[s, p]
        if lacking > 0:
            lost = month.earned[p] - (2 * month.earned[p] * incomes.filled[s, p] + least) // (2 * least)
            month.earned[p] -= lost
            record.unstaffed[row, p] += lost


fall_short = compiled(_fall_short, inner=True)


def _hidden_costs(t, s, streams, luck, path, month):
    """A service taken over shows in the month of go-live what nobody saw: paid then, from unrestricted funds."""
    bid = streams.bid[s]
    for p in range(path.bank.shape[0]):
        begun = luck.begins[s, p] == t and luck.won[bid, p] == 1 and path.alive[p] == 1
        if begun and (path.closing[p] < 0 or t <= path.closing[p]):
            cost = luck.hidden[streams.hidden[s], p]
            month.spending[2, p] += cost
            month.payments[p] += cost
            path.bank[p] -= cost


hidden_costs = compiled(_hidden_costs, inner=True)


def _unnamed(t, luck, path, purses, month, record):
    """Opportunities: bidding is paid now, income is paid a month later, delivering is a bill; nothing once closing is decided."""
    unrestricted = purses.cash.shape[0]
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 0 or path.closing[p] >= 0:
            continue
        record.fates[WON, p] += luck.unnamed_won[t, p]
        record.fates[LOST, p] += luck.unnamed_tried[t, p] - luck.unnamed_won[t, p]
        if luck.unnamed_beyond[t, p] > 0:
            note(p, t, BIDS_BEYOND, 0, luck.unnamed_beyond[t, p], record)
        if luck.unnamed_missed[t, p] > 0:
            note(p, t, SPREE_MISSED, 0, luck.unnamed_missed[t, p], record)
        bidding, earned, cost = luck.unnamed_outlay[t, p], luck.unnamed_income[t, p], luck.unnamed_cost[t, p]
        month.spending[2, p] += bidding
        month.payments[p] += bidding
        path.bank[p] -= bidding
        month.income[CONTRACT, p] += earned
        month.tied[p] += earned
        purses.debtors[unrestricted, p] += earned
        if t + 1 < purses.due.shape[1]:
            purses.due[unrestricted, t + 1, p] += earned
        month.nonpay[0, p] += cost
        month.spending[1, p] += cost


unnamed = compiled(_unnamed, inner=True)
