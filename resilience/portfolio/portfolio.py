"""The answers of a portfolio: failures together beside what they would be apart, payers by the harm of their withdrawal, people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from resilience import __version__
from resilience.errors import Fault, InputError
from resilience.manifest import inputs
from resilience.portfolio.playing import Fate, Member, played
from resilience.scenario import read_scenarios
from resilience.strategy import read_strategy

NOT_STATED = "not stated"
MOST_PAYERS = 20  # whose withdrawal is tried: those that pay most


@dataclass(frozen=True)
class Asked:
    """What a portfolio is played under."""

    scenario: str = "baseline"
    strategy: str = "carry_on"
    paths: int = 1000
    months: int = 60
    seed: int = 1
    payers: int = MOST_PAYERS


@dataclass(frozen=True)
class One:
    """A member: chance of failing within the horizon with its standard error, people helped and turned away on the mean."""

    name: str
    area: str
    kind: str
    chance: float
    standard_error: float
    served: float
    unserved: float


@dataclass(frozen=True)
class Together:
    """How many fail in the same future. exactly: chance that so many do, from none to all; apart: if each had its own luck alone.

    mean: number that fail; spread, spread_apart: its standard deviation; one_in_20: so many or more fail in one future of twenty.
    """

    exactly: list[float]
    apart: list[float]
    mean: float
    spread: float
    spread_apart: float
    one_in_20: int
    one_in_20_apart: int


@dataclass(frozen=True)
class Withdrawal:
    """What it does when a payer pays nothing from next April, beside the same futures as they stand: means, with standard errors."""

    payer: str
    organisations: int  # that it pays, or that bid to it
    pounds: float  # a year at the opening
    more_fail: float
    standard_error: float
    more_unserved: float


@dataclass(frozen=True)
class Group:
    """People of one area or kind of help: members, people helped, and left unserved, on the mean of all futures."""

    name: str
    organisations: int
    served: float
    unserved: float


@dataclass(frozen=True)
class Portfolio:
    """Everything said of a portfolio. failed: files that could not be played, with their faults."""

    asked: Asked
    members: list[One]
    together: Together
    withdrawals: list[Withdrawal]
    areas: list[Group]
    kinds: list[Group]
    failed: list[tuple[str, list[str]]]
    remarks: list[str]
    manifest: dict[str, Any]


def portfolio(
    files: Sequence[str], asked: Asked | None = None, workers: int = 1, moved: Callable[[int], None] = lambda n: None
) -> Portfolio:
    """Plays every file on the same futures. Raises InputError where fewer than two can be played."""
    asked = asked or Asked()
    members = [
        Member(file, own, asked.scenario, asked.strategy, asked.paths, asked.months, asked.seed)
        for file, own in _named(files)
    ]
    fates = []
    for fate in played(members, workers):
        fates.append(fate)
        moved(1)
    there = [one for one in fates if not one.faults]
    failed = [(one.member.file, list(one.faults)) for one in fates if one.faults]
    if len(there) < 2:
        faults = [Fault("", "", None, said, "") for _, lines in failed for said in lines]
        raise InputError(
            [
                *faults,
                Fault("portfolio", "", None, "has fewer than two organisations that can be played", "name more files"),
            ]
        )
    return Portfolio(
        asked,
        [_one(one) for one in there],
        together(np.array([one.failed for one in there])),
        _withdrawals(there, asked, workers),
        groups((one.area or NOT_STATED, one) for one in there),
        groups((one.kind or NOT_STATED, one) for one in there),
        failed,
        _remarks(there),
        _manifest(there, asked),
    )


def _manifest(there: Sequence[Fate], asked: Asked) -> dict[str, Any]:
    """What it came from: members (inputs), and what they were played under, in order, each with its hash."""
    files = {one.member.own: (one.path, None) for one in there}
    chosen: dict[str, Any] = {f"scenario {k}": one for k, one in enumerate(read_scenarios([asked.scenario]), 1)}
    chosen["strategy"] = read_strategy(asked.strategy)
    under = {role: (one.file, one.model_dump(mode="json")) for role, one in chosen.items()}
    return {"version": __version__, "under": inputs(under), "inputs": inputs(files)}


def _named(files: Sequence[str]) -> list[tuple[str, str]]:
    """(file, its name in the draws): the name of the file, with its folder where two are alike."""
    stems = [Path(file).stem for file in files]
    return [(file, stem if stems.count(stem) == 1 else file) for file, stem in zip(files, stems, strict=True)]


def _one(fate: Fate) -> One:
    assert fate.failed is not None
    chance = float(fate.failed.mean())
    error = float(np.sqrt(chance * (1 - chance) / len(fate.failed)))
    return One(fate.name, fate.area or NOT_STATED, fate.kind or NOT_STATED, chance, error, fate.served, fate.unserved)


def together(failed: np.ndarray) -> Together:
    """failed: bool (members, paths). Apart: the Poisson-binomial of the members' own chances, exactly."""
    count, n = failed.sum(axis=0), len(failed)
    exactly = np.bincount(count, minlength=n + 1) / failed.shape[1]
    apart = np.zeros(n + 1)
    apart[0] = 1.0
    for p in failed.mean(axis=1):
        apart[1:] = apart[1:] * (1 - p) + apart[:-1] * p
        apart[0] *= 1 - p
    k = np.arange(n + 1)
    mean = float(count.mean())
    spread, spread_apart = (float(np.sqrt(max(0.0, (share * (k - mean) ** 2).sum()))) for share in (exactly, apart))
    return Together(
        list(map(float, exactly)),
        list(map(float, apart)),
        mean,
        spread,
        spread_apart,
        _one_in_20(exactly),
        _one_in_20(apart),
    )


