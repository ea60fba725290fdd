"""Dated shocks of scenarios: cuts that end again, rises of costs and of referrals. Expected values are arithmetic, to the penny."""

import numpy as np
import pytest
from quiet import FLAT, QUIET

from resilience import project
from resilience.employment import monthly_part
from resilience.errors import InputError
from resilience.exact import exact
from resilience.horizon import Month
from resilience.organisation_file import organisation_from
from resilience.scenario import apply, scenario_from

BASE = {"name": "Small", "first_month": "2026-04", "opening": {"bank": 60_000, "creditors": 0}, "economy": FLAT} | QUIET
CERTAIN = BASE | {"chance": False}
GIFTS = {"kind": "giving", "form": "gift", "yearly": 12_000, "cut": 0}


def organisation(raw):
    return organisation_from(raw, "small.toml")


def shocked(**shock):
    return scenario_from({"name": "S", "why": "test", "source": "test", "shocks": [shock]}, "s.toml")


def changed(*changes):
    return scenario_from({"name": "C", "why": "test", "source": "test", "changes": list(changes)}, "c.toml")


def cut(depth=0.3, starts="2026-10", notice=0, until=None, **streams):
    return shocked(streams=streams, depth=depth, notice=notice, **{"from": starts}, **({"until": until} if until else {}))  # fmt: skip


def rise(what, share, starts="2026-10", until=None, **chosen):
    return shocked(rise=share, **{what: chosen, "from": starts}, **({"until": until} if until else {}))


def accounts(raw, *scenarios, **how):
    return project(organisation(raw), list(scenarios), keep_paths=True, **{"months": 24, "paths": 40} | how).accounts


def income(raw, *scenarios, **how):
    return accounts(raw, *scenarios, **how)["income"]


# ---- cuts that end again


@pytest.mark.parametrize("until", ["2026-12", "3 months"])
def test_the_amount_comes_back(until):
    found = income(CERTAIN | {"streams": {"gifts": GIFTS}}, cut(until=until), months=12)[:, 0]
    assert found.tolist() == [1_000_00] * 6 + [700_00] * 3 + [1_000_00] * 3


def test_the_amount_comes_back_to_the_penny_whatever_happened_meanwhile():
    # an amount that does not divide, an uplift of April and cuts by chance within the months of the shock
    stream = GIFTS | {"yearly": 10_007.77, "uplift": 0.0371, "cut": 0.9, "settlement_share": 0.5, "notice": 0}
    raw = BASE | {"opening": {"bank": 900_000}, "streams": {"gifts": stream}}
    without, under = (income(raw, *s, months=36, paths=300) for s in ([], [cut(1 / 3, "2027-01", until="10 months")]))
    inside = np.zeros(36, dtype=bool)
    inside[9:19] = True
    assert np.array_equal(without[~inside], under[~inside])
    assert (without[18] > without[19]).any()  # chance did cut in the meantime
    assert (under[inside] <= without[inside]).all() and (under[inside] < without[inside]).any()


def test_a_month_of_the_shock_has_its_part_of_the_share_kept():
    yearly = 1_000_777
    raw = CERTAIN | {"streams": {"gifts": GIFTS | {"yearly": yearly / 100}}}
    found = income(raw, cut(0.123456, until="3 months"), months=12)[:, 0]
    kept = (yearly * 876_544 + 500_000) // 1_000_000  # 1 − 0.123456, half a penny up
    month = lambda amount, t: monthly_part(amount, t + 1)  # noqa: E731  # April is month 1
    assert found.tolist() == [month(kept if 6 <= t < 9 else yearly, t) for t in range(12)]


def test_two_shocks_together_multiply_and_each_ends_by_itself():
    # October to December a half, November to January a fifth more off what is left: 0.5, 0.4, 0.4, 0.8
    one, two = cut(0.5, "2026-10", until="3 months"), cut(0.2, "2026-11", until="3 months")
    found = income(CERTAIN | {"streams": {"gifts": GIFTS}}, one, two, months=12)[:, 0]
    assert found.tolist() == [1_000_00] * 6 + [500_00, 400_00, 400_00, 800_00] + [1_000_00] * 2


def test_a_lasting_cut_within_a_passing_one_stays():
    found = income(CERTAIN | {"streams": {"gifts": GIFTS}}, cut(0.5, until="3 months"), cut(0.1, "2026-11"), months=12)
    assert found[:, 0].tolist() == [1_000_00] * 6 + [500_00, 450_00, 450_00] + [900_00] * 3


