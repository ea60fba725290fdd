"""Scenarios and strategies as lists, and what scenarios do to an organisation: `resilience scenarios`, `strategies`, `explain`."""

from __future__ import annotations

from typing import Any

from resilience.page.layout import columns, paragraphs, section, wrapped
from resilience.words import figure as in_words
from resilience.words import scenarios as words


def scenario_list(found: list[dict[str, Any]]) -> str:
    """Each scenario: the name to type, what it does, which way, and what it rests on."""
    parts = []
    for one in found:
        lines = [one["why"], words.expected(one["expect"]), f"Source: {one['source']}"]
        parts.append("\n".join([wrapped(f"{one['name']}: {one['title']}"), *(wrapped(f"  {line}") for line in lines)]))
    return "\n\n".join(parts)


def strategy_list(found: list[dict[str, Any]]) -> str:
    """Each strategy: the name to type, what it stands for, its rules in order, and what it rests on."""
    parts = []
    for one in found:
        lines = [one["why"], *(f"- {rule}" for rule in one["rules"]), f"Source: {one['source']}"]
        parts.append("\n".join([wrapped(f"{one['name']}: {one['title']}"), *(wrapped(f"  {line}") for line in lines)]))
    return "\n\n".join(parts)


def explanation(found: Any) -> str:
    """What changes, on which dates, where two scenarios meet, what touches nothing, and the sources."""
    title = f"{found.organisation} under {' + '.join(one['title'] for one in found.scenarios)}"
    said = [f"{one['title']}: {one['why']} {words.expected(one['expect'])}" for one in found.scenarios]
    groups = list(dict.fromkeys(tuple(one.scenarios) for one in found.changes))
    tables = [
        section(words.by(names), _table([x for x in found.changes if tuple(x.scenarios) == names])) for names in groups
    ]
    parts = [
        wrapped(title),
        paragraphs(said),
        *(tables or [words.NOTHING_CHANGES]),
        section("On a date", words.dated(found.shocks)),
        section("Where two scenarios meet", found.meets),
        section("What touches nothing", found.touches_nothing),
        section("Sources", [f"{one['title']}: {one['source']}" for one in found.scenarios]),
    ]
    return "\n\n".join(part for part in parts if part)


def _table(changes: list[Any]) -> list[str]:
    rows = [[words.changed(one), _value(one, one.before), _value(one, one.after)] for one in changes]
    return columns([["", "before", "after"], *rows], 40)


def _value(one: Any, figure: Any) -> str:
    """A figure with its unit's mark; a default says so."""
    if figure is None:
        return "none"
    if isinstance(figure, dict) and "low" not in figure:
        shown = ", ".join(f"{key}: {_value(one, inner)}" for key, inner in figure.items())
    else:
        shown = in_words(figure)
    pounds = "£" if one.unit.startswith("GBP") and not isinstance(figure, dict) else ""
    return f"{pounds}{shown}" + ("" if one.given or figure is not one.before else " (default)")
