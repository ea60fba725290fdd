"""From an organisation, its scenario and a strategy to the rows that the month loop reads, and to what is to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import get_args

import numpy as np

from resilience import bids
from resilience.accounts import funds, lines, money
from resilience.climate import Chain, Settled, Told, climates
from resilience.counterparties import named_payers
from resilience.drawn import Chooser, Drawn
from resilience.draws import Sources
from resilience.economy import Economy, economy_of, share
from resilience.funding import Funding, funding
from resilience.horizon import Horizon
from resilience.hub import hub_rows, steps
from resilience.irregular import Odd, irregular
from resilience.months.state import Plan
from resilience.opportunities import Unnamed, unnamed
from resilience.organisation import Organisation
from resilience.partnerships import Partnerships, partnerships
from resilience.programmes import Programmes, programmes
from resilience.projection.outlook import Doubt, doubt
from resilience.projection.unlisted import Unlisted, unlisted
from resilience.rows import ARREARS, NEVER, Clock, Lines, Posts, Rules
from resilience.services import services
from resilience.social_value import worth_by_month
from resilience.strategy import MERGE, SEARCHES, Do, Rule, Strategy, When
from resilience.undocking import Undocking, undocking
from resilience.variation import AS_IS, Variation
from resilience.volunteers import volunteer_rows
from resilience.workforce import Charging, charging, workforce

WHEN, DO = get_args(When), get_args(Do)  # in the order of rows.COVER … and rows.FREEZE …
ONE = 1_000_000
NO_PEAKS = np.zeros(0, dtype=np.int64)
USUAL = 3  # months of the forecast that is always made


@dataclass(frozen=True)
class Prepared:
    """A plan, the names of its rows, and what chance is asked for."""

    organisation: Organisation
    horizon: Horizon
    plan: Plan
    funding: Funding
    posts: list[str]
    docks: list[str]
    funds: list[str]
    services: list[str]
    places: list[str]
    drawn_lines: list[tuple[Drawn, float]]
    referrals: list[Drawn]
    noises: list[tuple[int, float, bool, float]]
    sources: Sources
    economy: Economy
    doubt: Doubt
    climate: Chain | Settled | Told
    unlisted: Unlisted
    odd: Odd
    bidding: bids.Bidding
    unnamed: Unnamed
    programmes: Programmes
    partnerships: Partnerships
    undocking: Undocking
    variation: Variation
    appeals: list[Drawn]


def clock(horizon: Horizon) -> Clock:
    """The calendar, with the penny of cumulative rounding by month of the funders' year and remainder."""
    bump = np.zeros((13, 12), dtype=np.int64)
    for m in range(1, 13):
        for r in range(12):
            bump[m, r] = (2 * r * m + 12) // 24 - (2 * r * (m - 1) + 12) // 24
    part = np.array([month.funders_month for month in horizon], dtype=np.int64)
    year = np.cumsum((part == 1) & (np.arange(horizon.months) > 0)).astype(np.int64)
    return Clock(horizon.months, part, bump, (part % 3 == 0).astype(np.uint8), year)


