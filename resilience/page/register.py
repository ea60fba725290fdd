"""What an answer assumed: the defaults by class, or every one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from resilience import words
from resilience.page.layout import section, wrapped

if TYPE_CHECKING:
    from resilience.projection import Projection


def assumed(projection: Projection, every: bool) -> str:
    """The figures that are defaults, by class; every one of them if asked for."""
    register = projection.organisation.register
    defaults = [one for one in register if not one.given]
    given = len(register) - len(defaults)
    used = [one for one in defaults if one.value is not None]
    lines = [f"{given} figures are from the file; {len(used)} are defaults of the program:"]
    for klass, meaning in words.CLASSES.items():
        found = [one for one in used if one.klass == klass]
        if found:
            lines.append(f"  {len(found):>3} {meaning}: {_kinds(found)}")
    lines += [] if every else ["--assumptions lists every one of them with its source."]
    text = section("What it assumed", lines)
    return "\n".join([text, *every_one(used)]) if every else text


def _kinds(found: list[Any]) -> str:
    """The names of the fields, the most frequent first, and how often."""
    counts: dict[str, int] = {}
    for one in found:
        name = one.place.rsplit(".", 1)[-1].replace("_", " ")
        counts[name] = counts.get(name, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    more = f" and {len(ranked) - 6} more" if len(ranked) > 6 else ""
    return ", ".join(f"{name} ({n})" if n > 1 else name for name, n in ranked[:6]) + more


def every_one(defaults: Iterable[Any]) -> Iterator[str]:
    """Every default with its source, class by class; the same default in several places is said once."""
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for one in defaults:
        where, _, name = one.place.rpartition(".")
        groups.setdefault((one.klass, name, f"{value(one.value)} {one.unit}".strip(), one.source), []).append(where)
    for klass in ("weak", "nobody", "known"):
        found = {key: places for key, places in groups.items() if key[0] == klass}
        if found:
            yield f"{words.CLASSES[klass].capitalize()}:"
        for (_, name, shown, source), places in found.items():
            where = (
                f" in {words.listed(places)}"
                if any(places) and len(places) < 4
                else f" in {len(places)} places"
                if any(places)
                else ""
            )
            yield wrapped(f"  {name} = {shown}{where}{'' if source == 'default' else f': {source}'}")


def value(found: Any) -> str:
    """A figure of the register in a line."""
    if isinstance(found, dict) and "low" not in found:
        return ", ".join(f"{key} {value(one)}" for key, one in found.items())
    if isinstance(found, dict):
        return f"{found['low']:g} to {found['high']:g}, most likely {found['likely']:g}"
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, list):
        return ", ".join(map(str, found)) or "none"
    return f"{found:,g}" if isinstance(found, (int, float)) and abs(found) < 10**6 else str(found)
