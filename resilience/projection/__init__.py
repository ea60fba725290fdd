"""Projects one organisation under a scenario and a strategy: `project(...) -> Projection`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from resilience.errors import Fault, InputError
from resilience.manifest import manifest
from resilience.organisation import Organisation
from resilience.projection.engine import run
from resilience.projection.luck import BLOCK
from resilience.projection.peak import out_of_reach, peaks
from resilience.projection.plan import Prepared, prepare, rules
from resilience.projection.result import Measure, Projection, kept_for
from resilience.rows import ADVANCE, CONTRACT, SALE
from resilience.scenario import Scenario, apply
from resilience.strategy import AT_FULL_COST, IF_COVERED, Strategy, read_strategy
from resilience.variation import AS_IS, Variation

__all__ = ["Measure", "Prepared", "Projection", "Variation", "project", "under"]


def project(
    organisation: Organisation,
    scenario: Scenario | Sequence[Scenario] | None = None,
    strategy: Strategy | None = None,
    *,
    paths: int = 10_000,
    months: int = 60,
    seed: int = 1,
    chance: bool | None = None,
    wider: bool | None = None,
    keep_paths: bool = False,
    measures: Sequence[str] | None = None,
    only: np.ndarray | None = None,
    variation: Variation = AS_IS,
    log: bool = False,
    workers: int | None = None,
    block: int = BLOCK,
    progress: Callable[[int], None] | None = None,
    todays_pounds: bool = False,
) -> Projection:
    """N possible futures of one organisation under one scenario and one strategy (default: carry on).

    paths: futures 0 … N−1 (one, where chance is off); months: the horizon T; seed: of all draws. chance=False turns every source of
    chance off; wider=True widens every range by half. keep_paths keeps every account by month and path; measures: names of those to
    keep, instead of all. only: the numbers of the paths to play instead of 0 … N−1. variation: one thing changed, same draws. log:
    writes down the events of the first path. todays_pounds: measures of money in the pounds of the month before the first, path by
    path by its own prices; accounts stay in the pounds of the day. Same inputs, seed and version give the same pence, whatever the
    workers and the block length.

    Raises InputError where scenario and organisation do not fit, ValueError for a number or a measure out of reach.
    """
    if not (1 <= paths <= 10**7 and 1 <= months <= 600):
        raise ValueError(f"{paths} paths of {months} months: paths go from 1 to 10,000,000, months from 1 to 600")
    scenarios = [scenario] if isinstance(scenario, Scenario) else list(scenario or [])
    played = apply(organisation, scenarios)
    if chance is not None and chance != played.chance:
        played = _with_chance(played, chance)
    if wider is not None and wider != played.ranges_too_narrow:
        played = played.model_copy(update={"ranges_too_narrow": wider})
    strategy = strategy or read_strategy("carry on")
    numbers = np.arange(paths if played.chance else 1) if only is None else np.asarray(only)
    try:
        prepared = _prepared(played, strategy, months, seed, variation)
    except OverflowError:
        fix = "lower the yearly rises of prices, pay or uplift, or play fewer months"
        raise InputError([Fault(played.file, "", None, "grows beyond what can be counted", fix)]) from None
    rows = prepared.plan.streams
    money, people = kept_for(
        keep_paths,
        measures,
        fit=played.says_fit,
        served=bool(organisation.services),
        tied=bool((rows.dock >= 0).any()),
    )
    kept = {"money": money, "people": people, "keep_funds": keep_paths, "log": log, "workers": workers, "block": block}
    found = _played(played, strategy, prepared, numbers, seed, opening(prepared), kept, progress)
    return _in_todays_pounds(found) if todays_pounds else found


def under(projection: Projection, strategy: Strategy, *, progress: Callable[[int], None] | None = None) -> Projection:
    """The same futures under another strategy: what is fixed before chance is not worked out again, unless a strategy has chance in it."""
    p = projection
    if p.strategy.draws or strategy.draws:
        prepared = _prepared(p.organisation, strategy, len(p.months), p.seed, p.prepared.variation)
    else:
        rows, _ = rules(strategy, p.prepared.funding)
        prepared = replace(p.prepared, plan=p.prepared.plan._replace(rules=rows))
    found = _played(p.organisation, strategy, prepared, p.paths_played, p.seed, p.manifest["opening"], p.kept, progress)
    return _in_todays_pounds(found) if p.todays_pounds else found


def _prepared(organisation: Organisation, strategy: Strategy, months: int, seed: int, variation: Variation) -> Prepared:
    """Everything that is fixed before chance, with what each bid needs where the strategy looks at it."""
    if strategy.bidding == IF_COVERED:
        return prepare(organisation, strategy, months, variation, peaks(organisation, strategy, months, seed))
    if strategy.bidding == AT_FULL_COST:
        return prepare(organisation, strategy, months, variation, out_of_reach(organisation))
    return prepare(organisation, strategy, months, variation)


def _in_todays_pounds(found: Projection) -> Projection:
    """The same futures with their money in today's pounds; the manifest says whose."""
    before = (found.prepared.horizon.first - 1).words
    return replace(found, todays_pounds=True, manifest={**found.manifest, "pounds": before}, _measures={})


