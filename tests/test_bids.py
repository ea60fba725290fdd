"""Bids, each rule on the smallest file that shows it: what is expected is worked by hand or by another method."""

import copy
import math
from fractions import Fraction

import numpy as np
import pytest
from quiet import FLAT, QUIET
from scipy.integrate import quad
from scipy.special import expit, logit
from scipy.stats import binom, chisquare, poisson

from resilience import project
from resilience.draws import fill
from resilience.errors import InputError
from resilience.exact import exact
from resilience.exports.tables import paths as paths_table
from resilience.organisation_file import organisation_from
from resilience.projection.luck import luck
from resilience.projection.plan import prepare
from resilience.strategy import read_strategy, strategy_from

STILL = QUIET | {"economy": FLAT, "creditor_days": 0, "employment_allowance": False}
BASE = {"name": "Bids", "first_month": "2026-04", "opening": {"bank": 1_000_000, "creditors": 0}} | STILL
BID = {"kind": "NHS", "chance": 1, "yearly": 12_000, "term": 12, "decision": "2026-06", "payment": "monthly"}
UNDOCK = {"name": "U", "why": "a test", "source": "a test", "rules": [{"when": "funding ends", "do": "undock"}]}
Z = 4.0


def with_bids(more=None, **bids):
    return BASE | {"bids": {name: BID | bid for name, bid in bids.items()}} | (more or {})


def played(raw, months=24, paths=1, strategy=None, **how):
    strategy = strategy_from(strategy, "s.toml") if isinstance(strategy, dict) else strategy
    return project(organisation_from(raw, "x.toml"), None, strategy, months=months, paths=paths, keep_paths=True, **how)


def account(raw, name, months=24, **how):
    """One account of one future without chance, pence by month."""
    return played(raw, months, chance=False, **how).accounts[name][:, 0].tolist()


def near(share, expected, n):
    """Is a share of n paths within four standard errors of what is expected?"""
    return abs(share - expected) <= Z * math.sqrt(expected * (1 - expected) / n)


# ---- route


def test_a_route_sets_chance_form_and_payment():
    found = {}
    for route in ("open tender", "fixed price", "direct award", "framework place", "grant round"):
        bid = organisation_from(with_bids(b={"route": route, "chance": "don't know"}), "x.toml").bids["b"]
        found[route] = bid.chance, bid.form
    assert found == {
        "open tender": (0.25, "contract"),
        "fixed price": (0.25, "contract"),
        "direct award": (0.9, "contract"),
        "framework place": (0.35, "contract"),
        "grant round": (0.36, "grant"),
    }
    paid = {}
    for route in found:
        raw = with_bids(b={"route": route})
        del raw["bids"]["b"]["payment"]
        paid[route] = organisation_from(raw, "x.toml").bids["b"].payment
    assert paid == dict.fromkeys(found, "arrears") | {"fixed price": "monthly", "grant round": "quarterly in advance"}
    (chance,) = [one for one in organisation_from(with_bids(b={"route": "grant round", "chance": "don't know"}), "x").register if one.place == "bids.b.chance"]  # fmt: skip
    assert "36 %" in chance.source and chance.klass == "weak"


@pytest.mark.parametrize(
    ("bid", "place", "words"),
    [
        ({"route": "fixed price", "price": {"usual": 1, "ours": 2}}, "bids.b.price", "the payer fixes the price"),
        ({"price": {"usual": 1, "ours": 20}}, "bids.b.price.ours", "more than 10 times"),
        (
            {
                "route": "direct award",
                "price": {"usual": 1, "ours": 2},
                "score": {"slope": 1, "quality_weight": 0.5, "lowest": 1},
            },
            "bids.b.score",
            "no price is scored",
        ),
        ({"score": {"slope": 1, "quality_weight": 0.5, "lowest": 1}}, "bids.b.score", "without a price"),
        ({"minimum_posts": 2}, "bids.b.minimum_posts", "it funds no dock"),
        ({"transfers_in": {"heads": 1, "pay": 20_000, "service": 1}}, "bids.b.transfers_in", "it funds no dock"),
        ({"incumbent": 9}, "bids.b.incumbent", "out of reach"),
    ],
)
def test_what_would_do_nothing_is_refused(bid, place, words):
    with pytest.raises(InputError) as refused:
        organisation_from(with_bids(b=bid), "x.toml")
    assert [f.place for f in refused.value.faults] == [place]
    assert words in str(refused.value)


