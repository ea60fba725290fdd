"""Streams and bids of the file as awards, and the ways in which payers' habits can fall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from resilience.exact.arithmetic import NEVER, ONE, chance_of_part, exactly, millionths, rounded
from resilience.exact.awards import Award
from resilience.exact.figures import Given
from resilience.horizon import Month
from resilience.organisation import UNRESTRICTED, Shock


def awards_of(given: Given, shocks: Sequence[Shock]) -> list[Award]:
    """Streams, then bids, each in alphabetical order."""
    reader = _Reader(given, shocks)
    awards = [reader.stream(name, s) for name, s in sorted(given.o.streams.items())]
    return awards + [reader.bid(name, b) for name, b in sorted(given.o.bids.items())]


def lags(awards: Sequence[Award]) -> Iterator[tuple[Fraction, list[int]]]:
    """Every way the payers' habits can fall: one uniform a payer, a month more when it is at most the odd part."""
    odd = {a.name: a.lag - int(a.lag) for a in awards}
    payers = sorted({a.payer for a in awards if odd[a.name]})
    cuts = [sorted({odd[a.name] for a in awards if a.payer == p} | {Fraction(0), ONE}) for p in payers]
    for ranges in product(*(list(pairwise(c)) for c in cuts)):
        upto = {payer: high for payer, (_, high) in zip(payers, ranges, strict=True)}
        p = ONE
        for low, high in ranges:
            p *= high - low
        yield p, [int(a.lag) + (odd[a.name] > 0 and upto[a.payer] <= odd[a.name]) for a in awards]


