"""Does the file add up to last year? Its first twelve months without chance, beside last year's income and spending."""

from __future__ import annotations

from dataclasses import dataclass

from resilience.economy import economy_of
from resilience.organisation import Organisation, OverBankRate
from resilience.projection import project

NOTICED = 0.05  # share of last year's total beyond which a gap is shown first
PLENTY = 10**11  # pence lent to the bank balance, so that twelve months are played whatever is in it


@dataclass(frozen=True)
class Line:
    """One total, GBP: the file's first twelve months, and last year's as given; gap: their difference ÷ last year's."""

    name: str
    file: float
    last_year: float | None

    @property
    def gap(self) -> float | None:
        """None where last year was not given or was nil."""
        return (self.file - self.last_year) / self.last_year if self.last_year else None

    @property
    def noticed(self) -> bool:
        return self.gap is not None and abs(self.gap) > NOTICED


def reconcile(organisation: Organisation) -> list[Line]:
    """Income and spending of the first twelve months without chance or lack of money, and last year's.

    Interest on the bank: a year's of the opening balance, at the first month's rate.
    """
    opening = organisation.opening
    lent = organisation.model_copy(
        update={"opening": opening.model_copy(update={"bank": opening.bank + PLENTY, "interest_on_bank": 0.0})}
    )
    rate = opening.interest_on_bank
    if isinstance(rate, OverBankRate):
        rate = max(0.0, float(economy_of(organisation).bank_rate(organisation.first_month)) + rate.over_bank_rate)
    interest = max(0, opening.bank) * rate / 100
    played = project(lent, months=12, paths=1, chance=False).played.money
    last = organisation.last_year
    return [
        Line(name, float(played[name].sum()) / 100 + extra, getattr(last, name) / 100 if last else None)
        for name, extra in (("income", interest), ("spending", 0.0))
    ]
