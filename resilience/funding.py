"""Streams and bids: their calendar, fixed in advance, and what chance makes of it in a block of paths."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from resilience import chance as bend
from resilience.distributions import Exact, Range
from resilience.draws import Sources
from resilience.economy import Economy, ppm
from resilience.employment import exact
from resilience.horizon import Horizon, Month
from resilience.organisation import UNRESTRICTED, Bid, CpiShare, Noise, Organisation, Stream
from resilience.rows import ADVANCE, ARREARS, CONTRACT, GIFT, GRANT, MONTHLY, NEVER, SALE, Streams
from resilience.variation import Variation

FORMS = {"grant": GRANT, "contract": CONTRACT, "gift": GIFT, "sale": SALE}
PAYMENTS = {"monthly": MONTHLY, "quarterly in advance": ADVANCE, "arrears": ARREARS}
BEFORE = -1200  # months: "long before the horizon", a multiple of a quarter

TOLD_MOST = 24  # months before an end in which its decision can be told, and more than any forecast looks ahead


@dataclass
class Drawn:
    """A quantity of the plan: its place, its uniform's row and its coefficients."""

    place: str
    row: int
    coefficients: tuple[float, float, float, int]


@dataclass
class Cuts:
    """What `chance.cuts` needs for one stream."""

    rows: np.ndarray
    told: np.ndarray
    effective: np.ndarray
    chance: float
    hazard: float
    gap: int
    begins: int
    most: int
    depth: tuple[float, float, float, int]


@dataclass
class Funding:
    """The rows of streams and bids, and what is to be drawn for them."""

    names: list[str]
    rows: Streams
    amounts: list[Drawn]
    fractions: list[Drawn]
    fraction_row: np.ndarray
    renewal_row: np.ndarray
    renewal_chance: np.ndarray
    won_row: np.ndarray
    won_chance: np.ndarray
    cuts: list[Cuts | None]
    cut_row: np.ndarray
    waits: list[tuple[int, float, int, float, float]]
    noises: list[tuple[int, float, bool, float]]


@dataclass
class Chooser:
    """Registers quantities and noise with the sources of chance, as the variation has them."""

    sources: Sources
    variation: Variation
    chance: bool
    noises: list[tuple[int, float, bool, float]] = field(default_factory=list)

    def quantity(self, place: str, value: Exact | Range, draws: int = 1) -> Drawn:
        if isinstance(value, Exact):
            return Drawn(place, 0, value.coefficients())
        u = self.variation.pinned.get(place, None if self.chance else 0.5)
        row = self.sources.row(place, draws)
        return Drawn(place, row, value.coefficients() if u is None else Exact(value.quantile(u)).coefficients())

    def noise(self, place: str, noise: Noise | None, months: int) -> tuple[int, int]:
        """(row of the noises or −1, 1 if in pounds)."""
        if noise is None or noise.sd == 0 or not self.chance or f"{place}.noise" in self.variation.off:
            return -1, 0
        pounds = noise.of == "pounds"
        self.noises.append(
            (
                self.sources.row(f"{place}.noise", months),
                noise.sd * (100 if pounds else 1),
                not pounds,
                noise.autocorrelation,
            )
        )
        return len(self.noises) - 1, int(pounds)


def _terms(start: int, until: int | None, renewal: Any, months: int) -> tuple[list[int], int]:
    """(first month after each term that begins within the horizon or whose decision may be told in it, decisions)."""
    if until is None:
        return [NEVER], 0
    ends = [until + 1]
    while renewal is not None and renewal.chance > 0 and ends[-1] < months + TOLD_MOST:
        ends.append(ends[-1] + renewal.term)
    return ends, len(ends) - 1


