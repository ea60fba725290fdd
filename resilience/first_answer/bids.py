"""What each bid needs in cash before it pays for itself, and all of them together. docs/model.md, section 5."""

from __future__ import annotations

from resilience.first_answer.facts import BidCash
from resilience.projection import Projection
from resilience.projection.peak import cash_apart, needed

ALL = "all bids"


def bids(projection: Projection) -> list[BidCash]:
    """The cash that each bid needs, in alphabetical order; with two or more, last that of all of them together."""
    names = sorted(projection.organisation.bids)
    if not names:
        return []
    short = projection.short_of_staff
    found = [_cash(projection, [name], name, short.get(f"bids.{name}")) for name in names]
    return [*found, _cash(projection, names, ALL, None)] if len(names) > 1 else found


def _cash(projection: Projection, names: list[str], called: str, short: float | None) -> BidCash:
    """The difference in spendable cash between all of these bids won and none of them written."""
    given, labels = projection.organisation.bids, projection.months
    less, last = cash_apart(projection.organisation, projection.strategy, len(labels), projection.seed, names)
    lowest, month, back = needed(less)
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
