"""Months, their years, and the index of a month."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.horizon import Horizon, Month, parse_month

MONTHS = st.builds(Month, st.integers(1950, 2150), st.integers(1, 12))


def test_a_month_is_written_and_said():
    april = parse_month("2026-04")
    assert april == Month(2026, 4)
    assert (str(april), april.words) == ("2026-04", "April 2026")
    assert parse_month(april) is april


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("April 2026", "write it as 2026-04"),
        ("sept 2027", "write it as 2027-09"),
        ("04/2026", "write it as 2026-04"),
        ("2026-4", "write it as 2026-04"),
        ("2027/11", "write it as 2027-11"),
        ("2026-13", "write it as 2026-04"),
        ("1066-10", "write it as 2026-04"),
        ("04-26", "write it as 2026-04"),
        ("May", "write it as 2026-04"),
        ("", "write it as 2026-04"),
        ("２０２６-04", "write it as 2026-04"),
        ("x" * 1000, "write it as 2026-04"),
        (2026.04, "write it as 2026-04"),
        (None, "write it as 2026-04"),
        (datetime.date(2027, 1, 6), 'write it as "2027-01", in quotes'),
    ],
)
def test_what_is_no_month_is_refused_with_the_fix(text, fix):
    with pytest.raises(ValueError, match=r"is not a month|is a day, not a month") as caught:
        parse_month(text)
    assert str(caught.value).endswith(f"; {fix}")


def test_months_count():
    assert Month(2026, 11) + 3 == Month(2027, 2)
    assert Month(2026, 1) - 1 == Month(2025, 12)
    assert Month(2027, 2) - Month(2026, 11) == 3
    assert sorted([Month(2027, 1), Month(2026, 12), Month(2026, 2)])[0] == Month(2026, 2)


@given(MONTHS, st.integers(-500, 500))
def test_adding_and_subtracting_undo_each_other(month, n):
    assert (month + n) - month == n
    assert (month + n) - n == month
    assert parse_month(str(month)) == month
    assert (month < month + n) == (n > 0)


def test_the_funders_year_runs_april_to_march():
    numbers = {1: 10, 2: 11, 3: 12, 4: 1, 5: 2, 6: 3, 7: 4, 8: 5, 9: 6, 10: 7, 11: 8, 12: 9}
    assert {m: Month(2026, m).funders_month for m in range(1, 13)} == numbers


def test_the_tax_year_begins_with_the_april_payroll():
    assert (Month(2026, 3).tax_year, Month(2026, 3).tax_year_start) == ("2025/26", Month(2025, 4))
    assert (Month(2026, 4).tax_year, Month(2026, 4).tax_year_start) == ("2026/27", Month(2026, 4))
    assert Month(2100, 3).tax_year == "2099/00"


def test_the_horizon_labels_its_months():
    horizon = Horizon(Month(2026, 11), 4)
    assert horizon.labels() == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert [horizon.index(m) for m in horizon] == [0, 1, 2, 3]
    assert horizon.month(3) == Month(2027, 2)


def test_beyond_the_horizon_is_said_and_never_wrapped_round():
    horizon = Horizon(Month(2026, 11), 4)
    for outside in (Month(2026, 10), Month(2027, 3)):
        assert outside not in horizon
        with pytest.raises(IndexError, match="is not in the horizon of 4 months from 2026-11"):
            horizon.index(outside)
    for index in (-1, 4):
        with pytest.raises(IndexError):
            horizon.month(index)


@pytest.mark.parametrize(
    ("first", "april"), [("2026-03", "2026-04"), ("2026-04", "2027-04"), ("2026-05", "2027-04"), ("2026-12", "2027-04")]
)
def test_the_next_april_is_strictly_after_the_first_month(first, april):
    assert Horizon(parse_month(first), 60).next_april() == parse_month(april)


def test_year_ends():
    horizon = Horizon(Month(2026, 3), 26)  # March 2026 is 0, March 2027 is 12, March 2028 is 24; December 2026 is 9
    assert horizon.year_ends(3) == [0, 12, 24]
    assert horizon.year_ends(12) == [9, 21]
    with pytest.raises(ValueError, match="1 to 12"):
        horizon.year_ends(13)


def test_a_horizon_has_a_month_and_an_end_in_the_calendar():
    for months in (0, -3):
        with pytest.raises(ValueError, match="write 1 or more"):
            Horizon(Month(2026, 4), months)
    with pytest.raises(ValueError, match="is not a month from 1900-01 to 2199-12"):
        Horizon(Month(2199, 1), 13)