class _Reader:
    def __init__(self, given: Given, shocks: Sequence[Shock]) -> None:
        self.calendar, self.rises, self.first, self.funds = given.calendar, given.rises, given.first, given.funds
        self.law, self.faults, self.shocks = given.law, given.faults, shocks

    def _long_ago(self) -> int:
        """Index of a month long before the first, in which a quarter of the funders' year begins."""
        return -3 * NEVER - (self.first.funders_month - 1) % 3

    def _paid(self, name: str, place: str, paid: Any, form: str) -> dict[str, Any]:
        """What streams and bids share."""
        faults = self.faults
        rises = []
        for april, rises_now in zip(self.calendar, self.rises, strict=True):
            rise = Fraction(0)
            if rises_now:
                tied = hasattr(paid.uplift, "share_of_cpi")
                rise = exactly(paid.uplift.share_of_cpi) * self.law.cpi(april) if tied else exactly(paid.uplift)
            rises.append(millionths(1 + rise))
        fund = paid.fund or (name if form == "grant" and name in self.funds else UNRESTRICTED)
        faults.unless(paid.payment is not None, f"{place}.payment", "is left open", "write when it is paid")
        arrears = paid.payment == "arrears"
        return {
            "name": name,
            "fund": self.funds.index(fund),
            "delivered": form in ("contract", "sale"),
            "yearly": rounded(faults.plain(paid.yearly, f"{place}.yearly")),
            "payment": paid.payment,
            "lag": exactly(paid.lag) if arrears and paid.lag is not None else Fraction(0),
            "late": faults.probability(paid.late, f"{place}.late") if arrears else Fraction(0),
            "further": 1 / exactly(paid.late_months),
            "payer": paid.payer or name,
            "rises": tuple(rises),
            "first": self.first,
        }

    def stream(self, name: str, s: Any) -> Award:
        place, faults = f"streams.{name}", self.faults
        start = s.starts - self.first if s.starts is not None else self._long_ago()
        end = s.until - self.first + 1 if s.until is not None else NEVER
        cut = faults.probability(s.cut, f"{place}.cut") if s.cut is not None else Fraction(0)
        faults.unless(s.noise is None, f"{place}.noise", "is month noise", "leave it out")
        self._irregular(place, s)
        faults.unless(end > 0, f"{place}.until", "is before the first month", "leave the stream out")
        faults.unless(not (cut and start > 0), f"{place}.cut", "may cut a stream that has not begun", "write 0")
        renewal = s.renewal if hasattr(s.renewal, "chance") else None
        open_end = s.until is not None and renewal is None and s.renewal not in (None, 0)
        faults.unless(not open_end, f"{place}.renewal", "is not written out", "write chance, told, term and fraction")
        fixed, term = s.until is not None and not s.break_clause, renewal.term if renewal else 0
        dated = []
        ends_again = any(x.stream_id == name and x.until is not None for x in self.shocks)
        faults.unless(not ends_again, place, "is cut for a time", "leave out the scenario that cuts it")
        for on, depth in _shocks_of(self.shocks, name, self.first):
            if fixed and term:  # waits for the next term
                on = end + max(0, -((end - on) // term)) * term
            if not fixed or term:
                dated.append((on, millionths(1 - depth)))
        if cut:
            faults.unless(s.depth is not None, f"{place}.depth", "is left open", "write the share lost")
            faults.unless(s.decision_month is not None, f"{place}.decision_month", "is left open", "write a month")
            faults.unless(s.notice is not None, f"{place}.notice", "is left open", "write months, or none")
        w = exactly(s.settlement_share)
        return Award(
            start=start,
            end=end,
            settlement=chance_of_part(cut, w),
            monthly=chance_of_part(cut, (1 - w) / 12),
            keeps=millionths(1 - faults.plain(s.depth, f"{place}.depth")) if cut else ONE,
            at_most=NEVER if s.at_most is None else s.at_most,
            decision_month=s.decision_month or 0,
            notice=None if s.notice == "none" else s.notice or 0,
            renewal=faults.probability(renewal.chance, f"{place}.renewal.chance") if renewal else Fraction(0),
            term=term,
            fraction=millionths(faults.plain(renewal.fraction, f"{place}.renewal.fraction")) if renewal else ONE,
            shocks=tuple(dated),
            **self._paid(name, place, s, s.form),
        )

    def _irregular(self, place: str, s: Any) -> None:
        """Refuses the terms of a stream that are not enumerated."""
        unless, renewal = self.faults.unless, s.renewal if hasattr(s.renewal, "chance") else None
        for key in ("unit", "results", "gifts", "season"):
            unless(getattr(s, key) is None, f"{place}.{key}", "makes income irregular", "leave it out")
        unless(not s.volatility, f"{place}.volatility", "makes years differ", "leave it out")
        unless(s.clawback == "kept", f"{place}.clawback", "asks back what is left", "leave it out")
        unless(not s.pays_exit, f"{place}.pays_exit", "pays exit costs", "leave it out")
        if renewal is not None:
            unless(renewal.held == 0, f"{place}.renewal.held", "holds awards over", "leave it out")
            unless(renewal.extension is None, f"{place}.renewal.extension", "is an option", "leave it out")
            unless(not renewal.retender, f"{place}.renewal.retender", "is a tender", "leave it out")

    def bid(self, name: str, b: Any) -> Award:
        place = f"bids.{name}"
        told = b.decision - self.first
        self.faults.unless(told >= 0, f"{place}.decision", "is before the first month", "write a later month")
        live = told + 1 + b.standstill + b.mobilisation.months
        for name_of, what in (
            ("price", "a price of its own"),
            ("score", "a scored tender"),
            ("extension", "an extension"),
            ("delay", "a late decision"),
            ("transfers_in", "people who transfer in"),
            ("takeover", "a takeover"),
        ):
            self.faults.unless(getattr(b, name_of) is None, f"{place}.{name_of}", f"is {what}", "leave it out")
        self.faults.unless(b.incumbent == 0, f"{place}.incumbent", "moves the odds", "leave it out")
        self.faults.unless(
            b.minimum_posts == 0, f"{place}.minimum_posts", "makes income depend on heads", "leave it out"
        )
        chance = self.faults.probability(b.chance, f"{place}.chance")
        bid = (told, live, chance, b.cost, b.mobilisation.cost)
        return Award(start=live, end=live + b.term, term=b.term, bid=bid, **self._paid(name, place, b, b.form))


def _shocks_of(shocks: Sequence[Shock], stream: str, first: Month) -> Iterator[tuple[int, Fraction]]:
    """(month in force, depth) of each shock on a stream."""
    for shock in shocks:
        if shock.stream_id == stream:
            yield shock.effective - first, exactly(shock.depth)