def _one_in_20(exactly: np.ndarray) -> int:
    """The largest number that is reached or passed in at least one future of twenty."""
    at_least = exactly[::-1].cumsum()[::-1]
    return int(np.flatnonzero(at_least >= 0.05 - 1e-12).max())


def _withdrawals(there: Sequence[Fate], asked: Asked, workers: int) -> list[Withdrawal]:
    """Payers by the harm that their withdrawal does; those that pay most are tried."""
    pays: dict[str, float] = {}
    for one in there:
        for payer, pounds in one.pays:
            pays[payer] = pays.get(payer, 0.0) + pounds
    tried = sorted(pays, key=lambda payer: (-pays[payer], payer))[: asked.payers]
    paid = {payer: [one for one in there if payer in dict(one.pays)] for payer in tried}
    again = [_without(one.member, payer) for payer in tried for one in paid[payer]]
    fates = iter(list(played(again, workers)))
    found = []
    for payer in tried:
        before = paid[payer]
        after = [next(fates) for _ in before]
        apart = sum((_apart(a, b) for a, b in zip(before, after, strict=True)), np.zeros(asked.paths))
        unserved = sum(b.unserved - a.unserved for a, b in zip(before, after, strict=True))
        error = float(apart.std(ddof=1) / np.sqrt(len(apart))) if len(apart) > 1 else 0.0
        found.append(Withdrawal(payer, len(before), pays[payer], float(apart.mean()), error, unserved))
    return sorted(found, key=lambda one: (-one.more_fail, -one.more_unserved, one.payer))


def _apart(before: Fate, after: Fate) -> np.ndarray:
    """In which futures it fails only with the withdrawal (1), or only without it (−1)."""
    assert before.failed is not None and after.failed is not None, after.faults
    return after.failed.astype(float) - before.failed


def _without(member: Member, payer: str) -> Member:
    return Member(**{**vars(member), "without": payer})


def groups(named: Any) -> list[Group]:
    """Members added up by name, most people left unserved first."""
    held: dict[str, list[Fate]] = {}
    for name, one in named:
        held.setdefault(name, []).append(one)
    found = [
        Group(name, len(of), sum(one.served for one in of), sum(one.unserved for one in of))
        for name, of in held.items()
    ]
    return sorted(found, key=lambda one: (-one.unserved, one.name))


def _remarks(there: Sequence[Fate]) -> list[str]:
    """What may not be meant: other first months, and payers that look alike but are written differently."""
    said = []
    firsts = sorted({one.first_month for one in there})
    if len(firsts) > 1:
        said.append(
            f"First months differ ({', '.join(firsts)}): what befalls a payer or the nation is counted from each one's own."
        )
    plain: dict[str, set[str]] = {}
    for one in there:
        for payer, _ in one.pays:
            plain.setdefault(payer.casefold().replace("_", " ").replace("-", " ").strip(), set()).add(payer)
    said += [
        f"Payers that look alike are taken as {len(names)}: {', '.join(sorted(names))}; give them one name if they are one."
        for names in plain.values()
        if len(names) > 1
    ]
    return said
