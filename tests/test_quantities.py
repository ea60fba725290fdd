"""Every form of range: against scipy.stats and closed formulas, through `project`, widened, moved by scenarios, refused."""

import csv
import io
import json
import math
from functools import cache

import exact_answers as known
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from resilience import chance, project
from resilience.cli import cli
from resilience.decisions.compare import compare
from resilience.distributions import Exact, Range
from resilience.errors import InputError
from resilience.exact import exact
from resilience.exports import as_json, document
from resilience.exports.tables import assumptions
from resilience.exports.tables import csv as as_csv
from resilience.organisation_file import json_schema, organisation_from
from resilience.page.register import from_the_file
from resilience.projection.luck import luck
from resilience.projection.plan import prepare
from resilience.ranges import Beta, Hard, Lognormal, Uniform, Weighted, quantity
from resilience.scenario import apply, scenario_from
from resilience.strategy import read_strategy
from resilience.words import figure

N = 20_000
U = np.linspace(0, 1, 1001)[1:-1]


# ---- the same distributions by SciPy, from textbook formulas


class Metalog:
    """M(u) = a1 + a2·L + a3·(u − ½)·L through three points, in ln x or logit x; spread times a2 and a3."""

    def __init__(self, low, likely, high, share=False, spread=1.0):
        to = (lambda x: math.log(x / (1 - x))) if share else math.log
        self.share, (low, likely, high) = share, map(to, (low, likely, high))
        self.a = (likely, spread * (high - low) / (2 * math.log(9)), spread * (high + low - 2 * likely) / (0.8 * math.log(9)))  # fmt: skip

    def ppf(self, u):
        return self._at(np.log(u / (1 - u)), u)

    def _at(self, odds, u):
        m = self.a[0] + odds * (self.a[1] + self.a[2] * (u - 0.5))
        return 1 / (1 + np.exp(-m)) if self.share else np.exp(m)

    def moment(self, power):
        def term(odds):  # du = u(1 − u) dL
            u = 1 / (1 + math.exp(-odds))
            return self._at(odds, u) ** power * u / (1 + math.exp(odds))

        return sum(integrate.quad(term, a, a + 10, epsabs=0, epsrel=1e-12)[0] for a in range(-60, 60, 10))

    def mean(self):
        return self.moment(1)

    def std(self):
        return math.sqrt(self.moment(2) - self.mean() ** 2)


def pert(low, likely, high):
    alpha = 1 + 4 * (likely - low) / (high - low)
    return stats.beta(alpha, 6 - alpha, low, high - low)


def triangle(low, likely, high):
    return stats.triang((likely - low) / (high - low), low, high - low)


def lognormal(mean, sd):
    variance = math.log(1 + (sd / mean) ** 2)
    return stats.lognorm(math.sqrt(variance), scale=mean * math.exp(-variance / 2))


def beta(mean, sd):
    number = mean * (1 - mean) / sd**2 - 1
    return stats.beta(mean * number, (1 - mean) * number)


def uniform(low, high):
    return stats.uniform(low, high - low)


