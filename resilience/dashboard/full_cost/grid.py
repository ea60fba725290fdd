"""The figures of an organisation that its full cost hangs on, as a grid: which cells there are, and how what is typed is read.

A cell is called by its place in the file, "hub.costs.rent.yearly". No widgets, no sums.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from resilience.costing.pools import settings
from resilience.errors import shown
from resilience.organisation import Organisation
from resilience.organisation.costing import LEFT_OVER, Driver
from resilience.words.costing import spaced

Kind = Literal["money", "number", "whole", "share", "choice"]
HUB = "hub"
NUMBER = re.compile(r"-?(\d{1,12}(\.\d{1,9})?|\.\d{1,9})")
THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
TAKEN = {"posts": "posts", "lines": "costs"}  # a pool's table: whose rows of the hub
RANGE = "a range in the file; its middle is shown"
EXAMPLES = {"money": "1,234.50", "number": "37.5", "whole": "12", "share": "25 %"}


@dataclass(frozen=True)
class Cell:
    """A figure: its place, what it is called, what may be typed, and how it stands. An empty place: there is nothing to type."""

    place: str
    label: str
    kind: Kind
    shown: str
    choices: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A thing, and where it belongs."""

    name: str
    where: str
    cells: list[Cell]


@dataclass(frozen=True)
class Section:
    """A table of the grid."""

    id: str
    title: str
    help: str
    head: list[str]
    rows: list[Row]


def grid(organisation: Organisation) -> list[dict[str, Any]]:
    """Every section that has rows, as plain values."""
    made = (_costs(organisation), _posts(organisation), _income(organisation), _pools(organisation))
    return [asdict(one) for one in (*made, *_shares(organisation)) if one.rows]


def _costs(organisation: Organisation) -> Section:
    rows = []
    for place, (dock, cost) in organisation.costs().items():
        name, where = spaced(place.rpartition(".")[2]), _where(dock)
        note = RANGE if isinstance(_at(organisation.raw, f"{place}.yearly"), dict) else ""
        said, value = f"{where}, {name}: pounds a year", money(float(cost.yearly.quantile(0.5)) / 100)
        rows.append(Row(name, where, [Cell(f"{place}.yearly", said, "money", value, note=note)]))
    return Section("costs", "Cost lines", "What is bought in a year.", ["", "£ a year"], _hub_first(rows))


def _posts(organisation: Organisation) -> Section:
    rows = []
    for place, (dock, post) in organisation.posts().items():
        name, where = spaced(place.rpartition(".")[2]), _where(dock)
        said = f"{where}, {name}"
        if _at(organisation.raw, f"{place}.pay_bill") is None:
            pay = Cell(f"{place}.pay", f"{said}: pay of each, pounds a year", "money", money((post.pay or 0) / 100))
        else:
            label, value = f"{said}: pay of all together, pounds a year", money((post.pay_bill or 0) / 100)
            pay = Cell(f"{place}.pay_bill", label, "money", value, note="of all together")
        people = Cell(f"{place}.heads", f"{said}: people", "whole", str(post.heads))
        hours = Cell(f"{place}.hours", f"{said}: hours a week of each", "number", f"{post.hours:g}")
        rows.append(Row(name, where, [people, pay, hours]))
    said = "People in post; pay is without employer's NIC and pension, which are added."
    return Section("posts", "Posts", said, ["", "people", "pay, £", "hours"], _hub_first(rows))


def _income(organisation: Organisation) -> Section:
    """What funds docks now."""
    rows = []
    for dock, one in sorted(organisation.docks.items()):
        for name in one.funded_by:
            if name not in organisation.streams:
                continue
            stream, place = organisation.streams[name], f"streams.{name}.yearly"
            worked = stream.unit is not None or stream.gifts is not None
            note = RANGE if isinstance(_at(organisation.raw, place), dict) else ""
            note = "worked out from its units or gifts" if worked else note
            said, value = (
                f"{spaced(dock)}, {spaced(name)}: pounds a year",
                money(float(stream.yearly.quantile(0.5)) / 100),
            )
            cell = Cell("" if worked else place, said, "money", value, note=note)
            rows.append(Row(spaced(name), spaced(dock), [cell]))
    return Section("income", "Income that funds docks", "What each brings in a year.", ["", "£ a year"], rows)


def _pools(organisation: Organisation) -> Section:
    """What each pool is divided by; the pool of what is left over is there whether or not the file names it."""
    pools = dict(settings(organisation).pools)
    rows = []
    for name in sorted({*pools, LEFT_OVER}):
        driver = pools[name].driver if name in pools else "direct spending"
        note = "everything in the hub that no other pool takes" if name == LEFT_OVER else pools[name].kind
        place, said = f"costing.pools.{name}.driver", f"pool {spaced(name)}: divided by"
        rows.append(Row(spaced(name), "", [Cell(place, said, "choice", driver, get_args(Driver), note)]))
    said = "Each pool of the hub's costs is divided among docks by what it is divided by: its driver."
    return Section("pools", "Pools and drivers", said, ["", "divided by"], rows)


