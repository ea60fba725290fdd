"""The files that come with the program: where they are and what they are called."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from resilience.errors import Fault, InputError, did_you_mean

Kind = Literal["organisations", "partnerships", "policy", "strategies"]
EXAMPLE = "advice_charity"  # the organisation that is shown where none is named
ONE = {
    "organisations": "organisation",
    "partnerships": "assessment",
    "policy": "scenario",
    "strategies": "strategy",
}


def folder(kind: Kind) -> Path:
    """Where the shipped files of a kind are: in the package (a wheel), else beside it (a checkout)."""
    package = Path(__file__).resolve().parent
    inside = package / "shipped"
    return (inside if inside.is_dir() else package.parent / "scenarios") / kind


def names(kind: Kind) -> list[str]:
    """Names of the shipped files of a kind, in alphabetical order."""
    return sorted(path.stem for path in folder(kind).glob("*.toml"))


def shipped(kind: Kind, name: str) -> Path | None:
    """The shipped file of that name; None if there is none. Case, spaces, hyphens and underscores count alike."""
    found = {_plain(one): one for one in names(kind)}.get(_plain(name))
    return folder(kind) / f"{found}.toml" if found else None


def locate(kind: Kind, text: str | os.PathLike[str]) -> Path:
    """The file meant by a shipped name or by a path. Raises InputError, with the nearest name, if it is neither."""
    text = os.fspath(text)
    if path := shipped(kind, text):
        return path
    if os.path.exists(text) or text.endswith(".toml") or os.path.dirname(text):
        return Path(text)
    fix = did_you_mean(text, names(kind)) or f"write a file name, or one of {', '.join(names(kind))}"
    raise InputError([Fault(text, "", None, f"is neither a shipped {ONE[kind]} nor a file", fix)])


def _plain(name: str) -> str:
    return name.strip().casefold().replace("-", "_").replace(" ", "_")
