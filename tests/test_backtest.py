"""Held against reality once: the nursery opened at 31 July 2020 with what was known then, and what was filed later.

`python -m pytest tests/test_backtest.py -s` prints the table of docs/backtest.md. One organisation can neither confirm
nor refute a model: the tests ask only that it runs and that the ranks are computed.
"""

from __future__ import annotations

import copy
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from resilience import Projection, project, read_organisation
from resilience.organisation_file import organisation_from

FILE = Path(__file__).parent / "backtest" / "nursery_2020.toml"
FILED = {"2021-07": 38_141, "2022-07": 12_910}  # all funds, all unrestricted; filed accounts of the two years
MONTHS, PATHS, SEED = 24, 10_000, 1
LEVELS = (0.05, 0.25, 0.50, 0.75, 0.95)


def as_written(raw: dict[str, Any]) -> None:
    """The file as it stands: income is forecast at the last year known."""


def mean_of_two_years(raw: dict[str, Any]) -> None:
    """Income forecast at the geometric mean of the two years known, with the same width: the other plain choice."""
    for stream, two in (("early_years_funding", (87_887, 72_173)), ("parent_fees", (38_974, 35_716))):
        factor = math.sqrt(two[0] * two[1]) / two[1]
        held = raw["streams"][stream]["yearly"]
        raw["streams"][stream]["yearly"] = {key: round(amount * factor) for key, amount in held.items()}


@cache
def played(choice: Any) -> Projection:
    raw = copy.deepcopy(read_organisation(FILE).raw)
    choice(raw)
    organisation = organisation_from(raw, str(FILE))
    return project(organisation, paths=PATHS, months=MONTHS, seed=SEED)


def reserves(projection: Projection, month: str) -> np.ndarray:
    """Free reserves at a month-end by path, pounds; a path that has run out of cash ranks below all others."""
    t = projection.months.index(month)
    ended = (projection.paths["end"] >= 0) & (projection.paths["end"] <= t)
    return np.where(ended, -np.inf, projection.played.money["free_reserves"][t] / 100)


def rank(values: np.ndarray, actual: float) -> float:
    """Percentile rank: share of paths below the actual figure, paths level with it counted half."""
    return float((values < actual).mean() + (values == actual).mean() / 2)


def row(choice: Any, month: str) -> str:
    values = np.sort(reserves(played(choice), month))
    at = [values[math.ceil(q * PATHS) - 1] for q in LEVELS]
    said = " | ".join("out of cash" if x == -np.inf else f"{x:,.0f}" for x in at)
    ended = np.isinf(values).mean()
    return f"| {month} | {said} | {ended:.1%} | {FILED[month]:,} | {100 * rank(values, FILED[month]):.0f} |"


def table() -> str:
    """Projected range of free reserves beside what was filed, in pounds."""
    head = "| month-end | " + " | ".join(f"{q:.0%}" for q in LEVELS) + " | out of cash | filed | percentile rank |"
    lines = [head, "|---" * (head.count("|") - 1) + "|"]
    for choice, title in ((as_written, "last year known"), (mean_of_two_years, "mean of the two years known")):
        lines += [f"| *{title}* |" + " |" * (len(LEVELS) + 3), *(row(choice, month) for month in FILED)]
    return "\n".join(lines)


def test_the_reserves_filed_later_have_a_rank_in_the_projected_range() -> None:
    print("\n" + table())
    for choice in (as_written, mean_of_two_years):
        for month, actual in FILED.items():
            values = reserves(played(choice), month)
            assert values.shape == (PATHS,) and 0 <= rank(values, actual) <= 1


def test_it_opens_with_what_was_filed_for_july_2020() -> None:
    opening = played(as_written).manifest["opening"]
    assert opening["free_reserves"] == opening["unrestricted_funds"] == 41_250
    assert opening["restricted"] == 0


def test_without_chance_the_first_year_is_the_last_one_known() -> None:
    """Income 107,894 less 5 of interest; spending 118,674 but for pay and prices that rise in April: within 1 %."""
    year = project(read_organisation(FILE), months=12, chance=False)
    assert abs(year.measure("income").mean.sum() - 107_889) <= 1
    assert abs(year.measure("spending").mean.sum() / 118_674 - 1) < 0.01


def test_a_rank_counts_what_lies_below() -> None:
    values = np.array([-np.inf, 1.0, 2.0, 2.0])
    assert [rank(values, x) for x in (-5.0, 2.0, 9.0)] == [0.25, 0.75, 1.0]
