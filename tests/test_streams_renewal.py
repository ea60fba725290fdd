"""What follows the end of an award: held over, extended, bid for again. Expected values by exact recursion or by hand."""

import math
from collections import defaultdict

import numpy as np
import pytest
from a_small_file import account, errors_off, pence, play, raw

from resilience.rows import EVENTS
from resilience.scenario import scenario_from

N, MONTHS = 4_000, 36


def award(renewal, **more):
    """A trust's grant of 1,200 pounds a year, 100 a month, for six months, and what may follow."""
    return {"kind": "trust", "yearly": 1_200, "until": "2026-09", "payment": "monthly", "fund": "unrestricted", "renewal": renewal} | more  # fmt: skip


def ends(chance, held, term, option=0.0, months=0, times=0, fraction=1.0):
    """{(month of an end, options left, share of the amount): probability that it comes}, and {month: probability of the last}."""
    waiting, last = defaultdict(float, {(6, times, 1.0): 1.0}), defaultdict(float)
    reached = defaultdict(float)
    while waiting:
        (m, left, share), p = sorted(waiting.items())[0]
        del waiting[m, left, share]
        if m >= MONTHS:
            continue
        reached[m, left, share] += p
        if left:
            waiting[m + months, left - 1, share] += p * option
            p *= 1 - option
        waiting[m + term, 0, share * fraction] += p * (1 - held) * chance
        for wait in range(3, 13):
            waiting[m + wait, 0, share] += p * held / 10
        last[m] += p * (1 - held) * (1 - chance)
    return last


def months_paid(projection):
    """Months with income on each path, shape (paths,): income stops for good at the last end."""
    paid = account(projection) > 0
    assert (np.diff(paid.astype(int), axis=0) <= 0).all()  # never a gap
    return paid.sum(axis=0)


def agrees(months, last):
    """Every month's share of paths within four standard errors of its probability."""
    for m in range(6, MONTHS):
        p = last[m]
        error = math.sqrt(max(p * (1 - p), 1e-12) / len(months))
        assert abs((months == m).mean() - p) <= 4 * error + 1e-12, (m, p, (months == m).mean())


def test_the_last_end_of_a_held_over_award_is_that_of_the_recursion():
    p = play(raw({"a": award({"chance": 0.5, "held": 0.4, "term": 7, "told": 2})}), MONTHS, N)
    last = ends(0.5, 0.4, 7)
    assert last[6] == pytest.approx(0.6 * 0.5) and last[9] == pytest.approx(0.04 * 0.3)
    agrees(months_paid(p), last)


def test_a_held_over_award_keeps_its_terms_and_a_renewed_one_its_fraction():
    p = play(raw({"a": award({"chance": 0.5, "held": 0.5, "term": 6, "fraction": 0.5})}), 18, 600)
    income = account(p)
    assert set(np.unique(income)) <= {0, 2_500, 5_000, 10_000}
    went_on = income[6] > 0
    # of those that went on after month 5: held over 0.5, renewed 0.25; the held over have the full amount
    assert errors_off((income[6, went_on] == 10_000).astype(float), 2 / 3) <= 4


def test_without_chance_it_goes_the_likelier_way():
    """Held over below a half: decided, and renewed at 0.6. At a half or more: held over each time, 3 + 5 months at u = 1/2."""
    renewal = {"chance": 0.6, "held": 0.4, "term": 6, "fraction": 0.5}
    p = play(raw({"a": award(renewal)}), 18, chance=False)
    assert pence(p) == [10_000] * 6 + [5_000] * 6 + [2_500] * 6
    p = play(raw({"a": award(renewal | {"held": 0.5})}), 18, chance=False, log=True)
    assert pence(p) == [10_000] * 18
    held = [(t, value) for t, event, _, value in p.played.log.tolist() if EVENTS[event] == "held over"]
    assert held == [(4, 8), (12, 8)]  # the ends 6 and 14, each told two months before


def test_a_decision_after_a_hold_over_is_told_in_time():
    """Told two months before each end, and each end follows from what was told before."""
    renewal = {"chance": 0.3, "held": 0.6, "term": 6}
    told = []
    for path in range(40):
        p = play(raw({"a": award(renewal)}), 30, only=np.array([path]), log=True)
        end = 6
        for t, event, _, months in p.played.log.tolist():
            if EVENTS[event] in ("held over", "renewed", "not renewed"):
                assert t == end - 2
                assert 3 <= months <= 12 if EVENTS[event] == "held over" else months in (0, 6)
                end += months
                told.append(EVENTS[event])
        assert (account(p)[:, 0] > 0).sum() == min(end, 30)
    assert {"held over", "renewed", "not renewed"} <= set(told)


