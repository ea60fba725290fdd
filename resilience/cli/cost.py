"""`resilience cost`: full cost recovery, under funders' rule sets, with prices and the working of every figure."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import click

from resilience.cli.terminal import echo, echo_json

SCHEMA = "resilience.cost/1"


@click.command(short_help="What services cost in full, and who pays.")
@click.argument("org")
@click.option(
    "--rules", multiple=True, metavar="NAME", help="Beside the file's own rules, a funder's; may be given again."
)
@click.option("--compare", is_flag=True, help="Beside the file's own rules, those of every funder known.")
@click.option("--price", "priced", metavar="SERVICE", help="The price that recovers this service's full cost.")
@click.option(
    "--term", type=click.IntRange(1, 240), metavar="M", help="With --price: months.  [default: of its bid, or 12]"
)
@click.option(
    "--margin", type=click.FloatRange(0, 1), metavar="P", help="With --price: share added to the full cost, like 0.05."
)
@click.option(
    "--uplift",
    type=click.FloatRange(-0.5, 1),
    metavar="R",
    help="With --price: rise each April.  [default: as its terms say]",
)
@click.option("--explain", metavar="SERVICE", help="How this service's figures came about: line, pool, driver, share.")
@click.option("--xlsx", metavar="FILE", help="Write the working as a workbook with live formulas.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/json.md).")
def cost(
    org: str, rules: tuple[str, ...], compare: bool, explain: str | None, xlsx: str | None, as_json: bool, **asked: Any
) -> None:
    """What each service of ORG costs in full, what of it is recovered, who pays the rest.

    resilience cost advice_charity --compare --price debt_advice --term 36 --margin 0.05
    """
    from resilience.cli import all_read
    from resilience.costing.compared import compare as compared
    from resilience.costing.costed import told, worked
    from resilience.costing.items import docks_at_work
    from resilience.costing.price import named, price
    from resilience.costing.ranges import ranged
    from resilience.costing.rules import OWN, names, rule_sets
    from resilience.costing.steps import break_points, ended, hours
    from resilience.exports import as_json as text
    from resilience.exports.document import plain
    from resilience.organisation_file import read_organisation
    from resilience.page.costed import costed, explained

    _nothing_in_vain(asked, explain is not None and not as_json and bool(rules or compare or asked["priced"]))
    organisation, chosen = all_read(
        lambda: read_organisation(org), lambda: rule_sets(names() if compare else [OWN, *rules] if rules else [])
    )
    wanted = [
        (name, option) for name, option in ((asked["priced"], "--price"), (explain, "--explain")) if name is not None
    ]
    docks = all_read(*(lambda n=n, o=o: named(organisation, n, o) for n, o in wanted))
    working = worked(organisation, [d for d in docks if d not in docks_at_work(organisation)])
    found = told(working)
    under, spreads = compared(working, chosen) if chosen else ([], [])
    at = None
    if asked["priced"] is not None:
        margin, uplift = (None if x is None else Fraction(str(x)) for x in (asked["margin"], asked["uplift"]))
        at = price(organisation, docks[0], asked["term"], margin or Fraction(0), uplift)
    if xlsx is not None:
        _write(xlsx, working)
    reach = ranged(organisation, [d for d in docks if d not in docks_at_work(organisation)])
    steps, an_hour, gone = break_points(working), hours(working), ended(working)
    if as_json:
        more = {
            "rules": under,
            "spread": spreads,
            "price": at,
            "break_points": steps,
            "an_hour": an_hour,
            "ended": gone,
            "ranges": reach,
        }
        echo_json(text({"schema": SCHEMA} | plain(vars(found) | more)))
    elif explain is not None:
        echo(explained(found, docks[-1]))
    else:
        echo(costed(found, steps, an_hour, gone, under, spreads, at, reach))


def _nothing_in_vain(asked: dict[str, Any], hidden: bool) -> None:
    """Terms of a price do nothing without one; the working is shown alone."""
    if hidden:
        raise click.UsageError("--explain shows the working alone; leave out --rules, --compare and --price")
    typed = [f"--{k}" for k in ("term", "margin", "uplift") if asked[k] is not None]
    if asked["priced"] is None and typed:
        raise click.UsageError(f"{' and '.join(typed)} would do nothing; add --price SERVICE")


def _write(file: str, working: Any) -> None:
    """Writes the workbook, whole or not at all."""
    from pathlib import Path

    from resilience.exports.cost_workbook import write_workbook
    from resilience.exports.folder import Folder

    at = Path(file)
    if at.suffix.lower() != ".xlsx":
        raise click.UsageError(f"--xlsx {file}: is not the name of a workbook; end it in .xlsx")
    with Folder(at.parent) as target:
        target.write({at.name: lambda part: write_workbook(part, working)})
    click.echo(f"Written: {file}", err=True)
