"""Alternatives on the same futures: the paired standard error by hand, and that common draws earn their keep."""

import json
import math

import exact_answers as known
import numpy as np
import pytest

from resilience.decisions.compare import AS_IT_STANDS, _chance, compare
from resilience.measures import paired_difference
from resilience.organisation_file import read_organisation
from resilience.projection import project
from resilience.scenario import read_scenario, scenario_from
from resilience.strategy import read_strategy

GIFT = {"kind": "giving", "form": "gift", "payment": "monthly", "cut": 0}


def scenario(name, *shocks):
    return scenario_from({"name": name, "why": "test", "source": "test", "shocks": list(shocks)}, f"{name}.toml")


GONE = scenario("Gone", {"streams": {"id": "gift"}, "depth": 1, "from": "2026-07", "notice": 0})


def chancy(bank=7_000):
    """A gift of 1,000 a month that may end, against 1,500 a month of rent, and a bid."""
    gift = {**GIFT, "yearly": 12_000, "cut": 0.4, "depth": 1, "settlement_share": 0, "notice": "none"}
    bid = {
        "kind": "giving",
        "form": "gift",
        "payment": "monthly",
        "yearly": 6_000,
        "term": 24,
        "decision": "2026-06",
        "chance": 0.5,
    }
    hub = {"costs": {"rent": {"yearly": 18_000, "grows": 0}}}
    return known.charity(
        bank=bank, hub=hub, streams={"gift": gift, "other": {**GIFT, "yearly": 2_400}}, bids={"bid": bid}
    )


def test_the_paired_standard_error_by_hand():
    # eight paths: 2 fail under both, b = 1 only under the first, c = 3 only under the second, 2 under neither
    first = np.array([1, 1, 1, 0, 0, 0, 0, 0], dtype=bool)
    second = np.array([1, 1, 0, 1, 1, 1, 0, 0], dtype=bool)
    difference, error = paired_difference(first, second)
    assert difference == (3 - 1) / 8
    # √(b + c − (b − c)²/N)/N = √(1 + 3 − 4/8)/8 = √3.5/8
    assert error == pytest.approx(math.sqrt(3.5) / 8, abs=1e-15)
    # it is the standard error of the mean of −1, 0, 1, path by path (divided by N, not N − 1)
    assert error == pytest.approx(np.std(second.astype(int) - first.astype(int)) / math.sqrt(8), abs=1e-15)


def test_what_lies_within_two_standard_errors_is_not_seen():
    none, one, six = (np.arange(20) < n for n in (0, 1, 6))
    # b = 0 of 20. c = 6: 0.30, error √(6 − 36/20)/20 = 0.1025. c = 4: 0.20, error √(4 − 16/20)/20 = 0.0894.
    # c = 3: 0.15, error √(3 − 9/20)/20 = 0.0798: below twice that, though above once.
    assert _chance(none, six).seen
    assert _chance(none, np.arange(20) < 4).seen
    assert not _chance(none, np.arange(20) < 3).seen
    assert _chance(none, np.arange(20) < 3).standard_error == pytest.approx(0.0798, abs=1e-4)
    assert not _chance(one, one).seen


def test_counts_and_difference_are_those_of_two_projections():
    organisation = chancy()
    found = compare(organisation, scenarios=[[], GONE], months=18, paths=1_000, seed=3)
    a, b = (project(organisation, s, months=18, paths=1_000, seed=3) for s in ([], [GONE]))
    for name, fate in (("insolvent", "end"), ("breach", "first_breach"), ("point_of_no_return", "no_return")):
        was, now = a.paths[fate] >= 0, b.paths[fate] >= 0
        chance = found.differences[0].chances[name]
        assert (chance.b, chance.c) == (int((was & ~now).sum()), int((now & ~was).sum()))
        assert chance.difference == pytest.approx(now.mean() - was.mean())
        assert chance.difference == pytest.approx(b.probabilities[name].last - a.probabilities[name].last)
        spread = chance.b + chance.c - (chance.b - chance.c) ** 2 / 1_000
        assert chance.standard_error == pytest.approx(math.sqrt(spread) / 1_000)
        assert chance.seen == (abs(chance.difference) > 2 * chance.standard_error)
    assert found.differences[0].chances["insolvent"].c > 50  # so the test is of something
    assert [one.label for one in found.alternatives] == [AS_IT_STANDS, "Gone"]
    assert found.manifest["alternatives"][1]["overlays"] == ["Gone"]


def test_common_draws_beat_independent_seeds():
    organisation, milder = (
        chancy(),
        scenario("Milder", {"streams": {"id": "other"}, "depth": 0.5, "from": "2026-07", "notice": 0}),
    )
    paired, apart, errors = [], [], []
    for seed in range(20):
        chance = (
            compare(organisation, scenarios=[[], milder], months=18, paths=300, seed=seed)
            .differences[0]
            .chances["insolvent"]
        )
        paired.append(chance.difference)
        errors.append(chance.standard_error)
        was, now = (
            project(organisation, s, months=18, paths=300, seed=100 + 2 * seed + k)
            for k, s in enumerate(([], [milder]))
        )
        apart.append(now.probabilities["insolvent"].last - was.probabilities["insolvent"].last)
    assert np.mean(paired) > 0
    assert np.var(paired) < np.var(apart) / 2
    # and the stated error is the spread that is seen: χ² of 19 degrees of freedom, 1 in 10,000 either way
    ratio = np.var(paired, ddof=1) / np.mean(np.square(errors))
    assert 3.9 / 19 < ratio < 50.8 / 19


