"""What bends uniforms to events, each against another way of saying it: scipy, the quantity itself, or a loop month by month."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import cholesky, toeplitz
from scipy.special import ndtri
from scipy.stats import geom, poisson

from resilience import chance
from resilience.distributions import Exact, Range

SEEDS = st.integers(0, 2**32 - 1)


def uniforms(seed, rows, paths):
    """As the engine's: the middles of 2³² steps, so never 0 or 1."""
    return (np.random.default_rng(seed).integers(0, 2**32, (rows, paths)) + 0.5) / 2**32


def normals(u, months=1, sd=1.0, correlation=0.0, logs=False):
    out = np.empty((months, u.shape[1]))
    chance.noise(u, 0, sd, logs, correlation, months, out)
    return out


# ---- normal inverse and month noise


def test_normal_inverse_is_scipys_to_nine_digits():
    ends = np.array([2.0**-33, 2.0**-32, 1e-9, 1e-6, 0.02424999, 0.02425, 0.02425001, 0.1, 0.25])
    u = np.concatenate([ends, 1 - ends, np.linspace(1e-5, 1 - 1e-5, 20_000), np.geomspace(2.0**-33, 0.4, 5_000)])
    found = normals(u[None, :])[0]
    assert np.allclose(found, ndtri(u), rtol=1.2e-9, atol=1e-12)
    assert normals(np.array([[0.5]]))[0, 0] == 0
    rising = np.sort(u)
    assert (np.diff(normals(rising[None, :])[0]) >= -1e-8).all()


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(0, 0.99), st.floats(0.01, 2), st.integers(1, 40))
def test_noise_has_the_correlation_asked_for(seed, correlation, sd, months):
    # z = L e with L Lᵀ the correlations ρ^|i − j|: what the recursion must come to, by linear algebra
    u = uniforms(seed, months, 5)
    z = cholesky(toeplitz(correlation ** np.arange(months)), lower=True) @ ndtri(u)
    assert np.allclose(normals(u, months, sd, correlation), sd * z, rtol=1e-7, atol=1e-7 * sd)
    assert np.allclose(normals(u, months, sd, correlation, logs=True), np.exp(sd * z - sd * sd / 2), rtol=1e-6)


def test_noise_in_logs_has_mean_one_and_in_pounds_mean_nil():
    u = (np.arange(200_000) + 0.5)[None, :] / 200_000
    assert normals(u, sd=0.4, logs=True).mean() == pytest.approx(1, abs=1e-4)
    assert normals(u, sd=0.4).mean() == pytest.approx(0, abs=1e-9)
    assert normals(u, sd=0.4).std() == pytest.approx(0.4, abs=1e-4)


# ---- quantities


@st.composite
def ranges(draw):
    bounds = draw(st.sampled_from(["real", "amount", "share"]))
    ends = {"real": (-1e6, 1e6), "amount": (1.0, 1e7), "share": (0.01, 0.99)}[bounds]
    try:
        return Range(*sorted(draw(st.floats(*ends)) for _ in range(3)), bounds)
    except ValueError:
        return Range(*{"real": (-1, 2, 3), "amount": (80, 100, 130), "share": (0.2, 0.3, 0.5)}[bounds], bounds)


@settings(max_examples=150, deadline=None)
@given(ranges(), SEEDS)
def test_a_quantity_is_its_distribution_at_u(one, seed):
    u = np.vstack([uniforms(seed, 1, 40), [[0.1, 0.5, 0.9] + [0.5] * 37]])
    table, rows = np.array([one.coefficients()] * 2, dtype=float), np.array([0, 1])
    out, whole, ppm = np.empty((2, 40)), np.empty((2, 40), dtype=np.int64), np.empty((2, 40), dtype=np.int64)
    chance.quantities(u, rows, table, out)
    assert np.allclose(out, one.quantile(u), rtol=1e-9, atol=1e-6 if one.bounds == "real" else 0)
    assert out[1, :3] == pytest.approx([one.low, one.likely, one.high], rel=1e-9, abs=1e-6)
    if np.abs(out).max() < 1e12:
        chance.whole_quantities(u, rows, table, 1.0, whole)
        chance.whole_quantities(u, rows, table, 1e6, ppm)
        assert np.array_equal(whole, np.floor(np.minimum(out, chance.MOST) + 0.5))
        assert np.array_equal(ppm, np.floor(np.minimum(out * 1e6, chance.MOST) + 0.5))


