"""How the program ends: exit statuses and one line for what went wrong, never a traceback."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from resilience import __version__
from resilience.errors import InputError, WriteError, did_you_mean

INPUT, SOME_FAILED, NOT_WRITTEN, UNEXPECTED, INTERRUPTED = 2, 3, 4, 1, 130
REPORT = (
    "this is a fault of the program, not of your file. Please report it with what you typed; "
    "RESILIENCE_DEBUG=1 shows where it happened"
)


class Verbs(click.Group):
    """A group of verbs that suggests the nearest one, and ends with the exit statuses of README.md."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            guess = did_you_mean(args[0], [name for name, verb in self.commands.items() if not verb.hidden])
            tail = f" {guess[0].upper()}{guess[1:]}" if guess else ""
            raise click.UsageError(
                f"{click.format_filename(args[0])} is no verb of this program.{tail}", ctx
            ) from error

    def main(self, *args: Any, **extra: Any) -> Any:
        sys.exit(self._status(*args, **{**extra, "standalone_mode": False}))

    def _status(self, *args: Any, **extra: Any) -> int:
        """Runs the verb and says what went wrong, if anything, in words."""
        try:
            result = super().main(*args, **extra)
            sys.stdout.flush()
            return result if isinstance(result, int) else 0
        except InputError as error:
            return _said(str(error), INPUT)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            return INPUT
        except click.UsageError as error:
            error.show()
            return INPUT
        except click.ClickException as error:
            return _said(error.format_message(), INPUT)
        except WriteError as error:
            return _said(str(error), NOT_WRITTEN)
        except (KeyboardInterrupt, click.Abort):
            return _said("Interrupted: nothing was written.", INTERRUPTED)
        except BrokenPipeError:  # whoever read our output has had enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except Exception as error:
            return _unexpected(error)


def _unexpected(error: Exception) -> int:
    if os.environ.get("RESILIENCE_DEBUG") == "1":
        raise error
    if isinstance(error, OSError) and error.errno in (
        5,
        27,
        28,
    ):  # our own output: disk error, file too large, disk full
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        return _said(f"The output could not be written ({(error.strerror or str(error)).lower()}).", NOT_WRITTEN)
    if isinstance(error, MemoryError):
        return _said("Not enough memory: use fewer --paths or --months, or leave out --keep-paths.", INPUT)
    words = " ".join(str(error).split())[:300]
    return _said(f"resilience {__version__}: {type(error).__name__}: {words}: {REPORT}.", UNEXPECTED)


def _said(text: str, status: int) -> int:
    click.echo(text, err=True)
    return status
