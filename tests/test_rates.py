"""Statutory figures: each has its date, unit and source; changes fall on the right month."""

import tomllib
from datetime import date
from fractions import Fraction

import pytest

from resilience.horizon import Month, parse_month
from resilience.rates import DATA, NATIONS, names, rate

FILE = tomllib.loads(DATA.read_text("utf-8"))


def value(name, month, nation="England", as_of=None):
    return rate(name, parse_month(month), nation, as_of and parse_month(as_of)).value


@pytest.mark.parametrize(
    ("name", "before", "old", "after", "new"),
    [
        ("employer_nic_rate", "2022-03", "0.138", "2022-04", "0.1505"),
        ("employer_nic_rate", "2022-10", "0.1505", "2022-11", "0.138"),
        ("employer_nic_rate", "2025-03", "0.138", "2025-04", "0.15"),
        ("secondary_threshold", "2021-03", "8788", "2021-04", "8840"),
        ("secondary_threshold", "2022-03", "8840", "2022-04", "9100"),
        ("secondary_threshold", "2025-03", "9100", "2025-04", "5000"),
        ("employment_allowance", "2022-03", "4000", "2022-04", "5000"),
        ("employment_allowance", "2025-03", "5000", "2025-04", "10500"),
        ("qualifying_earnings_upper", "2021-03", "50000", "2021-04", "50270"),
        ("national_living_wage", "2021-03", "8.72", "2021-04", "8.91"),
        ("national_living_wage", "2022-03", "8.91", "2022-04", "9.50"),
        ("national_living_wage", "2023-03", "9.50", "2023-04", "10.42"),
        ("national_living_wage", "2024-03", "10.42", "2024-04", "11.44"),
        ("national_living_wage", "2025-03", "11.44", "2025-04", "12.21"),
        ("national_living_wage", "2026-03", "12.21", "2026-04", "12.71"),
        ("redundancy_weekly_cap", "2013-01", "430", "2013-02", "450"),
        ("redundancy_weekly_cap", "2014-03", "450", "2014-04", "464"),
        ("redundancy_weekly_cap", "2015-03", "464", "2015-04", "475"),
        ("redundancy_weekly_cap", "2016-03", "475", "2016-04", "479"),
        ("redundancy_weekly_cap", "2017-03", "479", "2017-04", "489"),
        ("redundancy_weekly_cap", "2018-03", "489", "2018-04", "508"),
        ("redundancy_weekly_cap", "2019-03", "508", "2019-04", "525"),
        ("redundancy_weekly_cap", "2020-03", "525", "2020-04", "538"),
        ("redundancy_weekly_cap", "2021-03", "538", "2021-04", "544"),
        ("redundancy_weekly_cap", "2022-03", "544", "2022-04", "571"),
        ("redundancy_weekly_cap", "2023-03", "571", "2023-04", "643"),
        ("redundancy_weekly_cap", "2024-03", "643", "2024-04", "700"),
        ("redundancy_weekly_cap", "2025-03", "700", "2025-04", "719"),
        ("redundancy_weekly_cap", "2026-03", "719", "2026-04", "751"),
        ("cpi_growth", "2024-12", "0.0253", "2025-01", "0.0345"),
        ("cpi_growth", "2026-12", "0.0248", "2027-01", "0.0202"),
        ("average_earnings_growth", "2025-12", "0.053", "2026-01", "0.034"),
        ("average_earnings_growth", "2029-12", "0.022", "2030-01", "0.024"),
        ("deductions_share", "2025-03", "0.288", "2025-04", "0.306"),
        ("bank_rate", "2025-01", "0.0475", "2025-02", "0.045"),
        ("bank_rate", "2025-04", "0.045", "2025-05", "0.0425"),
        ("bank_rate", "2025-07", "0.0425", "2025-08", "0.04"),
        ("bank_rate", "2025-11", "0.04", "2025-12", "0.0375"),
        ("real_living_wage", "2024-03", "10.90", "2024-04", "12.00"),
        ("real_living_wage", "2025-03", "12.00", "2025-04", "12.60"),
        ("real_living_wage", "2026-03", "12.60", "2026-04", "13.45"),
        ("london_living_wage", "2024-03", "11.95", "2024-04", "13.15"),
        ("london_living_wage", "2025-03", "13.15", "2025-04", "13.85"),
        ("london_living_wage", "2026-03", "13.85", "2026-04", "14.80"),
    ],
)
def test_the_month_before_a_change_and_the_month_of_it(name, before, old, after, new):
    assert parse_month(after) - parse_month(before) == 1
    assert (value(name, before), value(name, after)) == (Fraction(old), Fraction(new))


