"""How a dock ends: undocking, people who go with the work, notice withdrawn. To the penny and by the head, through files."""

import random

import numpy as np
import pytest
from a_small_file import errors_off, pence, play, raw

from resilience.errors import InputError
from resilience.exact import exact
from resilience.organisation_file import organisation_from
from resilience.strategy import strategy_from
from resilience.words.story import story

# £500 a week, five whole years of service from April 2026 to March 2027: five weeks of notice, ⌈12·5/52⌉ = 2 months
WORKER = {"heads": 2, "pay": 26_000, "age": 40, "service": 5, "turnover": 0, "pension": 0}
NO_NIC = {"cpi": 0, "earnings": 0, "prices_doubt": 0, "earnings_doubt": 0, "bank_rate_doubt": 0}
NO_NIC |= {"employer_nic": {"from": "2026-04", "rate": 0, "threshold": 5000}}
GOES, ENDS = {"retendered": 1, "retendered_tupe": 1}, {"ended": 1}
SOME = {"bank": 200_000, "creditors": 0}


def _close():
    """A strategy that closes in order at once."""
    rule = {"when": "months of cover below", "level": 120, "do": "close in order", "board": "executive"}
    return strategy_from({"name": "C", "why": "a test", "source": "a test", "rules": [rule]}, "s.toml")


CLOSE = _close()


def work(told=2, chance=0.4, **more):
    """A contract of £10,000 a month until December 2026 (t = 8); without chance its renewal is refused, told `told` months before."""
    terms = {"kind": "local authority", "form": "contract", "payment": "monthly", "yearly": 120_000, "until": "2026-12"}
    return terms | {"renewal": {"chance": chance, "told": told}} | more


def team(stream, posts=None, **more):
    """A dock that the contract funds, and a director in the hub; without chance unless said."""
    posts = {"worker": WORKER} if posts is None else posts
    tables = {"chance": False, "economy": NO_NIC, "docks": {"team": {"funded_by": ["work"], "posts": posts}}} | more
    return raw({"work": stream}, **tables)


def heads(p):
    return p.played.people["heads"][:, 0].astype(int).tolist()


def gone(p, name="transferred_out"):
    return {t: int(n) for t, n in enumerate(p.played.people[name][:, 0]) if n}


def told(p):
    return {when.split(":")[0]: what for when, what in story(p) if what}


# ---- undocking


def test_an_undocking_to_the_penny():
    # told in t = 7; serve-by: funding ends at 9, less two months: notice starts on the first of 7, so it is served at risk at the
    # end of 6, and told in 7 it stands. Last month t = 8: redundancy at 40, five years begun at 39 … 35: 5 weeks; holiday 1 week.
    p = play(team(work(lost=ENDS)), months=12, strategy="hub and dock", log=True)
    assert heads(p) == [2] * 8 + [0] * 4
    # two heads at 26,000 ÷ 12: 2,166.67 in April, May at 4,333.33 − 2,166.67 = 2,166.66, June 6,500 − 4,333.33 = 2,166.67, …
    april, may = 2 * 216_667, 2 * 216_666
    assert pence(p, "spending_pay") == [april, may, april] * 3 + [0] * 3
    assert pence(p, "spending_one_off") == [0] * 8 + [2 * (5 * 500_00 + 500_00)] + [0] * 3
    assert gone(p, "left") == {8: 2} and gone(p) == {}
    assert p.played.fates["posts_lost"][0] == 2
    assert pence(p, "closing_liability")[8:] == [0] * 4


# ---- people who go with the work


def test_who_goes_with_the_work_costs_nothing_and_leaves_no_liability():
    p = play(team(work(lost=GOES)), months=12, strategy="hub and dock", log=True)
    assert heads(p) == [2] * 8 + [0] * 4 and gone(p) == {8: 2} and gone(p, "left") == {}
    april, may = 2 * 216_667, 2 * 216_666
    assert pence(p, "spending_pay") == [april, may, april] * 3 + [0] * 3  # paid to the end of December
    assert pence(p, "spending_one_off") == [0] * 12 and p.played.fates["posts_lost"][0] == 0
    liability = pence(p, "closing_liability")
    # in t = 7: notice 5 weeks, redundancy 5, holiday 1, of 500 each; nothing once they have gone
    assert liability[7] == 2 * 11 * 500_00 and liability[8:] == [0] * 4


