"""What the model answers a page: every lever is the file with that figure, every figure is that of `project`."""

from __future__ import annotations

import copy
import json
import math
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from resilience import charts, exports, project, read_organisation, read_strategy, words
from resilience.cli import cli
from resilience.dashboard import catalogue, store
from resilience.dashboard.answers import Answers, Superseded
from resilience.errors import InputError
from resilience.organisation_file import organisation_from
from resilience.scenario import scenario_from
from resilience.shipped import names, shipped

PATHS = 500
ORGANISATION = "advice_charity"


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(ORGANISATION)


def asked(**changed: Any) -> dict[str, Any]:
    plain = {"scenarios": [], "changes": {}, "strategy": "carry_on", "other": "hub_and_dock", "paths": PATHS}
    return plain | {"preview": True} | changed


def edited(*edits: tuple[tuple[str, ...], Any]) -> Any:
    """The shipped file with figures written over: by hand, not by the page's own code."""
    raw = tomllib.loads(shipped("organisations", ORGANISATION).read_text("utf-8"))
    for keys, value in edits:
        table = raw
        for key in keys[:-1]:
            table = table[key]
        table[keys[-1]] = value
    return organisation_from(raw, "edited.toml")


LEVERS = {
    "streams/council_contract/cut": (45.0, (("streams", "council_contract", "cut"), 0.45)),
    "streams/council_contract/depth": (60.0, (("streams", "council_contract", "depth"), 0.6)),
    "streams/legal_aid/renewal.chance": (20.0, (("streams", "legal_aid", "renewal", "chance"), 0.2)),
    "bids/social_prescribing/chance": (95.0, (("bids", "social_prescribing", "chance"), 0.95)),
    "opening/bank": (300_000.5, (("opening", "bank"), 300_000.5)),
    "hub/finance/heads": (3.0, (("hub", "posts", "finance", "heads"), 3)),
}


@pytest.mark.parametrize("address", LEVERS)
def test_a_lever_is_the_file_with_that_figure(answers: Answers, address: str) -> None:
    value, edit = LEVERS[address]
    found = answers.answer(asked(changes={address: value}))
    expected = project(edited(edit), strategy=read_strategy("carry_on"), paths=PATHS)
    cash = expected.measure("spendable")
    for level in ("p10", "p25", "p75", "p90"):
        drawn = np.array(found["charts"]["cash"][level], dtype=float)
        assert np.array_equal(drawn, np.round(getattr(cash, level)), equal_nan=True)
    assert found["headline"] == words.headline(expected)
    ended = [100 * (1 - x) for x in expected.probabilities["continuing"].by_month]
    assert found["charts"]["ended"]["plans"][0]["values"] == pytest.approx(ended, abs=0.01)


def test_the_plan_beside_it_is_that_of_the_other_strategy(answers: Answers) -> None:
    changes = {"opening/bank": 300_000.5}
    found = answers.answer(asked(changes=changes))["charts"]["ended"]["plans"]
    raw = edited((("opening", "bank"), 300_000.5))
    for one, name in zip(found, ("carry_on", "hub_and_dock"), strict=True):
        expected = project(raw, strategy=read_strategy(name), paths=PATHS)
        assert one["name"] == expected.strategy.name
        assert one["values"] == pytest.approx(
            [100 * (1 - x) for x in expected.probabilities["continuing"].by_month], abs=0.01
        )


def test_a_cut_next_april_is_the_scenario_that_says_so(answers: Answers) -> None:
    scenario = scenario_from(
        {
            "name": "Cut",
            "why": "a test",
            "source": "a test",
            "shocks": [
                {"streams": {"id": ["council_contract"]}, "depth": 0.4, "from": "2027-04", "notice": 3}
            ],  # first month April 2026: the next April is a year on
        },
        "cut.toml",
    )
    found = answers.answer(asked(changes={"streams/council_contract/next_april": 40.0}))
    expected = project(read_organisation(ORGANISATION), scenario, read_strategy("carry_on"), paths=PATHS)
    assert found["headline"] == words.headline(expected)
    assert found["headline"] != answers.answer(asked())["headline"]


