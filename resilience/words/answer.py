"""The sentences of an answer: headline, risks, causes, what it rests on, and where it comes from."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resilience.words.numbers import (
    amount,
    both,
    bound,
    count,
    counted,
    error,
    figure,
    futures,
    in_100,
    listed,
    money,
    month,
    of_100,
    owned,
    sentence,
)

if TYPE_CHECKING:
    from resilience.projection import Projection

CLOSURES = Path(__file__).parent.parent / "data" / "closures.toml"
BASIS = (
    "Basis: management accounts on accruals, not SORP accounts; money in pounds of the day. "
    "It supports a board's judgement; "
    "it is not a prediction and not legal or accounting advice."
)
TODAYS_POUNDS = "Money is in the pounds of {month}, each future by its own prices; what is agreed or owed stays in the pounds of its day."
LIMITS = "Not a forecast: it counts futures under the assumptions of the file and the defaults it leans on."
ERROR = "± is simulation error only: what playing more futures could still change."
UNFORESEEN = "Left out: what nobody listed, such as a merger, a strike, a new funder; [unlisted_event] is off."
NOT_ENTERED = "not entered"
STRUCTURAL = "even if nothing goes wrong, money that is free to spend does not cover what it must pay for"
SHOCKS_ONLY = "it takes at least one thing going wrong"
UNDER = "What happens to it: {scenario}. What management does: {strategy}."
ONE_FUTURE = (
    "One of many possible futures, told to see how things hang together; by itself it says nothing about how often."
)
CHART_CAPTION = "{middle} half of the futures lie below   {band} 80 of 100 lie here, month by month"
CHART_CAUTION = "A range at each date: no future follows an edge; highs and lows do not show."
CHART_SEVEN = "Seven actual futures, from the worst up, to be told with --path: {paths}."
ONE_PLAYED = "Every source of chance is switched off: one future is played."
TABLE_CAPTION = "Spendable cash at the month's end; people: the middle of all futures."
CLASSES = {
    "known": "yours to know, left out of the file",
    "weak": "from weak outside evidence",
    "nobody": "what nobody knows",
}


def basis(pounds: str = "") -> str:
    """What every figure rests on; pounds: the month whose pounds they are in, "" for those of the day."""
    return BASIS.replace("pounds of the day", f"pounds of {pounds}") if pounds else BASIS


def in_pounds_of(pounds: str) -> str:
    """What is said of figures in the pounds of one month; "" for those of the day."""
    return TODAYS_POUNDS.format(month=pounds) if pounds else ""


def alarm(line: Any) -> str:
    """A total of the file that does not add up to last year's; a `reconcile.Line`."""
    more = "above" if (line.gap or 0) > 0 else "below"
    return (
        f"{line.name.capitalize()} of the file is {money(line.file)} a year, "
        f"{abs(100 * (line.gap or 0)):.0f} % {more} last year's "
        f"{money(line.last_year or 0)}: look for what is missing or counted twice before trusting any figure."
    )


def closes(projection: Projection) -> bool:
    """Has the strategy a closure rule? Only then is the word insolvent used."""
    return any(rule.do == "close in order" for rule in projection.strategy.rules)


def merges(projection: Projection) -> bool:
    """Can the strategy end in a merger or transfer?"""
    return any(rule.do == "merge" for rule in projection.strategy.rules)


def headline(projection: Projection) -> list[str]:
    """The first sentences: how many futures end, by when, and how; what the counting leaves open."""
    end, n = month(projection.months[-1]), projection.number
    insolvent = projection.probabilities["insolvent"].last
    edge = [bound(insolvent, n)] if bound(insolvent, n) else []
    if not projection.manifest["chance"]:
        return [_without_chance(projection), "Every source of chance is switched off: this is one future, not a range."]
    if not closes(projection):
        does = (
            "if nobody changes anything, cash runs out"
            if not projection.strategy.decides
            else f"under {_named(projection)}, cash runs out"
        )
        merged = projection.probabilities["merged_or_transferred"].last
        gone = [sentence(f"by then it has merged or been transferred {in_100(merged)}")] if merges(projection) else []
        return [sentence(both(f"{does} by {end}", insolvent, "it does not", n)), *edge, *gone, *_when(projection)]
    closed, going = projection.probabilities["closed_in_order"].last, projection.probabilities["continuing"].last
    merged = projection.probabilities["merged_or_transferred"].last
    said = [
        sentence(
            both(
                f"under {_named(projection)}, the organisation becomes insolvent by {end}", insolvent, "it does not", n
            )
        )
    ]
    parts = [f"it has closed in order {in_100(closed)}", f"it carries on {in_100(going)}"]
    parts += [f"it has merged or been transferred {in_100(merged)}"] if merged or merges(projection) else []
    return [*said, *edge, sentence(f"by then {listed(parts)}"), *_when(projection)]


