"""One figure that a viewer can move: what it is called, its bounds, and how a value is read and said. No widgets, no model."""

from __future__ import annotations

import re
from dataclasses import dataclass

from resilience.words.numbers import money

NOT_A_NUMBER = "is not a number; write it in figures, like {example}"
IN_WORDS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:in|of|out of)\s*(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Lever:
    """One figure of one item. Bounds, `step` and values are in the unit shown: pounds, people, of 100, per cent.

    address: "streams/council/cut". low, high: what is accepted; begin, end: where its slider begins and ends, so that the
    file's figure is on one of its steps. scale: what divides a value to give the file's unit.
    """

    address: str
    group: str
    item: str
    label: str
    help: str
    prefix: str
    suffix: str
    low: float
    high: float
    begin: float
    end: float
    step: float
    scale: float

    @property
    def said(self) -> str:
        """Item and figure, within a sentence: "council contract, yearly probability of a cut"."""
        label = f"{self.label[:1].lower()}{self.label[1:]}"
        return label if self.item == self.group else f"{self.item.replace('_', ' ')}, {label}"

    @property
    def whole(self) -> bool:
        """Counted in whole numbers?"""
        return self.suffix == "people"

    def shown(self, value: float) -> str:
        """ "£420,000", "30 %", "10 of 100", "1 person"."""
        if self.prefix:
            return money(value) if value == int(value) else f"{'−' if value < 0 else ''}£{abs(value):,.2f}"
        if self.whole:
            return "1 person" if value == 1 else f"{value:,.0f} people"
        return f"{value:g} {self.suffix}".strip()

    def read(self, entry: str | float) -> float:
        """A value as people write it: "£1,200", "30 %", "3 in 10". Raises ValueError: the problem; the fix."""
        value = self._number(entry) if isinstance(entry, str) else entry
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
            raise ValueError(f"{_quoted(entry)} {NOT_A_NUMBER.format(example=f'{self.end / 2:g}')}")
        if not self.low <= value <= self.high:
            raise ValueError(
                f"{_quoted(entry)} is out of reach; write a figure from {self.shown(self.low)} to {self.shown(self.high)}"
            )
        if self.whole and value != int(value):
            raise ValueError(f"{_quoted(entry)} is not a whole number; write one, like {self.end // 2:g}")
        places = 2 if self.prefix else 4
        if round(value, places) != value:
            raise ValueError(f"{_quoted(entry)} has too many decimals; write {round(value, places):g}")
        return float(value)

    def _number(self, entry: str) -> float | None:
        text = entry.strip().casefold().replace("−", "-")
        if self.scale == 100 and (found := IN_WORDS.fullmatch(text)) and float(found[2]) > 0:
            return round(100 * float(found[1]) / float(found[2]), 4)
        bare = re.sub(r"[£%\s]|people|person|of 100", "", text)
        if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare):  # commas where thousands end, and nowhere else
            bare = bare.replace(",", "")
        return float(bare) if re.fullmatch(r"-?(\d{1,12}(\.\d{1,6})?|\.\d{1,6})", bare) else None


def _quoted(entry: str | float) -> str:
    if isinstance(entry, str):
        return f'"{entry[:40]}"'
    return str(entry) if isinstance(entry, bool) or abs(entry) > 1e15 else f"{entry:g}"
