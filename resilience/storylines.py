"""The storylines of national money that the program knows, and to when what is announced goes: data/storylines.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "storylines.toml"
Turns = list[tuple[int, str]]  # months after what is known, and the climate from then on


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text("utf-8"))


def shipped() -> dict[str, Turns]:
    """Turns of each storyline by name."""
    told = {name: one["turns"] for name, one in _data().items() if isinstance(one, dict) and "turns" in one}
    return {name: [(turn["after"], turn["climate"]) for turn in turns] for name, turns in told.items()}


def source(name: str) -> str:
    """What in the record a storyline is drawn from."""
    return str(_data()[name]["source"])


def announced(nation: str) -> str | None:
    """Last month of what has been announced for a nation, "2029-03"; None where it was not looked up."""
    found = _data()["known_to"].get(nation)
    return str(found) if found else None
