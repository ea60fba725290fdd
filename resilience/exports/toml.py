"""Values and tables as TOML writes them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any


def organisation_toml(raw: Mapping[str, Any]) -> str:
    """The tables of an organisation as a TOML file."""
    import tomli_w

    return tomli_w.dumps(raw)


def inline(value: Any) -> str:
    """A value on one line: a number, a text, a day, a list or a table."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {inline(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").replace("-", "").isalnum() else inline(key)
