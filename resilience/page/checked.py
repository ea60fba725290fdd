"""A file that has no fault: does it add up to last year, and what does it lean on? `resilience check`."""

from __future__ import annotations

from typing import Any

from resilience import words
from resilience.assessment import assessment_from
from resilience.organisation import Organisation
from resilience.organisation_file import organisation_from
from resilience.page.layout import columns, section, wrapped
from resilience.page.register import every_one
from resilience.reading import read_toml
from resilience.reconcile import NOTICED, Line, reconcile
from resilience.scenario import scenario_from
from resilience.shipped import Kind, locate, shipped
from resilience.strategy import strategy_from

OF_AN_ORGANISATION = {"first_month", "opening", "streams", "hub", "docks", "bids"}
OF_A_STRATEGY = {"rules", "hope", "bidding", "ready"}
KINDS: tuple[Kind, ...] = ("organisations", "partnerships", "policy", "strategies")


def checked(name_or_path: str, whole: bool = True) -> str:
    """What is said of a file without fault; whole: all, else a line and what to look at. Raises InputError."""
    kind: Kind = next((kind for kind in KINDS if shipped(kind, name_or_path)), "organisations")
    path = locate(kind, name_or_path)
    raw = read_toml(path)
    if OF_AN_ORGANISATION.isdisjoint(raw) and {"why", "parties", "shocks", "changes", *OF_A_STRATEGY} & raw.keys():
        return _other(raw, str(path))
    organisation = organisation_from(raw, str(path))
    lines = reconcile(organisation)
    alarms = [words.alarm(line) for line in lines if line.noticed]
    if not whole:
        return "\n".join([f"{path}: no fault", *(wrapped(f"  {text}") for text in (*alarms, *organisation.warnings))])
    parts = [
        "\n".join(map(wrapped, [*alarms, f"{path}: {organisation.name}: no fault"])),
        section("Its first twelve months, without chance, beside last year", _reconciled(lines)),
        section("To look at", organisation.warnings),
        *_defaults(organisation),
    ]
    return "\n\n".join(part for part in parts if part)


def _other(raw: dict[str, Any], file: str) -> str:
    """A scenario, a strategy or an assessment."""
    found: Any
    if "parties" in raw:
        found = assessment_from(raw, file)
    else:
        found = strategy_from(raw, file) if OF_A_STRATEGY & raw.keys() else scenario_from(raw, file)
    return f"{file}: {found.name}: no fault"


def _reconciled(lines: list[Line]) -> list[str]:
    if any(line.last_year is None for line in lines):
        amounts = ", ".join(f"{line.name} {words.money(line.file)}" for line in lines)
        return [
            f"{words.sentence(amounts)} The file gives no last year to compare with: add",
            "  [last_year]",
            "  income = …",
            "  spending = …",
        ]
    rows = [["", "the file", "last year", "apart"]]
    rows += [
        [
            line.name,
            words.money(line.file),
            words.money(line.last_year or 0),
            "" if line.gap is None else f"{100 * line.gap:+.1f} %".replace("-", "−"),
        ]
        for line in lines
    ]
    return [*columns(rows), f"A gap above {100 * NOTICED:.0f} % is said first."]


def _defaults(organisation: Organisation) -> list[str]:
    """The defaults with class and source, and what was not entered."""
    defaults = [one for one in organisation.register if not one.given]
    used = [one for one in defaults if one.value is not None]
    missing = [one.place for one in defaults if one.value is None and one.place.startswith("closing.")]
    said = [
        f"{len(organisation.register) - len(defaults)} figures are yours; {len(used)} are defaults of the program:",
        *every_one(used),
    ]
    said += [f"Not entered, so not counted in what closing would cost: {', '.join(missing)}."] if missing else []
    return [section("What it leans on", said)]
