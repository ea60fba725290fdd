"""REF-1, the small cash model that every tool can run, said as an organisation file and held against its known answer."""

import math

import numpy as np
import pytest
from benchmarks.models import REFERENCE_STRATEGY, reference

from resilience import project
from resilience.organisation_file import organisation_from
from resilience.strategy import strategy_from

PATHS = 40_000
# 4 million paths of an independent program of the same job: P(cash below nil within months), median cash of month 24 in pounds
RUIN = {24: 0.0377, 60: 0.477}
MEDIAN_24 = 149_800


def by_hand(paths, seed=5):
    """Cash at the end of each month, pounds (60, paths): month by month, a coin for everything that may happen in a month."""
    from benchmarks.models import REFERENCE_BIDS, REFERENCE_STREAMS

    luck = np.random.default_rng(seed)
    austere, cash, out = np.zeros(paths, dtype=bool), np.full(paths, 90_000.0), np.empty((60, paths))
    kept = {name: np.ones(paths) for name in REFERENCE_STREAMS}
    won = {name: luck.random(paths) < one[0] for name, one in REFERENCE_BIDS.items()}
    for t in range(60):
        if t:
            coin = luck.random(paths)
            austere = np.where(austere, coin >= 0.04, coin < 0.02)
        for name, (amount, hazard, factor, (least, likely, most)) in REFERENCE_STREAMS.items():
            hit = (kept[name] == 1) & (luck.random(paths) < np.where(austere, factor, 1) * hazard)
            kept[name][hit] = 1 - luck.triangular(least, likely, most, hit.sum())
            cash += amount * kept[name]
        for name, (_, start, term, income, cost, mobilising, leaving) in REFERENCE_BIDS.items():
            net = income * (start + 2 <= t < start + term + 2) - cost * (start <= t < start + term)
            cash += won[name] * (net - mobilising * (t == start) - leaving * (t == start + term))
        core = 56_500 * 1.03 ** (t // 12)
        cash -= core * np.exp(0.1 * luck.standard_normal(paths) - 0.005)
        out[t] = cash
    return out


@pytest.fixture(scope="module")
def played():
    organisation = organisation_from(reference(), "ref1.toml")
    strategy = strategy_from(REFERENCE_STRATEGY, "with the money")
    return project(organisation, strategy=strategy, paths=PATHS, months=60, keep_paths=True)


def test_chances_of_cash_below_nil_are_the_known_ones(played):
    end = played.paths["end"]
    for months, chance in RUIN.items():
        found = float(((end >= 0) & (end < months)).mean())
        assert abs(found - chance) <= 3 * math.sqrt(chance * (1 - chance) / PATHS) + 0.00005 * (
            months == 24
        ) + 0.0005 * (months == 60)
    assert (played.accounts["bank"] < 0).any(axis=0).sum() == (
        end >= 0
    ).sum()  # it ends when cash is below nil, and only then


def test_paths_that_go_on_are_those_of_a_simulation_by_hand(played):
    """Cash of the paths not yet below nil, month by month: mean and share, within errors of both."""
    cash = by_hand(PATHS)
    below = np.minimum.accumulate(cash, axis=0) < 0
    end = played.paths["end"]
    for t in (2, 4, 11, 13, 23, 40, 45, 59):
        going, here = (end < 0) | (end > t), ~below[t]
        a, b = played.accounts["bank"][t][going] / 100, cash[t][here]
        assert abs(a.mean() - b.mean()) <= 4 * math.sqrt(a.var() / len(a) + b.var() / len(b)), t
        p = here.mean()
        assert abs(going.mean() - p) <= 4 * math.sqrt(2 * p * (1 - p) / PATHS) + 1e-9, t


def test_median_cash_is_the_known_one(played):
    # quantile of all futures, ended ones lowest: at month 24 few have ended; the density near the median gives its error
    t = 23
    end, bank = played.paths["end"], played.accounts["bank"][t] / 100
    ranked = np.sort(np.where((end < 0) | (end > t), bank, -np.inf))
    error = (ranked[int(0.505 * PATHS)] - ranked[int(0.495 * PATHS)]) / 0.01 * 0.5 / math.sqrt(PATHS)
    assert abs(ranked[PATHS // 2] - MEDIAN_24) <= 3 * error + 50
