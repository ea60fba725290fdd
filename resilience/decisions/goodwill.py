"""What an assessment of a partnership does to the answer: the same futures with goodwill as scored, as if seen alike, and without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilience.assessment import dimensions, goodwill
from resilience.errors import Fault, InputError
from resilience.measures import paired_difference
from resilience.organisation import Organisation
from resilience.organisation.partnership import Goodwill, Partnership, Party
from resilience.projection import project
from resilience.projection.luck import drawn_again


@dataclass(frozen=True)
class Case:
    """One way to start: points of goodwill (None: no account), share of futures insolvent, and in which a partner has left."""

    starts: float | None
    insolvent: float
    left: float


@dataclass(frozen=True)
class Effect:
    """Of a partnership of an organisation. assessed: as scored; alike: had all parties seen what those with the money see."""

    organisation: str
    partnership: str
    paths: int
    months: int
    without: Case
    assessed: Case
    alike: Case
    error: float  # standard error of assessed less without, future by future


def effect(
    organisation: Organisation,
    parties: dict[str, Party],
    name: str = "",
    paths: int = 4_000,
    months: int = 60,
    seed: int = 1,
) -> Effect:
    """Raises InputError where the organisation has no such partnership, or several and none is named."""
    name = _named(organisation, name)
    one = organisation.partnerships[name]
    held = one.goodwill or Goodwill()
    level = 100 * float(np.mean([dimension.level for dimension in dimensions(parties)]))

    def case(starts: float | None) -> tuple[Case, np.ndarray]:
        kept = None if starts is None else held.model_copy(update={"starts": starts})
        changed = one.model_copy(update={"goodwill": kept, "parties": {}})
        return _case(organisation, name, changed, starts, paths, months, seed)

    (without, before), (assessed, after), (alike, _) = case(None), case(goodwill(parties)), case(level)
    _, error = paired_difference(before, after)
    return Effect(organisation.name, name, paths, months, without, assessed, alike, error)


def _case(
    organisation: Organisation, name: str, one: Partnership, starts: float | None, paths: int, months: int, seed: int
) -> tuple[Case, np.ndarray]:
    played = project(
        organisation.model_copy(update={"partnerships": {**organisation.partnerships, name: one}}),
        paths=paths,
        months=months,
        seed=seed,
        measures=(),
    )
    row = sorted(organisation.partnerships).index(name)
    first = sum(len(organisation.partnerships[other].partners) for other in sorted(organisation.partnerships)[:row])
    left = 0
    for _, luck, _ in drawn_again(played.prepared, played.paths_played, seed):
        left += int((luck.left[first : first + len(one.partners)] < months).any(axis=0).sum())
    return Case(starts, float(played.insolvent.mean()), left / len(played.paths_played)), played.insolvent


def _named(organisation: Organisation, name: str) -> str:
    known = sorted(organisation.partnerships)
    if name in known or (not name and len(known) == 1):
        return name or known[0]
    problem = f"{name} is not a partnership of this file" if name else "which of its partnerships is meant is not said"
    fix = f"write --name {' or '.join(known)}" if known else "add [partnerships.NAME] with of and partners"
    if not known:
        problem = "has no partnership"
    raise InputError([Fault(organisation.file, "partnerships", None, problem, fix)])
