"""Where money comes from: streams that are agreed or customary, and bids; how each is paid, cut, renewed and won."""

from __future__ import annotations

from typing import Annotated, Literal

from resilience.fields import (
    EITHER,
    PLAIN,
    RANGE_OR_TABLE,
    TABLE,
    Amount,
    AmountRange,
    CalendarMonth,
    Chance,
    MonthOfYear,
    Notice,
    Number,
    Rate,
    Record,
    Season,
    Share,
    ShareRange,
    field,
)
from resilience.tenders import Delay, Extensions, Kind, LogOdds, Price, Route, Score, Takeover, TransfersIn
from resilience.terms import Clawback, Extension, Gifts, Loss, Results, Unit

Form = Literal["grant", "contract", "gift", "sale"]
Payment = Literal["monthly", "quarterly in advance", "arrears"]


class Noise(Record):
    """Month noise, mean nil (pounds) or mean one (logs)."""

    sd: Number = field("standard deviation of a month", "log or GBP")
    of: Literal["log", "pounds"] = field("what sd is measured in", "", "log")
    autocorrelation: Share = field("correlation of one month with the next", "", 0.0)


class CpiShare(Record):
    """An uplift tied to prices."""

    share_of_cpi: Number = field("share of CPI passed on each April", "share", le=5)


class Renewal(Record):
    """What may follow at the end of an award."""

    chance: Chance = field("probability of renewal at each end", "probability", of="weak")
    told: int = field(
        "months before the end at which we are told", "months", 2, of="weak", why="assumption of the model", ge=0, le=24
    )
    term: int = field(
        "months of a renewed award",
        "months",
        12,
        of="weak",
        why="13 % of grants with a stated duration last three years or more (360Giving, 2021/22)",
        ge=1,
        le=240,
    )
    fraction: ShareRange = field(
        "amount of the renewed award as a share of the old", "share", 1.0, of="weak", why="renewed on the same terms"
    )
    held: Chance = field(
        "probability that at an end it is held over on the same terms, for 3 to 12 months, and asked again",
        "probability",
        0.0,
        of="weak",
        why="off: common in a reorganisation of councils, rare otherwise",
    )
    extension: Extension | None = field("options to extend, asked before the renewal", "", None, why="none")
    retender: bool = field("the renewal is a tender that we bid for", "", False)
    incumbent: float = field(
        "what being there adds to the log-odds of a retender",
        "log-odds",
        0.0,
        of="nobody",
        neutral=0.0,
        why="the chance is meant as it is",
        ge=-10,
        le=10,
    )
    cost: Amount = field("cost of bidding in a retender, won or lost", "GBP", 0)


Uplift = Annotated[Annotated[CpiShare, TABLE] | Annotated[Rate, PLAIN], EITHER]
RenewalOrChance = Annotated[Annotated[Renewal, TABLE] | Annotated[Chance, PLAIN], RANGE_OR_TABLE]


class Paid(Record):
    """How money is paid: shared by streams and bids."""

    payer: str | None = field("who pays: one habit of paying for each payer", "", None, why="the stream's own name")
    kind: Kind = field("kind of payer")
    programme: str | None = field("policy programme that it belongs to", "", None, why="none")
    fund: str | None = field(
        "fund it belongs to", "", None, why="a grant: a restricted fund of its own name; else unrestricted"
    )
    uplift: Uplift = field(
        "rise each April",
        "a year",
        0.0,
        of="weak",
        why="17 % of providers had an uplift on all or most contracts (NCVO, 2024)",
    )
    payment: Payment | None = field(
        "when it is paid",
        "",
        None,
        of="weak",
        why="contract: arrears; grant: quarterly in advance; gift and sale: monthly",
    )
    lag: Number | None = field(
        "months from delivery to payment, in arrears", "months", None, of="weak", why="by kind", le=24
    )
    late: Chance = field(
        "probability that an invoice is paid late", "probability", "don't know", of="weak", why="by kind"
    )
    late_months: Number = field(
        "mean further months of a late invoice", "months", 1.0, of="weak", why="assumption", ge=1, le=24
    )
    fit: Share = field(
        "mission fit of what it pays for: 0 none of our purpose, 1 all", "share", 1.0, of="nobody", why="says nothing"
    )
    lost: Loss | None = field(
        "why it may be lost, by weights, and whether the people of the dock it funds then go with the work",
        "",
        None,
        of="weak",
        why="assumption: a contract is tendered again alike (5 in 10), taken in-house (1), reshaped (2) or ended (2); "
        "with a grant, gift or sale the work ends",
    )


