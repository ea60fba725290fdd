"""Is hub and dock better than the conventional structure? Both on the same futures, with standard errors, and what the answer hinges on.

`python -m pytest tests/test_claim.py -s` prints the tables of docs/claim.md, which must say the same.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resilience import Projection, project, read_organisation, read_scenario, read_strategy
from resilience.organisation_file import organisation_from
from resilience.structures import structured

PAGE = Path(__file__).parents[1] / "docs" / "claim.md"
PATHS, MONTHS = 4_000, 60
ORGANISATIONS, SCENARIOS = ("advice_charity", "nursery"), ("baseline", "council_cut_30", "inflation_shock")
OURS, USUAL = ("hub-and-dock", "hub_and_dock"), ("conventional", "cut_late")
HINGES_ON = "advice_charity", "baseline"

Tables = dict[str, Any]


def renewals(chance: float) -> Callable[[Tables], None]:
    def set_all(raw: Tables) -> None:
        for stream in raw["streams"].values():
            if isinstance(stream.get("renewal"), dict):
                stream["renewal"]["chance"] = chance

    return set_all


def told(months: int) -> Callable[[Tables], None]:
    def set_all(raw: Tables) -> None:
        for stream in raw["streams"].values():
            if isinstance(stream.get("renewal"), dict):
                stream["renewal"]["told"] = months

    return set_all


def posts(**fields: Any) -> Callable[[Tables], None]:
    def set_all(raw: Tables) -> None:
        for team in (raw["hub"], *raw["docks"].values()):
            for post in team.get("posts", {}).values():
                post.update(fields)

    return set_all


def top(**fields: Any) -> Callable[[Tables], None]:
    return lambda raw: raw.update(fields)


def bank(factor: float) -> Callable[[Tables], None]:
    def set_it(raw: Tables) -> None:
        raw["opening"]["bank"] = round(raw["opening"]["bank"] * factor)

    return set_it


def docks(**fields: Any) -> Callable[[Tables], None]:
    def set_all(raw: Tables) -> None:
        for dock in raw["docks"].values():
            for post in dock["posts"].values():
                post.update(fields)

    return set_all


def nobody_transfers(raw: Tables) -> None:
    funding = {name for dock in raw["docks"].values() for name in dock["funded_by"]}
    for name, item in (raw["streams"] | raw.get("bids", {})).items():
        if name in funding:
            item["lost"] = {"ended": 1}


def no_volunteers(raw: Tables) -> None:
    for dock in raw["docks"].values():
        dock.pop("volunteers", None)


def hub(**fields: Any) -> Callable[[Tables], None]:
    return lambda raw: raw["hub"].update(fields)


VARIED: dict[str, Callable[[Tables], None]] = {
    "as the file stands": lambda raw: None,
    "nobody is redeployed": top(redeployment=0),
    "everybody who can is redeployed": top(redeployment=1),
    "one kind of post, all redeployed": lambda raw: (posts(post="worker")(raw), top(redeployment=1)(raw))[0],
    "renewals 3 in 10": renewals(0.3),
    "renewals 9 in 10": renewals(0.9),
    "told a month before the end": told(1),
    "told a year before the end": told(12),
    "one year's service": posts(service=1),
    "twelve years' service": posts(service=12),
    "one year's service, docks fixed-term": lambda raw: (posts(service=1)(raw), docks(kind="fixed-term")(raw))[0],
    "nobody goes with the work": nobody_transfers,
    "no volunteers": no_volunteers,
    "a hub that is never short": hub(odds_when_short=0, turnover_when_short=0, turnover_after_redundancies=1),
    "half the money in the bank": bank(0.5),
    "twice the money in the bank": bank(2.0),
}


@cache
def played(
    organisation: str, scenario: str, structure: str, strategy: str, varied: str = "as the file stands"
) -> Projection:
    raw = copy.deepcopy(read_organisation(organisation).raw)
    VARIED[varied](raw)
    made = structured(organisation_from(raw, f"{organisation}.toml"), structure)
    kept = ["spendable", "closing_liability"]
    return project(made, read_scenario(scenario), read_strategy(strategy), paths=PATHS, months=MONTHS, measures=kept)


def goes_on(p: Projection) -> np.ndarray:
    return np.where(p.played.fates["end"] < 0, 100.0, 0.0)


def beside(a: np.ndarray, b: np.ndarray, digits: int) -> str:
    """Both means, and that of the difference path by path with its standard error; where nothing is there to compare, a dash."""
    if not len(a):
        return "—"
    error = (a - b).std(ddof=1) / math.sqrt(len(a)) if len(a) > 1 else 0.0
    told = f"{a.mean():,.{digits}f} / {b.mean():,.{digits}f}: {a.mean() - b.mean():+,.{digits}f} ± {error:,.{digits}f}"
    return told.replace("-", "−")


def liability(p: Projection, until: np.ndarray) -> np.ndarray:
    """Closing liability, thousands of pounds, mean over the months before `until` of each path."""
    held = np.arange(MONTHS)[:, None] < until[None, :]
    return (p.played.money["closing_liability"] * held).sum(axis=0) / np.maximum(1, until) / 100_000


def row(one: Projection, other: Projection) -> list[str]:
    """What goes on of 100, people served, posts lost, closing liability over the months in which both go on: one / other: difference."""
    ends = [np.where(p.played.fates["end"] < 0, MONTHS, p.played.fates["end"]) for p in (one, other)]
    until = np.minimum(*ends)
    both = until > 0
    return [
        beside(goes_on(one), goes_on(other), 1),
        beside(one.played.served, other.played.served, 0),
        beside(one.played.fates["posts_lost"] * 1.0, other.played.fates["posts_lost"] * 1.0, 1),
        beside(liability(one, until)[both], liability(other, until)[both], 1),
    ]


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)


def differences(title: str, pairs: dict[str, tuple[Projection, Projection]]) -> str:
    head = [title, "go on, of 100", "people served", "posts lost", "closing liability, £000"]
    return table(head, [[name, *row(one, other)] for name, (one, other) in pairs.items()])


def the_claim() -> str:
    """Each structure under the strategy that goes with it."""
    pairs = {f"{o}, {s}": (played(o, s, *OURS), played(o, s, *USUAL)) for o in ORGANISATIONS for s in SCENARIOS}
    return differences("organisation, scenario", pairs)


def taken_apart() -> str:
    """What of it is the structure and what the strategy: one changed at a time."""
    pairs = {}
    for s in SCENARIOS:
        pairs[f"structure, both under *hub and dock*; {s}"] = tuple(played("advice_charity", s, one, "hub_and_dock") for one in ("hub-and-dock", "conventional"))  # fmt: skip
        pairs[f"structure, both under *cut late*; {s}"] = tuple(played("advice_charity", s, one, "cut_late") for one in ("hub-and-dock", "conventional"))  # fmt: skip
        pairs[f"strategy, both conventional; {s}"] = tuple(played("advice_charity", s, "conventional", one) for one in ("hub_and_dock", "cut_late"))  # fmt: skip
    return differences("what differs; scenario", pairs)


def what_it_hinges_on() -> str:
    """The difference once more with one thing changed in the file, for both."""
    pairs = {name: (played(*HINGES_ON, *OURS, name), played(*HINGES_ON, *USUAL, name)) for name in VARIED}
    return differences("the file with", pairs)


@pytest.mark.parametrize("made", [the_claim, taken_apart, what_it_hinges_on])
def test_the_page_says_what_is_computed(made: Callable[[], str]) -> None:
    found = made()
    print("\n" + found)
    assert found in PAGE.read_text(encoding="utf-8"), (
        "docs/claim.md is not what is computed; put the table printed above into it"
    )


def test_the_same_file_under_the_same_strategy_does_not_differ() -> None:
    one = played("nursery", "baseline", "hub-and-dock", "cut_late")
    other = played("nursery", "baseline", "conventional", "cut_late")
    assert not (goes_on(one) - goes_on(other)).any()  # the nursery's hub is core and nobody in it can be redeployed
