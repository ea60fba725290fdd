"""Mission fit of a month: what docks spend, weighted by the fit of what funds them. docs/model.md, section 10."""

from __future__ import annotations

import math

from resilience.compiled import compiled


def _fit(t, clock, streams, posts, lines, streams_of, luck, path, incomes, teams, bays, month):
    """Σ spending × fit ÷ Σ spending over the docks, into `fit`; a dock's fit is that of its streams that are on, by their income.

    1 where nothing is spent, and for a dock that nothing funds. Opportunities count as a dock of their own.
    """
    m, block = clock.part[t], path.bank.shape[0]
    spent, fitting = month.heads[0], month.heads[1]
    for p in range(block):
        spent[p], fitting[p] = 0.0, 0.0
    for d in range(bays.working.shape[0]):
        for p in range(block):
            if path.alive[p] == 0:
                continue
            cost = _dock_spending(t, m, d, p, clock, posts, lines, luck, teams, bays, month)
            income, weighted = 0.0, 0.0
            for i in range(streams_of.shape[1]):
                s = streams_of[d, i]
                if s >= 0 and incomes.on[s, p] == 1:
                    income += incomes.whole[s, p]
                    weighted += streams.fit[s] * incomes.whole[s, p]
            spent[p] += cost
            fitting[p] += cost * (weighted / income if income > 0.0 else 1.0)
    if luck.unnamed_cost.shape[0] > 0:
        for p in range(block):
            if path.alive[p] == 1 and path.closing[p] < 0:
                spent[p] += luck.unnamed_cost[t, p]
                fitting[p] += luck.unnamed_fitting[t, p]
    for p in range(block):
        month.fit[p] = fitting[p] / spent[p] if spent[p] > 0.0 else 1.0


def _dock_spending(t, m, d, p, clock, posts, lines, luck, teams, bays, month):
    """Pay with NIC and pension, and lines, of one dock in one month, pence."""
    cost = 0.0
    for g in range(posts.heads.shape[0]):
        if posts.dock[g] == d:
            cost += teams.paid[g, p] * (posts.pay[g, t] + posts.nic[g, t] + posts.pension[g, t])
    if bays.working[d, p] == 1:
        for c in range(lines.fixed_dock.shape[0]):
            if lines.fixed_dock[c] == d:
                cost += lines.fixed[c, t]
        for c in range(lines.dock.shape[0]):
            if lines.dock[c] == d:
                one, noisy = month.line[c, p] // 12 + clock.bump[m, month.line[c, p] % 12], lines.noise[c]
                if noisy >= 0:
                    e = luck.noise[noisy, t, p]
                    one = math.floor((one + e if lines.noise_pounds[c] == 1 else one * e) + 0.5)
                cost += one
    return cost


_dock_spending = compiled(_dock_spending, inner=True)
fit = compiled(_fit, inner=True)
