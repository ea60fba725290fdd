"""What the calendar brings: amounts of streams, awards told, docks that go live, prices of April."""

from __future__ import annotations

import math

from resilience.compiled import compiled
from resilience.months.economy import moves_by
from resilience.months.people import staff
from resilience.months.record import note
from resilience.rows import (
    AMOUNT_CUT,
    BID_LOST,
    BID_WON,
    CUT_ANNOUNCED,
    GOES_LIVE,
    LATE_COST,
    LOST,
    NEVER,
    NOT_RENEWED,
    RENEWED,
    STREAM_ENDS,
    WON,
)


def _share(amount, ppm):
    """round(amount · ppm/10⁶), halves away from zero, for amounts from nil."""
    whole, rest = amount // 1_000_000, amount % 1_000_000  # so that only the result could overflow
    return whole * ppm + (2 * rest * ppm + 1_000_000) // 2_000_000


share = compiled(_share, tiny=True)


def _rise_with_prices(part, central, more, yearly):
    """April's rise by the central ppm and a part, in ppm, of what this path's prices rise more; never below nil.

    more int64 (block,): ppm; yearly int64 (block,): pence.
    """
    for p in range(yearly.shape[0]):
        rise = central + (2 * part * more[p] + 1_000_000) // 2_000_000
        yearly[p] = share(yearly[p], 1_000_000 + max(-1_000_000, rise))


rise_with_prices = compiled(_rise_with_prices, inner=True)


def _amounts(t, clock, streams, posts, posts_of, luck, path, incomes, teams, bays, record):
    """Step 1 for streams and bids: is it paid this month, and how much a year? docs/model.md, sections 4 and 5."""
    block = path.bank.shape[0]
    for s in range(streams.start.shape[0]):
        needs = streams.term[s, t]
        if t == 0 or needs != streams.term[s, t - 1]:
            _begin_or_end(t, s, needs, streams, luck, path, incomes, record)
        uplift, renewed, shock = streams.uplift[s, t], streams.first[s, t] == 1, streams.shock[s, t]
        tied = streams.cpi_share[s, t] if luck.economy.moves == 1 else 0
        if tied != 0:
            rise_with_prices(tied, uplift, luck.economy.rise[clock.year[t]], incomes.yearly[s])
        elif uplift != 0:
            for p in range(block):
                incomes.yearly[s, p] = share(incomes.yearly[s, p], 1_000_000 + uplift)
        if renewed:
            for p in range(block):
                if luck.renewed[s, p] >= needs:
                    incomes.yearly[s, p] = share(
                        incomes.yearly[s, p], luck.fraction[luck.fraction_row[s] + needs - 1, p]
                    )
        for p in range(block if streams.cuttable[s] == 1 else 0):
            if incomes.cut_month[s, p] == t:
                _cut(t, s, p, luck, incomes, record)
        if shock != 1_000_000:
            for p in range(block):
                incomes.yearly[s, p] = share(incomes.yearly[s, p], shock)
                if incomes.on[s, p] == 1:
                    note(p, t, AMOUNT_CUT, s, incomes.yearly[s, p], record)
        if uplift != 0 or tied != 0 or renewed or shock != 1_000_000 or t == 0:
            for p in range(block):
                incomes.whole[s, p] = incomes.yearly[s, p] // 12
                incomes.rest[s, p] = incomes.yearly[s, p] % 12
        _told(t, s, streams, posts, posts_of, luck, path, incomes, teams, bays, record)


def _begin_or_end(t, s, needs, streams, luck, path, incomes, record):
    """A stream begins, goes into a further term or ends; a bid goes live. Nothing new begins once closing is decided."""
    bid, start = streams.bid[s], streams.start[s]
    for p in range(path.bank.shape[0]):
        on = (
            path.alive[p] == 1
            and needs <= luck.renewed[s, p]
            and incomes.dropped[s, p] == 0
            and (bid < 0 or luck.won[bid, p] == 1)
        )
        on = on and not (path.closing[p] >= 0 and start > path.closing[p])
        if incomes.on[s, p] == 1 and not on:
            note(p, t, STREAM_ENDS, s, 0, record)
        incomes.on[s, p] = 1 if on else 0


_begin_or_end = compiled(_begin_or_end, inner=True)


def _cut(t, s, p, luck, incomes, record):
    """Cuts of one stream and path that count from this month."""
    row, k = luck.cut_row[s], incomes.next_cut[s, p]
    yearly = incomes.yearly[s, p]
    while k < luck.cuts[s, p] and luck.cut_effective[row + k, p] == t:
        yearly = share(yearly, luck.cut_keep[row + k, p])
        k += 1
    incomes.next_cut[s, p] = k
    incomes.cut_month[s, p] = luck.cut_effective[row + k, p] if k < luck.cuts[s, p] else NEVER
    incomes.yearly[s, p], incomes.whole[s, p], incomes.rest[s, p] = yearly, yearly // 12, yearly % 12
    if incomes.on[s, p] == 1:
        note(p, t, AMOUNT_CUT, s, yearly, record)


