"""The same futures again with one thing changed, and what their parts are called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from resilience.organisation import Organisation
from resilience.projection import Projection
from resilience.projection.engine import Played, run
from resilience.projection.plan import prepare
from resilience.rows import INSOLVENT
from resilience.variation import Variation

UNLISTED = "unlisted_event"
ECONOMY = {"prices": "the yearly rise of prices", "earnings": "the yearly rise of pay", "bank_rate": "Bank Rate"}
MOVED = 4_000  # futures replayed for one assumption
Progress = Callable[[int, int], None]  # replays done, replays in all


def failing(projection: Projection, played: Played, on: str) -> np.ndarray:
    """Does each path fail by the horizon? bool (paths,)."""
    fates = played.fates
    if on == "insolvent":
        return fates["end_kind"] == INSOLVENT
    if on == "point_of_no_return":
        return fates["no_return"] >= 0
    if on == "breach":
        return fates["breach_24"] == 1 if projection.in_breach_at_opening else fates["first_breach"] >= 0
    raise ValueError(f'{on} is no failure to be explained; write "insolvent", "point_of_no_return" or "breach"')


def replay(
    projection: Projection, variation: Variation, paths: np.ndarray, organisation: Organisation | None = None
) -> Played:
    """The numbered paths again, same seed, horizon and strategy; the organisation has its scenarios already."""
    months = projection.prepared.horizon.months
    peaks = projection.prepared.plan.rules.peak  # what management knows a bid to need stays the same
    prepared = prepare(organisation or projection.organisation, projection.strategy, months, variation, peaks)
    return run(prepared, paths, projection.seed)


def uncertain(projection: Projection, i: int) -> bool:
    """Is the i-th of the economy's rates uncertain, and does anything hang on it?"""
    one, money = projection.prepared.doubt, projection.prepared.plan.money
    floats = money.interest_floats or money.bank_interest_floats or money.loan_floats.any()
    return bool(one.moves and one.sd[i] > 0 and (one.open[i].any() if i < 2 else money.bank_rate_open.any() and floats))


def item_of(organisation: Organisation, place: str) -> Any:
    kind, name = place.split(".", 1)
    return getattr(organisation, kind)[name]


def named(place: str) -> str:
    """A place in words: "docks.advice.costs.rent" is "rent of advice"."""
    parts = [
        part.replace("_", " ")
        for part in place.split(".")
        if part not in ("streams", "bids", "docks", "posts", "costs", "services")
    ]
    return " of ".join(reversed(parts))
