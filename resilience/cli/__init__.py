"""The verbs a finance officer types. What a verb needs is imported when used, so that `--help` answers at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from resilience import __version__
from resilience.cli.batch import batch
from resilience.cli.closure import closure
from resilience.cli.cost import cost
from resilience.cli.dashboard import dashboard
from resilience.cli.new import new
from resilience.cli.partnership import partnership
from resilience.cli.portfolio import portfolio
from resilience.cli.prior import prior
from resilience.cli.scenarios import explain
from resilience.cli.scenarios import scenarios as scenario_list
from resilience.cli.scenarios import strategies as strategy_list
from resilience.cli.statuses import INPUT, SOME_FAILED, Verbs
from resilience.cli.terminal import COMPILING, ascii_only, echo, echo_json, progress, replays, to_be_compiled
from resilience.cli.value import value
from resilience.cli.workbook import workbook
from resilience.errors import InputError
from resilience.shipped import EXAMPLE

if TYPE_CHECKING:
    from resilience.projection import Projection

WARMED_ON = "small_bids"
HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=Verbs, context_settings=HELP)
@click.version_option(__version__, message="resilience %(version)s")
def cli() -> None:
    """How long a charity's money lasts, how sure that is, and what a decision changes.

    ORG, a scenario and a strategy are each the name of a shipped one or the path of a file.
    """


def main() -> None:
    """The program `resilience`."""
    cli(prog_name="resilience")


def run_options(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every verb that plays futures."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/json.md)."),
        click.option("--todays-pounds", is_flag=True, help="Money in the pounds of the month before the first."),
        click.option("--no-chance", is_flag=True, help="Switch every source of chance off: one future."),
        click.option("--wider", is_flag=True, help="Widen every range by half: our ranges are too narrow."),
        click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of all draws."),
        click.option("--months", type=click.IntRange(1, 600), default=60, show_default=True, help="Months played."),
        click.option(
            "--paths", type=click.IntRange(1, 10**7), default=10_000, show_default=True, help="Futures played."
        ),
    ):
        verb = option(verb)
    return verb


SCENARIO = ("--scenario", "-s", "scenarios")


def _only_one(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> str:
    """The one strategy of a projection; several are alternatives, which `compare` takes."""
    if len(values) > 1:
        raise click.UsageError("one strategy is played at a time; `resilience compare` takes several")
    return values[0]


@cli.command(short_help="How ORG's futures end: the first answer.")
@click.argument("org")
@click.option(*SCENARIO, multiple=True, metavar="S", help="What happens to us; give it again, or A+B, to stack.")
@click.option(
    "--strategy",
    metavar="S",
    multiple=True,
    default=("carry_on",),
    show_default="carry_on",
    callback=_only_one,
    help="What management does.",
)
@run_options
@click.option("--out", metavar="DIR", help="Write JSON, CSV and Parquet tables into this folder.")
@click.option("--keep-paths", is_flag=True, help="With --out: every account by path and month too.")
@click.option("--path", "path", type=click.IntRange(min=0), metavar="K", help="Tell future K month by month, from 0.")
@click.option("--assumptions", is_flag=True, help="List every figure with its source.")
def project(org: str, scenarios: tuple[str, ...], strategy: str, path: int | None, **options: Any) -> None:
    """Play ORG's futures and say how they end.

    resilience project advice_charity --scenario council_cut_30 --strategy hub_and_dock
    """
    _no_option_in_vain(options)
    if options["assumptions"] and (options["as_json"] or path is not None):
        raise click.UsageError("--assumptions belongs to the printed answer; leave out --json and --path")
    if options["keep_paths"] and not options["out"]:
        raise click.UsageError("--keep-paths writes files; add --out DIR, the folder to write them into")
    if path is not None:
        if options["as_json"] or options["out"]:
            raise click.UsageError("--path tells one future in words; leave out --json and --out")
        if options["todays_pounds"]:
            raise click.UsageError("--path tells one future in pounds of the day; leave out --todays-pounds")
        return _tell(org, scenarios, strategy, path, options)
    _answer(_played(org, scenarios, strategy, options), options)
    return None


def _no_option_in_vain(options: dict[str, Any]) -> None:
    """Without chance there is one future, the same for every seed and width: --paths, --seed, --wider would do nothing."""
    context = click.get_current_context()
    typed = [
        f"--{k}" for k in ("paths", "seed", "wider") if context.get_parameter_source(k) is ParameterSource.COMMANDLINE
    ]
    if options["no_chance"] and typed:
        raise click.UsageError(f"--no-chance plays one future, whatever the seed; leave out {' and '.join(typed)}")


@cli.command(short_help="The first answer for a shipped advice charity.")
def demo() -> None:
    """The first answer for a shipped advice charity, and the next thing to try."""
    click.get_current_context().invoke(project, org=EXAMPLE, strategy="carry_on")
    click.echo(
        "\nNext, one of\n  resilience project advice_charity --scenario council_cut_30\n"
        "  resilience compare advice_charity --strategy carry_on --strategy hub_and_dock\n"
        "  resilience new NAME        asks for your own figures and writes NAME.toml"
    )


def _read(org: str, scenarios: Sequence[str], strategy: str) -> tuple[Any, Any, Any]:
    """Organisation, scenarios and strategy; what is wrong with any of them is said of all."""
    from resilience.organisation_file import read_organisation
    from resilience.scenario import read_scenarios
    from resilience.strategy import read_strategy

    return tuple(
        all_read(lambda: read_organisation(org), lambda: read_scenarios(scenarios), lambda: read_strategy(strategy))
    )


def all_read(*readers: Callable[[], Any]) -> list[Any]:
    """What each reader gives. Raises one InputError with the faults of all of them."""
    found: list[Any] = []
    faults: list[Any] = []
    for reader in readers:
        try:
            found.append(reader())
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(dict.fromkeys(faults))
    return found


def _played(org: str, scenarios: Sequence[str], strategy: str, options: dict[str, Any], **extra: Any) -> Projection:
    from resilience.projection import project as play

    organisation, stacked, chosen = _read(org, scenarios, strategy)
    sizes = {name: options[name] for name in ("paths", "months", "seed")}
    with progress(options["paths"], "Playing futures") as moved:
        return play(
            organisation,
            stacked,
            chosen,
            **sizes,
            chance=False if options["no_chance"] else None,
            wider=options["wider"] or None,
            keep_paths=options.get("keep_paths", False),
            todays_pounds=options["todays_pounds"],
            progress=moved,
            **extra,
        )


def _answer(projection: Projection, options: dict[str, Any]) -> None:
    """Prints the answer, the first part before the replays that ask why; writes the files."""
    from resilience import exports
    from resilience.decisions.more_cash import more_cash
    from resilience.first_answer import first_answer
    from resilience.page import page
    from resilience.why import alone, drivers, why

    @cache
    def causes() -> Any:
        with replays("Asking why") as moved:
            return why(projection, progress=moved)

    @cache
    def moving() -> Any:
        with replays("Asking what it rests on") as moved:
            return drivers(projection, progress=moved)

    @cache
    def nobody_knows() -> Any:
        with replays("Asking what nobody knows does") as moved:
            return alone(projection, progress=moved)

    first, richer = cache(lambda: first_answer(projection)), cache(lambda: more_cash(projection))
    if not options["as_json"]:
        shown = {"every_assumption": options["assumptions"], "ascii_only": ascii_only()}
        parts = page(projection, first, causes, moving, alone=nobody_knows, more_cash=richer, **shown)
        for i, part in enumerate(parts):
            click.echo(f"\n{part}" if i else part)
    if options["as_json"] or options["out"]:
        found = exports.document(projection, causes(), moving(), first(), nobody_knows(), richer())
    if options["out"]:
        files = exports.write(projection, options["out"], options["keep_paths"], found)
        click.echo(f"Written into {options['out']}: {', '.join(file.name for file in files)}", err=True)
    if options["as_json"]:
        echo_json(exports.as_json(found))


def _tell(org: str, scenarios: Sequence[str], strategy: str, path: int, options: dict[str, Any]) -> None:
    """One future in words: --path K."""
    from resilience.page import told

    if path >= options["paths"]:
        raise click.UsageError(f"--path {path} is not among {options['paths']:,} futures; they are numbered from 0")
    echo(told(_played(org, scenarios, strategy, options, only=[path], log=True)))


@cli.command(short_help="The difference that scenarios or strategies make.")
@click.argument("org")
@click.option(*SCENARIO, multiple=True, metavar="S", help="An alternative; A+B stacks. Two of these,")
@click.option(
    "--strategy",
    "strategies",
    multiple=True,
    metavar="S",
    help="or two of these; one alone is compared with carrying on.",
)
@click.option(
    "--structure",
    "structures",
    multiple=True,
    type=click.Choice(["hub-and-dock", "conventional"]),
    help="How services are staffed: as the file says, or by permanent staff only. Without --strategy each is managed as goes with it.",
)
@run_options
def compare(
    org: str, scenarios: tuple[str, ...], strategies: tuple[str, ...], structures: tuple[str, ...], **options: Any
) -> None:
    """The difference that scenarios, strategies or structures make, in the same futures.

    resilience compare advice_charity --scenario baseline --scenario council_cut_30+late_payment

    resilience compare advice_charity --structure hub-and-dock --structure conventional
    """
    from resilience.exports import as_json
    from resilience.organisation_file import read_organisation
    from resilience.scenario import read_scenarios
    from resilience.strategy import read_strategy

    _no_option_in_vain(options)
    if not scenarios and not strategies and not structures:
        raise click.UsageError(
            "needs alternatives: --scenario A --scenario B, or --strategy A --strategy B, or --structure conventional"
        )
    readers: list[Callable[[], Any]] = [lambda: read_organisation(org)]
    readers += [partial(read_scenarios, [one]) for one in scenarios] + [
        partial(read_strategy, one) for one in strategies
    ]
    organisation, *found = all_read(*readers)
    from resilience.decisions.compare import compare as compared
    from resilience.page import comparison

    sizes = {name: options[name] for name in ("paths", "months", "seed")}
    number = max(2, max(1, len(scenarios)) * max(1, len(strategies)) * max(1, len(structures)))
    with progress(number * options["paths"], "Playing futures") as moved:
        try:
            result = compared(
                organisation,
                scenarios=found[: len(scenarios)],
                strategies=found[len(scenarios) :],
                structures=structures,
                **sizes,
                chance=False if options["no_chance"] else None,
                wider=options["wider"] or None,
                progress=moved,
                todays_pounds=options["todays_pounds"],
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    if options["as_json"]:
        echo_json(as_json(result.as_dict()))
    else:
        echo(comparison(result))


@cli.command(short_help="Every fault of a file, and what it leans on.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(files: tuple[str, ...]) -> int:
    """Every fault of each FILE at once; whether it adds up to last year; every default it leans on."""
    from resilience.page import checked

    failed = 0
    for file in files:
        try:
            echo(checked(file, whole=len(files) == 1))
        except InputError as error:
            failed += 1
            click.echo(str(error), err=True)
    if len(files) > 1:
        click.echo(f"{len(files) - failed} of {len(files)} files are without fault, {failed} failed.")
    return 0 if not failed else INPUT if failed == len(files) else SOME_FAILED


@cli.command(short_help="The JSON Schema of an organisation's file.")
def schema() -> None:
    """The JSON Schema of an organisation's file: every field with unit, class and default."""
    import json

    from resilience.organisation_file import json_schema

    echo_json(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")


@cli.command(short_help="The simulator against an exact engine.")
@click.option("--paths", type=click.IntRange(100, 10**6), default=20_000, show_default=True, help="Futures played.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of all draws.")
def verify(paths: int, seed: int) -> int:
    """The simulator against an independent exact engine, on small shipped organisations."""
    from resilience import verify as verifying
    from resilience.page import verified

    checks = verifying.verify(paths, seed)
    echo(verified(checks, verifying.Z_LIMIT))
    return 0 if verifying.all_well(checks) else SOME_FAILED


@cli.command(hidden=True)
def warm() -> None:
    """Compile the engine, so that every later run starts at once."""
    import time

    from resilience.compiled import cache_folder
    from resilience.organisation_file import read_organisation
    from resilience.strategy import read_strategy

    folder = cache_folder()
    before = set(folder.glob("**/*.nb?")) if folder else set()
    if to_be_compiled():
        echo(COMPILING)
    started = time.monotonic()
    from resilience.projection import project as play

    for strategy in ("carry_on", "hub_and_dock"):
        play(read_organisation(WARMED_ON), strategy=read_strategy(strategy), paths=4, months=12).measure("spendable")
    if folder and before == set(folder.glob("**/*.nb?")):
        click.echo("The engine is already compiled.")
    else:
        click.echo(f"Compiled in {time.monotonic() - started:.0f} seconds.")


cli.add_command(new)
cli.add_command(dashboard)
cli.add_command(closure)
cli.add_command(cost)
cli.add_command(value)
cli.add_command(batch)
cli.add_command(portfolio)
cli.add_command(partnership)
cli.add_command(prior)
cli.add_command(workbook)
cli.add_command(scenario_list)
cli.add_command(strategy_list)
cli.add_command(explain)
