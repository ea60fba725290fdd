"""What one viewer has chosen and moved: a value, a history, marks of what is changed. No widgets, no model."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from resilience.dashboard.levers import Lever

PREVIEW, FULL = 1_000, 10_000  # futures while a lever moves, and when it rests


@dataclass(frozen=True)
class Choices:
    """What is asked: scenarios stacked, the strategy and the one beside it, and what was moved, in order."""

    strategy: str
    other: str
    scenarios: tuple[str, ...] = ()
    changes: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Problem:
    """An entry that could not be taken: it stays in its box."""

    address: str
    entry: str
    words: str


class State:
    """The choices of one viewer, with undo and redo. Everything that comes from the page is checked here.

    The catalogue says what there is to choose; `values` what each lever stands at under the scenarios chosen.
    """

    def __init__(self, catalogue: Mapping[str, Any]) -> None:
        self.catalogue = catalogue
        self.levers = {one["address"]: Lever(**one) for one in catalogue["levers"]}
        self.in_file: dict[str, float] = dict(catalogue["values"])
        self.values = dict(self.in_file)
        self.scenarios = {one["name"]: one["title"] for one in catalogue["scenarios"]}
        self.strategies = {one["name"]: one["title"] for one in catalogue["strategies"]}
        self.choices = Choices(strategy=catalogue["strategy"], other=catalogue["other"])
        self.moving: Choices | None = None
        self.problems: dict[str, Problem] = {}
        self._past: list[tuple[str, Choices]] = []
        self._future: list[tuple[str, Choices]] = []

    @property
    def now(self) -> Choices:
        """What is asked at this moment, a lever on its way included."""
        return self.moving or self.choices

    # ---- what a viewer does: each returns whether anything is asked anew

    def set(self, address: str, entry: Any, *, final: bool = True) -> bool:
        """Moves a lever. An entry that makes no sense is kept as a problem, and nothing moves."""
        lever = self.levers.get(address)
        if lever is None:
            return False
        try:
            value = lever.read(entry if isinstance(entry, (int, float)) else str(entry))
        except ValueError as fault:
            self.problems[address] = Problem(address, str(entry)[:80], f"{lever.label}: {fault}.")
            self.moving = None
            return False
        self.problems.pop(address, None)
        changes = {a: v for a, v in self.choices.changes if a != address}
        if value != self.values[address]:
            changes[address] = value
        asked = replace(self.choices, changes=tuple(changes.items()))
        if not final:
            self.moving = asked
            return True
        return self._choose(f"{lever.said} to {lever.shown(value)}", asked)

    def scenario(self, name: str, on: bool) -> bool:
        """Ticks or unticks a scenario; those ticked stack in the order of the list."""
        if name not in self.scenarios:
            return False
        ticked = {*self.choices.scenarios} ^ ({name} if on != (name in self.choices.scenarios) else set())
        kept = tuple(one for one in self.scenarios if one in ticked)
        return self._choose(f"{self.scenarios[name]} {'on' if on else 'off'}", replace(self.choices, scenarios=kept))

    def strategy(self, name: str) -> bool:
        """Chooses what management does."""
        if name not in self.strategies:
            return False
        asked = replace(self.choices, strategy=name)
        if name == asked.other:  # beside itself there is nothing to see
            asked = replace(asked, other=self.choices.strategy)
        return self._choose(f"strategy {self.strategies[name]}", asked)

    def other(self, name: str) -> bool:
        """Chooses the strategy that is shown beside it."""
        if name not in self.strategies:
            return False
        asked = replace(self.choices, other=name)
        if name == asked.strategy:
            asked = replace(asked, strategy=self.choices.other)
        return self._choose(f"beside it {self.strategies[name]}", asked)

    def reset(self) -> bool:
        """Everything as in the file: no scenario, nothing moved."""
        self.problems.clear()
        return self._choose("everything as in the file", replace(self.choices, scenarios=(), changes=()))

    def restore(self, kept: Any) -> bool:
        """Takes up what a page had chosen before it was loaded again; what makes no sense any more is left out."""
        if not isinstance(kept, dict):
            return False
        ticked, moved = kept.get("scenarios"), kept.get("changes")
        strategy, other = (
            name if isinstance(name, str) and name in self.strategies else None
            for name in (kept.get("strategy"), kept.get("other"))
        )
        changes: dict[str, float] = {}
        for address, value in moved.items() if isinstance(moved, dict) else ():
            if address in self.levers:
                with suppress(ValueError):
                    changes[address] = self.levers[address].read(
                        value if isinstance(value, (int, float)) else str(value)
                    )
        asked = Choices(
            strategy or self.choices.strategy,
            other or self.choices.other,
            tuple(one for one in self.scenarios if isinstance(ticked, list) and one in ticked),
            tuple(changes.items()),
        )
        return self._choose("what was chosen before the page was loaded again", asked)

    def undo(self) -> bool:
        """Takes back the last change."""
        return self._step(self._past, self._future)

    def redo(self) -> bool:
        """Makes the change again that was taken back."""
        return self._step(self._future, self._past)

    def _choose(self, words: str, asked: Choices) -> bool:
        self.moving = None
        if asked == self.choices:
            return True  # a preview of something else may be on the page
        self._past.append((words, self.choices))
        self._future.clear()
        self.choices = asked
        return True

    def _step(self, away: list[tuple[str, Choices]], back: list[tuple[str, Choices]]) -> bool:
        moving, self.moving = self.moving, None
        if not away:
            return moving is not None
        words, asked = away.pop()
        back.append((words, self.choices))
        self.choices = asked
        self.problems.clear()
        return True

    # ---- what is asked of the model, and what the page shows

    def request(self) -> dict[str, Any]:
        """What the model is asked: few futures while a lever moves, all of them when it rests."""
        asked = self.now
        return {
            "scenarios": list(asked.scenarios),
            "changes": dict(asked.changes),
            "strategy": asked.strategy,
            "other": asked.other,
            "paths": PREVIEW if self.moving else FULL,
            "preview": self.moving is not None,
        }

    def answered(self, values: Mapping[str, float]) -> None:
        """Takes in what the levers stand at under the scenarios that were asked for."""
        self.values = {address: values.get(address, self.in_file[address]) for address in self.levers}

    @property
    def last(self) -> str:
        """What was done last, in words; "" if nothing."""
        return self._past[-1][0] if self._past else ""

    def changed(self) -> list[str]:
        """What is not as in the file, a sentence each."""
        lines = [f"Scenario: {self.scenarios[name]}" for name in self.now.scenarios]
        for address, value in self.now.changes:
            lever = self.levers[address]
            said = f"{lever.said}: {lever.shown(value)}, in the file {lever.shown(self.in_file[address])}"
            lines.append(said[:1].upper() + said[1:])
        return lines

    def view(self) -> dict[str, Any]:
        """What the controls show beside the catalogue: the levers that do not stand at their figure of the file."""
        now, changes = self.now, dict(self.now.changes)
        moved = {}
        for address in self.levers:
            stands = self.values[address]
            value = changes.get(address, stands)
            if address in changes or stands != self.in_file[address]:
                moved[address] = {"value": value, "stands": stands, "changed": address in changes}
        return {
            "choices": {
                "scenarios": list(now.scenarios),
                "strategy": now.strategy,
                "other": now.other,
                "changes": changes,
            },
            "chosen": list(now.scenarios),
            "strategy": now.strategy,
            "other": now.other,
            "moved": moved,
            "undo": f"Undo: {self._past[-1][0]}" if self._past else None,
            "redo": f"Redo: {self._future[-1][0]}" if self._future else None,
            "changes": len(changes) + len(now.scenarios),
            "problems": [{"address": p.address, "entry": p.entry, "words": p.words} for p in self.problems.values()],
        }


def spread(catalogue: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the controls that never changes: what there is to choose, and each lever as the file has it."""
    levers = []
    for one in catalogue["levers"]:
        lever, value = Lever(**one), catalogue["values"][one["address"]]
        levers.append(
            {
                "address": lever.address,
                "group": lever.group,
                "item": lever.item,
                "label": lever.label,
                "help": lever.help,
                "prefix": lever.prefix,
                "suffix": lever.suffix,
                "low": lever.begin,
                "high": lever.end,
                "step": lever.step,
                "value": value,
            }
        )
    return {key: catalogue[key] for key in ("scenarios", "strategies", "groups")} | {"levers": levers}
