"""What a parameter that nobody knows does by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from resilience.assumptions import as_written
from resilience.measures import paired_difference
from resilience.neutral import switched_on, without
from resilience.projection import Projection
from resilience.variation import AS_IS
from resilience.why.replay import MOVED, Progress, failing, replay


@dataclass(frozen=True)
class Alone:
    """A parameter that nobody knows, and the share of paths that end insolvent with it and with it alone at its neutral value.

    `error`: standard error of their difference, path by path.
    """

    place: str
    words: str
    unit: str
    value: Any
    neutral: Any
    share: float
    neutral_share: float
    error: float


def alone(projection: Projection, progress: Progress | None = None) -> list[Alone]:
    """What each parameter that nobody knows and that is on does to the headline by itself, the largest first.

    One replay each of the first 4,000 futures, same draws, the organisation with that one figure at its neutral value; set off from
    the headline by what it changes in those. Standard error √(b + c − (b − c)²/n)/n, b and c the paths in which it alone makes the
    end come and go away. Without chance there are none.
    """
    found = list(switched_on(projection.organisation)) if projection.organisation.chance else []
    fails, paths = failing(projection, projection.played, "insolvent"), projection.paths_played[:MOVED]
    out, share = [], float(fails.mean())
    for i, one in enumerate(found):
        played = replay(projection, AS_IS, paths, without(projection.organisation, one))
        apart, error = paired_difference(fails[:MOVED], failing(projection, played, "insolvent"))
        value, other = as_written(one.value, one.unit), min(1.0, max(0.0, share + apart))
        out.append(Alone(one.place, one.description, one.unit, value, one.neutral, share, other, error))
        if progress:
            progress(i + 1, len(found))
    return sorted(out, key=lambda x: (-abs(x.neutral_share - x.share), x.place))