@pytest.mark.parametrize(("year", "gb", "ni"), [(2023, 643, 669), (2024, 700, 729), (2025, 719, 749), (2026, 751, 783)])
def test_northern_ireland_has_its_own_weekly_cap_and_nothing_else_differs(year, gb, ni):
    for month in (Month(year, 4), Month(year + 1, 3)):
        assert [rate("redundancy_weekly_cap", month, n).value for n in NATIONS] == [gb, gb, gb, ni]
        assert len({rate("employer_nic_rate", month, n) for n in NATIONS}) == 1


@pytest.mark.parametrize(
    ("nation", "maxima"),
    [
        (
            "Scotland",
            "2012 12900 2013 13500 2014 13920 2015 14250 2016 14370 2017 14670 2018 15240 2019 15750 2020 16140",
        ),
        ("Wales", "2021 16320 2022 17130 2023 19290 2024 21000 2025 21570 2026 22530"),
        ("Northern Ireland", "2019 16410 2020 16800 2021 16980 2022 17820 2023 20070 2024 21870 2025 22470 2026 23490"),
    ],
)
def test_thirty_weeks_at_the_cap_are_the_published_maximum(nation, maxima):
    figures = list(map(int, maxima.split()))
    for year, most in zip(figures[::2], figures[1::2], strict=True):
        assert 30 * rate("redundancy_weekly_cap", Month(year, 6), nation).value == most


def test_figures_that_stand_until_changed():
    assert value("vat_standard_rate", "2026-04") == Fraction(1, 5)
    assert value("statutory_holiday_weeks", "2026-04") == Fraction(28, 5)
    assert value("pension_minimum_rate", "2026-04") == Fraction(3, 100)
    # 12.07 % = 5.6 weeks ÷ (52 − 5.6) weeks
    assert round(Fraction(56, 464), 4) == value("irregular_holiday_share", "2026-04")
    assert not rate("vat_standard_rate", Month(2099, 1)).held


def test_the_share_of_deductions_is_that_of_30000_pounds():
    """(tax + employee NIC + employer NIC + 8 % pension) ÷ (pay + employer NIC + employer pension), at £30,000."""
    pay, pension, employer_pension = 30_000, 0.08 * (30_000 - 6_240), 0.03 * (30_000 - 6_240)
    tax, employee = 0.2 * (30_000 - 12_570), 0.08 * (30_000 - 12_570)
    for month, employer in (("2024-04", 0.138 * (30_000 - 9_100)), ("2025-04", 0.15 * (30_000 - 5_000))):
        share = (tax + employee + employer + pension) / (pay + employer + employer_pension)
        assert float(value("deductions_share", month)) == pytest.approx(share, abs=0.0005)
    assert (tax + employee + 3_750 + pension) / 12 == pytest.approx(877.60)  # the published month, of £2,871.90
    assert (pay + 3_750 + employer_pension) / 12 == pytest.approx(2_871.90)
    # 2020/21: allowance 12,500, employee threshold 9,500; 2021/22: 12,570 and 9,568
    for month, free, start, threshold in (("2020-04", 12_500, 9_500, 8_788), ("2021-04", 12_570, 9_568, 8_840)):
        employer = 0.138 * (pay - threshold)
        share = (0.2 * (pay - free) + 0.12 * (pay - start) + employer + pension) / (pay + employer + employer_pension)
        assert float(value("deductions_share", month)) == pytest.approx(share, abs=0.0005)
    # 2022/23, rates of the whole year: 12.73 % above 11,908 and 14.53 %; 2023/24: 12 % for nine months, 10 % for three
    for month, employee, employer in (
        ("2022-04", 0.1273 * (pay - 11_908), 0.1453 * (pay - 9_100)),
        ("2023-04", 0.115 * (pay - 12_570), 0.138 * (pay - 9_100)),
    ):
        share = (tax + employee + employer + pension) / (pay + employer + employer_pension)
        assert float(value("deductions_share", month)) == pytest.approx(share, abs=0.0005)


def test_bank_rate_at_the_ends_of_years_is_that_of_the_published_table():
    """focus-economics.com, per cent at the end of 2020 to 2024; before that 0.75 and 0.50 (2018, 2017), 0.25 (2016), 0.50."""
    published = {2020: "0.10", 2021: "0.25", 2022: "3.50", 2023: "5.25", 2024: "4.75"}
    published |= {2010: "0.50", 2015: "0.50", 2016: "0.25", 2017: "0.50", 2018: "0.75", 2019: "0.75"}
    for year, percent in published.items():
        assert value("bank_rate", f"{year}-12") == Fraction(percent) / 100
    assert rate("bank_rate", Month(2026, 3)).held and not rate("bank_rate", Month(2026, 2)).held