def test_minimum_posts_must_be_within_reach():
    dock = {"docks": {"d": {"funded_by": ["b"], "posts": {"w": {"heads": 2, "pay": 20_000, "service": 0}}}}}
    organisation_from(with_bids(dock, b={"minimum_posts": 2}), "x.toml")
    for bid, words in (
        ({"minimum_posts": 3}, "can never be filled: the dock has 2 heads"),
        ({"minimum_posts": 2, "payment": "quarterly in advance"}, "an instalment in advance does not vary"),
    ):
        with pytest.raises(InputError, match=words):
            organisation_from(with_bids(dock, b=bid), "x.toml")


@pytest.mark.parametrize("hub", [{"bidding_capacity": 3}, {"mobilisations_at_once": 1}])
def test_a_limit_of_the_hub_that_limits_nothing_is_refused(hub):
    with pytest.raises(InputError, match="does nothing"):
        organisation_from(with_bids({"hub": hub}, b={}), "x.toml")


def test_opportunities_beyond_what_can_be_counted_are_refused():
    many = {"a_year": 100, "chance": 1, "yearly": 900_000_000, "term": 240, "margin": 0}
    with pytest.raises(InputError, match="ten thousand million"):
        organisation_from(BASE | {"opportunities": many}, "x.toml")


# ---- price and quality

PRICE = {"usual": 100, "ours": 85}
LOWEST = {"low": 60, "likely": 80, "high": 105}
SCORE = {"slope": 9, "quality_weight": 0.4, "lowest": LOWEST}


def lowest_at(u):
    """Three-term metalog through the three points, in logs."""
    low, likely, high = (math.log(LOWEST[k]) for k in ("low", "likely", "high"))
    nine = math.log(9)
    a2 = (high - low) / (2 * nine)
    a3 = (high - likely - a2 * nine) / (0.4 * nine)
    odds = math.log(u / (1 - u))
    return math.exp(likely + a2 * odds + a3 * (u - 0.5) * odds)


@pytest.mark.parametrize(
    ("quality", "incumbent", "ours"), [(0.7, 0.0, 85), (0.7, 0.0, 120), (0.9, 0.0, 110), (0.5, 0.8, 85)]
)
def test_price_quality_and_incumbent_move_the_odds(quality, incumbent, ours):
    n, p0 = 3_000, 0.4
    score = SCORE | {"quality": quality}
    bid = {"chance": p0, "price": {"usual": 100, "ours": ours}, "score": score, "incumbent": incumbent}
    won = played(with_bids(b=bid), months=3, paths=n).paths["won"].mean()
    fixed = logit(p0) + incumbent + 9 * 0.4 * (quality - 0.7)

    def at(u):
        lowest = lowest_at(u)
        return expit(fixed + 9 * 0.6 * (min(1, lowest / ours) - min(1, lowest / 100)))

    expected = quad(at, 0, 1, points=[0.1, 0.5, 0.9], limit=200)[0]
    assert near(won, expected, n)
    assert abs(expected - p0) > 0.05  # far enough off for the test to tell


def test_at_the_usual_price_the_chance_is_as_given_on_every_path():
    plain = played(with_bids(b={"chance": 0.37}), months=3, paths=400).paths["won"]
    bid = {"chance": 0.37, "price": {"usual": 100, "ours": 100}, "score": SCORE}
    assert np.array_equal(plain, played(with_bids(b=bid), months=3, paths=400).paths["won"])
    cheaper = bid | {"price": PRICE}
    more = played(with_bids(b=cheaper), months=3, paths=400).paths["won"]
    assert (more >= plain).all() and more.sum() > plain.sum()  # the same draws: none that was won is lost
    without = played(with_bids(b={"chance": 0.37, "price": PRICE}), months=3, paths=400).paths["won"]
    assert np.array_equal(plain, without)  # without a score the price moves money only


def test_income_is_at_our_price_to_the_penny():
    bid = {"yearly": 100_000.01, "price": {"usual": 101.13, "ours": 97.76}}
    income = account(with_bids(b=bid), "income")
    whole = math.floor(Fraction(100_000_01) * 9_776 / 10_113 + Fraction(1, 2))
    assert sum(income) == whole  # told in June, live in July: twelve months
    assert [t for t, x in enumerate(income) if x] == list(range(3, 15))


