"""From an organisation, its scenario and a strategy to the rows that the month loop reads, and to what is to be drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from resilience import bids
from resilience import chance as bend
from resilience.accounts import funds, lines, money
from resilience.climate import Chain, chain
from resilience.counterparties import burden, trouble
from resilience.draws import Sources, fill
from resilience.economy import DOUBTED, Economy, economy_of, share
from resilience.funding import TOLD_MOST, Chooser, Drawn, Funding, funding
from resilience.horizon import Horizon
from resilience.irregular import Odd, decided, irregular
from resilience.months.state import Plan
from resilience.organisation import Organisation
from resilience.projection.outlook import Doubt, doubt, outlook
from resilience.projection.outlook import price_index as index_of
from resilience.rows import NEVER, Clock, Luck, Rules
from resilience.services import services
from resilience.strategy import Strategy
from resilience.variation import AS_IS, Variation
from resilience.workforce import charging, workforce

WHEN = (
    "months of cover below",
    "forecast insolvent",
    "forecast below closing liability",
    "funding ends",
    "untold at serve-by",
)
DO = (
    "freeze recruitment",
    "strip hub",
    "close lowest contribution",
    "close in order",
    "undock",
    "serve notice at risk",
)


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
    climate: Chain
    unlisted: Unlisted
    odd: Odd
    bidding: bids.Bidding


@dataclass(frozen=True)
class Unlisted:
    """What `chance.unlisted` needs; hazard 0: off."""

    row: int
    size_row: int
    drawn: int
    hazard: float
    least: float
    most: float

    def cost(self, u: np.ndarray, months: int) -> np.ndarray:
        """Months of spending in millionths, int64 (months, block); no rows if it is off."""
        out = np.zeros((months if self.hazard else 0, u.shape[1]), dtype=np.int64)
        if self.hazard:
            bend.unlisted(u, self.row, self.size_row, self.drawn, self.hazard, self.least, self.most, out)
        return out


def _unlisted(organisation: Organisation, months: int, choose: Chooser) -> Unlisted:
    """The unlisted event: its thresholds and sizes."""
    one, name = organisation.unlisted_event, "unlisted_event"
    yearly = choose.variation.odds(f"{name}.chance", float(one.chance))
    hazard = bend.monthly_hazard(yearly)
    if not (choose.chance and hazard) or name in choose.variation.off:
        return Unlisted(0, 0, 0, 0.0, one.least, one.most)
    drawn = bend.most_events(hazard, months)
    rows = choose.sources.row(name, drawn), choose.sources.row(f"{name}.months", drawn)
    return Unlisted(*rows, drawn, hazard, one.least, one.most)


def clock(horizon: Horizon) -> Clock:
    """The calendar, with the penny of cumulative rounding by month of the funders' year and remainder."""
    bump = np.zeros((13, 12), dtype=np.int64)
    for m in range(1, 13):
        for r in range(12):
            bump[m, r] = (2 * r * m + 12) // 24 - (2 * r * (m - 1) + 12) // 24
    part = np.array([month.funders_month for month in horizon], dtype=np.int64)
    year = np.cumsum((part == 1) & (np.arange(horizon.months) > 0)).astype(np.int64)
    return Clock(horizon.months, part, bump, (part % 3 == 0).astype(np.uint8), year)


def rules(strategy: Strategy) -> Rules:
    """Rows of a strategy's rules, in the order of its file."""
    held = strategy.rules
    most = [NEVER if r.at_most is None else r.at_most for r in held]
    whole = lambda x: np.array(x, dtype=np.int64)  # noqa: E731
    return Rules(
        whole([WHEN.index(r.when) for r in held]),
        np.array([float(r.level or 0.0) for r in held]),
        whole([DO.index(r.do) for r in held]),
        np.array([r.board == "quarterly" for r in held], dtype=np.uint8),
        whole([r.delay for r in held]),
        whole(most),
        np.array([-1.0 if r.rearm_above is None else r.rearm_above for r in held]),
        float(strategy.hope),
    )


