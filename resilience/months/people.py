"""Heads: joiners, leavers, notices that end, redeployment, and what they cost this month. docs/model.md, section 6."""

from __future__ import annotations

import math

import numpy as np

from resilience.compiled import compiled
from resilience.months.economy import moved
from resilience.months.record import note
from resilience.rows import (
    CONTRACT_ENDS,
    FIXED_TERM,
    JOINS,
    LATE_COST,
    LEAVES,
    MADE_REDUNDANT,
    NEVER,
    PENSION_EXIT,
    POSTS_LOST,
    REDEPLOYED,
)


def _threshold(g, slot, p, since, posts, u, teams):
    """Hazard, summed from the opening, at which the head in a slot leaves; −log of its next uniform beyond `since`."""
    used = teams.used[g, slot, p]
    if posts.hazard[g] == 0.0 or used >= posts.gaps[g]:
        return math.inf
    teams.used[g, slot, p] = used + 1
    return since - math.log(u[posts.leaves[g] + slot * posts.gaps[g] + used, p])


threshold = compiled(_threshold, inner=True)


def _soonest(g, p, heads, teams):
    """Brings the group's next threshold up to date."""
    least = math.inf
    for h in range(heads):
        least = min(least, teams.target[g, h, p])
    teams.next_leave[g, p] = least


soonest = compiled(_soonest, inner=True)


def _take_slot(g, p, began, since, posts, u, teams):
    """A head that began in month `began` comes into the first empty slot of its group and gets a threshold."""
    if posts.hazard[g] > 0.0:
        for h in range(posts.places[g]):
            if teams.target[g, h, p] == math.inf:
                teams.target[g, h, p] = threshold(g, h, p, since, posts, u, teams)
                if posts.each == 1:
                    teams.since[g, h, p] = began
                break
        soonest(g, p, posts.places[g], teams)


take_slot = compiled(_take_slot, inner=True)


def _leave_slot(g, p, began, posts, teams):
    """A head that goes for another reason than its threshold empties the last slot in use, or that of one with its service."""
    if posts.hazard[g] > 0.0:
        for h in range(posts.places[g] - 1, -1, -1):
            if teams.target[g, h, p] < math.inf and (posts.each == 0 or teams.since[g, h, p] == began):
                teams.target[g, h, p] = math.inf
                break
        soonest(g, p, posts.places[g], teams)


leave_slot = compiled(_leave_slot, inner=True)


def _summed(t, g, p, posts, teams):
    """Hazard of a group from the opening to the end of month t, with what moved its turnover on this path."""
    return posts.hazard[g] * (t + 1) + teams.extra[g, p]


summed = compiled(_summed, inner=True)


def _worry(posts, posts_of, path, teams, bays):
    """People under notice that may yet be withdrawn look for another post more than others."""
    for d in range(bays.working.shape[0]):
        for p in range(path.bank.shape[0]):
            if bays.at_risk[d, p] == 0 or path.alive[p] == 0:
                continue
            for i in range(posts_of.shape[1]):
                g = posts_of[d, i]
                if g >= 0 and teams.served[g, p] >= 0:
                    teams.extra[g, p] += posts.hazard[g] * posts.at_risk


worry = compiled(_worry, inner=True)


def _insert(g, p, began, teams):
    """Adds a head that began in month `began` to those who are not of the opening, longest service first."""
    k = teams.others_number[g, p]
    while k > 0 and teams.others[g, k - 1, p] > began:
        teams.others[g, k, p] = teams.others[g, k - 1, p]
        k -= 1
    teams.others[g, k, p] = began
    teams.others_number[g, p] += 1
    teams.heads[g, p] += 1


insert = compiled(_insert, inner=True)


