"""Prices, pay and interest along the horizon: the dated central path, or what the file says instead."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from resilience.employment import exact, nic_above
from resilience.horizon import Horizon, Month
from resilience.organisation import Organisation
from resilience.rates import rate

DOUBTED = ("prices", "earnings", "bank_rate")  # what is uncertain: each a named source, "economy.prices" and so on
Given = float | tuple[tuple[int, float], ...] | None  # one number for every year, or numbers by calendar year


def share(amount: int, fraction: Fraction) -> int:
    """Whole pence of a share of an amount; halves away from zero; the share held to the millionth."""
    return (2 * amount * ppm(fraction) + 1_000_000) // 2_000_000


@lru_cache(maxsize=4096)
def ppm(fraction: Fraction | float | int) -> int:
    """A share in millionths."""
    return round(exact(fraction) * 1_000_000) if not isinstance(fraction, Fraction) else round(fraction * 1_000_000)


@dataclass(frozen=True)
class Economy:
    """Yearly growth that counts from an April, and statutory figures: of a nation, as the law was known in a month.

    Growth of prices is that of the calendar year before, of earnings that of the year itself. None: the dated central path.
    `wage`: an April and the rise of the minimum wage in it; `nic`: a month from which another rate and threshold (pounds a year) of
    employer NIC hold; `commitment`: the dated hourly wage that the employer has promised to pay at least. `doubts`: standard
    deviations of the shared shift of prices, earnings and Bank Rate, a year; `together`: their correlation.
    """

    nation: str
    prices: Given
    pay: Given
    law_as_of: Month | None
    bank: Given = None
    wage: tuple[Month, Fraction] | None = None
    nic: tuple[Month, Fraction | None, Fraction | None] | None = None
    commitment: str = ""
    doubts: tuple[float, float, float] = (0.0, 0.0, 0.0)
    together: float = 0.0

    def cpi(self, april: Month) -> Fraction:
        """Growth of prices that counts from this April."""
        return self._given(self.prices, "cpi_growth", Month(april.year - 1, 12))

    def earnings(self, april: Month) -> Fraction:
        """Growth of earnings that counts from this April."""
        return self._given(self.pay, "average_earnings_growth", april)

    def bank_rate(self, month: Month) -> Fraction:
        """Bank Rate of a month, a year."""
        return self._given(self.bank, "bank_rate", month)

    def _given(self, given: Given, name: str, on: Month) -> Fraction:
        """What the file says of a calendar year; else the dated figure."""
        if isinstance(given, tuple):
            given = dict(given).get(on.year)
        return self.statutory(name, on) if given is None else exact(given)

    def statutory(self, name: str, on: Month) -> Fraction:
        """A dated figure in force, or what the file puts in its place."""
        if self.nic is not None and on >= self.nic[0]:
            instead = {"employer_nic_rate": self.nic[1], "secondary_threshold": self.nic[2]}.get(name)
            if instead is not None:
                return instead
        return rate(name, on, self.nation, self.law_as_of).number

    def yearly_nic(self, pay_pence: int, on: Month) -> Fraction:
        """Employer NIC of a year's pay, exact pence: employment.yearly_nic, with what the file puts in place of the law."""
        threshold = 100 * self.statutory("secondary_threshold", on)
        return nic_above(pay_pence, self.statutory("employer_nic_rate", on), threshold)

    def lowest_wage(self, horizon: Horizon) -> list[Fraction]:
        """Pounds an hour by month that no head is paid less than: the minimum wage, or the employer's commitment if higher."""
        wages = self.minimum_wage(horizon)
        return (
            [max(both) for both in zip(wages, self._hourly(self.commitment, horizon), strict=True)]
            if self.commitment
            else wages
        )

    def minimum_wage(self, horizon: Horizon) -> list[Fraction]:
        """Pounds an hour by month: as dated; after the last figure known it rises with earnings each April."""
        return self._hourly("national_living_wage", horizon, self.wage)

    def _hourly(self, name: str, horizon: Horizon, instead: tuple[Month, Fraction] | None = None) -> list[Fraction]:
        """A dated hourly wage by month; `instead`: an April and the rise in it, for that funders' year."""
        first, wage = horizon.first, Fraction(0)
        while rate(name, first, self.nation, self.law_as_of).held:
            first -= 1
        by_month: list[Fraction] = []
        for i in range(horizon.first + horizon.months - first):
            month = first + i
            found = rate(name, month, self.nation, self.law_as_of)
            if instead is not None and 0 <= month - instead[0] < 12:
                wage *= 1 + instead[1] if month == instead[0] else 1
            elif not found.held:
                wage = found.number
            elif month.month == 4:
                wage *= 1 + self.earnings(month)
            by_month.append(wage)
        return by_month[horizon.first - first :]


def economy_of(organisation: Organisation) -> Economy:
    """Prices, pay, interest and law of an organisation."""
    given = organisation.economy
    wage, nic = given.minimum_wage, given.employer_nic
    threshold = None if nic is None or nic.threshold is None else Fraction(nic.threshold, 100)
    committed = "london_living_wage" if organisation.london else "real_living_wage"
    return Economy(
        organisation.nation,
        _by_year(given.cpi),
        _by_year(given.earnings),
        given.law_as_of,
        _by_year(given.bank_rate),
        None if wage is None else (wage.starts, exact(wage.rise)),
        None if nic is None else (nic.starts, None if nic.rate is None else exact(nic.rate), threshold),
        committed if organisation.living_wage == "Real Living Wage" else "",
        (given.prices_doubt, given.earnings_doubt, given.bank_rate_doubt),
        given.together,
    )


def _by_year(given: Any) -> Given:
    """What a file says of a yearly rate, as something that can be looked up and compared."""
    if isinstance(given, dict):
        return tuple(sorted((int(year), float(value)) for year, value in given.items()))
    return None if given is None else float(given)