# as written, the same by SciPy, and by SciPy when widened by half: of the metalog a2 and a3 times 1.5, of {mean, sd} the sd times 1.5,
# of hard ends each as far again by half from likely (or the middle), not below 0
HARD = {"low": 60_000, "likely": 100_000, "high": 180_000}
AMOUNTS = {
    "metalog": ({"low": 90_000, "likely": 100_000, "high": 120_000}, Metalog(90_000, 100_000, 120_000), Metalog(90_000, 100_000, 120_000, spread=1.5)),
    "quantiles": ({"p10": 90_000, "p50": 100_000, "p90": 120_000}, Metalog(90_000, 100_000, 120_000), Metalog(90_000, 100_000, 120_000, spread=1.5)),
    "pert": (HARD | {"ends": "hard"}, pert(60_000, 100_000, 180_000), pert(40_000, 100_000, 220_000)),
    "pert at an end": ({"low": 0, "likely": 0, "high": 90_000, "family": "pert"}, pert(0, 0, 90_000), pert(0, 0, 135_000)),
    "triangular": (HARD | {"family": "triangular"}, triangle(60_000, 100_000, 180_000), triangle(40_000, 100_000, 220_000)),
    "triangular to nil": ({"low": 10_000, "likely": 90_000, "high": 90_000, "ends": "hard", "family": "triangular"}, triangle(10_000, 90_000, 90_000), triangle(0, 90_000, 90_000)),
    "mean and sd": ({"mean": 100_000, "sd": 30_000}, lognormal(100_000, 30_000), lognormal(100_000, 45_000)),
    "uniform": ({"from": 60_000, "to": 140_000}, uniform(60_000, 140_000), uniform(40_000, 160_000)),
    "uniform to nil": ({"from": 10_000, "to": 90_000}, uniform(10_000, 90_000), uniform(0, 110_000)),
}  # fmt: skip
SHARES = {
    "metalog": ({"low": 0.3, "likely": 0.5, "high": 0.8}, Metalog(0.3, 0.5, 0.8, True), Metalog(0.3, 0.5, 0.8, True, 1.5)),
    "pert": ({"low": 0.2, "likely": 0.3, "high": 0.8, "ends": "hard"}, pert(0.2, 0.3, 0.8), pert(0.15, 0.3, 1.0)),
    "triangular": ({"low": 0.2, "likely": 0.3, "high": 0.8, "family": "triangular"}, triangle(0.2, 0.3, 0.8), triangle(0.15, 0.3, 1.0)),
    "mean and sd": ({"mean": 0.6, "sd": 0.15}, beta(0.6, 0.15), beta(0.6, 0.225)),
    "mean and a wide sd": ({"mean": 0.4, "sd": 0.24}, beta(0.4, 0.24), beta(0.4, 0.36)),
    "uniform": ({"from": 0.4, "to": 0.9}, uniform(0.4, 0.9), uniform(0.275, 1.0)),
}  # fmt: skip
WEIGHTED = {"values": [40_000, 10_000, 20_000, 70_000], "weights": [3, 1, 4, 0]}  # shares 3/8, 1/8, 1/2 and none
CASES = [(f"amount {n}", "amount", *case) for n, case in AMOUNTS.items()]
CASES += [(f"share {n}", "share", *case) for n, case in SHARES.items()]


@pytest.mark.parametrize(("name", "bounds", "written", "same", "wider"), CASES, ids=[case[0] for case in CASES])
def test_a_form_is_its_distribution(name, bounds, written, same, wider):
    for one, other in ((quantity(written, bounds), same), (quantity(written, bounds).wider(), wider)):
        assert one.quantile(U) == pytest.approx(other.ppf(U), rel=1e-9)
        assert one.mean() == pytest.approx(other.mean(), rel=1e-8)
        assert math.sqrt(one.variance()) == pytest.approx(other.std(), rel=1e-7)
        assert one.median() == pytest.approx(other.ppf(0.5), rel=1e-12)
        if hasattr(other, "cdf"):
            assert other.cdf(one.quantile(U)) == pytest.approx(U, abs=1e-9)
        assert isinstance(one.quantile(0.3), float) and one.quantile(U.reshape(27, 37)).shape == (27, 37)


@pytest.mark.parametrize(("name", "bounds", "written", "same", "wider"), CASES, ids=[case[0] for case in CASES])
def test_the_compiled_engine_bends_as_the_form_does(name, bounds, written, same, wider):
    one = quantity(written, bounds)
    if one.coefficients() is None:
        assert ("pert" in name or "mean" in name) and not isinstance(one, Lognormal)
        return
    out = np.empty((1, len(U)))
    chance.quantities(U[None, :], np.array([0]), np.array([one.coefficients()], dtype=float), out)
    assert out[0] == pytest.approx(one.quantile(U), rel=1e-8)


def test_values_with_weights():
    one = quantity(WEIGHTED)
    # in order 10,000 to u = 1/8, 20,000 to 5/8, 40,000 to 1
    assert one.quantile(np.array([0, 0.1249, 0.125, 0.1251, 0.6249, 0.6251, 1])).tolist() == [10_000, 10_000, 10_000, 20_000, 20_000, 40_000, 40_000]  # fmt: skip
    assert one.mean() == 1 / 8 * 10_000 + 1 / 2 * 20_000 + 3 / 8 * 40_000 == 26_250
    assert one.variance() == pytest.approx(1 / 8 * 16_250**2 + 1 / 2 * 6_250**2 + 3 / 8 * 13_750**2)
    assert one.median() == 20_000 and one.wider() is one and one.coefficients() is None
    assert quantity({"values": [1, 2, 3]}).mean() == pytest.approx(2)


def test_a_share_is_widened_as_far_as_a_share_can_be():
    # half the futures 0 and half 1 have sd 0.5, which no share of mean 0.5 exceeds
    assert quantity({"mean": 0.5, "sd": 0.4}, "share").wider() == Beta(0.5, 0.99 * 0.5)
    assert Beta(0.5, 0.499).wider() == Beta(0.5, 0.499)


