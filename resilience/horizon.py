"""The month axis: calendar months, the index of a month, and the years that run along it.

Clock: index 0 is the first month played; opening balances are at the close of the day before and have no index.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, overload

from resilience.errors import shown

NAMES = ["January", "February", "March", "April", "May", "June"]
NAMES += ["July", "August", "September", "October", "November", "December"]
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month. Months have an order; month + 3 is a month; month − month is a number of months.

    Raises ValueError unless 1 ≤ month ≤ 12 and the year is from 1900 to 2199.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.month <= 12):
            raise ValueError(f"{self} is not a month from {FIRST_YEAR}-01 to {LAST_YEAR}-12; write it as 2026-04")

    def __add__(self, months: int) -> Month:
        year, month = divmod(self._count + months, 12)
        return Month(year, month + 1)

    @overload
    def __sub__(self, other: Month) -> int: ...
    @overload
    def __sub__(self, other: int) -> Month: ...
    def __sub__(self, other: Month | int) -> Month | int:
        return self._count - other._count if isinstance(other, Month) else self + -other

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def _count(self) -> int:
        return 12 * self.year + self.month - 1

    @property
    def words(self) -> str:
        """As in a sentence: "April 2026"."""
        return f"{NAMES[self.month - 1]} {self.year}"

    @property
    def funders_month(self) -> int:
        """Month of the funders' year, which runs April to March: April is 1, March is 12."""
        return (self.month - 4) % 12 + 1

    @property
    def tax_year_start(self) -> Month:
        """The April in which its tax year (6 April, applied from the April payroll) and its funders' year begin."""
        return self - (self.funders_month - 1)

    @property
    def tax_year(self) -> str:
        """The tax year's name: "2026/27"."""
        year = self.tax_year_start.year
        return f"{year}/{(year + 1) % 100:02d}"


def parse_month(text: Any) -> Month:
    """The month written "2026-04". Raises ValueError, whose text says how to write it."""
    if isinstance(text, Month):
        return text
    if isinstance(text, datetime.date):
        raise ValueError(f'{shown(text)} is a day, not a month; write it as "{text:%Y-%m}", in quotes')
    if isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
        return Month(int(text[:4]), int(text[5:]))
    raise ValueError(f"{shown(text)} is not a month; {_month_fix(text)}")


def _month_fix(text: Any) -> str:
    """How to write it: the month that was probably meant, or an example."""
    words = re.findall(r"[0-9]+|[a-z]+", text.casefold()) if isinstance(text, str) and len(text) < 40 else []
    year = [int(w) for w in words if w.isdecimal() and FIRST_YEAR <= int(w) <= LAST_YEAR]
    named = [i for w in words for i, name in enumerate(NAMES, 1) if len(w) >= 3 and name.casefold().startswith(w)]
    numbered = [int(w) for w in words if w.isdecimal() and 1 <= int(w) <= 12] if len(words) == 2 else []
    if len(year) == 1 and len(named or numbered) == 1:
        return f"write it as {Month(year[0], (named or numbered)[0])}"
    return "write it as 2026-04"


@dataclass(frozen=True)
class Horizon:
    """The months played: `months` of them, from `first`. Raises ValueError below 1 month."""

    first: Month
    months: int

    def __post_init__(self) -> None:
        if self.months < 1:
            raise ValueError(f"{self.months} months is no horizon; write 1 or more, such as 60")
        self.first + (self.months - 1)  # refuses a last month beyond the calendar

    def __contains__(self, month: Month) -> bool:
        return 0 <= month - self.first < self.months

    def __iter__(self) -> Iterator[Month]:
        return iter(_calendar(self.first, self.months))

    def labels(self) -> list[str]:
        """ "2026-04", … for each month, shape (months,)."""
        return [str(month) for month in self]

    def month(self, index: int) -> Month:
        """The month at an index, 0 ≤ index < months; else IndexError: what lies beyond is said, never wrapped round."""
        if not 0 <= index < self.months:
            raise IndexError(f"month {index} is not in the horizon of {self.months} months from {self.first}")
        return self.first + index

    def index(self, month: Month) -> int:
        """The index of a month; IndexError if it lies outside (`month - horizon.first` counts without a bound)."""
        if month not in self:
            raise IndexError(f"{month} is not in the horizon of {self.months} months from {self.first}")
        return month - self.first

    def next_april(self) -> Month:
        """The first April strictly after the first month; it may lie beyond the horizon."""
        return self.first.tax_year_start + 12

    def year_ends(self, month_number: int) -> list[int]:
        """Indices of the months at whose end a year closes; `month_number` is 3 for a year that ends in March."""
        if not 1 <= month_number <= 12:
            raise ValueError(f"{month_number} is not a month of the year; write a number from 1 to 12")
        return [i for i, month in enumerate(self) if month.month == month_number]


@lru_cache(maxsize=64)
def _calendar(first: Month, months: int) -> tuple[Month, ...]:
    """The months of a horizon, made once."""
    return tuple(first + i for i in range(months))
