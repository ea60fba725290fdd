"""Balances, terms of credit, cost lines and the items of closing: all that is fixed before chance is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from resilience.distributions import Exact
from resilience.drawn import Chooser, Drawn
from resilience.economy import Economy, ppm, share
from resilience.employment import exact, monthly_part, whole_pence
from resilience.horizon import Horizon
from resilience.organisation import Cost, Organisation, OverBankRate
from resilience.rises import levels
from resilience.rows import NEVER, Funds, Lines, Money

DAYS_OF_A_MONTH = 30
NOT_ENTERED = "not entered"


def parts(yearly: int, horizon: Horizon) -> np.ndarray:
    """Whole pence of a yearly amount by month, shape (months,)."""
    return np.array([monthly_part(yearly, month.funders_month) for month in horizon], dtype=np.int64)


def funds(organisation: Organisation, horizon: Horizon) -> Funds:
    """Rows of the restricted funds."""
    held = [organisation.funds[f] for f in sorted(organisation.funds)]
    months = np.array([parts(f.overhead_yearly, horizon) for f in held], dtype=np.int64).reshape(
        len(held), horizon.months
    )
    cap = [-1 if f.overhead_cap is None else f.overhead_cap for f in held]
    opening, overhead = [f.opening for f in held], [ppm(f.overhead) for f in held]
    return Funds(
        np.array(opening, dtype=np.int64), np.array(overhead, dtype=np.int64), months, np.array(cap, dtype=np.int64)
    )


def cost_after_vat(organisation: Organisation, cost: Cost, economy: Economy, horizon: Horizon) -> Fraction:
    """Share of the amount that stays a cost: VAT v/(1 + v) within it comes back as far as it is recoverable."""
    if cost.vat != "recoverable":
        return Fraction(1)
    rate = economy.statutory("vat_standard_rate", horizon.first)
    return 1 - rate / (1 + rate) * exact(organisation.recoverable_vat)


def lines(
    organisation: Organisation, horizon: Horizon, economy: Economy, charge: Callable[..., int], choose: Chooser
) -> tuple[Lines, list[tuple[Drawn, float]], list[str]]:
    """Cost lines: those known exactly summed by dock and charge, the others a row each with (quantity, share that counts) and place."""
    T, docks = horizon.months, sorted(organisation.docks)
    sums: dict[tuple[int, int], np.ndarray] = {}
    moving: dict[tuple[int, int], np.ndarray] = {}
    rows: dict[str, list[Any]] = {
        k: [] for k in ("dock", "charge", "growth", "level", "noise", "noise_pounds", "moves")
    }
    drawn, places = [], []
    for place, (dock, cost) in organisation.costs().items():
        d = docks.index(dock) if dock is not None else -1
        k, net = charge(d, cost.charged_to), cost_after_vat(organisation, cost, economy, horizon)
        growth = [
            exact(cost.grows) if cost.grows is not None else economy.cpi(m) if m.month == 4 else Fraction(0)
            for m in horizon
        ]
        rises = [ppm(g) if m.month == 4 and t > 0 else 0 for t, (m, g) in enumerate(zip(horizon, growth, strict=True))]
        noise, pounds = choose.noise(place, cost.noise, T)
        level = levels(organisation.rises, place, horizon)
        if isinstance(cost.yearly, Exact) and noise < 0:
            line = _line(
                int(cost.yearly.value) - whole_pence(int(cost.yearly.value) * (1 - net)),
                tuple(rises),
                tuple(level),
                horizon,
            )
            nil = np.zeros(T, dtype=np.int64)
            sums[d, k] = sums.get((d, k), nil) + line
            moving[d, k] = moving.get((d, k), nil) + (line if cost.grows is None else nil)
            continue
        values = (d, k, rises, level, noise, pounds, cost.grows is None)
        for name, value in zip(rows, values, strict=True):
            rows[name].append(value)
        one = choose.quantity(f"{place}.yearly", cost.yearly)
        drawn.append((one, float(net)))
        places.append(place)
    keys = sorted(sums)
    whole = lambda x: np.array(x, dtype=np.int64)  # noqa: E731
    n = len(places)
    fixed = whole([sums[k] for k in keys]).reshape(len(keys), T)
    table = Lines(
        whole(rows["dock"]),
        whole(rows["charge"]),
        whole(rows["growth"]).reshape(n, T),
        whole(rows["level"]).reshape(n, T),
        whole(rows["noise"]),
        np.array(rows["noise_pounds"], dtype=np.uint8),
        whole([k[0] for k in keys]),
        whole([k[1] for k in keys]),
        fixed,
        np.array(rows["moves"], dtype=np.uint8),
        whole([moving[k] for k in keys]).reshape(len(keys), T),
    )
    return table, drawn, places


@lru_cache(maxsize=512)  # replays of one organisation ask for the same lines again
def _line(yearly: int, rises: tuple[int, ...], level: tuple[int, ...], horizon: Horizon) -> np.ndarray:
    """Monthly pence of one line, raised by ppm in April; `level`: ppm of it that is charged in a month."""
    row = np.zeros(horizon.months, dtype=np.int64)
    for t, month in enumerate(horizon):
        if rises[t]:
            yearly = share(yearly, 1 + Fraction(rises[t], 10**6))
        charged = yearly if level[t] == 1_000_000 else share(yearly, Fraction(level[t], 10**6))
        row[t] = monthly_part(charged, month.funders_month)
    return row


def closing_items(organisation: Organisation, horizon: Horizon) -> np.ndarray:
    """What closing at each month-end costs beside heads and loans, pence: rent to the lease's end,
    dilapidations, penalties, run-off.
    """
    closing, T = organisation.closing, horizon.months
    fixed = (closing.dilapidations or 0) + (closing.penalties or 0) + (closing.run_off or 0)
    items = np.full(T, fixed, dtype=np.int64)
    if closing.lease_until is not None:
        left = closing.lease_until - horizon.first  # index of the lease's last month
        rent = [
            monthly_part(int(closing.lease_yearly or 0), (horizon.first + t).funders_month)
            for t in range(max(0, left) + 1)
        ]
        for t in range(T):
            items[t] += sum(rent[t + 1 : left + 1])
    return items


@dataclass(frozen=True)
class ClosingItem:
    """One item of what closing costs; pounds None where `said` is "not entered" or "don't know"."""

    name: str
    pounds: float | None
    said: str = ""


def closing_by_item(organisation: Organisation, money: Money, t: int, loans: int) -> list[ClosingItem]:
    """What closing at the end of month t costs beside heads, item by item: `closing_items`, and `loans`, pence, still to be repaid."""
    given = organisation.closing
    fixed = [("dilapidations", given.dilapidations), ("penalties", given.penalties), ("run-off", given.run_off)]
    rent = int(money.closing_items[t]) - sum(x for _, x in fixed if isinstance(x, int))
    pension = given.exit_debt if isinstance(given.pension_exit, int) else given.pension_exit
    pence = [
        ("lease", None if given.lease_until is None else rent),
        *fixed[:2],
        ("pension exit", pension),
        *fixed[2:],
        ("loans", loans if len(money.loans) else None),
    ]
    return [
        ClosingItem(name, x / 100) if isinstance(x, int) else ClosingItem(name, None, x or NOT_ENTERED)
        for name, x in pence
    ]


def _interest(given: OverBankRate | float) -> tuple[int, int]:
    """(ppm a year, 1 if that is over Bank Rate)."""
    return (ppm(given.over_bank_rate), 1) if isinstance(given, OverBankRate) else (ppm(given), 0)


def money(
    organisation: Organisation,
    horizon: Horizon,
    economy: Economy,
    budget: int,
    deductions: int,
    nic: int,
    most_pay: int,
) -> Money:
    """Everything that is one for the organisation.

    budget: recurring unrestricted spending of the opening budget month; deductions: opening creditors where none are given;
    nic: employer NIC of month 0, which tells how much of the year's allowance is used; most_pay: the most that a month's pay can be.
    """
    o, T = organisation.opening, horizon.months
    months = list(horizon)
    allowance, rest = np.zeros(T, dtype=np.int64), 0
    if organisation.employment_allowance:
        for t, month in enumerate(months):
            if month.month == 4 or t == 0:
                full = int(economy.statutory("employment_allowance", month) * 100)
                allowance[t] = full if month.month == 4 else 0
                rest = full if t == 0 else rest
        rest = max(0, rest - nic * (months[0].funders_month - 1))
    loans = [organisation.loans[k] for k in sorted(organisation.loans)]
    assets, facility, policy = organisation.fixed_assets, organisation.facility, organisation.reserves_policy
    purchases = np.zeros(T, dtype=np.int64)
    for purchase in assets.purchases:
        if purchase.month in horizon:
            purchases[purchase.month - horizon.first] += purchase.amount
    owed, later = np.zeros(T, dtype=np.int64), 0
    for debt in o.owed:
        if debt.month in horizon:
            owed[debt.month - horizon.first] += debt.amount
        else:
            later += debt.amount
    whole, part = divmod(exact(organisation.creditor_days) / DAYS_OF_A_MONTH, 1)
    due = o.provisions_due - horizon.first if o.provisions_due else 0
    until = facility.until - horizon.first if facility and facility.until else NEVER
    levy = ppm(economy.statutory("apprenticeship_levy_share", horizon.first))
    levy_allowance = whole_pence(100 * economy.statutory("apprenticeship_levy_allowance", horizon.first) / 12)
    if share(most_pay, Fraction(levy, 10**6)) <= levy_allowance:
        levy = 0
    return Money(
        bank=o.bank,
        investments=o.investments,
        held=o.held_for_others,
        debtors=o.debtors,
        owed=owed,
        owed_later=later,
        creditors=deductions if o.creditors is None else o.creditors,
        programme=o.programme_related_investments,
        essential=o.essential_designations,
        provisions=o.provisions,
        provisions_due=due,
        fixed_assets=assets.value,
        depreciation=parts(assets.depreciation, horizon),
        purchases=purchases,
        loans=np.array([x.balance for x in loans], dtype=np.int64),
        loan_repayment=np.array([parts(x.repayment, horizon) for x in loans], dtype=np.int64).reshape(len(loans), T),
        loan_interest=np.array([_interest(x.interest)[0] for x in loans], dtype=np.int64),
        loan_floats=np.array([_interest(x.interest)[1] for x in loans], dtype=np.uint8),
        loan_secured=np.array([x.secured for x in loans], dtype=np.uint8),
        limit=facility.limit if facility else 0,
        until=until,
        interest=_interest(facility.interest)[0] if facility else 0,
        interest_floats=_interest(facility.interest)[1] if facility else 0,
        bank_interest=_interest(o.interest_on_bank)[0],
        bank_interest_floats=_interest(o.interest_on_bank)[1],
        bank_rate=np.array([ppm(economy.bank_rate(m)) for m in months], dtype=np.int64),
        bank_rate_open=np.array([m.year > months[0].year for m in months], dtype=np.uint8),
        settled=(organisation.pay_award.settled - 4) % 12 + 1,
        arrears=organisation.pay_award.arrears_owed,
        covenant=int(facility.covenant or 0) if facility else 0,
        has_covenant=int(bool(facility and facility.covenant is not None)),
        allowance=allowance,
        allowance_rest=rest,
        deductions=np.array([ppm(economy.statutory("deductions_share", m)) for m in months], dtype=np.int64),
        wait=int(whole),
        wait_part=ppm(part),
        policy=2 if policy.closing_liability else 1 if policy.amount is not None else 0,
        policy_months=float(policy.months or 0),
        policy_amount=int(policy.amount or 0),
        grace=organisation.grace,
        closing_items=closing_items(organisation, horizon),
        exit_debt=organisation.closing.exit_debt,
        scheme_until=ended - horizon.first if (ended := organisation.closing.pension_until) else NEVER,
        levy=levy,
        levy_allowance=levy_allowance,
        budget=budget,
        chance=int(organisation.chance),
    )
