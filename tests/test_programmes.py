"""Policy programmes: stages in time, what they do to money, and what a new government does; each against its own calculation."""

import math

import numpy as np
import pytest
from exact_answers import charity
from scipy.stats import gamma, poisson

from resilience import project
from resilience.elections import lags
from resilience.errors import InputError
from resilience.programmes import GONE, SLOPE, TROUGH
from resilience.projection.luck import drawn_again
from resilience.variation import Variation
from resilience.why.alone import alone

PATHS = 20_000
LONG = {"trigger": 240, "peak": 240, "trough": 240, "slope": 240}
STILL = {"lasts": LONG, "shape": 50, "abandoned": 0}  # stays in its stage for years
NONE = {"a_year": 12, "chance": 0, "yearly": 1_200, "term": 12, "margin": 0, "months": 0}
GIFT = {"kind": "local authority", "form": "contract", "payment": "monthly", "yearly": 1_200, "uplift": 0, "cut": 0, "depth": 1, "notice": "none", "programme": "p"}  # fmt: skip


def accounts(months, paths=PATHS, **tables):
    return project(charity(**tables), paths=paths, months=months, keep_paths=True).accounts


def within(counts, chances, n=PATHS):
    return all(
        abs(c - n * p) <= 4.5 * math.sqrt(max(0.0, n * p * (1 - p))) + 1e-6
        for c, p in zip(counts, chances, strict=True)
    )


def occupied(shape, means, months, step=0.02):
    """P(stage j at the beginning of month t), by convolving the densities of gamma lengths on a fine grid; (stages, months)."""
    x = np.arange(0, months + 1, step)
    total, done = np.zeros(len(x)), [np.ones(len(x))]
    total[0] = 1.0
    for mean in means:
        edges = gamma.cdf(np.append(x, x[-1] + step) - step / 2, shape, scale=mean / shape)
        total = np.convolve(total, np.diff(edges, prepend=0)[: len(x)])[: len(x)]
        done.append(total.cumsum())
    at = np.searchsorted(x, np.arange(months) + 1e-9) - 0
    return np.array([a[at] - b[at] for a, b in zip(done, [*done[1:], np.zeros(len(x))], strict=True)])


def test_stages_by_numerical_convolution():
    """What engaging costs is paid in trough and slope alone: its share of futures is their occupancy, month by month."""
    months, means = 60, (5.0, 8.0, 12.0, 15.0)
    lasts = dict(zip(("trigger", "peak", "trough", "slope"), means, strict=True))
    one = {"stage": "trigger", "lasts": lasts, "shape": 2, "abandoned": 0.3, "engaging": {"yearly": 1_200, "odds": 1}, "pilots": NONE}  # fmt: skip
    paid = accounts(months, programmes={"p": one}, elections={"changes": 0})["spending"] > 0
    stage = occupied(2, means, months)
    assert within(paid.sum(axis=1), stage[TROUGH] + 0.7 * stage[SLOPE])
    assert not within(paid.sum(axis=1), stage[TROUGH] + stage[SLOPE])


def test_what_has_been_in_a_stage_for_a_while_leaves_it_the_sooner():
    """Shape 3, mean 20, in it for 15 months: P(still in it at t) = S(15 + t) ÷ S(15)."""
    one = {"stage": "slope", "since": 15, "lasts": LONG | {"slope": 20}, "shape": 3, "engaging": {"yearly": 1_200, "odds": 1}, "pilots": NONE}  # fmt: skip
    paid = accounts(40, programmes={"p": one})["spending"] > 0
    left = gamma.sf(15 + np.arange(40), 3, scale=20 / 3) / gamma.sf(15, 3, scale=20 / 3)
    assert within(paid.sum(axis=1), left)


