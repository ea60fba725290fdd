"""The nouns: one organisation as its file describes it.

Amounts are whole pence (written in pounds), shares and probabilities 0 to 1, pay per year. Every field says its unit and class.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import PrivateAttr, model_validator

from resilience.assumptions import Assumption
from resilience.fields import (
    EITHER,
    PLAIN,
    RANGE_OR_TABLE,
    TABLE,
    Amount,
    AmountRange,
    CalendarMonth,
    Chance,
    ExitDebt,
    MonthOfYear,
    Notice,
    Number,
    NumberRange,
    Rate,
    Record,
    Season,
    Share,
    ShareRange,
    Signed,
    YearlyRate,
    field,
    refuse,
)
from resilience.horizon import Month
from resilience.tenders import Delay, Extensions, LogOdds, Opportunities, Price, Route, Score, Takeover, TransfersIn
from resilience.terms import Clawback, Extension, Gifts, Results, Unit

Nation = Literal["England", "Wales", "Scotland", "Northern Ireland"]
Kind = Literal[
    "local authority",
    "NHS",
    "central government",
    "lottery",
    "trust",
    "corporate",
    "giving",
    "legacies",
    "trading",
    "investment",
]
Form = Literal["grant", "contract", "gift", "sale"]
Payment = Literal["monthly", "quarterly in advance", "arrears"]
UNRESTRICTED = "unrestricted"
HIGHEST_PAY = 10**8  # pence a year: 2,000 heads at this pay, times a share in millionths, stay within 64 bits


@dataclass(frozen=True)
class Shock:
    """A cut that a scenario brings: `depth` (share) of a stream, from the month `effective` on, told in the month `told`.

    until: the last month of a cut that ends again; None: for good.
    """

    stream_id: str
    depth: float
    effective: Month
    told: Month
    scenario: str
    until: Month | None = None


@dataclass(frozen=True)
class Rise:
    """What a scenario adds to a cost line or to a service's referrals: the share `rise` of it (below nil: taken away).

    place: "hub.costs.rent", "services.advice"; from the month `starts` on, `until`: its last month, None: for good.
    """

    place: str
    rise: float
    starts: Month
    until: Month | None
    scenario: str


class LastYear(Record):
    """Last year's totals, to reconcile the file with before anything is drawn."""

    income: Amount = field("income of the last full year", "GBP a year")
    spending: Amount = field("spending of the last full year", "GBP a year")


class Debt(Record):
    """Money owed to us that comes on a known date."""

    month: CalendarMonth = field("month in which it comes")
    amount: Amount = field("amount", "GBP")


class OverBankRate(Record):
    """A rate of interest that follows Bank Rate, never below nil."""

    over_bank_rate: Rate = field("what is added to Bank Rate", "a year")


Interest = Annotated[Annotated[OverBankRate, TABLE] | Annotated[Rate, PLAIN], EITHER]


class Opening(Record):
    """Balances at the close of the day before the first month."""

    bank: Signed = field("all money in the bank, restricted money included", "GBP")
    investments: Amount = field("investments that can be sold within 30 days, at book value", "GBP", 0)
    held_for_others: Amount = field("money in the bank that belongs to others", "GBP", 0)
    debtors: Amount = field("owed to us; arrives in the first month", "GBP", 0)
    owed: list[Debt] = field("owed to us besides, with a date", "", [])
    creditors: Amount | None = field(
        "we owe; paid in the first month", "GBP", None, why="one month's PAYE, NIC and pension"
    )
    programme_related_investments: Amount = field("programme-related investments", "GBP", 0)
    essential_designations: Amount = field("designated for essential, committed spending", "GBP", 0)
    provisions: Amount = field("provisions made before the first month", "GBP", 0)
    provisions_due: CalendarMonth | None = field(
        "month in which the provisions are paid", "", None, why="the first month"
    )
    interest_on_bank: Interest = field(
        "yearly interest received on what is in the bank, where above nil", "a year", 0.0
    )


