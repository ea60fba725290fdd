"""What the month loop reads: one row a stream, fund, post, line, service or rule. Built once; held as NamedTuples of arrays.

Months are indices of the horizon; ppm are millionths; money is whole pence. A month that never comes is NEVER.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

NEVER = 20_000
Array = np.ndarray

GRANT, CONTRACT, GIFT, SALE = range(4)
MONTHLY, ADVANCE, ARREARS = range(3)


class Clock(NamedTuple):
    """The calendar."""

    months: int
    part: Array  # int64 (months,): month of the funders' year, April = 1
    bump: Array  # int64 (13, 12): penny that month m of a year gets beyond ⌊Y/12⌋ when Y mod 12 = r
    quarter_end: Array  # uint8 (months,): ends of March, June, September, December
    year: Array  # int64 (months,): Aprils played by now beside a first month that is one


class Streams(NamedTuple):
    """Streams, then bids, each in alphabetical order."""

    bid: Array  # int64 (streams,): row of `won`, −1 for a stream
    dock: Array  # int64 (streams,): −1 if it funds none
    fund: Array  # int64 (streams,): row of a restricted fund; the number of funds means unrestricted
    form: Array  # int64 (streams,): GRANT …
    payment: Array  # int64 (streams,): MONTHLY …
    uplift: Array  # int64 (streams, months): ppm added in this April
    cpi_share: Array  # int64 (streams, months): ppm of what prices rise more or less that is added in this April
    shock: Array  # int64 (streams, months): ppm kept under the scenario's shocks effective now
    shock_told: Array  # int64 (streams, months): month in which that shock is told
    dip: Array  # int64 (streams, months): ppm of the amount that is paid this month, under shocks that end again
    dip_told: Array  # int64 (streams, months): month in which the fall of `dip` that counts from this month is told
    turning: Array  # uint8 (streams, months): an award can begin, be told, go on or end this month
    bidding: Array  # int64 (streams,): cost of bidding, in the month told
    mobilising: Array  # int64 (streams, most): cost of mobilising if won, from the month after the award is told
    lag: Array  # int64 (streams,): row of `wait`, −1 if not in arrears
    noise: Array  # int64 (streams,): row of `noise`, −1 for none
    noise_pounds: Array  # uint8 (streams,): noise is added, not a factor
    opening_rest: Array  # int64 (streams,): months of a quarter paid before the horizon that are still to be delivered
    cuttable: Array  # uint8 (streams,): chance can cut it
    owner: Array  # int64 (streams,): 1 if its dock works from the start through it
    waits: Array  # uint8 (streams,): its terms differ from path to path, so shocks that wait for one are applied when it begins
    waiting: Array  # int64 (streams, months): ppm kept under such a shock, in the month from which it would count
    lead: Array  # int64 (streams,): months from the award to go-live over which mobilising is paid; 0 for a stream
    minimum: Array  # int64 (streams,): heads of its dock below which income falls; 0 for none
    short: Array  # int64 (streams,): row of `unstaffed`, −1 for none
    hidden: Array  # int64 (streams,): row of `hidden`, −1 for none
    fit: Array  # float64 (streams,): mission fit of what it pays for


class Irregular(NamedTuple):
    """What is irregular about the income of streams and bids, in the rows of `Streams`."""

    odd: Array  # uint8 (streams,): a month's amount is not the month's part of the yearly amount
    unit: Array  # int64 (streams,): row of `price`, −1 if not paid by the unit
    service: Array  # int64 (streams,): service whose units count
    guaranteed: Array  # float64 (streams,): units a month
    seasonal: Array  # uint8 (streams,)
    season: Array  # int64 (streams, 13): ppm of the year that has come by the end of each month of the funders' year
    year: Array  # int64 (streams,): row of `volatility`, −1 for none
    results: Array  # int64 (streams,): ppm of the amount paid by results
    results_lag: Array  # int64 (streams,): months
    success: Array  # int64 (streams,): row of `success`, −1 for none
    expected: Array  # float64 (streams,): share of the amount that is expected to be earned
    gifts: Array  # int64 (streams,): row of `gifts`, −1 for none
    clawback: Array  # int64 (streams,): row of `returned`, −1 if what is left is kept
    pays_exit: Array  # uint8 (streams,)
    retender: Array  # int64 (streams,): cost of bidding at each decision on the renewal
    services: int
    years: int  # funders' years of the horizon


class Funds(NamedTuple):
    """Restricted funds in alphabetical order."""

    opening: Array  # int64 (funds,)
    overhead: Array  # int64 (funds,): ppm of what is charged
    overhead_month: Array  # int64 (funds, months)
    overhead_cap: Array  # int64 (funds,): a funders' year; −1 for none


class Charges(NamedTuple):
    """How costs are charged: row 0 unrestricted only; a row a dock; a row for each set of shares."""

    fund: Array  # int64 (charges, funds): funds in order of use, −1 where there are no more
    share: Array  # int64 (charges, funds): ppm of the cost, −1: whatever is left
    shared: Array  # uint8 (charges,): by shares


class Posts(NamedTuple):
    """Groups of posts in alphabetical order of their place."""

    dock: Array  # int64 (posts,): −1 hub
    heads: Array  # int64 (posts,): establishment at the opening
    places: (
        Array  # int64 (posts,): the most heads there can be: with posts that fall vacant elsewhere and are filled here
    )
    filled_in: Array  # int64 (posts,): group in which what falls vacant is filled
    form: Array  # uint8 (posts,): PERMANENT …
    ends: Array  # int64 (posts,): last month of its contracts; −1: with the funding of its dock; NEVER: no end
    limit: int  # months of service beyond which a fixed-term contract is permanent
    expiring: int  # 1: there are fixed-term posts
    each: int  # 1: the head whose threshold passes leaves, not the one of shortest service
    ramp: Array  # int64 (posts,): months until who is newly hired carries a full caseload
    ramps: int  # 1: some do
    charge: Array  # int64 (posts,)
    takes: Array  # uint8 (posts, posts): could a head of the first be redeployed into a vacancy of the second?
    core: Array  # uint8 (posts,): never given up
    hours: Array  # float64 (posts,): full-time equivalents of a head
    productivity: Array  # float64 (posts,)
    recruiting: Array  # int64 (posts,): months
    recruiting_cost: Array  # int64 (posts,)
    hazard: Array  # float64 (posts,): of leaving in a month
    leaves: Array  # int64 (posts,): first row of leavers' thresholds in the block
    gaps: Array  # int64 (posts,): rows for each head
    moves: Array  # int64 (posts,): first row of redeployment uniforms, 4 rows each
    longest: int  # months of the longest notice there can be, with consultation
    began: Array  # int64 (posts,): month in which those in post began, below nil
    consulting: Array  # int64 (2, 2): heads from which, and whole months of collective consultation
    at_risk: float  # turnover of people served notice at risk over the usual, less one
    member: Array  # uint8 (posts,): in the final-salary scheme
    oldest: int  # column of the service tables for who begins in month 0
    pay: Array  # int64 (posts, months): a head's pay this month
    nic: Array  # int64 (posts, months)
    pension: Array  # int64 (posts, months)
    exit_pay: Array  # int64 (posts, service, months): redundancy and holiday in the last month
    holiday: Array  # int64 (posts, months): of which holiday
    notice: Array  # int64 (posts, service, months): whole months of notice served at the end of this month
    liability: Array  # int64 (posts, service, months): notice, redundancy and holiday at this month-end
    pay_moves: Array  # int64 (posts, months): part of pay and pension that moves with earnings, for a head this month
    nic_moves: Array  # int64 (posts, months)
    transferred: Array  # int64 (posts,): row of the bid with which they come at go-live, −1 for posts of our own
    brought: Array  # int64 (posts,): months of service that they bring
    indemnity: Array  # int64 (posts,): most of their redundancy pay that the outgoing employer bears
    helped: Array  # uint8 (posts,): volunteers help in their dock
    goes: Array  # uint8 (posts,): at least half on the work of their dock: they go with it where TUPE applies


PERMANENT, FIXED_TERM, SESSIONAL, FREELANCE = range(4)


class Lines(NamedTuple):
    """Cost lines that are drawn, and the sums of those that are not."""

    dock: Array  # int64 (lines,): −1 hub
    charge: Array  # int64 (lines,)
    growth: Array  # int64 (lines, months): ppm added in this April
    level: Array  # int64 (lines, months): ppm of the amount that is charged this month, under the scenario's shocks
    noise: Array  # int64 (lines,): row of `noise`, −1 for none
    noise_pounds: Array  # uint8 (lines,)
    fixed_dock: Array  # int64 (sums,): the lines known exactly, summed by dock and charge
    fixed_charge: Array  # int64 (sums,)
    fixed: Array  # int64 (sums, months)
    moves: Array  # uint8 (lines,): rises with prices
    fixed_moves: Array  # int64 (sums, months): the part that rises with prices


class Services(NamedTuple):
    dock: Array  # int64 (services,)
    caseload: Array  # float64
    length: Array  # float64
    waits: Array  # float64
    growth: Array  # float64 (services, months): factor on the base
    opening: Array  # float64: open cases; below nil: what places and referrals make
    waiting: Array  # float64
    noise: Array  # int64 (services,): −1 for none
    noise_pounds: Array  # uint8 (services,): noise is added, not a factor
    busy: Array  # float64: utilisation of three months above which turnover is higher
    strain: Array  # float64: by how much, over the usual, less one
    most: Array  # float64: most places of volunteers for each of staff, ∞ without a limit
    after: Array  # float64: factor on referrals of a month a year after one of austerity
    worth: Array  # float64 (services, sets or 0, months): pence that one who completes it in the month is worth, at the opening


class Money(NamedTuple):
    """Balances, terms and tests that are one for the whole organisation."""

    bank: int
    investments: int
    held: int
    debtors: int
    owed: Array  # int64 (months,): debts that come on a date
    owed_later: int  # beyond the horizon
    creditors: int
    programme: int
    essential: int
    provisions: int
    provisions_due: int
    fixed_assets: int
    depreciation: Array  # int64 (months,)
    purchases: Array  # int64 (months,)
    loans: Array  # int64 (loans,)
    loan_repayment: Array  # int64 (loans, months)
    loan_interest: Array  # int64 (loans,): ppm a year, or over Bank Rate
    loan_floats: Array  # uint8 (loans,): over Bank Rate
    loan_secured: Array  # uint8 (loans,)
    limit: int
    until: int
    interest: int  # ppm a year, or over Bank Rate
    interest_floats: int
    bank_interest: int  # on what is in the bank
    bank_interest_floats: int
    bank_rate: Array  # int64 (months,): ppm a year, the central path
    bank_rate_open: Array  # uint8 (months,): of a calendar year after the first month's
    settled: int  # month of the funders' year in which April's award is settled and paid
    arrears: int  # of an award, owed at the opening
    covenant: int
    has_covenant: int
    allowance: Array  # int64 (months,): employment allowance of the tax year that begins now; 0 else
    allowance_rest: int  # left at the opening
    deductions: Array  # int64 (months,): ppm of pay, NIC and pension that leaves a month later
    wait: int  # whole months until non-pay is paid
    wait_part: int  # ppm paid one month later still
    policy: int  # 0 months, 1 amount, 2 closing liability
    policy_months: float
    policy_amount: int
    grace: int
    closing_items: Array  # int64 (months,): lease, dilapidations, penalties, run-off at this month-end
    exit_debt: int  # of the final-salary scheme, minus a surplus that is paid out
    scheme_until: int  # month in which the admission to it ends, NEVER: with its last member, or at closing
    levy: int  # ppm of pay above the allowance; nil where the bill cannot reach it
    levy_allowance: int  # a month
    budget: int  # recurring unrestricted spending of the opening budget month
    chance: int


class Rules(NamedTuple):
    """Rules of the strategy, in the order of the file."""

    when: Array  # int64: COVER …
    level: Array  # float64
    do: Array  # int64: FREEZE …
    board: Array  # uint8: 1 quarterly
    delay: Array  # int64
    at_most: Array  # int64
    rearm: Array  # float64: −1 none
    hope: float
    horizons: Array  # int64 (horizons,): months ahead of the forecasts beside the usual one
    ahead: Array  # int64: row of `horizons`, −1: the usual forecast
    chance: Array  # float64: that a payer agrees, that a partner is found
    luck: Array  # int64: first row of the uniforms of looking for a partner; row of `appeal`; −1 for none
    factor: Array  # int64: ppm of sales after prices are raised; of an appeal that a further one brings
    takes: Array  # int64: months from looking for a partner to the transfer
    needs: Array  # float64: months of spending that headroom must cover then
    fee: Array  # int64: pence, of looking for a partner
    asks: Array  # int64 (streams,): row of the uniform of a payer in arrears asked to pay in advance, −1 if not in arrears
    peak: Array  # int64 (bids,): cash that headroom must cover for the bid to be written; no rows: it need not


COVER, FORECAST_INSOLVENT, FORECAST_CLOSING, FUNDING_ENDS, UNTOLD, BREACH_FORECAST, BELOW_POLICY, CONTRACT_LOST = range(
    8
)
FREEZE, STRIP, CLOSE_LOWEST, CLOSE, UNDOCK, SERVE, DRAW, ASK, APPEAL, RAISE, MERGE, BLEND = range(12)


class HubRows(NamedTuple):
    """What the hub must carry, and what being short of it does."""

    need: float  # full-time equivalents without docks
    step_docks: int  # docks that one step carries; nil: there are no steps
    step_fte: float
    step: Array  # int64 (months,): pence of one step
    odds: float  # log-odds of awards lost for all of the need
    leaving: float  # points a year of turnover for all of the need
    upset: float  # turnover after redundancies over the usual, less one
    short: int  # 1: there is a need to be short of


class VolunteerRows(NamedTuple):
    """Groups of volunteers, in alphabetical order of their dock and name."""

    dock: Array  # int64 (groups,)
    charge: Array  # int64: how their cost is charged
    supervisor: Array  # int64: group of posts, −1: the hub
    number: Array  # float64: people at the opening, and the most there is room for
    each: Array  # float64: people whom a full-time supervisor can supervise
    hours: Array  # float64: full-time equivalents of one
    fte: Array  # float64: of which carry cases
    leave: Array  # float64: share of the supervised that leaves in a month
    leave_alone: Array  # float64: of the others
    come: Array  # float64: most that come in a month
    cost: Array  # float64 (groups, months): pence of one a month


class Outlook(NamedTuple):
    """The economy of each path beside the central path: last axis paths; rows are funders' years, `Clock.year`."""

    moves: int  # 0: the central path is certain
    pay: Array  # float64 (years, block): level of earnings over that of the central path, less one
    prices: Array  # float64 (years, block): level of prices over that of the central path, less one
    rise: Array  # int64 (years, block): ppm that prices rise more in the April that begins the year
    unsettled: Array  # int64 (years, block): ppm of charged pay that waits for the settlement of that April's award
    bank_rate: Array  # int64 (block,): ppm that Bank Rate is higher in calendar years after the first month's


