"""What a result came from: version, seed, paths, months, inputs with their hashes, overlays in order."""

from __future__ import annotations

from typing import Any

from resilience import __version__
from resilience.reading import sha256_of


def inputs(files: dict[str, str]) -> list[dict[str, str]]:
    """Each input's role, name and SHA-256. A file read from memory has no hash."""
    found = []
    for role, file in files.items():
        try:
            digest = sha256_of(file)
        except OSError:
            digest = ""
        found.append({"role": role, "name": file.replace("\\", "/").rsplit("/", 1)[-1], "sha256": digest})
    return found


def manifest(files: dict[str, str], *, seed: int, paths: int, months: int, chance: bool, overlays: tuple[str, ...], strategy: str) -> dict[str, Any]:
    """The record that travels with every result."""
    return {"version": __version__, "seed": seed, "paths": paths, "months": months, "chance": chance, "strategy": strategy,
            "overlays": list(overlays), "inputs": inputs(files)}  # fmt: skip
