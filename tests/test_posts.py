"""Kinds of post and what becomes of vacancies: fixed-term, sessional, freelance; learning, absence, who leaves. To the penny and by the head."""

import numpy as np
import pytest
from a_small_file import errors_off, pence, play, raw
from scipy.stats import binom

from resilience.costing.costed import worked
from resilience.errors import InputError
from resilience.organisation_file import organisation_from
from resilience.scenario import apply, scenario_from
from resilience.strategy import strategy_from
from resilience.structures import conventional
from resilience.words.story import story

FLAT = {"cpi": 0, "earnings": 0, "prices_doubt": 0, "earnings_doubt": 0, "bank_rate_doubt": 0}
NO_NIC = FLAT | {"employer_nic": {"from": "2026-04", "rate": 0, "threshold": 5000}}
WORKER = {"heads": 2, "pay": 26_000, "age": 40, "service": 5, "turnover": 0, "pension": 0}  # 500.00 a week
WORK = {"kind": "local authority", "form": "contract", "payment": "monthly", "yearly": 120_000, "until": "2026-12", "lost": {"ended": 1}}  # fmt: skip


def team(posts, stream=WORK, **more):
    """A dock that a contract funds until December 2026 (t = 8); without chance its renewal is refused, told two months before."""
    stream = stream | {"renewal": {"chance": 0.4, "told": 2}} if "until" in stream else stream
    tables = {"chance": False, "economy": NO_NIC, "docks": {"team": {"funded_by": ["work"], "posts": posts}}}
    return raw({"work": stream}, **(tables | more))


def hub(posts, **more):
    tables = {"chance": False, "economy": NO_NIC, "hub": {"posts": posts}, "opening": {"bank": 100_000, "creditors": 0}}
    return raw({}, **(tables | {"employment_allowance": False} | more))


def heads(p):
    return p.played.people["heads"][:, 0].astype(int).tolist()


def told(p):
    return [one for _, what in story(p) for one in what]


def refused(tables):
    with pytest.raises(InputError) as error:
        organisation_from(tables, "x.toml")
    return str(error.value)


CLOSE = strategy_from(
    {"name": "C", "why": "a test", "source": "a test",
     "rules": [{"when": "months of cover below", "level": 120, "do": "close in order", "board": "executive"}]},
    "s.toml",
)  # fmt: skip

# ---- fixed-term


@pytest.mark.parametrize(
    ("service", "each"),
    [
        # at the end of December 2026 (9 months on): 40 years old, so each complete year of service from age 38 on counts one week
        (0, 500_00),  # 9 months: holiday alone, one week
        (1, 500_00),  # 21 months
        (2, 2 * 500_00 + 500_00),  # 33 months
        (3, 3 * 500_00 + 500_00),  # 45 months
    ],
)
def test_a_fixed_term_ends_with_its_month_and_pays_redundancy_from_two_years(service, each):
    post = WORKER | {"kind": "fixed-term", "until": "2026-12", "service": service}
    p = play(hub({"project": post}, closing={"holiday_weeks": 1}), months=12, log=True)
    assert heads(p) == [2] * 8 + [0] * 4
    assert pence(p, "spending_one_off") == [0] * 8 + [2 * each] + [0] * 3
    assert p.played.fates["posts_lost"][0] == 2
    assert {t: n for t, n in enumerate(p.played.people["left"][:, 0]) if n} == {8: 2}
    assert any("a fixed-term contract that ended" in what for what in told(p))


def test_after_four_years_a_fixed_term_is_permanent():
    """Three years at the opening: 48 months at the end of March 2027, 47 at the end of February."""
    stays = play(hub({"project": WORKER | {"kind": "fixed-term", "until": "2027-03", "service": 3}}), months=14)
    assert heads(stays) == [2] * 14
    goes = play(hub({"project": WORKER | {"kind": "fixed-term", "until": "2027-02", "service": 3}}), months=14)
    assert heads(goes) == [2] * 10 + [0] * 4


