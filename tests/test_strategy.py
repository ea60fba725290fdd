"""Strategies: rules as data, and the combinations that mean something."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner

from resilience.cli import cli
from resilience.errors import InputError
from resilience.shipped import names
from resilience.strategy import ONLY_WITH, Do, Rule, Strategy, When, read_strategy, strategy_from
from resilience.words import strategies as words

COVER = {"when": "months of cover below", "level": 2, "do": "freeze recruitment"}
BELOW = {"when": "forecast below closing liability", "do": "close in order"}


def strategy(*rules: dict[str, Any], **more: Any) -> Strategy:
    return strategy_from(
        {"name": "Plan", "why": "a test", "source": "invented", "rules": list(rules)} | more, "plan.toml"
    )


def refusal(*rules: dict[str, Any], **more: Any) -> str:
    with pytest.raises(InputError) as caught:
        strategy(*rules, **more)
    return str(caught.value)


def test_a_rule_has_its_defaults() -> None:
    (rule,) = strategy(BELOW).rules
    assert (rule.board, rule.delay, rule.at_most, rule.level, rule.rearm_above) == ("executive", 0, None, None, None)
    assert strategy().hope == 0.0 and strategy(hope=0.5).hope == 0.5


def test_rules_keep_their_order() -> None:
    assert [rule.do for rule in strategy(BELOW, COVER).rules] == ["close in order", "freeze recruitment"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"when": "months of cover below", "do": "strip hub"}, "rules[1]: looks at months of cover and names no level"),
        (BELOW | {"level": 2}, 'rules[1]: has level, which belongs to "months of cover below" only; remove level'),
        (BELOW | {"rearm_above": 3}, "has rearm_above, which belongs to"),
        (COVER | {"rearm_above": 1}, "can fire again below its own level"),
        (COVER | {"do": "undock"}, 'does "undock" when "months of cover below"; write when = "funding ends"'),
        (BELOW | {"do": "serve notice at risk"}, 'write when = "untold at serve-by"'),
        ({"when": "funding ends", "do": "strip hub"}, 'does "strip hub" when "funding ends"; write do = "undock"'),
        ({"when": "untold at serve-by", "do": "undock"}, 'write when = "funding ends"'),
        (BELOW | {"when": "forecast insolvant"}, "rules[1].when: forecast insolvant is not known here"),
        (BELOW | {"do": "close in ordr"}, 'did you mean "close in order"?'),
        (BELOW | {"board": "monthly"}, 'write one of "executive" or "quarterly"'),
        (BELOW | {"delay": -1}, "rules[1].delay: -1 is too small; write 0 or more"),
        (BELOW | {"at_most": 0}, "rules[1].at_most: 0 is too small; write 1 or more"),
        (BELOW | {"at_mots": 1}, 'rules[1].at_mots: is not a field of this table; did you mean "at_most"?'),
    ],
)
def test_what_makes_no_sense_is_refused(rule: dict[str, Any], said: str) -> None:
    assert said in refusal(rule)


def test_hope_is_a_share() -> None:
    assert "hope: 70 is not a share; write it between 0 and 1, like 0.7" in refusal(hope=70)


def test_every_fault_is_said_at_once() -> None:
    assert len(refusal(BELOW | {"level": 2}, COVER | {"do": "undock"}, hope=2, why="").splitlines()) == 4


def test_the_shipped_strategies() -> None:
    assert read_strategy("carry on").rules == []
    assert [rule.do for rule in read_strategy("hub-and-dock").rules] == [
        "undock",
        "serve notice at risk",
        "close in order",
    ]
    cut_late = read_strategy("cut_late").rules
    assert [(rule.level, rule.board, rule.do) for rule in cut_late] == [
        (2.0, "executive", "freeze recruitment"),
        (1.5, "quarterly", "strip hub"),
        (1.0, "quarterly", "close lowest contribution"),
        (None, "executive", "close in order"),
    ]
    assert read_strategy("close_in_order").rules == [Rule.model_validate(BELOW)]


# ---- in words


def said(*rules: dict[str, Any], **more: Any) -> list[str]:
    return words.rules(strategy(*rules, **more))


@pytest.mark.parametrize("do", get_args(Do))
@pytest.mark.parametrize("when", get_args(When))
def test_every_rule_that_can_be_written_has_a_sentence_of_its_own(when: str, do: str) -> None:
    rule = {"when": when, "do": do} | ({"level": 2} if when == COVER["when"] else {})
    if ONLY_WITH.get(do) != (when if when in ONLY_WITH.values() else None):
        refusal(rule)
        return
    (line,) = said(rule)
    assert words.DO[do] in line and words.WHEN[when].format(level="2 months")[1:] in line and line.endswith(".")


@pytest.mark.parametrize(
    ("field", "value"),
    [("level", 3), ("board", "quarterly"), ("delay", 1), ("at_most", 1), ("rearm_above", 4), ("do", "strip hub")],
)
def test_every_field_of_a_rule_moves_its_sentence(field: str, value: Any) -> None:
    assert said(COVER) != said(COVER | {field: value})
    if field != "do":
        assert said(COVER | {"do": "strip hub"}) != said(COVER | {"do": "strip hub", field: value})
    assert set(Rule.__annotations__) == {"when", "level", "board", "delay", "at_most", "rearm_above", "do"}


def test_a_rule_in_a_boards_words() -> None:
    assert said(COVER | {"level": 1, "rearm_above": 3, "board": "quarterly", "delay": 2}) == [
        "When spendable cash pays for less than 1 month of spending, 2 months later no vacancy is filled until "
        "it pays for more than 3 months; the board looks each quarter, sooner if the forecast is below nil."
    ]
    assert said(hope=0.25)[-1] == "Its forecast counts awards that nobody has told yet at 25 % of their amount."
    assert said() == [words.NO_RULE]


def test_who_undocks_late_does_not_leave_with_its_funding() -> None:
    (line,) = said({"when": "funding ends", "do": "undock", "delay": 3})
    assert "3 months later the team gets notice, that much too late to leave with its funding" in line
    assert "more than 0 months" in said(COVER | {"do": "strip hub", "level": 0, "rearm_above": 0})[0]


def test_the_list_says_each_strategy_and_its_rules(tmp_path: Path) -> None:
    run = lambda *typed: CliRunner().invoke(cli, ["strategies", *typed])  # noqa: E731
    for name in names("strategies"):
        assert f"{name}: {read_strategy(name).name}" in run().output
    found = json.loads(run("--json").output)
    assert found["schema"] == "resilience.strategies/1"
    assert [one["name"] for one in found["strategies"]] == list(names("strategies"))
    ours = tmp_path / "ours.toml"
    ours.write_text(
        'name = "Ours"\nwhy = "a test"\nsource = "invented"\n[[rules]]\nwhen = "funding ends"\ndo = "undock"\n'
    )
    (one,) = json.loads(run(str(ours), "--json").output)["strategies"]
    assert one["title"] == "Ours" and len(one["rules"]) == 1 and words.DO["undock"] in one["rules"][0]


def test_every_name_that_is_wrong_is_said() -> None:
    done = CliRunner().invoke(cli, ["strategies", "hub_and_dok", "cary_on"])
    assert (
        done.exit_code == 2
        and 'did you mean "hub_and_dock"' in done.output
        and 'did you mean "carry_on"' in done.output
    )
