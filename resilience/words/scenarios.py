"""Scenarios in words: what one does, and what it changes."""

from __future__ import annotations

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
    return f"Expected: {MEASURES[expect['measure']]} is {expect['direction']} than without it, in the mean of the same futures."


def dated(one: Any) -> str:
    """A dated shock in a sentence."""
    share, lasts = f"{abs(100 * one.change):g} %", f"from {month(str(one.starts))}"
    if one.until is not None:
        lasts += f" to {month(str(one.until))}, after which it is what it would have been"
    kind = one.place.split(".")[0]
    if kind == "services":
        said = f"{share} {'more' if one.change > 0 else 'fewer'} people are referred to {item(one.place)} {lasts}"
    elif kind == "streams":
        told = "" if one.told is None else f"; told in {month(str(one.told))}"
        said = f"{item(one.place)} pays {share} less {lasts}{told}"
        said = said.replace("pays 100 % less", "pays nothing")
    else:
        said = f"{item(one.place)} costs {share} {'more' if one.change > 0 else 'less'} {lasts}"
    return f"{sentence(said)} [{one.scenario}]"


def changed(one: Any) -> str:
    """Where a figure was changed: "lag of council contract"."""
    return asked(one.place)


def by(one: Any) -> str:
    """Which scenarios changed a figure."""
    return listed(one.scenarios) if one.scenarios else "follows from it"
