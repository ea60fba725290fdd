"""The fiscal climate: a chain that moves the odds of cuts, against products of its matrix."""

import math

import numpy as np
import pytest
from exact_answers import charity
from scipy.stats import poisson

from resilience import project
from resilience.elections import coming, lags, record
from resilience.errors import InputError
from resilience.horizon import parse_month

PATHS = 20_000
STREAM = {"kind": "giving", "yearly": 1_200, "cut": 0.1, "depth": 0.5, "notice": "none", "at_most": 1, "growth_climate": 0.25, "austerity": 6}  # fmt: skip
MOVES = {"growth_to_standstill": 0.3, "standstill_to_growth": 0.1, "standstill_to_austerity": 0.2, "austerity_to_standstill": 0.15, "austerity_to_growth": 0.05}  # fmt: skip
SIX_A_YEAR = {
    "a_year": 6,
    "chance": 1,
    "yearly": 1_000,
    "term": 12,
    "margin": 0.1,
    "months": 0,
    "austerity": 0.5,
    "growth_climate": 2,
}
#            growth standstill austerity
MATRIX = np.array([[0.7, 0.3, 0.0], [0.1, 0.7, 0.2], [0.05, 0.15, 0.8]])


def yearly():
    """q in each climate: odds 1/9 times ¼, 1 and 6."""
    odds = np.array([0.25, 1, 6]) / 9
    return odds / (1 + odds)


def uncut(months, start, move_in, survive):
    """P(no cut by the end of each month): the chain's distribution, times what survives each month in each state."""
    state, found = np.eye(3)[start], []
    for t in range(months):
        if t > 0 and move_in(t):
            state = state @ MATRIX
        state = state * survive(t)
        found.append(state.sum())
    return found


def whole(climate, months, tables=None, **stream):
    organisation = charity(streams={"a": {**STREAM, **stream}}, climate=climate, **(tables or {}))
    income = project(organisation, paths=PATHS, months=months, keep_paths=True).accounts["income"]
    return (income == 10_000).sum(axis=1)


def within(counts, chances):
    return all(
        abs(c - PATHS * p) <= 4.5 * math.sqrt(PATHS * p * (1 - p))
        for c, p in zip(counts, chances, strict=True)
        if p < 1
    )


@pytest.mark.parametrize("start", ["growth", "standstill", "austerity"])
def test_cuts_of_any_month_follow_the_climate_of_the_month(start):
    months = 30
    counts = whole({"moves": "monthly", "starts": start, **MOVES}, months, settlement_share=0)
    i = ["growth", "standstill", "austerity"].index(start)
    assert within(counts, uncut(months, i, lambda t: True, lambda t: (1 - yearly()) ** (1 / 12)))


def test_a_yearly_climate_moves_in_november():
    months = 40
    counts = whole({**MOVES}, months, settlement_share=0)  # April first: November is month 7, 19, 31
    expected = uncut(months, 1, lambda t: t % 12 == 7, lambda t: (1 - yearly()) ** (1 / 12))
    assert within(counts, expected)
    assert not within(counts, uncut(months, 1, lambda t: True, lambda t: (1 - yearly()) ** (1 / 12)))


def test_a_move_counts_from_its_november_on():
    # certain to move in month 7; q from 0.01 to odds 1000/99, so 0.91: a fifth of those left is cut that month
    climate = {"standstill_to_austerity": 1}
    counts = whole(climate, 10, settlement_share=0, cut=0.01, austerity=1_000)
    calm, austere = 0.99 ** (1 / 12), (99 / 1_099) ** (1 / 12)
    assert within(counts, [calm ** min(t + 1, 7) * austere ** max(0, t - 6) for t in range(10)])


def test_a_settlement_goes_by_the_climate_of_its_month():
    # decided in December (months 8, 20, 32), in effect in April (12, 24, 36): seen there
    counts = whole({"moves": "monthly", **MOVES}, 37, settlement_share=1, decision_month="December")
    expected = uncut(37, 1, lambda t: True, lambda t: 1 - yearly() if t % 12 == 8 else np.ones(3))
    assert within([counts[t] for t in (11, 12, 24, 36)], [1.0, expected[8], expected[20], expected[32]])
    assert counts[11] == PATHS


def test_without_chance_it_stays_where_it_starts():
    # odds 1/9 times 90: 10 to 1, the likelier way in austerity; in standstill not
    stream = {**STREAM, "austerity": 90, "settlement_share": 1, "decision_month": "December"}
    for start, left in (("austerity", 5_000), ("standstill", 10_000)):
        organisation = charity(
            streams={"a": stream}, climate={"starts": start, "standstill_to_austerity": 1, "austerity_to_growth": 1}
        )
        income = project(organisation, chance=False, months=14, keep_paths=True).accounts["income"]
        assert income[12, 0] == left


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"streams": {"a": STREAM}}, "streams.a.austerity: does nothing: there is no climate"),
        ({"climate": {}, "streams": {"a": {"kind": "giving", "yearly": 1}}}, "climate: does nothing: no stream, service or opportunity says"),
        ({"climate": {"growth_to_austerity": 0.7, "growth_to_standstill": 0.4}, "streams": {"a": STREAM}}, "leaves growth with 1.1 in all"),
        ({"climate": {}, "streams": {"a": {"kind": "NHS", "yearly": 1, "until": "2027-03", "austerity": 2}}}, "streams.a.austerity: does nothing: an award"),
    ],
)  # fmt: skip
def test_refusals(tables, said):
    with pytest.raises(InputError, match=said):
        charity(**tables)


