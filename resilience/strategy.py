"""Strategies: what management does, as rules in a board's words. Rules fire in the order of the file."""

from __future__ import annotations

import math
import os
from typing import Any, Literal

from pydantic import PrivateAttr, model_validator

from resilience.fields import Amount, AmountRange, Number, Record, Share, field, refuse, validated
from resilience.reading import read_toml
from resilience.shipped import locate

When = Literal[
    "months of cover below",
    "forecast insolvent",
    "forecast below closing liability",
    "funding ends",
    "untold at serve-by",
    "policy breach forecast",
    "reserves below policy",
    "contract lost",
]
Do = Literal[
    "freeze recruitment",
    "strip hub",
    "close lowest contribution",
    "close in order",
    "undock",
    "serve notice at risk",
    "draw facility",
    "ask for payment in advance",
    "emergency appeal",
    "raise prices",
    "merge",
    "volunteers into vacancies",
]
Bidding = Literal["as the file says", "everything", "only if headroom covers peak cash", "only at full cost"]
COVER = "months of cover below"
APPEAL, MERGE, EVERYTHING = "emergency appeal", "merge", "everything"
IF_COVERED, AT_FULL_COST = "only if headroom covers peak cash", "only at full cost"
FORECASTS = ("forecast insolvent", "forecast below closing liability", "policy breach forecast")
ONLY_WITH = {"undock": "funding ends", "serve notice at risk": "untold at serve-by"}
# What an action is told beside when and how often: needed, and what may be left out.
OF_ACTION = {
    "ask for payment in advance": (("agrees",), ()),
    APPEAL: (("brings",), ("fatigue",)),
    "raise prices": (("rise",), ("lost",)),
    MERGE: (("takes", "found"), ("needs", "fee")),
}
ONCE = (APPEAL, MERGE)  # unless the rule says otherwise
STRETCHED = 0.5  # assumption: a bid written beside too many others
SEARCHES = 4  # most times that a partner is looked for


class Rule(Record):
    """When something is seen, something is done."""

    when: When = field("what management looks for at each month's end")
    level: Number | None = field("months of cover below which the rule fires", "months", None, le=120)
    within: int | None = field(
        "months ahead that management's own forecast reaches", "months", None, why="3", ge=1, le=12
    )
    do: Do = field("what it then decides")
    board: Literal["executive", "quarterly"] = field(
        "executive: looked at each month; quarterly: at the ends of March, June, September and December, "
        "or in a month whose forecast is below nil", "", "executive"
    )  # fmt: skip
    delay: int = field("months from decision to the first day of action", "months", 0, ge=0, le=24)
    at_most: int | None = field(
        "most times it fires", "times", None, why="no limit; once for an emergency appeal and a merger", ge=1, le=600
    )
    rearm_above: Number | None = field("months of cover above which it can fire again", "months", None, le=120)
    agrees: Share | None = field("chance that a payer asked to pay in advance agrees", "share", None)
    brings: AmountRange | None = field("what an emergency appeal brings", "GBP", None)
    fatigue: Share | None = field("share by which each further appeal brings less", "share", None, why="0")
    rise: Share | None = field("share by which prices of sales are raised", "share", None)
    lost: Share | None = field("share of sales lost when prices are raised", "share", None, why="0")
    takes: int | None = field("months from looking for a partner to the transfer", "months", None, ge=1, le=36)
    found: Share | None = field("chance that a partner is found", "share", None)
    needs: Number | None = field(
        "months of spending that headroom must cover for a partner to be looked for", "months", None, why="0", le=120
    )
    fee: Amount | None = field("cost of looking for a partner, paid in the month after", "GBP", None, why="0")

    @property
    def most(self) -> int | None:
        """Most times it fires; None without limit."""
        return 1 if self.at_most is None and self.do in ONCE else self.at_most

    @model_validator(mode="after")
    def _sense(self) -> Rule:
        if self.when == COVER and self.level is None:
            raise refuse("looks at months of cover and names no level; write level = 2, or another number of months")
        for name in ("level", "rearm_above"):
            if self.when != COVER and getattr(self, name) is not None:
                raise refuse(f'has {name}, which belongs to "{COVER}" only; remove {name}')
        if self.within is not None and self.when not in FORECASTS:
            raise refuse("has within, which belongs to a forecast only; remove within")
        if self.rearm_above is not None and self.level is not None and self.rearm_above < self.level:
            raise refuse("can fire again below its own level; write rearm_above at level or higher")
        needed = ONLY_WITH.get(self.do)
        if needed and self.when != needed:
            raise refuse(f'does "{self.do}" when "{self.when}"; write when = "{needed}"')
        for do, when in ONLY_WITH.items():
            if self.when == when and self.do != do:
                raise refuse(f'does "{self.do}" when "{when}"; write do = "{do}"')
        self._action()
        return self

    def _action(self) -> None:
        """What belongs to the action: all of it that is needed, and nothing of another."""
        for do, (needed, more) in OF_ACTION.items():
            for name in (*needed, *more):
                if do != self.do and getattr(self, name) is not None:
                    raise refuse(f'has {name}, which belongs to "{do}" only; remove {name}')
            lacking = [name for name in needed if getattr(self, name) is None]
            if do == self.do and lacking:
                raise refuse(f'does "{do}" and does not say {" and ".join(lacking)}; {EXAMPLES[do]}')
        if self.do == MERGE and (self.at_most or 1) > SEARCHES:
            raise refuse(f"looks for a partner too often; write at_most = {SEARCHES} or less")