class Policy(Record):
    """The reserves policy: give one of the three."""

    months: Number | None = field("months of spending", "months", None, le=120)
    amount: Amount | None = field("an amount", "GBP", None)
    closing_liability: bool = field("enough to close in order", "", False)

    @model_validator(mode="after")
    def _one(self) -> Policy:
        if (self.months is not None) + (self.amount is not None) + self.closing_liability != 1:
            raise refuse("names no target or several; write one of months, amount, closing_liability = true")
        return self


class Facility(Record):
    """An overdraft or revolving loan."""

    limit: Amount = field("most that can be drawn", "GBP")
    until: CalendarMonth | None = field("last month for which it is committed", "", None, why="beyond the horizon")
    interest: Interest = field(
        "yearly interest on what is drawn",
        "a year",
        OverBankRate(over_bank_rate=0.04),
        of="weak",
        why="assumption: Bank Rate and a margin of 4 points",
    )
    covenant: Signed | None = field("free reserves needed at quarter-ends", "GBP", None, why="no covenant")


class Loan(Record):
    """A loan being repaid."""

    balance: Amount = field("owed at the opening", "GBP")
    repayment: Amount = field("repaid a year", "GBP a year")
    interest: Interest = field("yearly interest", "a year", 0.0)
    secured: bool = field("secured on fixed assets", "", False)


class Purchase(Record):
    """A fixed asset to be bought."""

    month: CalendarMonth = field("month of purchase")
    amount: Amount = field("price", "GBP")


class FixedAssets(Record):
    """Buildings and equipment, paid from unrestricted funds."""

    value: Amount = field("book value at the opening", "GBP", 0)
    depreciation: Amount = field("written off a year, never below nil", "GBP a year", 0)
    purchases: list[Purchase] = field("planned purchases", "", [])


class Closing(Record):
    """What closing would cost beside notice, redundancy and holiday. What is left out is said to be not entered."""

    lease_until: CalendarMonth | None = field("last month of the lease, or its break", "", None)
    lease_yearly: Amount | None = field("rent a year under the lease", "GBP a year", None)
    dilapidations: Amount | None = field("to put the premises right", "GBP", None)
    penalties: Amount | None = field("penalties in contracts", "GBP", None)
    pension_exit: ExitDebt | None = field("exit debt of a final-salary scheme (minus for a credit)", "GBP", None)
    run_off: Amount | None = field("accountants, records, insurance after closing", "GBP", None)
    holiday_weeks: Number = field(
        "untaken holiday owed to each head",
        "weeks",
        1.0,
        of="weak",
        why="assumption: a sixth of 5.6 weeks is untaken",
        le=52,
    )

    @model_validator(mode="after")
    def _lease(self) -> Closing:
        if (self.lease_until is None) != (self.lease_yearly is None):
            raise refuse("gives half a lease; write both lease_until and lease_yearly, or neither")
        return self


class WageRise(Record):
    """A rise of the minimum wage in one April, instead of the dated wage or of earnings."""

    starts: CalendarMonth = field("the April of the rise", alias="from")
    rise: Rate = field("rise of the minimum wage in that April", "share")


class NicChange(Record):
    """Another rate or threshold of employer NIC from a month on."""

    starts: CalendarMonth = field("first month", alias="from")
    rate: Share | None = field("share of pay above the threshold", "share", None, why="as dated")
    threshold: Amount | None = field("secondary threshold", "GBP a year", None, why="as dated")

    @model_validator(mode="after")
    def _some(self) -> NicChange:
        if self.rate is None and self.threshold is None:
            raise refuse("changes nothing; write rate, threshold or both")
        return self


class PayAward(Record):
    """When April's pay award is settled: until then the rise is owed, and paid in that month as arrears."""

    settled: MonthOfYear = field("month in which it is settled and paid", "month of the year", 4)
    arrears_owed: Amount = field("arrears of an award owed at the opening, paid when settled", "GBP", 0)