def test_notice_served_at_risk_is_withdrawn_once_it_is_told_that_people_go():
    said = told(play(team(work(lost=GOES)), months=12, strategy="hub and dock", log=True))
    assert said["October 2026"] == [
        "management decides: serve notice at risk (untold at serve-by)",
        "notice is served on 2: worker (team)",
    ]
    assert said["November 2026"] == [
        "we are told that work is not renewed",
        "the work of work is tendered again alike and goes to another; its people go with it at the end of December 2026",
        "notice is withdrawn: worker (team)",
    ]
    assert said["December 2026"] == [
        "2 transferred out, with their service: worker (team); the work of work is tendered again alike and goes to another",
        "the team team has gone",
        "work has ended",
    ]


@pytest.mark.parametrize("strategy", ["carry on", "hub and dock", "cut late"])
@pytest.mark.parametrize("when", [{"told": 6}, {"told": 3}, {"chance": 0}])
def test_no_notice_is_served_on_who_is_told_to_go(strategy, when):
    p = play(team(work(lost=GOES, **when)), months=12, strategy=strategy, log=True)
    assert heads(p) == [2] * 8 + [0] * 4 and gone(p) == {8: 2}
    assert not any("notice" in line for lines in told(p).values() for line in lines)


def test_an_award_told_only_after_its_end_takes_people_along_when_it_is_told():
    # told = 0: in t = 9, the first month not paid; they are paid through it, unfunded: cost of late decisions
    p = play(team(work(told=0, lost=GOES)), months=12)
    assert heads(p) == [2] * 9 + [0] * 3 and gone(p) == {9: 2}
    assert p.played.fates["late_cost"][0] == 2 * 216_667


def test_without_a_rule_others_stay_and_are_paid():
    assert heads(play(team(work(lost=ENDS)), months=12)) == [2] * 12


def test_a_group_charged_less_than_half_to_the_work_stays():
    # the contract is unrestricted: what is not charged to another fund is on it, 0.5 of one group and 0.49 of the other
    posts = {"half": WORKER | {"charged_to": {"pot": 0.5}}, "less": WORKER | {"heads": 1, "charged_to": {"pot": 0.51}}}
    tables = team(work(lost=GOES), posts, funds={"pot": {"opening": 90_000}})
    assert heads(play(tables, months=12)) == [3] * 8 + [1] * 4  # carried on without funding
    p = play(tables, months=12, strategy="hub and dock", log=True)
    assert heads(p) == [3] * 8 + [0] * 4 and gone(p) == {8: 2} and gone(p, "left") == {8: 1}
    assert pence(p, "spending_one_off")[8] == 3_000_00
    # of a grant it is the share charged to its own fund
    grant = work(lost=GOES, form="grant", fund="pot")
    posts = {"half": WORKER | {"charged_to": {"pot": 0.5}}, "less": WORKER | {"heads": 1, "charged_to": {"pot": 0.49}}}
    assert heads(play(team(grant, posts, funds={"pot": {"opening": 9_000}}), months=12)) == [3] * 8 + [1] * 4


def test_the_dock_goes_on_while_another_award_funds_it_and_ends_with_the_last():
    other = work(until="2027-02", lost=ENDS)
    tables = team(work(lost=GOES)) | {"docks": {"team": {"funded_by": ["other", "work"], "posts": {"worker": WORKER}}}}
    tables["streams"] = {"work": work(lost=GOES), "other": other}
    assert heads(play(tables, months=14)) == [2] * 14  # nobody goes with the last, and nothing is decided
    tables["streams"] = {"work": work(lost=ENDS), "other": other | {"lost": GOES}}
    p = play(tables, months=14)
    assert heads(p) == [2] * 10 + [0] * 4 and gone(p) == {10: 2}


