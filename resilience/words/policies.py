"""Policy in words: programmes and where they stand in the end, and mission drift."""

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
FIT_CAPTION = "Fit: share of what teams spend that fits our purpose, in the middle of the futures that go on."
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


def mission(projection: Projection) -> list[str]:
    """Mission drift: of what teams spend, how much fits our purpose at first and in the end; nothing where the file does not say."""
    first, last = projection.fit_of_those_that_go_on(0), projection.fit_of_those_that_go_on(len(projection.months) - 1)
    if first is None:
        return []
    begins, ends = (month(projection.months[t]) for t in (0, -1))
    said = f"Of 100 pounds that teams spend {round(100 * first[1])} fit our purpose in {begins}"
    if last is None:
        return [f"{said}; no future goes on to {ends}."]
    low, middle, high = (round(100 * one) for one in last)
    spread = "" if low == high else f" ({low} to {high} in 80 of 100 of them)"
    return [f"{said}, and {middle} in {ends} where it goes on{spread}."]