@pytest.mark.parametrize("strategy", ["carry on", "hub and dock"])
def test_a_fixed_term_ends_with_the_funding_of_its_dock_under_any_strategy(strategy):
    posts = {"project": WORKER | {"kind": "fixed-term", "service": 2}}
    p = play(team(posts), months=12, strategy=strategy, log=True)
    assert heads(p) == [2] * 8 + [0] * 4
    assert pence(p, "spending_one_off")[8] == 2 * (2 * 500_00 + 500_00)  # 33 months: two weeks, and a week of holiday
    assert not any("notice is served" in what for what in told(p))


def test_permanent_staff_beside_them_are_under_notice_and_they_are_not():
    posts = {"project": WORKER | {"kind": "fixed-term", "service": 1}, "lead": WORKER | {"heads": 1}}
    p = play(team(posts), months=12, strategy="hub and dock", log=True)
    assert heads(p) == [3] * 8 + [0] * 4
    said = [what for what in told(p) if "notice is served" in what]
    assert len(said) == 1 and "lead" in said[0] and "on 1" in said[0]


def test_a_renewed_award_keeps_them():
    stream = WORK | {"renewal": {"chance": 0.6, "told": 2, "term": 24}}
    posts = {"project": WORKER | {"kind": "fixed-term", "service": 1}}
    p = play(
        raw({"work": stream}, chance=False, economy=NO_NIC, docks={"team": {"funded_by": ["work"], "posts": posts}}),
        months=20,
    )
    assert heads(p) == [2] * 20


def test_closing_before_the_term_serves_notice():
    post = WORKER | {"kind": "fixed-term", "until": "2028-03", "service": 2}
    p = play(hub({"project": post}), months=12, strategy=CLOSE)
    # decided at the end of April 2026; two weeks of notice, a month, May; at its end they have gone
    assert heads(p)[:3] == [2, 0, 0]
    assert p.played.fates["posts_lost"][0] == 2


def test_nobody_is_hired_into_a_contract_that_is_over():
    post = {
        "heads": 5,
        "pay": 26_000,
        "service": 0,
        "turnover": 0.9,
        "recruiting_months": 3,
        "kind": "fixed-term",
        "until": "2027-03",
    }
    p = play(raw({}, hub={"posts": {"project": post}}, economy=NO_NIC), months=24, paths=200)
    assert (p.played.people["heads"][12:] == 0).all() and (p.played.people["heads"][11] == 0).all()
    assert (p.played.people["joined"][12:] == 0).all() and p.played.people["joined"][:12].sum() > 0


def test_managements_forecast_counts_them_to_their_last_month():
    """£4,333.33 a month for two heads: at the end of October, two of three months are paid; told income nil."""
    post = WORKER | {"kind": "fixed-term", "until": "2026-12", "service": 0}
    p = play(hub({"project": post}), months=9)
    month = 2 * 216_667  # October 2026, the seventh month of the funders' year
    assert pence(p, "headroom")[6] - pence(p, "forecast")[6] == 3 * month - month


# ---- sessional and freelance


def test_sessional_staff_are_paid_their_holiday_with_each_hour_and_nothing_when_they_go():
    post = WORKER | {"heads": 1, "kind": "sessional", "notice_weeks": 4}
    p = play(hub({"tutor": post}), months=12, strategy=CLOSE)
    assert pence(p, "spending_pay")[0] == round(26_000 * 1.1207 * 100 / 12)  # 242,818.33
    assert sum(pence(p, "spending_one_off")) == 0
    # four weeks of notice: of 26,000 × 1.1207 = 29,138.20 a year
    assert pence(p, "closing_liability")[0] == round(29_138_20 * 4 / 52)


def test_nic_is_due_on_a_sessional_workers_holiday_pay_too():
    post = WORKER | {"heads": 1, "kind": "sessional", "hours": 20}
    p = play(hub({"tutor": post}, economy=FLAT), months=12)
    paid = 26_000 * 1.1207
    assert sum(pence(p, "spending_pay")) == round(100 * (paid + 0.15 * (paid - 5_000)))


def test_a_freelance_is_paid_a_fee_and_nothing_else():
    post = {"heads": 1, "pay": 10_000, "service": 5, "turnover": 0, "kind": "freelance", "hours": 37.5}
    p = play(hub({"trainer": post}, economy=FLAT), months=12)
    assert sum(pence(p, "spending_pay")) == 10_000_00  # no NIC, no pension, no lowest wage
    assert pence(p, "closing_liability") == [0] * 12