def test_what_is_cut_to_nothing_is_lost_too():
    # decided in February (t = 10), three months' notice: in force from June, t = 14; people go at the end of May
    cut = work(until="2026-12", lost=GOES) | {"cut": 1, "depth": 1, "settlement_share": 1, "decision_month": "February", "notice": 3}  # fmt: skip
    del cut["until"], cut["renewal"]
    for strategy in ("carry on", "hub and dock"):
        p = play(team(cut), months=17, strategy=strategy)
        assert heads(p) == [2] * 13 + [0] * 4 and gone(p) == {13: 2}
    # where nobody goes it undocks: notice of six weeks from February 2027 on, ⌈72/52⌉ = 2 months, last month t = 13
    p = play(team(cut | {"lost": ENDS}), months=17, strategy="hub and dock")
    assert heads(p) == [2] * 13 + [0] * 4 and gone(p, "left") == {13: 2}
    assert play(team(cut | {"lost": ENDS}), months=17).played.fates["late_cost"][0] == sum([2 * 216_667, 2 * 216_666, 2 * 216_667])  # fmt: skip


def test_people_who_came_with_a_bid_go_again_and_the_indemnity_with_them():
    come = {"heads": 2, "pay": 26_000, "age": 30, "service": 5, "pension": 0, "turnover": 0, "indemnity": 400}
    bid = {"kind": "NHS", "chance": 1, "yearly": 60_000, "term": 6, "decision": "2026-05", "payment": "monthly"}
    tables = raw({}, chance=False, economy=NO_NIC, docks={"team": {"funded_by": ["bid"]}})
    tables["bids"] = {"bid": bid | {"transfers_in": come, "lost": {"in_house": 1}}}  # 0.9 ≥ ½: without chance they go
    p = play(tables, months=12, strategy="hub and dock")
    assert heads(p) == [0, 0] + [2] * 5 + [0] * 5 and gone(p) == {7: 2}
    assert pence(p, "spending_one_off") == [0] * 12 and pence(p, "closing_liability")[7:] == [0] * 5


def test_a_closing_waits_for_who_goes_and_gives_notice_to_the_others():
    # cover is below any level at once: closing is decided in April, t = 0. The director's notice: 5 weeks, 2 months, t = 2;
    # the contract ends in June (t = 2), and its people go with it.
    tables = team(
        work(until="2026-06", lost=GOES, told=2), hub={"posts": {"director": WORKER | {"heads": 1}}}, opening=SOME
    )
    p = play(tables, months=6, strategy=CLOSE)
    assert heads(p)[:3] == [3, 3, 0] and gone(p) == {2: 2} and gone(p, "left") == {2: 1}
    assert pence(p, "spending_one_off")[2] == 3_000_00 and p.played.fates["end"][0] == 2
    # an end years away does not keep anybody from notice
    far = play(team(work(until="2029-06", lost=GOES, chance=0), opening=SOME), months=6, strategy=CLOSE)
    assert gone(far) == {} and gone(far, "left") == {2: 2}


# ---- chance


def test_the_probability_of_going_is_the_weights_times_their_probabilities():
    lost = {"retendered": 4, "in_house": 1, "reshaped": 3, "ended": 2, "reshaped_tupe": 0.4, "retendered_tupe": 0.8}
    tables = team(work(chance=0, lost=lost), chance=True)
    p = play(tables, months=10, paths=4_000)
    # (4 · 0.8 + 1 · 0.9 + 3 · 0.4 + 2 · 0) ÷ 10 = 0.53
    went = p.played.people["transferred_out"].sum(axis=0) / 2
    assert errors_off(went, 0.53) < 4 and set(went) == {0.0, 1.0}