def test_an_award_with_an_end_is_cut_only_in_a_term_begun_since():
    grant = {"kind": "trust", "form": "gift", "payment": "monthly", "yearly": 12_000, "until": "2027-03", "renewal": {"chance": 1, "term": 12, "told": 3}}  # fmt: skip
    raw = CERTAIN | {"streams": {"grant": grant}}
    found = income(raw, cut(0.3, "2026-10", until="2027-05"), months=16)[:, 0]
    assert found.tolist() == [1_000_00] * 12 + [700_00] * 2 + [1_000_00] * 2
    assert income(raw, cut(0.3, "2026-10", until="2027-03"), months=16)[:, 0].tolist() == [1_000_00] * 16


def test_it_is_told_before_it_begins_and_its_end_is_not_counted_on():
    # notice 2: told in July (t = 3) for October. July looks at August to October: one month of 300 less; August two, September three.
    # December, the last month of it, sees January to March at 700 still: 900 less.
    raw = CERTAIN | {"streams": {"gifts": GIFTS}}
    without, under = (accounts(raw, *s, months=12)["forecast"][:, 0] for s in ([], [cut(notice=2, until="3 months")]))
    lost = [0, 0, 0, 0, 0, 0, 300, 600, 900, 900, 900, 900]  # what has gone from the bank by then
    foreseen = [0, 0, 0, 300, 600, 900, 900, 900, 900, 0, 0, 0]
    assert ((without - under) / 100).tolist() == [a + b for a, b in zip(lost, foreseen, strict=True)]


@pytest.mark.parametrize(("notice", "less"), [(6, [0, 300, 600, 900]), (0, [0, 0, 600, 900])])
def test_a_stream_that_begins_within_it_is_foreseen_at_what_it_will_pay(notice, less):
    # gifts begin in August (t = 4), a shock of 30 % in July (t = 3). In April to July the next three months hold nought, one, two and
    # three months of gifts at 300 less each, once it is told: six months before at once, with no notice in June (t = 2)
    raw = CERTAIN | {"streams": {"gifts": GIFTS | {"from": "2026-08"}}}
    shock = cut(notice=notice, starts="2026-07", until="12 months")
    without, under = (accounts(raw, *s, months=12)["forecast"][:4, 0] for s in ([], [shock]))
    assert ((without - under) / 100).tolist() == less


def test_a_stream_that_begins_after_the_horizon_is_read_at_no_month_of_it():
    # gifts from May 2027 (t = 13), twelve months played: in January, February and March the next three months hold 0, 1 and 2 of them
    raw = CERTAIN | {"streams": {"gifts": GIFTS | {"from": "2027-05"}}}
    assert (accounts(raw, months=12)["forecast"][-3:, 0] / 100).tolist() == [60_000, 61_000, 62_000]


def test_why_leaves_the_shock_out():
    from resilience.why import why

    raw = BASE | {"opening": {"bank": 3_000}, "streams": {"gifts": GIFTS}, "hub": {"costs": {"rent": {"yearly": 12_000}}}}  # fmt: skip
    found = why(project(organisation(raw), [cut(1.0, until="12 months")], paths=20, months=24))
    assert [(one.name, one.share_prevented) for one in found.events] == [("shocks.gifts", 1.0)]
    found = why(project(organisation(raw), [rise("costs", 1.0, until="12 months")], paths=20, months=24))
    assert [(one.name, one.words, one.share_prevented) for one in found.events] == [
        ("shocks.hub.costs.rent", "the scenario's rise of rent of hub", 1.0)
    ]


def test_one_future_tells_the_cut_and_its_end():
    from resilience.words.story import story

    projection = project(organisation(CERTAIN | {"streams": {"gifts": GIFTS}}), [cut(notice=2, until="3 months")], months=12, log=True, only=[0])  # fmt: skip
    said = [what for _, happened in story(projection) for what in happened]
    assert said[:3] == [
        "we are told that gifts will be cut from October 2026 on",
        "gifts is cut: from this month £8,400 a year",
        "gifts is again what it would have been: from this month £12,000 a year",
    ]


def test_the_months_ahead_show_the_cut_and_its_end():
    from resilience.first_answer import first_answer

    found = first_answer(project(organisation(CERTAIN | {"streams": {"gifts": GIFTS}}), [cut(until="3 months")], months=12))  # fmt: skip
    assert [(one.month, known.kind, known.pounds) for one in found.ahead for known in one.known] == [
        ("2026-10", "scenario cut", 8_400.0),
        ("2027-01", "cut ends", 12_000.0),
    ]


# ---- rises of costs


