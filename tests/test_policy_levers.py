"""Sprees that meet a proposal or are missed, reorganisations of the bodies that commission, and rises of streams on a date."""

import math

import numpy as np
import pytest
from exact_answers import charity, part
from scipy.stats import poisson

from resilience import project
from resilience.errors import InputError
from resilience.scenario import apply
from resilience.scenario_file import scenario_from
from resilience.strategy import strategy_from

PATHS = 20_000
SPREE = {"before": "year end", "window": 3, "comes": 0.6, "chance": 0.5, "yearly": 1_200, "term": 4, "margin": 0.25}
READY = {"name": "Ready", "why": "a test", "source": "a test", "ready": {"cost": 60, "shelf_life": 12, "months": 2}}
GRANT = {"kind": "local authority", "form": "grant", "fund": "unrestricted", "payment": "monthly", "yearly": 1_200, "uplift": 0, "cut": 0, "depth": 0.5, "notice": 2}  # fmt: skip


def play(months, strategy=None, paths=PATHS, scenarios=(), **tables):
    strategy = strategy_from(strategy, "s.toml") if strategy else None
    return project(charity(**tables), scenarios, strategy, paths=paths, months=months, keep_paths=True, log=True)


def within(counts, chances, n=PATHS):
    return all(abs(c - n * p) <= 4.5 * math.sqrt(n * p * (1 - p)) + 1e-6 for c, p in zip(counts, chances, strict=True))


# ---- sprees


def test_a_spree_meets_a_ready_proposal():
    """In January to March: Poisson with mean −ln 0.4 a year, taken one in two; two years by hand. Four months of 100, 75 of them spent."""
    p = play(24, READY, sprees={"march": SPREE})
    won = p.played.fates["won"]
    assert within(
        [(won == k).sum() for k in range(4)], poisson.pmf(range(4), -math.log(0.4))
    )  # of two years, half of twice that
    income, spent = p.accounts["income"], p.accounts["spending_non_pay"]
    assert (income[:10] == 0).all() and (income.sum(axis=0) <= won * 40_000).all()
    assert (spent == income * 0.75).all()
    assert (p.accounts["spending_one_off"][:, 0] == [6_000 if t in (0, 12) else 0 for t in range(24)]).all()


def test_without_a_proposal_it_is_missed_and_the_futures_are_the_same():
    tables = {"sprees": {"march": SPREE}, "streams": {"a": GRANT | {"cut": 0.3}}}
    one, two = play(24, None, 500, **tables), play(24, READY | {"ready": {"cost": 0, "shelf_life": 99}}, 500, **tables)
    assert (one.played.fates["won"] == 0).all() and (two.played.fates["won"] > 0).any()
    grant = [p.accounts["income_grant"] for p in (one, two)]
    assert (grant[0] == grant[1]).all()
    never = play(24, None, 500, streams=tables["streams"])
    assert (never.accounts["bank"] == one.accounts["bank"]).all()


def test_a_proposal_must_be_ready_in_time():
    """Written in month 11 at the latest for March, month 11; ready from month 12 on it misses the first year's."""
    late = READY | {"ready": {"cost": 0, "shelf_life": 99, "months": 12}}
    p = play(24, late, sprees={"march": SPREE | {"comes": 0.9}})
    assert (p.accounts["income"][:13] == 0).all()
    assert within([(p.played.fates["won"] == 0).sum()], [0.1**0.5])
    just = READY | {
        "ready": {"cost": 0, "shelf_life": 99, "months": 11}
    }  # in time for March alone, of three months alike
    p = play(12, just, sprees={"march": SPREE | {"comes": 0.9}})
    assert within([(p.played.fates["won"] == 0).sum()], [0.1 ** (0.5 / 3)])


