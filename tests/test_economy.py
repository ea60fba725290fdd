"""The economy: one shared shift a path, dated changes in the file, promised wages, awards that settle late, interest, today's pounds.

Expected values are arithmetic written here; moments are integrals by Gauss and Hermite.
"""

import json
import math
import statistics
from fractions import Fraction

import numpy as np
import pytest
from click.testing import CliRunner
from quiet import QUIET

from resilience import compare, project
from resilience.cli import cli
from resilience.economy import economy_of
from resilience.errors import InputError
from resilience.exact import exact
from resilience.horizon import Horizon, Month
from resilience.organisation import Economy
from resilience.organisation_file import organisation_from
from resilience.rates import rate
from resilience.scenario import apply, scenario_from
from resilience.strategy import read_strategy
from resilience.variation import Variation

PATHS = 4_000
SURE = {"prices_doubt": 0, "earnings_doubt": 0, "bank_rate_doubt": 0}
HERMITE, WEIGHTS = np.polynomial.hermite_e.hermegauss(60)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def raw(economy=None, **tables):
    """A charity with plenty in the bank and nothing else; pay and lines are put in by the test."""
    found = {
        "name": "Economy", "first_month": "2026-04", "employment_allowance": False, "creditor_days": 0, "source": "made up",
        "reserves_policy": {"amount": 0}, "closing": {"holiday_weeks": 0}, "opening": {"bank": 5_000_000, "creditors": 0}, **QUIET,
        "economy": {"cpi": 0.02, "earnings": 0.03, **SURE, **(economy or {})},
    }  # fmt: skip
    for name, table in tables.items():
        found[name] = {**found.get(name, {}), **table} if isinstance(table, dict) else table
    return found


def charity(economy=None, **tables):
    return organisation_from(raw(economy, **tables), "x.toml")


def post(pay=30_000, heads=1, **more):
    return {"heads": heads, "pay": pay, "service": 0, "turnover": 0, "pension": 0.03, **more}


def hub(posts=None, costs=None):
    return {"posts": posts or {}, "costs": costs or {}}


def played(organisation, months=36, paths=1, **how):
    return project(organisation, months=months, paths=paths, seed=5, keep_paths=True, workers=1, **how)


def part(yearly, m):
    """Pence of month m of the funders' year; yearly pence may be a fraction."""
    return math.floor(yearly * m / 12 + 0.5) - math.floor(yearly * (m - 1) / 12 + 0.5)


def pinned(**us):
    """Shifts held at these uniforms."""
    return Variation(pinned={f"economy.{name}": u for name, u in us.items()})


def agrees(sample, mean, error):
    z = (np.mean(sample) - mean) / error
    assert abs(z) <= 4, f"{np.mean(sample):.2f}, exactly {mean:.2f}, z = {z:.2f}"


U = 0.8413447460685429  # the uniform of the normal 1


# ---- the shared shift


def everything(economy):
    costs = {
        "rent": {"yearly": 24_000},
        "fixed": {"yearly": 9_000, "grows": 0.01},
        "fuel": {"yearly": {"low": 900, "likely": 1_000, "high": 1_200}},
    }
    tied = {"kind": "giving", "yearly": 36_000, "cut": 0, "uplift": {"share_of_cpi": 0.5}}
    loans = {"van": {"balance": 20_000, "repayment": 5_000, "interest": {"over_bank_rate": 0.02}}}
    return charity(economy, hub=hub({"lead": post(), "part": post(4_900, 2)}, costs), streams={"gifts": tied}, loans=loans)  # fmt: skip


def test_without_doubt_every_path_has_the_central_economy():
    on = played(everything({}), paths=3)
    off = played(
        everything({"prices_doubt": 0.02, "earnings_doubt": 0.02, "bank_rate_doubt": 0.01}), paths=3, chance=False
    )
    for name in ("spending_pay", "income", "closing_liability"):  # the drawn line and its noise apart
        assert (on.accounts[name] == off.accounts[name][:, :1]).all(), name
    doubted = played(everything({"prices_doubt": 0.02, "earnings_doubt": 0.02, "bank_rate_doubt": 0.01}), paths=3)
    assert (
        doubted.accounts["spending_pay"][:12] == on.accounts["spending_pay"][:12]
    ).all()  # 2026: the first calendar year
    assert (doubted.accounts["spending_pay"][12:] != on.accounts["spending_pay"][12:]).any(axis=0).all()
    # prices of 2026 count in April 2027 and are not in doubt: income tied to them moves from April 2028 on
    assert (doubted.accounts["income"][:24] == on.accounts["income"][:24]).all()
    assert (doubted.accounts["income"][24:] != on.accounts["income"][24:]).any(axis=0).all()


def test_held_at_its_median_an_uncertain_economy_is_the_certain_one():
    doubted = everything({"prices_doubt": 0.02, "earnings_doubt": 0.02, "bank_rate_doubt": 0.01})
    held = played(doubted, paths=3, variation=pinned(prices=0.5, earnings=0.5, bank_rate=0.5))
    sure = played(everything({}), paths=3)
    for name, values in sure.accounts.items():
        assert (held.accounts[name] == values).all(), name
    off = Variation(off=frozenset({"economy.prices", "economy.earnings", "economy.bank_rate"}))
    assert (played(doubted, paths=3, variation=off).accounts["bank"] == sure.accounts["bank"]).all()