def _moving(t, g, k, streams_of, posts, path, teams, bays, month):
    """The pence of a group's pay that move with earnings, whole numbers held as floats: those run on vectors."""
    dock, pay, nic = posts.dock[g], float(posts.pay_moves[g, t]), float(posts.nic_moves[g, t])
    both = pay + nic
    for p in range(path.bank.shape[0]):
        month.pay_moves[k, p] += teams.paid[g, p] * pay
    for p in range(path.bank.shape[0]):
        month.nic_moves[k, p] += teams.paid[g, p] * nic
    if dock < 0:
        for p in range(path.bank.shape[0]):
            month.team_moves[0, p] += teams.paid[g, p] * both
    elif streams_of[dock, 0] >= 0:
        for p in range(path.bank.shape[0]):
            month.team_moves[1, p] += (1 - bays.funded[dock, p]) * teams.paid[g, p] * both


_moving = compiled(_moving, inner=True)


def _learn(t, g, posts, path, teams):
    """What of a group's paid heads the newly hired do not carry yet: in month k of r a head carries (k + ½)/r, k from nil."""
    r = posts.ramp[g]
    for p in range(path.bank.shape[0]):
        lacking = 0.0
        for i in range(teams.others_number[g, p] - 1, -1, -1):
            k = t - teams.others[g, i, p]
            if k >= r or path.alive[p] == 0:
                break
            lacking += 1.0 - (k + 0.5) / r
        teams.learning[g, p] = lacking


_learn = compiled(_learn, inner=True)


def _join_and_pay(t, moving, posts, streams_of, u, path, teams, bays, month, record):
    """Joiners come; everybody in post is paid to the end of the month."""
    for g in range(posts.heads.shape[0]):
        k, dock, pay, nic, pension = (
            posts.charge[g],
            posts.dock[g],
            posts.pay[g, t],
            posts.nic[g, t],
            posts.pension[g, t],
        )
        for p in range(path.bank.shape[0]):
            joiners = teams.joins[g, t, p]
            if joiners > 0 and path.alive[p] == 1:
                for _ in range(joiners):
                    insert(g, p, np.int64(t), teams)
                    take_slot(g, p, t, summed(t - 1, g, p, posts, teams), posts, u, teams)
                    note(p, t, JOINS, g, 0, record)
                month.joined[p] += joiners
                cost = joiners * posts.recruiting_cost[g]
                month.spending[2, p] += cost
                month.payments[p] += cost
                path.bank[p] -= cost
        for p in range(path.bank.shape[0]):
            teams.paid[g, p] = teams.heads[g, p] * path.alive[p]
        if posts.ramp[g] > 0:
            _learn(t, g, posts, path, teams)
        for p in range(path.bank.shape[0]):  # one array written in each loop: it then runs on vectors
            month.pay[k, p] += teams.paid[g, p] * (pay + pension)
        for p in range(path.bank.shape[0]):
            month.nic[k, p] += teams.paid[g, p] * nic
        if moving:
            _moving(t, g, k, streams_of, posts, path, teams, bays, month)
        if dock < 0:
            for p in range(path.bank.shape[0]):
                month.hub_spending[p] += teams.paid[g, p] * (pay + nic + pension)
        elif streams_of[dock, 0] >= 0:
            for p in range(path.bank.shape[0]):
                record.fates[LATE_COST, p] += (1 - bays.funded[dock, p]) * teams.paid[g, p] * (pay + nic + pension)


join_and_pay = compiled(_join_and_pay, inner=True)


def _go(t, more, posts, redeployment, u, path, teams, month, record):
    """At the month's end: notices end, leavers go; vacancies are advertised."""
    for g in range(posts.heads.shape[0]):
        for p in range(path.bank.shape[0]):
            if path.alive[p] == 0:
                continue
            hazard, leaver = posts.hazard[g] * (t + 1) + teams.extra[g, p], 0  # `summed`, without a call
            if teams.served[g, p] >= 0 and teams.heads[g, p] > 0 and t > teams.served[g, p]:
                _let_go(t, g, p, 0, more, posts, redeployment, u, path, teams, month, record)
            while teams.next_leave[g, p] <= hazard:
                for h in range(posts.places[g]):
                    if teams.target[g, h, p] == teams.next_leave[g, p]:
                        teams.target[g, h, p] = math.inf
                        leaver = h
                        break
                soonest(g, p, posts.places[g], teams)
                if teams.heads[g, p] > 0:
                    if posts.each == 1:
                        _that_head_leaves(g, p, teams.since[g, leaver, p], posts, teams)
                    else:
                        _shortest_service_leaves(g, p, posts, teams)
                    month.left[p] += 1
                    note(p, t, LEAVES, g, 0, record)
                    advertise(t + 1, g, p, posts, path, teams)


