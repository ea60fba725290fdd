"""Where capacity steps up, what stays when a contract ends, and what an hour really costs. docs/cost_recovery.md."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from resilience.costing.costed import Working
from resilience.costing.people import places, weeks_worked
from resilience.employment import exact
from resilience.pay import at_work

STEPS = 3  # further heads that are shown


@dataclass(frozen=True)
class Step:
    """A service with some more heads of one post: people a year at most, pounds a year, pounds a person when all places are taken."""

    heads: int
    people: float
    pounds: float
    a_person: float | None


@dataclass(frozen=True)
class Steps:
    """The break points of a service. post: whose heads are added; referred: people a year who come."""

    service: str
    post: str
    referred: float
    steps: list[Step]


@dataclass(frozen=True)
class Hour:
    """What an hour of a head costs, pounds. paid: pay alone over the hours paid; worked: with NIC and pension, over the hours at work;

    full: the same with the dock's overhead in proportion; None in the hub.
    """

    place: str
    paid: float
    worked: float
    full: float | None


@dataclass(frozen=True)
class Ended:
    """A dock gone: pounds of its overhead that stay for others to bear, and their overhead as a share of direct cost, before and after."""

    dock: str
    carried: float
    stays: float
    rate_before: float | None
    rate_after: float | None


def break_points(working: Working) -> list[Steps]:
    """Each service whose dock has a post that carries cases: as it is, and with one to three more heads of the fullest of them.

    The dock's full cost is taken as it is; a further head costs its pay, NIC (no allowance left) and pension.
    """
    o, found = working.organisation, []
    for name, service in sorted(o.services.items()):
        posts = {
            k: p
            for k, p in (o.docks[service.dock].posts if service.dock in working.docks else {}).items()
            if p.productivity and p.hours
        }
        if not posts:
            continue
        key, post = max(sorted(posts.items()), key=lambda kp: kp[1].heads * kp[1].hours * kp[1].productivity)
        item = next(i for i in working.own[service.dock] if i.place == f"docks.{service.dock}.posts.{key}")
        head = Fraction(item.pence + item.spared, post.heads) if post.heads else Fraction(0)
        if not head:
            continue
        more = (
            exact(post.hours)
            * exact(post.productivity)
            * at_work(post)
            / exact(o.full_time_hours)
            * exact(service.caseload)
        )
        full = working.direct(service.dock) + working.overhead(service.dock)
        steps = []
        for n in range(STEPS + 1):
            people = 12 * (places(o, service) + n * more) / exact(service.length)
            pounds = (full + n * head) / 100
            steps.append(Step(n, float(people), float(round(pounds, 2)), float(pounds / people) if people else None))
        referred = 12 * exact(float(service.referrals.quantile(0.5)))
        found.append(Steps(name, key, float(referred), steps))
    return found


def hours(working: Working) -> list[Hour]:
    """Each group of posts: what an hour is paid, what an hour at work costs, and with overhead."""
    weeks, found = weeks_worked(working.organisation), list[Hour]()
    for item in working.items:
        if not item.hours:
            continue
        at_work = Fraction(item.pence, 100) / (item.hours * weeks)
        rate = (
            Fraction(working.overhead(item.dock), working.direct(item.dock))
            if item.dock and working.direct(item.dock)
            else None
        )
        full = None if rate is None else float(at_work * (1 + rate))
        found.append(Hour(item.place, float(Fraction(item.pay, 100) / (item.hours * 52)), float(at_work), full))
    return found


def ended(working: Working) -> list[Ended]:
    """What becomes of the hub when each dock goes: what stays is borne by the others, by the same drivers."""
    found = []
    for dock in working.docks:
        carried = working.overhead(dock)
        stays = sum(
            by.get(dock, 0) - round(by.get(dock, 0) * exact(one.pool.avoidable))
            for one in working.pools
            for by in [working.pence[one.name]]
        )
        others = [d for d in working.docks if d != dock]
        direct, now = sum(working.direct(d) for d in others), sum(working.overhead(d) for d in others)
        before = float(Fraction(now, direct)) if direct else None
        after = float(Fraction(now + stays, direct)) if direct else None
        found.append(Ended(dock, carried / 100, stays / 100, before, after))
    return found