def test_what_has_no_width_is_a_plain_number():
    for written in ({"low": 5, "likely": 5, "high": 5}, {"p10": 5, "p50": 5, "p90": 5}, {"from": 5, "to": 5}, {"mean": 5, "sd": 0}, {"values": [5]},
                    {"values": [5, 5]}, {"values": [5, 9], "weights": [2, 0]}, {"low": 5, "likely": 5, "high": 5, "ends": "hard"}):  # fmt: skip
        assert quantity(written) == Exact(5.0)
    assert Exact(5.0).wider() == Exact(5.0) and Exact(5.0).median() == 5


# ---- whatever the numbers


@st.composite
def quantities(draw):
    """Any form that is no metalog, of an amount or a share, and its ends."""
    bounds = draw(st.sampled_from(["amount", "share"]))
    most = 1.0 if bounds == "share" else 1e6
    low, likely, high = sorted(draw(st.floats(0, most)) for _ in range(3))
    if high - low < 1e-3 * most:
        low, likely, high = 0.2 * most, 0.3 * most, 0.9 * most
    form = draw(st.sampled_from(["pert", "triangular", "uniform", "mean", "values"]))
    if form in ("pert", "triangular"):
        return Hard(low, likely, high, bounds, form), low, high
    if form == "uniform":
        return Uniform(low, high, bounds), low, high
    if form == "values":
        weights = draw(st.lists(st.floats(0.1, 10), min_size=3, max_size=3))
        return Weighted((likely, high, low), tuple(weights)), low, high
    centre = draw(st.floats(0.1, 0.9))
    if bounds == "share":
        return Beta(centre, draw(st.floats(0.1, 0.6)) * math.sqrt(centre * (1 - centre))), 0, 1
    return Lognormal(most * centre, most * centre * draw(st.floats(0.05, 1))), 0, math.inf


@given(quantities())
def test_a_quantile_rises_within_its_bounds_and_integrates_to_the_mean(found):
    one, low, high = found
    for this, (bottom, top) in ((one, (low, high)), (one.wider(), (0, math.inf))):
        x = this.quantile(U)
        slack = 1e-9 * (1 + abs(x).max())
        assert (np.diff(x) >= -slack).all() and (x >= bottom - slack).all() and (x <= top + slack).all()
        assert (getattr(this, "bounds", "") != "share" and not isinstance(this, Beta)) or (x <= 1).all()
        # by the midpoints of a hundred thousand slices; the tails of a lognormal are the worst
        middles = (np.arange(100_000) + 0.5) / 100_000
        sd = math.sqrt(this.variance())
        assert this.quantile(middles).mean() == pytest.approx(this.mean(), abs=2e-3 * sd + slack)


@given(st.floats(1, 1e6), st.floats(1.05, 6), st.floats(1.05, 6))
def test_a_wider_metalog_keeps_its_median(likely, below, above):
    try:
        one = Range(likely / below, likely, likely * above)
    except ValueError:
        return
    wide = one.wider()
    assert wide.quantile(0.5) == pytest.approx(likely) and wide.median() == pytest.approx(likely)
    for u, end in ((0.1, one.low), (0.9, one.high)):
        assert math.log(wide.quantile(u) / likely) == pytest.approx(1.5 * math.log(end / likely))


def test_a_wider_amount_without_a_mean_is_still_drawn_up_to_the_most():
    # even in logs: a2 = ln 25/(2 ln 9)·2 = 0.73, widened 1.10: the mean is infinite
    one = Range(1_000, 5_000, 25_000)
    assert math.isfinite(one.mean()) and one.wider().mean() == math.inf == one.wider().variance()
    p = project(gift({"low": 100_000, "likely": 500_000, "high": 2_500_000}), paths=N, months=1, wider=True)
    income = p.played.money["income"][0]
    assert income.max() <= chance.MOST / 12 + 1 and (income >= 0).all()
    below = (income <= 100_000 * 100 / 12 / 5**0.5).mean()  # ln 5 below the median, widened: 1.5 ln 5 below
    assert abs(below - 0.1) <= 4 * math.sqrt(0.1 * 0.9 / N)


# ---- through a projection


def gift(yearly, **more):
    """One gift, paid by month, and nothing else."""
    stream = {"kind": "giving", "form": "gift", "payment": "monthly", "cut": 0, "yearly": yearly}
    return known.charity(streams={"gift": stream | more})


