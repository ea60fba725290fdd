"""What a viewer can choose and move, from an organisation's file; and what was moved, as a scenario that a file could hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from resilience.dashboard.levers import Lever
from resilience.fields import LARGEST, Record
from resilience.organisation import Bid, Opening, Organisation, Post, Renewal, Stream
from resilience.organisation_rules import idle
from resilience.scenario import Scenario, read_scenario, scenario_from
from resilience.shipped import names
from resilience.strategy import read_strategy
from resilience.words.strategies import rules

NOTICE = (
    3  # months of notice of a cut made on the page: Best Value statutory guidance, September 2011, as in council_cut_30
)
CERTAIN = "A figure set here is taken as certain, in place of the file's range."
GROUPS = {
    "streams": ("Income", "Which income"),
    "bids": ("Bids", "Which bid"),
    "opening": ("Opening cash", "Which balance"),
    "hub": ("Hub size", "Which post of the hub"),
}
HELP = {
    "next_april": (
        f"On top of the scenarios ticked. Known {NOTICE} months before. An award with an end and no break clause is cut when renewed."
    ),
    "cut": "The funder takes away a part of it, for good.",
    "depth": f"Matters where a cut is possible. {CERTAIN}",
    "renewal.chance": "The award is made again when it ends.",
    "chance": "",
    "bank": "Restricted money included.",
    "heads": "As if it had been so from the start: what getting there costs is left out.",
}
NEXT_APRIL = "next_april"


def groups(organisation: Organisation) -> list[dict[str, Any]]:
    """The groups of levers that this organisation has, each with its items."""
    found: dict[str, dict[str, str]] = {}
    for lever in levers(organisation):
        found.setdefault(lever.group, {})[lever.item] = _title(lever.item)
    return [
        {
            "id": group,
            "title": GROUPS[group][0],
            "choose": GROUPS[group][1],
            "items": [{"id": item, "title": title} for item, title in items.items()],
        }
        for group, items in found.items()
    ]


def levers(organisation: Organisation) -> list[Lever]:
    """Every figure that can be moved, the largest income first. None that would be read and ignored."""
    return list(_levers(organisation))


def values(organisation: Organisation, moved: Iterable[Lever]) -> dict[str, float]:
    """What each lever stands at in an organisation, in the unit shown: its file's figures, or a scenario's."""
    return {lever.address: _value(organisation, lever) for lever in moved}


def scenarios() -> list[dict[str, str]]:
    """The shipped scenarios: name, title, why. The one that changes nothing is left out."""
    found = [(name, read_scenario(name)) for name in names("policy")]
    return [{"name": name, "title": one.name, "why": one.why} for name, one in found if one.shocks or one.changes]


def strategies() -> list[dict[str, Any]]:
    """The shipped strategies: name, title, why, and their rules in sentences."""
    found = [(name, read_strategy(name)) for name in names("strategies")]
    return [{"name": name, "title": one.name, "why": one.why, "rules": rules(one)} for name, one in found]


def scenario_of(by: Mapping[str, Lever], changes: Mapping[str, float]) -> Scenario:
    """What was moved on the page, as a scenario; the same as its file would say. by: the levers by address."""
    shocks: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for address, value in changes.items():
        lever = by[address]
        group, item, name = _parts(address)
        new = _in_file(lever, value)
        if name == NEXT_APRIL:
            if new:
                shocks.append({"streams": {"id": [item]}, "depth": new, "from": "next April", "notice": NOTICE})
        elif group == "opening":
            changed.append({"what": "organisation", "field": f"opening.{name}", "to": new})
        elif group == "hub":
            changed.append({"what": "posts", "where": {"id": [item], "dock": ["hub"]}, "field": name, "to": new})
        else:
            changed.append({"what": group, "where": {"id": [item]}, "field": name, "to": new})
    said = "; ".join(f"{by[a].said}: {by[a].shown(v)}" for a, v in changes.items())
    raw = {
        "name": "Changed on the page",
        "why": f"What if: {said}." if said else "Nothing was moved.",
        "source": "Set by hand on the page: a what-if."
        + (f" {NOTICE} months of notice: Best Value statutory guidance, September 2011." if shocks else ""),
        "shocks": shocks,
        "changes": changed,
    }
    return scenario_from({key: value for key, value in raw.items() if value != []}, "changed on the page")


# ---- from a field of the file to a lever


def _levers(organisation: Organisation) -> Iterator[Lever]:
    for name, stream in sorted(organisation.streams.items(), key=lambda pair: (-pair[1].yearly.quantile(0.5), pair[0])):
        ignored = idle(organisation.raw["streams"][name])
        if stream.yearly.quantile(0.5) > 0:
            yield _share(f"streams/{name}/{NEXT_APRIL}", "Cut from next April", "share")
        for field in ("cut", "depth"):
            if field not in ignored:
                yield _of(Stream, f"streams/{name}/{field}")
        if stream.renewal is not None and "renewal" not in ignored:
            yield _of(Renewal, f"streams/{name}/renewal.chance")
    for name in sorted(organisation.bids):
        yield _of(Bid, f"bids/{name}/chance")
    yield _of(Opening, "opening/bank", organisation.opening.bank / 100)
    for name, post in organisation.hub.posts.items():
        yield _of(Post, f"hub/{name}/heads", post.heads)


def _of(table: type[Record], address: str, now: float = 0) -> Lever:
    """A lever for a field, from the description, the unit and the limits that the file's check goes by."""
    info = table.model_fields[address.replace("/", ".").rpartition(".")[2]]
    extra: Any = info.json_schema_extra
    unit, label = extra["unit"], f"{str(info.description)[:1].upper()}{str(info.description)[1:]}"
    if unit.startswith(("probability", "share")):
        return _share(address, label, unit)
    group, item, name = _parts(address)
    money = unit.startswith("GBP")
    low = extra.get("minimum", -LARGEST if money else 0)
    end = 2 * max(abs(now), 5_000 if money else 5)
    step = _step(end) if money else 1
    begin = now % step if now >= 0 else now
    return Lever(
        address=address,
        group=group,
        item=item,
        label=label,
        help=HELP[name],
        prefix="£" if money else "",
        suffix="" if money else "people",
        low=low,
        high=extra.get("maximum", LARGEST),
        begin=begin,
        end=begin + -(-end // step) * step,
        step=step,
        scale=1,
    )


def _share(address: str, label: str, unit: str) -> Lever:
    group, item, name = _parts(address)
    suffix = "of 100" if unit.startswith("probability") else "%"
    return Lever(address, group, item, label, HELP[name], "", suffix, 0, 100, 0, 100, 1, 100)


def _parts(address: str) -> tuple[str, str, str]:
    """(group, item, field); a group of one has itself as its item."""
    group, _, rest = address.partition("/")
    item, _, name = rest.rpartition("/")
    return group, item or group, name


def _value(organisation: Organisation, lever: Lever) -> float:
    group, item, name = _parts(lever.address)
    if name == NEXT_APRIL:
        return 0.0
    if group == "opening":
        return organisation.opening.bank / 100
    if group == "hub":
        return float(organisation.hub.posts[item].heads)
    one: Any = organisation.streams[item] if group == "streams" else organisation.bids[item]
    if name == "renewal.chance":
        return _shown(one.renewal.chance)
    return _shown(one.depth.quantile(0.5) if name == "depth" else getattr(one, name))


def _shown(share: float) -> float:
    return round(100 * float(share), 4)


def _in_file(lever: Lever, value: float) -> float | int:
    """A value in the file's unit."""
    if lever.scale == 100:
        return round(value / 100, 6)
    return int(value) if value == int(value) else value


def _title(item: str) -> str:
    return item.replace("_", " ")


def _step(end: float) -> float:
    """A round step, about a hundredth of the whole."""
    return next(size * 10**k for k in range(10) for size in (1, 2, 5) if size * 10**k >= end / 150)
