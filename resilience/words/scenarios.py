"""Scenarios in words: what one does, and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resilience.words.first import asked
from resilience.words.numbers import listed, month, sentence
from resilience.words.story import item

MEASURES = {
    "lowest_spendable": "the lowest spendable cash of a future",
    "people_served": "the number of people helped",
    "people_turned_away": "the number of people turned away",
    "bids_won": "the number of bids won",
}
NOTHING_CHANGES = "No figure of the file is changed."
UNKNOWN_EXPECTATION = "It does not say which way it should move anything."


def expected(expect: dict[str, str] | None) -> str:
    """Which way a scenario should move what; "" for one that changes nothing."""
    if expect is None:
        return UNKNOWN_EXPECTATION
    if expect["direction"] == "same":
        return "Changes nothing."
    chosen = expect.get("strategy", CARRY_ON)
    under = "" if chosen == CARRY_ON else f" under the strategy {chosen.replace('_', ' ')}"
    than = f"{MEASURES[expect['measure']]} is {expect['direction']} than without it{under}"
    return f"Expected: {than}, in the mean of the same futures."


CARRY_ON = "carry_on"


def dated(shocks: Sequence[Any]) -> list[str]:
    """Dated shocks in sentences; those that differ in nothing but the place are said together."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for one in shocks:
        kind = one.place.split(".")[0]
        key = (kind, one.change, one.starts, one.until, one.told, one.next_term, one.scenario)
        groups.setdefault(key, []).append(item(one.place))
    return [_dated(names, *key) for key, names in groups.items()]


def _dated(
    names: list[str], kind: str, change: float, starts: Any, until: Any, told: Any, next_term: bool, scenario: str
) -> str:
    share, begins, several = f"{abs(100 * change):g} %", month(str(starts)), len(names) > 1
    lasts = (
        f"from {begins}" if until is None else f"from {begins} to {month(str(until))}, and then as it would have been"
    )
    if kind == "services":
        said = f"{share} {'more' if change > 0 else 'fewer'} people are referred to {listed(names)}, {lasts}"
    elif kind == "streams":
        amount = "nothing" if change == -1 else f"{share} {'less' if change < 0 else 'more'}"
        said = f"{listed(names)} {'pay' if several else 'pays'} {amount}"
        said += f" in {'terms' if several else 'a term'} begun since, {lasts}" if next_term else f" {lasts}"
        said += f"; told in {month(str(told))}" if told is not None and not next_term else ""
    else:
        said = f"{listed(names)} {'cost' if several else 'costs'} {share} {'more' if change > 0 else 'less'} {lasts}"
    return f"{sentence(said)} [{scenario}]"


def changed(one: Any) -> str:
    """Where a figure was changed: "lag of council contract"."""
    return asked(one.place)


def by(scenarios: Sequence[str]) -> str:
    """The heading of what some scenarios change."""
    return f"Changed by {listed(list(scenarios))}" if scenarios else "Defaults that follow"
