"""Refusals that say what is wrong and how to put it right: file, address, value, fix; every fault of a file at once.

`riverside.toml: streams.city.renewal: 70 is not a probability; write 0.70`
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_VALUE = 60  # characters of a value that are shown
MOST_LINES = 100  # faults that are shown


def shown(value: Any, longest: int = LONGEST_VALUE) -> str:
    """A value as one harmless line: what does not show escaped, the middle of a long one left out."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else str(value)
    if len(text) > longest:
        kept = (longest - 1) // 2
        text = f"{text[:kept]}…{text[-kept:]}"
    return "".join(_escaped(c) if unicodedata.category(c) in _UNSEEN else c for c in text)


_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one value: file as typed, address in it, value as written (or None), problem, fix."""

    file: str
    place: str
    value_text: Any
    problem: str
    fix: str

    def __str__(self) -> str:
        """`file: place: value problem; fix`, without its empty parts; a problem may open with the value itself."""
        value = "" if self.value_text is None else shown(self.value_text)
        problem = shown(self.problem, 400)
        if value and not problem.startswith(f"{value} "):
            problem = f"{value} {problem}"
        fixed = "; ".join(part for part in (problem, shown(self.fix, 400)) if part)
        return ": ".join(part for part in (shown(self.file, 200), shown(self.place, 120), fixed) if part)


class InputError(Exception):
    """What a person gave cannot be used. `faults` holds every reason, in the order found.

    str() is one line per fault; of very many the first hundred, and how many more. Raises ValueError without a fault.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        if not self.faults:
            raise ValueError("an InputError needs at least one fault")
        super().__init__(self.faults)

    def __str__(self) -> str:
        more = len(self.faults) - MOST_LINES
        return "\n".join([*map(str, self.faults[:MOST_LINES]), *([f"… and {more} more faults"] if more > 0 else [])])


class WriteError(Exception):
    """A result could not be written (disk full, no folder, no permission); what stood there before is untouched."""

    exit_status = 4


def place(keys: Sequence[str | int]) -> str:
    """Address of a value as a person finds it: ("bids", 0, "win") is `bids[1].win`: lists count from 1."""
    text = ""
    for key in keys:
        if isinstance(key, int):
            text += f"[{key + 1}]"
        else:
            bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
            text += ("." if text else "") + (key if bare else f'"{key}"')
    return text


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """`did you mean "renewal"?` for the choice nearest to the word, or "". Case, hyphen and space do not count."""
    plain = {_plain(choice): choice for choice in reversed(list(choices))}
    near = difflib.get_close_matches(_plain(word), plain, n=1, cutoff=0.6)
    return f'did you mean "{shown(plain[near[0]])}"?' if near else ""


def _plain(word: str) -> str:
    return word[:100].casefold().replace("-", "_").replace(" ", "_")
