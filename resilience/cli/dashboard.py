"""`resilience dashboard`: the page in a browser."""

from __future__ import annotations

import signal
import sys

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
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def dashboard(org: str, port: int | None, no_browser: bool) -> None:
    """Serve ORG's page to this computer alone, until Ctrl-C. Without ORG, the shipped advice charity.

    resilience dashboard riverside.toml
    """
    _tidy_when_ended()
    from resilience.organisation_file import read_organisation

    read_organisation(org)  # every fault is told before anything starts
    from resilience.dashboard.launch import listen, serve
    from resilience.dashboard.remote import ModelProcess

    listening = listen(port or None)
    echo("Starting …")
    with ModelProcess(org) as model:
        serve(listening, model.environment, ready=lambda: model.wait(1), browser=not no_browser, said=echo)
    echo("Stopped.")


def _tidy_when_ended() -> None:
    """Until the server has its own way to end, a signal to end is an exit, on which every folder is removed."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, lambda given, _: sys.exit(128 + given))
