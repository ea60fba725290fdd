"""Replays of a projection with something changed."""

from __future__ import annotations

from typing import Any

import numpy as np

from resilience.organisation import Organisation
from resilience.projection import Projection
from resilience.projection.peak import RICH, sure, with_one
from resilience.projection.peak import rich as with_plenty
from resilience.projection.plan import Prepared, prepare
from resilience.variation import AS_IS, Variation

__all__ = ["RICH", "again", "in_post", "item_at", "renewed", "sure", "with_one"]


def again(
    projection: Projection, organisation: Organisation, variation: Variation = AS_IS, rich: bool = False
) -> Prepared:
    """The same horizon and strategy prepared for this organisation and variation; draws keep their names.

    rich: with a thousand million pounds more in the bank.
    """
    months, peaks = projection.prepared.horizon.months, projection.prepared.plan.rules.peak
    prepared = prepare(organisation, projection.strategy, months, variation, peaks)
    return with_plenty(prepared) if rich else prepared


def renewed(organisation: Organisation, chance: float, places: list[str] | None = None) -> Organisation:
    """Every award with an end (or those named) renewed with this probability."""
    for name, one in organisation.streams.items():
        if one.until is not None and one.renewal is not None and (places is None or f"streams.{name}" in places):
            option = one.renewal.extension
            option = option and option.model_copy(update={"chance": chance})
            changed = one.renewal.model_copy(update={"chance": chance, "held": 0.0, "extension": option})
            organisation = with_one(organisation, f"streams.{name}", renewal=changed)
    return organisation


def in_post(prepared: Prepared) -> np.ndarray:
    """Heads in post at the opening, int64 (posts,).

    The hub's, and those of docks that a stream which has begun, or nothing, funds.
    """
    plan = prepared.plan
    works = [
        plan.streams_of[d, 0] < 0 or any(plan.streams.owner[s] for s in plan.streams_of[d] if s >= 0)
        for d in range(len(prepared.docks))
    ]
    return np.array(
        [n if d < 0 or works[d] else 0 for n, d in zip(plan.posts.heads, plan.posts.dock, strict=True)], dtype=np.int64
    ) * (plan.posts.transferred < 0)


def item_at(organisation: Organisation, place: str) -> Any:
    """The stream or bid at "streams.NAME" or "bids.NAME"."""
    kind, name = place.split(".", 1)
    return getattr(organisation, kind)[name]
