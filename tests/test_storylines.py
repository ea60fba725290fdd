"""Storylines of national money: mixtures by the board's weights, month by month, and everything else as it was."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from exact_answers import charity
from test_climate import PATHS, STREAM, within, yearly

from resilience import project
from resilience.climate import STATES, known_to
from resilience.errors import InputError
from resilience.storylines import DATA, announced, shipped, source
from resilience.why import alone

STEADY, SQUEEZE = {"weight": 5}, {"weight": 3}
OWN = {"weight": 2, "turns": [{"after": 0, "climate": "growth"}, {"after": 5, "climate": "austerity"}, {"after": 9, "climate": "standstill"}]}  # fmt: skip


def telling(told, months=24, stream=None, **held):
    tables = {"storylines": {"known_to": "2026-09", "stories": told} | held}
    return charity(streams={"a": {**STREAM, "settlement_share": 0, **(stream or {})}}, **tables)


def uncut(states):
    """P(no cut by the end of each month) under one course of climates."""
    left, found = 1.0, []
    for state in states:
        left *= (1 - yearly()[STATES.index(state)]) ** (1 / 12)
        found.append(left)
    return np.array(found)


def course(turns, known=6, before="standstill", months=24):
    """The climate by month: known for so many months, then as the turns say."""
    states = [before] * months
    for after, state in turns:
        states[known + after :] = [state] * (months - known - after)
    return states


def counts(organisation, months=24, **more):
    income = project(organisation, paths=PATHS, months=months, keep_paths=True, **more).accounts["income"]
    return (income == 10_000).sum(axis=1)


def test_the_futures_are_a_mixture_of_the_stories_by_the_boards_weights():
    found = counts(telling({"steady": STEADY, "squeeze": SQUEEZE, "own": OWN}))
    own = course([(0, "growth"), (5, "austerity"), (9, "standstill")])
    expected = 0.5 * uncut(course([])) + 0.3 * uncut(course([(0, "austerity")])) + 0.2 * uncut(own)
    assert within(found, expected)
    assert not within(found, uncut(course([])))


@pytest.mark.parametrize("name", ["steady", "squeeze", "shock_and_recovery"])
def test_a_story_alone_is_its_course(name):
    found = counts(telling({name: {"weight": 1}}), 72)
    assert within(found, uncut(course(shipped()[name], months=72)))


def test_the_climate_until_then_is_what_has_been_announced():
    found = counts(telling({"squeeze": SQUEEZE}, until_then="growth", known_to="2027-01"))
    assert within(found, uncut(course([(0, "austerity")], known=10, before="growth")))


def test_months_of_what_is_announced():
    """Of the file; else dated, for England; else nothing is known beyond the first month."""
    tables = {"stories": {"steady": STEADY}}
    stream = {"a": {**STREAM}}
    assert str(known_to(charity(streams=stream, storylines=tables))) == "2029-03" == announced("England")
    assert (
        str(known_to(charity(streams=stream, storylines=tables, nation="Wales"))) == "2026-03"
        and announced("Wales") is None
    )
    assert str(known_to(charity(streams=stream, storylines=tables | {"known_to": "2028-01"}))) == "2028-01"


def test_without_chance_the_likeliest_story_is_told():
    """Of equals the first in the alphabet. Nothing is cut without chance; people come by the climate of a year before."""
    service = {"s": {"dock": "d", "caseload": 10, "length": 1, "referrals": 10, "growth_after_austerity": 0.5}}
    base = {"docks": {"d": {}}, "services": service, "chance": False}

    def demand(told):
        return (
            project(charity(storylines={"known_to": "2026-03", "stories": told}, **base), months=30)
            .measure("demand")
            .mean
        )

    assert (
        demand({"squeeze": SQUEEZE, "steady": {"weight": 1}})[20] > demand({"squeeze": SQUEEZE, "steady": STEADY})[20]
    )
    assert demand({"squeeze": {"weight": 1}, "steady": {"weight": 1}})[20] == demand({"squeeze": SQUEEZE})[20]


def test_everything_else_is_drawn_as_without_storylines():
    """A stream that no climate moves has the same months in every future, told or not."""
    stream = {"a": {**STREAM, "austerity": 1, "growth_climate": 1}, "b": {**STREAM, "kind": "trust"}}
    del stream["b"]["austerity"], stream["b"]["growth_climate"]
    plain = {"a": {k: v for k, v in stream["a"].items() if k not in ("austerity", "growth_climate")}, "b": stream["b"]}
    told = {"storylines": {"known_to": "2026-03", "stories": {"squeeze": SQUEEZE, "steady": STEADY}}}
    one, other = (
        project(charity(streams=s, **t), paths=2000, months=36, keep_paths=True).accounts
        for s, t in ((stream, told), (plain, {}))
    )
    for name, values in other.items():
        assert np.array_equal(one[name], values), name


def test_weights_count_beside_each_other_only():
    one, other = (counts(telling({"steady": {"weight": 5 * k}, "squeeze": {"weight": 3 * k}})) for k in (1, 100))
    assert np.array_equal(one, other)


def test_it_says_what_the_stories_do_alone():
    tables = {
        "storylines": {"known_to": "2026-03", "stories": {"squeeze": {"weight": 1}}},
        "hub": {"costs": {"rent": {"yearly": 1_200, "grows": 0}}},
    }
    organisation = charity(bank=100, streams={"a": {**STREAM, "depth": 1.0, "settlement_share": 0}}, grace=1, **tables)
    found = {one.place: one for one in alone(project(organisation, paths=2000, months=36))}
    assert found["storylines"].share > found["storylines"].neutral_share + 0.1 and found["storylines"].neutral == "off"


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({}, "storylines: tells no storyline that has a weight; add [storylines.stories.NAME] with a weight: steady, squeeze"),
        ({"stories": {"steady": {"weight": 0}}}, "tells no storyline that has a weight"),
        ({"stories": {"sqeeze": {"weight": 1}}}, "is no storyline that the program knows; did you mean \"squeeze\"?"),
        ({"stories": {"mine": {"weight": 1}}}, "storylines.stories.mine: is no storyline that the program knows"),
        ({"stories": {"mine": {"weight": 1, "turns": [{"after": 3, "climate": "growth"}] * 2}}}, "turns twice in one month"),
        ({"stories": {"steady": {}}}, "storylines.stories.steady.weight: is missing"),
        ({"stories": {"steady": {"weight": 1, "turns": [{"after": 1, "climate": "sunny"}]}}}, "sunny is not known here"),
    ],
)  # fmt: skip
def test_faults_are_named(held, said):
    with pytest.raises(InputError) as found:
        charity(streams={"a": STREAM}, storylines=held)
    assert said in str(found.value)


def test_stories_and_a_chain_are_one_or_the_other_and_must_do_something():
    with pytest.raises(InputError, match="national money is one or the other"):
        charity(
            streams={"a": STREAM}, storylines={"stories": {"steady": STEADY}}, climate={"standstill_to_growth": 0.1}
        )
    with pytest.raises(InputError, match="storylines: does nothing"):
        charity(streams={}, storylines={"stories": {"steady": STEADY}})


def test_the_shipped_stories_are_dated_and_sourced():
    data = tomllib.loads(Path(DATA).read_text("utf-8"))
    assert data["date"] and all(len(source(name)) > 20 for name in shipped()) and len(data["known_to"]["source"]) > 20
    assert set(shipped()) == {"steady", "squeeze", "shock_and_recovery"}
    for turns in shipped().values():
        assert [after for after, _ in turns] == sorted({after for after, _ in turns}) and {
            one for _, one in turns
        } <= set(STATES)
