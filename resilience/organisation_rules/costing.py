"""What must hold between [costing] and the rest of an organisation file: names meet, and nothing is recovered twice."""

from __future__ import annotations

from typing import Any

from resilience.organisation import UNRESTRICTED
from resilience.organisation_rules.written import Found, fund_of, nearest, number_of, paid, tables, texts

ONE = 1 + 1e-9


def faults_of_costing(raw: dict[str, Any]) -> Found:
    """Every fault of [costing], in the order of its pools."""
    if not isinstance(raw.get("costing"), dict):
        return
    for rule in (_names, _twice, _billed_twice, _shares, _idle):
        for keys, value, problem, fix in rule(raw, raw["costing"]):
            yield ("costing", *keys), value, problem, fix


def _held(pool: dict[str, Any], key: str) -> dict[str, float]:
    """A table of shares of a pool, whatever else is wrong with it."""
    given = pool.get(key)
    return {name: number_of(x) for name, x in given.items()} if isinstance(given, dict) else {}


def _names(raw: dict[str, Any], costing: dict[str, Any]) -> Found:
    """Every name that [costing] uses is one that the file gives."""
    docks, pools = tables(raw, "docks"), tables(costing, "pools")
    funds = _funds(raw)
    kinds = {"posts": ("a post", tables(raw, "hub", "posts")), "lines": ("a cost line", tables(raw, "hub", "costs"))}
    for name, pool in pools.items():
        if name in docks:
            yield ("pools", name), None, "has the name of a dock", "give one of them another name"
        for key, (what, known) in kinds.items():
            for one in _held(pool, key):
                if one not in known:
                    fix = nearest(one, known, "add it, or remove the name; what docks cost is theirs already")
                    yield ("pools", name, key), one, f"is not {what} of the hub", fix
        for one in _held(pool, "shares"):
            if one not in docks and one not in pools:
                yield (
                    ("pools", name, "shares"),
                    one,
                    "is neither a dock nor a pool",
                    nearest(one, [*docks, *pools], "add it, or remove the name"),
                )
        for one in texts(pool.get("billed_to")):
            if one not in funds:
                yield (
                    ("pools", name, "billed_to"),
                    one,
                    "is not a restricted fund of this file",
                    nearest(one, funds, f"add [funds.{one}]"),
                )
    for one in costing["floor_area"] if isinstance(costing.get("floor_area"), dict) else ():
        if one not in docks:
            yield ("floor_area",), one, "is not a dock of this file", nearest(one, docks, f"add [docks.{one}]")
    for dock, lines in tables(costing, "kinds").items():
        if dock not in docks:
            yield ("kinds",), dock, "is not a dock of this file", nearest(dock, docks, f"add [docks.{dock}]")
        for line in lines if dock in docks else ():
            known = tables(raw, "docks", dock, "costs")
            if line not in known:
                yield (
                    ("kinds", dock),
                    line,
                    f"is not a cost line of the dock {dock}",
                    nearest(line, known, "add it, or remove the name"),
                )
    seen: set[str] = set()
    for one in texts(costing.get("order")):
        if one not in pools:
            yield ("order",), one, "is not a pool", nearest(one, pools, f"add [costing.pools.{one}]")
        elif one in seen:
            yield ("order",), one, "stands there twice", "write it once"
        seen.add(one)


def _funds(raw: dict[str, Any]) -> set[str]:
    own = {fund_of(keys[-1], {**item, "fund": None}) for keys, item in paid(raw)}
    return {*(raw["funds"] if isinstance(raw.get("funds"), dict) else ()), *own} - {UNRESTRICTED}


