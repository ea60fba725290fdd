"""The next thirteen months: what will be there, and what is known to come."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from resilience.employment import consultation_months, monthly_part
from resilience.first_answer.facts import Known, MonthAhead
from resilience.first_answer.replays import in_post, item_at
from resilience.projection import Prepared, Projection
from resilience.rows import ADVANCE, FIXED_TERM, NEVER
from resilience.terms import expected_yearly

ONE = 1_000_000
AHEAD = 13  # months shown
TOGETHER = 2  # months apart: dismissed within 90 days


def ahead(projection: Projection) -> list[MonthAhead]:
    """The next thirteen months, or as many as are played."""
    bank, spendable = (projection.measure(name).p50 for name in ("bank", "spendable"))
    months = min(AHEAD, len(projection.months))
    known: list[list[Known]] = [[] for _ in range(months)]
    for t, one in (*_of_streams(projection), *_serve_by(projection), *_of_all(projection)):
        if 0 <= t < months:
            known[t].append(one)
    rows = zip(projection.months, bank, spendable, known, strict=False)
    return [MonthAhead(m, _or_none(b), _or_none(s), sorted(k, key=lambda x: (x.kind, x.name))) for m, b, s, k in rows]


def _or_none(x: float) -> float | None:
    """None for nan."""
    return None if np.isnan(x) else float(x)


def _of_streams(projection: Projection) -> Iterator[tuple[int, Known]]:
    """Dates of streams and bids.

    Amounts as the file stands: uplifts and the scenario's cuts, no others; first terms only.
    """
    prepared, rows, first = projection.prepared, projection.prepared.plan.streams, projection.prepared.horizon.first
    funded = prepared.funding
    for s, place in enumerate(funded.names):
        item, name = item_at(projection.organisation, place), place.split(".", 1)[1]
        yearly, start, end = round(expected_yearly(item)), int(funded.starts[s]), int(funded.ends[s])
        if rows.bid[s] >= 0:
            yield int(funded.told[s]), Known("bid told", name, yearly / 100)
            continue
        if end < NEVER:
            yield end - 1, Known("ends", name, yearly / 100)
        turns = funded.turns[s]
        if turns is not None:
            yield max(0, end - turns.told), Known("renewal told", name, yearly / 100)
        cut = funded.cuts[s]
        for t in cut.told if cut is not None and cut.own else ():
            if t < end:
                yield int(t), Known("settlement", name, yearly / 100)
        for t in range(min(AHEAD, prepared.horizon.months)):
            rise = int(rows.uplift[s, t]) if t > start else 0
            yearly = _moved(_moved(yearly, ONE + rise), int(rows.shock[s, t]))
            if rows.shock[s, t] != ONE:
                yield t, Known("scenario cut" if rows.shock[s, t] < ONE else "scenario rise", name, yearly / 100)
            paid = _moved(yearly, int(rows.dip[s, t]))
            before = rows.dip[s, t - 1] if t else ONE
            if rows.dip[s, t] != before:
                yield t, Known(_of_dip(int(rows.dip[s, t]), int(before)), name, paid / 100)
            if rows.payment[s] == ADVANCE and start <= t < end and (t - start) % 3 == 0:
                parts = [monthly_part(paid, (first + t + k).funders_month) for k in range(min(3, end - t))]
                yield t, Known("instalment", name, sum(parts) / 100)


def _of_dip(now: int, before: int) -> str:
    """What the share that is paid of a stream does, ppm: it falls, comes back or rises."""
    if now < before:
        return "scenario cut" if now < ONE else "rise ends"
    return "cut ends" if before < ONE else "scenario rise"


def _moved(pence: int, ppm: int) -> int:
    """A share in millionths of an amount, whole pence, halves up."""
    return (2 * pence * ppm + ONE) // (2 * ONE)


def _serve_by(projection: Projection) -> Iterator[tuple[int, Known]]:
    """Serve-by of each dock with funding that ends, e − c − n: the latest month on whose first day notice can start."""
    prepared, posts = projection.prepared, projection.prepared.plan.posts
    leaving = dict(_on_notice(prepared))
    for d, (end, groups) in leaving.items():
        near = [g for other, those in leaving.values() if abs(other - end) <= TOGETHER for g in those]
        heads = int(sum(posts.heads[g] for g in near if posts.form[g] <= FIXED_TERM))
        consulting = consultation_months(
            heads, prepared.horizon.first, prepared.economy.nation, prepared.economy.law_as_of
        )
        for t in range(prepared.horizon.months):  # t: month of the decision; service is counted when notice begins
            begins = min(t + consulting, prepared.horizon.months - 1)
            notice = max((int(posts.notice[g, posts.began[g] + posts.oldest, begins]) for g in groups), default=0)
            by = end - consulting - notice
            if t >= by - 1:
                yield max(0, by), Known("serve-by" if by >= 0 else "serve-by passed", prepared.docks[d])
                break


def _on_notice(prepared: Prepared) -> Iterator[tuple[int, tuple[int, list[int]]]]:
    """Docks with funding that ends: first month not funded, and the groups on which notice has to be served."""
    plan = prepared.plan
    posts, streams = plan.posts, plan.streams
    for d in range(len(prepared.docks)):
        ends = [int(prepared.funding.ends[s]) for s in plan.streams_of[d] if s >= 0 and streams.bid[s] < 0]
        if not ends or max(ends) >= NEVER:
            continue
        groups = [int(g) for g in plan.posts_of[d] if g >= 0 and posts.heads[g] > 0 and posts.transferred[g] < 0]
        yield (
            d,
            (
                max(ends),
                [g for g in groups if posts.form[g] != FIXED_TERM or max(ends) - posts.began[g] >= posts.limit],
            ),
        )


def _of_all(projection: Projection) -> Iterator[tuple[int, Known]]:
    """Pay awards, with the pounds a year that they add for those in post at the opening; the end of the facility."""
    plan, posts = projection.prepared.plan, projection.prepared.plan.posts
    heads = in_post(projection.prepared)
    cost = ((posts.pay + posts.nic + posts.pension) * heads[:, None]).sum(axis=0)
    for t, month in enumerate(projection.prepared.horizon):
        if month.month == 4 and 0 < t < AHEAD:
            yield t, Known("pay award", "pay", 12 * float(cost[t] - cost[t - 1]) / 100)
    if projection.organisation.facility is not None:
        yield plan.money.until, Known("facility ends", "facility", plan.money.limit / 100)
