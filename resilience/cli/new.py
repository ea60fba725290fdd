"""`resilience new`: a flag for every question of the first file, and the verb itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from resilience.cli.terminal import ascii_only, echo
from resilience.errors import InputError

QUESTIONS = {
    "called": "Name of the organisation.",
    "first-month": "First month played, such as 2026-04.",
    "nation": "England, Wales, Scotland or Northern Ireland.",
    "year-end": "Last month of the financial year.",
    "last-income": "Last year's income.",
    "last-spending": "Last year's spending.",
    "bank": "In the bank, all of it.",
    "restricted": "Of which restricted to a purpose.",
    "owed": "Owed to you.",
    "reserves": "Reserves policy: months of spending.",
    "other-income": "All income of funders not named.",
    "hub-people": "People in the centre.",
    "hub-full-time": "The same as full-time equivalents.",
    "hub-pay": "Their pay together, a year.",
    "hub-service": "Their average whole years of service.",
    "hub-costs": "All other costs, a year.",
    "pension": "Final-salary scheme: no, its exit debt, or don't know.",
    "lease-until": "Last month of the lease.",
    "lease-yearly": "Rent a year.",
    "building": "A building's value in the books, or no.",
}


def question_options(verb: Callable[..., Any]) -> Callable[..., Any]:
    """A flag for every question of the first file."""
    for name, words in reversed(QUESTIONS.items()):
        verb = click.option(f"--{name}", help=words)(verb)
    verb = click.option(
        "--team",
        multiple=True,
        metavar="TEXT",
        help='"name=Advice, people=3, pay_bill=84000, service=4, funded_by=City Council"; again for each.',
    )(verb)
    return click.option(
        "--funder",
        multiple=True,
        metavar="TEXT",
        help='"name=City Council, kind=local authority, yearly=120000, until=2028-03, renewal=7 in 10"; again for each',
    )(verb)


def _listen(question: str) -> str:
    from resilience.page.layout import to_ascii

    return input(to_ascii(question) if ascii_only() else question)


@click.command(short_help="Ask for your figures and write NAME.toml.")
@click.argument("name")
@question_options
def new(name: str, **given: Any) -> None:
    """Ask for about thirty figures and write NAME.toml; a flag answers a question beforehand."""
    import tomllib
    from pathlib import Path

    from resilience.errors import Fault
    from resilience.exports.folder import write_new
    from resilience.first_file import Asker, as_toml, figures, file_name
    from resilience.organisation_file import organisation_from

    try:
        file = file_name(name)
    except ValueError as error:
        raise InputError([Fault(name, "", None, "is no name for a file", str(error))]) from None
    taken = InputError(
        [Fault(file, "", None, "is there already and is left as it is", "choose another name, or move it away")]
    )
    if Path(file).exists():
        raise taken
    click.echo("About thirty figures, fifteen minutes. Enter takes what stands in [brackets]; don't know is an answer.")
    text = as_toml(figures(Asker(given, _listen, echo), name))
    try:
        write_new(Path(file), text)
    except FileExistsError:
        raise taken from None
    try:
        organisation_from(tomllib.loads(text), file)
    except InputError:
        click.echo(f"Your answers are kept in {file}, but they do not fit together yet:", err=True)
        raise
    click.echo(f"Written: {file}. Next:\n  resilience check {file}\n  resilience project {file}")