def test_pay_moves_with_the_earnings_of_the_path_as_by_hand():
    """Three heads at 30,000, earnings 3 % and one standard deviation of 1.5 points more from 2027 on.

    Central pay 30,900 and 31,827; rho = 1.045/1.03 and its square. Moving of a head: pay + 3 % of it (within the band) and 15 % NIC.
    """
    p = played(charity({"earnings_doubt": 0.015}, hub=hub({"a": post(heads=3)})), variation=pinned(earnings=U))
    for year, central in ((1, 30_900), (2, 31_827)):
        rho = (1.045 / 1.03) ** year
        for m in range(1, 13):
            pence = 100 * central
            nic, pension = 0.15 * (pence - 500_000), 0.03 * (pence - 624_000)
            table = 3 * (part(pence, m) + part(nic, m) + part(pension, m))
            more = 3 * part(pence * 1.03, m) * (rho - 1), 3 * part(pence * 0.15, m) * (rho - 1)
            expected = table + math.floor(more[0] + 0.5) + math.floor(more[1] + 0.5)
            assert p.accounts["spending_pay"][12 * year + m - 1, 0] == expected
        # the year against pay worked out for the path itself: 30,000 × 1.045^year, its NIC and pension; two roundings a month
        own = 30_000_00 * 1.045**year
        exactly = 3 * (own + 0.15 * (own - 5_000_00) + 0.03 * (own - 6_240_00))
        found = int(p.accounts["spending_pay"][12 * year : 12 * year + 12, 0].sum())
        assert abs(found - exactly) <= 12 * 2 * 0.5 + 3 * 3


def test_what_does_not_move_with_earnings_stays():
    """5,600 a year: above the NIC threshold, below the pension band; 60,000: above it; 4,900: below both."""
    hours = {"hours": 5}
    for pay, pension, nic in ((5_600, 0, 0.15), (60_000, 0, 0.15), (4_900, 0, 0)):
        more = hours if pay < 10_000 else {}
        organisation = charity(
            {"earnings": 0, "earnings_doubt": 0.02, "minimum_wage": {"from": "2027-04", "rise": 0}},
            hub=hub({"a": post(pay, 1, **more)}),
        )
        sure, p = (played(organisation, variation=pinned(earnings=u)) for u in (0.5, U))
        gap = p.accounts["spending_pay"][12:24, 0].sum() - sure.accounts["spending_pay"][12:24, 0].sum()
        assert abs(gap - 100 * pay * 0.02 * (1 + nic + pension)) <= 12


def test_mean_and_variance_of_a_line_in_the_third_year_are_exact():
    """A line of 120,000: year 3 costs 120,000 (1.02)(1.02 + s), s normal with sd 0.02 (prices of 2026 are certain).

    Mean 120,000 × 1.02², sd 120,000 × 1.02 × 0.02. Pay of 40,000 in year 3: 40,000 (1.03 + s)².
    """
    organisation = charity(
        {"prices_doubt": 0.02, "earnings_doubt": 0.02},
        hub=hub({"a": post(40_000, pension=0)}, {"rent": {"yearly": 120_000}}),
    )
    p = played(organisation, paths=PATHS)
    line = p.accounts["spending_non_pay"][24:36].sum(axis=0) / 100
    mean, sd = 120_000 * 1.02**2, 120_000 * 1.02 * 0.02
    agrees(line, mean, sd / math.sqrt(PATHS))
    agrees((line - mean) ** 2, sd**2, sd**2 * math.sqrt(2 / PATHS))  # the fourth central moment of a normal is 3 sd⁴
    pay = p.accounts["spending_pay"][24:36].sum(axis=0) / 100
    at = 40_000 * (1.03 + 0.02 * HERMITE) ** 2 * 1.15 - 0.15 * 5_000
    mean = float(WEIGHTS @ at)
    variance = float(WEIGHTS @ (at - mean) ** 2)
    fourth = float(WEIGHTS @ (at - mean) ** 4)
    agrees(pay, mean, math.sqrt(variance / PATHS))
    agrees((pay - mean) ** 2, variance, math.sqrt((fourth - variance**2) / PATHS))


@pytest.mark.parametrize("together", [0.0, 0.6, 1.0])
def test_pay_and_prices_move_together_as_the_file_says(together):
    organisation = charity(
        {"prices_doubt": 0.01, "earnings_doubt": 0.02, "together": together},
        hub=hub({"a": post(40_000, pension=0)}, {"rent": {"yearly": 120_000}}),
    )
    p = played(organisation, paths=PATHS, months=36)
    pay, line = (p.accounts[name][24:36].sum(axis=0) for name in ("spending_pay", "spending_non_pay"))
    # the shift in pay: 40,000 (1.03 + s)² × 1.15 less a constant, solved for s, is normal
    s = np.sqrt((pay / 100 + 0.15 * 5_000) / (40_000 * 1.15)) - 1.03
    found = float(np.corrcoef(s, line)[0, 1])
    if together == 1.0:
        assert found > 0.9999
    else:  # Fisher: atanh of a correlation of normals has standard error 1/√(n − 3)
        assert abs(math.atanh(found) - math.atanh(together)) * math.sqrt(PATHS - 3) <= 4


def test_a_source_of_its_own_leaves_the_draws_of_others_alone():
    gifts = {"kind": "giving", "yearly": 36_000, "cut": 0.4, "noise": {"sd": 0.2}}
    sure = played(charity(streams={"gifts": gifts}), paths=50)
    doubted = played(charity({"prices_doubt": 0.02}, streams={"gifts": gifts}), paths=50)
    assert (sure.accounts["income"] == doubted.accounts["income"]).all()


