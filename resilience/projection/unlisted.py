"""The unlisted event: something nobody listed that costs some months of spending. docs/model.md, section 8."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilience import chance as bend
from resilience.drawn import Chooser
from resilience.organisation import Organisation


@dataclass(frozen=True)
class Unlisted:
    """What `chance.unlisted` needs; hazard 0: off."""

    row: int
    size_row: int
    drawn: int
    hazard: float
    least: float
    most: float

    def cost(self, u: np.ndarray, months: int) -> np.ndarray:
        """Months of spending in millionths, int64 (months, block); no rows if it is off."""
        out = np.zeros((months if self.hazard else 0, u.shape[1]), dtype=np.int64)
        if self.hazard:
            bend.unlisted(u, self.row, self.size_row, self.drawn, self.hazard, self.least, self.most, out)
        return out


def unlisted(organisation: Organisation, months: int, choose: Chooser) -> Unlisted:
    """The unlisted event: its thresholds and sizes."""
    one, name = organisation.unlisted_event, "unlisted_event"
    yearly = choose.variation.odds(f"{name}.chance", float(one.chance))
    hazard = bend.monthly_hazard(yearly)
    if not (choose.chance and hazard) or name in choose.variation.off:
        return Unlisted(0, 0, 0, 0.0, one.least, one.most)
    drawn = bend.most_events(hazard, months)
    rows = choose.sources.row(name, drawn), choose.sources.row(f"{name}.months", drawn)
    return Unlisted(*rows, drawn, hazard, one.least, one.most)
