"""What the tables of an organisation file say as they are written, whatever is wrong with them; what every rule reads by."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, get_args

from resilience.assumptions import default_of
from resilience.errors import did_you_mean
from resilience.fields import EARLIEST, LATEST
from resilience.horizon import Month, parse_month
from resilience.organisation import UNRESTRICTED
from resilience.ranges import highest
from resilience.tenders import Route

ROUTES = get_args(Route)
PAYMENT = {"contract": "arrears", "grant": "quarterly in advance", "gift": "monthly", "sale": "monthly"}
Lines = Iterator[tuple[tuple[str, ...], dict[str, Any]]]
Found = Iterator[tuple[tuple[Any, ...], Any, str, str]]


def tables(raw: Any, *keys: str) -> dict[str, dict[str, Any]]:
    """The named tables below an address, leaving out what is not a table."""
    for key in keys:
        raw = raw.get(key) if isinstance(raw, dict) else None
    return {name: item for name, item in raw.items() if isinstance(item, dict)} if isinstance(raw, dict) else {}


def form_of(item: dict[str, Any]) -> str | None:
    """Form of a stream or bid; None if it cannot be known."""
    try:
        if "decision" in item:  # a bid
            return str(item.get("form") or default_of(item.get("route", "open tender"), "form") or "contract")
        return str(item.get("form") or default_of(item.get("kind"), "form"))
    except (KeyError, TypeError):
        return None


def payment_of(item: dict[str, Any]) -> str | None:
    """When a stream or bid is paid; None if it cannot be known."""
    form = form_of(item)
    usual = PAYMENT.get(form or "")
    if "decision" in item and form == "contract" and isinstance(item.get("route"), str):
        usual = default_of(item["route"], "payment") or usual if item["route"] in ROUTES else usual
    given = item.get("payment", usual)
    return given if given in PAYMENT.values() else None


def fund_of(name: str, item: dict[str, Any]) -> str:
    """Fund of a stream or bid: as written; else a grant has a restricted fund of its own name."""
    return item.get("fund") or (name if form_of(item) == "grant" else UNRESTRICTED)


def paid(raw: dict[str, Any]) -> Lines:
    for kind in ("streams", "bids"):
        for name, item in tables(raw, kind).items():
            yield (kind, name), item


def teams(raw: dict[str, Any]) -> Lines:
    if isinstance(raw.get("hub"), dict):
        yield ("hub",), raw["hub"]
    for name, dock in tables(raw, "docks").items():
        yield ("docks", name), dock


def funding_docks(raw: dict[str, Any]) -> set[str]:
    """Names of the streams and bids that fund a dock."""
    return {name for dock in tables(raw, "docks").values() for name in texts(dock.get("funded_by"))}


def charged(raw: dict[str, Any]) -> Lines:
    """Every post and cost line, with its address."""
    for keys, team in teams(raw):
        for kind in ("posts", "costs"):
            for name, line in tables(team, kind).items():
                yield (*keys, kind, name), line


def month_of(value: Any) -> Month | None:
    try:
        month = parse_month(value)
    except (TypeError, ValueError):
        return None
    return month if EARLIEST <= month.year <= LATEST else None


def number_of(value: Any) -> float:
    """A plain number, or the highest point of a range; 0 for anything else."""
    value = highest(value)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def nearest(word: str, choices: Collection[str], otherwise: str) -> str:
    return did_you_mean(word, sorted(choices)) or otherwise
