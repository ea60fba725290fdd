"""Volunteers: who is supervised counts, how they come and go, what they carry at most, and volunteers into vacancies. Through files."""

import math

import numpy as np
import pytest
from a_small_file import errors_off, pence, play, raw

from resilience.costing.costed import worked
from resilience.errors import InputError
from resilience.first_answer.costs import contracts
from resilience.organisation_file import organisation_from
from resilience.strategy import strategy_from
from resilience.structures import conventional
from resilience.words.story import story

FLAT = {"cpi": 0, "earnings": 0, "prices_doubt": 0, "earnings_doubt": 0, "bank_rate_doubt": 0}
RICH = {"bank": 9_000_000, "creditors": 0}
WORKER = {"heads": 2, "pay": 26_000, "service": 0, "turnover": 0, "pension": 0}  # 37.5 hours: two full-time equivalents
# six hours of 37.5 are 0.16 of a full-time equivalent; one supervisor for five
HELPERS = {"number": 20, "hours": 7.5, "supervised_by": "worker", "each_supervisor": 5, "turnover": 0, "recruited": 0}


def helped(volunteers=None, post=None, service=None, **more):
    """A dock that nothing funds with volunteers, 10 cases a full-time equivalent, and more who ask than can be seen."""
    dock = {"posts": {"worker": WORKER | (post or {})}, "volunteers": {"helpers": HELPERS | (volunteers or {})}}
    advice = {"dock": "team", "caseload": 10, "length": 1, "referrals": 1000, "open": 0} | (service or {})
    tables = {"economy": FLAT, "opening": RICH, "docks": {"team": dock}, "services": {"advice": advice}}
    return raw({}, **(tables | more))


def opened(p):
    return p.played.people["open"][:, 0]


@pytest.mark.parametrize(
    ("volunteers", "fte"),
    [
        ({}, 2),  # ten of the twenty are supervised by two: 10 × 0.2
        ({"each_supervisor": 10}, 2),  # all twenty would be four: as many places as of staff, two
        ({"number": 6}, 6 * 0.2),
        ({"productivity": 0.5}, 1),
        ({"number": 0}, 0),
    ],
)
def test_who_is_supervised_counts(volunteers, fte):
    p = play(helped(volunteers), months=3)
    assert opened(p) == pytest.approx([10 * (2 + fte)] * 3)


@pytest.mark.parametrize(("share", "fte"), [(0.5, 2), (0.2, 0.5), (0, 0), (1, 4)])
def test_a_paid_lead_stays(share, fte):
    """Four full-time equivalents of volunteers, all supervised; at most this share of all places: share/(1 − share) × two."""
    p = play(helped({"each_supervisor": 10}, service={"volunteer_share": share}), months=3)
    assert opened(p) == pytest.approx([10 * (2 + fte)] * 3)


def test_without_staff_nobody_supervises():
    """The worker leaves with a fixed term after June: no places at all, though twenty volunteers are there."""
    p = play(helped({"each_supervisor": 100}, {"kind": "fixed-term", "until": "2026-06"}), months=5)
    assert opened(p)[3:] == pytest.approx([0, 0])


def test_the_unsupervised_leave_faster_and_new_ones_come_up_to_the_number():
    """20 of whom 5 a supervisor, two supervisors: by hand, month by month; three a month come, never above 20."""
    q = 0.4
    p = play(
        helped({"turnover": q, "turnover_unsupervised": 3, "recruited": 0.25, "number": 20, "cost": 1_200}), months=12
    )
    usual, fast = 1 - (1 - q) ** (1 / 12), 1 - (1 - q) ** (3 / 12)
    there, costs = 20.0, []
    for _ in range(12):
        costs.append(math.floor(there * 100_00 + 0.5))
        supervised = min(there, 10)
        there = min(20, there - supervised * usual - (there - supervised) * fast + 0.25)
    assert pence(p, "spending_non_pay") == costs


def test_the_first_group_is_supervised_first():
    two = {"a": HELPERS | {"number": 6}, "b": HELPERS | {"number": 20, "each_supervisor": 10}}
    tables = helped(service={"volunteer_share": 1})
    tables["docks"]["team"]["volunteers"] = two
    # six of a take 1.2 supervisors; 0.8 are left for 8 of b: 14 × 0.2
    assert opened(play(tables, months=2)) == pytest.approx([10 * (2 + 14 * 0.2)] * 2)


def test_supervision_by_the_hub_counts_as_its_need():
    """One head in the hub, need one; twenty volunteers at ten each need two more: two thirds short: odds of one half fall by 2/3."""
    bid = {
        "kind": "trust",
        "form": "contract",
        "yearly": 12_000,
        "payment": "monthly",
        "chance": 0.5,
        "term": 24,
        "decision": "2026-08",
    }
    hub = {"posts": {"office": WORKER | {"heads": 1}}}
    p = play(helped({"supervised_by": "hub", "each_supervisor": 10}, hub=hub, bids={"b": bid}), months=8, paths=6000)
    assert errors_off(p.played.fates["won"], 1 / (1 + math.exp(2 / 3))) < 4
    assert opened(p) == pytest.approx([10 * (2 + 10 * 0.2)] * 8)  # the one head of the hub supervises ten


