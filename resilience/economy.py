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
    """Yearly growth that counts from an April: prices of the calendar year before, earnings of the year itself."""

    organisation: Organisation

    def cpi(self, april: Month) -> Fraction:
        given = self.organisation.economy.cpi
        return exact(given) if given is not None else self._path("cpi_growth", Month(april.year - 1, 12))

    def earnings(self, april: Month) -> Fraction:
        given = self.organisation.economy.earnings
        return exact(given) if given is not None else self._path("average_earnings_growth", april)

    def statutory(self, name: str, on: Month) -> Fraction:
        """A statutory figure in force, of the organisation's nation, as the law was known."""
        return rate(name, on, self.organisation.nation, self.organisation.economy.law_as_of).number

    def _path(self, name: str, on: Month) -> Fraction:
        return rate(name, on, self.organisation.nation, self.organisation.economy.law_as_of).number

    def minimum_wage(self, horizon: Horizon) -> list[Fraction]:
        """Pounds an hour by month: as dated; after the last figure known it rises with earnings each April."""
        wage: list[Fraction] = []
        nation, as_of = self.organisation.nation, self.organisation.economy.law_as_of
        for month in horizon:
            found = rate("national_living_wage", month, nation, as_of)
            if found.held and wage:
                wage.append(wage[-1] * (1 + self.earnings(month)) if month.month == 4 else wage[-1])
            else:
                wage.append(found.number)
        return wage
