"""One task of a batch: an organisation, and what it is played under."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from resilience import __version__
from resilience.organisation_file import read_organisation
from resilience.projection import Projection, project
from resilience.reading import sha256_of
from resilience.scenario import Scenario, read_scenarios
from resilience.shipped import Kind, locate
from resilience.strategy import Strategy, read_strategy

ROWS = "resilience.batch.rows/1"
KEPT = ("spendable",)
AT = (12, 24, 36, 60)  # months at whose end cash is told
LEVELS = ("p10", "p50", "p90")
CHANCES = ("insolvent", "closed_in_order", "merged_or_transferred", "continuing", "breach", "point_of_no_return")
TEXTS, WHOLE = ("file", "organisation", "scenario", "strategy"), ("paths", "months", "seed")
NUMBERS = (
    *(name for chance in CHANCES for name in (chance, f"{chance}_error")),
    "people_served",
    "posts_lost",
    *(f"spendable_{level}_month_{t}" for t in AT for level in LEVELS),
)
COLUMNS = (*TEXTS, *WHOLE, *NUMBERS)  # of a row


@dataclass(frozen=True)
class Task:
    """An organisation's file, and every scenario (A+B: stacked) with every strategy."""

    file: str
    scenarios: tuple[str, ...] = ("baseline",)
    strategies: tuple[str, ...] = ("carry_on",)
    paths: int = 1000
    months: int = 60
    seed: int = 1

    def key(self) -> str:
        """24 hexadecimal digits of everything that the result comes from: the files' bytes, their names, the sizes, the version.

        Raises InputError if one of them cannot be read.
        """
        files = [sha256_of(_place("organisations", self.file))]
        files += [one for name in self.scenarios for one in _hashes(name)]
        files += [sha256_of(_place("strategies", one)) for one in self.strategies]
        held = json.dumps([ROWS, __version__, asdict(self), files])
        return hashlib.sha256(held.encode()).hexdigest()[:24]

    def rows(self) -> list[dict[str, Any]]:
        """A row for each scenario and strategy. Raises InputError."""
        organisation = read_organisation(_place("organisations", self.file))
        found = []
        for scenario in self.scenarios:
            stacked = _scenarios(scenario, _hashes(scenario))
            for name in self.strategies:
                chosen = _strategy(name, sha256_of(_place("strategies", name)))
                played = project(
                    organisation,
                    stacked,
                    chosen,
                    paths=self.paths,
                    months=self.months,
                    seed=self.seed,
                    workers=1,
                    measures=KEPT,
                )
                found.append(_row(self, played, scenario, name))
        return found


def _hashes(scenario: str) -> tuple[str, ...]:
    """SHA-256 of each file of a stack, in order."""
    names = [scenario] if Path(scenario).exists() else scenario.split("+")
    return tuple(sha256_of(_place("policy", one.strip())) for one in names)


@lru_cache(maxsize=1024)
def _place(kind: Kind, name: str) -> Path:
    """Where a file is; looked for once."""
    return locate(kind, name)


@lru_cache(maxsize=64)
def _scenarios(text: str, hashes: tuple[str, ...]) -> list[Scenario]:
    """A stack; read again when the bytes of its files have changed."""
    return read_scenarios([text])


@lru_cache(maxsize=64)
def _strategy(name: str, sha256: str) -> Strategy:
    return read_strategy(name)


def _row(task: Task, played: Projection, scenario: str, strategy: str) -> dict[str, Any]:
    """What is kept of one projection: chances by the horizon, people, and spendable cash, pounds, at some month-ends."""
    fates = played.played.fates
    row: dict[str, Any] = {
        "file": Path(task.file).name,
        "organisation": played.organisation.name,
        "scenario": scenario,
        "strategy": strategy,
        "paths": played.number,
        "months": len(played.months),
        "seed": task.seed,
    }
    for name in CHANCES:
        chance = played.probabilities[name]
        row[name] = round(float(chance.by_month[-1]), 9)
        row[f"{name}_error"] = round(float(chance.standard_error[-1]), 9)
    row["people_served"] = round(float(played.played.served.mean()), 6)
    row["posts_lost"] = round(float(fates["posts_lost"].mean()), 6)
    cash = played.measure("spendable")
    for t in AT:
        for level in LEVELS:
            value = float(getattr(cash, level)[t - 1]) if t <= len(played.months) else float("nan")
            row[f"spendable_{level}_month_{t}"] = None if value != value else round(value, 2)
    return row