@cache
def first_month(name, how):
    written, ranged = AMOUNTS[name][0], gift(AMOUNTS[name][0])
    if how == "in the file":
        ranged = organisation_from(ranged.raw | {"ranges_too_narrow": True}, "x.toml")
    p = project(ranged, paths=N, months=1, wider=True if how == "wider" else None)
    assert p.manifest["ranges_too_narrow"] is (how != "as written"), written
    return p.played.money["income"][0] / 100


def agree(drawn, same, scale=1.0):
    """Mean, and the share of draws below the 10, 50 and 90 % points, within four standard errors."""
    assert abs(drawn.mean() - same.mean() * scale) <= 4 * same.std() * scale / math.sqrt(len(drawn))
    for q in (0.1, 0.5, 0.9):
        assert abs((drawn <= same.ppf(q) * scale).mean() - q) <= 4 * math.sqrt(q * (1 - q) / len(drawn)), q


@pytest.mark.parametrize("name", AMOUNTS)
def test_the_first_months_income_is_drawn_from_the_form(name):
    agree(first_month(name, "as written"), AMOUNTS[name][1], 1 / 12)
    agree(first_month(name, "wider"), AMOUNTS[name][2], 1 / 12)
    assert np.array_equal(first_month(name, "wider"), first_month(name, "in the file"))


def test_values_are_drawn_by_their_weights_and_not_widened():
    for wider in (False, True):
        income = project(gift(WEIGHTED), paths=N, months=1, wider=wider).played.money["income"][0]
        for amount, share in ((10_000, 1 / 8), (20_000, 1 / 2), (40_000, 3 / 8), (70_000, 0)):
            found = (income == known.part(amount * 100, 4)).mean()
            assert abs(found - share) <= 4 * math.sqrt(share * (1 - share) / N)


@pytest.mark.parametrize("name", SHARES)
def test_a_renewed_fraction_and_the_depth_of_a_cut_are_drawn_from_the_form(name):
    written, same, wide = SHARES[name]
    renewed = {"until": "2026-04", "cut": None, "renewal": {"chance": 1, "term": 24, "fraction": written}}
    renewed = {key: x for key, x in renewed.items() if x is not None}
    stream = {"kind": "giving", "form": "gift", "payment": "monthly", "yearly": 12_000_000, **renewed}
    # a certain settlement cut, told in May without notice, counts from the April after: month 12
    settled = {
        "cut": 1,
        "settlement_share": 1,
        "decision_month": "May",
        "notice": "none",
        "at_most": 1,
        "depth": written,
    }
    cut = gift(12_000_000, **settled)
    for wider, other in ((False, same), (True, wide)):
        income = project(known.charity(streams={"a": stream}), paths=N, months=2, wider=wider).played.money["income"]
        assert (income[0] == 10**8).all()
        agree(income[1] / 10**8, other)
        income = project(cut, paths=N, months=13, wider=wider).played.money["income"]
        assert (income[11] == 10**8).all()
        agree(1 - income[12] / 10**8, other)


@pytest.mark.parametrize("written", [*(case[0] for case in SHARES.values()), {"values": [0.1, 0.3], "weights": [1, 2]}])
def test_the_depth_of_a_cut_is_bent_from_its_own_uniform(written):
    settled = {
        "cut": 1,
        "settlement_share": 1,
        "decision_month": "May",
        "notice": "none",
        "at_most": 1,
        "depth": written,
    }
    prepared = prepare(gift(12_000_000, **settled), read_strategy("carry on"), 13)
    u = np.full((prepared.sources.height, len(U)), 0.5)
    u[prepared.funding.cuts[0].rows[1]] = U  # the depth of the settlement in May, the first
    drawn = luck(prepared, u)
    assert (drawn.cuts[0] == 1).all()
    expected = 1_000_000 - np.floor(quantity(written, "share").quantile(U) * 1e6 + 0.5)
    assert np.abs(drawn.cut_keep[0] - expected).max() <= 1  # the engine's logarithm may differ in its last digit


def test_a_cost_and_referrals_take_every_form():
    for written, same, _ in AMOUNTS.values():
        costs = known.charity(hub={"costs": {"rent": {"yearly": written, "grows": 0}}})
        spending = project(costs, paths=N, months=1).played.money["spending"][0] / 100
        agree(spending, same, 1 / 12)
    service = {"dock": "team", "caseload": 1, "length": 1, "referrals": {"mean": 50, "sd": 20}, "open": 0}
    served = known.charity(docks={"team": {}}, services={"advice": service})
    agree(project(served, paths=N, months=1).played.people["demand"][0], lognormal(50, 20))


