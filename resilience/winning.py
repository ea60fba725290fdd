"""What becomes of bids by chance: odds by price and quality, opportunities as they come, places to mobilise.

Compiled; draws nothing itself. Every array is (row, path), (month, path) or (path,), paths contiguous; money in whole pence.
docs/model.md, section 5.
"""

from __future__ import annotations

import math

from resilience.compiled import compiled


def _scored(lowest, fixed, slope, ours, usual, out):
    """logistic(logit p + fixed + slope·(min(1, lowest ÷ ours) − min(1, lowest ÷ usual))), in place of p.

    0 and 1 stay, and nil added changes nothing. lowest float64 (block,) pence: of others; where we ask less, the lowest of all is ours.
    """
    for p in range(out.shape[0]):
        added = fixed + slope * (min(1.0, lowest[p] / ours) - min(1.0, lowest[p] / usual))
        if added != 0.0 and 0.0 < out[p] < 1.0:
            out[p] = 1.0 / (1.0 + (1.0 - out[p]) / out[p] * math.exp(-added))


scored = compiled(_scored)


def _arrive(
    u, rows, first, terms, renewal, rate, chance, raised, open_, value, year, room, beyond, summed, number, out
):
    """Opportunities of each path, of several sources: one arrives, is bid for and told in the month by whose end the rate of its
    source has summed to the gaps −ln u so far; in one month source by source.

    rows int64 (sources, 3): first rows of gaps, wins and terms; first int64 (sources + 1,): of each source's own rows of `value`, int64
    (all that can arrive, block), pence a year; terms int64 (sources, 4): months of mobilisation and of income, pence that a bid
    costs, and 1 where the hub's room counts; renewal float64 (sources,): probability of each further term; rate float64 (sources,
    months, block): summed; chance float64 (sources, block); raised float64 (sources or 0, months, block): added to its log-odds; open_
    uint8 (sources, months): a bid can be written. Beyond the room of its funders' year it is bid for at log-odds lower by `beyond`, or
    not at all if that is nan. summed, number: scratch, (sources,). out: `Arrived`.
    """
    tried, won, over, bidding, missed, told, source, starts, lasts, yearly = out
    last = rate.shape[1] - 1
    for p in range(u.shape[1]):
        for i in range(rows.shape[0]):
            number[i] = 0
            summed[i] = -math.log(u[rows[i, 0], p])
        now, used, held = -1, 0, 0
        for t in range(last + 1):
            if year[t] != now:
                now, used = year[t], 0
            for i in range(rows.shape[0]):
                while number[i] < first[i + 1] - first[i] and summed[i] <= rate[i, t, p]:
                    k = number[i]
                    number[i] = k + 1
                    if k + 1 < first[i + 1] - first[i]:
                        summed[i] -= math.log(u[rows[i, 0] + k + 1, p])
                    if open_[i, t] == 0:
                        missed[t, p] += 1
                        continue
                    odds = chance[i, p]
                    added = raised[i, t, p] if raised.shape[0] > 0 else 0.0
                    if terms[i, 3] == 1:
                        if used >= room[now]:
                            if math.isnan(beyond):
                                continue
                            over[t, p] += 1
                            added -= beyond
                        used += 1
                    if added != 0.0 and 0.0 < odds < 1.0:
                        odds = 1.0 / (1.0 + (1.0 - odds) / odds * math.exp(-added))
                    tried[t, p] += 1
                    bidding[t, p] += terms[i, 2]
                    if u[rows[i, 1] + k, p] <= odds:
                        won[t, p] += 1
                        times = 1
                        if renewal[i] >= 1.0:
                            times = 600
                        elif renewal[i] > 0.0:
                            times += math.floor(min(600.0, math.log(u[rows[i, 2] + k, p]) / math.log(renewal[i])))
                        told[held, p], source[held, p] = t, i
                        starts[held, p] = min(t + 1 + terms[i, 0], 20_000)
                        lasts[held, p] = min(terms[i, 1] * times, 10_000)
                        yearly[held, p] = value[first[i] + k, p]
                        held += 1


arrive = compiled(_arrive)


def _wait(at_once, listed, terms, won, told, begins, until, awarded, source, starts, busy):
    """By month of the award, named bids first: each mobilises from the first month on in which it finds a place to the end.

    A mobilisation of m months takes a place in each of the m months before go-live. terms, awarded, source, starts: of opportunities,
    as in `arrive`. busy int64 (months,): scratch.
    """
    T = busy.shape[0]
    for p in range(told.shape[1]):
        for t in range(T):
            busy[t] = 0
        k = 0
        for t in range(T):
            for i in range(listed.shape[0]):
                s = listed[i, 0]
                if told[s, p] == t and won[listed[i, 1], p] == 1 and listed[i, 3] > 0:
                    first = t + 1 + listed[i, 2]
                    later = _placed(first, listed[i, 3], at_once, busy) - first
                    begins[s, p] = min(begins[s, p] + later, 20_000)
                    until[s, p] = min(until[s, p] + later, 20_000)
            while k < starts.shape[0] and awarded[k, p] == t:
                mobilising = terms[source[k, p], 0]
                if mobilising > 0:
                    starts[k, p] = min(_placed(t + 1, mobilising, at_once, busy) + mobilising, 20_000)
                k += 1


def _placed(first, length, at_once, busy):
    """First month from `first` on in which `length` months find a place; they are taken. Beyond the horizon there is always one."""
    x = first
    m = x
    while m < min(x + length, busy.shape[0]):
        if busy[m] >= at_once:
            x = m + 1
        m += 1
    for m in range(x, min(x + length, busy.shape[0])):
        busy[m] += 1
    return x


_placed = compiled(_placed, inner=True)
wait = compiled(_wait)


def _flow(starts, lasts, yearly, source, until, keep, fit, part, bump, income, cost, fitting):
    """Month's part of each contract's year from go-live for its months, before `until` of its source, int16 (sources, block).

    keep int64 (sources,): ppm of it that delivering costs; fit float64 (sources,), of that cost, into fitting float64 (months, block).
    """
    for k in range(starts.shape[0]):
        for p in range(starts.shape[1]):
            if starts[k, p] >= 0:
                i = source[k, p]
                whole, rest = yearly[k, p] // 12, yearly[k, p] % 12
                for t in range(starts[k, p], min(starts[k, p] + lasts[k, p], until[i, p], income.shape[0])):
                    earned = whole + bump[part[t], rest]
                    spent = (earned // 1_000_000) * keep[i] + (
                        2 * (earned % 1_000_000) * keep[i] + 1_000_000
                    ) // 2_000_000
                    income[t, p] += earned
                    cost[t, p] += spent
                    fitting[t, p] += spent * fit[i]


flow = compiled(_flow)
