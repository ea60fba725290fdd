"""The cash that a bid needs before it pays for itself. docs/model.md, section 5."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from resilience.costing.price import price
from resilience.organisation import Organisation
from resilience.projection.engine import run
from resilience.projection.luck import luck
from resilience.projection.plan import Prepared, prepare
from resilience.strategy import Strategy

NOBODY_HAS = 10**16  # pence
RICH = 10**11  # pence put in the bank where a sum is asked for, so that no path ends before it is told
ONE = np.zeros(1, dtype=np.int64)  # without chance there is one path


def peaks(organisation: Organisation, strategy: Strategy, months: int, seed: int) -> np.ndarray:
    """Peak cash of each bid in alphabetical order, pence, int64 (bids,); nil where none is needed."""
    apart = (cash_apart(organisation, strategy, months, seed, [name])[0] for name in sorted(organisation.bids))
    return np.array([needed(less)[0] for less in apart], dtype=np.int64)


def out_of_reach(organisation: Organisation) -> np.ndarray:
    """What headroom must cover for each bid, pence, int64 (bids,): more than there can be where its dock would not recover its full cost.

    With the bid, the dock's income of a year is held against the price that recovers its full cost over the bid's term
    (`resilience cost --price`). A bid that funds no dock costs nothing that is known, and is written.
    """
    docks = {name: d for d, dock in organisation.docks.items() for name in dock.funded_by}
    found = np.full(len(organisation.bids), -NOBODY_HAS, dtype=np.int64)
    for i, (name, bid) in enumerate(sorted(organisation.bids.items())):
        if name in docks:
            asked = price(organisation, docks[name], bid.term)
            found[i] = NOBODY_HAS if asked.now < asked.yearly else -NOBODY_HAS
    return found


def cash_apart(
    organisation: Organisation, strategy: Strategy, months: int, seed: int, names: list[str]
) -> tuple[np.ndarray, int]:
    """(spendable cash with these bids won less that with none written, pence by month to the last that counts; that month).

    Two futures without chance: won for sure, and not written (cost and chance nil); all else as the file stands, the likelier way.
    Counted to the month in which the last of their income is paid, which may lie beyond the horizon: a team kept on after that is a late
    decision, not the bid's. Both futures start with a thousand million pounds more, so that neither ends and management has no reason to
    act.
    """
    won = unwritten = sure(organisation)
    for name in names:
        won = with_one(won, f"bids.{name}", chance=1.0)
        unwritten = with_one(unwritten, f"bids.{name}", chance=0.0, cost=0)
    prepared = rich(prepare(won, strategy, months))
    last = max(_paid_to(prepared, f"bids.{name}") for name in names)
    less = _spendable(prepared, seed) - _spendable(rich(prepare(unwritten, strategy, months)), seed)
    return less[: last + 1], last


def needed(less: np.ndarray) -> tuple[int, int, int]:
    """(most cash needed, first month at whose end it is, first month from whose end on the difference stays at nil or above).

    less: int64 pence (months,). Months are indices; −1: no cash is needed, or it is not paid back within the horizon.
    """
    month = int(less.argmin())
    if less[month] >= 0:
        return 0, -1, -1
    below = np.flatnonzero(less < 0)[-1]
    return -int(less[month]), month, int(below) + 1 if below + 1 < len(less) else -1


def rich(prepared: Prepared) -> Prepared:
    """With a thousand million pounds more in the bank."""
    money = prepared.plan.money._replace(bank=prepared.plan.money.bank + RICH)
    return replace(prepared, plan=prepared.plan._replace(money=money))


def sure(organisation: Organisation) -> Organisation:
    """The organisation without chance; its scenarios stay."""
    return organisation.model_copy(update={"chance": False})


def with_one(organisation: Organisation, place: str, **update: Any) -> Organisation:
    """One stream or bid changed."""
    kind, name = place.split(".", 1)
    items = getattr(organisation, kind)
    return organisation.model_copy(update={kind: {**items, name: items[name].model_copy(update=update)}})


def _spendable(prepared: Prepared, seed: int) -> np.ndarray:
    return run(prepared, ONE, seed, money=("spendable",)).money["spendable"][:, 0]


def _paid_to(prepared: Prepared, place: str) -> int:
    """Month in which the last of a bid's income is paid, won and all else the likelier way; an index, perhaps beyond the horizon."""
    s = prepared.funding.names.index(place)
    drawn = luck(prepared, np.full((max(1, prepared.sources.height), 1), 0.5))
    turns = range(int(drawn.turn_row[s]), int(drawn.turn_row[s] + drawn.turns[s, 0]))
    end = max([int(drawn.until[s, 0]), *(int(drawn.turn_until[row, 0]) for row in turns)])
    lag = int(prepared.plan.streams.lag[s])
    return end - 1 + (int(drawn.wait[lag].max()) if lag >= 0 else 0)
