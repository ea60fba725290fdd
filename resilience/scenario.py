"""Policy scenarios: what happens to an organisation, as dated shocks and changes of its figures. They stack.

resilience project riverside.toml --scenario council_cut_30+late_payment
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from resilience.assumptions import as_written
from resilience.chance import with_odds
from resilience.distributions import DONT_KNOW, parse_probability
from resilience.errors import Fault, InputError, did_you_mean, place
from resilience.fields import Record
from resilience.horizon import Horizon, Month
from resilience.organisation import Organisation, Rise, Shock
from resilience.organisation_file import copied, organisation_from
from resilience.organisation_rules import idle
from resilience.ranges import each_point, is_range
from resilience.scenario_file import (
    NEXT_APRIL,
    SELECTORS,
    Change,
    Cut,
    Lines,
    Scenario,
    Selector,
    items_of,
    read_scenario,
    read_scenarios,
    scenario_from,
)

__all__ = ["NEXT_APRIL", "SELECTORS", "Change", "Cut", "Lines", "Scenario", "Selector", "Stack", "apply"]
__all__ += ["read_scenario", "read_scenarios", "scenario_from", "stacked"]


def apply(organisation: Organisation, scenarios: Sequence[Scenario]) -> Organisation:
    """The organisation under the scenarios, in order: the figures of its file changed, checked and completed again.

    Adds the dated cuts to `shocks`, the names to `overlays`, and to `warnings` what touches nothing and what two
    scenarios change. Raises InputError, naming the scenario's file, if a change makes nonsense of the organisation.
    """
    return stacked(organisation, scenarios).result() if scenarios else organisation


def stacked(organisation: Organisation, scenarios: Sequence[Scenario]) -> Stack:
    """As `apply`; with what was changed by which, where they meet and what touches nothing."""
    stack = Stack(organisation)
    for scenario in scenarios:
        stack.add(scenario)
    return stack


class Stack:
    """An organisation with the scenarios added so far.

    changed: the scenarios that changed a place, in their order; meets and idle: sentences on places that two change, and
    on what touches nothing; both stand among the warnings too.
    """

    def __init__(self, organisation: Organisation) -> None:
        self.before = self._now = organisation
        self._stale = False
        self.raw = copied(organisation.raw)
        self.shocks, self.rises = list(organisation.shocks), list(organisation.rises)
        self.overlays = list(organisation.overlays)
        self.applied: list[tuple[str, dict[str, Any]]] = []
        self.warnings = [one for one in organisation.warnings if one not in organisation._of_file]  # these may change
        self.meets: list[str] = []
        self.idle: list[str] = []
        self.changed: dict[str, list[Scenario]] = {}
        self.shocked: dict[str, Scenario] = {}

    @property
    def now(self) -> Organisation:
        """The organisation as changed so far: later changes start from its defaults. What is wrong with it is said by `add`."""
        if self._stale:
            self._stale = False
            with suppress(InputError):
                self._now = organisation_from(self.raw, self.before.file)
        return self._now

    def add(self, scenario: Scenario) -> None:
        for i, shock in enumerate(scenario.shocks):
            self._shock(scenario, i, shock)
        for i, change in enumerate(scenario.changes):
            self._change(scenario, i, change)
        if scenario.changes:
            try:
                self._now, self._stale = organisation_from(self.raw, self.before.file), False
            except InputError as error:
                raise InputError(_of_scenario(scenario, error)) from None
        self.overlays.append(scenario.name)
        self.applied.append((scenario.file, scenario.model_dump()))

    def result(self) -> Organisation:
        made = self.now.model_copy()  # which may be the organisation as it was before
        by = dict(self.before._changed)  # of scenarios applied earlier
        by |= {key: (f"changed by the scenario {them[-1].name}", them[-1].source) for key, them in self.changed.items()}
        made._changed, before = by, made._register
        made._register = cache(
            lambda: tuple(one if (said := _of_place(by, one.place)) is None else _noted(one, *said) for one in before())
        )
        made._warnings = tuple(dict.fromkeys((*made.warnings, *self.warnings)))
        made._shocks, made._rises, made._overlays = tuple(self.shocks), tuple(self.rises), tuple(self.overlays)
        made._scenarios, made._as_read = (*self.before.scenarios, *self.applied), self.before.as_read
        return made

    def _shock(self, scenario: Scenario, i: int, cut: Cut) -> None:
        first = self.before.first_month
        starts = Horizon(first, 1).next_april() if cut.starts == NEXT_APRIL else cut.starts
        until = starts + (cut.until - 1) if isinstance(cut.until, int) else cut.until
        where = f"scenario {scenario.name}, shocks[{i + 1}]"
        if starts < first:
            return self._says(self.idle, f"{where}: lies before the first month, {first}; left out")
        if until is not None and until < starts:
            fix = f"write a month from {starts} on, or leave until out"
            raise InputError(
                [Fault(scenario.file, place(("shocks", i, "until")), str(until), "lies before it begins", fix)]
            )
        what = "streams" if cut.streams is not None else "costs" if cut.costs is not None else "services"
        selector: Lines = getattr(cut, what)
        found = selector.chosen(self.now, what)
        for keys in found:
            if what == "streams":
                told = starts - (int(cut.notice or 0) + 1)
                self.shocks.append(
                    Shock(keys[-1], float(cut.depth or -(cut.rise or 0)), starts, told, scenario.name, until)
                )
                self._meet(place(keys), scenario, where)
            else:
                self.rises.append(Rise(place(keys), float(cut.rise or 0), starts, until, scenario.name))
                self._meet(place(keys), scenario, where)
        if not found:
            names = [name for _, name, _, _ in items_of(self.now, what)]
            noun = {"streams": "stream", "costs": "cost", "services": "service"}[what]
            self._says(self.idle, f"{where}: touches no {noun} of {self.before.name}{_guess(selector, names)}")
        return None

    def _says(self, among: list[str], text: str) -> None:
        among.append(text)
        self.warnings.append(text)

    def _meet(self, address: str, scenario: Scenario, where: str) -> None:
        """Says that an earlier scenario shocks this too."""
        earlier = self.shocked.setdefault(address, scenario)
        if earlier is not scenario:
            self._says(self.meets, f"{where}: {earlier.name} moves {address} too; both count")

    def _change(self, scenario: Scenario, i: int, change: Change) -> None:
        where = f"scenario {scenario.name}, changes[{i + 1}]"
        path, touched, names = change.name.split("."), False, []
        meant = set(change.where.chosen(self.now, change.what)) if change.where.largest else None
        for keys, name, dock, item in items_of(self.now, change.what):
            names.append(name)
            table = _written(self.raw, keys)
            ignored = idle(table, stream=change.what == "streams") if change.what in ("streams", "bids") else {}
            fits = change.where.fits(name, dock, item) if meant is None else keys in meant
            if not fits or path[0] in ignored or not _has(item, path):
                continue
            touched, there = True, place((*keys, *path))
            if change.what == "posts" and path == ["kind"] and (held := getattr(item, "heads", 0)):
                self.warnings.append(
                    f"{where}: changes {there} of {held} in post: in law their dismissal, with its cost and notice, which is not "
                    "counted; vacancies_go_to changes a post when it falls vacant"
                )
            try:
                _set(table, path, _new(change, table, item, path, self.before.first_month))
            except ValueError as fault:
                problem, _, fix = str(fault).partition("; ")
                raise InputError(
                    [Fault(scenario.file, place(("changes", i)), None, f"{there} {problem}", fix)]
                ) from None
            by = self.changed.setdefault(there, [])
            if by and by[-1] is not scenario:
                how = "it starts from there" if change.to is None and change.years is None else "its value holds"
                self._says(self.meets, f"{where}: changes {there}, which {by[-1].name} has changed; {how}")
            by.append(scenario)
        if not touched:
            self._says(self.idle, f"{where}: touches nothing of {self.before.name}{_guess(change.where, names)}")
            return
        self._stale = True


def _of_place(changed: dict[str, tuple[str, str]], address: str) -> tuple[str, str] | None:
    """(note, source) of whatever changed the figure at an address, or the table in which it stands."""
    parts = address.split(".")
    return next((one for n in range(len(parts), 0, -1) if (one := changed.get(".".join(parts[:n])))), None)


def _noted(one: Any, note: str, source: str) -> Any:
    return replace(one, note=note, source=source)


def _of_scenario(scenario: Scenario, error: InputError) -> Iterator[Fault]:
    for fault in error.faults:
        said = str(Fault("", "", fault.value_text, fault.problem, ""))
        yield Fault(scenario.file, "", None, f"makes {fault.place or 'the organisation'} wrong: {said}", fault.fix)


def _guess(selector: Lines, names: Any) -> str:
    guess = next((did_you_mean(name, names) for name in selector.id or () if name not in names), "")
    return f"; {guess}" if guess else ""


def _written(raw: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    for key in keys:
        raw = raw[key]
    return raw


def _attribute(table: Record, key: str) -> str:
    """The attribute that a key of the file stands for ("from" is `starts`)."""
    return next(name for name, info in type(table).model_fields.items() if (info.alias or name) == key)


def _has(item: Record, path: Sequence[str]) -> bool:
    """Whether an item has the table that a field belongs to."""
    table: Any = item
    for key in path[:-1]:
        table = getattr(table, _attribute(table, key), None)
        if not isinstance(table, Record):
            return isinstance(table, dict) and key == path[-2]  # an item of its own name
    return True


def _new(change: Change, table: Any, item: Any, path: Sequence[str], first: Month) -> Any:
    """The new value, as the file would say it. Raises ValueError ("problem; fix") if there is nothing to start from."""
    if change.years is not None:
        begins = _first_year(change.name, first)
        return {str(begins + i): value for i, value in enumerate(change.years)}
    if change.to is not None:
        return _dated(change.to, first)
    for key in path[:-1]:
        table, item = table.get(key, {}) if isinstance(table, dict) else {}, getattr(item, _attribute(item, key))
    name = _attribute(item, path[-1])
    unit = type(item).model_fields[name].json_schema_extra["unit"]
    bare = {"chance": table} if not isinstance(table, dict) or is_range(table) else table
    old = bare.get(path[-1], as_written(getattr(item, name), unit))
    if isinstance(old, str) and (share := _probability(old)) is not None:
        old = as_written(getattr(item, name), unit) if share is DONT_KNOW else share
    if isinstance(old, dict):
        if by_year := {key for key in old if key.isdecimal()}:
            return {key: _moved(change, one, unit) if key in by_year else one for key, one in old.items()}
        if not is_range(old):
            raise ValueError("has no number to start from; write to = …")
        # what is added moves a range, and keeps its width
        keep = (lambda width: width) if change.add is not None else None
        return each_point(old, lambda one: _moved(change, one, unit), keep)
    return _moved(change, old, unit)


def _first_year(name: str, first: Month) -> int:
    """The first calendar year whose value counts: next April goes by the prices of the year before and the earnings of its own."""
    april = Horizon(first, 1).next_april()
    return {"economy.cpi": april.year - 1, "economy.earnings": april.year}.get(name, first.year)


def _dated(value: Any, first: Month) -> Any:
    """The value with "next April", wherever it stands in a table, as the month it is."""
    if isinstance(value, dict):
        return {key: _dated(one, first) for key, one in value.items()}
    april = isinstance(value, str) and value.casefold() == NEXT_APRIL.casefold()
    return str(Horizon(first, 1).next_april()) if april else value


def _probability(text: str) -> Any:
    try:
        return parse_probability(text)
    except ValueError:
        return None


def _moved(change: Change, old: Any, unit: str) -> float | int:
    """A number with `add` or `times` done exactly, money to the penny, halves away from nil; or with its odds multiplied."""
    if isinstance(old, bool) or not isinstance(old, (int, float)):
        raise ValueError("has no number to start from; write to = …")
    if change.odds is not None:
        return with_odds(float(old), change.odds)
    new = (
        Decimal(str(old)) * Decimal(str(change.times))
        if change.add is None
        else Decimal(str(old)) + Decimal(str(change.add))
    )
    new = new.quantize(Decimal("0.01"), ROUND_HALF_UP) if unit.startswith("GBP") else new
    return int(new) if isinstance(old, int) and new == new.to_integral_value() else float(new)


def _set(table: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for key in path[:-1]:
        inner = table.get(key, {"chance": "don't know"} if key == "renewal" else {})
        table[key] = inner if isinstance(inner, dict) and not is_range(inner) else {"chance": inner}
        table = table[key]
    table[path[-1]] = value
