"""Terms of a stream beyond its amount and its dates: by the unit, by results, in whole gifts, by the season, options to extend.

What stands in them, what would be read and ignored, and what must hold between them. Equations: docs/model.md, section 4.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from resilience.distributions import Exact
from resilience.fields import AmountRange, Chance, Number, Record, Share, ShareRange, field, refuse

Clawback = Literal["kept", "returned", "asked"]
NOT_AHEAD = ("unit", "results", "season", "volatility", "gifts")  # an instalment paid ahead does not vary
NOT_WITH_GIFTS = ("unit", "results", "season", "volatility")
REASONS = ("retendered", "in_house", "reshaped", "ended")  # why an award is lost
DEAREST = 10**8  # pence a unit: a price in millionths of a penny stays within 64 bits
MOST_GIFTS = 240  # a year: more are no longer single gifts


class Extension(Record):
    """Options to extend an award on the same terms, each asked at the end of the one before."""

    chance: Chance = field("probability that an option is taken up", "probability", of="weak")
    months: int = field("months of an extension", "months", 12, of="weak", why="assumption: a year", ge=1, le=120)
    times: int = field("options there are", "options", 1, ge=1, le=20)


class Unit(Record):
    """Payment by the unit delivered."""

    price: AmountRange = field("price of a unit", "GBP a unit")
    service: str = field("service whose people served in a month are the units")
    guaranteed_volume: Number = field("units a month paid for at least", "units a month", 0.0)


class Results(Record):
    """Payment by results of a share of the amount."""

    share: Share = field("share of the amount that is paid by results", "share", gt=0)
    success: ShareRange = field("share of the results that is achieved", "share", of="weak")
    lag: int = field(
        "months from delivery to payment of the results",
        "months",
        3,
        of="weak",
        why="assumption: a quarter to show and check results",
        ge=0,
        le=24,
    )


class Gifts(Record):
    """Legacies and major gifts: few, whole, each with an amount of its own."""

    a_year: Number = field("mean number a year", "gifts a year", gt=0, le=MOST_GIFTS)
    amount: AmountRange = field("amount of one gift: each is drawn for itself", "GBP")


TUPE = "assumption of the model: the law asks for the same work for the same client by an organised group of people"


class Loss(Record):
    """Why an award that funds a dock is lost, by weights, and whether its people then go with the work (TUPE)."""

    retendered: Number = field("weight: tendered again alike, and won by another", "", 0.0)
    in_house: Number = field("weight: the payer does the work itself", "", 0.0)
    reshaped: Number = field("weight: the payer buys something else in its place", "", 0.0)
    ended: Number = field("weight: nobody goes on with the work", "", 0.0)
    retendered_tupe: Chance = field(
        "probability that its people go with the work when it is tendered again alike",
        "probability",
        0.9,
        of="weak",
        why=TUPE,
    )
    in_house_tupe: Chance = field(
        "probability that its people go with the work when it is taken in-house",
        "probability",
        0.9,
        of="weak",
        why=TUPE,
    )
    reshaped_tupe: Chance = field(
        "probability that its people go with the work when it is reshaped", "probability", 0.3, of="weak", why=TUPE
    )
    ended_tupe: Chance = field(
        "probability that its people go elsewhere with the work when it ends",
        "probability",
        0.0,
        of="weak",
        why="there is nobody to go to",
    )

    @model_validator(mode="after")
    def _some(self) -> Loss:
        if not sum(self.weights) > 0:
            raise refuse(
                "has no weight above nil; write one of retendered, in_house, reshaped, ended, such as ended = 1"
            )
        return self

    @property
    def weights(self) -> tuple[float, ...]:
        """In the order of REASONS."""
        return tuple(float(getattr(self, name)) for name in REASONS)

    @property
    def tupe(self) -> tuple[Any, ...]:
        """Probabilities that its people go, in the order of REASONS."""
        return tuple(getattr(self, f"{name}_tupe") for name in REASONS)


OF_A_CONTRACT = Loss(retendered=5.0, in_house=1.0, reshaped=2.0, ended=2.0)
OF_THE_REST = Loss(ended=1.0)


def loss_of(item: Any) -> Loss:
    """How a stream or bid may be lost: as its file says, or by its form."""
    return item.lost or (OF_A_CONTRACT if item.form == "contract" else OF_THE_REST)


def yearly_of_gifts(gifts: Gifts) -> Exact:
    """Expected pence a year: mean number × mean amount."""
    return Exact(float(round(gifts.a_year * gifts.amount.mean())))


def success_expected(results: Results | None) -> float:
    """Share of the amount that is expected to be earned: 1 − share + share × mean success; 1 without results."""
    if results is None:
        return 1.0
    return 1.0 - results.share * (1.0 - float(results.success.mean()))


def expected_yearly(item: Any) -> float:
    """Pence a year that a stream or bid is expected to bring as its file stands: the middle of `yearly`, results at their mean."""
    return float(item.yearly.quantile(0.5)) * success_expected(getattr(item, "results", None))


def idle_terms(item: dict[str, Any], payment: str | None) -> dict[str, str]:
    """{field: why} of the terms of a stream that would be read and ignored."""
    found: dict[str, str] = {}
    if payment == "quarterly in advance":
        found |= dict.fromkeys(NOT_AHEAD, "does nothing: an instalment paid in advance does not vary")
    if "gifts" in item:
        found["yearly"] = "does nothing: the gifts say what is expected"
        found |= dict.fromkeys(NOT_WITH_GIFTS, "cannot stand beside gifts, which vary by themselves")
    elif "unit" in item:
        found["yearly"] = "does nothing: price and units say what is expected"
        found["season"] = "cannot stand beside unit: its months vary with the service"
    if not item.get("volatility"):
        found["memory"] = "does nothing: there is no volatility"
    if item.get("clawback") != "asked":
        found["clawback_kept"] = 'does nothing: clawback is not "asked"'
    return found


def opening_units(organisation: Any, name: str) -> float:
    """People served in the opening month by a service, its posts filled: min(demand, capacity), referrals at their middle.

    Demand = open + waiting + referrals; capacity = max(open, places + open ÷ length). docs/model.md, section 7.
    """
    service = organisation.services[name]
    hours = sum(p.heads * p.hours * p.productivity for p in organisation.docks[service.dock].posts.values())
    places = hours / organisation.full_time_hours * service.caseload
    referrals = float(service.referrals.quantile(0.5))
    cases = min(referrals * service.length, places) if service.open is None else service.open
    closing = min(cases, cases / service.length)
    return float(min(cases + service.waiting + referrals, max(cases, places + closing)))


def yearly_of_units(organisation: Any, unit: Unit) -> Exact:
    """Expected pence a year: price × 12 × the opening month's units, at least those guaranteed; where none, of one a month."""
    units = max(opening_units(organisation, unit.service), unit.guaranteed_volume)
    return Exact(float(max(1, round(12 * float(unit.price.quantile(0.5)) * (units or 1.0)))))
