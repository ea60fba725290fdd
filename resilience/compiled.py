"""Compiles kernels and keeps what was compiled.

A kernel is a plain Python function, compiled by call: `loop = compiled(_loop)`. With NUMBA_DISABLE_JIT=1 the same functions run as they
stand and give the same pence. numba looks only at the source of the function that it caches, not of what that one calls, so the cache
folder is named by a hash of every kernel's source: an edit anywhere compiles afresh.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ROOM = Path(__file__).parent


def sources() -> list[Path]:
    """The files whose text decides what is compiled."""
    return [
        _ROOM / name for name in ("compiled.py", "draws.py", "chance.py", "measures.py", "rows.py", "winning.py")
    ] + sorted((_ROOM / "months").glob("*.py"))


def _texts() -> bytes:
    return b"".join(p.name.encode() + p.read_bytes() for p in sources() if p.exists())


def _settings() -> bytes:
    """What else decides the compiled code: numba's version and its checks."""
    import numba

    return f"{numba.__version__} {numba.config.BOUNDSCHECK} {numba.config.OPT}".encode()  # type: ignore[attr-defined]


def forget() -> None:
    """Throws away what was compiled: a file of it is damaged. It is compiled again when next needed."""
    folder = cache_folder()
    if folder is not None:
        print(
            "resilience: the compiled code kept from earlier is damaged; compiling again, about a minute.",
            file=sys.stderr,
        )
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)


def cache_folder() -> Path | None:
    """Where compiled kernels are kept: $RESILIENCE_CACHE or the user's cache folder; None if that cannot be written."""
    chosen = os.environ.get("RESILIENCE_CACHE") or os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    try:
        base = Path(chosen) if chosen else Path.home() / ".cache"
        text = hashlib.sha256(_texts() + _settings()).hexdigest()[:16]
        folder = base / "resilience" / f"kernels-{text}"
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except (OSError, RuntimeError):
        return None
    return folder


def _options() -> dict[str, Any]:
    import numba

    folder = cache_folder()
    if folder is None:
        print(
            "resilience: no folder can be written for compiled code, so each run compiles afresh; set RESILIENCE_CACHE to a folder.",
            file=sys.stderr,
        )
        return {"nogil": True, "error_model": "numpy"}
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return {"nogil": True, "error_model": "numpy", "cache": True}


_chosen: dict[str, Any] = {}


def compiled(kernel: Callable[..., Any], *, inner: bool = False, tiny: bool = False, allocates: bool = False) -> Any:
    """`kernel` compiled by numba; `inner` for those that only other kernels call (two thirds of the compile time); `tiny` for a few lines
    that are put in place of the call, so that the loop around them runs on vectors (draws: 3.7 to 0.5 ns a uniform).

    Kernels that make no arrays are compiled without reference counts: counting them, atomically, for every field of a NamedTuple took
    three quarters of the month loop's time.
    """
    import numba

    if not _chosen:
        _chosen.update(_options())
    if tiny:
        return numba.njit(inline="always", error_model="numpy")(kernel)
    options = {"_nrt": allocates} | _chosen
    if inner:
        options = {k: v for k, v in options.items() if k != "cache"} | {
            "no_cpython_wrapper": True,
            "no_cfunc_wrapper": True,
        }
    return numba.njit(**options)(kernel)