class Arrived(NamedTuple):
    """Opportunities in a block of paths: by month, and one by one in the order in which they are told."""

    tried: Array  # int16 (months, block): bids told in this month
    won: Array  # int16 (months, block)
    beyond: Array  # int16 (months, block): of those tried, beyond what the hub can write
    bidding: Array  # int64 (months, block): pence that the bids cost
    missed: Array  # int16 (months, block): came up when no bid could be written
    told: Array  # int16 (all that can arrive, block): month told of each one won, −1 where there is none
    source: Array  # uint8 (all that can arrive, block)
    starts: Array  # int16 (all that can arrive, block): first month of income, −1 where there is none
    lasts: Array  # int16 (all that can arrive, block): months of income
    yearly: Array  # int64 (all that can arrive, block): pence
    terms: Array  # int64 (sources, 4): months of mobilisation and of income, pence a bid costs, 1 where the hub's room counts


class Luck(NamedTuple):
    """What chance decided for a block of paths: last axis paths."""

    u: Array  # float64 (rows, block)
    amount: Array  # int64 (streams, block): opening yearly amount
    begins: Array  # int16 (streams, block): first month paid, below nil if before the horizon; a bid: go-live
    told: Array  # int16 (streams, block): month a bid's award is told; −1 for a stream
    until: Array  # int16 (streams, block): first month after the first term
    turns: Array  # int16 (streams, block): decisions at ends of the award, the last refusal among them
    turn_row: Array  # int64 (streams,): first row of the four below
    turn_told: Array  # int16 (turns, block): month in which it is told what follows the end
    turn_from: Array  # int16 (turns, block): that end, first month of what follows
    turn_until: Array  # int16 (turns, block): first month after what follows; `turn_from` if nothing does
    turn_keep: Array  # int64 (turns, block): ppm of the amount that goes on
    renewed: Array  # int16 (streams, block): ends after which the award went on
    won: Array  # uint8 (bids, block)
    cuts: Array  # int16 (streams, block): number
    cut_row: Array  # int64 (streams,): first row of the three below
    cut_told: Array  # int16 (cuts, block)
    cut_effective: Array  # int16 (cuts, block)
    cut_keep: Array  # int64 (cuts, block): ppm
    wait: Array  # int16 (arrears, months, block)
    noise: Array  # float64 (noises, months, block)
    line: Array  # int64 (lines, block): opening yearly cost
    referrals: Array  # float64 (services, block)
    economy: Outlook
    trouble: Array  # int16 (payers, block): month in which a payer is in trouble; `months` or more: never
    stages: Array  # uint8 (programmes, months, block): rows of programmes.STAGES, one more for one that is gone
    left: (
        Array  # int16 (partners, block): month in which a partner leaves, partnership by partnership; NEVER if it stays
    )
    lost_partner: Array  # int16 (partners, block): likewise, where nobody steps in
    lead_failed: Array  # int16 (partnerships, block)
    gone: Array  # int16 (programmes, block): month in which a programme is abandoned or scrapped, NEVER if it stays
    halving: Array  # uint8 (payers, block): what it pays is halved rather than ended
    burden: Array  # int64 (months or 0, block): what payers in trouble spared us or ask of us
    unlisted: (
        Array  # int64 (months or 0, block): cost of what nobody listed, in millionths of the month's pay and lines
    )
    turn_kind: Array  # uint8 (turns, block): chance.NEW_TERM …
    price: Array  # int64 (units, block): pence of a unit at the opening
    success: Array  # int64 (results, block): ppm
    gifts: Array  # int64 (gifts, months, block): pence of whole gifts that arrive, at opening amounts
    volatility: Array  # float64 (volatilities, funders' years, block)
    returned: Array  # uint8 (clawbacks, block): what is left must be paid back
    hidden: Array  # int64 (takeovers, block): costs that nobody saw
    unnamed_income: Array  # int64 (months, block): of contracts that were opportunities; no rows: none can come
    unnamed_cost: Array  # int64 (months, block): of delivering them
    unnamed_outlay: (
        Array  # int64 (months, block): one-off: bidding for them, engaging, proposals, stepping in for a partner
    )
    unnamed_fitting: Array  # float64 (months, block): cost of delivering, each times its mission fit
    unnamed_missed: Array  # int16 (months, block): sprees that met no proposal
    unnamed_tried: Array  # int16 (months, block): bids for them told in this month
    unnamed_won: Array  # int16 (months, block)
    reason: Array  # uint8 (streams, block): why it is lost, 1 + row of terms.REASONS; 0 if its loss takes nobody along
    goes: Array  # uint8 (streams, block): when it is lost, the people of its dock go with the work
    tupe: int  # 1: of some stream they can
    nothing: Array  # int16 (streams, block): month from which a stream that funds a dock is cut to nothing
    nothing_told: Array  # int16 (streams, block)
    unnamed_beyond: Array  # int16 (months, block): of those tried, beyond what the hub can write
    hard: Array  # uint8 (months or 0, block): is the climate a year before one of austerity?
    won_by: Array  # float64 (bids, block): log-odds by which a bid is won, −∞ where it is lost
    renewed_by: Array  # float64 (turns, block): likewise of a new term
    appeal: Array  # int64 (appeals, block): pence that an emergency appeal brings


