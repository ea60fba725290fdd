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
    return "\n".join([text, *every_one(used), *from_the_file(register)]) if every else text


def _kinds(found: list[Any]) -> str:
    """The names of the fields, the most frequent first, and how often."""
    counts: dict[str, int] = {}
    for one in found:
        name = one.place.rsplit(".", 1)[-1].replace("_", " ")
        counts[name] = counts.get(name, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    more = f" and {len(ranked) - 6} more" if len(ranked) > 6 else ""
    return ", ".join(f"{name} ({n})" if n > 1 else name for name, n in ranked[:6]) + more


BEHIND = {
    "date": "figures of",
    "owner": "vouched for by",
    "confidence": "confidence:",
    "review_by": "to be looked at again by",
    "note": "note:",
}


def every_one(defaults: Iterable[Any]) -> Iterator[str]:
    """Every default with its source, class by class; the same default in several places is said once."""
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for one in defaults:
        where, _, name = one.place.rpartition(".")
        groups.setdefault((one.klass, name, f"{words.figure(one.value)} {one.unit}".strip(), one.source), []).append(
            where
        )
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


def from_the_file(register: Iterable[Any]) -> Iterator[str]:
    """Every figure given, below what the file says of where it comes from; what is said alike is said once."""
    groups: dict[str, list[str]] = {}
    for one in register:
        if one.given:
            behind = [one.source, *(f"{said} {getattr(one, key)}" for key, said in BEHIND.items() if getattr(one, key))]
            shown = one.text or words.figure(one.value)
            groups.setdefault("; ".join(filter(None, behind)) or "no source given", []).append(f"{one.place} = {shown}")
    if groups:
        yield "From the file:"
    for said, figures in groups.items():
        yield wrapped(f"  {said}:")
        yield from (wrapped(f"    {figure}") for figure in figures)
