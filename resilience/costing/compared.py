"""The same costs under several rule sets, side by side: what each lets be recovered, and what it leaves unpaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from resilience.costing.allocation import largest_remainder
from resilience.costing.costed import Working
from resilience.costing.items import Item
from resilience.costing.pools import driven, settings, shares
from resilience.costing.rules import OWN, RuleSet
from resilience.employment import whole_pence
from resilience.errors import InputError

LEFT_OUT = (
    "equipment",
    "capital",
    "rent",
    "tuition",
    "participant support",
)  # of the United States' base for overheads


@dataclass(frozen=True)
class Recovered:
    """What a rule set lets one dock recover, pounds a year. unpaid: of the full cost by the file's own rules; below nil: more than it."""

    dock: str
    base: float  # what its rate is of, or the direct cost
    overhead: float
    full: float
    unpaid: float


@dataclass(frozen=True)
class UnderRules:
    """One rule set. cannot: why it cannot be worked out from the file, else ""; left_out: pounds of pools that it does not pay."""

    name: str
    title: str
    version: str
    date: str
    source: str
    note: str
    docks: list[Recovered]
    left_out: float
    cannot: str


@dataclass(frozen=True)
class Spread:
    """The lowest and highest that rule sets let a dock recover, pounds a year, and which they are."""

    dock: str
    lowest: float
    lowest_rules: str
    highest: float
    highest_rules: str
    spread: float


def under(working: Working, rules: RuleSet) -> UnderRules:
    """The costs of a working under one rule set."""
    try:
        bases, overheads, left_out = _overheads(working, rules)
    except InputError as error:
        cannot = "; ".join(f"{f.place} {f.problem}; {f.fix}" for f in error.faults)
        return replace(_empty(rules), cannot=cannot)
    rows = []
    for d in working.docks:
        direct, own = working.direct(d), working.direct(d) + working.overhead(d)
        full = direct + overheads[d]
        rows.append(Recovered(d, bases[d] / 100, overheads[d] / 100, full / 100, (own - full) / 100))
    return replace(_empty(rules), docks=rows, left_out=left_out / 100)


def _empty(rules: RuleSet) -> UnderRules:
    return UnderRules(rules.name, rules.title, rules.version, rules.date, rules.source, rules.note, [], 0.0, "")


def compare(working: Working, rules: Sequence[RuleSet]) -> tuple[list[UnderRules], list[Spread]]:
    """Every rule set, and how far they lie apart for each dock."""
    found = [under(working, one) for one in rules]
    spreads = []
    for i, dock in enumerate(working.docks):
        rows = [(one.docks[i].full, one.name) for one in found if one.docks]
        if rows:
            (low, by), (high, of) = min(rows), max(rows, key=lambda r: r[0])
            spreads.append(Spread(dock, low, by, high, of, round(high - low, 2)))
    return found, spreads


def _overheads(working: Working, rules: RuleSet) -> tuple[dict[str, int], dict[str, int], int]:
    """(base, overhead) by dock, pence, and pence of pools left out."""
    direct = {d: working.direct(d) for d in working.docks}
    if rules.basis == "rate":
        bases = {d: base(working, d, rules.subaward) for d in working.docks}
        return bases, {d: whole_pence(rules.rate * x) for d, x in bases.items()}, 0
    own = {d: working.overhead(d) for d in working.docks}
    if rules.basis == OWN:
        return direct, own, 0
    if rules.basis == "organisation":
        more = largest_remainder(added(working), direct) if added(working) else dict.fromkeys(direct, 0)
        return direct, {d: own[d] + more[d] for d in direct}, 0
    paid = [one for one in working.pools if one.pool.kind not in rules.unpaid]
    drivers = {one.name: rules.drivers[one.pool.kind] for one in paid}
    weights = driven(paid, working.measured, drivers)
    ends = shares("direct", None, paid, weights, working.organisation.file, drivers)
    found = dict.fromkeys(direct, 0)
    for one in paid:
        for d, pence in largest_remainder(one.pence, ends[one.name]).items():
            found[d] += pence
    return direct, found, sum(one.pence for one in working.pools) - sum(one.pence for one in paid)


def base(working: Working, dock: str, subaward: int | None) -> int:
    """What a rate is of, pence: all that is direct; with a limit on subawards, the United States' modified total direct cost."""
    kinds = settings(working.organisation).kinds.get(dock, {})
    return modified(working.own[dock], kinds, subaward)


def modified(
    items: Sequence[Item], kinds: Mapping[str, str], subaward: int | None, before: Mapping[str, int] | None = None
) -> int:
    """Σ of the items; where subaward is given, without what its kind leaves out, and of each subaward so many pence over its whole term.

    before: pence of each subaward counted in earlier years, by its line.
    """
    if subaward is None:
        return sum(item.pence for item in items)
    total = 0
    for item in items:
        kind = kinds.get(item.name) if item.is_line else None
        left = max(0, subaward - (before or {}).get(item.name, 0))
        total += 0 if kind in LEFT_OUT else min(item.pence, left) if kind == "subaward" else item.pence
    return total


def added(working: Working) -> int:
    """What the full cost of the organisation has beyond its expenses, pence a year.

    Unfunded expenses, working capital, reserves, change capital, loan repayments of a year, and purchases of fixed assets in the
    first twelve months as far as they are above depreciation.
    """
    o, held = working.organisation, settings(working.organisation)
    loans = sum(min(loan.balance, loan.repayment) for loan in o.loans.values())
    bought = sum(p.amount for p in o.fixed_assets.purchases if 0 <= p.month - o.first_month < 12)
    assets = max(0, bought - o.fixed_assets.depreciation)
    return held.unfunded + held.working_capital + held.reserves + held.change_capital + loans + assets


def rate_of(working: Working, dock: str) -> Fraction | None:
    """Overhead ÷ direct cost of a dock; None where nothing is direct."""
    direct = working.direct(dock)
    return Fraction(working.overhead(dock), direct) if direct else None
