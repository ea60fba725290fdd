"""What a result came from: version, seed, paths, months, inputs with their hashes, overlays in order."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from resilience import __version__
from resilience.reading import sha256_of


def inputs(files: dict[str, tuple[str, Any]]) -> list[dict[str, str]]:
    """Each input's role, name and SHA-256: of the file, or of its content as sorted JSON where it was made in memory."""
    found = []
    for role, (file, content) in files.items():
        if Path(file).is_file():
            digest = sha256_of(file)
        else:
            digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
        found.append({"role": role, "name": Path(file).name, "sha256": digest})
    return found


def manifest(
    files: dict[str, tuple[str, Any]],
    *,
    seed: int,
    paths: int,
    months: int,
    chance: bool,
    wider: bool,
    overlays: tuple[str, ...],
    strategy: str,
) -> dict[str, Any]:
    """The record that travels with every result."""
    return {
        "version": __version__,
        "seed": seed,
        "paths": paths,
        "months": months,
        "chance": chance,
        "ranges_too_narrow": wider,
        "strategy": strategy,
        "overlays": list(overlays),
        "inputs": inputs(files),
    }
