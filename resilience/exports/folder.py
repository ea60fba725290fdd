"""Writes several files into a folder, all or none: temporary names, on the disk, then renamed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from resilience.errors import WriteError

LOCK, PART = ".resilience-lock", ".resilience-part-"


class Folder:
    """A folder that one run at a time writes to: `with Folder(path) as target: target.write(files)`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Folder:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = (self.path / LOCK).open("a+b")
        except OSError as error:
            raise refusal(self.path, error) from None
        try:
            _lock(self._lock)
        except OSError:
            self._lock.close()
            raise WriteError(
                f"{self.path}: another run is writing here; wait for it, or choose another folder"
            ) from None
        for left in self.path.glob(f"{PART}*"):  # of a run that was killed
            left.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for left in self.path.glob(f"{PART}*"):
            left.unlink(missing_ok=True)
        if os.name != "nt":  # Windows does not let an open file go
            (self.path / LOCK).unlink(missing_ok=True)
        self._lock.close()

    def write(self, files: Mapping[str, Callable[[Path], None]]) -> list[Path]:
        """Calls each writer with a temporary name; when all are on the disk they take their own. Raises WriteError.

        A name may lie in a folder within this one ("data/part.parquet"), which must be there.
        """
        at = self.path
        try:
            for name, writer in files.items():
                at, part = self.path / name, self.part(name)
                writer(part)
                with part.open("rb+") as held:
                    os.fsync(held.fileno())
            for name in files:
                at = self.path / name
                os.replace(self.part(name), at)
        except OSError as error:
            for name in files:
                self.part(name).unlink(missing_ok=True)
            raise refusal(at, error) from None
        return [self.path / name for name in files]

    def part(self, name: str) -> Path:
        """The temporary name of a file."""
        at = self.path / name
        return at.with_name(f"{PART}{at.name}")


def refusal(path: Path, error: OSError) -> WriteError:
    """What the operating system said, in one line."""
    reason = (error.strerror or str(error)).strip()
    return WriteError(
        f"{path}: could not be written ({reason[:1].lower()}{reason[1:]}); what stood there before is untouched"
    )


def write_new(path: Path, text: str) -> None:
    """Writes a new file, whole or not at all. Raises FileExistsError if there is one, WriteError if it cannot."""
    part = path.with_name(f"{PART}{os.getpid()}-{path.name}")
    try:
        with part.open("xb") as held:
            held.write(text.encode("utf-8"))
            held.flush()
            os.fsync(held.fileno())
        try:
            os.link(part, path)  # fails if the name is taken, whoever was quicker
        except FileExistsError:
            raise
        except OSError:  # a disk without links
            if path.exists():
                raise FileExistsError(path) from None
            os.rename(part, path)
    except FileExistsError:
        raise
    except OSError as error:
        raise refusal(path, error) from None
    finally:
        part.unlink(missing_ok=True)


def _lock(held: Any) -> None:
    """Holds the file for this process until it is closed or the process ends. Raises OSError if another holds it."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