# ---- how deep a cut is, and how many opportunities come up


def test_a_cut_decided_in_austerity_goes_deeper():
    """Certain to be cut in December by 0.3: in austerity 1.5 times as much, 0.45; from April on 5,500 of 10,000 pence are left, else 7,000."""
    stream = {"cut": 1, "depth": 0.3, "settlement_share": 1, "decision_month": "December", "depth_in_austerity": 1.5}
    for start, left in (("austerity", 5_500), ("standstill", 7_000), ("growth", 7_000)):
        organisation = charity(streams={"a": {**STREAM, **stream}}, climate={"starts": start, "growth_to_austerity": 0})
        income = project(organisation, paths=50, months=14, keep_paths=True).accounts["income"]
        assert (income[13] == left).all() and (income[11] == 10_000).all(), start
    over = charity(streams={"a": {**STREAM, **stream, "depth_in_austerity": 9}}, climate={"starts": "austerity"})
    assert (project(over, paths=50, months=14, keep_paths=True).accounts["income"][13] == 0).all()


def test_opportunities_come_up_at_the_rate_of_the_climate():
    """Poisson: 6 a year, a half in austerity, twice in growth; 24 months of which the climate is austere from month 7, the first November, on."""
    for climate, mean in (
        ({"starts": "austerity"}, 6.0),
        ({"starts": "growth"}, 24.0),
        ({"standstill_to_austerity": 1}, 0.5 * (7 + 17 / 2)),
    ):
        organisation = charity(opportunities=SIX_A_YEAR, climate=climate)
        won = project(organisation, paths=PATHS, months=24, keep_paths=True).played.fates["won"]
        assert abs(won.mean() - mean) < 4.5 * math.sqrt(mean / PATHS), climate
        assert abs(won.var() / mean - 1) < 0.06, climate


# ---- settlements after elections, by the dated record


def test_the_chance_of_a_new_government_is_that_of_the_record():
    """1997, 2010 and 2024 of seven."""
    assert [one["on"][:4] for one in record() if one["changed"]] == ["1997", "2010", "2024"]
    assert float(charity().elections.changes) == pytest.approx(3 / 7, abs=0.005)


def test_the_record_of_elections_and_settlements():
    """Months between the dates as they stand there; each with a source."""
    for one in record():
        (y, m), (after, month) = (map(int, one[key].split("-")[:2]) for key in ("on", "settlement"))
        assert 12 * (after - y) + month - m == one["months"] and len(one["source"]) > 20
    assert lags() == [14, 13, 29, 5, 6, 11, 11]  # GOV.UK, Commons Library: reference of 1997 to 2025


@pytest.mark.parametrize("first", ["2026-04", "2028-01", "2031-04"])
def test_elections_to_come(first):
    begins = parse_month(first)
    found = [str(month) for month in coming(begins, begins + 119)]
    assert found == [x for x in ("2029-08", "2034-08", "2039-08") if first <= x <= str(begins + 119)]
    assert [str(m) for m in coming(begins, begins + 119, parse_month("2031-05"))] == [x for x in ("2031-05", "2036-05", "2041-05") if first <= x <= str(begins + 119)]  # fmt: skip


def test_a_settlement_comes_so_long_after_the_election_as_once_in_the_record():
    """Election in month 2, certain to turn austere at its settlement, month 2 + k, k one of seven alike: uncut by hand."""
    months = 40
    climate = {"moves": "settlement", "standstill_to_austerity": 1}
    counts = whole(climate, months, {"elections": {"next": "2026-06"}}, settlement_share=0)
    calm, austere = (1 - yearly()[1]) ** (1 / 12), (1 - yearly()[2]) ** (1 / 12)
    exact = [
        sum(calm ** min(t + 1, 2 + k) * austere ** max(0, t + 1 - 2 - k) for k in lags()) / 7 for t in range(months)
    ]
    assert within(counts, exact)


def test_two_elections_by_the_matrix():
    """Long after both settlements the climate stands as the matrix squared says: uncut over the last two years follows it."""
    climate = {"moves": "settlement", **MOVES}
    stream = {**STREAM, "settlement_share": 0, "cut": 0.3, "from": "2034-04"}
    organisation = charity(streams={"a": stream}, climate=climate, elections={"next": "2026-05"})
    income = project(organisation, paths=PATHS, months=108, keep_paths=True).accounts["income"]
    state = np.eye(3)[1] @ MATRIX @ MATRIX
    odds = np.array([0.25, 1, 6]) * 0.3 / 0.7
    survive = (1 - odds / (1 + odds)) ** (1 / 12)
    assert within((income[96:] == 10_000).sum(axis=1), [(state * survive ** (t + 1)).sum() for t in range(12)])