def test_only_employees_count_towards_collective_consultation():
    """19 employees and 5 freelances go at once: nobody is consulted; with 20 employees a month passes first."""
    lead = {"pay": 30_000, "service": 0, "turnover": 0, "pension": 0}
    out = {}
    for n in (19, 20):
        posts = {"a": lead | {"heads": n}, "b": lead | {"heads": 5, "kind": "freelance"}}
        p = play(hub(posts, opening={"bank": 3_000_000, "creditors": 0}), months=6, strategy=CLOSE)
        out[n] = heads(p).index(5) if 5 in heads(p) else heads(p).index(0)
    assert out[20] == out[19] + 1


# ---- vacancies that go elsewhere


def test_a_post_changes_its_kind_only_when_it_falls_vacant():
    """Ten permanent posts; who leaves is replaced by a sessional worker; nobody is made redundant; the number of posts stands."""
    old = {
        "pension": 0,
        "heads": 10,
        "pay": 26_000,
        "service": 3,
        "turnover": 0.3,
        "recruiting_months": 0,
        "vacancies_go_to": "sessional",
    }
    new = {
        "pension": 0,
        "heads": 0,
        "pay": 28_000,
        "service": 0,
        "turnover": 0,
        "recruiting_months": 0,
        "kind": "sessional",
    }
    p = play(raw({}, hub={"posts": {"permanent": old, "sessional": new}}, economy=NO_NIC), months=36, paths=4000)
    pay_a_month = p.played.money["spending_pay"]
    # of ten that began, those still there at the start of month t stay each with probability 0.7^(t/12); all others have been replaced
    left = p.played.people["left"].sum(axis=0)
    assert errors_off(left, 10 * (1 - 0.7**3)) < 4
    assert (p.played.fates["posts_lost"] == 0).all()
    month = 35
    still = 10 - p.played.people["left"][:month].sum(axis=0)
    joined = p.played.people["joined"][: month + 1].sum(axis=0)
    assert (still + joined == p.played.people["heads"][month] + p.played.people["left"][month]).all()
    assert joined.max() > 5
    paid = still * round(26_000_00 / 12) + joined * round(28_000_00 * 1.1207 / 12)
    assert np.abs(pay_a_month[month] - paid).max() <= 20  # a penny a head: months differ by the roundings of the year


def test_vacancies_go_to_a_group_that_is_there():
    post = WORKER | {"vacancies_go_to": "b"}
    assert "is no group of the same team" in refused(hub({"a": post}))
    assert "is the group itself" in refused(hub({"b": post}))
    assert "sends its own vacancies on" in refused(
        hub({"a": post, "b": WORKER | {"vacancies_go_to": "c"}, "c": WORKER})
    )


@pytest.mark.parametrize(
    ("post", "words"),
    [
        ({"until": "2027-03"}, "has an end and is permanent"),
        ({"kind": "fixed-term"}, "no funding ends its contracts"),
        ({"kind": "fixed-term", "until": "2026-03"}, "lies before the first month"),
        ({"kind": "zero hours"}, "kind"),
        ({"cover": 1}, "covers absence and has none"),
        ({"absence": 0.05, "cover_cost": 2}, "covers absence and has none"),
    ],
)
def test_a_mistake_is_named(post, words):
    assert words in refused(hub({"a": WORKER | post}))


def test_what_the_law_may_see_otherwise_is_said():
    posts = {"a": WORKER | {"kind": "fixed-term", "until": "2027-03"}, "b": WORKER | {"kind": "freelance"}}
    said = " ".join(organisation_from(hub(posts), "x.toml").warnings)
    assert "permanent by law" in said and "a tribunal may find" in said


# ---- learning and absence


SERVICE = {"dock": "team", "caseload": 10, "length": 1, "referrals": 1000}


def capacity(p):
    return p.played.people["capacity"][:, 0]


