"""Answers what a page asks: plain values in, plain values out, so that it can stand in another process. The model is played here.

The engine is imported when something is first played: an answer that is kept needs none.
"""

from __future__ import annotations

import os
import shlex
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resilience import words
from resilience.dashboard import catalogue
from resilience.dashboard.state import FULL
from resilience.dashboard.store import remembered
from resilience.errors import Fault, InputError
from resilience.errors import shown as said
from resilience.manifest import inputs
from resilience.neutral import switched_on
from resilience.organisation import Organisation
from resilience.organisation_file import read_organisation
from resilience.scenario import apply, read_scenario
from resilience.shipped import shipped
from resilience.strategy import read_strategy
from resilience.words import awards as award_words
from resilience.words import first as first_words

if TYPE_CHECKING:
    import numpy as np

    from resilience.projection import Projection

STRATEGY, OTHER = "carry_on", "hub_and_dock"
POLITE = 0.02  # seconds for which a full count stands aside, between two blocks, while a preview is played
VIEWERS = 100  # whose last question is remembered

strategy_named, scenario_named = cache(read_strategy), cache(read_scenario)


class Superseded(Exception):
    """The viewer has asked something else meanwhile."""


class Answers:
    """Answers about one organisation. Threads may ask at the same time.

    What is asked: `scenarios` and `changes` (address: value), `strategy` and the `other` beside it, `paths`, `preview`; and by whom,
    `viewer`, and when, `turn`: a full count gives up when its viewer has asked again, and makes way for anybody's preview.
    """

    def __init__(self, organisation: str) -> None:
        self.organisation = read_organisation(organisation)
        self._read = self._hash()
        self.levers = {lever.address: lever for lever in catalogue.levers(self.organisation)}
        self._under: OrderedDict[tuple[str, ...], Organisation] = OrderedDict()
        self._before: dict[tuple[str, int], np.ndarray] = {}
        self._turns: OrderedDict[str, int] = OrderedDict()
        self._previews = 0
        self._changed = threading.Condition()
        self._row = threading.Semaphore(os.cpu_count() or 1)  # more at once only take the interpreter from each other

    def catalogue(self) -> dict[str, Any]:
        """What there is to choose and to move, and what each lever stands at in the file."""
        found = self.organisation
        return {
            "name": found.name,
            "file": self._read,
            "scenarios": catalogue.scenarios(),
            "strategies": catalogue.strategies(),
            "strategy": STRATEGY,
            "other": OTHER,
            "groups": catalogue.groups(found),
            "levers": [asdict(lever) for lever in self.levers.values()],
            "values": catalogue.values(found, self.levers.values()),
        }

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Everything that the page shows for these choices. Raises InputError where they make no sense together, Superseded."""
        self._unchanged(asked)
        question = {key: value for key, value in asked.items() if key not in ("viewer", "turn", "file")}
        go_on = self._turn(asked)
        if asked["preview"]:
            with self._preview() as others:
                return self._answer(question | {"paths": _fewer(asked["paths"], others)}, None, 1 if others else 2)
        if asked["changes"]:
            return self._answer(question, go_on)
        files = {"organisation": (self.organisation.file, self.organisation.raw)}
        files |= {name: (scenario_named(name).file, name) for name in asked["scenarios"]}
        files |= {name: (strategy_named(name).file, name) for name in (asked["strategy"], asked["other"])}
        return remembered({"asked": question, "inputs": inputs(files)}, lambda: self._answer(question, go_on))

    def alone(self, asked: Mapping[str, Any]) -> list[str]:
        """What each parameter that nobody knows does by itself, in sentences: a replay each. Raises InputError, Superseded."""
        from resilience.projection import project
        from resilience.why import alone

        self._unchanged(asked)
        go_on = self._turn(asked)
        moved = self._moved(self._scenarios(asked["scenarios"]), asked["changes"])
        plan = project(
            moved, strategy=strategy_named(asked["strategy"]), paths=asked["paths"], measures=(), progress=go_on
        )
        return words.alone(alone(plan, lambda done, _: go_on(done)))

    def warm(self) -> None:
        """Has the engine loaded, and what a first change is compared with played."""
        self._as_it_stands(STRATEGY, FULL)

    def document(self, asked: Mapping[str, Any]) -> str:
        """The whole projection as `resilience project --json` prints it."""
        from resilience import exports

        return exports.as_json(exports.document(self._whole(asked)))

    def table(self, asked: Mapping[str, Any]) -> str:
        """Every measure by month, as CSV."""
        from resilience import exports

        return exports.measures_csv(self._whole(asked))

    def changes(self, asked: Mapping[str, Any]) -> str:
        """What was moved, as a scenario file that stacks on the scenarios ticked; its first line is the command that plays it."""
        from resilience import exports

        scenarios = "".join(f" --scenario {name}" for name in asked["scenarios"])
        file = self.organisation.file
        known = (
            Path(file).stem if shipped("organisations", Path(file).stem) == Path(file) else shlex.quote(said(file, 500))
        )
        command = f"resilience project {known}{scenarios} --scenario changes.toml --strategy {asked['strategy']}"
        return f"# {command}\n\n{exports.scenario_toml(catalogue.scenario_of(self.levers, asked['changes']))}"

    def _hash(self) -> str:
        """SHA-256 of the organisation's file as it stands now; of its content where there is no file any more."""
        return inputs({"organisation": (self.organisation.file, self.organisation.raw)})[0]["sha256"]

    def _unchanged(self, asked: Mapping[str, Any]) -> None:
        """Raises InputError where the file is no longer the one that was read, here or by the page: a figure says what it came from."""
        if self._hash() != self._read or asked.get("file", self._read) != self._read:
            fix = "start `resilience dashboard` anew; what was moved can be saved as a scenario file before"
            raise InputError(
                [Fault(self.organisation.file, "", None, "has been changed since this page was opened", fix)]
            )

    # ---- whose turn it is

    def turn(self, asked: Mapping[str, Any]) -> None:
        """A viewer is about to ask something else: what it has asked before is given up."""
        self._turn(asked)

    def _turn(self, asked: Mapping[str, Any]) -> Callable[[int], None]:
        """Notes that a viewer has asked; gives what a full count does between two blocks."""
        viewer, turn = str(asked.get("viewer", "")), int(asked.get("turn", 0))
        with self._changed:
            self._turns[viewer] = max(turn, self._turns.pop(viewer, turn))
            while len(self._turns) > VIEWERS:
                self._turns.popitem(last=False)

        def between(_: int) -> None:
            with self._changed:
                if self._turns.get(viewer, turn) > turn:
                    raise Superseded
                self._changed.wait_for(lambda: not self._previews, POLITE)

        return between

    @contextmanager
    def _preview(self) -> Iterator[int]:
        """While a preview waits for its turn and is played; gives how many others are."""
        with self._changed:
            others = self._previews
            self._previews += 1
        try:
            with self._row:
                yield others
        finally:
            with self._changed:
                self._previews -= 1
                self._changed.notify_all()

    # ---- playing

    def _answer(
        self, asked: Mapping[str, Any], go_on: Callable[[int], None] | None, workers: int | None = None
    ) -> dict[str, Any]:
        from resilience import charts
        from resilience.projection import project, under

        before = self._scenarios(asked["scenarios"])
        moved = self._moved(before, asked["changes"])
        strategy, other = (strategy_named(asked[which]) for which in ("strategy", "other"))
        first = project(
            moved,
            strategy=strategy,
            paths=asked["paths"],
            measures=charts.measures_for(moved),
            workers=workers,
            progress=go_on,
        )
        plans = [first, *([under(first, other, progress=go_on)] if asked["other"] != asked["strategy"] else [])]
        view = shown(plans, preview=asked["preview"])
        view["difference"] = self._difference(first, asked["strategy"]) if moved is not self.organisation else []
        view["values"] = catalogue.values(before, self.levers.values())
        return view

    def _scenarios(self, names: Sequence[str]) -> Organisation:
        """The organisation under shipped scenarios; those last asked for are kept."""
        key = tuple(names)
        with self._changed:
            found = self._under.get(key)
        if found is None:
            found = apply(self.organisation, [scenario_named(name) for name in names])
            with self._changed:
                self._under[key] = found
                while len(self._under) > VIEWERS:
                    self._under.popitem(last=False)
        return found

    def _moved(self, before: Organisation, changes: Mapping[str, float]) -> Organisation:
        """The organisation with what was moved on the page, on top of the scenarios."""
        return apply(before, [catalogue.scenario_of(self.levers, changes)]) if changes else before

    def _whole(self, asked: Mapping[str, Any]) -> Projection:
        from resilience.projection import project

        self._unchanged(asked)
        moved = self._moved(self._scenarios(asked["scenarios"]), asked["changes"])
        return project(moved, strategy=strategy_named(asked["strategy"]), paths=asked["paths"])

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
        from resilience.projection import project

        with self._changed:
            kept = next((one for (name, n), one in self._before.items() if name == strategy and n >= paths), None)
        if kept is None:
            kept = project(self.organisation, strategy=strategy_named(strategy), paths=paths, measures=()).insolvent
            with self._changed:
                self._before[strategy, paths] = kept
        return kept[:paths]


