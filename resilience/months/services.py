"""What docks deliver this month. docs/model.md, section 7."""

from __future__ import annotations

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
    return room * services.caseload[v]


_places_at_the_partner = compiled(_places_at_the_partner, inner=True)


def _deliver(t, posts, services, posts_of, luck, path, teams, bays, cases, month, record):
    """Step 9: cases close and open; into `people`: capacity, demand, served, unmet. A path that has ended turns all away; after a merger
    the teams go on with the partner as they stood.
    """
    for v in range(services.dock.shape[0]):
        noisy, room = services.noise[v], month.heads[0]
        places(v, posts, services, posts_of, teams, room)
        for p in range(path.bank.shape[0]):
            merged = path.ending[p] == MERGED
            if merged and path.alive[p] == 0:
                room[p] = _places_at_the_partner(v, p, posts, services, posts_of, teams)
            referrals = luck.referrals[v, p] * services.growth[v, t]
            if noisy >= 0:
                e = luck.noise[noisy, t, p]
                referrals = max(0.0, referrals + e / 100.0 if services.noise_pounds[v] == 1 else referrals * e)
            open_cases, waiting = cases.open[v, p], cases.waiting[v, p]
            demand = open_cases + waiting + referrals
            if (path.alive[p] == 0 and not merged) or bays.working[services.dock[v], p] == 0:
                cases.open[v, p] = 0.0
                cases.waiting[v, p] = 0.0
                cases.served[v, p] = 0.0
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
            month.people[0, p] += max(open_cases, room[p] + closing)
            month.people[1, p] += demand
            month.people[2, p] += open_cases + starts
            month.people[3, p] += unmet
            record.turned_away[p] += unmet * (1.0 - services.waits[v])
            record.served[p] += starts + (open_cases if t == 0 else 0.0)


deliver = compiled(_deliver, inner=True)
