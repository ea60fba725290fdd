"""`resilience dashboard`: the page in a browser."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import click

from resilience.cli.terminal import echo
from resilience.shipped import EXAMPLE


@click.command(short_help="ORG in a browser: change a figure, see what it does.")
@click.argument("org", default=EXAMPLE)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help="Port on this computer; without it, or with 0, a free one.",
)
@click.option(
    "--page",
    type=click.Choice(["first", "full_cost"]),
    default="first",
    show_default=True,
    help="How long the money lasts, or full cost recovery.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def dashboard(org: str, port: int | None, page: str, no_browser: bool) -> None:
    """Serve ORG's page to this computer alone, until Ctrl-C. Without ORG, the shipped advice charity.

    resilience dashboard riverside.toml

    resilience dashboard riverside.toml --page full_cost
    """
    told = _tidy_when_ended()
    from resilience.organisation_file import read_organisation

    read_organisation(org)  # every fault is told before anything starts
    from resilience.dashboard.launch import listen, places, serve
    from resilience.dashboard.remote import ModelProcess

    listening = listen(port or None)
    echo("Starting …")
    with ModelProcess(org, page) as model:

        def ready() -> bool:
            if told:  # the exit was lost where nothing may be raised: the server ends in its own way
                os.kill(os.getpid(), told.pop())
            return model.wait(1)

        notebook = places.notebook(page)
        serve(listening, model.environment, ready=ready, browser=not no_browser, notebook=notebook, said=echo)
    echo("Stopped.")


def _tidy_when_ended() -> list[int]:
    """Until the server has its own way to end, a signal to end is an exit, on which every folder is removed. Gives those that came."""
    told: list[int] = []

    def on_signal(given: int, _: Any) -> None:
        told.append(given)
        sys.exit(128 + given)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, on_signal)
    return told