def test_by_default_a_contracts_people_go_in_six_of_ten_and_a_grants_never():
    p = play(team(work(chance=0), chance=True), months=10, paths=4_000)
    # 0.5 · 0.9 + 0.1 · 0.9 + 0.2 · 0.3 = 0.6
    assert errors_off(p.played.people["transferred_out"].sum(axis=0) / 2, 0.6) < 4
    grant = work(chance=0, form="grant", payment="monthly")
    assert not play(team(grant, chance=True), months=10, paths=50).played.people["transferred_out"].any()


def test_it_moves_no_other_draw_and_costs_nothing_without_a_dock():
    def drawn(lost):
        found = team(work(chance=0.5, lost=lost), {"worker": WORKER | {"turnover": 0.3}}, chance=True)
        return play(found, months=7, paths=60).played

    a, b = drawn(GOES | {"ended": 1}), drawn(ENDS)
    assert all(np.array_equal(a.money[name], b.money[name]) for name in a.money)  # before it can be lost
    alone = raw({"work": work()}, chance=True)
    assert not [name for name in play(alone, months=3).prepared.sources.names if "lost" in name]


def a_file(seed):
    """A random small file in which docks are funded, cut, lost, won and staffed."""
    r = random.Random(seed)
    month = lambda t: f"{2026 + (3 + t) // 12}-{(3 + t) % 12 + 1:02}"  # noqa: E731
    post = lambda: WORKER | {"heads": r.randrange(4), "turnover": r.random(), "recruiting_months": r.randrange(3)}  # noqa: E731
    lost = lambda: {"retendered": r.random(), "reshaped": 1, "ended": r.random()}  # noqa: E731
    streams, docks, bids = {}, {}, {}
    for i in range(3):
        streams[f"s{i}"] = work(until=month(r.randrange(3, 20)), lost=lost(), told=r.randrange(4), chance=r.random())
        if r.random() < 0.4:
            streams[f"s{i}"] |= {"break_clause": True, "cut": 0.5, "depth": 1}
        docks[f"d{i}"] = {"funded_by": [f"s{i}"], "posts": {"a": post(), "b": post() | {"charged_to": {"pot": 0.7}}}}
        if r.random() < 0.5:
            bid = {"kind": "NHS", "chance": 0.6, "yearly": 60_000, "term": r.randrange(3, 9), "payment": "monthly"}
            bids[f"b{i}"] = bid | {"decision": month(r.randrange(1, 14)), "lost": lost()}
            docks[f"d{i}"]["funded_by"].append(f"b{i}")
    hub = {"posts": {"office": post(), "lead": post()}, "core": ["lead"]}
    more = {"funds": {"pot": {"opening": 50_000}}, "docks": docks, "bids": bids, "hub": hub, "redeployment": 0.5}
    return raw(streams, **more)


@pytest.mark.parametrize("strategy", ["carry on", "hub and dock", "cut late"])
def test_heads_are_conserved_whatever_happens(strategy):
    transferred = 0
    for seed in range(6):
        tables = a_file(seed)
        people = play(tables, months=24, paths=8, strategy=strategy).played.people
        at_first = sum(p["heads"] for dock in tables["docks"].values() for p in dock["posts"].values())
        at_first += sum(p["heads"] for p in tables["hub"]["posts"].values())
        before = np.vstack([np.full((1, 8), at_first), people["heads"][:-1]])
        moved = people["joined"] - people["left"] - people["transferred_out"]
        assert np.array_equal(before + moved, people["heads"]), seed
        assert (people["transferred_out"] >= 0).all()
        transferred += people["transferred_out"].sum()
    assert transferred > 20


# ---- what is refused


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ({"retendered_tupe": 0.5}, "streams.work.lost: has no weight above nil"),
        ({"ended": 1, "ended_tupe": 70}, "streams.work.lost.ended_tupe: 70 is not a probability"),
    ],
)
def test_what_says_no_reason_is_refused(lost, words):
    with pytest.raises(InputError, match=words):
        organisation_from(team(work(lost=lost)), "x.toml")