def _members(of: np.ndarray, groups: int) -> np.ndarray:
    """Rows that belong to each dock, −1 where there are no more, at least one column."""
    members = [np.flatnonzero(of == d) for d in range(groups)]
    table = np.full((groups, max([1, *map(len, members)])), -1, dtype=np.int64)
    for d, found in enumerate(members):
        table[d, : len(found)] = found
    return table


def prepare(organisation: Organisation, strategy: Strategy, months: int, variation: Variation = AS_IS) -> Prepared:
    """Everything that is fixed before chance."""
    horizon = Horizon(organisation.first_month, months)
    economy, sources = economy_of(organisation), Sources()
    wider = organisation.ranges_too_narrow if variation.wider is None else variation.wider
    choose = Chooser(sources, variation, organisation.chance, wider=wider)
    streams = funding(organisation, horizon, economy, sources, choose, organisation.shocks)
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
    service_rows, referrals = services(organisation, horizon, choose)
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
    budget, deductions = _opening(
        organisation, horizon, economy, charges, post_rows, line_rows, drawn, in_post, working, nic, streams, odd
    )
    plan = Plan(
        clock(horizon),
        streams.rows,
        funds(organisation, horizon),
        charges.rows,
        post_rows,
        line_rows,
        service_rows,
        money(organisation, horizon, economy, budget, deductions, nic),
        rules(strategy),
        _members(post_rows.dock, len(docks)),
        streams_of,
        variation.odds("redeployment", float(organisation.redeployment)),
        odd.rows,
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
        chain(organisation, horizon, sources),
        _unlisted(organisation, months, choose),
        odd,
        offers,
    )


