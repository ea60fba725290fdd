"""`resilience value`: social value, in three sets, with everything it rests on."""

from __future__ import annotations

import click

from resilience.cli.terminal import echo, echo_json

SCHEMA = "resilience.value/1"


@click.command(short_help="What the work is worth to society: a range.")
@click.argument("org")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/json.md).")
def value(org: str, as_json: bool) -> None:
    """What a year's work of ORG is worth to society: low, central and high, for each pound invested, and what it rests on.

    resilience value riverside.toml
    """
    from resilience.costing.costed import worked
    from resilience.costing.people import served_yearly
    from resilience.exports import as_json as text
    from resilience.exports.document import plain
    from resilience.organisation_file import read_organisation
    from resilience.page.valued import valued
    from resilience.social_value import value as value_of

    organisation = read_organisation(org)
    outcomes = organisation.social_value.outcomes if organisation.social_value else {}
    services = {one.service for one in outcomes.values() if one.service}
    working = worked(organisation)
    docks = {organisation.services[name].dock for name in services}
    people = {
        n: served_yearly(organisation, n)
        if organisation.services[n].dock in working.docks
        else served_yearly(organisation, n) * 0
        for n in services
    }
    full = sum(working.direct(d) + working.overhead(d) for d in docks if d in working.docks)
    found = value_of(organisation, people, full)
    if as_json:
        echo_json(text({"schema": SCHEMA} | plain(vars(found))))
    else:
        echo(valued(found))
