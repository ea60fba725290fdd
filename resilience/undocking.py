"""Why an award that funds a dock is lost, and whether its people go with the work: rows and draws. docs/model.md, section 6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from resilience.draws import Sources
from resilience.organisation import Organisation
from resilience.rows import NEVER, Streams
from resilience.terms import loss_of
from resilience.variation import Variation

LIKELIER = 0.5  # without chance, people go where the probability is at least this


@dataclass(frozen=True)
class Undocking:
    """What is to be drawn for the loss of each award that funds a dock with which people can go."""

    streams: int
    rows: np.ndarray  # int64 (losses,): row of the stream
    reason_row: np.ndarray  # int64 (losses,): of its uniform
    tupe_row: np.ndarray  # int64 (losses,)
    weights: np.ndarray  # float64 (losses, reasons): adding up to one
    tupe: np.ndarray  # float64 (losses, reasons): probability that its people go
    chance: bool

    @property
    def shares(self) -> np.ndarray:
        """Probability that the people go, float64 (losses,): Σ weight × probability."""
        return (self.weights * self.tupe).sum(axis=1)

    def decided(self, u: np.ndarray) -> dict[str, np.ndarray]:
        """Luck.reason and Luck.goes, by name. Without chance the likelier way."""
        B = u.shape[1]
        reason, goes = np.zeros((self.streams, B), dtype=np.uint8), np.zeros((self.streams, B), dtype=np.uint8)
        for i, s in enumerate(self.rows):
            if self.chance:
                k = np.searchsorted(np.cumsum(self.weights[i])[:-1], u[self.reason_row[i]], side="left")
                goes[s] = u[self.tupe_row[i]] <= self.tupe[i][k]
            else:
                k = np.full(B, int(np.argmax(self.weights[i])))
                goes[s] = self.tupe[i][k] >= LIKELIER
            reason[s] = k + 1
        return {"reason": reason, "goes": goes}


def undocking(
    organisation: Organisation, names: Sequence[str], rows: Streams, sources: Sources, variation: Variation
) -> Undocking:
    """Of every stream and bid that funds a dock, why it may be lost. Sources "PLACE.lost", "PLACE.lost.tupe"."""
    found: list[tuple[int, int, int, list[float], list[float]]] = []
    for s, place in enumerate(names):
        kind, name = place.split(".", 1)
        loss = loss_of(getattr(organisation, kind)[name])
        weights = [one / sum(loss.weights) for one in loss.weights]
        tupe = [variation.odds(f"{place}.lost", float(one)) for one in loss.tupe]
        if rows.dock[s] >= 0 and any(w * p for w, p in zip(weights, tupe, strict=True)):
            found.append((s, sources.row(f"{place}.lost"), sources.row(f"{place}.lost.tupe"), weights, tupe))
    whole = lambda k: np.array([one[k] for one in found], dtype=np.int64)  # noqa: E731
    real = lambda k: np.array([one[k] for one in found]).reshape(len(found), 4)  # noqa: E731
    return Undocking(len(names), whole(0), whole(1), whole(2), real(3), real(4), organisation.chance)


def to_nothing(streams: Streams, cuts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Luck.nothing and Luck.nothing_told, by name: when a stream that funds a dock is cut to nothing.

    cuts: Luck.cuts to Luck.cut_keep, by name.
    """
    shape = cuts["cuts"].shape
    when, told = np.full(shape, NEVER, dtype=np.int16), np.full(shape, NEVER, dtype=np.int16)
    for s in np.flatnonzero(streams.dock >= 0):
        first = int(cuts["cut_row"][s])
        most = int(cuts["cuts"][s].max()) if streams.cuttable[s] else 0
        keep = cuts["cut_keep"][first : first + most]
        if not keep.all():
            ends = (keep == 0) & (np.arange(most)[:, None] < cuts["cuts"][s])
            some, k = ends.any(axis=0), ends.argmax(axis=0)
            at = np.arange(shape[1])
            when[s] = np.where(some, cuts["cut_effective"][first + k, at], NEVER)
            told[s] = np.where(some, cuts["cut_told"][first + k, at], NEVER)
        for t in np.flatnonzero(streams.shock[s] == 0)[:1]:
            sooner = t < when[s]
            when[s][sooner], told[s][sooner] = t, streams.shock_told[s, t]
    return {"nothing": when, "nothing_told": told}
