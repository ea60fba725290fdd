"""What becomes of the people who complete a service, and what that is worth: what only `resilience value` reads."""

from __future__ import annotations

from typing import Annotated, Literal

from resilience.fields import EITHER, PLAIN, TABLE, Amount, Number, Rate, Record, Share, field

Timing = Literal["end of year", "start of year"]
Set = Literal["low", "central", "high"]


class ThreeAmounts(Record):
    """An amount in each of the three sets."""

    low: Amount = field("in the low set", "GBP")
    central: Amount = field("in the central set", "GBP")
    high: Amount = field("in the high set", "GBP")


class ThreeShares(Record):
    """A share in each of the three sets: of deadweight the largest stands in the low set."""

    low: Share = field("in the low set", "share")
    central: Share = field("in the central set", "share")
    high: Share = field("in the high set", "share")


AmountOrThree = Annotated[Annotated[ThreeAmounts, TABLE] | Annotated[Amount, PLAIN], EITHER]
ShareOrThree = Annotated[Annotated[ThreeShares, TABLE] | Annotated[Share, PLAIN], EITHER]


class Outcome(Record):
    """One change for people, and what of it is ours."""

    service: str | None = field("service whose completed people have it", "", None, why="quantity says how many")
    share: ShareOrThree = field("share of those who complete the service that have it", "share", 1.0)
    quantity: Number | None = field("how many have it a year, instead of a service", "a year", None)
    value: AmountOrThree = field("what it is worth to society in its first year", "GBP each")
    deadweight: ShareOrThree = field("share that would have happened anyway", "share", of="weak")
    displacement: ShareOrThree = field("share that only moved from elsewhere", "share", of="weak")
    attribution: ShareOrThree = field("share that is due to others", "share", of="weak")
    drop_off: ShareOrThree = field("share lost in each later year", "share", of="weak")
    duration: int = field("years that it lasts", "years", ge=1, le=30)


class SocialValue(Record):
    """How outcomes are valued."""

    timing: Timing = field(
        "the first year's value is discounted by a year, or not at all",
        "",
        "end of year",
        why="as the guide to social return does",
    )
    rate: Rate | None = field("discount rate", "a year", None, of="weak", why="the Green Book's, dated")
    investment: Amount | None = field(
        "what it costs a year", "GBP", None, why="full cost of the docks of the services named"
    )
    outcomes: dict[str, Outcome] = field("outcomes", "", {})
