"""The server behind `resilience dashboard`: Voilà with one page, for this computer alone, behind a token.

`listen` takes the port, `serve` answers until it is stopped. Voilà is imported when `serve` is called, so that `--help` answers at once.
"""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from resilience.errors import Fault, InputError

ADDRESS = "127.0.0.1"  # never any other: many viewers on many computers belong behind JupyterHub
USUAL_PORT = 8866


@dataclass(frozen=True)
class Limits:
    """How many pages at once, and when what is left behind is cleared away (seconds)."""

    pages: int = 12  # open at once; each has a kernel of its own, of about 40 MB of its own
    waiting: int = 1  # kernels kept warm for the next page
    forsaken: int = 120  # a kernel without a page is stopped after so long; the page itself tells when it is closed
    looked: int = 15  # how often that is looked for
    opening: int = 60  # a page that could not be made by then has failed


def listen(port: int | None = None) -> socket.socket:
    """The port of this computer on which the page is served: that one, or a free one near 8866. Raises InputError if it is taken."""
    if port is not None:
        try:
            return _bound(port)
        except OSError as error:
            raise InputError([Fault("--port", "", port, *_why(error))]) from None
    for near in range(USUAL_PORT, USUAL_PORT + 10):
        try:
            return _bound(near)
        except OSError:
            continue
    return _bound(0)


def _bound(port: int) -> socket.socket:
    from tornado.netutil import bind_sockets

    return bind_sockets(port, ADDRESS, family=socket.AF_INET)[0]


def _why(error: OSError) -> tuple[str, str]:
    if error.errno in (errno.EACCES, errno.EPERM):
        return "is not open to you", "take a port above 1023, or leave out --port"
    return "is taken by another program", "name another port, or leave out --port"


def serve(
    listening: socket.socket,
    environment: Mapping[str, str],
    *,
    ready: Callable[[], bool] = lambda: True,
    browser: bool = False,
    notebook: Path | None = None,
    limits: Limits | None = None,
    said: Callable[[str], None] = print,
) -> None:
    """Serves the page until Ctrl-C or a signal to end; leaves no process behind.

    environment is given to every kernel. ready tells whether the model answers; until it does no address is told. Raises what ready raises.
    """
    # Jupyter's event log would build a grammar of web addresses when it is imported, for 1.5 seconds; nothing here has one to check.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from resilience.dashboard.launch import places

    with places.own_jupyter() as home:
        from resilience.dashboard.launch.server import Dashboard

        app = Dashboard.made(home, notebook or places.notebook(), listening, environment, limits or Limits())
        app.run(ready, browser, said)
