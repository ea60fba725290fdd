"""Full cost recovery of one organisation: what each dock costs with its share of the hub, and who pays. docs/cost_recovery.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from resilience import __version__
from resilience.costing.allocation import largest_remainder
from resilience.costing.items import Item, docks_at_work, income_of, items_of
from resilience.costing.people import places, served_yearly, taken_up, weeks_worked
from resilience.costing.pools import UNIT, Held, Measured, driven, settings, shares, split_hub
from resilience.employment import exact, whole_pence
from resilience.errors import Fault, InputError
from resilience.manifest import inputs
from resilience.organisation import UNRESTRICTED, Organisation


@dataclass(frozen=True)
class Amount:
    """A thing and pounds a year."""

    name: str
    pounds: float


@dataclass(frozen=True)
class Line:
    """What of the hub is in a pool: its place, the share of it, pounds a year."""

    place: str
    share: float
    pounds: float


@dataclass(frozen=True)
class Driven:
    """What a driver measures of one dock or pool, and its share of the pool; `serves`: it is a pool."""

    name: str
    amount: float
    share: float
    serves: bool


@dataclass(frozen=True)
class PoolCost:
    """A pool: what is in it, what it is divided by, pounds a year."""

    name: str
    kind: str
    driver: str
    unit: str
    pounds: float
    lines: list[Line]
    driven: list[Driven]


@dataclass(frozen=True)
class PoolShare:
    """What a dock bears of a pool. share: of the pool's own cost, in the end; stays: pounds that do not go away with the dock."""

    pool: str
    driver: str
    amount: float
    of: float
    share: float
    pounds: float
    stays: float


@dataclass(frozen=True)
class UnitCost:
    """A service: its part of the dock's full cost, people who complete it a year as it has settled, pounds a person."""

    service: str
    pounds: float
    people: float
    at_most: float  # people a year that the filled posts can see through
    a_person: float | None


@dataclass(frozen=True)
class DockCost:
    """A dock: pounds a year. gap: full cost less income; paid_by: who pays it, or [] where there is none."""

    name: str
    direct: list[Amount]
    direct_total: float
    overhead: list[PoolShare]
    overhead_total: float
    full: float
    income: list[Amount]
    income_total: float
    recovery: float | None
    gap: float
    paid_by: list[Amount]
    overhead_asked: list[Amount]  # what the terms of its funds pay as overhead, by fund
    stays: float
    hours: float  # of service a year
    an_hour: float | None
    services: list[UnitCost]
    not_yet: bool  # funded by bids alone, and costed because asked for


@dataclass(frozen=True)
class Subsidy:
    """What the docks' gaps come to, and what meets them: other restricted funds, and of unrestricted money which."""

    total: float
    funds: list[Amount]
    surpluses: list[Amount]
    untied: list[Amount]
    reserves: float


@dataclass(frozen=True)
class Costed:
    """One organisation's costs of a year at the rates of its first month."""

    organisation: str
    month: str
    method: str
    docks: list[DockCost]
    pools: list[PoolCost]
    straight: list[Amount]  # of the hub, charged to funds that belong to no one dock
    direct: float
    overhead: float
    total: float
    income: float
    recovery: float | None
    untied: list[Amount]
    subsidy: Subsidy
    weeks_worked: float
    default_pool: bool  # the file says nothing of pools
    manifest: dict[str, Any]


@dataclass(frozen=True)
class Working:
    """What the answers are worked out from: pence, exact shares. Kept apart, so that rule sets and prices start from the same."""

    organisation: Organisation
    docks: tuple[str, ...]
    with_bids: tuple[str, ...]
    items: tuple[Item, ...]
    pools: tuple[Held, ...]
    straight: tuple[tuple[str, Item], ...]
    own: Mapping[str, tuple[Item, ...]]  # direct items of each dock
    income: Mapping[str, int]  # by stream or bid
    weights: Mapping[str, Mapping[str, Fraction]]
    shares: Mapping[str, Mapping[str, Fraction]]
    pence: Mapping[str, Mapping[str, int]]  # pool: dock: pence

    def direct(self, dock: str) -> int:
        return sum(item.pence for item in self.own[dock])

    def overhead(self, dock: str) -> int:
        return sum(by_dock.get(dock, 0) for by_dock in self.pence.values())

    def earned(self, dock: str) -> dict[str, int]:
        """Income of a dock by stream or bid, pence a year."""
        return {n: self.income[n] for n in self.organisation.docks[dock].funded_by if n in self.income}

    @property
    def measured(self) -> Measured:
        earned = {d: sum(self.earned(d).values()) for d in self.docks}
        return Measured(self.organisation, self.docks, {d: self.direct(d) for d in self.docks}, earned, self.items)


