"""A scenario as the text of a file that reads back as the same scenario."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from resilience.scenario import Scenario


def scenario_toml(scenario: Scenario) -> str:
    """The scenario as TOML: name, why, source, then a table a shock and a change. Same scenario, same text."""
    tables = scenario.model_dump(by_alias=True, exclude_unset=True)
    blocks = ["\n".join(f"{key} = {_value(value)}" for key, value in tables.items() if not isinstance(value, list))]
    for key in ("shocks", "changes"):
        blocks += [
            "\n".join([f"[[{key}]]", *(f"{k} = {_value(v)}" for k, v in one.items())]) for one in tables.get(key, [])
        ]
    return "\n\n".join(blocks) + "\n"


def _value(value: Any) -> str:
    """A number, a text, a list or a table as TOML writes it in a line."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
