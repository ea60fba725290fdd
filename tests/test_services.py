"""Services: cases are conserved, seasons, growth after austerity, utilisation and turnover, what a completed person costs. Through files."""

import math

import numpy as np
import pytest
from a_small_file import errors_off, play, raw
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from resilience.errors import InputError
from resilience.organisation_file import organisation_from

FLAT = {"cpi": 0, "earnings": 0, "prices_doubt": 0, "earnings_doubt": 0, "bank_rate_doubt": 0}
NO_NIC = FLAT | {"employer_nic": {"from": "2026-04", "rate": 0, "threshold": 5000}}
RICH = {"bank": 9_000_000, "creditors": 0}
WORKER = {"heads": 2, "pay": 26_000, "service": 0, "turnover": 0, "pension": 0}


def served_by(service, post=None, **more):
    """A dock that nothing funds, two heads of 10 cases each, and one service."""
    docks = {"team": {"posts": {"worker": WORKER | (post or {})}}}
    tables = {"economy": NO_NIC, "opening": RICH, "docks": docks, "employment_allowance": False}
    return raw(
        {},
        services={"advice": {"dock": "team", "caseload": 10, "length": 4, "referrals": 4} | service},
        **(tables | more),
    )


def people(p, name):
    return p.played.people[name]


# ---- cases are conserved


@settings(max_examples=30, deadline=None)
@given(
    referrals=st.floats(0, 30),
    length=st.floats(0.5, 24),
    waits=st.floats(0, 1),
    opened=st.floats(0, 60),
    waiting=st.floats(0, 40),
    turnover=st.floats(0, 0.9),
    season=st.lists(st.floats(0.1, 3), min_size=12, max_size=12),
)
def test_nobody_appears_or_vanishes(referrals, length, waits, opened, waiting, turnover, season):
    """open + waiting + referred = next open + next waiting + completed + turned away, every month of every path."""
    service = {
        "referrals": referrals,
        "length": length,
        "waits": waits,
        "open": opened,
        "waiting": waiting,
        "season": season,
    }
    p = play(served_by(service, {"turnover": turnover}), months=18, paths=8)
    opens, waits_, done = people(p, "open"), people(p, "waiting"), people(p, "completed")
    before = np.vstack([np.full(8, float(opened)), opens[:-1]]) + np.vstack([np.full(8, float(waiting)), waits_[:-1]])
    referred = np.array([referrals * 12 * season[t % 12] / sum(season) for t in range(18)])[:, None]
    assert np.allclose(people(p, "demand"), before + referred)
    away = people(p, "unmet") - waits_
    assert np.allclose(before + referred, opens + waits_ + done + away)
    assert (away > -1e-9).all() and np.allclose(people(p, "served"), opens + done)


# ---- seasons, and growth after austerity


def test_a_season_moves_referrals_and_not_their_year():
    season = [3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]
    p = play(served_by({"season": season, "referrals": 5, "length": 1, "open": 0}), months=24)
    referred = people(p, "demand")[:, 0] - np.concatenate([[0], (people(p, "open") + people(p, "waiting"))[:-1, 0]])
    assert referred == pytest.approx([12 * 5 * w / 12 for w in season] * 2)


def test_referrals_grow_more_a_year_after_austerity():
    """Austerity from the first month on, for good: 12 % a year more, from the first month on, as it was austerity a year before, too."""
    climate = {"starts": "austerity", "moves": "yearly", "austerity_to_growth": 0, "austerity_to_standstill": 0}
    service = {"referrals": 1, "length": 1, "growth": 0.05, "growth_after_austerity": 0.12}
    p = play(served_by(service, climate=climate), months=25)
    alone = play(
        served_by(service, climate=climate | {"starts": "growth", "growth_to_austerity": 0, "growth_to_standstill": 0}),
        months=25,
    )
    referred = [
        people(one, "demand")[1:, 0] - (people(one, "open") + people(one, "waiting"))[:-1, 0] for one in (p, alone)
    ]
    t = np.arange(1, 25)
    assert referred[1] == pytest.approx(1.05 ** (t / 12))
    assert referred[0] == pytest.approx(1.05 ** (t / 12) * 1.12 ** ((t + 1) / 12))


def test_without_a_climate_there_is_no_austerity_to_grow_after():
    with pytest.raises(InputError, match="there is no climate"):
        organisation_from(served_by({"growth_after_austerity": 0.1}), "x.toml")


# ---- utilisation


def test_utilisation_is_the_mean_of_three_months():
    """20 places, 4 months of support: as many as 5 a month. 8 are referred a month, all wait: by hand from an empty service."""
    p = play(served_by({"referrals": 8, "open": 0}), months=8)
    opened, waiting, ratios = 0.0, 0.0, []
    for _ in range(8):
        closing = opened / 4
        demand = opened + waiting + 8
        ratios.append(demand / max(opened, 20 + closing))
        starts = min(waiting + 8, 20 - (opened - closing))
        opened, waiting = opened - closing + starts, waiting + 8 - starts
    means = [np.mean(ratios[max(0, t - 2) : t + 1]) for t in range(8)]
    assert people(p, "utilisation")[:, 0] == pytest.approx(means)


