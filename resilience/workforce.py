"""Hub and docks: posts, what a head costs each month, and what it costs when a head must go."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from resilience import chance as bend
from resilience.draws import Sources
from resilience.economy import Economy, share
from resilience.employment import (
    exact,
    monthly_part,
    notice_months,
    redundancy_pay,
    statutory_notice_weeks,
    whole_pence,
    yearly_nic,
    yearly_pension,
)
from resilience.horizon import Horizon, Month
from resilience.organisation import Organisation, Post
from resilience.rows import Charges, Posts
from resilience.variation import Variation


@dataclass(frozen=True)
class Charging:
    """Rows of the ways in which costs are charged."""

    rows: Charges
    docks: list[int]
    shares: dict[tuple[tuple[str, float], ...], int]

    def row(self, dock: int, charged_to: dict[str, float] | None) -> int:
        """Row of an item in a dock (−1: the hub)."""
        if charged_to is not None:
            return self.shares[tuple(sorted(charged_to.items()))] if charged_to else 0
        return self.docks[dock] if dock >= 0 else 0


def charging(organisation: Organisation, first_ends: dict[str, int]) -> Charging:
    """How each cost is charged: docks to their streams' funds, the one that ends first first; or by shares.

    `first_ends`: month after the scheduled end of each stream, by id.
    """
    funds, orders, docks = sorted(organisation.funds), [[]], []
    sources: dict[str, Any] = organisation.streams | organisation.bids
    for name in sorted(organisation.docks):
        ends: dict[str, int] = {}
        for source in organisation.docks[name].funded_by:
            fund = sources[source].fund
            if fund in funds:
                ends[fund] = min(ends.get(fund, first_ends[source]), first_ends[source])
        docks.append(len(orders))
        orders.append([(funds.index(f), -1) for f in sorted(ends, key=lambda f: (ends[f], f))])
    shares: dict[tuple[tuple[str, float], ...], int] = {}
    items = [p.charged_to for _, p in organisation.posts().values()] + [c.charged_to for _, c in organisation.costs().values()]
    for charged in sorted({tuple(sorted(i.items())) for i in items if i}):
        shares[charged] = len(orders)
        orders.append([(funds.index(f), round(x * 1e6)) for f, x in charged])
    K, F = len(orders), max(1, len(funds))
    fund, part = np.full((K, F), -1, dtype=np.int64), np.full((K, F), -1, dtype=np.int64)
    for k, order in enumerate(orders):
        for j, (f, x) in enumerate(order):
            fund[k, j], part[k, j] = f, x
    return Charging(Charges(fund, part, (part >= 0).any(axis=1).astype(np.uint8)), docks, shares)


def yearly_pay(post: Post, horizon: Horizon, economy: Economy) -> list[int]:
    """A head's yearly pay by month, pence: raised each April by earnings, at least the minimum wage."""
    pay, out, wages = int(post.pay or 0), [], economy.minimum_wage(horizon)
    for t, month in enumerate(horizon):
        if month.month == 4 and t > 0:
            pay = share(pay, 1 + economy.earnings(month))
        pay = max(pay, whole_pence(wages[t] * 100 * exact(post.hours) * 52))
        out.append(pay)
    return out


