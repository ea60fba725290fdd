"""The last month in which one can still close in order, and the losses that would hurt most."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from resilience.first_answer.facts import Hurt, LastMonth
from resilience.first_answer.replays import again, item_at, renewed, sure, with_one
from resilience.measures import rank
from resilience.organisation import Organisation, Shock
from resilience.projection import Projection
from resilience.projection.engine import run
from resilience.rows import ARREARS, NEVER

MONTH = 13  # by whose end a loss is counted
ONE = np.zeros(1, dtype=np.int64)  # without chance there is one path
FEW = 1_000  # futures of a replay


def last_months(projection: Projection) -> list[LastMonth]:
    """The month after which one could no longer close in order, if nothing, everything, or as guessed is renewed.

    Of each the middle of its futures: with none and with all renewed the run's first 1,000 are played again.
    """
    paths, found = projection.paths_played[:FEW], []
    for said, chance in (("none", 0.0), ("all", 1.0)):
        prepared = again(projection, renewed(projection.organisation, chance))
        found.append((said, run(prepared, paths, projection.seed).fates["no_return"]))
    found.append(("as guessed", projection.played.fates["no_return"]))
    first = projection.prepared.horizon.first
    out = []
    for said, months in found:
        t = int(np.sort(np.where(months < 0, NEVER, months))[rank(0.5, len(months))])
        out.append(LastMonth(said, str(first + (t - 1)) if t < NEVER else None, t == 0))
    return out


def hurts(projection: Projection, number: int = 3) -> list[Hurt]:
    """The losses that take most from spendable cash by the end of month 13 (or the last one played), largest first.

    Played without chance, each against the likelier way: a stream that can be cut ends after its notice, told in the
    first month; an award with an end is not renewed, against renewed; a bid is not won; a payer pays a month later. Both futures start
    with a thousand million pounds more, so that neither ends before the sum is told and management has no reason to
    act. Only what takes something is listed.
    """
    expected, t = sure(projection.organisation), min(MONTH, len(projection.months)) - 1

    def spendable(organisation: Organisation) -> int:
        played = run(again(projection, organisation, rich=True), ONE, projection.seed, money=("spendable",))
        return int(played.money["spendable"][t, 0])

    usual, found = spendable(expected), []
    prices = float(np.median(projection.price_index[t])) if projection.todays_pounds else 1.0
    for place, what, when, other in _losses(projection, expected):
        before = spendable(renewed(expected, 1.0, [place])) if what == "not renewed" else usual
        found.append(Hurt(place, what, when, (before - spendable(other)) / 100 / prices))
    return sorted((x for x in found if x.pounds > 0), key=lambda x: (-x.pounds, x.place))[:number]


def _losses(projection: Projection, sure: Organisation) -> Iterator[tuple[str, str, str, Organisation]]:
    """(place, what happens, first month without, organisation to which it happens) of each loss."""
    first, rows = projection.prepared.horizon.first, projection.prepared.plan.streams
    payers = set()
    for s, place in enumerate(projection.prepared.funding.names):
        item = item_at(sure, place)
        if rows.payment[s] == ARREARS:
            payers.add(str(item.payer))
        if rows.bid[s] >= 0:
            yield place, "not won", str(first + int(rows.start[s])), with_one(sure, place, chance=0.0)
        elif item.until is None or item.break_clause:
            if not item.cut:
                continue  # the file says that it is never cut
            told = first + max(0, int(rows.start[s]))
            notice = 0 if item.notice == "none" else int(item.notice) + 1
            lost = sure.model_copy()
            lost._shocks = (*sure.shocks, Shock(place.split(".", 1)[1], 1.0, told + notice, told, "first answer"))
            yield place, "ended", str(told + notice), lost
        else:
            yield place, "not renewed", str(item.until + 1), renewed(sure, 0.0, [place])
    for payer in sorted(payers):
        later = sure
        for place in projection.prepared.funding.names:
            item = item_at(sure, place)
            if item.payer == payer and item.payment == "arrears":
                later = with_one(later, place, lag=item.lag + 1)
        yield f"payers.{payer}", "a month later", str(first), later
