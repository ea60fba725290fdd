"""Strategies: rules as data, and the combinations that mean something."""

import json
import math
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
ASK = COVER | {"do": "ask for payment in advance"}
MERGE = COVER | {"do": "merge", "takes": 6, "found": 0.5}
# What an action cannot do without.
NEEDED = {
    "ask for payment in advance": {"agrees": 0.3},
    "emergency appeal": {"brings": 5_000},
    "raise prices": {"rise": 0.05},
    "merge": {"takes": 6, "found": 0.5},
}
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
        (BELOW | {"within": 0}, "rules[1].within: 0 is too small; write 1 or more"),
        (COVER | {"within": 6}, "has within, which belongs to a forecast only; remove within"),
        (BELOW | {"agrees": 0.5}, 'has agrees, which belongs to "ask for payment in advance" only; remove agrees'),
        (BELOW | {"fatigue": 0.5}, 'has fatigue, which belongs to "emergency appeal" only'),
        (BELOW | {"lost": 0.5}, 'has lost, which belongs to "raise prices" only'),
        (BELOW | {"needs": 2}, 'has needs, which belongs to "merge" only'),
        (ASK, 'does "ask for payment in advance" and does not say agrees; write agrees = 0.3, or another chance'),
        (COVER | {"do": "emergency appeal"}, "does not say brings; write brings = {"),
        (COVER | {"do": "raise prices"}, "does not say rise; write rise = 0.05 for 5 %"),
        (COVER | {"do": "merge", "found": 1}, "does not say takes; write takes = 6 and found = 0.5"),
        (COVER | {"do": "merge"}, "does not say takes and found"),
        (MERGE | {"at_most": 5}, "looks for a partner too often; write at_most = 4 or less"),
        (MERGE | {"found": 50}, "rules[1].found: 50 is not a share; write it between 0 and 1, like 0.5"),
        (ASK | {"agrees": 0.5, "do": "ask for paymnt in advance"}, 'did you mean "ask for payment in advance"?'),
        (BELOW | {"when": "contract lots"}, 'did you mean "contract lost"?'),
        (BELOW | {"at_mots": 1}, 'rules[1].at_mots: is not a field of this table; did you mean "at_most"?'),
    ],
)
def test_what_makes_no_sense_is_refused(rule: dict[str, Any], said: str) -> None:
    assert said in refusal(rule)


def test_hope_is_a_share() -> None:
    assert "hope: 70 is not a share; write it between 0 and 1, like 0.7" in refusal(hope=70)


def test_every_fault_is_said_at_once() -> None:
    assert len(refusal(BELOW | {"level": 2}, COVER | {"do": "undock"}, hope=2, why="").splitlines()) == 4


def test_what_is_bid_for_is_one_of_three() -> None:
    assert "bidding" in refusal(bidding="all") and 'write one of "as the file says", "everything"' in refusal(
        bidding="all"
    )
    assert 'did you mean "everything"' in refusal(bidding="everythin")
    assert 'has stretched, which belongs to bidding = "everything" only; remove stretched' in refusal(stretched=1)
    assert strategy(bidding="everything").beyond == 0.5 and strategy(bidding="everything", stretched=0).beyond == 0
    assert math.isnan(strategy().beyond)


def test_an_appeal_and_a_search_come_once_unless_the_rule_says_otherwise() -> None:
    rules = strategy(BELOW, MERGE, COVER | {"do": "emergency appeal", "brings": 1}, MERGE | {"at_most": 3}).rules
    assert [rule.most for rule in rules] == [None, 1, 1, 3]


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
    rule = {"when": when, "do": do} | ({"level": 2} if when == COVER["when"] else {}) | NEEDED.get(do, {})
    if ONLY_WITH.get(do) != (when if when in ONLY_WITH.values() else None):
        refusal(rule)
        return
    (line,) = said(rule)
    looked, done = words.when(strategy(rule).rules[0]), words.do(strategy(rule).rules[0])
    assert looked[1:] in line and done in line and line.endswith(".") and "{" not in line