# Accounts and measures: a column of the output each. Money in pence; people as they are.
MONEY = (
    "bank",
    "spendable",
    "headroom",
    "restricted_cash",
    "free_reserves",
    "income",
    "spending",
    "closing_liability",
    "income_grant",
    "income_contract",
    "income_gift",
    "income_sale",
    "spending_pay",
    "spending_non_pay",
    "spending_one_off",
    "investments",
    "fixed_assets",
    "debtors",
    "creditors",
    "deferred",
    "provisions",
    "loans",
    "facility",
    "receipts",
    "payments",
    "receipts_of_income",
    "unrestricted_funds",
    "forecast",
)
PEOPLE = (
    "heads",
    "fte",
    "capacity",
    "demand",
    "served",
    "unmet",
    "months_of_cover",
    "heads_hub",
    "fte_hub",
    "hub_share",
    "joined",
    "left",
    "open",
    "waiting",
    "mission_fit",
    "transferred_out",
    "utilisation",
    "completed",
    "cost_per_completed",
    "recovery",
)
MISSION_FIT, TRANSFERRED, UTILISATION, COMPLETED, COST_PER_COMPLETED, RECOVERY = (
    PEOPLE.index(name)
    for name in ("mission_fit", "transferred_out", "utilisation", "completed", "cost_per_completed", "recovery")
)
# What became of each path: months are −1 where it did not happen.
FATES = (
    "end",
    "end_kind",
    "first_breach",
    "no_return",
    "restricted_touched",
    "in_debt",
    "warning",
    "lowest",
    "posts_lost",
    "won",
    "lost",
    "late_cost",
    "breach_24",
)
(
    END,
    END_KIND,
    FIRST_BREACH,
    NO_RETURN,
    TOUCHED,
    IN_DEBT,
    WARNING,
    LOWEST,
    POSTS_LOST,
    WON,
    LOST,
    LATE_COST,
    BREACH_24,
) = range(13)
CONTINUING, INSOLVENT, CLOSED, MERGED = range(4)