def test_above_the_ceiling_nothing_is_won():
    bid = {"chance": 1, "price": {"usual": 100, "ours": 101, "ceiling": 100.5}, "cost": 700}
    p = played(with_bids(b=bid), paths=20)
    assert p.paths["won"].sum() == 0 and p.accounts["income"].sum() == 0
    assert (p.accounts["spending_one_off"].sum(axis=0) == 700_00).all()
    assert any("above the ceiling" in text for text in p.organisation.warnings)
    at = bid | {"price": bid["price"] | {"ceiling": 101}}
    assert played(with_bids(b=at), paths=20).paths["won"].sum() == 20


# ---- told late, extended


def test_an_award_told_late_shifts_all_that_follows():
    n = 2_000
    bid = {"delay": {"chance": 0.3, "months": 4}, "cost": 500, "mobilisation": {"months": 2, "cost": 900}}
    p = played(with_bids(b=bid), months=30, paths=n)
    income, once = p.accounts["income"], p.accounts["spending_one_off"]
    late = once[6] == 500_00  # told in June (t = 2), or in October (t = 6)
    assert near(late.mean(), 0.3, n)
    for paths, by in ((~late, 0), (late, 4)):
        assert (income[:, paths] > 0).any(axis=1).nonzero()[0].tolist() == list(range(5 + by, 17 + by))
        assert (once[2 + by : 6 + by, paths] == np.array([[500_00], [300_00], [300_00], [300_00]])).all()
        assert (once[:, paths].sum(axis=0) == 1_400_00).all()
    likelier = {"delay": {"chance": 0.5, "months": 4}}
    assert account(with_bids(b=likelier), "income").index(1_000_00) == 7  # without chance the likelier way, ½ happens


def test_extensions_are_asked_for_one_after_the_other():
    n, p_of = 2_000, 0.6
    bid = {"term": 6, "extension": {"chance": p_of, "months": 5, "times": 2, "told": 3}}
    p = played(with_bids(b=bid), months=30, paths=n, log=True)
    months = (p.accounts["income"] > 0).sum(axis=0)
    shares = {6: 1 - p_of, 11: p_of * (1 - p_of), 16: p_of**2}
    counts = [int((months == k).sum()) for k in shares]
    assert sum(counts) == n
    assert chisquare(counts, [n * x for x in shares.values()]).pvalue > 1e-4
    told = [t for t, event, _, _ in p.played.log.tolist() if event in (1, 2)]  # renewed, not renewed
    assert told[0] == 3 + 6 - 3  # the term ends in t = 9; told three months before
    assert account(with_bids(b=bid), "income", months=30) == [0] * 3 + [1_000_00] * 16 + [0] * 11


def test_an_award_told_late_is_extended_from_its_own_end():
    bid = {"term": 6, "delay": {"chance": 1, "months": 2}, "extension": {"chance": 1, "months": 3}}
    assert account(with_bids(b=bid), "income", months=20) == [0] * 5 + [1_000_00] * 9 + [0] * 6


# ---- minimum posts


def test_below_its_minimum_of_posts_a_bid_earns_in_proportion():
    soon = {"heads": 1, "pay": 12_000, "hours": 15, "service": 0, "recruiting_months": 0, "turnover": 0}
    dock = {"docks": {"d": {"funded_by": ["b"], "posts": {"soon": soon, "late": soon | {"heads": 2, "recruiting_months": 3}}}}}  # fmt: skip
    bid = {"minimum_posts": 3, "yearly": 12_000.12}  # 1,000.01 a month
    p = played(with_bids(dock, b=bid), chance=False, months=10)
    # told in t = 2, live in 3; one head from 3, two more from 2 + 1 + 3 = 6: a third, 333.33 2/3 rounded, until then
    assert p.accounts["income"][:, 0].tolist() == [0] * 3 + [333_34] * 3 + [1_000_01] * 4
    assert p.played.unstaffed.tolist() == [[3 * (1_000_01 - 333_34)]]
    assert p.short_of_staff == {"bids.b": 1.0}
    assert paths_table(p)["income_lost_for_want_of_staff"] == [2_000.01]  # 3 × (1,000.01 − 333.34)
    arrears = bid | {"payment": "arrears", "lag": 1}
    received = played(with_bids(dock, b=arrears), chance=False, months=10).accounts["receipts_of_income"][:, 0]
    assert received.tolist() == [0] * 4 + [333_34] * 3 + [1_000_01] * 3
    never = played(with_bids(dock, b=bid | {"chance": 0}), months=10, paths=5)
    assert never.short_of_staff == {"bids.b": 0.0}
    enough = with_bids(dock, b=bid | {"minimum_posts": 1})
    assert account(enough, "income", 10) == [0] * 3 + [1_000_01] * 7