class Stream(Paid):
    """Income that is agreed or customary."""

    form: Form | None = field("grant, contract, gift or sale", "", None, of="weak", why="by kind")
    yearly: AmountRange = field(
        "amount a year; left out with unit or gifts, which say what is expected",
        "GBP a year",
        0,
        why="price × 12 × the opening month's units; gifts a year × their mean; needed without them",
    )
    starts: CalendarMonth | None = field("first month", "", None, why="before the first month", alias="from")
    until: CalendarMonth | None = field("last month of the award", "", None, why="no end")
    cut: Chance | None = field("yearly probability of a cut", "probability a year", None, of="weak", why="by kind")
    depth: ShareRange | None = field("share lost in a cut", "share", None, of="weak", why="by kind")
    settlement_share: Share = field(
        "share of the odds of a cut that falls on the yearly decision",
        "share",
        0.8,
        of="weak",
        why="assumption of the model",
    )
    at_most: int | None = field("most cuts", "cuts", None, why="no limit", ge=0, le=600)
    decision_month: MonthOfYear | None = field(
        "month of the yearly decision", "month of the year", None, of="weak", why="by kind"
    )
    notice: Notice | None = field("months of notice of a cut", "months", None, of="weak", why="by kind")
    break_clause: bool = field("a fixed-term award that can be cut within its term", "", False)
    renewal: RenewalOrChance | None = field("what may follow at the end", "", None, of="weak", why="by kind")
    noise: Noise | None = field("month noise", "", None, why="off")
    statutory_duty: bool = field(
        "the payer must have the service by law: the odds of cuts are halved, and trouble of the payer does not touch it",
        "",
        False,
    )
    austerity: Number = field(
        "the odds of cuts in austerity are multiplied by this",
        "",
        1.0,
        of="nobody",
        neutral=1.0,
        why="no effect",
        le=1000,
    )
    growth_climate: Number = field(
        "the odds of cuts in growth are multiplied by this", "", 1.0, of="nobody", neutral=1.0, why="no effect", le=1000
    )
    depth_in_austerity: Number = field(
        "what is lost in a cut decided in austerity is multiplied by this, up to all",
        "",
        1.0,
        of="nobody",
        neutral=1.0,
        why="no effect",
        le=20,
    )
    volatility: Number = field(
        "standard deviation of the log of a funders' year's total, mean one", "log", 0.0, of="weak", why="off", le=2
    )
    memory: Share = field(
        "correlation of one year's volatility with the next", "", 0.5, of="weak", why="assumption of the model"
    )
    season: Season | None = field("weights of the twelve months, April first", "", None, why="even")
    unit: Unit | None = field("paid by the unit", "", None, why="paid by the year")
    results: Results | None = field("paid in part by results", "", None, why="no")
    gifts: Gifts | None = field("legacies or major gifts, in whole gifts", "", None, why="paid by the year")
    clawback: Clawback = field(
        "what its own fund holds when the award ends: kept, returned, or asked back",
        "",
        "kept",
        why="nothing is asked back",
    )
    clawback_kept: Chance = field(
        "probability that what is asked back may be kept",
        "probability",
        0.5,
        of="nobody",
        why="assumption: one in two",
    )
    pays_exit: bool = field("pays redundancy and holiday of its dock's people while it runs", "", False)


class Mobilisation(Record):
    """From award to the first day of service."""

    months: int = field("months from standstill to go-live", "months", 0, ge=0, le=36)
    cost: Amount = field("cost beside pay", "GBP", 0)


class Bid(Paid):
    """A contract or grant bid for."""

    route: Route = field("how it is awarded; sets the defaults of form, payment and chance", "", "open tender")
    form: Form | None = field(
        "grant, contract, gift or sale", "", None, of="weak", why="a grant round: grant; any other route: contract"
    )
    chance: Chance = field("probability of winning", "probability", of="weak")
    yearly: AmountRange = field("value a year", "GBP a year")
    term: int = field("months of income", "months", ge=1, le=240)
    decision: CalendarMonth = field("month in which the award is told")
    standstill: int = field(
        "months of standstill",
        "months",
        0,
        of="weak",
        why="eight working days (Procurement Act 2023, s. 51), less than half a month; none for a grant",
        ge=0,
        le=1,
    )
    mobilisation: Mobilisation = field("from award to go-live", "", Mobilisation())
    cost: Amount = field("cost of bidding, won or lost", "GBP", 0)
    demobilisation: Amount = field("cost of leaving beside pay, in the month after the last one paid for", "GBP", 0)
    price: Price | None = field("our price beside our usual one", "", None, why="off: as usual")
    score: Score | None = field(
        "how the tender is scored", "", None, of="nobody", why="off: price does not move the odds"
    )
    incumbent: LogOdds = field(
        "log-odds added because we hold, or another holds, the contract now",
        "log-odds",
        0.0,
        of="nobody",
        neutral=0.0,
        why="off: chance says it all",
    )
    extension: Extensions | None = field("what may follow the term", "", None, why="none")
    delay: Delay | None = field("the award may be told late", "", None, of="nobody", why="off: told as planned")
    minimum_posts: int = field(
        "heads of the dock below which income falls in proportion", "heads", 0, why="none", ge=0, le=2000
    )
    transfers_in: TransfersIn | None = field("people who come with the contract", "", None, why="nobody")
    takeover: Takeover | None = field("takes over a failing service", "", None, why="no")

    @property
    def above_ceiling(self) -> bool:
        """Is our price above the highest that is accepted? Then the bid cannot be won."""
        return self.price is not None and self.price.ceiling is not None and self.price.ours > self.price.ceiling
