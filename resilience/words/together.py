"""A partnership in words: an assessment as a conversation, and what it does to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resilience.words.numbers import error, in_100, listed

BORROWED = (
    "Six dimensions, borrowed from the education of social workers, where agencies and universities scored what they did together. "
    "A score is how somebody sees it, no measurement: what the parties see differently is worth more talk than the number."
)
ASSUMED = (
    "That scores say when a partner leaves is an assumption of this program: goodwill starts at the mean of level less gap, both weighted "
    "by who holds the money, rises slowly, and falls at settlements and tender rounds."
)


@dataclass(frozen=True)
class Talk:
    """What a dimension is about: its title, what it looks like when it works and when it does not, and a question to begin with."""

    title: str
    works: str
    fails: str
    ask: str


TALK = {
    "senior_involvement": Talk(
        "Senior people and how meetings are run",
        "directors come themselves, papers arrive a week before, and what was decided last time is looked at first",
        "deputies without authority come, the agenda is made on the way, and the same decision is taken three times",
        "Who can say yes in the room, and what did we decide last time that has not been done?",
    ),
    "strategic_topics": Talk(
        "What is negotiated, and where",
        "money, priorities and who gives up what are settled between those in charge before the plan is written",
        "the plan arrives finished, and what hurts comes up in a side remark or in the press",
        "Which subject have we all avoided, and who must be there to settle it?",
    ),
    "joint_delivery": Talk(
        "Doing the work together",
        "one way in for people, staff of each side in the same room, and a case handed over with a name",
        "two assessments of the same person, and each side explains to her what the other does",
        "Whom have we both seen this month without knowing it?",
    ),
    "shared_outcomes": Talk(
        "Answering for results together",
        "one set of figures, a bad quarter looked at together, and risk carried by whoever can do something about it",
        "each side counts what suits it, and who is paid by results carries what the other decides",
        "If the figures are bad next quarter, who loses money, and who could have changed them?",
    ),
    "service_users": Talk(
        "People who use the services, and carers",
        "they sit where it is decided, are paid for it, and something can be named that is different because of them",
        "they are asked once, at the end, about the colour of the leaflet",
        "What did we do differently because one of them said so?",
    ),
    "mutual_gain": Talk(
        "What each side gains",
        "each can say what it gets and what the others get, and one loses now because it gains later",
        "one side's costs are paid by another, and nobody has added them up",
        "What would each of us lose if it ended tomorrow, in pounds and in people?",
    ),
}
FEW = 3  # dimensions that are talked of first


def headline(name: str, points: float, found: Sequence[Any]) -> list[str]:
    """The goodwill to start from, and what it is made of."""
    level, gap = (100 * sum(getattr(one, key) for one in found) / len(found) for key in ("level", "gap"))
    said = f"{name}: goodwill of {points:.0f} points of a hundred to start from."
    return [
        f"{said} Seen by those who hold the money it stands at {level:.0f}; the parties lie {gap:.0f} apart, which counts against it."
    ]


def rows(found: Sequence[Any]) -> list[list[str]]:
    """A row a dimension: each party's score, level and gap."""
    parties = list(found[0].scores)
    head = ["", *(name.replace("_", " ") for name in parties), "level", "gap"]
    return [
        head,
        *(
            [TALK[one.name].title, *(str(one.scores[name]) for name in parties), f"{one.level:.2f}", f"{one.gap:.2f}"]
            for one in found
        ),
    ]


def conversation(found: Sequence[Any]) -> list[tuple[str, list[str]]]:
    """(title, what to talk about) of the dimensions where the parties lie farthest apart, then of the lowest level."""
    return [(TALK[one.name].title, [*_seen(one), *_talk(one.name)]) for one in found[:FEW]]


def _seen(one: Any) -> list[str]:
    by: dict[int, list[str]] = {}
    for name, score in one.scores.items():
        by.setdefault(score, []).append(name.replace("_", " "))
    if len(by) == 1:
        return [f"All see it alike, at {next(iter(by))} of 5."]
    return [f"{listed([f'{listed(names)} at {score}' for score, names in sorted(by.items())])} of 5."]


def _talk(name: str) -> list[str]:
    one = TALK[name]
    return [f"When it works: {one.works}.", f"When it does not: {one.fails}.", f"To begin with: {one.ask}"]


def answer(found: Any) -> list[str]:
    """What the assessment does to the headline's number, on the same futures."""
    without, assessed, alike = found.without, found.assessed, found.alike
    moved = (
        f"{found.organisation}: within {found.months} months cash runs out {in_100(assessed.insolvent)} futures with "
    )
    moved += f"goodwill as it is scored, {in_100(without.insolvent)} without goodwill "
    moved += f"(simulation error of the difference: {error(found.error)})."
    same = f"Had all parties seen what those with the money see, {alike.starts:.0f} points: {in_100(alike.insolvent)}."
    called = found.partnership.replace("_", " ")
    leave = f"A partner of {called} leaves {in_100(assessed.left)}, {in_100(without.left)} without."
    return [moved, same, leave]