def limits(projection: Projection) -> list[str]:
    """What the headline is not, and its simulation error."""
    found = error(float(projection.probabilities["insolvent"].standard_error[-1]))
    return [
        beside(len(projection.months)),
        LIMITS,
        f"Simulation error of the headline's number: {found}.",
        unlisted(projection),
    ]


def unlisted(projection: Projection) -> str:
    """Whether what nobody listed is counted in."""
    one = projection.organisation.unlisted_event
    if not one.chance or not projection.manifest["chance"]:
        return UNFORESEEN
    size = f"{one.least:g}" if one.least == one.most else f"{one.least:g} to {one.most:g}"
    return (
        f"Counted in: something nobody listed, {amount(float(one.chance), 'probability')} a year, which costs {size} months of "
        "spending; an assumption, off with [unlisted_event] chance = 0."
    )


def preview(paths: int, error: str) -> str:
    """What stands above figures that rest on few futures."""
    return f"Preview: {paths:,} futures, {error} of 100. All of them are played when you stop."


def counted_all(projection: Projection) -> str:
    """What stands above figures that rest on all futures."""
    months = len(projection.months)
    return (
        f"{projection.number:,} simulated futures of {months} months" if projection.manifest["chance"] else ONE_PLAYED
    )


def updated(projection: Projection) -> str:
    """The headline's number in a few words, to be read out when it has changed."""
    share, end = projection.probabilities["insolvent"].last, month(projection.months[-1])
    what = "the organisation becomes insolvent" if closes(projection) else "cash runs out"
    if not projection.manifest["chance"]:
        return f"Updated: {_without_chance(projection)}"
    return f"Updated: {what} by {end} {futures(share, projection.number)}."


def _named(projection: Projection) -> str:
    return f'the strategy "{projection.strategy.name}"'


def _without_chance(projection: Projection) -> str:
    kind, end = int(projection.paths["end_kind"][0]), int(projection.paths["end"][0])
    lead = (
        "If nobody changes anything"
        if not projection.strategy.decides
        else sentence(f"under {_named(projection)}")[:-1]
    )
    if kind == 0:
        return f"{lead}, there is still cash at the end of {month(projection.months[-1])}, where the model stops."
    what = {
        1: "the organisation becomes insolvent" if closes(projection) else "cash runs out",
        2: "the organisation closes in order",
    }
    return f"{lead}, {what.get(kind, 'the organisation merges or is transferred')} in {month(projection.months[end])}."


def _when(projection: Projection) -> list[str]:
    """Dates of an end, only for shares that are reached; the rest is beyond the horizon."""
    runway, labels = projection.runway, projection.months
    ends = closes(projection) or merges(projection)
    what = "the organisation has come to an end" if ends else "cash has run out"
    reached = [
        (q, int(runway[name])) for name, q in (("p10", 10), ("p25", 25), ("p50", 50)) if not math.isnan(runway[name])
    ]
    if not reached:
        return []
    dated = [f"in {q} of 100 by {month(labels[end])}" for q, end in reached]
    said = [sentence(f"{what} {listed(dated)}")]
    if math.isnan(runway["p50"]):
        said.append(
            f"{sentence(in_100(runway['beyond_horizon']))[:-1]} it has not by the end of {month(labels[-1])}, "
            "where the model stops, so there is no typical date."
        )
    return said


@cache
def _closures() -> dict[str, Any]:
    return tomllib.loads(CLOSURES.read_text("utf-8"))["register"]


