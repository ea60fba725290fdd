"""Social value: outcomes of the people who complete a service, to present value, in three sets. docs/cost_recovery.md.

Impact of an outcome in year k = quantity × value × (1 − deadweight) × (1 − displacement) × (1 − attribution) × (1 − drop-off)^(k − 1);
present value = Σ impact ÷ (1 + r)^k, at the end of each year, or ^(k − 1), at its start. Source: the guide to social return on investment
(Cabinet Office 2009, revised 2012); discount rate of the Green Book.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from resilience import __version__
from resilience.employment import exact, whole_pence
from resilience.errors import Fault, InputError
from resilience.horizon import Horizon
from resilience.manifest import inputs
from resilience.organisation import Organisation
from resilience.organisation.social_value import Outcome
from resilience.rates import rate

SETS = ("low", "central", "high")
DISCOUNT = "social_time_preference"


@dataclass(frozen=True)
class Year:
    """One year of an outcome, counted from 1: pounds in it, and in the present."""

    year: int
    impact: float
    present: float


@dataclass(frozen=True)
class Worth:
    """One outcome in one set; each figure as it is used."""

    outcome: str
    service: str | None
    quantity: float
    value: float
    deadweight: float
    displacement: float
    attribution: float
    drop_off: float
    years: list[Year]
    present: float
    source: str


@dataclass(frozen=True)
class OfSet:
    """All outcomes in one set. ratio: present value ÷ investment, None without one; net: present value less investment."""

    name: str
    outcomes: list[Worth]
    present: float
    ratio: float | None
    net: float


@dataclass(frozen=True)
class Valued:
    """Social value of a year's work in three sets. discount: share a year; invested: what the investment is."""

    organisation: str
    month: str
    timing: str
    discount: float
    discount_source: str
    investment: float
    invested: str
    sets: list[OfSet]
    manifest: dict[str, Any]


def value(organisation: Organisation, people: Mapping[str, Fraction], full_cost: int) -> Valued:
    """The social value of a year's work. people: those who complete each service a year; full_cost: pence, where none is given.

    Raises InputError where the file has no [social_value], and where the sets do not lie in their order.
    """
    held, file = organisation.social_value, organisation.file
    if held is None:
        fix = "add it, with [social_value.outcomes.NAME] for each outcome; docs/cost_recovery.md has an example"
        raise InputError(
            [Fault(file, "social_value", None, "is missing, so nothing says what the outcomes are worth", fix)]
        )
    dated, discount = rate(DISCOUNT, organisation.first_month), _discount(organisation)
    investment = full_cost if held.investment is None else held.investment
    sets = []
    for name in SETS:
        rows = [_worth(key, one, name, people, discount, held.timing) for key, one in sorted(held.outcomes.items())]
        present = sum((x for _, x in rows), Fraction(0))
        pence = whole_pence(present)
        ratio = float(present / investment) if investment else None
        sets.append(OfSet(name, [row for row, _ in rows], pence / 100, ratio, (pence - investment) / 100))
    for below, above in pairwise(sets):
        if below.present > above.present:
            problem = f"are worth {below.present:,.2f} in the {below.name} set and {above.present:,.2f} in the {above.name} set"
            fix = "of deadweight, displacement, attribution and drop-off the largest stands in the low set"
            raise InputError([Fault(file, "social_value.outcomes", None, problem, fix)])
    return Valued(
        organisation.name,
        str(organisation.first_month),
        held.timing,
        float(discount),
        "the file" if held.rate is not None else dated.source,
        investment / 100,
        "full cost of the docks of the services named" if held.investment is None else "the file",
        sets,
        {
            "version": __version__,
            "overlays": list(organisation.overlays),
            "inputs": inputs({"organisation": (file, organisation.raw)}),
        },
    )


def worth_by_month(organisation: Organisation, horizon: Horizon) -> dict[str, np.ndarray]:
    """Pence that one person who completes a service in a month is worth at the opening, float64 (sets, months), by service.

    The present value of the outcomes linked to it, over (1 + r)^(t/12): t months lie between. {} where the file has no [social_value].
    """
    held = organisation.social_value
    if held is None:
        return {}
    fall = (1 + float(_discount(organisation))) ** -(np.arange(horizon.months) / 12)
    linked = {name: one for name, one in held.outcomes.items() if one.service is not None}
    one, found = {str(outcome.service): Fraction(1) for outcome in linked.values()}, dict[str, np.ndarray]()
    for service in sorted(one):
        of = [(name, outcome) for name, outcome in sorted(linked.items()) if outcome.service == service]
        worths = [
            [_worth(*named, which, one, _discount(organisation), held.timing)[1] for named in of] for which in SETS
        ]
        found[service] = np.array([float(sum(each, Fraction(0))) * fall for each in worths])
    return found


def _discount(organisation: Organisation) -> Fraction:
    held = organisation.social_value
    given = held.rate if held else None
    return exact(given) if given is not None else rate(DISCOUNT, organisation.first_month).number


def _worth(
    name: str, one: Outcome, of: str, people: Mapping[str, Fraction], discount: Fraction, timing: str
) -> tuple[Worth, Fraction]:
    """An outcome in one set, and its present value, exact pence."""
    share = {
        key: exact(_in(getattr(one, key), of))
        for key in ("share", "deadweight", "displacement", "attribution", "drop_off")
    }
    quantity = exact(one.quantity or 0) if one.service is None else people[one.service] * share["share"]
    worth = int(_in(one.value, of))
    first = quantity * worth * (1 - share["deadweight"]) * (1 - share["displacement"]) * (1 - share["attribution"])
    early = 1 if timing == "start of year" else 0
    impacts = [first * (1 - share["drop_off"]) ** k for k in range(one.duration)]
    presents = [impact / (1 + discount) ** (k + 1 - early) for k, impact in enumerate(impacts)]
    total = sum(presents, Fraction(0))
    years = [
        Year(k + 1, whole_pence(a) / 100, whole_pence(b) / 100)
        for k, (a, b) in enumerate(zip(impacts, presents, strict=True))
    ]
    return (
        Worth(
            name,
            one.service,
            float(quantity),
            worth / 100,
            float(share["deadweight"]),
            float(share["displacement"]),
            float(share["attribution"]),
            float(share["drop_off"]),
            years,
            whole_pence(total) / 100,
            one.source or "",
        ),
        total,
    )


def _in(given: Any, of: str) -> Any:
    """A figure in one set: its own there, or the same in all."""
    return getattr(given, of) if hasattr(given, "central") else given
