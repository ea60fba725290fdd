"""Volunteers: who is supervised counts, who is not adds nothing and leaves faster; how they come and go. docs/model.md, section 6."""

from __future__ import annotations

import math

from resilience.compiled import compiled


def _supervise(t, posts, volunteers, path, teams, bays, month):
    """Step 2: volunteers counted in each dock, in full-time equivalents that carry cases; what the hub's supervision needs; their cost.

    Supervisors are full-time equivalents paid this month; groups with the same supervisors are supervised in the order of their places.
    """
    for d in range(teams.help.shape[0]):
        for p in range(path.bank.shape[0]):
            teams.help[d, p] = 0.0
    for p in range(path.bank.shape[0]):
        path.supervising[p] = 0.0
    for w in range(volunteers.dock.shape[0]):
        d, g, each = volunteers.dock[w], volunteers.supervisor[w], 1.0 / volunteers.each[w]
        for p in range(path.bank.shape[0]):
            if path.alive[p] == 0 or bays.working[d, p] == 0:
                teams.supervised[w, p] = 0.0
                continue
            left = 0.0
            for other in range(posts.heads.shape[0]):
                if other == g or (g < 0 and posts.dock[other] < 0):
                    left += teams.paid[other, p] * posts.hours[other]
            for before in range(w):
                if volunteers.supervisor[before] == g:
                    left -= teams.supervised[before, p] / volunteers.each[before]
            counted = min(teams.there[w, p], max(0.0, left) * volunteers.each[w])
            teams.supervised[w, p] = counted
            teams.help[d, p] += counted * volunteers.fte[w]
            path.supervising[p] += teams.there[w, p] * each if g < 0 else 0.0
            cost = math.floor(teams.there[w, p] * volunteers.cost[w, t] + 0.5)
            month.nonpay[volunteers.charge[w], p] += cost
            month.spending[1, p] += cost


def _come_and_go(posts, posts_of, volunteers, path, teams, bays):
    """At the month's end: who is supervised leaves at the usual rate, who is not faster; new ones come, up to the number there is room for.

    While volunteers go into vacancies there is room for as many more as the hours of the posts left unfilled make.
    """
    for w in range(volunteers.dock.shape[0]):
        d = volunteers.dock[w]
        for p in range(path.bank.shape[0]):
            if path.alive[p] == 0 or bays.working[d, p] == 0:
                continue
            room = volunteers.number[w]
            for i in range(posts_of.shape[1] if path.blending[p] >= 0 else 0):
                g = posts_of[d, i]
                if g >= 0:
                    room += teams.unfilled[g, p] * posts.hours[g] / volunteers.hours[w]
            alone = teams.there[w, p] - teams.supervised[w, p]
            stay = teams.there[w, p] - teams.supervised[w, p] * volunteers.leave[w] - alone * volunteers.leave_alone[w]
            teams.there[w, p] = max(stay, min(room, stay + volunteers.come[w]))


supervise = compiled(_supervise, inner=True)
come_and_go = compiled(_come_and_go, inner=True)
