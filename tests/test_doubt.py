"""Doubt about odds: one shift of log-odds a path, shared by all bids, all renewals or all cuts; each against quadrature over it."""

import math

import numpy as np
import pytest
from exact_answers import charity, poisson_binomial

from resilience import project
from resilience.variation import Variation
from resilience.why import drivers

PATHS = 20_000
CERTAIN = {"winning": 0, "renewal": 0, "cuts": 0}


def over_doubt(sd, of):
    """E[of(shift)] of a normal shift with standard deviation sd: Gauss–Hermite quadrature, 64 nodes."""
    x, w = np.polynomial.hermite_e.hermegauss(64)
    return sum(wi * np.asarray(of(sd * xi)) for xi, wi in zip(x, w, strict=True)) / math.sqrt(2 * math.pi)


def moved(p, shift):
    return 1 / (1 + (1 - p) / p * math.exp(-shift))


def z(count, chance, n=PATHS):
    return (count - n * chance) / math.sqrt(n * chance * (1 - chance))


# ---- winning


def bidder(**doubt):
    odds = [0.15, 0.25, 0.35, 0.5, 0.6, 0.8]
    bids = {
        f"bid_{j}": {"kind": "NHS", "chance": p, "yearly": 1_200, "term": 6, "decision": f"2026-{5 + j:02d}"}
        for j, p in enumerate(odds)
    }
    return odds, charity(bids=bids, doubt={**CERTAIN, **doubt})


@pytest.mark.parametrize("sd", [0.5, 1.5])
def test_wins_share_how_good_we_are_at_winning(sd):
    odds, organisation = bidder(winning=sd)
    won = project(organisation, paths=PATHS, months=12).paths["won"]
    expected = over_doubt(sd, lambda shift: poisson_binomial(moved(p, shift) for p in odds))
    assert abs(expected.sum() - 1) < 1e-12
    found = np.bincount(won, minlength=7)
    assert all(abs(z(found[k], expected[k])) <= 4 for k in range(7))
    # without the shared shift the extremes are rarer by far more than the error of the count
    alone = poisson_binomial(over_doubt(sd, lambda shift, p=p: moved(p, shift)) for p in odds)
    assert abs(z(found[0], alone[0])) > 6


def test_without_doubt_wins_are_independent():
    odds, organisation = bidder()
    found = np.bincount(project(organisation, paths=PATHS, months=12).paths["won"], minlength=7)
    assert all(abs(z(found[k], one)) <= 4 for k, one in enumerate(poisson_binomial(odds)))


def test_doubt_off_changes_no_draw_and_certain_things_stay_certain():
    bids = {f"bid_{p}": {"kind": "NHS", "chance": p, "yearly": 1_200, "term": 6, "decision": "2026-06"} for p in (0, 1)}
    won = project(charity(bids=bids, doubt={**CERTAIN, "winning": 3}), paths=500, months=6).paths["won"]
    assert (won == 1).all()
    _, plain = bidder()
    _, doubtful = bidder(renewal=2, cuts=2)  # of other things
    a, b = (project(one, paths=500, months=12) for one in (plain, doubtful))
    assert np.array_equal(a.paths["won"], b.paths["won"])


def test_without_chance_nothing_shifts():
    _, organisation = bidder(winning=3)
    assert project(organisation, chance=False, months=12).paths["won"].tolist() == [
        3
    ]  # 0.5, 0.6, 0.8 are the likelier way


# ---- renewal