def test_without_chance_the_median_holds_as_written():
    for written, same, _ in AMOUNTS.values():
        for wider in (False, True):
            p = project(gift(written), months=1, chance=False, wider=wider)
            assert p.played.money["income"][0, 0] == pytest.approx(same.ppf(0.5) * 100 / 12, abs=1)


def test_widening_leaves_what_is_fixed_before_chance():
    costs = known.charity(bank=10_000, hub={"costs": {"rent": {"yearly": HARD | {"ends": "hard"}}}})
    one, two = (project(costs, paths=10, months=1, wider=wider).manifest for wider in (False, True))
    assert one["opening"] == two["opening"] and one["opening"]["budget"] == pytest.approx(
        pert(60_000, 100_000, 180_000).ppf(0.5) / 12, abs=0.01
    )


# ---- probabilities as ranges


def bidding(odds):
    bid = {"kind": "NHS", "form": "gift", "payment": "monthly", "yearly": 12_000, "term": 24, "decision": "2026-04"}
    return known.charity(bids={"ward": bid | {"chance": odds}})


@pytest.mark.parametrize(
    ("written", "mean"),
    [
        ({"from": 0.2, "to": 0.5}, 0.35),
        ({"low": 0.1, "likely": 0.3, "high": 0.9, "ends": "hard"}, (0.1 + 4 * 0.3 + 0.9) / 6),
        ({"low": 0.1, "likely": 0.3, "high": 0.9, "family": "triangular"}, 1.3 / 3),
        ({"mean": 0.4, "sd": 0.2}, 0.4),
        ({"values": [0.2, 0.8], "weights": [3, 1]}, 0.35),
        ({"low": 0.3, "likely": 0.5, "high": 0.7}, 0.5),
        ({"p10": 0.1, "p50": 0.5, "p90": 0.9, "note": "a guess"}, 0.5),
    ],
)
def test_a_range_on_a_bids_chance_changes_nothing_but_its_mean_and_is_said(written, mean):
    organisation = bidding(written)
    won = project(organisation, paths=N, months=2).played.fates["won"]
    assert abs(won.mean() - mean) <= 4 * math.sqrt(mean * (1 - mean) / N)
    assert organisation.bids["ward"].chance == pytest.approx(mean)
    (said,) = [one for one in organisation.warnings if "chance" in one]
    assert (
        said
        == f"isolated.toml: bids.ward.chance: of its range only the mean counts, {mean:.4g}, as a bid is decided once"
    )
    (kept,) = [one for one in organisation.register if one.place == "bids.ward.chance"]
    assert kept.given and kept.value == {key: x for key, x in written.items() if key != "note"}
    assert kept.note == written.get("note", "")


def test_a_range_on_what_is_asked_more_than_once_is_its_mean_too():
    stream = {"kind": "trust", "form": "gift", "yearly": 1_000, "payment": "monthly"}
    award = stream | {"until": "2027-03", "renewal": {"from": 0.2, "to": 0.6}}
    table = stream | {"until": "2027-03", "renewal": {"chance": {"from": 0.2, "to": 0.6}, "term": 6}}
    found = known.charity(streams={"a": award, "b": table, "c": stream | {"cut": {"mean": 0.1, "sd": 0.05}}})
    assert [found.streams[name].renewal.chance for name in "ab"] == pytest.approx([0.4, 0.4])
    assert (found.streams["b"].renewal.term, found.streams["c"].cut) == (6, pytest.approx(0.1))
    said = [one for one in found.warnings if "shared factors" in one]
    assert said == [
        f"isolated.toml: streams.{place}: of its range only the mean counts, {mean}; doubt about probabilities is carried by the shared factors"
        for place, mean in (("a.renewal", 0.4), ("b.renewal.chance", 0.4), ("c.cut", 0.1))
    ]
    assert {one.place: one.value for one in found.register}["streams.a.renewal.chance"] == {"from": 0.2, "to": 0.6}


def test_a_scenario_that_makes_a_chance_plain_takes_the_warning_away():
    change = {"what": "bids", "field": "chance", "to": 0.3}
    plain = apply(bidding({"from": 0.2, "to": 0.5}), [scenario(change)])
    assert plain.bids["ward"].chance == 0.3 and not [one for one in plain.warnings if "only the mean" in one]
    halved = apply(bidding({"from": 0.2, "to": 0.5}), [scenario({**change, "to": None, "times": 0.5})])
    said = [one.split("counts, ")[1] for one in halved.warnings if "only the mean" in one]
    assert said == ["0.175, as a bid is decided once"]


