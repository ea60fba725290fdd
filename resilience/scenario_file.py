"""The file of a policy scenario: what it may hold, and how it is read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PrivateAttr, WithJsonSchema, model_validator

from resilience.errors import Fault, InputError, did_you_mean
from resilience.fields import Record, Share, field, known_keys, record_at, refuse, validated
from resilience.horizon import Month, parse_month
from resilience.organisation import Bid, Cost, Form, Kind, Organisation, Payment, Post, Service, Stream
from resilience.ranges import REMARKS
from resilience.reading import read_toml
from resilience.shipped import locate

What = Literal["streams", "bids", "costs", "posts", "services", "organisation"]
NEXT_APRIL = "next April"
SELECTORS = {
    "streams": ("id", "kind", "form", "payer", "payment", "programme", "largest"),
    "bids": ("id", "kind", "form", "payer", "payment", "programme"),
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


def _last(value: Any) -> Month | int:
    """A last month, or a number of months."""
    if isinstance(value, str) and (number := re.fullmatch("([1-9][0-9]{0,2}) months?", value)):
        return int(number[1])
    try:
        return parse_month(value)
    except ValueError as fault:
        raise refuse(f'{fault}, or as a number of months, like "12 months"') from None


One = BeforeValidator(_listed)
Start = Annotated[
    Any, BeforeValidator(_start), WithJsonSchema({"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}|next April)$"})
]
Last = Annotated[
    Any,
    BeforeValidator(_last),
    WithJsonSchema({"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}|[1-9][0-9]{0,2} months?)$"}),
]


class Lines(Record):
    """Which items of the hub, the docks or the services are meant: those that fit every key given; each one value or a list."""

    id: Annotated[list[str], One] | None = field("names in the file", "", None)
    dock: Annotated[list[str], One] | None = field('dock it belongs to; "hub" for the hub', "", None)

    def given(self) -> dict[str, Any]:
        """The keys that were given."""
        keys = [name for name in type(self).model_fields if name not in REMARKS]
        return {key: value for key in keys if (value := getattr(self, key)) is not None}

    def fits(self, name: str, dock: str | None, item: Record) -> bool:
        """Whether an item, with defaults filled in, is meant; `largest` left aside."""
        own = {"id": name, "dock": dock}
        wanted = {key: values for key, values in self.given().items() if key != "largest"}
        return all((own.get(key) or getattr(item, key, None)) in values for key, values in wanted.items())

    def chosen(self, organisation: Organisation, what: str) -> list[tuple[str, ...]]:
        """Addresses of the items meant, in alphabetical order."""
        return [keys for keys, name, dock, item in items_of(organisation, what) if self.fits(name, dock, item)]


class Selector(Lines):
    """Which items are meant, of any sort."""

    kind: Annotated[list[Kind], One] | None = field("kinds of payer", "", None)
    form: Annotated[list[Form], One] | None = field("grant, contract, gift or sale", "", None)
    payer: Annotated[list[str], One] | None = field("who pays", "", None)
    payment: Annotated[list[Payment], One] | None = field("when it is paid", "", None)
    programme: Annotated[list[str], One] | None = field("policy programme that it belongs to", "", None)
    post: Annotated[list[str], One] | None = field("kind of post", "", None)
    largest: Literal[True] | None = field(
        "of those that fit, only what the payer with the largest yearly amount at the opening pays", "", None
    )

    def chosen(self, organisation: Organisation, what: str) -> list[tuple[str, ...]]:
        """As above; with `largest` the streams of one payer, of equals the first in the alphabet."""
        found = super().chosen(organisation, what)
        if not self.largest:
            return found
        by: dict[str, float] = {}
        streams = [organisation.streams[keys[-1]] for keys in found]
        for stream in streams:
            if stream.starts is None or stream.starts <= organisation.first_month:
                by[str(stream.payer)] = by.get(str(stream.payer), 0.0) + stream.yearly.quantile(0.5)
        payer = min(by, key=lambda one: (-by[one], one), default=None)
        return [keys for keys, stream in zip(found, streams, strict=True) if stream.payer == payer]


class Cut(Record):
    """A shock: from a month on a share of some streams is lost, or a share is added to some costs or referrals."""

    streams: Selector | None = field("which streams", "", None)
    costs: Lines | None = field("which lines of cost beside pay", "", None)
    services: Lines | None = field("the referrals of which services", "", None)
    depth: Share | None = field("share lost, of streams", "share", None, gt=0)
    rise: float | None = field(
        "share added, of streams instead of depth, of costs and services; below nil of the latter: taken away",
        "share",
        None,
        ge=-1,
        le=10,
    )
    starts: Start = field(
        'first month at the new amount, or "next April": the first after the first month', alias="from"
    )
    until: Last | None = field(
        'last month of it, or how many months it lasts, like "12 months"; the amount is then what it would have been',
        "",
        None,
        why="for good",
    )
    notice: int | None = field(
        "months of notice, of streams: told in the month before the notice runs", "months", None, ge=0, le=36
    )

    @model_validator(mode="after")
    def _whole(self) -> Cut:
        if sum(one is not None for one in (self.streams, self.costs, self.services)) != 1:
            raise refuse("falls on nothing, or on several; write one of streams, costs, services")
        if self.streams is not None:
            both = (self.depth is None) == (self.rise is None)
            if both or self.notice is None or (self.rise is not None and self.rise <= 0):
                raise refuse(
                    "falls on streams; write depth, the share lost, or rise, the share added, and notice, in months"
                )
            return self
        what = "costs" if self.costs is not None else "services"
        if not self.rise or self.depth is not None or self.notice is not None:
            raise refuse(f"falls on {what}; write rise, the share added, and neither depth nor notice")
        return self


class Change(Record):
    """A figure changed on some items: exactly one of to, years, add, times and odds."""

    what: What = field("what is changed")
    where: Selector = field("which of them", "", Selector())
    name: str = field('the field, such as "lag" or "renewal.chance"', alias="field")
    to: Any = field("the new value, as the organisation's file would say it", "", None)
    years: list[float] | None = field(
        "new values by calendar year, from the first that counts on: of prices and earnings the one that moves next April",
        "",
        None,
        min_length=1,
        max_length=50,
    )
    add: float | None = field("what is added", "", None)
    times: float | None = field("what it is multiplied by", "", None, ge=0)
    odds: float | None = field("what its odds are multiplied by, of a probability", "", None, gt=0, le=1000)

    @model_validator(mode="after")
    def _one(self) -> Change:
        if sum(one is not None for one in (self.to, self.years, self.add, self.times, self.odds)) != 1:
            raise refuse("has no new value, or several; write one of to, years, add, times, odds")
        allowed = SELECTORS[self.what]
        for key in self.where.given():
            if key not in allowed:
                fix = f"write {' or '.join(allowed)}" if allowed else "leave where out"
                raise refuse(f"cannot choose {self.what} by {key}; {fix}")
        *path, last = self.name.split(".")
        table = record_at(MODELS[self.what], path)
        if table is None and isinstance(self.to, dict) and record_at(MODELS[self.what], [*path, last]) is not None:
            return self  # an item of its own name, such as sprees.year_end
        if table is None or last not in known_keys(table):
            guess = did_you_mean(last, known_keys(table)) if table else ""
            raise refuse(
                f"changes {self.name}, which is not a field of {self.what}; {guess or 'see `resilience schema`'}"
            )
        told: Any = next(f.json_schema_extra for n, f in table.model_fields.items() if (f.alias or n) == last)
        if self.odds is not None and not told["unit"].startswith("probability"):
            raise refuse(f"multiplies the odds of {self.name}, which is no probability; write times")
        return self


class Expect(Record):
    """What a scenario does, so that it can be held to it: which way a measure goes, over the same futures."""

    measure: Literal["lowest_spendable", "people_served", "people_turned_away", "bids_won"] = field(
        "a measure of each future"
    )
    strategy: str = field("shipped strategy under which it does", "", "carry_on")
    direction: Literal["lower", "higher", "same"] = field("which way its mean goes against the file alone")


class Scenario(Record):
    """What happens to us: a name, a reason, a source, and the shocks and changes that it brings, in order."""

    name: str = field("name shown in outputs", min_length=1, max_length=200)
    why: str = field("what it stands for", min_length=1)
    source: str = field("what it rests on", min_length=1)
    expect: Expect | None = field("what it does, as far as it touches anything", "", None)
    shocks: list[Cut] = field("dated cuts and rises", "", [])
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
    return validated(Scenario, raw, file)


def items_of(organisation: Organisation, what: str) -> Iterator[tuple[tuple[str, ...], str, str | None, Record]]:
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