def test_the_newly_hired_carry_more_month_by_month():
    """A bid won goes live in month 3 with four heads: at r = 4 each carries (k + ½)/4 of 10 cases in its month k."""
    bid = {
        "kind": "trust",
        "form": "contract",
        "payment": "monthly",
        "yearly": 200_000,
        "chance": 1,
        "term": 24,
        "decision": "2026-05",
    }
    bid |= {"standstill": 0, "mobilisation": {"months": 2}}
    post = {"heads": 4, "pay": 26_000, "service": 0, "turnover": 0, "recruiting_months": 0, "ramp_up": 4}
    docks = {"team": {"funded_by": ["bid"], "posts": {"worker": post}}}
    p = play(
        raw({}, bids={"bid": bid}, docks=docks, services={"advice": SERVICE | {"length": 600}}, economy=NO_NIC),
        months=12,
    )
    first = heads(p).index(4)
    opened = [round(float(x)) for x in p.played.people["open"][first : first + 6, 0]]
    # of what can be carried, 5, 15, 25, 35 and then 40, every place is taken: referrals are many and few cases close
    assert opened == [5, 15, 25, 35, 40, 40]


def test_absence_takes_places_and_cover_gives_them_back_for_money():
    def with_(**post):
        team_ = {"team": {"posts": {"worker": WORKER | post}}}
        return play(raw({}, chance=False, economy=NO_NIC, docks=team_, services={"advice": SERVICE}), months=12)

    plain, absent = with_(), with_(absence=0.1)
    covered, half = with_(absence=0.1, cover=1, cover_cost=1.5), with_(absence=0.1, cover=0.5)
    for p, places in ((plain, 20), (absent, 18), (covered, 20), (half, 19)):  # two heads × 10 × (1 − 0.1 × (1 − cover))
        assert p.played.people["open"][5, 0] == pytest.approx(places)
    year = 2 * 26_000_00
    assert sum(pence(plain, "spending_pay")) == sum(pence(absent, "spending_pay")) == year
    assert sum(pence(covered, "spending_pay")) == year + year * 0.15
    assert sum(pence(half, "spending_pay")) == year + year * 0.05


# ---- who leaves


def test_leavers_are_binomial():
    """Ten heads, q = 0.2 a year, nobody replaced: the number left after a year is binomial (10, 0.8). χ² with nine cells or fewer."""
    post = {"heads": 10, "pay": 26_000, "service": 1, "turnover": 0.2, "recruiting_months": 24}
    p = play(raw({}, docks={"team": {"posts": {"a": post}}}, economy=NO_NIC), months=12, paths=5000)
    there = p.played.people["heads"][11].astype(int)
    counts = np.bincount(there, minlength=11)
    expected = 5000 * binom.pmf(np.arange(11), 10, 0.8)
    big = expected >= 5
    chi2 = ((counts[big] - expected[big]) ** 2 / expected[big]).sum()
    assert chi2 < 30 and big.sum() <= 9  # χ²(8) above 30 once in 5,000 runs; the seed is fixed


def test_a_vacancy_is_filled_by_the_renewal_equation():
    """One post, monthly hazard h, r months empty: occupancy m(t+1) = m(t) − leaves(t) + leaves(t − r): exact recursion on month-ends."""
    q, r, T = 0.6, 3, 30
    stay = (1 - q) ** (1 / 12)
    leaves, occupied, joined = np.zeros(T), np.zeros(T), np.zeros(T)
    present = 1.0
    for t in range(T):
        if t - r - 1 >= 0:
            joined[t] = leaves[t - r - 1]
        present += joined[t]
        leaves[t] = present * (1 - stay)
        present -= leaves[t]
        occupied[t] = present
    post = {"heads": 1, "pay": 26_000, "service": 0, "turnover": q, "recruiting_months": r}
    p = play(raw({}, hub={"posts": {"a": post}}, economy=NO_NIC), months=T, paths=8000)
    for t in (0, 5, 11, 20, 29):
        assert errors_off(p.played.people["heads"][t], occupied[t]) < 4