def test_a_held_over_grant_in_advance_is_paid_by_quarters_of_its_own():
    """1,200 a year in advance, six months; held over for 8: quarters 0, 3, then 6, 9 and the two months left at 12."""
    streams = {"a": award({"chance": 0, "held": 1, "told": 2}) | {"payment": "quarterly in advance", "from": "2026-04"}}
    assert pence(play(raw(streams), 14, chance=False)) == [30_000, 0, 0] * 4 + [20_000, 0]


def test_options_are_taken_up_before_the_renewal_and_on_the_same_terms():
    """Two options of four months, then renewed for six months at half: by hand."""
    renewal = {"chance": 1, "term": 6, "fraction": 0.5, "extension": {"chance": 1, "months": 4, "times": 2}}
    p = play(raw({"a": award(renewal)}), 24, log=True)
    assert pence(p) == [10_000] * 14 + [5_000] * 6 + [2_500] * 4
    said = [(t, EVENTS[e], v) for t, e, _, v in p.played.log.tolist() if EVENTS[e] in ("extended", "renewed")]
    assert said[:3] == [(4, "extended", 4), (8, "extended", 4), (12, "renewed", 6)]


def test_options_renewals_and_hold_overs_together_end_as_the_recursion_says():
    renewal = {"chance": 0.4, "held": 0.3, "term": 9, "extension": {"chance": 0.6, "months": 5, "times": 2}}
    agrees(months_paid(play(raw({"a": award(renewal)}), MONTHS, N)), ends(0.4, 0.3, 9, 0.6, 5, 2))


def test_being_there_adds_to_the_log_odds_of_a_retender():
    """Chance 0.4 and log-odds 0.9: odds 0.4/0.6 x e^0.9."""
    odds = 0.4 / 0.6 * math.exp(0.9)
    renewal = {"chance": 0.4, "term": 12, "retender": True, "incumbent": 0.9}
    income = account(play(raw({"a": award(renewal)}), 12, N))
    assert errors_off((income[6] > 0).astype(float), odds / (1 + odds)) <= 4
    plain = account(play(raw({"a": award({"chance": 0.4, "term": 12, "retender": True})}), 12, N))
    assert (plain == account(play(raw({"a": award({"chance": 0.4, "term": 12})}), 12, N))).all()
    sure = account(play(raw({"a": award({"chance": 1, "term": 12, "retender": True, "incumbent": -5})}), 12, 50))
    assert (sure > 0).all()


def test_a_retender_costs_its_bid_in_the_month_it_is_decided_won_or_lost():
    """Told in months 4, and 10 where won: 700 pounds each, one-off; a hold-over costs nothing."""
    renewal = {"chance": 0.5, "term": 6, "retender": True, "cost": 700}
    p = play(raw({"a": award(renewal)}), 12, 200)
    won = account(p)[6] > 0
    assert won.any() and not won.all()
    cost = account(p, "spending_one_off")
    assert (cost[4] == 70_000).all() and (cost[10] == 70_000 * won).all() and cost.sum() == 70_000 * (200 + won.sum())
    assert (account(p, "payments") == cost).all()
    waits = play(raw({"a": award(renewal | {"held": 1})}), 12, 20)
    assert (account(waits) > 0).all() and not account(waits, "spending_one_off").any()


def test_a_cut_that_must_wait_for_the_next_term_waits_for_it_on_each_path():
    """A quarter cut in June 2026 on an award to September: an option and a hold-over keep their terms, the renewal is cut."""
    cut = scenario_from(
        {
            "name": "S", "why": "a test", "source": "a test",
            "shocks": [{"streams": {"id": "a"}, "depth": 0.25, "from": "2026-06", "notice": 0}],
        },
        "s.toml",
    )  # fmt: skip
    option = {"chance": 1, "term": 6, "extension": {"chance": 1, "months": 3}}
    assert pence(play(raw({"a": award(option)}), 18, scenarios=[cut])) == [10_000] * 9 + [7_500] * 9
    p = play(raw({"a": award({"chance": 0.5, "held": 0.5, "term": 24})}), 18, 400, scenarios=[cut])
    income = account(p)
    assert set(np.unique(income)) == {0, 7_500, 10_000} and (np.diff(income, axis=0) <= 0).all()
    assert (income[:6] == 10_000).all()
    # of the renewed at once (a quarter) all are cut from month 6 on
    assert errors_off((income[6] == 7_500).astype(float), 0.25) <= 4


@pytest.mark.parametrize("kind", ["hold-over", "option"])
def test_a_certain_refusal_is_as_before(kind):
    more = {"held": 0} if kind == "hold-over" else {"extension": {"chance": 0}}
    plain, other = (account(play(raw({"a": award({"chance": 0.5, "term": 6} | x)}), 30, 500)) for x in ({}, more))
    assert (plain == other).all()