def test_a_payers_trouble_goes_no_deeper_in_austerity():
    """It halves what it pays, in austerity as elsewhere: half is left, not a quarter."""
    stream = {**STREAM, "cut": 0, "depth_in_austerity": 1.5, "payer": "Town Hall"}
    del stream["growth_climate"]
    organisation = charity(streams={"a": stream}, climate={"starts": "austerity"}, payers={"Town Hall": {"event": 0.9, "halves": 1}}, funder_events=True)  # fmt: skip
    income = project(organisation, paths=500, months=36, keep_paths=True).accounts["income"]
    assert set(np.unique(income[11])) == {5_000, 10_000}


# ---- the climate month by month, read from what comes up in it: 200 a month in austerity, 10 in standstill, none in growth

READING = {
    "a_year": 120,
    "chance": 1,
    "yearly": 12,
    "term": 1,
    "margin": 0,
    "months": 0,
    "austerity": 20,
    "growth_climate": 0,
}


def climate_by_month(climate, months):
    """0 growth, 1 standstill, 2 austerity by month and path: a contract of a pound comes for each, in the month after."""
    organisation = charity(opportunities=READING, climate=climate)
    income = project(organisation, paths=2_000, months=months + 1, keep_paths=True).accounts["income"][1:] / 100
    return np.where(income == 0, 0, np.where(income < 80, 1, 2))


def test_occupancy_and_hitting_times_by_matrix_powers():
    """Where it stands, eᵢMᵗ; and P(no austerity yet) = eᵢQᵗ1, Q the moves between the other two. Standstill without any is e⁻¹⁰ rare."""
    months, n = 24, 2_000
    found = climate_by_month({"moves": "monthly", **MOVES}, months)
    for t in range(months):
        state = np.eye(3)[1] @ np.linalg.matrix_power(MATRIX, t)
        counts = np.bincount(found[t], minlength=3)
        assert all(
            abs(c - n * p) <= 4.5 * math.sqrt(n * p * (1 - p)) + 1 for c, p in zip(counts, state, strict=True)
        ), t
        without = (np.eye(2)[1] @ np.linalg.matrix_power(MATRIX[:2, :2], t)).sum()
        not_yet = (found[: t + 1] != 2).all(axis=0).sum()
        assert abs(not_yet - n * without) <= 4.5 * math.sqrt(n * without * (1 - without)) + 1, t


def test_wins_in_a_mixed_climate_are_a_mixture_of_poissons():
    """Moves in November of each year, months 7 and 19, from growth: all nine courses of 24 months, each a Poisson of its own mean."""
    rate = np.array([2.0, 1.0, 0.5]) * 6 / 12
    exact = np.zeros(40)
    for second in range(3):
        for third in range(3):
            p = MATRIX[0, second] * MATRIX[second, third]
            exact += p * poisson.pmf(np.arange(40), 7 * rate[0] + 12 * rate[second] + 5 * rate[third])
    won = project(
        charity(opportunities=SIX_A_YEAR, climate={"starts": "growth", **MOVES}), paths=PATHS, months=24
    ).played.fates["won"]
    assert within([(won <= k).sum() for k in range(4, 26)], exact.cumsum()[4:26])
    assert not within(
        [(won <= k).sum() for k in range(4, 26)], poisson.cdf(range(4, 26), (np.arange(40) * exact).sum())
    )


def test_ruin_on_a_lattice_with_a_climate_by_recursion():
    """100 a month go out; contracts of 100, paid two months after they are told, come at the rate of the climate, which moves monthly.

    Ruin is the first month-end below nil: by recursion over (climate, hundreds in the bank), the arrivals of month s counting in s + 2.
    """
    months, opening, rate = 30, 5, np.array([2.0, 1.0, 0.5])
    one = {
        "a_year": 12,
        "chance": 1,
        "yearly": 1_200,
        "term": 1,
        "margin": 1,
        "months": 0,
        "austerity": 0.5,
        "growth_climate": 2,
    }
    tables = {
        "climate": {"moves": "monthly", **MOVES},
        "hub": {"costs": {"rent": {"yearly": 1_200, "grows": 0}}},
        "grace": 1,
    }
    played = project(charity(bank=100 * opening, opportunities=one, **tables), paths=PATHS, months=months).played.fates
    ended = np.where(played["end"] < 0, 999, played["end"])
    most = 120
    at = np.zeros((3, most))
    at[1, opening - 2] = 1.0  # after months 0 and 1
    ruined, exact = 0.0, [0.0, 0.0]
    for s in range(months - 2):
        if s > 0:
            at = MATRIX.T @ at
        after = np.zeros_like(at)
        for c in range(3):
            arrivals = poisson.pmf(np.arange(most), rate[c])
            after[c] = np.convolve(at[c], arrivals)[:most]
        ruined += after[:, 0].sum()  # none left to pay this month's with
        at = np.concatenate([after[:, 1:], np.zeros((3, 1))], axis=1)
        exact.append(ruined)
    assert within([(ended <= t).sum() for t in range(months)], exact) and 0.2 < exact[-1] < 0.9
