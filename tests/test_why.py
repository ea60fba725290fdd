"""Why it fails, on organisations where the answer is known: two events, four futures."""

import math

import exact_answers as known
import numpy as np
import pytest

from resilience.projection import project
from resilience.scenario import scenario_from
from resilience.why import REPLAYED, drivers, why
from resilience.words import drivers as driver_words

PATHS = 4_000
BID = {"kind": "giving", "form": "gift", "payment": "monthly", "yearly": 12_000, "term": 24, "decision": "2026-04"}
RENT = {"costs": {"rent": {"yearly": 24_000, "grows": 0}}}  # 2,000 a month
ODDS = {"a": 0.5, "b": 0.25}


def two_bids(bank):
    """Two bids told in the first month; each, if won, brings 1,000 a month from the second on."""
    return known.charity(bank=bank, hub=RENT, bids={name: {**BID, "chance": p} for name, p in ODDS.items()})


def within(share, exact, number, errors=5):
    return abs(share - exact) <= errors * math.sqrt(exact * (1 - exact) / number)


def test_two_events_four_futures_when_both_are_needed():
    # bank after April: 10,000 − 2,000 = 8,000. Both won: nothing moves. One won: −1,000 a month, below nil in the ninth
    # month after April. So three of the four futures fail within twelve months:
    #   a won, b lost  1/2 · 3/4 = 3/8   prevented by b
    #   a lost, b won  1/2 · 1/4 = 1/8   prevented by a
    #   both lost      1/2 · 3/4 = 3/8   prevented by neither alone
    # of failures, 7/8: b prevents 3/7, a 1/7; with both switched off nothing fails.
    played = project(two_bids(10_000), months=12, paths=PATHS)
    found = why(played)
    shares = {one.name: one.share_prevented for one in found.events}
    assert found.failures == int((played.paths["end_kind"] == 1).sum())
    assert within(found.failures / PATHS, 7 / 8, PATHS)
    assert [one.name for one in found.events] == ["bids.b", "bids.a"]
    replayed = np.flatnonzero(played.paths["end_kind"] == 1)[:REPLAYED]
    assert within(shares["bids.b"], 3 / 7, len(replayed))
    assert within(shares["bids.a"], 1 / 7, len(replayed))
    assert found.structural == 0
    exactly_one = (
        played.paths["won"][replayed] == 1
    )  # counted in the run itself: what one bid prevents has exactly one bid won
    assert sum(shares.values()) == pytest.approx(exactly_one.sum() / len(replayed), abs=1e-12)


def test_two_events_each_of_which_prevents_every_failure():
    # 14,000 − 2,000 = 12,000: one bid won leaves 1,000 after eleven months; none: below nil in the seventh.
    # So it fails where both are lost.
    found = why(project(two_bids(14_000), months=12, paths=PATHS))
    assert within(found.failures / PATHS, 1 / 2 * 3 / 4, PATHS)
    assert [(one.name, one.share_prevented) for one in found.events] == [("bids.a", 1), ("bids.b", 1)]
    assert found.structural == 0


def test_what_fails_whatever_happens_is_structural():
    found = why(project(two_bids(1_000), months=12, paths=500))
    assert found.failures == 500
    assert found.structural == 1
    assert {one.share_prevented for one in found.events} == {0}


def test_nothing_fails():
    found = why(project(two_bids(100_000), months=12, paths=100))
    assert found.failures == 0 and found.events == []
    assert math.isnan(found.structural)
    assert found.as_dict()["structural"] is None


def test_a_renewal_and_a_scenarios_cut_are_events():
    # 24,000 a year until September, renewed 1 in 2; the scenario takes all of the other 24,000 from July on.
    # Spending is 2,000 a month and the bank 1,000, so it runs out only where both are gone.
    gift = {"kind": "giving", "form": "gift", "payment": "monthly", "yearly": 24_000}
    award = {**gift, "until": "2026-09", "renewal": {"chance": 0.5, "told": 0, "term": 24}}
    organisation = known.charity(bank=1_000, hub=RENT, streams={"award": award, "council": {**gift, "cut": 0}})
    raw = {"name": "Gone", "why": "test", "source": "test"}
    shock = {"streams": {"id": "council"}, "depth": 1, "from": "2026-07", "notice": 0}
    scenario = scenario_from({**raw, "shocks": [shock]}, "gone.toml")
    played = project(organisation, scenario, months=18, paths=1_000)
    found = why(played)
    assert 0 < found.failures < 1_000
    assert [(one.name, one.share_prevented) for one in found.events] == [
        ("shocks.council", 1),
        ("streams.award.renewal", 1),
    ]
    assert played.organisation.shocks  # the organisation itself keeps its scenario