# ---- people who transfer in


COME = {"heads": 2, "pay": 26_000, "age": 30, "service": 5, "pension": 0.05, "turnover": 0, "indemnity": 4_000}
TEAM = {"docks": {"d": {"funded_by": ["b"]}}, "closing": {"holiday_weeks": 1}}
COMES = {
    "decision": "2026-05",
    "yearly": 90_000,
    "lost": {"ended": 1},
    "transfers_in": COME,
}  # told in t = 1, live in 2, over in 14


def test_people_who_transfer_in_are_paid_from_go_live_on_their_own_terms():
    p = played(with_bids(TEAM, b=COMES), months=16, chance=False, strategy=UNDOCK)
    assert p.accounts["joined"][:, 0].tolist() == [0, 0, 2] + [0] * 13
    # June is month 3 of the funders' year: 6,500.00 − 4,333.33 = 2,166.67; NIC (26,000 − 5,000) × 0.15 ÷ 12 = 262.50;
    # pension (26,000 − 6,240) × 0.05 = 988: 247.00 − 164.67 = 82.33
    assert p.accounts["spending_pay"][:3, 0].tolist() == [0, 0, 2 * (2_166_67 + 262_50 + 82_33)]
    assert p.accounts["spending_one_off"][:13, 0].sum() == 0  # nobody recruited
    # closing at t = 5: 5 years and 4 months: notice 5 weeks of (26,000 + 3,150 + 988) ÷ 52 = 2,897.88; holiday 500 × 1.15;
    # redundancy 5 × 500 each, of which the outgoing employer bears 4,000
    assert p.accounts["closing_liability"][5, 0] == 2 * (2_897_88 + 575_00) + 2 * 2_500_00 - 4_000_00
    # notice 5 weeks, two months: decided in 11, last month 13, six whole years then: 3,000 and 575 each, less 4,000
    assert p.accounts["heads"][:, 0].tolist() == [0, 0] + [2] * 11 + [0] * 3
    assert p.accounts["spending_one_off"][13, 0] == 2 * 3_575_00 - 4_000_00
    assert p.paths["posts_lost"][0] == 2


@pytest.mark.parametrize(("indemnity", "borne"), [(0, 0), (2_500, 2_500_00), (3_500, 3_500_00), (100_000, 6_000_00)])
def test_an_indemnity_bears_redundancy_as_far_as_it_goes(indemnity, borne):
    bid = COMES | {"transfers_in": COME | {"indemnity": indemnity}}
    once = account(with_bids(TEAM, b=bid), "spending_one_off", 16, strategy=UNDOCK)
    assert once[13] == 2 * 3_575_00 - borne  # never the holiday


def test_nobody_comes_before_go_live_nor_with_a_bid_that_is_lost():
    other = {"streams": {"s": {"kind": "giving", "form": "gift", "yearly": 60_000, "cut": 0}}}
    own = {"w": {"heads": 1, "pay": 26_000, "service": 5, "turnover": 0}}
    team = {"docks": {"d": {"funded_by": ["s", "b"], "posts": own}}}
    p = played(with_bids(other | team, b=COMES | {"chance": 0.5}), months=16, paths=300)
    won = p.paths["won"] == 1
    assert 0.35 < won.mean() < 0.65
    heads = p.accounts["heads"]
    assert (heads[:2] == 1).all() and (heads[2:, won] == 3).all() and (heads[:, ~won] == 1).all()
    opening = p.manifest["opening"]["closing_liability"]
    assert opening == played(other | team | BASE | {"docks": {"d": {"funded_by": ["s"], "posts": own}}}).manifest["opening"]["closing_liability"]  # fmt: skip


