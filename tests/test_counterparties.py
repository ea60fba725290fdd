"""A payer in trouble: what it ends or halves, when, and that each stream's own rates leave the total as the file says."""

import math

import numpy as np
import pytest
from exact_answers import charity, part

from resilience import project
from resilience.errors import InputError
from resilience.rows import EVENTS
from resilience.variation import Variation
from resilience.why import why

PATHS = 40_000
STREAM = {"kind": "local authority", "form": "gift", "payment": "monthly", "notice": "none", "settlement_share": 0, "depth": 0.3, "yearly": 1_200}  # fmt: skip


def z(count, chance, n=PATHS):
    return (count - n * chance) / math.sqrt(n * chance * (1 - chance))


def paid_by(payers, streams=None, **tables):
    return charity(streams=streams or {}, payers=payers, funder_events=True, **tables)


def income(organisation, months, paths=PATHS, **more):
    """Pence by month and path."""
    return project(organisation, paths=paths, months=months, keep_paths=True, **more).accounts["income"]


def come(f, month):
    """F: probability that the event of yearly probability f has come by the end of a month (from 0)."""
    return 1 - (1 - f) ** ((month + 1) / 12)


# ---- cuts and trouble together


@pytest.mark.parametrize("f", [0.05, 0.15])
def test_a_year_with_a_cut_stays_as_likely_as_the_file_says(f):
    # own q′ = 1 − (1 − q)/(1 − f); no cut in 12 months: (1 − q′)(1 − f) = 1 − q
    q = 0.2
    organisation = paid_by({"a": {"event": f}}, {"a": {**STREAM, "cut": q}})
    last = income(organisation, 12)[11]
    assert abs(z((last < 10_000).sum(), q)) <= 4
    # nil where it has ended, ½ or less where it was halved, 0.7, 0.49 … else
    assert abs(z((last == 0).sum(), f / 2)) <= 4
    own = 1 - (1 - q) / (1 - f)
    alone = (1 - f) * own  # cut, and no trouble
    assert abs(z(((last > 0) & (np.isin(last, [7_000, 4_900, 3_430, 2_401]))).sum(), alone)) <= 4


def test_trouble_comes_even_where_a_cut_is_less_likely():
    organisation = paid_by({"a": {"event": 0.1, "halves": 0}}, {"a": {**STREAM, "cut": 0.02}})
    last = income(organisation, 24)[23]
    assert set(np.unique(last)) == {0, 10_000}  # q′ = max(0, 1 − 0.98/0.9) = 0
    assert abs(z((last == 0).sum(), come(0.1, 23))) <= 4


def test_streams_of_one_payer_fall_together():
    q, f = 0.1, 0.08
    both = {"a": {**STREAM, "cut": q}, "b": {**STREAM, "cut": q, "form": "sale"}}
    one = {name: {**item, "payer": "Town Hall"} for name, item in both.items()}

    def fell(organisation):
        accounts = project(organisation, paths=PATHS, months=12, keep_paths=True).accounts
        return ((accounts["income_gift"][11] < 10_000) & (accounts["income_sale"][11] < 10_000)).sum()

    together = fell(paid_by({"Town Hall": {"event": f}}, one))
    apart = fell(paid_by({"a": {"event": f}, "b": {"event": f}}, both))
    own = 1 - (1 - q) / (1 - f)
    assert abs(z(together, f + (1 - f) * own**2)) <= 4
    assert abs(z(apart, q * q)) <= 4
    assert together > 5 * apart


def test_a_statutory_duty_is_cut_less_and_trouble_passes_it_by():
    # odds ¼ halved: ⅛, so q = 1/9
    organisation = paid_by(
        {"hall": {"event": 0.5}}, {"a": {**STREAM, "payer": "hall", "cut": 0.2, "statutory_duty": True}, "b": {**STREAM, "payer": "hall", "yearly": 12_000, "cut": 0}}
    )  # fmt: skip
    last = income(organisation, 12)[11]
    duty = last % 50_000  # b pays 1,000, 500 or nothing a month, a at most 100
    assert abs(z((duty < 10_000).sum(), 1 / 9)) <= 4
    assert abs(z((last < 50_000).sum(), 0.25)) <= 4  # b: ended with ½ · ½


# ---- notice, ends of awards, bids


def story(organisation, months=36, path=0):
    """(events by name with month and value, income by month) of one path."""
    found = project(organisation, only=np.array([path]), months=months, keep_paths=True, log=True)
    events = {}
    for month, event, _, value in found.played.log:
        events.setdefault(EVENTS[event], []).append((int(month), int(value)))
    return events, found.accounts["income"][:, 0]


