"""What comes from outside: the economy and law, payers and their trouble, the climate, what nobody listed, what a scenario brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import model_validator

from resilience.fields import (
    Amount,
    CalendarMonth,
    Chance,
    MonthOfYear,
    Number,
    Rate,
    Record,
    Share,
    YearlyRate,
    field,
    refuse,
)
from resilience.horizon import Month


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
    """A fiscal climate of growth, standstill and austerity, that moves at random; streams, services and opportunities say what it does."""

    moves: Literal["monthly", "yearly", "settlement"] = field(
        "may move every month, every November, the month of the Budget, or at the first settlement after each election",
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


State = Literal["growth", "standstill", "austerity"]


class Turn(Record):
    """From when on a storyline has another climate."""

    after: int = field("months after what is known", "months", ge=0, le=600)
    climate: State = field("climate from then on")


class Storyline(Record):
    """One story of national money, and how likely the board takes it to be beside the others."""

    weight: Number = field("weight beside the other storylines", "", of="nobody")
    turns: list[Turn] | None = field(
        "its climates, in order", "", None, of="nobody", why="the program's own, by name: data/storylines.toml"
    )


class Storylines(Record):
    """National money as stories that the board weighs: in each future one of them is told."""

    known_to: CalendarMonth | None = field(
        "last month of what has been announced: a storyline begins after it",
        "",
        None,
        why="by nation, dated: data/storylines.toml",
    )
    until_then: State = field("climate until then", "", "standstill", of="nobody", why="assumption of the model")
    stories: dict[str, Storyline] = field("storylines of national money", "", {})


@dataclass(frozen=True)
class Shock:
    """A cut that a scenario brings: `depth` (share; below nil a rise) of a stream, from the month `effective` on, told in `told`.

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
