"""`resilience batch`: many organisations under the same scenarios and strategies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from resilience.cli.statuses import INTERRUPTED, SOME_FAILED
from resilience.cli.terminal import progress

if TYPE_CHECKING:
    from resilience.batch import Task


@click.command(short_help="Many organisations, resumable, into a folder.")
@click.argument("orgs", nargs=-1, metavar="[ORG...]")
@click.option("--plan", "plan_file", metavar="FILE", help="A plan that says who is played under what, instead of ORGs.")
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="S",
    help="Each with each strategy; A+B stacks.  [default: baseline]",
)
@click.option("--strategy", "strategies", multiple=True, metavar="S", help="[default: carry_on]")
@click.option(
    "--out", required=True, metavar="DIR", help="Folder of the results; a run that was stopped goes on there."
)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes.  [default: one a processor]")
@click.option("--scheduler", metavar="ADDRESS", help="Play on the cluster of this dask scheduler instead.")
@click.option("--paths", type=click.IntRange(2, 10**6), help="Futures of each.  [default: 1000]")
@click.option("--months", type=click.IntRange(1, 600), help="Months played.  [default: 60]")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of all draws.  [default: 1]")
def batch(
    orgs: tuple[str, ...],
    plan_file: str | None,
    scenarios: tuple[str, ...],
    strategies: tuple[str, ...],
    out: str,
    workers: int | None,
    scheduler: str | None,
    paths: int | None,
    months: int | None,
    seed: int | None,
) -> int:
    """Plays every ORG (a shipped name, a file, or a pattern in quotes) under every scenario and strategy, into a folder.

    A bad file stops no other. Ctrl-C keeps what is done; the same command goes on from there. Results: docs/batch.md.

    resilience batch "charities/*.toml" --scenario baseline --scenario council_cut_30 --strategy hub_and_dock --out results
    """
    from resilience.batch import batch as run
    from resilience.batch import plan, tasks

    given: dict[str, Any] = {
        "scenarios": scenarios,
        "strategies": strategies,
        "paths": paths,
        "months": months,
        "seed": seed,
    }
    under = {name: value for name, value in given.items() if value not in (None, ())}
    if bool(orgs) == bool(plan_file):
        raise click.UsageError("Name organisations, or a plan with --plan; not both.")
    if plan_file and under:
        raise click.UsageError(
            "A plan says itself what is played: give no --scenario, --strategy, --paths, --months, --seed."
        )
    if scheduler and workers:
        raise click.UsageError("A cluster has workers of its own: give --workers or --scheduler.")
    asked = plan(plan_file) if plan_file else tasks(orgs, **under)
    _refuse_mistakes(asked)
    try:
        with _executor(scheduler) as executor, progress(len(asked), "Playing organisations", "a second") as moved:
            found = run(asked, out, executor, workers or os.cpu_count() or 1, lambda _: moved(1))
    except KeyboardInterrupt:
        click.echo(f"Interrupted: what is done is kept in {out}; the same command goes on from there.", err=True)
        return INTERRUPTED
    failed = [one for one in found if one.faults]
    for one in failed:
        for fault in one.faults:
            click.echo(fault, err=True)
    before = sum(one.done_before for one in found)
    click.echo(
        f"{len(found):,} organisations: {len(found) - len(failed) - before:,} played, {before:,} done before, "
        f"{len(failed):,} failed. Written into {out}.",
        err=True,
    )
    return SOME_FAILED if failed else 0


def _refuse_mistakes(asked: list[Task]) -> None:
    """A mistake in a scenario or strategy is one of the command, not of every organisation."""
    from resilience.scenario import read_scenarios
    from resilience.strategy import read_strategy

    for scenario in dict.fromkeys(name for task in asked for name in task.scenarios):
        read_scenarios([scenario])
    for strategy in dict.fromkeys(name for task in asked for name in task.strategies):
        read_strategy(strategy)


@contextmanager
def _executor(scheduler: str | None) -> Iterator[Executor | None]:
    """Of a cluster; None: processes of this computer."""
    if scheduler is None:
        yield None
    else:
        from resilience.batch.cluster import cluster

        with cluster(scheduler) as executor:
            yield executor
