"""Each shipped strategy does something: in at least one future of a hundred, told by `--path K` with who, in which month and what."""

import re

import numpy as np
import pytest
from click.testing import CliRunner

from resilience import project, read_organisation, read_scenario, read_strategy
from resilience.cli import cli
from resilience.projection.engine import run
from resilience.rows import BIDS_BEYOND, RULE_FIRED
from resilience.shipped import names
from resilience.words.numbers import month

FUTURES = 200
# A shipped organisation and scenario in which it acts, and what it does there beside closing in order: (who, what).
PAIRS = {
    "close_in_order": ("advice_charity", "baseline", [("management", "close in order")]),
    "cut_late": ("nursery", "baseline", [("management", "freeze recruitment")]),
    "cut_early": (
        *("advice_charity", "baseline"),
        [("management", "freeze recruitment"), ("the board", "strip hub"), ("the board", "close lowest contribution")],
    ),
    "slash_and_burn": (
        *("advice_charity", "grant_cliff"),
        [("management", "close lowest contribution"), ("management", "strip hub"), ("management", "raise prices")],
    ),
    "hub_and_dock": (
        *("advice_charity", "baseline"),
        [("management", "undock"), ("management", "serve notice at risk")],
    ),
    "bid_only_at_full_cost": ("advice_charity", "baseline", [("management", "undock")]),
    "bid_for_everything": ("advice_charity", "much_to_bid_for", []),
    "volunteer_blend": (
        *("advice_charity", "baseline"),
        [("management", "volunteers into vacancies"), ("management", "undock")],
    ),
    "ready_proposal": ("advice_charity", "spending_spree", []),
    "merge_in_time": ("advice_charity", "council_cut_30", [("the board", "merge")]),
}


def test_every_shipped_strategy_that_decides_anything_is_here():
    assert {name for name in names("strategies") if read_strategy(name).rules} == set(PAIRS)
    assert set(names("strategies")) - set(PAIRS) == {"carry_on"}


def test_all_of_them_close_in_order_before_it_is_too_late():
    for name in PAIRS:
        last = read_strategy(name).rules[-1]
        assert (last.when, last.do, last.within) == ("forecast below closing liability", "close in order", None)


def told(organisation, scenario, strategy, path):
    """{month in words: what happened in it} of one future, as `--path` tells it."""
    typed = ["project", organisation, "--scenario", scenario, "--strategy", strategy, "--path", str(path)]
    done = CliRunner().invoke(cli, typed)
    assert done.exit_code == 0, done.output
    found, now = {}, ""
    for line in re.sub(r"\n {5,}", " ", done.output).splitlines():
        if line.startswith("    "):
            found[now].append(line.strip())
        elif match := re.match(r"([A-Z][a-z]+ \d{4}): bank", line):
            now = match[1]
            found[now] = []
    return found


@pytest.mark.parametrize("name", list(PAIRS))
def test_it_acts_in_one_future_of_a_hundred_and_is_told(name):
    organisation, scenario, acts = PAIRS[name]
    strategy = read_strategy(name)
    p = project(read_organisation(organisation), read_scenario(scenario), strategy, paths=1, measures=())
    logs = [run(p.prepared, np.array([k]), p.seed, log=True).log for k in range(FUTURES)]
    wanted = [
        (who, what, [i for i, rule in enumerate(strategy.rules) if rule.do == what and by(rule) == who])
        for who, what in acts
    ]
    for who, what, rows in wanted:
        here = [(k, log[log[:, 1] == RULE_FIRED]) for k, log in enumerate(logs)]
        acting = [
            (k, int(fired[np.isin(fired[:, 2], rows)][0, 0])) for k, fired in here if np.isin(fired[:, 2], rows).any()
        ]
        assert len(acting) >= FUTURES / 100, f"{name} does {what} in {len(acting)} of {FUTURES}"
        k, t = acting[0]
        happened = told(organisation, scenario, name, k)[month(p.months[t])]
        assert any(one.startswith(f"{who} decides: {what} (") for one in happened), happened
    if strategy.bidding == "everything":
        acting = [
            (k, int(log[log[:, 1] == BIDS_BEYOND][0, 0]))
            for k, log in enumerate(logs)
            if (log[:, 1] == BIDS_BEYOND).any()
        ]
        assert len(acting) >= FUTURES / 100
        k, t = acting[0]
        happened = told(organisation, scenario, name, k)[month(p.months[t])]
        assert any("beyond what the hub has room to write" in one for one in happened), happened


def by(rule):
    return "the board" if rule.board == "quarterly" else "management"


def test_a_merger_is_told_to_its_end():
    organisation, scenario, _ = PAIRS["merge_in_time"]
    p = project(
        read_organisation(organisation), read_scenario(scenario), read_strategy("merge_in_time"), paths=200, measures=()
    )
    merged = [k for k in range(200) if p.paths["end_kind"][k] == 3]
    assert len(merged) >= 20
    story = told(organisation, scenario, "merge_in_time", merged[0])
    last = month(p.months[int(p.paths["end"][merged[0]])])
    assert list(story)[-1] == last and any("go over to a partner" in one for one in story[last])


def test_carry_on_decides_nothing():
    story = told("advice_charity", "council_cut_30", "carry_on", 3)
    assert story and not any("decides" in one for happened in story.values() for one in happened)
