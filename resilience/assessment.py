"""What an assessment of a partnership says: level and gap of each dimension, and the goodwill to start from. docs/model.md, section 5a."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import PrivateAttr, model_validator

from resilience.fields import Record, field, refuse, validated
from resilience.organisation.partnership import DIMENSIONS, Party
from resilience.reading import read_toml
from resilience.shipped import locate

LOWEST, SPREAD = 1, 4  # a score of 1 to 5 is a level of 0 to 1


@dataclass(frozen=True)
class Dimension:
    """One dimension. level and gap are weighted by who holds the money, 0 to 1; scores: by party, 1 to 5."""

    name: str
    scores: dict[str, int]
    level: float
    gap: float

    @property
    def counts(self) -> float:
        """What it adds to goodwill: level less gap, never below nil."""
        return max(0.0, self.level - self.gap)


def dimensions(parties: Mapping[str, Party]) -> list[Dimension]:
    """Every dimension, where the parties lie farthest apart first, of equals the lower level.

    level = Σ w·l, gap = Σ w·|l − mean l of the others|; l = (score − 1) ÷ 4, w the party's share of the money, alike where none has any.
    """
    total = sum(party.money for party in parties.values())
    weight = {name: party.money / total if total else 1 / len(parties) for name, party in parties.items()}
    found = []
    for dimension in DIMENSIONS:
        scores = {name: int(getattr(party.scores, dimension)) for name, party in parties.items()}
        at = {name: (score - LOWEST) / SPREAD for name, score in scores.items()}
        others = {name: [x for other, x in at.items() if other != name] for name in at}
        apart = {name: abs(at[name] - sum(of) / len(of)) if (of := others[name]) else 0.0 for name in at}
        level, gap = (sum(weight[name] * x[name] for name in at) for x in (at, apart))
        found.append(Dimension(dimension, scores, level, gap))
    return sorted(found, key=lambda one: (-one.gap, one.level, one.name))


def goodwill(parties: Mapping[str, Party]) -> float:
    """Points of a hundred to start from: the mean of level less gap."""
    found = dimensions(parties)
    return 100 * sum(one.counts for one in found) / len(found)


class Assessment(Record):
    """A file in which each party to a partnership scores it."""

    name: str = field("name of the partnership", min_length=1, max_length=200)
    parties: dict[str, Party] = field("who scores")
    _file: str = PrivateAttr("")

    @model_validator(mode="after")
    def _several(self) -> Assessment:
        if len(self.parties) < 2:
            raise refuse("is of one party; add [parties.NAME] for another, with money and scores")
        return self

    @property
    def file(self) -> str:
        """The file it was read from."""
        return self._file


def read_assessment(name_or_path: str) -> Assessment:
    """The assessment of a shipped name or a file. Raises InputError with every fault of it."""
    path = locate("partnerships", name_or_path)
    return assessment_from(read_toml(path), str(path))


def assessment_from(raw: dict[str, Any], file: str) -> Assessment:
    """The assessment that these tables describe; `file` is what faults are said of. Raises InputError."""
    return validated(Assessment, raw, file)
