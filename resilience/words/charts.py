"""What stands above, below and for each chart: the finding, what is drawn, and the trend for whoever cannot see it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from resilience.words.compared import difference
from resilience.words.numbers import in_table, listed, money, month, of_100, people, rough, short_month

CASH = "Spendable cash at each month's end, pounds of the day"
FLOOR = "Nothing of its own left"
BANDS = (
    "Dark: half of all futures at each date; light: 80 of 100. A range at each date: no future follows an edge; highs and "
    "lows do not show. A band that reaches the bottom has futures in it that have ended."
)
ONE_LINE = "Chance is switched off: one future, not a range."
ENDED = "Of 100 simulated futures, those that have ended by each month's end"
ENDS = "Ended: run out of cash, closed in order, or merged. The table says which."
DEMAND = "Bar: people who could be helped in that month, 80 of 100 futures. Mark: people who need help, in the middle future."
NO_END = "No future ends by {month} under {plans}"


def seven(numbers: Sequence[int]) -> str:
    """The actual futures drawn, by the numbers that tell them again."""
    told = listed([str(n) for n in numbers])
    which = "Seven actual futures" if len(numbers) == 7 else "Actual futures"
    return f"{which}, from the worst up: {told}." if len(numbers) > 1 else f"One actual future: {told}."


def span(months: Sequence[str]) -> str:
    """ "April 2026 to March 2031"."""
    return f"{month(months[0])} to {month(months[-1])}" if len(months) > 1 else month(months[0])


# ---- spendable cash


def cash_title(label: str | None, low: float, high: float) -> str:
    """The range at the last year-end at which 90 of 100 futures go on; None: there is none."""
    if label is None:
        return "More than 10 of 100 futures end within the first year"
    if round(low) == round(high):
        return f"Spendable cash at the end of {month(label)}: {rough(low)}"
    return f"In 80 of 100 futures spendable cash is {rough(low)} to {rough(high)} in {month(label)}"


def cash_alt(opening: float, rows: Sequence[tuple[str, float, float, float]]) -> str:
    """The trend: what it starts from, then (month, low, high, share ended) at each year-end."""
    said = [f"Spendable cash starts at {rough(opening)}"]
    for label, low, high, ended in rows:
        gone = f", {in_table(ended)} of 100 have ended" if ended > 0 else ""
        if math.isnan(high):
            said.append(f"{month(label)}: fewer than 10 of 100 go on{gone}")
        else:
            low_words = "ended" if math.isnan(low) else rough(low)
            same = low_words == rough(high)
            said.append(f"{month(label)}: {rough(high) if same else f'{low_words} to {rough(high)}'}{gone}")
    return ". ".join(said) + "."


CASH_TABLE = "Spendable cash at the year-ends: so many futures of 100 hold less"


def cash_heads(chance: bool) -> list[str]:
    return ["End of", "10 of 100 below", "25 of 100 below", "half below", "75 of 100 below", "90 of 100 below"][
        : 6 if chance else 1
    ] + ([] if chance else ["Spendable cash"])


def cash_row(label: str, levels: Sequence[float]) -> list[str]:
    return [short_month(label), *("ended" if math.isnan(level) else money(level) for level in levels)]


# ---- futures that have ended


def ended_title(label: str, plans: Sequence[tuple[str, float]]) -> str:
    """How many have ended by the last month, under each plan."""
    if all(share == 0 for _, share in plans):
        return NO_END.format(month=month(label), plans=listed([name for name, _ in plans], "or"))
    (first, share), *others = plans
    rest = "".join(f", {in_table(other)} under {name}" for name, other in others)
    return f"By {month(label)}, {in_table(share)} of 100 end under {first}{rest}"


def ended_alt(plans: Sequence[tuple[str, Sequence[tuple[str, float]]]]) -> str:
    """For each plan, (month, share) at the year-ends."""
    return " ".join(
        f"{name}: {listed([f'{in_table(share)} of 100 by {month(label)}' for label, share in rows])}."
        for name, rows in plans
    )


def ended_gap(first: str, other: str, a: float, b: float, standard_error: float, paths: int) -> str:
    """Two plans on the same futures: ended by the last month."""
    return difference(first, other, a, b, standard_error, paths, ("have ended", "how many futures end"))


ENDED_TABLE = "Of 100 futures, ended by the end of each financial year"


def ended_heads(plans: Sequence[str]) -> list[str]:
    return ["End of", *(f"{name}: {what}" for name in plans for what in ("ended", "of which closed in order"))]


def ended_row(label: str, shares: Sequence[tuple[float, float]]) -> list[str]:
    return [short_month(label), *(in_table(x) for pair in shares for x in pair)]


# ---- capacity against demand


def demand_title(label: str, low: float, high: float, demand: float) -> str:
    """What can be done and what is asked for, in one month."""
    could = people(low) if people(low) == people(high) else f"{people(low)} to {people(high)}"
    return f"In {month(label)} {could} people can be helped; {people(demand)} need it"


def demand_said(label: str, low: float, high: float, demand: float, short: float, chance: bool) -> str:
    """Capacity with its range, demand, and in how many futures somebody is not helped."""
    if not chance:
        return f"In {month(label)} we can help {people(high)} people. {people(demand)} need it."
    could = people(low) if people(low) == people(high) else f"{people(low)} to {people(high)}"
    waits = (
        "in no future does anybody wait" if short == 0 else f"in {of_100(short)} some people wait or are turned away"
    )
    return f"In {month(label)} we can help {could} people in 80 of 100 futures. {people(demand)} need it: {waits}."


def demand_alt(rows: Sequence[tuple[str, float, float, float]]) -> str:
    """(month, low, high, demand) at the year-ends."""
    return " ".join(
        f"{month(label)}: {people(low)} to {people(high)} can be helped, {people(demand)} need it."
        for label, low, high, demand in rows
    )


DEMAND_TABLE = "People in a month: who could be helped, who needs help, who gets it"


def demand_heads(chance: bool) -> list[str]:
    if not chance:
        return ["Month", "Could be helped", "Need help", "Get it"]
    return ["Month", "Could be helped, low", "high", "Need help", "Get it", "Not all helped, of 100"]


def demand_row(
    label: str, low: float, high: float, demand: float, served: float, short: float, chance: bool
) -> list[str]:
    numbers = [people(high), people(demand), people(served)]
    return [short_month(label), *([people(low), *numbers, in_table(short)] if chance else numbers)]
