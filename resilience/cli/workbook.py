"""`resilience workbook`: an organisation as a workbook to fill in, and back."""

from __future__ import annotations

from pathlib import Path

import click

from resilience.cli.statuses import Verbs
from resilience.errors import Fault, InputError


@click.group(cls=Verbs, short_help="An organisation as a workbook, and back.")
def workbook() -> None:
    """An organisation as a workbook for Excel or LibreOffice, and back into a file. docs/workbook.md.

    resilience workbook new riverside.xlsx --from advice_charity

    resilience workbook read riverside.xlsx -o riverside.toml
    """


@workbook.command("new", short_help="Write a workbook to fill in.")
@click.argument("file", metavar="F.xlsx")
@click.option("--from", "org", metavar="ORG", help="Filled in with this organisation.")
def new(file: str, org: str | None) -> None:
    """Write F.xlsx to fill in: input cells marked, choices in lists, each field explained."""
    from resilience.exports.folder import Folder
    from resilience.exports.workbook import write_workbook
    from resilience.organisation_file import read_organisation

    at = Path(file)
    if at.suffix.lower() != ".xlsx":
        raise click.UsageError(f"{file}: is not the name of a workbook; end it in .xlsx")
    raw = read_organisation(org).raw if org else {}
    if at.exists():
        raise _taken(file)
    with Folder(at.parent) as target:
        target.write({at.name: lambda part: write_workbook(part, raw)})
    click.echo(f"Written: {file}. Fill it in, then:\n  resilience workbook read {file} -o {at.stem}.toml", err=True)


@workbook.command("read", short_help="Read a filled workbook into a file.")
@click.argument("file", metavar="F.xlsx")
@click.option("-o", "--out", required=True, metavar="NAME.toml", help="The organisation file to write.")
@click.option("--replace", is_flag=True, help="Replace NAME.toml if it is there.")
def read(file: str, out: str, replace: bool) -> None:
    """Read F.xlsx, check it, and write NAME.toml. What is wrong is told by sheet and cell, and nothing is written."""
    from resilience.exports.folder import Folder
    from resilience.exports.toml import organisation_toml
    from resilience.importers import read_workbook

    at = Path(out)
    if at.suffix.lower() != ".toml":
        raise click.UsageError(f"--out {out}: is not the name of an organisation file; end it in .toml")
    if at.exists() and not replace:
        raise _taken(out, ", or add --replace")
    raw = read_workbook(file, lambda said: click.echo(said, err=True))
    text = organisation_toml(raw).encode("utf-8")
    with Folder(at.parent) as target:
        target.write({at.name: lambda part: _write(part, text)})
    click.echo(f"Written: {out}. Next:\n  resilience check {out}\n  resilience project {out}", err=True)


def _write(part: Path, text: bytes) -> None:
    part.write_bytes(text)


def _taken(file: str, more: str = "") -> InputError:
    fix = f"choose another name, or move it away{more}"
    return InputError([Fault(file, "", None, "is there already and is left as it is", fix)])
