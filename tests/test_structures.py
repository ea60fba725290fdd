"""The conventional structure beside hub and dock: what differs, by hand, and that the luck does not."""

import numpy as np
import pytest
from a_small_file import pence, play, raw
from click.testing import CliRunner

from resilience import compare, project, read_organisation, read_scenario, read_strategy
from resilience.cli import cli
from resilience.organisation_file import organisation_from
from resilience.strategy import strategy_from
from resilience.structures import conventional, structured

WORKER = {"pay": 30_000, "age": 45, "service": 10, "turnover": 0, "pension": 0, "notice_weeks": 4}


def two_teams():
    """A team whose award ends in March 2027, and one that a bid starts in May 2027: its post is empty and like theirs."""
    grant = {
        "kind": "trust",
        "form": "contract",
        "yearly": 60_000,
        "payment": "monthly",
        "uplift": 0,
        "lost": {"ended": 1},
    }
    team = {"posts": {"worker": {"heads": 1, **WORKER, "post": "worker"}}}
    bid = {"kind": "trust", "form": "contract", "yearly": 60_000, "payment": "monthly", "uplift": 0, "chance": 1, "term": 24, "decision": "2026-06", "mobilisation": {"months": 7}}  # fmt: skip
    return raw(
        {"first": {**grant, "until": "2026-12", "renewal": {"chance": 0, "told": 6}}},
        bids={"second": bid},
        docks={"one": {**team, "funded_by": ["first"]}, "two": {**team, "funded_by": ["second"]}},
        redeployment=1,
        employment_allowance=False,
        closing={"holiday_weeks": 0},
    )


def test_conventional_keeps_heads_hours_and_pay_and_gives_up_nothing_of_the_hub():
    before = organisation_from(read_organisation("advice_charity").raw | {"redeployment": 0.5}, "advice_charity.toml")
    after = conventional(before)
    assert {place: (p.heads, p.hours, p.pay, p.age, p.service) for place, (_, p) in after.posts().items()} == {
        place: (p.heads, p.hours, p.pay, p.age, p.service) for place, (_, p) in before.posts().items()
    }
    assert set(before.hub.core) < set(after.hub.core) == set(before.hub.posts)
    assert after.redeployment == 0 < before.redeployment
    assert after.as_read is before and after.overlays == ("conventional structure",)


def test_nobody_redeployed_costs_a_redundancy_by_hand():
    tables = two_teams()
    kept = play(tables, strategy="hub and dock")
    let_go = play_conventional(tables)
    # 45 years old, 10 complete years in December 2026: the ten years began at 44 … 35: 1½ weeks for 44, 43, 42, 41 and 1 for six: 12 weeks
    # of 30,000/52 = 576.92, below the cap of 751: 6,923.08. The other structure keeps the head, who fills the post of the other team.
    redundancy = round(12 * 3_000_000 / 52)
    assert sum(pence(let_go, "spending_one_off")) - sum(pence(kept, "spending_one_off")) == redundancy
    assert (kept.played.fates["posts_lost"].tolist(), let_go.played.fates["posts_lost"].tolist()) == ([0], [1])


def play_conventional(tables):
    made = structured(organisation_from(tables, "x.toml"), "conventional")
    return project(made, [], read_strategy("hub and dock"), months=24, paths=1, keep_paths=True)


def test_the_hub_outside_its_core_is_stripped_in_one_structure_only():
    rule = {"when": "months of cover below", "level": 120, "do": "strip hub", "at_most": 1}
    strip = strategy_from({"name": "Strip", "why": "test", "source": "test", "rules": [rule]}, "strip.toml")
    tables = raw({"gift": {"kind": "giving", "yearly": 12_000, "cut": 0}}, opening={"bank": 300_000, "creditors": 0}, hub={"core": ["chief"], "posts": {"chief": {"heads": 1, **WORKER}, "office": {"heads": 2, **WORKER}}})  # fmt: skip
    lost = [
        project(structured(organisation_from(tables, "x.toml"), one), [], strip, months=12, paths=1).played.fates["posts_lost"][0]
        for one in ("hub-and-dock", "conventional")
    ]  # fmt: skip
    assert lost == [2, 0]


def test_both_structures_meet_the_same_luck():
    """Under carry on nobody is let go, so what differs is nothing at all but the redeployment that never happens."""
    organisation, scenario = read_organisation("advice_charity"), read_scenario("council_cut_30")
    one, two = (project(structured(organisation, s), scenario, paths=500, months=36, keep_paths=True) for s in ("hub-and-dock", "conventional"))  # fmt: skip
    for name, values in one.played.money.items():
        assert np.array_equal(values, two.played.money[name]), name
    assert two.manifest["overlays"] == ["conventional structure", "Council cut 30 %"]


def test_the_comparison_counts_what_two_projections_show():
    organisation = read_organisation("advice_charity")
    found = compare(organisation, structures=["hub-and-dock", "conventional"], paths=400, months=36, seed=5)
    assert [(a.structure, a.strategy, a.label) for a in found.alternatives] == [
        ("hub-and-dock", "Hub and dock", "hub-and-dock"),
        ("conventional", "Cut late", "conventional"),
    ]
    a = project(organisation, [], read_strategy("hub_and_dock"), paths=400, months=36, seed=5, keep_paths=True)
    b = project(conventional(organisation), [], read_strategy("cut_late"), paths=400, months=36, seed=5, keep_paths=True)  # fmt: skip
    one = found.differences[0]
    goes_on = [p.played.fates["end"] < 0 for p in (a, b)]
    assert one.chances["continuing"].difference == pytest.approx(goes_on[1].mean() - goes_on[0].mean())
    for at in one.closing_liability:
        t = a.months.index(at.month)
        both = [(p.played.fates["end"] < 0) | (p.played.fates["end"] > t) for p in (a, b)]
        d = (b.played.money["closing_liability"][t] - a.played.money["closing_liability"][t])[both[0] & both[1]] / 100
        assert (at.both, at.difference) == (len(d), pytest.approx(d.mean()))
        assert at.standard_error == pytest.approx(d.std(ddof=1) / len(d) ** 0.5)


def test_one_structure_is_compared_with_the_file_as_it_stands():
    found = compare(read_organisation("nursery"), structures=["conventional"], paths=40, months=12)
    assert [a.structure for a in found.alternatives] == ["hub-and-dock", "conventional"]
    assert [m["structure"] for m in found.manifest["alternatives"]] == ["hub-and-dock", "conventional"]


def test_typed():
    said = (
        CliRunner()
        .invoke(cli, ["compare", "nursery", "--structure", "conventional", "--paths", "50", "--months", "12"])
        .output
    )
    assert (
        "conventional, against hub-and-dock" in said
        and "Managed here: hub-and-dock by “Hub and dock”" in said.replace("\n", " ")
    )
    wrong = CliRunner().invoke(cli, ["compare", "nursery", "--structure", "convntional"])
    assert wrong.exit_code == 2 and "hub-and-dock" in wrong.output
    twice = CliRunner().invoke(cli, ["compare", "nursery", "--structure", "conventional", "--structure", "conventional"])  # fmt: skip
    assert twice.exit_code == 2 and "conventional is there twice" in twice.output