APPEAL = COVER | {"do": "emergency appeal", "brings": 5_000, "at_most": 3}
RAISE = COVER | {"do": "raise prices", "rise": 0.05}
MOVES = [
    *((COVER, name, value) for name, value in (("level", 3), ("board", "quarterly"), ("delay", 1), ("at_most", 1))),
    *((COVER, name, value) for name, value in (("rearm_above", 4), ("do", "strip hub"))),
    *((COVER | {"do": "strip hub"}, name, value) for name, value in (("level", 3), ("delay", 1), ("rearm_above", 4))),
    (BELOW, "within", 6),
    (BELOW, "when", "forecast insolvent"),
    (ASK | {"agrees": 0.5}, "agrees", 0.4),
    (APPEAL, "brings", {"low": 1, "likely": 2, "high": 3}),
    (APPEAL, "fatigue", 0.2),
    (RAISE, "rise", 0.1),
    (RAISE, "lost", 0.1),
    *((MERGE, name, value) for name, value in (("takes", 7), ("found", 0.1), ("needs", 2), ("fee", 100))),
]


@pytest.mark.parametrize(("rule", "field", "value"), MOVES)
def test_every_field_of_a_rule_moves_its_sentence(rule: dict[str, Any], field: str, value: Any) -> None:
    assert said(rule) != said(rule | {field: value})


def test_no_field_of_a_rule_is_left_without_words() -> None:
    assert set(Rule.__annotations__) == {field for _, field, _ in MOVES}


def test_a_rule_in_a_boards_words() -> None:
    assert said(COVER | {"level": 1, "rearm_above": 3, "board": "quarterly", "delay": 2}) == [
        "When spendable cash pays for less than 1 month of spending, 2 months later no vacancy is filled until "
        "it pays for more than 3 months; the board looks each quarter, sooner if the forecast is below nil."
    ]
    assert said(hope=0.25)[-1] == "Its forecast counts awards that nobody has told yet at 25 % of their amount."
    assert said() == [words.NO_RULE]


def test_the_new_actions_in_a_boards_words() -> None:
    within = {"when": "policy breach forecast", "within": 6}
    assert said(within | NEEDED["merge"] | {"do": "merge", "needs": 3, "fee": 20_000, "board": "quarterly"}) == [
        "When our own forecast for 6 months ahead has free reserves below the reserves policy, a partner is looked for, as long as "
        "headroom covers 3 months of spending: 6 months later people and services go over to it, if one is found (50 % likely); "
        "looking costs £20,000; done once at most; the board looks each quarter, sooner if the forecast is below nil."
    ]
    assert said(APPEAL | {"brings": {"low": 1_000, "likely": 5_000, "high": 9_000}, "fatigue": 0.4, "delay": 1}) == [
        "When spendable cash pays for less than 2 months of spending, 1 month later an emergency appeal goes out, which brings "
        "£1,000 to 9,000, most likely 5,000 in the month after; each further one 40 % less; done 3 times at most."
    ]
    assert said(bidding="everything", stretched=1) == [words.BIDDING["everything"].format(stretched="1")]
    assert len(said(BELOW, bidding="only if headroom covers peak cash", hope=0.1)) == 3


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


def test_a_file_that_only_says_what_is_bid_for_is_a_strategy(tmp_path: Path) -> None:
    ours = tmp_path / "all.toml"
    ours.write_text('name = "All"\nwhy = "a test"\nsource = "invented"\nbidding = "everything"\n')
    done = CliRunner().invoke(cli, ["check", str(ours)])
    assert done.exit_code == 0 and "All: no fault" in done.output
    ours.write_text('name = "All"\nwhy = "a test"\nsource = "invented"\nbidding = "evrything"\n')
    done = CliRunner().invoke(cli, ["check", str(ours)])
    assert done.exit_code == 2 and 'did you mean "everything"?' in done.output


def test_every_name_that_is_wrong_is_said() -> None:
    done = CliRunner().invoke(cli, ["strategies", "hub_and_dok", "cary_on"])
    assert (
        done.exit_code == 2
        and 'did you mean "hub_and_dock"' in done.output
        and 'did you mean "carry_on"' in done.output
    )