def _opening(
    organisation: Organisation,
    horizon: Horizon,
    economy: Economy,
    charges: Any,
    posts: Any,
    line_rows: Any,
    drawn: Any,
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
        cost[k] += round(median(one) * net / 12) if here(dock) else 0
    income = [0] * len(organisation.funds)
    for s, one in enumerate(streams.amounts):
        if streams.rows.fund[s] < len(income) and streams.rows.owner[s]:
            income[streams.rows.fund[s]] += int(median(one) * odd.rows.expected[s]) // 12
    budget = int(cost.sum()) - min(rest, free_nic)
    for k, order in enumerate(charges.rows.fund):
        left = int(cost[k])
        for f, part in zip(order, charges.rows.share[k], strict=True):
            if f >= 0:
                borne = min(left, income[f], share(int(cost[k]), Fraction(int(part), 10**6)) if part >= 0 else left)
                income[f], left, budget = income[f] - borne, left - borne, budget - borne
    pay = int((in_post * head).sum()) - min(nic, rest)
    return budget, share(pay, economy.statutory("deductions_share", horizon.first))


def median(one: Drawn) -> float:
    """A quantity's value as likely above as below, as the file has it: what is fixed before chance goes by it."""
    return one.median


def price_index(prepared: Prepared, paths: np.ndarray, seed: int) -> np.ndarray:
    """Prices at each month-end beside those before the first month, of the numbered paths; float64 (months, paths)."""
    one, u = prepared.doubt, np.full((1, len(paths)), 0.5)
    if one.moves:
        alone = Sources()
        rows = np.array([alone.row(f"economy.{name}") for name in DOUBTED], dtype=np.int64)
        one, u = replace(one, rows=rows), np.empty((alone.height, len(paths)))
        fill(*alone.arrays(seed), np.ascontiguousarray(paths).astype(np.uint64), u)
    return index_of(one, prepared.economy, prepared.horizon, u)


def luck(prepared: Prepared, u: np.ndarray, chance: bool) -> Luck:
    """What chance decides for a block: uniforms (rows, block) to events. docs/model.md, sections 2 to 5."""
    funded, T, B = prepared.funding, prepared.horizon.months, u.shape[1]
    S = len(funded.names)
    offers, clock = prepared.bidding, prepared.plan.clock
    won = np.zeros((len(funded.won_row), B), dtype=np.uint8)
    shifts = {name: one.shift(u) for name, one in funded.doubts.items()}
    month, halving = trouble(funded.payers, u, T)
    begins, told, until = (_each(x, B).astype(np.int16) for x in (funded.starts, funded.told, funded.ends))
    bids.shift(offers, u, told, begins, until)
    odds = bids.chances(offers, u, _shifted(funded.won_chance, shifts["winning"]), _real)
    bend.happens(u, funded.won_row, odds, won)
    for s, bid in enumerate(prepared.plan.streams.bid):
        if bid >= 0 and funded.won_payer[bid] >= 0:
            won[bid, month[funded.won_payer[bid]] <= np.minimum(told[s], T - 1)] = 0
    tried, named, starts, yearly = bids.opportunities(offers, u, T, shifts["winning"], _whole)
    bids.queue(offers, won, told, begins, until, starts, T)  # as far as the hub can mobilise
    awards = _awards(funded, u, T, (begins, told, until), shifts["renewal"], month, halving)
    states, never = prepared.climate.states(u), np.full(B, T, dtype=np.int16)
    kept = np.where(halving == 1, -1.5, -1.0)  # stands for a depth: what is kept, below −1
    height = int(sum(c.most for c in funded.cuts if c))
    number, told = np.zeros((S, B), dtype=np.int16), np.zeros((height + 1, B), dtype=np.int16)
    effective, keep = np.full((height + 1, B), NEVER, dtype=np.int16), np.zeros((height + 1, B), dtype=np.int64)
    depth = np.zeros((height + 1, B))
    for s, c in enumerate(funded.cuts):
        if c is not None:
            here = slice(int(funded.cut_row[s]), int(funded.cut_row[s]) + c.most)
            bend.cuts(
                u,
                c.rows,
                c.told,
                c.effective,
                *c.odds(shifts["cuts"], chance),
                states,
                c.gap,
                c.begins,
                c.at_most,
                month[c.payer] if c.payer >= 0 else never,
                kept[c.payer] if c.payer >= 0 else np.zeros(B),
                T,
                number[s],
                told[here],
                effective[here],
                depth[here],
            )
            troubled, cut = depth[here] < 0, (np.arange(c.most)[:, None] < number[s]) & (depth[here] >= 0)
            keep[here][troubled] = np.floor(-1e6 * (depth[here][troubled] + 1) + 0.5).astype(np.int64)
            keep[here][cut] = 1_000_000 - _whole(depth[here][cut][None, :], [Drawn("", 0, c.depth, 0.0)], 1e6)[0]
    waits = np.zeros((len(funded.waits), T, B), dtype=np.int16)
    for i, (habit, lag, row, late, mean) in enumerate(funded.waits):
        bend.lags(u, habit, lag, row, late, mean, T, waits[i])
    noises = np.zeros((len(prepared.noises), T, B))
    for i, (row, sd, logs, correlation) in enumerate(prepared.noises):
        bend.noise(u, row, sd, logs, correlation, T, noises[i])
    return Luck(
        u=u,
        amount=bids.priced(offers, _whole(u, funded.amounts, 1.0)),
        **awards,
        won=won,
        cuts=number,
        cut_row=funded.cut_row,
        cut_told=told,
        cut_effective=effective,
        cut_keep=keep,
        wait=waits,
        noise=noises,
        line=_whole(u, [d for d, _ in prepared.drawn_lines], 1.0, [n for _, n in prepared.drawn_lines]),
        referrals=_real(u, prepared.referrals),
        economy=outlook(prepared.doubt, u),
        trouble=month,
        halving=halving,
        burden=burden(funded.payers, month, prepared.horizon),
        unlisted=prepared.unlisted.cost(u, T),
        **decided(prepared.odd, u, _whole, T),
        hidden=_whole(u, funded.hidden, 1.0),
        **_unnamed(offers, clock, tried, named, starts, yearly),
    )


def _shifted(chance: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Each probability on each path, its log-odds shifted: float64 (n, block)."""
    out = np.empty((len(chance), len(shift)))
    bend.shifted(chance, shift, out)
    return out


def _unnamed(
    offers: bids.Bidding, clock: Clock, tried: Any, won: Any, starts: Any, yearly: Any
) -> dict[str, np.ndarray]:
    """Luck.unnamed_income to Luck.unnamed_won, by name, once it is known when each goes live."""
    income, cost = bids.unnamed_money(offers, starts, yearly, clock.part, clock.bump)
    bidding = tried.astype(np.int64) * (offers.unnamed.cost if offers.unnamed else 0)
    found = {"income": income, "cost": cost, "bidding": bidding, "tried": tried, "won": won}
    return {f"unnamed_{name}": values for name, values in found.items()}


def _each(values: np.ndarray, block: int) -> np.ndarray:
    """The same values on every path: (n,) to (n, block)."""
    return np.repeat(values[:, None], block, axis=1)


def _awards(
    funded: Funding,
    u: np.ndarray,
    months: int,
    dates: tuple[np.ndarray, ...],
    shift: np.ndarray,
    trouble: np.ndarray,
    halving: np.ndarray,
) -> dict[str, np.ndarray]:
    """Luck.begins to Luck.renewed, by name: when awards begin, what follows their ends, and when that is told.

    dates: (begins, told, until) as far as they are known; shift: of the log-odds of renewal, shape (block,); trouble, halving: of
    payers.
    """
    S, B = len(funded.names), u.shape[1]
    begins, told, until = dates
    height = 1 + sum(one.most for one in funded.turns if one)
    number, renewed = np.zeros((S, B), dtype=np.int16), np.zeros((S, B), dtype=np.int16)
    when, start, end = (np.full((height, B), NEVER, dtype=np.int16) for _ in range(3))
    keep, kind = np.full((height, B), 1_000_000, dtype=np.int64), np.zeros((height, B), dtype=np.uint8)
    for s, one in enumerate(funded.turns):
        if one is not None:
            here = slice(int(funded.turn_row[s]), int(funded.turn_row[s]) + one.most)
            bend.turns(
                u,
                one.row,
                one.held_row,
                _shifted(one.chance, shift) * (1.0 - one.held),  # held over first, else decided
                one.held,
                one.terms,
                _whole(u, one.fractions, 1e6),
                one.told,
                months + TOLD_MOST,
                until[s],
                number[s],
                when[here],
                start[here],
                end[here],
                keep[here],
                renewed[s],
                kind[here],
                one.option_row,
                _shifted(np.array([one.option]), shift)[0],
                one.option_months,
                one.options,
            )
            if one.payer >= 0:
                bend.meet(
                    trouble[one.payer],
                    halving[one.payer],
                    number[s],
                    when[here],
                    start[here],
                    end[here],
                    keep[here],
                    kind[here],
                    renewed[s],
                )
    return {
        "begins": begins,
        "told": told,
        "until": until,
        "turns": number,
        "turn_row": funded.turn_row,
        "turn_told": when,
        "turn_from": start,
        "turn_until": end,
        "turn_keep": keep,
        "renewed": renewed,
        "turn_kind": kind,
    }


def _table(drawn: list[Drawn]) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Rows and coefficients for the compiled engine, and which of them it cannot bend: nil stands there."""
    found = [d.value.coefficients() for d in drawn]
    coefficients = np.array([one or (0.0, 0.0, 0.0, 0) for one in found], dtype=np.float64).reshape(-1, 4)
    rows = np.array([d.row for d in drawn], dtype=np.int64)
    return rows, coefficients, [i for i, one in enumerate(found) if one is None]


def _whole(u: np.ndarray, drawn: list[Drawn], scale: float, net: list[float] | None = None) -> np.ndarray:
    """Quantities in whole pence or ppm; `net`: share of each that counts."""
    out = np.zeros((len(drawn), u.shape[1]), dtype=np.int64)
    rows, coefficients, others = _table(drawn)
    bend.whole_quantities(u, rows, coefficients, scale, out)
    for i in others:
        bent = np.minimum(drawn[i].value.quantile(u[rows[i]]) * scale, bend.MOST)
        out[i] = np.floor(bent + 0.5).astype(np.int64)
    for i, part in enumerate(net or []):
        if part != 1.0:
            out[i] = np.floor(out[i] * part + 0.5).astype(np.int64)
    return out


def _real(u: np.ndarray, drawn: list[Drawn]) -> np.ndarray:
    out = np.zeros((len(drawn), u.shape[1]))
    rows, coefficients, others = _table(drawn)
    bend.quantities(u, rows, coefficients, out)
    for i in others:
        out[i] = drawn[i].value.quantile(u[rows[i]])
    return out
