"""`resilience scenarios`, `strategies` and `explain`: what is shipped, in words, and what scenarios do to an organisation."""

from __future__ import annotations

import click

from resilience.cli.terminal import echo, echo_json
from resilience.shipped import EXAMPLE

SCHEMA = "resilience.scenarios/1"
STRATEGIES = "resilience.strategies/1"


@click.command(short_help="The shipped scenarios, in words.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/json.md).")
def scenarios(as_json: bool) -> None:
    """The shipped policy scenarios: name, what each does, which way, and what it rests on."""
    from resilience.explanation import described
    from resilience.exports import as_json as text
    from resilience.page.explained import scenario_list
    from resilience.scenario import read_scenario
    from resilience.shipped import names

    found = [{"name": name} | described(read_scenario(name)) for name in names("policy")]
    if as_json:
        echo_json(text({"schema": SCHEMA, "scenarios": found}))
    else:
        echo(scenario_list(found))


@click.command(short_help="The shipped strategies, or yours, in words.")
@click.argument("strategy", nargs=-1, metavar="[STRATEGY...]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/json.md).")
def strategies(strategy: tuple[str, ...], as_json: bool) -> None:
    """What management does under each strategy, rule by rule; STRATEGY: a shipped name or a file, all shipped ones if none.

    resilience strategies hub_and_dock ours.toml
    """
    from functools import partial

    from resilience.cli import all_read
    from resilience.exports import as_json as text
    from resilience.page.explained import strategy_list
    from resilience.shipped import names
    from resilience.strategy import read_strategy
    from resilience.words.strategies import rules

    asked = strategy or tuple(names("strategies"))
    read = all_read(*(partial(read_strategy, one) for one in asked))
    found = [
        {"name": name, "title": one.name, "why": one.why, "rules": rules(one), "source": one.source}
        for name, one in zip(asked, read, strict=True)
    ]
    if as_json:
        echo_json(text({"schema": STRATEGIES, "strategies": found}))
    else:
        echo(strategy_list(found))


@click.command(short_help="What scenarios change, beside the file alone.")
@click.argument("scenario", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--org", metavar="ORG", default=EXAMPLE, show_default=True, help="The organisation.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/json.md).")
def explain(scenario: tuple[str, ...], org: str, as_json: bool) -> None:
    """What scenarios change in ORG, stacked in the order given: figures before and after, and dated shocks.

    resilience explain late_payment council_cut_30 --org riverside.toml
    """
    from resilience.cli import all_read
    from resilience.explanation import explained
    from resilience.exports import as_json as text
    from resilience.exports.document import plain
    from resilience.organisation_file import read_organisation
    from resilience.page.explained import explanation
    from resilience.scenario import read_scenarios

    organisation, stack = all_read(lambda: read_organisation(org), lambda: read_scenarios(scenario))
    found = explained(organisation, stack)
    if as_json:
        echo_json(text(plain(found.as_dict())))
    else:
        echo(explanation(found))
