"""Irregular income, clawback and exit costs: expected values by hand or by an independent method, through `project`."""

import math
import tomllib
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from a_small_file import account, errors_off, pence, play, raw
from scipy import stats
from scipy.integrate import quad

from resilience import project
from resilience.errors import InputError
from resilience.exact import exact
from resilience.first_answer import first_answer
from resilience.organisation_file import organisation_from
from resilience.rows import EVENTS
from resilience.scenario import scenario_from
from resilience.strategy import strategy_from
from resilience.why import drivers, why

N = 20_000
MONTHLY = {"kind": "trading", "form": "sale", "payment": "monthly", "cut": 0}
YEARLY = 120_000  # pounds: 10,000 a month


def rounded(x):
    """Whole pence of an exact amount from nil, halves up."""
    return math.floor(Fraction(x) + Fraction(1, 2))


def part(yearly, m):
    """Pence of month m (April 1) of a yearly amount in pence."""
    return rounded(Fraction(yearly * m, 12)) - rounded(Fraction(yearly * (m - 1), 12))


def shock(depth, start, name="a"):
    return scenario_from(
        {
            "name": "S", "why": "a test", "source": "a test",
            "shocks": [{"streams": {"id": name}, "depth": depth, "from": start, "notice": 0}],
        },
        "s.toml",
    )  # fmt: skip


def moments(low, likely, high):
    """(mean, mean square) of the metalog in logs through the 10, 50 and 90 % points: numerical integration over u."""
    z, ln9 = [math.log(x) for x in (low, likely, high)], math.log(9)
    a2, a3 = (z[2] - z[0]) / (2 * ln9), (z[2] + z[0] - 2 * z[1]) / (0.8 * ln9)
    value = lambda u: math.exp(z[1] + (a2 + a3 * (u - 0.5)) * math.log(u / (1 - u)))  # noqa: E731
    return [quad(lambda u: value(u) ** k, 0, 1, limit=400)[0] for k in (1, 2)]  # noqa: B023


def variance_off(sample, expected):
    """Standard errors between a sample's variance and what is expected; the error from the fourth moment."""
    d = sample - sample.mean()
    v = (d**2).mean()
    return abs(v - expected) / math.sqrt(((d**4).mean() - v**2) / len(sample))


# ---- by the unit


def team(caseload, **service):
    """One full-time worker without pay who carries `caseload`, and the service that the team delivers."""
    post = {"heads": 1, "pay": 0, "service": 1, "turnover": 0}
    return {
        "employment_allowance": False,
        "docks": {"team": {"posts": {"worker": post}}},
        "services": {"advice": {"dock": "team", "caseload": caseload} | service},
    }


def units_by_month(months, places, length, referrals, opened=None, waiting=0.0, waits=1.0):
    """Units that each month's income counts: those of the opening, then those served in the month before."""
    cases = min(referrals * length, places) if opened is None else opened
    found = []
    for _ in range(months + 1):
        closing = cases / length
        demand, capacity = cases + waiting + referrals, max(cases, places + closing)
        found.append(min(demand, capacity))
        starts = found[-1] - cases
        unmet = waiting + referrals - starts
        cases, waiting = cases - closing + starts, unmet * waits
    return [found[0], *found[:months]][:months]


def unit_stream(price=25, **more):
    return MONTHLY | {"unit": {"price": price, "service": "advice"}} | more


def test_units_by_hand_where_capacity_binds_and_where_it_does_not():
    """25 pounds a unit; places 6, length 3, 4 referred a month, nobody yet.

    Opening: demand 4, capacity 6: 4 units, paid in April. April serves 4 again (open 4): paid in May. May: 4 open,
    4/3 close, 4 referred, room 6 − 8/3 = 10/3: 22/3 served, paid in June; 2/3 wait. June: 6 open, 2 close, 2 start:
    8 served, and so on: capacity 6 + 2.
    """
    p = play(raw({"a": unit_stream()}, **team(6, length=3, referrals=4, open=0)), 6)
    assert pence(p) == [10_000, 10_000, rounded(Fraction(2500 * 22, 3)), 20_000, 20_000, 20_000]
    demand = play(raw({"a": unit_stream()}, **team(60, length=3, referrals=4, open=12)), 6)
    assert pence(demand) == [40_000] * 6  # 12 open and 4 referred: 16 served, 4 close, for ever
    served = play(raw({"a": unit_stream()}, **team(6, length=3, referrals=4, open=0)), 6).played.people["served"][:, 0]
    assert served[:3] == pytest.approx([4, 22 / 3, 8])