EXAMPLES = {
    "ask for payment in advance": "write agrees = 0.3, or another chance",
    APPEAL: "write brings = { low = 2000, likely = 5000, high = 15000 }, or one number",
    "raise prices": "write rise = 0.05 for 5 %",
    MERGE: "write takes = 6 and found = 0.5, or other numbers",
}


class Ready(Record):
    """A proposal kept ready for money that must be spent soon: written, and written anew when its shelf life is over."""

    cost: Amount = field("cost of writing it, each time", "GBP")
    shelf_life: int = field("months after which it is out of date", "months", ge=1, le=120)
    months: int = field("months from the first month until it is there", "months", 1, ge=0, le=36)


class Strategy(Record):
    """What we choose: a name, a reason, a source, and the rules that management follows."""

    name: str = field("name shown in outputs", min_length=1, max_length=200)
    why: str = field("what it stands for", min_length=1)
    source: str = field("what it rests on", min_length=1)
    hope: Share = field("weight of awards not yet told in management's own forecast; moves nothing else", "share", 0.0)
    bidding: Bidding = field(
        "what is bid for: what the file says; every opportunity, even those beyond what the hub can write bids for; or "
        "named bids only where headroom covers the cash they need", "", "as the file says"
    )  # fmt: skip
    stretched: Number | None = field(
        "log-odds of winning lost by a bid beyond what the hub can write",
        "log-odds",
        None,
        of="nobody",
        why="0.5",
        le=10,
    )
    ready: Ready | None = field("a proposal kept ready for money that must be spent soon", "", None)
    rules: list[Rule] = field("rules, in the order in which they are looked at", "", [])
    _file: str = PrivateAttr("")

    @model_validator(mode="after")
    def _sense(self) -> Strategy:
        if self.stretched is not None and self.bidding != EVERYTHING:
            raise refuse(f'has stretched, which belongs to bidding = "{EVERYTHING}" only; remove stretched')
        return self

    @property
    def decides(self) -> bool:
        """Does anybody decide anything?"""
        return bool(self.rules) or self.bidding != "as the file says" or self.ready is not None

    @property
    def draws(self) -> bool:
        """Has it chance of its own, or does it change what is bid for? Then it counts before the first month."""
        changed = self.bidding != "as the file says" or self.ready is not None
        return changed or any(rule.do in OF_ACTION for rule in self.rules)

    @property
    def beyond(self) -> float:
        """Log-odds lost by bids beyond what the hub can write; nan if none is written."""
        if self.bidding != EVERYTHING:
            return math.nan
        return STRETCHED if self.stretched is None else float(self.stretched)

    @property
    def file(self) -> str:
        """The file it was read from."""
        return self._file


def read_strategy(name_or_path: str | os.PathLike[str]) -> Strategy:
    """The strategy of a shipped name or a file. Raises InputError with every fault of the file."""
    path = locate("strategies", name_or_path)
    return strategy_from(read_toml(path), str(path))


def strategy_from(raw: dict[str, Any], file: str) -> Strategy:
    """The strategy that these tables describe; `file` is what faults are said of. Raises InputError."""
    return validated(Strategy, raw, file)