def test_a_line_with_its_own_growth_does_not_move_and_one_that_is_drawn_moves_alike():
    costs = {
        "plain": {"yearly": 24_000},
        "own": {"yearly": 24_000, "grows": 0.05},
        "drawn": {"yearly": 24_000, "noise": {"sd": 1e-9}},
    }
    each = {}
    for name, cost in costs.items():
        organisation = charity({"prices_doubt": 0.02}, hub=hub(costs={name: cost}))
        each[name] = [
            played(organisation, variation=pinned(prices=u)).accounts["spending_non_pay"][24:36, 0].sum()
            for u in (0.5, U)
        ]
    assert each["own"][0] == each["own"][1]
    expected = 24_000_00 * 1.02 * 1.04  # 1.02 + 0.02
    assert each["plain"][1] == pytest.approx(expected, abs=12)
    assert each["drawn"][1] == pytest.approx(expected, abs=12)


def test_a_share_of_prices_is_passed_on_path_by_path():
    """Half of CPI: 2 % central, 4 % on the path from 2027: 36,000 × 1.01 in 2027/28, × 1.02 in 2028/29."""
    tied = {"kind": "giving", "yearly": 36_000, "cut": 0, "uplift": {"share_of_cpi": 0.5}}
    p = played(charity({"prices_doubt": 0.02}, streams={"gifts": tied}), variation=pinned(prices=U))
    income = p.accounts["income"][:, 0]
    assert [int(income[12 * y : 12 * y + 12].sum()) for y in range(3)] == [36_000_00, 36_360_00, 37_087_20]


def test_what_leaving_costs_moves_with_pay():
    """Liability of one head at the end of March 2029, no redundancy yet: 2 weeks of notice with NIC and pension; × rho."""
    organisation = charity({"earnings_doubt": 0.02}, hub=hub({"a": post()}))
    sure, p = (played(organisation, variation=pinned(earnings=u)).accounts["closing_liability"] for u in (0.5, U))
    rho = np.array([1.0] * 12 + [1.05 / 1.03] * 12 + [(1.05 / 1.03) ** 2] * 12)
    assert (p[:, 0] == np.floor(sure[:, 0] * rho + 0.5)).all()


def test_management_forecasts_at_the_pay_of_the_path():
    """headroom − forecast is three months' pay and lines, income none."""
    p = played(charity({"earnings_doubt": 0.02}, hub=hub({"a": post()})), paths=4)
    a = p.accounts
    assert (a["headroom"] - a["forecast"] == 3 * a["spending_pay"])[1:].all()


def test_management_counts_arrears_that_are_due_within_three_months():
    """Settled in November (t = 19): in August to October 2027 (t = 16, 17, 18) the forecast is lower by what is owed by then."""
    a = played(late(), months=24).accounts
    counted = (a["headroom"] - a["forecast"] - 3 * a["spending_pay"])[:, 0]
    assert counted.tolist() == [112_60 * {16: 5, 17: 6, 18: 7}.get(t, 0) for t in range(24)]


def funded(economy):
    """A dock of one head with nine years' service, whose grant ends in March 2028 and is not renewed; no hub."""
    grant = {
        "kind": "trust",
        "form": "gift",
        "payment": "monthly",
        "yearly": 60_000,
        "until": "2028-03",
        "renewal": {"chance": 0, "told": 12},
    }
    team = {"funded_by": ["grant"], "posts": {"a": post(service=9, age=40)}, "costs": {"kit": {"yearly": 6_000}}}
    return charity(economy, streams={"grant": grant}, docks={"team": team})


def test_exit_pay_moves_with_earnings():
    """Notice is served in time and ends in March 2028, after one April in doubt: redundancy × 1.05/1.03."""
    how = {"strategy": read_strategy("hub and dock"), "months": 30}
    sure, p = (played(funded({"earnings_doubt": 0.02}), variation=pinned(earnings=u), **how) for u in (0.5, U))
    paid = np.flatnonzero(sure.accounts["spending_one_off"][:, 0])
    assert paid.tolist() == [23]
    assert p.accounts["spending_one_off"][23, 0] == math.floor(
        sure.accounts["spending_one_off"][23, 0] * 1.05 / 1.03 + 0.5
    )


def test_the_cost_of_late_decisions_and_the_hub_share_are_those_of_the_path():
    """Nobody decides: from April 2028 on all the dock costs is late. A hub alone is all of the spending."""
    p = played(funded({"earnings_doubt": 0.02, "prices_doubt": 0.02}), paths=5)
    late_cost = (p.accounts["spending_pay"] + p.accounts["spending_non_pay"])[24:].sum(axis=0)
    assert (np.abs(p.paths["late_cost"] - late_cost) <= 12).all() and len(
        set(late_cost)
    ) == 5  # pay and NIC rounded apart, or not
    p = played(charity({"earnings_doubt": 0.02}, hub=hub({"a": post()}, {"rent": {"yearly": 9_000}})), paths=5)
    assert p.accounts["hub_share"] == pytest.approx(np.ones((36, 5)), abs=1e-5)


# ---- default doubt


def five_year_means(name):
    return [
        statistics.mean(float(rate(name, Month(y, m)).number) for y in range(first, first + 5) for m in range(1, 13))
        for first in (2010, 2015, 2020)
    ]


