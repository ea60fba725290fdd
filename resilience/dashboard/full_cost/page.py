"""The page of full cost recovery: what is typed goes to the state, the model answers, the answer is shown. One page, one viewer."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import ipywidgets
from IPython.display import display

from resilience.dashboard.full_cost.state import State
from resilience.dashboard.waiting import Asks, later, model_of, said
from resilience.dashboard.widgets import FullCost
from resilience.errors import InputError

AT_ONCE = 5.0  # seconds that a page waits for its first answer before it has failed
LARGEST = 600_000  # bytes of a workbook that is brought
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = {
    "working": ("cost working", "full-cost.xlsx", SHEET),
    "workbook": ("cost workbook", "organisation.xlsx", SHEET),
    "file": ("cost file", "organisation.toml", "application/toml"),
}
TOO_LARGE = (
    f"The workbook is larger than {LARGEST // 1000} kB: more than the template of `resilience workbook new` can need."
)


def full_cost(organisation: str | None = None) -> None:
    """Shows the page of an organisation: a shipped name or a file; none: the one that the launcher serves."""
    try:
        page = Page(model_of(organisation, "full_cost"))
    except InputError as error:
        print(error)
        return
    box = ipywidgets.Box([page.widget])
    box.add_class("resilience-page")
    display(box)


class Page:
    """The widget of one viewer. Questions to the model wait in a thread of their own, so that the page stays awake."""

    def __init__(self, model: Asks) -> None:
        self._model, self._thread, self._turn = model, ThreadPoolExecutor(1), 0
        self.state, self.widget = State(), FullCost(self.heard)
        self._show(self._thread.submit(model.ask, "cost", self.state.request()).result(AT_ONCE), 0, 0)

    def heard(self, message: dict[str, Any], buffers: Sequence[Any] = ()) -> None:
        """A message of the page. Whatever it holds, nothing is done that the state does not know."""
        verb, number = (str(message.get("do")), message.get("seq")) if isinstance(message, dict) else ("", 0)
        seq = number if isinstance(number, int) else 0
        if verb == "ping":
            self.widget.send({"pong": message.get("n")})
        elif verb == "download":
            self._download(str(message.get("what")))
        elif verb == "bring":
            self._bring(str(message.get("name")), buffers, seq)
        elif self._moved(verb, message):
            self._ask(seq)
        else:
            self.widget.view = self.widget.view | {"refused": seq}

    def _moved(self, verb: str, message: dict[str, Any]) -> bool:
        """Passes what was done on to the state; is anything asked anew?"""
        entry = str(message.get("value", ""))
        deeds: dict[str, Callable[[], bool]] = {
            "set": lambda: self.state.set(str(message.get("address")), entry),
            "price": lambda: self.state.price(str(message.get("name")), entry),
            "undo": self.state.undo,
            "redo": self.state.redo,
            "restore": lambda: self.state.restore(message.get("choices")),
            "reset": self.state.reset,
        }
        return verb in deeds and deeds[verb]()

    def _ask(self, seq: int) -> None:
        self._turn += 1
        turn, request = self._turn, self.state.request()

        def ask() -> Any:
            return self._model.ask("cost", request) if turn == self._turn else None

        self._later(self._thread.submit(ask), lambda found: self._show(found, seq, turn))

    def _show(self, found: dict[str, Any] | None, seq: int, turn: int) -> None:
        """Shows an answer, unless a later one has been asked for meanwhile."""
        if found is None or turn < self._turn:
            return
        self.state.answered(found)
        view = {name: one for name, one in found.items() if name not in ("grid", "standing")}
        self.widget.grid = found["grid"]
        self.widget.standing = found["standing"] or self.widget.standing
        self.widget.view = view | self.state.view() | {"seq": seq}

    def _download(self, what: str) -> None:
        if what in FILES:
            verb, name, kind = FILES[what]
            asked = self._thread.submit(self._model.ask, verb, self.state.request())
            self._later(
                asked, lambda text: self.widget.send({"file": {"name": name, "type": kind}}, [base64.b64decode(text)])
            )

    def _bring(self, name: str, buffers: Sequence[Any], seq: int) -> None:
        """A workbook of the viewer's: its organisation is taken up, or its faults are told."""
        data = bytes(buffers[0]) if buffers else b""
        if len(data) > LARGEST:
            self.widget.send({"failed": TOO_LARGE})
            return

        def read(found: dict[str, Any]) -> None:
            self.widget.send({"brought": {"name": name, "faults": found["faults"], "remarks": found["remarks"]}})
            if found["raw"] is not None and self.state.bring(found["raw"], name):
                self._ask(seq)

        self._later(
            self._thread.submit(self._model.ask, "cost brought", {"data": base64.b64encode(data).decode()}), read
        )

    def _later(self, asked: Future[Any], then: Callable[[Any], None]) -> None:
        later(asked, then, self._failed)

    def _failed(self, error: BaseException) -> None:
        """Says what could not be done; what is on the page stays."""
        self.widget.send({"failed": said(error)})