def test_who_came_and_leaves_is_replaced_by_recruiting():
    bid = COMES | {"term": 60, "transfers_in": COME | {"heads": 20, "turnover": 0.6}}
    p = played(with_bids(TEAM, b=bid | {"yearly": 900_000}), months=48, paths=100)
    a = p.accounts
    opening = np.vstack([np.zeros((1, 100)), a["heads"][:-1]])
    assert np.array_equal(opening + a["joined"] - a["left"], a["heads"])
    assert (a["joined"][2] == 20).all() and a["joined"][3:].sum() > 1_000
    # in the first year, before any replacement leaves again: 1 − 0.4 leave within a year of those who came
    months = 9  # from the end of t = 2 to that of t = 10: nine months of hazard −ln 0.4 ÷ 12
    stayed = 0.4 ** (months / 12)
    gone = a["left"][2:11].sum(axis=0)
    first = a["left"][2:5].sum() / 2_000  # nobody replaced before t = 5
    assert near(first, 1 - 0.4 ** (3 / 12), 2_000)
    assert gone.mean() > 20 * (1 - stayed)  # replacements leave too


def test_an_unknown_liability_is_said_and_no_walk_away_price_is_given():
    def said(known):
        return organisation_from(with_bids(TEAM, b=COMES | {"transfers_in": COME | known}), "x.toml").warnings

    assert any("no walk-away price" in text for text in said({}))
    assert not said({"liability_known": True})


# ---- takeovers


def test_a_takeover_shows_its_hidden_cost_in_the_month_of_go_live():
    bid = {"takeover": {"hidden_cost": {"low": 2_000, "likely": 6_000, "high": 30_000}}, "chance": 0.6}
    n = 1_000
    p = played(with_bids(b=bid), months=6, paths=n)
    once, won = p.accounts["spending_one_off"], p.paths["won"] == 1
    assert (once[:, ~won] == 0).all() and (once[[0, 1, 2, 4, 5]] == 0).all()
    costs = once[3, won]
    for share, point in ((0.1, 2_000_00), (0.5, 6_000_00), (0.9, 30_000_00)):
        assert near((costs <= point).mean(), share, len(costs))
    sure = with_bids(b=bid | {"chance": 1})
    assert account(sure, "spending_one_off", 6) == [0, 0, 0, 6_000_00, 0, 0]  # without chance its median


# ---- opportunities

OPEN = {"a_year": 6, "chance": 0.5, "yearly": 12_001, "term": 6, "margin": 0.25, "cost": 100, "months": 2}


def test_opportunities_won_are_poisson():
    n = 2_000
    p = played(BASE | {"opportunities": OPEN}, months=24, paths=n)
    for name, mean in (("won", 6 * 0.5 * 2), ("lost", 6 * 0.5 * 2)):
        counts = np.bincount(np.minimum(p.paths[name], 12), minlength=13)
        expected = np.append(poisson.pmf(np.arange(12), mean), poisson.sf(11, mean)) * n
        assert chisquare(counts, expected).pvalue > 1e-4
    assert abs(np.corrcoef(p.paths["won"], p.paths["lost"])[0, 1]) < Z / math.sqrt(n)  # thinned: independent


def test_the_hub_bids_for_no_more_than_it_can_write():
    n = 2_000
    listed = {"bids": {"b": BID | {"chance": 0, "decision": "2026-12"}}}
    raw = BASE | {"opportunities": OPEN | {"chance": 1}, "hub": {"bidding_capacity": 3}} | listed
    p = played(raw, months=24, paths=n)
    tried = (p.accounts["spending_one_off"] / 100_00).reshape(2, 12, n).sum(axis=1)  # April 2026 and April 2027 on
    for year, room in enumerate((2, 3)):  # the listed bid comes first
        counts = np.bincount(tried[year].astype(int), minlength=room + 1)
        expected = np.append(poisson.pmf(np.arange(room), 6), poisson.sf(room - 1, 6)) * n
        assert len(counts) == room + 1
        assert chisquare(counts, expected).pvalue > 1e-4
    over = raw | {"hub": {"bidding_capacity": 0.5}}
    assert played(over, months=24, paths=50).paths["won"].sum() == 0
    assert any("the hub can write 0.5" in text for text in organisation_from(over, "x.toml").warnings)


