"""One thing changed in a replay with the same draws: a source of chance switched off, a quantity or a probability moved."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Variation:
    """`off`: sources switched off; `pinned`: quantity → the u at which it is held; `shifted`: probability → shift of its log-odds;
    `wider`: every range half as wide again, or as written; None: as the organisation says; `own`: under whose name its own chances are
    drawn, where several organisations are played on the same futures (`draws.Sources`).
    """

    off: frozenset[str] = frozenset()
    pinned: dict[str, float] = field(default_factory=dict)
    shifted: dict[str, float] = field(default_factory=dict)
    wider: bool | None = None
    own: str = ""

    def odds(self, name: str, chance: float) -> float:
        """The probability after its shift: p/(1 − p) times e^shift; 0 and 1 stay."""
        shift = self.shifted.get(name, 0.0)
        if not shift or not 0 < chance < 1:
            return chance
        return 1 / (1 + math.exp(-(math.log(chance / (1 - chance)) + shift)))


AS_IS = Variation()