def test_every_lever_moves_the_picture(answers: Answers) -> None:
    still = json.dumps(answers.answer(asked())["charts"])
    values = catalogue.values(answers.organisation, answers.levers.values())
    for lever in answers.levers.values():
        with_cut = {f"streams/{lever.item}/cut": 50.0} if lever.address.endswith("/depth") else {}
        before = json.dumps(answers.answer(asked(changes=with_cut))["charts"]) if with_cut else still
        far = lever.begin if values[lever.address] > (lever.begin + lever.end) / 2 else lever.end
        found = answers.answer(asked(changes=with_cut | {lever.address: far}))
        assert json.dumps(found["charts"]) != before, lever.address


@pytest.mark.parametrize("name", names("organisations"))
def test_every_shipped_organisation_has_levers_that_start_from_its_file(name: str) -> None:
    organisation = read_organisation(name)
    levers = catalogue.levers(organisation)
    values = catalogue.values(organisation, levers)
    assert {one.address for one in levers} == set(values)
    for lever in levers:
        value = values[lever.address]
        assert lever.read(value) == value
        assert lever.begin <= value <= lever.end
        assert math.isclose(round((value - lever.begin) / lever.step) * lever.step, value - lever.begin, abs_tol=1e-6)
        assert lever.label and lever.suffix + lever.prefix
    groups = catalogue.groups(organisation)
    assert {(g["id"], i["id"]) for g in groups for i in g["items"]} == {(one.group, one.item) for one in levers}


def test_what_was_moved_is_a_scenario_file_that_gives_the_same_answer(answers: Answers, tmp_path: Path) -> None:
    changes = {address: value for address, (value, _) in LEVERS.items()}
    changes["streams/debt_advice/next_april"] = 12.5
    question = asked(scenarios=["late_payment"], changes=changes, strategy="hub_and_dock")
    file = tmp_path / "changes.toml"
    file.write_text(answers.changes(question), encoding="utf-8")
    assert (
        scenario_from(tomllib.loads(file.read_text("utf-8")), "").model_dump()
        == catalogue.scenario_of(answers.levers, changes).model_dump()
    )
    typed = ["project", ORGANISATION, "--scenario", "late_payment", "--scenario", str(file)]
    run = CliRunner().invoke(cli, [*typed, "--strategy", "hub_and_dock", "--paths", str(PATHS), "--json"])
    assert run.exit_code == 0, run.output
    printed = json.loads(run.stdout)
    given = json.loads(answers.document(question))
    for one in (printed, given):  # the file's name, and the hash of its text, differ from those of what is not a file
        one["manifest"].pop("inputs")
        one.pop("warnings")
    assert printed == given
    found = answers.answer(question)
    insolvent = printed["probabilities"]["insolvent"]["by_month"][-1]
    assert words.futures(insolvent, PATHS) in found["headline"][0]


def test_the_table_is_every_measure_by_month(answers: Answers) -> None:
    question = asked(changes={"opening/bank": 400_000.0})
    scenario = catalogue.scenario_of(answers.levers, question["changes"])
    expected = project(answers.organisation, scenario, read_strategy("carry_on"), paths=PATHS)
    assert answers.table(question) == exports.measures_csv(expected)


def test_under_a_scenario_the_levers_stand_where_it_puts_them(answers: Answers) -> None:
    values = answers.answer(asked(scenarios=["contract_won"]))["values"]
    assert values["bids/social_prescribing/chance"] == 100
    assert values["opening/bank"] == 524_000


def test_a_change_is_told_beside_the_file_as_it_stands(answers: Answers) -> None:
    assert answers.answer(asked())["difference"] == []
    (said,) = answers.answer(asked(changes={"opening/bank": 200_000.0}))["difference"]
    before = project(answers.organisation, paths=PATHS).insolvent
    after = project(edited((("opening", "bank"), 200_000)), paths=PATHS).insolvent
    a, b = round(100 * before.mean() + 1e-9), round(100 * after.mean() + 1e-9)
    assert said.startswith(
        f"With these changes, {b} of 100 run out of cash, with the file as it stands {a}: {b - a} more"
    )


def test_a_strategy_that_closes_uses_the_word_insolvent(answers: Answers) -> None:
    found = answers.answer(asked(strategy="hub_and_dock", other="hub_and_dock", scenarios=["late_payment"]))
    assert "insolvent" in found["headline"][0]
    assert len(found["charts"]["ended"]["plans"]) == 1  # the same plan is not drawn twice


