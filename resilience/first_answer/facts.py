"""What the first answer says: facts, no sentences; money in pounds, months as "2026-04"."""

from __future__ import annotations

from dataclasses import dataclass

from resilience.accounts import ClosingItem


@dataclass(frozen=True)
class Ours:
    """What is really ours before the first month: spendable = bank + investments − restricted − held for others."""

    bank: float
    investments: float
    restricted: float
    held_for_others: float
    spendable: float
    months_of_cover: float


@dataclass(frozen=True)
class Known:
    """Something known in advance.

    kind: "instalment", "ends" (last month paid), "renewal told", "settlement" (decision on a cut), "scenario cut", "cut ends",
    "scenario rise", "rise ends",
    "bid told", "serve-by", "serve-by passed" (before the first month), "pay award", "facility ends". pounds: of the
    instalment; of a year that ends, may be renewed, cut or won, is left after the scenario's cut, or is added to pay;
    of the facility; None for a serve-by month.
    """

    kind: str
    name: str
    pounds: float | None = None


@dataclass(frozen=True)
class MonthAhead:
    """Medians of the projection at the end of a month, and what is known to come in it; None: half have ended."""

    month: str
    bank: float | None
    spendable: float | None
    known: list[Known]


@dataclass(frozen=True)
class LastMonth:
    """The last month at whose end closing in order can be paid for; after it, no more.

    renewals: "none", "all" (both without chance, other things the likelier way) or "as guessed" (the median future).
    month: None where that lies beyond the horizon. too_late: not even at the end of the first month; `month` is then
    the one before it.
    """

    renewals: str
    month: str | None
    too_late: bool


@dataclass(frozen=True)
class Hurt:
    """What a loss takes from spendable cash by the end of month 13, against the likelier way without chance.

    `when`: first month without.
    """

    place: str
    what: str
    when: str
    pounds: float


@dataclass(frozen=True)
class Closing:
    """What closing would cost today: the items known, and their sum."""

    items: list[ClosingItem]
    total: float


@dataclass(frozen=True)
class Contract:
    """A dock's year at the opening: result = income of its streams − direct cost − its share of the hub by direct cost.

    Below nil: subsidised by that much a year. Pay at the first month's rates with NIC, before the employment allowance;
    no bids.
    """

    dock: str
    streams: list[str]
    income: float
    direct: float
    hub_share: float
    result: float


@dataclass(frozen=True)
class Question:
    """A figure not given.

    effect: pounds between its low and its high answer, in what `on` says; said: "left out", "not entered" …
    """

    place: str
    said: str
    low: str
    high: str
    effect: float
    on: str


@dataclass(frozen=True)
class Decision:
    """A decision in the month in which it is told: shares of all futures, which add up to one.

    yes: won or renewed; no: lost or not renewed; ended: not told, for the award or the organisation had ended before.
    """

    month: str
    yes: float
    no: float
    ended: float


@dataclass(frozen=True)
class Fate:
    """A bid, or an award with an end: pounds a year as the file stands, and its decisions within the horizon.

    kind: "bid" or "renewal". As the funder decides; the organisation may have decided to close meanwhile.
    """

    place: str
    kind: str
    pounds: float
    decisions: list[Decision]


@dataclass(frozen=True)
class Told:
    """Income of the next months as the file stands, pounds: told before the first, and hanging on decisions.

    untold_mean: what of the untold comes, in the mean of all futures.
    """

    months: int
    told: float
    untold: float
    untold_mean: float


@dataclass(frozen=True)
class Awards:
    """Won, told, lost: bids and awards, the first told first."""

    fates: list[Fate]
    income: Told


@dataclass(frozen=True)
class BidCash:
    """The cash that a bid needs if it is won: how far below nil it brings spendable cash, against not writing it at all.

    bid: its name, or "all bids" (all won). needed: pounds at the end of `month`, the worst; 0 and None if it never needs any.
    paid_back: the month from whose end on it has cost nothing; None: not by the end of `counted_to`, the month in which the last of its
    income is paid or the last one played (or nothing was needed). winnable: false
    where our price is above the ceiling. walk_away: false where what people who transfer in are owed is not known, so that no lowest
    price can be given. short_of_staff: share of futures in which its income falls short for want of its minimum posts, None without.
    """

    bid: str
    needed: float
    month: str | None
    paid_back: str | None
    counted_to: str
    winnable: bool
    walk_away: bool
    short_of_staff: float | None


@dataclass(frozen=True)
class FirstAnswer:
    """The parts of the page."""

    ours: Ours
    ahead: list[MonthAhead]
    last_months: list[LastMonth]
    hurts: list[Hurt]
    closing: Closing
    contracts: list[Contract]
    questions: list[Question]
    awards: Awards
    bids: list[BidCash]