def test_a_drawn_amount_is_never_more_than_can_be_summed():
    # a long tail: ln x = 20 + 5·ln(u/(1 − u)) at u = 0.999 is e^54.5, far above the 10^14 pence that are held
    whole = np.empty((1, 1), dtype=np.int64)
    chance.whole_quantities(np.array([[0.999]]), np.array([0]), np.array([[20.0, 5.0, 0.0, 1.0]]), 1.0, whole)
    assert whole[0, 0] == 10**14


def test_a_quantity_known_exactly_needs_no_luck():
    u, out = uniforms(1, 3, 6), np.empty((1, 6), dtype=np.int64)
    chance.whole_quantities(u, np.array([2]), np.array([Exact(12_345.0).coefficients()]), 1.0, out)
    assert (out == 12_345).all()


def test_whole_quantities_round_halves_up_and_read_their_own_row():
    u, out = np.array([[0.3, 0.3], [0.5, 0.9]]), np.empty((2, 2), dtype=np.int64)
    one = Range(-20, 0.5, 20, "real")
    table = np.array([Exact(2.5).coefficients(), one.coefficients()], dtype=float)
    chance.whole_quantities(u, np.array([0, 1]), table, 1.0, out)
    assert out.tolist() == [[3, 3], [1, 20]]


# ---- what happens once, and renewals


