"""A portfolio that names nobody: no member, no payer of few, no group of few, and none that a subtraction would give away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resilience.portfolio.portfolio import Asked, Group, Portfolio, Together, Withdrawal

LEAST = 5  # organisations below which nothing is said of a group: the usual convention for counts, no law
OTHERS = "others, too few to be told apart"


@dataclass(frozen=True)
class Anonymous:
    """What may be handed on: `organisations` counted, groups of at least `least`, payers of at least so many members."""

    asked: Asked
    organisations: int
    together: Together
    withdrawals: list[Withdrawal]
    areas: list[Group]
    kinds: list[Group]
    suppressed: dict[str, int]  # how many groups and payers are not shown by themselves
    manifest: dict[str, Any]  # without the files of the members


def anonymous(found: Portfolio, least: int = LEAST) -> Anonymous | None:
    """The portfolio without names; None where it has fewer members than that. Areas that differ only in a few members are put together."""
    if len(found.members) < least:
        return None
    areas, kinds = pooled(found.areas, least), pooled(found.kinds, least)
    n = len(found.members)
    enough = [one for one in found.withdrawals if one.organisations >= least]
    payers = [
        one for one in enough if not 0 < n - one.organisations < least
    ]  # nor may those be few whom it does not pay
    hidden = {
        "areas": len(found.areas) - sum(one.name != OTHERS for one in areas),
        "kinds": len(found.kinds) - sum(one.name != OTHERS for one in kinds),
        "payers": len(found.withdrawals) - len(payers),
    }
    came_from = {name: one for name, one in found.manifest.items() if name != "inputs"}
    return Anonymous(found.asked, len(found.members), found.together, payers, areas, kinds, hidden, came_from)


def pooled(groups: Sequence[Group], least: int = LEAST) -> list[Group]:
    """Groups of at least so many members as they are, the others together, with the smallest of the former if they are too few.

    So a count below `least` is neither shown nor left over when what is shown is taken from the whole.
    """
    shown = sorted(groups, key=lambda one: (one.organisations, one.name))
    hidden: list[Group] = []
    while shown and (shown[0].organisations < least or 0 < _members(hidden) < least):
        hidden.append(shown.pop(0))
    made = sorted(shown, key=lambda one: (-one.unserved, one.name))
    others = Group(OTHERS, _members(hidden), _sum(hidden, "served"), _sum(hidden, "unserved"))
    return [*made, others] if hidden else made


def _members(groups: Sequence[Group]) -> int:
    return sum(one.organisations for one in groups)


def _sum(groups: Sequence[Group], name: str) -> Any:
    return sum(getattr(one, name) for one in groups)
