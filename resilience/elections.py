"""General elections and how long after them money is settled anew: the dated record, data/elections.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from resilience.horizon import Month, parse_month

DATA = Path(__file__).parent / "data" / "elections.toml"


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text("utf-8"))


def record() -> list[dict[str, Any]]:
    """Every election since 1997 after which a settlement has come: `on`, `settlement`, `months` between them, `source`."""
    return list(_data()["election"])


def lags() -> list[int]:
    """Months from an election to the first settlement of several years, or an emergency one, in the order of the record."""
    return [int(one["months"]) for one in record()]


def coming(first: Month, last: Month, following: Month | None = None) -> list[Month]:
    """Elections from the first month to the last: the next as given, or at its latest lawful date; later ones as far apart as lawful."""
    month, found = following or parse_month(_data()["latest"]), list[Month]()
    while month <= last:
        if month >= first:
            found.append(month)
        month += int(_data()["every"])
    return found