def test_an_abandoned_programme_ends_its_streams():
    """Shape 1, mean 10: the trough is over by t with 1 − e^(−t/10), and then it is abandoned in 6 of 10; two months of notice and one."""
    one = {"stage": "trough", "lasts": LONG | {"trough": 10}, "abandoned": 0.6}
    for notice, gap in (("none", 0), (2, 3)):
        streams = {"a": GIFT | {"notice": notice}, "b": GIFT | {"programme": None}}
        del streams["b"]["programme"]
        income = accounts(48, programmes={"p": one}, streams=streams)["income"]
        over = np.array([0.6 * -math.expm1(-max(0, t - gap) / 10) for t in range(48)])
        assert within((income == 10_000).sum(axis=1), over)
        assert set(np.unique(income)) == {10_000, 20_000}


def test_an_award_of_an_abandoned_programme_runs_out():
    """It ends in month 12 and would be renewed for certain, told two months before; from the end of the programme on it is not."""
    one = {"stage": "trough", "lasts": LONG | {"trough": 10}, "abandoned": 1}
    award = {"kind": "NHS", "form": "contract", "payment": "monthly", "yearly": 1_200, "uplift": 0, "until": "2027-03", "renewal": {"chance": 1, "term": 60, "told": 2}, "programme": "p"}  # fmt: skip
    income = accounts(14, programmes={"p": one}, streams={"a": award})["income"]
    assert (income[:12] > 0).all() and within(
        (income[12:] == 0).sum(axis=1), [-math.expm1(-1.0)] * 2
    )  # told in month 10


ELECTED = {"next": "2026-06", "changes": 0.8}  # month 2


@pytest.mark.parametrize("fate", ["scrapped", "adapted"])
def test_a_new_government(fate):
    """At the first settlement, month 2 + k, k one of seven alike: scrapped ends what belongs to it; adapted keeps it, and begins again."""
    months, share = 48, 0.5
    one = STILL | {"stage": "slope", "scrapped": 0, "adapted": 0, fate: share, "engaging": {"yearly": 1_200, "odds": 1}, "pilots": NONE}  # fmt: skip
    found = accounts(months, programmes={"p": one}, elections=ELECTED, streams={"a": GIFT})
    settled = [sum(t >= 2 + k for k in lags()) / 7 * 0.8 * share for t in range(months)]
    assert within((found["spending"] == 0).sum(axis=1), settled)  # nobody engages any more
    ended = (found["income"] == 0).sum(axis=1)
    assert within(ended, settled) if fate == "scrapped" else (ended == 0).all()


def test_a_new_government_scraps_adapts_or_leaves():
    """Scrapped in 3 of 10 and adapted in 4: nobody engages after 7, and the stream has ended after 3."""
    one = STILL | {
        "stage": "slope",
        "scrapped": 0.3,
        "adapted": 0.4,
        "engaging": {"yearly": 1_200, "odds": 1},
        "pilots": NONE,
    }
    found = accounts(40, programmes={"p": one}, elections=ELECTED, streams={"a": GIFT})
    assert within([(found["spending"][39] == 0).sum(), (found["income"][39] == 0).sum()], [0.8 * 0.7, 0.8 * 0.3])


def test_an_adapted_programme_begins_again():
    """Adapted for certain in month 2 + k; trigger and peak then last 6 and 9 on the mean, shape 1: in trough or slope as they add up."""
    one = {"stage": "trigger", "lasts": LONG | {"trigger": 6, "peak": 9}, "since": 0, "shape": 1, "abandoned": 0, "scrapped": 0, "adapted": 1}  # fmt: skip
    one |= {"engaging": {"yearly": 1_200, "odds": 1}, "pilots": NONE}
    paid = accounts(60, programmes={"p": one}, elections={"next": "2026-04", "changes": 1})["spending"] > 0
    stage = occupied(1, (6, 9, 240, 240), 61)
    on = stage[TROUGH] + stage[SLOPE]
    exact = [sum(on[t] if t < k else on[t - k] for k in lags()) / 7 for t in range(60)]
    assert within(paid.sum(axis=1), exact)