def test_a_reason_without_a_dock_does_nothing_and_is_refused():
    with pytest.raises(InputError, match=r"streams.work.lost: does nothing: it funds no dock; name it in funded_by"):
        organisation_from(raw({"work": work(lost=ENDS)}), "x.toml")


def test_the_exact_engine_refuses_people_who_may_go():
    tables = team(work(), chance=True, employment_allowance=False)
    with pytest.raises(InputError, match=r"streams.work.lost: may take people of its dock along"):
        exact(organisation_from(tables, "x.toml"), months=12)
    with pytest.raises(InputError) as refused:
        exact(organisation_from(team(work(lost=ENDS), chance=True), "x.toml"), months=12)
    assert "streams.work.lost" not in {fault.place for fault in refused.value.faults}


# ---- redeployment into a listed post


def two_teams(first=None, second=None, **more):
    """Two heads whose contract ends in December 2026 (t = 8); a bid won funds a team of two in another post from January 2027."""
    bid = {"kind": "trust", "form": "contract", "yearly": 100_000, "payment": "monthly", "chance": 1, "term": 24}
    bid |= {"decision": "2026-06", "standstill": 0, "mobilisation": {"months": 6}}
    docks = {
        "one": {"funded_by": ["work"], "posts": {"adviser": WORKER | (first or {})}},
        "two": {"funded_by": ["bid"], "posts": {"guide": WORKER | (second or {})}},
    }
    tables = {"chance": False, "economy": NO_NIC, "docks": docks, "bids": {"bid": bid}, "redeployment": 1}
    return raw({"work": work(told=6, lost=ENDS)}, **(tables | more))


def test_a_redeployment_that_saves_a_redundancy_to_the_penny():
    """Without it two times five weeks of redundancy and one of holiday at 500; with it nothing, and nobody is hired."""
    without = play(two_teams(), months=18, strategy="hub and dock")
    listed = play(two_teams({"could_take": ["guide"]}), months=18, strategy="hub and dock")
    named = play(two_teams({"post": "worker"}, {"post": "worker"}), months=18, strategy="hub and dock")
    assert sum(pence(without, "spending_one_off")) == 2 * (5 * 500_00 + 500_00)
    for p in (listed, named):
        assert sum(pence(p, "spending_one_off")) == 0
        assert p.played.fates["posts_lost"][0] == 0 and p.played.people["joined"].sum() == 0
    assert heads(listed)[8:] == heads(named)[8:]
    assert without.played.people["joined"].sum() == 2


def test_a_listed_post_that_nobody_has_is_refused():
    with pytest.raises(InputError, match="is no post of this file"):
        organisation_from(two_teams({"could_take": ["guides"]}), "x.toml")


# ---- redundancy beyond the statutory


@pytest.mark.parametrize(
    ("own", "weeks"), [({}, 5), ({"times": 2}, 10), ({"weeks_a_year": 3}, 15), ({"times": 1.5, "weeks_a_year": 2}, 15)]
)
def test_redundancy_beyond_the_statutory_is_paid_and_owed(own, weeks):
    p = play(team(work(lost=ENDS), closing={"redundancy": own}), months=12, strategy="hub and dock")
    assert sum(pence(p, "spending_one_off")) == 2 * (weeks * 500_00 + 500_00)
    # at the end of April 2026: five years and a month: five weeks of notice, redundancy for five years, a week of holiday
    assert pence(p, "closing_liability")[0] == 2 * (5 + weeks + 1) * 500_00


# ---- notice at risk raises leaving


def test_people_under_notice_at_risk_leave_faster():
    """Consultation of a month, notice of two: served at risk at the end of t = 5; it ends in 8 before anybody else leaves: 6 and 7 are at risk."""
    q, heads_ = 0.3, 40
    h = -np.log(1 - q) / 12
    posts = {"worker": WORKER | {"heads": heads_, "turnover": q, "recruiting_months": 24}}
    left = {}
    for times in (1, 3):
        tables = team(work(told=0, lost=ENDS), posts, chance=True, at_risk_turnover=times, employment_allowance=False)
        p = play(tables, months=9, paths=3000, strategy="hub and dock")
        left[times] = p.played.people["left"].sum(axis=0) - p.played.fates["posts_lost"]
    assert errors_off(left[1], heads_ * (1 - np.exp(-8 * h))) < 4
    assert errors_off(left[3], heads_ * (1 - np.exp(-(6 + 3 * 2) * h))) < 4