def _shortest_service_leaves(g, p, posts, teams):
    k = teams.others_number[g, p]
    if k > 0 and (teams.old[g, p] == 0 or teams.others[g, k - 1, p] >= posts.began[g]):
        teams.others_number[g, p] = k - 1
    else:
        teams.old[g, p] -= 1
    teams.heads[g, p] -= 1


def _that_head_leaves(g, p, began, posts, teams):
    """Who began in month `began` leaves."""
    teams.heads[g, p] -= 1
    if began == posts.began[g] and teams.old[g, p] > 0:
        teams.old[g, p] -= 1
        return
    found = 0
    for k in range(teams.others_number[g, p]):
        if found == 0 and teams.others[g, k, p] == began:
            found = 1
        elif found == 1:
            teams.others[g, k - 1, p] = teams.others[g, k, p]
    teams.others_number[g, p] -= found


_that_head_leaves = compiled(_that_head_leaves, inner=True)
_shortest_service_leaves = compiled(_shortest_service_leaves, inner=True)


def _advertise(t, g, p, posts, path, teams):
    """A post empty from month t on is filled `recruiting` months later, unless recruitment is frozen or notice is served.

    It is filled in the group that its own names, and changes over to it.
    """
    if posts.filled_in[g] != g:
        teams.posts[g, p] -= 1
        g = posts.filled_in[g]
        teams.posts[g, p] += 1
    if teams.served[g, p] >= 0 or path.closing[p] >= 0:
        return
    if path.frozen[p] >= 0 or (path.blending[p] >= 0 and posts.helped[g] == 1):
        teams.unfilled[g, p] += 1
    elif t + posts.recruiting[g] < min(teams.joins.shape[1], posts.ends[g] + 1 if posts.ends[g] >= 0 else NEVER):
        teams.joins[g, t + posts.recruiting[g], p] += 1


advertise = compiled(_advertise, inner=True)


def _let_go(t, g, p, ending, more, posts, redeployment, u, path, teams, month, record):
    """Those whose notice ends this month take a like vacancy elsewhere or are made redundant, longest service first.

    Or, `ending`, those whose fixed-term contract ends go.

    Notice counts the service there is when it begins, after consultation.
    """
    since = teams.served[g, p] + teams.consulting[g, p]
    begins = min(since, posts.notice.shape[2] - 1)
    old, others, read, kept = teams.old[g, p], teams.others_number[g, p], 0, 0
    number = posts.places[g] - teams.heads[g, p]  # each that goes has a uniform of its own
    while old > 0 or read < others:
        from_opening = old > 0 and (read == others or teams.others[g, read, p] > posts.began[g])
        began = posts.began[g] if from_opening else np.int64(teams.others[g, read, p])
        goes = (
            t + 1 - began < posts.limit if ending == 1 else t >= since + posts.notice[g, began + posts.oldest, begins]
        )
        if from_opening:
            old -= 1
            teams.old[g, p] -= 1 if goes else 0
        else:
            read += 1
            if not goes:
                teams.others[g, kept, p] = began
                kept += 1
        if goes:
            teams.heads[g, p] -= 1
            _goes(t, g, p, began, number, ending, more, posts, redeployment, u, path, teams, month, record)
            number += 1
    teams.others_number[g, p] = kept


