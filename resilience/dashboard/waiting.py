"""How every page finds its model, waits for what it has asked, and says what could not be done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

from resilience.dashboard.remote import Model, ModelGone
from resilience.errors import InputError
from resilience.shipped import EXAMPLE

GONE = "The model does not answer; it is started again. Wait a moment, then try again; if it stays so, start the program anew."
FAILED = "The program could not work this out: a fault of its own. Undo the last change; if it comes back, report it: {fault}"


class Asks(Protocol):
    """What a page needs of a model."""

    def ask(self, verb: str, asked: Any = None) -> Any: ...

    def another(self) -> Asks: ...


def model_of(organisation: str | None, page: str = "first") -> Asks:
    """The launcher's model; in a notebook without a launcher, the model in the notebook's own kernel. Raises InputError."""
    found = Model.of_environment() if organisation is None else None
    if found is not None:
        return found
    from resilience.dashboard.model import Here

    return Here(organisation or EXAMPLE, page)


def later(asked: Future[Any], then: Callable[[Any], None], failed: Callable[[BaseException], None]) -> None:
    """Goes on with the answer when it is there, or with what went wrong, in the thread that widgets belong to."""
    loop = asyncio.get_running_loop()

    def settled(done: Future[Any]) -> None:
        error = done.exception()
        if error is None:
            loop.call_soon_threadsafe(then, done.result())
        else:
            loop.call_soon_threadsafe(failed, error)

    asked.add_done_callback(settled)


def said(error: BaseException) -> str:
    """What a viewer is told of what went wrong."""
    if isinstance(error, InputError):
        return str(error)
    return GONE if isinstance(error, ModelGone) else FAILED.format(fault=error)