def beside(months: int) -> str:
    """What stands beside the headline: how often organisations leave the register, with its caution."""
    r = _closures()
    pace = 100 * (1 - (1 - r["yearly"]) ** (months / 12))
    return (
        f"For comparison: of 100 charities on the register of {r['region']}, {100 * r['yearly']:.1f} were removed in the "
        f"year to {month(r['until'])} ({r['removed']:,}); at that pace {pace:.0f} of 100 in {months} months. Not all of "
        f"these closed: about {round(100 * r['re_registered'])} of 100 registered again; about "
        f"{round(100 * r['above_100_000'])} of 100 had more than £100,000 a year. {r['caution']}."
    )


# ---- breach, restricted money, point of no return


def risks(projection: Projection) -> list[str]:
    """Sentences on the reserves policy, restricted money and the last month in which it could close in order."""
    if not projection.manifest["chance"]:
        return []
    chances, n, end = projection.probabilities, projection.number, month(projection.months[-1])
    touched, no_return = chances["restricted_touched"].last, chances["point_of_no_return"].last
    closing = (
        f"there comes a month by {end} from which spendable cash no longer covers what closing in order would cost "
        "(money owed to you is not counted)"
    )
    return [
        _breach(projection),
        counted(touched, f"bills are paid at some time by {end} with money held for something else", "they are not", n),
        counted(no_return, closing, "there does not", n),
    ]


def worth(projection: Projection) -> list[str]:
    """Social value over the horizon, with its range and what it rests on."""
    found = projection.social_value
    if found is None:
        return []
    low, central, high = (money(found[name]) for name in ("low", "central", "high"))
    return [
        f"Those who complete a service within {len(projection.months)} months are worth {low} to {high} to society, {central} in the "
        "central set: the mean of all futures, at the opening. It rests on [social_value]; `resilience value` shows every figure."
    ]


def policy(projection: Projection) -> str:
    """The reserves policy in brackets: "three months of spending, £60,000"."""
    p, aim = projection.organisation.reserves_policy, money(projection.manifest["opening"]["policy"])
    if p.closing_liability:
        return f"what closing would cost, now {aim}"
    return aim if p.amount is not None else f"{p.months:g} month{'' if p.months == 1 else 's'} of spending, now {aim}"


def _breach(projection: Projection) -> str:
    share, n = projection.probabilities["breach"].last, projection.number
    if projection.in_breach_at_opening:
        return _still_in_breach(projection, share)
    return counted(
        share,
        f"free reserves fall below the policy ({policy(projection)}) by {month(projection.months[-1])}",
        "they do not",
        n,
    )


def _still_in_breach(projection: Projection, share: float) -> str:
    """Of all futures at month 24: still below the policy or out of cash, closed in order, merged, and above it."""
    t = min(24, len(projection.months)) - 1
    closed = float(projection.probabilities["closed_in_order"].by_month[t])
    parts = [f"{futures(share, projection.number)} they are still below it or cash has run out"]
    merged = float(projection.probabilities["merged_or_transferred"].by_month[t])
    parts += [f"{in_100(closed)} the organisation has closed in order"] if closed else []
    parts += [f"{in_100(merged)} it has merged or been transferred"] if merged else []
    parts.append(f"{in_100(max(0.0, round(1 - share - closed - merged, 9)))} they are not below it")
    free = owned(projection.manifest["opening"]["free_reserves"])
    return (
        f"Free reserves are {free}, already below the policy ({policy(projection)}). "
        f"At the end of {month(projection.months[t])}, {listed(parts)}."
    )


# ---- why, drivers, differences


def why(projection: Projection, found: Any) -> list[str]:
    """Why futures fail, of 100 that do: first what remains with every shock off, then each cause."""
    if not found.failures or not projection.manifest["chance"]:
        return []
    what = "become insolvent" if closes(projection) else "run out of cash"
    said = [
        f"Of 100 futures that {what}, {of_100(found.structural)} would still do so with every shock switched off: "
        f"{STRUCTURAL if found.structural > 0 else SHOCKS_ONLY}."
    ]
    causes = [(of_100(one.share_prevented), one.words) for one in found.events if one.share_prevented > 0]
    if causes:
        width = max(len(number) for number, _ in causes[:6])
        said.append("So many would not, had one thing alone not happened (the shares overlap):")
        said += [f"  {number:>{width}}  {what}" for number, what in causes[:6]]
    if len(causes) > 6:
        more = len(causes) - 6
        said.append(
            f"  and {more} more cause{'s' if more > 1 else ''}, of {causes[6][0]} or fewer"
            if causes[6][0] != "fewer than 1"
            else f"  and {more} more of fewer than 1"
        )
    return said


