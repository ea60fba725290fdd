"""Posts, lines, loans and fixed assets of the file, month by month, and which funds bear them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from resilience.exact.arithmetic import NEVER, ONE, exactly, millionths, part, rounded, share
from resilience.exact.awards import Award
from resilience.exact.figures import Given, fixed
from resilience.horizon import Month


@dataclass(frozen=True)
class Charge:
    """Costs that are charged together: restricted funds used in order, or by shares; `shares` None: in order."""

    order: tuple[int, ...] = ()
    shares: tuple[tuple[int, Fraction], ...] | None = None

    @property
    def unrestricted(self) -> bool:
        """No restricted fund is eligible."""
        return not self.order and not self.shares


@dataclass(frozen=True)
class Team:
    """A group of posts: costs of one head by month, and when its heads are there."""

    charge: int
    heads: int
    bid: int | None  # index of the award on which its dock depends; None: there from the start
    joins: int
    recruiting: int
    pay: tuple[int, ...]  # pay, NIC and pension of one head by month
    nic: tuple[int, ...]
    pension: tuple[int, ...]
    leaving: tuple[int, ...]  # closing liability of one head at the end of month t, [-1] at the opening


@dataclass(frozen=True)
class Line:
    """A line of cost by month, from month `begins` on."""

    charge: int
    bid: int | None
    begins: int
    cost: tuple[int, ...]


class Upkeep(NamedTuple):
    """Loans and fixed assets at the end of a month, and what they cost in it. Nothing in them depends on chance."""

    owing: int
    secured: int
    repaid: int
    interest: int
    assets: int
    bought: int
    worn: int


class Costs:
    """Every cost of a file by month; `charges` in the order in which they are taken."""

    def __init__(self, given: Given, awards: Sequence[Award]) -> None:
        self.o, self.given, self.law, self.faults, self.first = given.o, given, given.law, given.faults, given.first
        self.months, self.awards = given.months, awards
        self.number = {award.name: i for i, award in enumerate(awards)}
        docks = sorted(self.o.docks)
        items = [item for _, item in (*self.o.posts().values(), *self.o.costs().values())]
        shares = sorted({tuple(sorted(item.charged_to.items())) for item in items if item.charged_to})
        self.charges = [Charge(), *map(self._funds_of, docks), *map(self._shared, shares)]
        self.place_of = {key: k for k, key in enumerate([None, *docks, *shares])}
        self.teams = [self._team(place, dock, post) for place, (dock, post) in self.o.posts().items()]
        self.lines = [self._line(place, dock, cost) for place, (dock, cost) in self.o.costs().items()]
        self.upkeep = self._upkeep()
        self.other_closing = [self._other_closing(t) for t in range(-1, self.months)]

    def _funds_of(self, dock: str) -> Charge:
        """The restricted funds of a dock's streams, the one whose stream ends first first."""
        ends: dict[int, int] = {}
        for name in self.o.docks[dock].funded_by:
            award = self.awards[self.number[name]]
            if award.fund:
                ends[award.fund] = min(award.end, ends.get(award.fund, NEVER))
        return Charge(order=tuple(sorted(ends, key=lambda f: (ends[f], f))))

    def _shared(self, shares: Sequence[tuple[str, float]]) -> Charge:
        return Charge(shares=tuple((self.given.funds.index(f), millionths(exactly(s))) for f, s in shares))

    def _charge(self, dock: str | None, item: Any) -> int:
        """Place among the charges; `charged_to` without a fund means unrestricted funds alone."""
        key = dock if item.charged_to is None else tuple(sorted(item.charged_to.items())) or None
        return self.place_of[key]

    def _depends(self, place: str, dock: str | None) -> int | None:
        """The bid on which a dock depends; None if it works from the start."""
        awards = [self.awards[self.number[n]] for n in (self.o.docks[dock].funded_by if dock else [])]
        if not awards or any(not a.bid and a.start <= 0 for a in awards):
            return None
        one = len(awards) == 1 and awards[0].bid is not None
        self.faults.unless(one, place, "waits for a later stream, or for several bids", "let one bid fund its dock")
        return self.number[awards[0].name]

    def _team(self, place: str, dock: str | None, post: Any) -> Team:
        turnover = self.faults.probability(post.turnover, f"{place}.turnover")
        self.faults.unless(turnover == 0, f"{place}.turnover", "lets people leave", "write 0")
        bid = self._depends(place, dock)
        joins = 0
        if bid is not None and (award := self.awards[bid]).bid:
            joins = max(award.bid[1], award.bid[0] + 1 + post.recruiting_months)
        law = self.law
        yearly = post.pay if post.pay is not None else rounded(Fraction(post.pay_bill, post.heads))
        pay, nic, pension, leaving = [], [], [], []
        for t in range(-1, self.months):
            month = self.first + max(t, 0)
            if t >= 0 and self.given.rises[t]:
                yearly = share(yearly, millionths(1 + law.earnings(month)))
            yearly = max(yearly, rounded(100 * law.minimum_wage(month) * exactly(post.hours) * 52))
            over = max(0, yearly - law.pence("secondary_threshold", month))
            band = min(yearly, law.pence("qualifying_earnings_upper", month))
            band = max(0, band - law.pence("qualifying_earnings_lower", month))
            rate = millionths(law("employer_nic_rate", month))
            on_top = rate * over, millionths(exactly(post.pension)) * band
            served = post.service * 12 + t + 1 if bid is None else max(0, t - joins + 1)
            leaving.append(self._leaving(post, yearly, sum(on_top, Fraction(0)), rate, served, t, month))
            if t >= 0:
                pay.append(part(yearly, month))
                nic.append(part(on_top[0], month))
                pension.append(part(on_top[1], month))
        return Team(self._charge(dock, post), post.heads, bid, joins, post.recruiting_cost,
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
        holiday = exactly(self.o.closing.holiday_weeks) * week * (1 + nic_rate)  # NIC at its rate, no pension
        return rounded(notice) + rounded(redundancy) + rounded(holiday)

    def _line(self, place: str, dock: str | None, cost: Any) -> Line:
        self.faults.unless(cost.noise is None, f"{place}.noise", "is month noise", "leave it out")
        bid = self._depends(place, dock)
        begins = self.awards[bid].start if bid is not None else 0
        yearly, costs = rounded(self.faults.plain(cost.yearly, f"{place}.yearly")), []
        if cost.vat == "recoverable":
            rate = self.law("vat_standard_rate", self.first)
            yearly -= rounded(yearly * rate / (1 + rate) * millionths(exactly(self.o.recoverable_vat)))
        for month, rises in zip(self.given.calendar, self.given.rises, strict=True):
            if rises:
                grows = self.law.cpi(month) if cost.grows is None else exactly(cost.grows)
                yearly = share(yearly, millionths(1 + grows))
            costs.append(part(yearly, month))
        return Line(self._charge(dock, cost), bid, begins, tuple(costs))

    def _upkeep(self) -> list[Upkeep]:
        """By month, the opening first."""
        loans, owned = list(self.o.loans.values()), self.o.fixed_assets
        owed, value = [loan.balance for loan in loans], owned.value

        def now(repaid: int = 0, interest: int = 0, bought: int = 0, worn: int = 0) -> Upkeep:
            secured = sum(x for x, loan in zip(owed, loans, strict=True) if loan.secured)
            return Upkeep(sum(owed), secured, repaid, interest, value, bought, worn)

        found = [now()]
        for month in self.given.calendar:
            interest = sum(share(x, millionths(fixed(a.interest)) / 12) for x, a in zip(owed, loans, strict=True))
            repaid = [min(x, part(loan.repayment, month)) for x, loan in zip(owed, loans, strict=True)]
            owed = [x - y for x, y in zip(owed, repaid, strict=True)]
            worn = min(value, part(owned.depreciation, month))
            bought = sum(purchase.amount for purchase in owned.purchases if purchase.month == month)
            value += bought - worn
            found.append(now(sum(repaid), interest, bought, worn))
        return found

    def _other_closing(self, t: int) -> int:
        """Lease, dilapidations, penalties, pension exit, run-off and loans at the end of month t."""
        c = self.o.closing
        total = (c.dilapidations or 0) + (c.penalties or 0) + (c.run_off or 0) + self.upkeep[t + 1].owing
        total += c.pension_exit if isinstance(c.pension_exit, int) and (c.pension_exit > 0 or c.surplus_paid) else 0
        if c.lease_until is not None and c.lease_yearly is not None:
            total += sum(part(c.lease_yearly, self.first + j) for j in range(t + 1, c.lease_until - self.first + 1))
        return total
