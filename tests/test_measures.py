"""Order statistics, standard errors, shortfall and rank correlation, against plain sorting, hand sums and scipy."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from resilience import measures
from resilience.measures import LEVELS

SHARES = {"p05": "0.05", "p10": "0.1", "p25": "0.25", "p50": "0.5", "p75": "0.75", "p90": "0.9", "p95": "0.95"}
NEVER = np.iinfo(np.int64).max


def place(share, n):
    """⌈qn⌉, in whole numbers."""
    return -(-Fraction(share) * n // 1)


def by_sorting(values, ends):
    """Quantiles by plain sorting: nan for the ended, which rank lowest."""
    found = {name: [] for name in LEVELS}
    for t, row in enumerate(values.tolist()):
        going = sorted(float(x) for x, end in zip(row, ends, strict=True) if end > t)
        ranked = [math.nan] * (len(row) - len(going)) + going
        for name, share in SHARES.items():
            found[name].append(ranked[int(place(share, len(row))) - 1])
    return found


def same(a, b):
    return np.array_equal(np.asarray(a, dtype=float), np.asarray(b, dtype=float), equal_nan=True)


def test_the_seven_levels_are_those_of_the_model():
    assert {name: Fraction(share) for name, share in SHARES.items()} == {n: Fraction(str(q)) for n, q in LEVELS.items()}


def test_rank_is_never_a_place_too_high_or_too_low():
    # 0.07 · 100 is 7.000000000000001 in binary: the seventh smallest, not the eighth
    assert measures.rank(0.07, 100) == 6
    for hundredths in range(1, 100):
        wrong = [
            n for n in range(1, 801) if measures.rank(hundredths / 100, n) != max(0, -(-hundredths * n // 100) - 1)
        ]
        assert not wrong, hundredths
    for n in (100_000, 1_000_000, 9_999_999, 10_000_000):
        assert all(measures.rank(float(q), n) == place(q, n) - 1 for q in SHARES.values())


MONEY = st.one_of(st.integers(-5, 5), st.integers(-(10**14), 10**14), st.sampled_from([0, 1, -1, 10**12, -(10**12)]))
PEOPLE = st.one_of(
    st.integers(0, 4).map(float),
    st.floats(0, 1e4).filter(lambda x: x == 0 or x > 1e-9),
    st.sampled_from([math.inf, 1e12, 1 / 3, 0.1]),
)


@st.composite
def tables(draw, cell, dtype):
    months, paths = draw(st.integers(1, 3)), draw(st.integers(1, 60))
    few = draw(st.lists(cell, min_size=1, max_size=4))
    cells = st.one_of(st.sampled_from(few), cell) if draw(st.booleans()) else st.sampled_from(few)
    values = draw(st.lists(cells, min_size=months * paths, max_size=months * paths))
    ends = draw(st.lists(st.sampled_from([0, 1, 2, 3, NEVER, NEVER]), min_size=paths, max_size=paths))
    return np.array(values, dtype=dtype).reshape(months, paths), np.array(ends, dtype=np.int64)


@settings(max_examples=120, deadline=None)
@given(tables(MONEY, np.int64))
@example((np.zeros((1, 1), dtype=np.int64), np.array([0])))
@example((np.array([[3, 3, 3, 3, 10**15]]), np.array([NEVER] * 5)))
def test_quantiles_of_money_are_those_of_plain_sorting(table):
    found, expected = measures.quantiles(*table), by_sorting(*table)
    assert list(found) == list(LEVELS)
    for name in LEVELS:
        assert same(found[name], expected[name]), name


@settings(max_examples=120, deadline=None)
@given(tables(PEOPLE, np.float64))
def test_quantiles_of_people_are_those_of_plain_sorting(table):
    found, expected = measures.quantiles(*table), by_sorting(*table)
    for name in LEVELS:
        assert same(found[name], expected[name]), name


@pytest.mark.parametrize("shape", ["normal", "cauchy", "heads", "one far out", "constant", "rising", "two heaps"])
def test_quantiles_of_many_paths_are_those_of_plain_sorting(shape):
    random, n = np.random.default_rng(5), 20_011
    values = {
        "normal": random.normal(0, 1e7, (3, n)),
        "cauchy": random.standard_cauchy((3, n)) * 1e5,
        "heads": random.integers(20, 28, (3, n)).astype(float),
        "one far out": np.where(np.arange(n) == 7, 1e15, random.normal(0, 100, (3, n))),
        "constant": np.full((3, n), 12.5),
        "rising": np.tile(np.arange(n) * 1.0, (3, 1)),
        "two heaps": np.where(
            random.random((3, n)) < 0.5, random.normal(-1e12, 1, (3, n)), random.normal(1e12, 1, (3, n))
        ),
    }[shape]
    values = np.floor(values).astype(np.int64)
    ends = np.where(random.random(n) < 0.07, random.integers(0, 3, n), NEVER)
    found, expected = measures.quantiles(values, ends), by_sorting(values, ends)
    for name in LEVELS:
        assert same(found[name], expected[name]), name


def test_quantiles_by_hand():
    # ten paths; two have ended, so the first two places are theirs: p10 is place 1, p25 place 3, p50 place 5
    values = np.array([[50, 10, 20, 30, 40, 60, 70, 80, 90, 100]])
    ends = np.array([0, NEVER, NEVER, 0, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER])
    found = {name: x[0] for name, x in measures.quantiles(values, ends).items()}
    # in order: ended, ended, 10, 20, 40, 60, 70, 80, 90, 100
    assert math.isnan(found["p05"]) and math.isnan(found["p10"])
    assert [found[k] for k in ("p25", "p50", "p75", "p90", "p95")] == [10, 40, 80, 90, 100]


def test_a_path_ranks_as_ended_from_the_month_of_its_end():
    values = np.array([[5], [5], [5]])
    assert same(measures.quantiles(values, np.array([1]))["p50"], [5, math.nan, math.nan])


def test_the_mean_is_over_those_that_go_on():
    values = np.array([[10, 20, 60], [10, 20, 60], [10, 20, 60]])
    assert same(measures.mean_of_continuing(values, np.array([0, 2, 1])), [40, 20, math.nan])


def test_share_by_month_counts_up():
    first = np.array([-1, 0, 2, 2, -1, 5, 1, -1])
    assert measures.share_by_month(first, 4).tolist() == [1 / 8, 2 / 8, 4 / 8, 4 / 8]
    assert measures.share_by_month(np.array([-1, -1]), 3).tolist() == [0, 0, 0]


def test_standard_error_by_hand():
    assert measures.standard_error(0.2, 100) == pytest.approx(0.04)  # √(0.2 · 0.8 / 100)
    assert measures.standard_error(np.array([0.0, 0.5, 1.0]), 400).tolist() == [0, 0.025, 0]


def test_paired_difference_by_hand():
    # of 10 paths 2 fail under a only, 5 under b only, 1 under both
    a = np.array([1, 1, 0, 0, 0, 0, 0, 1, 0, 0], dtype=bool)
    b = np.array([0, 0, 1, 1, 1, 1, 1, 1, 0, 0], dtype=bool)
    difference, error = measures.paired_difference(a, b)
    assert difference == pytest.approx(0.3)
    assert error == pytest.approx(math.sqrt(2 + 5 - 3**2 / 10) / 10)  # √6.1 / 10 = 0.24698
    assert measures.paired_difference(b, a) == pytest.approx((-0.3, error))
    assert measures.paired_difference(a, a) == (0, 0)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=80))
def test_paired_difference_is_the_mean_of_the_differences_and_its_error(pairs):
    a, b = (np.array(x, dtype=bool) for x in zip(*pairs, strict=True))
    d = b.astype(float) - a
    difference, error = measures.paired_difference(a, b)
    assert difference == pytest.approx(d.mean())
    assert error == pytest.approx(d.std() / math.sqrt(len(d)), abs=1e-9)


def test_block_error_by_hand():
    # twenty blocks of two: their means are 0.5, 2.5, …, 38.5, with variance 4 · (20² − 1)/12 · 20/19 = 140
    values = np.arange(40.0)
    assert measures.block_error(values, np.mean) == pytest.approx(math.sqrt(140 / 20))
    assert math.isnan(measures.block_error(values[:19], np.mean))
    assert measures.block_error(np.ones(60), np.median) == 0


def test_expected_shortfall_by_hand():
    assert measures.expected_shortfall(np.arange(100, 0, -1)) == 3  # the five worst: 1, 2, 3, 4, 5
    assert measures.expected_shortfall(np.array([7, -1, 3])) == -1  # at least one path
    assert measures.expected_shortfall(np.arange(21)) == 0.5  # ⌈1.05⌉ = 2 paths: 0 and 1
    assert measures.expected_shortfall(np.arange(10.0), worst=0.5) == 2


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=200))
def test_expected_shortfall_is_the_mean_of_the_worst(values):
    worst = sorted(values)[: max(1, -(-len(values) // 20))]
    assert measures.expected_shortfall(np.array(values)) == pytest.approx(sum(worst) / len(worst), rel=1e-12, abs=1e-3)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.floats(-1e6, 1e6)), min_size=3, max_size=60))
def test_rank_correlation_is_that_of_scipy(pairs):
    a, b = (np.array(x, dtype=float) for x in zip(*pairs, strict=True))
    assume(len(set(a)) > 1 and len(set(b)) > 1)
    assert measures.rank_correlation(a, b) == pytest.approx(spearmanr(a, b).statistic, abs=1e-12)


def test_rank_correlation_of_what_does_not_vary_is_nil():
    assert measures.rank_correlation(np.ones(5), np.arange(5)) == 0
    assert measures.rank_correlation(np.arange(2), np.arange(2)) == 0
    assert measures.rank_correlation(np.array([1, 5, 9]), np.array([2, 1, 0])) == pytest.approx(-1)