def _fewer(paths: int, others: int) -> int:
    """Futures of a preview, so that all viewers who move something at the same time have theirs at once."""
    from resilience.projection.luck import BLOCK

    return min(paths, max(BLOCK, paths // (1 + others) // BLOCK * BLOCK)) if others else paths


def shown(plans: Sequence[Projection], *, preview: bool = False) -> dict[str, Any]:
    """What the page shows of a plan, and of another beside it."""
    from resilience import charts
    from resilience.first_answer import awards

    first = plans[0]
    capacity = charts.demand(first)
    table = None if preview else award_words.table(awards(first), first.manifest["chance"])
    error = words.error(float(first.probabilities["insolvent"].standard_error[-1]))
    register, *limits = words.limits(first) if first.manifest["chance"] else ["", words.LIMITS]
    return {
        "preview": preview,
        "paths": first.number,
        "note": words.preview(first.number, error) if preview else words.counted_all(first),
        "title": first.organisation.name,
        "under": words.UNDER.format(**words.under(first)),
        "headline": words.headline(first),
        "risks": [*words.risks(first), *([capacity["said"]] if capacity else []), *words.mission(first)],
        "limits": [*limits, *words.programmes(first)],
        "warnings": list(first.organisation.warnings),
        "status": words.updated(first),
        "ours": first_words.ours_table(first.manifest["opening"]),
        "standing": {"months": first.months, "limits": [register] if register else [], "basis": words.BASIS}
        | ({} if preview else {"awards": _frame(table)}),
        "compared": charts.compared(plans),
        # while a lever moves the page keeps the table of the last full count
        "awards": {"said": table["said"], "shares": [row[2:5] for row in table["rows"]]} if table else None,
        "nobody": 0 if preview else sum(1 for _ in switched_on(first.organisation)),
        "charts": {"cash": charts.cash(first), "ended": charts.ended(plans), "demand": capacity},
        "manifest": words.manifest(first.manifest),
    }


def _frame(table: dict[str, Any] | None) -> dict[str, Any] | None:
    """What of the table of bids and awards a lever seldom moves: all but the shares, which stand third to fifth in a row."""
    return table and {key: table[key] for key in ("title", "head", "note")} | {
        "rows": [[*row[:2], *row[5:]] for row in table["rows"]]
    }