def test_a_loss_without_chance_by_hand():
    # 12,000 a year gone from July (month 3): by the end of month 11, nine months of 1,000 pounds
    organisation = known.charity(bank=100_000, streams={"gift": {**GIFT, "yearly": 12_000}})
    found = compare(organisation, scenarios=[GONE], months=14, chance=False)
    year, last = found.differences[0].cash
    assert (year.month, year.both, year.less, year.more) == ("2027-03", 1, 1.0, 0.0)
    assert year.mean == year.p10 == year.p90 == -9_000
    assert (last.month, last.mean) == ("2027-05", -11_000)
    assert year.seen and year.mean_error == 0


def test_cash_is_compared_path_by_path_and_ended_paths_have_less():
    # without the gift 1,300 a month go, or 800 if the bid is won: 14,000 pounds last the 18 months only with the bid
    organisation = chancy(bank=14_000)
    found = compare(organisation, scenarios=[[], GONE], months=18, paths=1_000, at=[17])
    (cash,) = found.differences[0].cash
    a, b = (project(organisation, s, months=18, paths=1_000) for s in ([], [GONE]))
    going = [p.paths["end"] < 0 for p in (a, b)]
    gap = (b.played.money["spendable"][17] - a.played.money["spendable"][17]) / 100
    both = going[0] & going[1]
    assert cash.both == both.sum() > 100
    assert cash.mean == pytest.approx(gap[both].mean())
    assert cash.mean_error == pytest.approx(gap[both].std(ddof=1) / math.sqrt(both.sum()))
    ordered = np.sort(gap[both])
    assert cash.p10 == ordered[math.ceil(0.1 * len(ordered)) - 1]
    assert cash.p90 == ordered[math.ceil(0.9 * len(ordered)) - 1]
    assert cash.less == ((both & (gap < 0)) | (going[0] & ~going[1])).mean() > both.mean() / 2
    assert cash.more == 0
    assert cash.p10_error >= 0


def test_people_and_posts():
    found = compare(
        read_organisation("certain"), strategies=[read_strategy(n) for n in ("carry on", "hub and dock")], months=14
    )
    a, b = (
        project(read_organisation("certain"), None, read_strategy(n), months=14) for n in ("carry on", "hub and dock")
    )
    difference = found.differences[0]
    assert difference.posts_lost.difference == 20  # the befrienders, by hand in test_certain
    assert difference.served.difference == pytest.approx(b.paths["served"][0] - a.paths["served"][0])
    assert (difference.label, difference.reference) == ("Hub and dock", "Carry on")
    assert found.best == []  # two strategies: nothing is picked


def test_the_best_of_three_is_chosen_on_even_blocks_and_reported_on_odd_ones():
    organisation = read_organisation("small_contracts")
    strategies = [read_strategy(n) for n in ("carry on", "cut late", "hub and dock")]
    found = compare(organisation, strategies=strategies, months=24, paths=1_000)
    failed = {s.name: project(organisation, None, s, months=24, paths=1_000).paths["end_kind"] == 1 for s in strategies}
    block = np.arange(1_000) // 50  # 20 blocks of 50 paths
    even = block % 2 == 0
    best = next(one for one in found.best if one.by == "insolvent")
    assert best.label == min(failed, key=lambda name: (failed[name][even].mean(), name))
    assert best.chosen_at == failed[best.label][even].mean()
    gap = failed[best.label][~even].astype(float) - failed["Carry on"][~even]
    assert best.difference == pytest.approx(gap.mean())
    assert best.standard_error == pytest.approx(gap.std(ddof=1) / math.sqrt(500))
    assert {one.by for one in found.best} == {"insolvent", "breach", "point_of_no_return", "served"}


def test_every_strategy_under_every_scenario():
    strategies = [read_strategy(n) for n in ("carry on", "cut late")]
    scenarios = [read_scenario("baseline"), [read_scenario("council cut 30"), read_scenario("late payment")]]
    found = compare(
        read_organisation("small_contracts"), scenarios=scenarios, strategies=strategies, months=12, paths=50
    )
    assert [one.label for one in found.alternatives] == [
        "Baseline, Carry on",
        "Baseline, Cut late",
        "Council cut 30 % + Late payment, Carry on",
        "Council cut 30 % + Late payment, Cut late",
    ]
    assert {one.reference for one in found.differences} == {"Baseline, Carry on"}


def test_nothing_to_compare_is_refused():
    organisation = chancy()
    with pytest.raises(ValueError, match="nothing to compare"):
        compare(organisation)
    with pytest.raises(ValueError, match="Gone is there twice"):
        compare(organisation, scenarios=[GONE, GONE])
    with pytest.raises(ValueError, match="indices from 0 to 5"):
        compare(organisation, scenarios=[GONE], months=6, at=[6])


def test_the_json_form_is_whole_and_without_nan():
    found = compare(chancy(bank=0), scenarios=[GONE], months=14, paths=40).as_dict()
    text = json.loads(json.dumps(found, allow_nan=False))
    assert text["schema"] == "resilience.comparison/1"
    assert text["manifest"]["seed"] == 1 and text["manifest"]["paths"] == 40
    assert [one["role"] for one in text["manifest"]["inputs"]] == ["organisation", "strategy", "scenario"]
    assert text["differences"][0]["cash"][-1]["both"] == 0  # all have run out, so there is no difference in pounds
    assert text["differences"][0]["cash"][-1]["mean"] is None
