"""Partnerships: what they carry, who is in them, and what would be read and ignored."""

from __future__ import annotations

from collections import Counter
from typing import Any

from resilience.fields import parse_probability_or_none
from resilience.organisation_rules.written import Found, nearest, number_of, paid, tables, texts

OF_ANOTHER = ("lead_fails",)


def _nil(value: Any) -> bool:
    return parse_probability_or_none(value) == 0


def idle_partnerships(raw: dict[str, Any]) -> dict[tuple[str, ...], tuple[str, str]]:
    """{address: (why, fix)} of the fields on partnerships that would be read and ignored."""
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for name, one in tables(raw, "partnerships").items():
        at, of = ("partnerships", name), texts(one.get("of"))
        partners, goodwill = tables(one, "partners"), one.get("goodwill")
        if one.get("lead", "us") == "us":
            found[*at, "lead_fails"] = "does nothing: we lead", 'write lead = "another", or remove it'
        if not any(bid in of for bid in tables(raw, "bids")) or not partners:
            found[*at, "only_together"] = "does nothing: no bid and partner to lose", "remove it"
        if not partners:
            found[*at, "notice"] = "does nothing: there is no partner to leave", "remove it"
            found[*at, "goodwill"] = "does nothing: there is no partner to leave", "remove it, or add a partner"
        if not number_of(one.get("hours")):
            found[*at, "hour_cost"] = "does nothing: there are no hours", "write hours, or remove it"
        for partner, its in partners.items():
            if _nil(its.get("backfilled")):
                found[*at, "partners", partner, "backfill"] = "does nothing: nobody steps in", "remove it"
        if isinstance(goodwill, dict) and _nil(goodwill.get("falls")):
            for key in ("rises", "at_settlement", "at_tender", "settles"):
                found[*at, "goodwill", key] = "does nothing: goodwill never falls", "remove it"
    return found


def faults_of_partnerships(raw: dict[str, Any]) -> Found:
    known, seen = {keys[-1] for keys, _ in paid(raw)}, dict[str, str]()
    for name, one in tables(raw, "partnerships").items():
        at, of = ("partnerships", name), texts(one.get("of"))
        for item in of:
            if item not in known:
                fix = nearest(item, known, "add it, or remove the name")
                yield (*at, "of"), item, "is neither a stream nor a bid of this file", fix
            elif (other := seen.setdefault(item, name)) != name:
                yield (
                    (*at, "of"),
                    item,
                    f"is already carried by {other}",
                    "a stream has one partnership; remove it here",
                )
        for item, times in Counter(of).items():
            if times > 1:
                yield (*at, "of"), item, "stands there twice", "write it once"
        if not of:
            yield (*at, "of"), None, "carries nothing", "write the names of streams or bids"
        partners, parties = tables(one, "partners"), tables(one, "parties")
        shares = sum(number_of(its.get("share")) for its in partners.values())
        if shares > 1 + 1e-9:
            yield (*at, "partners"), None, f"have shares of {shares:g} in all", "make them add up to 1 or less"
        goodwill = one.get("goodwill")
        if isinstance(goodwill, dict) and "starts" not in goodwill and len(parties) < 2:
            fix = "write starts, in points of a hundred, or the scores of two parties below [partnerships.NAME.parties]"
            yield (*at, "goodwill"), None, "has nothing to start from", fix
        if parties and not isinstance(goodwill, dict):
            fix = "add goodwill = {}, or keep the assessment in a file of its own: `resilience partnership`"
            yield (*at, "parties"), None, "does nothing: there is no goodwill", fix
        if parties and isinstance(goodwill, dict) and "starts" in goodwill:
            yield (*at, "parties"), None, "does nothing: goodwill says where it starts", "remove starts, or the parties"
    for keys, (why, fix) in idle_partnerships(raw).items():
        table: Any = raw
        for key in keys[:-1]:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        if isinstance(table, dict) and keys[-1] in table:
            yield keys, None, why, fix
