"""Pools divided: published cases to the precision printed, step-down and reciprocal by hand, and what holds for every driver."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.costing.allocation import direct, largest_remainder, reciprocal, shares_of, step_down

WEIGHTS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3), st.fractions(0, 10**6, max_denominator=1000), min_size=1, max_size=12
).filter(lambda found: sum(found.values()) > 0)
PENCE = st.integers(0, 10**11)


# ---- published cases (whole pounds are divided as pence are)


def test_office_costs_by_full_time_equivalents():
    office = {
        "telephone": 200,
        "fax": 150,
        "postage": 300,
        "couriers": 20,
        "photocopying": 400,
        "copier maintenance": 350,
        "stationery": 50,
    }
    assert sum(office.values()) == 1_470
    pool = 50 + 1_470  # rent
    fte = {
        "project": Fraction("0.35"),
        "direct": Fraction("1.45"),
        "support": Fraction("0.95"),
        "fundraising": Fraction("2.25"),
    }
    # 1,520 × 0.35/5 = 106.4, 440.8, 288.8, 684: two odd pounds, to .8 and .8
    assert largest_remainder(pool, fte) == {"project": 106, "direct": 441, "support": 289, "fundraising": 684}


def test_a_post_by_hours():
    # 21,296 × 7/25 = 5,962.88
    assert largest_remainder(21_296_00, {"one": 7, "the rest": 18})["one"] == 5_962_88


def test_floor_area_to_the_penny():
    # 56,066.625 and 18,688.875: equal remainders, so the odd penny goes to the larger share; plain rounding would make a penny too many
    found = largest_remainder(373_777_50, {"a": Fraction("0.8"), "b": Fraction("0.15"), "c": Fraction("0.05")})
    assert found == {"a": 299_022_00, "b": 56_066_63, "c": 18_688_87}
    assert sum(found.values()) == 373_777_50


def test_floor_area_as_shares():
    found = shares_of({"administration": 1_000, "child care": 3_500, "fundraising": 500})
    assert found == {"administration": Fraction(1, 5), "child care": Fraction(7, 10), "fundraising": Fraction(1, 10)}


def test_the_driver_changes_the_answer():
    assert largest_remainder(1_000_000, {"A": 247, "B": 247}) == {"A": 500_000, "B": 500_000}
    assert largest_remainder(1_000_000, {"A": 20, "B": 10}) == {"A": 666_667, "B": 333_333}


@pytest.mark.parametrize(("of_c", "a", "b"), [({"A": 4, "B": 2}, 533, 267), ({"A": 1, "B": 1}, 500, 300)])
def test_a_step_down(of_c, a, b):
    # 800 by 4 : 2 : 2 is 400, 200, 200; C's 200 then by 400 : 200 (533, 267) or by halves (500, 300)
    shares = step_down({"shared": {"A": 4, "B": 2, "C": 2}, "C": of_c}, ["shared", "C"])
    assert largest_remainder(800, shares["shared"]) == {"A": a, "B": b}


# ---- ties


def test_of_equal_remainders_and_shares_the_first_in_the_alphabet_has_the_penny():
    assert largest_remainder(1, {"b": 1, "a": 1}) == {"a": 1, "b": 0}
    assert largest_remainder(5, {"c": 1, "b": 1, "a": 1}) == {"a": 2, "b": 2, "c": 1}


# ---- pools that serve pools


TWO = {
    "A": {"B": 20, "S1": 48, "S2": 32},  # per cent of A
    "B": {"A": 10, "S1": 45, "S2": 45},
}


def test_reciprocal_against_the_linear_algebra():
    # F_A = D_A + 0.2 F_B, F_B = D_B + 0.1 F_A, so F_A = (D_A + 0.2 D_B) ÷ 0.98 and F_B = (D_B + 0.1 D_A) ÷ 0.98
    found = reciprocal(TWO)
    assert found["A"] == {"S1": Fraction(57, 98), "S2": Fraction(41, 98)}  # 0.48 + 0.09, 0.32 + 0.09
    assert found["B"] == {"S1": Fraction(498, 980), "S2": Fraction(482, 980)}  # 0.45 + 0.048, 0.45 + 0.032
    # the other way round: gross costs A* = 100 + 0.1 B*, B* = 60 + 0.2 A*: A* = 106 ÷ 0.98, B* = 60 + 21.2 ÷ 0.98
    gross_a, gross_b = Fraction(10_600, 98), 60 + Fraction(2_120, 98)
    assert 100 * found["A"]["S1"] + 60 * found["B"]["S1"] == gross_a * Fraction(48, 100) + gross_b * Fraction(45, 100)


def test_a_step_down_goes_one_way_and_direct_goes_none():
    # A first: B has no way back to A, so B is 45 : 45
    down = step_down(TWO, ["A", "B"])
    assert down["B"] == {"S1": Fraction(1, 2), "S2": Fraction(1, 2)}
    assert down["A"] == {"S1": Fraction(48, 100) + Fraction(20, 200), "S2": Fraction(32, 100) + Fraction(20, 200)}
    assert direct(TWO)["A"] == {"S1": Fraction(48, 80), "S2": Fraction(32, 80)}


def test_three_pools_that_serve_one_another():
    # each pool half to the next, half to its own service: F_1(own) = ½ + ½·½·½·F_1(own) = ½ ÷ (1 − ⅛) = 4/7; then 1/7 and 2/7
    weights = {"p": {"q": 1, "s": 1}, "q": {"r": 1, "t": 1}, "r": {"p": 1, "u": 1}}
    assert reciprocal(weights)["p"] == {"s": Fraction(4, 7), "t": Fraction(2, 7), "u": Fraction(1, 7)}


def test_what_a_pool_uses_of_itself_is_left_out():
    assert reciprocal({"p": {"p": 5, "s": 1, "t": 3}})["p"] == {"s": Fraction(1, 4), "t": Fraction(3, 4)}
    assert step_down({"p": {"p": 5, "s": 1, "t": 3}}, ["p"])["p"] == {"s": Fraction(1, 4), "t": Fraction(3, 4)}


def test_pools_that_serve_only_one_another_are_refused():
    with pytest.raises(ValueError, match="reaches no service"):
        reciprocal({"p": {"q": 1}, "q": {"p": 1, "s": 0}})


# ---- refused


def test_a_driver_below_nil_or_nil_everywhere_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="the driver of b is below nil; write 0 or more"):
        largest_remainder(100, {"a": 3, "b": -1})
    for nothing in ({}, {"a": 0, "b": 0}):
        with pytest.raises(ValueError, match="nil everywhere"):
            largest_remainder(100, nothing)


# ---- for every driver


@given(PENCE, WEIGHTS)
def test_the_parts_are_the_pool(pence, weights):
    found = largest_remainder(pence, weights)
    assert sum(found.values()) == pence
    shares = shares_of(weights)
    assert all(abs(found[n] - pence * shares[n]) < 1 for n in weights)  # nobody is a penny off


@given(PENCE, WEIGHTS, st.fractions(Fraction(1, 1000), 1000, max_denominator=1000))
def test_a_driver_in_another_unit_divides_alike(pence, weights, scale):
    assert largest_remainder(pence, weights) == largest_remainder(pence, {n: w * scale for n, w in weights.items()})


@given(PENCE, WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_services_does_not_matter(pence, weights, shuffled):
    names = list(weights)
    shuffled.shuffle(names)
    assert largest_remainder(pence, {n: weights[n] for n in names}) == largest_remainder(pence, weights)


@given(PENCE, WEIGHTS)
def test_who_has_nothing_of_the_driver_bears_nothing(pence, weights):
    assert largest_remainder(pence, weights | {"zero": 0})["zero"] == 0
    assert largest_remainder(pence, weights | {"zero": 0}) == largest_remainder(pence, weights) | {"zero": 0}


@given(
    st.integers(1, 4), st.integers(1, 4), st.data(),
)  # fmt: skip
def test_every_method_hands_all_of_every_pool_to_services(pools, services, data):
    names = [f"p{i}" for i in range(pools)]
    receivers = names + [f"s{i}" for i in range(services)]
    weights = {p: {n: data.draw(st.integers(1 if n[0] == "s" else 0, 50)) for n in receivers} for p in names}
    for found in (direct(weights), step_down(weights, names), reciprocal(weights)):
        assert all(sum(shares.values()) == 1 and min(shares.values()) >= 0 for shares in found.values())
