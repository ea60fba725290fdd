"""What closing today would cost, and which dock is paid for by others."""

from __future__ import annotations

import numpy as np

from resilience.accounts import ClosingItem, closing_by_item, cost_after_vat
from resilience.costing.items import docks_at_work
from resilience.economy import economy_of
from resilience.employment import whole_pence
from resilience.first_answer.facts import Closing, Contract
from resilience.first_answer.replays import in_post, item_at
from resilience.horizon import Horizon
from resilience.hub import steps
from resilience.organisation import Organisation
from resilience.pay import covered, on_costs, with_holiday, yearly_pay
from resilience.projection import Projection
from resilience.terms import expected_yearly


def closing(projection: Projection) -> Closing:
    """What closing today would cost, item by item; the sum is the opening closing liability of the manifest.

    Heads at the opening, at the first month's law, pay and service; rent from the month after the first to the end of
    the lease.
    """
    plan, opening = projection.prepared.plan, in_post(projection.prepared)
    posts = plan.posts
    column = posts.began + posts.oldest
    heads = np.arange(len(column))
    liability, exits, holiday = posts.liability[heads, column, 0], posts.exit_pay[heads, column, 0], posts.holiday[:, 0]
    pence = {
        "notice": opening * (liability - exits),
        "redundancy": opening * (exits - holiday),
        "holiday": opening * holiday,
    }
    items = [ClosingItem(name, int(x.sum()) / 100) for name, x in pence.items()]
    items += closing_by_item(projection.organisation, plan.money, 0, int(plan.money.loans.sum()))
    return Closing(items, round(sum(x.pounds for x in items if x.pounds is not None), 2))


def contracts(projection: Projection) -> list[Contract]:
    """Docks at work at the opening by what they leave over a year, the most subsidised first."""
    organisation, prepared = projection.organisation, projection.prepared
    costs = _yearly_costs(organisation)
    streams = prepared.plan.streams
    found = []
    for d, name in enumerate(prepared.docks):
        begun = [s for s in prepared.plan.streams_of[d] if s >= 0 and streams.owner[s]]
        if begun:
            places = [prepared.funding.names[s] for s in begun]
            income = sum(round(expected_yearly(item_at(organisation, place))) for place in places)
            found.append((name, [place.split(".", 1)[1] for place in places], income, costs.get(name, 0)))
    direct = sum(cost for *_, cost in found)
    out = []
    for name, paid_by, income, cost in found:
        hub = costs.get(None, 0) * cost / direct if direct else 0.0
        out.append(Contract(name, paid_by, income / 100, cost / 100, hub / 100, (income - cost - hub) / 100))
    return sorted(out, key=lambda x: (x.result, x.dock))


def _yearly_costs(organisation: Organisation) -> dict[str | None, int]:
    """Yearly pence of each dock (None: the hub): pay, NIC and pension as in the first month, lines net of VAT, volunteers, steps."""
    first, economy, found = Horizon(organisation.first_month, 1), economy_of(organisation), dict[str | None, int]()
    on = first.first
    for dock, post in organisation.posts().values():
        basic = yearly_pay(int(post.pay or 0), post.hours, post.kind, first, economy)[0]
        pay = with_holiday(basic, post.kind, on, economy)
        dues = sum(on_costs(pay, post.kind, post.pension, on, economy)) + pay * covered(post)
        found[dock] = found.get(dock, 0) + post.heads * (pay + whole_pence(dues))
    for dock, cost in organisation.costs().values():
        net = round(cost.yearly.quantile(0.5) * float(cost_after_vat(organisation, cost, economy, first)))
        found[dock] = found.get(dock, 0) + net
    for name, helped in organisation.docks.items():
        found[name] = found.get(name, 0) + sum(one.number * one.cost for one in helped.volunteers.values())
    if step := organisation.hub.step:
        found[None] = found.get(None, 0) + steps(len(docks_at_work(organisation)), step.docks) * step.yearly
    return found