# ---- a final-salary scheme


MEMBER = WORKER | {"in_scheme": True}


def exit_paid(p):
    """Months and pounds of what is spent once beyond redundancy and holiday of the two workers in t = 8."""
    once = pence(p, "spending_one_off")
    once[8] -= 2 * (5 * 500_00 + 500_00) if heads(p)[8] < heads(p)[7] else 0
    return {t: x / 100 for t, x in enumerate(once) if x}


def test_the_last_member_who_leaves_makes_the_exit_debt_due():
    """Two members leave with the contract in December 2026; others who are in no scheme stay. Owed before, paid then, not owed after."""
    hub = {"posts": {"director": WORKER | {"heads": 1}}}
    p = play(
        team(work(lost=ENDS), {"worker": MEMBER}, hub=hub, closing={"pension_exit": 40_000}),
        months=12,
        strategy="hub and dock",
        log=True,
    )
    without = play(team(work(lost=ENDS), {"worker": WORKER}, hub=hub), months=12, strategy="hub and dock")
    assert exit_paid(p) == {8: 40_000}
    owed = [a - b for a, b in zip(pence(p, "closing_liability"), pence(without, "closing_liability"), strict=True)]
    assert owed == [40_000_00] * 8 + [0] * 4
    banked = [a - b for a, b in zip(pence(p, "bank"), pence(without, "bank"), strict=True)]
    assert banked == [0] * 8 + [-40_000_00] * 4
    assert any("final-salary scheme is left" in one for _, what in story(p) for one in what)


def test_the_admission_ends_in_its_month():
    p = play(
        team(work(lost=ENDS), {"worker": MEMBER}, closing={"pension_exit": 40_000, "pension_until": "2026-07"}),
        months=12,
    )
    assert {t: x for t, x in enumerate(pence(p, "spending_one_off")) if x}[3] == 40_000_00


def test_a_surplus_counts_only_where_it_is_paid_out():
    kept = play(
        team(work(lost=ENDS), {"worker": MEMBER}, closing={"pension_exit": -9_000}), months=12, strategy="hub and dock"
    )
    out = play(team(work(lost=ENDS), {"worker": MEMBER}, closing={"pension_exit": -9_000, "surplus_paid": True}), months=12, strategy="hub and dock")  # fmt: skip
    assert exit_paid(kept) == {} and exit_paid(out) == {8: -9_000}
    assert pence(kept, "closing_liability")[0] - pence(out, "closing_liability")[0] == 9_000_00


def test_without_members_named_it_is_due_at_closing_alone():
    p = play(team(work(lost=ENDS), closing={"pension_exit": 40_000}), months=12, strategy="hub and dock")
    assert exit_paid(p) == {} and pence(p, "closing_liability")[11] == 40_000_00
    closed = play(team(work(lost=ENDS), closing={"pension_exit": 40_000}, opening=SOME), months=12, strategy=CLOSE)
    both = play(
        team(work(lost=ENDS), {"worker": MEMBER}, closing={"pension_exit": 40_000}, opening=SOME),
        months=12,
        strategy=CLOSE,
    )
    assert sum(pence(closed, "spending_one_off")) == sum(pence(both, "spending_one_off")) == 2 * 3_000_00 + 40_000_00


def test_members_of_a_scheme_whose_exit_is_not_entered_are_told():
    said = organisation_from(team(work(lost=ENDS), {"worker": MEMBER}), "x.toml").warnings
    assert any("is not entered" in one for one in said)
    with pytest.raises(InputError, match="pays out a surplus that there is not"):
        organisation_from(team(work(lost=ENDS), closing={"pension_exit": 5, "surplus_paid": True}), "x.toml")
    with pytest.raises(InputError, match="lies before the first month"):
        organisation_from(team(work(lost=ENDS), closing={"pension_exit": 5, "pension_until": "2026-03"}), "x.toml")


