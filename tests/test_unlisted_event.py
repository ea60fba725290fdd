"""What nobody listed: how often, what it costs, and that it is said whether it is counted in."""

import math

import numpy as np
import pytest
from exact_answers import charity
from scipy.stats import binom

from resilience import project, words
from resilience.errors import InputError
from resilience.rows import EVENTS
from resilience.why import why

PATHS, MONTHS = 20_000, 120
RENT = {"costs": {"rent": {"yearly": 12_000, "grows": 0}}}


def test_how_often_and_what_it_costs():
    # each month with 1 − e^(−h) = 1 − 0.7^(1/12), so the number in 120 months is binomial; a month's spending is £1,000
    organisation = charity(hub=RENT, unlisted_event={"chance": 0.3, "least": 1, "most": 4})
    costs = project(organisation, paths=PATHS, months=MONTHS, keep_paths=True).accounts["spending_one_off"]
    number, p = (costs > 0).sum(axis=0), 1 - 0.7 ** (1 / 12)
    found = np.bincount(number, minlength=15)
    expected = binom.pmf(np.arange(12), MONTHS, p)
    assert all(abs(found[k] - PATHS * q) <= 4 * math.sqrt(PATHS * q * (1 - q)) for k, q in enumerate(expected))
    sizes = costs[costs > 0]
    assert sizes.min() >= 100_000 and sizes.max() <= 400_000  # one to four months
    # uniform: mean 2½ months, standard deviation 3/√12
    assert abs(sizes.mean() - 250_000) <= 4 * 300_000 / math.sqrt(12 * sizes.size)
    assert abs(sizes.std() - 300_000 / math.sqrt(12)) < 2_000
    by_month = (costs > 0).mean(axis=1)
    assert np.abs(by_month - p).max() <= 4.5 * math.sqrt(p * (1 - p) / PATHS)  # from the first month on, none likelier


def test_it_is_months_of_the_pay_and_lines_of_that_month_paid_at_once():
    # one head of £24,000, pension 3 % of 24,000 − 6,240 = 532.80, NIC 15 % of 24,000 − 5,000 = 2,850; rent 12,000: 39,382.80 a year
    posts = {"lead": {"heads": 1, "pay": 24_000, "hours": 10, "service": 1, "turnover": 0}}
    organisation = charity(hub={"posts": posts, **RENT}, unlisted_event={"chance": 0.99, "least": 2, "most": 2})
    found = project(organisation, only=np.array([0]), months=12, keep_paths=True, log=True)
    happened = {int(t): int(value) for t, event, _, value in found.played.log if EVENTS[event] == "unlisted event"}
    accounts = found.accounts
    running = accounts["spending_pay"][:, 0] + accounts["spending_non_pay"][:, 0]
    assert abs(int(running.sum()) - 3_938_280) <= 12
    assert len(happened) > 1
    assert accounts["spending_one_off"][:, 0].tolist() == [
        2 * int(running[t]) if t in happened else 0 for t in range(12)
    ]
    assert happened == {t: 2 * int(running[t]) for t in happened}
    bank = np.diff(np.concatenate([[100_000_000], accounts["bank"][:, 0]]))
    assert (-bank == accounts["payments"][:, 0]).all()


def test_it_is_a_cause_and_can_be_switched_off():
    organisation = charity(hub=RENT, bank=13_500, unlisted_event={"chance": 0.3})
    found = why(project(organisation, paths=1_000, months=12))
    assert [(one.name, one.words, one.share_prevented) for one in found.events] == [
        ("unlisted_event", "something nobody listed", 1.0)
    ]
    assert project(organisation, chance=False, months=12).paths["end_kind"][0] == 0


def test_it_is_on_unless_turned_off_and_always_said():
    on = charity(unlisted_event={})
    assert (on.unlisted_event.chance, on.unlisted_event.least, on.unlisted_event.most) == (0.1, 0.5, 3.0)
    said = " ".join(words.limits(project(on, paths=10, months=6)))
    assert "Counted in: something nobody listed, 1 in 10 a year, which costs 0.5 to 3 months of spending" in said
    off = " ".join(words.limits(project(charity(), paths=10, months=6)))
    assert "Left out: what nobody listed" in off and "[unlisted_event] is off" in off


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"chance": 0, "least": 1}, "unlisted_event.least: does nothing: the chance is 0"),
        ({"least": 4}, "unlisted_event.least: 4 is above most, 3"),
    ],
)
def test_refusals(table, said):
    with pytest.raises(InputError, match=said):
        charity(unlisted_event=table)