def test_the_odds_of_cuts_go_by_the_stage():
    """q = 0.2 in any month, odds times 3 in the trough: geometric with q = (3/4) ÷ (1 + 3/4)."""
    one = STILL | {"stage": "trough", "cuts": {"trough": 3}}
    stream = GIFT | {"cut": 0.2, "settlement_share": 0}
    q = 0.75 / 1.75
    income = accounts(30, programmes={"p": one}, streams={"a": stream})["income"]
    assert within((income > 0).sum(axis=1), [(1 - q) ** ((t + 1) / 12) for t in range(30)])
    both = {"stream": stream | {"austerity": 4}}  # and in austerity times 4 besides
    q = 3.0 / 4.0
    austere = {"starts": "austerity"}
    income = accounts(30, programmes={"p": one}, streams=both, climate=austere)["income"]
    assert within((income > 0).sum(axis=1), [(1 - q) ** ((t + 1) / 12) for t in range(30)])


BID = {"kind": "NHS", "form": "contract", "chance": 0.3, "yearly": 1_200, "term": 12, "decision": "2026-10", "payment": "monthly", "uplift": 0, "programme": "p"}  # fmt: skip


@pytest.mark.parametrize(("stage", "engaged", "added"), [("peak", None, 0.0), ("plateau", None, 1.2), ("trough", "2026-04", 0.5), ("slope", "2026-07", 0.25), ("peak", "2026-04", 0.0)])  # fmt: skip
def test_bids_by_stage_and_engagement(stage, engaged, added):
    """logistic(logit 0.3 + what is added): 1.2 on the plateau; 1.0 × 6 ÷ 12 of engaging from April to September, 3 ÷ 12 from July."""
    one = STILL | {"stage": stage, "winning": {"plateau": 1.2}}
    one |= {"engaging": {"yearly": 120, "odds": 1.0, "months": 12, "from": engaged}} if engaged else {}
    p = project(charity(programmes={"p": one}, bids={"b": BID}), paths=PATHS, months=12)
    won = 1 / (1 + 7 / 3 * math.exp(-added))
    assert within([(p.played.fates["won"] == 1).sum()], [won])


def test_a_bid_of_a_programme_that_is_over_is_lost():
    one = {"stage": "trough", "lasts": LONG | {"trough": 6}, "abandoned": 1}
    p = project(charity(programmes={"p": one}, bids={"b": BID | {"chance": 1}}), paths=PATHS, months=12)
    assert within([(p.played.fates["won"] == 1).sum()], [math.exp(-1.0)])  # month 6 is not yet over


def test_money_comes_in_its_stage_alone():
    """Pilots on the slope, contracts on the plateau: Poisson, 6 a year for two years, and not elsewhere."""
    some = NONE | {"a_year": 6, "chance": 1}
    for stage in ("trigger", "peak", "trough", "slope", "plateau"):
        for kind, own in (("pilots", "slope"), ("contracts", "plateau")):
            one = STILL | {"stage": stage, kind: some}
            p = project(charity(programmes={"p": one}), paths=2_000, months=24)
            won = p.played.fates["won"]
            if stage == own:
                assert within([(won <= k).sum() for k in range(5, 20)], poisson.cdf(range(5, 20), 12), 2_000)
            else:
                assert (won == 0).all()


def test_pilots_pay_until_notice_after_the_end():
    """On the slope for certain, then a new government scraps it in month 2 + k: what it paid for ends a month and the notice later."""
    one = STILL | {"stage": "slope", "scrapped": 1, "adapted": 0, "notice": 4, "pilots": NONE | {"a_year": 120, "chance": 1, "term": 120}}  # fmt: skip
    income = accounts(40, paths=2_000, programmes={"p": one}, elections={"next": "2026-04", "changes": 1})["income"]
    last = 39 - (income > 0)[::-1].argmax(axis=0)
    counts = np.bincount(last, minlength=41)
    exact = np.zeros(41)
    for k in lags():
        exact[min(39, k + 4)] += 1 / 7
    assert within(counts, exact, 2_000)


