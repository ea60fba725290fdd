"""Answers what a page asks: plain values in, plain values out, so that it can stand in another process. The model is played here.

The engine is imported when something is first played: an answer that is kept needs none.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from resilience import words
from resilience.dashboard import catalogue
from resilience.dashboard.store import remembered
from resilience.manifest import inputs
from resilience.organisation import Organisation
from resilience.organisation_file import read_organisation
from resilience.scenario import Scenario, apply, read_scenario
from resilience.strategy import read_strategy
from resilience.words import first as first_words

if TYPE_CHECKING:
    import numpy as np

    from resilience.projection import Projection

STRATEGY, OTHER = "carry_on", "hub_and_dock"


class Answers:
    """Answers about one organisation. Threads may ask at the same time.

    What is asked: `scenarios` and `changes` (address: value), `strategy` and the `other` beside it, `paths`, `preview`.
    """

    def __init__(self, organisation: str) -> None:
        self.organisation = read_organisation(organisation)
        self._before: dict[tuple[str, int], np.ndarray] = {}
        self._two = ThreadPoolExecutor(2)  # both plans at once
        self._lock = threading.Lock()

    def catalogue(self) -> dict[str, Any]:
        """What there is to choose and to move, and what each lever stands at in the file."""
        found = self.organisation
        return {
            "name": found.name,
            "scenarios": catalogue.choices("policy"),
            "strategies": catalogue.choices("strategies"),
            "strategy": STRATEGY,
            "other": OTHER,
            "groups": catalogue.groups(found),
            "levers": [asdict(lever) for lever in catalogue.levers(found)],
            "values": catalogue.values(found),
        }

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Everything that the page shows for these choices. Raises InputError where they make no sense together."""
        shipped = [read_scenario(name) for name in asked["scenarios"]]
        if asked["changes"] or asked["preview"]:
            return self._answer(asked, shipped)
        files = {"organisation": (self.organisation.file, self.organisation.raw)}
        files |= {one.name: (one.file, one.model_dump()) for one in shipped}
        files |= {name: (read_strategy(name).file, name) for name in (asked["strategy"], asked["other"])}
        return remembered({"asked": asked, "inputs": inputs(files)}, lambda: self._answer(asked, shipped))

    def document(self, asked: Mapping[str, Any]) -> str:
        """The whole projection as `resilience project --json` prints it."""
        from resilience import exports

        return exports.as_json(exports.document(self._whole(asked)))

    def table(self, asked: Mapping[str, Any]) -> str:
        """Every measure by month, as CSV."""
        from resilience import exports

        return exports.measures_csv(self._whole(asked))

    def changes(self, asked: Mapping[str, Any]) -> str:
        """What was moved, as a scenario file that stacks on the scenarios ticked."""
        from resilience import exports

        return exports.scenario_toml(catalogue.scenario_of(self.organisation, asked["changes"]))

    def _answer(self, asked: Mapping[str, Any], shipped: list[Scenario]) -> dict[str, Any]:
        before = apply(self.organisation, shipped)
        moved = self._moved(before, asked)
        names = dict.fromkeys((asked["strategy"], asked["other"]))
        plans = list(self._two.map(lambda name: _played(moved, name, asked["paths"]), names))
        view = shown(plans, preview=asked["preview"])
        view["difference"] = self._difference(plans[0], asked["strategy"]) if moved is not self.organisation else []
        view["values"] = catalogue.values(before)
        return view

    def _moved(self, before: Organisation, asked: Mapping[str, Any]) -> Organisation:
        """The organisation with what was moved on the page, on top of the scenarios."""
        return (
            apply(before, [catalogue.scenario_of(self.organisation, asked["changes"])]) if asked["changes"] else before
        )

    def _whole(self, asked: Mapping[str, Any]) -> Projection:
        from resilience.projection import project

        before = apply(self.organisation, [read_scenario(name) for name in asked["scenarios"]])
        return project(self._moved(before, asked), strategy=read_strategy(asked["strategy"]), paths=asked["paths"])

    def _difference(self, plan: Projection, strategy: str) -> list[str]:
        """The headline's number beside that of the file as it stands, on the same futures."""
        from resilience.measures import paired_difference

        if not plan.manifest["chance"]:
            return []
        before = self._as_it_stands(strategy, plan.number)
        apart, error = paired_difference(before, plan.insolvent)
        share = float(before.mean())
        return [words.from_the_file(plan, share, share + apart, error)]

    def _as_it_stands(self, strategy: str, paths: int) -> np.ndarray:
        """Which of the first futures are insolvent with the file as it stands, bool (paths,): played once for a strategy."""
        with self._lock:
            kept = next((one for (name, n), one in self._before.items() if name == strategy and n >= paths), None)
        if kept is None:
            kept = _played(self.organisation, strategy, paths).insolvent
            with self._lock:
                self._before[strategy, paths] = kept
        return kept[:paths]


def _played(organisation: Organisation, strategy: str, paths: int) -> Projection:
    from resilience import charts
    from resilience.projection import project

    return project(organisation, strategy=read_strategy(strategy), paths=paths, measures=charts.MEASURES)


def shown(plans: Sequence[Projection], *, preview: bool = False) -> dict[str, Any]:
    """What the page shows of a plan, and of another beside it."""
    from resilience import charts

    first = plans[0]
    capacity = charts.demand(first)
    error = words.error(float(first.probabilities["insolvent"].standard_error[-1]))
    register, *limits = words.limits(first) if first.manifest["chance"] else [words.LIMITS]
    return {
        "preview": preview,
        "paths": first.number,
        "note": words.preview(first.number, error) if preview else words.counted_all(first),
        "title": first.organisation.name,
        "under": words.UNDER.format(**words.under(first)),
        "headline": words.headline(first),
        "risks": [*words.risks(first), *([capacity["said"]] if capacity else [])],
        "limits": [*limits, register],  # the longest last
        "warnings": list(first.organisation.warnings),
        "status": words.updated(first),
        "ours": first_words.ours_table(first.manifest["opening"]),
        "months": first.months,
        "charts": {"cash": charts.cash(first), "ended": charts.ended(plans), "demand": capacity},
        "manifest": f"{words.BASIS} {words.manifest(first.manifest)}",
    }
