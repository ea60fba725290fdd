"""Does a strategy's rules make more cash worse? The same futures once more with a month's spending more in the bank."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from resilience.projection import Projection
from resilience.projection.engine import run
from resilience.rows import CLOSED, CONTINUING, INSOLVENT

PLAYED = 2_000  # futures at most: some hundredths of a second


@dataclass(frozen=True)
class MoreCash:
    """What a month's spending more in the bank at the opening does under one strategy, in the same futures. label: its name.

    pounds: the month's recurring unrestricted spending. worse: share of futures that go on without it and with it are insolvent or
    closed in order, standard_error √(b − b²/n)/n of their number b; better: share of those that end without it and go on with it.
    seen: worse is more than two standard errors.
    """

    label: str
    pounds: float
    paths: int
    worse: float
    standard_error: float
    better: float
    seen: bool


def more_cash(projection: Projection) -> MoreCash | None:
    """The first futures of a projection again with more cash; None where nobody decides anything, or nothing is spent."""
    money = projection.prepared.plan.money
    if not projection.strategy.decides or money.budget <= 0:
        return None
    numbers = projection.paths_played[:PLAYED]
    richer = projection.prepared.plan._replace(money=money._replace(bank=money.bank + money.budget))
    before = projection.played.fates["end_kind"][: len(numbers)]
    after = run(replace(projection.prepared, plan=richer), numbers, projection.seed).fates["end_kind"]
    n, b = len(numbers), int(((before == CONTINUING) & ((after == INSOLVENT) | (after == CLOSED))).sum())
    better = float(((before != CONTINUING) & (after == CONTINUING)).mean())
    worse, error, seen = share_seen(b, n)
    return MoreCash(projection.strategy.name, money.budget / 100, n, worse, error, better, seen)


def share_seen(b: int, n: int) -> tuple[float, float, bool]:
    """(b/n, its standard error √(b − b²/n)/n, whether it is more than two of them)."""
    error = math.sqrt(b - b * b / n) / n
    return b / n, error, b / n > 2 * error
