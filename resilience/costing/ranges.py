"""How far full cost and gap reach when figures of the file are ranges: the whole costing, drawn again and again. docs/cost_recovery.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from resilience.costing.costed import Working, worked
from resilience.distributions import Exact
from resilience.draws import Sources, fill
from resilience.measures import rank
from resilience.organisation import Organisation
from resilience.terms import yearly_of_units

DRAWS = 200


@dataclass(frozen=True)
class Reach:
    """What lies in the middle 80 of 100 draws, pounds a year. of: a dock, or "" for all of them."""

    of: str
    full_low: float
    full_high: float
    gap_low: float
    gap_high: float


@dataclass(frozen=True)
class Ranged:
    """How far the ranges of a file reach. places: the figures that are ranges; all: of all docks together."""

    draws: int
    places: list[str]
    all: Reach
    docks: list[Reach]


def ranged(organisation: Organisation, also: Sequence[str] = (), draws: int = DRAWS, seed: int = 1) -> Ranged | None:
    """Each range drawn by itself (cost lines, income, prices of a unit, success, referrals) and the costing worked out anew; None where
    nothing is a range.

    Raises InputError as `worked` does.
    """
    given = {place: one for place, one in _quantities(organisation) if not isinstance(one, Exact)}
    if not given:
        return None
    sources = Sources()
    rows = [sources.row(place) for place in given]
    u = np.empty((sources.height, draws))
    fill(*sources.arrays(seed), np.arange(draws, dtype=np.uint64), u)
    drawn = np.array([one.quantile(u[row]) for row, one in zip(rows, given.values(), strict=True)])
    found: list[Working] = []
    for column in drawn.T:
        values = dict(zip(given, map(float, column), strict=True))
        found.append(worked(_with(organisation, values), also))
    docks = found[0].docks
    full = np.array([[w.direct(d) + w.overhead(d) for d in docks] for w in found])
    gap = full - np.array([[sum(w.earned(d).values()) for d in docks] for w in found])
    reaches = [_reach(d, full[:, i], gap[:, i]) for i, d in enumerate(docks)]
    return Ranged(draws, list(given), _reach("", full.sum(axis=1), gap.sum(axis=1)), reaches)


def _reach(of: str, full: np.ndarray, gap: np.ndarray) -> Reach:
    low, high = rank(0.1, len(full)), rank(0.9, len(full))
    full, gap = np.sort(full) / 100, np.sort(gap) / 100
    return Reach(of, float(full[low]), float(full[high]), float(gap[low]), float(gap[high]))


def _quantities(organisation: Organisation) -> Iterator[tuple[str, Any]]:
    """Every figure of the costing that may be a range, by its place."""
    yield from ((f"{place}.yearly", cost.yearly) for place, (_, cost) in organisation.costs().items())
    yield from ((f"streams.{name}.yearly", one.yearly) for name, one in organisation.streams.items())
    yield from ((f"bids.{name}.yearly", one.yearly) for name, one in organisation.bids.items())
    yield from ((f"services.{name}.referrals", one.referrals) for name, one in organisation.services.items())
    for name, one in organisation.streams.items():
        if one.unit is not None:
            yield f"streams.{name}.unit.price", one.unit.price
        if one.results is not None:
            yield f"streams.{name}.results.success", one.results.success


def _with(organisation: Organisation, values: Mapping[str, float]) -> Organisation:
    """The organisation with its ranges at these values; money to the whole penny."""

    def of(kind: str, items: Mapping[str, Any], key: str = "yearly") -> dict[str, Any]:
        return {
            name: one.model_copy(update={key: Exact(_whole(values[place], key))})
            if (place := f"{kind}.{name}.{key}") in values
            else one
            for name, one in items.items()
        }

    hub = organisation.hub
    docks = {
        name: dock.model_copy(update={"costs": of(f"docks.{name}.costs", dock.costs)})
        for name, dock in organisation.docks.items()
    }
    made = organisation.model_copy(
        update={
            "hub": hub.model_copy(update={"costs": of("hub.costs", hub.costs)}),
            "docks": docks,
            "bids": of("bids", organisation.bids),
            "services": of("services", organisation.services, "referrals"),
        }
    )
    streams = of("streams", organisation.streams)
    return made.model_copy(update={"streams": {name: _terms(made, name, one, values) for name, one in streams.items()}})


def _terms(made: Organisation, name: str, stream: Any, values: Mapping[str, float]) -> Any:
    """The stream with its price of a unit and its success at these values, units at the referrals of this draw."""
    found: dict[str, Any] = {}
    if stream.unit is not None:
        price = values.get(f"streams.{name}.unit.price")
        unit = stream.unit if price is None else stream.unit.model_copy(update={"price": Exact(price)})
        found = {"unit": unit, "yearly": yearly_of_units(made, unit)}
    if (success := values.get(f"streams.{name}.results.success")) is not None:
        found["results"] = stream.results.model_copy(update={"success": Exact(success)})
    return stream.model_copy(update=found) if found else stream


def _whole(value: float, key: str) -> float:
    return float(round(value)) if key == "yearly" else value
