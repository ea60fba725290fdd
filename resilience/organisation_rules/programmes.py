"""Policy programmes and elections: what must hold, and what would be read and ignored."""

from __future__ import annotations

from typing import Any

from resilience.organisation.policy import STAGES
from resilience.organisation_rules.written import Found, month_of, nearest, number_of, paid, tables

Idle = dict[tuple[str, ...], tuple[str, str]]
MONEY = ("pilots", "contracts")


def money_of_programmes(raw: dict[str, Any]) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """Pilots and contracts of every programme, with their addresses."""
    return [
        (("programmes", name, kind), one[kind])
        for name, one in tables(raw, "programmes").items()
        for kind in MONEY
        if isinstance(one.get(kind), dict)
    ]


def unnamed_work(raw: dict[str, Any]) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """Everything that brings work that nobody has named yet, with its address."""
    of_anybody = raw.get("opportunities")
    return [*([(("opportunities",), of_anybody)] if isinstance(of_anybody, dict) else []), *money_of_programmes(raw)]


def idle_policy(raw: dict[str, Any]) -> Idle:
    """{address: (why, fix)} of the fields on programmes and elections that would be read and ignored."""
    found: Idle = {}
    items = list(paid(raw))
    for name, one in tables(raw, "programmes").items():
        of = [(keys, item) for keys, item in items if item.get("programme") == name]
        brings = [kind for kind in MONEY if isinstance(one.get(kind), dict)]
        bids = [keys for keys, _ in of if keys[0] == "bids"]
        cut = [
            item
            for keys, item in of
            if keys[0] == "streams" and ("until" not in item or item.get("break_clause") is True)
        ]
        if not cut:
            found |= {
                ("programmes", name, "cuts", stage): ("does nothing: none of its streams can be cut", "remove it")
                for stage in STAGES
            }
        if not bids:
            found |= {
                ("programmes", name, "winning", stage): ("does nothing: no bid belongs to it", "remove it")
                for stage in STAGES
            }
        if not brings:
            found["programmes", name, "notice"] = (
                "does nothing: it has neither pilots nor contracts; streams have their own notice",
                "remove it",
            )
        if not brings and not bids:
            found["programmes", name, "engaging"] = (
                "raises the odds of nothing: it has neither pilots nor contracts, and no bid belongs to it",
                "add one of them, or remove it",
            )
    for keys, item in items:
        if keys[0] == "streams" and item.get("statutory_duty") is True:
            found[*keys, "programme"] = "does nothing: the payer must have the service by law", "remove it"
    elections, climate = ("elections",), raw.get("climate")
    if not tables(raw, "programmes"):
        found[*elections, "changes"] = "does nothing: there are no programmes", "add [programmes.NAME], or remove it"
        sprees = any(one.get("before") == "election" for one in tables(raw, "sprees").values())
        if not sprees and (not isinstance(climate, dict) or climate.get("moves") != "settlement"):
            why = (
                "does nothing: there are no programmes or sprees before elections, and no climate moves at settlements"
            )
            found[*elections, "next"] = why, 'add [programmes.NAME] or [climate] moves = "settlement", or remove it'
    return found


def faults_of_programmes(raw: dict[str, Any]) -> Found:
    known = tables(raw, "programmes")
    named = {item.get("programme") for _, item in paid(raw)}
    for keys, item in paid(raw):
        name = item.get("programme")
        if isinstance(name, str) and name not in known:
            fix = nearest(name, known, f"add [programmes.{name}]")
            yield (*keys, "programme"), name, "is not a programme of this file", fix
    for name, one in known.items():
        if name not in named and not any(isinstance(one.get(kind), dict) for kind in MONEY):
            fix = f'write programme = "{name}" in a stream or bid, or give it pilots or contracts'
            yield ("programmes", name), None, "does nothing: nothing belongs to it", fix
        fates = sum(number_of(one.get(key, 0.3)) for key in ("scrapped", "adapted"))
        if fates > 1 + 1e-9:
            fix = "make scrapped and adapted add up to 1 or less; what is left is left alone"
            yield ("programmes", name, "scrapped"), None, f"and adapted add up to {fates:g}", fix
    first = month_of(raw.get("first_month"))
    for name, one in tables(raw, "reorganisations").items():
        vesting = month_of(one.get("vesting"))
        if first is not None and vesting is not None and vesting < first:
            fix = f"write a month from {first} on"
            yield ("reorganisations", name, "vesting"), one["vesting"], "lies before the first month", fix
    for keys, (why, fix) in idle_policy(raw).items():
        table: Any = raw
        for key in keys[:-1]:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        if isinstance(table, dict) and keys[-1] in table:
            yield keys, None, why, fix
