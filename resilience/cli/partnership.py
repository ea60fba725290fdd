"""`resilience partnership`: an assessment as a conversation, and what it does to the answer."""

from __future__ import annotations

import click

from resilience.cli.terminal import echo, echo_json

SCHEMA = "resilience.partnership/1"


@click.command(short_help="An assessment of a partnership, as a conversation.")
@click.argument("file")
@click.option("--org", help="An organisation that has the partnership: what the scores do to its answer.")
@click.option("--name", default="", help="Which of its partnerships, where it has several.")
@click.option("--paths", type=click.IntRange(2, 10**6), default=4_000, show_default=True, help="Futures played.")
@click.option("--months", type=click.IntRange(1, 600), default=60, show_default=True, help="Months played.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of all draws.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/json.md).")
def partnership(file: str, org: str | None, name: str, paths: int, months: int, seed: int, as_json: bool) -> None:
    """Where the parties who have scored a partnership in FILE see it differently, what to talk about, and with --org what it does
    to that organisation's answer.

    resilience partnership advice_alliance

    resilience partnership alliance.toml --org riverside.toml
    """
    from resilience import __version__
    from resilience.assessment import dimensions, goodwill, read_assessment
    from resilience.exports import as_json as text
    from resilience.exports.document import plain
    from resilience.manifest import inputs
    from resilience.organisation_file import read_organisation
    from resilience.page.together import together

    assessment = read_assessment(file)
    found, points, effect = dimensions(assessment.parties), goodwill(assessment.parties), None
    files = {"assessment": (assessment.file, assessment.model_dump(mode="json"))}
    if org:
        from resilience.decisions.goodwill import effect as effect_of

        organisation = read_organisation(org)
        effect = effect_of(organisation, assessment.parties, name, paths, months, seed)
        files["organisation"] = organisation.file, organisation.raw
    came_from = {"version": __version__, "inputs": inputs(files)} | ({"seed": seed, "paths": paths} if org else {})
    if as_json:
        said = {"name": assessment.name, "goodwill": points, "dimensions": found, "answer": effect}
        echo_json(text({"schema": SCHEMA} | plain(said | {"manifest": came_from})))
    else:
        echo(together(assessment.name, points, found, effect, came_from))
