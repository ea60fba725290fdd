"""What a price must be to recover the full cost over a term: with rises of cost, an uplift and a margin. docs/cost_recovery.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from resilience.costing.costed import Amount, Working, worked
from resilience.costing.items import DEPRECIATION, Item, docks_at_work
from resilience.costing.people import served_yearly, weeks_worked
from resilience.economy import Economy, economy_of, ppm, share
from resilience.employment import exact, monthly_part, whole_pence
from resilience.errors import Fault, InputError, did_you_mean
from resilience.horizon import Horizon, Month
from resilience.organisation import Bid, CpiShare, Organisation, Stream
from resilience.pay import covered, on_costs, with_holiday, yearly_pay
from resilience.terms import expected_yearly

LONGEST = 240  # months of a term


@dataclass(frozen=True)
class Year:
    """The months of a term that fall in one funders' year: what they cost in full, and what the price brings."""

    starts: str
    months: int
    cost: float
    price: float


@dataclass(frozen=True)
class Price:
    """The price of a dock over a term. yearly: pounds a year at the start, raised each April by the uplift.

    margin: share added to the full cost. now: what its income is a year, as the file stands.
    """

    dock: str
    starts: str
    months: int
    direct: float
    overhead: float
    one_off: list[Amount]
    full: float
    margin: float
    to_recover: float
    uplift: list[Amount]  # by April, shares in `pounds`
    yearly: float
    years: list[Year]
    now: float
    people: float  # over the term
    a_person: float | None
    hours: float
    an_hour: float | None


def named(organisation: Organisation, text: str, option: str) -> str:
    """The dock of a name typed: of a dock, or of a service. Raises InputError with the nearest name."""
    known = {name.casefold(): name for name in organisation.docks}
    services = {name.casefold(): one.dock for name, one in organisation.services.items()}
    plain = text.strip().casefold().replace(" ", "_")
    found = (
        known.get(plain)
        or services.get(plain)
        or known.get(plain.replace("_", "-"))
        or services.get(plain.replace("_", "-"))
    )
    if found is None:
        names = sorted({*organisation.docks, *organisation.services})
        fix = did_you_mean(text, names) or f"write one of {', '.join(names)}"
        raise InputError([Fault(organisation.file, option, text, "is neither a service nor a dock of this file", fix)])
    return found


def price(
    organisation: Organisation,
    dock: str,
    term: int | None = None,
    margin: Fraction = Fraction(0),
    uplift: Fraction | None = None,
) -> Price:
    """The price that recovers a dock's full cost over a term of months (left out: of its bid, else 12). Raises InputError.

    P is the least yearly price, whole pence, with Σ part(P_t, m) ≥ full cost × (1 + margin), P_t raised each April as the terms of
    its largest bid or stream say, or by `uplift` where given. From the bid's go-live if it is not at work, else from the first month.
    """
    also = () if dock in docks_at_work(organisation) else (dock,)
    working = worked(organisation, also)
    paid: dict[str, Stream | Bid] = {**organisation.streams, **organisation.bids}
    terms = [paid[n] for n in organisation.docks[dock].funded_by if n in working.income]
    bids = [organisation.bids[n] for n in organisation.docks[dock].funded_by if n in working.with_bids]
    first = organisation.first_month
    starts = min((b.decision + (1 + b.standstill + b.mobilisation.months) for b in bids), default=first)
    months = term or (bids[0].term if bids else 12)
    late = max(0, starts - first)
    horizon = Horizon(first, late + months)
    economy = economy_of(organisation)
    run = Run(organisation, economy, horizon, late)
    direct = [run.by_month(item) for item in working.own[dock]]
    shared = _shared(working, dock, run)
    one_off = {
        f"mobilisation of {n}": organisation.bids[n].mobilisation.cost
        for n in organisation.docks[dock].funded_by
        if n in working.with_bids
    }
    one_off |= {
        f"leaving {n}": organisation.bids[n].demobilisation
        for n in organisation.docks[dock].funded_by
        if n in working.with_bids
    }
    total_direct = sum(map(sum, direct))
    total_shared = whole_pence(sum(shared, Fraction(0)))
    full = total_direct + total_shared + sum(one_off.values())
    asked = full + whole_pence(full * margin)
    of = max(terms, key=expected_yearly, default=None)
    rises = [
        _rise(of.uplift if of and uplift is None else uplift or Fraction(0), m, economy, i)
        for i, m in enumerate(list(horizon)[late:])
    ]
    yearly = least(asked, rises, list(horizon)[late:])
    parts = prices(yearly, rises, list(horizon)[late:])
    each = [sum((Fraction(row[t]) for row in direct), shared[t]) for t in range(months)]
    people = (
        sum((served_yearly(organisation, n) for n, s in organisation.services.items() if s.dock == dock), Fraction(0))
        * months
        / 12
    )
    hours = sum((i.working for i in working.own[dock]), Fraction(0)) * weeks_worked(organisation) * months / 12
    return Price(
        dock,
        str(starts),
        months,
        total_direct / 100,
        total_shared / 100,
        [Amount(n, x / 100) for n, x in one_off.items() if x],
        full / 100,
        float(margin),
        asked / 100,
        [Amount(str(m), r / 1e6) for m, r in zip(list(horizon)[late:], rises, strict=True) if r],
        yearly / 100,
        _years(list(horizon)[late:], each, parts),
        sum(working.earned(dock).values()) / 100,
        float(people),
        float(Fraction(asked, 100) / people) if people else None,
        float(hours),
        float(Fraction(asked, 100) / hours) if hours else None,
    )