BLEND = strategy_from(
    {"name": "B", "why": "a test", "source": "a test",
     "rules": [{"when": "months of cover below", "level": 120, "do": "volunteers into vacancies", "board": "executive"}]},
    "s.toml",
)  # fmt: skip


def test_vacancies_are_left_to_volunteers():
    """Who leaves is not replaced; there is room for 5 volunteers of 7.5 hours for each full-time vacancy, and they come as fast as they can."""
    post = {"heads": 8, "turnover": 0.5, "recruiting_months": 0}
    tables = helped(
        {"number": 2, "recruited": 50, "each_supervisor": 50},
        post,
        {"volunteer_share": 1},
        opening={"bank": 320_000, "creditors": 0},
    )
    blended, plain = (play(tables, months=24, paths=200, strategy=s) for s in (BLEND, "carry on"))
    heads, places = blended.played.people["heads"], blended.played.people["open"]
    some = (heads > 0).all(axis=0) & (
        blended.played.fates["end"] < 0
    )  # with nobody to pay, cover has no end and the rule is over
    assert (
        some.sum() > 150 and (np.diff(heads[1:, some], axis=0) <= 0).all()
    )  # April's leavers were replaced: it was not decided yet
    assert (plain.played.people["heads"] + plain.played.people["left"] == 8)[:12].all()
    steady = (heads[-4:] == heads[-1]).all(axis=0) & some
    there = 2 + 5 * (8 - heads[-1])  # volunteers that there is room for
    assert places[-1][steady] == pytest.approx(10 * (heads[-1] + 0.2 * np.minimum(there, 50 * heads[-1]))[steady])


def test_the_story_tells_it_and_the_end_of_it():
    post = {"heads": 8, "turnover": 0.5, "recruiting_months": 0}
    p = play(
        helped({"number": 2, "recruited": 50}, post, opening={"bank": 500_000, "creditors": 0}),
        months=6,
        strategy=BLEND,
        log=True,
    )
    assert any("volunteers into vacancies" in one for _, what in story(p) for one in what)


def test_without_volunteers_it_does_not_fire():
    tables = helped(opening={"bank": 500_000, "creditors": 0})
    del tables["docks"]["team"]["volunteers"]
    p = play(tables, months=6, strategy=BLEND, log=True)
    assert not any("management decides" in one for _, what in story(p) for one in what)


def test_the_conventional_structure_has_none():
    made = conventional(organisation_from(helped(), "x.toml"))
    assert not made.docks["team"].volunteers


def test_their_cost_is_in_the_full_cost_of_the_dock():
    items = worked(organisation_from(helped({"cost": 300}), "x.toml")).items
    assert {one.place: one.pence for one in items}["docks.team.volunteers.helpers"] == 20 * 300_00


@pytest.mark.parametrize(("by", "words"), [("workers", "is no post of this dock"), (3, "supervised_by")])
def test_a_mistake_is_named(by, words):
    with pytest.raises(InputError, match=words):
        organisation_from(helped({"supervised_by": by}), "x.toml")


@pytest.mark.parametrize(
    ("kind", "turnover", "each"), [("volunteers", 0.3, 10), ("service users", 0.5, 6), ("community group", 0.2, 20)]
)
def test_what_is_assumed_of_a_kind_is_listed_with_where_it_comes_from(kind, turnover, each):
    tables = helped({"kind": kind})
    group = tables["docks"]["team"]["volunteers"]["helpers"]
    del group["turnover"], group["each_supervisor"]
    one = {a.place.split(".")[-1]: a for a in organisation_from(tables, "x.toml").register if ".volunteers." in a.place}
    assert (one["turnover"].value, one["each_supervisor"].value) == (turnover, each)
    assert not one["turnover"].given and "assumption of the model" in one["turnover"].source


def test_who_pays_for_whom_counts_volunteers_and_the_steps_of_the_hub():
    """The dock: two heads at 26,000 and twenty volunteers at 300; the hub: one step of 6,000 for one dock at work."""
    tables = helped({"cost": 300}, hub={"step": {"docks": 2, "yearly": 6_000}}, employment_allowance=False)
    contract = {"kind": "trust", "form": "contract", "yearly": 90_000, "payment": "monthly"}
    tables["streams"], tables["docks"]["team"]["funded_by"] = {"c": contract}, ["c"]
    tables["economy"] = FLAT | {"employer_nic": {"from": "2026-04", "rate": 0, "threshold": 5000}}
    (one,) = contracts(play(tables, months=12))
    assert (one.income, one.direct, one.hub_share, one.result) == (90_000, 58_000, 6_000, 26_000)