def funding(
    organisation: Organisation,
    horizon: Horizon,
    economy: Economy,
    sources: Sources,
    choose: Chooser,
    shocks: tuple[Any, ...],
) -> Funding:
    """Rows and draws of every stream and bid. Equations: docs/model.md, sections 4 and 5."""
    table = _Table(organisation, horizon, economy, sources, choose)
    for name, stream in sorted(organisation.streams.items()):
        table.stream(f"streams.{name}", stream)
    for name, bid in sorted(organisation.bids.items()):
        table.bid(f"bids.{name}", bid)
    for shock in shocks:
        s = table.names.index(f"streams.{shock.stream_id}")
        _shock(table.r, s, organisation.streams[shock.stream_id], shock, horizon, table.ends)
    return table.finished()


class _Table:
    """The rows of streams and bids while they are being written, one after the other."""

    def __init__(
        self, organisation: Organisation, horizon: Horizon, economy: Economy, sources: Sources, choose: Chooser
    ) -> None:
        self.horizon, self.economy, self.sources, self.choose = horizon, economy, sources, choose
        self.funds, docks = sorted(organisation.funds), sorted(organisation.docks)
        self.dock_of = {source: docks.index(d) for d in docks for source in organisation.docks[d].funded_by}
        S, T = len(organisation.streams) + len(organisation.bids), horizon.months
        nil = [
            "start",
            "fund",
            "form",
            "payment",
            "asked",
            "bidding",
            "noise_pounds",
            "opening_rest",
            "owner",
            "cuttable",
        ]
        self.r: dict[str, Any] = {k: np.zeros(S, dtype=np.int64) for k in nil}
        self.r |= {k: np.full(S, -1, dtype=np.int64) for k in ("told", "bid", "dock", "lag", "noise")}
        grids = ("first", "term", "covers", "uplift", "cpi_share", "decided", "mobilising")
        self.r |= {k: np.zeros((S, T), dtype=np.int64) for k in grids}
        self.r["shock"], self.r["shock_told"] = np.full((S, T), 1_000_000), np.full((S, T), NEVER)
        self.r["dip"], self.r["dip_told"] = np.full((S, T), 1_000_000), np.full((S, T), NEVER)
        self.names: list[str] = []
        self.ends: list[list[int]] = []
        self.amounts: list[Drawn] = []
        self.fractions: list[Drawn] = []
        self.cuts: list[Cuts | None] = []
        self.waits: list[tuple[int, float, int, float, float]] = []
        self.won: list[tuple[int, float]] = []
        self.fraction_row, self.renewal_row = np.zeros(S, dtype=np.int64), np.zeros(S, dtype=np.int64)
        self.renewal_chance, self.cut_row = np.zeros(S), np.zeros(S, dtype=np.int64)

    def stream(self, place: str, item: Stream) -> None:
        """A row for a stream: its terms, renewals, cuts and noise."""
        first, s = self.horizon.first, len(self.names)
        start = item.starts - first if item.starts else BEFORE - (first.funders_month - 1) % 3
        renewal = item.renewal if item.until else None
        ends, asked = _terms(start, item.until - first if item.until else None, renewal, self.horizon.months)
        self.r["owner"][s], self.r["asked"][s] = int(start <= 0), asked
        if renewal is not None and asked:
            self._renewals(place, s, renewal, ends, asked)
        cut = None
        if item.cut and item.depth is not None and (item.until is None or item.break_clause):
            cut = _cuts(place, item, self.horizon, start, self.sources, self.choose)
        self.r["noise"][s], self.r["noise_pounds"][s] = self.choose.noise(place, item.noise, self.horizon.months)
        self._paid(place, item, start, ends, cut)

    def bid(self, place: str, item: Bid) -> None:
        """A row for a bid: told, mobilised, run and ended."""
        s, told = len(self.names), item.decision - self.horizon.first
        start = told + 1 + item.standstill + item.mobilisation.months
        self.r["told"][s], self.r["bid"][s], self.r["bidding"][s] = told, len(self.won), item.cost
        self.r["mobilising"][s] = _spread(item.mobilisation.cost, told + 1, start, self.horizon.months)
        variation = self.choose.variation
        chance = 1.0 if place in variation.off else variation.odds(f"{place}.chance", item.chance)
        self.won.append((self.sources.row(f"{place}.won"), chance))
        self._paid(place, item, start, [start + item.term], None)

    def _renewals(self, place: str, s: int, renewal: Any, ends: list[int], asked: int) -> None:
        """When each decision is told, how likely it is, and what of the amount goes on."""
        for k, end in enumerate(ends[:-1]):
            self.r["decided"][s, max(0, end - renewal.told) :] = k + 1
        off, odds = self.choose.variation.off, self.choose.variation.odds
        self.renewal_row[s] = self.sources.row(f"{place}.renewal", asked)
        self.renewal_chance[s] = 1.0 if f"{place}.renewal" in off else odds(f"{place}.renewal.chance", renewal.chance)
        self.fraction_row[s] = len(self.fractions)
        one = self.choose.quantity(f"{place}.renewal.fraction", renewal.fraction, asked)
        self.fractions += [Drawn(one.place, one.row + k, one.coefficients) for k in range(asked)]

    def _paid(self, place: str, item: Stream | Bid, start: int, ends: list[int], cut: Cuts | None) -> None:
        """What streams and bids have in common; ends the row."""
        r, s, T = self.r, len(self.names), self.horizon.months
        r["form"][s], r["payment"][s] = FORMS[str(item.form)], PAYMENTS[str(item.payment)]
        r["fund"][s] = self.funds.index(str(item.fund)) if item.fund != UNRESTRICTED else len(self.funds)
        r["dock"][s], r["start"][s] = self.dock_of.get(place.split(".", 1)[1], -1), start
        _calendar(r, s, start, ends, T)
        for t, month in enumerate(self.horizon):
            if month.month == 4 and t > max(start, 0):
                if isinstance(item.uplift, CpiShare):
                    r["uplift"][s, t] = max(-1_000_000, ppm(self.economy.cpi(month) * exact(item.uplift.share_of_cpi)))
                    r["cpi_share"][s, t] = ppm(exact(item.uplift.share_of_cpi))
                else:
                    r["uplift"][s, t] = ppm(exact(item.uplift))
        r["cuttable"][s], self.cut_row[s] = int(cut is not None), sum(c.most for c in self.cuts if c)
        if r["payment"][s] == ARREARS:
            variation = self.choose.variation
            off = not self.choose.chance or f"payers.{item.payer}" in variation.off
            late = 0.0 if off else variation.odds(f"{place}.late", item.late)
            habit, rows = self.sources.row(f"payers.{item.payer}.habit"), self.sources.row(f"{place}.late", T)
            r["lag"][s] = len(self.waits)
            self.waits.append((habit, float(item.lag or 0.0), rows, late, item.late_months))
        self.amounts.append(self.choose.quantity(f"{place}.yearly", item.yearly))
        self.cuts.append(cut)
        self.ends.append(ends)
        self.names.append(place)

    def finished(self) -> Funding:
        """The table, all its rows of one length."""
        most = max((len(e) for e in self.ends), default=1)
        padded = [e + [e[-1]] * (most - len(e)) for e in self.ends]
        self.r["ends"] = np.array(padded, dtype=np.int64).reshape(len(self.ends), most)
        self.r |= {k: self.r[k].astype(np.uint8) for k in ("first", "noise_pounds", "cuttable")}
        return Funding(
            names=self.names,
            rows=Streams(**self.r),
            amounts=self.amounts,
            fractions=self.fractions,
            fraction_row=self.fraction_row,
            renewal_row=self.renewal_row,
            renewal_chance=self.renewal_chance,
            won_row=np.array([row for row, _ in self.won], dtype=np.int64),
            won_chance=np.array([chance for _, chance in self.won]),
            cuts=self.cuts,
            cut_row=self.cut_row,
            waits=self.waits,
            noises=self.choose.noises,
        )


