"""Ranges: their points, their exact mean and variance, and what is refused."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import integrate

from resilience.distributions import DONT_KNOW, STEEPEST, Exact, Range, parse_probability
from resilience.ranges import quantity

U = np.linspace(0, 1, 2001)[1:-1]


@st.composite
def ranges(draw, kinds=("real", "amount", "share"), width=1.5):
    """Ranges whose curve rises: a2 up to `width` on the scale on which it is unbounded, |a3| up to 1.66 a2."""
    bounds = draw(st.sampled_from(kinds))
    a1, a2 = draw(st.floats(-3, 3)), draw(st.floats(0.01, width))
    a3 = a2 * draw(st.floats(-1.66, 1.66))
    back = {"real": lambda z: z, "amount": math.exp, "share": lambda z: 1 / (1 + math.exp(-z))}[bounds]
    z = [a1 + sign * a2 * math.log(9) + 0.4 * a3 * math.log(9) * abs(sign) for sign in (-1, 0, 1)]
    assume(bounds != "amount" or a2 + a3 / 2 < 0.95)
    return Range(*map(back, z), bounds)


def integral(given_range, moment):
    """∫₀¹ moment(quantile(u)) du, independently: by scipy on each half, u or 1 − u = e^−t for the tails."""

    def lower(t):
        return moment(given_range.quantile(math.exp(-t))) * math.exp(-t)

    a1, a2, a3, code = given_range.coefficients()
    back = [lambda z: z, math.exp, lambda z: 1 / (1 + math.exp(-z)) if z > -700 else 0.0][code]

    def upper(t):  # u = 1 − e^−t, with L = ln(1 − e^−t) + t exact where u rounds to 1
        logit = math.log1p(-math.exp(-t)) + t
        return moment(back(a1 + logit * (a2 + a3 * (0.5 - math.exp(-t))))) * math.exp(-t)

    ends = [math.log(2), 3, 8, 20, 60, 200, 700]
    return sum(
        integrate.quad(half, a, b, epsabs=0, epsrel=1e-11, limit=400)[0]
        for half in (lower, upper)
        for a, b in pairwise(ends)
    )


# ---- the points given come back


@given(ranges())
def test_the_three_points_are_the_10_50_and_90_percent_points(r):
    assert r.quantile(0.1) == pytest.approx(r.low, rel=1e-9, abs=1e-12)
    assert r.quantile(0.5) == pytest.approx(r.likely, rel=1e-9, abs=1e-12)
    assert r.quantile(0.9) == pytest.approx(r.high, rel=1e-9, abs=1e-12)


@given(ranges(width=1.0))
def test_a_quantile_rises_and_stays_within_the_bounds(r):
    x = r.quantile(U)
    assert (np.diff(x) >= 0).all()
    assert r.bounds == "real" or (x >= 0).all()
    assert r.bounds != "share" or (x <= 1).all()


def test_a_float_gives_a_float_and_an_array_its_shape():
    for given_quantity in (Range(10, 20, 40), Exact(7.0)):
        assert isinstance(given_quantity.quantile(0.3), float)
        x = given_quantity.quantile(np.array([[0.1, 0.5, 0.9]]))
        assert x.shape == (1, 3)
        assert x[0, 0] == given_quantity.quantile(0.1)


def test_the_ends_are_the_bounds():
    assert [Range(-1, 0, 1, "real").quantile(u) for u in (0.0, 1.0)] == [-math.inf, math.inf]
    assert [Range(1, 2, 4, "amount").quantile(u) for u in (0.0, 1.0)] == [0, math.inf]
    assert [Range(0.2, 0.3, 0.5, "share").quantile(u) for u in (0.0, 1.0)] == [0, 1]
    falling = Range(0, 8, 10, "real")  # a3 < 0: inf − inf is avoided
    assert [falling.quantile(u) for u in (0.0, 1.0)] == [-math.inf, math.inf]


def test_an_exact_number_is_itself():
    assert Exact(5.0).quantile(np.array([0.0, 0.5, 1.0])).tolist() == [5, 5, 5]
    assert (Exact(5.0).mean(), Exact(5.0).variance()) == (5, 0)
    assert Exact(5.0).coefficients() == (5, 0, 0, 0)


def test_coefficients_by_hand():
    # low 0, likely 2, high 8: a2 = 8/(2 ln 9), a3 = (8 + 0 − 4)/(0.8 ln 9)
    ln9 = math.log(9)
    assert Range(0, 2, 8, "real").coefficients() == pytest.approx((2, 4 / ln9, 5 / ln9, 0))
    # 1, 3, 9 is even in logs: a1 = ln 3, a2 = ln 9/(2 ln 9) = 1/2, a3 = 0
    assert Range(1, 3, 9, "amount").coefficients() == pytest.approx((math.log(3), 0.5, 0, 1))
    # 0.1, 0.5, 0.9 in logits is −ln 9, 0, ln 9: a2 = 1
    assert Range(0.1, 0.5, 0.9, "share").coefficients() == pytest.approx((0, 1, 0, 2))


# ---- mean and variance against known distributions


def test_a_logistic():
    # a3 = 0: logistic with scale a2 = 20/(2 ln 9); mean the median, variance a2²π²/3
    r = Range(-10, 0, 10, "real")
    assert r.mean() == 0
    assert r.variance() == pytest.approx((10 / math.log(9)) ** 2 * math.pi**2 / 3, rel=1e-14)


@pytest.mark.parametrize("scale", [0.001, 0.1, 0.3, 0.49])
def test_a_log_logistic(scale):
    # even in logs: median m, scale s: mean m·πs/sin πs, E[x²] = m²·2πs/sin 2πs
    m = 25_000
    r = Range(m * 9**-scale, m, m * 9**scale, "amount")
    mean = m * math.pi * scale / math.sin(math.pi * scale)
    square = m**2 * 2 * math.pi * scale / math.sin(2 * math.pi * scale)
    assert r.mean() == pytest.approx(mean, rel=1e-10)
    assert r.variance() == pytest.approx(square - mean**2, rel=1e-8)


@pytest.mark.parametrize("scale", [0.6, 0.9, 0.99, 0.999])
def test_a_log_logistic_with_a_heavy_tail(scale):
    r = Range(9**-scale, 1, 9**scale, "amount")
    assert r.mean() == pytest.approx(math.pi * scale / math.sin(math.pi * scale), rel=1e-10)
    assert r.variance() == math.inf


def test_a_share_of_one_nine_in_ten_is_the_uniform():
    r = Range(0.1, 0.5, 0.9, "share")  # M = L, so x = u
    assert r.quantile(U) == pytest.approx(U, rel=1e-12)
    assert r.mean() == pytest.approx(1 / 2, rel=1e-12)
    assert r.variance() == pytest.approx(1 / 12, rel=1e-10)


@given(ranges())
@settings(deadline=None)
def test_the_mean_is_the_integral_of_the_quantile(r):
    scale = abs(r.mean()) + (r.high - r.low)
    assert r.mean() == pytest.approx(integral(r, lambda x: x), rel=1e-8, abs=1e-8 * scale)


@given(ranges(width=0.45))
@settings(deadline=None)
def test_the_variance_is_the_integral_of_the_squared_distance(r):
    _, a2, a3, _ = r.coefficients()
    assume(r.bounds != "amount" or a2 + a3 / 2 < 0.45)
    mean = r.mean()
    assert r.variance() == pytest.approx(integral(r, lambda x: (x - mean) ** 2), rel=1e-7)


@given(ranges(kinds=("real",)), st.floats(0.5, 5))
def test_a_real_range_scales(r, k):
    scaled = Range(k * r.low, k * r.likely, k * r.high, "real")
    assert scaled.mean() == pytest.approx(k * r.mean(), abs=1e-9)
    assert scaled.variance() == pytest.approx(k**2 * r.variance())


def test_a_sample_agrees_with_the_mean():
    # midpoints of a million equal slices: an error of order 1e−6 of the tail
    u = (np.arange(1_000_000) + 0.5) / 1_000_000
    for r in (Range(30_000, 40_000, 60_000), Range(0.3, 0.6, 0.7, "share"), Range(-5, 1, 4, "real")):
        assert r.quantile(u).mean() == pytest.approx(r.mean(), rel=1e-4)
        assert r.quantile(u).var() == pytest.approx(r.variance(), rel=1e-2)


# ---- what is refused


def test_the_limit_of_a_rising_curve_is_exact():
    # M′·u(1−u) = a2 + a3·(u − ½ + u(1−u)L): at the limit its least value over u is nil, and nowhere below
    u = np.linspace(1e-6, 1 - 1e-6, 2_000_001)
    g = (u - 0.5) + u * (1 - u) * np.log(u / (1 - u))
    assert STEEPEST * g.max() == pytest.approx(1, rel=1e-9)
    assert pytest.approx(1.66711, abs=5e-6) == STEEPEST  # Keelin 2016


@pytest.mark.parametrize("bounds", ["real", "amount", "share"])
def test_just_inside_the_limit_rises_and_just_outside_is_refused(bounds):
    # likely at the fraction r between the ends, a3/a2 = (1 − 2r)/0.4; the limit is r = 0.5 − 0.2 × STEEPEST = 0.16658
    back = {"real": lambda z: z, "amount": math.exp, "share": lambda z: 1 / (1 + math.exp(-z))}[bounds]
    limit = 0.5 - 0.2 * STEEPEST
    for r in (limit + 1e-6, 1 - limit - 1e-6):
        assert (np.diff(Range(back(-1), back(-1 + 2 * r), back(1), bounds).quantile(U)) > 0).all()
    for r in (limit - 1e-6, 1 - limit + 1e-6):
        with pytest.raises(ValueError, match="likely is too near one end; write likely between"):
            Range(back(-1), back(-1 + 2 * r), back(1), bounds)


def test_the_room_that_is_offered_is_accepted():
    with pytest.raises(ValueError, match=r"likely 10100, .* write likely between (\S+) and (\S+), or") as caught:
        Range(10_000, 10_100, 50_000)
    words = str(caught.value).split()
    least, most = (float(words[words.index(before) + 1].strip(",")) for before in ("between", "and"))
    assert 10_100 < least < most < 50_000
    Range(10_000, least, 50_000)
    Range(10_000, most, 50_000)


@pytest.mark.parametrize(
    ("points", "bounds", "text"),
    [
        ((30, 20, 10), "amount", "low 30, likely 20, high 10 do not rise; write low 10, likely 20, high 30"),
        (
            (1_250_000, 1_250_000, 2_000_000),
            "amount",
            "low 1250000, likely 1250000, high 2000000 do not rise; "
            "write likely between 1250000 and 2000000, and not at either",
        ),
        ((10, 10, 10), "amount", "low 10, likely 10, high 10 do not rise; write the plain number 10"),
        ((0, 20, 30), "amount", "low 0 is not above 0; write the smallest amount still thinkable, such as 1"),
        ((0, 0.2, 0.3), "share", "low 0 is not between 0 and 1; write 0.01"),
        ((0.1, 0.2, 1), "share", "high 1 is not between 0 and 1; write 0.99"),
        ((0.1, 20, 0.5), "share", "likely 20 is not between 0 and 1; write 0.20"),
        ((1, math.nan, 3), "amount", "likely nan is not a number; write it in figures, such as 1234.50"),
        ((1, 2, math.inf), "real", "high inf is not a number; write it in figures, such as 1234.50"),
        ((True, 2, 3), "real", "low true is not a number; write it in figures, such as 1234.50"),
        (("1", 2, 3), "real", "low 1 is not a number; write it in figures, such as 1234.50"),
        ((1, 2, 10**400), "real", None),
        (
            (1, 100, 10_000),  # even in logs, a2 = ln 10,000/(2 ln 9) = 2.1
            "amount",
            "low 1, likely 100, high 10000 are too far apart: the mean is infinite; raise low or bring down high",
        ),
        ((1, 2, 3), "amnt", "amnt is not a kind of bounds; write real, amount or share"),
    ],
)
def test_a_range_that_cannot_be_is_refused_with_the_fix(points, bounds, text):
    with pytest.raises(ValueError) as caught:
        Range(*points, bounds)
    assert text is None or str(caught.value) == text


def test_what_a_person_writes():
    assert quantity(1234.5) == Exact(1234.5)
    assert quantity(0, "share") == Exact(0.0)
    assert quantity(-3, "real") == Exact(-3.0)
    assert quantity({"low": 1, "likely": 2, "high": 4}) == Range(1, 2, 4, "amount")
    assert quantity({"low": 5, "likely": 5, "high": 5}) == Exact(5.0)
    assert quantity({"low": 0, "likely": 0, "high": 0}, "share") == Exact(0.0)


@pytest.mark.parametrize(
    ("value", "bounds", "text"),
    [
        ("lots", "amount", "lots is not a number; write it in figures, such as 1234.50"),
        (True, "amount", "true is not a number; write it in figures, such as 1234.50"),
        (-1, "amount", "-1 is below 0; write receipts and costs both as positive amounts"),
        (70, "share", "70 is not a share; write 0.70"),
        ({"low": 1, "likly": 2, "high": 3}, "amount", 'likly is not part of a range; did you mean "likely"?'),
        ({"low": 1, "q": 2}, "amount", "q is not part of a range; write low, likely and high"),
        ({"low": 1}, "amount", "likely and high missing from the range; write low, likely and high"),
        ({"low": "x", "likely": "x", "high": "x"}, "amount", "x is not a number; write it in figures, such as 1234.50"),
    ],
)
def test_what_a_person_may_not_write(value, bounds, text):
    with pytest.raises(ValueError) as caught:
        quantity(value, bounds)
    assert str(caught.value) == text


# ---- probabilities


@pytest.mark.parametrize(
    ("written", "probability"),
    [
        (0, 0.0),
        (1, 1.0),
        (0.7, 0.7),
        ("6 in 10", 0.6),
        (" 6  IN 10 ", 0.6),
        ("0 in 5", 0.0),
        ("5 in 5", 1.0),
        ("don't know", DONT_KNOW),
        ("Don’t know", DONT_KNOW),
    ],
)
def test_probabilities(written, probability):
    assert parse_probability(written) == probability
    assert type(parse_probability(written)) is type(probability)


NUMBER = "write a number from 0 to 1, such as 0.70"
WAYS = 'write a number from 0 to 1, "6 in 10" or "don\'t know"'


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (70, "70 is not a probability; write 0.70"),
        (100, "100 is not a probability; write 1.00"),
        (12.5, "12.5 is not a probability; write 0.125"),
        (5, "5 is not a probability; write 0.05"),
        ("70%", "70% is not a probability; write 0.70"),
        ("2.5 %", "2.5 % is not a probability; write 0.025"),
        (1.2, f"1.2 is not a probability; {NUMBER}"),
        (-0.1, f"-0.1 is not a probability; {NUMBER}"),
        (101, f"101 is not a probability; {NUMBER}"),
        ("999%", f"999% is not a probability; {NUMBER}"),
        (math.nan, f"nan is not a probability; {WAYS}"),
        (math.inf, f"inf is not a probability; {WAYS}"),
        (10**301, None),
        (True, f"true is not a probability; {WAYS}"),
        (None, f"None is not a probability; {WAYS}"),
        ("likely", f"likely is not a probability; {WAYS}"),
        ("6 of 10", f"6 of 10 is not a probability; {WAYS}"),
        ("-6 in 10", f"-6 in 10 is not a probability; {WAYS}"),
        ("10 in 6", '10 in 6 is not a probability; write the part first, such as "6 in 10"'),
        ("0 in 0", '0 in 0 is not a probability; write the part first, such as "0 in 1"'),
    ],
)
def test_what_is_no_probability(written, text):
    with pytest.raises(ValueError) as caught:
        parse_probability(written)
    assert text is None or str(caught.value) == text
