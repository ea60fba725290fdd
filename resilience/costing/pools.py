"""The pools of a file with what is in them, and what each is divided by. docs/cost_recovery.md, "Pools" and "Drivers"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from resilience.costing.allocation import Shares, direct, largest_remainder, reciprocal, step_down
from resilience.costing.items import DEPRECIATION, Item
from resilience.costing.people import served_yearly
from resilience.employment import exact
from resilience.errors import Fault, InputError
from resilience.organisation import Organisation
from resilience.organisation.costing import LEFT_OVER, Costing, Pool

UNIT = {
    "headcount": "heads",
    "time": "hours a week",
    "floor area": "square metres",
    "direct spending": "pounds a year",
    "income": "pounds a year",
    "people served": "people a year",
    "fixed shares": "share",
}


@dataclass(frozen=True)
class Part:
    """What of an item of the hub is in a pool: pence a year, and the share of the item that they are."""

    place: str
    pence: int
    share: Fraction


@dataclass(frozen=True)
class Held:
    """A pool and what is in it. heads, hours: of its posts by their share of time; the item's rest is elsewhere."""

    name: str
    pool: Pool
    parts: tuple[Part, ...] = ()
    heads: Fraction = Fraction(0)
    hours: Fraction = Fraction(0)

    @property
    def pence(self) -> int:
        return sum(part.pence for part in self.parts)


@dataclass(frozen=True)
class Measured:
    """What the drivers measure of docks: each by dock, exact."""

    organisation: Organisation
    docks: tuple[str, ...]
    direct: Mapping[str, int]
    income: Mapping[str, int]
    items: Sequence[Item] = field(default_factory=tuple)


def settings(organisation: Organisation) -> Costing:
    """The file's own, or what stands in its place: one pool of everything in the hub, by direct spending."""
    return organisation.costing or Costing()


def split_hub(organisation: Organisation, items: Sequence[Item]) -> tuple[list[Held], list[tuple[str, Item]]]:
    """(pools that hold something, what of the hub is charged straight to a fund), each item divided to the penny.

    An item's shares: those charged to funds, those of pools, and the rest in the pool of what is left over.
    """
    given = settings(organisation)
    pools = dict(given.pools)
    pools.setdefault(LEFT_OVER, Pool())
    held = {name: Held(name, pools[name]) for name in sorted(pools)}
    straight: list[tuple[str, Item]] = []
    for item in items:
        if item.dock is not None:
            continue
        shares = {("fund", f): exact(x) for f, x in (item.charged_to or {}).items()}
        shares |= {("pool", name): part for name, pool in pools.items() if (part := _taken(pool, item))}
        rest = 1 - sum(shares.values(), Fraction(0))
        if rest > 0:
            shares["pool", LEFT_OVER] = shares.get(("pool", LEFT_OVER), Fraction(0)) + rest
        pence = largest_remainder(item.pence, {"\0".join(key): x for key, x in shares.items() if x})
        for key, amount in pence.items():
            where, name = key.split("\0")
            share = shares[where, name]
            if where == "fund":
                straight.append((name, replace(item, pence=amount)))
            else:
                old = held[name]
                held[name] = replace(
                    old,
                    parts=(*old.parts, Part(item.place, amount, share)),
                    heads=old.heads + item.heads * share,
                    hours=old.hours + item.hours * share,
                )
    return [one for one in held.values() if one.pence], straight


def _taken(pool: Pool, item: Item) -> Fraction:
    if item.place == DEPRECIATION:
        return exact(pool.depreciation)
    return exact((pool.lines if item.is_line else pool.posts).get(item.name, 0))


def amounts(driver: str, one: Held, pools: Sequence[Held], measured: Measured) -> dict[str, Fraction]:
    """What the driver of a pool measures of each dock and each pool, exact. Raises InputError where the file does not say it."""
    organisation, docks = measured.organisation, measured.docks
    nil = Fraction(0)
    if driver == "headcount":
        found = {d: sum((Fraction(i.heads) for i in measured.items if i.dock == d), nil) for d in docks}
        return found | {p.name: p.heads for p in pools}
    if driver == "time":
        return {d: sum((i.hours for i in measured.items if i.dock == d), nil) for d in docks} | {
            p.name: p.hours for p in pools
        }
    if driver == "direct spending":
        return {d: Fraction(measured.direct[d], 100) for d in docks} | {p.name: Fraction(p.pence, 100) for p in pools}
    if driver == "income":
        return {d: Fraction(measured.income.get(d, 0), 100) for d in docks} | {p.name: nil for p in pools}
    if driver == "people served":
        served = {
            d: [served_yearly(organisation, n) for n, s in organisation.services.items() if s.dock == d] for d in docks
        }
        return {d: sum(some, nil) for d, some in served.items()} | {p.name: nil for p in pools}
    given = settings(organisation).floor_area if driver == "floor area" else one.pool.shares or {}
    where = "costing.floor_area" if driver == "floor area" else f"costing.pools.{one.name}.shares"
    if silent := [d for d in docks if d not in given]:
        problem = f"says nothing of {', '.join(silent)}, and the pool {one.name} is divided by {driver}"
        raise InputError(
            [Fault(organisation.file, where, None, problem, f"add {silent[0]} = its {UNIT[driver]}, or 0")]
        )
    of_pools = {p.name: exact(p.pool.floor_area if driver == "floor area" else given.get(p.name, 0)) for p in pools}
    return {d: exact(given[d]) for d in docks} | of_pools


def driven(pools: Sequence[Held], measured: Measured, drivers: Mapping[str, str]) -> dict[str, dict[str, Fraction]]:
    """What each pool's driver measures; drivers: pool = driver."""
    return {one.name: amounts(drivers[one.name], one, pools, measured) for one in pools}


def shares(
    method: str,
    order: Sequence[str] | None,
    pools: Sequence[Held],
    weights: Mapping[str, Mapping[str, Fraction]],
    file: str,
    drivers: Mapping[str, str],
) -> dict[str, Shares]:
    """Share of each pool's own cost that each dock bears in the end. Raises InputError where a driver is nil everywhere."""
    faults = []
    for name, given in weights.items():
        among = {n: w for n, w in given.items() if n not in weights}
        if not sum(among.values(), Fraction(0)) and method == "direct":
            problem = f"is nil in every dock, so nothing says who is to bear the pool {name}"
            faults.append(
                Fault(
                    file,
                    f"costing.pools.{name}.driver",
                    drivers[name],
                    problem,
                    "choose a driver that is above nil somewhere",
                )
            )
    if faults:
        raise InputError(faults)
    try:
        if method == "direct":
            return direct(weights)
        if method == "step-down":
            return step_down(weights, in_order(order, pools))
        return reciprocal(weights)
    except ValueError as error:
        problem, _, fix = str(error).partition("; ")
        raise InputError([Fault(file, "costing.pools", None, problem, fix)]) from None


def in_order(order: Sequence[str] | None, pools: Sequence[Held]) -> list[str]:
    """The pools in the order of a step-down: those named, then the others, the dearest first."""
    held = [one.name for one in sorted(pools, key=lambda p: (-p.pence, p.name))]
    first = [name for name in order or () if name in held]
    return [*first, *(name for name in held if name not in first)]