def test_the_default_doubts_are_the_spread_of_five_year_means():
    economy = Economy.model_fields
    assert economy["prices_doubt"].default == round(statistics.stdev(five_year_means("cpi_growth")), 4) == 0.0147
    assert economy["bank_rate_doubt"].default == round(statistics.stdev(five_year_means("bank_rate")), 4) == 0.0106
    assert [round(100 * x, 2) for x in five_year_means("cpi_growth")] == [2.94, 1.54, 4.49]
    assert [round(100 * x, 2) for x in five_year_means("bank_rate")] == [0.50, 0.51, 2.34]
    assert economy["earnings_doubt"].default == 0.0147


# ---- dated changes in the file


def test_growth_by_year():
    """Earnings 6 % in 2027, else the dated 2.1 % of 2028; prices 10 % in 2027 count in April 2028, after 2.48 % of 2026."""
    one = raw(hub=hub({"a": post(40_000, pension=0)}, {"rent": {"yearly": 24_000}}))
    one["economy"] = {**SURE, "earnings": {"2027": 0.06}, "cpi": {"2027": 0.10}}
    a = played(organisation_from(one, "x.toml")).accounts
    pay = [int(a["spending_pay"][12 * y : 12 * y + 12, 0].sum()) for y in range(3)]
    yearly = [40_000_00, 42_400_00, 43_290_40]  # × 1.06, × 1.021
    assert pay == [round(y + 0.15 * (y - 5_000_00)) for y in yearly]
    lines = [int(a["spending_non_pay"][12 * y : 12 * y + 12, 0].sum()) for y in range(3)]
    assert lines == [24_000_00, 24_595_20, 27_054_72]  # × 1.0248, × 1.10


def test_a_rise_of_the_minimum_wage():
    """37.5 hours at the minimum wage, 12.71 × 37.5 × 52 = 24,784.50; in April 2027 it rises by 8 %, after that with earnings, 3 %.

    12.71 × 1.08 × 1950 = 26,767.26; × 1.03 = 27,570.2778. At 40,000 a year nothing binds.
    """
    change = {"minimum_wage": {"from": "2027-04", "rise": 0.08}}
    for pay, yearly in ((20_000, [24_784_50, 26_767_26, 27_570_28]), (40_000, [40_000_00, 41_200_00, 42_436_00])):
        a = played(charity(change, hub=hub({"a": post(pay, pension=0)}))).accounts
        found = [int(a["spending_pay"][12 * y : 12 * y + 12, 0].sum()) for y in range(3)]
        assert found == [math.floor(y + 0.15 * (y - 5_000_00) + 0.5) for y in yearly]


def test_a_rise_of_the_minimum_wage_holds_until_the_next_dated_one():
    """11.44 dated in 2024/25; 10 % more instead of the dated 12.21 in April 2025; 12.71 dated in 2026; then 3 % in 2027."""
    one = charity({"minimum_wage": {"from": "2025-04", "rise": 0.1}}, first_month="2024-10")
    wages = economy_of(one).minimum_wage(Horizon(one.first_month, 36))
    by_year = [Fraction("11.44")] * 6 + [Fraction("12.584")] * 12 + [Fraction("12.71")] * 12
    assert wages == [*by_year, *[Fraction("12.71") * Fraction("1.03")] * 6]


def test_a_rise_of_employer_nic():
    """17 % above 4,000 from October 2026: six months at (30,000 − 5,000) × 15 % / 12 = 312.50, then 26,000 × 17 % / 12 = 368.33…"""
    change = {"employer_nic": {"from": "2026-10", "rate": 0.17, "threshold": 4_000}, "earnings": 0}
    pay = played(charity(change, hub=hub({"a": post(pension=0)})), months=12).accounts["spending_pay"][:, 0] - 2_500_00
    assert pay[:6].tolist() == [312_50] * 6
    assert (
        pay[6:].tolist() == [part(442_000, m) for m in range(7, 13)] == [368_33, 368_34, 368_33, 368_33, 368_34, 368_33]
    )
    only = played(
        charity({"employer_nic": {"from": "2026-10", "rate": 0.20}}, hub=hub({"a": post(pension=0)})), months=12
    )
    assert only.accounts["spending_pay"][6, 0] - 2_500_00 == round(25_000_00 * 0.2 * 7 / 12) - 25_000_00 * 0.1  # 416.67


def test_a_scenario_changes_the_economy():
    base = charity(hub=hub({"a": post(pension=0)}))
    changes = [
        ("economy.employer_nic", {"from": "2027-04", "rate": 0.17}),
        ("economy.minimum_wage", {"from": "2027-04", "rise": 0.4}),
        ("economy.earnings", {"2027": 0.05}),
        ("economy.employer_nic.rate", 0.2),
    ]
    scenario = scenario_from(
        {
            "name": "Wages",
            "why": "a test",
            "source": "made up",
            "changes": [{"what": "organisation", "field": name, "to": value} for name, value in changes],
        },
        "s.toml",
    )
    changed = apply(base, [scenario])
    assert changed.economy.employer_nic.rate == 0.2 and changed.economy.earnings == {"2027": 0.05}
    # minimum wage 12.71 × 1.4 × 1,950 = 34,698.30 above 31,500; NIC 20 % above 5,000
    year = played(changed, months=24).accounts["spending_pay"][12:24, 0].sum()
    assert year == 34_698_30 + round(0.2 * 29_698_30)


