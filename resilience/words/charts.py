"""What stands above, below and for each chart: the finding, what is drawn, and the trend for whoever cannot see it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from resilience.words.answer import merges
from resilience.words.numbers import count, in_table, listed, money, month, people, rough, sentence, short_month

CASH = "Spendable cash at each month's end, pounds of the day"
FLOOR = "Nothing of its own left"
BANDS = (
    "Dark: half of all futures at each date; light: 80 of 100. A range at each date: no future follows an edge; highs and "
    "lows do not show. A band that reaches the bottom has futures in it that have ended."
)
ONE_LINE = "Chance is switched off: one future, not a range."
ENDED = "Of 100 simulated futures, those that have ended by each month's end"
ENDED_CERTAIN = "Without chance there is one future: 100 from the month in which it ends"
ENDS = "Ended: run out of cash, closed in order, or merged."
DEMAND = (
    "Bar: people who could be helped in that month, 80 of 100 futures. Mark: people who need help, in the middle of the futures "
    "that go on."
)
DEMAND_CERTAIN = "Bar: people who could be helped in that month. Mark: people who need help."
Ways = tuple[float, ...]  # shares that have ended, closed in order and, where the strategy can merge, merged
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


def cash_title(label: str, low: float, high: float, ended: float, chance: bool) -> str:
    """The range at one fixed date, whatever is chosen; where 10 of 100 futures have ended by then, that first."""
    at = month(label)
    if not chance:
        return (
            f"Spendable cash at the end of {at}: {rough(high)}"
            if not math.isnan(high)
            else f"It has come to an end by {at}"
        )
    if math.isnan(high):
        return f"{sentence(count(ended))[:-1]} futures have ended by {at}"
    if math.isnan(low):
        return f"{sentence(count(ended))[:-1]} futures have ended by {at}; 10 hold {rough(high)} or more"
    return f"In 80 of 100 futures spendable cash is {rough(low)} to {rough(high)} in {at}"


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
            low_words = "nothing, having ended," if math.isnan(low) else low_words
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


def yes(share: float) -> str:
    """Whether something happens in the one future that is played without chance."""
    return "yes" if share else "no"


def ended_title(label: str, plans: Sequence[tuple[str, Ways]], chance: bool) -> str:
    """How many have ended by the last month under each plan, and how many of these in order or by merging."""
    if all(ways[0] == 0 for _, ways in plans):
        return NO_END.format(month=month(label), plans=listed([name for name, _ in plans], "or"))
    if not chance:
        said = [f"{name} {yes(ways[0])}{_certainly(*ways)}" for name, ways in plans]
        return f"Ended by {month(label)}: {'; '.join(said)}"
    parts = [f"{name} {in_table(ways[0])}{_in_order(*ways)}" for name, ways in plans]
    return f"Ended by {month(label)}, of 100: {'; '.join(parts)}"


def _certainly(share: float, closed: float, merged: float | None = None) -> str:
    return ", in order" if closed else ", merged" if merged else ""


def _in_order(share: float, closed: float, merged: float | None = None) -> str:
    if not share:
        return ""
    if closed == share:
        return ", all in order"
    return f", {in_table(closed)} in order" + ("" if merged is None else f", {in_table(merged)} merged")


def halfway(plans: Sequence[tuple[str, str | None]], chance: bool) -> str:
    """When half of all futures have ended under each plan: (name, month or None)."""
    reached = [(name, label) for name, label in plans if label is not None]
    if not reached:
        return ""
    if not chance:
        return f"It ends {listed([f'in {month(label)} under {name}' for name, label in reached])}."
    return f"Half of all futures have ended {listed([f'by {month(label)} under {name}' for name, label in reached])}."


def ended_alt(plans: Sequence[tuple[str, Sequence[tuple[str, float]]]]) -> str:
    """For each plan, (month, share) at the year-ends."""
    return " ".join(
        f"{name}: {listed([f'{in_table(share)} of 100 by {month(label)}' for label, share in rows])}."
        for name, rows in plans
    )


WAYS = ("ended", "of which closed in order", "of which merged or transferred")
ENDED_TABLE = "Of 100 futures, ended by the end of each financial year"
ENDED_TABLE_CERTAIN = "Ended by the end of each financial year"


def ended_heads(plans: Sequence[tuple[str, Ways]]) -> list[str]:
    return ["End of", *(f"{name}: {what}" for name, ways in plans for what in WAYS[: len(ways)])]


def ended_row(label: str, shares: Sequence[Ways], chance: bool) -> list[str]:
    return [short_month(label), *((in_table if chance else yes)(x) for ways in shares for x in ways)]


# ---- capacity against demand


def _could(low: float, high: float) -> str:
    return people(high) if people(low) == people(high) else f"{people(low)} to {people(high)}"


def _need(number: float) -> str:
    return f"{people(number)} need{'s' if people(number) == '1' else ''}"


def demand_title(label: str, low: float, high: float, need: float) -> str:
    """What can be done and what is asked for, in one month."""
    asked = "" if math.isnan(need) else f"; {_need(need)} it"
    return f"In {month(label)} {_could(low, high)} people can be helped{asked}"


def demand_said(label: str, low: float, high: float, need: float, unmet: float, ended: float, chance: bool) -> str:
    """Capacity with its range, how many futures have ended, and for those that go on the need and how much of it is not met."""
    said = (
        f"In {month(label)} the services can help {_could(low, high)} people{' in 80 of 100 futures' if chance else ''}"
    )
    if math.isnan(need):
        return f"{said}: the organisation has come to an end."
    gone = f"; {count(ended)} futures have ended by then. Where it goes on, " if ended > 0 else "; "
    are = "is" if people(unmet) == "1" else "are"
    return f"{said}{gone}{_need(need)} it, and {people(unmet)} of them {are} not helped."


def demand_alt(rows: Sequence[tuple[str, float, float, float]]) -> str:
    """(month, low, high, need) at the year-ends."""
    return " ".join(f"{demand_title(*row)}." for row in rows)


DEMAND_TABLE = "People in a month: who could be helped; where it goes on, who needs help and who gets it"


def demand_heads(chance: bool) -> list[str]:
    if not chance:
        return ["Month", "Could be helped", "Need help", "Get it"]
    return ["Month", "Could be helped, low", "Could be helped, high", "Need help", "Get it"]


def demand_row(label: str, low: float, high: float, need: float, served: float, chance: bool) -> list[str]:
    helped = ["all have ended", "0"] if math.isnan(need) else [people(need), people(served)]
    numbers = [people(high), *helped]
    return [short_month(label), *([people(low)] if chance else []), *numbers]


# ---- two plans side by side

COMPARED = "The two strategies, in the same futures"
OF_100 = {
    "insolvent": "Cash runs out",
    "closed_in_order": "Closed in order",
    "breach": "Below the reserves policy",
    "point_of_no_return": "Cash below what closing costs, at some time",
}
MERGED = "Merged or transferred"
STILL = "Still below the reserves policy at month 24, or out of cash by then"
WHAT = {
    "insolvent": ("run out of cash", "running out of cash"),
    "closed_in_order": ("close in order", "closing in order"),
    "merged_or_transferred": ("merge or are transferred", "merging or being transferred"),
}


def compared_rows(plans: Sequence[Any]) -> list[list[str]]:
    """A row a measure by the last month, a column a plan; projections."""
    cell = count if plans[0].manifest["chance"] else yes
    rows = [[words, *(cell(plan.probabilities[name].last) for plan in plans)] for name, words in OF_100.items()]
    if plans[0].in_breach_at_opening:  # then it means something else (docs/json.md, breach_means)
        rows[[*OF_100].index("breach")][0] = STILL
    if any(merges(plan) for plan in plans):
        merged = (cell(plan.probabilities["merged_or_transferred"].last) for plan in plans)
        rows.insert([*OF_100].index("closed_in_order") + 1, [MERGED, *merged])
    if plans[0].organisation.services:
        rows.append(
            ["People helped in all, on average", *(people(float(plan.paths["served"].mean())) for plan in plans)]
        )
    lost = [float(plan.paths["posts_lost"].mean()) for plan in plans]
    return [*rows, ["Posts lost, on average", *(f"{one:.1f}" for one in lost)]]
