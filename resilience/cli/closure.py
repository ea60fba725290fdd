"""`resilience closure`: what closing in order costs, who goes when, and by when to decide."""

from __future__ import annotations

import click

from resilience.cli.terminal import echo, echo_json

SCHEMA = "resilience.closure/1"


@click.command(short_help="Closing in order: who, when, what it costs.")
@click.argument("org")
@click.option(
    "--scenario",
    "-s",
    "scenarios",
    multiple=True,
    metavar="S",
    help="What happens to us; give it again, or A+B, to stack.",
)
@click.option(
    "--month", metavar="YYYY-MM", help="The last people leave by the end of this month.  [default: as soon as can be]"
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/json.md).")
def closure(org: str, scenarios: tuple[str, ...], month: str | None, as_json: bool) -> None:
    """Closing ORG in order: by when to decide, who leaves when, redundancy, holiday, lease, pension, and what is left.

    resilience closure advice_charity --month 2027-04
    """
    from resilience import closure as closing
    from resilience.cli import all_read
    from resilience.exports import as_json as text
    from resilience.exports.document import plain
    from resilience.horizon import parse_month
    from resilience.organisation_file import read_organisation
    from resilience.page.closed import closed
    from resilience.scenario import read_scenarios

    try:
        asked = None if month is None else parse_month(month)
    except ValueError as error:
        raise click.UsageError(f"--month: {error}") from None
    organisation, stacked = all_read(lambda: read_organisation(org), lambda: read_scenarios(scenarios))
    found = closing.closure(organisation, stacked, asked)
    if as_json:
        echo_json(text({"schema": SCHEMA} | plain(vars(found))))
    else:
        echo(closed(found))