def _twice(raw: dict[str, Any], costing: dict[str, Any]) -> Found:
    """No part of a post, a line or the depreciation is in two pools, or in a pool and charged to a fund."""
    for key, place in (("posts", "posts"), ("lines", "costs")):
        items = tables(raw, "hub", place)
        for item, line in items.items():
            charged = line.get("charged_to")
            at = f"hub.{place}.{item}"
            taken = sum(number_of(x) for x in charged.values()) if isinstance(charged, dict) else 0.0
            by = [f"{at}.charged_to ({taken:.0%})"] if taken else []
            for name, pool in tables(costing, "pools").items():
                part = _held(pool, key).get(item, 0.0)
                if part and taken + part > ONE:
                    left = f"{max(0, 1 - taken):.0%}"
                    problem = f"takes {part:.0%} of {at}, of which {' and '.join(by)} leaves {left}: the same cost would be recovered twice"
                    yield ("pools", name, key, item), part, problem, "make the shares add up to 1 or less"
                taken += part
                by += [f"costing.pools.{name}.{key} ({part:.0%})"] if part else []
    taken, first = 0.0, ""
    for name, pool in tables(costing, "pools").items():
        part = number_of(pool.get("depreciation"))
        if part and taken + part > ONE:
            problem = f"takes {part:.0%} of the depreciation, of which {first} leaves {max(0, 1 - taken):.0%}"
            yield ("pools", name, "depreciation"), part, problem, "make the shares add up to 1 or less"
        taken, first = taken + part, first or f"costing.pools.{name}.depreciation"


def _billed_twice(raw: dict[str, Any], costing: dict[str, Any]) -> Found:
    """A funder who pays overhead by a rate or a yearly sum is not billed a pool besides."""
    funds = tables(raw, "funds")
    for name, pool in tables(costing, "pools").items():
        for fund in texts(pool.get("billed_to")):
            for key in ("overhead", "overhead_yearly"):
                if number_of(funds.get(fund, {}).get(key)):
                    problem = f"pays overhead already, by funds.{fund}.{key}: the same cost would be recovered twice"
                    yield ("pools", name, "billed_to"), fund, problem, f"remove funds.{fund}.{key}, or {fund} here"


def _shares(raw: dict[str, Any], costing: dict[str, Any]) -> Found:
    """Fixed shares are there where they are asked for, and add up."""
    for name, pool in tables(costing, "pools").items():
        fixed, given = pool.get("driver") == "fixed shares", _held(pool, "shares")
        if fixed and not given:
            yield (
                ("pools", name, "shares"),
                None,
                "is missing: the driver is fixed shares",
                "write { dock = 0.4, other_dock = 0.6 }",
            )
        elif fixed and abs(sum(given.values()) - 1) > 1e-9:
            yield ("pools", name, "shares"), None, f"add up to {sum(given.values()):.4g}", "make them add up to 1"
        elif given and not fixed:
            yield (
                ("pools", name, "shares"),
                None,
                "does nothing: the driver is another",
                'write driver = "fixed shares", or remove shares',
            )


def _idle(raw: dict[str, Any], costing: dict[str, Any]) -> Found:
    """What would be read and ignored."""
    pools, method = tables(costing, "pools"), costing.get("method", "direct")
    if "order" in costing and method != "step-down":
        yield (
            ("order",),
            None,
            "does nothing: pools are not stepped down",
            'write method = "step-down", or remove order',
        )
    assets = raw.get("fixed_assets")
    written_off = number_of(assets.get("depreciation")) if isinstance(assets, dict) else 0.0
    for name, pool in pools.items():
        if method == "direct" and number_of(pool.get("floor_area")):
            fix = 'write method = "step-down" or "reciprocal", or remove floor_area'
            yield ("pools", name, "floor_area"), None, "does nothing: no pool serves pools", fix
        if method == "direct" and any(one in pools for one in _held(pool, "shares")):
            fix = 'write method = "step-down" or "reciprocal", or share it among docks only'
            yield ("pools", name, "shares"), None, "names a pool, and no pool serves pools", fix
        if number_of(pool.get("depreciation")) and not written_off:
            yield (
                ("pools", name, "depreciation"),
                None,
                "does nothing: nothing is written off",
                "add fixed_assets.depreciation, or remove it",
            )