class Economy(Record):
    """Prices, pay, interest and law. Left out: the dated central path of the program's own data."""

    cpi: YearlyRate | None = field(
        "yearly rise of prices, one for all or by calendar year", "a year", None, of="weak", why="OBR path, dated"
    )
    earnings: YearlyRate | None = field(
        "yearly rise of pay, one for all or by calendar year", "a year", None, of="weak", why="OBR path, dated"
    )
    bank_rate: YearlyRate | None = field(
        "Bank Rate, one for all or by calendar year", "a year", None, of="weak", why="last decision found, held"
    )
    prices_doubt: Number = field(
        "standard deviation of one shift of the yearly rise of prices, shared by all later years",
        "a year",
        0.0147,
        of="weak",
        why="standard deviation of the mean CPI of 2010-14, 2015-19 and 2020-24 (2.94, 1.54, 4.49 %)",
        le=0.1,
    )
    earnings_doubt: Number = field(
        "standard deviation of one shift of the yearly rise of pay, shared by all later years",
        "a year",
        0.0147,
        of="weak",
        why="assumption: as for prices; the dated earnings are too few years",
        le=0.1,
    )
    bank_rate_doubt: Number = field(
        "standard deviation of one shift of Bank Rate, shared by all later years",
        "a year",
        0.0106,
        of="weak",
        why="standard deviation of the mean Bank Rate of 2010-14, 2015-19 and 2020-24 (0.50, 0.51, 2.34 %)",
        le=0.1,
    )
    together: Share = field(
        "correlation of the three shifts", "correlation", 0.6, of="weak", why="assumption of the model"
    )
    minimum_wage: WageRise | None = field(
        "another rise of the minimum wage", "", None, why="as dated; after that with earnings"
    )
    employer_nic: NicChange | None = field("another employer NIC", "", None, why="as dated")
    law_as_of: CalendarMonth | None = field(
        "statutory figures as known in this month", "", None, why="all that is known"
    )


class Doubt(Record):
    """How unsure the odds themselves are: for each, one normal shift of log-odds a path, shared by all it is about."""

    winning: Number = field(
        "how good we are at winning bids: spread of the shift",
        "log-odds",
        0.5,
        of="nobody",
        neutral=0.0,
        why="assumption of the model: odds a factor of 1.9 better or worse, one in ten each way",
        le=3,
    )
    renewal: Number = field(
        "how good we are at being renewed: spread of the shift",
        "log-odds",
        0.5,
        of="nobody",
        neutral=0.0,
        why="assumption of the model: as winning",
        le=3,
    )
    cuts: Number = field(
        "how hard the cutting is: spread of the shift",
        "log-odds",
        0.5,
        of="nobody",
        neutral=0.0,
        why="assumption of the model: as winning",
        le=3,
    )


class UnlistedEvent(Record):
    """Something nobody listed: it can come in any month and costs some months of spending."""

    chance: Chance = field(
        "how likely is something that nobody listed",
        "probability a year",
        0.1,
        of="nobody",
        neutral=0.0,
        why="assumption of the model: one in ten years",
    )
    least: Number = field(
        "least that it costs", "months of spending", 0.5, of="nobody", why="assumption of the model", le=24
    )
    most: Number = field(
        "most that it costs; as likely anything between",
        "months of spending",
        3.0,
        of="nobody",
        why="assumption of the model",
        le=24,
    )


class Payer(Record):
    """Who pays: may be payer of several streams, landlord and pension fund at once, and may get into trouble."""

    event: Chance | None = field(
        "yearly probability that it ends or halves everything discretionary that it pays",
        "probability a year",
        None,
        of="weak",
        why="by kind of its streams",
    )
    halves: Share = field(
        "probability that it then halves rather than ends",
        "probability",
        0.5,
        of="nobody",
        why="assumption of the model",
    )
    days_to_pay: Number | None = field(
        "days from delivery to payment, in arrears, where a stream gives no lag of its own",
        "days",
        None,
        of="weak",
        why="by kind of its streams",
        le=720,
    )
    rent_help: Amount = field("rent that it spares us as landlord; we pay it from the event on", "GBP a year", 0)
    pension_deficit: Amount = field("contributions that it asks for as pension fund from the event on", "GBP a year", 0)


