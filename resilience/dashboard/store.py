"""Answers kept from one start to the next: the first page is there at once. They are the user's own figures: readable by nobody else."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from resilience.compiled import cache_folder

KEPT = 40  # answers; the oldest go first
PACKAGE = Path(__file__).resolve().parent.parent


def remembered(question: Any, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer kept for this question and this version of the program, else the one that `work` gives, which is kept.

    question: plain values that decide the answer, the hashes of every input among them. A folder that cannot be written or a damaged
    file costs time only.
    """
    file = _file(question)
    if file is None:
        return work()
    with suppress(OSError, ValueError, RecursionError):
        kept = json.loads(file.read_text("utf-8"))
        if (
            isinstance(kept, dict)
            and kept.get("question") == question
            and kept.get("sha256") == _hash(kept.get("answer"))
        ):
            found: dict[str, Any] = kept["answer"]
            return found
    answer = work()
    with suppress(OSError):
        _write(file, json.dumps({"question": question, "sha256": _hash(answer), "answer": answer}))
    return answer


def _hash(answer: Any) -> str:
    """SHA-256 of an answer as text: a file that was cut short or changed by hand is worked out again."""
    return hashlib.sha256(json.dumps(answer).encode()).hexdigest()


def _file(question: Any) -> Path | None:
    folder = cache_folder()
    if folder is None:
        return None
    text = json.dumps([program(), question], sort_keys=True)
    return folder.parent / "answers" / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"


@cache
def program() -> str:
    """SHA-256 of the whole program: a change of any file asks anew."""
    found = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".toml") and path.is_file():
            found.update(path.relative_to(PACKAGE).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def _write(file: Path, text: str) -> None:
    """Whole or not at all, for the user's eyes only."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    held, name = tempfile.mkstemp(prefix=".part-", dir=file.parent)  # made with mode 600
    try:
        with os.fdopen(held, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(name, file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    kept = sorted(file.parent.glob("*.json"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in kept[KEPT:]:
        old.unlink(missing_ok=True)
