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
        self.noises.append((self.sources.row(f"{place}.noise", months), noise.sd * (100 if pounds else 1), not pounds, noise.autocorrelation))
        return len(self.noises) - 1, int(pounds)


def _terms(start: int, until: int | None, renewal: Any, months: int) -> tuple[list[int], int]:
    """(first month after each term that begins within the horizon, decisions there can be)."""
    if until is None:
        return [NEVER], 0
    ends = [until + 1]
    while renewal is not None and renewal.chance > 0 and ends[-1] < months:
        ends.append(ends[-1] + renewal.term)
    return ends, len(ends) - 1


def funding(organisation: Organisation, horizon: Horizon, economy: Economy, sources: Sources, choose: Chooser, shocks: tuple[Any, ...]) -> Funding:
    """Rows and draws of every stream and bid. Equations: docs/model.md, sections 4 and 5."""
    variation, on, T = choose.variation, choose.chance, horizon.months
    items: list[tuple[str, Stream | Bid]] = [(f"streams.{k}", v) for k, v in sorted(organisation.streams.items())]
    items += [(f"bids.{k}", v) for k, v in sorted(organisation.bids.items())]
    S, funds, docks = len(items), sorted(organisation.funds), sorted(organisation.docks)
    dock_of = {source: docks.index(d) for d in docks for source in organisation.docks[d].funded_by}
    column = lambda fill=0: np.full(S, fill, dtype=np.int64)  # noqa: E731
    grid = lambda fill=0: np.full((S, T), fill, dtype=np.int64)  # noqa: E731
    r: dict[str, Any] = {k: column() for k in ("start", "fund", "form", "payment", "asked", "bidding", "noise_pounds", "opening_rest", "owner", "cuttable")}
    r |= {k: column(-1) for k in ("told", "bid", "dock", "lag", "noise")}
    r |= {k: grid() for k in ("first", "term", "covers", "uplift", "decided", "mobilising")}
    r |= {"shock": grid(1_000_000), "shock_told": grid(NEVER)}
    all_ends: list[list[int]] = []
    amounts, fractions, cuts, waits = [], [], [], []
    fraction_row, renewal_row, renewal_chance, cut_row = column(), column(), np.zeros(S), column()
    won_row, won_chance, cut_height = [], [], 0
    aprils = [t for t, month in enumerate(horizon) if month.month == 4]
    for s, (place, item) in enumerate(items):
        name = place.split(".", 1)[1]
        r["form"][s], r["payment"][s] = FORMS[item.form], PAYMENTS[item.payment]
        r["fund"][s] = funds.index(item.fund) if item.fund != UNRESTRICTED else len(funds)
        r["dock"][s] = dock_of.get(name, -1)
        amounts.append(choose.quantity(f"{place}.yearly", item.yearly))
        if isinstance(item, Bid):
            told, renewal = item.decision - horizon.first, None
            start = told + 1 + item.standstill + item.mobilisation.months
            ends, asked = [start + item.term], 0
            r["told"][s], r["bid"][s], r["bidding"][s] = told, len(won_row), item.cost
            r["mobilising"][s] = _spread(item.mobilisation.cost, told + 1, start, T)
            won_row.append(sources.row(f"{place}.won"))
            won_chance.append(1.0 if place in variation.off else variation.odds(f"{place}.chance", item.chance))
        else:
            start = item.starts - horizon.first if item.starts else BEFORE - (horizon.first.funders_month - 1) % 3
            renewal = item.renewal if item.until else None
            ends, asked = _terms(start, item.until - horizon.first if item.until else None, renewal, T)
            r["owner"][s] = int(start <= 0)
        r["start"][s], r["asked"][s] = start, asked
        all_ends.append(ends)
        _calendar(r, s, start, ends, T)
        if renewal is not None and asked:
            for k, end in enumerate(ends[:-1]):
                r["decided"][s, max(0, end - renewal.told) :] = k + 1
            renewal_row[s] = sources.row(f"{place}.renewal", asked)
            renewal_chance[s] = 1.0 if f"{place}.renewal" in variation.off else variation.odds(f"{place}.renewal.chance", renewal.chance)
            fraction_row[s] = len(fractions)
            one = choose.quantity(f"{place}.renewal.fraction", renewal.fraction, asked)
            fractions += [Drawn(one.place, one.row + k, one.coefficients) for k in range(asked)]
        for t in aprils:
            if t > max(start, 0):
                rise = economy.cpi(horizon.month(t)) * exact(item.uplift.share_of_cpi) if isinstance(item.uplift, CpiShare) else exact(item.uplift)
                r["uplift"][s, t] = ppm(rise)
        cut = None
        if isinstance(item, Stream) and item.cut and item.depth is not None and (item.until is None or item.break_clause):
            cut = _cuts(place, item, horizon, start, sources, variation, on, choose)
        cuts.append(cut)
        r["cuttable"][s] = int(cut is not None)
        cut_row[s] = cut_height
        cut_height += cut.most if cut else 0
        if r["payment"][s] == ARREARS:
            late = 0.0 if not on or f"payers.{item.payer}" in variation.off else variation.odds(f"{place}.late", item.late)
            habit = sources.row(f"payers.{item.payer}.habit")
            r["lag"][s] = len(waits)
            waits.append((habit, float(item.lag or 0.0), sources.row(f"{place}.late", T), late, item.late_months))
        if isinstance(item, Stream):
            r["noise"][s], r["noise_pounds"][s] = choose.noise(place, item.noise, T)
    for shock in shocks:
        _shock(r, [p for p, _ in items].index(f"streams.{shock.stream_id}"), organisation.streams[shock.stream_id], shock, horizon, all_ends)
    R = max((len(e) for e in all_ends), default=1)
    r["ends"] = np.array([e + [e[-1]] * (R - len(e)) for e in all_ends], dtype=np.int64).reshape(S, R)
    r |= {k: r[k].astype(np.uint8) for k in ("first", "noise_pounds", "cuttable")}
    return Funding([p for p, _ in items], Streams(**r), amounts, fractions, fraction_row, renewal_row, renewal_chance,
                   np.array(won_row, dtype=np.int64), np.array(won_chance), cuts, cut_row, waits, choose.noises)  # fmt: skip


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