def _spread(cost: int, first: int, last: int, months: int) -> np.ndarray:
    """A cost spread evenly over the months first … last by cumulative rounding, shape (months,)."""
    row, n = np.zeros(months, dtype=np.int64), last - first + 1
    for k in range(n):
        if 0 <= first + k < months:
            row[first + k] = (2 * cost * (k + 1) + n) // (2 * n) - (2 * cost * k + n) // (2 * n)
    return row


def _calendar(r: dict[str, Any], s: int, start: int, ends: list[int], months: int) -> None:
    """Terms, first months of renewed terms and instalments of one row."""
    begins = [start, *ends[:-1]]
    for t in range(months):
        k = next((i for i, end in enumerate(ends) if t < end), len(ends))
        r["term"][s, t] = k if t >= start else NEVER
        if k < len(ends) and t >= start:
            r["first"][s, t] = int(k > 0 and t == begins[k])
            phase = (t - begins[k]) % 3
            if phase == 0:
                r["covers"][s, t] = min(3, ends[k] - t)
            elif t == 0:
                r["opening_rest"][s] = min(3 - phase, ends[k] - t)


def _cuts(place: str, item: Stream, horizon: Horizon, start: int, sources: Sources, choose: Chooser) -> Cuts | None:
    """The odds and dates of cuts of one stream: docs/model.md, section 4."""
    T, begins = horizon.months, max(0, start)
    variation = choose.variation
    q = 0.0 if f"{place}.cuts" in variation.off else variation.odds(f"{place}.cut", float(item.cut or 0.0))
    w = item.settlement_share
    settle = 1 - (1 - q) ** w if w else 0.0
    hazard = bend.monthly_hazard(q, 1 - w) if choose.chance else 0.0
    told = [t for t, month in enumerate(horizon) if month.month == item.decision_month and t >= max(1, begins)]
    gap = 0 if item.notice == "none" else int(item.notice or 0) + 1
    effective = []
    for a in told:
        month = horizon.month(a)
        april = month if item.notice == "none" and month.month == 4 else Month(month.year + (month.month >= 4), 4)
        effective.append(max(a + gap, april - horizon.first))
    monthly = bend.most_events(hazard, T) if hazard else 0
    most = len(told) + monthly
    if item.at_most is not None:
        most = min(most, item.at_most)
    if most == 0 or q == 0:
        return None
    depth = choose.quantity(f"{place}.depth", item.depth or Exact(0.0)).coefficients
    rows = np.array(
        [
            sources.row(f"{place}.settlement", max(1, len(told))),
            sources.row(f"{place}.settlement.depth", max(1, len(told))),
            sources.row(f"{place}.monthly", max(1, monthly)),
            sources.row(f"{place}.monthly.depth", max(1, monthly)),
            monthly,
        ],
        dtype=np.int64,
    )
    return Cuts(
        rows,
        np.array(told, dtype=np.int64),
        np.array(effective, dtype=np.int64),
        settle,
        hazard,
        gap,
        begins,
        most,
        depth,
    )


