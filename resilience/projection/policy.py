"""Where policy programmes stand in the end, over all futures. docs/model.md, section 4c."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilience.draws import Sources, fill
from resilience.horizon import Horizon
from resilience.organisation import Organisation
from resilience.organisation.policy import STAGES
from resilience.programmes import programmes
from resilience.variation import Variation


@dataclass(frozen=True)
class Standing:
    """One programme: the stage it begins in, and the share of futures in which it is in each stage, or gone, in the last month."""

    name: str
    begins: str
    stages: dict[str, float]
    gone: float


def standing(
    organisation: Organisation, horizon: Horizon, variation: Variation, paths: np.ndarray, seed: int
) -> list[Standing]:
    """Of every programme, in the numbered futures; drawn again, as nothing of them is kept."""
    own = Sources()
    fixed = programmes(organisation, horizon, own, variation)
    if not fixed.lives:
        return []
    count = np.zeros((len(fixed.lives), len(STAGES) + 1), dtype=np.int64)
    for first in range(0, len(paths), AT_ONCE):
        here = np.ascontiguousarray(paths[first : first + AT_ONCE]).astype(np.uint64)
        u = np.full((own.height, len(here)), 0.5)
        if organisation.chance:
            fill(*own.arrays(seed), here, u)
        last = fixed.stages(u)[:, -1]
        count += np.array([np.bincount(row, minlength=count.shape[1]) for row in last])
    share = count / len(paths)
    return [
        Standing(life.name, life.one.stage, dict(zip(STAGES, map(float, row[:-1]), strict=True)), float(row[-1]))
        for life, row in zip(fixed.lives, share, strict=True)
    ]


AT_ONCE = 4_000  # paths, so that a million take no more memory