class Climate(Record):
    """A fiscal climate of growth, standstill and austerity, that moves at random; it acts on the odds of cuts alone."""

    moves: Literal["monthly", "yearly"] = field(
        "may move every month, or every November, the month of the Budget",
        "",
        "yearly",
        of="nobody",
        why="assumption of the model",
    )
    starts: Literal["growth", "standstill", "austerity"] = field(
        "in the first month", "", "standstill", of="nobody", why="assumption of the model"
    )
    growth_to_standstill: Share = field("probability of a move", "probability", 0.0, of="nobody", why="never")
    growth_to_austerity: Share = field("probability of a move", "probability", 0.0, of="nobody", why="never")
    standstill_to_growth: Share = field("probability of a move", "probability", 0.0, of="nobody", why="never")
    standstill_to_austerity: Share = field("probability of a move", "probability", 0.0, of="nobody", why="never")
    austerity_to_growth: Share = field("probability of a move", "probability", 0.0, of="nobody", why="never")
    austerity_to_standstill: Share = field("probability of a move", "probability", 0.0, of="nobody", why="never")


class Fund(Record):
    """A restricted fund."""

    opening: Amount = field("cash held for it at the opening", "GBP", 0)
    overhead: Share = field("overhead it pays on what is charged to it", "share", 0.0)
    overhead_yearly: Amount = field("overhead it pays as a fixed sum", "GBP a year", 0)
    overhead_cap: Amount | None = field("most overhead in a funders' year", "GBP a year", None, why="no cap")


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


class Charged(Record):
    """What can be charged to restricted funds by shares."""

    charged_to: dict[str, Share] | None = field(
        "restricted fund = share; the rest is unrestricted",
        "share",
        None,
        why="a dock: its streams' funds, first-ending first; the hub: unrestricted",
    )

    @model_validator(mode="after")
    def _whole(self) -> Charged:
        if self.charged_to and sum(self.charged_to.values()) > 1 + 1e-9:
            raise refuse(
                f"charges {sum(self.charged_to.values()):.0%} of the cost; make the shares add up to 1 or less"
            )
        return self


