"""Every shipped scenario held to its own sentence: on the same futures it moves the measure it names the way it says."""

import itertools
import math
from functools import cache

import numpy as np
import pytest

from resilience import Projection, compare, project, read_organisation, read_scenario, read_strategy
from resilience.scenario import apply, stacked
from resilience.shipped import names

PATHS, MONTHS = 2_000, 60
CHARITIES = ("advice_charity", "nursery", "befriending")
LEVERS = (
    *("money_for_targets", "rivals_cut", "council_abolished", "flood_of_policies", "spending_spree", "election_run_up"),
    *("outlives_the_government", "programme_stopped"),
)
SEEN = 3  # standard errors
READ = {
    "lowest_spendable": lambda p: p.played.fates["lowest"] / 100,
    "people_served": lambda p: p.played.served,
    "people_turned_away": lambda p: p.played.turned_away,
    "bids_won": lambda p: p.played.fates["won"].astype(float),
}


@cache
def played(organisation: str, scenario: str = "", strategy: str = "carry_on") -> Projection:
    found, chosen = [read_scenario(scenario)] if scenario else [], read_strategy(strategy)
    return project(read_organisation(organisation), found, chosen, paths=PATHS, months=MONTHS, measures=["spendable"])


@pytest.mark.parametrize("name", names("policy"))
def test_a_shipped_scenario_says_what_it_does(name):
    scenario = read_scenario(name)
    assert scenario.expect is not None and scenario.date


@pytest.mark.parametrize("name", names("policy"))
def test_it_does_what_it_says(name):
    """Seen at three standard errors on a shipped charity, the opposite on none; where it touches nothing it moves nothing and says so."""
    scenario, seen = read_scenario(name), []
    sign = -1 if scenario.expect.direction == "lower" else 1
    for organisation in CHARITIES:
        under = scenario.expect.strategy
        one, two = (READ[scenario.expect.measure](played(organisation, s, under)) for s in ("", name))
        moved = sign * (two - one)
        mean, error = float(moved.mean()), float(moved.std(ddof=1)) / math.sqrt(PATHS)
        stack = stacked(read_organisation(organisation), [scenario])
        if not stack.changed and not stack.shocks and not stack.rises:
            assert not moved.any() and len(stack.idle) == len(scenario.shocks) + len(scenario.changes)
            continue
        assert mean >= -SEEN * error, (organisation, mean, error)
        seen.append(mean > SEEN * error)
    assert any(seen) or scenario.expect.direction == "same"


@pytest.mark.parametrize("organisation", ["advice_charity", "befriending"])
@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_of_policy_is_seen_on_two_charities_that_differ(name, organisation):
    """One lives from a council, one from gifts: the same direction on both, at three standard errors."""
    scenario = read_scenario(name)
    if (name, organisation) == ("programme_stopped", "befriending"):
        return  # nothing that central government pays for: it says so (above)
    sign, under = -1 if scenario.expect.direction == "lower" else 1, scenario.expect.strategy
    one, two = (READ[scenario.expect.measure](played(organisation, s, under)) for s in ("", name))
    moved = sign * (two - one)
    assert moved.mean() > SEEN * moved.std(ddof=1) / math.sqrt(PATHS)


def test_the_example_is_touched_by_every_scenario_but_the_baseline():
    for name in set(names("policy")) - {"baseline"}:
        stack = stacked(read_organisation("advice_charity"), [read_scenario(name)])
        assert stack.changed or stack.shocks or stack.rises, name
        assert stack.idle == [], name


@pytest.mark.parametrize("pair", list(itertools.combinations(names("policy"), 2)), ids="+".join)
def test_every_two_stack_and_say_where_they_meet(pair):
    for order in (pair, pair[::-1]):
        one, two = (read_scenario(name) for name in order)
        organisation = read_organisation("advice_charity")
        stack = stacked(organisation, [one, two])
        alone = [stacked(organisation, [scenario]) for scenario in (one, two)]
        assert apply(organisation, [one, two]).overlays == (one.name, two.name)
        changed = set(alone[0].changed) & set(alone[1].changed)
        cut = {x.stream_id for x in alone[0].shocks} & {x.stream_id for x in alone[1].shocks}
        moved = {x.place for x in alone[0].rises} & {x.place for x in alone[1].rises}
        addresses = changed | {f"streams.{x}" for x in cut} | moved
        for address in addresses:
            assert any(f" {address}" in text for text in stack.meets), (address, stack.meets)
        assert bool(stack.meets) == bool(addresses)
        assert set(stack.meets) <= set(stack.result().warnings)


def errors(name: str) -> tuple[float, float, float]:
    """Standard errors of the mean lowest cash without and with a scenario, and of their difference future by future."""
    one, two = (READ["lowest_spendable"](played("advice_charity", s)) for s in ("", name))
    without, under, difference = (float(np.std(x, ddof=1)) / math.sqrt(PATHS) for x in (one, two, two - one))
    return without, under, difference


@pytest.mark.parametrize("name", names("policy"))
def test_the_same_futures_make_a_difference_surer_than_other_futures_would(name):
    without, under, difference = errors(name)
    assert difference < math.hypot(without, under)  # the standard error, had the second been played on other futures


@pytest.mark.parametrize("name", ["largest_payer_late", "pandemic_shock", "multi_year_settlement"])
def test_of_a_mild_scenario_the_difference_is_surer_than_either(name):
    without, under, difference = errors(name)
    assert difference < min(without, under)
    found = compare(read_organisation("advice_charity"), scenarios=[[], [read_scenario(name)]], paths=PATHS, months=MONTHS)  # fmt: skip
    alone = [a.standard_errors["insolvent"] for a in found.alternatives]
    assert found.differences[0].chances["insolvent"].standard_error < min(alone)