@pytest.mark.parametrize("who", ["shortest service", "that head"])
def test_which_head_leaves(who):
    """Two groups in one: ten of ten years' service; vacancies are filled at once. If the shortest leaves, the newly hired go first."""
    post = {"heads": 10, "pay": 26_000, "service": 10, "age": 50, "turnover": 0.3, "recruiting_months": 0}
    tables = raw({}, hub={"posts": {"a": post}}, economy=NO_NIC, leavers=who, closing={"holiday_weeks": 0})
    p = play(tables, months=36, paths=3000)
    # by slots: each of the ten at the opening stays with 0.7 a year. By shortest service a leaver is one of the opening only if nobody newer
    # is there: more of the old stay
    old = 10 * 0.7**3
    liability = p.played.money["closing_liability"][35] / 100
    # a head of the opening: 13 years at 53: weeks of redundancy 1.5 × 12 (ages 41 … 52) + 1 × 1 (age 40) = 19, and 12 weeks of notice;
    # a newer head: at least a week of notice, at most three years: 4.5 weeks and three weeks
    per_old, least, most = (19 + 12) * 500, 1 * 500, (4.5 + 3) * 500
    mean = liability.mean()
    low, high = old * per_old + (9 - old) * least, old * per_old + (10 - old) * most
    if who == "that head":
        assert low < mean < high
    else:
        assert mean > high


def test_that_head_leaves_with_its_own_service():
    """Nobody replaced and no newer heads: both ways are the same penny for penny; with newer heads they differ."""
    post = {"heads": 6, "pay": 26_000, "service": 4, "turnover": 0.4, "recruiting_months": 24}
    a, b = (play(raw({}, hub={"posts": {"a": post}}, economy=NO_NIC, leavers=who), months=20, paths=300) for who in ("shortest service", "that head"))  # fmt: skip
    assert (a.played.money["closing_liability"] == b.played.money["closing_liability"]).all()


# ---- notice counts the service there is when it begins


def test_notice_of_who_completes_a_year_during_consultation_is_a_week_longer():
    """Twenty of four years less a month... served in month 10 with one month of consultation: notice begins after a year more is complete."""
    lead = {"pay": 26_000, "age": 30, "service": 4, "turnover": 0, "heads": 20}
    rule = {"when": "months of cover below", "level": 120, "do": "close in order", "board": "executive", "delay": 10}
    strategy = strategy_from({"name": "C", "why": "a test", "source": "a test", "rules": [rule]}, "s.toml")
    p = play(hub({"a": lead}, opening={"bank": 4_000_000, "creditors": 0}), months=20, strategy=strategy)
    # decided at the end of t = 10 (February 2027), consultation in March; notice begins on 1 April with five complete years: five weeks,
    # two months: April and May (t = 12, 13). At the end of February it would have been four weeks: one month
    assert heads(p)[12] == 20 and heads(p)[13] == 0


# ---- the conventional structure has permanent staff only


def test_conventional_staff_are_permanent():
    posts = {
        "a": WORKER | {"kind": "fixed-term", "until": "2026-12", "vacancies_go_to": "b"},
        "b": WORKER | {"kind": "sessional"},
    }
    made = conventional(organisation_from(hub(posts), "x.toml"))
    assert {(p.kind, p.until, p.vacancies_go_to, p.heads) for _, p in made.posts().values()} == {
        ("permanent", None, None, 2)
    }


# ---- what it costs, in full cost recovery and month by month


@pytest.mark.parametrize("kind", ["permanent", "fixed-term", "sessional", "freelance"])
def test_full_cost_and_the_projection_pay_the_same(kind):
    """A year of the team's pay bill in `resilience cost` is that of the first twelve months played."""
    post = WORKER | {"kind": kind, "absence": 0.1, "cover": 0.5, "cover_cost": 1.2, "pension": 0.05}
    tables = team({"a": post}, WORK | {"until": "2028-03"}, economy=FLAT, employment_allowance=False)
    p = play(tables, months=12)
    items = worked(organisation_from(tables, "x.toml")).items
    assert abs(sum(one.pence for one in items) - sum(pence(p, "spending_pay"))) <= 24


def test_a_scenario_that_changes_the_kind_of_people_in_post_is_told():
    change = {"what": "posts", "where": {"id": "lead"}, "field": "kind", "to": "freelance"}
    tables = {"name": "S", "why": "a test", "source": "a test", "changes": [change]}
    made = apply(organisation_from(hub({"lead": WORKER}), "x.toml"), [scenario_from(tables, "s.toml")])
    assert any("in law their dismissal" in one and "2 in post" in one for one in made.warnings)
    empty = apply(organisation_from(hub({"lead": WORKER | {"heads": 0}}), "x.toml"), [scenario_from(tables, "s.toml")])
    assert not any("dismissal" in one for one in empty.warnings)