def rules(
    strategy: Strategy, streams: Funding, choose: Chooser | None = None, peaks: np.ndarray = NO_PEAKS
) -> tuple[Rules, list[Drawn]]:
    """Rows of a strategy's rules, in the order of its file, and what emergency appeals bring.

    choose registers what is drawn for them (`Strategy.draws`). peaks: int64 (bids,): cash that headroom must cover for each bid to be
    written; none: it need not.
    """
    held = strategy.rules
    most = [NEVER if r.most is None else r.most for r in held]
    whole = lambda x: np.array(x, dtype=np.int64)  # noqa: E731
    further = sorted({r.within or USUAL for r in held if _looks_further(r)})
    luck = [-1] * len(held)
    appeals: list[Drawn] = []
    for i, r in enumerate(held):
        if choose is None:
            continue
        if r.brings is not None:
            luck[i] = len(appeals)
            appeals.append(choose.quantity(f"strategy.appeals.{len(appeals)}", r.brings))
        elif r.do == MERGE:
            luck[i] = choose.sources.row("strategy.partner", SEARCHES)
    asks = [-1] * len(streams.names)
    if choose is not None and any(r.agrees is not None for r in held):
        for s, place in enumerate(streams.names):
            if streams.rows.payment[s] == ARREARS:
                asks[s] = choose.sources.row(f"strategy.in_advance.{place}")
    return Rules(
        whole([WHEN.index(r.when) for r in held]),
        np.array([float(r.level or 0.0) for r in held]),
        whole([DO.index(r.do) for r in held]),
        np.array([r.board == "quarterly" for r in held], dtype=np.uint8),
        whole([r.delay for r in held]),
        whole(most),
        np.array([-1.0 if r.rearm_above is None else r.rearm_above for r in held]),
        float(strategy.hope),
        whole(further),
        whole([further.index(r.within or USUAL) if _looks_further(r) else -1 for r in held]),
        np.array([float(r.agrees or r.found or 0.0) for r in held]),
        whole(luck),
        whole([round(ONE * (1 + (r.rise or 0.0)) * (1 - (r.lost or 0.0)) * (1 - (r.fatigue or 0.0))) for r in held]),
        whole([r.takes or 0 for r in held]),
        np.array([float(r.needs or 0.0) for r in held]),
        whole([r.fee or 0 for r in held]),
        whole(asks),
        peaks,
    ), appeals


def _looks_further(rule: Rule) -> bool:
    """Does it look at another forecast than that of headroom three months ahead, which is always made?"""
    return rule.when == "policy breach forecast" or rule.within not in (None, USUAL)


def _members(of: np.ndarray, groups: int) -> np.ndarray:
    """Rows that belong to each dock, −1 where there are no more, at least one column."""
    members = [np.flatnonzero(of == d) for d in range(groups)]
    table = np.full((groups, max([1, *map(len, members)])), -1, dtype=np.int64)
    for d, found in enumerate(members):
        table[d, : len(found)] = found
    return table


def prepare(
    organisation: Organisation,
    strategy: Strategy,
    months: int,
    variation: Variation = AS_IS,
    peaks: np.ndarray = NO_PEAKS,
) -> Prepared:
    """Everything that is fixed before chance. peaks: int64 (bids,) pence: what headroom must cover for a bid to be written."""
    horizon = Horizon(organisation.first_month, months)
    economy, sources = economy_of(organisation), Sources(variation.own, named_payers(organisation))
    wider = organisation.ranges_too_narrow if variation.wider is None else variation.wider
    choose = Chooser(sources, variation, organisation.chance, wider=wider)
    together = partnerships(organisation, horizon, sources, variation)
    streams = funding(organisation, horizon, economy, sources, choose, organisation.shocks, together)
    odd = irregular(organisation, horizon, choose, streams.names)
    won = {name: (s, int(streams.rows.bid[s])) for s, name in enumerate(streams.names) if streams.rows.bid[s] >= 0}
    offers = bids.bidding(organisation, horizon, sources, choose, variation, won)
    first_ends = {name.split(".", 1)[1]: int(end) for name, end in zip(streams.names, streams.ends, strict=True)}
    charges = charging(organisation, first_ends)
    posts, post_rows = workforce(
        organisation,
        horizon,
        economy,
        sources,
        variation,
        charges,
        {b: (s, int(streams.starts[s])) for b, (s, _) in won.items()},
    )
    line_rows, drawn, places = lines(organisation, horizon, economy, charges.row, choose)
    service_rows, referrals = services(organisation, horizon, choose, worth_by_month(organisation, horizon))
    docks = sorted(organisation.docks)
    streams_of = _members(streams.rows.dock, len(docks))
    working = [
        not organisation.docks[d].funded_by or any(streams.rows.owner[s] for s in streams_of[i] if s >= 0)
        for i, d in enumerate(docks)
    ]
    in_post = np.array(
        [n if d < 0 or working[d] else 0 for n, d in zip(post_rows.heads, post_rows.dock, strict=True)], dtype=np.int64
    )
    in_post[post_rows.transferred >= 0] = 0
    nic = int((in_post * post_rows.nic[:, 0]).sum())
    hub = hub_rows(organisation, horizon, economy)
    stepped = int(hub.step[0]) * steps(sum(working), hub.step_docks)
    budget, deductions = _opening(
        organisation, horizon, economy, charges, post_rows, line_rows, drawn, in_post, working, nic, streams, odd
    )
    ruled, appeals = rules(strategy, streams, choose, peaks)
    most_pay = 2 * int((post_rows.places[:, None] * post_rows.pay).sum(axis=0).max(initial=0))  # earnings may double
    plan = Plan(
        clock(horizon),
        streams.rows,
        funds(organisation, horizon),
        charges.rows,
        post_rows,
        line_rows,
        service_rows,
        money(
            organisation,
            horizon,
            economy,
            budget + stepped,
            deductions,
            nic,
            most_pay,
        ),
        ruled,
        _members(post_rows.dock, len(docks)),
        streams_of,
        variation.odds("redeployment", float(organisation.redeployment)),
        odd.rows,
        hub,
        volunteer_rows(organisation, horizon, economy, posts, charges.row),
    )
    return Prepared(
        organisation,
        horizon,
        plan,
        streams,
        posts,
        docks,
        sorted(organisation.funds),
        sorted(organisation.services),
        places,
        drawn,
        referrals,
        choose.noises,
        sources,
        economy,
        doubt(economy, horizon, sources, variation, organisation.chance, plan.money.settled),
        climates(organisation, horizon, sources),
        unlisted(organisation, months, choose),
        odd,
        offers,
        unnamed(organisation, horizon, choose, strategy),
        programmes(organisation, horizon, sources, variation),
        together,
        undocking(organisation, streams.names, streams.rows, sources, variation),
        variation,
        appeals,
    )