def workforce(organisation: Organisation, horizon: Horizon, economy: Economy, sources: Sources, variation: Variation, charges: Charging) -> tuple[list[str], Posts]:
    """Rows of every group of posts. Equations: docs/model.md, section 6.

    Column c of a service table is a head that began in month c − oldest, so has t + 1 + oldest − c months of service at the end of t.
    """
    T, nation, law = horizon.months, organisation.nation, organisation.economy.law_as_of
    groups = organisation.posts()
    docks, kinds = sorted(organisation.docks), sorted({str(p.post) for _, p in groups.values()})
    core = organisation.hub.core
    G = len(groups)
    oldest = 12 * max([p.service for _, p in groups.values()], default=0)
    r: dict[str, Any] = {k: np.zeros(G, dtype=np.int64) for k in ("dock", "heads", "charge", "kind", "recruiting", "recruiting_cost", "leaves", "gaps", "moves", "began")}
    r |= {k: np.zeros(G) for k in ("hours", "productivity", "hazard")}
    r |= {k: np.zeros((G, T), dtype=np.int64) for k in ("pay", "nic", "pension", "holiday")}
    r |= {k: np.zeros((G, oldest + T + 1, T), dtype=np.int64) for k in ("exit_pay", "notice", "liability")}
    r["core"] = np.zeros(G, dtype=np.uint8)
    for g, (place, (dock, post)) in enumerate(groups.items()):
        d = docks.index(dock) if dock is not None else -1
        r["dock"][g], r["heads"][g], r["charge"][g] = d, post.heads, charges.row(d, post.charged_to)
        r["kind"][g], r["core"][g] = kinds.index(str(post.post)), int(d < 0 and (core is None or place.split(".")[-1] in core))
        r["recruiting"][g], r["recruiting_cost"][g] = post.recruiting_months, post.recruiting_cost
        r["hours"][g], r["productivity"][g] = post.hours / organisation.full_time_hours, post.productivity
        r["began"][g] = -12 * post.service
        off = not organisation.chance or "leavers" in variation.off
        r["hazard"][g] = 0.0 if off else bend.monthly_hazard(variation.odds(f"{place}.turnover", float(post.turnover)))
        gaps = bend.most_events(r["hazard"][g], T) if r["hazard"][g] else 1
        r["gaps"][g] = 4 * -(-gaps // 4)
        if r["hazard"][g]:
            r["leaves"][g] = min((sources.row(f"{place}.head {h}.leaves", gaps) for h in range(post.heads)), default=0)
        if organisation.redeployment:
            r["moves"][g] = min((sources.row(f"{place}.head {h}.moves") for h in range(post.heads)), default=0)
        pay, dues = yearly_pay(post, horizon, economy), {}
        for t, month in enumerate(horizon):
            nic, pension = yearly_nic(pay[t], month, nation, law), yearly_pension(pay[t], post.pension, month, nation, law)
            m = month.funders_month
            r["pay"][g, t], r["nic"][g, t], r["pension"][g, t] = monthly_part(pay[t], m), monthly_part(nic, m), monthly_part(pension, m)
            law_now = (economy.statutory("redundancy_weekly_cap", month), economy.statutory("employer_nic_rate", month))
            key = (pay[t], nic + pension, post.age + (t + 1) // 12, *law_now)
            if key not in dues:
                dues[key] = _dues(post, pay[t], nic + pension, post.age + (t + 1) // 12, (T + oldest) // 12 + 1, month, law_now[1], organisation)
            holiday, exits, notices, liabilities = dues[key]
            years = (t + 1 + oldest - np.arange(oldest + t + 1)) // 12
            here = slice(0, oldest + t + 1)
            r["holiday"][g, t] = holiday
            r["exit_pay"][g, here, t], r["notice"][g, here, t], r["liability"][g, here, t] = exits[years], notices[years], liabilities[years]
    return list(groups), Posts(oldest=oldest, longest=int(r["notice"].max(initial=0)) + 2, **r)


def _dues(post: Post, pay: int, costs: Fraction, age: int, years: int, month: Month, nic_rate: Fraction, organisation: Organisation) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """(holiday, exit pay, months of notice, liability) of a head by whole years of service; `costs`: its yearly NIC and pension.

    Holiday bears NIC, no pension. Exit pay: redundancy and holiday in the last month. Liability: notice with NIC and pension besides.
    """
    holiday = whole_pence(exact(organisation.closing.holiday_weeks) * Fraction(pay, 52) * (1 + nic_rate))
    weeks = [max(post.notice_weeks, statutory_notice_weeks(max(1, 12 * y))) for y in range(years)]
    exits = [holiday + redundancy_pay(age, y, Fraction(pay, 52), month, organisation.nation, organisation.economy.law_as_of) for y in range(years)]
    liabilities = [due + whole_pence(Fraction(w) * (pay + costs) / 52) for due, w in zip(exits, weeks, strict=True)]
    return holiday, np.array(exits), np.array([notice_months(w) for w in weeks]), np.array(liabilities)
