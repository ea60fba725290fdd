"""What costs: posts with pay, NIC and pension, and cost lines, of docks and hub, by the year at the rates of the first month.

The same figures as the projection plays from, read from the same file; every post filled. docs/cost_recovery.md.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction

from resilience.costing.allocation import largest_remainder
from resilience.economy import Economy, economy_of
from resilience.employment import exact, whole_pence
from resilience.horizon import Horizon
from resilience.organisation import Cost, Organisation, Post, Stream
from resilience.organisation.teams import DockPost
from resilience.pay import at_work, covered, on_costs, with_holiday, yearly_pay
from resilience.terms import expected_yearly

STEP = "hub.step"
DEPRECIATION = "fixed_assets.depreciation"


@dataclass(frozen=True)
class Item:
    """One thing that costs, pence a year. pay, nic, pension: its parts if it is a group of posts; nic after the allowance.

    heads, hours (a week, of all heads together), working (hours that carry cases) are 0 for a line.
    """

    place: str
    dock: str | None
    pence: int
    pay: int = 0
    nic: int = 0
    pension: int = 0
    heads: int = 0
    hours: Fraction = Fraction(0)
    working: Fraction = Fraction(0)
    charged_to: dict[str, float] | None = None
    spared: int = 0  # NIC that the employment allowance pays

    @property
    def name(self) -> str:
        return self.place.split(".")[-1]

    @property
    def is_line(self) -> bool:
        """Is it not of a group of posts? What volunteers and the steps of the hub cost is a line too."""
        return ".costs." in self.place or ".volunteers." in self.place or self.place == STEP


def on(organisation: Organisation, stream: Stream) -> bool:
    """Has the stream begun, and not ended, in the first month?"""
    first = organisation.first_month
    return (stream.starts is None or stream.starts <= first) and (stream.until is None or stream.until >= first)


def docks_at_work(organisation: Organisation) -> list[str]:
    """Docks that something which is on funds in the first month, or that nothing funds; in alphabetical order."""
    return [
        name
        for name, dock in sorted(organisation.docks.items())
        if not dock.funded_by
        or any(n in organisation.streams and on(organisation, organisation.streams[n]) for n in dock.funded_by)
    ]


def items_of(organisation: Organisation, docks: Collection[str], with_bids: Collection[str] = ()) -> list[Item]:
    """Everything that the hub and these docks cost a year, in alphabetical order of places; who comes with the bids named too."""
    groups: dict[str, tuple[str | None, Post]] = {**organisation.posts()}
    groups |= {p: g for p, g in organisation.transferred().items() if p.split(".")[1] in with_bids}
    economy, first = economy_of(organisation), Horizon(organisation.first_month, 1)
    found = [
        _post(organisation, economy, first, place, dock, post)
        for place, (dock, post) in sorted(groups.items())
        if dock is None or dock in docks
    ]
    if organisation.employment_allowance:
        found = _spared(found, int(economy.statutory("employment_allowance", first.first) * 100))
    found += [
        Item(place, dock, _net(organisation, cost, economy, first), charged_to=cost.charged_to)
        for place, (dock, cost) in organisation.costs().items()
        if dock is None or dock in docks
    ]
    for d, dock in sorted(organisation.docks.items()):
        for name, one in sorted(dock.volunteers.items()) if d in docks else ():
            found.append(Item(f"docks.{d}.volunteers.{name}", d, one.number * one.cost))
    if step := organisation.hub.step:
        found.append(Item(STEP, None, -(-len(docks) // step.docks) * step.yearly))
    depreciation = organisation.fixed_assets.depreciation
    return [*found, Item(DEPRECIATION, None, depreciation)] if depreciation else found


def _post(
    organisation: Organisation, economy: Economy, first: Horizon, place: str, dock: str | None, post: Post
) -> Item:
    """A group of posts: each head's pay, NIC and pension rounded to the penny, as twelve months of it sum to."""
    month = first.first
    pay = with_holiday(
        yearly_pay(int(post.pay or 0), post.hours, post.kind, first, economy)[0], post.kind, month, economy
    )
    nic, pension = (whole_pence(one) for one in on_costs(pay, post.kind, post.pension, month, economy))
    pay += whole_pence(pay * covered(post))
    hours = post.heads * exact(post.hours)
    working = hours * exact(post.productivity) * at_work(post) if isinstance(post, DockPost) else Fraction(0)
    pay, nic, pension = (post.heads * one for one in (pay, nic, pension))
    whole = pay + nic + pension
    return Item(place, dock, whole, pay, nic, pension, post.heads, hours, working, post.charged_to)


def _spared(posts: list[Item], allowance: int) -> list[Item]:
    """NIC less the employment allowance: the hub's posts first, as it is the employer's and stays when a contract goes; then docks'."""
    left, spared = allowance, dict[str, int]()
    for hub in (True, False):
        nic = {one.place: one.nic for one in posts if (one.dock is None) == hub and one.nic}
        taken = min(left, sum(nic.values()))
        spared |= largest_remainder(taken, nic) if taken else {}
        left -= taken
    return [
        replace(one, pence=one.pence - less, nic=one.nic - less, spared=less)
        for one in posts
        for less in [spared.get(one.place, 0)]
    ]


def _net(organisation: Organisation, cost: Cost, economy: Economy, first: Horizon) -> int:
    """Pence a year of a line at the middle of its range, without the VAT that comes back."""
    amount = round(cost.yearly.quantile(0.5))
    if cost.vat != "recoverable":
        return amount
    rate = economy.statutory("vat_standard_rate", first.first)
    return amount - whole_pence(amount * rate / (1 + rate) * exact(organisation.recoverable_vat))


def income_of(organisation: Organisation, docks: Collection[str], with_bids: Collection[str] = ()) -> dict[str, int]:
    """Pence a year of every stream that is on, and of the bids named, as its file stands in the first month."""
    streams = {n: s for n, s in sorted(organisation.streams.items()) if on(organisation, s)}
    bids = {n: organisation.bids[n] for n in sorted(with_bids)}
    return {name: round(expected_yearly(item)) for name, item in {**streams, **bids}.items()}
