"""What is done, task by task, in a folder: a file appears whole or not at all, and proves itself."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

from resilience.batch.playing import Outcome
from resilience.batch.task import COLUMNS, Task
from resilience.errors import InputError
from resilience.exports.folder import refusal

SUFFIX, UNFINISHED = ".json", ".part"


class Parts:
    """A folder of parts: `KEY.json` holds the rows of the task of that key, and the hash of their bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise refusal(folder, error) from None

    def before(self, task: Task) -> Outcome | None:
        """What an earlier run has left of a task: nothing, unless everything it comes from and its own bytes are the same."""
        try:
            key = task.key()
            self.rows(key)
        except (InputError, OSError, ValueError, KeyError, TypeError):
            return None
        return Outcome(task, key, done_before=True)

    def rows(self, key: str) -> list[dict[str, Any]]:
        """The rows of a part. Raises OSError, ValueError, KeyError or TypeError for one that is not whole."""
        held = json.loads((self.folder / f"{key}{SUFFIX}").read_text("utf-8"))
        if held["sha256"] != sha256(held["rows"]):
            raise ValueError("is not what was written")
        return [dict(zip(COLUMNS, row, strict=True)) for row in held["rows"]]

    def keep(self, one: Outcome) -> None:
        """Writes a part. Raises WriteError."""
        rows = [[row[name] for name in COLUMNS] for row in one.rows]
        file = self.folder / f"{one.key}{SUFFIX}"
        part = file.with_name(f"{one.key}{UNFINISHED}")
        try:
            with part.open("wb") as stream:
                stream.write(json.dumps({"sha256": sha256(rows), "rows": rows}).encode())
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, file)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise refusal(file, error) from None

    def sweep(self, known: Container[str]) -> None:
        """Removes parts of other keys, and what a killed run has left unfinished; nothing else."""
        for file in self.folder.iterdir():
            ours = len(file.stem) == 24 and not set(file.stem) - set("0123456789abcdef")
            if ours and (file.suffix == UNFINISHED or (file.suffix == SUFFIX and file.stem not in known)):
                file.unlink(missing_ok=True)


def sha256(rows: Sequence[Sequence[Any]]) -> str:
    """Of rows as JSON; a number is the same number whether it was read or worked out."""
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
