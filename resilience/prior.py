"""What a file's assumptions imply for public money over five years, beside what happened: the prior predictive. docs/model.md."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from resilience import __version__
from resilience.manifest import inputs
from resilience.measures import rank
from resilience.organisation import Organisation
from resilience.organisation_file import organisation_from
from resilience.projection import project
from resilience.projection.luck import price_index

DATA = Path(__file__).parent / "data" / "record.toml"
PUBLIC = ("local authority", "NHS", "central government")
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
YEARS = 5


@dataclass(frozen=True)
class Happened:
    """One figure of the record: real changes, shares; below: the share of the file's futures that lie below its middle."""

    what: str
    low: float | None
    middle: float
    high: float | None
    note: str
    source: str
    below: float


@dataclass(frozen=True)
class Implied:
    """The real change of public income from the first twelve months to the twelve that begin five years later, over all futures.

    levels: 5, 25, 50, 75 and 95 % points, shares. gone: share of futures in which nothing is left. yearly: pounds of the first year, mean.
    """

    organisation: str
    streams: list[str]
    left_out: list[str]  # public, but paid by the unit
    yearly: float
    levels: list[float]
    mean: float
    gone: float
    paths: int
    seed: int
    happened: list[Happened]
    manifest: dict[str, Any]


def implied(organisation: Organisation | None = None, paths: int = 10_000, seed: int = 1) -> Implied | None:
    """Of an organisation's public streams, played by themselves; of none: of one council contract with the program's defaults.

    None where it has no public stream that pays within the first twelve months. Bids, what is not public, and what is paid by the unit,
    which moves with the service too, are left out; the funder's decisions are all that moves it.
    """
    whole = organisation or defaults()
    public = alone(whole)
    if public is None:
        return None
    months = 12 * (YEARS + 1)
    played = project(public, paths=paths, months=months, seed=seed, keep_paths=True)
    income = sum(played.accounts[f"income_{form}"] for form in ("grant", "contract", "gift", "sale"))
    real = np.asarray(income) / price_index(played.prepared, played.paths_played, seed)
    first, last = real[:12].sum(axis=0), real[-12:].sum(axis=0)
    paid = first > 0  # an award that begins later has no first year to be compared with
    if not paid.any():
        return None
    change = np.sort(last[paid] / first[paid] - 1)
    record = [_beside(one, change) for one in _record()]
    return Implied(
        whole.name,
        sorted(public.streams),
        sorted(name for name, one in whole.streams.items() if one.kind in PUBLIC and one.unit is not None),
        float(first.mean() / 100),
        [float(change[rank(level, len(change))]) for level in LEVELS],
        float(change.mean()),
        float((change <= -1).mean()),
        len(change),
        seed,
        record,
        {
            "version": __version__,
            "overlays": list(whole.overlays),
            "inputs": inputs({"organisation": (whole.file, whole.raw)}),
        },
    )


def _beside(one: dict[str, Any], change: np.ndarray) -> Happened:
    below = float((change < one["middle"]).mean())
    return Happened(one["what"], one.get("low"), one["middle"], one.get("high"), one["note"], one["source"], below)


def alone(organisation: Organisation) -> Organisation | None:
    """An organisation that has nothing but these public streams, and money that never ends; None where there are none."""
    raw = organisation.raw
    streams = {
        name: {
            key: value for key, value in one.items() if key not in ("unit", "lost", "pays_exit", "fund", "programme")
        }
        for name, one in raw.get("streams", {}).items()
        if one.get("kind") in PUBLIC and "unit" not in one
    }
    if not streams:
        return None
    kept = (
        "name",
        "first_month",
        "nation",
        "ranges_too_narrow",
        "economy",
        "doubt",
        "storylines",
        "climate",
        "funder_events",
    )
    tables = {key: raw[key] for key in kept if key in raw}
    named = {one.get("payer", name) for name, one in streams.items()}
    payers = {name: one for name, one in raw.get("payers", {}).items() if name in named}
    if not any(key in one for one in streams.values() for key in ("austerity", "growth_climate", "depth_in_austerity")):
        tables.pop("climate", None)
        tables.pop("storylines", None)
    following = raw.get("elections", {}).get("next")
    if following and tables.get("climate", {}).get("moves") == "settlement":
        tables["elections"] = {"next": following}
    tables |= {"opening": {"bank": 900_000_000, "creditors": 0}, "streams": streams, "unlisted_event": {"chance": 0}}
    return organisation_from(tables | ({"payers": payers} if payers else {}), organisation.file)


def defaults() -> Organisation:
    """A council contract of 100,000 a year without an end; everything else by default."""
    stream = {"kind": "local authority", "yearly": 100_000}
    raw = {
        "name": "a council contract with the program's defaults",
        "first_month": "2026-04",
        "opening": {"bank": 0},
        "streams": {"contract": stream},
    }
    return organisation_from(raw, "defaults")


@cache
def _record() -> list[dict[str, Any]]:
    return list(tomllib.loads(DATA.read_text("utf-8"))["happened"])
