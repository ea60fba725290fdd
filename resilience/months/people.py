"""Heads: joiners, leavers, notices that end, redeployment, and what they cost this month. docs/model.md, section 6."""

from __future__ import annotations

import math

import numpy as np

from resilience.compiled import compiled
from resilience.months.economy import moved
from resilience.months.record import note
from resilience.rows import JOINS, LATE_COST, LEAVES, MADE_REDUNDANT, POSTS_LOST, REDEPLOYED


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


def _take_slot(g, p, since, posts, u, teams):
    """A head comes into the first empty slot of its group and gets a threshold."""
    if posts.hazard[g] > 0.0:
        for h in range(posts.heads[g]):
            if teams.target[g, h, p] == math.inf:
                teams.target[g, h, p] = threshold(g, h, p, since, posts, u, teams)
                break
        soonest(g, p, posts.heads[g], teams)


take_slot = compiled(_take_slot, inner=True)


def _leave_slot(g, p, posts, teams):
    """A head that goes for another reason than its threshold empties the last slot in use."""
    if posts.hazard[g] > 0.0:
        for h in range(posts.heads[g] - 1, -1, -1):
            if teams.target[g, h, p] < math.inf:
                teams.target[g, h, p] = math.inf
                break
        soonest(g, p, posts.heads[g], teams)


leave_slot = compiled(_leave_slot, inner=True)


def _summed(t, g, p, posts, teams):
    """Hazard of a group from the opening to the end of month t."""
    return teams.summed[g, p] if posts.restless == 1 else posts.hazard[g] * (t + 1)


summed = compiled(_summed, inner=True)


def _sum_hazards(posts, teams):
    """One month more of every group's hazard, with what has moved its turnover this month."""
    for g in range(posts.heads.shape[0]):
        for p in range(teams.summed.shape[1]):
            teams.summed[g, p] += posts.hazard[g] * teams.unrest[g, p]
        for p in range(teams.summed.shape[1]):
            teams.unrest[g, p] = 1.0


sum_hazards = compiled(_sum_hazards, inner=True)


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
                    take_slot(g, p, summed(t - 1, g, p, posts, teams), posts, u, teams)
                    note(p, t, JOINS, g, 0, record)
                month.joined[p] += joiners
                cost = joiners * posts.recruiting_cost[g]
                month.spending[2, p] += cost
                month.payments[p] += cost
                path.bank[p] -= cost
        for p in range(path.bank.shape[0]):
            teams.paid[g, p] = teams.heads[g, p] * path.alive[p]
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
    if posts.restless == 1:
        sum_hazards(posts, teams)
    for g in range(posts.heads.shape[0]):
        for p in range(path.bank.shape[0]):
            if path.alive[p] == 0:
                continue
            hazard = summed(t, g, p, posts, teams)
            if teams.served[g, p] >= 0 and teams.heads[g, p] > 0 and t > teams.served[g, p]:
                _end_notices(t, g, p, more, posts, redeployment, u, path, teams, month, record)
            while teams.next_leave[g, p] <= hazard:
                for h in range(posts.heads[g]):
                    if teams.target[g, h, p] == teams.next_leave[g, p]:
                        teams.target[g, h, p] = math.inf
                        break
                soonest(g, p, posts.heads[g], teams)
                if teams.heads[g, p] > 0:
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


_shortest_service_leaves = compiled(_shortest_service_leaves, inner=True)


def _advertise(t, g, p, posts, path, teams):
    """A post empty from month t on is filled `recruiting` months later, unless recruitment is frozen or notice is served."""
    if teams.served[g, p] >= 0 or path.closing[p] >= 0:
        return
    if path.frozen[p] >= 0:
        teams.unfilled[g, p] += 1
    elif t + posts.recruiting[g] < teams.joins.shape[1]:
        teams.joins[g, t + posts.recruiting[g], p] += 1


advertise = compiled(_advertise, inner=True)


def _end_notices(t, g, p, more, posts, redeployment, u, path, teams, month, record):
    """Those whose notice ends this month take a like vacancy elsewhere or are made redundant, longest service first."""
    served = teams.served[g, p]
    since = served + teams.consulting[g, p]
    old, others, read, kept = teams.old[g, p], teams.others_number[g, p], 0, 0
    number = posts.heads[g] - teams.heads[g, p]  # each that goes has a uniform of its own
    while old > 0 or read < others:
        from_opening = old > 0 and (read == others or teams.others[g, read, p] > posts.began[g])
        began = posts.began[g] if from_opening else np.int64(teams.others[g, read, p])
        goes = t >= since + posts.notice[g, began + posts.oldest, served]
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
            _goes(t, g, p, began, number, more, posts, redeployment, u, path, teams, month, record)
            number += 1
    teams.others_number[g, p] = kept


def _goes(t, g, p, began, number, more, posts, redeployment, u, path, teams, month, record):
    """One head: redeployed from next month on, or paid off in this, its last month."""
    leave_slot(g, p, posts, teams)
    if redeployment > 0.0 and u[posts.moves[g] + 4 * min(number, posts.heads[g] - 1), p] <= redeployment:
        for other in range(posts.heads.shape[0]):
            if other != g and posts.kind[other] == posts.kind[g] and teams.served[other, p] < 0:
                for later in range(t + 1, teams.joins.shape[1]):
                    if teams.joins[other, later, p] > 0:
                        teams.joins[other, later, p] -= 1
                        insert(other, p, began, teams)
                        take_slot(other, p, summed(t, other, p, posts, teams), posts, u, teams)
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
    note(p, t, MADE_REDUNDANT, g, due, record)


_goes = compiled(_goes, inner=True)
_end_notices = compiled(_end_notices, inner=True)
go = compiled(_go, inner=True)


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
    lacking = posts.heads[g] - teams.heads[g, p] - teams.unfilled[g, p]
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