@pytest.mark.parametrize("yearly", [12_000, {"low": 11_999.99, "likely": 12_000, "high": 12_000.01}])
def test_a_cost_rises_for_its_months(yearly):
    raw = CERTAIN | {"hub": {"costs": {"rent": {"yearly": yearly}, "post": {"yearly": 1_200}}}}
    scenario = rise("costs", 0.25, until="2026-12", id="rent")
    found = accounts(raw, scenario, months=12)["spending_non_pay"][:, 0]
    assert found.tolist() == [1_100_00] * 6 + [1_350_00] * 3 + [1_100_00] * 3


def test_a_cost_that_rises_for_good_rises_with_prices_from_there():
    raw = CERTAIN | {"hub": {"costs": {"rent": {"yearly": 12_000, "grows": 0.1}}}}
    found = accounts(raw, rise("costs", 0.5), months=18)["spending_non_pay"][:, 0]
    assert found.tolist() == [1_000_00] * 6 + [1_500_00] * 6 + [1_650_00] * 6


def test_costs_of_a_dock_are_chosen_by_it():
    raw = CERTAIN | {"hub": {"costs": {"rent": {"yearly": 12_000}}}, "docks": {"team": {"costs": {"rent": {"yearly": 2_400}}}}}  # fmt: skip
    assert [one.place for one in apply(organisation(raw), [rise("costs", 0.1, dock="team")]).rises] == ["docks.team.costs.rent"]  # fmt: skip
    assert [one.place for one in apply(organisation(raw), [rise("costs", 0.1, id="rent")]).rises] == ["docks.team.costs.rent", "hub.costs.rent"]  # fmt: skip


# ---- rises of referrals


def test_referrals_rise_for_their_months():
    team = {"posts": {"worker": {"heads": 1, "pay": 12_000, "service": 3, "turnover": 0}}}
    raw = CERTAIN | {"opening": {"bank": 500_000}, "docks": {"team": team}, "services": {"help": {"dock": "team", "caseload": 0, "length": 1, "referrals": 10, "waits": 0, "open": 0}}}  # fmt: skip
    found = accounts(raw, rise("services", 0.3, until="2 months"), months=12)["demand"][:, 0]
    assert found == pytest.approx([10] * 6 + [13] * 2 + [10] * 4)
    assert accounts(raw, rise("services", -1.0), months=12)["demand"][:, 0] == pytest.approx([10] * 6 + [0] * 6)


# ---- what is refused, and what is said


@pytest.mark.parametrize(
    ("shock", "said"),
    [
        ({"depth": 0.3, "from": "2026-10", "notice": 1}, "falls on nothing, or on several"),
        ({"streams": {}, "costs": {}, "depth": 0.3, "from": "2026-10", "notice": 1}, "falls on nothing, or on several"),
        (
            {"streams": {}, "from": "2026-10", "depth": 0.3},
            "write depth, the share lost, or rise, the share added, and notice",
        ),
        (
            {"streams": {}, "from": "2026-10", "notice": 1, "rise": 0.3, "depth": 0.1},
            "write depth, the share lost, or rise, the share added, and notice",
        ),
        ({"costs": {}, "from": "2026-10"}, "falls on costs; write rise"),
        ({"costs": {}, "from": "2026-10", "rise": 0}, "falls on costs; write rise"),
        ({"services": {}, "from": "2026-10", "rise": 0.1, "notice": 3}, "neither depth nor notice"),
        (
            {"costs": {"payer": "x"}, "from": "2026-10", "rise": 0.1},
            "shocks[1].costs.payer: is not a field of this table",
        ),
        (
            {"services": {"largest": True}, "from": "2026-10", "rise": 0.1},
            "shocks[1].services.largest: is not a field of this table",
        ),
        ({"costs": {}, "from": "2026-10", "rise": -1.5}, "shocks[1].rise: -1.5 is too small"),
        (
            {"costs": {}, "from": "2026-10", "rise": 0.1, "until": "3 weeks"},
            'or as a number of months, like "12 months"',
        ),
    ],
)
def test_a_shock_that_makes_no_sense_is_refused(shock, said):
    with pytest.raises(InputError) as caught:
        shocked(**shock)
    assert said in str(caught.value)


def test_an_end_before_the_beginning_is_refused():
    with pytest.raises(InputError) as caught:
        apply(organisation(CERTAIN | {"streams": {"gifts": GIFTS}}), [cut(until="2026-09")])
    assert str(caught.value) == "s.toml: shocks[1].until: 2026-09 lies before it begins; write a month from 2026-10 on, or leave until out"  # fmt: skip


