"""Alternatives on the same futures: what changes, and whether that is more than the counting error."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from resilience.decisions.more_cash import MoreCash, more_cash
from resilience.measures import block_error, paired_difference, rank
from resilience.organisation import Organisation
from resilience.projection import Projection, project
from resilience.rows import INSOLVENT
from resilience.scenario import Scenario
from resilience.social_value import SETS
from resilience.strategy import Strategy, read_strategy
from resilience.structures import CONVENTIONAL, HUB_AND_DOCK, MANAGED, structured

SCHEMA = "resilience.comparison/1"
AS_IT_STANDS = "as it stands"
BEST_BY = ("insolvent", "breach", "point_of_no_return")
CHANCES = (*BEST_BY, "continuing")
IN_TIME = 3  # months of warning
BLOCKS = 20


@dataclass(frozen=True)
class Warned:
    """Warning time in months over the insolvent futures: 0 if it was never foreseen. nan where there are none.

    median: the ⌈n/2⌉-th smallest; in_time: share of them with three months or more, standard_error √(p(1 − p)/n). unwarned: share of
    all futures that become insolvent with less.
    """

    insolvent: int
    median: float
    in_time: float
    standard_error: float
    unwarned: float


@dataclass(frozen=True)
class Alternative:
    """One alternative by itself: chances by the horizon with their standard errors, runway, and means of a path.

    structure: "hub-and-dock" is the file as written.
    warned: of those that become insolvent, how long before management's own forecast, three months ahead, was first below nil.
    no_return: the month by which half of all futures have passed the point of no return, None beyond the horizon.
    served: people over the whole horizon; posts_lost: by redundancy or the end of a fixed term; social_value: pounds by set, of those who
    complete a service, None where the file says nothing of it. `in_breach_at_opening`: "breach" then means
    still in breach at month 24. mission_fit: mean of the months up to each path's end, over all paths; None where the file says nothing.
    """

    label: str
    scenarios: tuple[str, ...]
    strategy: str
    structure: str
    probabilities: dict[str, float]
    standard_errors: dict[str, float]
    runway: dict[str, float]
    no_return: str | None
    warned: Warned
    served: float
    posts_lost: float
    social_value: dict[str, float] | None
    in_breach_at_opening: bool
    mission_fit: float | None


@dataclass(frozen=True)
class Chance:
    """P(alternative) − P(reference) by the horizon: (c − b)/N with standard error √(b + c − (b − c)²/N)/N.

    b: paths in which it happens under the reference only, c: under the alternative only. seen: more than two standard
    errors.
    """

    difference: float
    standard_error: float
    b: int
    c: int
    seen: bool


@dataclass(frozen=True)
class Mean:
    """Mean over all paths of alternative − reference, path by path, and its standard error sd/√N.

    seen: more than two of them.
    """

    difference: float
    standard_error: float
    seen: bool


@dataclass(frozen=True)
class Cash:
    """Spendable cash at the end of a month, alternative − reference, path by path, pounds.

    less, more: shares of all futures with less and with more, an ended path having less than any that goes on. Of the
    `both` paths that go on in both: mean with its standard error sd/√n, and the middle 80 % (p10 to p90, the ⌈qn⌉-th
    smallest) with theirs from 20 blocks. nan where there are none.
    """

    month: str
    less: float
    more: float
    both: int
    mean: float
    mean_error: float
    p10: float
    p10_error: float
    p90: float
    p90_error: float
    seen: bool


@dataclass(frozen=True)
class Liability:
    """Closing liability at the end of a month, alternative − reference, pounds.

    Of the `both` paths that go on in both: mean and its standard error sd/√n, nan where there are none; seen: more than two of them.
    """

    month: str
    both: int
    difference: float
    standard_error: float
    seen: bool


@dataclass(frozen=True)
class Difference:
    """An alternative against the reference.

    unwarned: insolvent with less than three months' warning. Money in pounds; people served over the whole horizon; posts lost by
    redundancy.
    """

    label: str
    reference: str
    chances: dict[str, Chance]
    unwarned: Chance
    cash: list[Cash]
    closing_liability: list[Liability]
    served: Mean
    posts_lost: Mean
    social_value: dict[str, Mean] | None  # pounds, by set


@dataclass(frozen=True)
class Best:
    """The strategy that came out best on the even blocks of paths, and its difference to the reference on the odd ones.

    by: "insolvent", "breach", "point_of_no_return" (least) or "served" (most). reference: the first strategy under the
    same scenarios. Chosen and reported on different futures, so the choice does not flatter the figure.
    """

    by: str
    label: str
    reference: str
    chosen_at: float
    difference: float
    standard_error: float
    seen: bool


@dataclass(frozen=True)
class Comparison:
    """Alternatives on the same futures; the first is the reference. `best`: only with more than two strategies.

    more_cash: one for each alternative, None where nobody decides anything.
    """

    alternatives: list[Alternative]
    differences: list[Difference]
    best: list[Best]
    more_cash: list[MoreCash | None]
    manifest: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """As `--json` prints it: schema, manifest, these tables; null for what is not there or beyond the horizon."""
        tables = asdict(self)
        return {"schema": SCHEMA, "manifest": tables.pop("manifest")} | _without_nan(tables)


@dataclass(frozen=True)
class _Played:
    """What is kept of a projection: path by path, so that alternatives can be paired."""

    label: str
    scenarios: tuple[str, ...]
    strategy: str
    structure: str
    happened: dict[str, np.ndarray]  # bool (paths,)
    unwarned: np.ndarray  # bool (paths,)
    spendable: np.ndarray  # int64 pence (months, paths)
    liability: np.ndarray  # int64 pence (months, paths)
    ends: np.ndarray  # int64 (paths,): month of the end, beyond all for none
    served: np.ndarray
    posts_lost: np.ndarray
    worth: np.ndarray  # float64 pence (sets or 0, paths)


def compare(
    organisation: Organisation,
    *,
    scenarios: Sequence[Scenario | Sequence[Scenario]] = (),
    strategies: Sequence[Strategy] = (),
    structures: Sequence[str] = (),
    paths: int = 10_000,
    months: int = 60,
    seed: int = 1,
    chance: bool | None = None,
    wider: bool | None = None,
    at: Sequence[int] | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    todays_pounds: bool = False,
) -> Comparison:
    """What each alternative changes against the first, in the same futures.

    scenarios: one alternative each, a list of scenarios being stacked; strategies likewise; with both, every strategy
    under every scenario. A single one is compared with the organisation as it stands under carry on. structures: names of
    structures (`structures.structured`), each with all of these; without a strategy each is managed as goes with it. at: indices of the
    months whose spendable cash is compared (default: every twelfth month's end and the last). progress is told the
    paths just played. todays_pounds: cash in the pounds of the month before the first, path by path.

    Raises ValueError where there is nothing to compare or two alternatives are the same, InputError as `project`.
    """
    chosen = _alternatives(scenarios, strategies, structures)
    months_at = sorted({*range(11, months, 12), months - 1}) if at is None else list(at)
    if any(not 0 <= t < months for t in months_at):
        raise ValueError(f"at = {months_at} lies outside the {months} months; write indices from 0 to {months - 1}")
    played, alone, records, richer, labels = [], [], [], [], []
    for label, structure, stacked, strategy in chosen:
        p = project(
            structured(organisation, structure),
            stacked,
            strategy,
            paths=paths,
            months=months,
            seed=seed,
            chance=chance,
            wider=wider,
            workers=workers,
            progress=progress,
            todays_pounds=todays_pounds,
        )
        played.append(_kept(label, structure, stacked, p))
        alone.append(_alone(played[-1], p))
        records.append(p.manifest)
        found = more_cash(p)
        richer.append(found and replace(found, label=label))
        labels = p.months
    differences = [_difference(played[0], other, labels, months_at) for other in played[1:]]
    return Comparison(alone, differences, _best(played, len(strategies)), richer, _manifest(records, alone))


def _alternatives(
    scenarios: Sequence[Scenario | Sequence[Scenario]], strategies: Sequence[Strategy], structures: Sequence[str]
) -> list[tuple[str, str, list[Scenario], Strategy]]:
    """(label, structure, scenarios stacked, strategy) of each alternative, the reference first."""
    stacks = [[s] if isinstance(s, Scenario) else list(s) for s in scenarios] or [[]]
    plain, named = read_strategy("carry on"), list(structures) or [HUB_AND_DOCK]
    if named == [CONVENTIONAL] and len(stacks) == 1 and len(strategies) <= 1:
        named = [HUB_AND_DOCK, CONVENTIONAL]
    managed = {one: strategies or [read_strategy(MANAGED[one]) if structures else plain] for one in named}
    chosen = [(one, stack, strategy) for one in named for stack in stacks for strategy in managed[one]]
    if len(chosen) == 1:
        chosen = [(HUB_AND_DOCK, [], plain), *chosen]
    words = [(one, " + ".join(s.name for s in stack) or AS_IT_STANDS, s.name) for one, stack, s in chosen]
    columns = list(zip(*words, strict=True))
    if len(set(columns[0])) > 1 and not strategies:
        columns.pop()  # the strategy goes with the structure
    labels = [", ".join(parts) for parts in zip(*[c for c in columns if len(set(c)) > 1] or columns[1:2], strict=True)]
    twice = [one for one in (*named, *labels) if named.count(one) > 1 or labels.count(one) > 1]
    if twice:
        raise ValueError(f"{twice[0]} is there twice, so there is nothing to compare; name two that differ")
    return [(label, *one) for label, one in zip(labels, chosen, strict=True)]


def _kept(label: str, structure: str, stacked: list[Scenario], p: Projection) -> _Played:
    fates = p.played.fates
    breach = fates["breach_24"] == 1 if p.in_breach_at_opening else fates["first_breach"] >= 0
    happened = {
        "insolvent": fates["end_kind"] == INSOLVENT,
        "breach": breach,
        "point_of_no_return": fates["no_return"] >= 0,
        "continuing": fates["end"] < 0,
    }
    unwarned = happened["insolvent"] & (fates["warning"] < IN_TIME)
    ends = np.where(fates["end"] < 0, np.iinfo(np.int64).max, fates["end"])
    return _Played(
        label,
        tuple(s.name for s in stacked),
        p.strategy.name,
        structure,
        happened,
        unwarned,
        p.in_pounds("spendable"),
        p.in_pounds("closing_liability"),
        ends,
        p.played.served,
        fates["posts_lost"],
        p.played.worth,
    )


def _alone(one: _Played, p: Projection) -> Alternative:
    shares = {name: chance.last for name, chance in p.probabilities.items()}
    errors = {name: float(chance.standard_error[-1]) for name, chance in p.probabilities.items()}
    return Alternative(
        one.label,
        one.scenarios,
        one.strategy,
        one.structure,
        shares,
        errors,
        p.runway,
        _half(p.played.fates["no_return"], p.months),
        _warned(p.played.fates["warning"][one.happened["insolvent"]], float(one.unwarned.mean())),
        float(one.served.mean()),
        float(one.posts_lost.mean()),
        p.social_value,
        p.in_breach_at_opening,
        _fit(p, one.ends),
    )


def _fit(p: Projection, ends: np.ndarray) -> float | None:
    """Mean mission fit: of each path over its months up to its end, then over all paths."""
    if "mission_fit" not in p.names:
        return None
    there = np.arange(len(p.months))[:, None] <= ends
    return float((np.where(there, p.played.people["mission_fit"], 0.0).sum(axis=0) / there.sum(axis=0)).mean())


def _half(first: np.ndarray, months: list[str]) -> str | None:
    """The month by which it has happened on half of all paths; first: month, −1 never."""
    middle = int(np.sort(np.where(first < 0, len(months), first))[rank(0.5, len(first))])
    return months[middle] if middle < len(months) else None


def _warned(months: np.ndarray, unwarned: float) -> Warned:
    """months: warning time of each path that becomes insolvent."""
    n = len(months)
    if not n:
        return Warned(0, math.nan, math.nan, math.nan, unwarned)
    share = float((months >= IN_TIME).mean())
    return Warned(n, float(np.sort(months)[rank(0.5, n)]), share, math.sqrt(share * (1 - share) / n), unwarned)


def _difference(a: _Played, b: _Played, labels: list[str], at: Sequence[int]) -> Difference:
    chances = {name: _chance(a.happened[name], b.happened[name]) for name in CHANCES}
    cash = [_cash(a, b, t, labels[t]) for t in at]
    owed = [_liability(a, b, t, labels[t]) for t in at]
    unwarned = _chance(a.unwarned, b.unwarned)
    return Difference(
        b.label,
        a.label,
        chances,
        unwarned,
        cash,
        owed,
        _mean(b.served - a.served),
        _mean((b.posts_lost - a.posts_lost).astype(float)),
        {name: _mean(x / 100) for name, x in zip(SETS, b.worth - a.worth, strict=True)} if len(a.worth) else None,
    )


def _chance(a: np.ndarray, b: np.ndarray) -> Chance:
    difference, error = paired_difference(a, b)
    return Chance(difference, error, int((a & ~b).sum()), int((b & ~a).sum()), abs(difference) > 2 * error)


def _mean(values: np.ndarray) -> Mean:
    mean, error = float(values.mean()), _error(values, len(values))
    return Mean(mean, error, abs(mean) > 2 * error)


def _error(values: np.ndarray, paths: int) -> float:
    """Standard error of a mean, sd/√n; nan below two, but nil where one path is all that was played (no chance)."""
    if len(values) > 1:
        return float(np.std(values, ddof=1) / math.sqrt(len(values)))
    return 0.0 if paths == 1 else math.nan


def _cash(a: _Played, b: _Played, t: int, month: str) -> Cash:
    """Paired difference of spendable cash at the end of month t."""
    going_a, going_b = a.ends > t, b.ends > t
    both = going_a & going_b
    paired = (b.spendable[t] - a.spendable[t]) / 100
    less = float(((going_a & ~going_b) | (both & (paired < 0))).mean())
    more = float(((going_b & ~going_a) | (both & (paired > 0))).mean())
    d, nan = paired[both], math.nan
    if not len(d):
        return Cash(month, less, more, 0, nan, nan, nan, nan, nan, nan, False)
    (p10, p10_error), (p90, p90_error) = _quantile(d, 0.1), _quantile(d, 0.9)
    mean, error = float(d.mean()), _error(d, len(a.ends))
    seen = abs(mean) > 2 * error
    return Cash(month, less, more, len(d), mean, error, p10, p10_error, p90, p90_error, seen)


def _liability(a: _Played, b: _Played, t: int, month: str) -> Liability:
    """Paired difference of closing liability at the end of month t."""
    both = (a.ends > t) & (b.ends > t)
    d = (b.liability[t] - a.liability[t])[both] / 100
    if not len(d):
        return Liability(month, 0, math.nan, math.nan, False)
    mean, error = float(d.mean()), _error(d, len(a.ends))
    return Liability(month, len(d), mean, error, abs(mean) > 2 * error)


def _quantile(values: np.ndarray, q: float) -> tuple[float, float]:
    """The ⌈qn⌉-th smallest, and its standard error from 20 blocks."""

    def smallest(part: np.ndarray) -> float:
        return float(np.sort(part)[rank(q, len(part))])

    return smallest(values), block_error(values, smallest, BLOCKS)


def _best(played: list[_Played], strategies: int) -> list[Best]:
    """The best strategy under each stack of scenarios: chosen on even blocks of paths, reported on odd ones; ties: the
    first label.
    """
    if strategies <= 2 or len(played[0].ends) < 2 * BLOCKS:
        return []
    blocks = np.array_split(np.arange(len(played[0].ends)), BLOCKS)
    even, odd = np.concatenate(blocks[0::2]), np.concatenate(blocks[1::2])
    found = []
    for first in range(0, len(played), strategies):
        group = played[first : first + strategies]
        for by in (*BEST_BY, "served"):
            values = {one.label: one.served if by == "served" else one.happened[by].astype(float) for one in group}
            sign = -1 if by == "served" else 1
            label = min(values, key=lambda name: (sign * float(values[name][even].mean()), name))
            d = _mean(values[label][odd] - values[group[0].label][odd])
            found.append(
                Best(
                    by, label, group[0].label, float(values[label][even].mean()), d.difference, d.standard_error, d.seen
                )
            )
    return found


def _manifest(records: list[dict[str, Any]], alternatives: list[Alternative]) -> dict[str, Any]:
    """The reference's record with the inputs of all, and each alternative's overlays and strategy."""
    files = {
        (one["name"], one["sha256"]): {**one, "role": one["role"].split()[0]}
        for record in records
        for one in record["inputs"]
    }
    each = [
        {
            "label": a.label,
            "structure": a.structure,
            "overlays": r["overlays"],
            "strategy": r["strategy"],
            "opening": r["opening"],
        }
        for a, r in zip(alternatives, records, strict=True)
    ]
    kept = {k: v for k, v in records[0].items() if k not in ("overlays", "strategy", "opening", "inputs")}
    return kept | {"alternatives": each, "inputs": list(files.values())}


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_nan(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