def test_renewed_contracts_last_a_geometric_number_of_terms():
    """One contract of 3 months, renewed with 0.6 at each end: over after n terms with 0.6^n."""
    some = {"a_year": 0.2, "chance": 1, "yearly": 1_200, "term": 3, "renewal": 0.6, "margin": 0, "months": 0}
    income = accounts(120, opportunities=some)["income"]
    one = income[:, (income.max(axis=0) == 10_000) & ((income[:48] > 0).any(axis=0))]
    starts = (one > 0).argmax(axis=0)
    length = np.array([(one[s:, i] == 0).argmax() if (one[s:, i] == 0).any() else 99 for i, s in enumerate(starts)])
    clean = length[(starts < 48)]  # a second contract may follow at once: rarely, counted below
    n, joined = len(clean), 0.2 / 4
    for k in range(1, 6):
        share = (clean > 3 * k).mean()
        assert abs(share - 0.6**k) < 4 * math.sqrt(0.6**k * (1 - 0.6**k) / n) + joined


def test_nothing_else_is_drawn_otherwise():
    """A programme to which nothing belongs that pays, and one more beside it, change no draw of anything else."""
    streams = {"a": GIFT | {"cut": 0.3, "programme": "p"}}
    plain = {"a": {key: value for key, value in streams["a"].items() if key != "programme"}}
    neutral = STILL | {"stage": "peak", "cuts": dict.fromkeys(("trigger", "peak", "trough", "slope", "plateau"), 1), "scrapped": 0, "adapted": 0}  # fmt: skip
    bare = accounts(36, 500, streams=plain)["bank"]
    assert (accounts(36, 500, streams=streams, programmes={"p": neutral})["bank"] == bare).all()
    more = {"p": neutral, "another": {"stage": "trough", "pilots": NONE}}
    assert (accounts(36, 500, streams=streams, programmes=more)["bank"] == bare).all()


def test_a_programme_is_the_same_for_all_and_its_money_each_ones_own():
    one = {"stage": "trough", "lasts": LONG | {"trough": 20}, "abandoned": 0.5, "pilots": NONE | {"chance": 0.5}}
    organisation = charity(programmes={"p": one})
    stages, won = [], []
    for own in ("a", "b"):
        p = project(organisation, paths=200, months=36, variation=Variation(own=own))
        _, luck, _ = next(drawn_again(p.prepared, p.paths_played, p.seed))
        stages.append(luck.stages)
        won.append(luck.unnamed_won)
    assert (stages[0] == stages[1]).all() and (stages[0] == GONE).any() and (won[0] != won[1]).any()


def test_what_a_programme_does_alone():
    one = {"stage": "trough", "lasts": LONG | {"trough": 6}, "abandoned": 0.8}
    tables = {
        "streams": {"a": GIFT},
        "programmes": {"p": one},
        "hub": {"costs": {"rent": {"yearly": 1_200, "grows": 0}}},
    }
    p = project(charity(bank=50, **tables), paths=4_000, months=36)
    (found,) = alone(p)
    assert found.place == "programmes.p" and found.neutral_share == 0 and found.share == p.insolvent.mean() > 0.5


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"streams": {"a": GIFT}}, "streams.a.programme: p is not a programme of this file"),
        ({"programmes": {"p": {"stage": "peak"}}}, "programmes.p: does nothing: nothing belongs to it"),
        ({"programmes": {"p": {"stage": "peak", "pilots": NONE, "scrapped": 0.7, "adapted": 0.4}}}, "and adapted add up to 1.1"),
        ({"programmes": {"p": {"stage": "peak", "pilots": NONE, "cuts": {"peak": 2}}}}, "programmes.p.cuts.peak: does nothing"),
        ({"programmes": {"p": {"stage": "peak", "pilots": NONE, "winning": {"peak": 2}}}}, "programmes.p.winning.peak: does nothing"),
        ({"programmes": {"p": {"stage": "peak", "notice": 2}}, "streams": {"a": GIFT}}, "programmes.p.notice: does nothing"),
        ({"programmes": {"p": {"stage": "nowhere", "pilots": NONE}}}, "programmes.p.stage"),
        ({"elections": {"next": "2027-05"}}, "elections.next: does nothing"),
        ({"elections": {"changes": 0.5}}, "elections.changes: does nothing"),
    ],
)  # fmt: skip
def test_what_does_nothing_or_cannot_be_is_refused(tables, said):
    with pytest.raises(InputError, match=said.replace(".", r"\.")):
        charity(**tables)
