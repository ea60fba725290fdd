"""`resilience batch`: many organisations under the same scenarios and strategies."""

from __future__ import annotations

import os

import click

from resilience.cli.statuses import INTERRUPTED, SOME_FAILED
from resilience.cli.terminal import progress


@click.command(short_help="Many organisations, resumable, into a folder.")
@click.argument("orgs", nargs=-1, required=True, metavar="ORG...")
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
@click.option("--paths", type=click.IntRange(2, 10**6), default=1000, show_default=True, help="Futures of each.")
@click.option("--months", type=click.IntRange(1, 600), default=60, show_default=True, help="Months played.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of all draws.")
def batch(
    orgs: tuple[str, ...],
    scenarios: tuple[str, ...],
    strategies: tuple[str, ...],
    out: str,
    workers: int | None,
    paths: int,
    months: int,
    seed: int,
) -> int:
    """Plays every ORG (a shipped name, a file, or a pattern in quotes) under every scenario and strategy, into a folder.

    A bad file stops no other. Ctrl-C keeps what is done; the same command goes on from there. Results: docs/batch.md.

    resilience batch "charities/*.toml" --scenario baseline --scenario council_cut_30 --strategy hub_and_dock --out results
    """
    from resilience.batch import batch as run
    from resilience.batch import tasks
    from resilience.scenario import read_scenarios
    from resilience.strategy import read_strategy

    chosen = scenarios or ("baseline",), strategies or ("carry_on",)
    for name in chosen[0]:
        read_scenarios([name])  # a mistake here is one of the command, not of every organisation
    for name in chosen[1]:
        read_strategy(name)
    asked = tasks(orgs, scenarios=chosen[0], strategies=chosen[1], paths=paths, months=months, seed=seed)
    try:
        with progress(len(asked), "Playing organisations") as moved:
            found = run(asked, out, workers=workers or os.cpu_count() or 1, finished=lambda _: moved(1))
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
