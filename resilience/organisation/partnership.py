"""Partnerships: who carries a contract with us, what becomes of it when a partner leaves, and the assessment that each party makes.

The six dimensions of the assessment are borrowed from the education of social workers, where agencies and universities scored what they
did together. That they say anything about who leaves a consortium is an assumption, and off until a file asks for goodwill.
"""

from __future__ import annotations

from typing import Literal

from resilience.fields import OFF, Amount, Chance, MonthOfYear, Number, Record, Share, field

DIMENSIONS = (
    "senior_involvement",
    "strategic_topics",
    "joint_delivery",
    "shared_outcomes",
    "service_users",
    "mutual_gain",
)
POINTS = "assumption of the model, in points of a hundred"


class Scores(Record):
    """How one party sees the partnership: 1 hardly at all, 5 fully."""

    senior_involvement: int = field("senior people take part, and meetings have a structure", "1 to 5", ge=1, le=5)
    strategic_topics: int = field("the key topics are negotiated at strategic level", "1 to 5", ge=1, le=5)
    joint_delivery: int = field("the work is delivered jointly", "1 to 5", ge=1, le=5)
    shared_outcomes: int = field("responsibility for outcomes is shared", "1 to 5", ge=1, le=5)
    service_users: int = field("service users and carers contribute", "1 to 5", ge=1, le=5)
    mutual_gain: int = field("each side gains", "1 to 5", ge=1, le=5)


class Party(Record):
    """One party to a partnership: how much of the money it holds, and how it scores."""

    money: Number = field("share of the money that it holds, beside the other parties", "", of="weak")
    scores: Scores = field("its scores", of="weak")


class Partner(Record):
    """Another organisation that carries the work with us."""

    share: Share = field("share of the income that is lost if it leaves and nobody steps in", "share")
    leaves: Chance = field(
        "yearly probability that the partner leaves",
        "probability a year",
        0.05,
        of="nobody",
        neutral=0.0,
        why="assumption of the model: one in twenty years",
    )
    backfilled: Chance = field(
        "probability that somebody steps in when it leaves",
        "probability",
        0.5,
        of="nobody",
        why="assumption: one in two",
    )
    backfill: Amount = field("cost of somebody stepping in, in the month in which it leaves", "GBP", 0)


class Goodwill(Record):
    """An account of goodwill with each partner: it rises slowly, and falls when partners compete; at nil the partner leaves."""

    starts: Number | None = field(
        "points of a hundred in the first month", "points", None, why="from the assessment of the parties", le=100
    )
    rises: Number = field("points a month", "points", 0.5, of="nobody", why=POINTS, le=100)
    falls: Chance = field(
        "probability that a settlement, or a tender round, costs some", "probability", 0.5, of="nobody", why=POINTS
    )
    at_settlement: Number = field(
        "points that a settlement then costs", "points", 15.0, of="nobody", why=POINTS, le=100
    )
    at_tender: Number = field("points that a tender round then costs", "points", 20.0, of="nobody", why=POINTS, le=100)
    settles: MonthOfYear = field("month of the settlement", "month of the year", 12)


class Partnership(Record):
    """Organisations that carry streams and bids together with us."""

    of: list[str] = field("streams and bids that are carried together")
    lead: Literal["us", "another"] = field("who leads", "", "us")
    lead_fails: Chance = field(
        "yearly probability that a lead elsewhere fails, which ends our share",
        "probability a year",
        0.01,
        of="nobody",
        neutral=0.0,
        why="as the trouble of a payer, at its largest",
    )
    only_together: bool = field(
        "its bids are open to the partnership only: lost if a partner has left and nobody has stepped in", "", False
    )
    notice: int = field(
        "months from a partner's leaving to the loss of its share",
        "months",
        3,
        of="weak",
        why="usual notice",
        ge=0,
        le=36,
    )
    hours: Number = field("hours of our people in partnership work", "hours a month", 0.0, le=1000)
    hour_cost: Amount = field("what an hour of them costs beside what is in the file", "GBP", 0)
    payments: Amount = field("payments to service users and carers who take part", "GBP a year", 0)
    partners: dict[str, Partner] = field("the other organisations", "", {})
    parties: dict[str, Party] = field("the assessment: how each party scores", "", {})
    goodwill: Goodwill | None = field("goodwill with each partner", "", None, of="nobody", neutral=OFF, why="off")