def _shares(organisation: Organisation) -> Iterator[Section]:
    """What is in the pools; floor areas; fixed shares: those that the drivers ask for."""
    held, docks = settings(organisation), sorted(organisation.docks)
    pools = {name: held.pools[name] for name in sorted(held.pools)}
    named = [name for name in pools if name != LEFT_OVER]

    def share(name: str, pool: str, kind: str) -> Cell:
        value = percent((getattr(pools[pool], kind) or {}).get(name))
        said = f"{spaced(name)}: share {'of' if kind == 'shares' else 'in'} the pool {spaced(pool)}"
        return Cell(f"costing.pools.{pool}.{kind}.{name}", said, "share", value)

    taken = [(kind, name) for kind, of in TAKEN.items() for name in sorted(getattr(organisation.hub, of))]
    rows = [Row(spaced(name), kind, [share(name, pool, kind) for pool in named]) for kind, name in taken if named]
    said = f"Share of each post's time and of each line of the hub. What is left over is in the pool {LEFT_OVER}."
    yield Section("taken", "What is in the pools", said, ["", *map(spaced, named)], rows)

    asked = any(pool.driver == "floor area" for pool in pools.values()) or held.floor_area
    rows = []
    for dock in docks if asked else ():
        area = held.floor_area.get(dock)
        value, said = "" if area is None else f"{area:g}", f"{spaced(dock)}: floor area, square metres"
        rows.append(Row(spaced(dock), "", [Cell(f"costing.floor_area.{dock}", said, "number", value)]))
    yield Section("areas", "Floor area", "What each dock takes up.", ["", "square metres"], rows)

    fixed = [name for name in pools if pools[name].driver == "fixed shares"]
    rows = [Row(spaced(dock), "", [share(dock, pool, "shares") for pool in fixed]) for dock in docks if fixed]
    yield Section("shares", "Fixed shares", "What of each pool a dock bears.", ["", *map(spaced, fixed)], rows)


def kind_of(place: str) -> Kind | None:
    """What may be typed at a place that another driver opens; None: it is no place of the grid."""
    if re.fullmatch(r"costing\.floor_area\.[\w-]+", place):
        return "number"
    return "share" if re.fullmatch(r"costing\.pools\.[\w-]+\.(shares|posts|lines)\.[\w-]+", place) else None


def read(kind: Kind, text: str, choices: tuple[str, ...] = ()) -> float | int | str | None:
    """What was typed, as the file has it; None: nothing. Raises ValueError: the problem; the fix."""
    plain = text.strip()
    if not plain:
        return None
    if kind == "choice":
        if plain not in choices:
            raise ValueError(f'"{shown(plain, 40)}" is not known here; choose one of {", ".join(choices)}')
        return plain
    bare = re.sub(r"[£\s]", "", plain.replace("−", "-"))
    hundredth = kind == "share" and bare.endswith("%")
    bare = bare.removesuffix("%") if hundredth else bare
    bare = bare.replace(",", "") if THOUSANDS.fullmatch(bare) else bare
    if not NUMBER.fullmatch(bare):
        raise ValueError(f'"{shown(plain, 40)}" is not a number; write it in figures, like {EXAMPLES[kind]}')
    value = float(bare)
    if hundredth:
        value = round(value / 100, 12)
    elif kind == "share" and value > 1:
        raise ValueError(f'"{shown(plain, 40)}" is not a share; write {value:g} % or {value / 100:g}')
    return int(value) if value.is_integer() else value


def put(raw: dict[str, Any], where: str, value: Any) -> None:
    """Sets a place of the tables; None takes it away. Tables on the way are made."""
    *way, last = where.split(".")
    for key in way:
        raw = raw.setdefault(key, {})
    if value is None:
        raw.pop(last, None)
    else:
        raw[last] = value


def _at(raw: Mapping[str, Any], where: str) -> Any:
    found: Any = raw
    for key in where.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _where(dock: str | None) -> str:
    return HUB if dock is None else spaced(dock)


def _hub_first(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.where != HUB)


def money(pounds: float) -> str:
    """12,345 or 12,345.67, as it stands in a cell."""
    return f"{pounds:,.0f}" if round(pounds, 2) == int(pounds) else f"{pounds:,.2f}"


def percent(share: float | None) -> str:
    return "" if share is None else f"{round(100 * share, 10):g} %"