def worked(organisation: Organisation, also: Sequence[str] = (), without: Sequence[str] = ()) -> Working:
    """Costs, pools and shares of the docks at work, of those named besides, less those named. Raises InputError."""
    at_work = docks_at_work(organisation)
    docks = tuple(sorted({*at_work, *also} - set(without)))
    bids = tuple(
        n for d in docks if d not in at_work for n in organisation.docks[d].funded_by if n in organisation.bids
    )
    items = tuple(items_of(organisation, docks, bids))
    pools, charged = split_hub(organisation, items)
    own = {d: [i for i in items if i.dock == d] for d in docks}
    straight = []
    for fund, item in charged:
        of = [d for d in docks if fund in _funds_of(organisation, d, bids)]
        if len(of) == 1:
            own[of[0]].append(item)
        else:
            straight.append((fund, item))
    if not docks and pools:
        problem = "has no dock at work, so there is nothing that could bear the hub's costs"
        raise InputError([Fault(organisation.file, "docks", None, problem, "add a dock that a stream funds")])
    income = income_of(organisation, docks, bids)
    found = Working(
        organisation,
        docks,
        bids,
        items,
        tuple(pools),
        tuple(straight),
        {d: tuple(x) for d, x in own.items()},
        income,
        {},
        {},
        {},
    )
    drivers = {one.name: one.pool.driver for one in pools}
    weights = driven(pools, found.measured, drivers)
    held = settings(organisation)
    ends = shares(held.method, held.order, pools, weights, organisation.file, drivers)
    pence = {one.name: largest_remainder(one.pence, ends[one.name]) for one in pools}
    return replace(found, weights=weights, shares=ends, pence=pence)


def _funds_of(organisation: Organisation, dock: str, bids: Sequence[str]) -> set[str]:
    """Restricted funds of what funds a dock."""
    paid = {**organisation.streams, **{n: organisation.bids[n] for n in bids}}
    return {str(paid[n].fund) for n in organisation.docks[dock].funded_by if n in paid} - {UNRESTRICTED}


def cost(organisation: Organisation, also: Sequence[str] = (), without: Sequence[str] = ()) -> Costed:
    """The full cost of the docks at work (and of those in `also`, less those in `without`), and who pays it. Raises InputError."""
    return told(worked(organisation, also, without))


def told(working: Working) -> Costed:
    """The answers of a working, in pounds."""
    o, held = working.organisation, settings(working.organisation)
    at_work = docks_at_work(o)
    docks = [_dock(working, d, d not in at_work) for d in working.docks]
    direct, overhead = sum(working.direct(d) for d in working.docks), sum(p.pence for p in working.pools)
    straight = sum(item.pence for _, item in working.straight)
    tied = {n for d in working.docks for n in working.earned(d)}
    untied = {n: x for n, x in working.income.items() if n not in tied}
    income, total = sum(x for n, x in working.income.items() if n in tied), direct + overhead + straight
    return Costed(
        o.name,
        str(o.first_month),
        held.method,
        docks,
        [_pool(working, one) for one in working.pools],
        [Amount(f"{item.place} to {fund}", item.pence / 100) for fund, item in working.straight],
        direct / 100,
        overhead / 100,
        total / 100,
        income / 100,
        income / total if total else None,
        [Amount(n, x / 100) for n, x in untied.items()],
        _subsidy(working, docks, untied),
        float(weeks_worked(o)),
        not held.pools,
        {"version": __version__, "overlays": list(o.overlays), "inputs": inputs({"organisation": (o.file, o.raw)})},
    )


def _pool(working: Working, one: Held) -> PoolCost:
    given = working.weights[one.name]
    total = sum(given.values(), Fraction(0))
    pools = {p.name for p in working.pools}
    rows = [Driven(n, float(w), float(w / total) if total else 0.0, n in pools) for n, w in given.items()]
    if settings(working.organisation).method == "direct":
        among = sum((w for n, w in given.items() if n not in pools), Fraction(0))
        rows = [Driven(n, float(w), float(w / among), False) for n, w in given.items() if n not in pools]
    lines = [Line(part.place, float(part.share), part.pence / 100) for part in one.parts]
    driver = one.pool.driver
    return PoolCost(one.name, one.pool.kind, driver, UNIT[driver], one.pence / 100, lines, rows)


def _dock(working: Working, dock: str, not_yet: bool) -> DockCost:
    o = working.organisation
    direct, overhead = working.direct(dock), working.overhead(dock)
    full, earned = direct + overhead, working.earned(dock)
    income = sum(earned.values())
    held = [_share(working, one, dock) for one in working.pools]
    hours = sum((i.working for i in working.own[dock]), Fraction(0)) * weeks_worked(o)
    return DockCost(
        dock,
        [Amount(i.place, i.pence / 100) for i in working.own[dock]],
        direct / 100,
        held,
        overhead / 100,
        full / 100,
        [Amount(n, x / 100) for n, x in earned.items()],
        income / 100,
        income / full if full else None,
        (full - income) / 100,
        _paid_by(working, dock, full - income),
        _asked(working, dock),
        sum(one.stays for one in held),
        float(hours),
        float(Fraction(full, 100) / hours) if hours else None,
        _units(working, dock, full),
        not_yet,
    )


