"""Rule sets of funders, each a dated file in data/costing_rules: which driver each kind of pool has, or what rate is paid."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import get_args

from resilience.errors import Fault, InputError, did_you_mean
from resilience.organisation.costing import KindOfPool

FOLDER = Path(__file__).parent.parent / "data" / "costing_rules"
OWN = "own"


@dataclass(frozen=True)
class RuleSet:
    """How a funder has overheads worked out. basis: "own", "pools", "rate" or "organisation".

    drivers: by kind of pool; unpaid: kinds of pool that it does not pay; rate: of the base, what is direct, for `subaward` pence a
    line at most (None: the base is all that is direct).
    """

    name: str
    title: str
    version: str
    date: str
    source: str
    note: str
    basis: str
    drivers: dict[str, str] = field(default_factory=dict)
    unpaid: tuple[str, ...] = ()
    rate: Fraction = Fraction(0)
    subaward: int | None = None


def names() -> list[str]:
    """Every rule set, in alphabetical order; the file's own rules first."""
    return [OWN, *sorted(path.stem for path in FOLDER.glob("*.toml"))]


@cache
def rule_set(name: str) -> RuleSet:
    """The rule set of a name. Raises KeyError."""
    if name == OWN:
        return RuleSet(OWN, "The pools and drivers of the file", "", "", "the file", "", OWN)
    if name not in names():
        raise KeyError(name)
    held = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"), parse_float=Fraction)
    unpaid = tuple(held.get("unpaid", ()))
    if held["basis"] == "pools" and set(held["drivers"]) | set(unpaid) != set(get_args(KindOfPool)):
        raise ValueError(f"{name} does not say what becomes of every kind of pool")
    subaward = held.get("subaward")
    text = {key: str(held[key]) for key in ("title", "version", "date", "source", "note", "basis")}
    return RuleSet(
        name,
        text["title"],
        text["version"],
        text["date"],
        text["source"],
        text["note"],
        text["basis"],
        held.get("drivers", {}),
        unpaid,
        Fraction(held.get("rate", 0)),
        None if subaward is None else 100 * subaward,
    )


def rule_sets(asked: Sequence[str]) -> list[RuleSet]:
    """Those asked for, once each, in their order. Raises InputError with the nearest name for one that there is not."""
    known, faults = {one.casefold(): one for one in names()}, []
    found: dict[str, RuleSet] = {}
    for text in asked:
        name = known.get(text.strip().casefold().replace("-", "_").replace(" ", "_").replace("/", "_"))
        if name is None:
            fix = did_you_mean(text, names()) or f"write one of {', '.join(names())}"
            faults.append(Fault("--rules", "", text, "is not a rule set", fix))
        else:
            found[name] = rule_set(name)
    if faults:
        raise InputError(faults)
    return list(found.values())
