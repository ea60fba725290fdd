"""The independent engine for small cases: every outcome of a small organisation under *carry on*, by exact arithmetic.

Written from docs/model.md alone; it shares no code with the simulator and reads data/uk_rates.toml itself.
Probabilities are fractions, money whole pence. One irrational thing is rounded on the way in: a yearly probability q
spread over parts of a year, 1 − (1 − q)^w, is taken as the exact value of its nearest float (error below 1e−15).

Outcomes are not followed one by one: futures that have come to the same books and the same open questions are one state
from then on, with the sum of their probabilities, which loses nothing. What can happen within a month is a product of
what each award does on its own (`_Award.step`), and the accounts of the month follow from it without chance (`_Books`).
"""

from __future__ import annotations

import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import Any, NamedTuple

from resilience.errors import Fault, InputError
from resilience.horizon import Month
from resilience.organisation import UNRESTRICTED, Organisation, Shock

MOST_STATES = 200_000  # states alive in one month; more is refused
MONEY = (
    *("bank", "spendable", "headroom", "restricted_cash", "free_reserves", "unrestricted_funds"),
    *("income", "spending", "receipts_of_income", "closing_liability"),
)
ONE, MILLION = Fraction(1), 1_000_000
NOT_YET, RUNNING, OVER, LOST = range(4)
NEVER = 10**6  # a month beyond every horizon


@dataclass
class Exact:
    """The exact distribution of one organisation under *carry on*.

    `insolvent`, `breach`, `touched`, `no_return`: probability by the end of month t, list of `months` fractions;
    `breach` is None if the policy is already breached at the opening. `states`: the most in a month. Measures: MONEY.
    `weights[measure][t]`: {pence: weight} over the continuing paths; a probability is weight ÷ `whole[t]`.
    """

    organisation: Organisation
    months: int
    insolvent: list[Fraction] = field(default_factory=list)
    breach: list[Fraction] | None = None
    touched: list[Fraction] = field(default_factory=list)
    no_return: list[Fraction] = field(default_factory=list)
    weights: dict[str, list[dict[int, int]]] = field(default_factory=dict)
    whole: list[int] = field(default_factory=list)
    states: int = 0

    def distribution(self, measure: str, month: int) -> dict[int, Fraction]:
        """{pence: probability} over the continuing paths, in order; the sum is 1 − insolvent[month]."""
        return {x: Fraction(w, self.whole[month]) for x, w in sorted(self.weights[measure][month].items())}

    def mean(self, measure: str, month: int) -> Fraction:
        """Mean in pence over the continuing paths. ZeroDivisionError if none continues."""
        weights = self.weights[measure][month]
        return Fraction(sum(x * w for x, w in weights.items()), sum(weights.values()))

    def variance(self, measure: str, month: int) -> Fraction:
        """Variance in pence² over the continuing paths."""
        weights = self.weights[measure][month]
        square = Fraction(sum(x * x * w for x, w in weights.items()), sum(weights.values()))
        return square - self.mean(measure, month) ** 2

    def below(self, measure: str, month: int, amount: int, *, at_most: bool = False) -> Fraction:
        """P(X < amount), with `at_most` P(X ≤ amount), over all paths; ended paths rank lowest."""
        weights = self.weights[measure][month]
        under = sum(w for x, w in weights.items() if x < amount or (at_most and x == amount))
        return self.insolvent[month] + Fraction(under, self.whole[month])

    def quantile(self, measure: str, month: int, share: Fraction | float) -> int | None:
        """The smallest amount with P(X ≤ amount) ≥ share, in pence; None where the quantile has ended."""
        wanted = _exactly(share) * self.whole[month]
        reached = self.insolvent[month] * self.whole[month]
        if reached >= wanted:
            return None
        for amount, weight in sorted(self.weights[measure][month].items()):
            reached += weight
            if reached >= wanted:
                return amount
        raise ValueError(f"{share} is not a share from 0 to 1")


def exact(organisation: Organisation, months: int = 24, shocks: Iterable[Shock] = ()) -> Exact:
    """Every outcome of `organisation` (resolved: no default left open) over `months` months under *carry on*.

    `shocks` come beside those that the organisation's scenarios have brought.
    Raises InputError, all faults at once, for what cannot be enumerated (ranges, noise, leavers, loans, fixed assets, a
    covenant, …) and when more than MOST_STATES states are alive in one month.
    """
    faults = _Faults(organisation.name)
    plan = _Plan(organisation, months, (*organisation.shocks, *shocks), faults)
    faults.raise_any()
    return _enumerate(plan)


# ---- arithmetic


def _round(x: Fraction) -> int:
    """Nearest whole, halves away from zero."""
    whole = (2 * abs(x.numerator) + x.denominator) // (2 * x.denominator)
    return whole if x >= 0 else -whole


def _exactly(x: Any) -> Fraction:
    """The decimal that was written: 0.1 is one tenth."""
    return x if isinstance(x, Fraction) else Fraction(repr(x)) if isinstance(x, float) else Fraction(x)


def _millionths(x: Fraction) -> Fraction:
    """Shares and rates are held to the millionth."""
    return Fraction(_round(x * MILLION), MILLION)


def _share(amount: int, rate: Fraction) -> int:
    """amount × rate, both from 0, to the nearest whole."""
    return (2 * amount * rate.numerator + rate.denominator) // (2 * rate.denominator)