def _share(working: Working, one: Held, dock: str) -> PoolShare:
    given = working.weights[one.name]
    pence = working.pence[one.name].get(dock, 0)
    pools = {p.name for p in working.pools}
    counted = (
        given
        if settings(working.organisation).method != "direct"
        else {n: w for n, w in given.items() if n not in pools}
    )
    stays = pence - whole_pence(pence * exact(one.pool.avoidable))
    return PoolShare(
        one.name,
        one.pool.driver,
        float(given[dock]),
        float(sum(counted.values(), Fraction(0))),
        float(working.shares[one.name].get(dock, 0)),
        pence / 100,
        stays / 100,
    )


def _units(working: Working, dock: str, full: int) -> list[UnitCost]:
    """Each service of a dock: the dock's full cost divided by the full-time equivalents that its cases take up."""
    o = working.organisation
    names = [n for n, s in sorted(o.services.items()) if s.dock == dock]
    taken = {n: taken_up(o, n) for n in names}
    parts = largest_remainder(full, taken) if sum(taken.values()) else dict.fromkeys(names, 0)
    found = []
    for n in names:
        people, most = served_yearly(o, n), 12 * places(o, o.services[n]) / exact(o.services[n].length)
        each = float(Fraction(parts[n], 100) / people) if people else None
        found.append(UnitCost(n, parts[n] / 100, float(people), float(most), each))
    return found


def _asked(working: Working, dock: str) -> list[Amount]:
    """What the terms of a dock's restricted funds pay as overhead, pounds a year.

    A fund with a rate r and income I bears direct cost d with d + overhead = I, at most the dock's: r·min(direct, I ÷ (1 + r)) and its
    yearly sum, at most its cap. A pool billed to the fund: the dock's share of it, in proportion to the fund's part of the income.
    """
    o, direct = working.organisation, working.direct(dock)
    earned = working.earned(dock)
    found: list[Amount] = []
    for fund in sorted(_funds_of(o, dock, working.with_bids)):
        income = sum(x for n, x in earned.items() if (o.streams.get(n) or o.bids[n]).fund == fund)
        terms, rate = o.funds[fund], exact(o.funds[fund].overhead)
        paid = whole_pence(rate * min(Fraction(direct), income / (1 + rate))) + terms.overhead_yearly
        paid = paid if terms.overhead_cap is None else min(paid, terms.overhead_cap)
        billed = [one.name for one in working.pools if fund in one.pool.billed_to]
        part = Fraction(income, sum(earned.values())) if income else Fraction(0)
        paid += whole_pence(part * sum(working.pence[name].get(dock, 0) for name in billed))
        if paid:
            found.append(Amount(fund, paid / 100))
    return found


def _paid_by(working: Working, dock: str, gap: int) -> list[Amount]:
    """Who pays what a dock's income leaves over: other restricted funds, as far as its items are charged to them; then unrestricted."""
    if gap <= 0:
        return []
    own = _funds_of(working.organisation, dock, working.with_bids)
    left, found = gap, dict[str, int]()
    for item in working.own[dock]:
        if item.dock is None:  # of the hub, charged straight to the dock's own fund
            continue
        for fund, part in sorted((item.charged_to or {}).items()):
            if fund not in own:
                paid = min(left, whole_pence(item.pence * exact(part)))
                found[fund], left = found.get(fund, 0) + paid, left - paid
    return [Amount(n, x / 100) for n, x in [*found.items(), (UNRESTRICTED, left)] if x]


def _subsidy(working: Working, docks: Sequence[DockCost], untied: Mapping[str, int]) -> Subsidy:
    """What meets the gaps: of unrestricted money first other docks' surpluses, then income tied to no dock, then reserves."""
    o = working.organisation
    paid = [one for d in docks for one in d.paid_by]
    funds = {one.name: 0.0 for one in paid if one.name != UNRESTRICTED}
    for one in paid:
        if one.name in funds:
            funds[one.name] += one.pounds
    left = round(100 * sum(one.pounds for one in paid if one.name == UNRESTRICTED))
    surpluses, used = [], []
    for d in docks:
        free = sum(
            round(100 * a.pounds) for a in d.income if (o.streams.get(a.name) or o.bids[a.name]).fund == UNRESTRICTED
        )
        part = min(left, max(0, min(round(-100 * d.gap), free)))
        surpluses += [Amount(d.name, part / 100)] if part else []
        left -= part
    for name, pence in untied.items():
        part = min(left, pence) if o.streams[name].fund == UNRESTRICTED else 0
        used += [Amount(name, part / 100)] if part else []
        left -= part
    total = sum(one.pounds for one in paid)
    return Subsidy(round(total, 2), [Amount(n, round(x, 2)) for n, x in funds.items()], surpluses, used, left / 100)
