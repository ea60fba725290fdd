"""The register of assumptions: every figure used, as given or as the default in its place, with class and source.

The defaults by kind of payer are dated outside evidence, in data/defaults.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from resilience.distributions import DONT_KNOW, parse_probability
from resilience.errors import place
from resilience.horizon import NAMES, Month
from resilience.ranges import REMARKS, Quantity, is_range

Klass = Literal["known", "weak", "nobody"]
DEFAULTS = Path(__file__).parent / "data" / "defaults.toml"
ABSENT: Any = object()


@dataclass(frozen=True)
class Assumption:
    """One figure. `value` is in `unit`, as a file would say it: pounds, "2026-04", {low, likely, high}; of a probability
    given as a range, that range, though its mean is used.

    `klass` is *known* to the organisation, *weak* outside evidence or what *nobody* knows. `given` is false for a
    default, also where the file says "don't know". `text` is what the file says in words, such as "7 in 10", else "".
    """

    place: str
    value: Any
    unit: str
    klass: Klass
    given: bool
    text: str = ""
    source: str = ""
    date: str = ""
    note: str = ""
    confidence: str = ""
    review_by: str = ""
    owner: str = ""


def default_of(kind: str | None, name: str) -> Any:
    """The default of a field for a kind of payer or of volunteers, or a route of bidding (None where a route has none of its own), as a
    file would say it; `win`, `late`, `delay` and `turnover` of staff need no kind.

    Raises KeyError for an unknown kind or field.
    """
    data = _defaults()
    if kind in data["volunteers"]["kind"]:
        return data["volunteers"]["kind"][kind][name]
    if name in ("late", "turnover", "delay"):
        return data[name]["chance"]
    if name == "statutory_duty":
        return data[name]["odds"]
    if kind in data["route"]:
        return data["route"][kind].get(name)
    return data["bid"]["win"] if name == "win" else data["kind"][kind][name]


def default_source(kind: str | None, name: str) -> str:
    """Where a default comes from; "" if nothing but the model's own assumption stands behind it."""
    data = _defaults()
    if kind in data["volunteers"]["kind"]:
        return str(data["volunteers"]["source"]) if name in data["volunteers"]["kind"][kind] else ""
    if name in ("late", "turnover", "delay"):
        return str(data[name]["source"])
    if name == "event":
        return str(data["payer"]["source"])
    if name == "win" and kind in data["route"]:
        return str(data["sources"][data["route"][kind]["win_source"]])
    named = {"win": "win", "depth": "depth", "lag": "lag", "decision_month": "calendar", "notice": "calendar"}
    found = data["kind"].get(kind, {}).get(f"{name}_source") or named.get(name)
    return str(data["sources"][found]) if found else ""


def default_date() -> str:
    """The month in which the defaults were last looked at."""
    return str(_defaults()["date"])


@cache
def _defaults() -> dict[str, Any]:
    return tomllib.loads(DEFAULTS.read_text("utf-8"))


def register_of(table: BaseModel, raw: Mapping[str, Any], without: Collection[str] = ()) -> tuple[Assumption, ...]:
    """Every figure of a table whose defaults are filled in; `without` names places that do nothing."""
    return tuple(one for one in _of_table(table, raw, (), {}, None) if one.place not in without)


def _of_table(
    table: BaseModel, raw: Mapping[str, Any], keys: tuple[str | int, ...], remarks: Mapping[str, Any], kind: str | None
) -> Iterator[Assumption]:
    """A table's figures; its remarks hold for the tables within it that have none of their own."""
    remarks = {**remarks, **{k: raw[k] for k in REMARKS if k in raw}}
    kind = getattr(table, "kind", kind)
    for name, info in type(table).model_fields.items():
        if name in REMARKS:
            continue
        key = info.alias or name
        value, written = getattr(table, name), raw.get(key, ABSENT)
        if isinstance(value, BaseModel):
            table_given = isinstance(written, Mapping) and not is_range(written)
            inner = written if table_given else {} if written is ABSENT else {"chance": written}
            within = _of_table(value, inner, (*keys, key), remarks, kind)
            why: Any = info.json_schema_extra or {}
            if written is ABSENT and "why" in why:  # the table as a whole is a default
                within = (replace(one, klass=why["class"], source=why["why"]) for one in within)
            yield from within
        elif isinstance(value, dict) and all(isinstance(item, BaseModel) for item in value.values()):
            items = {} if written is ABSENT else written
            for item in sorted(value):
                yield from _of_table(value[item], items.get(item, {}), (*keys, key, item), remarks, kind)
        elif isinstance(value, list) and value and isinstance(value[0], BaseModel):
            for i, item in enumerate(value):
                yield from _of_table(item, written[i], (*keys, key, i), remarks, kind)
        elif not isinstance(value, (dict, list)) or value or written is not ABSENT:
            of = getattr(table, "route", kind) if name == "chance" else kind
            yield _of_field(info, value, written, (*keys, key), remarks, of)


def _of_field(
    info: FieldInfo, value: Any, written: Any, keys: tuple[str | int, ...], remarks: Mapping[str, Any], kind: str | None
) -> Assumption:
    extra: Any = info.json_schema_extra or {}
    text = written if isinstance(written, str) and written != value else ""
    unknown = text != "" and extra.get("unit", "").startswith("probability") and parse_probability(text) is DONT_KNOW
    if is_range(written) and isinstance(value, float):
        value = {k: v for k, v in written.items() if k not in REMARKS}
    common = place(keys), as_written(value, extra.get("unit", "")), extra.get("unit", ""), extra.get("class", "known")
    if keys[-1] == "pay" and written is ABSENT:
        return Assumption(
            *common, True, **{"source": "", **_remarks(remarks), "note": "pay_bill shared among the heads"}
        )
    if written is ABSENT or unknown:
        name = _meaning(keys) if keys[-1] == "chance" else str(keys[-1])
        source = default_source(kind, name)
        why = "; ".join(part for part in (extra.get("why", ""), source) if part and part != "by kind")
        why = why or ("not entered" if value is None else "default")
        return Assumption(*common, False, text=text, source=why, date=default_date() if source else "")
    own = {k: written[k] for k in REMARKS if k in written} if isinstance(written, Mapping) else {}
    return Assumption(*common, True, text=text, **_remarks({**remarks, **own}))


def _meaning(keys: tuple[str | int, ...]) -> str:
    """What the field "chance" at an address is the chance of, by the name of its default."""
    if len(keys) > 1 and keys[-2] == "delay":
        return "delay"
    return "win" if keys[0] == "opportunities" or (keys[0] == "bids" and len(keys) == 3) else "renewal"


def _remarks(remarks: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(text) for key, text in remarks.items()}


def as_written(value: Any, unit: str) -> Any:
    """A value as a file would say it: pounds for pence, a name for a month."""
    scale = 100 if unit.startswith("GBP") else 1
    if isinstance(value, Quantity):
        return value.written(scale)
    if unit == "month of the year" and isinstance(value, int):
        return NAMES[value - 1]
    if isinstance(value, Month):
        return str(value)
    return value / scale if scale == 100 and isinstance(value, int) else value