class Post(Charged):
    """A group of heads in like posts. All are permanent."""

    heads: int = field("people in post", "heads", ge=0, le=2000)
    hours: Number = field("contracted hours of each", "hours a week", 37.5, gt=0, le=168)
    pay: Amount | None = field("pay of each for these hours", "GBP a year", None)
    pay_bill: Amount | None = field("pay of all of them together, instead of pay", "GBP a year", None)
    age: int = field(
        "mean age", "years", 42, of="weak", why="assumption: mid-career; moves redundancy pay only", ge=16, le=80
    )
    service: int = field("whole years of service", "years", ge=0, le=50)
    pension: Share = field(
        "employer's pension contribution on qualifying earnings",
        "share",
        0.03,
        of="weak",
        why="statutory minimum of automatic enrolment",
    )
    notice_weeks: int = field("notice in the contract, if longer than statutory", "weeks", 0, ge=0, le=52)
    turnover: Chance = field(
        "yearly probability that a head leaves",
        "probability a year",
        "don't know",
        of="weak",
        why="charity sector surveys",
    )
    recruiting_months: int = field(
        "months a post stands empty",
        "months",
        2,
        of="weak",
        why="35 days to fill, and notice at the last employer (Agenda Consulting, 2014)",
        ge=0,
        le=24,
    )
    recruiting_cost: Amount = field("cost of filling a post", "GBP a head", 0)
    post: str | None = field(
        "kind of post: vacancies of one kind can be filled by redeployment", "", None, why="the group's own name"
    )

    @model_validator(mode="after")
    def _one_pay(self) -> Post:
        if (self.pay is None) == (self.pay_bill is None):
            raise refuse("needs pay or pay_bill; write one of them")
        if self.pay_bill is not None and self.heads == 0:
            raise refuse("has a pay_bill and no heads; write pay, or the number of heads")
        if max(self.pay or 0, (self.pay_bill or 0) // max(1, self.heads)) > HIGHEST_PAY:
            raise refuse(
                "pays a head more than a million pounds a year; write pay for one head, pay_bill for all of them"
            )
        return self


class DockPost(Post):
    """A group of heads in a dock: they deliver its services."""

    productivity: Number = field("share of its time that carries cases", "share", 1.0, le=1)


class Cost(Charged):
    """A line of cost beside pay."""

    yearly: AmountRange = field("cost a year", "GBP a year")
    grows: Rate | None = field("rise each April", "a year", None, of="weak", why="CPI of the calendar year before")
    vat: Literal["none", "irrecoverable", "recoverable"] = field("VAT in the amount", "", "none")
    noise: Noise | None = field("month noise", "", None, why="off")


class Hub(Record):
    """The small part that is always there."""

    core: list[str] | None = field("posts never given up", "", None, why="all of them")
    bidding_capacity: Number | None = field(
        "bids that it can write in a funders' year", "a year", None, why="no limit", le=1000
    )
    mobilisations_at_once: int | None = field(
        "contracts won that it can mobilise at once", "", None, why="no limit", ge=1, le=100
    )
    posts: dict[str, Post] = field("posts of the hub", "", {})
    costs: dict[str, Cost] = field("costs of the hub", "", {})


class Dock(Record):
    """A team that docks on when it is funded."""

    funded_by: list[str] = field("streams and bids that fund it", "", [])
    posts: dict[str, DockPost] = field("posts of the dock", "", {})
    costs: dict[str, Cost] = field("costs of the dock", "", {})


class Service(Record):
    """What a dock delivers: open cases are a stock, people served a flow."""

    dock: str = field("dock that delivers it")
    caseload: Number = field("open cases a full-time equivalent can carry", "cases")
    length: Number = field("months of support", "months", gt=0, le=600)
    referrals: NumberRange = field("people referred a month", "people a month")
    growth: Rate = field("yearly growth of referrals", "a year", 0.0)
    waits: Share = field("share of the unmet who wait", "share", 1.0, of="weak", why="assumption: all wait")
    open: Number | None = field(
        "open cases at the opening", "cases", None, why="referrals × length, as far as places go"
    )
    waiting: Number = field("waiting at the opening", "people", 0.0)
    noise: Noise | None = field("month noise of referrals", "", None, why="off")


class Organisation(Record):
    """One legal entity: what it has, gets, owes and does."""

    name: str = field("name shown in outputs", min_length=1, max_length=200)
    first_month: CalendarMonth = field("first month played")
    nation: Nation = field("selects statutory rates", "", "England")
    year_end: MonthOfYear = field("last month of the financial year", "month of the year", 3)
    chance: bool = field("false turns every source of chance off", "", True)
    ranges_too_narrow: bool = field(
        "every range is widened by half", "", False, of="nobody", why="off: the ranges as they are written"
    )
    full_time_hours: Number = field("hours of a full-time post", "hours a week", 37.5, gt=0, le=168)
    employment_allowance: bool = field("claims the employment allowance", "", True)
    creditor_days: Number = field(
        "days after which non-pay costs are paid", "days", 30.0, of="weak", why="usual terms", le=365
    )
    recoverable_vat: Share = field("share of VAT that comes back", "share", 0.0)
    redeployment: Chance = field(
        "probability that a head takes a like vacancy elsewhere",
        "probability",
        0.0,
        of="nobody",
        neutral=0.0,
        why="off until asked for",
    )
    living_wage: Literal["none", "Real Living Wage"] = field(
        "hourly wage the employer has promised to pay at least", "", "none"
    )
    london: bool = field("the promise is London's Real Living Wage", "", False)
    pay_award: PayAward = field("when the yearly pay award is settled", "", PayAward())
    grace: int = field("month-ends running with headroom below nil that make insolvency", "months", 3, ge=1, le=600)
    last_year: LastYear | None = field("last year's totals", "", None)
    opening: Opening = field("balances at the opening")
    reserves_policy: Policy = field(
        "the reserves policy", "", Policy(months=3), of="weak", why="rule of thumb: three months"
    )
    facility: Facility | None = field("overdraft or revolving loan", "", None)
    loans: dict[str, Loan] = field("loans", "", {})
    fixed_assets: FixedAssets = field("fixed assets", "", FixedAssets())
    closing: Closing = field("what closing would cost", "", Closing())
    economy: Economy = field("prices, pay and law", "", Economy())
    doubt: Doubt = field("how unsure the odds themselves are", "", Doubt())
    unlisted_event: UnlistedEvent = field("something nobody listed", "", UnlistedEvent())
    funder_events: bool = field("payers can get into trouble; false: none does", "", True)
    payers: dict[str, Payer] = field("who pays, by the names that streams and bids give their payers", "", {})
    climate: Climate | None = field("fiscal climate", "", None, why="off")
    funds: dict[str, Fund] = field("restricted funds", "", {})
    streams: dict[str, Stream] = field("income", "", {})
    bids: dict[str, Bid] = field("bids", "", {})
    opportunities: Opportunities | None = field("contracts that nobody has named yet", "", None, of="nobody", why="off")
    hub: Hub = field("the hub", "", Hub())
    docks: dict[str, Dock] = field("teams that dock on", "", {})
    services: dict[str, Service] = field("what is delivered", "", {})

    _register: Callable[[], tuple[Assumption, ...]] = PrivateAttr(tuple)  # worked out when asked for
    _warnings: tuple[str, ...] = PrivateAttr(())
    _of_file: tuple[str, ...] = PrivateAttr(())  # those of them that its own tables give rise to
    _changed: dict[str, tuple[str, str]] = PrivateAttr(default_factory=dict)  # place: note and source of who changed it
    _shocks: tuple[Shock, ...] = PrivateAttr(())
    _rises: tuple[Rise, ...] = PrivateAttr(())
    _overlays: tuple[str, ...] = PrivateAttr(())
    _scenarios: tuple[tuple[str, dict[str, Any]], ...] = PrivateAttr(())
    _as_read: Organisation | None = PrivateAttr(None)
    _file: str = PrivateAttr("")
    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def register(self) -> tuple[Assumption, ...]:
        """Every figure used: as given, or the default that stands in for it, with its class and source."""
        return self._register()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed but questioned, one sentence each."""
        return self._warnings

    @property
    def scenarios(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        """File and content of the scenarios applied, in their order."""
        return self._scenarios

    @property
    def as_read(self) -> Organisation:
        """The organisation before any scenario."""
        return self._as_read or self

    @property
    def shocks(self) -> tuple[Shock, ...]:
        """Dated cuts of the scenarios applied, in their order."""
        return self._shocks

    @property
    def rises(self) -> tuple[Rise, ...]:
        """Dated rises of costs and referrals of the scenarios applied, in their order."""
        return self._rises

    @property
    def overlays(self) -> tuple[str, ...]:
        """Names of the scenarios applied, in their order."""
        return self._overlays

    @property
    def file(self) -> str:
        """The file it was read from."""
        return self._file

    @property
    def raw(self) -> dict[str, Any]:
        """The tables of the file as written; scenarios change a copy of them."""
        return self._raw

    def posts(self) -> dict[str, tuple[str | None, Post]]:
        """Every group of posts by place ("hub.posts.x"), with its dock (None: the hub), in alphabetical order."""
        found: dict[str, tuple[str | None, Post]] = {f"hub.posts.{k}": (None, p) for k, p in self.hub.posts.items()}
        found |= {f"docks.{d}.posts.{k}": (d, p) for d, dock in self.docks.items() for k, p in dock.posts.items()}
        return dict(sorted(found.items()))

    def transferred(self) -> dict[str, tuple[str, DockPost]]:
        """Every group that comes with a bid by place ("bids.x.transfers_in"), with its dock, as a group of posts."""
        dock_of = {name: d for d, dock in self.docks.items() for name in dock.funded_by}
        return {
            f"bids.{name}.transfers_in": (
                dock_of[name],
                DockPost(
                    heads=one.heads,
                    hours=one.hours,
                    pay=one.pay / 100,  # type: ignore[arg-type]  # a file says pounds
                    age=one.age,
                    service=one.service,
                    pension=one.pension,
                    turnover=one.turnover,
                    post=f"with {name}",
                ),
            )
            for name, bid in sorted(self.bids.items())
            if (one := bid.transfers_in) is not None
        }

    def costs(self) -> dict[str, tuple[str | None, Cost]]:
        """Every cost line by place, with its dock (None: the hub), in alphabetical order."""
        found: dict[str, tuple[str | None, Cost]] = {f"hub.costs.{k}": (None, c) for k, c in self.hub.costs.items()}
        found |= {f"docks.{d}.costs.{k}": (d, c) for d, dock in self.docks.items() for k, c in dock.costs.items()}
        return dict(sorted(found.items()))
