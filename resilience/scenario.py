"""Policy scenarios: what happens to an organisation, as dated shocks and changes of its figures. They stack.

resilience project riverside.toml --scenario council_cut_30+late_payment
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PrivateAttr, ValidationError, WithJsonSchema, model_validator

from resilience.assumptions import as_written
from resilience.distributions import DONT_KNOW, parse_probability
from resilience.errors import Fault, InputError, did_you_mean, place
from resilience.fields import Record, Share, faults_of, field, known_keys, record_at, refuse
from resilience.horizon import Horizon, Month, parse_month
from resilience.organisation import Bid, Cost, Form, Kind, Organisation, Payment, Post, Service, Shock, Stream
from resilience.organisation_file import copied, organisation_from
from resilience.organisation_rules import idle
from resilience.ranges import each_point, is_range
from resilience.reading import read_toml
from resilience.shipped import locate

What = Literal["streams", "bids", "costs", "posts", "services", "organisation"]
NEXT_APRIL = "next April"
SELECTORS = {
    "streams": ("id", "kind", "form", "payer", "payment"),
    "bids": ("id", "kind", "form", "payer", "payment"),
    "costs": ("id", "dock"),
    "posts": ("id", "dock", "post"),
    "services": ("id", "dock"),
    "organisation": (),
}


MODELS: dict[str, type[Record]] = {
    "streams": Stream,
    "bids": Bid,
    "costs": Cost,
    "posts": Post,
    "services": Service,
    "organisation": Organisation,
}


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _start(value: Any) -> Month | str:
    if isinstance(value, str) and value.casefold() == NEXT_APRIL.casefold():
        return NEXT_APRIL
    try:
        return parse_month(value)
    except ValueError as fault:
        raise refuse(f'{fault}, or "{NEXT_APRIL}"') from None


One = BeforeValidator(_listed)
Start = Annotated[
    Any, BeforeValidator(_start), WithJsonSchema({"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}|next April)$"})
]


class Selector(Record):
    """Which items are meant: those that fit every key given; a key can have one value or a list."""

    id: Annotated[list[str], One] | None = field("names in the file", "", None)
    kind: Annotated[list[Kind], One] | None = field("kinds of payer", "", None)
    form: Annotated[list[Form], One] | None = field("grant, contract, gift or sale", "", None)
    payer: Annotated[list[str], One] | None = field("who pays", "", None)
    payment: Annotated[list[Payment], One] | None = field("when it is paid", "", None)
    dock: Annotated[list[str], One] | None = field('dock it belongs to; "hub" for the hub', "", None)
    post: Annotated[list[str], One] | None = field("kind of post", "", None)

    def given(self) -> dict[str, list[str]]:
        """The keys that were given."""
        return {
            key: getattr(self, key) for key in SELECTORS["streams"] + ("dock", "post") if getattr(self, key) is not None
        }

    def fits(self, name: str, dock: str | None, item: Record) -> bool:
        """Whether an item, with defaults filled in, is meant."""
        own = {"id": name, "dock": dock}
        return all((own.get(key) or getattr(item, key, None)) in wanted for key, wanted in self.given().items())


class Cut(Record):
    """A shock: a share of some streams is lost from a month on."""

    streams: Selector = field("which streams")
    depth: Share = field("share lost", "share", gt=0)
    starts: Start = field(
        'first month at the lower amount, or "next April": the first after the first month', alias="from"
    )
    notice: int = field("months of notice: told in the month before the notice runs", "months", ge=0, le=36)


class Change(Record):
    """A figure changed on some items: exactly one of to, add and times."""

    what: What = field("what is changed")
    where: Selector = field("which of them", "", Selector())
    name: str = field('the field, such as "lag" or "renewal.chance"', alias="field")
    to: Any = field("the new value, as the organisation's file would say it", "", None)
    add: float | None = field("what is added", "", None)
    times: float | None = field("what it is multiplied by", "", None, ge=0)

    @model_validator(mode="after")
    def _one(self) -> Change:
        if (self.to is not None) + (self.add is not None) + (self.times is not None) != 1:
            raise refuse("has no new value, or several; write one of to, add, times")
        allowed = SELECTORS[self.what]
        for key in self.where.given():
            if key not in allowed:
                fix = f"write {' or '.join(allowed)}" if allowed else "leave where out"
                raise refuse(f"cannot choose {self.what} by {key}; {fix}")
        *path, last = self.name.split(".")
        table = record_at(MODELS[self.what], path)
        if table is None or last not in known_keys(table):
            guess = did_you_mean(last, known_keys(table)) if table else ""
            raise refuse(
                f"changes {self.name}, which is not a field of {self.what}; {guess or 'see `resilience schema`'}"
            )
        return self


class Scenario(Record):
    """What happens to us: a name, a reason, a source, and the shocks and changes that it brings, in order."""

    name: str = field("name shown in outputs", min_length=1, max_length=200)
    why: str = field("what it stands for", min_length=1)
    source: str = field("what it rests on", min_length=1)
    shocks: list[Cut] = field("dated cuts", "", [])
    changes: list[Change] = field("changed figures", "", [])
    _file: str = PrivateAttr("")

    @property
    def file(self) -> str:
        """The file it was read from."""
        return self._file


def read_scenario(name_or_path: str | os.PathLike[str]) -> Scenario:
    """The scenario of a shipped name or a file. Raises InputError with every fault of the file."""
    path = locate("policy", name_or_path)
    return scenario_from(read_toml(path), str(path))


def read_scenarios(texts: Sequence[str]) -> list[Scenario]:
    """Scenarios to stack, in order: each text is a name, a file or several joined by "+". Raises InputError."""
    parts = [part for text in texts for part in ([text] if os.path.exists(text) else text.split("+"))]
    scenarios: list[Scenario] = []
    faults: list[Fault] = []
    for part in parts:
        try:
            scenarios.append(read_scenario(part.strip()))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return scenarios


def scenario_from(raw: dict[str, Any], file: str) -> Scenario:
    """The scenario that these tables describe; `file` is what faults are said of. Raises InputError."""
    try:
        scenario = Scenario.model_validate(raw)
    except ValidationError as error:
        raise InputError(faults_of(error, file, Scenario)) from None
    scenario._file = file
    return scenario


def apply(organisation: Organisation, scenarios: Sequence[Scenario]) -> Organisation:
    """The organisation under the scenarios, in order: the figures of its file changed, checked and completed again.

    Adds the dated cuts to `shocks`, the names to `overlays`, and to `warnings` what touches nothing and what two
    scenarios change. Raises InputError, naming the scenario's file, if a change makes nonsense of the organisation.
    """
    if not scenarios:
        return organisation
    stack = _Stack(organisation)
    for scenario in scenarios:
        stack.add(scenario)
    return stack.result()


class _Stack:
    """An organisation with the scenarios added so far."""

    def __init__(self, organisation: Organisation) -> None:
        self.before = self._now = organisation
        self._stale = False
        self.raw = copied(organisation.raw)
        self.shocks = list(organisation.shocks)
        self.overlays = list(organisation.overlays)
        self.applied: list[tuple[str, dict[str, Any]]] = []
        self.warnings = [one for one in organisation.warnings if one not in organisation._of_file]  # these may change
        self.changed: dict[str, Scenario] = {}
        self.cut: dict[str, Scenario] = {}

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
        try:
            self._now, self._stale = organisation_from(self.raw, self.before.file), False
        except InputError as error:
            raise InputError(_of_scenario(scenario, error)) from None
        self.overlays.append(scenario.name)
        self.applied.append((scenario.file, scenario.model_dump()))

    def result(self) -> Organisation:
        made = self.now
        by = dict(self.before._changed)  # of scenarios applied earlier
        by |= {key: (f"changed by the scenario {one.name}", one.source) for key, one in self.changed.items()}
        made._changed, before = by, made._register
        made._register = cache(
            lambda: tuple(
                replace(one, note=by[one.place][0], source=by[one.place][1]) if one.place in by else one
                for one in before()
            )
        )
        made._warnings = tuple(dict.fromkeys((*made.warnings, *self.warnings)))
        made._shocks, made._overlays = tuple(self.shocks), tuple(self.overlays)
        made._scenarios, made._as_read = (*self.before.scenarios, *self.applied), self.before.as_read
        return made

    def _shock(self, scenario: Scenario, i: int, cut: Cut) -> None:
        first = self.before.first_month
        effective = Horizon(first, 1).next_april() if cut.starts == NEXT_APRIL else cut.starts
        where = f"scenario {scenario.name}, shocks[{i + 1}]"
        if effective < first:
            self.warnings.append(f"{where}: lies before the first month, {first}; left out")
            return
        found = [name for _, name, dock, item in _items(self.now, "streams") if cut.streams.fits(name, dock, item)]
        for name in found:
            self.shocks.append(Shock(name, cut.depth, effective, effective - (cut.notice + 1), scenario.name))
            earlier = self.cut.setdefault(name, scenario)
            if earlier is not scenario:
                self.warnings.append(f"{where}: {earlier.name} cuts streams.{name} too; both cuts count")
        if not found:
            self.warnings.append(
                f"{where}: touches no stream of {self.before.name}{_guess(cut.streams, self.now.streams)}"
            )

    def _change(self, scenario: Scenario, i: int, change: Change) -> None:
        where = f"scenario {scenario.name}, changes[{i + 1}]"
        path, touched, names = change.name.split("."), False, []
        for keys, name, dock, item in _items(self.now, change.what):
            names.append(name)
            table = _written(self.raw, keys)
            ignored = idle(table, stream=change.what == "streams") if change.what in ("streams", "bids") else {}
            if not change.where.fits(name, dock, item) or path[0] in ignored or not _has(item, path):
                continue
            touched, there = True, place((*keys, *path))
            try:
                _set(table, path, _new(change, table, item, path))
            except ValueError as fault:
                problem, _, fix = str(fault).partition("; ")
                raise InputError(
                    [Fault(scenario.file, place(("changes", i)), None, f"{there} {problem}", fix)]
                ) from None
            earlier = self.changed.get(there, scenario)
            self.changed[there] = scenario
            if earlier is not scenario:
                how = "its value holds" if change.to is not None else "it starts from there"
                self.warnings.append(f"{where}: changes {there}, which {earlier.name} has changed; {how}")
        if not touched:
            self.warnings.append(f"{where}: touches nothing of {self.before.name}{_guess(change.where, names)}")
            return
        self._stale = True


def _of_scenario(scenario: Scenario, error: InputError) -> Iterator[Fault]:
    for fault in error.faults:
        said = str(Fault("", "", fault.value_text, fault.problem, ""))
        yield Fault(scenario.file, "", None, f"makes {fault.place or 'the organisation'} wrong: {said}", fault.fix)


def _guess(selector: Selector, names: Any) -> str:
    guess = next((did_you_mean(name, names) for name in selector.id or () if name not in names), "")
    return f"; {guess}" if guess else ""


def _items(organisation: Organisation, what: str) -> Iterator[tuple[tuple[str, ...], str, str | None, Record]]:
    """(address, name, dock, item) of all items of a sort, in alphabetical order."""
    if what == "organisation":
        yield (), "", None, organisation
    elif what in ("posts", "costs"):
        lines: dict[str, tuple[str | None, Any]] = getattr(organisation, what)()
        for where, (dock, line) in lines.items():
            yield tuple(where.split(".")), where.rpartition(".")[2], dock or "hub", line
    else:
        for name, item in sorted(getattr(organisation, what).items()):
            yield (what, name), name, getattr(item, "dock", None), item


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
            return False
    return True


def _new(change: Change, table: Any, item: Any, path: Sequence[str]) -> Any:
    """The new value, as the file would say it. Raises ValueError ("problem; fix") if there is nothing to start from."""
    if change.to is not None:
        return change.to
    for key in path[:-1]:
        table, item = table.get(key, {}) if isinstance(table, dict) else {}, getattr(item, _attribute(item, key))
    name = _attribute(item, path[-1])
    unit = type(item).model_fields[name].json_schema_extra["unit"]
    bare = {"chance": table} if not isinstance(table, dict) or is_range(table) else table
    old = bare.get(path[-1], as_written(getattr(item, name), unit))
    if isinstance(old, str) and (share := _probability(old)) is not None:
        old = as_written(getattr(item, name), unit) if share is DONT_KNOW else share
    if isinstance(old, dict):
        keep = (
            (lambda width: width) if change.add is not None else None
        )  # what is added moves a range, and keeps its width
        return each_point(old, lambda one: _moved(change, one, unit), keep)
    return _moved(change, old, unit)


def _probability(text: str) -> Any:
    try:
        return parse_probability(text)
    except ValueError:
        return None


def _moved(change: Change, old: Any, unit: str) -> float | int:
    """A number with `add` or `times` done exactly; money to the penny, halves away from nil."""
    if isinstance(old, bool) or not isinstance(old, (int, float)):
        raise ValueError("has no number to start from; write to = …")
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
