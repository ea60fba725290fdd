"""What it hangs on: how the answer moves if an assumption is low or high."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from resilience.distributions import WIDER
from resilience.measures import rank_correlation
from resilience.projection import Projection
from resilience.variation import Variation
from resilience.why.candidates import candidates_of, held, values
from resilience.why.replay import MOVED, Progress, failing, replay

ALL_RANGES, SPREAD = "ranges_too_narrow", "spread"
NOTICED = 3.0  # standard errors of a rank correlation, 1/√N, below which a driver is noise


@dataclass(frozen=True)
class Driver:
    """An assumption that matters: its low and high value and the share of paths that then end insolvent.

    unit: "GBP a year", "GBP a unit", "GBP a gift", "people a month", "share", "a year", "probability" or "odds" (a factor on many odds
    at once). `correlation`: of ranks, between what was drawn and the lowest spendable cash, path by path. One more, "if all our
    ranges were wider by half": place "ranges_too_narrow", unit "spread", the low value 1 (the ranges as written), the high one 1.5;
    correlation nan.
    """

    place: str
    words: str
    unit: str
    low_value: float
    high_value: float
    low_share: float
    high_share: float
    correlation: float


def drivers(projection: Projection, number: int = 3, progress: Progress | None = None) -> list[Driver]:
    """The assumptions that matter most, and the share of futures that end insolvent at their low and high values.

    Candidates: every amount or share given as a range, and every probability (cut, renewal, bid, late invoice,
    turnover, redeployment). Picked by the size of the rank correlation, over the run's own paths, between what was
    drawn (for a probability: how often it happened) and the lowest spendable cash; correlations below 3/√N are left
    out, so there may be fewer than `number`. Then two replays each of the first 4,000 futures with the same draws,
    set off from the headline by what they change in those: a quantity held at its 10 and
    90 % points; the log-odds of a probability moved by ∓0.6408, the 10 and 90 % points of a normal shift with standard
    deviation 0.5. And always, where a range can be wider, one replay of all the run's futures with all ranges wider by
    half (or as written, if they are wider already), as `--wider` plays them: the last of the list. Without chance there
    are none.
    """
    candidates, widened = list(candidates_of(projection)), has_ranges(projection)
    if not projection.organisation.chance or not (candidates or widened):
        return []
    drawn, lowest = values(projection, candidates), projection.played.fates["lowest"]
    found = [(rank_correlation(values, lowest), one) for values, one in zip(drawn, candidates, strict=True)]
    found = [(r, one) for r, one in found if abs(r) > NOTICED / math.sqrt(projection.number)]
    found = sorted(found, key=lambda x: (-abs(x[0]), x[1].place))[:number]
    out, fails = [], failing(projection, projection.played, "insolvent")
    paths, missed = projection.paths_played[:MOVED], float(fails.mean() - fails[:MOVED].mean())
    steps, done = 2 * len(found) + widened, 0

    def share(held: Variation, played: np.ndarray) -> float:
        nonlocal done
        moved = float(failing(projection, replay(projection, held, played), "insolvent").mean())
        done += 1
        if progress:
            progress(done, steps)
        return moved

    for r, one in found:
        low, high = (min(1.0, max(0.0, share(held, paths) + missed)) for held in held(one))
        out.append(Driver(one.place, one.words, one.unit, one.low, one.high, low, high, r))
    if widened:
        already = projection.organisation.ranges_too_narrow
        now, other = float(fails.mean()), share(Variation(wider=not already), projection.paths_played)
        low, high = (other, now) if already else (now, other)
        words = "if all our ranges were wider by half"
        out.append(Driver(ALL_RANGES, words, SPREAD, 1.0, WIDER, low, high, math.nan))
    return out


def has_ranges(projection: Projection) -> bool:
    """Is anything drawn from a range that can be wider?"""
    prepared, funded = projection.prepared, projection.prepared.funding
    drawn = [*funded.amounts, *(one for one, _ in prepared.drawn_lines), *prepared.referrals]
    drawn += [one for turns in funded.turns if turns for one in turns.fractions]
    values = [*(one.value for one in drawn), *(cut.depth for cut in funded.cuts if cut)]
    return any(one.wider() != one for one in values)
