"""A closing in words: who goes when, what it costs, and whether it can be paid."""

from __future__ import annotations

from typing import Any

from resilience.words.numbers import listed, money, month, owned, people, sentence, short_month
from resilience.words.story import item

LEAVING = ["", "people", "last month", "redundancy", "holiday"]
CAPTION = (
    "Without chance: nobody leaves of their own accord before, and money comes as the file says. Notice is worked and paid as pay. "
    "Statutory notice by the service when it begins, or the contract's where that is longer; not legal advice."
)


def decided(found: Any) -> list[str]:
    """By when it is to be decided, when notice starts, and what is left when all is paid."""
    goes = "the last people leave" if found.leaving else "it is closed"
    said = [f"If it is decided at the end of {month(found.decided)}, {goes} at the end of {month(found.last)}."]
    if found.asked:
        said.append(f"A month later would be too late for the end of {month(found.asked)}.")
    notice = f"Notice starts on the first of {month(found.notice_from)}"
    if found.consulted:
        months = "a month" if found.consulted == 1 else f"{found.consulted} months"
        gone = people(sum(one.people for one in found.leaving))
        notice += f", after {months} of consultation: {gone} are dismissed together"
    return [*said, *([sentence(notice)] if found.leaving else []), *_paid(found)]


def _paid(found: Any) -> list[str]:
    """What is spendable at the decision and when all is paid, and whether that is enough."""
    if found.spendable_decided is None:
        return [f"Our own money has run out by {month(found.runs_out)}, before it is decided: decide earlier."]
    then = f"Spendable at the decision: {owned(found.spendable_decided)}"
    if found.runs_out:
        out = f"Our own money has run out by {month(found.runs_out)}, before everybody has left: that is no closing in order."
        return [sentence(then), out]
    left = sentence(f"{then}; when the last have left and all below is paid: {owned(found.spendable_last)}")
    still = f"Still to come then: {money(found.owed_to_us)} owed to us; still to be paid: {money(found.owed_by_us)}"
    still += f", and {money(found.overdraft)} of the facility" if found.overdraft else ""
    still += f"; paid to us for work not done, and to go back: {money(found.paid_ahead)}" if found.paid_ahead else ""
    if found.unspent:
        still += f"; unspent restricted money, which is not ours to pay with and goes back unless its funder agrees: {money(found.unspent)}"
    enough = "All that taken together, everybody can be paid: a closing in order."
    short = "All that taken together, not everybody can be paid: no closing in order."
    return [left, sentence(still), enough if found.in_order else short]


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
