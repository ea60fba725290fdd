"""A projection as one JSON object, `resilience.projection/1`: docs/json.md says what stands in it."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resilience.exports.tables import ASSUMED, LEVELS, number, places_of
from resilience.horizon import Month

if TYPE_CHECKING:
    from resilience.projection import Projection

SCHEMA = "resilience.projection/1"


def document(
    projection: Projection,
    why: Any = None,
    drivers: Any = None,
    first: Any = None,
    alone: Any = None,
    richer: Any = None,
) -> dict[str, Any]:
    """The whole result, as numbers, strings, lists and None. What needs replays or the first answer: worked out if not given."""
    from resilience.decisions.more_cash import more_cash
    from resilience.first_answer import first_answer
    from resilience.why import alone as alone_of
    from resilience.why import drivers as drivers_of
    from resilience.why import why as why_of

    return {
        "schema": SCHEMA,
        "name": projection.organisation.name,
        "manifest": plain(projection.manifest),
        "months": projection.months,
        "measures": {name: _measure(projection, name) for name in projection.names},
        "probabilities": {
            name: {"by_month": _numbers(chance.by_month, 9), "standard_error": _numbers(chance.standard_error, 9)}
            for name, chance in projection.probabilities.items()
        },
        "breach_means": "still in breach at month 24, or insolvent by then"
        if projection.in_breach_at_opening
        else "free reserves below the policy, or insolvent",
        "futures": [_future(projection, int(p)) for p in projection.seven],
        "runway": {
            name: (number(x, 9) if name == "beyond_horizon" else None if math.isnan(x) else int(x))
            for name, x in projection.runway.items()
        },
        "expected_shortfall": number(projection.expected_shortfall, 2),
        "social_value": None
        if projection.social_value is None
        else {k: number(x, 2) for k, x in projection.social_value.items()},
        "programmes": plain(projection.programmes),
        "funder_concentration": number(projection.funder_concentration, 9),
        "why": plain(why_of(projection) if why is None else why),
        "drivers": plain(drivers_of(projection) if drivers is None else drivers),
        "alone": plain(alone_of(projection) if alone is None else alone),
        "more_cash": plain(more_cash(projection) if richer is None else richer),
        **_first(first_answer(projection) if first is None else first),
        "assumptions": [
            {key: plain(getattr(one, name)) for key, name in ASSUMED.items()}
            for one in projection.organisation.register
        ],
        "warnings": list(projection.organisation.warnings),
    }


def _first(first: Any) -> dict[str, Any]:
    """The first answer; what becomes of bids and awards by itself."""
    found = plain(first)
    return {"awards": found.pop("awards"), "first_answer": found}


def _future(projection: Projection, p: int) -> dict[str, Any]:
    """One actual future: its number, its end, its lowest spendable cash, and spendable cash by month (None once ended)."""
    fates, labels = projection.played.fates, projection.months
    end, spendable = int(fates["end"][p]), projection.in_pounds("spendable")[:, p] / 100
    return {
        "path": int(projection.paths_played[p]),
        "ended": labels[end] if end >= 0 else None,
        "lowest_spendable": number(projection.lowest[p] / 100, 2),
        "spendable": _numbers(np.where((np.arange(len(labels)) >= end) & (end >= 0), math.nan, spendable), 2),
    }


def as_json(found: dict[str, Any]) -> str:
    """The document as text: two spaces of indent, the lists by month on one line, a line end at the end."""
    return _indented(found, "") + "\n"


def plain(value: Any) -> Any:
    """Dataclasses to objects, arrays to lists, months to "2026-04", NaN and infinity to None."""
    if is_dataclass(value) and not isinstance(value, Month):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, float):
        return round(value, 9) if math.isfinite(value) else None
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def _measure(projection: Projection, name: str) -> dict[str, Any]:
    one = projection.measure(name)
    return {"unit": one.unit} | {level: _numbers(getattr(one, level), places_of(one.unit)) for level in LEVELS}


def _numbers(values: np.ndarray, places: int) -> list[float | None]:
    return [number(x, places) for x in values]


def _indented(value: Any, margin: str) -> str:
    inner = margin + "  "
    if isinstance(value, dict) and value:
        lines = (f"{inner}{json.dumps(key, ensure_ascii=False)}: {_indented(one, inner)}" for key, one in value.items())
        return "{\n" + ",\n".join(lines) + f"\n{margin}}}"
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return "[\n" + ",\n".join(inner + _indented(one, inner) for one in value) + f"\n{margin}]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
