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


def _arrive(u, rows, rate, chance, value, mobilising, year, room, beyond, tried, won, over, starts, yearly):
    """Opportunities of each path: one arrives, is bid for and told in the month by whose end the rate has summed to the gaps −ln u so far.

    Beyond the room of its funders' year it is bid for at log-odds lower by `beyond`, counted in `over`, or not at all if that is nan.
    rate float64 (months, block or 1): summed; chance float64 (block,); value int64 (most, block): pence a year of each.
    """
    for p in range(u.shape[1]):
        summed, number, now, used, t = 0.0, 0, -1, 0, 0
        of, last = min(p, rate.shape[1] - 1), tried.shape[0] - 1
        for k in range(starts.shape[0]):
            summed -= math.log(u[rows[0] + k, p])
            if summed > rate[last, of]:
                break
            while t < last and rate[t, of] < summed:
                t += 1
            if year[t] != now:
                now, used = year[t], 0
            odds = chance[p]
            if used >= room[now]:
                if math.isnan(beyond):
                    continue
                over[t, p] += 1
                if 0.0 < odds < 1.0:
                    odds = 1.0 / (1.0 + (1.0 - odds) / odds * math.exp(beyond))
            used += 1
            tried[t, p] += 1
            if u[rows[1] + k, p] <= odds:
                won[t, p] += 1
                yearly[number, p] = value[k, p]
                starts[number, p] = min(t + 1 + mobilising, 20_000)
                number += 1


arrive = compiled(_arrive)


def _wait(at_once, listed, mobilising, won, told, begins, until, starts, busy):
    """By month of the award, named bids first: each mobilises from the first month on in which it finds a place to the end.

    A mobilisation of m months takes a place in each of the m months before go-live. busy int64 (months,): scratch.
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
            while mobilising > 0 and k < starts.shape[0] and starts[k, p] == t + 1 + mobilising:
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


def _flow(starts, yearly, term, keep, part, bump, income, cost):
    """Month's part of each contract's year from go-live for its term; `keep` ppm of it is the cost of delivering."""
    for k in range(starts.shape[0]):
        for p in range(starts.shape[1]):
            if starts[k, p] >= 0:
                whole, rest = yearly[k, p] // 12, yearly[k, p] % 12
                for t in range(starts[k, p], min(starts[k, p] + term, income.shape[0])):
                    earned = whole + bump[part[t], rest]
                    income[t, p] += earned
                    cost[t, p] += (earned // 1_000_000) * keep + (
                        2 * (earned % 1_000_000) * keep + 1_000_000
                    ) // 2_000_000


flow = compiled(_flow)
