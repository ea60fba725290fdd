"""What each bid needs in cash before it pays for itself, and all of them together. docs/model.md, section 5."""

from __future__ import annotations

import numpy as np

from resilience.first_answer.facts import BidCash
from resilience.first_answer.replays import again, sure, with_one
from resilience.organisation import Organisation
from resilience.projection import Projection
from resilience.projection.engine import run
from resilience.projection.luck import luck
from resilience.projection.plan import Prepared

ALL = "all bids"
ONE = np.zeros(1, dtype=np.int64)  # without chance there is one path


def bids(projection: Projection) -> list[BidCash]:
    """The cash that each bid needs, in alphabetical order; with two or more, last that of all of them together.

    Two futures without chance: the bid won for sure, and not written (cost and chance nil); all else as the file stands, the likelier
    way. What the first has less in spendable cash, month by month, is the cash that the bid needs, counted to the month in which the
    last of its income is paid: a team kept on after that is a late decision, not the bid's. For all together: all won, none written.
    Both futures start with a thousand million pounds more, so that neither ends and management has no reason to act.
    """
    names = sorted(projection.organisation.bids)
    if not names:
        return []
    usual, short = sure(projection.organisation), projection.short_of_staff
    found = [_cash(projection, usual, [name], name, short.get(f"bids.{name}")) for name in names]
    return [*found, _cash(projection, usual, names, ALL, None)] if len(names) > 1 else found


def _cash(projection: Projection, usual: Organisation, names: list[str], called: str, short: float | None) -> BidCash:
    """The difference in spendable cash between all of these bids won and none of them written."""
    won, unwritten, given = usual, usual, projection.organisation.bids
    for name in names:
        won = with_one(won, f"bids.{name}", chance=1.0)
        unwritten = with_one(unwritten, f"bids.{name}", chance=0.0, cost=0)
    prepared, labels = again(projection, won, rich=True), projection.months
    last = max(_paid_to(prepared, f"bids.{name}") for name in names)
    less = _spendable(projection, prepared) - _spendable(projection, again(projection, unwritten, rich=True))
    lowest, month, back = needed(less[: last + 1])
    return BidCash(
        called,
        lowest / 100,
        labels[month] if month >= 0 else None,
        labels[back] if back >= 0 else None,
        labels[min(last, len(labels) - 1)],
        not all(given[name].above_ceiling for name in names),
        all((come := given[name].transfers_in) is None or come.liability_known for name in names),
        short,
    )


def _spendable(projection: Projection, prepared: Prepared) -> np.ndarray:
    return run(prepared, ONE, projection.seed, money=("spendable",)).money["spendable"][:, 0]


def _paid_to(prepared: Prepared, place: str) -> int:
    """Month in which the last of a bid's income is paid, won and all else the likelier way; an index, perhaps beyond the horizon."""
    s = prepared.funding.names.index(place)
    drawn = luck(prepared, np.full((max(1, prepared.sources.height), 1), 0.5))
    turns = range(int(drawn.turn_row[s]), int(drawn.turn_row[s] + drawn.turns[s, 0]))
    end = max([int(drawn.until[s, 0]), *(int(drawn.turn_until[row, 0]) for row in turns)])
    lag = int(prepared.plan.streams.lag[s])
    return end - 1 + (int(drawn.wait[lag].max()) if lag >= 0 else 0)


def needed(less: np.ndarray) -> tuple[int, int, int]:
    """(most cash needed, first month at whose end it is, first month from whose end on the difference stays at nil or above).

    less: int64 pence (months,). Months are indices; −1: no cash is needed, or it is not paid back within the horizon.
    """
    month = int(less.argmin())
    if less[month] >= 0:
        return 0, -1, -1
    below = np.flatnonzero(less < 0)[-1]
    return -int(less[month]), month, int(below) + 1 if below + 1 < len(less) else -1
