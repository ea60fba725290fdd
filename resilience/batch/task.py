"""One task of a batch: an organisation, and what it is played under."""

from __future__ import annotations

import glob
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from resilience import __version__
from resilience.errors import Fault, InputError
from resilience.organisation_file import read_organisation
from resilience.projection import Projection, project
from resilience.reading import sha256_of
from resilience.scenario import read_scenarios
from resilience.shipped import locate
from resilience.strategy import read_strategy

ROWS = "resilience.batch.rows/1"
WILD = frozenset("*?[")
AT = (12, 24, 36, 60)  # months at whose end cash is told


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
        stacked = sorted({one for name in self.scenarios for one in name.split("+")})
        files = [sha256_of(locate("organisations", self.file))]
        files += [sha256_of(locate("policy", one)) for one in stacked]
        files += [sha256_of(locate("strategies", one)) for one in self.strategies]
        held = json.dumps([ROWS, __version__, asdict(self), files])
        return hashlib.sha256(held.encode()).hexdigest()[:24]

    def rows(self) -> list[dict[str, Any]]:
        """A row for each scenario and strategy. Raises InputError."""
        organisation = read_organisation(self.file)
        found = []
        for scenario in self.scenarios:
            stacked = read_scenarios([scenario])
            for name in self.strategies:
                chosen = read_strategy(name)
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
                found.append(_row(played, self.file, scenario, name))
        return found


KEPT = ("spendable",)


def tasks(files: Sequence[str], **under: Any) -> list[Task]:
    """A task for each organisation: a shipped name, a file, or a pattern such as "files/*.toml". Raises InputError for an empty one."""
    found: list[str] = []
    for one in files:
        held = sorted(glob.glob(one, recursive=True)) if WILD & set(one) and not os.path.exists(one) else [one]
        if not held:
            raise InputError([Fault(one, "", None, "matches no file", "check the folder and the pattern")])
        found += held
    return [Task(file, **under) for file in dict.fromkeys(found)]


def _row(played: Projection, file: str, scenario: str, strategy: str) -> dict[str, Any]:
    """What is kept of one projection: chances by the horizon, runway, people, and spendable cash, pounds, at some month-ends."""
    fates = played.played.fates
    row: dict[str, Any] = {
        "file": Path(file).name,
        "organisation": played.organisation.name,
        "scenario": scenario,
        "strategy": strategy,
        "paths": len(fates["end"]),
        "months": len(played.months),
    }
    for name in ("insolvent", "closed_in_order", "merged_or_transferred", "continuing", "breach", "point_of_no_return"):
        if name in played.probabilities:
            chance = played.probabilities[name]
            row[name] = round(float(chance.by_month[-1]), 9)
            row[f"{name}_error"] = round(float(chance.standard_error[-1]), 9)
    row["people_served"] = round(float(played.played.served.mean()), 6)
    row["posts_lost"] = round(float(fates["posts_lost"].mean()), 6)
    cash = played.measure("spendable")
    for t in AT:
        for level in ("p10", "p50", "p90"):
            value = float(getattr(cash, level)[t - 1]) if t <= len(played.months) else float("nan")
            row[f"spendable_{level}_month_{t}"] = None if value != value else round(value, 2)
    return row
