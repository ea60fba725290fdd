"""`resilience scenarios` and `resilience explain`: what stands there is what is computed with."""

import json

import pytest
from click.testing import CliRunner

from resilience import read_organisation, read_scenario
from resilience.cli import cli
from resilience.explanation import explained
from resilience.organisation_file import organisation_from
from resilience.scenario import apply, read_scenarios, scenario_from
from resilience.shipped import names

PAIRS = [["late_payment"], ["late_payment", "largest_payer_late"], ["inflation_shock", "wage_and_nic_rise"], ["largest_funder_lost", "pandemic_shock"]]  # fmt: skip


def run(*args):
    return CliRunner().invoke(cli, list(args))


@pytest.mark.parametrize("chosen", [*PAIRS, *([name] for name in names("policy"))], ids="+".join)
@pytest.mark.parametrize("organisation", ["advice_charity", "nursery"])
def test_before_and_after_are_what_the_registers_say(organisation, chosen):
    scenarios = [read_scenario(name) for name in chosen]
    one = read_organisation(organisation)
    before, after = ({x.place: x.value for x in o.register} for o in (one, apply(one, scenarios)))
    differ = {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
    found = explained(one, scenarios)
    assert {c.place for c in found.changes} == differ
    for change in found.changes:
        assert (change.before, change.after) == (before.get(change.place), after.get(change.place))
        assert change.scenarios, "every figure here is changed by a scenario itself"
        assert set(change.scenarios) <= {s.name for s in scenarios}
        assert change.source == next(s.source for s in scenarios if s.name == change.scenarios[-1])


def test_the_arithmetic_of_a_lag_that_two_scenarios_move():
    # the file's 3 months, two more of each scenario: 3 + 2 + 2
    found = explained(read_organisation("advice_charity"), read_scenarios(["late_payment+largest_payer_late"]))
    (lag,) = [one for one in found.changes if one.place == "streams.council_contract.lag"]
    assert (lag.before, lag.after, lag.given) == (3, 7, True)
    assert lag.scenarios == ["Late payment", "Largest payer 60 days late"]
    assert len(found.meets) == 1 and "streams.council_contract.lag" in found.meets[0]


def test_a_default_that_stood_there_is_said_to_be_one():
    found = explained(read_organisation("advice_charity"), read_scenarios(["late_payment"]))
    given = {one.place: one.given for one in found.changes}
    assert given["streams.council_contract.lag"] and not given["streams.council_contract.late"]


def test_what_follows_from_a_change_names_no_scenario():
    # a contract is paid in arrears, 1.3 months after delivery, unless it says otherwise; paid monthly it has no lag
    one = organisation_from({"name": "Small", "first_month": "2026-04", "opening": {"bank": 1_000}, "streams": {"ward": {"kind": "NHS", "yearly": 12_000}}}, "small.toml")  # fmt: skip
    monthly = scenario_from({"name": "M", "why": "w", "source": "s", "changes": [{"what": "streams", "field": "payment", "to": "monthly"}]}, "m.toml")  # fmt: skip
    found = {x.place.removeprefix("streams.ward."): (x.before, x.after, x.scenarios) for x in explained(one, [monthly]).changes}  # fmt: skip
    assert found["payment"] == ("arrears", "monthly", ["M"])
    assert found["lag"] == (1.3, None, [])


def test_shocks_are_said_in_words_together():
    said = " ".join(run("explain", "pandemic_shock").stdout.split())
    assert "Council contract and investment pay 13 % less from April 2027 to March 2028" in said
    assert "in terms begun since, from April 2027" in said  # awards with an end and no break clause
    assert "10 % more people are referred to community advice" in said


def test_what_touches_nothing_is_said():
    said = run("explain", "contract_won", "--org", "nursery").stdout
    assert "What touches nothing" in said and "No figure of the file is changed." in said


def test_the_list_names_every_scenario_with_what_it_does():
    said = run("scenarios").stdout
    assert [line.split(":")[0] for line in said.splitlines() if line and not line.startswith(" ")] == names("policy")
    assert " ".join(said.split()).count("Source: ") == len(names("policy"))


def test_the_list_as_json():
    found = json.loads(run("scenarios", "--json").stdout)
    assert found["schema"] == "resilience.scenarios/1"
    for one in found["scenarios"]:
        scenario = read_scenario(one["name"])
        assert (one["title"], one["why"], one["source"]) == (scenario.name, scenario.why, scenario.source)
        assert one["expect"] == {"measure": scenario.expect.measure, "direction": scenario.expect.direction}


def test_an_explanation_as_json():
    found = json.loads(run("explain", "council_cut_30", "late payment", "--json").stdout)
    assert found["schema"] == "resilience.explanation/1" and found["organisation"] == "Lantern Row Advice"
    assert [one["title"] for one in found["scenarios"]] == ["Council cut 30 %", "Late payment"]
    assert found["shocks"][0] == {"place": "streams.council_contract", "change": -0.3, "starts": "2027-04", "until": None, "told": "2026-12", "next_term": False, "scenario": "Council cut 30 %"}  # fmt: skip
    assert {"place", "unit", "before", "after", "given", "scenarios", "source"} == found["changes"][0].keys()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["explain", "late_paymnt"], 'did you mean "late_payment"?'),
        (["explain", "late_payment", "--org", "advice_charty"], 'did you mean "advice_charity"?'),
        (["explain"], "Missing argument"),
        (["explan", "late_payment"], 'Did you mean "explain"?'),
        (["scenario"], 'Did you mean "scenarios"?'),
    ],
)
def test_a_typing_mistake_gets_a_guess_and_status_2(args, said):
    result = run(*args)
    assert result.exit_code == 2 and said in result.stderr and result.stdout == ""


def test_faults_of_scenario_and_organisation_are_said_together():
    said = run("explain", "late_paymnt+pandemic_shok", "--org", "advice_charty").stderr
    assert len(said.splitlines()) == 3
