"""What one viewer has typed into the grid of full cost recovery: edits by place, a price's terms, a history. No widgets, no sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

LONGEST = 80  # characters of an entry that are kept
TERMS = ("term", "margin", "uplift")


@dataclass(frozen=True)
class Entries:
    """What is asked: tables that the viewer has brought (None: the file's), what was typed by place, and of which dock the price is."""

    base: Mapping[str, Any] | None = None
    edits: Mapping[str, str] = field(default_factory=dict)
    dock: str = ""
    terms: tuple[str, str, str] = ("", "", "")


class State:
    """The entries of one viewer, with undo and redo. Everything that comes from the page is checked here.

    A place is known where the last answer's grid, or the file's, has it.
    """

    def __init__(self) -> None:
        self.now = Entries()
        self.labels: dict[str, str] = {}
        self.in_file: dict[str, str] = {}
        self.docks: list[str] = []
        self._past: list[tuple[str, Entries]] = []
        self._future: list[tuple[str, Entries]] = []

    def answered(self, found: Mapping[str, Any]) -> None:
        """Takes in which cells there are, and how they stand in the file."""
        rows = [row for section in found["grid"]["sections"] for row in section["rows"]]
        cells = [cell for row in rows for cell in row["cells"] if cell["place"]]
        self.labels |= {cell["place"]: cell["label"] for cell in cells}
        self.in_file |= {cell["place"]: cell["shown"] for cell in cells}
        self.docks = [name for name, _ in found["grid"]["docks"]]

    # ---- what a viewer does: each returns whether anything is asked anew

    def set(self, place: str, entry: str) -> bool:
        """Types into a cell; what the file says is no edit."""
        if place not in self.labels:
            return False
        text = entry.strip()[:LONGEST]
        edits = {one: said for one, said in self.now.edits.items() if one != place}
        if text != self.in_file.get(place, ""):
            edits[place] = text
        return self._choose(f"{self.labels[place]} to {text or 'nothing'}", replace(self.now, edits=edits))

    def price(self, name: str, entry: str) -> bool:
        """Chooses the dock of the price, or types one of its terms."""
        text = entry.strip()[:LONGEST]
        if name == "dock" and entry in self.docks:
            return self._choose(f"price of {entry.replace('_', ' ')}", replace(self.now, dock=entry))
        if name not in TERMS:
            return False
        terms = tuple(text if one == name else said for one, said in zip(TERMS, self.now.terms, strict=True))
        return self._choose(f"{name} of the price to {text or 'nothing'}", replace(self.now, terms=terms))  # type: ignore[arg-type]

    def bring(self, base: Mapping[str, Any], name: str) -> bool:
        """Takes up the tables of a workbook: nothing typed stands any more."""
        return self._choose(f"the workbook {name[:LONGEST]}", Entries(base=base, terms=self.now.terms))

    def reset(self) -> bool:
        """Everything as in the file."""
        return self._choose("everything as in the file", replace(self.now, base=None, edits={}))

    def restore(self, kept: Any) -> bool:
        """Takes up what had been typed before the page was loaded again; what makes no sense any more is left out."""
        if not isinstance(kept, dict):
            return False
        edits, terms = (held if isinstance(held := kept.get(name), dict) else {} for name in ("edits", "terms"))
        known = {p: text[:LONGEST] for p, text in edits.items() if p in self.labels and isinstance(text, str)}
        said = tuple(str(terms.get(name, ""))[:LONGEST] for name in TERMS)
        dock = kept["dock"] if kept.get("dock") in self.docks else ""
        words = "what was typed before the page was loaded again"
        return self._choose(words, Entries(edits=known, dock=dock, terms=said))  # type: ignore[arg-type]

    def undo(self) -> bool:
        """Takes back the last change."""
        return self._step(self._past, self._future)

    def redo(self) -> bool:
        """Makes the change again that was taken back."""
        return self._step(self._future, self._past)

    def _choose(self, words: str, asked: Entries) -> bool:
        if asked != self.now:
            self._past.append((words, self.now))
            self._future.clear()
            self.now = asked
        return True

    def _step(self, away: list[tuple[str, Entries]], back: list[tuple[str, Entries]]) -> bool:
        if not away:
            return False
        words, asked = away.pop()
        back.append((words, self.now))
        self.now = asked
        return True

    # ---- what is asked of the model, and what the page shows

    def request(self) -> dict[str, Any]:
        """What the model is asked."""
        now = self.now
        return {"base": now.base, "edits": dict(now.edits), "dock": now.dock} | dict(zip(TERMS, now.terms, strict=True))

    def view(self) -> dict[str, Any]:
        """How the entries stand, beside the answer."""
        return {
            "choices": self._choices(),
            "edits": dict(self.now.edits),
            "terms": dict(zip(TERMS, self.now.terms, strict=True)),
            "changes": len(self.now.edits) + (self.now.base is not None),
            "changed": [self._said(place, entry) for place, entry in self.now.edits.items()],
            "undo": f"Undo: {self._past[-1][0]}" if self._past else None,
            "redo": f"Redo: {self._future[-1][0]}" if self._future else None,
            "last": self._past[-1][0] if self._past else "",
        }

    def _choices(self) -> dict[str, Any] | None:
        """What a page keeps for when it is loaded again; of a workbook that was brought, nothing."""
        if self.now.base is not None:
            return None
        terms = dict(zip(TERMS, self.now.terms, strict=True))
        return {"edits": dict(self.now.edits), "terms": terms, "dock": self.now.dock}

    def _said(self, place: str, entry: str) -> str:
        return (
            f"{self.labels.get(place, place)}: {entry or 'nothing'}, in the file {self.in_file.get(place) or 'nothing'}"
        )
