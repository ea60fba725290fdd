"""How shared costs are divided among docks, and what else full cost recovery asks for: what only `resilience cost` reads."""

from __future__ import annotations

from typing import Literal

from resilience.fields import Amount, Number, Record, Share, field

KindOfPool = Literal["premises and office", "central functions", "governance and strategic development", "fundraising"]
Driver = Literal["headcount", "time", "floor area", "direct spending", "income", "people served", "fixed shares"]
Method = Literal["direct", "step-down", "reciprocal"]
LEFT_OVER = "hub"  # the pool of everything in the hub that no other pool takes


class Pool(Record):
    """Shared costs that are divided by one driver."""

    kind: KindOfPool = field(
        "what it is; rule sets choose their own drivers by it", "", "central functions", why="what is left over"
    )
    posts: dict[str, Share] = field("posts of the hub = share of their time", "share", {})
    lines: dict[str, Share] = field("cost lines of the hub = share of the line", "share", {})
    depreciation: Share = field("share of the depreciation", "share", 0.0)
    driver: Driver = field(
        "what it is divided by", "", "direct spending", of="weak", why="the commonest: by what is spent"
    )
    shares: dict[str, Share] | None = field(
        "dock or pool = share of this pool, where the driver is fixed shares", "share", None, why="no fixed shares"
    )
    floor_area: Number = field("floor area that it takes up itself", "square metres", 0.0)
    avoidable: Share = field(
        "part of a dock's share that goes away when the dock does",
        "share",
        0.0,
        of="weak",
        why="assumption: all of it stays",
    )
    billed_to: list[str] = field(
        "restricted funds whose funder pays this pool's share in a budget line of its own", "", []
    )


class Costing(Record):
    """Pools, drivers, and what is asked beside them."""

    method: Method = field(
        "may pools serve pools: no; in an order; or all one another",
        "",
        "direct",
        of="weak",
        why="the simplest: pools serve docks only",
    )
    order: list[str] | None = field("order of the pools in a step-down", "", None, why="the dearest first")
    pools: dict[str, Pool] = field("shared costs", "", {}, why="one pool, hub, of everything in the hub")
    floor_area: dict[str, Number] = field("floor area by dock", "square metres", {})
    kinds: dict[
        str, dict[str, Literal["equipment", "capital", "rent", "tuition", "participant support", "subaward"]]
    ] = field("dock = { cost line = kind that the United States' base for overheads leaves out }", "", {})
    weeks_worked: Number | None = field(
        "weeks a year that a full post is at work",
        "weeks",
        None,
        of="weak",
        why="52 less the statutory holiday",
        gt=0,
        le=52,
    )
    unfunded: Amount = field(
        "costs that somebody bears unpaid and that would have to be paid, such as unpaid hours", "GBP a year", 0
    )
    working_capital: Amount = field("put by a year for working capital", "GBP a year", 0)
    reserves: Amount = field("put by a year for reserves", "GBP a year", 0)
    change_capital: Amount = field("cost of change that no award pays", "GBP a year", 0)
