"""Two plans on the same futures, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from resilience.words.answer import closes
from resilience.words.numbers import count, error, in_100, listed, money, month, of_100, rough, sentence, steps, whole

if TYPE_CHECKING:
    from resilience.projection import Projection

AS_IT_STANDS = "the file as it stands"


def difference(
    name_a: str, name_b: str, a: float, b: float, standard_error: float, paths: int, what: tuple[str, str]
) -> str:
    """Two plans on the same futures, told apart only beyond two standard errors; what: as verb and as noun."""
    verb, noun = what
    apart = b - a
    if standard_error == 0 and apart == 0:
        return f"{sentence(noun)[:-1]}: {name_b} and {name_a} differ in none of {paths:,} futures ({count(a)} with either)."
    if abs(apart) <= 2 * standard_error:
        return (
            f"We cannot tell {name_a} and {name_b} apart on {noun}: {_apart(abs(apart))} of 100 apart, "
            f"error {error(standard_error)}. Choose on other grounds."
        )
    more = "more" if apart > 0 else "fewer"
    return (
        f"With {name_b}, {count(b)} {verb}, with {name_a} {of_100(a)}: {_between(a, b)} {more} "
        f"(simulation error {error(standard_error)})."
    )


def _between(a: float, b: float) -> str:
    """The difference of the two numbers as they are said, so that they add up; where they look alike, of the shares."""
    said = abs(whole(b) - whole(a))
    return str(said) if said else _apart(abs(b - a))


def _apart(share: float) -> str:
    return "fewer than 1" if 0 < share < 0.005 else "more than 99" if 0.995 <= share < 1 else str(whole(share))


def from_the_file(projection: Projection, before: float, now: float, standard_error: float) -> str:
    """The headline's number beside that of the file as it stands, on the same futures."""
    what = ("become insolvent", "insolvency") if closes(projection) else ("run out of cash", "running out of cash")
    return difference(AS_IT_STANDS, "these changes", before, now, standard_error, projection.number, what)


def cash_difference(reference: str, name: str, at: Any) -> str:
    """Future by future: spendable cash at a month's end, the shares with less and more, and the middle 80."""
    if at.less == 0 and at.more == 0:
        return f"Spendable cash at the end of {month(at.month)} is the same in every future."
    said = (
        f"Future by future, {name} leaves less spendable cash than {reference} at the end of {month(at.month)} "
        f"{in_100(at.less)} and more {in_100(at.more)}"
    )
    if not at.both:
        return f"{said}; in no future do both go on to then."
    return f"{said}; where both go on by then, the middle 80 of 100 change by {steps(at.p10)} to {steps(at.p90)}."


def structures(alternatives: Sequence[Any]) -> str:
    """What the structures compared are, and the strategies that each is managed by."""
    managed: dict[str, list[str]] = {}
    for one in alternatives:
        managed.setdefault(one.structure, []).append(f"“{one.strategy}”")
    by = "; ".join(f"{name} by {listed(list(dict.fromkeys(them)))}" for name, them in managed.items())
    return (
        "hub-and-dock is the file as it stands; conventional is the same services and heads, all permanent, nobody redeployed, "
        f"no volunteers, no post of the hub given up. Managed here: {by}."
    )


def liability_difference(name: str, at: Any) -> str:
    """What closing would cost beside the reference, on average of the futures in which both go on."""
    error = 2 * at.standard_error
    if at.difference == 0:
        return ""
    where = f"at the end of {month(at.month)}, on average where both go on"
    if not at.seen:
        return f"We cannot tell them apart on what closing would cost {where}: {rough(abs(at.difference))} apart, error ±{rough(error)}."
    more = "more" if at.difference > 0 else "less"
    return f"With {name}, closing would cost {rough(abs(at.difference))} {more} {where} (simulation error ±{rough(error)})."


