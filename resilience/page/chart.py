"""Spendable cash as a chart in characters: the middle, the band of 80 futures of 100, and the share that has ended."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from resilience import words

if TYPE_CHECKING:
    from resilience.projection import Projection

CHART_WIDTH, CHART_HEIGHT, LABELS = 72, 12, 11
FANCY = {"band": "░", "middle": "█", "axis": "│", "corner": "└", "floor": "─", "nil": "┄", "steps": " ▁▂▃▄▅▆▇█"}
PLAIN = {"band": ":", "middle": "#", "axis": "|", "corner": "+", "floor": "-", "nil": "-", "steps": " .123456789"}


def chart(projection: Projection, marks: dict[str, str]) -> tuple[str, list[str]]:
    """(title, lines): spendable cash by month, the middle and the band of 80 in 100 futures; below, the share ended."""
    cash, T = projection.measure("spendable"), len(projection.months)
    columns = min(T, CHART_WIDTH - LABELS - 1)
    at = np.array([(2 * c + 1) * T // (2 * columns) for c in range(columns)])
    low, middle, high = cash.p10[at], cash.p50[at], cash.p90[at]
    known = np.concatenate([x[~np.isnan(x)] for x in (low, middle, high)])
    if not len(known):
        return "", []
    step = _step(min(0.0, float(known.min())), max(0.0, float(known.max())))
    bottom, top = math.floor(min(0.0, known.min()) / step), math.ceil(max(0.0, known.max()) / step)
    per_step = max(1, CHART_HEIGHT // max(1, top - bottom))
    unit = step / per_step
    lines = []
    highest = max(1, math.floor(max(0.0, float(known.max())) / unit + 0.5))
    for level in range(highest, bottom * per_step - 1, -1):
        value = level * unit
        label = words.money(value) if level % per_step == 0 else ""
        cells = (_cell(value, unit, level == 0, *three, marks) for three in zip(low, middle, high, strict=True))
        lines.append(f"{label:>{LABELS}}{marks['axis']}{''.join(cells).rstrip()}")
    lines += _below(projection, at, columns, marks)
    caption = []
    if projection.manifest["chance"]:
        told = ", ".join(str(projection.paths_played[p]) for p in projection.seven)
        caption = [words.CHART_CAPTION.format(**marks), words.CHART_CAUTION, words.CHART_SEVEN.format(paths=told)]
    return "Spendable cash by month", [*lines, *caption]


def _step(low: float, high: float) -> float:
    """A round amount, so that the axis has four to seven of them."""
    rough = max(high - low, 1.0) / 5
    size = 10 ** math.floor(math.log10(rough))
    return next(size * k for k in (1, 2, 2.5, 5, 10) if size * k >= rough)


def _cell(value: float, unit: float, nil: bool, low: float, middle: float, high: float, marks: dict[str, str]) -> str:
    """One character: half a unit around its value belongs to it. A quantile that has ended lies below the chart."""
    near = lambda x: not math.isnan(x) and math.floor(x / unit + 0.5) == round(value / unit)  # noqa: E731
    if near(middle):
        return marks["middle"]
    inside = not math.isnan(high) and (math.isnan(low) or low <= value + unit / 2) and value - unit / 2 <= high
    if inside and (not math.isnan(low) or not math.isnan(high)):
        return marks["band"]
    return marks["nil"] if nil else " "


def _below(projection: Projection, at: np.ndarray, columns: int, marks: dict[str, str]) -> Iterator[str]:
    """The months below the chart, and the share of futures that has ended."""
    yield " " * LABELS + marks["corner"] + marks["floor"] * columns
    ends = [c for c in range(columns) if at[c] in set(projection.year_ends)]
    labels, row = [" "] * (columns + 8), [" "] * (columns + 8)
    ended = 1 - projection.probabilities["continuing"].by_month
    free = -1
    for c in reversed(ends):
        text = words.short_month(projection.months[at[c]])
        begin = max(0, c - len(text) + 1)
        if free < 0 or begin + len(text) < free:
            labels[begin : begin + len(text)] = text
            share = words.in_table(float(ended[at[c]]))
            row[max(0, c - len(share) + 1) : c + 1] = share
            free = begin
    yield " " * (LABELS + 1) + "".join(labels).rstrip()
    if projection.manifest["chance"]:
        steps = marks["steps"]
        bars = "".join(steps[math.ceil(float(ended[t]) * (len(steps) - 1) - 1e-9)] for t in at)
        if bars.strip():
            yield f"{'ended':>{LABELS}} {bars.rstrip()}"
            yield f"{'of 100':>{LABELS}} {''.join(row).rstrip()}"
