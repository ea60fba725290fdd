"""What docks deliver this month. docs/model.md, section 7."""

from __future__ import annotations

import math

from resilience.compiled import compiled
from resilience.rows import MERGED


def _places(v, posts, services, posts_of, teams, room):
    """Σ FTE × productivity × caseload of those paid this month in the dock of service v, into `room`."""
    for p in range(room.shape[0]):
        room[p] = 0.0
    for i in range(posts_of.shape[1]):
        g = posts_of[services.dock[v], i]
        if g >= 0:
            hours, productivity = posts.hours[g], posts.productivity[g]
            for p in range(room.shape[0]):
                room[p] += teams.paid[g, p] * hours * productivity
            if posts.ramp[g] > 0:
                for p in range(room.shape[0]):
                    room[p] -= teams.learning[g, p] * hours * productivity
    for p in range(room.shape[0] if teams.supervised.shape[0] > 0 else 0):
        room[p] += min(teams.help[services.dock[v], p], services.most[v] * room[p])
    for p in range(room.shape[0]):
        room[p] *= services.caseload[v]


places = compiled(_places, inner=True)


def _places_at_the_partner(v, p, posts, services, posts_of, teams):
    """Places of the heads who went over to the partner: they are no longer paid by us."""
    room = 0.0
    for i in range(posts_of.shape[1]):
        g = posts_of[services.dock[v], i]
        if g >= 0:
            room += teams.heads[g, p] * posts.hours[g] * posts.productivity[g]
    return (room + min(teams.help[services.dock[v], p], services.most[v] * room)) * services.caseload[v]


_places_at_the_partner = compiled(_places_at_the_partner, inner=True)


def _deliver(t, posts, services, posts_of, luck, path, teams, bays, cases, month, record):
    """Step 9: cases close and open; into `people`: capacity, demand, served, unmet. A path that has ended turns all away; after a merger
    the teams go on with the partner as they stood.
    """
    for v in range(services.dock.shape[0]):
        noisy, room = services.noise[v], month.heads[0]
        hard = luck.hard.shape[0] > 0 and services.after[v] != 1.0
        places(v, posts, services, posts_of, teams, room)
        for p in range(path.bank.shape[0]):
            merged = path.ending[p] == MERGED
            if merged and path.alive[p] == 0:
                room[p] = _places_at_the_partner(v, p, posts, services, posts_of, teams)
            if hard and luck.hard[t, p] == 1:
                cases.grown[v, p] *= services.after[v]
            referrals = luck.referrals[v, p] * services.growth[v, t] * cases.grown[v, p]
            if noisy >= 0:
                e = luck.noise[noisy, t, p]
                referrals = max(0.0, referrals + e / 100.0 if services.noise_pounds[v] == 1 else referrals * e)
            open_cases, waiting = cases.open[v, p], cases.waiting[v, p]
            demand = open_cases + waiting + referrals
            if (path.alive[p] == 0 and not merged) or bays.working[services.dock[v], p] == 0:
                cases.open[v, p] = 0.0
                cases.waiting[v, p] = 0.0
                cases.served[v, p] = 0.0
                cases.used[t % 3, v, p] = 0.0
                month.people[1, p] += demand
                month.people[3, p] += demand
                record.turned_away[p] += demand
                continue
            closing = min(open_cases, open_cases / services.length[v])
            starts = max(0.0, min(referrals + waiting, room[p] - (open_cases - closing)))
            unmet = waiting + referrals - starts
            cases.open[v, p] = open_cases - closing + starts
            cases.waiting[v, p] = unmet * services.waits[v]
            cases.served[v, p] = open_cases + starts
            capacity = max(open_cases, room[p] + closing)
            cases.used[t % 3, v, p] = demand / capacity if capacity > 0.0 else (math.inf if demand > 0.0 else 0.0)
            month.people[4, p] += closing
            for k in range(services.worth.shape[1]):
                record.worth[k, p] += closing * services.worth[v, k, t]
            month.people[0, p] += capacity
            month.people[1, p] += demand
            month.people[2, p] += open_cases + starts
            month.people[3, p] += unmet
            record.turned_away[p] += unmet * (1.0 - services.waits[v])
            record.served[p] += starts + (open_cases if t == 0 else 0.0)


deliver = compiled(_deliver, inner=True)


def _wear(t, posts, services, posts_of, path, teams, bays, cases):
    """People of a dock that has been asked for more than there is room leave more: by the most that one of its busy services says."""
    for d in range(bays.working.shape[0] if t >= 3 else 0):
        for p in range(path.bank.shape[0]):
            most = 0.0
            for v in range(services.dock.shape[0]):
                if services.dock[v] == d and bays.working[d, p] == 1 and path.alive[p] == 1:
                    mean = (cases.used[0, v, p] + cases.used[1, v, p] + cases.used[2, v, p]) / 3.0
                    most = max(most, services.strain[v]) if mean > services.busy[v] else most
            for i in range(posts_of.shape[1] if most > 0.0 else 0):
                g = posts_of[d, i]
                if g >= 0:
                    teams.extra[g, p] += posts.hazard[g] * most


def _year_of(ring, t, into):
    """The sum of up to twelve months, those played so far; ring float64 (12, block)."""
    for p in range(into.shape[0]):
        into[p] = 0.0
    for k in range(min(t + 1, 12)):
        for p in range(into.shape[0]):
            into[p] += ring[k, p]


_year_of = compiled(_year_of, inner=True)


def _recover(t, path, cases, month):
    """What funds docks over the cost of everything that recurs, docks and hub, of up to twelve months; after an end it stands as it was."""
    block = path.bank.shape[0]
    for p in range(block):
        cases.earned[t % 12, p] = month.tied[p]
        cases.borne[t % 12, p] = month.spending[0, p] + month.spending[1, p]
    earned, borne = month.heads[0], month.heads[1]
    _year_of(cases.earned, t, earned)
    _year_of(cases.borne, t, borne)
    for p in range(block):
        if path.alive[p] == 1:
            month.recovery[p] = earned[p] / borne[p] if borne[p] > 0.0 else math.inf


recover = compiled(_recover, inner=True)


def _tell_services(t, path, cases, month):
    """Utilisation of all services, the mean of up to three months, and what a completed person has cost over up to twelve."""
    months, block = min(t + 1, 3), path.bank.shape[0]
    for p in range(block):
        capacity, demand = month.people[0, p], month.people[1, p]
        cases.load[t % 3, p] = demand / capacity if capacity > 0.0 else (math.inf if demand > 0.0 else 0.0)
    for p in range(block):
        month.use[p] = (cases.load[0, p] + cases.load[1, p] + cases.load[2, p]) / months
    for p in range(block):
        cases.spent[t % 12, p] = month.spending[0, p] + month.spending[1, p] + month.spending[2, p]
        cases.completed[t % 12, p] = month.people[4, p]
    spent, completed = month.heads[0], month.heads[1]
    _year_of(cases.spent, t, spent)
    _year_of(cases.completed, t, completed)
    for p in range(block):
        if path.alive[p] == 1:  # after an end it stands as it was
            month.unit_cost[p] = spent[p] / completed[p] / 100.0 if completed[p] > 0.0 else math.inf


tell_services = compiled(_tell_services, inner=True)
wear = compiled(_wear, inner=True)