@pytest.mark.parametrize(("places", "length", "referrals"), [(10, 4, 3), (7, 2.5, 4.2), (30, 6, 4.5)])
def test_units_are_those_served_in_the_month_before(places, length, referrals):
    p = play(raw({"a": unit_stream(17.35)}, **team(places, length=length, referrals=referrals, open=1)), 30)
    units = units_by_month(30, places, length, referrals, 1)
    assert pence(p) == pytest.approx([1735 * x for x in units], abs=0.51)


def test_units_guaranteed_are_paid_for_at_least():
    """Guaranteed 7 a month at 25 pounds: 175.00 for the 4, 4 delivered, 183.33 for 22/3, then 200.00."""
    stream = unit_stream(unit={"price": 25, "service": "advice", "guaranteed_volume": 7})
    p = play(raw({"a": stream}, **team(6, length=3, referrals=4, open=0)), 5)
    assert pence(p) == [17_500, 17_500, 18_333, 20_000, 20_000]


def test_the_price_moves_with_uplift_and_cut():
    """16 units at 25 pounds; expected a year 12 × 16 × 25 = 4,800.00. A cut of 30 % in September: 3,360.00; April + 5 %: 3,528.00."""
    tables = raw({"a": unit_stream(uplift=0.05)}, **team(60, length=3, referrals=4, open=12))
    p = play(tables, 14, scenarios=[shock(0.3, "2026-09")])
    assert pence(p) == [40_000] * 5 + [28_000] * 7 + [29_400] * 2
    assert float(organisation_from(tables, "x.toml").streams["a"].yearly.value) == 480_000


def test_units_paid_in_arrears_with_a_price_not_known_exactly():
    """One price a path for all its months; its mean is that of the range; paid a month later."""
    price = {"low": 20, "likely": 25, "high": 32}
    stream = unit_stream(price, payment="arrears", lag=1, late=0)
    p = play(raw({"a": stream}, **team(60, length=3, referrals=4, open=12)), 3, N)
    income = account(p)
    assert (income[0] == income[1]).all() and (account(p, "receipts")[1] == income[0]).all()
    assert errors_off(income[0] / 16, 100 * moments(20, 25, 32)[0]) <= 4


def test_a_service_that_does_not_run_delivers_nothing():
    """The team is funded from July on: nothing is served before, so July's units are none; 4 then, as with nobody open."""
    more = team(6, length=3, referrals=4, open=0)
    more["docks"]["team"]["funded_by"] = ["b"]
    p = play(raw({"a": unit_stream(), "b": MONTHLY | {"yearly": 0, "from": "2026-07"}}, **more), 6)
    assert pence(p)[:4] == [0, 0, 0, 0] and pence(p)[5] > 0


# ---- by results


def by_results(**results):
    return {"kind": "NHS", "form": "contract", "yearly": YEARLY, "payment": "monthly", "cut": 0, "results": results}


def test_results_by_hand():
    """10,000 a month, 40 % by results, 75 % achieved, two months later: 6,000 now, 3,000 in t + 2, 9,000 earned."""
    p = play(raw({"a": by_results(share=0.4, success=0.75, lag=2)}), 6)
    assert pence(p) == [900_000] * 6
    assert pence(p, "receipts") == [600_000] * 2 + [900_000] * 4
    assert pence(p, "debtors") == [300_000] + [600_000] * 5


def test_results_beside_a_fixed_part_in_arrears():
    """The fixed 6,000 a month later, 3,000 of results at once."""
    p = play(raw({"a": by_results(share=0.4, success=0.75, lag=0) | {"payment": "arrears", "lag": 1, "late": 0}}), 4)
    assert pence(p) == [900_000] * 4
    assert pence(p, "receipts") == [300_000] + [900_000] * 3


