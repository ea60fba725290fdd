"""A closing in words: who goes when, what it costs, and whether it can be paid."""

from __future__ import annotations

from typing import Any

from resilience.words.numbers import listed, money, month, owned, people, sentence, short_month
from resilience.words.story import item

LEAVING = ["", "people", "last month", "redundancy", "holiday"]
CAPTION = (
    "Without chance: nobody leaves of their own accord before, and money comes as the file says. Notice is worked and paid as pay. "
    "Statutory notice and redundancy, or the contract's notice where that is longer; not legal advice."
)


def decided(found: Any) -> list[str]:
    """By when it is to be decided, when notice starts, and what is left when all is paid."""
    said = [
        f"If it is decided at the end of {month(found.decided)}, the last people leave at the end of {month(found.last)}."
    ]
    notice = f"Notice starts on the first of {month(found.notice_from)}"
    if found.consulted:
        months = "a month" if found.consulted == 1 else f"{found.consulted} months"
        gone = people(sum(one.people for one in found.leaving))
        notice += f", after {months} of consultation: {gone} are dismissed together"
    return [*said, *([sentence(notice)] if found.leaving else []), *_paid(found)]


def _paid(found: Any) -> list[str]:
    """What is spendable at the decision and when all is paid, and whether that is enough."""
    then = f"Spendable at the decision: {owned(found.spendable_decided)}"
    if found.runs_out:
        return [
            sentence(then),
            f"Cash runs out in {month(found.runs_out)}, before everybody has left: that is no closing in order.",
        ]
    left = sentence(f"{then}; when the last have left and all below is paid: {owned(found.spendable_last)}")
    short = "With what is still owed to us and by us that is not enough: it is no closing in order."
    return [left] if found.in_order else [left, short]


def leaving(found: Any) -> list[list[str]]:
    """A row a group and month."""
    rows = [
        [
            item(one.place),
            people(one.people),
            short_month(one.last),
            money(one.redundancy),
            money(one.holiday),
        ]
        for one in found.leaving
    ]
    return [LEAVING, *rows] if rows else []


def scenario(found: Any) -> str:
    """What happens besides."""
    return f"What happens to it: {listed(found.overlays) if found.overlays else 'nothing beyond the file'}."