def test_another_failure_can_be_asked_about():
    played = project(two_bids(10_000), months=12, paths=400)
    found = why(played, on="breach")  # the policy is nil: breached exactly where money runs out
    assert found.failures == int((played.paths["first_breach"] >= 0).sum())
    with pytest.raises(ValueError, match="point_of_no_return"):
        why(played, on="hunger")


def test_progress_counts_replays():
    told = []
    why(project(two_bids(10_000), months=12, paths=100), progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


# ---- drivers


def test_a_probability_that_decides_is_the_driver_and_moves_as_its_odds_do():
    # Only bid a matters: b brings 12 pounds a year. 7,000 − 2,000 = 5,000; a brings 2,000 a month: fails iff a is lost.
    bids = {"a": {**BID, "yearly": 24_000, "chance": 0.5}, "b": {**BID, "yearly": 12, "chance": 0.5}}
    found = drivers(project(known.charity(bank=7_000, hub=RENT, bids=bids), months=12, paths=PATHS))
    first = found[0]
    assert (first.place, first.unit) == ("bids.a.chance", "probability")
    low, high = 1 / (1 + math.exp(0.6408)), 1 / (1 + math.exp(-0.6408))
    assert (first.low_value, first.high_value) == pytest.approx((low, high))
    assert within(first.low_share, 1 - low, PATHS)
    assert within(first.high_share, 1 - high, PATHS)
    assert first.correlation > 0.8


def test_a_range_is_held_at_its_low_and_high_value():
    # rent of 12,000, 24,000 or 36,000 a year from 20,000 pounds: ten months at the middle value
    rent = {"yearly": {"low": 12_000, "likely": 24_000, "high": 36_000}, "grows": 0}
    played = project(known.charity(bank=20_000, hub={"costs": {"rent": rent}}), months=12, paths=1_000)
    only, wider = drivers(played)
    assert (only.place, only.unit) == ("hub.costs.rent.yearly", "GBP a year")
    assert (only.low_value, only.high_value) == (12_000, 36_000)
    assert (only.low_share, only.high_share) == (0, 1)
    assert 0.2 < played.probabilities["insolvent"].last < 0.9
    # the last is always "if all our ranges were wider by half". It fails where the rent of the year is above 20,000:
    # M(u) = ln 20,000 of the metalog in logs, a2 and a3 times 1.5 when wider
    assert (wider.place, wider.unit, wider.low_value, wider.high_value) == ("ranges_too_narrow", "spread", 1, 1.5)
    exact = []
    for spread in (1, 1.5):
        z10, z50, z90 = map(math.log, (12_000, 24_000, 36_000))
        a2, a3 = spread * (z90 - z10) / (2 * math.log(9)), spread * (z90 + z10 - 2 * z50) / (0.8 * math.log(9))
        below, above = 1e-9, 1 - 1e-9
        for _ in range(60):
            u = (below + above) / 2
            rises = z50 + math.log(u / (1 - u)) * (a2 + a3 * (u - 0.5)) > math.log(20_000)
            below, above = (below, u) if rises else (u, above)
        exact.append(1 - u)
    assert within(wider.low_share, exact[0], 1_000, 4) and within(wider.high_share, exact[1], 1_000, 4)
    assert wider.low_share == played.probabilities["insolvent"].last > wider.high_share
    assert (
        wider.high_share
        == project(played.organisation, months=12, paths=1_000, wider=True).probabilities["insolvent"].last
    )
    already = drivers(project(played.organisation, months=12, paths=1_000, wider=True))[-1]
    assert (already.low_share, already.high_share) == (wider.low_share, wider.high_share)
    said = [line for line in driver_words(played, [only, wider]) if "wider by half" in line]
    now, then = (round(100 * x) for x in (wider.low_share, wider.high_share))
    assert said == [f"The headline's number if all our ranges were wider by half: {then} of 100, not {now}."]


def test_what_moves_nothing_is_no_driver_and_no_chance_has_none():
    idle = {"a": {**BID, "yearly": 0, "chance": 0.5}}
    organisation = known.charity(bank=7_000, hub=RENT, bids=idle)
    assert drivers(project(organisation, months=12, paths=1_000)) == []
    assert drivers(project(two_bids(10_000), months=12, chance=False)) == []


def test_the_draws_are_those_of_the_run():
    from resilience.why.candidates import candidates_of, values

    played = project(two_bids(10_000), months=12, paths=700, only=np.arange(300, 1_000))
    found = list(candidates_of(played))
    assert [one.place for one in found] == ["bids.a.chance", "bids.b.chance"]
    assert (values(played, found).sum(axis=0) == played.paths["won"]).all()