# ---- scenarios


def scenario(*changes):
    kept = [{key: x for key, x in change.items() if x is not None} for change in changes]
    return scenario_from({"name": "S", "why": "a test", "source": "a test", "changes": kept}, "s.toml")


MOVED = [  # a range, with 1,000.50 added, and times 1.1
    ({"low": 10_000, "likely": 20_000, "high": 30_000}, {"low": 11_000.5, "likely": 21_000.5, "high": 31_000.5}, {"low": 11_000, "likely": 22_000, "high": 33_000}),
    ({"p10": 10_000, "p50": 20_000, "p90": 30_000}, {"p10": 11_000.5, "p50": 21_000.5, "p90": 31_000.5}, {"p10": 11_000, "p50": 22_000, "p90": 33_000}),
    ({"low": 0, "likely": 20_000, "high": 30_000, "ends": "hard"}, {"low": 1_000.5, "likely": 21_000.5, "high": 31_000.5, "ends": "hard"}, {"low": 0, "likely": 22_000, "high": 33_000, "ends": "hard"}),
    ({"low": 0, "likely": 20_000, "high": 30_000, "family": "triangular"}, {"low": 1_000.5, "likely": 21_000.5, "high": 31_000.5, "family": "triangular"}, {"low": 0, "likely": 22_000, "high": 33_000, "family": "triangular"}),
    ({"mean": 20_000, "sd": 5_000}, {"mean": 21_000.5, "sd": 5_000}, {"mean": 22_000, "sd": 5_500}),
    ({"from": 0, "to": 20_000}, {"from": 1_000.5, "to": 21_000.5}, {"from": 0, "to": 22_000}),
    ({"values": [10_000, 20_000], "weights": [1, 3]}, {"values": [11_000.5, 21_000.5], "weights": [1, 3]}, {"values": [11_000, 22_000], "weights": [1, 3]}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "added", "multiplied"), MOVED, ids=[",".join(case[0]) for case in MOVED])
def test_a_scenario_moves_every_point_of_a_range(written, added, multiplied):
    before = gift(written | {"source": "a letter"})
    for how, to in (({"add": 1_000.5}, added), ({"times": 1.1}, multiplied), ({"to": written}, written)):
        after = apply(before, [scenario({"what": "streams", "field": "yearly", **how})])
        assert after.streams["gift"].yearly == gift(to).streams["gift"].yearly
        assert {one.place: one.value for one in after.register}["streams.gift.yearly"] == to
    both = apply(before, [scenario({"what": "organisation", "field": "ranges_too_narrow", "to": True})])
    assert both.ranges_too_narrow and project(both, paths=5, months=1).manifest["ranges_too_narrow"]


def test_scenarios_applied_one_after_the_other_leave_the_register_of_both_at_once():
    first = scenario({"what": "streams", "field": "yearly", "times": 2})
    second = scenario({"what": "organisation", "field": "opening.bank", "to": 5})
    once = apply(gift(5), [first, second]).register
    assert once == apply(apply(gift(5), [first]), [second]).register
    notes = {one.place: one.note for one in once}
    assert notes["streams.gift.yearly"] == notes["opening.bank"] == "changed by the scenario S"


