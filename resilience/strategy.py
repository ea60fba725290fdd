"""Strategies: what management does, as rules in a board's words. Rules fire in the order of the file."""

from __future__ import annotations

import os
from typing import Any, Literal

from pydantic import PrivateAttr, ValidationError, model_validator

from resilience.errors import InputError
from resilience.fields import Number, Record, Share, faults_of, field, refuse
from resilience.reading import read_toml
from resilience.shipped import locate

When = Literal[
    "months of cover below",
    "forecast insolvent",
    "forecast below closing liability",
    "funding ends",
    "untold at serve-by",
]
Do = Literal[
    "freeze recruitment",
    "strip hub",
    "close lowest contribution",
    "close in order",
    "undock",
    "serve notice at risk",
]
COVER = "months of cover below"
ONLY_WITH = {"undock": "funding ends", "serve notice at risk": "untold at serve-by"}


class Rule(Record):
    """When something is seen, something is done."""

    when: When = field("what management looks for at each month's end")
    level: Number | None = field("months of cover below which the rule fires", "months", None, le=120)
    do: Do = field("what it then decides")
    board: Literal["executive", "quarterly"] = field(
        "executive: looked at each month; quarterly: at the ends of March, June, September and December, "
        "or in a month whose forecast is below nil", "", "executive"
    )  # fmt: skip
    delay: int = field("months from decision to the first day of action", "months", 0, ge=0, le=24)
    at_most: int | None = field("most times it fires", "times", None, why="no limit", ge=1, le=600)
    rearm_above: Number | None = field("months of cover above which it can fire again", "months", None, le=120)

    @model_validator(mode="after")
    def _sense(self) -> Rule:
        if self.when == COVER and self.level is None:
            raise refuse("looks at months of cover and names no level; write level = 2, or another number of months")
        for name in ("level", "rearm_above"):
            if self.when != COVER and getattr(self, name) is not None:
                raise refuse(f'has {name}, which belongs to "{COVER}" only; remove {name}')
        if self.rearm_above is not None and self.level is not None and self.rearm_above < self.level:
            raise refuse("can fire again below its own level; write rearm_above at level or higher")
        needed = ONLY_WITH.get(self.do)
        if needed and self.when != needed:
            raise refuse(f'does "{self.do}" when "{self.when}"; write when = "{needed}"')
        for do, when in ONLY_WITH.items():
            if self.when == when and self.do != do:
                raise refuse(f'does "{self.do}" when "{when}"; write do = "{do}"')
        return self


class Strategy(Record):
    """What we choose: a name, a reason, a source, and the rules that management follows."""

    name: str = field("name shown in outputs", min_length=1, max_length=200)
    why: str = field("what it stands for", min_length=1)
    source: str = field("what it rests on", min_length=1)
    hope: Share = field("weight of awards not yet told in management's own forecast; moves nothing else", "share", 0.0)
    rules: list[Rule] = field("rules, in the order in which they are looked at", "", [])
    _file: str = PrivateAttr("")

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
    try:
        strategy = Strategy.model_validate(raw)
    except ValidationError as error:
        raise InputError(faults_of(error, file, Strategy)) from None
    strategy._file = file
    return strategy
