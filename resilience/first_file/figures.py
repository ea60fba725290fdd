"""The figures of a first file, and the TOML that says them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from resilience.first_file.answers import UNKNOWN, identifier


@dataclass
class Funder:
    """One source of income."""

    name: str
    kind: str
    yearly: float
    until: str | None = None
    renewal: str = UNKNOWN  # with an end
    cut: str = UNKNOWN  # without
    unspent: float = 0  # of a grant: what is in the bank of it


@dataclass
class Team:
    """People paid by one funder or several."""

    name: str
    people: int
    pay_bill: float
    service: int
    funded_by: list[str] = field(default_factory=list)  # names of funders
    full_time: float | None = None  # full-time equivalents, if not all are full-time


@dataclass
class Figures:
    """The answers. Money in pounds a year unless it is a balance."""

    name: str
    first_month: str
    bank: float
    funders: list[Funder]
    teams: list[Team]
    hub: Team
    hub_costs: float
    nation: str = "England"
    year_end: str = "March"
    last_income: float | None = None
    last_spending: float | None = None
    restricted: float = 0
    owed: float = 0
    reserves_months: float = 3
    pension: float | str | None = None  # exit debt, "don't know", or None: no such scheme
    lease_until: str | None = None
    lease_yearly: float | None = None
    building: float | None = None


FULL_TIME = 37.5


def as_toml(f: Figures) -> str:
    """The file: every figure given and nothing else; the rest takes its default, which `resilience check` lists."""
    names = _names([one.name for one in f.funders])
    blocks: list[dict[str, Any]] = [_head(f), _opening(f), {"reserves_policy": {"months": f.reserves_months}}]
    blocks += (
        [{"last_year": {"income": f.last_income, "spending": f.last_spending}}]
        if None not in (f.last_income, f.last_spending)
        else []
    )
    blocks += [{"closing": _closing(f)}, {"fixed_assets": {"value": f.building} if f.building else {}}]
    held: dict[str, dict[str, Any]] = {names[one.name]: {"opening": one.unspent} for one in f.funders if one.unspent}
    rest = f.restricted - sum(one.unspent for one in f.funders)
    if rest > 0:
        held["other_restricted"] = {
            "opening": rest,
            "note": "restricted money that no funder above was named for: kept, never spent",
        }
    blocks += [{f"funds.{name}": table} for name, table in held.items()]
    blocks += [{f"streams.{names[one.name]}": _stream(one)} for one in f.funders]
    blocks += [{"hub.posts.centre": _post(f.hub)}] if f.hub.people else []
    blocks += [{"hub.costs.other": {"yearly": f.hub_costs}}] if f.hub_costs else []
    for name, (paid_by, teams) in _docks(f.teams).items():
        posts = _names([one.name for one in teams])
        blocks.append({f"docks.{name}": {"funded_by": [names[one] for one in paid_by]}})
        blocks += [{f"docks.{name}.posts.{posts[one.name]}": _post(one)} for one in teams if one.people]
    return "\n".join(
        [
            "# Written by `resilience new`. `resilience schema` lists every field that can be added; "
            "`resilience check` says what is assumed.",
            *(_block(block) for block in blocks),
        ]
    )


def _docks(teams: list[Team]) -> dict[str, tuple[list[str], list[Team]]]:
    """Docks by name: (funders, teams). A funder pays for one dock, so teams that share a funder stand in one."""
    found: list[tuple[list[str], list[Team]]] = []
    for team in teams:
        sharing = [dock for dock in found if set(dock[0]) & set(team.funded_by)]
        paid_by = list(dict.fromkeys([name for dock in sharing for name in dock[0]] + team.funded_by))
        found = [dock for dock in found if dock not in sharing] + [
            (paid_by, [one for dock in sharing for one in dock[1]] + [team])
        ]
    names = _names([" and ".join(one.name for one in held) for _, held in found])
    return dict(zip(names.values(), found, strict=True))


def _head(f: Figures) -> dict[str, Any]:
    return {
        "": {
            "name": f.name,
            "first_month": f.first_month,
            "nation": f.nation,
            "year_end": f.year_end,
            "source": "answers to resilience new",
        }
    }


def _opening(f: Figures) -> dict[str, Any]:
    return {"opening": {"bank": f.bank} | ({"debtors": f.owed} if f.owed else {})}


def _closing(f: Figures) -> dict[str, Any]:
    found: dict[str, Any] = (
        {} if f.lease_until is None else {"lease_until": f.lease_until, "lease_yearly": f.lease_yearly or 0}
    )
    return found | {"pension_exit": 0 if f.pension is None else f.pension}


def _stream(one: Funder) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": one.kind, "yearly": one.yearly}
    ending: dict[str, Any] = {"until": one.until, "renewal": one.renewal} if one.until else {"cut": one.cut}
    return found | ending


def _post(team: Team) -> dict[str, Any]:
    found: dict[str, Any] = {"heads": team.people, "pay_bill": team.pay_bill, "service": team.service}
    if team.full_time is not None and team.full_time < team.people:
        found["hours"] = round(FULL_TIME * team.full_time / team.people, 2)
    return found


def _names(names: list[str]) -> dict[str, str]:
    """Each name's own identifier; twins are numbered."""
    found: dict[str, str] = {}
    for name in names:
        plain = identifier(name) or "item"
        taken = set(found.values())
        found[name] = next(x for x in (plain, *(f"{plain}_{n}" for n in range(2, 99))) if x not in taken)
    return found


def _block(block: dict[str, Any]) -> str:
    ((heading, table),) = block.items()
    if not table:
        return ""
    lines = [f"{key} = {_value(value)}" for key, value in table.items() if value is not None]
    return "\n".join([*([f"[{heading}]"] if heading else []), *lines, ""])


def _value(value: Any) -> str:
    """A value as TOML writes it; JSON's strings and lists of strings are TOML's too, but for DEL."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
