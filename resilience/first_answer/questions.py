"""The questions whose answers would change the page most, measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from resilience.chance import monthly_hazard
from resilience.errors import place as address
from resilience.first_answer.facts import Question
from resilience.first_answer.replays import RICH, again, item_at, with_one
from resilience.projection import Projection
from resilience.projection.engine import run
from resilience.projection.plan import Prepared
from resilience.rows import ARREARS
from resilience.terms import expected_yearly
from resilience.variation import AS_IS, Variation

SHIFT = 0.6408  # of log-odds: as in `why`
FEW = 500  # paths of a replay
REPLAYED = 6  # questions that are measured, chosen by the pounds they touch
LOW, HIGH = 0.1, 0.9  # where a quantity is held
NOT_ENTERED, DONT_KNOW = "not entered", "don't know"
Replay = Callable[[], Prepared]


@dataclass(frozen=True)
class _Doubt:
    """A figure not given, its two answers, and the pounds it touches, roughly, over the horizon."""

    place: str
    said: str
    answers: tuple[str, str]
    pounds: float
    replays: Sequence[Replay]


def questions(projection: Projection, number: int = 5) -> list[Question]:
    """The figures left out or unknown whose answers would change this page most, largest effect first.

    The six that touch most pounds are measured: 500 of the run's futures played with the low and with the high answer,
    all else the same; effect = difference of mean spendable cash at the end of the horizon (no path ends: see `hurts`).
    A probability: its log-odds ∓0.6408; depth of cuts: its 10 and 90 % points; lag: a month either way; uplift: none or
    3 %; a renewed term: one or three years; turnover's posts empty for one or four months; creditors: at once or after
    60 days. An item of closing not entered is set against a yardstick, assumed: lease half a year's and dilapidations a
    quarter's other costs, penalties a month's contract income, run-off half a month's unrestricted spending, pension
    exit a year's pay ("don't know") or a tenth of it (not entered).
    """
    found = [Question(*one, "closing liability") for one in _closing_doubts(projection)]
    doubts = sorted(_doubts(projection), key=lambda x: (-x.pounds, x.place))[:REPLAYED]
    paths = np.arange(FEW if projection.organisation.chance else 1)
    for doubt in doubts:
        played = [
            run(make(), paths, projection.seed, money=("spendable",)).money["spendable"] for make in doubt.replays
        ]
        low, high = (float(spendable[-1].mean()) for spendable in played)
        effect = abs(high - low) / 100
        found.append(Question(doubt.place, doubt.said, *doubt.answers, effect, "spendable cash at the end"))
    return sorted((x for x in found if x.effect > 0), key=lambda x: (-x.effect, x.place))[:number]


def _closing_doubts(projection: Projection) -> Iterator[tuple[str, str, str, str, float]]:
    """(place, said, low, high, yardstick in pounds) of each item of closing that is not there."""
    organisation, given = projection.organisation, projection.organisation.closing
    pay = sum(post.heads * int(post.pay or 0) for _, post in organisation.posts().values()) / 100
    other = sum(cost.yearly.quantile(0.5) for _, cost in organisation.costs().values()) / 100
    contract = sum(expected_yearly(one) for one in organisation.streams.values() if one.form == "contract") / 100
    unknown = given.pension_exit == DONT_KNOW
    yardsticks = {
        "lease_until": other / 2,
        "dilapidations": other / 4,
        "penalties": contract / 12,
        "run_off": projection.manifest["opening"]["budget"] / 2,
        "pension_exit": pay if unknown else pay / 10,
    }
    for name, pounds in yardsticks.items():
        value = getattr(given, name)
        if value is None or value == DONT_KNOW:
            yield f"closing.{name}", NOT_ENTERED if value is None else DONT_KNOW, "nil", "yardstick", pounds


def _doubts(projection: Projection) -> Iterator[_Doubt]:
    """Every default that can be measured."""
    organisation, prepared = projection.organisation, projection.prepared
    said = {one.place: one.text or "left out" for one in projection.organisation.register if not one.given}
    years = prepared.horizon.months / 12
    for s, place in enumerate(prepared.funding.names):
        for doubt in _stream_doubts(projection, s, place, years):
            if doubt.place in said:
                yield replace(doubt, said=said[doubt.place])
    for g, place in enumerate(prepared.posts):
        if prepared.plan.posts.transferred[g] >= 0:
            continue
        for doubt in _post_doubts(projection, g, place, years):
            if doubt.place in said:
                yield replace(doubt, said=said[doubt.place])
    if "creditor_days" in said:
        other = sum(cost.yearly.quantile(0.5) for _, cost in organisation.costs().values()) / 100
        yield _Doubt("creditor_days", said["creditor_days"], ("0 days", "60 days"), other / 6, _waits(projection))


def _waits(projection: Projection) -> list[Replay]:
    """Replays in which bills are paid at once, and after two months."""
    prepared = projection.prepared
    money = prepared.plan.money._replace(bank=prepared.plan.money.bank + RICH, wait_part=0)
    plans = [prepared.plan._replace(money=money._replace(wait=n)) for n in (0, 2)]
    return [partial(replace, prepared, plan=plan) for plan in plans]


def _post_doubts(projection: Projection, g: int, place: str, years: float) -> Iterator[_Doubt]:
    """What can be in doubt about a group of posts from which people leave."""
    post, where = projection.organisation.posts()[place][1], tuple(place.split("."))
    bill, turnover = post.heads * int(post.pay or 0) / 100 * years, float(post.turnover)
    if projection.prepared.plan.posts.hazard[g] > 0 and turnover < 1:
        odds = [Variation(shifted={place: shift}).odds(place, turnover) for shift in (-SHIFT, SHIFT)]
        moved = [partial(_with_post, projection, g, "hazard", monthly_hazard(chance)) for chance in odds]
        yield _Doubt(address((*where, "turnover")), "", _odds(turnover), bill * turnover / 6, moved)
        empty = [partial(_with_post, projection, g, "recruiting", months) for months in (1, 4)]
        name = address((*where, "recruiting_months"))
        yield _Doubt(name, "", ("1 month", "4 months"), bill * turnover / 4, empty)


def _with_post(projection: Projection, g: int, name: str, value: float) -> Prepared:
    """A replay in which one figure of a group of posts is another."""
    prepared = again(projection, projection.organisation, rich=True)
    column = getattr(prepared.plan.posts, name).copy()
    column[g] = value
    return replace(prepared, plan=prepared.plan._replace(posts=prepared.plan.posts._replace(**{name: column})))


def _stream_doubts(projection: Projection, s: int, place: str, years: float) -> Iterator[_Doubt]:
    """What can be in doubt about one stream or bid."""
    organisation, funded, rows = projection.organisation, projection.prepared.funding, projection.prepared.plan.streams
    item, cut = item_at(organisation, place), funded.cuts[s]
    yearly, counted_on = expected_yearly(item) / 100, 1.0 if rows.bid[s] < 0 else float(item.chance)

    def doubt(name: str, answers: tuple[str, str], pounds: float, *changes: Variation | dict[str, Any]) -> _Doubt:
        replays: list[Replay] = []
        for change in changes:
            changed = organisation if isinstance(change, Variation) else with_one(organisation, place, **change)
            variation = change if isinstance(change, Variation) else AS_IS
            replays.append(partial(again, projection, changed, variation, rich=True))
        return _Doubt(address((*place.split(".", 1), *name.split("."))), "", answers, pounds, replays)

    def odds(name: str, chance: float, pounds: float) -> Iterator[_Doubt]:
        if 0 < chance < 1 and organisation.chance:
            shifts = [Variation(shifted={f"{place}.{name}": shift}) for shift in (-SHIFT, SHIFT)]
            yield doubt(name, _odds(chance), pounds, *shifts)

    if cut is not None and cut.own:
        yield from odds("cut", float(item.cut), yearly * item.depth.quantile(0.5) * years)
        low, high = (f"{100 * item.depth.quantile(u):.0f} %" for u in (LOW, HIGH))
        held = [Variation(pinned={f"{place}.depth": u}) for u in (LOW, HIGH)]
        yield doubt("depth", (low, high), yearly * float(item.cut) * years, *held)
    if funded.turns[s] is not None and rows.bid[s] < 0:
        left = yearly * max(0.0, years - int(funded.ends[s]) / 12)
        yield from odds("renewal.chance", float(item.renewal.chance), left)
        terms = [{"renewal": item.renewal.model_copy(update={"term": months})} for months in (12, 36)]
        yield doubt("renewal.term", ("12 months", "36 months"), left * (1 - float(item.renewal.chance)), *terms)
    if rows.bid[s] >= 0:
        yield from odds("chance", float(item.chance), yearly * min(years, item.term / 12))
    if rows.payment[s] == ARREARS:
        yield from odds("late", float(item.late), counted_on * yearly / 12)
        lags = (max(0.0, item.lag - 1), item.lag + 1)
        low, high = (f"{lag:.2g} months" for lag in lags)
        yield doubt("lag", (low, high), counted_on * yearly / 6, *({"lag": lag} for lag in lags))
    raised = counted_on * yearly * 0.03 * years**2 / 2
    yield doubt("uplift", ("none", "3 % a year"), raised, {"uplift": 0.0}, {"uplift": 0.03})


def _odds(chance: float) -> tuple[str, str]:
    low, high = (Variation(shifted={"x": shift}).odds("x", chance) for shift in (-SHIFT, SHIFT))
    return f"{10 * low:.2g} in 10", f"{10 * high:.2g} in 10"
