"""Answers as people write them: each reader raises ValueError with what to write instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import get_args

from resilience.distributions import parse_probability
from resilience.errors import did_you_mean
from resilience.horizon import NAMES, parse_month
from resilience.organisation import Kind, Nation

KINDS: tuple[str, ...] = get_args(Kind)
NATIONS: tuple[str, ...] = get_args(Nation)
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
UNKNOWN = "don't know"
SHORT = {
    "council": "local authority",
    "la": "local authority",
    "foundation": "trust",
    "donations": "giving",
    "government": "central government",
}


def pounds(text: str) -> float | int:
    """ "£12,500" or "12500.50": 12500.5."""
    bare = re.sub(r"[£,\s_]", "", text)
    if not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", bare):
        raise ValueError("write pounds in figures, such as 12500 or £12,500")
    return float(bare) if "." in bare else int(bare)


def signed(text: str) -> float | int:
    """Pounds that may be below nil."""
    text = text.strip().replace("−", "-")
    return -pounds(text[1:]) if text.startswith("-") else pounds(text)


def whole(text: str) -> int:
    """A whole number of people or years."""
    if not re.fullmatch(r"\d{1,4}", text.strip()):
        raise ValueError("write a whole number in figures, such as 12")
    return int(text)


def number(text: str) -> float:
    """A number such as 3.5."""
    if not re.fullmatch(r"\d{1,6}(\.\d+)?", text.strip()):
        raise ValueError("write a number in figures, such as 3.5")
    return float(text)


def chance(text: str) -> str:
    """ "7 in 10" or "don't know"; plain 7 means 7 in 10."""
    text = text.strip().casefold().replace("’", "'")
    if text in ("?", "dont know", "don't know", "unknown"):
        return UNKNOWN
    text = f"{text} in 10" if re.fullmatch(r"\d{1,2}", text) else text
    try:
        parse_probability(text)
    except ValueError:
        raise ValueError("write a number in ten, such as 7 in 10, or don't know") from None
    return text


def calendar_month(text: str) -> str:
    """ "2026-04"."""
    return str(parse_month(text.strip()))


def month_name(text: str) -> str:
    """The name of a month; three letters do."""
    found = [name for name in NAMES if len(text.strip()) >= 3 and name.casefold().startswith(text.strip().casefold())]
    if len(found) != 1:
        raise ValueError("write the name of a month, such as March")
    return found[0]


def one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    """One of some names, or its number in the list."""

    def chosen(text: str) -> str:
        text = text.strip()
        if text.isdecimal() and 1 <= int(text) <= len(choices):
            return choices[int(text) - 1]
        meant = (text.casefold(), SHORT.get(text.casefold(), text).casefold())  # a name as it stands comes first
        found = [one for said in meant for one in choices if one.casefold() == said]
        if not found:
            raise ValueError(
                f"write one of {', '.join(choices)}{'; ' + guess if (guess := did_you_mean(text, choices)) else ''}"
            )
        return found[0]

    return chosen


def identifier(name: str) -> str:
    """A name as the file's name for it: letters, digits and underscores."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").casefold()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60]


def file_name(name: str) -> str:
    """The file that NAME is written to: NAME.toml, in this folder. Raises ValueError for a name that cannot be one."""
    bare = name.removesuffix(".toml")
    slug = identifier(bare)
    if not slug or slug in RESERVED or re.search(r"[/\\\0]|^\.", bare):
        raise ValueError("write a plain name, such as riverside; the file is made in this folder")
    return f"{slug}.toml"
