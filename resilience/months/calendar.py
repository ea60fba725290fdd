"""What the calendar brings: amounts of streams, awards told, docks that go live, prices of April."""

from __future__ import annotations

import math

from resilience.chance import HOLD_OVER, NEW_TERM, OPTION
from resilience.compiled import compiled
from resilience.months.economy import moves_by
from resilience.months.people import staff
from resilience.months.record import note
from resilience.rows import (
    AMOUNT_BACK,
    AMOUNT_CUT,
    AMOUNT_RAISED,
    BID_LOST,
    BID_WON,
    CUT_ANNOUNCED,
    EXTENDED,
    GOES_LIVE,
    HELD_OVER,
    LATE_COST,
    LOST,
    NEVER,
    NOT_RENEWED,
    RENEWED,
    RISE_ANNOUNCED,
    STREAM_ENDS,
    WON,
)


def _share(amount, ppm):
    """round(amount · ppm/10⁶), halves away from zero, for amounts from nil."""
    whole, rest = amount // 1_000_000, amount % 1_000_000  # so that only the result could overflow
    return whole * ppm + (2 * rest * ppm + 1_000_000) // 2_000_000


share = compiled(_share, tiny=True)


def _moved_rise(part, central, more):
    """April's rise in ppm: the central one and a part of what this path's prices rise more; never below −1,000,000."""
    return max(-1_000_000, central + (2 * part * more + 1_000_000) // 2_000_000)


moved_rise = compiled(_moved_rise, tiny=True)


def _amounts(t, clock, streams, posts, posts_of, luck, path, incomes, teams, bays, record):
    """Step 1 for streams and bids: is it paid this month, and how much a year? docs/model.md, sections 4 and 5."""
    block = path.bank.shape[0]
    for s in range(streams.bid.shape[0]):
        turning, uplift, shock = streams.turning[s, t] == 1, streams.uplift[s, t], streams.shock[s, t]
        if turning:
            _told(t, s, streams, luck, path, incomes, record)
            _begin_or_end(t, s, streams, luck, path, incomes, record)
        tied = streams.cpi_share[s, t] if luck.economy.moves == 1 else 0
        if tied != 0:
            for p in range(block):
                if t > luck.begins[s, p]:
                    rise = moved_rise(tied, uplift, luck.economy.rise[clock.year[t], p])
                    incomes.yearly[s, p] = share(incomes.yearly[s, p], 1_000_000 + rise)
        elif uplift != 0:
            for p in range(block):
                if t > luck.begins[s, p]:
                    incomes.yearly[s, p] = share(incomes.yearly[s, p], 1_000_000 + uplift)
        if turning:
            _goes_on(t, s, streams, luck, incomes, record)
        for p in range(block if streams.cuttable[s] == 1 else 0):
            if incomes.cut_month[s, p] == t:
                _cut(t, s, p, streams, luck, incomes, record)
        if shock != 1_000_000:
            for p in range(block):
                incomes.yearly[s, p] = share(incomes.yearly[s, p], shock)
                if incomes.on[s, p] == 1:
                    yearly = share(incomes.yearly[s, p], streams.dip[s, t])
                    note(p, t, AMOUNT_CUT if shock < 1_000_000 else AMOUNT_RAISED, s, yearly, record)
        dip, before = streams.dip[s, t], streams.dip[s, t - 1] if t > 0 else 1_000_000
        if uplift != 0 or tied != 0 or turning or shock != 1_000_000 or dip != before or t == 0:
            for p in range(block):
                yearly = share(incomes.yearly[s, p], dip)
                incomes.whole[s, p], incomes.rest[s, p] = yearly // 12, yearly % 12
                if dip != before and incomes.on[s, p] == 1:
                    moved = AMOUNT_BACK if dip == 1_000_000 else AMOUNT_CUT if dip < before else AMOUNT_RAISED
                    note(p, t, moved, s, yearly, record)
        if record.log.shape[0] > 0 and incomes.on[s, 0] == 1:
            _cuts_announced(t, s, streams, luck, record)
        if turning and t > 0:
            _live(t, s, streams, posts, posts_of, luck, path, incomes, teams, bays, record)


def _told(t, s, streams, luck, path, incomes, record):
    """What is told this month: awards of bids, what follows the end of an award."""
    bid = streams.bid[s]
    for p in range(path.bank.shape[0] if bid >= 0 else 0):
        if luck.told[s, p] == t and path.alive[p] == 1:
            won = luck.won[bid, p] == 1 and path.closing[p] < 0
            record.fates[WON if won else LOST, p] += 1
            note(p, t, BID_WON if won else BID_LOST, s, 0, record)
    for p in range(path.bank.shape[0]):
        while incomes.telling_month[s, p] == t:
            k = incomes.telling[s, p]
            row = luck.turn_row[s] + k
            incomes.told_end[s, p] = luck.turn_until[row, p]
            incomes.telling[s, p] = k + 1
            incomes.telling_month[s, p] = luck.turn_told[row + 1, p] if k + 1 < luck.turns[s, p] else NEVER
            if path.alive[p] == 1:
                kind = luck.turn_kind[row, p]
                if kind == 0 and incomes.dropped[s, p] == 0 and (bid < 0 or luck.won[bid, p] == 1):
                    path.awards_lost[p] += 1
                event = NOT_RENEWED
                if kind == HOLD_OVER:
                    event = HELD_OVER
                elif kind == OPTION:
                    event = EXTENDED
                elif kind == NEW_TERM:
                    event = RENEWED
                months = luck.turn_until[row, p] - luck.turn_from[row, p]
                note(p, t, event, s, months, record)


_told = compiled(_told, inner=True)


def _goes_on(t, s, streams, luck, incomes, record):
    """A further term begins: its share of the amount, its instalments' first month, the shocks that have waited for it."""
    for p in range(incomes.term_end.shape[1]):
        while incomes.term_end[s, p] == t and incomes.turning[s, p] < luck.turns[s, p]:
            row = luck.turn_row[s] + incomes.turning[s, p]
            incomes.turning[s, p] += 1
            incomes.term_start[s, p] = t
            if luck.turn_until[row, p] == t:
                break  # it is over
            incomes.term_end[s, p] = luck.turn_until[row, p]
            if luck.turn_keep[row, p] != 1_000_000:
                incomes.yearly[s, p] = share(incomes.yearly[s, p], luck.turn_keep[row, p])
            if streams.waits[s] == 1 and luck.turn_kind[row, p] == NEW_TERM:
                _waited(t, s, p, streams, incomes, record)


def _waited(t, s, p, streams, incomes, record):
    """Shocks on a fixed-term award that would have counted since its present terms were agreed count from its new term on."""
    for since in range(incomes.agreed[s, p], t + 1):
        if streams.waiting[s, since] != 1_000_000:
            incomes.yearly[s, p] = share(incomes.yearly[s, p], streams.waiting[s, since])
            if incomes.on[s, p] == 1:
                note(p, t, AMOUNT_CUT, s, incomes.yearly[s, p], record)
    incomes.agreed[s, p] = t + 1


_waited = compiled(_waited, inner=True)
_goes_on = compiled(_goes_on, inner=True)


def _begin_or_end(t, s, streams, luck, path, incomes, record):
    """A stream begins, goes into a further term or ends; a bid goes live. Nothing new begins once closing is decided."""
    bid = streams.bid[s]
    for p in range(path.bank.shape[0]):
        start = luck.begins[s, p]
        on = (
            path.alive[p] == 1
            and start <= t < incomes.told_end[s, p]
            and incomes.dropped[s, p] == 0
            and (bid < 0 or luck.won[bid, p] == 1)
        )
        on = on and not (path.closing[p] >= 0 and start > path.closing[p])
        if incomes.on[s, p] == 1 and not on:
            note(p, t, STREAM_ENDS, s, 0, record)
            if luck.turns[s, p] == 0 and path.alive[p] == 1:
                path.awards_lost[p] += 1  # one with decisions counted when its end was told
        incomes.on[s, p] = 1 if on else 0


_begin_or_end = compiled(_begin_or_end, inner=True)


def _cut(t, s, p, streams, luck, incomes, record):
    """Cuts of one stream and path that count from this month."""
    row, k = luck.cut_row[s], incomes.next_cut[s, p]
    yearly = incomes.yearly[s, p]
    before = yearly
    while k < luck.cuts[s, p] and luck.cut_effective[row + k, p] == t:
        yearly = share(yearly, luck.cut_keep[row + k, p])
        k += 1
    incomes.next_cut[s, p] = k
    incomes.cut_month[s, p] = luck.cut_effective[row + k, p] if k < luck.cuts[s, p] else NEVER
    incomes.yearly[s, p] = yearly
    yearly = share(yearly, streams.dip[s, t])
    incomes.whole[s, p], incomes.rest[s, p] = yearly // 12, yearly % 12
    if incomes.on[s, p] == 1:
        note(p, t, AMOUNT_CUT if incomes.yearly[s, p] <= before else AMOUNT_RAISED, s, yearly, record)


_cut = compiled(_cut, inner=True)


def _cuts_announced(t, s, streams, luck, record):
    """Writes down the cuts of the first path that are told this month."""
    for k in range(luck.cuts[s, 0]):
        row = luck.cut_row[s] + k
        if luck.cut_told[row, 0] == t:
            falls = luck.cut_keep[row, 0] <= 1_000_000
            note(0, t, CUT_ANNOUNCED if falls else RISE_ANNOUNCED, s, luck.cut_effective[row, 0], record)
    for later in range(t, streams.shock.shape[1]):
        if streams.shock[s, later] != 1_000_000 and streams.shock_told[s, later] == t:
            note(0, t, CUT_ANNOUNCED if streams.shock[s, later] < 1_000_000 else RISE_ANNOUNCED, s, later, record)
        if streams.dip_told[s, later] == t:
            before = streams.dip[s, later - 1] if later > 0 else 1_000_000
            note(0, t, CUT_ANNOUNCED if streams.dip[s, later] < before else RISE_ANNOUNCED, s, later, record)


_cuts_announced = compiled(_cuts_announced, inner=True)


def _live(t, s, streams, posts, posts_of, luck, path, incomes, teams, bays, record):
    """A stream begins or a bid goes live after the first month: its dock goes to work."""
    dock = streams.dock[s]
    for p in range(path.bank.shape[0]):
        if luck.begins[s, p] == t and incomes.on[s, p] == 1:
            note(p, t, GOES_LIVE, s, 0, record)
            if dock >= 0:
                bays.working[dock, p] = 1
                if streams.bid[s] < 0:
                    staff(t - 1, s, p, streams, posts, posts_of, luck, teams, bays)
                bays.leaving[dock, p] = -1
                bays.at_risk[dock, p] = 0


_live = compiled(_live, inner=True)
amounts = compiled(_amounts, inner=True)


def _prices(t, moving, dearer, clock, lines, streams_of, luck, path, bays, month, record):
    """Step 5, lines: what they cost this month, to the charges of the docks that work."""
    m = clock.part[t]
    for c in range(lines.dock.shape[0]):
        rise, dock, k, noisy = lines.growth[c, t], lines.dock[c], lines.charge[c], lines.noise[c]
        if moving and lines.moves[c] == 1 and m == 1:
            for p in range(path.bank.shape[0]):
                more = moved_rise(1_000_000, rise, luck.economy.rise[clock.year[t], p])
                month.line[c, p] = share(month.line[c, p], 1_000_000 + more)
            rise = 0
        for p in range(path.bank.shape[0]):
            if rise != 0:
                month.line[c, p] = share(month.line[c, p], 1_000_000 + rise)
            if path.alive[p] == 0 or (dock >= 0 and bays.working[dock, p] == 0):
                continue
            yearly = share(month.line[c, p], lines.level[c, t])
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


def _funding_of_docks(t, streams_of, luck, path, incomes, bays):
    """Which docks anything funds this month; what is cut to nothing does not."""
    for d in range(bays.working.shape[0]):
        for p in range(path.bank.shape[0]):
            bays.funded[d, p] = 0
        for i in range(streams_of.shape[1]):
            s = streams_of[d, i]
            if s >= 0:
                for p in range(path.bank.shape[0]):
                    bays.funded[d, p] |= incomes.on[s, p] if luck.nothing[s, p] > t else 0


funding_of_docks = compiled(_funding_of_docks, inner=True)
