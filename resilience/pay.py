"""What one head costs in a year, by its kind of contract: pay, NIC, pension and cover. docs/model.md, section 6."""

from __future__ import annotations

from fractions import Fraction

from resilience.economy import Economy, share
from resilience.employment import exact, whole_pence, yearly_pay_at, yearly_pension
from resilience.horizon import Horizon, Month
from resilience.organisation import Post


def yearly_pay(pay: int, hours: float, kind: str, horizon: Horizon, economy: Economy) -> list[int]:
    """A head's yearly pay by month, pence: raised each April by earnings, at least the lowest wage; a freelance's fee has no lowest."""
    out, wages = [], economy.lowest_wage(horizon)
    for t, month in enumerate(horizon):
        if month.month == 4 and t > 0:
            pay = share(pay, 1 + economy.earnings(month))
        if kind != "freelance":
            pay = max(pay, yearly_pay_at(wages[t], hours))
        out.append(pay)
    return out


def with_holiday(pay: int, kind: str, month: Month, economy: Economy) -> int:
    """Yearly pay, pence, with the holiday that sessional staff are paid with each hour."""
    return whole_pence(pay * (1 + economy.statutory("irregular_holiday_share", month))) if kind == "sessional" else pay


def on_costs(pay: int, kind: str, pension: float, month: Month, economy: Economy) -> tuple[Fraction, Fraction]:
    """(NIC, pension) of a year's pay, exact pence; of a freelance's fee nothing. `pension`: share of qualifying earnings."""
    if kind == "freelance":
        return Fraction(0), Fraction(0)
    return economy.yearly_nic(pay, month), yearly_pension(pay, pension, month, economy.nation, economy.law_as_of)


def covered(post: Post) -> Fraction:
    """What covering a head's absence costs, as a share of its pay."""
    return exact(post.absence) * exact(post.cover) * exact(post.cover_cost)


def at_work(post: Post) -> Fraction:
    """Share of its time in which a head, or who covers for it, is at work."""
    return 1 - exact(post.absence) * (1 - exact(post.cover))
