"""What scenarios do to an organisation: every figure before and after, dated shocks, where two meet, what touches nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resilience.assumptions import Assumption
from resilience.horizon import Month
from resilience.organisation import Organisation
from resilience.scenario import Scenario, Stack, stacked

SCHEMA = "resilience.explanation/1"


@dataclass(frozen=True)
class Changed:
    """One figure of the register, before any scenario and under all of them, as a file would say it.

    scenarios: those that changed it, in their order; none: a default that follows from what was changed. `given` is false
    if a default stood there before. source: of the last of the scenarios.
    """

    place: str
    unit: str
    before: Any
    after: Any
    given: bool
    scenarios: list[str]
    source: str


@dataclass(frozen=True)
class Dated:
    """A dated shock of one place. change: the share added, below nil for a cut; told: None if it is not told beforehand.

    until: its last month; None: for good. next_term: an award with an end and no break clause, cut in terms begun since only.
    """

    place: str
    change: float
    starts: Month
    until: Month | None
    told: Month | None
    next_term: bool
    scenario: str


@dataclass(frozen=True)
class Explanation:
    """One organisation under scenarios, beside the file alone."""

    organisation: str
    scenarios: list[dict[str, Any]]
    changes: list[Changed]
    shocks: list[Dated]
    meets: list[str]
    touches_nothing: list[str]

    def as_dict(self) -> dict[str, Any]:
        """As `--json` prints it, before months and dataclasses are made plain."""
        return {"schema": SCHEMA} | {name: getattr(self, name) for name in self.__dataclass_fields__}


def explained(organisation: Organisation, scenarios: Sequence[Scenario]) -> Explanation:
    """What these scenarios, in this order, do to an organisation. Raises InputError as `apply` does."""
    stack = stacked(organisation, scenarios)
    result = stack.result()
    shocks = [
        Dated(f"streams.{x.stream_id}", -x.depth, x.effective, x.until, x.told, _fixed(result, x.stream_id), x.scenario)
        for x in result.shocks
    ]
    shocks += [Dated(x.place, x.rise, x.starts, x.until, None, False, x.scenario) for x in result.rises]
    return Explanation(
        organisation.name,
        [described(one) for one in scenarios],
        _changes(organisation, result, stack),
        shocks,
        list(stack.meets),
        list(stack.idle),
    )


def described(one: Scenario) -> dict[str, Any]:
    """A scenario in words: title, why, what it is expected to do, source and date."""
    expect = None if one.expect is None else {"measure": one.expect.measure, "direction": one.expect.direction}
    return {"title": one.name, "why": one.why, "expect": expect, "source": one.source, "date": one.date}


def _fixed(organisation: Organisation, stream: str) -> bool:
    """Is it an award with an end and no break clause?"""
    one = organisation.streams[stream]
    return one.until is not None and not one.break_clause


def _changes(before: Organisation, after: Organisation, stack: Stack) -> list[Changed]:
    """Every figure whose value differs, in the order of the register."""
    old, new = ({one.place: one for one in organisation.register} for organisation in (before, after))
    found = []
    for address in (*new, *(gone for gone in old if gone not in new)):
        one, two = old.get(address), new.get(address)
        if (one and one.value) == (two and two.value):
            continue
        by = _by(stack, address)
        unit, source = str((two or one or _NOTHING).unit), by[-1].source if by else ""
        values = [None if x is None else x.value for x in (one, two)]
        names = [scenario.name for scenario in by]
        found.append(Changed(address, unit, values[0], values[1], bool(one and one.given), names, source))
    return found


_NOTHING = Assumption("", None, "", "known", False)


def _by(stack: Stack, address: str) -> list[Scenario]:
    """The scenarios that changed the figure at an address, or the table in which it stands, each once."""
    parts, found = address.split("."), []
    for n in range(len(parts), 0, -1):
        found += [one for one in stack.changed.get(".".join(parts[:n]), ()) if one not in found]
    return found
