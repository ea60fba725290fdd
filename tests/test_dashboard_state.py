"""What a viewer chooses and moves, without a browser and without the model."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from resilience.dashboard.levers import Lever
from resilience.dashboard.state import FULL, PREVIEW, State, spread


def lever(address: str, **changed: Any) -> dict[str, Any]:
    group, _, rest = address.partition("/")
    found = {
        "address": address,
        "group": group,
        "item": rest.rpartition("/")[0] or group,
        "label": "Yearly probability of a cut",
        "help": "",
        "prefix": "",
        "suffix": "of 100",
        "low": 0,
        "high": 100,
        "begin": 0,
        "end": 100,
        "step": 1,
        "scale": 100,
    }
    return found | changed


CUT, BANK, HEADS = "streams/city/cut", "opening/bank", "hub/office/heads"
CATALOGUE: dict[str, Any] = {
    "name": "Riverside",
    "scenarios": [
        {"name": "council_cut_30", "title": "Council cut 30 %", "why": "…"},
        {"name": "late_payment", "title": "Late payment", "why": "…"},
    ],
    "strategies": [
        {"name": "carry_on", "title": "Carry on", "why": "…"},
        {"name": "hub_and_dock", "title": "Hub and dock", "why": "…"},
    ],
    "strategy": "carry_on",
    "other": "hub_and_dock",
    "groups": [],
    "levers": [
        lever(CUT),
        lever(
            BANK,
            label="All money in the bank",
            prefix="£",
            suffix="",
            low=-1e9,
            high=1e9,
            end=80_000,
            step=500,
            scale=1,
        ),
        lever(HEADS, label="People in post", suffix="people", high=2000, end=10, scale=1),
    ],
    "values": {CUT: 10.0, BANK: 40_000.0, HEADS: 2.0},
}


@pytest.fixture
def state() -> State:
    return State(CATALOGUE)


def test_at_first_everything_is_as_in_the_file(state: State) -> None:
    asked = state.request()
    assert asked == {
        "scenarios": [],
        "changes": {},
        "strategy": "carry_on",
        "other": "hub_and_dock",
        "paths": FULL,
        "preview": False,
    }
    assert state.changed() == []
    assert state.view()["moved"] == {}
    assert state.view()["undo"] is None


def test_a_lever_on_its_way_asks_for_few_futures_and_leaves_no_trace_in_the_history(state: State) -> None:
    assert state.set(CUT, 30, final=False)
    assert state.request()["paths"] == PREVIEW
    assert state.request()["changes"] == {CUT: 30.0}
    assert state.view()["undo"] is None
    assert state.set(CUT, 31)
    assert state.request()["paths"] == FULL
    assert state.view()["undo"] == "Undo: city, yearly probability of a cut to 31 of 100"
    assert state.undo()
    assert state.request()["changes"] == {}


def test_what_is_changed_is_marked_with_what_stands_in_the_file(state: State) -> None:
    state.set(BANK, "£41,000")
    assert state.changed() == ["All money in the bank: £41,000, in the file £40,000"]
    assert state.view()["moved"] == {BANK: {"value": 41_000.0, "stands": 40_000.0, "changed": True}}
    state.scenario("late_payment", True)
    assert state.changed()[0] == "Scenario: Late payment"
    assert state.view()["changes"] == 2


def test_a_lever_put_back_is_no_change(state: State) -> None:
    state.set(CUT, 30)
    state.set(CUT, 10)
    assert state.request()["changes"] == {}
    assert state.changed() == []


def test_under_a_scenario_a_lever_stands_where_the_scenario_puts_it(state: State) -> None:
    state.scenario("council_cut_30", True)
    state.answered({CUT: 25.0, BANK: 40_000.0, HEADS: 2.0})
    assert state.view()["moved"][CUT] == {"value": 25.0, "stands": 25.0, "changed": False}
    assert state.request()["changes"] == {}
    state.set(CUT, 10)  # back to the file's figure, against the scenario: a change
    assert state.request()["changes"] == {CUT: 10.0}


def test_scenarios_stack_in_the_order_of_the_list(state: State) -> None:
    state.scenario("late_payment", True)
    state.scenario("council_cut_30", True)
    assert state.request()["scenarios"] == ["council_cut_30", "late_payment"]
    state.scenario("late_payment", False)
    assert state.request()["scenarios"] == ["council_cut_30"]


def test_undo_and_redo_go_back_and_forth(state: State) -> None:
    state.set(CUT, 20)
    state.strategy("hub_and_dock")
    state.set(HEADS, 3)
    seen = [state.request()]
    while state.undo():
        seen.append(state.request())
    assert [(one["strategy"], one["other"], one["changes"]) for one in seen] == [
        (
            "hub_and_dock",
            "carry_on",
            {CUT: 20.0, HEADS: 3.0},
        ),  # beside itself there is nothing to see: they change places
        ("hub_and_dock", "carry_on", {CUT: 20.0}),
        ("carry_on", "hub_and_dock", {CUT: 20.0}),
        ("carry_on", "hub_and_dock", {}),
    ]
    while state.redo():
        pass
    assert state.request() == seen[0]
    state.undo()
    state.other("hub_and_dock")  # a new change: what was taken back is gone
    assert not state.redo()


def test_a_page_loaded_again_takes_up_what_was_chosen(state: State) -> None:
    state.scenario("late_payment", True)
    state.strategy("hub_and_dock")
    state.set(BANK, 41_000)
    kept = state.view()["choices"]
    again = State(CATALOGUE)
    assert again.restore(kept)
    assert again.request() == state.request()
    assert again.view()["undo"] == "Undo: what was chosen before the page was loaded again"


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        {},
        {"scenarios": "late_payment", "changes": [1]},
        {
            "scenarios": ["../x", 3, None],
            "strategy": {},
            "other": ["carry_on"],
            "changes": {"x/y": 1, CUT: "abc", BANK: 1e99},
        },
    ],
)
def test_what_makes_no_sense_of_it_is_left_out(state: State, kept: Any) -> None:
    before = state.request()
    state.restore(kept)
    assert state.request() == before


def test_reset_is_one_step_and_can_be_undone(state: State) -> None:
    state.set(CUT, 50)
    state.scenario("late_payment", True)
    before = state.request()
    state.reset()
    assert state.request()["changes"] == {} and state.request()["scenarios"] == []
    state.undo()
    assert state.request() == before


@pytest.mark.parametrize(
    ("address", "entry", "words"),
    [
        (CUT, "abc", '"abc" is not a number; write it in figures, like 50'),
        (CUT, "", '"" is not a number'),
        (CUT, "nan", '"nan" is not a number'),
        (CUT, math.nan, "nan is not a number"),
        (CUT, math.inf, "inf is out of reach; write a figure from 0 of 100 to 100 of 100"),
        (CUT, True, "True is not a number"),
        (CUT, None, '"None" is not a number'),
        (CUT, [1], '"[1]" is not a number'),
        (CUT, 101, "101 is out of reach"),
        (CUT, 10**400, "is out of reach"),
        (CUT, "-1", '"-1" is out of reach'),
        (BANK, "£ 1,2,3", '"£ 1,2,3" is not a number'),
        (CUT, "3,5", '"3,5" is not a number'),
        (BANK, "10.001", '"10.001" has too many decimals; write 10'),
        (BANK, 2e9, "out of reach; write a figure from −£1,000,000,000 to £1,000,000,000"),
        (HEADS, "2.5", '"2.5" is not a whole number; write one, like 5'),
        (HEADS, -1, "-1 is out of reach; write a figure from 0 people to 2,000 people"),
    ],
)
def test_an_entry_that_makes_no_sense_is_kept_with_its_fault_and_nothing_moves(
    state: State, address: str, entry: Any, words: str
) -> None:
    state.set(CUT, 20)
    before = state.request()
    assert not state.set(address, entry)
    assert state.request() == before
    (problem,) = state.view()["problems"]
    assert problem["address"] == address
    assert problem["entry"] == str(entry)[:80]
    assert words in problem["words"]
    assert state.set(address, 5) and state.view()["problems"] == []


@pytest.mark.parametrize(
    ("address", "entry", "value"),
    [
        (CUT, "30 %", 30),
        (CUT, " 12.5 ", 12.5),
        (CUT, "3 in 10", 30),
        (CUT, "1 of 8", 12.5),
        (CUT, "30 of 100", 30),
        (BANK, "£1,234.50", 1234.5),
        (BANK, "−£ 2 000", -2000),
        (BANK, 0, 0),
        (HEADS, "4 people", 4),
        (BANK, "743,000", 743_000),
        (CUT, ".5", 0.5),
    ],
)
def test_entries_are_read_as_people_write_them(state: State, address: str, entry: Any, value: float) -> None:
    assert state.set(address, entry)
    assert state.request()["changes"][address] == value


def test_what_the_state_does_not_know_is_not_done(state: State) -> None:
    before = state.request()
    assert not state.set("streams/other/cut", 5)
    assert not state.set("../../etc/passwd", 5)
    assert not state.scenario("../secret", True)
    assert not state.strategy("__import__('os')")
    assert not state.other("")
    assert not state.undo()
    assert not state.redo()
    assert state.request() == before


def test_what_never_changes_is_sent_once() -> None:
    found = spread(CATALOGUE)
    assert [one["value"] for one in found["levers"]] == [10, 40_000, 2]
    assert set(found) == {"scenarios", "strategies", "groups", "levers"}


@given(st.text() | st.floats() | st.integers() | st.booleans())
def test_a_lever_reads_a_value_within_reach_or_refuses_in_words(entry: Any) -> None:
    for one in CATALOGUE["levers"]:
        found = Lever(**one)
        try:
            value = found.read(entry)
        except ValueError as refusal:
            problem, _, fix = str(refusal).rpartition("; ")
            assert problem and fix
        else:
            assert found.low <= value <= found.high
            assert found.shown(value)
            assert found.read(value) == value


class Viewer(RuleBasedStateMachine):
    """Any order of deeds: every one can be taken back, and made again."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State(CATALOGUE)

    @rule(address=st.sampled_from([CUT, BANK, HEADS]), value=st.integers(-5, 110), final=st.booleans())
    def set(self, address: str, value: int, final: bool) -> None:
        self.state.set(address, value, final=final)

    @rule(name=st.sampled_from(["council_cut_30", "late_payment", "nosuch"]), on=st.booleans())
    def scenario(self, name: str, on: bool) -> None:
        self.state.scenario(name, on)

    @rule(name=st.sampled_from(["carry_on", "hub_and_dock", ""]))
    def strategy(self, name: str) -> None:
        self.state.strategy(name)

    @rule()
    def reset(self) -> None:
        self.state.reset()

    @rule()
    def there_and_back(self) -> None:
        self.state.strategy(self.state.choices.strategy)  # a lever on its way is let go
        before, steps = self.state.choices, 0
        while self.state.undo():
            steps += 1
        assert self.state.request()["changes"] == {} and self.state.request()["scenarios"] == []
        for _ in range(steps):
            assert self.state.redo()
        assert self.state.choices == before

    @invariant()
    def asks_only_for_what_there_is(self) -> None:
        asked = self.state.request()
        assert {*asked["scenarios"]} <= {"council_cut_30", "late_payment"}
        assert asked["strategy"] in ("carry_on", "hub_and_dock")
        for address, value in asked["changes"].items():
            assert self.state.levers[address].read(value) == value
        assert len(self.state.changed()) == len(asked["changes"]) + len(asked["scenarios"])


TestViewer = Viewer.TestCase
