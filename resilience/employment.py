"""The law of pay: employer NIC, pension, minimum wage, notice, consultation, redundancy. Pure and dated.

Money is whole pence in and out; what is yearly stays an exact fraction of a penny until a month's part is rounded,
halves away from zero. `on` is the month whose law applies; `as_of` freezes the law (see `rates`).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from resilience.horizon import Month
from resilience.rates import rate

Number = int | float | Decimal | Fraction
MOST_YEARS = 20  # of service that count for redundancy pay: Employment Rights Act 1996, s. 162(3)
CONSULTED = (20, 100)  # heads from which collective consultation is longer
QUALIFYING_YEARS = 2  # s. 155


@lru_cache(maxsize=4096)  # a batch asks for the same few numbers again and again
def exact(number: Number) -> Fraction:
    """A number as it was written: the float 0.03 is 3/100."""
    return Fraction(str(number))


def whole_pence(pence: Fraction | int) -> int:
    """Pence, rounded to the whole penny, halves away from zero."""
    n, d = pence.numerator, pence.denominator
    size = (2 * abs(n) + d) // (2 * d)
    return size if n >= 0 else -size


def yearly_nic(pay_pence: int, on: Month, nation: str = "England", as_of: Month | None = None) -> Fraction:
    """Employer Class 1 NIC of a year's pay, before the employment allowance, exact pence.

    rate × max(0, pay − secondary threshold). Category A; by the year, so a real payroll by months differs by pence.
    """
    threshold = rate("secondary_threshold", on, nation, as_of).pence
    return nic_above(pay_pence, rate("employer_nic_rate", on, nation, as_of).number, threshold)


def nic_above(pay_pence: int, nic_rate: Fraction, threshold_pence: Fraction) -> Fraction:
    """`yearly_nic` where rate and threshold have been looked up."""
    return nic_rate * max(Fraction(0), pay_pence - threshold_pence)


def yearly_pension(
    pay_pence: int, pension_rate: Number, on: Month, nation: str = "England", as_of: Month | None = None
) -> Fraction:
    """Employer pension contribution of a year's pay, exact pence: pension_rate × pay within the qualifying band.

    The £10,000 trigger decides who must be enrolled, not what a member is paid; it is not applied here.
    """
    lower = rate("qualifying_earnings_lower", on, nation, as_of).pence
    upper = rate("qualifying_earnings_upper", on, nation, as_of).pence
    return exact(pension_rate) * max(Fraction(0), min(Fraction(pay_pence), upper) - lower)


def monthly_part(yearly: Fraction | int, funders_month: int) -> int:
    """Whole pence of a yearly amount Y in month m of the funders' year (April = 1): round(Y·m/12) − round(Y·(m−1)/12).

    Twelve months sum to round(Y). Raises ValueError unless 1 ≤ m ≤ 12.
    """
    if not 1 <= funders_month <= 12:
        raise ValueError(f"{funders_month} is not a month of the funders' year; write 1 (April) to 12 (March)")
    year = Fraction(yearly)
    n, d = abs(year.numerator), 12 * year.denominator
    part = (2 * n * funders_month + d) // (2 * d) - (2 * n * (funders_month - 1) + d) // (2 * d)
    return part if year >= 0 else -part


def redundancy_weeks(age: int, years: int) -> Fraction:
    """Weeks' pay due on redundancy, in halves, from age and complete years of service at the relevant date.

    Counted back year by year, at most 20, by the age at the *start* of each year: 1½ weeks from 41, 1 from 22, else ½;
    nothing below two years. Source: Employment Rights Act 1996, ss. 155 and 162. Raises ValueError below 0.
    """
    if age < 0 or years < 0:
        raise ValueError(f"age {age} and {years} years of service cannot be; write numbers of 0 or more")
    if years < QUALIFYING_YEARS:
        return Fraction(0)
    starts = [age - i - 1 for i in range(min(int(years), MOST_YEARS))]
    return sum((Fraction(3 if start >= 41 else 2 if start >= 22 else 1, 2) for start in starts), Fraction(0))


def redundancy_pay(
    age: int,
    years: int,
    weekly_pay_pence: Fraction | int,
    on: Month,
    nation: str = "England",
    as_of: Month | None = None,
) -> int:
    """Statutory redundancy pay, pence: weeks × the lesser of a week's pay and the weekly cap of the relevant date `on`.

    The relevant date is the day notice ends. Northern Ireland has a cap of its own.
    """
    return capped_redundancy_pay(age, years, weekly_pay_pence, rate("redundancy_weekly_cap", on, nation, as_of).pence)


def capped_redundancy_pay(age: int, years: int, weekly_pay_pence: Fraction | int, cap_pence: Fraction) -> int:
    """`redundancy_pay` where the weekly cap, pence, has been looked up."""
    return whole_pence(redundancy_weeks(age, years) * min(Fraction(weekly_pay_pence), cap_pence))


def enhanced_redundancy_pay(
    age: int,
    years: int,
    weekly_pay_pence: Fraction | int,
    cap_pence: Fraction,
    times: Number = 1,
    weeks_a_year: Number | None = None,
    uncapped: bool = False,
) -> int:
    """An employer's own redundancy pay, pence: times × weeks × a week's pay, never below the statutory; nothing below two years.

    Weeks: the statutory ones, or `weeks_a_year` for each whole year of service, all of them; a week's pay up to the cap or `uncapped`.
    """
    least = capped_redundancy_pay(age, years, weekly_pay_pence, cap_pence)
    if years < QUALIFYING_YEARS:
        return least
    weeks = redundancy_weeks(age, years) if weeks_a_year is None else exact(weeks_a_year) * years
    week = Fraction(weekly_pay_pence) if uncapped else min(Fraction(weekly_pay_pence), cap_pence)
    return max(least, whole_pence(exact(times) * weeks * week))


def redundancy_by_service(
    age: int,
    years: int,
    weekly_pay_pence: Fraction,
    cap_pence: Fraction,
    times: Number = 1,
    weeks_a_year: Number | None = None,
    uncapped: bool = False,
) -> list[int]:
    """`enhanced_redundancy_pay` of a head of this age for 0, 1, … years − 1 complete years of service, in whole numbers: quick."""
    capped = min(weekly_pay_pence, cap_pence)
    week = weekly_pay_pence if uncapped else capped
    by_year = None if weeks_a_year is None else exact(weeks_a_year)
    factor = exact(times) * week * (by_year if by_year is not None else Fraction(1, 2))
    found = []
    for y in range(years):
        if y < QUALIFYING_YEARS:
            found.append(0)
            continue
        halves = _half_weeks(age, y)
        n, d = halves * capped.numerator, 2 * capped.denominator
        own, own_d = (halves if by_year is None else y) * factor.numerator, factor.denominator
        found.append(max((2 * n + d) // (2 * d), (2 * own + own_d) // (2 * own_d)))
    return found


@lru_cache(maxsize=4096)
def _half_weeks(age: int, years: int) -> int:
    return int(2 * redundancy_weeks(age, years))


def statutory_notice_weeks(months_of_service: int) -> int:
    """Least weeks of notice from an employer: none in the first month, 1 below two years, then 1 a complete year.

    At most 12. Source: Employment Rights Act 1996, s. 86.
    """
    if months_of_service < 1:
        return 0
    return min(12, max(1, months_of_service // 12))


def notice_months(weeks: Number) -> int:
    """Whole months that hold w weeks of notice: ⌈12w/52⌉."""
    return -(-12 * exact(weeks) // 52)


def consultation_days(heads: int, on: Month, nation: str = "England", as_of: Month | None = None) -> int:
    """Days of collective consultation before the first dismissal takes effect: of 20 heads, of 100; below 20 none.

    Heads dismissed at one establishment within 90 days. Source: Trade Union and Labour Relations (Consolidation) Act 1992, s. 188.
    """
    if heads < CONSULTED[0]:
        return 0
    return int(rate(f"consultation_days_{CONSULTED[heads >= CONSULTED[1]]}", on, nation, as_of).number)


def consultation_months(heads: int, on: Month, nation: str = "England", as_of: Month | None = None) -> int:
    """Whole months of collective consultation before the first notice: 30 days 1, 45 days 2, 90 days 3. See `consultation_days`."""
    return -(-consultation_days(heads, on, nation, as_of) // 30)


def minimum_yearly_pay(hours_per_week: Number, on: Month, nation: str = "England", as_of: Month | None = None) -> int:
    """The least a year's pay may be, pence: National Living Wage × hours × 52."""
    return yearly_pay_at(rate("national_living_wage", on, nation, as_of).number, hours_per_week)


def yearly_pay_at(pounds_an_hour: Fraction, hours_per_week: Number) -> int:
    """A year's pay at an hourly wage, pence: wage × hours × 52."""
    return whole_pence(100 * pounds_an_hour * exact(hours_per_week) * 52)