def _contracts_end(t, more, posts, redeployment, u, posts_of, path, teams, bays, month, record):
    """Fixed-term contracts that end with this month are not renewed: who is not permanent by length of service goes.

    They end in their last month, or with the last month that their dock is funded, once that is told. Redundancy pay from two years'
    service, and holiday.
    """
    for g in range(posts.heads.shape[0]):
        d = posts.dock[g]
        for p in range(path.bank.shape[0] if posts.form[g] == FIXED_TERM else 0):
            if path.alive[p] == 0 or teams.heads[g, p] == 0 or t < contract_end(g, p, posts, bays) - 1:
                continue
            _let_go(t, g, p, 1, more, posts, redeployment, u, path, teams, month, record)
            teams.unfilled[g, p] = 0
            for later in range(t + 1, teams.joins.shape[1]):
                teams.joins[g, later, p] = 0
            heads = 0
            for i in range(posts_of.shape[1] if posts.ends[g] < 0 else 0):
                other = posts_of[d, i]
                heads += teams.heads[other, p] if other >= 0 else 0
            if posts.ends[g] < 0 and heads == 0 and bays.leaving[d, p] < 0:
                bays.leaving[d, p] = t  # nobody is left: the dock closes


def _contract_end(g, p, posts, bays):
    """First month after the contracts of a fixed-term group, by what has been told; NEVER while that waits for a decision."""
    if posts.ends[g] >= 0:
        return posts.ends[g] + 1
    d = posts.dock[g]
    return NEVER if bays.untold[d, p] == 1 or bays.working[d, p] == 0 else bays.end[d, p]


contract_end = compiled(_contract_end, inner=True)


def _runs_out(t, g, p, whole, posts, teams, bays):
    """Do the contracts of everybody in a group end by themselves, so that nobody serves notice on them?

    With the funding of the dock; where it is not the funding that ends (`whole`), or the file says when, only before notice would end.
    """
    if posts.form[g] != FIXED_TERM:
        return False
    d, first = posts.dock[g], t
    end = posts.ends[g] + 1 if posts.ends[g] >= 0 else bays.end[d, p]
    if teams.old[g, p] > 0:
        first = posts.began[g]
    if teams.others_number[g, p] > 0:
        first = min(first, teams.others[g, 0, p])
    if end - first >= posts.limit:
        return False
    if not whole and posts.ends[g] < 0:
        return True
    soon = min(t + 1, posts.notice.shape[2] - 1)
    return end - 1 <= t + posts.notice[g, first + posts.oldest, soon]


runs_out = compiled(_runs_out, inner=True)


def _goes(t, g, p, began, number, ending, more, posts, redeployment, u, path, teams, month, record):
    """One head: redeployed from next month on, or paid off in this, its last month."""
    leave_slot(g, p, began, posts, teams)
    if (
        redeployment > 0.0
        and ending == 0
        and u[posts.moves[g] + 4 * min(number, posts.places[g] - 1), p] <= redeployment
    ):
        for other in range(posts.heads.shape[0]):
            if posts.takes[g, other] == 1 and teams.served[other, p] < 0:
                for later in range(t + 1, teams.joins.shape[1]):
                    if teams.joins[other, later, p] > 0:
                        teams.joins[other, later, p] -= 1
                        insert(other, p, began, teams)
                        take_slot(other, p, began, summed(t, other, p, posts, teams), posts, u, teams)
                        note(p, t, REDEPLOYED, g, other, record)
                        return
    due = moved(posts.exit_pay[g, began + posts.oldest, t], more[p])
    if posts.transferred[g] >= 0:  # the outgoing employer bears redundancy pay, as far as its indemnity goes
        borne = min(teams.indemnity[g, p], due - moved(posts.holiday[g, t], more[p]))
        teams.indemnity[g, p] -= borne
        due -= borne
    month.spending[2, p] += due
    month.payments[p] += due
    path.bank[p] -= due
    if posts.dock[g] >= 0:
        month.exits[posts.dock[g], p] += due
    month.left[p] += 1
    record.fates[POSTS_LOST, p] += 1
    note(p, t, CONTRACT_ENDS if ending == 1 else MADE_REDUNDANT, g, due, record)


_goes = compiled(_goes, inner=True)
_let_go = compiled(_let_go, inner=True)
contracts_end = compiled(_contracts_end, inner=True)
go = compiled(_go, inner=True)