def test_a_spree_before_an_election():
    """Six months to the month before June 2027, month 14: it can come in months 8 to 13."""
    spree = SPREE | {"before": "election", "window": 6, "chance": 1, "term": 1}
    income = play(24, READY, sprees={"x": spree}, elections={"next": "2027-06"}).accounts["income"]
    assert (income[:9] == 0).all() and (income[15:] == 0).all()
    assert within([(income[9 + k] > 0).sum() for k in range(6)], [1 - 0.4 ** (1 / 6)] * 6)


# ---- reorganisations: vesting in April 2028, month 24

BODIES = {"vesting": "2028-04", "harmonised": 0, "later": 0, "held": 0, "waits": 6}


def test_awards_that_end_in_the_year_before_are_held_over():
    """Ends in month 18, renewed otherwise with 0.2: held over with 0.7, else that; another kind of payer is not touched."""
    award = {"kind": "local authority", "form": "contract", "payment": "monthly", "yearly": 1_200, "uplift": 0, "until": "2027-09", "renewal": {"chance": 0.2, "term": 24}}  # fmt: skip
    for kind, goes_on in (("local authority", 0.7 + 0.3 * 0.2), ("NHS", 0.2)):
        income = play(
            19, reorganisations={"x": BODIES | {"held": 0.7}}, streams={"a": award | {"kind": kind}}
        ).accounts["income"]
        assert within([(income[18] > 0).sum()], [goes_on])
    for until, goes_on in (
        ("2028-02", 0.76),
        ("2028-03", 0.2),
        ("2028-09", 0.2),
    ):  # ends in month 23, in 24, the vesting, and after
        later = play(
            31, reorganisations={"x": BODIES | {"held": 0.7}}, streams={"a": award | {"until": until}}
        ).accounts["income"]
        assert within([(later[{"2028-02": 23, "2028-03": 24, "2028-09": 30}[until]] > 0).sum()], [goes_on])
    early = play(
        8, reorganisations={"x": BODIES | {"held": 0.7}}, streams={"a": award | {"until": "2026-09"}}
    ).accounts["income"]
    assert within([(early[6] > 0).sum()], [0.2])  # a year and a half before


def test_new_awards_wait_until_the_new_bodies_have_settled():
    bid = {
        "kind": "local authority",
        "form": "contract",
        "chance": 1,
        "yearly": 1_200,
        "term": 12,
        "payment": "monthly",
        "uplift": 0,
    }
    for decision, told in (("2027-03", 11), ("2027-04", 30), ("2028-09", 30), ("2028-10", 30), ("2028-11", 31)):
        income = play(48, None, 10, reorganisations={"x": BODIES}, bids={"b": bid | {"decision": decision}}).accounts[
            "income"
        ]
        assert (income[:, 0] > 0).argmax() == told + 1
    nhs = play(48, None, 10, reorganisations={"x": BODIES}, bids={"b": bid | {"kind": "NHS", "decision": "2027-06"}})
    assert (nhs.accounts["income"][:, 0] > 0).argmax() == 15


@pytest.mark.parametrize(("decision", "share"), [("2027-03", 1.0), ("2028-10", 6 / 12), ("2029-03", 11 / 12), ("2029-06", 1.0)])  # fmt: skip
def test_being_there_is_worth_nothing_at_vesting_and_is_rebuilt(decision, share):
    """logistic(logit 0.3 + 1.5 × the share of a year since vesting)."""
    bid = {"kind": "local authority", "form": "contract", "chance": 0.3, "incumbent": 1.5, "yearly": 1_200, "term": 12, "decision": decision, "payment": "monthly"}  # fmt: skip
    p = play(48, reorganisations={"x": BODIES}, bids={"b": bid})
    assert within([(p.played.fates["won"] == 1).sum()], [1 / (1 + 7 / 3 * math.exp(-1.5 * share))])