def test_in_the_long_run_utilisation_is_that_of_a_fluid_queue():
    """Below capacity nobody waits and ρ = referrals × length ÷ places; the month's demand counts referrals, capacity those who leave."""
    p = play(served_by({"referrals": 3}), months=120)
    opened = 3 * 4  # Little: open = arrivals × time
    assert people(p, "open")[-1, 0] == pytest.approx(opened)
    assert people(p, "utilisation")[-1, 0] == pytest.approx((opened + 3) / (20 + opened / 4))
    over = play(served_by({"referrals": 8}), months=120)
    assert people(over, "open")[-1, 0] == pytest.approx(20) and people(over, "completed")[-1, 0] == pytest.approx(5)
    assert np.diff(people(over, "waiting")[-12:, 0]) == pytest.approx(3)  # what comes beyond 5 a month waits


@pytest.mark.parametrize(("referrals", "months_busy"), [(0.1, 0), (60, 9)])
def test_a_busy_dock_loses_people_faster(referrals, months_busy):
    """Three times the usual turnover while busy, from the fourth month on: thirty heads, nobody replaced, twelve months."""
    post = {"heads": 30, "turnover": 0.2, "recruiting_months": 24}
    service = {"caseload": 1, "length": 1, "referrals": referrals, "open": 0, "turnover_when_busy": 3, "busy": 1.5}
    p = play(served_by(service, post), months=12, paths=3000)
    h = -math.log(0.8) / 12
    left = people(p, "left").sum(axis=0)
    assert errors_off(left, 30 * (1 - math.exp(-(12 + 2 * months_busy) * h))) < 4


def test_a_threshold_without_consequence_is_refused():
    with pytest.raises(InputError, match="nothing follows"):
        organisation_from(served_by({"busy": 1.5}), "x.toml")


# ---- what a completed person costs


def test_the_cost_of_a_completed_person_by_hand():
    """Two heads at 26,000 and nothing else: 52,000 a year; steady: 4 a month complete: 48 a year: 1,083.33 each."""
    p = play(served_by({"referrals": 4}), months=24)
    assert people(p, "completed")[:, 0] == pytest.approx(4)
    assert people(p, "cost_per_completed")[12:, 0] == pytest.approx(52_000 / 48, rel=1e-6)
    assert people(p, "cost_per_completed")[0, 0] == pytest.approx(52_000 / 12 / 4, rel=1e-5)


def test_nobody_completed_has_no_cost():
    p = play(served_by({"referrals": 0, "open": 0}), months=6)
    assert np.isinf(people(p, "cost_per_completed")).all()
    assert p.measure("cost_per_completed").unit == "GBP" and p.measure("utilisation").unit == "share"


# ---- one pool of people against separate teams


def test_one_pool_carries_more_than_separate_teams():
    """Each of 6 heads is there with probability q at the end of a year, nobody replaced. Pooled: min(k, 6) × 10 places for 30 people; apart:
    two teams of three for 15 each. E min(demand, places) by the binomial, exactly, at the end: caseload and demand such that all is taken.
    """
    post = {"turnover": 0.4, "recruiting_months": 24}
    service = {"caseload": 10, "length": 1, "open": 0, "waits": 0}
    docks = {name: {"posts": {"worker": WORKER | post | {"heads": 3}}} for name in ("a", "b")}
    apart_services = {name: service | {"dock": name, "referrals": 15} for name in ("a", "b")}
    apart = play(raw({}, services=apart_services, docks=docks, economy=NO_NIC, opening=RICH), months=13, paths=6000)
    pooled = play(served_by(service | {"referrals": 30}, post | {"heads": 6}), months=13, paths=6000)
    stay = 0.6
    one = sum(binom.pmf(k, 3, stay) * min(15, 10 * k) for k in range(4))
    all_ = sum(binom.pmf(k, 6, stay) * min(30, 10 * k) for k in range(7))
    # heads paid in month 12 are those there at the end of month 11: a year of leaving; length 1: everybody starts and completes
    assert errors_off(people(apart, "open")[12], 2 * one) < 4
    assert errors_off(people(pooled, "open")[12], all_) < 4
    assert all_ > 2 * one


# ---- recovery, month by month


def test_recovery_by_hand_as_a_dock_comes_and_goes():
    """A contract of 60,000 a year to September 2026 for a team of 30,000; a hub of 12,000 that stays: the last twelve months of both."""
    contract = {"kind": "trust", "form": "contract", "payment": "monthly", "yearly": 60_000, "uplift": 0, "until": "2026-09", "renewal": 0, "lost": {"ended": 1}}  # fmt: skip
    team = {"funded_by": ["c"], "posts": {"worker": WORKER | {"heads": 1, "pay": 30_000, "kind": "fixed-term"}}}
    p = play(raw({"c": contract}, docks={"team": team}, hub={"costs": {"rent": {"yearly": 12_000}}}, economy=NO_NIC, employment_allowance=False, chance=False), months=24)  # fmt: skip
    earned = [5_000.0] * 6 + [0.0] * 18
    borne = [2_500.0 + 1_000] * 6 + [1_000.0] * 18
    expected = [sum(earned[max(0, t - 11) : t + 1]) / sum(borne[max(0, t - 11) : t + 1]) for t in range(24)]
    assert people(p, "recovery")[:, 0] == pytest.approx(expected, rel=1e-6)
    assert p.measure("recovery").unit == "share"


def test_without_anything_that_funds_a_dock_there_is_no_recovery():
    p = play(served_by({}), months=3)
    assert "recovery" not in p.names