def test_results_in_a_restricted_fund_are_its_own():
    stream = by_results(share=0.4, success=0.75, lag=2) | {"form": "grant"}
    p = play(raw({"a": stream}), 3)
    assert p.accounts["balance:a"][:, 0].tolist() == [900_000, 1_800_000, 2_700_000]
    assert p.accounts["restricted:a"][:, 0].tolist() == [600_000, 1_200_000, 2_100_000]


def test_success_is_drawn_once_a_path_with_the_mean_of_its_range():
    low, likely, high = 0.4, 0.7, 0.9
    z, ln9 = [math.log(x / (1 - x)) for x in (low, likely, high)], math.log(9)
    a2, a3 = (z[2] - z[0]) / (2 * ln9), (z[2] + z[0] - 2 * z[1]) / (0.8 * ln9)
    value = lambda u: 1 / (1 + math.exp(-(z[1] + (a2 + a3 * (u - 0.5)) * math.log(u / (1 - u)))))  # noqa: E731
    mean = quad(value, 0, 1, limit=400)[0]
    tables = raw({"a": by_results(share=0.4, success={"low": low, "likely": likely, "high": high}, lag=0)})
    income = account(play(tables, 3, N))
    assert (income == income[0]).all()
    assert errors_off(income[0], 600_000 + 400_000 * mean) <= 4
    # management expects the mean, whatever was drawn: three months of it, in its forecast
    p = play(tables, 3, 50)
    ahead = account(p, "forecast") - account(p, "headroom")
    assert np.abs(ahead[0] - 3 * (600_000 + 400_000 * mean)).max() <= 3


def test_management_counts_on_the_mean_of_results_of_a_stream_that_begins_soon():
    """From July: in April one month of it lies within three, at 6,000 fixed and 4,000 × 0.75."""
    p = play(raw({"a": by_results(share=0.4, success=0.75, lag=2) | {"from": "2026-07"}}), 3)
    assert (account(p, "forecast") - account(p, "headroom"))[:, 0].tolist() == [900_000, 1_800_000, 2_700_000]


def test_management_counts_on_the_units_of_the_month():
    """Served in April 4, in May 22/3, from June on 8; 25 pounds each, three months ahead."""
    p = play(raw({"a": unit_stream()}, **team(6, length=3, referrals=4, open=0)), 3)
    ahead = (account(p, "forecast") - account(p, "headroom"))[:, 0] + 3 * account(p, "spending_pay")[:, 0]
    assert ahead.tolist() == [30_000, 55_000 - 1, 60_000]  # 3 × 183.33


# ---- what is left when a grant ends


def grant(**more):
    """A grant of 12,000 a year, 1,000 a month, for three months; its team's kit costs 200 a month and goes on."""
    stream = {
        "kind": "trust",
        "form": "grant",
        "yearly": 12_000,
        "until": "2026-06",
        "payment": "monthly",
        "renewal": 0,
    }
    return raw(
        {"a": stream | more},
        docks={"team": {"funded_by": ["a"], "costs": {"kit": {"yearly": 2_400, "grows": 0}}}},
    )


def test_what_a_fund_still_holds_is_paid_back_three_months_after_the_end():
    """3,000 less 200 a month: 2,400 at the end (June), 1,600 after September's 200: paid back in September, month 3 + 3."""
    p = play(grant(clawback="returned"), 8, log=True)
    balance = [80_000, 160_000, 240_000, 220_000, 200_000, 180_000, 0, 0]
    assert p.accounts["balance:a"][:, 0].tolist() == p.accounts["restricted:a"][:, 0].tolist() == balance
    assert pence(p, "spending_one_off") == [0] * 6 + [160_000] + [0]
    assert pence(p, "payments") == [20_000] * 6 + [180_000, 20_000]
    assert [(t, v) for t, e, _, v in p.played.log.tolist() if EVENTS[e] == "paid back"] == [(6, 160_000)]
    kept = play(grant(), 8)
    assert kept.accounts["balance:a"][-1, 0] == 300_000 - 8 * 20_000 and not account(kept, "spending_one_off").any()


def test_nothing_is_paid_back_of_an_award_that_goes_on():
    p = play(grant(clawback="returned", renewal={"chance": 1, "term": 3}), 14)
    assert not account(p, "spending_one_off").any()
    later = play(
        grant(clawback="returned", renewal={"chance": 0, "held": 1}), 14, 100
    )  # held over 3 to 12 months, again
    assert not account(later, "spending_one_off").any()


