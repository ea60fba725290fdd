"""The widgets of the pages: of the first its controls, and the answer with its charts; of full cost recovery one. Their looks: drawing/."""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

DRAWING = Path(__file__).parent / "drawing"
AS_BYTES = ("p10", "p25", "p75", "p90", "futures", "values")


def _module(*names: str) -> str:
    """One module of several files: the browser is asked for nothing more."""
    return "\n".join((DRAWING / f"{name}.js").read_text("utf-8") for name in names)


class Controls(anywidget.AnyWidget):
    """Choosers, levers, undo, downloads. `catalogue`: what there is; `view`: how it stands. Messages go to `heard`."""

    _esm = _module("dom", "merged", "messages", "levers", "parts", "controls")
    _css = (DRAWING / "page.css").read_text("utf-8")
    catalogue = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, heard: Callable[[dict[str, Any]], None], **traits: Any) -> None:
        super().__init__(**traits)
        self.on_msg(lambda _, content, __: heard(content))


class Answer(anywidget.AnyWidget):
    """The answer in sentences, charts and tables; None while the first is worked out."""

    _esm = _module("dom", "figure", "charts", "parts", "answer")
    standing = traitlets.Dict().tag(sync=True)  # what is the same in every answer: months, limits, basis; sent once
    view = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    # what each thing nobody knows does by itself, in sentences; after the full count
    alone: traitlets.List[Any] = traitlets.List().tag(sync=True)


class FullCost(anywidget.AnyWidget):
    """The page of full cost recovery. `grid`: its cells; `view`: what is typed, and what it comes to; `standing`: what seldom changes.

    Messages, and files with them, go to `heard`.
    """

    _esm = _module("dom", "messages", "levers", "figure", "parts", "waterfall", "grid", "full_cost")
    _css = (DRAWING / "page.css").read_text("utf-8") + (DRAWING / "full_cost.css").read_text("utf-8")
    grid = traitlets.Dict().tag(sync=True)
    standing = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, heard: Callable[[dict[str, Any], Sequence[Any]], None], **traits: Any) -> None:
        super().__init__(**traits)
        self.on_msg(lambda _, content, buffers: heard(content, buffers))


def packed(view: Any) -> Any:
    """The same with the lines of charts as 32-bit floats, little-endian: a third of the bytes of figures in text."""
    if isinstance(view, dict):
        return {k: _floats(v) if k in AS_BYTES and isinstance(v, list) else packed(v) for k, v in view.items()}
    return [packed(one) for one in view] if isinstance(view, list) else view


def _floats(values: list[float | None]) -> bytes:
    found = array("f", [math.nan if x is None else x for x in values])
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()
