"""Streams and bids: their calendar, fixed in advance, and what chance makes of it in a block of paths."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np

from resilience import chance as bend
from resilience.assumptions import default_of
from resilience.counterparties import Payer, payers
from resilience.cuts import cuts, shocked, uncut
from resilience.distributions import Exact
from resilience.drawn import Chooser, Cuts, Doubt, Drawn, Turns
from resilience.draws import Sources
from resilience.economy import Economy, ppm
from resilience.employment import exact
from resilience.horizon import Horizon
from resilience.organisation import UNRESTRICTED, Bid, CpiShare, Organisation, Renewal, Stream
from resilience.organisation.policy import by_stages
from resilience.reorganisation import bodies
from resilience.rows import ADVANCE, ARREARS, CONTRACT, GIFT, GRANT, MONTHLY, NEVER, SALE, Streams
from resilience.tenders import Extensions

FORMS = {"grant": GRANT, "contract": CONTRACT, "gift": GIFT, "sale": SALE}
PAYMENTS = {"monthly": MONTHLY, "quarterly in advance": ADVANCE, "arrears": ARREARS}
BEFORE = -1200  # months: "long before the horizon", a multiple of a quarter

FARTHEST = 6.4  # standard deviations: beyond any normal deviate of a uniform of 32 bits

TOLD_MOST = 24  # months before an end in which its decision can be told, and more than any forecast looks ahead


Wait = tuple[
    int, float, int, float, float, np.ndarray
]  # as `chance.lags` reads them, and months more by month of delivery


@dataclass
class Funding:
    """The rows of streams and bids, and what is to be drawn for them."""

    names: list[str]
    rows: Streams
    starts: np.ndarray  # int64 (streams,): first month paid, below nil if before the horizon; a bid: go-live
    told: np.ndarray  # int64 (streams,): month a bid's award is told; −1 for a stream
    ends: np.ndarray  # int64 (streams,): first month after the first term
    amounts: list[Drawn]
    turns: list[Turns | None]
    turn_row: np.ndarray
    payers: list[Payer]
    won_row: np.ndarray
    won_chance: np.ndarray
    won_given: np.ndarray  # as the file says, or 1 if switched off
    won_payer: np.ndarray  # int64 (bids,): −1 if it cannot get into trouble
    won_programme: np.ndarray  # int64 (bids,): row of its programme, −1 for none
    doubts: dict[str, Doubt]
    cuts: list[Cuts | None]
    cut_row: np.ndarray
    waits: list[Wait]
    noises: list[tuple[int, float, bool, float]]
    hidden: list[Drawn]


def funding(
    organisation: Organisation,
    horizon: Horizon,
    economy: Economy,
    sources: Sources,
    choose: Chooser,
    shocks: tuple[Any, ...],
    together: Together,
) -> Funding:
    """Rows and draws of every stream and bid. Equations: docs/model.md, sections 4, 4c and 5."""
    table = _Table(organisation, horizon, economy, sources, choose, together)
    for name, stream in sorted(organisation.streams.items()):
        table.stream(f"streams.{name}", stream)
    for name, bid in sorted(organisation.bids.items()):
        table.bid(f"bids.{name}", bid)
    for shock in shocks:
        s = table.names.index(f"streams.{shock.stream_id}")
        shocked(table.r, s, organisation.streams[shock.stream_id], shock, horizon, table.scheduled[s])
    return table.finished()


class Together(Protocol):
    """What the table needs of partnerships."""

    def row(self, name: str) -> int: ...

    def most(self, row: int) -> int: ...


class _Table:
    """The rows of streams and bids while they are being written, one after the other."""

    def __init__(
        self,
        organisation: Organisation,
        horizon: Horizon,
        economy: Economy,
        sources: Sources,
        choose: Chooser,
        together: Together,
    ) -> None:
        self.horizon, self.economy, self.sources, self.choose = horizon, economy, sources, choose
        self.payers, self.climate = payers(organisation, sources, choose.variation), organisation.has_climate
        self.paying = {name: i for i, name in enumerate(self.payers)}
        self.programmes = dict(sorted(organisation.programmes.items()))
        self.bodies = bodies(organisation, horizon, choose.variation)
        self.partnerships = together
        self.doubts = {}
        for name in ("winning", "renewal", "cuts"):
            sd, held = float(getattr(organisation.doubt, name)), choose.variation.pinned.get(f"doubt.{name}")
            drawn = organisation.chance and sd > 0
            row = sources.row(f"doubt.{name}") if drawn and held is None else 0
            self.doubts[name] = Doubt(row, sd if drawn else 0.0, held)
        self.at_once = organisation.hub.mobilisations_at_once
        self.funds, docks = sorted(organisation.funds), sorted(organisation.docks)
        self.dock_of = {source: docks.index(d) for d in docks for source in organisation.docks[d].funded_by}
        S, T = len(organisation.streams) + len(organisation.bids), horizon.months
        nil = [
            "fund",
            "form",
            "payment",
            "bidding",
            "noise_pounds",
            "opening_rest",
            "owner",
            "cuttable",
            "waits",
            "lead",
            "minimum",
        ]
        self.r: dict[str, Any] = {k: np.zeros(S, dtype=np.int64) for k in nil}
        self.r |= {k: np.full(S, -1, dtype=np.int64) for k in ("bid", "dock", "lag", "noise", "short", "hidden")}
        self.r |= {
            "fit": np.ones(S),
        }
        self.hidden: list[Drawn] = []
        self.r |= {k: np.zeros((S, T), dtype=np.int64) for k in ("uplift", "cpi_share")}
        self.r["turning"] = np.zeros((S, T), dtype=np.uint8)
        self.mobilising: list[list[int]] = []
        self.r["shock"], self.r["shock_told"] = np.full((S, T), 1_000_000), np.full((S, T), NEVER)
        self.r["dip"], self.r["dip_told"] = np.full((S, T), 1_000_000), np.full((S, T), NEVER)
        self.r["waiting"] = np.full((S, T), 1_000_000)
        self.names: list[str] = []
        self.starts, self.told, self.ends = (np.zeros(S, dtype=np.int64) for _ in range(3))
        self.scheduled: list[list[int]] = []  # ends of a row's terms, if each is renewed
        self.amounts: list[Drawn] = []
        self.turns: list[Turns | None] = []
        self.cuts: list[Cuts | None] = []
        self.waits: list[Wait] = []
        self.won: list[tuple[int, float, float, int, int]] = []
        self.cut_row, self.turn_row = np.zeros(S, dtype=np.int64), np.zeros(S, dtype=np.int64)

    def stream(self, place: str, item: Stream) -> None:
        """A row for a stream: its terms, renewals, cuts and noise."""
        first, s = self.horizon.first, len(self.names)
        start = item.starts - first if item.starts else BEFORE - (first.funders_month - 1) % 3
        end = item.until - first + 1 if item.until else NEVER
        self.r["owner"][s] = int(start <= 0)
        payer = None if item.statutory_duty else self.payers.get(str(item.payer))
        within = item.until is None or item.break_clause  # trouble of the payer meets it within a term
        meets = None if within else payer
        programme = -1 if item.statutory_duty else self._programme(item)
        turns = self._renewals(place, item, end, meets) if item.until and item.renewal else None
        if turns and not within:
            turns.programme = programme
        cut = None
        moved = self.bodies.harmonised(item.kind) if item.form == "grant" else []
        if within and item.depth is not None and (item.cut or payer or programme >= 0 or moved):
            cut = self._cuts(place, item, start, payer, programme)
        self.r["noise"][s], self.r["noise_pounds"][s] = self.choose.noise(place, item.noise, self.horizon.months)
        self._paid(place, item, start, end, turns, cut)

    def _programme(self, item: Stream | Bid) -> int:
        """Row of the programme that it belongs to; −1 for none."""
        return list(self.programmes).index(item.programme) if item.programme in self.programmes else -1

    def bid(self, place: str, item: Bid) -> None:
        """A row for a bid: told, mobilised, run and ended."""
        s, told = len(self.names), self.bodies.told(item.kind, item.decision - self.horizon.first)
        start = told + 1 + item.standstill + item.mobilisation.months
        self.r["bid"][s], self.r["bidding"][s] = len(self.won), item.cost
        variation = self.choose.variation
        chance = 1.0 if place in variation.off else variation.odds(f"{place}.chance", item.chance)
        payer = self.payers.get(str(item.payer))
        own = payer.award(chance, told) if payer else chance
        own = 0.0 if item.above_ceiling else own
        paying, programme = self.paying.get(str(item.payer), -1), self._programme(item)
        self.won.append((self.sources.row(f"{place}.won"), own, chance, paying, programme))
        end = start + item.term
        self.r["lead"][s] = start - told
        extended = self._extensions(place, item.extension, end, told, payer)
        if extended:
            extended.programme = programme
        self._paid(place, item, start, end, extended, None, told)
        costs = _spread(item.mobilisation.cost, start - told)
        if item.demobilisation:
            costs += [0] * (item.term - 1) + [item.demobilisation]
        self.mobilising[-1] = costs
        if item.delay or self.at_once:
            self.r["turning"][s, told:] = 1  # what follows the award differs from path to path
        if item.minimum_posts:
            self.r["minimum"][s], self.r["short"][s] = item.minimum_posts, self.r["short"].max() + 1
        if item.takeover:
            self.r["hidden"][s] = len(self.hidden)
            self.hidden.append(self.choose.quantity(f"{place}.takeover.hidden_cost", item.takeover.hidden_cost))

    def _extensions(self, place: str, one: Extensions | None, end: int, told: int, payer: Payer | None) -> Turns | None:
        """The payer's decisions to extend, on the same terms; None if there are none within reach."""
        if one is None or not one.chance or end >= self.horizon.months + TOLD_MOST:
            return None
        row = self.sources.row(f"{place}.extension", one.times)
        off, odds = self.choose.variation.off, self.choose.variation.odds
        chance = 1.0 if f"{place}.extension" in off else odds(f"{place}.extension.chance", one.chance)
        decided = [end + k * one.months - one.told for k in range(one.times)]
        chances = payer.renewals(chance, [told, *decided])[1:] if payer else [chance] * one.times
        same = [Drawn(f"{place}.extension", 0, Exact(1.0), 1.0)] * one.times
        terms = np.full(one.times, one.months, dtype=np.int64)
        paying = self.paying[payer.name] if payer else -1
        return Turns(row, row, np.array(chances), np.zeros(one.times), terms, same, one.told, paying)

    def _cuts(self, place: str, item: Stream, start: int, payer: Payer | None, programme: int) -> Cuts | None:
        """The odds of a stream's own cuts in each climate and stage of its programme, its payer's trouble and its programme's end."""
        variation = self.choose.variation
        q = 0.0 if f"{place}.cuts" in variation.off else variation.odds(f"{place}.cut", float(item.cut or 0.0))
        q = bend.with_odds(q, default_of(None, "statutory_duty")) if item.statutory_duty else q
        q = payer.cut(q) if payer else q
        by_climate = (item.growth_climate, 1.0, item.austerity) if self.climate else (1.0,)
        by_stage: tuple[float, ...] = (1.0,)
        if programme >= 0:
            by_stage = (
                *by_stages(self.programmes[str(item.programme)].cuts),
                0.0,
            )  # when it is gone there is nothing to cut
        yearly = np.array([bend.with_odds(q, stage * times) for stage in by_stage for times in by_climate])
        farthest = math.exp(FARTHEST * self.doubts["cuts"].sd)
        worst = max(bend.with_odds(float(one), farthest) for one in yearly)
        found = cuts(place, item, self.horizon, start, self.choose, yearly, worst)
        found.payer, found.programme = self.paying[payer.name] if payer else -1, programme
        moved = self.bodies.harmonised(item.kind) if item.form == "grant" else []
        row = self.sources.row
        found.harmonised = tuple(
            (max(0, april - found.gap), most, row(f"{place}.harmonised.{name}")) for april, most, name in moved
        )
        return found if found.most else None

    def _renewals(self, place: str, item: Stream, end: int, payer: Payer | None) -> Turns | None:
        """The decisions of an award whose first term is over in month `end`; None if there is nothing to decide.

        payer: whose trouble meets them; beside it the chance of renewal is reduced.
        """
        last, renewal = self.horizon.months + TOLD_MOST, cast(Renewal, item.renewal)
        option, holds = renewal.extension, self.bodies.held(item.kind, end, float(renewal.held)) > 0
        if not (renewal.chance or holds or option) or end >= last:
            return None
        shortest = min(renewal.term, 3) if holds else renewal.term
        asked = -(-(last - end) // shortest) + (option.times if option else 0)
        chances, held = self._decided(place, item, renewal, [end + k * renewal.term for k in range(asked)], payer)
        row = self.sources.row(f"{place}.renewal", asked)
        held_row = self.sources.row(f"{place}.held", asked) if held.any() else row
        one = self.choose.quantity(f"{place}.renewal.fraction", renewal.fraction, asked)
        fractions = [Drawn(one.place, one.row + k, one.value, one.median) for k in range(asked)]
        terms = np.full(asked, renewal.term, dtype=np.int64)
        paying = self.paying[payer.name] if payer else -1
        turns = Turns(row, held_row, chances, held, terms, fractions, renewal.told, paying)
        if option:
            turns.option_row = self.sources.row(f"{place}.extension", option.times)
            turns.option = self.choose.variation.odds(f"{place}.renewal.extension.chance", float(option.chance))
            turns.option_months, turns.options = option.months, option.times
        return turns

    def _decided(
        self, place: str, item: Stream, renewal: Renewal, ends: list[int], payer: Payer | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """(probability of renewal, of a hold-over) at each of these ends, float64 (decisions,)."""
        n, odds = len(ends), self.choose.variation.odds
        if f"{place}.renewal" in self.choose.variation.off:
            told, held = [1.0] * n, np.zeros(n)
        else:
            given, usual = (odds(f"{place}.renewal.{x}", float(getattr(renewal, x))) for x in ("chance", "held"))
            there = [self.bodies.incumbent(item.kind, max(0, end - renewal.told)) for end in ends]
            told = [_with_incumbent(given, renewal, share) for share in there]
            held = np.array([self.bodies.held(item.kind, end, usual) for end in ends])
        if payer:
            months = [max(0, end - renewal.told) for end in ends]
            told = [payer.renewals(chance, months)[k] for k, chance in enumerate(told)]
        if not self.choose.chance:
            held = (held >= 0.5).astype(float)  # the likelier way; a hold-over is decided before a renewal
        return np.array(told), held

    def _paid(
        self,
        place: str,
        item: Stream | Bid,
        start: int,
        end: int,
        turns: Turns | None,
        cut: Cuts | None,
        told: int = -1,
    ) -> None:
        """What streams and bids have in common; ends the row."""
        r, s, T = self.r, len(self.names), self.horizon.months
        r["form"][s], r["payment"][s] = FORMS[str(item.form)], PAYMENTS[str(item.payment)]
        r["fund"][s] = self.funds.index(str(item.fund)) if item.fund != UNRESTRICTED else len(self.funds)
        r["dock"][s] = self.dock_of.get(place.split(".", 1)[1], -1)
        self.starts[s], self.told[s], self.ends[s] = start, told, end
        r["fit"][s] = item.fit
        self._scheduled(s, start, end, turns, told)
        for t, month in enumerate(self.horizon):
            if month.month == 4 and t > 0:
                if isinstance(item.uplift, CpiShare):
                    r["uplift"][s, t] = max(-1_000_000, ppm(self.economy.cpi(month) * exact(item.uplift.share_of_cpi)))
                    r["cpi_share"][s, t] = ppm(exact(item.uplift.share_of_cpi))
                else:
                    r["uplift"][s, t] = ppm(exact(item.uplift))
        if (row := self.partnerships.row(place.split(".", 1)[1])) >= 0:
            cut = cut or uncut()
            cut.together, cut.befalls = row, self.partnerships.most(row)
        r["cuttable"][s], self.cut_row[s] = int(cut is not None), sum(c.most for c in self.cuts if c)
        if r["payment"][s] == ARREARS:
            variation = self.choose.variation
            off = not self.choose.chance or f"payers.{item.payer}" in variation.off
            late = 0.0 if off else variation.odds(f"{place}.late", item.late)
            habit = self.sources.row(f"payers.{item.payer}.habit")
            rows = self.sources.row(f"{place}.late", T) if late else habit
            r["lag"][s] = len(self.waits)
            later = self.bodies.later(item.kind)
            self.waits.append((habit, float(item.lag or 0.0), rows, late, item.late_months, later))
        self.amounts.append(self.choose.quantity(f"{place}.yearly", item.yearly))
        self.cuts.append(cut)
        self.turn_row[s] = sum(one.most for one in self.turns if one)
        self.turns.append(turns)
        self.mobilising.append([])
        self.names.append(place)

    def _scheduled(self, s: int, start: int, end: int, turns: Turns | None, told: int) -> None:
        """The months in which anything can happen to an award, and where a quarter that has begun before the horizon leaves off."""
        ends = [end]
        for term in turns.terms if turns else ():
            ends.append(ends[-1] + int(term))
        self.scheduled.append(ends)
        months = [0, start, told, *ends, *(max(0, e - turns.told) for e in ends if turns)]
        self.r["turning"][s, [t for t in months if 0 <= t < self.horizon.months]] = 1
        if turns and turns.differ:
            self.r["turning"][s] = 1  # when it is over differs from path to path
            self.r["waits"][s] = 1
        if start < 0 < end and start % 3:
            self.r["opening_rest"][s] = min(3 - (-start) % 3, end)

    def finished(self) -> Funding:
        """The table, all its rows of one length."""
        most = max((len(one) for one in self.mobilising), default=0)
        costs = [one + [0] * (most - len(one)) for one in self.mobilising]
        self.r["mobilising"] = np.array(costs, dtype=np.int64).reshape(len(costs), most)
        self.r |= {k: self.r[k].astype(np.uint8) for k in ("noise_pounds", "cuttable", "waits")}
        return Funding(
            names=self.names,
            rows=Streams(**self.r),
            starts=self.starts,
            told=self.told,
            ends=self.ends,
            amounts=self.amounts,
            turns=self.turns,
            turn_row=self.turn_row,
            payers=list(self.payers.values()),
            won_row=np.array([one[0] for one in self.won], dtype=np.int64),
            won_chance=np.array([one[1] for one in self.won], dtype=np.float64),
            won_given=np.array([one[2] for one in self.won], dtype=np.float64),
            won_payer=np.array([one[3] for one in self.won], dtype=np.int64),
            won_programme=np.array([one[4] for one in self.won], dtype=np.int64),
            doubts=self.doubts,
            cuts=self.cuts,
            cut_row=self.cut_row,
            waits=self.waits,
            noises=self.choose.noises,
            hidden=self.hidden,
        )


def _with_incumbent(chance: float, renewal: Any, share: float) -> float:
    """The chance of a renewal; of a retender with the log-odds that being there adds, or the share of them that is left."""
    if not renewal.retender or not 0 < chance < 1:
        return chance
    return 1 / (1 + math.exp(-(math.log(chance / (1 - chance)) + share * renewal.incumbent)))


def _spread(cost: int, n: int) -> list[int]:
    """A cost spread evenly over n months by cumulative rounding."""
    return [(2 * cost * (k + 1) + n) // (2 * n) - (2 * cost * k + n) // (2 * n) for k in range(n)]
