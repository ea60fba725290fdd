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


def _quantity(u, a1, a2, a3, code, scale):
    """A quantity at u: metalog a1 + a2·L + a3·(u − ½)·L with L = ln(u/(1−u)), in logs (code 1) or logits (2); times scale."""
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
    each; held: probability of a hold-over; terms int64 (decisions,): months of a renewed award; keep int64 (decisions, block): ppm of
    the amount that a renewed one keeps; told: months before an end; last: ends from this month on are not asked for; until int16
    (block,): first end. Renewals and hold-overs that do not follow a told month come one a month.
    option: chance of each of `options` to extend by option_months, asked first, from row option_row on; once one is not taken up
    the rest are gone, and the renewal is asked at the same end.
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
            if left > 0 and u[option_row + options - left, p] <= option:
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
            elif x <= chance[k, p] + held:
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


def _gifts(u, row, amount_row, most, hazard, amount, out):
    """Whole gifts of one stream: arrivals at −ln u/hazard months after one another, each with an amount of its own.

    row, amount_row: first of `most` rows of gaps and of amounts; hazard: mean number a month; amount (4,): coefficients of pence.
    out int64 (months, block): pence that arrive in each month.
    """
    for p in range(u.shape[1]):
        summed = 0.0
        for k in range(most):
            summed -= math.log(u[row + k, p])
            t = math.floor(summed / hazard)
            if t >= out.shape[0]:
                break
            x = quantity(u[amount_row + k, p], amount[0], amount[1], amount[2], amount[3], 1.0)
            out[t, p] = min(out[t, p] + math.floor(min(x, MOST) + 0.5), math.floor(MOST))


gifts = compiled(_gifts)


def _cuts(
    u,
    rows,
    settle_told,
    settle_effective,
    settle_chance,
    hazard,
    gap,
    begins,
    at_most,
    depth,
    months,
    number,
    told,
    effective,
    keep,
):
    """Cuts of one stream, in order of the month from which they count.

    rows int64 (5,): of settlements, their depths, monthly thresholds, their depths; number of thresholds.
    settle_told, settle_effective int64 (years,): month announced and effective; hazard: of a cut in a month;
    gap: months from announcement to effect; depth (4,): coefficients of a share.
    Out: number int16 (block,), told, effective int16 and keep int64 ppm (most, block).
    """
    for p in range(u.shape[1]):
        year, drawn, count = 0, 0, 0
        month = months
        if hazard > 0.0:
            month = begins + int(min(math.ceil(-math.log(u[rows[2], p]) / hazard), 2.0 * months)) - 1
        while count < at_most:
            while year < settle_told.shape[0] and u[rows[0] + year, p] > settle_chance:
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
                    month = a + int(min(math.ceil(-math.log(u[rows[2] + drawn, p]) / hazard), 2.0 * months))
            lost = math.floor(quantity(d, depth[0], depth[1], depth[2], depth[3], 1e6) + 0.5)
            k = count
            while k > 0 and effective[k - 1, p] > e:
                told[k, p], effective[k, p], keep[k, p] = told[k - 1, p], effective[k - 1, p], keep[k - 1, p]
                k -= 1
            told[k, p], effective[k, p], keep[k, p] = a, e, 1_000_000 - lost
            count += 1
        number[p] = count


cuts = compiled(_cuts)


def most_events(hazard: float, months: int) -> int:
    """Thresholds to draw so that more events within the months have a probability below 1e−12 (Poisson tail)."""
    mean, k, term = hazard * months, 0, math.exp(-hazard * months)
    left = 1.0 - term
    while left > 1e-12 and k < months:
        k += 1
        term *= mean / k
        left -= term
    return k + 1


def monthly_hazard(yearly: float, part: float = 1.0) -> float:
    """Hazard of a month of what has this yearly probability: −part·ln(1 − q)/12; certain things have a very large one."""
    return -part * math.log1p(-yearly) / 12 if yearly < 1 else 1e9 * (part > 0)