# ---- what is refused


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"low": 1, "likly": 2, "high": 3}, 'likly is not part of a range; did you mean "likely"?'),
        ({"low": 1, "high": 3}, "likely missing from the range; write low, likely and high"),
        ({"mean": 5}, "sd missing from the range; write mean and sd"),
        ({"from": 5}, "to missing from the range; write from and to"),
        ({"p10": 1, "p90": 3}, "p50 missing from the range; write p10, p50 and p90"),
        ({"weights": [1]}, "values missing from the range; write values"),
        ({"low": 1, "p50": 2, "high": 3}, "mixes low, likely and high with p10, p50 and p90; write one of them"),
        ({"mean": 1, "sd": 2, "ends": "hard"}, "mixes low, likely and high with mean and sd; write one of them"),
        ({"note": "x"}, "is not a range; write low, likely and high, or p10, p50 and p90, or mean and sd, or from and to, or values"),
        ({"from": 30, "to": 10.5}, "from 30, to 10.5 do not rise; write from 10.5, to 30"),
        ({"from": "a", "to": 3}, "is not a number; write it in figures, like 1234.50"),
        ({"from": -5, "to": 3}, "is below nil; receipts and costs are both written as positive amounts"),
        ({"low": 3, "likely": 1, "high": 5, "ends": "hard"}, "low 3, likely 1, high 5 do not rise; write low 1, likely 3, high 5"),
        ({"low": 1, "likely": 2, "high": 3, "ends": "soft"}, 'ends soft is not known here; write ends = "hard", or leave it out'),
        ({"low": 1, "likely": 2, "high": 3, "family": "triangle"}, 'family triangle is not known here; write "pert" or "triangular"; did you mean "triangular"?'),
        ({"p10": 3, "p50": 2, "p90": 4}, "p10 3, p50 2, p90 4 do not rise; write p10 2, p50 3, p90 4"),
        ({"p10": 1, "p50": 100, "p90": 10_000}, "p10 1, p50 100, p90 10000 are too far apart: the mean is infinite; raise p10 or bring down p90"),
        ({"mean": 0, "sd": 1}, "mean 0 is not above 0; write the mean that is expected, such as 1000"),
        ({"values": 5}, "values 5 is not a list; write it in square brackets, like [10, 20]"),
        ({"values": [1, 2], "weights": [1]}, "2 values have 1 weights; write one weight for each value"),
        ({"values": [1, 2], "weights": [0, 0]}, "weights are all 0; write a weight above 0 for each value that can be"),
        ({"values": [1, 2], "weights": [1, -1]}, "weights[2] -1 is below 0"),
        ({"values": [1, "x"]}, "is not a number; write it in figures, like 1234.50"),
        ({"values": [1.005]}, "has more than two decimals; write pounds and whole pence"),
    ],
)  # fmt: skip
def test_a_range_that_cannot_be_is_refused_in_the_files_unit(written, said):
    with pytest.raises(InputError) as caught:
        gift(written)
    assert str(caught.value).startswith(f"isolated.toml: streams.gift.yearly: {said}")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"mean": 0.5, "sd": 0.6}, "sd 0.6 is more than a share of mean 0.5 can have; write less, such as 0.499"),
        ({"mean": 1, "sd": 0.1}, "mean 1 is not between 0 and 1; write it so, such as 0.70"),
        ({"from": 20, "to": 60}, "is not a share; write it between 0 and 1, like 0.2"),
        ({"low": 0, "likely": 0.2, "high": 0.4}, "low 0 is not between 0 and 1; write 0.01"),
        ({"likely": 0.5}, "low and high missing from the range; write low, likely and high"),
    ],
)
def test_a_chance_that_cannot_be_is_refused(written, said):
    with pytest.raises(InputError) as caught:
        bidding(written)
    assert str(caught.value).startswith(f"isolated.toml: bids.ward.chance: {said}")


def test_a_range_in_place_of_a_renewal_is_told_from_its_table():
    award = {"kind": "trust", "yearly": 1, "until": "2027-03"}
    for renewal, said in (
        ({"from": 0.5}, "renewal: to missing from the range"),
        ({"term": 5}, "renewal.chance: is missing; add it"),
    ):
        with pytest.raises(InputError, match=said):
            known.charity(streams={"a": award | {"renewal": renewal}})


def test_the_exact_engine_refuses_what_it_does_not_do():
    for organisation, place in ((gift({"from": 1, "to": 2}), "yearly"), (organisation_from(gift(5).raw | {"ranges_too_narrow": True}, "x"), "ranges_too_narrow")):  # fmt: skip
        with pytest.raises(InputError, match=f"{place}.* which the exact engine does not do"):
            exact(organisation, 2)


def test_the_switch_without_a_range_is_said():
    for yearly, noticed in ((5, True), (WEIGHTED, True), ({"from": 1, "to": 2}, False)):
        found = organisation_from(gift(yearly).raw | {"ranges_too_narrow": True}, "x.toml")
        said = "x.toml: ranges_too_narrow: widens nothing, as no figure is a range that can be wider"
        assert (said in found.warnings) is noticed


def test_the_schema_shows_every_form():
    forms = json_schema()["$defs"]["Stream"]["properties"]["yearly"]["anyOf"][1]["anyOf"]
    needed = [["low", "likely", "high"], ["p10", "p50", "p90"], ["mean", "sd"], ["from", "to"], ["values"]]
    assert [one["required"] for one in forms] == needed
    assert all(one["properties"]["owner"] == {"type": "string"} for one in forms)
    assert set(forms[0]["properties"]) >= {"ends", "family"} and "weights" in forms[4]["properties"]


# ---- the register


