"""A batch of a thousand: how long, what share of it is the engine, how well two workers share it, how memory and time grow.

    make benchbatch                              1,000 organisations, three scenarios, 1,000 futures of 60 months
    make benchbatch ARGS="--organisations 100"   fewer

Organisations come from a table of charities' yearly accounts in ../shared/data/charities_715, through the converter below, without their names; they are
topped up by seeded variations of them. What accounts do not show (terms, odds, pay) is the same simple guess for all. Figures are claims of one run on
one machine only; ratios are within one run.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from random import Random
from typing import Any

import psutil

from resilience import projection
from resilience.batch import batch, parts, task, tasks
from resilience.exports.toml import organisation_toml
from resilience.organisation_file import organisation_from

TABLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "charities_715" / "charities_715.csv"
SCENARIOS = ("baseline", "council_cut_30", "late_payment")
KINDS = {
    "incomeDonationsAndLegacies": ("gifts", {"kind": "giving", "form": "gift", "payment": "monthly"}),
    "incomeCharitableActivities": ("contract", {"kind": "local authority", "form": "contract", "until": "2028-03", "renewal": "7 in 10"}),
    "incomeOtherTradingActivities": ("trading", {"kind": "trading", "form": "sale", "payment": "monthly"}),
    "incomeInvestments": ("investments", {"kind": "investment", "form": "sale", "payment": "monthly"}),
    "incomeOther": ("grant", {"kind": "trust", "form": "grant", "until": "2027-09", "renewal": "5 in 10"}),
}  # fmt: skip
GOAL_SECONDS, GOAL_EFFICIENCY, GOAL_BESIDE = 60, 0.85, 1 / 3


# ---- a thousand organisations


def organisations(number: int, folder: Path) -> list[str]:
    """Files of so many organisations: those of the table that can be played, then variations of them."""
    with TABLE.open(encoding="utf-8") as stream:
        found = [
            row
            for row in csv.DictReader(stream)
            if 20_000 <= _number(row["incomeTotal"]) <= 50e6 and _number(row["expenditureTotal"]) > 0
        ]
    chosen, made = Random(8), []
    for i in range(number):
        scale = 1.0 if i < len(found) else chosen.lognormvariate(0.0, 0.5)
        raw = _tables(i, found[i % len(found)], scale)
        organisation_from(raw, f"charity_{i:04}")  # a converter that makes nonsense stops here
        file = folder / f"charity_{i:04}.toml"
        file.write_text(organisation_toml(raw), "utf-8")
        made.append(str(file))
    return made


def _tables(i: int, row: dict[str, str], scale: float) -> dict[str, Any]:
    """One organisation: its income by kind, people and other costs as in the year, half a year of spending in the bank."""
    spending = max(2_000.0, scale * _number(row["expenditureTotal"]))
    streams: dict[str, Any] = {}
    for column, (name, terms) in KINDS.items():
        if (pounds := round(scale * _number(row[column]), -1)) > 0:
            streams[name] = terms | {"yearly": pounds}
    if not streams:
        streams["gifts"] = KINDS["incomeDonationsAndLegacies"][1] | {
            "yearly": round(scale * _number(row["incomeTotal"]), -1)
        }
    heads = min(300, round(scale * _number(row["peopleEmployees"])), int(0.7 * spending / 30_000))
    hub, team = max(1, heads // 5) if heads else 0, heads - (max(1, heads // 5) if heads else 0)
    post = {"pay": 29_000, "hours": 37.5, "service": 4, "pension": 0.05}
    rest = round(max(500.0, spending - heads * 34_000), -1)
    found: dict[str, Any] = {
        "name": f"Charity {i:04}",
        "first_month": "2026-04",
        "opening": {"bank": round(spending / 2, -1)},
        "streams": streams,
        "hub": {"posts": {"office": post | {"heads": hub}} if hub else {}, "costs": {"all_else": {"yearly": rest}}},
    }
    if team:
        funded = ["contract"] if "contract" in streams else []
        found["docks"] = {"team": {"funded_by": funded, "posts": {"worker": post | {"heads": team}}}}
        found["services"] = {
            "help": {"dock": "team", "caseload": 20, "length": 6, "referrals": round(20 * team / 6 * 1.1, 1)}
        }
    return found


def _number(text: str) -> float:
    return float(text) if text else 0.0


# ---- what is measured


def run(files: list[str], workers: int) -> tuple[float, float]:
    """(seconds, most MB of the process that hands out the work) of a whole batch by the command, its start included."""
    words = [word for name in SCENARIOS for word in ("--scenario", name)]
    with tempfile.TemporaryDirectory() as folder:
        typed = [
            sys.executable,
            "-m",
            "resilience",
            "batch",
            *files,
            *words,
            "--workers",
            str(workers),
            "--out",
            str(Path(folder) / "out"),
        ]
        begun, most = time.perf_counter(), 0.0
        process = psutil.Popen(typed, stderr=subprocess.PIPE, text=True)
        while process.poll() is None:
            with suppress(psutil.Error):
                most = max(most, process.memory_info().rss / 1e6)
            time.sleep(0.05)
        took = time.perf_counter() - begun
    if process.returncode:
        raise SystemExit(f"the batch failed: {process.stderr.read()[-2000:]}")
    return took, most


@contextmanager
def timed(spent: dict[str, float], places: dict[str, tuple[Any, str]]) -> Iterator[None]:
    """Adds up the seconds that each of these functions takes."""
    before = {name: getattr(of, attribute) for name, (of, attribute) in places.items()}

    def watched(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def inner(*args: Any, **more: Any) -> Any:
            begun = time.perf_counter()
            try:
                return real(*args, **more)
            finally:
                spent[name] = spent.get(name, 0.0) + time.perf_counter() - begun

        return inner

    for name, (of, attribute) in places.items():
        setattr(of, attribute, watched(name, before[name]))
    try:
        yield
    finally:
        for name, (of, attribute) in places.items():
            setattr(of, attribute, before[name])


def shares(files: list[str]) -> dict[str, float]:
    """Seconds of a batch in this process, by what they were spent on."""
    spent: dict[str, float] = {}
    places = {
        "reading and checking": (task, "read_organisation"),
        "scenarios": (projection, "apply"),
        "preparing": (projection, "_prepared"),
        "engine": (projection, "run"),
        "writing parts": (parts.Parts, "keep"),
    }
    asked = tasks(files, scenarios=SCENARIOS)
    with tempfile.TemporaryDirectory() as folder, timed(spent, places):
        begun = time.perf_counter()
        batch(asked, Path(folder) / "out")
        took = time.perf_counter() - begun
    return spent | {"all": took}


PEERS = {  # what a user would pick instead, on the reference job beside the table: 12 streams, 8 bids, 60 months, no people, no rules
    "event times in NumPy": ("impl_numpy", "run"),
    "monthly coins in NumPy": ("impl_numpy", "run_bern"),
    "pandas": ("impl_pandas", "run"),
    "squigglepy, vectorised": ("impl_squig", "run_vec"),
    "modelx": ("impl_modelx", "run"),
    "plain Python": ("impl_py", "run_pure"),
    "monaco": ("impl_monaco", "run"),
    "SimPy": ("impl_simpy", "run"),
    "cashflower": ("impl_cashflower", "run"),
}
FUTURES, PATIENCE = 1_000, 10.0  # of an item; seconds for each peer


def peers() -> Iterator[tuple[str, float, int]]:
    """(name, seconds an item, items played) of every peer that is installed: an item is 1,000 futures; slow ones play fewer."""
    sys.path.insert(0, str(TABLE.parents[2] / "benchmarks"))
    for name, (module, attribute) in PEERS.items():
        with redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()):
            try:
                play = getattr(importlib.import_module(module), attribute)
                play(10)
            except ImportError:  # not installed, or nothing of it that it needs
                continue
            begun = time.perf_counter()
            play(10)
            few = 10 if (time.perf_counter() - begun) / 10 * FUTURES > PATIENCE else FUTURES
            begun, items = time.perf_counter(), 0
            while items < 1 or time.perf_counter() - begun < PATIENCE / 2:
                play(few, seed=items + 1)
                items += 1
        yield name, (time.perf_counter() - begun) / items * FUTURES / few, items if few == FUTURES else 0


def row(name: str, seen: str, goal: str = "", held: bool | None = None) -> str:
    return f"{name:<58}{seen:>12}{goal:>12}  {'' if held is None else 'held' if held else 'NOT HELD'}"


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--organisations", type=int, default=1000)
    given = asked.parse_args()
    if not TABLE.exists():
        sys.exit("../shared is absent: the benchmark takes its organisations from there")
    n = given.organisations
    with tempfile.TemporaryDirectory() as folder:
        files = organisations(n, Path(folder))
        shares(files[:4])  # compiles and loads, which is no part of it
        spent = shares(files[: max(20, n // 10)])
        beside = spent["reading and checking"] + spent["scenarios"] + spent["writing parts"]
        sizes = [max(4, n // 4), max(8, n // 2), n]
        two = [run(files[:size], 2) for size in sizes]
        one, _ = run(files, 1)
    (took, most), (quarter, least) = two[-1], two[0]
    cores = os.cpu_count() or 1
    print(f"{n:,} organisations, {len(SCENARIOS)} scenarios, 1,000 futures of 60 months; {cores} processors")
    print(row("", "seen", "goal"))
    whole = n == 1000
    print(row("two workers, s", f"{took:.1f}", "<= 60" if whole else "", took <= GOAL_SECONDS if whole else None))
    print(row("one worker, s", f"{one:.1f}"))
    efficiency = one / took / 2
    print(row("efficiency of two workers", f"{efficiency:.0%}", ">= 85 %", efficiency >= GOAL_EFFICIENCY))
    for name in ("reading and checking", "scenarios", "preparing", "engine", "writing parts"):
        print(row(f"  of one worker's time: {name}", f"{spent[name] / spent['all']:.0%}"))
    print(
        row(
            "reading, checking, scenarios, writing: of all",
            f"{beside / spent['all']:.0%}",
            "< 33 %",
            beside / spent["all"] < GOAL_BESIDE,
        )
    )
    for size, (seconds, _) in zip(sizes, two, strict=True):
        print(row(f"  two workers, {size:,} organisations, ms each", f"{1e3 * seconds / size:.1f}"))
    print(
        row(
            f"time for each, {n:,} beside {sizes[0]:,}",
            f"{took / n / (quarter / sizes[0]):.2f}",
            "<= 1.1",
            took / n <= 1.1 * quarter / sizes[0],
        )
    )
    print(row(f"memory of who hands out, MB: {sizes[0]:,} and {n:,}", f"{least:.0f}, {most:.0f}"))
    print(row("  growth for each organisation, kB", f"{1e3 * (most - least) / (n - sizes[0]):.1f}"))
    print(
        "Peers for scale, on the reference job only (12 streams, 8 bids; no people, rules or files), one process, all items alike:"
    )
    for name, each, items in peers():
        whole_job, played = each * n * len(SCENARIOS), f"{items:,} items played" if items else "10 futures played"
        print(
            row(f"  {name}, s ({played}), and beside our one worker", f"{whole_job:,.0f}", f"{whole_job / one:.2f} x")
        )
    print(row("largest worker, MB", f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3:.0f}"))


if __name__ == "__main__":
    main()