def test_a_rate_by_year_moves_year_by_year_and_a_floating_one_is_no_number():
    base = charity({"cpi": {"2027": 0.1, "2028": 0.2}}, facility={"limit": 1_000})
    found = {"name": "Twice", "why": "a test", "source": "made up"}
    twice = {"what": "organisation", "field": "economy.cpi", "times": 2}
    assert apply(base, [scenario_from({**found, "changes": [twice]}, "s.toml")]).economy.cpi == {
        "2027": 0.2,
        "2028": 0.4,
    }
    moved = {"what": "organisation", "field": "facility.interest", "add": 0.01}
    given = charity(facility={"limit": 1_000, "interest": {"over_bank_rate": 0.02}})
    for one in (base, given):
        with pytest.raises(InputError, match=r"facility\.interest has no number to start from"):
            apply(one, [scenario_from({**found, "changes": [moved]}, "s.toml")])
    margin = {**moved, "field": "facility.interest.over_bank_rate"}
    changed = apply(given, [scenario_from({**found, "changes": [margin]}, "s.toml")])
    assert changed.facility.interest.over_bank_rate == 0.03


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"economy": {"minimum_wage": {"from": "2027-05", "rise": 0.1}}}, "is no April"),
        ({"economy": {"minimum_wage": {"from": "2026-04", "rise": 0.1}}}, "is not after the first month, 2026-04"),
        ({"economy": {"employer_nic": {"from": "2026-03", "rate": 0.17}}}, "lies before the first month, 2026-04"),
        ({"economy": {"employer_nic": {"from": "2027-04"}}}, "changes nothing; write rate, threshold or both"),
        ({"economy": {"cpi": {"2025": 0.1}}}, "economy.cpi: names 2025, which no longer counts; write 2026 or later"),
        ({"economy": {"earnings": {"2026": 0.1}}}, "names 2026, which no longer counts; write 2027 or later"),
        ({"economy": {"bank_rate": {"2025": 0.1}}}, "names 2025, which no longer counts"),
        ({"economy": {"cpi": {"next": 0.1}}}, "names next, which is not a calendar year"),
        ({"economy": {"cpi": {"2027": 6}}}, "has in 2027 6, which is not a yearly rate; write 0.06 for 6 %"),
        ({"economy": {"cpi": {}}}, "is an empty table"),
        ({"economy": {"prices_doubt": 1.5}}, "economy.prices_doubt: 1.5 is too large"),
        ({"economy": {"together": -0.5}}, "economy.together: -0.5 is not a share"),
        ({"london": True}, "london: does nothing: no Real Living Wage is promised"),
        ({"pay_award": {"arrears_owed": 100}, "first_month": "2026-06"}, "would be settled before the first month, 2026-06"),
        ({"pay_award": {"settled": "Nov"}}, "is not a month of the year"),
        ({"loans": {"van": {"balance": 1, "repayment": 1, "interest": {"over": 0.1}}}}, "is not a field of this table"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(change, said):
    tables = {k: v for k, v in change.items() if k != "economy"}
    with pytest.raises(InputError) as caught:
        charity(change.get("economy"), **tables)
    assert said in str(caught.value), caught.value


def test_growth_by_year_must_reach_the_dated_path():
    one = raw(first_month="2020-09")
    one["economy"] = {**SURE, "earnings": {"2021": 0.02}}
    organisation_from(one, "x.toml")  # 2022 is dated
    one["economy"]["earnings"] = {"2022": 0.02}
    with pytest.raises(
        InputError, match=r"economy.earnings: is missing: average_earnings_growth is not known for April 2021"
    ):
        organisation_from(one, "x.toml")


# ---- the employer's own promise


@pytest.mark.parametrize(
    ("promise", "wage"), [({}, 12.71), ({"living_wage": "Real Living Wage"}, 13.45), ({"living_wage": "Real Living Wage", "london": True}, 14.80)]
)  # fmt: skip
def test_pay_is_at_least_what_the_employer_promised(promise, wage):
    """wage × 1,950 hours a year; after March 2027 it rises with earnings, 3 %."""
    a = played(charity(hub=hub({"a": post(20_000, pension=0)}), **promise), months=24).accounts["spending_pay"][:, 0]
    for year, yearly in enumerate((wage * 1_950_00, wage * 1.03 * 1_950_00)):
        yearly = math.floor(yearly + 0.5)
        assert a[12 * year : 12 * year + 12].sum() == math.floor(yearly + 0.15 * (yearly - 5_000_00) + 0.5)


# ---- awards that settle late


def late(settled="November", economy=None, **more):
    return charity(
        {"earnings": 0.04, **(economy or {})}, hub=hub({"a": post(pension=0)}), pay_award={"settled": settled}, **more
    )


def test_arrears_of_a_late_award_to_the_penny():
    """Pay 30,000, in April 2027 31,200: a month 2,600.00 and NIC (31,200 − 5,000) × 15 % / 12 = 327.50, in all 2,927.50.

    Of it 0.04/1.04 = 0.038462 (to the millionth) waits: 112.60 a month, April to October: 788.20, paid in November.
    """
    slow, quick = played(late()).accounts, played(late("April")).accounts
    assert (slow["spending_pay"] == quick["spending_pay"]).all() and slow["spending_pay"][12, 0] == 2_927_50
    behind = (slow["bank"] - quick["bank"])[:, 0]
    # what waits is not yet paid; of what is paid 30.6 % leaves a month later: 112.60 less than the tables' 895.82 (895.815) in April
    kept_quick, kept_slow = round(0.306 * 2_927_50), round(0.306 * (2_927_50 - 112_60))  # 895.82 (half up), 861.36
    first = 112_60 - (kept_quick - kept_slow)
    assert behind[:12].tolist() == [0] * 12
    assert behind[12:19].tolist() == [first + 112_60 * k for k in range(7)]
    # November: 788.20 is paid, and 34.46 less PAYE than that of a whole October: both have paid the same
    assert behind[19:24].tolist() == [0] * 5
    owed = (slow["creditors"] - quick["creditors"])[:, 0]
    assert (owed == behind).all()
    assert (slow["unrestricted_funds"] == quick["unrestricted_funds"]).all()


def test_the_award_of_a_path_waits_at_its_own_rise():
    """Earnings 4 % and 2 points more: 0.06/1.06 = 0.056604 of the month's pay."""
    p = played(late(economy={"earnings_doubt": 0.02}), variation=pinned(earnings=U)).accounts
    q = played(late("April", {"earnings_doubt": 0.02}), variation=pinned(earnings=U)).accounts
    waits, month = 0.056604, int(p["spending_pay"][12, 0])
    later = math.floor(0.306 * month + 0.5) - math.floor(0.306 * (month - round(waits * month)) + 0.5)
    assert (p["bank"] - q["bank"])[12, 0] == round(waits * month) - later


def test_arrears_owed_at_the_opening_are_paid_when_settled():
    owing, none = (
        played(charity(hub=hub({"a": post(pension=0)}), pay_award={"settled": "June", **more}))
        for more in ({"arrears_owed": 900}, {})
    )
    gap = (owing.accounts["bank"] - none.accounts["bank"])[:, 0]
    assert gap[:2].tolist() == [0, 0] and set(gap[2:].tolist()) == {-900_00}
    assert (owing.accounts["creditors"] - none.accounts["creditors"])[:3, 0].tolist() == [900_00, 900_00, 0]
    assert owing.manifest["opening"]["free_reserves"] == none.manifest["opening"]["free_reserves"] - 900


def test_a_restricted_fund_pays_the_arrears_of_its_own_pay():
    """The grant pays the whole post; its cash goes down by the arrears only in November, its balance month by month."""
    grant = {"kind": "trust", "yearly": 60_000, "payment": "monthly", "cut": 0}
    tables = {"streams": {"grant": grant}, "docks": {"team": {"funded_by": ["grant"], "posts": {"a": post(pension=0)}}}}
    slow, quick = (
        played(charity({"earnings": 0.04}, pay_award={"settled": s}, **tables)).accounts for s in ("November", "April")
    )
    behind = (slow["restricted:grant"] - quick["restricted:grant"])[:, 0]
    assert (slow["balance:grant"] == quick["balance:grant"]).all()
    assert (
        behind[17] == 112_60 * 6 - (round(0.306 * 2_927_50) - round(0.306 * 2_814_90)) and behind[20] == 0
    )  # September, December


def test_identities_hold_on_every_path_with_all_of_it_on():
    """Opening bank + receipts − payments = bank; funds = assets − liabilities; income = received + Δdebtors − Δdeferred."""
    grant = {"kind": "trust", "yearly": 60_000, "until": "2028-03", "renewal": 0.5}
    council = {
        "kind": "local authority",
        "form": "contract",
        "yearly": 90_000,
        "lag": 1.4,
        "late": 0.3,
        "cut": 0.5,
        "uplift": {"share_of_cpi": 1},
    }
    organisation = charity(
        {"prices_doubt": 0.02, "earnings_doubt": 0.02, "bank_rate_doubt": 0.02},
        opening={"bank": 60_000, "creditors": 3_000, "interest_on_bank": {"over_bank_rate": -0.01}},
        streams={"grant": grant, "council": council}, facility={"limit": 30_000}, pay_award={"settled": "January", "arrears_owed": 700},
        loans={"van": {"balance": 20_000, "repayment": 5_000, "interest": {"over_bank_rate": 0.02}}},
        docks={"team": {"funded_by": ["grant"], "posts": {"a": post(turnover=0.3)}}},
        hub=hub({"b": post(28_000, 2, turnover=0.2)}, {"rent": {"yearly": 12_000}}), living_wage="Real Living Wage",
    )  # fmt: skip
    p = played(organisation, paths=60, months=48)
    a = p.accounts
    before = {
        name: np.vstack([np.full((1, 60), opening), a[name][:-1]])
        for name, opening in (("bank", 60_000_00), ("debtors", 0), ("deferred", 0))
    }
    assert (before["bank"] + a["receipts"] - a["payments"] == a["bank"]).all()
    funds = a["unrestricted_funds"] + a["balance:grant"]
    debts = a["creditors"] + a["deferred"] + a["provisions"] + a["loans"] + a["facility"]
    assert (funds == a["bank"] + a["investments"] + a["fixed_assets"] + a["debtors"] - debts).all()
    assert (
        a["income"] == a["receipts_of_income"] + a["debtors"] - before["debtors"] - a["deferred"] + before["deferred"]
    ).all()
    change = np.diff(funds, axis=0, prepend=60_000_00 - 3_000_00 - 700_00 - 20_000_00)
    assert (change == a["income"] - a["spending"]).all()


# ---- interest


def test_interest_over_bank_rate():
    """A loan of 120,000 not repaid, 2 points over Bank Rate: 3.75 % held, so 5.75 %: 575.00 a month. With 5 % in 2027: 700.00."""
    loans = {"van": {"balance": 120_000, "repayment": 0, "interest": {"over_bank_rate": 0.02}}}
    paid = played(charity(loans=loans), months=12).accounts["spending_non_pay"][:, 0]
    assert set(paid.tolist()) == {575_00}
    paid = played(charity({"bank_rate": {"2027": 0.05}}, loans=loans), months=12).accounts["spending_non_pay"][:, 0]
    assert paid.tolist() == [575_00] * 9 + [700_00] * 3
    # a path one standard deviation of a point above, from January 2027 on; and one so far below that Bank Rate would be negative
    doubted = charity({"bank_rate_doubt": 0.01}, loans=loans)
    paid = played(doubted, months=12, variation=pinned(bank_rate=U)).accounts["spending_non_pay"][:, 0]
    assert paid.tolist() == [575_00] * 9 + [675_00] * 3
    paid = played(charity({"bank_rate_doubt": 0.1}, loans=loans), months=12, variation=pinned(bank_rate=0.01)).accounts
    assert paid["spending_non_pay"][-1, 0] == 200_00  # Bank Rate nil, the margin stays
    below = {"van": {"balance": 120_000, "repayment": 0, "interest": {"over_bank_rate": -0.1}}}
    assert not played(charity(loans=below), months=12).accounts["spending_non_pay"].any()


def test_a_facility_left_open_costs_bank_rate_and_four_points():
    """An empty bank draws 2,500 in April; in May 7.75 % / 12 of it, 16.15."""
    organisation = charity(
        opening={"bank": 0}, facility={"limit": 100_000}, hub=hub(costs={"rent": {"yearly": 30_000}}), grace=600
    )
    spent = played(organisation, months=3).accounts["spending_non_pay"][:, 0]
    assert spent[:2].tolist() == [2_500_00, 2_516_15]  # 2,500 × 0.0775 / 12 = 16.1458


def test_interest_on_the_bank_is_income():
    """2 points under Bank Rate: 1.75 % of 1,200,000: 1,750.00 in April, then of 1,201,750: 1,752.55 (1,752.552)."""
    organisation = charity(opening={"bank": 1_200_000, "interest_on_bank": {"over_bank_rate": -0.02}})
    a = played(organisation, months=3).accounts
    assert a["income_sale"][:2, 0].tolist() == [1_750_00, 1_752_55]
    assert (a["income"] == a["receipts_of_income"]).all() and a["bank"][0, 0] == 1_201_750_00
    assert (
        played(charity(opening={"bank": 1_200_000, "interest_on_bank": 0.03}), months=1).accounts["income"][0, 0]
        == 3_000_00
    )
    # overdrawn: nothing
    poor = charity(
        opening={"bank": 1_000, "interest_on_bank": 0.12}, hub=hub(costs={"rent": {"yearly": 60_000}}), grace=600
    )
    assert played(poor, months=3).accounts["income"][:, 0].tolist() == [10_00, 0, 0]


# ---- today's pounds


def test_todays_pounds_by_hand():
    """Prices 12 % in 2026, 24 % in 2027: at the end of December 2026 1.12^(9/12), of March 2027 that × 1.24^(3/12)."""
    one = charity({"cpi": {"2026": 0.12, "2027": 0.24}}, opening={"bank": 1_000_000})
    nominal, real = (project(one, months=12, paths=1, todays_pounds=x) for x in (False, True))
    assert nominal.pounds == "" and real.pounds == real.manifest["pounds"] == "March 2026"
    assert nominal.measure("bank").p50.tolist() == [1_000_000.0] * 12
    found = real.measure("bank")
    for at, index in ((0, 1.12 ** (1 / 12)), (8, 1.12**0.75), (11, 1.12**0.75 * 1.24**0.25)):
        assert found.p50[at] == found.mean[at] == round(1_000_000 / index, 2)
    assert (real.accounts["bank"] == nominal.accounts["bank"]).all()  # accounts stay nominal
    assert real.lowest[0] == round(100_000_000 / (1.12**0.75 * 1.24**0.25))


def test_todays_pounds_are_those_of_each_path():
    """The bank stands still; each path divides it by its own prices: 2026 certain, then (1.02 + s) a year."""
    one = charity({"prices_doubt": 0.02}, hub=hub(costs={"nil": {"yearly": 0.12}}))
    p = project(one, months=33, paths=PATHS, seed=5, todays_pounds=True)
    values = p.in_pounds("bank")[32] / 100
    at = 4_999_999.67 / (1.02**0.75 * (1.02 + 0.02 * HERMITE) ** 2)
    mean = float(WEIGHTS @ at)
    agrees(values, mean, math.sqrt(float(WEIGHTS @ (at - mean) ** 2) / PATHS))
    # the same shift that the lines rise by: the spending of a path in its own pounds of 2028
    lines = project(
        charity({"prices_doubt": 0.02}, hub=hub(costs={"rent": {"yearly": 1_200_000}})),
        months=36,
        paths=9,
        seed=5,
        todays_pounds=True,
    )
    rise = lines.played.money["spending_non_pay"][24] / lines.played.money["spending_non_pay"][12]
    yearly = lines.price_index[32] / lines.price_index[20]  # December on December before
    assert np.abs(rise - yearly).max() < 1e-6


# ---- who else asks


def test_the_exact_engine_refuses_what_it_does_not_do():
    said = [
        ({"prices_doubt": 0.01}, {}, "economy.prices_doubt"),
        ({"earnings_doubt": 0.01}, {}, "economy.earnings_doubt"),
        ({"bank_rate_doubt": 0.01}, {}, "economy.bank_rate_doubt"),
        ({"cpi": {"2027": 0.1}}, {}, "economy.cpi"),
        ({"earnings": {"2027": 0.1}}, {}, "economy.earnings"),
        ({"bank_rate": 0.05}, {}, "economy.bank_rate"),
        ({"minimum_wage": {"from": "2027-04", "rise": 0.1}}, {}, "economy.minimum_wage"),
        ({"employer_nic": {"from": "2027-04", "rate": 0.1}}, {}, "economy.employer_nic"),
        ({}, {"living_wage": "Real Living Wage"}, "living_wage"),
        ({}, {"pay_award": {"settled": "June"}}, "pay_award"),
        ({}, {"facility": {"limit": 1}}, "facility.interest"),
        ({}, {"loans": {"van": {"balance": 1, "repayment": 1, "interest": {"over_bank_rate": 0.1}}}}, "loans.van.interest"),
        ({}, {"opening": {"interest_on_bank": 0.01}}, "opening.interest_on_bank"),
    ]  # fmt: skip
    assert exact(charity(), 3)
    for economy, tables, place in said:
        with pytest.raises(InputError) as caught:
            exact(charity(economy, **tables), 3)
        assert [fault.place for fault in caught.value.faults] == [place]


def test_the_economy_is_among_causes_and_assumptions():
    from resilience.why import drivers, why

    # lines of 24,000 and pay at the minimum wage cost 161,400 in three years: whether that is there hangs on the economy alone
    one = charity(
        {"prices_doubt": 0.05, "earnings_doubt": 0.03, "together": 0},
        opening={"bank": 161_000},
        hub=hub({"a": post(20_000)}, {"rent": {"yearly": 24_000}}),
    )
    p = project(one, months=36, paths=800, seed=5)
    failed = p.probabilities["insolvent"].last
    assert 0.05 < failed < 0.95
    places = {one.name for one in why(p).events}
    assert places == {"economy.prices", "economy.earnings"}  # nothing floats on Bank Rate
    found = {one.place: one for one in drivers(p)}
    assert found["economy.prices"].correlation < 0
    one = found["economy.prices"]
    assert (one.low_share < failed < one.high_share) and one.unit == "a year"
    assert (one.low_value, one.high_value) == pytest.approx((0.02 - 1.2815516 * 0.05, 0.02 + 1.2815516 * 0.05))


def test_the_register_holds_what_is_assumed_of_the_economy():
    register = {one.place: one for one in charity().register}
    assert register["economy.together"].value == 0.6 and register["economy.together"].klass == "weak"
    given = charity({"cpi": {"2027": 0.1}})
    assert {one.place: one for one in given.register}["economy.cpi"].value == {"2027": 0.1}


# ---- the command line


FEW = ["--paths", "60", "--months", "15"]


def said_by(*arguments):
    return CliRunner().invoke(cli, list(arguments))


def test_todays_pounds_are_said_in_every_answer():
    """One organisation, nominal and in the pounds of March 2026: the manifest, the title, the basis and the figures say so."""
    nominal, real = (
        json.loads(said_by("project", "advice_charity", "--json", *FEW, *more).stdout)
        for more in ([], ["--todays-pounds"])
    )
    assert "pounds" not in nominal["manifest"] and real["manifest"]["pounds"] == "March 2026"
    assert (
        nominal["probabilities"] == real["probabilities"] and nominal["measures"]["heads"] == real["measures"]["heads"]
    )
    # prices of April to November 2026 rise by 2.48 % a year on every path: quantiles divide by 1.0248^(8/12), to the penny
    for level in ("p10", "p50", "p90"):
        assert real["measures"]["bank"][level][7] == pytest.approx(
            nominal["measures"]["bank"][level][7] / 1.0248 ** (8 / 12), abs=0.006
        )
    page = said_by("project", "advice_charity", "--todays-pounds", *FEW).stdout
    flat = " ".join(page.split())
    assert (
        "Money is in the pounds of March 2026" in flat
        and "money in pounds of March 2026." in flat
        and "; pounds of March 2026;" in flat
    )
    assert "pounds of the day" not in flat
    both = said_by("compare", "advice_charity", "--strategy", "hub_and_dock", "--todays-pounds", *FEW)
    assert "Money is in the pounds of March 2026" in " ".join(both.stdout.split())
    assert said_by("project", "advice_charity", "--path", "1", "--todays-pounds", *FEW).exit_code == 2


def test_comparisons_in_todays_pounds_divide_path_by_path():
    one = charity({"cpi": 0.21}, streams={"gifts": {"kind": "giving", "yearly": 12_000, "cut": 0}})
    more = scenario_from(
        {
            "name": "More",
            "why": "a test",
            "source": "made up",
            "changes": [{"what": "streams", "field": "yearly", "to": 24_000}],
        },
        "s.toml",
    )
    nominal, real = (
        compare(one, scenarios=[more], paths=4, months=24, at=[23], todays_pounds=x).differences[0].cash[0].mean
        for x in (False, True)
    )
    assert nominal == 24_000 and real == pytest.approx(24_000 / 1.21**2, abs=0.011)