def test_a_charity_without_services_has_no_chart_of_them() -> None:
    raw = copy.deepcopy(read_organisation("certain").raw)
    raw.pop("services")
    organisation = organisation_from(raw, "without.toml")
    assert charts.demand(project(organisation, paths=10, measures=charts.MEASURES)) is None


def test_without_chance_there_is_one_line_and_no_talk_of_100_futures() -> None:
    found = Answers("certain").answer(asked())
    assert found["charts"]["cash"]["caption"] == "Chance is switched off: one future, not a range."
    assert "of 100" not in found["headline"][0]
    assert found["charts"]["cash"]["table"]["head"] == ["End of", "Spendable cash"]


def at_once(*deeds: Any) -> list[Any]:
    """What each deed gives, all begun together."""
    with ThreadPoolExecutor(len(deeds)) as threads:
        return [one.result() for one in [threads.submit(deed) for deed in deeds]]


def test_full_counts_asked_at_once_get_what_each_alone_gets(answers: Answers) -> None:
    questions = [asked(changes={"opening/bank": float(p)}, preview=False) for p in (100_000, 300_000, 700_000)]
    alone = [answers.answer(one) for one in questions]
    assert at_once(*(lambda one=one: answers.answer(one) for one in questions)) == alone


def test_previews_asked_at_once_play_fewer_futures_and_say_so(answers: Answers) -> None:
    question = asked(paths=1_000, changes={"opening/bank": 300_000.0})
    answers._previews = 3  # as many viewers move something already
    try:
        found = answers.answer(question)
    finally:
        answers._previews -= 3
    assert found["paths"] == 264
    assert "Preview: 264 futures, ±" in found["note"]
    assert answers._previews == 0
    assert answers.answer(question)["paths"] == 1_000


def test_a_full_count_makes_way_for_a_preview_and_ends_all_the_same(answers: Answers) -> None:
    full = asked(preview=False, paths=3_000, changes={"opening/bank": 222_000.0})
    first, *previews = at_once(lambda: answers.answer(full), *[lambda: answers.answer(asked(paths=264))] * 3)
    assert first == answers.answer(full)
    assert all(one["paths"] == 264 for one in previews)


def test_a_full_count_gives_up_when_its_viewer_asks_again(answers: Answers, monkeypatch: Any) -> None:
    def turn(number: int, viewer: str = "one") -> dict[str, Any]:
        return asked(preview=False, paths=5_000, changes={"opening/bank": 1_000.0 * number}, viewer=viewer, turn=number)

    answers.answer(turn(7))
    with pytest.raises(Superseded):
        answers.answer(turn(6))  # asked before, played after
    assert answers.answer(turn(6, "another"))["paths"] == 5_000


def test_who_asked_and_when_changes_no_answer(answers: Answers) -> None:
    question = asked(changes={"opening/bank": 300_000.0})
    assert answers.answer(question | {"viewer": "a", "turn": 3}) == answers.answer(question)


# ---- what is kept


def test_an_answer_is_kept_for_its_user_alone_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "cache_folder", lambda: tmp_path / "kernels-0")
    worked = []

    def work() -> dict[str, Any]:
        worked.append(1)
        return {"x": [1, math.nan]}

    assert store.remembered({"q": 1}, work)["x"][0] == 1
    again = store.remembered({"q": 1}, work)
    assert again["x"][0] == 1 and math.isnan(again["x"][1])
    assert len(worked) == 1
    store.remembered({"q": 2}, work)
    assert len(worked) == 2
    files = list((tmp_path / "answers").glob("*.json"))
    assert len(files) == 2
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    whole = {file: file.read_text("utf-8") for file in files}
    wrong = ("{damaged", "[]", "5", "null", '"x"', '{"question": {"q": 1}}', "[" * 100_000, "")
    for i, text in enumerate(wrong):
        for file in files:
            file.write_text(text, encoding="utf-8")
        store.remembered({"q": 1}, work)
        assert len(worked) == 3 + i
    for file in files:
        file.write_text(whole[file].replace('"x": [1,', '"x": [2,'), encoding="utf-8")  # a figure changed by hand
    assert store.remembered({"q": 1}, work)["x"][0] == 1
    worked[:] = [1, 1, 1]
    monkeypatch.setattr(store, "program", lambda: "another version")
    store.remembered({"q": 1}, work)
    assert len(worked) == 4