def _part(yearly: int | Fraction, month: Month) -> int:
    """The month's part of a yearly amount by cumulative rounding; m = 1 in April."""
    m = month.funders_month
    return _round(Fraction(yearly) * m / 12) - _round(Fraction(yearly) * (m - 1) / 12)


def _chance_of_part(yearly: Fraction, part: Fraction) -> Fraction:
    """1 − (1 − q)^part: exact for part 0 and 1, else the nearest float as a fraction."""
    if part in (0, 1) or yearly in (0, 1):
        return yearly * part if part in (0, 1) else yearly
    return Fraction(1 - float(1 - yearly) ** float(part))


# ---- faults and figures


class _Faults:
    def __init__(self, name: str) -> None:
        self.name, self.found = name, list[Fault]()

    def unless(self, fine: bool, place: str, problem: str, fix: str) -> bool:
        if not fine:
            self.found.append(Fault(self.name, place, None, f"{problem}, which the exact engine does not do", fix))
        return fine

    def raise_any(self) -> None:
        if self.found:
            raise InputError(self.found)

    def plain(self, quantity: Any, place: str) -> Fraction:
        """The value of a quantity that is known exactly."""
        if hasattr(quantity, "value"):
            return _exactly(quantity.value)
        if isinstance(quantity, int | float):
            return _exactly(quantity)
        self.unless(False, place, "is a range", "write one number")
        return Fraction(0)

    def probability(self, chance: Any, place: str) -> Fraction:
        if isinstance(chance, int | float):
            return _exactly(chance)
        self.unless(False, place, "is left open", "write a probability")
        return Fraction(0)


class _Law:
    """Dated figures of data/uk_rates.toml for one nation."""

    def __init__(self, nation: str) -> None:
        text = (Path(__file__).parent / "data" / "uk_rates.toml").read_text("utf-8")
        self.rates, self.nation = tomllib.loads(text, parse_float=Fraction)["rates"], nation

    def __call__(self, name: str, on: Month) -> Fraction:
        """The last row that begins in or before a month; the last known is held."""
        value = None
        for row in self.rates[name]["rows"]:
            here = row.get("nation", "UK") in ("UK", self.nation)
            here = here or (row.get("nation") == "GB" and self.nation != "Northern Ireland")
            if here and Month(row["from"].year, row["from"].month) <= on:
                value = row["value"]
        if value is None or value == "none":
            raise LookupError(f"{name} is not known for {on}")
        return Fraction(value)


# ---- awards: streams and bids, each a chain of its own


class _State(NamedTuple):
    """Where one award stands at a month-end."""

    now: int  # NOT_YET (a bid not yet told), RUNNING, OVER, LOST
    yearly: int
    start: int  # first month of the present term, index
    end: int  # first month not paid
    pending: tuple[int, ...]  # months in which announced cuts take effect
    announced: int
    lag: int
    invoices: tuple[tuple[int, int], ...]  # (month due, pence)
    late: tuple[int, ...]  # pence of invoices that are late
    parts: tuple[int, ...]  # paid for, not yet delivered: contracts paid ahead


class _Flow(NamedTuple):
    """What one award does in one month: received, accrued as income, costs of bidding and mobilisation."""

    received: int = 0
    accrued: int = 0
    cost: int = 0


