"""What happens outside in a block of paths: climate, programmes, payers in trouble, partnerships."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilience.counterparties import trouble
from resilience.partnerships import Befallen
from resilience.programmes import gone
from resilience.projection.plan import Prepared


@dataclass(frozen=True)
class World:
    """All that streams, bids and opportunities meet; last axis paths."""

    states: np.ndarray  # uint8 (months, block): the climate
    stages: np.ndarray  # uint8 (programmes, months, block)
    gone: np.ndarray  # int16 (programmes, block): month in which a programme is gone
    trouble: np.ndarray  # int16 (payers, block): month in which a payer is in trouble
    halving: np.ndarray  # uint8 (payers, block): what it pays is halved rather than ended
    befallen: list[Befallen]  # of each partnership


def world(prepared: Prepared, u: np.ndarray) -> World:
    """u: uniforms (rows, block)."""
    month, halving = trouble(prepared.funding.payers, u, prepared.horizon.months)
    stages = prepared.programmes.stages(u)
    befallen = prepared.partnerships.befallen(u)
    return World(prepared.climate.states(u), stages, gone(stages), month, halving, befallen)