def test_of_what_is_kept_the_oldest_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "cache_folder", lambda: tmp_path / "kernels-0")
    monkeypatch.setattr(store, "KEPT", 3)
    for q in range(6):
        store.remembered(q, lambda q=q: {"q": q})
    assert len(list((tmp_path / "answers").glob("*.json"))) == 3
    assert not list((tmp_path / "answers").glob(".part-*"))


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "answers").write_text("a file where the folder should be", encoding="utf-8")
    monkeypatch.setattr(store, "cache_folder", lambda: tmp_path / "kernels-0")
    assert store.remembered(1, lambda: {"a": 1}) == {"a": 1}
    monkeypatch.setattr(store, "cache_folder", lambda: None)
    assert store.remembered(1, lambda: {"a": 2}) == {"a": 2}


def test_a_kept_answer_is_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "cache_folder", lambda: tmp_path / "kernels-0")
    question = asked(preview=False)
    first = Answers(ORGANISATION).answer(question)
    again = Answers(ORGANISATION)
    monkeypatch.setattr(again, "_answer", None)  # nothing is played
    assert json.dumps(again.answer(question)) == json.dumps(first)


def test_a_file_edited_while_it_is_served_is_not_passed_off_as_what_was_read(tmp_path: Path) -> None:
    file = tmp_path / "edited.toml"
    text = shipped("organisations", "small_grants").read_text("utf-8")
    file.write_text(text, encoding="utf-8")
    answers = Answers(str(file))
    page = answers.catalogue()["file"]
    assert answers.answer(asked(file=page))["headline"]
    file.write_text(text + "\n", encoding="utf-8")
    for question in (answers.answer, answers.document, answers.table):
        with pytest.raises(
            InputError, match="has been changed since this page was opened; start `resilience dashboard` anew"
        ):
            question(asked(file=page))
    assert answers.changes(asked(file=page, changes={"opening/bank": 1.0}))  # what was moved is not lost
    with pytest.raises(InputError, match="has been changed"):
        Answers(str(file)).answer(asked(file=page))  # the model has been started again, the page has not


def test_bids_and_awards_stand_in_the_full_answer_only(answers: Answers) -> None:
    from resilience.first_answer import awards
    from resilience.words import awards as award_words

    assert answers.answer(asked())["awards"] is None
    full = answers.answer(asked(preview=False))
    expected = awards(project(read_organisation(ORGANISATION), strategy=read_strategy("carry_on"), paths=PATHS))
    table, frame = award_words.table(expected, True), full["standing"]["awards"]
    rows = [
        [*fixed[:2], *shares, *fixed[2:]] for fixed, shares in zip(frame["rows"], full["awards"]["shares"], strict=True)
    ]
    assert rows == table["rows"] and len(rows) == 7
    assert full["awards"]["said"] == table["said"]
    assert (frame["title"], frame["head"], frame["note"]) == (table["title"], table["head"], table["note"])
    assert "awards" not in answers.answer(asked())["standing"]  # so the page keeps what stands there
    assert len(json.dumps(full["awards"])) < 500  # what a lever sends anew when it rests


def test_what_nobody_knows_is_told_when_asked(tmp_path: Path) -> None:
    from resilience.why import alone

    text = shipped("organisations", ORGANISATION).read_text("utf-8")
    file = tmp_path / "moves.toml"
    file.write_text("redeployment = 0.5\n" + text, encoding="utf-8")
    one = Answers(str(file))
    assert one.answer(asked(preview=False))["nobody"] == 5  # redeployment, three doubts, what nobody listed
    assert one.answer(asked())["nobody"] == 0  # not while a lever moves
    expected = words.alone(
        alone(project(read_organisation(str(file)), strategy=read_strategy("carry_on"), paths=PATHS))
    )
    assert one.alone(asked(preview=False, viewer="a", turn=1)) == expected and len(expected) == 6
    one.turn({"viewer": "a", "turn": 3})
    with pytest.raises(Superseded):
        one.alone(asked(preview=False, viewer="a", turn=2))


def test_a_file_with_nothing_of_the_kind_on_has_nothing_to_tell() -> None:
    quiet = Answers("small_bids")  # odds as written, nothing unlisted
    assert quiet.answer(asked(preview=False))["nobody"] == 0
    assert quiet.alone(asked(preview=False, viewer="b", turn=1)) == []