def _shock(r: dict[str, Any], s: int, item: Stream, shock: Any, horizon: Horizon, all_ends: list[list[int]]) -> None:
    """A scenario's dated cut: with an end and no break clause it waits for the next term."""
    effective = shock.effective - horizon.first
    if item.until is not None and not item.break_clause:
        begins = [end for end in all_ends[s][:-1] if end >= effective]
        effective = begins[0] if begins else NEVER
    if shock.until is not None:
        _dip(r, s, shock, effective, horizon)
    elif effective < horizon.months:
        t = max(0, effective)
        r["shock"][s, t] = (r["shock"][s, t] * (1_000_000 - ppm(shock.depth)) + 500_000) // 1_000_000
        r["shock_told"][s, t] = min(shock.told - horizon.first, t)


def _dip(r: dict[str, Any], s: int, shock: Any, effective: int, horizon: Horizon) -> None:
    """A scenario's cut that ends again: a factor on what is paid in its months, so that the amount comes back to the penny."""
    first, after = max(0, effective), min(shock.until - horizon.first + 1, horizon.months)
    if first < after:
        for t in range(first, after):
            r["dip"][s, t] = (r["dip"][s, t] * (1_000_000 - ppm(shock.depth)) + 500_000) // 1_000_000
        r["dip_told"][s, first] = min(shock.told - horizon.first, first)