# ---- collective consultation of 20 and of 100 within 90 days


@pytest.mark.parametrize(
    ("first", "second", "ends", "months"),
    [
        (12, 7, "2026-12", 0),  # 19
        (12, 8, "2026-12", 1),  # 20 in the same month
        (12, 8, "2027-02", 1),  # two months apart: within 90 days
        (12, 8, "2027-03", 0),  # three months apart
        (60, 40, "2026-12", 2),  # 100
        (60, 39, "2026-12", 1),
    ],
)
def test_docks_that_end_within_90_days_are_consulted_together(first, second, ends, months):
    """No service of length: a week of notice, one month; the first team is told to go that and the consultation before December ends."""
    new = WORKER | {"service": 0, "pay": 20_000, "hours": 30}
    docks = {
        "one": {"funded_by": ["work"], "posts": {"a": new | {"heads": first}}},
        "two": {"funded_by": ["other"], "posts": {"b": new | {"heads": second}}},
    }
    other = work(told=8, lost=ENDS) | {"until": ends}
    tables = raw({"work": work(told=8, lost=ENDS), "other": other}, chance=False, economy=NO_NIC, docks=docks, opening={"bank": 9_000_000, "creditors": 0})  # fmt: skip
    p = play(tables, months=15, strategy="hub and dock", log=True)
    served = [t for t, (_, what) in enumerate(story(p)) if any(f"notice is served on {first}:" in one for one in what)]
    assert served == [8 - 1 - months]  # last month 8 = decision + consultation + one month
    assert heads(p)[8] == (0 if ends == "2026-12" else second)


# ---- the apprenticeship levy


def test_a_pay_bill_above_three_million_bears_the_levy():
    """100 heads at 36,000: £3.6m a year: 0.5 % is 18,000, less 15,000. Below £3m there is none."""
    for pay, levy in ((36_000, 3_000), (29_999, 0)):
        posts = {"all": {"heads": 100, "pay": pay, "age": 40, "service": 0, "turnover": 0, "pension": 0}}
        p = play(
            raw({}, hub={"posts": posts}, chance=False, economy=NO_NIC, opening={"bank": 9_000_000, "creditors": 0}),
            months=12,
        )
        assert abs(sum(pence(p, "spending_pay")) - 100 * (100 * pay + levy)) <= 12  # rounded each month


def test_only_employees_go_with_the_work():
    """A worker and a freelance in one team whose work another provider takes on: the worker goes, the freelance stays, and is given notice."""
    posts = {"worker": WORKER | {"heads": 1}, "trainer": WORKER | {"heads": 1, "kind": "freelance"}}
    carried_on = play(team(work(lost=GOES), posts), months=12)
    assert gone(carried_on) == {8: 1} and heads(carried_on) == [2] * 8 + [1] * 4
    docked = play(team(work(lost=GOES), posts), months=12, strategy="hub and dock")
    # served at risk at the end of 6, for the worker's two months; told in 7 the worker's notice is withdrawn; the trainer has none to serve
    assert gone(docked) == {8: 1} and heads(docked) == [2] * 7 + [1] + [0] * 4


def test_northern_ireland_consults_a_hundred_for_three_months():
    """90 days rather than 45: the team of a hundred is told three months and its one month of notice before December ends."""
    new = WORKER | {"service": 0, "pay": 20_000, "hours": 30, "heads": 100}
    more = {"opening": {"bank": 9_000_000, "creditors": 0}, "nation": "Northern Ireland"}
    p = play(team(work(told=8, lost=ENDS), {"worker": new}, **more), months=12, strategy="hub and dock", log=True)
    served = [t for t, (_, what) in enumerate(story(p)) if any("notice is served" in one for one in what)]
    assert served == [8 - 1 - 3] and heads(p) == [100] * 8 + [0] * 4
