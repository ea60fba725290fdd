"""The facts of the first answer, in the order of the page: `first_answer(projection)`. The sentences are in words."""

from __future__ import annotations

from resilience.first_answer.ahead import ahead
from resilience.first_answer.awards import awards
from resilience.first_answer.bids import bids
from resilience.first_answer.costs import closing, contracts
from resilience.first_answer.facts import (
    Awards,
    BidCash,
    Closing,
    Contract,
    Decision,
    Fate,
    FirstAnswer,
    Hurt,
    Known,
    LastMonth,
    MonthAhead,
    Ours,
    Question,
    Told,
)
from resilience.first_answer.losses import hurts, last_months
from resilience.first_answer.questions import questions
from resilience.projection import Projection

__all__ = [
    "Awards",
    "BidCash",
    "Closing",
    "Contract",
    "Decision",
    "Fate",
    "FirstAnswer",
    "Hurt",
    "Known",
    "LastMonth",
    "MonthAhead",
    "Ours",
    "Question",
    "Told",
    "awards",
    "first_answer",
]


def first_answer(projection: Projection) -> FirstAnswer:
    """The facts of the first answer of a projection, in the order of the page, and what bids need. Draws nothing new; 0.3 s warm."""
    opening = projection.manifest["opening"]
    kept = ("bank", "investments", "restricted", "held_for_others", "spendable", "months_of_cover")
    return FirstAnswer(
        Ours(*(opening[name] for name in kept)),
        ahead(projection),
        last_months(projection),
        hurts(projection),
        closing(projection),
        contracts(projection),
        questions(projection),
        awards(projection),
        bids(projection),
    )
