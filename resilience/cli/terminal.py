"""What the terminal can show: ASCII or more, and a progress bar for what takes longer than a second."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

PATIENCE = 1.0  # seconds without a bar


def ascii_only() -> bool:
    """Is standard output unable to show more than ASCII?"""
    try:
        "£−±░█│".encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def echo(text: str) -> None:
    """Prints a text, in ASCII where there is nothing else."""
    from resilience.page.layout import to_ascii

    click.echo(to_ascii(text) if ascii_only() else text)


def echo_json(text: str) -> None:
    """Prints JSON, escaped where standard output shows only ASCII."""
    import json

    click.echo("".join(c if c.isascii() else json.dumps(c)[1:-1] for c in text) if ascii_only() else text, nl=False)


class _Bar:
    """A bar on standard error, on a terminal only, once a second has gone."""

    def __init__(self, total: int, label: str, rate: str = "") -> None:
        self.total, self.label, self.done, self.rate = total, label, 0, rate
        self.started, self.lock = time.monotonic(), threading.Lock()
        self.bar: Any = None

    def moved(self, done: int) -> None:
        """So much more is done; called from any thread."""
        with self.lock:
            self.done += done
            if self.bar is not None:
                self.bar.update(done)
            elif time.monotonic() - self.started > PATIENCE and sys.stderr.isatty():
                pace = (lambda _: self.pace()) if self.rate else None
                self.bar = click.progressbar(
                    length=self.total, label=self.label, file=sys.stderr, show_pos=bool(pace), item_show_func=pace
                )
                self.bar.__enter__()
                self.bar.update(self.done)

    def pace(self) -> str:
        """So many a second, since the start."""
        return f"{self.done / max(1e-9, time.monotonic() - self.started):,.1f} {self.rate}"

    def close(self) -> None:
        """Ends the bar's line."""
        if self.bar is not None:
            self.bar.__exit__(None, None, None)


COMPILING = "Compiling the engine for this machine: about a minute, once …"


def to_be_compiled() -> bool:
    """Is nothing compiled yet of this version of the engine?"""
    from resilience.compiled import cache_folder

    folder = cache_folder()
    return folder is None or not any(folder.glob("**/*.nb?"))


@contextmanager
def progress(total: int, label: str, rate: str = "") -> Iterator[Callable[[int], None]]:
    """A progress bar where one is wanted: call what it gives with what has been done since. rate: "organisations a second" is shown too."""
    if to_be_compiled():
        click.echo(COMPILING, err=True)
    bar = _Bar(total, label, rate)
    try:
        yield bar.moved
    finally:
        bar.close()


@contextmanager
def replays(label: str) -> Iterator[Callable[[int, int], None]]:
    """The same for replays, which tell how many are done of how many."""
    with progress(100, label) as moved:
        shown = [0]

        def told(done: int, total: int) -> None:
            moved(100 * done // total - shown[0])
            shown[0] = 100 * done // total

        yield told
