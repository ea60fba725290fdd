"""Parameters that nobody knows: which of them are on, and the same organisation with one of them set to what changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from resilience.distributions import Exact
from resilience.errors import place
from resilience.fields import OFF
from resilience.ranges import Quantity

R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True)
class On:
    """A parameter that nobody knows and that is on: where it stands, what it is, its unit, its value and its neutral one."""

    keys: tuple[str, ...]
    description: str
    unit: str
    value: Any
    neutral: Any

    @property
    def place(self) -> str:
        """Its address in the file."""
        return place(self.keys)


def switched_on(table: BaseModel, keys: tuple[str, ...] = ()) -> Iterator[On]:
    """Every parameter below a table whose field says that nobody knows it, and its neutral value, and that differs from it."""
    for name, info in type(table).model_fields.items():
        value, here = getattr(table, name), (*keys, info.alias or name)
        extra: Any = info.json_schema_extra or {}
        if isinstance(value, BaseModel):
            if extra.get("neutral") == OFF:
                yield On(here, str(info.description), "", "as written", OFF)
            yield from switched_on(value, here)
        elif isinstance(value, dict):
            for item in sorted(value):
                if isinstance(value[item], BaseModel):
                    if extra.get("neutral") == OFF:
                        one = f"{name.removesuffix('s')} {item.replace('_', ' ')}"
                        yield On((*here, item), one, "", "as written", OFF)
                    yield from switched_on(value[item], (*here, item))
        elif (
            extra.get("class") == "nobody" and "neutral" in extra and _plain(value) not in (None, extra["neutral"], OFF)
        ):
            yield On(here, str(info.description), str(extra["unit"]), value, extra["neutral"])


def without(table: R, one: On) -> R:
    """The table with that parameter at its neutral value; its private facts go with it."""
    return _with(table, one.keys, one.neutral)


def _with(table: Any, keys: tuple[str, ...], value: Any) -> Any:
    key, *rest = keys
    if isinstance(table, dict) and not rest and value == OFF:
        return {name: one for name, one in table.items() if name != key}
    if isinstance(table, dict):
        return {**table, key: _with(table[key], tuple(rest), value) if rest else value}
    name = next(name for name, info in type(table).model_fields.items() if (info.alias or name) == key)
    old = getattr(table, name)
    if rest:
        new = _with(old, tuple(rest), value)
    else:
        new = None if value == OFF else Exact(float(value)) if isinstance(old, Quantity) else value
    return table.model_copy(update={name: new})


def _plain(value: Any) -> Any:
    """A quantity known exactly as its number."""
    return value.value if isinstance(value, Exact) else value