def test_the_money_of_opportunities_follows_from_when_they_came():
    n, months = 40, 30
    p = played(BASE | {"opportunities": OPEN | {"chance": 1}}, months=months, paths=n)
    a = p.accounts
    came = a["spending_one_off"] // 100_00
    assert came.sum() > 400 and (p.paths["won"] == came.sum(axis=0)).all()
    m = [t % 12 + 1 for t in range(months)]  # April first
    part = [round(12_001_00 * k / 12) - round(12_001_00 * (k - 1) / 12) for k in m]
    for t in range(months):
        on = sum((came[told] for told in range(months) if told + 3 <= t < told + 3 + 6), start=np.zeros(n, dtype=int))
        assert np.array_equal(a["income_contract"][t], on * part[t])
        assert np.array_equal(a["spending_non_pay"][t], on * math.floor(Fraction(part[t] * 3, 4) + Fraction(1, 2)))
    assert np.array_equal(a["receipts_of_income"][1:], a["income"][:-1]) and (a["receipts_of_income"][0] == 0).all()
    # the forecast counts what runs: headroom, and three months of income and of cost as they are now
    assert np.array_equal(a["forecast"][:-1], (a["headroom"] + 3 * a["income"] - 3 * a["spending_non_pay"])[:-1])


def test_each_opportunity_is_worth_its_own_draw_and_none_comes_without_chance():
    worth = OPEN | {"a_year": 1, "chance": 1, "yearly": {"low": 6_000, "likely": 12_000, "high": 60_000}, "term": 240}
    p = played(BASE | {"opportunities": worth}, months=12, paths=3_000)
    one = p.paths["won"] == 1
    monthly = p.accounts["income"][:, one].max(axis=0)
    seen = monthly[monthly > 0]
    for share, point in ((0.1, 500_00), (0.5, 1_000_00), (0.9, 5_000_00)):
        assert near((seen <= point).mean(), share, len(seen))
    assert account(BASE | {"opportunities": OPEN}, "income") == [0] * 24


def test_nothing_of_opportunities_happens_after_closing_is_decided():
    close = {"name": "C", "why": "a test", "source": "a test", "rules": [{"when": "months of cover below", "level": 120, "do": "close in order", "board": "executive"}]}  # fmt: skip
    hub = {"hub": {"posts": {"d": {"heads": 1, "pay": 40_000, "service": 9, "turnover": 0}}}}
    raw = (
        BASE | hub | {"opening": {"bank": 100_000, "creditors": 0}, "opportunities": OPEN | {"chance": 1, "a_year": 60}}
    )
    a = played(raw, months=12, paths=20, strategy=close).accounts
    assert (a["spending_one_off"][0] > 0).all()  # bids are told in the first month, at whose end closing is decided
    assert a["spending_one_off"][1].sum() == 0 and a["income"].sum() == 0


# ---- mobilisations at once


@pytest.mark.parametrize(("at_once", "live"), [(1, (5, 7, 8)), (2, (5, 5, 6)), (3, (5, 5, 5))])
def test_no_more_are_mobilised_at_once_than_the_hub_can(at_once, live):
    """x, told in 1, takes 2-4; y, told in 2, two months from 3 on; z, told in 2 with a month of standstill, one from 4 on."""
    bids = {
        "x": {"decision": "2026-05", "mobilisation": {"months": 3}, "yearly": 12_000},
        "y": {"mobilisation": {"months": 2, "cost": 300}, "yearly": 120_000},
        "z": {"standstill": 1, "mobilisation": {"months": 1}, "yearly": 1_200_000},
    }
    p = played(with_bids({"hub": {"mobilisations_at_once": at_once}}, **bids), chance=False)
    income = p.accounts["income"][:, 0]
    for value, g in zip((1_000_00, 10_000_00, 100_000_00), live, strict=True):
        on = income // value % 10 == 1
        assert on.nonzero()[0].tolist() == list(range(g, g + 12))
    # y pays for its mobilising in the three months to its go-live
    assert p.accounts["spending_one_off"][:, 0].nonzero()[0].tolist() == list(range(live[1] - 2, live[1] + 1))


def test_a_bid_that_is_lost_takes_no_place():
    bids = {"x": {"mobilisation": {"months": 6}, "chance": 0.5, "yearly": 12}, "y": {"mobilisation": {"months": 2}}}
    p = played(with_bids({"hub": {"mobilisations_at_once": 1}}, **bids), paths=200)
    first = (p.accounts["income"] >= 1_000_00).argmax(axis=0)
    assert set(first[p.paths["won"] == 1]) == {5} and set(first[p.paths["won"] == 2]) == {11}


