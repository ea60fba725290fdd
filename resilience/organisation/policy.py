"""Policy: elections, programmes, sprees, reorganisations of the bodies that commission; all but elections off until a file names them.

The stages of a programme are a narrative device, from the hype cycle.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from resilience.elections import changed
from resilience.fields import Amount, AmountRange, CalendarMonth, Chance, Number, Record, Share, field
from resilience.tenders import Kind, LogOdds, Opportunities

STAGES = ("trigger", "peak", "trough", "slope", "plateau")
Stage = Literal["trigger", "peak", "trough", "slope", "plateau"]
TOLD = "assumption of the model: a narrative device"
SIX_YEARS = (
    "of six years to the plateau, a guess; its band at the source of the idea goes from two years to more than ten"
)


CHANGED, HELD = changed()


class Elections(Record):
    """General elections: when the next one is, and whether the government changes."""

    next: CalendarMonth | None = field(
        "month of the next general election", "", None, why="the latest lawful one, dated: data/elections.toml"
    )
    changes: Chance = field(
        "probability that an election changes the government",
        "probability",
        round(CHANGED / HELD, 2),
        of="nobody",
        why=f"{CHANGED} of the {HELD} of the record did: data/elections.toml",
    )


class Lasts(Record):
    """How long a stage lasts, on the mean; the plateau lasts on."""

    trigger: Number = field("mean length", "months", 7.0, of="nobody", why=f"10 % {SIX_YEARS}", gt=0, le=240)
    peak: Number = field("mean length", "months", 11.0, of="nobody", why=f"15 % {SIX_YEARS}", gt=0, le=240)
    trough: Number = field("mean length", "months", 18.0, of="nobody", why=f"25 % {SIX_YEARS}", gt=0, le=240)
    slope: Number = field("mean length", "months", 25.0, of="nobody", why=f"35 % {SIX_YEARS}", gt=0, le=240)


class CutsByStage(Record):
    """By how much the odds of cuts of its streams are multiplied in each stage."""

    trigger: Number = field("multiplier of the odds of cuts", "", 1.0, of="nobody", why=TOLD, le=1000)
    peak: Number = field("multiplier of the odds of cuts", "", 0.5, of="nobody", why=TOLD, le=1000)
    trough: Number = field("multiplier of the odds of cuts", "", 3.0, of="nobody", why=TOLD, le=1000)
    slope: Number = field("multiplier of the odds of cuts", "", 1.5, of="nobody", why=TOLD, le=1000)
    plateau: Number = field("multiplier of the odds of cuts", "", 0.7, of="nobody", why=TOLD, le=1000)


class OddsByStage(Record):
    """What is added to the log-odds of winning its bids, by the stage in which they are told."""

    trigger: LogOdds = field("log-odds added", "log-odds", 0.0, of="nobody", why="chance says it all")
    peak: LogOdds = field("log-odds added", "log-odds", 0.0, of="nobody", why="chance says it all")
    trough: LogOdds = field("log-odds added", "log-odds", 0.0, of="nobody", why="chance says it all")
    slope: LogOdds = field("log-odds added", "log-odds", 0.0, of="nobody", why="chance says it all")
    plateau: LogOdds = field("log-odds added", "log-odds", 0.0, of="nobody", why="chance says it all")


class Engaging(Record):
    """Taking part while a programme has no regular money, in its trough and on its slope: it costs, and later it counts."""

    yearly: Amount = field("what engaging costs, in trough and slope", "GBP a year", gt=0)
    odds: Number = field("log-odds of winning its money that it adds in the end", "log-odds", of="nobody", gt=0, le=5)
    months: int = field(
        "months of engaging after which that is reached; evenly until then", "months", 12, of="nobody", why=TOLD, ge=1, le=120
    )  # fmt: skip
    starts: CalendarMonth | None = field("first month of engaging", "", None, why="the first month", alias="from")


class Programme(Record):
    """A policy programme: the stage it is in says what kind of money there is, and how safe it is."""

    stage: Stage = field("stage in the first month", of="nobody")
    since: int = field("months that it has been in it", "months", 0, of="weak", why="has just begun", ge=0, le=240)
    lasts: Lasts = field("how long each stage lasts", "", Lasts())
    shape: Number = field(
        "shape of the gamma distribution of each length: 1 says nothing of when it ends, more is more regular",
        "",
        1.0,
        of="nobody",
        why="assumption: two and a half to twelve years to the plateau would be 0.7",
        ge=0.2,
        le=50,
    )
    abandoned: Chance = field(
        "probability that it is abandoned when its trough is over",
        "probability",
        0.4,
        of="nobody",
        why="assumption: three to five in ten",
    )
    scrapped: Chance = field(
        "probability that a new government scraps it, at its first settlement",
        "probability",
        0.3,
        of="nobody",
        why=TOLD,
    )
    adapted: Chance = field(
        "probability that a new government adapts it: contracts are kept, under another name it begins again",
        "probability",
        0.3,
        of="nobody",
        why=TOLD,
    )
    notice: int = field(
        "months of notice with which its own pilots and contracts end when it ends",
        "months",
        3,
        of="weak",
        why="Best Value statutory guidance, September 2011",
        ge=0,
        le=36,
    )
    cuts: CutsByStage = field("what each stage does to the odds of cuts", "", CutsByStage())
    winning: OddsByStage = field("what each stage does to the odds of winning its bids", "", OddsByStage())
    pilots: Opportunities | None = field("money on the slope: short, generous, seldom renewed", "", None, why="none")
    contracts: Opportunities | None = field("money on the plateau: tendered regularly", "", None, why="none")
    engaging: Engaging | None = field("taking part in trough and slope", "", None, why="no")

    @property
    def monies(self) -> list[tuple[str, Opportunities]]:
        """Each kind of money that it brings, by its name."""
        return [
            (name, one) for name, one in (("pilots", self.pilots), ("contracts", self.contracts)) if one is not None
        ]


class Spree(Record):
    """Money that must be spent soon: offered for a while before an election or a year's end to whoever has a proposal ready."""

    before: Literal["election", "year end"] = field("what it comes before: general elections, or every 31 March")
    window: int = field("months before it in which it can come", "months", 6, of="nobody", why=TOLD, ge=1, le=24)
    comes: Chance = field("probability that it comes in one such time", "probability", of="nobody")
    chance: Chance = field("probability that a ready proposal is taken", "probability", of="nobody")
    yearly: AmountRange = field("value a year of what it pays for", "GBP a year", of="nobody")
    term: int = field("months of income", "months", 6, of="nobody", why=TOLD, ge=1, le=60)
    margin: Share = field("share of the income that is left after the cost of delivering", "share", of="nobody")
    fit: Share = field("mission fit of what it pays for", "share", 1.0, of="nobody", why="says nothing of itself")


