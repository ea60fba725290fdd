"""Bare arrays in, numbers out: order statistics, shares with their standard errors, shortfall, rank correlation.

Quantile q of N paths is the ⌈qN⌉-th smallest, never interpolated. In money, paths that have ended rank below every continuing one.
"""

from __future__ import annotations

import math

import numpy as np

from resilience.compiled import compiled

LEVELS = {"p05": 0.05, "p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90, "p95": 0.95}
_BUCKETS = 2048


def rank(q: float, n: int) -> int:
    """Place of quantile q among n in rising order, from 0: ⌈qn⌉ − 1."""
    return max(0, math.ceil(round(q * n, 9)) - 1)


def _order_statistics(values, ends, ranks, out):
    """Order statistics of each month, exactly.

    values (months, paths); ends int64 (paths,): month from which a path ranks below all others (none: beyond the months); ranks int64
    rising, from 0. out float64 (months, ranks): nan where that rank has ended. One pass counts into buckets, one gathers the buckets
    that hold a rank, and the rank is selected within.
    """
    n, R = values.shape[1], ranks.shape[0]
    live, chosen, bucket = np.empty(n), np.empty(n), np.empty(n, dtype=np.int32)
    count, place = np.empty(_BUCKETS, dtype=np.int64), np.empty(_BUCKETS, dtype=np.int64)
    of, before = np.empty(R, dtype=np.int64), np.empty(R, dtype=np.int64)
    for t in range(values.shape[0]):
        m = 0
        low, high = math.inf, -math.inf
        for p in range(n):
            if ends[p] > t:
                x = float(values[t, p])
                live[m] = x
                m += 1
                low = min(low, x)
                high = max(high, x)
        ended, span = n - m, high - low
        if m == 0 or not 1e-290 < span < math.inf:  # few, all alike, or beyond any bucket
            part = np.sort(live[:m])
            for i in range(R):
                out[t, i] = part[ranks[i] - ended] if ranks[i] >= ended else math.nan
            continue
        scale = (_BUCKETS - 1) / span
        count[:] = 0
        for j in range(m):
            bucket[j] = np.int32((live[j] - low) * scale)
            count[bucket[j]] += 1
        place[:] = -1
        below, b, filled = 0, 0, 0
        for i in range(R):
            of[i] = -1
            if ranks[i] >= ended:
                while below + count[b] <= ranks[i] - ended:
                    below += count[b]
                    b += 1
                of[i], before[i] = b, below
                if place[b] < 0:
                    place[b] = filled
                    filled += count[b]
        for j in range(m):
            at = place[bucket[j]]
            if at >= 0:
                chosen[at] = live[j]
                place[bucket[j]] = at + 1
        for i in range(R):
            if of[i] < 0:
                out[t, i] = math.nan
                continue
            stop = place[of[i]]
            out[t, i] = _select(chosen, stop - count[of[i]], stop, ranks[i] - ended - before[i])


def _select(x, start, stop, k):
    """The k-th smallest of x[start:stop], from 0: quickselect in three parts, so that runs of one value, as heads have, cost nothing."""
    while True:
        pivot = x[(start + stop) // 2]
        low, i, high = start, start, stop
        while i < high:
            v = x[i]
            if v < pivot:
                x[i], x[low] = x[low], v
                low += 1
                i += 1
            elif v > pivot:
                high -= 1
                x[i], x[high] = x[high], v
            else:
                i += 1
        if k < low - start:
            stop = low
        elif k < high - start:
            return pivot
        else:
            k -= high - start
            start = high


_select = compiled(_select, inner=True)
order_statistics = compiled(_order_statistics, allocates=True)


def quantiles(values: np.ndarray, ends: np.ndarray) -> dict[str, np.ndarray]:
    """Quantiles at the seven levels, each shape (months,); nan where that path has ended. values: (months, paths)."""
    out = np.empty((values.shape[0], len(LEVELS)))
    order_statistics(values, ends, np.array([rank(q, values.shape[1]) for q in LEVELS.values()], dtype=np.int64), out)
    return {name: out[:, i] for i, name in enumerate(LEVELS)}


def mean_of_continuing(values: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Mean over the paths not ended, shape (months,); nan where none goes on."""
    going = ends[None, :] > np.arange(values.shape[0])[:, None]
    number = going.sum(axis=1)
    total = np.where(going, values, 0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(number > 0, total / number, np.nan)


def share_by_month(first: np.ndarray, months: int) -> np.ndarray:
    """Share of paths in which something has happened by the end of each month; first: its month or −1, shape (paths,)."""
    count = np.bincount(first[first >= 0], minlength=months)[:months]
    return np.cumsum(count) / len(first)


def standard_error(share: np.ndarray | float, paths: int) -> np.ndarray:
    """√(p(1 − p)/N) of a share of N independent paths."""
    p = np.asarray(share, dtype=float)
    return np.sqrt(p * (1 - p) / paths)


def paired_difference(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """(share of b − share of a, its standard error) on the same paths.

    From the discordant paths, b only and c only: √(b + c − (b − c)²/N)/N.
    """
    n, only_a, only_b = len(a), int((a & ~b).sum()), int((b & ~a).sum())
    return (only_b - only_a) / n, math.sqrt(max(0.0, only_a + only_b - (only_a - only_b) ** 2 / n)) / n


def block_error(values: np.ndarray, statistic, blocks: int = 20) -> float:
    """Standard error of a statistic of paths from 20 blocks: sd of the block values/√20; nan below 20 paths."""
    if len(values) < blocks:
        return math.nan
    each = [statistic(part) for part in np.array_split(values, blocks)]
    return float(np.std(each, ddof=1) / math.sqrt(blocks))


def expected_shortfall(lowest: np.ndarray, worst: float = 0.05) -> float:
    """Mean of the worst 5 % of paths, by lowest spendable cash."""
    return float(np.sort(lowest)[: max(1, math.ceil(worst * len(lowest)))].mean())


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's: correlation of mid-ranks; 0 where either does not vary."""
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    return float(np.corrcoef(_midranks(a), _midranks(b))[0, 1])


def _midranks(x: np.ndarray) -> np.ndarray:
    _, where, count = np.unique(x, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[where]