def test_a_retender_loses_it_too():
    award = {"kind": "local authority", "form": "contract", "payment": "monthly", "yearly": 1_200, "uplift": 0, "until": "2028-05", "renewal": {"chance": 0.3, "term": 24, "retender": True, "incumbent": 2, "told": 0}}  # fmt: skip
    income = play(28, reorganisations={"x": BODIES}, streams={"a": award}).accounts["income"]
    assert within(
        [(income[26] > 0).sum()], [1 / (1 + 7 / 3 * math.exp(-2 * 2 / 12))]
    )  # told in month 26: two months after vesting


def test_payment_comes_later_for_six_months():
    """In arrears with a month's lag, three months more for what is delivered in months 24 to 29: paid as by hand."""
    stream = GRANT | {"form": "contract", "payment": "arrears", "lag": 1, "late": 0, "cut": 0}
    receipts = play(48, None, 10, reorganisations={"x": BODIES | {"later": 3}}, streams={"a": stream}).accounts[
        "receipts_of_income"
    ]
    by_hand = np.zeros(60)
    for t in range(48):
        by_hand[t + 1 + 3 * (24 <= t < 30)] += part(120_000, (3 + t) % 12 + 1)
    assert (receipts[1:, 0] == by_hand[1:48]).all()


def test_grants_move_in_the_second_april():
    """By up to 30 % either way, evenly: in April 2029, month 36; told two months and one before. Contracts stay."""
    streams = {"a": GRANT, "b": GRANT | {"form": "contract", "fund": "unrestricted"}}
    income = play(40, reorganisations={"x": BODIES | {"harmonised": 0.3}}, streams=streams).accounts["income"]
    assert (income[:36] == 20_000).all()
    ratio = income[36] / 10_000 - 1
    assert ratio.min() >= 0.7 and ratio.max() <= 1.3
    assert within([(ratio <= x).sum() for x in (0.76, 0.85, 1.0, 1.15, 1.24)], [0.1, 0.25, 0.5, 0.75, 0.9])


def test_nothing_else_is_drawn_otherwise_by_a_reorganisation():
    tables = {"streams": {"a": GRANT | {"cut": 0.3}, "n": GRANT | {"kind": "NHS", "cut": 0.4}}}
    bare, with_it = play(48, None, 500, **tables), play(48, None, 500, reorganisations={"x": BODIES}, **tables)
    assert (bare.accounts["bank"] == with_it.accounts["bank"]).all()


def test_a_reorganisation_that_is_over_is_refused():
    with pytest.raises(InputError, match=r"reorganisations\.x\.vesting: 2026-03 lies before the first month"):
        charity(reorganisations={"x": {"vesting": "2026-03"}})


# ---- a stream raised on a date


def raised(**how):
    cut = {"streams": {}, "from": "2026-10", "notice": 1} | how
    return [scenario_from({"name": "R", "why": "a test", "source": "a test", "shocks": [cut]}, "r.toml")]


def test_a_rise_of_a_stream_for_good_and_for_a_while():
    """Ten per cent more from October on; for six months, and then to the penny what it would have been."""
    for until, months in ((None, range(6, 24)), ("6 months", range(6, 12))):
        p = play(24, None, 4, raised(rise=0.1, **({"until": until} if until else {})), streams={"a": GRANT})
        by_hand = [11_000 if t in months else 10_000 for t in range(24)]
        assert (p.accounts["income"][:, 0] == by_hand).all()


@pytest.mark.parametrize("how", [{}, {"rise": 0.1, "depth": 0.1}, {"rise": -0.1}])
def test_a_shock_of_streams_is_one_or_the_other(how):
    with pytest.raises(InputError, match="write depth, the share lost, or rise, the share added"):
        raised(**how)


def test_a_rise_and_a_cut_of_two_scenarios_stack():
    organisation = apply(charity(streams={"a": GRANT}), [*raised(rise=0.5), *raised(depth=0.5)])
    assert [s.depth for s in organisation.shocks] == [-0.5, 0.5]
    income = project(organisation, paths=2, months=12, keep_paths=True).accounts["income"]
    assert income[6, 0] == 7_500
