"""Names that a file gives and uses: they can be used, differ, and meet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from resilience.organisation import UNRESTRICTED
from resilience.organisation_rules.written import Found, charged, fund_of, nearest, paid, tables, teams, texts

HUB = "hub"


def _named(raw: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every table whose keys are names that the writer chose."""
    for key in (
        "loans",
        "funds",
        "streams",
        "bids",
        "docks",
        "services",
        "programmes",
        "sprees",
        "reorganisations",
        "partnerships",
    ):
        if isinstance(raw.get(key), dict):
            yield (key,), raw[key]
    for keys, team in teams(raw):
        for kind in ("posts", "costs", "volunteers"):
            if isinstance(team.get(kind), dict):
                yield (*keys, kind), team[kind]
    for name, one in tables(raw, "partnerships").items():
        for kind in ("partners", "parties"):
            if isinstance(one.get(kind), dict):
                yield ("partnerships", name, kind), one[kind]
    if isinstance(raw.get("costing"), dict) and isinstance(raw["costing"].get("pools"), dict):
        yield ("costing", "pools"), raw["costing"]["pools"]
    if isinstance(raw.get("storylines"), dict) and isinstance(raw["storylines"].get("stories"), dict):
        yield ("storylines", "stories"), raw["storylines"]["stories"]
    if isinstance(raw.get("social_value"), dict) and isinstance(raw["social_value"].get("outcomes"), dict):
        yield ("social_value", "outcomes"), raw["social_value"]["outcomes"]


def faults_of_names(raw: dict[str, Any]) -> Found:
    for keys, items in _named(raw):
        seen: dict[str, str] = {}
        for name in items:
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", name):
                yield (
                    (*keys, name),
                    None,
                    "is not a name that can be used",
                    "use letters, digits, - and _ only, 60 at most",
                )
            elif (twin := seen.setdefault(name.casefold(), name)) != name:
                yield (*keys, name), None, f"differs from {twin} only in capitals", "give one of them another name"
            if (name == UNRESTRICTED and keys[0] in ("funds", "streams", "bids")) or (
                name == HUB and keys == ("docks",)
            ):
                yield (*keys, name), None, "has a name that is already taken by the program", "give it another name"


def faults_of_shared_names(raw: dict[str, Any]) -> Found:
    streams = tables(raw, "streams")
    plain = {name.casefold(): name for name in streams}
    for name in tables(raw, "bids"):
        if twin := name if name in streams else plain.get(name.casefold()):
            yield ("bids", name), None, f"has the name of the stream {twin}", "give one of them another name"


def faults_of_funds(raw: dict[str, Any]) -> Found:
    own = {fund_of(keys[-1], {**item, "fund": None}) for keys, item in paid(raw)}
    known = {*(raw["funds"] if isinstance(raw.get("funds"), dict) else ()), *own} - {UNRESTRICTED}
    for keys, item in paid(raw):
        fund = item.get("fund")
        if isinstance(fund, str) and fund not in known | {UNRESTRICTED}:
            yield (
                (*keys, "fund"),
                fund,
                "is not a restricted fund of this file",
                nearest(fund, known, f"add [funds.{fund}]"),
            )
    for keys, line in charged(raw):
        for fund in line["charged_to"] if isinstance(line.get("charged_to"), dict) else ():
            if fund == UNRESTRICTED:
                yield (
                    (*keys, "charged_to"),
                    fund,
                    "need not be named",
                    "what the shares leave over is unrestricted; remove it",
                )
            elif fund not in known:
                yield (
                    (*keys, "charged_to"),
                    fund,
                    "is not a restricted fund of this file",
                    nearest(fund, known, f"add [funds.{fund}]"),
                )


def faults_of_docks(raw: dict[str, Any]) -> Found:
    known, funds = {keys[-1] for keys, _ in paid(raw)}, dict[str, str]()
    for dock, item in tables(raw, "docks").items():
        for name in texts(item.get("funded_by")):
            keys = ("docks", dock, "funded_by")
            if name not in known:
                yield (
                    keys,
                    name,
                    "is neither a stream nor a bid of this file",
                    nearest(name, known, "add it, or remove the name"),
                )
            elif (other := funds.setdefault(name, dock)) != dock:
                yield keys, name, f"already funds the dock {other}", "a stream funds one dock; split it in two streams"
        for name, times in Counter(texts(item.get("funded_by"))).items():
            if times > 1:
                yield ("docks", dock, "funded_by"), name, "stands there twice", "write it once"
    posts = tables(raw, "hub", "posts")
    for name in texts(raw["hub"].get("core")) if isinstance(raw.get("hub"), dict) else ():
        if name not in posts:
            yield ("hub", "core"), name, "is not a post of the hub", nearest(name, posts, "add it, or remove the name")
    docks = tables(raw, "docks")
    for name, item in tables(raw, "services").items():
        named = item.get("dock")
        if isinstance(named, str) and named not in docks:
            yield (
                ("services", name, "dock"),
                named,
                "is not a dock of this file",
                nearest(named, docks, f"add [docks.{named}]"),
            )
