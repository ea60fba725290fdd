"""Prices and pay along the horizon: the dated central path, or what the file says instead."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from resilience.employment import exact
from resilience.horizon import Horizon, Month
from resilience.organisation import Organisation
from resilience.rates import rate


def share(amount: int, fraction: Fraction) -> int:
    """Whole pence of a share of an amount; halves away from zero; the share held to the millionth."""
    return (2 * amount * ppm(fraction) + 1_000_000) // 2_000_000


def ppm(fraction: Fraction | float | int) -> int:
    """A share in millionths."""
    return round(exact(fraction) * 1_000_000) if not isinstance(fraction, Fraction) else round(fraction * 1_000_000)


@dataclass(frozen=True)
class Economy:
    """Yearly growth that counts from an April, and statutory figures: of a nation, as the law was known in a month.

    Growth of prices is that of the calendar year before, of earnings that of the year itself. None: the dated central path.
    """

    nation: str
    prices: float | None
    pay: float | None
    law_as_of: Month | None

    def cpi(self, april: Month) -> Fraction:
        """Growth of prices that counts from this April."""
        before = Month(april.year - 1, 12)
        return exact(self.prices) if self.prices is not None else self.statutory("cpi_growth", before)

    def earnings(self, april: Month) -> Fraction:
        """Growth of earnings that counts from this April."""
        return exact(self.pay) if self.pay is not None else self.statutory("average_earnings_growth", april)

    def statutory(self, name: str, on: Month) -> Fraction:
        """A dated figure in force."""
        return rate(name, on, self.nation, self.law_as_of).number

    def minimum_wage(self, horizon: Horizon) -> list[Fraction]:
        """Pounds an hour by month: as dated; after the last figure known it rises with earnings each April."""
        first, wage = horizon.first, Fraction(0)
        while rate("national_living_wage", first, self.nation, self.law_as_of).held:
            first -= 1
        by_month: list[Fraction] = []
        for i in range(horizon.first + horizon.months - first):
            month = first + i
            found = rate("national_living_wage", month, self.nation, self.law_as_of)
            if not found.held:
                wage = found.number
            elif month.month == 4:
                wage *= 1 + self.earnings(month)
            by_month.append(wage)
        return by_month[horizon.first - first :]


def economy_of(organisation: Organisation) -> Economy:
    """Prices, pay and law of an organisation."""
    given = organisation.economy
    return Economy(organisation.nation, given.cpi, given.earnings, given.law_as_of)