def _leave_scheme(t, money, posts, path, teams, month, record):
    """The exit debt of a final-salary scheme falls due when its last active member has left, or its admission ends."""
    for p in range(path.bank.shape[0]):
        if path.alive[p] == 0 or path.exited[p] == 1:
            continue
        paid, members = 0, 0
        for g in range(posts.heads.shape[0]):
            paid += teams.paid[g, p] * posts.member[g]
            members += teams.heads[g, p] * posts.member[g]
        if (paid > 0 and members == 0) or t >= money.scheme_until:
            path.exited[p] = 1
            month.spending[2, p] += money.exit_debt
            month.payments[p] += money.exit_debt
            path.bank[p] -= money.exit_debt
            note(p, t, PENSION_EXIT, 0, money.exit_debt, record)


leave_scheme = compiled(_leave_scheme, inner=True)


def _liability_of_heads(t, moving, more, posts, path, teams, month):
    """What notice, redundancy and holiday of everybody in post would cost at this month-end, into `liability`."""
    for g in range(posts.heads.shape[0]):
        old = posts.liability[g, posts.began[g] + posts.oldest, t]
        recent = posts.liability[g, t + posts.oldest, t]  # below two years' service nothing depends on its length
        for p in range(path.bank.shape[0]):
            if path.alive[p] == 0:
                continue
            due, number = teams.old[g, p] * old, teams.others_number[g, p]
            for i in range(number):
                if teams.others[g, i, p] > t - 23:
                    due += (number - i) * recent
                    break
                due += posts.liability[g, teams.others[g, i, p] + posts.oldest, t]
            month.liability[p] += due
    if moving:
        for p in range(path.bank.shape[0]):
            if path.alive[p] == 1:
                month.liability[p] = moved(month.liability[p], more[p])
    for g in range(posts.heads.shape[0]):
        if posts.transferred[g] >= 0:
            _indemnified(t, g, posts, path, teams, month)


def _indemnified(t, g, posts, path, teams, month):
    """What the outgoing employer still bears of the redundancy pay of those who came with a contract is not ours to find."""
    for p in range(path.bank.shape[0]):
        redundancy = 0
        for i in range(teams.others_number[g, p] if path.alive[p] == 1 else 0):
            redundancy += posts.exit_pay[g, teams.others[g, i, p] + posts.oldest, t] - posts.holiday[g, t]
        month.liability[p] -= min(teams.indemnity[g, p], redundancy)


_indemnified = compiled(_indemnified, inner=True)


liability_of_heads = compiled(_liability_of_heads, inner=True)


def _fill(t, g, p, earliest, posts, teams):
    """Advertises what the group lacks of its number of posts: heads join when recruited, not before month `earliest`.

    What was booked for a later go-live comes forward.
    """
    if teams.here[g, p] == 0:
        return  # they come with a contract that has not begun
    later = max(earliest, t + 1 + posts.recruiting[g])
    if 0 <= posts.ends[g] < later:
        return  # their contracts would have ended
    lacking = teams.posts[g, p] - teams.heads[g, p] - teams.unfilled[g, p]
    for month in range(t + 1, teams.joins.shape[1]):
        if month > later:
            teams.joins[g, month, p] = 0
        lacking -= teams.joins[g, month, p]
    if lacking > 0 and later < teams.joins.shape[1]:
        teams.joins[g, later, p] += lacking


fill = compiled(_fill, inner=True)


def _staff(t, s, p, streams, posts, posts_of, luck, teams, bays):
    """The posts of the dock that an award funds are filled, from go-live on or when recruited."""
    dock = streams.dock[s]
    for i in range(posts_of.shape[1]):
        g = posts_of[dock, i]
        if g < 0:
            break
        if teams.served[g, p] >= 0:
            teams.served[g, p] = -1
        fill(t, g, p, luck.begins[s, p], posts, teams)
    bays.leaving[dock, p] = -1


staff = compiled(_staff, inner=True)