def test_what_meets_and_what_touches_nothing_is_said():
    raw = CERTAIN | {"streams": {"gifts": GIFTS}, "hub": {"costs": {"rent": {"yearly": 1_200}}}}
    two = scenario_from({"name": "T", "why": "t", "source": "t", "shocks": [{"costs": {"id": "rent"}, "rise": 0.1, "from": "2026-10"}, {"costs": {"id": "rnt"}, "rise": 0.1, "from": "2026-10"}, {"services": {}, "rise": 0.1, "from": "2026-10"}]}, "t.toml")  # fmt: skip
    assert apply(organisation(raw), [rise("costs", 0.2), two]).warnings == (
        "scenario T, shocks[1]: S moves hub.costs.rent too; both count",
        'scenario T, shocks[2]: touches no cost of Small; did you mean "rent"?',
        "scenario T, shocks[3]: touches no service of Small",
    )


@pytest.mark.parametrize("scenario", [cut(until="3 months"), rise("costs", 0.1)])
def test_the_exact_engine_refuses_what_it_does_not_do(scenario):
    raw = BASE | {"streams": {"gifts": GIFTS}, "hub": {"costs": {"rent": {"yearly": 1_200}}}, "grace": 3}
    exact(organisation(raw), 6)
    with pytest.raises(InputError) as caught:
        exact(apply(organisation(raw), [scenario]), 6)
    assert "which the exact engine does not do" in str(caught.value)


# ---- the largest payer


def test_the_largest_is_who_pays_most_at_the_opening():
    town = {"kind": "local authority", "yearly": 30_000, "payer": "town", "cut": 0}
    streams = {
        "a": town,  # town pays 30 + 20 = 50 thousand in two streams
        "b": town | {"yearly": 20_000, "payment": "monthly", "form": "gift"},
        "c": town | {"yearly": 45_000, "payer": "county"},
        "d": town | {"yearly": 90_000, "payer": "later", "from": "2026-09"},  # not begun at the opening
    }
    one = organisation(CERTAIN | {"streams": streams})
    hit = lambda **where: [x.stream_id for x in apply(one, [cut(largest=True, **where)]).shocks]  # noqa: E731
    assert hit() == ["a", "b"]
    assert hit(payment="arrears") == ["c"]  # of those in arrears town pays 30, county 45
    late = changed({"what": "streams", "where": {"payment": "arrears", "largest": True}, "field": "lag", "add": 2})
    assert [s.lag for _, s in sorted(apply(one, [late]).streams.items())] == [1.3, 0.0, 3.3, 1.3]


def test_of_equals_the_first_in_the_alphabet_is_the_largest():
    town = {"kind": "local authority", "yearly": 30_000, "cut": 0}
    one = organisation(CERTAIN | {"streams": {"x": town | {"payer": "beta"}, "y": town | {"payer": "alpha"}}})
    assert [x.stream_id for x in apply(one, [cut(largest=True)]).shocks] == ["y"]


# ---- values by year, and dates that do not go stale


def test_next_april_can_stand_within_a_value():
    one = organisation(CERTAIN | {"streams": {"gifts": GIFTS}})
    bought = changed({"what": "organisation", "field": "facility", "to": {"limit": 5_000, "until": "next April"}})
    assert apply(one, [bought]).facility.until == Month(2027, 4)


@pytest.mark.parametrize(
    ("first", "cpi", "earnings", "bank"),
    [
        ("2026-04", 2026, 2027, 2026),  # April 2027 is next: it goes by the prices of 2026 and the earnings of 2027
        ("2026-11", 2026, 2027, 2026),
        ("2027-03", 2026, 2027, 2027),
    ],
)
def test_years_are_counted_from_the_first_that_counts(first, cpi, earnings, bank):
    fields = ("cpi", "earnings", "bank_rate")
    scenario = changed(*({"what": "organisation", "field": f"economy.{name}", "years": [0.09, 0.07]} for name in fields))  # fmt: skip
    economy = apply(organisation({**CERTAIN, "economy": {}, "first_month": first}), [scenario]).economy
    for name, year in zip(fields, (cpi, earnings, bank), strict=True):
        assert {int(k): v for k, v in getattr(economy, name).items()} == {year: 0.09, year + 1: 0.07}


def test_prices_by_year_move_costs_in_their_april():
    # rent 12,000 a year: 9 % more from April 2027, 7 % more from April 2028, both of the year before
    raw = CERTAIN | {"hub": {"costs": {"rent": {"yearly": 12_000}}}}
    scenario = changed({"what": "organisation", "field": "economy.cpi", "years": [0.09, 0.07]})
    found = accounts(raw, scenario, months=36)["spending_non_pay"][:, 0]
    assert [int(found[12 * i : 12 * i + 12].sum()) for i in range(3)] == [12_000_00, 13_080_00, 13_995_60]