class Kept(NamedTuple):
    """The accounts and measures that are kept, of all paths."""

    at: int  # column of the block's first path
    money: Array  # int64 (kept, months, paths)
    money_slot: Array  # int64 (len(MONEY),): −1 not kept
    people: Array  # float64 (kept, months, paths)
    people_slot: Array  # int64 (len(PEOPLE),)
    funds: Array  # int64 (2 · funds or 0, months, paths): cash, then balances


class Record(NamedTuple):
    """What became of each path of a block."""

    fates: Array  # int64 (len(FATES), block)
    turned_away: Array  # float64 (block,): people
    served: Array  # float64 (block,): people, each once: open at the opening, and starts
    worth: Array  # float64 (sets or 0, block): pence of social value of all who complete a service
    unstaffed: Array  # int64 (bids with minimum posts, block): income lost for want of staff
    unwritten: Array  # uint8 (bids or 0, block): not bid for, as headroom did not cover it
    log: Array  # int64 (events, 4): month, event, row, value; no rows: not asked for
    logged: Array  # int64 (1,)


EVENTS = (
    "amount cut",
    "renewed",
    "not renewed",
    "bid won",
    "bid lost",
    "goes live",
    "stream ends",
    "joins",
    "leaves",
    "notice served",
    "notice withdrawn",
    "made redundant",
    "redeployed",
    "dock closes",
    "paid late",
    "facility drawn",
    "covenant missed",
    "rule fired",
    "policy breached",
    "point of no return",
    "restricted money touched",
    "insolvent",
    "closed in order",
    "cut announced",
    "funder in trouble",
    "unlisted event",
    "amount back",
    "extended",
    "held over",
    "gift arrives",
    "paid back",
    "transferred in",
    "lost because",
    "transferred out",
    "payment in advance",
    "asked in vain",
    "appeal brings",
    "prices raised",
    "not bid for",
    "bids beyond",
    "no partner",
    "merged or transferred",
    "contract ends",
    "pension exit",
    "programme",
    "spree missed",
    "amount raised",
    "rise announced",
    "partner leaves",
    "partner lost",
    "lead fails",
)
(
    AMOUNT_CUT,
    RENEWED,
    NOT_RENEWED,
    BID_WON,
    BID_LOST,
    GOES_LIVE,
    STREAM_ENDS,
    JOINS,
    LEAVES,
    NOTICE_SERVED,
    NOTICE_WITHDRAWN,
    MADE_REDUNDANT,
    REDEPLOYED,
    DOCK_CLOSES,
    PAID_LATE,
    FACILITY_DRAWN,
    COVENANT_MISSED,
    RULE_FIRED,
    POLICY_BREACHED,
    POINT_OF_NO_RETURN,
    RESTRICTED_MONEY_TOUCHED,
    BECAME_INSOLVENT,
    CLOSED_IN_ORDER,
    CUT_ANNOUNCED,
    FUNDER_IN_TROUBLE,
    UNLISTED_EVENT,
    AMOUNT_BACK,
    EXTENDED,
    HELD_OVER,
    GIFT_ARRIVES,
    PAID_BACK,
    TRANSFERRED_IN,
    LOST_BECAUSE,
    TRANSFERRED_OUT,
    IN_ADVANCE,
    ASKED_IN_VAIN,
    APPEAL_BRINGS,
    PRICES_RAISED,
    NOT_BID_FOR,
    BIDS_BEYOND,
    NO_PARTNER,
    BECAME_MERGED,
    CONTRACT_ENDS,
    PENSION_EXIT,
    PROGRAMME,
    SPREE_MISSED,
    AMOUNT_RAISED,
    RISE_ANNOUNCED,
    PARTNER_LEAVES,
    PARTNER_LOST,
    LEAD_FAILS,
) = range(len(EVENTS))  # as the months write them down
PACKED = 65_536  # of a value that says two things: people or a month below it, the reason and the stream above
