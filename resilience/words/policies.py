"""Policy in words: programmes and where they stand in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from resilience.words.numbers import listed, month, of_100

if TYPE_CHECKING:
    from resilience.projection import Projection

IN_STAGE = {
    "trigger": "being talked of",
    "peak": "at the peak of its fashion",
    "trough": "out of fashion",
    "slope": "on its way back with pilots",
    "plateau": "usual with regular contracts",
}
NARRATIVE = (
    "The stages of a programme are a way to tell its story, borrowed from the hype cycle; nobody can forecast them."
)


def programmes(projection: Projection) -> list[str]:
    """A sentence for each programme, and what the stages are."""
    last = month(projection.months[-1])
    said = [_standing(one, last) for one in projection.programmes]
    return [*said, NARRATIVE] if said else []


def _standing(one: Any, last: str) -> str:
    ends = [f"{IN_STAGE[name]} in {of_100(share)}" for name, share in one.stages.items() if share > 0]
    ends += [f"over in {of_100(one.gone)}"] if one.gone > 0 else []
    name = one.name.replace("_", " ")
    return f"The programme {name} is now {IN_STAGE[one.begins]}; of 100 futures it is, in {last}, {listed(ends)}."