@pytest.mark.parametrize("halves", [0, 1])
def test_trouble_takes_effect_as_notice_allows(halves):
    streams = {
        "a": {**STREAM, "payer": "hall", "cut": 0, "notice": 3},
        "b": {**STREAM, "payer": "hall", "cut": 0, "yearly": 12_000},
    }
    organisation = paid_by({"hall": {"event": 0.9, "halves": halves}}, streams)
    left = 0.5 if halves else 0
    seen = set()
    for path in range(6):
        events, found = story(organisation, path=path)
        (month, halving), *_ = events["funder in trouble"]
        seen.add(month)
        assert halving == halves
        a = [10_000 if t < month + 4 else 10_000 * left for t in range(36)]
        b = [100_000 if t < month else 100_000 * left for t in range(36)]
        assert found.tolist() == [x + y for x, y in zip(a, b, strict=True)]
    assert len(seen) > 2


@pytest.mark.parametrize("halves", [0, 1])
def test_an_award_with_an_end_runs_to_its_end(halves):
    award = {
        "kind": "NHS",
        "form": "gift",
        "payment": "monthly",
        "yearly": 1_200,
        "until": "2027-03",
        "renewal": {"chance": 1, "term": 12, "told": 2},
    }
    organisation = paid_by({"a": {"event": 0.7, "halves": halves}}, {"a": award})  # fmt: skip
    kinds = set()
    for path in range(12):
        events, found = story(organisation, path=path)
        month = events["funder in trouble"][0][0] if "funder in trouble" in events else 99
        # decisions told in months 10 and 22, of the terms from 12 and from 24
        meets = 0 if month <= 10 else 1 if month <= 22 else 2
        after = 5_000 if halves else 0
        terms = [10_000, *([10_000] * meets), *([after] * (2 - meets))]
        assert found.tolist() == [terms[t // 12] for t in range(36)]
        kinds.add(meets)
    assert kinds == {0, 1, 2}


def test_a_renewal_stays_as_likely_as_the_file_says():
    # term by term r, whatever the decisions' months: 10, 22, 34; trouble that ends in a seventh of years
    award = {
        "kind": "NHS",
        "form": "gift",
        "payment": "monthly",
        "yearly": 1_200,
        "until": "2027-03",
        "renewal": {"chance": 0.6, "term": 12},
    }
    organisation = paid_by({"a": {"event": 0.25, "halves": 0.4}}, {"a": award})  # fmt: skip
    found = income(organisation, 37)
    for k in (1, 2, 3):
        assert abs(z((found[12 * k] > 0).sum(), 0.6**k)) <= 4
    # unreduced, a fraction of them would fail: the first decision meets E = 0.6·F(10)
    assert abs(z((found[12] > 0).sum(), 0.6 * (1 - 0.6 * come(0.25, 10)))) > 6


def test_bids_not_yet_told_are_lost_and_those_won_run_on():
    bid = {"kind": "NHS", "form": "gift", "yearly": 1_200, "term": 24, "decision": "2026-09", "payer": "ward"}
    organisation = paid_by({"ward": {"event": 0.4}}, bids={"a": {**bid, "chance": 0.5}, "b": {**bid, "chance": 1}})
    projection = project(organisation, paths=PATHS, months=30, keep_paths=True)
    found = projection.accounts["income"][12]
    # month 5: F = 1 − 0.6^(6/12); a's own chance 0.5/(1 − F); b cannot be more certain than certain
    gone = come(0.4, 5)
    assert abs(z((found == 20_000).sum(), 0.5)) <= 4
    assert abs(z((found >= 10_000).sum(), 1 - gone)) <= 4
    assert (projection.accounts["income"][29] == found).all()  # live from month 6, 24 months


# ---- landlord and pension fund; habit


def test_rent_and_contributions_fall_due_from_the_event_on():
    hall = {"event": 0.5, "rent_help": 1_001, "pension_deficit": 500}
    organisation = paid_by({"hall": hall}, {"a": {**STREAM, "payer": "hall", "cut": 0}})
    for path in range(5):
        found = project(organisation, only=np.array([path]), months=24, keep_paths=True, log=True)
        months = [t for t, event, _, _ in found.played.log if EVENTS[event] == "funder in trouble"]
        begins = int(months[0]) if months else 99
        expected = [part(150_100, (3 + t) % 12 + 1) if t >= begins else 0 for t in range(24)]
        assert found.accounts["spending_non_pay"][:, 0].tolist() == expected
        assert found.accounts["payments"][:, 0].tolist() == expected  # creditor days 0


def test_days_to_pay_are_a_habit_of_the_payer():
    contract = {"kind": "local authority", "form": "contract", "yearly": 12_000, "late": 0, "cut": 0, "payer": "hall"}
    streams = {"a": contract, "b": {**contract, "lag": 1, "yearly": 120_000}}
    organisation = charity(streams=streams, payers={"hall": {"days_to_pay": 75}})
    assert (organisation.streams["a"].lag, organisation.streams["b"].lag) == (2.5, 1.0)
    received = project(organisation, paths=2_000, months=4, keep_paths=True).accounts["receipts_of_income"]
    assert received[1].max() == received[1].min() == 1_000_000  # b's first month
    assert abs(z((received[2] == 1_100_000).sum(), 0.5, 2_000)) <= 4  # 2½ months: two or three
    assert (received[3] == 1_100_000).all()


# ---- defaults, draws, why


def test_defaults_are_by_kind_and_nobody_is_no_single_funder():
    kinds = ["local authority", "NHS", "giving", "trading", "trust"]
    streams = {f"s{i}": {"kind": kind, "yearly": 1_000} for i, kind in enumerate(kinds)}
    streams["s5"] = {"kind": "NHS", "yearly": 1_000, "payer": "s0"}  # the larger of its kinds
    organisation = charity(streams=streams, funder_events=True)
    assert {name: one.event for name, one in organisation.payers.items()} == {
        "s0": 0.01,
        "s1": 0.005,
        "s2": 0,
        "s3": 0,
        "s4": 0.005,
    }
    given = {a.place: a for a in organisation.register if a.place.startswith("payers.s0")}
    assert not given["payers.s0.event"].given and "section 114" in given["payers.s0.event"].source


def test_one_more_thing_leaves_all_other_draws_alone():
    def played(**more):
        streams = {
            "a": {**STREAM, "payer": "hall", "cut": 0.3},
            "c": {**STREAM, "kind": "NHS", "cut": 0.3, "yearly": 1_000_000},
        }
        bids = {
            "m": {"kind": "NHS", "chance": 0.5, "yearly": 10_000_000, "term": 24, "decision": "2026-08", "form": "gift"}
        }
        doubt = {"winning": 0.5, "renewal": 0.5, "cuts": 0.5}
        one = charity(streams=streams | more.get("streams", {}), bids=bids | more.get("bids", {}), funder_events=True, doubt=doubt, payers={"hall": {"event": 0.2}}, unlisted_event={"chance": 0.3})  # fmt: skip
        found = project(one, paths=300, months=24, keep_paths=True)
        return found.accounts["income"], found.accounts["spending_one_off"]

    income, costs = played()
    free = {"kind": "trust", "form": "gift", "payment": "monthly", "yearly": 0, "cut": 0.5}
    for more in (
        {"streams": {"b": free}},
        {"streams": {"aa": {**free, "payer": "hall"}, "zz": {**free, "payer": "Another"}}},
        {
            "bids": {
                "aa": {"kind": "lottery", "form": "gift", "chance": 0.4, "yearly": 0, "term": 3, "decision": "2026-05"}
            }
        },
    ):
        same, cost = played(**more)
        assert np.array_equal(same, income) and np.array_equal(cost, costs)


def test_trouble_can_be_switched_off_alone():
    organisation = paid_by(
        {"hall": {"event": 0.3, "halves": 0}},
        {"a": {**STREAM, "payer": "hall", "yearly": 12_000, "cut": 0.5}},
        hub={"costs": {"rent": {"yearly": 12_000}}},
        bank=4_000,
    )
    found = why(project(organisation, paths=2_000, months=24))
    shares = {one.name: one.share_prevented for one in found.events}
    assert found.structural == 0 and 0 < shares["payers.hall.event"] < 1 and 0 < shares["streams.a.cuts"] < 1
    # off: never in trouble, and its own rate stays q′ = 1 − 0.5/0.7
    last = income(organisation, 24, variation=Variation(off=frozenset({"payers.hall.event"})))[23]
    assert abs(z((last == 100_000).sum(), (0.5 / 0.7) ** 2)) <= 4
    assert income(organisation, 24, 1, chance=False)[23, 0] == 100_000


# ---- refusals


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"payers": {"Hal": {"event": 0.1}}}, 'payers.Hal: pays no stream or bid of this file; did you mean "hall"?'),
        ({"payers": {"hall": {"event": 0, "halves": 0.3}}}, "payers.hall.halves: does nothing: trouble of this payer has no probability"),
        ({"payers": {"hall": {"event": 0, "rent_help": 1}}}, "payers.hall.rent_help: does nothing"),
        ({"funder_events": False, "payers": {"hall": {"event": 0.1}}}, "payers.hall.event: does nothing: funder_events is false"),
        ({"payers": {"hall": {"days_to_pay": 30}}}, "payers.hall.days_to_pay: does nothing"),
        ({"payers": {"hall": {"event": 70}}}, "payers.hall.event: 70 is not a probability; write 0.70"),
        ({"streams": {"a": {**STREAM, "payer": "hall"}, "b": {**STREAM, "payer": "Hall"}}}, "streams.b.payer: Hall differs from the payer hall only in capitals"),
        ({"funder_events": False, "streams": {"a": {"kind": "NHS", "payer": "hall", "yearly": 1, "until": "2027-03", "statutory_duty": True}}}, "streams.a.statutory_duty: does nothing"),
    ],
)  # fmt: skip
def test_refusals(tables, said):
    given = {"streams": {"a": {**STREAM, "payer": "hall"}}, "funder_events": True} | tables
    with pytest.raises(InputError) as caught:
        charity(**given)
    assert any(said in line for line in str(caught.value).splitlines()), str(caught.value)
