"""`resilience portfolio`: many organisations on the same futures."""

from __future__ import annotations

import os
from pathlib import Path

import click

from resilience.cli.statuses import INPUT, SOME_FAILED
from resilience.cli.terminal import echo, echo_json, progress

SCHEMA = "resilience.portfolio/1"


@click.command(short_help="Who fails together, whose withdrawal does most harm.")
@click.argument("orgs", nargs=-1, required=True, metavar="DIR|ORG...")
@click.option(
    "--scenario", "-s", "scenarios", multiple=True, metavar="S", help="What happens to all; A+B, or again, stacks."
)
@click.option("--strategy", "-m", default="carry_on", show_default=True, metavar="S", help="What each management does.")
@click.option(
    "--paths", type=click.IntRange(2, 10**6), default=1000, show_default=True, help="Futures, the same for all."
)
@click.option("--months", type=click.IntRange(1, 600), default=60, show_default=True, help="Months played.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of all draws.")
@click.option(
    "--payers",
    type=click.IntRange(0, 1000),
    default=20,
    show_default=True,
    help="How many payers' withdrawal is tried.",
)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes.  [default: one a processor]")
@click.option("--anonymous", "hide", is_flag=True, help="Name no organisation, and show no group of fewer than five.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/json.md).")
def portfolio(
    orgs: tuple[str, ...],
    scenarios: tuple[str, ...],
    strategy: str,
    paths: int,
    months: int,
    seed: int,
    payers: int,
    workers: int | None,
    hide: bool,
    as_json: bool,
) -> int:
    """Plays every organisation of a folder (or files, patterns in quotes, shipped names) on the same futures: what is national and what
    befalls a payer is shared. How many fail together, which payer's withdrawal does most harm, who is left unserved.

    resilience portfolio charities --scenario council_cut_30 --anonymous
    """
    from resilience.batch import tasks
    from resilience.exports import as_json as text
    from resilience.exports.document import plain
    from resilience.portfolio import LEAST, Asked, anonymous
    from resilience.portfolio import portfolio as played
    from resilience.scenario import read_scenarios
    from resilience.strategy import read_strategy

    files = [task.file for task in tasks([_pattern(one) for one in orgs])]
    scenario = "+".join(scenarios) or "baseline"
    read_scenarios([scenario])
    read_strategy(strategy)
    asked = Asked(scenario, strategy, paths, months, seed, payers)
    with progress(len(files), "Playing organisations", "a second") as moved:
        found = played(files, asked, workers or os.cpu_count() or 1, moved)
    hidden = anonymous(found) if hide else None
    if hide and hidden is None:
        click.echo(f"Fewer than {LEAST} organisations: nothing can be said of them without naming them.", err=True)
        return INPUT
    for _, faults in found.failed:
        for fault in faults:
            click.echo(fault, err=True)
    if as_json:
        shown = plain(vars(hidden or found))
        echo_json(text({"schema": SCHEMA, "anonymous": hide} | shown))
    else:
        from resilience.page import portfolio as pages

        echo(pages.anonymous(hidden, LEAST) if hidden else pages.portfolio(found))
    return SOME_FAILED if found.failed else 0


def _pattern(one: str) -> str:
    """Of a folder, its organisation files."""
    return str(Path(one) / "*.toml") if Path(one).is_dir() else one