@dataclass(frozen=True)
class _Award:
    name: str
    first: Month  # of the horizon
    fund: int
    delivered: bool  # contract or sale: accrues month by month
    yearly: int
    start: int
    end: int
    payment: str
    lag: Fraction
    late: Fraction
    further: Fraction  # probability that a late invoice comes in any further month: 1/mean
    payer: str
    rises: tuple[Fraction, ...]  # factor by month, 1 except in April
    settlement: Fraction = Fraction(0)
    monthly: Fraction = Fraction(0)
    keeps: Fraction = ONE
    at_most: int = NEVER
    decision_month: int = 0
    notice: int | None = None  # None: "none"
    renewal: Fraction = Fraction(0)
    term: int = 0
    fraction: Fraction = ONE
    shocks: tuple[tuple[int, Fraction], ...] = ()  # (month in force, share kept)
    bid: tuple[int, int, Fraction, int, int] | None = None  # told, go-live, chance, cost, cost of mobilisation

    def opening(self, lag: int) -> _State:
        if self.bid:
            return _State(NOT_YET, self.yearly, NEVER, NEVER, (), 0, lag, (), (), ())
        parts: tuple[int, ...] = ()
        if self.payment == "quarterly in advance" and self.delivered and self.start < 0 and self.start % 3:
            left = range(min(3 - (-self.start) % 3, self.end))
            parts = tuple(_part(self.yearly, self.first + j) for j in left)
        return _State(RUNNING, self.yearly, self.start, self.end, (), 0, lag, (), (), parts)

    def step(self, state: _State, t: int) -> list[tuple[Fraction, _State, _Flow]]:
        """Every way one month can go: probability, state at its end, flows."""
        ways = []
        for p, begun in self._told(state, t):
            moved = self._amount(begun, t)
            settled, received, accrued = self._deliver(moved, t)
            for q, paid, arrived in self._collect(settled, t):
                ways.append((p * q, _tidied(paid, t), _Flow(received + arrived, accrued, self._cost(paid, t))))
        return ways

    def _cost(self, state: _State, t: int) -> int:
        if not self.bid:
            return 0
        told, live, _, bidding, mobilising = self.bid
        cost = bidding if t == told else 0
        if state.now in (RUNNING, OVER) and told < t <= live:
            done, n = t - told, live - told
            cost += _round(Fraction(mobilising * done, n)) - _round(Fraction(mobilising * (done - 1), n))
        return cost

    def _told(self, state: _State, t: int) -> list[tuple[Fraction, _State]]:
        """Awards, ends and cuts. A renewal is drawn where it counts, at the end: nobody acts on it before."""
        ways = [(ONE, state)]
        if self.bid and t == self.bid[0]:
            won = state._replace(now=RUNNING, start=self.bid[1], end=self.bid[1] + self.term)
            return _ways((self.bid[2], won), (1 - self.bid[2], state._replace(now=LOST)))
        if state.now == RUNNING and t == state.end:
            again = state._replace(start=t, end=t + self.term)
            ways = _ways((self.renewal, again), (1 - self.renewal, state._replace(now=OVER)))
        if t >= 1 and (self.first + t).month == self.decision_month:
            ways = self._announce(ways, self.settlement, t, settled=True)
        return self._announce(ways, self.monthly, t, settled=False)

    def _announce(
        self, ways: list[tuple[Fraction, _State]], chance: Fraction, t: int, *, settled: bool
    ) -> list[tuple[Fraction, _State]]:
        found: list[tuple[Fraction, _State]] = []
        effect = t if self.notice is None else t + self.notice + 1
        if settled:  # never before the next April, which is this month itself only if there is no notice
            wait = (4 - (self.first + t).month) % 12
            effect = max(effect, t + (12 if wait == 0 and self.notice is not None else wait))
        for p, state in ways:
            if not chance or state.now != RUNNING or state.announced >= self.at_most:
                found.append((p, state))
                continue
            cut = state._replace(pending=tuple(sorted((*state.pending, effect))), announced=state.announced + 1)
            found += _ways((p * chance, cut), (p * (1 - chance), state))
        return found

    def _amount(self, state: _State, t: int) -> _State:
        """The amount in force: April's rise, a renewed term's fraction, cuts, shocks, in this order."""
        if state.now != RUNNING or t < state.start:
            return state
        yearly = state.yearly
        if t != self._first_month(state):
            yearly = _share(yearly, self.rises[t])
        if t == state.start and t != self._first_month(state):
            yearly = _share(yearly, self.fraction)
        for month in state.pending:
            yearly = _share(yearly, self.keeps) if month == t else yearly
        for month, keeps in self.shocks:
            yearly = _share(yearly, keeps) if month == t else yearly
        return state._replace(yearly=yearly, pending=tuple(m for m in state.pending if m > t))

    def _first_month(self, state: _State) -> int:
        return self.bid[1] if self.bid else self.start

    def _deliver(self, state: _State, t: int) -> tuple[_State, int, int]:
        """(state, received at once, accrued): what is paid on the day, and what is earned."""
        active = state.now == RUNNING and state.start <= t < state.end
        part = _part(state.yearly, self.first + t) if active else 0
        if self.payment == "monthly":
            return state, part, part
        if self.payment == "arrears":
            invoices = ((*state.invoices, (t + state.lag, part)),) if part else (state.invoices,)
            return state._replace(invoices=invoices[0]), 0, part
        parts, received = state.parts, 0
        if active and (t - state.start) % 3 == 0:
            ahead = range(t, min(t + 3, state.end))
            parts = tuple(_part(state.yearly, self.first + j) for j in ahead)
            received = sum(parts)
        if not self.delivered:
            return state._replace(parts=()), received, received
        return state._replace(parts=parts[1:]), received, sum(parts[:1])

    def _collect(self, state: _State, t: int) -> list[tuple[Fraction, _State, int]]:
        """Invoices fall in: those due now unless late, and those late already with probability 1/mean a month."""
        if not state.invoices and not state.late:
            return [(ONE, state, 0)]
        due = [amount for month, amount in state.invoices if month <= t]
        kept = state._replace(invoices=tuple(i for i in state.invoices if i[0] > t))
        ways: dict[tuple[tuple[int, ...], int], Fraction] = {((), 0): ONE}  # (still late, arrived)
        for amount, chance in [*((a, self.further) for a in state.late), *((a, 1 - self.late) for a in due)]:
            merged: dict[tuple[tuple[int, ...], int], Fraction] = defaultdict(Fraction)
            for (waiting, arrived), p in ways.items():
                if chance:
                    merged[waiting, arrived + amount] += p * chance
                if chance != 1:
                    merged[tuple(sorted((*waiting, amount))), arrived] += p * (1 - chance)
            ways = merged
        return [(p, kept._replace(late=waiting), arrived) for (waiting, arrived), p in ways.items()]


def _ways(*ways: tuple[Fraction, _State]) -> list[tuple[Fraction, _State]]:
    return [(p, state) for p, state in ways if p]


def _tidied(state: _State, t: int) -> _State:
    """Forget what can no longer matter, so that like states meet."""
    if state.now == RUNNING and state.yearly == 0 and t >= state.start:
        state = state._replace(now=OVER)
    if state.now in (OVER, LOST):
        state = state._replace(yearly=0, start=0, end=0, pending=(), announced=0)
    return state


# ---- the organisation without its chance


@dataclass(frozen=True)
class _Bearers:
    """Which restricted funds may bear a cost: a list used in order, or shares."""

    order: tuple[int, ...] = ()
    shares: tuple[tuple[int, Fraction], ...] | None = None