def test_what_is_asked_back_may_be_kept():
    asked = account(play(grant(clawback="asked", clawback_kept=0.3), 8, N // 4), "spending_one_off")[6]
    assert set(np.unique(asked)) == {0, 160_000} and errors_off((asked == 0).astype(float), 0.3) <= 4
    assert not account(play(grant(clawback="asked"), 8, chance=False), "spending_one_off").any()  # kept: one in two


def test_no_more_is_paid_back_than_there_is():
    """The kit costs 12,000 a year: nothing is left."""
    tables = grant(clawback="returned")
    tables["docks"]["team"]["costs"]["kit"]["yearly"] = 12_000
    assert not account(play(tables, 8), "spending_one_off").any()


def test_nothing_is_paid_back_after_the_organisations_end():
    tables = grant(clawback="returned") | {"opening": {"bank": 0, "creditors": 0}, "grace": 1}
    tables["hub"] = {"costs": {"rent": {"yearly": 36_000, "grows": 0}}}
    p = play(tables, 8)
    assert p.played.fates["end"][0] in (0, 1, 2, 3) and not account(p, "spending_one_off").any()


# ---- years that differ, with memory


def test_years_that_differ_have_the_variance_of_correlated_lognormals():
    """Two funders' years Y(f1 + f2), f = exp(σz − σ²/2), corr(z1, z2) = ρ: Var f = e^σ² − 1, Cov = e^(ρσ²) − 1."""
    sd, memory = 0.3, 0.6
    p = play(raw({"a": MONTHLY | {"yearly": YEARLY, "volatility": sd, "memory": memory}}), 24, N)
    income = account(p) / 1e6  # 10,000 pounds a month: factors
    assert np.ptp(income[:12], axis=0).max() < 1e-5 and np.ptp(income[12:], axis=0).max() < 1e-5
    first, second = income[0], income[12]
    for year in (first, second):
        assert errors_off(year, 1) <= 4 and variance_off(year, math.exp(sd**2) - 1) <= 4
    both = 2 * (math.exp(sd**2) - 1) + 2 * (math.exp(memory * sd**2) - 1)
    assert variance_off(first + second, both) <= 4
    assert np.corrcoef(np.log(first), np.log(second))[0, 1] == pytest.approx(memory, abs=4 * (1 - memory**2) / N**0.5)


def test_a_year_changes_in_april_and_month_noise_multiplies_it():
    sd, noise = 0.2, 0.15
    stream = MONTHLY | {"yearly": YEARLY, "volatility": sd}
    income = account(play(raw({"a": stream}, first_month="2026-11"), 12, 40))
    assert (income[:5] == income[0]).all() and (income[5:] == income[5]).all() and (income[5] != income[0]).all()
    both = account(play(raw({"a": stream | {"noise": {"sd": noise}}}), 1, N))[0] / 1e6
    assert errors_off(both, 1) <= 4 and variance_off(both, math.exp(sd**2 + noise**2) - 1) <= 4
    assert pence(play(raw({"a": stream}), 12, chance=False)) == [1_000_000] * 12


# ---- whole gifts

SIZES = {"low": 3_000, "likely": 5_000, "high": 8_000}


def legacies(amount, a_year=6):
    return {"kind": "legacies", "cut": 0, "gifts": {"a_year": a_year, "amount": amount}}


def test_gifts_of_a_year_are_compound_poisson():
    """Total S of a Poisson number of gifts X: E S = λ E X, Var S = λ E X²."""
    mean, square = moments(*SIZES.values())
    total = account(play(raw({"a": legacies(SIZES)}), 12, N)).sum(axis=0) / 100
    assert errors_off(total, 6 * mean) <= 4 and variance_off(total, 6 * square) <= 4
    assert errors_off((total == 0).astype(float), math.exp(-6)) <= 4


def test_gifts_are_whole_and_their_number_is_poisson():
    income = account(play(raw({"a": legacies(1_000)}), 12, N))
    assert not (income % 100_000).any()
    year, month = income.sum(axis=0) // 100_000, income[7] // 100_000
    assert errors_off(year, 6) <= 4 and variance_off(year, 6) <= 4
    for k in range(4):
        assert errors_off((month == k).astype(float), stats.poisson.pmf(k, 0.5)) <= 4
    assert abs(np.corrcoef(income[3], income[4])[0, 1]) <= 4 / N**0.5


def test_gifts_move_with_uplift_and_cut_and_are_spread_evenly_without_chance():
    """1,000 a gift: from October half of it, from April ten per cent more; without chance 6 × 1,000 ÷ 12 a month."""
    tables = raw({"a": legacies(1_000) | {"uplift": 0.1}})
    income = account(play(tables, 24, 200, scenarios=[shock(0.5, "2026-10")]))
    assert not (income[:6] % 100_000).any() and not (income[6:12] % 50_000).any() and not (income[12:] % 55_000).any()
    assert income[6:12].any() and income[12:].any()
    assert pence(play(tables, 13, chance=False)) == [50_000] * 12 + [55_000]
    p = play(tables, 12, 100)
    assert (account(p, "forecast") - account(p, "headroom") == 150_000).all()  # three months at the mean


def test_a_gift_is_told_in_the_story():
    p = play(raw({"a": legacies(1_000, 12)}), 12, log=True)
    told = [(t, v) for t, e, _, v in p.played.log.tolist() if EVENTS[e] == "gift arrives"]
    assert told == [(t, x) for t, x in enumerate(pence(p)) if x]


# ---- the season


def test_a_season_by_hand_to_the_penny():
    """Weights 4 1 0 0 2 2 1 1 0 0 1 0, of 12: W in millionths 333333, 416667, 416667, 416667, 583333, 750000, 833333, 916667 …"""
    weights = [4, 1, 0, 0, 2, 2, 1, 1, 0, 0, 1, 0]
    whole = [0, 333_333, 416_667, 416_667, 416_667, 583_333, 750_000, 833_333, 916_667, 916_667, 916_667, 1_000_000, 1_000_000]  # fmt: skip
    yearly = 100_000_07  # pence
    so_far = [rounded(Fraction(yearly * w, 10**6)) for w in whole]
    p = play(raw({"a": MONTHLY | {"yearly": 100_000.07, "season": weights}}), 24)
    assert pence(p) == 2 * [b - a for a, b in pairwise(so_far)]
    assert sum(pence(p)[:12]) == yearly
    # 333,333 millionths of 100,000.07 are 33,333.32(3); the next 83,334 bring it to 41,666.73
    assert pence(p)[:3] == [33_333_32, 8_333_41, 0]


def test_a_season_begins_where_the_year_stands_and_rises_in_april():
    """First month March (weight 3 of 4): 900 of 1,200; April (1 of 4) after + 10 %: 330."""
    season = [1, *[0] * 10, 3]
    p = play(raw({"a": MONTHLY | {"yearly": 1_200, "season": season, "uplift": 0.1}}, first_month="2027-03"), 3)
    assert pence(p) == [90_000, 33_000, 0]
    # management knows the season: in March it sees April, May and June
    assert pence(p, "forecast")[0] - pence(p, "headroom")[0] == pytest.approx(30_000, abs=2)


def test_a_season_scales_and_an_even_one_is_nearly_none():
    twelfths = pence(play(raw({"a": MONTHLY | {"yearly": 1_234.56, "season": [7] * 12}}), 12))
    assert twelfths == pytest.approx(pence(play(raw({"a": MONTHLY | {"yearly": 1_234.56}}), 12)), abs=1)
    two, four = (pence(play(raw({"a": MONTHLY | {"yearly": 1_234.56, "season": [k, 0, k] * 4}}), 12)) for k in (2, 4))
    assert two == four


# ---- exit costs that the funder bears


def leaving(**more):
    """A worker of 30 with five years' service at 26,000; funded to December 2026 by 60,000 a year; not renewed."""
    stream = {
        "kind": "NHS",
        "payment": "monthly",
        "yearly": 60_000,
        "until": "2026-12",
        "renewal": 0,
        "lost": {"ended": 1},
    }
    post = {"heads": 1, "pay": 26_000, "age": 30, "service": 5, "turnover": 0}
    return raw({"a": stream | more}, docks={"team": {"funded_by": ["a"], "posts": {"worker": post}}})


def test_exit_costs_are_borne_by_the_stream_while_it_is_paid():
    """Notice 5 weeks, two months: the last month is December, the stream's last. Redundancy 5 × 500, holiday 500 × 1.15: 3,075.00."""
    own, borne = (play(leaving(**more), 12, strategy="hub and dock") for more in ({}, {"pays_exit": True}))
    cost = [0] * 8 + [307_500] + [0] * 3
    assert pence(own, "spending_one_off") == pence(borne, "spending_one_off") == cost
    assert (account(borne) - account(own))[:, 0].tolist() == cost
    assert (account(borne, "income_contract") - account(own, "income_contract"))[:, 0].tolist() == cost
    for name in ("receipts", "receipts_of_income"):
        assert (account(borne, name) - account(own, name))[:, 0].tolist() == cost
    assert (account(borne, "bank") - account(own, "bank"))[:, 0].tolist() == [0] * 8 + [307_500] * 4


def test_exit_costs_after_the_last_paid_month_are_ours():
    """Decided three months late: nobody leaves before the money has gone."""
    late = strategy_from(
        {"name": "S", "why": "a test", "source": "a test",
         "rules": [{"when": "funding ends", "do": "undock", "delay": 3, "board": "executive"}]},
        "s.toml",
    )  # fmt: skip
    p = play(leaving(pays_exit=True), 16, strategy=late)
    cost = pence(p, "spending_one_off")
    (month,) = (t for t, x in enumerate(cost) if x)
    assert month == 11 and cost[month] == 6 * 500_00 + 575_00  # three months on, with six years' service
    assert pence(p)[9:] == [0] * 7


# ---- all of it together

EVERY = {
    "units": MONTHLY | {"unit": {"price": {"low": 20, "likely": 25, "high": 32}, "service": "advice", "guaranteed_volume": 3}, "uplift": 0.03},
    "results": by_results(share=0.4, success={"low": 0.4, "likely": 0.7, "high": 0.9}, lag=2) | {"payment": "arrears", "lag": 1.4, "late": 0.2},
    "legacies": legacies(SIZES, 2),
    "giving": {"kind": "giving", "yearly": 30_000, "volatility": 0.3, "season": [1, 1, 1, 1, 1, 1, 1, 1, 4, 1, 1, 1], "noise": {"sd": 0.1}},
    "grant": {"kind": "trust", "yearly": 24_000, "until": "2026-12", "payment": "monthly", "clawback": "asked",
              "renewal": {"chance": 0.4, "held": 0.3, "term": 6, "extension": {"chance": 0.5, "months": 4}}},
    "ward": {"kind": "NHS", "yearly": 40_000, "until": "2027-02", "pays_exit": True, "lag": 1, "late": 0.1,
             "renewal": {"chance": 0.4, "held": 0.2, "term": 12, "retender": True, "incumbent": 0.5, "cost": 900}},
}  # fmt: skip


def every():
    post = {"heads": 2, "pay": 26_000, "age": 40, "service": 5, "turnover": 0.2, "recruiting_months": 1}
    return raw(
        EVERY,
        opening={"bank": 60_000, "creditors": 3_000},
        docks={"team": {"funded_by": ["ward", "units"], "posts": {"worker": post}}, "class": {"funded_by": ["grant"], "costs": {"kit": {"yearly": 12_000}}}},
        services={"advice": {"dock": "team", "caseload": 8, "length": 4, "referrals": {"low": 3, "likely": 4, "high": 6}, "noise": {"sd": 0.2}}},
    )  # fmt: skip


def test_the_identities_hold_to_the_penny():
    for strategy in ("carry on", "hub and dock"):
        a = play(every(), 30, 60, strategy=strategy).accounts
        before = lambda x, opening: np.vstack([np.full((1, x.shape[1]), opening), x[:-1]])  # noqa: E731
        assert (before(a["bank"], 6_000_000) + a["receipts"] - a["payments"] == a["bank"]).all()
        owed = a["debtors"] - before(a["debtors"], 0)
        deferred = a["deferred"] - before(a["deferred"], 0)
        assert (a["income"] == a["receipts_of_income"] + owed - deferred).all()
        funds = a["unrestricted_funds"] + sum(v for k, v in a.items() if k.startswith("balance:"))
        assert (funds == a["bank"] + a["debtors"] - a["creditors"] - a["deferred"] - a["facility"]).all()
        assert (funds - before(funds, 6_000_000 - 300_000) == a["income"] - a["spending"]).all()
        assert (a["spending_one_off"] > 0).any() and (a["debtors"] >= 0).all()


FEATURES = {
    "unit": {"unit": {"price": {"low": 20, "likely": 25, "high": 32}, "service": "advice"}},
    "results": {"yearly": 30_000, "results": {"share": 0.4, "success": {"low": 0.4, "likely": 0.7, "high": 0.9}}},
    "gifts": {"gifts": {"a_year": 3, "amount": SIZES}},
    "volatility": {"yearly": 30_000, "volatility": 0.4},
    "season": {"yearly": 30_000, "season": [1, 2] * 6},
    "held": {"yearly": 30_000, "until": "2026-12", "cut": None, "renewal": {"chance": 0.5, "held": 0.4}},
    "extension": {"yearly": 30_000, "until": "2026-12", "cut": None, "renewal": {"chance": 0.5, "extension": {"chance": 0.5}}},
}  # fmt: skip


@pytest.mark.parametrize("feature", FEATURES)
def test_no_term_of_one_stream_moves_the_draws_of_another(feature):
    other = {"kind": "giving", "yearly": {"low": 8_000, "likely": 10_000, "high": 13_000}, "cut": 0.3, "noise": {"sd": 0.2}, "until": "2027-06",
             "break_clause": True, "renewal": {"chance": 0.5, "fraction": {"low": 0.5, "likely": 0.8, "high": 0.9}}}  # fmt: skip
    more = team(6, length=3, referrals={"low": 3, "likely": 4, "high": 6})
    given = {k: v for k, v in (MONTHLY | FEATURES[feature]).items() if v is not None}
    alone, beside = (
        account(play(raw({**one, "other": other}, **more), 30, 60), "income_gift")
        for one in ({}, {"a": given, "z": given})
    )
    assert alone.any() and (alone == beside).all()
    again = account(play(raw({"a": given, "other": other, "z": given}, **more), 30, 60), "income_sale")
    assert again.any()


# ---- what is said about it


def test_expected_amounts_stand_in_the_first_answer_and_the_concentration():
    """60 % fixed and 40 % by results at 0.5: 0.8 of 120,000; the other payer's 24,000 make it 96 of 120."""
    tables = raw(
        {"a": by_results(share=0.4, success=0.5), "b": MONTHLY | {"yearly": 24_000}},
        docks={"team": {"funded_by": ["a"]}},
    )
    p = project(organisation_from(tables, "x.toml"), paths=20, months=13)
    assert p.funder_concentration == pytest.approx(0.8)
    (contract,) = first_answer(p).contracts
    assert contract.income == 96_000


def test_ups_and_downs_and_the_new_ranges_are_among_the_causes():
    # each alone decides whether cash lasts: costs of as much as is expected
    def poor(stream, yearly, **more):
        return organisation_from(
            raw({"a": stream}, opening={"bank": 10_000, "creditors": 0}, hub={"costs": {"rent": {"yearly": yearly, "grows": 0}}}, **more), "x.toml"
        )  # fmt: skip

    def causes(organisation):
        p = project(organisation, paths=400, months=24)
        held = {one.place for one in drivers(p)} - {"ranges_too_narrow"}
        return {one.name for one in why(p).events if one.share_prevented > 0.5}, held

    off, _ = causes(poor(MONTHLY | {"yearly": YEARLY, "volatility": 0.4}, YEARLY))
    assert off == {"streams.a.volatility"}
    off, held = causes(poor(legacies(SIZES), 6 * 5_200))
    assert off == {"streams.a.gifts"} and held == {"streams.a.gifts.amount"}
    success = {"low": 0.2, "likely": 0.5, "high": 0.8}
    _, held = causes(poor(by_results(share=0.9, success=success, lag=0), 66_000))
    assert held == {"streams.a.results.success"}
    price, referrals = ({"low": 0.6 * x, "likely": x, "high": 1.5 * x} for x in (500, 4))
    _, held = causes(poor(unit_stream(price), 96_000, **team(90, length=3, referrals=referrals)))
    assert held == {"streams.a.unit.price", "services.advice.referrals"}


def test_the_exact_engine_refuses_what_it_does_not_do():
    with pytest.raises(InputError) as refused:
        exact(organisation_from(every(), "x.toml"), months=6)
    places = {fault.place for fault in refused.value.faults}
    assert {
        "streams.units.unit", "streams.results.results", "streams.legacies.gifts", "streams.giving.season", "streams.giving.volatility",
        "streams.grant.clawback", "streams.ward.pays_exit", "streams.grant.renewal.held", "streams.grant.renewal.extension", "streams.ward.renewal.retender",
    } <= places  # fmt: skip


# ---- refusals

AHEAD = {"kind": "trust", "form": "contract", "yearly": 1_200, "payment": "quarterly in advance"}
WRONG = {
    "yearly": (MONTHLY, "is missing"),
    "unit.service": (unit_stream(unit={"price": 1, "service": "advise"}), 'did you mean "advice"?'),
    "unit.price": (unit_stream(0), "is nil"),
    "season": (MONTHLY | {"yearly": 1, "season": [1, 2]}, "write twelve weights"),
    "results.share": (MONTHLY | {"yearly": 1, "results": {"share": 0, "success": 0.5}}, "is too small"),
    "memory": (MONTHLY | {"yearly": 1, "memory": 0.2}, "there is no volatility"),
    "volatility": (AHEAD | {"volatility": 0.2}, "paid in advance does not vary"),
    "results": (AHEAD | {"results": {"share": 0.5, "success": 0.5}}, "paid in advance does not vary"),
    "gifts.a_year": (legacies(100, 0), "is too small"),
    "noise": (legacies(100) | {"noise": {"sd": 0.1}}, "vary by themselves"),
    "payment": (legacies(100) | {"payment": "arrears"}, "received when it is made"),
    "clawback_kept": (MONTHLY | {"yearly": 1, "clawback_kept": 0.2}, 'is not "asked"'),
    "clawback": (MONTHLY | {"yearly": 1, "clawback": "returned"}, "only a grant's fund"),
    "pays_exit": (MONTHLY | {"yearly": 1, "pays_exit": True}, "funds no dock"),
    "renewal.incumbent": (MONTHLY | {"yearly": 1, "cut": 0, "until": "2027-03", "renewal": {"chance": 0.5, "incumbent": 1}}, "is no retender"),
    "renewal.cost": (MONTHLY | {"yearly": 1, "until": "2027-03", "renewal": {"chance": 0.5, "cost": 1}}, "is no retender"),
}  # fmt: skip


@pytest.mark.parametrize("place", WRONG)
def test_what_would_be_ignored_is_refused(place):
    stream, said = WRONG[place]
    with pytest.raises(InputError) as refused:
        organisation_from(raw({"a": stream}, **team(6, length=3, referrals=4)), "x.toml")
    faults = [str(fault) for fault in refused.value.faults if fault.place == f"streams.a.{place}"]
    assert any(said in fault for fault in faults), [str(f) for f in refused.value.faults]
    assert all(fault.fix for fault in refused.value.faults)


def test_more_of_what_excludes_each_other_is_refused():
    for stream, place in (
        (unit_stream(season=[1] * 12), "season"),
        (unit_stream(yearly=5), "yearly"),
        (legacies(100) | {"yearly": 5}, "yearly"),
        (grant(clawback="returned")["streams"]["a"] | {"fund": "shared"}, "clawback"),
    ):
        with pytest.raises(InputError) as refused:
            organisation_from(raw({"a": stream}, funds={"shared": {}}, **team(6, length=3, referrals=4)), "x.toml")
        assert f"streams.a.{place}" in {fault.place for fault in refused.value.faults}


def test_the_example_of_the_guide_is_read_and_played():
    text = (Path(__file__).parent.parent / "scenarios" / "README.md").read_text("utf-8")
    (block,) = (part for part in text.split("```") if part.startswith("\n[streams.helpline]"))
    streams = tomllib.loads(block)["streams"]
    more = team(200, length=1, referrals=180)
    more["services"]["calls"] = more["services"].pop("advice")
    more["docks"]["team"]["funded_by"] = ["employment"]
    p = play(raw(streams, **more), 30, 50)
    assert (account(p) > 0).any() and not p.organisation.as_read.streams["lottery"].cut