class Reorganisation(Record):
    """The bodies that commission are abolished, and new ones take over on a day: their vesting."""

    kinds: list[Kind] = field("kinds of payer that it meets", "", ["local authority"])
    vesting: CalendarMonth = field("first month of the new bodies")
    held: Chance = field(
        "probability that an award ending in the twelve months before vesting is held over",
        "probability",
        0.7,
        of="nobody",
        why="assumption of the model",
    )
    waits: int = field(
        "months after vesting until which new awards wait that would be told from a year before it on",
        "months",
        6,
        of="nobody",
        why="assumption of the model",
        ge=0,
        le=36,
    )
    later: int = field(
        "months by which what is delivered in those months is paid later, in arrears",
        "months",
        1,
        of="nobody",
        why="assumption of the model",
        ge=0,
        le=12,
    )
    rebuilt: int = field(
        "months after vesting in which what being there adds to the odds is rebuilt, from nil, evenly",
        "months",
        12,
        of="nobody",
        why="assumption of the model",
        ge=0,
        le=60,
    )
    harmonised: Share = field(
        "most by which a grant moves, up or down alike, in the second April",
        "share",
        0.3,
        of="nobody",
        why="assumption of the model",
    )


def by_stages(table: CutsByStage | OddsByStage) -> Iterator[float]:
    """The figures of a table that has one for each stage, in their order."""
    return (float(getattr(table, name)) for name in STAGES)
