"""The sheets of a workbook that holds an organisation, derived from the fields of the file: one for each kind of named thing.

A file's tables whose keys are names (streams, posts, …) are sheets with a row for each; everything else stands in the sheet
Organisation, a row for each field. A field within a table within a row is a column of its own, "renewal.chance". docs/workbook.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from resilience.fields import Record
from resilience.organisation_file import json_schema

Keys = tuple[str, ...]
Takes = Literal["text", "names", "truth", "month", "choice", "table", "figures"]

ORGANISATION, HUB = "Organisation", "hub"
ANY = "*"  # in the place of a sheet's tables: whatever the name of the dock, or of the partnership
REMARKS = frozenset(Record.model_fields)


@dataclass(frozen=True)
class Field:
    """A column of a sheet, or a row of the sheet Organisation. keys: from the row's own table. takes: what may be typed.

    required: must always be filled; otherwise: what counts where it is empty.
    """

    keys: Keys
    takes: Takes
    description: str
    unit: str
    required: bool
    otherwise: str = ""
    choices: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        return ".".join(self.keys)


@dataclass(frozen=True)
class Sheet:
    """A sheet. at: where its tables stand in a file; with tables within named tables among them a row says where it belongs (`placed`)."""

    name: str
    at: list[Keys]
    said: list[str] = field(default_factory=list)
    by_heading: dict[str, Field] = field(default_factory=dict)

    @property
    def description(self) -> str:
        return "; ".join(self.said)

    @property
    def fields(self) -> list[Field]:
        """In the order of the format, remarks last."""
        return sorted(self.by_heading.values(), key=lambda one: one.keys[-1] in REMARKS)

    @property
    def placed(self) -> bool:
        return any(ANY in keys for keys in self.at)

    @property
    def outer(self) -> str:
        """The sheet's kind of thing to which a row belongs: "docks", "partnerships"; "" where rows belong to nothing."""
        return next((keys[keys.index(ANY) - 1] for keys in self.at if ANY in keys), "")

    @property
    def in_hub(self) -> bool:
        """May a row belong to the hub?"""
        return self.placed and any(ANY not in keys for keys in self.at)

    def table(self, where: str, name: str) -> Keys:
        """Keys of a row's table in the file: ("docks", "advice", "posts", "adviser")."""
        if not self.placed:
            return (*self.at[0], name)
        inner = next(keys for keys in self.at if (ANY in keys) == (where != HUB))
        return (*(where if key == ANY else key for key in inner), name)


@cache
def sheets() -> tuple[Sheet, ...]:
    """Every sheet: Organisation first, then those of named things in the order of the format, what belongs to one of them last."""
    schema = json_schema()
    first, found = Sheet(ORGANISATION, [()], ["one figure a row"]), dict[str, Sheet]()
    for keys, one in _fields(schema, schema, (), True, first.by_heading):
        _named(schema, keys, one, found)
    return first, *sorted(found.values(), key=lambda sheet: sheet.placed)


def _named(schema: dict[str, Any], keys: Keys, one: dict[str, Any], found: dict[str, Sheet]) -> None:
    """Adds the sheet of a table of named tables, and those within it."""
    kind = keys[-1]
    sheet = found.setdefault(kind, Sheet(kind.replace("_", " ").capitalize(), []))
    sheet.at.append(keys)
    sheet.said.append(one["description"])
    inner = _definition(schema, one["additionalProperties"]["$ref"])
    for more, another in _fields(schema, inner, (), True, sheet.by_heading):
        _named(schema, (*keys, ANY, *more), another, found)


def _fields(
    schema: dict[str, Any], table: dict[str, Any], above: Keys, always: bool, into: dict[str, Field]
) -> Iterator[tuple[Keys, dict[str, Any]]]:
    """Adds the fields of a table and of the tables in it; yields (keys, schema) of what is a table of named tables.

    always: the table itself is always there.
    """
    properties = table["properties"]
    for key, one in properties.items():
        keys = (*above, key)
        forms = list(_forms(one))
        if any("$ref" in form.get("additionalProperties", {}) for form in forms if _is_open(form)):
            yield keys, one
            continue
        if above and key in REMARKS:
            continue
        tables = [form["$ref"] for form in forms if "$ref" in form]
        takes, choices = _takes([form for form in forms if "$ref" not in form])
        must = always and key in table.get("required", ())
        said = _otherwise(one, choices, key in table.get("required", ()) and not must)
        made = Field(keys, takes, one.get("description", ""), one.get("unit", ""), must, said, choices)
        into.setdefault(made.heading, made)
        for name in tables:
            yield from _fields(schema, _definition(schema, name), keys, must and takes == "table", into)


def _otherwise(one: dict[str, Any], choices: tuple[str, ...], needed: bool) -> str:
    """What counts where nothing is written: the default and why; of what is needed in a table that need not be there, that."""
    if needed:
        return "must be filled if its table is"
    default, why = one.get("default"), one.get("why", "")
    if isinstance(default, bool):
        shown = "true" if default else "false"
    elif isinstance(default, int) and len(choices) == 12:  # a month of the year
        shown = choices[default - 1]
    elif isinstance(default, str) or (
        isinstance(default, int | float) and (default == 0 or "GBP" not in one.get("unit", ""))
    ):
        shown = f"{default:g}" if isinstance(default, int | float) else default
    else:
        shown = ""
    return ", ".join(part for part in (shown, why) if part)


def _is_open(form: dict[str, Any]) -> bool:
    return isinstance(form.get("additionalProperties"), dict)


def _forms(one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every form that a value may have, tables by their reference; without "nothing"."""
    inner = one.get("anyOf") or one.get("oneOf")
    if inner:
        for form in inner:
            yield from _forms(form)
    elif one.get("type") != "null":
        yield one


def _takes(forms: list[dict[str, Any]]) -> tuple[Takes, tuple[str, ...]]:
    if not forms:
        return "table", ()
    kinds = {form.get("type") for form in forms}
    choices = tuple(str(one) for form in forms for one in form.get("enum", ()))
    if choices and len(forms) == 1:
        return "choice", choices
    if kinds == {"boolean"}:
        return "truth", ("true", "false")
    if any(str(form.get("pattern", "")).startswith("^[0-9]{4}-[0-9]{2}") for form in forms):
        return "month", ()
    if kinds == {"string"} and not any("pattern" in form for form in forms):
        return "text", ()
    if kinds == {"array"} and all(form["items"] == {"type": "string"} for form in forms):
        return "names", ()
    return "figures", ()


def _definition(schema: dict[str, Any], reference: str) -> dict[str, Any]:
    found: dict[str, Any] = schema["$defs"][reference.rpartition("/")[2]]
    return found