_cut = compiled(_cut, inner=True)


def _told(t, s, streams, posts, posts_of, luck, path, incomes, teams, bays, record):
    """What is told this month: awards of bids, renewals. A dock goes to work with its first funding."""
    bid, dock = streams.bid[s], streams.dock[s]
    if record.log.shape[0] > 0 and incomes.on[s, 0] == 1:
        for k in range(luck.cuts[s, 0]):
            if luck.cut_told[luck.cut_row[s] + k, 0] == t:
                note(0, t, CUT_ANNOUNCED, s, luck.cut_effective[luck.cut_row[s] + k, 0], record)
        for later in range(t, streams.shock.shape[1]):
            if streams.shock[s, later] != 1_000_000 and streams.shock_told[s, later] == t:
                note(0, t, CUT_ANNOUNCED, s, later, record)
    if bid >= 0 and streams.told[s] == t:
        for p in range(path.bank.shape[0]):
            if path.alive[p] == 1:
                won = luck.won[bid, p] == 1 and path.closing[p] < 0
                record.fates[WON if won else LOST, p] += 1
                note(p, t, BID_WON if won else BID_LOST, s, 0, record)
    if streams.asked[s] > 0 and (t == 0 or streams.decided[s, t] != streams.decided[s, t - 1]):
        for p in range(path.bank.shape[0]):
            told = min(luck.renewed[s, p], streams.decided[s, t])
            incomes.told_end[s, p] = streams.ends[s, told]
            before = streams.decided[s, t - 1] if t > 0 else 0
            if path.alive[p] == 1 and before < streams.decided[s, t] and luck.renewed[s, p] >= before:
                note(p, t, RENEWED if told == streams.decided[s, t] else NOT_RENEWED, s, 0, record)
    if streams.start[s] == t and t > 0:
        for p in range(path.bank.shape[0]):
            if incomes.on[s, p] == 1:
                note(p, t, GOES_LIVE, s, 0, record)
                if dock >= 0:
                    bays.working[dock, p] = 1
                    if bid < 0:
                        staff(t - 1, s, p, streams, posts, posts_of, teams, bays)
                    bays.leaving[dock, p] = -1
                    bays.at_risk[dock, p] = 0


_told = compiled(_told, inner=True)
amounts = compiled(_amounts, inner=True)


def _prices(t, moving, dearer, clock, lines, streams_of, luck, path, bays, month, record):
    """Step 5, lines: what they cost this month, to the charges of the docks that work."""
    m = clock.part[t]
    for c in range(lines.dock.shape[0]):
        rise, dock, k, noisy = lines.growth[c, t], lines.dock[c], lines.charge[c], lines.noise[c]
        if moving and lines.moves[c] == 1 and m == 1:
            rise_with_prices(1_000_000, rise, luck.economy.rise[clock.year[t]], month.line[c])
            rise = 0
        for p in range(path.bank.shape[0]):
            if rise != 0:
                month.line[c, p] = share(month.line[c, p], 1_000_000 + rise)
            if path.alive[p] == 0 or (dock >= 0 and bays.working[dock, p] == 0):
                continue
            yearly = month.line[c, p]
            cost = yearly // 12 + clock.bump[m, yearly % 12]
            if noisy >= 0:
                e = luck.noise[noisy, t, p]
                cost = math.floor((cost + e if lines.noise_pounds[c] == 1 else cost * e) + 0.5)
            month.nonpay[k, p] += cost
            month.spending[1, p] += cost
            if dock < 0:
                month.hub_spending[p] += cost
            elif bays.funded[dock, p] == 0 and streams_of[dock, 0] >= 0:
                record.fates[LATE_COST, p] += cost
    for c in range(lines.fixed_dock.shape[0]):
        dock, k, central = lines.fixed_dock[c], lines.fixed_charge[c], lines.fixed[c, t]
        moves = lines.fixed_moves[c, t]
        for p in range(path.bank.shape[0]):
            cost = central + moves_by(moves, dearer[p])
            if path.alive[p] == 1 and (dock < 0 or bays.working[dock, p] == 1):
                month.nonpay[k, p] += cost
                month.spending[1, p] += cost
                if dock < 0:
                    month.hub_spending[p] += cost
                elif bays.funded[dock, p] == 0 and streams_of[dock, 0] >= 0:
                    record.fates[LATE_COST, p] += cost


prices = compiled(_prices, inner=True)


def _funding_of_docks(streams_of, path, incomes, bays):
    """Which docks anything funds this month."""
    for d in range(bays.working.shape[0]):
        for p in range(path.bank.shape[0]):
            bays.funded[d, p] = 0
        for i in range(streams_of.shape[1]):
            s = streams_of[d, i]
            if s >= 0:
                for p in range(path.bank.shape[0]):
                    bays.funded[d, p] |= incomes.on[s, p]


funding_of_docks = compiled(_funding_of_docks, inner=True)
