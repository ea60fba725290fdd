"""The nouns of bidding: the route to an award, how a tender is scored, who comes with it, and work that nobody has named yet.

Amounts are whole pence (written in pounds). What nobody knows is off until a file names it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from resilience.fields import Amount, AmountRange, Chance, Number, Record, Share, field, refuse
from resilience.terms import Extension

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
Route = Literal["open tender", "fixed price", "direct award", "framework place", "grant round"]
SCORED_ON_PRICE = ("open tender", "framework place")  # routes on which a lower price can win
HIGHEST_PAY = 10**8  # pence a year, as of a post
WIDEST_ODDS = 5.0  # log-odds either way: 1 in 2 becomes 993 or 7 in 1,000


def _log_odds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise refuse("is not a number; write log-odds, such as 0.7 (doubles the odds) or -0.7 (halves them)")
    if not -WIDEST_ODDS <= value <= WIDEST_ODDS:
        raise refuse("is out of reach; write log-odds from -5 to 5: 0.7 doubles the odds")
    return float(value)


LogOdds = Annotated[
    float, BeforeValidator(_log_odds), WithJsonSchema({"type": "number", "minimum": -5.0, "maximum": 5.0})
]


class Price(Record):
    """What we ask, beside what we usually ask; any one unit (a year, an hour, a case) for all three."""

    usual: Amount = field("price for which yearly and chance are given", "GBP", gt=0)
    ours: Amount = field("price of this bid; income is yearly × ours ÷ usual", "GBP", gt=0)
    ceiling: Amount | None = field("highest price accepted; above it the bid cannot be won", "GBP", None, why="none")


class Score(Record):
    """How the tender is scored, so that price and quality move the odds of winning."""

    slope: Number = field(
        "log-odds of winning by which a bid gains if its score, from 0 to 1, rises by 1",
        "log-odds",
        of="nobody",
        neutral=0.0,
        gt=0,
        le=100,
    )
    quality_weight: Share = field("share of the score that quality decides; the rest is price", "share")
    lowest: AmountRange = field("lowest price that others will ask, in the unit of price", "GBP", of="weak")
    quality: Share = field(
        "share of the marks for quality that this bid gets",
        "share",
        0.7,
        of="weak",
        why="assumption: as usual; only the difference from usual_quality counts",
    )
    usual_quality: Share = field(
        "the same of our usual bid, for which chance is given",
        "share",
        0.7,
        of="weak",
        why="assumption; only the difference from quality counts",
    )


class Extensions(Extension):
    """What may follow the term on the same terms, if the payer says so."""

    told: int = field(
        "months before the end at which we are told", "months", 2, of="weak", why="assumption of the model", ge=0, le=24
    )


class Delay(Record):
    """The award may be told later than planned; all that follows shifts with it."""

    chance: Chance = field("probability that the award is told late", "probability", of="weak")
    months: int = field("months by which it then is late", "months", ge=1, le=36)


class TransfersIn(Record):
    """People who come with the contract at go-live, on the terms they have (TUPE)."""

    heads: int = field("people who come", "heads", ge=1, le=2000)
    hours: Number = field("contracted hours of each", "hours a week", 37.5, gt=0, le=168)
    pay: Amount = field("pay of each for these hours", "GBP a year")
    age: int = field(
        "mean age at the opening",
        "years",
        42,
        of="weak",
        why="assumption: mid-career; moves redundancy pay only",
        ge=16,
        le=80,
    )
    service: int = field("whole years of service that they bring, at go-live", "years", ge=0, le=50)
    pension: Share = field(
        "employer's pension contribution on qualifying earnings",
        "share",
        0.03,
        of="weak",
        why="statutory minimum of automatic enrolment; people who leave a council may keep far more",
    )
    turnover: Chance = field(
        "yearly probability that a head leaves",
        "probability a year",
        "don't know",
        of="weak",
        why="charity sector surveys",
    )
    indemnity: Amount = field("most of their redundancy pay that the outgoing employer bears", "GBP", 0)
    liability_known: bool = field(
        "has the outgoing employer told pay, service and pension in writing?",
        "",
        False,
        why="assumed not told: employee liability information is due 28 days before the transfer (TUPE 2006, reg. 11)",
    )

    @model_validator(mode="after")
    def _pay_of_one(self) -> TransfersIn:
        if self.pay > HIGHEST_PAY:
            raise refuse("pays a head more than a million pounds a year; write pay for one head")
        return self


class Takeover(Record):
    """The contract takes over a failing service."""

    hidden_cost: AmountRange = field(
        "costs that nobody saw, paid in the month of go-live", "GBP", of="nobody", neutral=0.0
    )


class Opportunities(Record):
    """Contracts that nobody has named yet: they arrive by chance, are bid for as far as the hub can, and won by chance."""

    a_year: Number = field(
        "opportunities worth bidding for that come up", "a year", of="nobody", neutral=0.0, gt=0, le=120
    )
    chance: Chance = field("probability of winning each", "probability", of="weak")
    yearly: AmountRange = field("value a year of one", "GBP a year", of="nobody")
    term: int = field("months of income of one", "months", ge=1, le=240)
    renewal: Chance = field(
        "probability that it is renewed for another term, at each end", "probability", 0.0, of="weak", why="none is"
    )
    margin: Share = field("share of the income that is left after the cost of delivering", "share", of="nobody")
    cost: Amount = field("cost of bidding for one, won or lost", "GBP", 0)
    months: int = field(
        "months of mobilisation from the award to go-live", "months", 3, of="weak", why="assumption", ge=0, le=36
    )
    austerity: Number = field(
        "in austerity so many times as many come up", "", 1.0, of="nobody", neutral=1.0, why="no effect", le=20
    )
    growth_climate: Number = field(
        "in growth so many times as many come up", "", 1.0, of="nobody", neutral=1.0, why="no effect", le=20
    )
    fit: Share = field("mission fit of what they pay for", "share", 1.0, of="nobody", why="says nothing of itself")


__all__ = [
    *("SCORED_ON_PRICE", "Delay", "Extensions", "Kind", "LogOdds", "Opportunities", "Price"),
    *("Route", "Score", "Takeover", "TransfersIn"),
]
