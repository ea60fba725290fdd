"""Bends uniforms to what they mean: amounts, wins, cuts, lags, leavers' thresholds. Compiled; draws nothing itself.

Every array is (row, path) or (path,), paths contiguous. Shares are held to the millionth (ppm), money in whole pence.
"""

from __future__ import annotations

import math

from resilience.compiled import compiled

MOST = 1e14  # pence: a drawn amount is never more, so that sums stay within 64 bits


def _normal(u):
    """Inverse of the standard normal distribution, relative error below 1.2e−9 (P. J. Acklam's rational approximation)."""
    if 0.02425 <= u <= 0.97575:
        q = u - 0.5
        r = q * q
        top = (
            (((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r
            - 30.66479806614716
        ) * r + 2.506628277459239
        below = (
            (((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r
            - 13.28068155288572
        ) * r + 1.0
        return top * q / below
    tail = u if u < 0.5 else 1.0 - u
    q = math.sqrt(-2.0 * math.log(tail))
    top = (
        (((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q
        + 4.374664141464968
    ) * q + 2.938163982698783
    below = (
        ((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416
    ) * q + 1.0
    return top / below if u < 0.5 else -top / below


normal = compiled(_normal, inner=True)


def _normals(u, row, out):
    """Standard normals at u: row int64 (n,), out float64 (n, block)."""
    for i in range(row.shape[0]):
        for p in range(u.shape[1]):
            out[i, p] = normal(u[row[i], p])


normals = compiled(_normals)


def _beyond(u, a1, a2, a3, code):
    """A quantity that is no metalog, at u: see `quantity`."""
    if code == 3:
        return math.exp(a1 + a2 * normal(u))
    if code == 4:
        return a1 + a2 * u
    width = a3 - a1
    if u * width <= a2 - a1:
        return a1 + math.sqrt(u * width * (a2 - a1))
    return a3 - math.sqrt((1.0 - u) * width * (a3 - a2))


beyond = compiled(_beyond, inner=True)


def _quantity(u, a1, a2, a3, code, scale):
    """A quantity at u, times scale: metalog a1 + a2·L + a3·(u − ½)·L with L = ln(u/(1−u)), in logs (code 1) or logits (2);
    lognormal exp(a1 + a2·z) (3); uniform a1 + a2·u (4); triangle from a1 to a3 with its peak at a2 (5).
    """
    if code >= 3:
        return beyond(u, a1, a2, a3, code) * scale
    if a2 == 0.0 and a3 == 0.0:
        return a1 * scale
    odds = math.log(u / (1.0 - u))
    x = a1 + a2 * odds + a3 * (u - 0.5) * odds
    if code == 1:
        x = math.exp(x)
    elif code == 2:
        x = 1.0 / (1.0 + math.exp(-x))
    return x * scale


quantity = compiled(_quantity, tiny=True)


def _whole_quantities(u, row, coefficients, scale, out):
    """Quantities rounded half up: u (rows, block), row int64 (n,), coefficients (n, 4), scale float; out int64 (n, block)."""
    for i in range(row.shape[0]):
        for p in range(u.shape[1]):
            x = quantity(
                u[row[i], p], coefficients[i, 0], coefficients[i, 1], coefficients[i, 2], coefficients[i, 3], scale
            )
            out[i, p] = math.floor(min(x, MOST) + 0.5)


whole_quantities = compiled(_whole_quantities)


def _quantities(u, row, coefficients, out):
    """Quantities as they are: out float64 (n, block)."""
    for i in range(row.shape[0]):
        for p in range(u.shape[1]):
            out[i, p] = quantity(
                u[row[i], p], coefficients[i, 0], coefficients[i, 1], coefficients[i, 2], coefficients[i, 3], 1.0
            )


quantities = compiled(_quantities)


def _doubt(u, row, sd, out):
    """A shift of log-odds shared by many things: sd·z of each path, z = the normal deviate of u; out float64 (block,)."""
    for p in range(u.shape[1]):
        out[p] = sd * normal(u[row, p])


doubt = compiled(_doubt)


def _shifted(chance, shift, out):
    """Probabilities after a shift of their log-odds, path by path: p → 1/(1 + exp(−(ln(p/(1−p)) + shift))); 0 and 1 stay.

    chance float64 (n,), shift float64 (block,), out float64 (n, block).
    """
    for i in range(chance.shape[0]):
        p0 = chance[i]
        certain = p0 <= 0.0 or p0 >= 1.0
        odds = 0.0 if certain else math.log(p0 / (1.0 - p0))
        for p in range(shift.shape[0]):
            out[i, p] = p0 if certain or shift[p] == 0.0 else 1.0 / (1.0 + math.exp(-(odds + shift[p])))


shifted = compiled(_shifted)


def _happens(u, row, chance, out):
    """1 where u ≤ chance: row int64 (n,), chance float64 (n, block), out uint8 (n, block)."""
    for i in range(row.shape[0]):
        for p in range(u.shape[1]):
            out[i, p] = 1 if u[row[i], p] <= chance[i, p] else 0


happens = compiled(_happens)


NEW_TERM, HOLD_OVER, OPTION = 1, 2, 3  # what follows an end of an award; 0: nothing does


def _turns(
    u,
    row,
    held_row,
    chance,
    held,
    terms,
    keep,
    told,
    last,
    until,
    number,
    when,
    start,
    end,
    kept,
    renewed,
    kind,
    option_row,
    option,
    option_months,
    options,
):
    """What follows each end of one award, until a refusal: renewed, held over for 3 to 12 months and asked again, or gone.

    row, held_row: first rows of the decisions' and of the hold-overs' uniforms; chance float64 (decisions, block) of being renewed at
    each; held float64 (decisions,): probability of a hold-over; terms int64 (decisions,): months of a renewed award; keep int64
    (decisions, block): ppm of the amount that a renewed one keeps; told: months before an end; last: ends from this month on are not
    asked for; until int16 (block,): first end. Renewals and hold-overs that do not follow a told month come one a month.
    option float64 (block,): chance of each of `options` to extend by option_months, asked first, from row option_row on; once one
    is not taken up the rest are gone, and the renewal is asked at the same end.
    Out: number int16 (block,); when, start, end int16, kept int64 and kind uint8 (decisions, block); renewed int16 (block,).
    """
    for p in range(u.shape[1]):
        k, month, before, going, granted, left = 0, until[p], -1, 1, 0, options
        while going == 1 and k < terms.shape[0] and month < last:
            x = u[row + k, p]
            when[k, p] = min(month, max(max(0, month - told), before + 1))
            start[k, p] = month
            kept[k, p] = 1_000_000
            before = -1
            kind[k, p] = 0
            if left > 0 and u[option_row + options - left, p] <= option[p]:
                month += option_months
                left -= 1
                kind[k, p] = OPTION
                granted += 1
            elif x <= chance[k, p]:
                month += terms[k]
                left = 0
                kept[k, p] = keep[k, p]
                kind[k, p] = NEW_TERM
                granted += 1
            elif x <= chance[k, p] + held[k]:
                month += 3 + min(9, math.floor(10.0 * u[held_row + k, p]))
                before = when[k, p]  # it is not asked again before this has been told
                left = 0
                kind[k, p] = HOLD_OVER
                granted += 1
            else:
                going = 0
            month = min(month, 20_000)
            end[k, p] = month
            k += 1
        number[p] = k
        renewed[p] = granted


turns = compiled(_turns)


def _meet(month, halving, number, told, start, until, kept, kind, renewed):
    """What trouble does to an award that runs to the end of its term, in place: the next decision is a refusal, or at half.

    month int16, halving uint8 (block,): of its payer's event, which meets a decision told in its month or later. The rest: of one
    award, as `turns` leaves them.
    """
    for p in range(month.shape[0]):
        for k in range(number[p]):
            if told[k, p] >= month[p]:
                if halving[p] == 1:
                    kept[k, p] = (kept[k, p] + 1) // 2
                else:
                    until[k, p], kind[k, p] = start[k, p], 0
                    number[p] = k + 1
                    renewed[p] = min(renewed[p], k)
                break


meet = compiled(_meet)


def _lags(u, habit_row, lag, late_row, late, late_mean, months, out):
    """Months from delivery to payment of each month's invoice of one stream.

    ⌈lag⌉ with probability lag − ⌊lag⌋ by the habit of the payer, else ⌊lag⌋; with probability `late` k further months, geometric from 1
    with mean `late_mean`. out int16 (months, block).
    """
    whole = math.floor(lag)
    part = lag - whole
    stay = 1.0 - 1.0 / late_mean
    for t in range(months):
        for p in range(u.shape[1]):
            wait = whole + (1 if u[habit_row, p] <= part else 0)
            if late > 0.0 and u[late_row + t, p] <= late:
                wait += 1
                if stay > 0.0:
                    wait += math.floor(math.log(u[late_row + t, p] / late) / math.log(stay))
            out[t, p] = min(wait, 30000)


lags = compiled(_lags)


def _noise(u, row, sd, logs, correlation, months, out):
    """Month noise of one item: factors of mean one (logs) or amounts of mean nil; autocorrelated; out float64 (months, block)."""
    fresh = math.sqrt(1.0 - correlation * correlation)
    for p in range(u.shape[1]):
        z = 0.0
        for t in range(months):
            e = normal(u[row + t, p])
            z = e if t == 0 else correlation * z + fresh * e
            out[t, p] = math.exp(sd * z - 0.5 * sd * sd) if logs else sd * z


noise = compiled(_noise)


def _passed(threshold, begins, hazard, state, p, months):
    """First month, from `begins` on, by whose end the hazard summed has reached the threshold; `months` or more: none has.

    hazard float64 (states, block): of a month in each climate; state uint8 (months, block): the climate.
    """
    if hazard.shape[0] == 1:
        if hazard[0, p] <= 0.0:
            return months
        return begins + int(min(math.ceil(threshold / hazard[0, p]), 2.0 * months)) - 1
    summed = 0.0
    for t in range(begins, months):
        summed += hazard[state[t, p], p]
        if summed >= threshold:
            return t
    return months


passed = compiled(_passed, inner=True)


def _gifts(u, row, hazard, amount, out):
    """Whole gifts of one stream: arrivals at −ln u/hazard months after one another, each with an amount of its own.

    row: first of the rows of gaps; hazard: mean number a month; amount int64 (most, block): pence of each gift, in order.
    out int64 (months, block): pence that arrive in each month.
    """
    for p in range(u.shape[1]):
        summed = 0.0
        for k in range(amount.shape[0]):
            summed -= math.log(u[row + k, p])
            t = math.floor(summed / hazard)
            if t >= out.shape[0]:
                break
            out[t, p] = min(out[t, p] + amount[k, p], math.floor(MOST))


gifts = compiled(_gifts)


def _cuts(
    u,
    rows,
    settle_told,
    settle_effective,
    settle_chance,
    hazard,
    state,
    gap,
    begins,
    at_most,
    events,
    event_depth,
    event_gap,
    months,
    number,
    told,
    effective,
    depth,
):
    """Cuts of one stream, in order of the month from which they count.

    rows int64 (5,): of settlements, their depths, monthly thresholds, their depths; number of thresholds.
    settle_told, settle_effective int64 (years,): month announced and effective; settle_chance, hazard float64 (states, block):
    of a cut at a settlement and in a month, in each climate; state uint8 (months, block): the climate (not read if there is one);
    gap: months from announcement to effect. events int16, event_depth float64 (events, block): the month in which
    something else befalls it (`months` or more: never) and what stands for its depth, in effect event_gap int64 (events,) later; all
    beyond `at_most`.
    Out: number int16 (block,), told, effective int16 and depth float64, the uniform of what is lost, (most, block).
    """
    climates = settle_chance.shape[0] > 1
    for p in range(u.shape[1]):
        year, drawn, count = 0, 0, 0
        month = months
        if rows[4] > 0:
            month = passed(-math.log(u[rows[2], p]), begins, hazard, state, p, months)
        while count < at_most:
            while year < settle_told.shape[0]:
                c = state[settle_told[year], p] if climates else 0
                if u[rows[0] + year, p] <= settle_chance[c, p]:
                    break
                year += 1
            settled = settle_told[year] if year < settle_told.shape[0] else months
            if settled >= months and month >= months:
                break
            if settled <= month:
                a, e, d = settled, settle_effective[year], u[rows[1] + year, p]
                year += 1
            else:
                a, e, d = month, month + gap, u[rows[3] + drawn, p]
                drawn += 1
                month = months
                if drawn < rows[4]:
                    month = passed(-math.log(u[rows[2] + drawn, p]), a + 1, hazard, state, p, months)
            insert(count, p, a, e, d, told, effective, depth)
            count += 1
        for i in range(events.shape[0]):
            if events[i, p] < months:
                insert(count, p, events[i, p], events[i, p] + event_gap[i], event_depth[i, p], told, effective, depth)
                count += 1
        number[p] = count


def _insert(count, p, a, e, d, told, effective, depth):
    """Puts a cut in its place among `count` others, after those that count from the same month."""
    k = count
    while k > 0 and effective[k - 1, p] > e:
        told[k, p], effective[k, p], depth[k, p] = told[k - 1, p], effective[k - 1, p], depth[k - 1, p]
        k -= 1
    told[k, p], effective[k, p], depth[k, p] = a, e, d


insert = compiled(_insert, inner=True)
cuts = compiled(_cuts)


def _kept(number, depth, a1, a2, a3, code, out):
    """What cuts keep of an amount, in ppm: 1 − the quantity at the uniform `depth`; below nil it is −1 − the share kept.

    number int16 (block,): cuts of each path; depth float64, out int64 (most, block). Rounded half up.
    """
    for p in range(number.shape[0]):
        for k in range(number[p]):
            d = depth[k, p]
            if d < 0.0:
                out[k, p] = math.floor(-1e6 * (d + 1.0) + 0.5)
            else:
                out[k, p] = 1_000_000 - math.floor(min(quantity(d, a1, a2, a3, code, 1e6), MOST) + 0.5)


kept = compiled(_kept)


def _climates(u, row, start, moves, when, out):
    """A chain of states: it stands at `start` and may move at the beginning of a month in which `when` is 1, never of the first.

    u from row `row` on, one a month; moves float64 (states, states): probability of going from one to the other;
    when uint8 (months,); out uint8 (months, block).
    """
    for p in range(u.shape[1]):
        now = start
        for t in range(out.shape[0]):
            if t > 0 and when[t] == 1:
                left, to = u[row + t, p], 0
                while to < moves.shape[0] - 1 and left > moves[now, to]:
                    left -= moves[now, to]
                    to += 1
                now = to
            out[t, p] = now


climates = compiled(_climates)


def _first_months(u, row, hazard, months, out):
    """Month in which each of several things happens that can come in any month, once: row int64, hazard float64 (n,).

    out int16 (n, block); `months`: not within them.
    """
    for i in range(row.shape[0]):
        for p in range(u.shape[1]):
            out[i, p] = months
            if hazard[i] > 0.0:
                out[i, p] = int(min(math.ceil(-math.log(u[row[i], p]) / hazard[i]) - 1, 1.0 * months))


first_months = compiled(_first_months)


def _unlisted(u, row, size_row, drawn, hazard, least, most, out):
    """Months of spending that unlisted events cost, in millionths: out int64 (months, block).

    Each of `drawn` thresholds counts from the month after the event before it; sizes are uniform from `least` to `most` months.
    """
    months = out.shape[0]
    for p in range(u.shape[1]):
        month = -1
        for i in range(drawn):
            month += int(min(math.ceil(-math.log(u[row + i, p]) / hazard), 2.0 * months))
            if month >= months:
                break
            out[month, p] += math.floor((least + (most - least) * u[size_row + i, p]) * 1e6 + 0.5)


unlisted = compiled(_unlisted)


def most_events(hazard: float, months: int) -> int:
    """Thresholds to draw so that more events within the months have a probability below 1e−12 (Poisson tail)."""
    mean, k, term = hazard * months, 0, math.exp(-hazard * months)
    left = 1.0 - term
    while left > 1e-12 and k < months:
        k += 1
        term *= mean / k
        left -= term
    return k + 1


def with_odds(chance: float, times: float) -> float:
    """A probability whose odds are multiplied: p/(1 − p) times `times`; 0 and 1 stay."""
    return chance if not 0 < chance < 1 or times == 1 else chance * times / (1 - chance + chance * times)


def monthly_hazard(yearly: float, part: float = 1.0) -> float:
    """Hazard of a month of what has this yearly probability: −part·ln(1 − q)/12; certain things have a very large one."""
    return -part * math.log1p(-yearly) / 12 if yearly < 1 else 1e9 * (part > 0)