def test_the_limit_of_the_allowance_is_gone_since_april_2025():
    assert value("employment_allowance_bill_limit", "2025-03") == 100_000
    gone = rate("employment_allowance_bill_limit", Month(2025, 4))
    assert gone.value is None
    with pytest.raises(LookupError, match="there is none from 2025-04-06"):
        gone.number  # noqa: B018


def test_values_are_exact():
    assert value("employer_nic_rate", "2024-04") == Fraction(138, 1000)  # the float 0.138 is not
    assert rate("national_living_wage", Month(2026, 4)).pence == 1271


def test_before_the_first_entry_the_answer_is_a_refusal():
    with pytest.raises(LookupError) as caught:
        rate("employer_nic_rate", Month(2020, 3))
    assert str(caught.value) == (
        "employer_nic_rate is not known for March 2020 in England; the first figure is of April 2020"
    )
    with pytest.raises(LookupError, match="in Northern Ireland; the first figure is of April 2019"):
        rate("redundancy_weekly_cap", Month(2019, 3), "Northern Ireland")


def test_unknown_names_and_nations_are_refused_with_a_guess():
    with pytest.raises(LookupError, match='employer_nic is not a statutory figure; did you mean "employer_nic_rate"'):
        rate("employer_nic", Month(2026, 4))
    with pytest.raises(LookupError, match='Northern Irland is not a nation; did you mean "Northern Ireland"'):
        rate("vat_standard_rate", Month(2026, 4), "Northern Irland")


def test_after_the_last_entry_the_last_is_held_and_says_so():
    assert not rate("national_living_wage", Month(2027, 3)).held
    held = rate("national_living_wage", Month(2027, 4))
    assert (held.value, held.from_date, held.held) == (Fraction("12.71"), date(2026, 4, 1), True)
    assert not rate("secondary_threshold", Month(2031, 3)).held  # kept at £5,000 until April 2031
    assert rate("secondary_threshold", Month(2031, 4)).held
    assert rate("cpi_growth", Month(2031, 1)).value == Fraction("0.02")


def test_law_frozen_as_of_a_month():
    frozen = rate("employer_nic_rate", Month(2026, 4), as_of=Month(2025, 3))
    assert (frozen.value, frozen.held) == (Fraction("0.138"), True)
    known = rate("employer_nic_rate", Month(2026, 4), as_of=Month(2025, 4))
    assert (known.value, known.held) == (Fraction("0.15"), False)
    assert not rate("employer_nic_rate", Month(2021, 4), as_of=Month(2020, 4)).held  # no change came between
    with pytest.raises(LookupError, match="in the law of March 2020"):
        rate("employer_nic_rate", Month(2026, 4), as_of=Month(2020, 3))


# ---- the published counter-examples


def test_2025_26_is_not_13_8_percent_above_9100_as_one_web_table_prints():
    assert value("employer_nic_rate", "2025-04") != Fraction("0.138")
    assert value("secondary_threshold", "2025-04") != 9_100


# ---- every row of the file


@pytest.mark.parametrize("name", names())
def test_every_row_has_date_unit_and_source_in_order(name):
    table = FILE["rates"][name]
    assert table["unit"]
    assert set(table) <= {"unit", "known_to", "rows"}
    for nation in {row.get("nation", "UK") for row in table["rows"]}:
        assert nation in ("UK", "GB", *NATIONS)
        days = [row["from"] for row in table["rows"] if row.get("nation", "UK") == nation]
        assert days == sorted(set(days))
        assert all(type(day) is date for day in days)
    for row in table["rows"]:
        assert set(row) <= {"nation", "from", "value", "source"}
        assert FILE["sources"][row["source"]]
        assert row["value"] == "none" or row["value"] >= 0
    assert table.get("known_to", date.max) > table["rows"][-1]["from"]


def test_every_source_is_used_and_says_whether_it_was_seen():
    used = {row["source"] for table in FILE["rates"].values() for row in table["rows"]}
    assert used == set(FILE["sources"])
    assert all("seen" in text or "computed" in text for text in FILE["sources"].values())


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("nation", NATIONS)
def test_every_figure_can_be_looked_up_for_every_nation(name, nation):
    found = rate(name, Month(2026, 4), nation)
    assert found.unit
    assert found.source
    assert found.from_date <= date(2026, 4, 30)