def test_opportunities_wait_for_their_place_too():
    n, months = 60, 40
    raw = BASE | {"opportunities": OPEN | {"chance": 1, "term": 1}, "hub": {"mobilisations_at_once": 1}}
    a = played(raw, months=months, paths=n).accounts
    came, lived = a["spending_one_off"] // 100_00, (a["income"] > 0).astype(int)
    for p in range(n):
        free, expected = 0, []
        for told in range(months):
            for _ in range(int(came[told, p])):
                start = max(free, told + 1)
                free = start + 2
                expected.append(free)
        assert lived[:, p].nonzero()[0].tolist() == [g for g in expected if g < months]


# ---- mission fit


def test_mission_fit_weighs_what_docks_spend_by_what_funds_them():
    streams = {
        "core": {"kind": "giving", "form": "gift", "yearly": 30_000, "cut": 0, "fit": 0.8},
        "side": {"kind": "giving", "form": "gift", "yearly": 10_000, "cut": 0, "fit": 0.4},
        "free": {"kind": "giving", "form": "gift", "yearly": 99_000, "cut": 0, "fit": 0.1},  # funds no dock
    }
    docks = {
        "d": {"funded_by": ["core", "side"], "costs": {"rent": {"yearly": 24_000}}},
        "e": {"funded_by": ["b"], "costs": {"rent": {"yearly": 6_000}}},
        "f": {"costs": {"rent": {"yearly": 6_000}}},  # nothing funds it: 1
    }
    raw = with_bids(
        {"streams": streams, "docks": docks, "hub": {"costs": {"rent": {"yearly": 50_000}}}}, b={"fit": 0.2}
    )
    fit = played(raw, chance=False, months=5).accounts["mission_fit"][:, 0]
    d = (0.8 * 2_500 + 0.4 * 833.33) / 3_333.33  # whole pounds and pence of a month
    assert fit[:3] == pytest.approx([(2_000 * d + 500) / 2_500] * 3, rel=1e-5)
    assert fit[3:] == pytest.approx([(2_000 * d + 500 * 0.2 + 500) / 3_000] * 2, rel=1e-5)  # live in t = 3
    without = copy.deepcopy(raw)
    for one in (*without["streams"].values(), *without["bids"].values()):
        one.pop("fit")
    assert "mission_fit" not in played(without, chance=False, months=5).names
    named = project(organisation_from(without, "x"), months=5, paths=3, measures=["mission_fit"])
    assert (named.measure("mission_fit").mean == 1).all()


def test_opportunities_count_in_mission_fit_as_a_dock():
    p = played(BASE | {"opportunities": OPEN | {"fit": 0.3, "chance": 1}}, months=24, paths=50)
    on = p.accounts["income"] > 0
    assert on.any() and np.allclose(p.accounts["mission_fit"], np.where(on, 0.3, 1.0))


# ---- one thing added

FULL = {
    "chance": 0.5, "cost": 400, "delay": {"chance": 0.5, "months": 3}, "extension": {"chance": 0.5, "months": 6}, "incumbent": 0.4,
    "price": PRICE, "score": SCORE, "minimum_posts": 2, "mobilisation": {"months": 2, "cost": 800}, "transfers_in": COME | {"turnover": 0.3},
    "takeover": {"hidden_cost": {"low": 1_000, "likely": 3_000, "high": 9_000}}, "fit": 0.5,
}  # fmt: skip
BUSY = {
    "streams": {"s": {"kind": "local authority", "form": "contract", "yearly": {"low": 50_000, "likely": 60_000, "high": 70_000}, "cut": 0.3, "late": 0.2}},
    "hub": {"posts": {"d": {"heads": 2, "pay": 30_000, "service": 4, "turnover": 0.3}}},
}  # fmt: skip


def of_others(raw, months=24, paths=100):
    """Uniforms by the name of their source, and what chance makes of stream s and bid other."""
    prepared = prepare(organisation_from(raw, "x.toml"), read_strategy("carry on"), months)
    u = np.zeros((prepared.sources.height, paths))
    fill(*prepared.sources.arrays(1), np.arange(paths, dtype=np.uint64), u)
    found = {n: u[first : first + 4 * calls] for n, (first, calls) in prepared.sources.names.items()}
    drawn, names = luck(prepared, u), prepared.funding.names
    for place in ("streams.s", "bids.other"):
        s = names.index(place)
        found |= {f"{place}: {k}": getattr(drawn, k)[s] for k in ("amount", "cuts", "begins", "told", "until", "turns")}
    return found | {"won": drawn.won[prepared.plan.streams.bid[names.index("bids.other")]]}