def _opening(
    organisation: Organisation,
    horizon: Horizon,
    economy: Economy,
    charges: Charging,
    posts: Posts,
    line_rows: Lines,
    drawn: list[tuple[Drawn, float]],
    in_post: np.ndarray,
    working: list[bool],
    nic: int,
    streams: Funding,
    odd: Odd,
) -> tuple[int, int]:
    """(opening budget of recurring unrestricted spending, opening creditors by default), pence a month.

    The budget is the pay and lines of month 0 beyond what each restricted fund's own income of a month bears.
    """
    rest = 0
    if organisation.employment_allowance:
        allowance = int(economy.statutory("employment_allowance", horizon.first) * 100)
        rest = max(0, allowance - nic * (horizon.first.funders_month - 1))
    head = posts.pay[:, 0] + posts.nic[:, 0] + posts.pension[:, 0]
    cost = np.bincount(posts.charge, weights=in_post * head, minlength=len(charges.rows.shared)).astype(np.int64)
    free_nic = int((in_post * posts.nic[:, 0])[charges.rows.fund[posts.charge, 0] < 0].sum())
    here = lambda dock: dock < 0 or working[dock]  # noqa: E731
    for dock, k, monthly in zip(line_rows.fixed_dock, line_rows.fixed_charge, line_rows.fixed, strict=True):
        cost[k] += monthly[0] if here(dock) else 0
    for (one, net), dock, k in zip(drawn, line_rows.dock, line_rows.charge, strict=True):
        cost[k] += round(one.median * net / 12) if here(dock) else 0
    income = [0] * len(organisation.funds)
    for s, one in enumerate(streams.amounts):
        if streams.rows.fund[s] < len(income) and streams.rows.owner[s]:
            income[streams.rows.fund[s]] += int(one.median * odd.rows.expected[s]) // 12
    budget = int(cost.sum()) - min(rest, free_nic)
    for k, order in enumerate(charges.rows.fund):
        left = int(cost[k])
        for f, part in zip(order, charges.rows.share[k], strict=True):
            if f >= 0:
                borne = min(left, income[f], share(int(cost[k]), Fraction(int(part), 10**6)) if part >= 0 else left)
                income[f], left, budget = income[f] - borne, left - borne, budget - borne
    pay = int((in_post * head).sum()) - min(nic, rest)
    return budget, share(pay, economy.statutory("deductions_share", horizon.first))
