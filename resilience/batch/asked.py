"""What is asked for: files and patterns on the command line, or a plan that says who is played under what."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from resilience.batch.task import Task
from resilience.errors import Fault, InputError, place
from resilience.fields import Record, faults_of, field
from resilience.reading import read_toml

WILD = frozenset("*?[")


class Entry(Record):
    """Organisations, and everything they are played under: each scenario with each strategy, paths and seed."""

    organisations: list[str] = field("shipped names, files and patterns, from the folder of the plan", min_length=1)
    scenarios: list[str] = field("A+B stacks", "", ["baseline"], min_length=1)
    strategies: list[str] = field("what management does", "", ["carry_on"], min_length=1)
    paths: list[int] = field("futures of each", "", [1000], min_length=1)
    seeds: list[int] = field("seeds of all draws", "", [1], min_length=1)
    months: int = field("months played", "months", 60, ge=1, le=600)


class Plan(Record):
    """A plan of a batch."""

    play: list[Entry] = field("entries, in order", min_length=1)


def tasks(files: Sequence[str], folder: str = "", **under: Any) -> list[Task]:
    """A task for each organisation: a shipped name, a file, or a pattern such as "files/*.toml", in that order.

    folder: what files are relative to. Raises InputError for what matches nothing.
    """
    found: list[str] = []
    for one in files:
        held = [_from(folder, one)]
        if WILD & set(one) and not os.path.exists(held[0]):
            held = sorted(glob.glob(held[0], recursive=True))
        if not held:
            raise InputError([Fault(one, "", None, "matches no file", "check the folder and the pattern")])
        found += held
    return [Task(file, **under) for file in dict.fromkeys(found)]


def plan(file: str | os.PathLike[str]) -> list[Task]:
    """The tasks of a plan, each once: for every organisation, number of paths and seed of an entry, one. Raises InputError."""
    path = Path(file)
    try:
        read = Plan.model_validate(read_toml(path))
    except ValidationError as error:
        raise InputError(faults_of(error, str(path), Plan)) from None
    if faults := [fault for i, one in enumerate(read.play) for fault in _out_of_reach(str(path), i, one)]:
        raise InputError(faults)
    folder, found = str(path.parent), list[Task]()
    for entry in read.play:
        under = {
            "scenarios": tuple(
                "+".join(_from(folder, part, "policy") for part in _parts(one)) for one in entry.scenarios
            ),
            "strategies": tuple(_from(folder, one, "strategies") for one in entry.strategies),
            "months": entry.months,
        }
        for paths, seed in product(entry.paths, entry.seeds):
            found += tasks(entry.organisations, folder, paths=paths, seed=seed, **under)
    return list(dict.fromkeys(found))


def _parts(scenario: str) -> list[str]:
    return [part.strip() for part in scenario.split("+")]


def _out_of_reach(file: str, i: int, entry: Entry) -> list[Fault]:
    """Numbers of paths and seeds that cannot be played."""
    limits = {"paths": (2, 10**6), "seeds": (0, 2**63 - 1)}
    return [
        Fault(file, place(("play", i, name, j)), value, "is out of reach", f"write {low} to {high:,}")
        for name, (low, high) in limits.items()
        for j, value in enumerate(getattr(entry, name))
        if not low <= value <= high
    ]


def _from(folder: str, name: str, kind: Any = "organisations") -> str:
    """A shipped name as it is; a file or a pattern as seen from the folder that it is relative to."""
    is_file = name.endswith(".toml") or os.path.dirname(name) or WILD & set(name)
    return os.path.join(folder, name) if folder and is_file else name
