"""Speed and memory as ratios in one run: this engine, the limit, and NumPy, in turn. `make bench`; no test fails on a clock.

The limit draws only the numbers that REF-1 needs at least (82 a path), writes one float32 array and selects five exact quantiles a month,
on one thread. A ratio to it holds when the machine's speed drifts; milliseconds do not.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import time
from collections.abc import Callable

import models
import numpy as np

from resilience import chance as bend
from resilience.compiled import compiled
from resilience.draws import Sources, fill
from resilience.measures import order_statistics, rank
from resilience.organisation_file import organisation_from
from resilience.projection.engine import run
from resilience.projection.plan import prepare
from resilience.strategy import Strategy, read_strategy, strategy_from

MONTHS = 60
FIVE = (0.05, 0.25, 0.5, 0.75, 0.95)
TWO = ("spendable", "bank")
TEN = (
    ("bank", "spendable", "headroom", "restricted_cash", "income", "spending"),
    ("heads", "served", "unmet", "capacity"),
)


def _central(u):
    q = u - 0.5
    r = q * q
    top = (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r - 30.66479806614716) * r + 2.506628277459239) * q  # fmt: skip
    return top / (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r - 13.28068155288572) * r + 1.0)  # fmt: skip


central = compiled(_central, tiny=True)


def _normals(u, out, at):
    """The middle of the distribution on vectors, then the tails: as quick as the limit can be."""
    for t in range(out.shape[0]):
        for p in range(u.shape[1]):
            out[t, at + p] = central(u[22 + t, p])
        for p in range(u.shape[1]):
            if not 0.02425 <= u[22 + t, p] <= 0.97575:
                out[t, at + p] = bend.normal(u[22 + t, p])


normals = compiled(_normals)


def quantiles(values: np.ndarray) -> np.ndarray:
    out = np.empty((len(values), len(FIVE)))
    order_statistics(
        values, np.full(values.shape[1], 10**9), np.array([rank(q, values.shape[1]) for q in FIVE], dtype=np.int64), out
    )
    return out


def limit(paths: int) -> None:
    sources = Sources()
    sources.row("few", 22)
    sources.row("normals", MONTHS)
    arrays = sources.arrays(1)
    out = np.empty((MONTHS, paths), dtype=np.float32)
    u = np.empty((sources.height, 264))
    for first in range(0, paths, 264):
        here = np.arange(first, min(first + 264, paths), dtype=np.uint64)
        fill(*arrays, here, u[:, : len(here)] if len(here) == 264 else np.ascontiguousarray(u[:, : len(here)]))
        normals(np.ascontiguousarray(u[:, : len(here)]), out, first)
    quantiles(out)


def in_numpy(paths: int) -> None:
    """REF-1 as one writes it in NumPy: a coin for everything that may happen in a month, quantiles."""
    rng = np.random.default_rng(1)
    cash = np.full(paths, 90_000.0)
    kept = {name: np.ones(paths) for name in models.REFERENCE_STREAMS}
    won = {name: rng.random(paths) < chance for name, (chance, *_) in models.REFERENCE_BIDS.items()}
    austere, out = np.zeros(paths, dtype=bool), np.empty((MONTHS, paths))
    for t in range(MONTHS):
        if t:
            coin = rng.random(paths)
            austere = np.where(austere, coin >= 0.04, coin < 0.02)
        for name, (amount, hazard, factor, shape) in models.REFERENCE_STREAMS.items():
            hit = (kept[name] == 1) & (rng.random(paths) < np.where(austere, factor, 1) * hazard)
            kept[name][hit] = 1 - rng.triangular(*shape, int(hit.sum()))
            cash += amount * kept[name]
        for name, (_, start, term, income, cost, mobilising, leaving) in models.REFERENCE_BIDS.items():
            net = income * (start + 2 <= t < start + term + 2) - cost * (start <= t < start + term)
            cash += won[name] * (net - mobilising * (t == start) - leaving * (t == start + term))
        cash -= 56_500 * 1.03 ** (t // 12) * np.exp(0.1 * rng.standard_normal(paths) - 0.005)
        out[t] = cash
    np.quantile(out, FIVE, axis=1)


def engine(
    raw: dict, strategy: Strategy, money: tuple[str, ...], people: tuple[str, ...], workers: int
) -> Callable[[int], None]:
    """The plan is made once; drawing, months and quantiles are timed."""
    prepared = prepare(organisation_from(raw, raw["name"]), strategy, MONTHS)

    def job(paths: int) -> None:
        played = run(prepared, np.arange(paths), 1, money=money, people=people, workers=workers)
        for values in (*played.money.values(), *played.people.values()):
            quantiles(values)

    return job


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--paths", type=int, default=10_000)
    ask.add_argument("--repeats", type=int, default=9)
    chosen = ask.parse_args()
    full, small = models.full_size(), models.reference()
    with_the_money = strategy_from(models.REFERENCE_STRATEGY, "with the money")
    jobs: dict[str, Callable[[int], None]] = {"the limit, one thread": limit}
    for workers in (1, 2):
        jobs[f"REF-1, two measures, {workers} thread(s)"] = engine(small, with_the_money, TWO, (), workers)
        jobs[f"full size, ten measures, carry on, {workers} thread(s)"] = engine(
            full, read_strategy("carry on"), *TEN, workers
        )
        jobs[f"full size, ten measures, hub and dock, {workers} thread(s)"] = engine(
            full, read_strategy("hub and dock"), *TEN, workers
        )
    jobs["REF-1 in NumPy, five quantiles"] = in_numpy
    print("compiling, if it has not been …", file=sys.stderr)
    started = time.perf_counter()
    for job in jobs.values():
        job(300)
    print(f"first calls: {time.perf_counter() - started:.1f} s", file=sys.stderr)
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(chosen.repeats):
        for name, job in jobs.items():
            gc.collect()
            start = time.perf_counter()
            job(chosen.paths)
            times[name].append(time.perf_counter() - start)
    base = np.array(times["the limit, one thread"])
    print(
        f"{chosen.paths:,} paths of {MONTHS} months, {chosen.repeats} rounds in turn; median, and ratio to the limit round by round"
    )
    for name, each in times.items():
        ratio = np.array(each) / base
        print(
            f"  {name:55s} {1e3 * np.median(each):9.1f} ms   {np.median(ratio):7.2f} ({ratio.min():.2f} to {ratio.max():.2f})"
        )
    preview = jobs["full size, ten measures, carry on, 1 thread(s)"]
    start = time.perf_counter()
    preview(1_000)
    print(f"  preview of 1,000 paths, full size                       {1e3 * (time.perf_counter() - start):9.1f} ms")
    print(f"  largest memory of this run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