def _played(
    organisation: Organisation,
    strategy: Strategy,
    prepared: Prepared,
    numbers: np.ndarray,
    seed: int,
    before: dict[str, float],
    kept: dict[str, Any],
    progress: Callable[[int], None] | None,
) -> Projection:
    """Plays what is prepared, and writes down what it came from. before: the balances before the first month."""
    result = run(prepared, numbers, seed, progress=progress, **kept)
    read = organisation.as_read
    files = {"organisation": (read.file, read.raw), "strategy": (strategy.file, strategy.model_dump())}
    files |= {f"scenario {i + 1}": one for i, one in enumerate(organisation.scenarios)}
    record = manifest(
        files,
        seed=seed,
        paths=len(numbers),
        months=prepared.horizon.months,
        chance=organisation.chance,
        wider=organisation.ranges_too_narrow,
        overlays=organisation.overlays,
        strategy=strategy.name,
    )
    record["opening"] = before
    return Projection(organisation, strategy, prepared, result, numbers, seed, record, kept)


def _with_chance(organisation: Organisation, chance: bool) -> Organisation:
    """The same organisation with chance turned on or off; its private facts go with it."""
    return organisation.model_copy(update={"chance": chance})


def _deferred(prepared: Prepared) -> int:
    """Opening deferred income at median amounts, pence: the rest of quarters that contracts and sales have been paid for."""
    rows, clock, total = prepared.plan.streams, prepared.plan.clock, 0
    for s, one in enumerate(prepared.funding.amounts):
        if rows.form[s] in (CONTRACT, SALE) and rows.payment[s] == ADVANCE and prepared.funding.starts[s] <= 0:
            whole, rest = divmod(int(one.median), 12)
            total += sum(
                whole + clock.bump[(clock.part[0] - 1 + k) % 12 + 1, rest] for k in range(rows.opening_rest[s])
            )
    return int(total)


def opening(prepared: Prepared) -> dict[str, float]:
    """Balances before the first month, pounds: bank, restricted, spendable, free reserves, the policy's aim, months of cover."""
    m, funds, heads = prepared.plan.money, prepared.plan.funds, prepared.plan.posts
    restricted = int(funds.opening.sum())
    deferred = _deferred(prepared)
    loans, secured = int(m.loans.sum()), int((m.loans * m.loan_secured).sum())
    spendable = m.bank + m.investments - restricted - m.held
    assets = m.bank + m.investments + m.fixed_assets + m.programme + m.debtors + int(m.owed.sum()) + m.owed_later
    unrestricted = assets - m.creditors - m.arrears - deferred - m.provisions - loans - m.held - restricted
    free = unrestricted - max(0, m.fixed_assets - secured) - m.programme - m.essential
    liability = int(m.closing_items[0]) + m.exit_debt + loans
    for g in np.flatnonzero(heads.transferred < 0):
        if (
            heads.dock[g] < 0
            or prepared.plan.streams_of[heads.dock[g], 0] < 0
            or any(prepared.plan.streams.owner[s] for s in prepared.plan.streams_of[heads.dock[g]] if s >= 0)
        ):
            liability += int(heads.heads[g] * heads.liability[g, heads.began[g] + heads.oldest, 0])
    aim = (m.policy_months * m.budget, m.policy_amount, liability)[m.policy]
    pounds = {
        "bank": m.bank,
        "investments": m.investments,
        "restricted": restricted,
        "held_for_others": m.held,
        "spendable": spendable,
        "unrestricted_funds": unrestricted,
        "free_reserves": free,
        "policy": aim,
        "closing_liability": liability,
        "budget": m.budget,
    }
    return {k: round(float(v)) / 100 for k, v in pounds.items()} | {
        "months_of_cover": spendable / m.budget if m.budget else 0.0
    }