def people_difference(name: str, found: Any, what: str) -> str:
    """A mean over all futures, of people: only where it is more than two standard errors."""
    if found.difference == 0:
        return ""
    error = 2 * found.standard_error
    if not found.seen:
        return (
            f"We cannot tell them apart on {what}: {few(abs(found.difference))} apart on average, error ±{few(error)}."
        )
    more = "more" if found.difference > 0 else "fewer"
    margin = f" (simulation error ±{few(error)})" if error >= 0.05 else ""
    return f"With {name}, {few(abs(found.difference))} {more} {what} on average{margin}."


def worth_difference(name: str, found: dict[str, Any]) -> str:
    """Social value kept or lost, in the central set with its range: only where it is more than two standard errors."""
    central = found["central"]
    if central.difference == 0:
        return ""
    if not central.seen:
        error = 2 * central.standard_error
        return f"We cannot tell them apart on social value: {rough(abs(central.difference))} apart on average, error ±{rough(error)}."
    kept = "more" if central.difference > 0 else "less"
    low, high = sorted((abs(found["low"].difference), abs(found["high"].difference)))
    return (
        f"With {name}, {rough(abs(central.difference))} {kept} social value on average, {rough(low)} to {rough(high)} in the low and high "
        f"sets (simulation error ±{rough(2 * central.standard_error)})."
    )


def few(number: float) -> str:
    """A mean of people: whole from ten on, else with one decimal."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def warned(one: Any, paths: int, months: int) -> str:
    """When one alternative has passed the point of no return in half of its futures, and how long before its end it was foreseen."""
    passed = in_100(one.probabilities["point_of_no_return"])
    half = f", half of all by {month(one.no_return)}" if one.no_return else ""
    said = f"{one.label}: cash no longer covers what closing costs {passed} within {months} months{half}; "
    if not one.warned.insolvent:
        return f"{said}none of {paths:,} futures runs out of cash."
    months_before = f"{one.warned.median:.0f} month{'' if one.warned.median == 1 else 's'} before"
    typical = f"had said so {months_before}" if one.warned.median else "had never said so"
    margin = f" (simulation error {error(one.warned.standard_error)})" if one.warned.standard_error else ""
    return (
        f"{said}where cash runs out, our own forecast {typical} in the middle case, and three months or more "
        f"before {in_100(one.warned.in_time)}{margin}."
    )


UNWARNED = (
    "run out of cash with less than three months' warning",
    "running out of cash with less than three months' warning",
)


def more_cash(found: Any) -> str:
    """Said where a strategy's rules turn more cash into more ends."""
    return (
        f"{found.label}: more cash can be worse. With {money(found.pounds)} more in the bank at the opening, a month of "
        f"spending, {count(found.worse)} futures end that would go on without it (simulation error {error(found.standard_error)}), "
        f"while {count(found.better)} go on that would end: a rule then fires later, or not at all."
    )


BEST = "Chosen on one half of the futures, checked on the other half:"


def best(found: Any) -> str:
    """The best of several strategies under one scenario, by one yardstick."""
    by = {
        "insolvent": "fewest futures run out of cash",
        "breach": "fewest futures breach the policy",
        "served": "most people helped",
        "point_of_no_return": "fewest futures pass the point of no return",
    }[found.by]
    if not found.seen and found.label != found.reference:
        return f"  {by}: {found.label}, but not to be told apart from {found.reference}"
    return f"  {by}: {found.label}"


def comparison_manifest(found: dict[str, Any]) -> str:
    """The line that says where a comparison comes from."""
    files = ", ".join(f"{one['name']} {one['sha256'][:8]}" for one in found["inputs"])
    played = f"{found['paths']:,} futures of {found['months']} months, the same for each"
    played += ", every range wider by half" if found["ranges_too_narrow"] else ""
    pounds = f"; pounds of {found['pounds']}" if "pounds" in found else ""
    return f"resilience {found['version']}, seed {found['seed']}, {played}{pounds}; {files}"
