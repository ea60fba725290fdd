"""What the file and data/uk_rates.toml say as one number, and the months; what cannot be enumerated is refused."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

from resilience.errors import Fault, InputError
from resilience.exact.arithmetic import exactly, rounded
from resilience.horizon import Month
from resilience.organisation import UNRESTRICTED, Organisation


class Faults:
    """What a file holds that the exact engine does not do, told all at once."""

    def __init__(self, name: str) -> None:
        self.name, self.found = name, list[Fault]()

    def unless(self, fine: bool, place: str, problem: str, fix: str) -> bool:
        if not fine:
            self.found.append(Fault(self.name, place, None, f"{problem}, which the exact engine does not do", fix))
        return fine

    def raise_any(self) -> None:
        if self.found:
            raise InputError(self.found)

    def plain(self, quantity: Any, place: str) -> Fraction:
        """The value of a quantity that is known exactly."""
        if hasattr(quantity, "value"):
            return exactly(quantity.value)
        if isinstance(quantity, int | float):
            return exactly(quantity)
        self.unless(False, place, "is a range", "write one number")
        return Fraction(0)

    def probability(self, chance: Any, place: str) -> Fraction:
        if isinstance(chance, int | float):
            return exactly(chance)
        self.unless(False, place, "is left open", "write a probability")
        return Fraction(0)


def fixed(rate: Any) -> Fraction:
    """A yearly rate that is one number; nil for what `plan` refuses: a table by year, a rate over Bank Rate."""
    return exactly(rate) if isinstance(rate, int | float) else Fraction(0)


class Law:
    """Dated figures of data/uk_rates.toml for one organisation; growth of prices and pay that counts in an April."""

    def __init__(self, o: Organisation) -> None:
        text = (Path(__file__).parent.parent / "data" / "uk_rates.toml").read_text("utf-8")
        self.rates, self.o = tomllib.loads(text, parse_float=Fraction)["rates"], o

    def __call__(self, name: str, on: Month) -> Fraction:
        """The last row that begins in or before a month; the last known is held."""
        value = None
        for row in self.rates[name]["rows"]:
            here = row.get("nation", "UK") in ("UK", self.o.nation)
            here = here or (row.get("nation") == "GB" and self.o.nation != "Northern Ireland")
            if here and Month(row["from"].year, row["from"].month) <= on:
                value = row["value"]
        if value is None or value == "none":
            raise LookupError(f"{name} is not known for {on}")
        return Fraction(value)

    def pence(self, name: str, on: Month) -> int:
        return rounded(100 * self(name, on))

    def cpi(self, april: Month) -> Fraction:
        """Growth of prices in the calendar year before."""
        given = self.o.economy.cpi
        return fixed(given) if given is not None else self("cpi_growth", Month(april.year - 1, 1))

    def earnings(self, april: Month) -> Fraction:
        """Growth of earnings in the calendar year itself."""
        given = self.o.economy.earnings
        return fixed(given) if given is not None else self("average_earnings_growth", Month(april.year, 1))

    def minimum_wage(self, on: Month) -> Fraction:
        """Pounds an hour; each April after the last wage known it rises with earnings."""
        wage, last = self("national_living_wage", on), self.rates["national_living_wage"]["known_to"]
        for year in range(last.year, on.year + 1):
            if Month(last.year, last.month) < Month(year, 4) <= on:
                wage *= 1 + self.earnings(Month(year, 4))
        return wage


class Given:
    """One organisation, its months, funds and law; `faults` gathers what is refused."""

    def __init__(self, o: Organisation, months: int) -> None:
        self.o, self.months, self.first = o, months, o.first_month
        self.law, self.faults = Law(o), Faults(o.name)
        self.calendar = [o.first_month + t for t in range(months)]
        self.rises = [month.month == 4 and t > 0 for t, month in enumerate(self.calendar)]
        self.funds = [UNRESTRICTED, *sorted(o.funds)]  # a fund is known by its place here; 0 is unrestricted
