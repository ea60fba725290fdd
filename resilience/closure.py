"""Closing in order, played out: who goes when, what each item costs, and by when to decide. docs/model.md, section 6.

Played by the same months as everything else, without chance, under a strategy whose only rule is to close from one month on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from resilience.accounts import ClosingItem, closing_by_item
from resilience.employment import consultation_months
from resilience.errors import Fault, InputError
from resilience.horizon import Month
from resilience.organisation import Organisation
from resilience.projection import Projection, project, under
from resilience.rows import CLOSED, EVENTS, FIXED_TERM
from resilience.scenario import Scenario
from resilience.strategy import Rule, Strategy

LONGEST = 24  # months that a closing can take: consultation 2, notice of 52 weeks 12, and room
FARTHEST = 600  # months after the first that can be asked for
RICH = 10**12  # pence put in the bank, so that it is played until everybody has left


@dataclass(frozen=True)
class Leaving:
    """People of one group who leave in one month. Pounds of all of them together."""

    place: str
    people: int
    last: str  # last month at work
    redundancy: float
    holiday: float


@dataclass(frozen=True)
class Closure:
    """A closing: decided at the end of month `decided`, everybody gone by the end of `last`."""

    organisation: str
    overlays: list[str]
    asked: str | None  # month by whose end it was to be closed
    decided: str
    consulted: int  # months of collective consultation before notice
    notice_from: str  # month on whose first day notice starts
    last: str
    leaving: list[Leaving]
    items: list[ClosingItem]
    total: float  # of the items known
    spendable_decided: float | None  # at the end of `decided`; None if our own money has run out by then
    spendable_last: float | None  # when all is paid; None if our own money runs out before
    owed_to_us: float | None  # then, to all funds; what counts towards `in_order`: docs/model.md, section 8
    owed_by_us: float | None
    overdraft: float | None
    paid_ahead: float | None  # to us, for work that is not done
    unspent: float | None  # restricted money that has not been spent: it goes back unless its funder agrees otherwise
    in_order: bool  # everything can be paid
    runs_out: str | None  # first month in which our own money has run out, if before everybody has left
    manifest: dict[str, Any]


def closure(organisation: Organisation, scenarios: Sequence[Scenario] = (), month: Month | None = None) -> Closure:
    """Closing so that the last people leave by the end of `month`, decided as late as that allows; left out: decided in the first month.

    Without chance. Raises InputError where the month is too soon for everybody to have left, or out of reach, and where there is
    nothing to close.
    """
    first = organisation.first_month
    asked = 0 if month is None else month - first
    if asked >= FARTHEST:
        raise _refused(
            organisation, month, f"is {FARTHEST} months or more after {first.words}", "name an earlier month"
        )
    plain = project(
        organisation, scenarios, _close(0), chance=False, months=max(LONGEST, asked + 1), keep_paths=True, log=True
    )
    if not plain.prepared.posts and not plain.organisation.costs():
        raise _refused(organisation, None, "has no posts and no costs", "there is nothing to close; enter them")
    money = plain.prepared.plan.money
    money = money._replace(bank=money.bank + RICH)
    rich = replace(plain, prepared=replace(plain.prepared, plan=plain.prepared.plan._replace(money=money)))
    soonest = _end(under(rich, _close(0)))
    if soonest < 0:
        raise _refused(
            organisation, month, "cannot be played to the end of a closing", "its costs are beyond reason; check them"
        )
    if month is not None and asked < soonest:
        said = f"is too soon: decided in {first.words}, the last people leave in {(first + soonest).words}"
        raise _refused(organisation, month, said, f"name {first + soonest} or a later month")
    for decided in range(max(0, asked - 1), -1, -1):
        played = under(rich, _close(decided))
        if 0 <= _end(played) <= max(asked, soonest):
            return _told(under(plain, _close(decided)), played, decided, month)
    raise _refused(organisation, month, "cannot be played so far: its costs have no end", "name an earlier month")


def _close(decided: int) -> Strategy:
    """The strategy that closes in order from a decision at the end of month `decided` on, whatever is left."""
    rule = Rule.model_construct(
        when="months of cover below",
        level=math.inf,
        do="close in order",
        board="executive",
        delay=decided,
        at_most=None,
        rearm_above=None,
    )
    why = "what closing costs, and by when it must be decided"
    return Strategy.model_construct(name="Close", why=why, source="asked for", hope=0.0, rules=[rule])


def _end(played: Projection) -> int:
    """The month in which it has closed in order; −1: it has not."""
    return int(played.paths["end"][0]) if played.paths["end_kind"][0] == CLOSED else -1


def _told(plain: Projection, rich: Projection, decided: int, asked: Month | None) -> Closure:
    """What a closing comes to. plain: with what is in the bank; rich: with more than enough, so that it is played to its end."""
    last, months, held = _end(rich), rich.months, plain.played.money
    ends, kind = int(plain.paths["end"][0]), int(plain.paths["end_kind"][0])
    leaving, consulted = _leaving(rich, decided)
    items = _items(rich, last, sum(one.redundancy for one in leaving), sum(one.holiday for one in leaving))
    short = kind != CLOSED and 0 <= ends < last
    below = np.flatnonzero(held["headroom"][: ends + 1, 0] < 0)
    then = {
        name: None if short else float(held[name][last, 0]) / 100
        for name in ("spendable", "debtors", "creditors", "facility", "deferred", "restricted_cash")
    }
    return Closure(
        organisation=plain.organisation.name,
        overlays=list(plain.organisation.overlays),
        asked=None if asked is None else str(asked),
        decided=months[decided],
        consulted=consulted,
        notice_from=str(rich.prepared.horizon.first + decided + 1 + consulted),
        last=months[last],
        leaving=leaving,
        items=items,
        total=sum(one.pounds for one in items if one.pounds is not None),
        spendable_decided=None if short and ends <= decided else float(held["spendable"][decided, 0]) / 100,
        spendable_last=then["spendable"],
        owed_to_us=then["debtors"],
        owed_by_us=then["creditors"],
        overdraft=then["facility"],
        paid_ahead=then["deferred"],
        unspent=then["restricted_cash"],
        in_order=kind == CLOSED,
        runs_out=months[int(below[0]) if len(below) else ends] if short else None,
        manifest=plain.manifest,
    )


def _leaving(rich: Projection, decided: int) -> tuple[list[Leaving], int]:
    """(those who leave, by group and month; months of consultation), from what was written down."""
    posts, places = rich.prepared.plan.posts, rich.prepared.posts
    notices = {row: heads for _, event, row, heads in rich.played.log.tolist() if EVENTS[event] == "notice served"}
    employees = sum(heads for row, heads in notices.items() if posts.form[row] <= FIXED_TERM)
    law = rich.prepared.economy.nation, rich.prepared.economy.law_as_of
    consulted = consultation_months(employees, rich.prepared.horizon.first, *law)
    paid: dict[tuple[int, int], list[int]] = {}
    for t, event, row, due in rich.played.log.tolist():
        if EVENTS[event] in ("made redundant", "contract ends"):
            paid.setdefault((t, row), []).append(due)
    found = []
    for (t, row), dues in sorted(paid.items()):
        holiday = len(dues) * int(posts.holiday[row, t])
        found.append(Leaving(places[row], len(dues), rich.months[t], (sum(dues) - holiday) / 100, holiday / 100))
    return found, consulted


def _items(rich: Projection, last: int, redundancy: float, holiday: float) -> list[ClosingItem]:
    """What is paid besides notice, which is worked: to those who leave, and in the last month for all the rest."""
    money = rich.prepared.plan.money
    loans = int(np.maximum(0, money.loans - money.loan_repayment[:, : last + 1].sum(axis=1)).sum())
    provisions = money.provisions if money.provisions_due > last else 0
    found = [ClosingItem("redundancy", redundancy), ClosingItem("holiday", holiday)]
    found += closing_by_item(rich.organisation, money, last, loans)
    return [*found, ClosingItem("provisions", provisions / 100)] if provisions else found


def _refused(organisation: Organisation, month: Month | None, problem: str, fix: str) -> InputError:
    place = "" if month is None else "--month"
    return InputError([Fault(organisation.file, place, None if month is None else str(month), problem, fix)])