def test_every_assumption_carries_what_stands_behind_it():
    behind = {"source": "a letter", "date": "2026-01-05", "owner": "the treasurer", "note": "n", "confidence": "low", "review_by": "2026-12-31"}  # fmt: skip
    p = project(gift({"mean": 10_000, "sd": 2_000.5} | behind), paths=20, months=2)
    (one,) = [x for x in json.loads(as_json(document(p)))["assumptions"] if x["place"] == "streams.gift.yearly"]
    assert one == {"place": "streams.gift.yearly", "value": {"mean": 10_000, "sd": 2_000.5}, "unit": "GBP a year", "class": "known", "given": True, "text": "", **behind}  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(as_csv(assumptions(p)))))
    (row,) = [x for x in rows if x["place"] == "streams.gift.yearly"]
    assert {**row, "value": json.loads(row["value"])} == one | {"given": "yes"}
    assert len(rows) == len(p.organisation.register) == len(document(p)["assumptions"])
    listed = " ".join(" ".join(from_the_file(p.organisation.register)).split())
    assert (
        "a letter; figures of 2026-01-05; vouched for by the treasurer; confidence: low; to be looked at again by 2026-12-31; note: n: "
        "streams.gift.yearly = 10,000, standard deviation 2,000.5" in listed
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"low": 0.1, "likely": 0.2, "high": 0.4}, "0.1 to 0.4, most likely 0.2"),
        ({"low": 1, "likely": 2, "high": 4_000, "ends": "hard"}, "1 to 4,000, most likely 2 (nothing beyond)"),
        ({"low": 1, "likely": 2, "high": 4, "family": "triangular"}, "1 to 4, most likely 2 (triangular)"),
        ({"p10": 1, "p50": 2, "p90": 4}, "1 to 4, as likely above 2 as below"),
        ({"mean": 1, "sd": 2}, "1, standard deviation 2"),
        ({"from": 1, "to": 2}, "anything from 1 to 2"),
        ({"values": [1, 2], "weights": [1, 3]}, "1 (1 in 4) or 2 (3 in 4)"),
        ({"values": [1, 2]}, "1 (1 in 2) or 2 (1 in 2)"),
        ({"project": 0.3}, "project 0.3"),
    ],
)
def test_a_range_in_a_line(written, said):
    assert figure(written) == said


@pytest.mark.parametrize("written", [case[0] for case in AMOUNTS.values()] + [WEIGHTED, {"values": [1, 2]}])
def test_the_register_says_a_range_as_it_was_written(written):
    assert {one.place: one.value for one in gift(written).register}["streams.gift.yearly"] == written


# ---- the command line


def test_wider_on_the_command_line(tmp_path):
    file = tmp_path / "gift.toml"
    rows = [
        'name = "Gift"',
        'first_month = "2026-04"',
        "[opening]",
        "bank = 1_000",
        "[streams.gift]",
        'kind = "giving"',
    ]
    file.write_text("\n".join([*rows, "yearly = { from = 1_000, to = 2_000 }"]))
    few = [str(file), "--paths", "40", "--months", "3"]
    run = lambda *args: CliRunner().invoke(cli, list(args))  # noqa: E731
    said = " ".join(run("project", *few, "--wider", "--assumptions").stdout.split())
    assert "every range wider by half" in said and "streams.gift.yearly = anything from 1,000 to 2,000" in said
    assert "every range wider by half" not in run("project", *few).stdout
    one, two = (json.loads(run("project", *few, "--json", *more).stdout) for more in ([], ["--wider"]))
    assert [x["manifest"]["ranges_too_narrow"] for x in (one, two)] == [False, True]
    assert one["measures"]["income"]["p95"] != two["measures"]["income"]["p95"]
    versus = ["--strategy", "hub_and_dock"]
    assert json.loads(run("compare", *few, *versus, "--wider", "--json").stdout)["manifest"]["ranges_too_narrow"] is True  # fmt: skip
    assert "every range wider by half" in run("compare", *few, *versus, "--wider").stdout.replace("\n", " ")
    refused = run("project", str(file), "--wider", "--no-chance")
    assert refused.exit_code == 2 and "leave out --wider" in refused.output


def test_a_comparison_is_played_with_wider_ranges():
    organisation = gift({"from": 60_000, "to": 140_000})
    cut = [scenario({"what": "streams", "field": "yearly", "times": 0.5})]
    found = compare(organisation, scenarios=[[], cut], paths=400, months=2, wider=True)
    assert found.manifest["ranges_too_narrow"] is True
