"""Whole pence and exact fractions: the conventions of docs/model.md, section 1."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from resilience.horizon import Month

ONE, MILLION = Fraction(1), 1_000_000
NEVER = 10**6  # a month beyond every horizon


def rounded(x: Fraction) -> int:
    """Nearest whole, halves away from zero."""
    whole = (2 * abs(x.numerator) + x.denominator) // (2 * x.denominator)
    return whole if x >= 0 else -whole


def exactly(x: Any) -> Fraction:
    """The decimal that was written: 0.1 is one tenth."""
    return x if isinstance(x, Fraction) else Fraction(repr(x)) if isinstance(x, float) else Fraction(x)


def millionths(x: Fraction) -> Fraction:
    """Shares and rates are held to the millionth."""
    return Fraction(rounded(x * MILLION), MILLION)


def share(amount: int, rate: Fraction) -> int:
    """amount × rate, both from 0, to the nearest whole."""
    return (2 * amount * rate.numerator + rate.denominator) // (2 * rate.denominator)


def part(yearly: int | Fraction, month: Month) -> int:
    """The month's part of a yearly amount by cumulative rounding; m = 1 in April."""
    m = month.funders_month
    return rounded(Fraction(yearly) * m / 12) - rounded(Fraction(yearly) * (m - 1) / 12)


def chance_of_part(yearly: Fraction, part: Fraction) -> Fraction:
    """1 − (1 − q)^part: exact for part 0 and 1, else the nearest float as a fraction."""
    if part in (0, 1) or yearly in (0, 1):
        return yearly * part if part in (0, 1) else yearly
    return Fraction(1 - float(1 - yearly) ** float(part))
