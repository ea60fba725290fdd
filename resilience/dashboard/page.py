"""A page: the controls ask, the state decides what is asked, the model answers, the answer is shown. One page, one viewer."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import ipywidgets
from IPython.display import display

from resilience.dashboard.remote import Model, ModelGone
from resilience.dashboard.state import State, spread
from resilience.dashboard.waiting import Asks, later, model_of, said
from resilience.dashboard.widgets import Answer, Controls, packed
from resilience.errors import InputError

AT_ONCE = 2.0  # seconds that a page waits for its first answer before it is shown without
FILES = {
    "json": ("projection.json", "application/json"),
    "csv": ("measures.csv", "text/csv"),
    "changes": ("changes.toml", "application/toml"),
}


def first(organisation: str | None = None) -> None:
    """Shows the main page of an organisation: a shipped name or a file; none: the one that the launcher serves."""
    try:
        page = Page(model_of(organisation))
    except InputError as error:
        print(error)
        return
    box = ipywidgets.Box([page.controls, page.answer])
    box.add_class("resilience-page")
    display(box)


class Page:
    """Controls and answer of one viewer.

    Questions to the model wait in threads of their own, so that the page stays awake; previews on one line, what takes long on another.
    """

    def __init__(self, model: Asks) -> None:
        self._viewer, self._turn, self._shown = secrets.token_hex(8), 0, 0
        self._quick, self._long = (model, ThreadPoolExecutor(1)), (model.another(), ThreadPoolExecutor(1))
        catalogue = model.ask("catalogue")
        self.state = State(catalogue)
        self.controls = Controls(self.heard, catalogue=spread(catalogue), view=self.state.view())
        self.answer = Answer()
        asked, turn = self._asked()
        try:
            self._show(asked.result(AT_ONCE if isinstance(model, Model) else None), 0, turn)
        except TimeoutError:
            self._later(asked, lambda found: self._show(found, 0, turn))
        except (InputError, ModelGone, RuntimeError) as error:
            self._failed(error)

    def heard(self, message: dict[str, Any]) -> None:
        """A message of the page. Whatever it holds, nothing is done that the state does not know."""
        verb, number = (str(message.get("do")), message.get("seq")) if isinstance(message, dict) else ("", 0)
        seq = number if isinstance(number, int) else 0
        if verb == "ping":
            self.controls.send({"pong": message.get("n")})
        elif verb == "download":
            self._download(str(message.get("what")))
        elif self._moved(verb, message):
            asked, turn = self._asked()
            if self.state.moving is None:
                self.controls.view = self.state.view() | {"seq": seq}
            self._later(asked, lambda found: self._show(found, seq, turn))
        else:
            self.controls.view = self.state.view() | {"refused": seq}

    def _asked(self) -> tuple[Future[Any], int]:
        """Asks the model for what the state stands at; the answer to come, and its turn. What was asked before is given up."""
        self._turn += 1
        turn = self._turn
        whose = {"viewer": self._viewer, "turn": turn, "file": self.state.catalogue["file"]}
        request = self.state.request() | whose
        model, thread = self._quick if request["preview"] else self._long
        if not request["preview"] and turn > 1:
            self._quick[1].submit(self._quick[0].ask, "turn", whose)

        def ask() -> Any:
            return model.ask("answer", request) if turn == self._turn else None

        return thread.submit(ask), turn

    def _moved(self, verb: str, message: dict[str, Any]) -> bool:
        """Passes what was done on to the state; is anything asked anew?"""
        name = str(message.get("name"))
        deeds: dict[str, Callable[[], bool]] = {
            "set": lambda: self.state.set(
                str(message.get("address")), message.get("value"), final=message.get("final") is not False
            ),
            "scenario": lambda: self.state.scenario(name, message.get("on") is True),
            "strategy": lambda: self.state.strategy(name),
            "other": lambda: self.state.other(name),
            "undo": self.state.undo,
            "redo": self.state.redo,
            "reset": self.state.reset,
            "restore": lambda: self.state.restore(message.get("choices")),
        }
        return verb in deeds and deeds[verb]()

    def _show(self, found: dict[str, Any] | None, seq: int, turn: int) -> None:
        """Shows an answer, unless a later one has been shown or asked for meanwhile."""
        if found is None or turn < self._shown or (turn < self._turn and not found["preview"]):
            return
        self._shown = turn
        self.state.answered(found["values"])
        view = {key: value for key, value in found.items() if key not in ("values", "standing")}
        self.answer.standing = {**self.answer.standing, **found["standing"]}
        if not found["preview"]:
            view["status"] = ". ".join(
                [*filter(None, [self.state.last[:1].upper() + self.state.last[1:]]), found["status"]]
            )
            self.controls.view = self.state.view() | {"seq": seq}
        self.answer.view = packed(view | {"seq": seq, "changed": self.state.changed()})
        if not found["preview"]:
            self._ask_alone(found["nobody"], turn)

    def _ask_alone(self, number: int, turn: int) -> None:
        """Asks what each thing nobody knows does by itself, once the full count is shown; given up when anything else is asked."""
        if not number:
            self.answer.alone = []
            return
        model, thread = self._long
        whose = {"viewer": self._viewer, "turn": turn, "file": self.state.catalogue["file"]}
        request = self.state.request() | whose

        def ask() -> Any:
            return model.ask("alone", request) if turn == self._turn else None

        def told(lines: list[str] | None) -> None:
            if lines is not None and turn == self._turn:
                self.answer.alone = lines

        self._later(thread.submit(ask), told)

    def _download(self, what: str) -> None:
        if what in FILES:
            name, kind = FILES[what]
            model, thread = self._long
            asked = thread.submit(model.ask, what, self.state.request() | {"file": self.state.catalogue["file"]})
            self._later(
                asked, lambda text: self.controls.send({"file": {"name": name, "type": kind}}, [text.encode("utf-8")])
            )

    def _later(self, asked: Future[Any], then: Callable[[Any], None]) -> None:
        later(asked, then, self._failed)

    def _failed(self, error: BaseException) -> None:
        """Says what could not be done; what is on the page stays."""
        words = said(error)
        self.controls.send({"failed": words})
        self.controls.view = self.state.view() | {"failed": words}