@dataclass(frozen=True)
class Run:
    """Months of a term: those of the horizon from `late` on."""

    organisation: Organisation
    economy: Economy
    horizon: Horizon
    late: int

    def by_month(self, item: Item) -> list[int]:
        """Pence of an item in each month of the term, on the central path of earnings and prices."""
        if item.place == DEPRECIATION:
            return [monthly_part(item.pence, m.funders_month) for m in self.horizon][self.late :]
        return (self._line(item) if item.is_line else self._post(item))[self.late :]

    def _line(self, item: Item) -> list[int]:
        """A line, raised each April after the first month by its own rate, or by prices."""
        cost, yearly, found = self.organisation.costs().get(item.place, (None, None))[1], item.pence, []
        for t, month in enumerate(self.horizon):
            if t and month.month == 4:
                rise = exact(cost.grows) if cost is not None and cost.grows is not None else self.economy.cpi(month)
                yearly = share(yearly, 1 + rise)
            found.append(monthly_part(yearly, month.funders_month))
        return found

    def _post(self, item: Item) -> list[int]:
        """A group of posts: pay raised each April by earnings, NIC and pension by the law of the month, less what is spared."""
        groups = {**self.organisation.posts(), **self.organisation.transferred()}
        post, found = groups[item.place][1], []
        paid = yearly_pay(int(post.pay or 0), post.hours, post.kind, self.horizon, self.economy)
        for month, basic in zip(self.horizon, paid, strict=True):
            pay = with_holiday(basic, post.kind, month, self.economy)
            dues = on_costs(pay, post.kind, post.pension, month, self.economy)
            m = month.funders_month
            head = monthly_part(pay + pay * covered(post), m) + sum(monthly_part(one, m) for one in dues)
            found.append(post.heads * head - monthly_part(item.spared, m))
        return found


def _shared(working: Working, dock: str, run: Run) -> list[Fraction]:
    """The dock's part of the pools in each month of the term, exact pence: their shares as of the first month."""
    items = {item.place: item for item in working.items if item.dock is None}
    total = [Fraction(0)] * (run.horizon.months - run.late)
    for pool in working.pools:
        part = working.shares[pool.name].get(dock, Fraction(0))
        for held in pool.parts:
            row = run.by_month(items[held.place])
            total = [x + y * held.share * part for x, y in zip(total, row, strict=True)]
    return total


def _rise(uplift: CpiShare | float | Fraction, month: Month, economy: Economy, t: int) -> int:
    """What an uplift adds in a month of the term, ppm: in each April after the start."""
    if month.month != 4 or not t:
        return 0
    if isinstance(uplift, CpiShare):
        return max(-1_000_000, ppm(economy.cpi(month) * exact(uplift.share_of_cpi)))
    return ppm(uplift if isinstance(uplift, Fraction) else exact(uplift))


def prices(yearly: int, rises: Sequence[int], months: Sequence[Month]) -> list[int]:
    """What a yearly price brings in each month, pence."""
    found = []
    for rise, month in zip(rises, months, strict=True):
        yearly = share(yearly, 1 + Fraction(rise, 10**6)) if rise else yearly
        found.append(monthly_part(yearly, month.funders_month))
    return found


def least(pence: int, rises: Sequence[int], months: Sequence[Month]) -> int:
    """The least yearly price, whole pence, that brings at least so much over the months."""
    level, weight = Fraction(1), Fraction(0)
    for rise in rises:
        level *= 1 + Fraction(rise, 10**6)
        weight += level / 12
    if not weight:
        return 0
    yearly = max(0, int(pence / weight) - 2 * len(months) - 2)
    while sum(prices(yearly, rises, months)) < pence:
        yearly += 1
    return yearly


def _years(months: Sequence[Month], cost: Sequence[Fraction], price: Sequence[int]) -> list[Year]:
    found: list[Year] = []
    edges = [i for i, m in enumerate(months) if i == 0 or m.month == 4]
    for a, b in zip(edges, [*edges[1:], len(months)], strict=True):
        found.append(Year(str(months[a]), b - a, whole_pence(sum(cost[a:b], Fraction(0))) / 100, sum(price[a:b]) / 100))
    return found
