"""What hits from outside: a payer in trouble, and what nobody listed. docs/model.md, sections 4a and 8."""

from __future__ import annotations

from resilience.compiled import compiled
from resilience.months.calendar import share
from resilience.months.record import note
from resilience.rows import FUNDER_IN_TROUBLE, LEAD_FAILS, PARTNER_LEAVES, PARTNER_LOST, PROGRAMME, UNLISTED_EVENT


def _burdens(t, luck, path, month, record):
    """Step 5, lines: rent that a payer in trouble no longer spares us, contributions that it asks for; a cost of the hub."""
    for i in range(luck.trouble.shape[0]):
        if record.log.shape[0] > 0 and luck.trouble[i, 0] == t and path.alive[0] == 1:
            note(0, t, FUNDER_IN_TROUBLE, i, luck.halving[i, 0], record)
    if luck.burden.shape[0] == 0:
        return
    for p in range(path.bank.shape[0]):
        cost = luck.burden[t, p] * path.alive[p]
        month.nonpay[0, p] += cost
        month.spending[1, p] += cost
        month.hub_spending[p] += cost


burdens = compiled(_burdens, inner=True)


def _policy(t, luck, path, record):
    """Writes down the stage of each programme, first and when it changes; partners who leave, and leads that fail."""
    if record.log.shape[0] == 0 or path.alive[0] == 0:
        return
    for i in range(luck.left.shape[0]):
        if luck.left[i, 0] == t:
            note(0, t, PARTNER_LOST if luck.lost_partner[i, 0] == t else PARTNER_LEAVES, i, 0, record)
    for i in range(luck.lead_failed.shape[0]):
        if luck.lead_failed[i, 0] == t:
            note(0, t, LEAD_FAILS, i, 0, record)
    for i in range(luck.stages.shape[0]):
        if t == 0 or luck.stages[i, t, 0] != luck.stages[i, t - 1, 0]:
            note(0, t, PROGRAMME, i, luck.stages[i, t, 0], record)


policy = compiled(_policy, inner=True)


def _unlisted(t, luck, path, month, record):
    """Step 5, one-off: months of the pay and lines of this month, paid now from unrestricted funds."""
    if luck.unlisted.shape[0] == 0:
        return
    for p in range(path.bank.shape[0]):
        if luck.unlisted[t, p] == 0 or path.alive[p] == 0:
            continue
        cost = 0
        for k in range(month.pay.shape[0]):
            cost += month.pay[k, p] + month.nonpay[k, p]
        cost = share(max(0, cost), luck.unlisted[t, p])
        note(p, t, UNLISTED_EVENT, 0, cost, record)
        month.spending[2, p] += cost
        month.payments[p] += cost
        path.bank[p] -= cost


unlisted = compiled(_unlisted, inner=True)