def drivers(projection: Projection, found: Sequence[Any]) -> list[str]:
    """What the headline's number becomes if an assumption takes its low and its high value, all else unchanged."""
    now, wider = of_100(projection.probabilities["insolvent"].last), _wider(found)
    found = [one for one in found if one.unit != "spread"]
    moving = [one for one in found if {of_100(one.low_share), of_100(one.high_share)} != {now}]
    if not moving:
        none = "No single assumption moves the headline's number from its low to its high value."
        return [*([none] if found else []), *wider]
    said = [
        sentence(
            f"{one.words}: {count(one.low_share)} at {amount(one.low_value, one.unit)}, "
            f"{count(one.high_share)} at {amount(one.high_value, one.unit)}"
        )
        for one in moving
    ]
    return [
        f"The headline's number, now {now}, with one assumption low or high and all else unchanged:",
        *(f"  {line}" for line in said),
        *wider,
    ]


def _wider(found: Sequence[Any]) -> list[str]:
    """What the headline's number is if every range is half as wide again."""
    return [
        f"The headline's number {one.words}: {count(one.high_share)}"
        + (f", not {of_100(one.low_share)}." if of_100(one.low_share) != of_100(one.high_share) else ", all the same.")
        for one in found
        if one.unit == "spread"
    ]


ALONE = 8  # parameters that nobody knows, shown at most
ALONE_TITLE = "What nobody knows, as this file has it, and what each of these alone does to the headline's number"


def alone(found: Sequence[Any]) -> list[str]:
    """What each parameter that nobody knows does to the headline's number by itself, the largest first; how many are left out."""
    if not found:
        return []
    said = [f"  {one.words}, {_figure(one)}: {_moved(one)} [{one.place}]" for one in found[:ALONE]]
    rest = len(found) - ALONE
    if rest > 0:
        said.append(f"  and {rest} more that move{'s' if rest == 1 else ''} it no more, left out here")
    return [f"{ALONE_TITLE}:", *said]


def _moved(one: Any) -> str:
    """The headline's number without a parameter and with it."""
    without, now = count(one.neutral_share), count(one.share)
    return f"{now} with it or without it" if now == without else f"from {without} without it to {of_100(one.share)}"


def _figure(one: Any) -> str:
    """What a parameter stands at, in words."""
    if isinstance(one.value, float) and one.unit.startswith("probability"):
        return amount(one.value, "probability") + one.unit.removeprefix("probability")
    if isinstance(one.value, float) and one.unit in ("share", "GBP a year"):
        return amount(one.value, one.unit)
    return f"{figure(one.value)} {one.unit}".strip()


# ---- where it comes from


def under(projection: Projection) -> dict[str, str]:
    """Scenario and strategy of a projection, by name."""
    return {
        "scenario": " + ".join(projection.manifest["overlays"]) or "nothing beyond the file",
        "strategy": projection.strategy.name,
    }


def manifest(found: dict[str, Any]) -> str:
    """The line that says where a result comes from."""
    scenario = " + ".join(found["overlays"]) or "none"
    chance = f"seed {found['seed']}, {found['paths']:,} futures" if found["chance"] else "no chance, 1 future"
    files = ", ".join(f"{one['name'] or one['role']} {one['sha256'][:8]}" for one in found["inputs"])
    played = f"{chance} of {found['months']} months; scenario: {scenario}; strategy: {found['strategy']}"
    played += "; every range wider by half" if found["ranges_too_narrow"] and found["chance"] else ""
    pounds = f"; pounds of {found['pounds']}" if "pounds" in found else ""
    return f"resilience {found['version']}, {played}{pounds}; {files}"
