"""Who does the work and what else it costs: posts and cost lines of the hub and of docks, and the services they deliver."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from resilience.fields import (
    Amount,
    AmountRange,
    CalendarMonth,
    Chance,
    Number,
    NumberRange,
    Rate,
    Record,
    Season,
    Share,
    field,
    refuse,
)
from resilience.organisation.income import Noise

HIGHEST_PAY = 10**8  # pence a year: 2,000 heads at this pay, times a share in millionths, stay within 64 bits


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
    """A group of heads in like posts of one kind."""

    heads: int = field("people in post", "heads", ge=0, le=2000)
    kind: Literal["permanent", "fixed-term", "sessional", "freelance"] = field(
        "what the contract is; a post changes its kind only when it is vacant", "", "permanent"
    )
    until: CalendarMonth | None = field(
        "last month of fixed-term contracts", "", None, why="with the funding of their dock"
    )
    vacancies_go_to: str | None = field(
        "group of the same team in which a post is filled again when it falls vacant", "", None, why="in this group"
    )
    absence: Share = field("share of working time lost to sickness, training and other absence", "share", 0.0)
    cover: Share = field("share of that absence for which somebody else is paid", "share", 0.0)
    cover_cost: Number = field("cost of an hour of cover, over an hour's pay", "", 1.0, le=10)
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
        "name shared by like groups: their vacancies can be filled by redeployment",
        "",
        None,
        why="the group's own name",
    )
    could_take: list[str] = field("other kinds of post whose vacancies its people could take", "", [])
    in_scheme: bool = field("its people are active members of the final-salary scheme", "", False)

    @model_validator(mode="after")
    def _one_pay(self) -> Post:
        if (self.pay is None) == (self.pay_bill is None):
            raise refuse("needs pay or pay_bill; write one of them")
        if self.pay_bill is not None and self.heads == 0:
            raise refuse("has a pay_bill and no heads; write pay, or the number of heads")
        if self.until is not None and self.kind != "fixed-term":
            raise refuse(f'has an end and is {self.kind}; write kind = "fixed-term", or remove until')
        if (self.cover or "cover_cost" in self.model_fields_set) and not self.cover * self.absence:
            raise refuse("covers absence and has none, or none that is covered; write absence and cover, or neither")
        if max(self.pay or 0, (self.pay_bill or 0) // max(1, self.heads)) > HIGHEST_PAY:
            raise refuse(
                "pays a head more than a million pounds a year; write pay for one head, pay_bill for all of them"
            )
        return self


class DockPost(Post):
    """A group of heads in a dock: they deliver its services."""

    productivity: Number = field("share of its time that carries cases", "share", 1.0, le=1)
    ramp_up: int = field("months until who is newly hired carries a full caseload", "months", 0, ge=0, le=24)


class Cost(Charged):
    """A line of cost beside pay."""

    yearly: AmountRange = field("cost a year", "GBP a year")
    grows: Rate | None = field("rise each April", "a year", None, of="weak", why="CPI of the calendar year before")
    vat: Literal["none", "irrecoverable", "recoverable"] = field("VAT in the amount", "", "none")
    noise: Noise | None = field("month noise", "", None, why="off")


class Step(Record):
    """What the hub needs more of as docks come: so much for each started number of them."""

    docks: int = field("docks at work that one step carries", "", ge=1, le=100)
    yearly: Amount = field("what each step costs besides staff", "GBP a year", 0)
    fte: Number = field("staff that each step needs", "full-time equivalents", 0.0, le=1000)


class Hub(Record):
    """The small part that is always there."""

    core: list[str] | None = field("posts never given up", "", None, why="all of them")
    bidding_capacity: Number | None = field(
        "bids that it can write in a funders' year", "a year", None, why="no limit", le=1000
    )
    mobilisations_at_once: int | None = field(
        "contracts won that it can mobilise at once", "", None, why="no limit", ge=1, le=100
    )
    need: Number | None = field(
        "staff that it needs whatever docks there are",
        "full-time equivalents",
        None,
        why="its posts as they stand",
        le=10_000,
    )
    step: Step | None = field("what it needs and costs more as docks come", "", None, why="nothing")
    odds_when_short: Number = field(
        "log-odds of winning and of renewal lost for each 10 % that it is short of need",
        "",
        0.1,
        of="weak",
        why="assumption of the model: 10 % short, and 50 in 100 become 47½",
        le=5,
    )
    turnover_when_short: Number = field(
        "yearly turnover more for each 10 % that it has been short of need for three months",
        "points a year",
        0.02,
        of="weak",
        why="assumption of the model",
        le=0.1,
    )
    turnover_after_redundancies: Number = field(
        "turnover over the usual for six months after more than one head in ten was made redundant in a month",
        "",
        1.25,
        of="weak",
        why="assumption of the model",
        ge=1,
        le=10,
    )
    posts: dict[str, Post] = field("posts of the hub", "", {})
    costs: dict[str, Cost] = field("costs of the hub", "", {})


class Volunteers(Record):
    """A group of people who help in a dock without pay. Without chance: their number moves by shares of a head."""

    kind: Literal["volunteers", "service users", "community group"] = field(
        "who they are: it says what is assumed of turnover and supervision", "", "volunteers"
    )
    number: int = field("people there, and the most that there is room for", "people", ge=0, le=10_000)
    hours: Number = field("hours of each", "hours a week", gt=0, le=60)
    productivity: Number = field("share of their time that carries cases", "share", 1.0, le=1)
    supervised_by: str = field('post of the dock that supervises them, or "hub"')
    each_supervisor: Number | None = field(
        "people whom one full-time supervisor can supervise",
        "people",
        None,
        why="by kind: assumption; no figure for the sector is known",
        gt=0,
        le=1000,
    )
    turnover: Chance | None = field(
        "share that leaves in a year",
        "share a year",
        None,
        why="by kind: assumption",
    )
    turnover_unsupervised: Number = field(
        "turnover of those whom nobody supervises, over the usual", "", 2.0, of="weak", why="assumption", ge=1, le=20
    )
    recruited: Number = field("most that can be won in a month", "people a month", 1.0, le=1000)
    cost: Amount = field("expenses, training, insurance of each", "GBP a year", 0)


class Dock(Record):
    """A team that docks on when it is funded."""

    funded_by: list[str] = field("streams and bids that fund it", "", [])
    posts: dict[str, DockPost] = field("posts of the dock", "", {})
    costs: dict[str, Cost] = field("costs of the dock", "", {})
    volunteers: dict[str, Volunteers] = field("people who help without pay", "", {})


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
    volunteer_share: Share = field(
        "most of its places that volunteers may carry",
        "share",
        0.5,
        of="weak",
        why="assumption: a paid lead stays, and at least as much is carried by staff",
    )
    season: Season | None = field("weights of the twelve months, April first", "", None, why="even")
    growth_after_austerity: Rate = field(
        "yearly growth of referrals more, a year after months of austerity",
        "a year",
        0.0,
        of="nobody",
        neutral=0.0,
        why="off until asked for",
    )
    busy: Number = field(
        "utilisation, the mean of three months, above which its people leave more",
        "share",
        1.1,
        of="weak",
        why="assumption: a tenth more is asked for than there is room",
        le=100,
    )
    turnover_when_busy: Number = field(
        "turnover of its people over the usual, while it is busy",
        "",
        1.0,
        of="nobody",
        neutral=1.0,
        why="off until asked for",
        ge=1,
        le=10,
    )

    @model_validator(mode="after")
    def _used(self) -> Service:
        if "busy" in self.model_fields_set and self.turnover_when_busy == 1:
            raise refuse("says when it is busy, and nothing follows; write turnover_when_busy, or remove busy")
        return self
