"""Full cost recovery on the terminal: `resilience cost`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resilience.page.layout import WIDTH, columns, paragraphs, section, wrapped
from resilience.words import costing as words

NAME = 30  # columns of the first column of a table


def costed(
    found: Any,
    steps: Any,
    hours: Any,
    ended: Any,
    rules: Sequence[Any],
    spreads: Sequence[Any],
    price: Any,
    reach: Any = None,
) -> str:
    """What each dock costs in full, who pays, unit costs, break points; rule sets and a price where asked for."""
    parts = [
        _title(f"What {found.organisation} costs in full", words.basis(found)),
        section("A year", _fitted(words.by_dock(found))),
        paragraphs([*words.whole(found), *words.asked(found), *words.ranges(reach)]),
        "" if found.default_pool else section("What the hub is divided by", columns(words.pools(found), NAME)),
        section("What a unit costs", columns(words.units(found), NAME)),
        _with(section("Where capacity steps up", columns(words.steps(steps), NAME)) if steps else "", words.STEPS),
        _with(section("What stays when a dock ends", columns(words.ended(ended), NAME)), words.ENDED)
        if found.overhead
        else "",
        _with(
            section("What an hour costs", columns(words.hours(hours), NAME)) if hours else "",
            words.HOUR.format(weeks=found.weeks_worked),
        ),
        *_rules(found, rules, spreads),
        _price(price) if price is not None else "",
        wrapped(manifest(found.manifest)),
    ]
    return "\n\n".join(part for part in parts if part)


def explained(found: Any, dock: str) -> str:
    """How one dock's full cost came about: line, pool, driver, share."""
    parts = [_title(f"How the full cost of {words.spaced(dock)} came about", words.basis(found))]
    parts += [section(title, columns(rows, 56)) for title, rows in words.explained(found, dock)]
    return "\n\n".join([*parts, wrapped(manifest(found.manifest))])


def manifest(held: Any) -> str:
    """Version and file with its hash."""
    files = ", ".join(f"{one['name']} {one['sha256'][:12]}" for one in held["inputs"])
    return f"resilience {held['version']}; {files}"


def _fitted(rows: Sequence[Sequence[str]]) -> list[str]:
    """A table whose first column is as wide as the others let it be."""
    widest = NAME
    while widest > 10 and any(len(line) > WIDTH for line in columns(rows, widest)):
        widest -= 1
    return columns(rows, widest)


def _title(title: str, said: Sequence[str]) -> str:
    return f"{wrapped(title)}\n{'=' * min(WIDTH, len(title))}\n{paragraphs(said)}"


def _with(held: str, caption: str) -> str:
    return f"{held}\n{wrapped(caption)}" if held else ""


def _rules(found: Any, rules: Sequence[Any], spreads: Sequence[Any]) -> list[str]:
    if not rules:
        return []
    parts = []
    for dock in found.docks:
        rows = columns(words.under_rules(rules, dock.name), NAME)
        said = [wrapped(words.spread(one)) for one in spreads if one.dock == dock.name and len(rules) > 1]
        parts.append("\n".join([*rows, *said]))
    head = section("The same costs under other rules", [words.RULES])
    return [head, *parts, section("The rule sets", words.sources(rules))]


def _price(price: Any) -> str:
    return "\n".join([section("Price", words.price(price)), *columns(words.price_years(price), NAME)])
