"""`resilience prior`: what the assumptions imply for public money, beside what happened."""

from __future__ import annotations

import click

from resilience.cli.terminal import echo, echo_json

SCHEMA = "resilience.prior/1"


@click.command(short_help="What your odds imply for public money, beside what happened.")
@click.argument("org", required=False)
@click.option("--paths", type=click.IntRange(2, 10**6), default=10_000, show_default=True, help="Futures played.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of all draws.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/json.md).")
def prior(org: str | None, paths: int, seed: int, as_json: bool) -> None:
    """The five-year change of public income that ORG's odds imply (without ORG: the program's defaults), beside what happened.

    resilience prior advice_charity
    """
    from resilience.errors import Fault, InputError
    from resilience.exports import as_json as text
    from resilience.exports.document import plain
    from resilience.organisation_file import read_organisation
    from resilience.page.prior import prior as page
    from resilience.prior import implied

    organisation = read_organisation(org) if org else None
    found = implied(organisation, paths, seed)
    if found is None:
        fix = "leave ORG out for the program's defaults"
        none = (
            "has no stream of a council, the NHS or central government that pays a yearly amount within twelve months"
        )
        raise InputError([Fault(str(org), "streams", None, none, fix)])
    if as_json:
        echo_json(text({"schema": SCHEMA} | plain(vars(found))))
    else:
        echo(page(found))