@dataclass(frozen=True)
class _Team:
    """A group of posts: costs of one head by month, and when its heads are there."""

    bearers: _Bearers
    heads: int
    bid: int | None  # index of the award on which its dock depends; None: there from the start
    joins: int
    recruiting: int
    pay: tuple[int, ...]  # pay, NIC and pension of one head by month
    nic: tuple[int, ...]
    pension: tuple[int, ...]
    leaving: tuple[int, ...]  # closing liability of one head at the end of month t, [-1] at the opening


@dataclass(frozen=True)
class _Line:
    bearers: _Bearers
    bid: int | None
    begins: int
    cost: tuple[int, ...]


class _Plan:
    """Everything that is known in advance, month by month."""

    def __init__(self, o: Organisation, months: int, shocks: Sequence[Shock], faults: _Faults) -> None:
        self.o, self.months, self.faults, self.law = o, months, faults, _Law(o.nation)
        self.first = o.first_month
        self.calendar = [o.first_month + t for t in range(months)]
        self.rises = [month.month == 4 for month in self.calendar]  # uplift, pay and prices: each April, month 0 too
        self._refuse()
        self.funds = [UNRESTRICTED, *sorted(o.funds)]
        self.awards = [self._stream(n, s, shocks) for n, s in sorted(o.streams.items())]
        self.awards += [self._bid(n, b) for n, b in sorted(o.bids.items())]
        self.number = {award.name: i for i, award in enumerate(self.awards)}
        self.teams = [self._team(place, dock, post) for place, (dock, post) in o.posts().items()]
        self.lines = [self._line(place, dock, cost) for place, (dock, cost) in o.costs().items()]
        self.overhead = [Fraction(0)] + [_millionths(_exactly(o.funds[f].overhead)) for f in self.funds[1:]]
        claimed = o.employment_allowance
        self.allowance = [self._pence("employment_allowance", m) if claimed else 0 for m in self.calendar]
        self.deductions = [_millionths(self.law("deductions_share", m)) for m in self.calendar]
        self.other_closing = [self._other_closing(t) for t in range(-1, months)]
        delay = _exactly(o.creditor_days) / 30
        self.delay, self.odd = int(delay), _millionths(delay - int(delay))

    def _refuse(self) -> None:
        o, unless = self.o, self.faults.unless
        unless(o.chance, "chance", "is false", "leave it out; without chance there is one outcome")
        unless(not o.loans, "loans", "are loans", "leave them out")
        owned = o.fixed_assets.value or o.fixed_assets.depreciation or o.fixed_assets.purchases
        unless(not owned, "fixed_assets", "are fixed assets", "leave them out")
        unless(o.economy.law_as_of is None, "economy.law_as_of", "freezes the law", "leave it out")
        unless(o.opening.creditors is not None, "opening.creditors", "is left out", "write the amount, or 0")
        if o.facility:
            last, until = self.calendar[-1], o.facility.until
            unless(o.facility.covenant is None, "facility.covenant", "is a covenant", "leave it out")
            ends = "ends within the months asked for"
            unless(until is None or until > last, "facility.until", ends, f"write a month after {last}")
        divided = o.employment_allowance and bool(o.funds)
        unless(
            not divided, "employment_allowance", "is shared between unrestricted and restricted funds", "write false"
        )

    def _pence(self, name: str, on: Month) -> int:
        return _round(100 * self.law(name, on))

    def _cpi(self, year: int) -> Fraction:
        given = self.o.economy.cpi
        return _exactly(given) if given is not None else self.law("cpi_growth", Month(year, 1))

    def _earnings(self, year: int) -> Fraction:
        given = self.o.economy.earnings
        return _exactly(given) if given is not None else self.law("average_earnings_growth", Month(year, 1))

    # -- income

    def _paid(self, name: str, place: str, paid: Any, form: str) -> dict[str, Any]:
        """What streams and bids share."""
        faults = self.faults
        rises = []
        for month, rises_now in zip(self.calendar, self.rises, strict=True):
            rise = Fraction(0)
            if rises_now:
                tied = hasattr(paid.uplift, "share_of_cpi")
                rise = _exactly(paid.uplift.share_of_cpi) * self._cpi(month.year - 1) if tied else _exactly(paid.uplift)
            rises.append(_millionths(1 + rise))
        fund = paid.fund or (name if form == "grant" and name in self.funds else UNRESTRICTED)
        faults.unless(paid.payment is not None, f"{place}.payment", "is left open", "write when it is paid")
        arrears = paid.payment == "arrears"
        return {
            "name": name,
            "fund": self.funds.index(fund),
            "delivered": form in ("contract", "sale"),
            "yearly": _round(faults.plain(paid.yearly, f"{place}.yearly")),
            "payment": paid.payment,
            "lag": _exactly(paid.lag) if arrears and paid.lag is not None else Fraction(0),
            "late": faults.probability(paid.late, f"{place}.late") if arrears else Fraction(0),
            "further": 1 / _exactly(paid.late_months),
            "payer": paid.payer or name,
            "rises": tuple(rises),
            "first": self.first,
        }

    def _stream(self, name: str, s: Any, shocks: Sequence[Shock]) -> _Award:
        place, faults = f"streams.{name}", self.faults
        start = s.starts - self.first if s.starts is not None else -NEVER
        end = s.until - self.first + 1 if s.until is not None else NEVER
        cut = faults.probability(s.cut, f"{place}.cut") if s.cut is not None else Fraction(0)
        faults.unless(s.noise is None, f"{place}.noise", "is month noise", "leave it out")
        faults.unless(end > 0, f"{place}.until", "is before the first month", "leave the stream out")
        faults.unless(not (cut and start > 0), f"{place}.cut", "may cut a stream that has not begun", "write 0")
        ahead = s.payment == "quarterly in advance" and s.starts is None
        faults.unless(not ahead, f"{place}.from", "is left out of what is paid quarterly in advance", "write a month")
        renewal = s.renewal if hasattr(s.renewal, "chance") else None
        open_end = s.until is not None and renewal is None and s.renewal not in (None, 0)
        faults.unless(not open_end, f"{place}.renewal", "is not written out", "write chance, told, term and fraction")
        fixed, term = s.until is not None and not s.break_clause, renewal.term if renewal else 0
        dated = []
        for on, depth in _shocks_of(shocks, name, self.first):
            if fixed and term:  # waits for the next term
                on = end + max(0, -((end - on) // term)) * term
            if not fixed or term:
                dated.append((on, _millionths(1 - depth)))
        if cut:
            faults.unless(s.depth is not None, f"{place}.depth", "is left open", "write the share lost")
            faults.unless(s.decision_month is not None, f"{place}.decision_month", "is left open", "write a month")
            faults.unless(s.notice is not None, f"{place}.notice", "is left open", "write months, or none")
        w = _exactly(s.settlement_share)
        return _Award(
            start=start,
            end=end,
            settlement=_chance_of_part(cut, w),
            monthly=_chance_of_part(cut, (1 - w) / 12),
            keeps=_millionths(1 - faults.plain(s.depth, f"{place}.depth")) if cut else ONE,
            at_most=NEVER if s.at_most is None else s.at_most,
            decision_month=s.decision_month or 0,
            notice=None if s.notice == "none" else s.notice or 0,
            renewal=faults.probability(renewal.chance, f"{place}.renewal.chance") if renewal else Fraction(0),
            term=term,
            fraction=_millionths(faults.plain(renewal.fraction, f"{place}.renewal.fraction")) if renewal else ONE,
            shocks=tuple(dated),
            **self._paid(name, place, s, s.form),
        )

    def _bid(self, name: str, b: Any) -> _Award:
        place = f"bids.{name}"
        told = b.decision - self.first
        self.faults.unless(told >= 0, f"{place}.decision", "is before the first month", "write a later month")
        live = told + 1 + b.standstill + b.mobilisation.months
        chance = self.faults.probability(b.chance, f"{place}.chance")
        bid = (told, live, chance, b.cost, b.mobilisation.cost)
        return _Award(start=live, end=live + b.term, term=b.term, bid=bid, **self._paid(name, place, b, b.form))

    # -- people and costs

    def _depends(self, place: str, dock: str | None) -> int | None:
        """The bid on which a dock depends; None if it works from the start."""
        awards = [self.awards[self.number[n]] for n in (self.o.docks[dock].funded_by if dock else [])]
        if not awards or any(not a.bid and a.start <= 0 for a in awards):
            return None
        one = len(awards) == 1 and awards[0].bid is not None
        self.faults.unless(one, place, "waits for a later stream, or for several bids", "let one bid fund its dock")
        return self.number[awards[0].name]

    def _bearers(self, place: str, dock: str | None, charged: Any) -> _Bearers:
        if charged.charged_to:
            shares = {self.funds.index(f): _millionths(_exactly(s)) for f, s in charged.charged_to.items()}
            return _Bearers(shares=tuple(sorted(shares.items())))
        ends: dict[int, int] = {}
        for name in self.o.docks[dock].funded_by if dock else []:
            award = self.awards[self.number[name]]
            if award.fund:
                ends[award.fund] = min(award.end, ends.get(award.fund, NEVER))
        return _Bearers(order=tuple(sorted(ends, key=lambda f: (ends[f], f))))

    def _team(self, place: str, dock: str | None, post: Any) -> _Team:
        turnover = self.faults.probability(post.turnover, f"{place}.turnover")
        self.faults.unless(turnover == 0, f"{place}.turnover", "lets people leave", "write 0")
        bid = self._depends(place, dock)
        joins = 0
        if bid is not None and (award := self.awards[bid]).bid:
            joins = max(award.bid[1], award.bid[0] + 1 + post.recruiting_months)
        whole = post.pay if post.pay is not None else _round(Fraction(post.pay_bill, post.heads))
        pay, nic, pension, leaving = [], [], [], []
        yearly = whole
        for t in range(-1, self.months):
            month = self.first + max(t, 0)
            if t >= 0 and self.rises[t]:
                yearly = _share(yearly, _millionths(1 + self._earnings(month.year)))
            floor = _round(100 * self.law("national_living_wage", month) * _exactly(post.hours) * 52)
            due = max(yearly, floor) if t >= 0 else yearly
            over = max(0, due - self._pence("secondary_threshold", month))
            band = min(due, self._pence("qualifying_earnings_upper", month))
            band = max(0, band - self._pence("qualifying_earnings_lower", month))
            rate = _millionths(self.law("employer_nic_rate", month))
            on_top = rate * over, _millionths(_exactly(post.pension)) * band
            months_served = post.service * 12 + t + 1 if bid is None else max(0, t - joins + 1)
            leaving.append(self._leaving(post, due, sum(on_top, Fraction(0)), rate, months_served, t, month))
            if t >= 0:
                yearly = due
                pay.append(_part(due, month))
                nic.append(_part(on_top[0], month))
                pension.append(_part(on_top[1], month))
        return _Team(self._bearers(place, dock, post), post.heads, bid, joins, post.recruiting_cost,
                     tuple(pay), tuple(nic), tuple(pension), (*leaving[1:], leaving[0]))  # fmt: skip

    def _leaving(
        self, post: Any, pay: int, on_top: Fraction, nic_rate: Fraction, served: int, t: int, month: Month
    ) -> int:
        """Notice, redundancy and holiday of one head, in pence."""
        years = served // 12
        statutory = 0 if served < 1 else max(1, min(12, years))
        weeks = max(post.notice_weeks, statutory)
        week = Fraction(pay, 52)
        notice = weeks * (week + on_top / 52)
        age = post.age + (t + 1) // 12
        earned = Fraction(0)
        for back in range(1, min(20, years) + 1):
            began = age - back
            earned += Fraction(3, 2) if began >= 41 else ONE if began >= 22 else Fraction(1, 2)
        capped = min(week, 100 * self.law("redundancy_weekly_cap", month))
        redundancy = earned * capped if years >= 2 else Fraction(0)
        holiday = _exactly(self.o.closing.holiday_weeks) * week * (1 + nic_rate)  # NIC at its rate, no pension
        return _round(notice) + _round(redundancy) + _round(holiday)

    def _other_closing(self, t: int) -> int:
        """Lease, dilapidations, penalties, pension exit and run-off at the end of month t."""
        c = self.o.closing
        total = (c.dilapidations or 0) + (c.penalties or 0) + (c.run_off or 0)
        total += c.pension_exit if isinstance(c.pension_exit, int) else 0
        if c.lease_until is not None and c.lease_yearly is not None:
            total += sum(_part(c.lease_yearly, self.first + j) for j in range(t + 1, c.lease_until - self.first + 1))
        return total

    def _line(self, place: str, dock: str | None, cost: Any) -> _Line:
        self.faults.unless(cost.noise is None, f"{place}.noise", "is month noise", "leave it out")
        vat = cost.vat != "recoverable" or not self.o.recoverable_vat
        self.faults.unless(vat, f"{place}.vat", "is partly recovered", 'write vat = "none"')
        bid = self._depends(place, dock)
        begins = self.awards[bid].start if bid is not None else 0
        yearly, costs = _round(self.faults.plain(cost.yearly, f"{place}.yearly")), []
        for month, rises in zip(self.calendar, self.rises, strict=True):
            if rises:
                grows = self._cpi(month.year - 1) if cost.grows is None else _exactly(cost.grows)
                yearly = _share(yearly, _millionths(1 + grows))
            costs.append(_part(yearly, month))
        return _Line(self._bearers(place, dock, cost), bid, begins, tuple(costs))

    def lags(self) -> Iterator[tuple[Fraction, list[int]]]:
        """Every way the payers' habits can fall: one uniform a payer, a month more when it is at most the odd part."""
        odd = {a.name: a.lag - int(a.lag) for a in self.awards}
        payers = sorted({a.payer for a in self.awards if odd[a.name]})
        cuts = [sorted({odd[a.name] for a in self.awards if a.payer == p} | {Fraction(0), ONE}) for p in payers]
        for ranges in product(*(list(pairwise(c)) for c in cuts)):
            upto = {payer: high for payer, (_, high) in zip(payers, ranges, strict=True)}
            p = ONE
            for low, high in ranges:
                p *= high - low
            yield p, [int(a.lag) + (odd[a.name] > 0 and upto[a.payer] <= odd[a.name]) for a in self.awards]


def _shocks_of(shocks: Sequence[Shock], stream: str, first: Month) -> Iterator[tuple[int, Fraction]]:
    """(month in force, depth) of each shock on a stream."""
    for shock in shocks:
        if shock.stream_id == stream:
            yield shock.effective - first, _exactly(shock.depth)


# ---- the accounts of one month


class _Money(NamedTuple):
    """The books of one path at a month-end. Index 0 of a tuple by fund is unrestricted."""

    bank: int
    investments: int
    drawn: int
    cash: tuple[int, ...]  # by restricted fund; [0] is not used
    due: tuple[tuple[int, ...], ...]  # by fund: pence to be paid next month, the month after, …
    allowance: int
    moved: tuple[int, ...]  # overhead paid in this funders' year, by fund
    recent: tuple[int, int]  # recurring unrestricted spending of the last two months
    strikes: int  # month-ends running with headroom below nil
    seen: tuple[bool, bool, bool]  # breach, no return, touched


class _Books:
    """Accounts and events of a month, given what the awards did."""

    def __init__(self, plan: _Plan) -> None:
        self.plan, self.o = plan, plan.o
        o, n = plan.o, len(plan.funds)
        self.limit = o.facility.limit if o.facility else 0
        self.interest = _millionths(_exactly(o.facility.interest)) / 12 if o.facility else Fraction(0)
        self.provisions_due = o.opening.provisions_due - plan.first if o.opening.provisions_due is not None else 0
        owed = [0] * (plan.delay + 2)
        owed[0] = o.opening.creditors or 0
        self.width = len(owed)
        none = (0,) * self.width
        gone = plan.first.funders_month - 1
        nic = sum(team.nic[0] * team.heads for team in plan.teams if team.bid is None)
        allowance = max(0, plan.allowance[0] - gone * nic)
        self.budget = self._budget(min(allowance, nic))
        cash = (0, *(o.funds[f].opening for f in plan.funds[1:]))
        self.opening = _Money(o.opening.bank, o.opening.investments, 0, cash, (tuple(owed), *[none] * (n - 1)),
                              allowance, (0,) * n, (self.budget, self.budget), 0, (False, False, False))  # fmt: skip

    def _budget(self, allowance: int) -> int:
        """Pay and lines of month 0 that no restricted fund is eligible for."""

        def kept(bearers: _Bearers, cost: int) -> int:
            if bearers.shares is not None:
                return cost - sum(_share(cost, s) for _, s in bearers.shares)
            return 0 if bearers.order else cost

        plan = self.plan
        teams = [t for t in plan.teams if t.bid is None]
        total = sum(kept(t.bearers, t.heads * (t.pay[0] + t.nic[0] + t.pension[0])) for t in teams)
        return total - allowance + sum(kept(x.bearers, x.cost[0]) for x in plan.lines if x.bid is None)

    def breached_at_opening(self, states: Sequence[_State]) -> bool:
        o, plan = self.o, self.plan
        deferred = sum(sum(s.parts) for s in states)
        ours = [a.fund for a in plan.awards]
        restricted = sum(self.opening.cash) - sum(sum(s.parts) for s, f in zip(states, ours, strict=True) if f)
        funds = o.opening.bank + o.opening.investments + o.opening.debtors - (o.opening.creditors or 0) - deferred
        funds += o.opening.programme_related_investments - o.opening.provisions - o.opening.held_for_others - restricted
        free = funds - o.opening.programme_related_investments - o.opening.essential_designations
        leaving = sum(t.heads * t.leaving[-1] for t in plan.teams if t.bid is None)
        return free < self._target(3 * self.budget, leaving + plan.other_closing[0])

    def _target(self, spending_of_three_months: int, closing: int) -> Fraction:
        policy = self.o.reserves_policy
        if policy.amount is not None:
            return Fraction(policy.amount)
        if policy.months is not None:
            return _exactly(policy.months) * spending_of_three_months / 3
        return Fraction(closing)

    def step(
        self, t: int, money: _Money, states: Sequence[_State], flows: Sequence[_Flow]
    ) -> tuple[_Money, dict[str, int], bool]:
        """Books at the end of month t, the measures of the month, and whether the path becomes insolvent."""
        plan, o = self.plan, self.o
        n = len(plan.funds)
        # receipts
        received = sum(f.received for f in flows) + (o.opening.debtors if t == 0 else 0)
        bank = money.bank + received
        cash, invoiced, deferred = list(money.cash), [0] * n, [0] * n
        for award, state, flow in zip(plan.awards, states, flows, strict=True):
            if award.fund:
                cash[award.fund] += flow.received
            invoiced[award.fund] += sum(a for _, a in state.invoices) + sum(state.late)
            deferred[award.fund] += sum(state.parts)
        # costs
        allowance = plan.allowance[t] if plan.calendar[t].funders_month == 1 and t else money.allowance
        present = [x for x in plan.teams if self._there(x.bid, x.joins, t, states)]
        spared = min(allowance, sum(x.heads * x.nic[t] for x in present))
        balance = [0] + [cash[f] + invoiced[f] - sum(money.due[f]) - deferred[f] for f in range(1, n)]
        pay, lines = [0] * n, [0] * n
        for team in present:
            self._charge(team.bearers, team.heads * (team.pay[t] + team.nic[t] + team.pension[t]), balance, pay)
        pay[0] -= spared
        for line in plan.lines:
            if self._there(line.bid, line.begins, t, states):
                self._charge(line.bearers, line.cost[t], balance, lines)
        once = sum(f.cost for f in flows)
        once += sum(x.heads * x.recruiting for x in present if x.bid is not None and t == x.joins)
        interest = _share(money.drawn, self.interest)
        # overhead from restricted to unrestricted: cash and balance at once
        moved = list(money.moved) if plan.calendar[t].funders_month > 1 else [0] * n
        for f in range(1, n):
            fund = o.funds[plan.funds[f]]
            wish = _share(pay[f] + lines[f], plan.overhead[f]) + _part(fund.overhead_yearly, plan.calendar[t])
            room = wish if fund.overhead_cap is None else fund.overhead_cap - moved[f]
            overhead = max(0, min(wish, room, balance[f], cash[f]))
            cash[f] -= overhead
            balance[f] -= overhead
            moved[f] += overhead
        # payments
        due = []
        for f in range(n):
            held = _share(pay[f], plan.deductions[t])
            queue = [*money.due[f], 0]
            queue[1] += held
            odd = _share(lines[f], plan.odd)
            queue[plan.delay] += lines[f] - odd
            if odd:
                queue[plan.delay + 1] += odd
            paid = queue[0] + pay[f] - held + (once + interest if f == 0 else 0)
            bank -= paid
            if f:
                cash[f] -= paid
            due.append(tuple(queue[1:]))
        provisions = o.opening.provisions if t < self.provisions_due else 0
        bank -= o.opening.provisions if t == self.provisions_due else 0
        # investments, facility
        ours = bank - sum(max(0, c) for c in cash) - o.opening.held_for_others
        sold = min(money.investments, max(0, -ours))
        bank, ours, investments = bank + sold, ours + sold, money.investments - sold
        ours += investments  # spendable, before the facility
        change = min(self.limit - money.drawn, max(0, -ours)) - min(money.drawn, max(0, ours))
        bank, drawn = bank + change, money.drawn + change
        # measures
        restricted = sum(max(0, c) for c in cash)
        spendable = bank + investments - restricted - o.opening.held_for_others
        headroom = spendable + self.limit - drawn
        funds = bank + investments + sum(invoiced) - sum(map(sum, due)) - sum(deferred) - provisions - drawn
        funds -= o.opening.held_for_others + sum(balance)
        free = funds - o.opening.essential_designations
        recurring = pay[0] + lines[0]
        closing = plan.other_closing[t + 1] + sum(x.heads * x.leaving[t] for x in present)
        # events
        strikes = money.strikes + 1 if headroom < 0 else 0
        ends = bank + self.limit - drawn < 0 or strikes >= o.grace
        breach = free < self._target(sum(money.recent) + recurring, closing)
        now = (breach, headroom < closing, headroom < 0 <= bank)
        seen = tuple(a or b for a, b in zip(money.seen, now, strict=True))
        books = _Money(bank, investments, drawn, tuple(cash), tuple(due), allowance - spared, tuple(moved),
                       (money.recent[1], recurring), strikes, seen)  # type: ignore[arg-type]  # fmt: skip
        measures = {
            "bank": bank, "spendable": spendable, "headroom": headroom, "restricted_cash": restricted,
            "free_reserves": free, "unrestricted_funds": funds + o.opening.programme_related_investments,
            "income": sum(f.accrued for f in flows), "spending": sum(pay) + sum(lines) + once + interest,
            "receipts_of_income": received, "closing_liability": closing,
        }  # fmt: skip
        return books, measures, ends

    def _there(self, bid: int | None, begins: int, t: int, states: Sequence[_State]) -> bool:
        """Whether a team or line is there in month t: from the start, or from its month once the bid is won."""
        return bid is None or (states[bid].now in (RUNNING, OVER) and t >= begins)

    @staticmethod
    def _charge(bearers: _Bearers, cost: int, balance: list[int], charged: list[int]) -> None:
        """Let restricted funds bear a cost as far as their balances go, unrestricted the rest. Changes both lists."""
        left = cost
        shares = bearers.shares if bearers.shares is not None else tuple((f, ONE) for f in bearers.order)
        for f, share in shares:
            wanted = _share(cost, share) if bearers.shares is not None else left
            borne = max(0, min(wanted, left, balance[f]))
            balance[f] -= borne
            charged[f] += borne
            left -= borne
        charged[0] += left


# ---- all outcomes


def _enumerate(plan: _Plan) -> Exact:
    """Month by month. In a month all probabilities have one denominator, `whole`: sums are of whole numbers."""
    books = _Books(plan)
    starts = list(plan.lags())
    whole = math.lcm(*(p.denominator for p, _ in starts))
    alive: dict[tuple[tuple[_State, ...], _Money], int] = defaultdict(int)
    for p, lags in starts:
        alive[tuple(a.opening(lag) for a, lag in zip(plan.awards, lags, strict=True)), books.opening] += int(p * whole)
    breached = books.breached_at_opening(next(iter(alive))[0])
    found = Exact(plan.o, plan.months, weights={m: [] for m in MONEY})
    ended, first = Fraction(0), [Fraction(0)] * 3
    events: list[list[Fraction]] = [[], [], []]
    for t in range(plan.months):
        ways = [_ways_of(award, {states[i] for states, _ in alive}, t) for i, award in enumerate(plan.awards)]
        whole *= math.prod(scale for _, scale in ways)
        following: dict[tuple[tuple[_State, ...], _Money], int] = defaultdict(int)
        weights: dict[str, dict[int, int]] = {m: defaultdict(int) for m in MONEY}
        ended_now, first_now = 0, [0, 0, 0]
        for (states, money), weight in alive.items():
            for combination in product(*(known[state] for (known, _), state in zip(ways, states, strict=True))):
                w = math.prod((weight, *(q for q, _, _ in combination)))
                after = tuple(state for _, state, _ in combination)
                then, measures, ends = books.step(t, money, after, [flow for _, _, flow in combination])
                for i, (old, new) in enumerate(zip(money.seen, then.seen, strict=True)):
                    first_now[i] += w if new and not old else 0
                if ends:
                    ended_now += w
                    continue
                for measure, value in measures.items():
                    weights[measure][value] += w
                following[after, then] += w
                if len(following) > MOST_STATES:
                    why, fix = f"has more than {MOST_STATES:,} outcomes by month {t + 1}", "leave out sources of chance"
                    raise InputError([Fault(plan.o.name, "", None, why, f"{fix}, or ask for fewer months")])
        alive = following
        ended += Fraction(ended_now, whole)
        first = [total + Fraction(now, whole) for total, now in zip(first, first_now, strict=True)]
        found.states = max(found.states, len(alive))
        found.whole.append(whole)
        found.insolvent.append(ended)
        for event, total in zip(events, first, strict=True):
            event.append(total)
        for measure, values in weights.items():
            found.weights[measure].append(dict(values))
    found.breach = None if breached else events[0]
    found.no_return, found.touched = events[1], events[2]
    return found


def _ways_of(
    award: _Award, states: Iterable[_State], t: int
) -> tuple[dict[_State, list[tuple[int, _State, _Flow]]], int]:
    """What can become of each state of an award in month t, as whole weights out of one scale."""
    ways = {state: award.step(state, t) for state in states}
    scale = math.lcm(*(p.denominator for found in ways.values() for p, _, _ in found))
    return {state: [(int(p * scale), s, f) for p, s, f in found] for state, found in ways.items()}, scale
