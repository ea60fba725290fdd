"""The law of pay, against published vectors and the arithmetic that they state."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.employment import (
    consultation_days,
    consultation_months,
    enhanced_redundancy_pay,
    minimum_yearly_pay,
    monthly_part,
    notice_months,
    redundancy_by_service,
    redundancy_pay,
    redundancy_weeks,
    statutory_notice_weeks,
    whole_pence,
    yearly_nic,
    yearly_pension,
)
from resilience.horizon import Month
from resilience.rates import rate

APRIL = {year: Month(year, 4) for year in range(2012, 2028)}

# salary, NIC 2024/25, NIC 2025/26 and 2026/27, pension 3 %, gross cost from 2025/26: computed on the published rates;
# £20,000 and the rises are confirmed by taxaccountant.co.uk and ukcalculator.com
ON_COSTS = """
12000     400.20  1050.00   172.80 13222.80
20000    1504.20  2250.00   412.80 22662.80
24784.50 2164.46  2967.675  556.335 28308.51
25000    2194.20  3000.00   562.80 28562.80
28000    2608.20  3450.00   652.80 32102.80
30000    2884.20  3750.00   712.80 34462.80
35000    3574.20  4500.00   862.80 40362.80
40000    4264.20  5250.00  1012.80 46262.80
50000    5644.20  6750.00  1312.80 58062.80
60000    7024.20  8250.00  1320.90 69570.90
75000    9094.20 10500.00  1320.90 86820.90
"""


@pytest.mark.parametrize("row", ON_COSTS.split("\n")[1:-1])
def test_yearly_on_costs(row):
    salary, nic_2024, nic_2025, pension, gross = (100 * Fraction(figure) for figure in row.split())
    pay = int(salary)
    assert abs(yearly_nic(pay, Month(2025, 3)) - nic_2024) <= Fraction(1, 2)  # the vector of £24,784.50 is rounded
    for month in (Month(2025, 4), Month(2026, 3), Month(2026, 4)):
        assert yearly_nic(pay, month) == nic_2025
        assert yearly_pension(pay, 0.03, month) == pension
        assert pay + yearly_nic(pay, month) + yearly_pension(pay, 0.03, month) == pytest.approx(float(gross), abs=1)


def test_nic_around_the_change_of_november_2022():
    # £30,000: 15.05 % × 20,900 = 3,145.45, then 13.8 % × 20,900 = 2,884.20
    assert yearly_nic(3_000_000, Month(2022, 10)) == 314_545
    assert yearly_nic(3_000_000, Month(2022, 11)) == 288_420


def test_no_nic_and_no_pension_below_the_thresholds():
    assert yearly_nic(500_000, Month(2026, 4)) == 0
    assert yearly_nic(500_100, Month(2026, 4)) == 15  # 15 % of a pound
    assert yearly_pension(624_000, 0.03, Month(2026, 4)) == 0
    # £8,000 is below the trigger of £10,000, but a member's band earnings are paid on: 3 % × 1,760
    assert yearly_pension(800_000, 0.03, Month(2026, 4)) == 5_280


def test_the_pension_rate_is_taken_as_written():
    assert yearly_pension(1_624_000, 0.07, Month(2026, 4)) == 70_000  # 7 % of £10,000, with no float in it


def test_law_can_be_frozen():
    assert yearly_nic(3_000_000, Month(2026, 4), as_of=Month(2025, 3)) == 288_420


@given(st.fractions(0, 10**9))
def test_twelve_parts_sum_to_the_year(yearly):
    parts = [monthly_part(yearly, m) for m in range(1, 13)]
    assert sum(parts) == whole_pence(yearly)
    assert max(parts) - min(parts) <= 1


def test_monthly_parts_by_hand():
    # 100 pence: 8.33 16.67 25 33.33 41.67 50 … cumulated and rounded: 8 17 25 33 42 50 …
    assert [monthly_part(100, m) for m in range(1, 13)] == [8, 9, 8, 8, 9, 8, 8, 9, 8, 8, 9, 8]
    # 6 pence: ½ 1 1½ 2 …: halves away from zero, so 1 1 2 2 3 3 4 4 5 5 6 6
    assert [monthly_part(6, m) for m in range(1, 13)] == [1, 0] * 6
    assert [monthly_part(-6, m) for m in range(1, 13)] == [-1, 0] * 6
    for m in (0, 13):
        with pytest.raises(ValueError, match=r"1 \(April\) to 12 \(March\)"):
            monthly_part(100, m)


@pytest.mark.parametrize(
    ("pence", "whole"),
    [("0.5", 1), ("-0.5", -1), ("0.49", 0), ("-0.49", 0), ("1.5", 2), ("2.5", 3), ("-2.5", -3), ("7", 7)],
)
def test_halves_go_away_from_zero(pence, whole):
    assert whole_pence(Fraction(pence)) == whole


# ---- redundancy


# alphagov/smart-answers test/unit/calculators/redundancy_calculator_test.rb, commit 4bf31b9: cap, age, years, week, pay
OFFICIAL = """
430 45 12  350 4900
430 42 22  500 8815
450 42 22  500 9225
430 41  4 1500 1720
430 42  4 1500 1935
430 18  3  500  645
450 18  3  500  675
430 26 11  250 1875
430 32 11  420 4410
450 32 11  460 4725
430 34 15  386 5211
430 40 20  401 7619
430 48 14  381 6667.50
"""
CAP_MONTH = {430: Month(2012, 6), 450: Month(2013, 6), 544: Month(2021, 6)}


@pytest.mark.parametrize("row", OFFICIAL.split("\n")[1:-1])
def test_official_redundancy_vectors(row):
    cap, age, years, week, pay = row.split()
    on = CAP_MONTH[int(cap)]
    assert redundancy_pay(int(age), int(years), 100 * int(week), on) == 100 * Fraction(pay)


@pytest.mark.parametrize(("age", "years", "weeks"), [(18, 3, 1.5), (26, 11, 7.5), (32, 11, 10.5), (34, 15, 13.5)])
def test_official_weeks(age, years, weeks):
    assert redundancy_weeks(age, years) == Fraction(weeks)


# age, service, week, weeks, then pay under the caps of 2023/24, 2024/25, 2025/26 and 2026/27
CURRENT = """
17  2  150  1.0   150.00   150.00   150.00   150.00
21  3  400  1.5   600.00   600.00   600.00   600.00
22  4  480  2.0   960.00   960.00   960.00   960.00
23  2  480  1.5   720.00   720.00   720.00   720.00
24  2  480  2.0   960.00   960.00   960.00   960.00
30  1  600  0        0        0        0        0
30  2  600  2.0  1200.00  1200.00  1200.00  1200.00
35 10  720 10.0  6430.00  7000.00  7190.00  7200.00
41  5  600  5.0  3000.00  3000.00  3000.00  3000.00
42  5  600  5.5  3300.00  3300.00  3300.00  3300.00
42 22  500 20.5 10250.00 10250.00 10250.00 10250.00
44  8 1050  9.5  6108.50  6650.00  6830.50  7134.50
50 10  700 14.5  9323.50 10150.00 10150.00 10150.00
55 20  900 27.0 17361.00 18900.00 19413.00 20277.00
61 20 1200 30.0 19290.00 21000.00 21570.00 22530.00
61 25  760 30.0 19290.00 21000.00 21570.00 22530.00
65 35  500 30.0 15000.00 15000.00 15000.00 15000.00
"""


@pytest.mark.parametrize("row", CURRENT.split("\n")[1:-1])
def test_redundancy_under_the_last_four_caps(row):
    age, years, week, weeks, *pays = row.split()
    assert redundancy_weeks(int(age), int(years)) == Fraction(weeks)
    for year, pay in zip((2023, 2024, 2025, 2026), pays, strict=True):
        for on in (Month(year, 4), Month(year + 1, 3)):
            assert redundancy_pay(int(age), int(years), 100 * int(week), on) == 100 * Fraction(pay)


# the ready-reckoner of 2 December 2009 (BERR): age: weeks for service of 2, 3, 4 … years
READY_RECKONER = {
    17: "1",
    20: "1 1.5 2 2.5",
    22: "1 1.5 2 2.5 3 3.5",
    23: "1.5 2 2.5 3 3.5 4 4.5",
    24: "2 2.5 3 3.5 4 4.5 5 5.5",
    25: "2 3 3.5 4 4.5 5 5.5 6 6.5",
    30: "2 3 4 5 6 7 8 8.5 9 9.5 10 10.5 11 11.5",
    41: "2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 19.5",
}


@pytest.mark.parametrize("age", READY_RECKONER)
def test_the_official_ready_reckoner(age):
    for years, weeks in enumerate(READY_RECKONER[age].split(), start=2):
        assert redundancy_weeks(age, years) == Fraction(weeks)


def test_a_published_example():
    # questcover.com: age 25, 6 years, £700 a week, cap £544: 4.5 weeks, £2,448
    assert redundancy_pay(25, 6, 70_000, CAP_MONTH[544]) == 244_800


def test_counter_examples():
    # Ages count at the START of a year. By the age at its end (41 or more → 1½), 41 with 4 years would have 4½ weeks.
    assert redundancy_weeks(41, 4) == 4
    assert redundancy_weeks(42, 4) == Fraction(9, 2)
    # and 22 with 4 years would have a whole week in it
    assert redundancy_weeks(22, 4) == 2
    # fairworkhub.uk: at 44 no eight years lie above 41, so not 12 weeks and £9,012 but 3 × 1½ + 5 = 9½ weeks
    assert redundancy_pay(44, 8, 105_000, Month(2026, 4)) == Fraction(19, 2) * 75_100 == 713_450
    # the cap is that of the relevant date
    assert redundancy_pay(44, 8, 105_000, Month(2026, 3)) == Fraction(19, 2) * 71_900
    # and another in Northern Ireland
    assert redundancy_pay(44, 8, 105_000, Month(2026, 4), "Northern Ireland") == Fraction(19, 2) * 78_300


def test_a_week_of_a_year_is_a_52nd():
    # £30,000 ÷ 52 = 57,692.3… pence; 5 weeks = 288,461.5…
    assert redundancy_pay(35, 5, Fraction(3_000_000, 52), Month(2026, 4)) == 288_462


AGES, YEARS, WEEKS_PAY = st.integers(16, 80), st.integers(0, 45), st.integers(0, 200_000)


@given(AGES, YEARS, WEEKS_PAY)
def test_redundancy_never_falls_with_age_service_pay_or_cap(age, years, week):
    pay = redundancy_pay(age, years, week, Month(2025, 4))
    assert redundancy_pay(age + 1, years, week, Month(2025, 4)) >= pay
    assert redundancy_pay(age, years + 1, week, Month(2025, 4)) >= pay
    assert redundancy_pay(age, years, week + 1, Month(2025, 4)) >= pay
    assert redundancy_pay(age, years, week, Month(2026, 4)) >= pay
    assert pay <= 30 * 71_900


@given(AGES, st.integers(20, 45))
def test_years_beyond_twenty_do_not_count(age, years):
    assert redundancy_weeks(age, years) == redundancy_weeks(age, 20)


@given(AGES, st.integers(0, 1))
def test_nothing_below_two_years(age, years):
    assert redundancy_weeks(age, years) == 0


def test_numbers_below_nought_are_refused():
    for age, years in ((-1, 2), (40, -1)):
        with pytest.raises(ValueError, match="numbers of 0 or more"):
            redundancy_weeks(age, years)


# ---- notice, consultation, minimum wage


@pytest.mark.parametrize(
    ("months", "weeks"),
    [(0, 0), (1, 1), (23, 1), (24, 2), (35, 2), (36, 3), (60, 5), (143, 11), (144, 12), (300, 12)],
)
def test_statutory_notice(months, weeks):
    assert statutory_notice_weeks(months) == weeks


@pytest.mark.parametrize(
    ("weeks", "months"),  # ⌈12w/52⌉: 4 → 0.92, 5 → 1.15, 22 → 5.08, 13 → 3 exactly, 14 → 3.23
    [(0, 0), (1, 1), (4, 1), (5, 2), (8, 2), (9, 3), (12, 3), (13, 3), (14, 4), (22, 6), (26, 6), (4.5, 2), (52, 12)],
)
def test_notice_in_whole_months(weeks, months):
    assert notice_months(weeks) == months


@pytest.mark.parametrize(("heads", "months"), [(0, 0), (19, 0), (20, 1), (99, 1), (100, 2), (5000, 2)])
def test_consultation(heads, months):
    assert consultation_months(heads, Month(2026, 4)) == months


@pytest.mark.parametrize(
    ("heads", "on", "nation", "days"),
    [
        (99, Month(2013, 3), "England", 30),
        (100, Month(2013, 3), "England", 90),  # the month before 6 April 2013
        (100, Month(2013, 4), "England", 45),
        (100, Month(2026, 4), "Northern Ireland", 90),
        (20, Month(2026, 4), "Northern Ireland", 30),
        (19, Month(2013, 3), "England", 0),
    ],
)
def test_days_of_consultation(heads, on, nation, days):
    assert consultation_days(heads, on, nation) == days


def test_there_is_no_rule_before_the_first_date():
    with pytest.raises(LookupError):
        consultation_days(20, Month(1999, 10))


@pytest.mark.parametrize(
    ("months", "nation", "days"),
    [((2026, 3), "England", 90), ((2026, 4), "England", 180), ((2026, 4), "Northern Ireland", 90)],
)
def test_days_of_a_protective_award(months, nation, days):
    assert rate("protective_award_days", Month(*months), nation).number == days


@pytest.mark.parametrize(
    ("age", "years", "week", "more", "pounds"),
    [
        (40, 5, 500, {}, 2_500),  # five weeks
        (40, 5, 500, {"times": 2}, 5_000),
        (40, 5, 1_000, {}, 5 * 751),  # the cap of April 2026
        (40, 5, 1_000, {"uncapped": True}, 5_000),
        (40, 5, 500, {"weeks_a_year": 3}, 7_500),
        (40, 25, 500, {"weeks_a_year": 1}, 25 * 500),  # all years count, more than the statutory 19 weeks
        (
            60,
            20,
            500,
            {"weeks_a_year": 1},
            29.5 * 500,
        ),  # never below the statutory: 19 years at 1½ weeks from 41 on, one at 1
        (40, 1, 500, {"weeks_a_year": 3}, 0),  # nothing below two years
        (40, 5, 1_000, {"times": 1.5, "weeks_a_year": 2}, 1.5 * 10 * 751),
    ],
)
def test_redundancy_pay_beyond_the_statutory(age, years, week, more, pounds):
    assert enhanced_redundancy_pay(age, years, 100 * week, 751_00, **more) == 100 * pounds


@pytest.mark.parametrize(
    ("year", "pay"), [(2023, "20319.00"), (2024, "22308.00"), (2025, "23809.50"), (2026, "24784.50")]
)
def test_the_minimum_wage_full_time(year, pay):
    assert minimum_yearly_pay(37.5, APRIL[year]) == 100 * Fraction(pay)
    if year > 2023:
        assert minimum_yearly_pay(37.5, Month(year, 3)) < 100 * Fraction(pay)


@pytest.mark.parametrize("week", [Fraction(30_000_00, 52), Fraction(61_234_57, 52), Fraction(1, 52), Fraction(0)])
@pytest.mark.parametrize(
    "own", [(1, None, False), (1.5, None, False), (2, 2.5, False), (1.25, 3, True), (0, None, True)]
)
def test_redundancy_by_service_is_the_pay_year_by_year(week, own):
    for age in (18, 21, 22, 30, 40, 41, 45, 60, 72):
        by_year = redundancy_by_service(age, 45, week, Fraction(751_00), *own)
        assert by_year == [enhanced_redundancy_pay(age, y, week, Fraction(751_00), *own) for y in range(45)]
