"""A portfolio in words: who fails together, which payer's withdrawal does most harm, who is left unserved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resilience.words.numbers import in_100, money, people

LIMITS = (
    "Shared are what is national and what befalls payers that the files name alike; everything else is each one's own luck. Other ties, "
    "such as people who move from one to another, are not in it."
)
WITHDRAWN = (
    "What the payer can end ends with next April, after {notice} months' notice; none of its awards is renewed and no bid to it is won; "
    "beside the same futures as they stand."
)
NOT_SHOWN = (
    "Fewer than {least} organisations are never shown by themselves, and nothing that a subtraction would give away."
)


def headline(found: Any, number: int) -> list[str]:
    """How many fail in the same future."""
    one, months, paths = found.together, found.asked.months, found.asked.paths
    fail = f"Of {number:,} organisations {_count(one.mean)} run out of money or close within {months} months"
    tail = f"In one future of twenty it is {one.one_in_20:,} or more"
    if one.one_in_20 == one.one_in_20_apart:
        tail += ", as it would be if each had its own luck alone."
    else:
        tail += f"; if each had its own luck alone it would be {one.one_in_20_apart:,}."
    none, all_ = (f"{in_100(one.exactly[k])} (apart: {in_100(one.apart[k])})" for k in (0, -1))
    return [f"{fail}, the mean of {paths:,} futures.", tail, f"That none fails happens {none}, that all do {all_}."]


def _count(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def together(found: Any) -> list[list[str]]:
    """Rows: at least so many fail, in the same futures, and apart."""
    one, n = found.together, len(found.together.exactly) - 1
    shown = sorted({1, 2, 3, 5, 10, 20, 50, 100, 200, 500, n} & set(range(1, n + 1)))
    rows = [[f"{k:,} or more", in_100(sum(one.exactly[k:])), in_100(sum(one.apart[k:]))] for k in shown]
    return [["fail", "together", "if apart"], *rows]


def withdrawals(found: Sequence[Any]) -> list[list[str]]:
    """Rows of payers, most harm first."""
    rows = [
        [one.payer, f"{one.organisations:,}", money(one.pounds), _more(one), people(one.more_unserved)] for one in found
    ]
    return [["payer withdraws", "concerns", "a year", "more fail", "unserved"], *rows] if rows else []


def _more(one: Any) -> str:
    return f"{one.more_fail:+.1f} ±{2 * one.standard_error:.1f}".replace("-", "−")


def manifest(found: Any) -> str:
    """Where it comes from: version, what was asked, and the files, members counted."""
    asked, held = found.asked, found.manifest
    under = ", ".join(f"{one['name']} {one['sha256'][:8]}" for one in held["under"])
    members = f"; members: {len(held['inputs']):,} files" if "inputs" in held else ""
    return f"resilience {held['version']}, seed {asked.seed}, {asked.paths:,} futures of {asked.months} months; {under}{members}"


def groups(found: Sequence[Any], title: str) -> list[list[str]]:
    """Rows of areas or kinds of help, most people left unserved first."""
    rows = [[one.name, f"{one.organisations:,}", people(one.served), people(one.unserved)] for one in found]
    return [[title, "organisations", "helped", "unserved"], *rows]


def members(found: Sequence[Any]) -> list[list[str]]:
    """Rows of organisations, most likely to fail first."""
    ordered = sorted(found, key=lambda one: (-one.chance, one.name))
    rows = [[one.name, in_100(one.chance), people(one.served), people(one.unserved)] for one in ordered]
    return [["organisation", "fails", "helped", "unserved"], *rows]
