"""The model's process: `python -m resilience.dashboard.model ORG PAGE`, started by the launcher. Answers every page over its line."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener
from typing import Any

from resilience.dashboard.answers import Answers, Superseded
from resilience.dashboard.full_cost.state import State as Entries
from resilience.dashboard.remote import ADDRESS, KEY
from resilience.dashboard.state import PREVIEW, State
from resilience.errors import InputError

FULL_COST = "full_cost"


def serve(organisation: str, page: str, address: str, key: bytes) -> None:
    """Answers until the launcher's end of standard input closes."""
    first: Future[bool] = Future()
    verbs = _verbs(organisation, page) | {"ready": lambda _: _ready(first)}
    with Listener(address, authkey=key) as listener:
        threading.Thread(target=_until_launcher_ends, daemon=True).start()
        threading.Thread(target=_first, args=(verbs, first, page), daemon=True).start()
        while True:
            try:
                line = listener.accept()
            except (OSError, EOFError, AuthenticationError):  # who called has gone again, or does not know the key
                continue
            threading.Thread(target=_converse, args=(line, verbs), daemon=True).start()


def _verbs(organisation: str, page: str) -> dict[str, Callable[[Any], Any]]:
    """What a page asks for."""
    if page == FULL_COST:
        from resilience.dashboard.full_cost.answers import verbs

        return verbs(organisation)
    answers = Answers(organisation)
    return {
        "catalogue": lambda _: answers.catalogue(),
        "answer": answers.answer,
        "alone": answers.alone,
        "turn": answers.turn,
        "json": answers.document,
        "csv": answers.table,
        "changes": answers.changes,
        "warm": lambda _: answers.warm(),
    }


class Here:
    """The model in this process: for a notebook that no launcher serves."""

    def __init__(self, organisation: str, page: str = "first") -> None:
        self._verbs = _verbs(organisation, page)

    def ask(self, verb: str, asked: Any = None) -> Any:
        """The answer; None where the viewer has asked something else meanwhile. Raises InputError as the model does."""
        try:
            return self._verbs[verb](asked)
        except Superseded:
            return None

    def another(self) -> Here:
        """The same: threads may ask it at the same time."""
        return self


def _first(verbs: Mapping[str, Callable[[Any], Any]], first: Future[bool], page: str) -> None:
    """Has what a page will ask first, kept or worked out; of the first page then has the engine ready for the first change."""
    try:
        if page == FULL_COST:
            verbs["cost"](Entries().request())
            first.set_result(True)
            return
        state = State(verbs["catalogue"](None))
        verbs["answer"](state.request())
        first.set_result(True)
    except Exception as error:  # told to whoever asks whether the model is ready
        first.set_exception(error)
        return
    verbs["answer"](state.request() | {"paths": PREVIEW, "preview": True})
    verbs["warm"](None)


def _ready(first: Future[bool]) -> bool:
    """Is the first answer there? Waits a second for it. Raises what went wrong with it."""
    try:
        return first.result(1)
    except TimeoutError:
        return False


def _converse(line: Connection[Any, Any], verbs: Mapping[str, Callable[[Any], Any]]) -> None:
    """One page's questions, one after the other."""
    with line:
        while True:
            try:
                question = line.recv_bytes(1_000_000)
                line.send_bytes(json.dumps(_answered(question, verbs)).encode())
            except (OSError, EOFError):
                return


def _answered(question: bytes, verbs: Mapping[str, Callable[[Any], Any]]) -> list[Any]:
    try:
        verb, asked = json.loads(question)
        return ["answer", verbs[verb](asked)]
    except Superseded:
        return ["answer", None]
    except InputError as error:
        return [
            "faults",
            [[f.file, f.place, f.value_text and str(f.value_text), f.problem, f.fix] for f in error.faults],
        ]
    except Exception as error:
        print(f"resilience: a page's question failed: {type(error).__name__}: {error}", file=sys.stderr)
        return ["failed", f"{type(error).__name__}: {error}"]


def _until_launcher_ends() -> None:
    """Ends the process with its launcher, however that ended."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    try:
        serve(sys.argv[1], sys.argv[2], os.environ[ADDRESS], bytes.fromhex(os.environ[KEY]))
    except InputError as error:
        sys.exit(str(error))
