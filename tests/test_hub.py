"""The hub's need: what its steps cost, and what being short of staff does to awards and turnover. Against exact odds, through files."""

import math

import numpy as np
import pytest
from a_small_file import errors_off, pence, play, raw

FLAT = {"cpi": 0, "earnings": 0, "prices_doubt": 0, "earnings_doubt": 0, "bank_rate_doubt": 0}
STAFF = {"pay": 20_000, "hours": 30, "service": 0, "turnover": 0}
RICH = {"bank": 9_000_000, "creditors": 0}


def short(heads, need=10, **more):
    """A hub of so many heads of 30 hours of 37.5: 0.8 each; `need` in heads."""
    return {"need": need * 0.8, "posts": {"office": STAFF | {"heads": heads}}} | more


def file(hub, **more):
    return raw(more.pop("streams", {}), **({"economy": FLAT, "opening": RICH, "hub": hub} | more))


BID = {
    "kind": "trust",
    "form": "contract",
    "yearly": 12_000,
    "payment": "monthly",
    "chance": 0.5,
    "term": 24,
    "decision": "2026-08",
}


@pytest.mark.parametrize(("heads", "odds"), [(10, 0.0), (7, 0.3), (4, 0.6), (12, 0.0)])
def test_a_hub_short_of_need_wins_less(heads, odds):
    """Each 10 % short lowers the log-odds by 0.1: of one half, logistic(−0.3) = 0.4256 at 30 %. More than it needs raises nothing."""
    p = play(file(short(heads), bids={"b": BID}), months=12, paths=6000)
    assert errors_off(p.played.fates["won"], 1 / (1 + math.exp(odds))) < 4
    assert (p.played.fates["won"] + p.played.fates["lost"] == 1).all()


def test_what_a_short_hub_loses_it_loses_on_the_same_draws():
    full, less = (play(file(short(n), bids={"b": BID}), months=12, paths=2000).played for n in (10, 5))
    assert (less.fates["won"] <= full.fates["won"]).all() and less.fates["won"].sum() < full.fates["won"].sum()
    lost = (less.fates["won"] < full.fates["won"]).nonzero()[0]
    assert (less.money["income"][:, lost] == 0).all() and (less.fates["lost"][lost] == 1).all()


@pytest.mark.parametrize("held", [0.0, 0.25])
def test_a_hub_short_of_need_is_renewed_less(held):
    """60 in 100 at 40 % short: logistic(ln 1.5 − 0.4), of what is not held over; who is held over is asked again, and short again."""
    renewal = {"chance": 0.6, "told": 2, "term": 240, "held": held}
    grant = {
        "kind": "trust",
        "form": "contract",
        "yearly": 12_000,
        "payment": "monthly",
        "until": "2026-12",
        "renewal": renewal,
    }
    p = play(file(short(6), streams={"a": grant}), months=70, paths=6000)
    each = 1 / (1 + math.exp(0.4) / 1.5)
    goes_on = p.played.money["income"][69] > 0  # held over 3 to 12 months at a time, at most a few times in five years
    assert errors_off(goes_on.astype(float), each) < 4


def test_a_certain_award_stays_certain():
    certain = BID | {"chance": 1}
    p = play(file(short(1), bids={"b": certain}), months=12, paths=50)
    assert (p.played.fates["won"] == 1).all()


def test_what_is_told_before_the_hub_was_short_is_not_touched():
    p = play(file(short(1), bids={"b": BID | {"decision": "2026-04"}}), months=3, paths=3000)
    assert errors_off(p.played.fates["won"], 0.5) < 4


def test_after_three_months_short_people_leave_faster():
    """30 % short: 6 points a year on 10. Short at the ends of months 0, 1, 2: from month 3 on. Forty heads, nobody replaced."""
    team = {"team": {"posts": {"worker": STAFF | {"heads": 40, "turnover": 0.1, "recruiting_months": 24}}}}
    p = play(file(short(7), docks=team), months=12, paths=3000)
    h, more = -math.log(0.9) / 12, -math.log(0.84) / 12
    assert errors_off(p.played.people["left"].sum(axis=0), 40 * (1 - math.exp(-3 * h - 9 * more))) < 4
    calm = play(file(short(10), docks=team), months=12, paths=3000)
    assert errors_off(calm.played.people["left"].sum(axis=0), 40 * 0.1) < 4


@pytest.mark.parametrize(("others", "felt"), [(0, 6), (40, 0)])
def test_redundancies_of_more_than_a_tenth_are_felt_for_six_months(others, felt):
    """Six fixed-term posts end with June (t = 2): of 46 heads or fewer more than a tenth, of 79 or more not."""
    posts = {
        "worker": STAFF | {"heads": 40, "turnover": 0.2, "recruiting_months": 24},
        "other": STAFF | {"heads": others},
        "project": STAFF | {"heads": 6, "kind": "fixed-term", "until": "2026-06"},
    }
    p = play(file({}, docks={"team": {"posts": posts}}), months=12, paths=3000)
    h = -math.log(0.8) / 12
    assert (p.played.fates["posts_lost"] == 6).all()
    assert errors_off(p.played.people["left"].sum(axis=0) - 6, 40 * (1 - math.exp(-(12 + felt * 0.25) * h))) < 4


def test_steps_cost_what_they_say_and_fall_with_the_docks():
    """A step for each started two docks at 12,000 a year: three docks two steps, 2,000 a month; one dock ends with its contracts in June."""
    worker = STAFF | {"heads": 1}
    ends = worker | {"kind": "fixed-term"}
    grant = {
        "kind": "trust",
        "form": "contract",
        "yearly": 0,
        "payment": "monthly",
        "until": "2026-06",
        "renewal": 0,
        "lost": {"ended": 1},
    }
    docks = {
        "a": {"posts": {"x": worker}},
        "b": {"posts": {"x": worker}},
        "c": {"funded_by": ["g"], "posts": {"x": ends}},
    }
    hub = {"step": {"docks": 2, "yearly": 12_000}}
    p = play(file(hub, docks=docks, streams={"g": grant | {"yearly": 1_200}}, chance=False), months=6)
    assert pence(p, "spending_non_pay") == [2_000_00] * 3 + [1_000_00] * 3


def test_steps_need_staff():
    """Need 0.8 × 4, a step of 1.6 for each dock, two docks: 6.4; there are 4 × 0.8: half. Odds of one half: logistic(−0.5)."""
    worker = STAFF | {"heads": 1}
    docks = {name: {"posts": {"x": worker}} for name in ("a", "b")}
    hub = short(4, need=4, step={"docks": 1, "fte": 1.6})
    p = play(file(hub, docks=docks, bids={"b": BID}), months=12, paths=6000)
    assert errors_off(p.played.fates["won"], 1 / (1 + math.exp(0.5))) < 4


def test_without_a_need_nothing_is_short():
    """No hub at all: the same as ever, bit by bit, whatever being short would do."""
    tables = file({}, bids={"b": BID})
    a, b = (play(tables | {"hub": {"odds_when_short": x}}, months=12, paths=200).played for x in (0.1, 5))
    assert all(np.array_equal(a.money[name], b.money[name]) for name in a.money)