def test_what_is_added_leaves_all_other_draws_as_they_were():
    other = {"chance": 0.4, "yearly": {"low": 9_000, "likely": 12_000, "high": 20_000}}
    before = of_others(with_bids(BUSY, other=other))
    docks = {"docks": {"d": {"funded_by": ["a"]}}}
    after = of_others(with_bids(BUSY | docks | {"opportunities": OPEN}, other=other, a=FULL))
    assert len(after) > len(before) > 10
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_a_bid_of_no_chance_and_no_cost_is_no_bid():
    docks = {"docks": {"d": {"funded_by": ["a"], "costs": {"kit": {"yearly": 5_000}}}}}
    never = FULL | {"chance": 0, "cost": 0}
    with_it = played(with_bids(BUSY | docks, other={"chance": 0.4}, a=never), paths=40)
    without = played(with_bids(BUSY, other={"chance": 0.4}), paths=40)
    for name, values in without.accounts.items():
        assert np.array_equal(values, with_it.accounts[name]), name
    # and what a bid of some chance does where it is lost is what one of no chance does
    even = played(with_bids(BUSY | docks, other={"chance": 0.4}, a=FULL), paths=200)
    none = played(with_bids(BUSY | docks, other={"chance": 0.4}, a=FULL | {"chance": 0}), paths=200)
    lost = even.paths["lost"] == none.paths["lost"]
    assert 20 < lost.sum() < 180
    assert all(np.array_equal(x[:, lost], none.accounts[n][:, lost]) for n, x in even.accounts.items())


def test_the_books_balance_with_everything_on():
    docks = {
        "docks": {"d": {"funded_by": ["a"], "posts": {"w": {"heads": 2, "pay": 24_000, "service": 1, "turnover": 0.2}}}}
    }
    raw = with_bids(
        BUSY | docks | {"opportunities": OPEN}, other={"chance": 0.4, "mobilisation": {"months": 1}}, a=FULL
    )
    raw = raw | {"hub": BUSY["hub"] | {"bidding_capacity": 6, "mobilisations_at_once": 1}}
    a = played(raw, months=36, paths=40, strategy=UNDOCK).accounts
    before = lambda name, first: np.vstack([np.full((1, 40), first), a[name][:-1]])  # noqa: E731
    assert np.array_equal(before("bank", 1_000_000_00) + a["receipts"] - a["payments"], a["bank"])
    owed = a["debtors"] - before("debtors", 0)
    assert np.array_equal(a["income"], a["receipts_of_income"] + owed)
    assert np.array_equal(before("heads", 2) + a["joined"] - a["left"] - a["transferred_out"], a["heads"])
    split = played(raw, months=36, paths=40, strategy=UNDOCK, block=7).accounts
    assert all(np.array_equal(x, split[name]) for name, x in a.items())


# ---- the independent engine


@pytest.mark.parametrize("name", ["price", "score", "extension", "delay", "transfers_in", "takeover", "minimum_posts", "incumbent"])  # fmt: skip
def test_the_exact_engine_refuses_what_it_does_not_do(name):
    bid = {name: FULL[name]} | ({"price": PRICE} if name == "score" else {})
    docks = {"docks": {"d": {"funded_by": ["b"], "posts": {"w": {"heads": 2, "pay": 24_000, "service": 1}}}}}
    o = organisation_from(with_bids(docks, b=bid), "x.toml")
    with pytest.raises(InputError) as refused:
        exact(o, months=3)
    assert f"bids.b.{name}" in {f.place for f in refused.value.faults}


def test_the_exact_engine_refuses_opportunities_and_limits_of_the_hub():
    raw = with_bids({"opportunities": OPEN, "hub": {"mobilisations_at_once": 1}}, b={})
    with pytest.raises(InputError) as refused:
        exact(organisation_from(raw, "x.toml"), months=3)
    assert {"opportunities", "hub.mobilisations_at_once"} <= {f.place for f in refused.value.faults}


def test_what_is_shared_among_wins_is_binomial():
    """Two bids won apart: the number won is that of two coins of their own."""
    n = 2_000
    won = played(with_bids(a={"chance": 0.4}, b={"chance": 0.4}), months=3, paths=n).paths["won"]
    expected = binom.pmf([0, 1, 2], 2, 0.4) * n
    assert chisquare(np.bincount(won, minlength=3), expected).pvalue > 1e-4
