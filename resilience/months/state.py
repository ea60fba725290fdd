"""What changes from month to month, for a block of paths. Last axis paths."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from resilience.rows import (
    NEVER,
    Array,
    Charges,
    Clock,
    Funds,
    HubRows,
    Irregular,
    Lines,
    Luck,
    Money,
    Posts,
    Rules,
    Services,
    Streams,
    VolunteerRows,
)


class Path(NamedTuple):
    """One value a path."""

    alive: Array  # uint8
    ending: Array  # uint8: kind of the end that came this month or before, 0 none
    closing: Array  # int16: month of the decision to close in order, −1 none
    below: Array  # int16: month-ends running with headroom below nil
    foreseen: Array  # int16: first month of the forecast now running below nil, −1 none
    bank: Array
    investments: Array
    fixed: Array
    provisions: Array
    drawn: Array
    limit: Array
    owed_back: Array  # int16: month in which a lost facility is due
    creditors: Array
    allowance: Array
    frozen: Array  # int16: row of the rule that froze recruitment, −1 none
    stripped: Array  # int16: month of the decision, −1 none
    deciding: Array  # uint8: notice is to be served
    holding: Array  # int16: row of the rule that draws the facility early, −1 none
    merging: Array  # int16: month in which the search for a partner is over, −1 none
    partner: Array  # uint8: one will have been found
    coming: Array  # int64: what an appeal brings next month
    fee: Array  # int64: of looking for a partner, due next month
    awards_lost: Array  # int16: awards held that were told to end, or ended untold
    short: Array  # float64: share of its need that the hub is short of
    short_for: Array  # int16: months running
    lost_before: Array  # int64: posts lost up to the month before
    supervising: Array  # float64: full-time equivalents of the hub that volunteers need
    blending: Array  # int16: row of the rule by which volunteers go into vacancies, −1 none
    upset: Array  # int16: months for which redundancies are still felt
    exited: Array  # uint8: the final-salary scheme has been left, and what that costs paid
    loans: Array  # (loans, block)


class Purses(NamedTuple):
    """Cash, balances, debts and bills, fund by fund; the last row of those with one more is unrestricted."""

    cash: Array  # (funds, block)
    balance: Array  # (funds, block)
    overhead_used: Array  # (funds, block)
    debtors: Array  # (funds + 1, block): last row unrestricted
    due: Array  # (funds + 1, months, block): what arrives when
    deductions: Array  # (funds + 1, block): leaves next month
    bills: Array  # (funds + 1, ring, block): non-pay that leaves when
    recurring: Array  # (3, block): unrestricted recurring spending of three months
    charged_pay: Array  # int64 (funds + 1, block): this month
    charged_lines: Array
    told_income: Array  # int64 (funds + 1, block)
    arrears: Array  # int64 (funds + 1, block): of a pay award that is not settled


class Incomes(NamedTuple):
    """Streams and bids."""

    yearly: Array  # int64 (streams, block)
    whole: Array  # int64 (streams, block): ⌊Y/12⌋
    rest: Array  # int64 (streams, block): Y mod 12
    paid_whole: Array  # of the instalment being delivered
    paid_rest: Array
    deferred: Array  # int64 (streams, block)
    on: Array  # uint8 (streams, block)
    dropped: Array  # uint8 (streams, block)
    next_cut: Array  # int16 (streams, block): number of the next cut
    cut_month: Array  # int16 (streams, block): month it counts from
    told_end: Array  # int16 (streams, block): first month not paid, by what has been told
    telling: Array  # int16 (streams, block): number of the next decision to be told
    telling_month: Array  # int16 (streams, block): month in which it is told
    turning: Array  # int16 (streams, block): number of the next decision to take effect
    term_end: Array  # int16 (streams, block): first month after the present term
    term_start: Array  # int16 (streams, block): its first month
    agreed: Array  # int16 (streams, block): first month after that in which its terms were agreed
    back: Array  # int16 (clawbacks, block): month in which what is left is paid back; NEVER not over, −1 done
    filled: Array  # int16 (streams, block): heads paid this month of the minimum it wants
    asked: Array  # uint8 (streams, block): to pay in advance; 1 agreed, 2 refused


class Teams(NamedTuple):
    """Groups of posts."""

    heads: Array  # int16 (posts, block)
    posts: Array  # int16 (posts, block): establishment
    paid: Array  # int16 (posts, block): this month
    learning: Array  # float64 (posts or 0, block): of those paid, what who is newly hired does not carry yet
    old: Array  # int16 (posts, block): of those in post at the opening
    others: Array  # int16 (posts, heads, block): month the others began, longest service first
    others_number: Array  # int16 (posts, block)
    target: Array  # float64 (posts, heads, block): summed hazard at which a head leaves
    used: Array  # int16 (posts, heads, block)
    since: Array  # int16 (posts or 0, heads, block): month in which the head of a threshold began
    next_leave: Array  # float64 (posts, block)
    there: Array  # float64 (volunteers, block): people
    supervised: Array  # float64 (volunteers, block): of whom somebody supervises
    help: Array  # float64 (docks, block): full-time equivalents of volunteers that carry cases
    extra: Array  # float64 (posts, block): hazard since the opening beyond the usual
    joins: Array  # int16 (posts, months, block)
    unfilled: Array  # int16 (posts, block)
    served: Array  # int16 (posts, block): month of the decision, −1 none
    consulting: Array  # int16 (posts, block)
    here: Array  # uint8 (posts, block): nil for people who come with a contract that has not begun
    indemnity: Array  # int64 (posts, block): what the outgoing employer still bears of their redundancy


class Bays(NamedTuple):
    """Docks."""

    working: Array  # uint8 (docks, block)
    leaving: Array  # int16 (docks, block): month of the decision, −1 none
    at_risk: Array  # uint8 (docks, block)
    funded: Array  # uint8 (docks, block)
    end: Array  # int16 (docks, block): first month that nothing told funds
    untold: Array  # uint8 (docks, block): that end waits for a decision
    by: Array  # int16 (docks, block): stream with which its funding ends, −1 none
    goes: Array  # uint8 (docks, block): it is told that its people then go with the work
    said: Array  # int16 (docks, block): stream whose loss has been told, −1 none


class Cases(NamedTuple):
    """Services."""

    open: Array  # float64 (services, block)
    waiting: Array
    served: Array  # in the month: min(demand, capacity)
    used: Array  # float64 (3, services, block): utilisation of three months
    grown: Array  # float64 (services, block): referrals over those of a climate without austerity
    spent: Array  # float64 (12, block): pence of a year's months
    completed: Array  # float64 (12, block): people who completed a service in them
    earned: Array  # float64 (12, block): pence that streams and bids which fund docks have earned in them
    borne: Array  # float64 (12, block): pence of pay and lines
    load: Array  # float64 (3, block): utilisation of all services


class Board(NamedTuple):
    """Rules of the strategy."""

    armed: Array  # uint8 (rules, block)
    fired: Array  # int16 (rules, block)
    pending: Array  # int16 (rules, block): month in which a delayed decision takes effect
    seen: Array  # int16 (rules, block): awards lost when it was last looked at


class Month(NamedTuple):
    """What happens in the month being played."""

    line: Array  # int64 (lines, block)
    pay: Array  # int64 (charges, block)
    nic: Array
    nonpay: Array
    income: Array  # int64 (4, block): by form
    spending: Array  # int64 (3, block): pay, non-pay, one-off
    hub_spending: Array
    receipts: Array
    payments: Array
    income_received: Array
    joined: Array
    left: Array
    liability: Array
    cover: Array  # float64
    forecast: Array
    people: Array  # float64 (5, block): capacity, demand, served, unmet, completed
    use: Array  # float64: utilisation of all services, the mean of three months
    tied: Array  # int64: earned this month by what funds docks
    recovery: Array  # float64: over the spending that recurs, of the last twelve months
    unit_cost: Array  # float64: spending for each person who completes a service, of the last twelve months
    restricted: Array
    spendable: Array
    headroom: Array
    net_funds: Array
    free: Array
    owed: Array  # debtors of all funds
    deferred: Array
    owing: Array  # loans
    heads: Array  # float64 (4, block): heads, full-time equivalents, of which hub
    earned: Array  # scratch: of one stream
    paid: Array
    total: Array  # scratch
    pay_moves: Array  # float64 (charges, block): whole pence that move with earnings
    nic_moves: Array
    team_moves: Array  # float64 (2, block): likewise, of the hub, and of docks that nothing funds
    achieved: Array  # scratch: results of one stream
    exits: Array  # int64 (docks, block): redundancy and holiday paid to people of the dock
    fit: Array  # float64: mission fit
    transferred: Array  # int16: people who have gone with the work
    average: Array  # float64: recurring unrestricted spending of a month, the mean of three
    aim: Array  # float64: what the reserves policy asks for
    further: Array  # int64 (horizons, block): the forecasts of headroom beside the usual one
    reserves: Array  # int64 (horizons, block): likewise of free reserves


class Plan(NamedTuple):
    """All that is fixed before chance."""

    clock: Clock
    streams: Streams
    funds: Funds
    charges: Charges
    posts: Posts
    lines: Lines
    services: Services
    money: Money
    rules: Rules
    posts_of: Array  # int64 (docks, most): posts of each dock, −1 where there are no more
    streams_of: Array  # int64 (docks, most)
    redeployment: float
    irregular: Irregular
    hub: HubRows
    volunteers: VolunteerRows


class State(NamedTuple):
    """All of them, in the order in which `play` takes them."""

    path: Path
    purses: Purses
    incomes: Incomes
    teams: Teams
    bays: Bays
    cases: Cases
    board: Board
    month: Month


def fresh(plan: Plan, luck: Luck, block: int) -> State:
    """The state at the opening: shapes of a block, mostly nil. `open_books` fills it."""
    T, S, F = plan.clock.months, len(plan.streams.bid), len(plan.funds.opening)
    K, G, D = len(plan.charges.shared), len(plan.posts.heads), len(plan.posts_of)
    H = int(max(plan.posts.places, default=0))
    B, V, R = block, len(plan.services.dock), len(plan.rules.when)

    def whole(*shape: int) -> Array:
        return np.zeros((*shape, B), dtype=np.int64)

    def small(*shape: int, fill: int = 0) -> Array:
        return np.full((*shape, B), fill, dtype=np.int16)

    def flag(*shape: int, fill: int = 0) -> Array:
        return np.full((*shape, B), fill, dtype=np.uint8)

    def real(*shape: int, fill: float = 0.0) -> Array:
        return np.full((*shape, B), fill)

    return State(
        Path(
            alive=flag(fill=1),
            ending=flag(),
            closing=small(fill=-1),
            below=small(),
            foreseen=small(fill=-1),
            bank=whole(),
            investments=whole(),
            fixed=whole(),
            provisions=whole(),
            drawn=whole(),
            limit=whole(),
            owed_back=small(fill=NEVER),
            creditors=whole(),
            allowance=whole(),
            frozen=small(fill=-1),
            stripped=small(fill=-1),
            deciding=flag(),
            holding=small(fill=-1),
            merging=small(fill=-1),
            partner=flag(),
            coming=whole(),
            fee=whole(),
            awards_lost=small(),
            short=real(),
            short_for=small(),
            lost_before=whole(),
            supervising=real(),
            blending=small(fill=-1),
            upset=small(),
            exited=flag(),
            loans=whole(len(plan.money.loans)),
        ),
        Purses(
            cash=whole(F),
            balance=whole(F),
            overhead_used=whole(F),
            debtors=whole(F + 1),
            due=whole(F + 1, T),
            deductions=whole(F + 1),
            bills=whole(F + 1, plan.money.wait + 2),
            recurring=whole(3),
            charged_pay=whole(F + 1),
            charged_lines=whole(F + 1),
            told_income=whole(F + 1),
            arrears=whole(F + 1),
        ),
        Incomes(
            yearly=luck.amount.copy(),
            whole=whole(S),
            rest=whole(S),
            paid_whole=whole(S),
            paid_rest=whole(S),
            deferred=whole(S),
            on=flag(S),
            dropped=flag(S),
            next_cut=small(S),
            cut_month=small(S, fill=NEVER),
            told_end=small(S),
            telling=small(S),
            telling_month=small(S, fill=NEVER),
            turning=small(S),
            term_end=small(S),
            term_start=small(S),
            agreed=small(S),
            back=small(len(luck.returned), fill=NEVER),
            filled=small(S),
            asked=flag(S),
        ),
        Teams(
            heads=small(G),
            posts=small(G),
            paid=small(G),
            learning=real(G * plan.posts.ramps),
            old=small(G),
            others=small(G, H),
            others_number=small(G),
            target=real(G, H, fill=np.inf),
            used=small(G, H),
            since=small(G * plan.posts.each, H),
            next_leave=real(G, fill=np.inf),
            there=np.repeat(plan.volunteers.number[:, None], B, axis=1),
            supervised=real(len(plan.volunteers.number)),
            help=real(D),
            extra=real(G),
            joins=small(G, T),
            unfilled=small(G),
            served=small(G, fill=-1),
            consulting=small(G),
            here=np.repeat((plan.posts.transferred < 0).astype(np.uint8)[:, None], B, axis=1),
            indemnity=whole(G),
        ),
        Bays(
            working=flag(D),
            leaving=small(D, fill=-1),
            at_risk=flag(D),
            funded=flag(D),
            end=small(D),
            untold=flag(D),
            by=small(D, fill=-1),
            goes=flag(D),
            said=small(D, fill=-1),
        ),
        Cases(
            open=real(V),
            waiting=real(V),
            served=real(V),
            used=real(3, V),
            grown=real(V, fill=1.0),
            spent=real(12),
            completed=real(12),
            earned=real(12),
            borne=real(12),
            load=real(3),
        ),
        Board(armed=flag(R, fill=1), fired=small(R), pending=small(R, fill=-1), seen=small(R)),
        Month(
            line=luck.line.copy(),
            pay=whole(K),
            nic=whole(K),
            nonpay=whole(K),
            income=whole(4),
            spending=whole(3),
            hub_spending=whole(),
            receipts=whole(),
            payments=whole(),
            income_received=whole(),
            joined=small(),
            left=small(),
            liability=whole(),
            cover=real(),
            forecast=whole(),
            people=real(5),
            use=real(),
            tied=whole(),
            recovery=real(fill=np.inf),
            unit_cost=real(fill=np.inf),
            restricted=whole(),
            spendable=whole(),
            headroom=whole(),
            net_funds=whole(),
            free=whole(),
            owed=whole(),
            deferred=whole(),
            owing=whole(),
            heads=real(4),
            earned=whole(),
            paid=whole(),
            total=whole(),
            pay_moves=real(K),
            nic_moves=real(K),
            team_moves=real(2),
            achieved=whole(),
            exits=whole(D),
            fit=real(fill=1.0),
            transferred=small(),
            average=real(),
            aim=real(),
            further=whole(len(plan.rules.horizons)),
            reserves=whole(len(plan.rules.horizons)),
        ),
    )