def _cuts(place: str, item: Stream, horizon: Horizon, start: int, sources: Sources, variation: Variation, on: bool, choose: Chooser) -> Cuts | None:
    """The odds and dates of cuts of one stream: docs/model.md, section 4."""
    T, begins = horizon.months, max(0, start)
    q = 0.0 if f"{place}.cuts" in variation.off else variation.odds(f"{place}.cut", float(item.cut))
    w = item.settlement_share
    settle = 1 - (1 - q) ** w if w else 0.0
    hazard = bend.monthly_hazard(q, 1 - w) if on else 0.0
    told = [t for t, month in enumerate(horizon) if month.month == item.decision_month and t >= max(1, begins)]
    gap = 0 if item.notice == "none" else int(item.notice) + 1
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
    depth = choose.quantity(f"{place}.depth", item.depth, 1).coefficients
    rows = np.array([sources.row(f"{place}.settlement", max(1, len(told))), sources.row(f"{place}.settlement.depth", max(1, len(told))),
                     sources.row(f"{place}.monthly", max(1, monthly)), sources.row(f"{place}.monthly.depth", max(1, monthly)), monthly], dtype=np.int64)  # fmt: skip
    return Cuts(rows, np.array(told, dtype=np.int64), np.array(effective, dtype=np.int64), settle, hazard, gap, begins, most, depth)


def _shock(r: dict[str, Any], s: int, item: Stream, shock: Any, horizon: Horizon, all_ends: list[list[int]]) -> None:
    """A scenario's dated cut: with an end and no break clause it waits for the next term."""
    effective = shock.effective - horizon.first
    if item.until is not None and not item.break_clause:
        begins = [end for end in all_ends[s][:-1] if end >= effective]
        effective = begins[0] if begins else NEVER
    if effective < horizon.months:
        t = max(0, effective)
        r["shock"][s, t] = r["shock"][s, t] * (1_000_000 - ppm(shock.depth)) // 1_000_000
        r["shock_told"][s, t] = min(shock.told - horizon.first, t)
