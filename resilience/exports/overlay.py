"""A scenario as the text of a file that reads back as the same scenario."""

from __future__ import annotations

from resilience.exports.toml import inline
from resilience.scenario import Scenario


def scenario_toml(scenario: Scenario) -> str:
    """The scenario as TOML: name, why, source, then a table a shock and a change. Same scenario, same text."""
    tables = scenario.model_dump(by_alias=True, exclude_unset=True)
    blocks = ["\n".join(f"{key} = {inline(value)}" for key, value in tables.items() if not isinstance(value, list))]
    for key in ("shocks", "changes"):
        blocks += [
            "\n".join([f"[[{key}]]", *(f"{k} = {inline(v)}" for k, v in one.items())]) for one in tables.get(key, [])
        ]
    return "\n\n".join(blocks) + "\n"