def test_renewals_share_how_good_we_are_at_being_renewed():
    # two awards of 12 months, renewed for 12: decisions two months before months 12, 24, 36, so three each within 40 months
    award = {
        "kind": "giving",
        "yearly": 1_200,
        "from": "2026-04",
        "until": "2027-03",
        "renewal": {"chance": 0.6, "term": 12},
    }
    organisation = charity(streams={"a": award, "b": {**award, "yearly": 12_000}}, doubt={**CERTAIN, "renewal": 1.0})
    income = project(organisation, paths=PATHS, months=40, keep_paths=True).accounts["income"]
    # £100 and £1,000 a month; month 36 is paid after three renewals: E[r³] for one, E[r⁶] for both
    both = int((income[36] == 110_000).sum())
    one = int(((income[36] == 10_000) | (income[36] == 110_000)).sum())
    assert abs(z(one, over_doubt(1.0, lambda shift: moved(0.6, shift) ** 3))) <= 4
    assert abs(z(both, over_doubt(1.0, lambda shift: moved(0.6, shift) ** 6))) <= 4
    assert abs(z(both, 0.6**6)) > 6


# ---- cuts


def test_cuts_share_how_hard_the_cutting_is():
    # no end, no notice, half of the odds at settlements in February (months 10, 22, 34: in effect by month 36), half in any month:
    # none in 37 months with (1 − q)^(½·3 + ½·37/12) a stream
    stream = {"kind": "giving", "yearly": 1_200, "cut": 0.2, "depth": 0.5, "settlement_share": 0.5, "notice": "none", "decision_month": "February"}  # fmt: skip
    organisation = charity(streams={"a": stream, "b": {**stream, "yearly": 12_000}}, doubt={**CERTAIN, "cuts": 0.8})
    income = project(organisation, paths=PATHS, months=37, keep_paths=True).accounts["income"]
    power = 0.5 * 3 + 0.5 * 37 / 12
    whole = int((income[36] == 110_000).sum())
    assert abs(z(whole, over_doubt(0.8, lambda shift: (1 - moved(0.2, shift)) ** (2 * power)))) <= 4
    assert abs(z(whole, 0.8 ** (2 * power))) > 6


def test_every_cut_that_a_hard_future_brings_is_drawn():
    # q = ½ with sd 3: at 3½ sd the hazard is ln(1 + e^10.5)/12 = 0.875 a month, 0.058 without doubt, for which 24 thresholds do
    stream = {"kind": "giving", "yearly": 10**9, "cut": 0.5, "depth": 0.01, "settlement_share": 0, "notice": "none"}
    organisation = charity(streams={"a": stream}, doubt={**CERTAIN, "cuts": 3})
    income = project(organisation, paths=2_000, months=60, keep_paths=True).accounts["income"][59]
    number = np.round(np.log(income / (10**11 / 12)) / math.log(0.99))
    # one at most in a month, with 1 − (1 − q)^(1/12)
    mean = over_doubt(3, lambda shift: 60 * (1 - (1 - moved(0.5, shift)) ** (1 / 12)))
    assert abs(number.mean() - mean) <= 4 * number.std() / math.sqrt(2_000)
    assert number.max() > 28


# ---- what hangs on it


def test_doubt_is_an_assumption_that_can_matter_and_can_be_held():
    odds, organisation = bidder(winning=2)
    held = project(organisation, paths=4_000, months=12, variation=Variation(pinned={"doubt.winning": 0.9}))
    # at its 90 % point the shift is 2 × 1.2816 on every path: independent wins at those odds
    expected = sum(moved(p, 2 * 1.2815515655) for p in odds)
    spread = math.sqrt(sum(moved(p, 2 * 1.2815515655) * (1 - moved(p, 2 * 1.2815515655)) for p in odds) / 4_000)
    assert abs(held.paths["won"].mean() - expected) <= 4 * spread
    poor = charity(
        bank=6_000,
        bids={f"b{j}": {"kind": "giving", "form": "gift", "chance": 0.5, "yearly": 12_000, "term": 24, "decision": "2026-05"} for j in range(4)},
        hub={"costs": {"rent": {"yearly": 18_000}}},
        doubt={**CERTAIN, "winning": 2},
    )  # fmt: skip
    found = drivers(project(poor, paths=2_000, months=12))
    assert found[0].place == "doubt.winning" and found[0].unit == "odds" and found[0].low_share > found[0].high_share
    assert found[0].high_value == pytest.approx(math.exp(2 * 1.2816), rel=1e-9)