def test_something_happens_when_u_is_at_most_its_chance():
    u = np.array([[0.25, 0.5, 0.75], [0.1, 0.1, 0.1]])
    out = np.full((3, 3), 9, dtype=np.uint8)
    odds = np.array([[0.5, 0.5, 0.5], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    chance.happens(u, np.array([0, 1, 0]), odds, out)
    assert out.tolist() == [[1, 1, 0], [0, 0, 0], [1, 1, 1]]
    chance.happens(u, np.array([0, 1, 0]), np.array([[0.2, 0.6, 0.7], [0.1, 0.0, 0.2], [1.0, 0.0, 1.0]]), out)
    assert out.tolist() == [[0, 1, 0], [1, 0, 1], [1, 0, 1]]


@settings(max_examples=60, deadline=None)
@given(
    SEEDS,
    st.integers(1, 6),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(1, 20),
    st.integers(0, 24),
    st.integers(1, 30),
)
def test_what_follows_each_end_of_an_award(seed, most, renewed, held, term, told, first):
    """Decision by decision: renewed for a term, held over 3 to 12 months and asked again, or over; told before the end, never before the opening."""
    u, last = uniforms(seed, 2 * most, 30), 40
    out = {name: np.full((most, 30), -7, dtype=np.int16) for name in ("told", "from", "until")}
    kept, number, granted = np.zeros((most, 30), dtype=np.int64), np.zeros(30, dtype=np.int16), np.zeros(30, np.int16)
    odds, terms, keep = np.full((most, 30), renewed), np.full(most, term), np.full((most, 30), 800_000)
    ends = np.full(30, first, dtype=np.int16)
    kind = np.zeros((most, 30), dtype=np.uint8)
    chance.turns(u, 0, most, odds, np.full(most, float(held)), terms, keep, told, last, ends, number, *out.values(), kept, granted, kind, 0, np.zeros(30), 0, 0)  # fmt: skip
    for p in range(30):
        end, asked_after, went_on = first, 0, 0
        for k in range(number[p]):
            assert out["from"][k, p] == end < last
            assert out["told"][k, p] == min(end, max(0, end - told, asked_after))
            asked_after = 0
            if u[k, p] <= renewed:
                assert (out["until"][k, p], kept[k, p]) == (end + term, 800_000)
                went_on += 1
            elif u[k, p] <= renewed + held:
                assert (out["until"][k, p], kept[k, p]) == (end + 3 + min(9, int(10 * u[most + k, p])), 1_000_000)
                asked_after, went_on = out["told"][k, p] + 1, went_on + 1
            else:
                assert out["until"][k, p] == end
                assert k == number[p] - 1
            end = out["until"][k, p]
        assert granted[p] == went_on
        assert went_on < number[p] or end >= last or number[p] == most


# ---- payment


def further_months(v, mean):
    """k of a geometric distribution from 1 with this mean, at its upper-tail uniform v: P(more than j months) = (1 − 1/μ)^j."""
    k = 1
    while v <= (1 - 1 / mean) ** k and (1 - 1 / mean) > 0:
        k += 1
    return k


@settings(max_examples=80, deadline=None)
@given(SEEDS, st.floats(0, 5), st.floats(0, 1), st.floats(1, 8))
def test_lags_are_the_habit_of_the_payer_and_the_luck_of_the_invoice(seed, lag, late, mean):
    u, out = uniforms(seed, 13, 8), np.empty((12, 8), dtype=np.int16)
    chance.lags(u, 0, lag, 1, late, mean, 12, out)
    for p in range(8):
        habit = math.floor(lag) + (u[0, p] <= lag - math.floor(lag))
        for t in range(12):
            v = u[1 + t, p]
            assert out[t, p] == habit + (further_months(v / late, mean) if v <= late else 0)


def test_lateness_is_geometric():
    n = 100_000
    u, out = (np.arange(n) + 0.5)[None, :] / n, np.empty((1, n), dtype=np.int16)
    chance.lags(u, 0, 2.0, 0, 0.25, 3.0, 1, out)
    share = np.bincount(out[0], minlength=12)[:12] / n
    expected = np.r_[0, 0, 0.75, 0.25 * geom.pmf(np.arange(1, 10), 1 / 3)]
    assert np.allclose(share, expected, atol=2 / n)
    chance.lags(u, 0, 2.0, 0, 0.25, 1.0, 1, out)  # mean one: exactly one month
    assert np.bincount(out[0]).tolist() == [0, 0, n * 3 // 4, n // 4]


# ---- cuts


def month_by_month(u, rows, told, effective, odds, hazard, gap, begins, most, months, state, event, gone):
    """The same cuts, one month after the other, with the hazard summed until a threshold is passed.

    odds, hazard: in each climate; state: the climate by month; event: month of the payer's trouble, told by −1.5 instead of a depth.
    """
    found, summed, drawn = [], 0.0, 0
    for t in range(months):
        for year in range(len(told)):
            if told[year] == t and u[rows[0] + year] <= odds[state[t]] and len(found) < most:
                found.append((t, int(effective[year]), u[rows[1] + year]))
        if t >= begins and hazard[state[t]] > 0 and drawn < rows[4]:
            summed += hazard[state[t]]
            if summed >= -math.log(u[rows[2] + drawn]) and len(found) < most:
                found.append((t, t + gap, u[rows[3] + drawn]))
                drawn, summed = drawn + 1, 0.0
    if event < months:
        found.append((event, event + gap, -1.5))
    if gone < months:
        found.append((gone, gone + gap, -1.0))
    return sorted(found, key=lambda cut: cut[1])  # stable: of two that count from one month the one announced first


@settings(max_examples=150, deadline=None)
@given(
    seed=SEEDS,
    months=st.integers(1, 60),
    first=st.integers(1, 12),
    wait=st.integers(0, 14),
    odds=st.lists(st.sampled_from([0.0, 0.3, 0.7, 1.0]), min_size=3, max_size=3),
    hazard=st.lists(st.sampled_from([0.0, 0.02, 0.2, 1.5, 1e9]), min_size=3, max_size=3),
    climates=st.sampled_from([1, 3]),
    gap=st.integers(0, 8),
    begins=st.integers(0, 20),
    most=st.integers(0, 30),
    thresholds=st.integers(1, 40),
)
def test_cuts_are_those_of_a_loop_month_by_month(
    seed, months, first, wait, odds, hazard, climates, gap, begins, most, thresholds
):
    told = np.arange(first, months, 12)
    told = told[told >= begins]
    effective, paths = told + wait, 6
    rows = np.array([0, 10, 20, 70, thresholds])
    u = uniforms(seed, 120, paths)
    n = np.zeros(paths, dtype=np.int16)
    height = max(1, min(most, len(told) + thresholds))
    a, e = np.zeros((height + 2, paths), dtype=np.int16), np.full((height + 2, paths), 20_000, dtype=np.int16)
    depth, luck = np.zeros((height + 2, paths)), np.random.default_rng(seed)
    state = luck.integers(0, climates, (months, paths)).astype(np.uint8)
    event = luck.integers(0, 2 * months, paths).astype(np.int16)
    settle, by_month = (np.array(x[:climates])[:, None] * np.ones(paths) for x in (odds, hazard))
    halves, gone = np.full(paths, -1.5), luck.integers(0, 3 * months, paths).astype(np.int16)
    chance.cuts(u, rows, told, effective, settle, by_month, state, gap, begins, min(most, height), np.array([event, gone]), np.array([halves, np.full(paths, -1.0)]), np.array([gap, gap]), months, n, a, e, depth)  # fmt: skip
    for p in range(paths):
        found = [(int(a[k, p]), int(e[k, p]), float(depth[k, p])) for k in range(n[p])]
        assert found == month_by_month(u[:, p], rows, told, effective, odds, hazard, gap, begins, most, months, state[:, p], int(event[p]), int(gone[p]))  # fmt: skip


def test_the_first_monthly_cut_is_geometric():
    n, hazard = 50_000, chance.monthly_hazard(0.3)
    u = np.vstack([np.full((2, n), 0.5), (np.arange(n) + 0.5)[None, :] / n, np.full((1, n), 0.5)])
    number, none = np.zeros(n, dtype=np.int16), np.zeros(0, dtype=np.int64)
    told, effective, depth = (np.zeros((1, n), dtype=kind) for kind in (np.int16, np.int16, float))
    flat, calm = np.ones((1, n)), np.zeros((24, n), dtype=np.uint8)
    chance.cuts(u, np.array([0, 1, 2, 3, 1]), none, none, 0.0 * flat, hazard * flat, calm, 4, 0, 1, np.zeros((0, n), dtype=np.int16), np.zeros((0, n)), none, 24, number, told, effective, depth)  # fmt: skip
    monthly = 1 - 0.7 ** (1 / 12)
    share = np.bincount(told[0, number == 1], minlength=24) / n
    assert np.allclose(share, geom.pmf(np.arange(1, 25), monthly), atol=2 / n)
    assert (effective[0, number == 1] == told[0, number == 1] + 4).all() and (depth[0, number == 1] == u[3, 0]).all()


@given(st.floats(0, 0.999), st.floats(0, 1))
def test_a_year_of_monthly_hazard_is_the_yearly_probability(q, part):
    assert 1 - math.exp(-12 * chance.monthly_hazard(q)) == pytest.approx(q, abs=1e-12)
    assert chance.monthly_hazard(q, part) == pytest.approx(part * chance.monthly_hazard(q), abs=1e-15)


def test_what_is_certain_comes_in_its_first_month():
    assert chance.monthly_hazard(1.0) > 1e6 and chance.monthly_hazard(1.0, 0.0) == 0


@given(st.floats(1e-6, 3), st.integers(1, 120))
def test_thresholds_are_enough(hazard, months):
    drawn = chance.most_events(hazard, months)
    assert drawn > months or poisson.sf(drawn - 1, hazard * months) <= 1.1e-12
    assert drawn == 1 or poisson.sf(drawn - 2, hazard * months) > 0.9e-12  # and no more than that
