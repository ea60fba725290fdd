"""What management expects: told income and committed costs some months out. docs/model.md, section 9."""

from __future__ import annotations

from resilience.compiled import compiled
from resilience.months.economy import moves_by
from resilience.months.people import contract_end
from resilience.rows import FIXED_TERM, NEVER

AHEAD = 3  # months of the forecast that is always made


def _dips_by(t, s, start, streams):
    """What of today's amount will be paid in month `start`, under shocks that end again and are told by now."""
    kept = 1.0
    for m in range(t + 1, min(start + 1, streams.dip.shape[1])):
        if streams.dip_told[s, m] <= t:
            kept *= streams.dip[s, m] / max(1, streams.dip[s, m - 1])
    return kept


_dips_by = compiled(_dips_by, inner=True)


def _told_income(t, ahead, streams, rules, luck, path, purses, incomes):
    """Income of the next months by what has been told, fund by fund; untold renewals at weight `hope`. Into `told_income`."""
    for f in range(purses.told_income.shape[0]):
        for p in range(path.bank.shape[0]):
            purses.told_income[f, p] = 0
    for s in range(streams.fund.shape[0]):
        f, bid = streams.fund[s], streams.bid[s]
        for p in range(path.bank.shape[0]):
            months = max(0, min(incomes.told_end[s, p], t + ahead + 1) - (t + 1))
            purses.told_income[f, p] += months * incomes.whole[s, p] * incomes.on[s, p]
        for p in range(path.bank.shape[0]):
            start = luck.begins[s, p]
            if t < start <= t + ahead and (bid < 0 or (luck.told[s, p] <= t and luck.won[bid, p] == 1)):
                months = max(0, min(incomes.told_end[s, p], t + ahead + 1) - start)
                if incomes.dropped[s, p] == 0 and path.closing[p] < 0:
                    purses.told_income[f, p] += int(months * incomes.whole[s, p] * _dips_by(t, s, start, streams))
        kept = 1.0
        for later in range(t + 1, min(t + ahead + 1, streams.shock.shape[1])):
            stays = streams.shock[s, later] / 1e6 if streams.shock_told[s, later] <= t else 1.0
            if streams.dip_told[s, later] <= t:  # a shock that ends again: that it ends is not counted on before
                stays *= streams.dip[s, later] / max(1, streams.dip[s, later - 1])
            if stays != 1.0:
                for p in range(path.bank.shape[0]):
                    months = max(0, min(incomes.told_end[s, p], t + ahead + 1) - later)
                    lost = kept * (1.0 - stays)
                    purses.told_income[f, p] -= int(lost * months * incomes.whole[s, p] * incomes.on[s, p])
                kept *= stays
        if streams.cuttable[s] == 0 and rules.hope == 0.0:
            continue
        for p in range(path.bank.shape[0]):
            if incomes.cut_month[s, p] <= t + ahead and incomes.on[s, p] == 1:
                purses.told_income[f, p] -= _told_cuts(
                    t, s, p, min(incomes.told_end[s, p], t + ahead + 1), luck, incomes
                )
            if rules.hope > 0.0 and incomes.on[s, p] == 1 and incomes.telling_month[s, p] < NEVER:
                beyond = max(0, t + ahead + 1 - max(incomes.told_end[s, p], t + 1))
                purses.told_income[f, p] += int(rules.hope * beyond * incomes.whole[s, p])
    if luck.unnamed_income.shape[0] > 0:  # contracts nobody had named, as they stand this month
        f = purses.told_income.shape[0] - 1
        for p in range(path.bank.shape[0]):
            purses.told_income[f, p] += ahead * luck.unnamed_income[t, p] * (1 if path.closing[p] < 0 else 0)


def _told_cuts(t, s, p, last, luck, incomes):
    """What cuts already announced take from the next months."""
    row, lost, kept = luck.cut_row[s], 0.0, 1.0
    for k in range(incomes.next_cut[s, p], luck.cuts[s, p]):
        if luck.cut_told[row + k, p] <= t and luck.cut_effective[row + k, p] < last:
            share_kept = luck.cut_keep[row + k, p] / 1e6
            lost += kept * (1.0 - share_kept) * (last - max(t + 1, luck.cut_effective[row + k, p]))
            kept *= share_kept
    return int(lost * incomes.whole[s, p])


_told_cuts = compiled(_told_cuts, inner=True)
told_income = compiled(_told_income, inner=True)


def _forecast(t, ahead, more, clock, charges, posts, money, path, purses, teams, bays, month, out):
    """Headroom so many months out, into `out`: now, and told income less their pay and lines; who is under notice drops out in time,
    and who goes with the work of a dock, once that is told.

    Each charge is borne by its restricted funds as far as balance and told income go. Arrears of a pay award are counted when
    they are settled within them.
    """
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 1:
            out[p] = month.headroom[p]
    for k in range(month.pay.shape[0]):
        for p in range(path.bank.shape[0]):
            month.total[p] = ahead * (month.pay[k, p] + month.nonpay[k, p])
        for j in range(charges.fund.shape[1]):
            f, part = charges.fund[k, j], charges.share[k, j]
            if f < 0:
                break
            for p in range(path.bank.shape[0]):
                cost = ahead * (month.pay[k, p] + month.nonpay[k, p])
                most = (cost * part) // 1_000_000 if part >= 0 else month.total[p]
                borne = max(0, min(most, purses.balance[f, p] + purses.told_income[f, p]))
                purses.told_income[f, p] -= borne
                month.total[p] -= borne
        for p in range(path.bank.shape[0]):
            out[p] -= month.total[p] * path.alive[p]
    for g in range(posts.heads.shape[0]):
        head = posts.pay[g, t] + posts.nic[g, t] + posts.pension[g, t]
        moves = posts.pay_moves[g, t] + posts.nic_moves[g, t]
        d, fixed = posts.dock[g] if posts.goes[g] == 1 else -1, posts.form[g] == FIXED_TERM
        for p in range(path.bank.shape[0]):
            last = NEVER
            if teams.served[g, p] >= 0:
                since = teams.served[g, p] + teams.consulting[g, p]
                n = posts.notice[g, posts.began[g] + posts.oldest, min(since, posts.notice.shape[2] - 1)]
                last = since + n
            if fixed:
                last = min(last, contract_end(g, p, posts, bays) - 1)
            if d >= 0 and bays.goes[d, p] == 1:
                last = min(last, bays.end[d, p] - 1)
            if last < t + ahead and path.alive[p] == 1:
                gone = min(ahead, t + ahead - last)
                out[p] += gone * teams.heads[g, p] * (head + moves_by(moves, more[p]))
    unrestricted = purses.cash.shape[0]
    for p in range(path.bank.shape[0]):
        out[p] += purses.told_income[unrestricted, p] * path.alive[p]
    if money.settled > 1 and 1 <= (money.settled - clock.part[t]) % 12 <= ahead:
        for p in range(path.bank.shape[0]):
            out[p] -= purses.arrears[unrestricted, p] * path.alive[p]


forecast = compiled(_forecast, inner=True)


def _forecast_reserves(t, h, ahead, clock, money, path, purses, month):
    """Free reserves so many months out, into `reserves`: what moves headroom moves them, but for arrears, owed already."""
    settled = money.settled > 1 and 1 <= (money.settled - clock.part[t]) % 12 <= ahead
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 1:
            month.reserves[h, p] = month.free[p] + month.further[h, p] - month.headroom[p]
            if settled:
                month.reserves[h, p] += purses.arrears[purses.cash.shape[0], p]


forecast_reserves = compiled(_forecast_reserves, inner=True)
