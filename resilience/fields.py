"""The types a field of a file can have: how each is read, refused and described.

A field's metadata says its unit and its class: *known* to the organisation, *weak* outside evidence, or what *nobody* knows.
Amounts are written in pounds and held in whole pence; months are written "2026-04".
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from resilience.distributions import DONT_KNOW, Bounds, Exact, parse_probability
from resilience.errors import Fault, InputError, did_you_mean, place
from resilience.horizon import Month, parse_month
from resilience.ranges import FAMILIES, REMARKS, Quantity, each_point, form_of, is_range, quantity

R = TypeVar("R", bound=BaseModel)

OFF = "off"  # the neutral value of a table that need not be there
LARGEST = 10**9  # pounds a year: keeps every product of the month loop within 64 bits
EARLIEST, LATEST = 1950, 2140  # years that a file can name: any horizon from them stays within the calendar


def refuse(text: str) -> PydanticCustomError:
    """A refusal whose text says what is wrong and, after a semicolon, the fix."""
    return PydanticCustomError("refused", "{text}", {"text": text})


def _number(value: Any) -> float | int:
    if isinstance(value, str):
        bare = value.replace("£", "").replace(",", "").strip()
        try:
            float(bare)
        except ValueError:
            raise refuse("is not a number; write it in figures, like 1234.50") from None
        raise refuse(f"is text; write the number without quotes, pound sign or commas: {bare}")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise refuse("is not a number; write it in figures, like 1234.50")
    return value


def _pounds(value: Any) -> int:
    number = _number(value)
    pence = Decimal(str(number)) * 100
    if pence != pence.to_integral_value():
        raise refuse("has more than two decimals; write pounds and whole pence")
    if abs(pence) > LARGEST * 100:
        raise refuse("is above a thousand million pounds; write pounds, not pence")
    return int(pence)


def _amount(value: Any) -> int:
    pence = _pounds(value)
    if pence < 0:
        raise refuse("is below nil; receipts and costs are both written as positive amounts")
    return pence


def _share(value: Any) -> float:
    number = _number(value)
    if not 0 <= number <= 1:
        raise refuse(
            f"is not a share; write it between 0 and 1{f', like {number / 100:g}' if 1 < number <= 100 else ''}"
        )
    return float(number)


def _rate(value: Any) -> float:
    number = _number(value)
    if not -0.5 <= number <= 1:
        raise refuse(
            f"is not a yearly rate; write {number / 100:g} for {number:g} %"
            if 1 < number <= 100
            else "is not a yearly rate; write 0.03 for 3 %"
        )
    return float(number)


def _yearly_rate(value: Any) -> float | dict[str, float]:
    """A yearly rate, the same each year, or a table of them by calendar year."""
    if not isinstance(value, dict):
        return _rate(value)
    found: dict[str, float] = {}
    for year, one in value.items():
        if not (re.fullmatch(r"[0-9]{4}", str(year)) and EARLIEST <= int(year) <= LATEST):
            raise refuse(f"names {year}, which is not a calendar year; write {{ 2027 = 0.03, 2028 = 0.025 }}")
        try:
            found[str(year)] = _rate(one)
        except PydanticCustomError as fault:
            problem, _, fix = str(fault.context["text"] if fault.context else "").partition("; ")
            raise refuse(f"has in {year} {one}, which {problem}; {fix}") from None
    if not found:
        raise refuse("is an empty table; write { 2027 = 0.03 }, or one number")
    return found


def _nonnegative(value: Any) -> float:
    number = _number(value)
    if number < 0:
        raise refuse("is below nil; write 0 or more")
    if number > 1e6:
        raise refuse("is out of reach; write a number below a million")
    return float(number)


def _probability(value: Any) -> Any:
    if isinstance(value, dict):
        return _share_range(value)
    try:
        return parse_probability(value)
    except ValueError as fault:
        raise refuse(str(fault)) from None


def _month(value: Any) -> Month:
    try:
        month = parse_month(value)
    except (TypeError, ValueError) as fault:
        raise refuse(str(fault)) from None
    if not EARLIEST <= month.year <= LATEST:
        raise refuse("is too far away; write a nearer month, or leave this out if there is none")
    return month


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _month_of_year(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 12:
        return value
    if isinstance(value, str) and value.capitalize() in _MONTHS:
        return _MONTHS.index(value.capitalize()) + 1
    guess = did_you_mean(str(value).capitalize(), _MONTHS)
    raise refuse(f'is not a month of the year; write its name, like "March"{", " + guess if guess else ""}')


def _quantity(bounds: Bounds, one: Any) -> Any:
    def read(value: Any) -> Quantity:
        if not isinstance(value, dict):
            return Exact(float(one(value)))
        given = {k: v for k, v in value.items() if k not in REMARKS}
        try:
            form_of(given)
            held = each_point(given, lambda x: float(one(x)))
            quantity(each_point(given, float), bounds)  # refused in the file's unit
            return quantity(held, bounds)
        except PydanticCustomError:
            raise
        except ValueError as fault:
            raise refuse(str(fault)) from None

    return read


_share_range = _quantity("share", _share)


def _schema(**kind: Any) -> WithJsonSchema:
    return WithJsonSchema(kind)


def _form(*numbers: str, **more: Any) -> dict[str, Any]:
    """The schema of one form of range: its numbers are required, what else it may hold is not."""
    remarks = {k: {"type": "string"} for k in REMARKS}
    properties = {k: {"type": "number"} for k in numbers} | more | remarks
    return {
        "type": "object",
        "properties": properties,
        "required": [*numbers, *(k for k in more if k == "values")],
        "additionalProperties": False,
    }


_NUMBERS = {"type": "array", "items": {"type": "number"}, "minItems": 1}
_RANGE = {
    "anyOf": [
        _form("low", "likely", "high", ends={"const": "hard"}, family={"enum": list(FAMILIES)}),
        _form("p10", "p50", "p90"),
        _form("mean", "sd"),
        _form("from", "to"),
        _form(values=_NUMBERS, weights=_NUMBERS),
    ]
}

Signed = Annotated[int, BeforeValidator(_pounds), _schema(type="number")]
Amount = Annotated[int, BeforeValidator(_amount), _schema(type="number", minimum=0)]
Share = Annotated[float, BeforeValidator(_share), _schema(type="number", minimum=0, maximum=1)]
Rate = Annotated[float, BeforeValidator(_rate), _schema(type="number")]
YearlyRate = Annotated[
    Any,
    BeforeValidator(_yearly_rate),
    _schema(
        anyOf=[
            {"type": "number"},
            {"type": "object", "patternProperties": {"^[0-9]{4}$": {"type": "number"}}, "additionalProperties": False},
        ]
    ),
]
Number = Annotated[float, BeforeValidator(_nonnegative), _schema(type="number", minimum=0)]
Chance = Annotated[
    Any,
    BeforeValidator(_probability),
    _schema(
        anyOf=[
            {"type": "number", "minimum": 0, "maximum": 1},
            {"type": "string", "pattern": "^([0-9]+ in [0-9]+|don't know)$"},
            _RANGE,
        ]
    ),
]
CalendarMonth = Annotated[Any, BeforeValidator(_month), _schema(type="string", pattern="^[0-9]{4}-[0-9]{2}$")]
MonthOfYear = Annotated[int, BeforeValidator(_month_of_year), _schema(enum=_MONTHS)]
AmountRange = Annotated[
    Any, BeforeValidator(_quantity("amount", _amount)), _schema(anyOf=[{"type": "number", "minimum": 0}, _RANGE])
]
ShareRange = Annotated[
    Any,
    BeforeValidator(_quantity("share", _share)),
    _schema(anyOf=[{"type": "number", "minimum": 0, "maximum": 1}, _RANGE]),
]
NumberRange = Annotated[
    Any, BeforeValidator(_quantity("amount", _nonnegative)), _schema(anyOf=[{"type": "number", "minimum": 0}, _RANGE])
]


def _text_of_day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def _notice(value: Any) -> int | str:
    if value == "none" or (type(value) is int and 0 <= value <= 36):
        return value
    raise refuse('is not a number of months; write a whole number up to 36, or "none"')


def _exit_debt(value: Any) -> int | str:
    return "don't know" if isinstance(value, str) and parse_probability_or_none(value) is DONT_KNOW else _pounds(value)


def parse_probability_or_none(value: Any) -> Any:
    """As parse_probability; None instead of a refusal."""
    try:
        return parse_probability(value)
    except ValueError:
        return None


def _season(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list | tuple) or len(value) != 12:
        raise refuse("is not a season; write twelve weights in square brackets, April first")
    weights = tuple(_nonnegative(one) for one in value)
    if sum(weights) <= 0:
        raise refuse("has no weight above nil; write how much of a year falls in each month, April first")
    return weights


Day = Annotated[str, BeforeValidator(_text_of_day)]
Notice = Annotated[
    Any, BeforeValidator(_notice), _schema(anyOf=[{"type": "integer", "minimum": 0, "maximum": 36}, {"const": "none"}])
]
Season = Annotated[
    Any,
    BeforeValidator(_season),
    _schema(type="array", items={"type": "number", "minimum": 0}, minItems=12, maxItems=12),
]
ExitDebt = Annotated[Any, BeforeValidator(_exit_debt), _schema(anyOf=[{"type": "number"}, {"const": "don't know"}])]

# A value that is either a table or a plain one: Annotated[Annotated[Renewal, TABLE] | Annotated[Chance, PLAIN], EITHER].
# No name in a file can hold "<", so the tags never hide a name.
TABLE, PLAIN = Tag("<table>"), Tag("<plain>")
EITHER = Discriminator(lambda value: "<table>" if isinstance(value, (dict, BaseModel)) else "<plain>")
# The same where the plain value may be a range, which is a table too.
RANGE_OR_TABLE = Discriminator(
    lambda value: "<table>" if isinstance(value, (dict, BaseModel)) and not is_range(value) else "<plain>"
)


def field(
    description: str,
    unit: str = "",
    default: Any = ...,
    *,
    of: str = "known",
    why: str = "",
    neutral: Any = None,
    alias: str | None = None,
    **limits: Any,
) -> Any:
    """One field of a file: what it is, its unit, its class and, where it has a default, why that one.

    neutral: of what nobody knows, the value at which it changes nothing; what it does alone is then said (resilience.why.alone).
    """
    words = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
    extra = (
        {"unit": unit, "class": of}
        | ({"why": why} if why else {})
        | ({} if neutral is None else {"neutral": neutral})
        | {words[k]: v for k, v in limits.items() if k in words}
    )
    return Field(default, description=description, alias=alias, json_schema_extra=extra, **limits)


class Record(BaseModel):
    """A table of a file. Unknown keys are refused; values are frozen. Remarks travel to the assumptions register."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, validate_default=True, arbitrary_types_allowed=True
    )

    source: str | None = Field(None, description="where the figures of this table come from")
    date: Day | None = Field(None, description="date of the figures")
    note: str | None = Field(None, description="remark")
    confidence: str | None = Field(None, description="how sure the writer is")
    review_by: Day | None = Field(None, description="when to look again")
    owner: str | None = Field(None, description="who vouches for it")


def validated(model: type[R], raw: dict[str, Any], file: str) -> R:
    """The record that the tables of a file describe, which remembers the file. Raises InputError with every fault."""
    try:
        found = model.model_validate(raw)
    except ValidationError as error:
        raise InputError(faults_of(error, file, model)) from None
    found._file = file  # type: ignore[attr-defined]  # a private attribute of every kind of file
    return found


def known_keys(model: type[BaseModel]) -> list[str]:
    """The keys that a table may hold, as written in a file."""
    return [f.alias or name for name, f in model.model_fields.items()]


def _plain(error: Any) -> tuple[str, str]:
    """(problem, fix) of one pydantic error, in words."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "refused":
        problem, _, fix = context["text"].partition("; ")
        return problem, fix
    if kind == "missing":
        return "is missing", "add it"
    if kind in ("int_type", "int_parsing", "int_from_float"):
        return "is not a whole number", "write it in figures, like 12"
    if kind in ("bool_type", "bool_parsing"):
        return "is neither true nor false", "write true or false"
    if kind in ("string_type",):
        return "is not text", "put it in quotes"
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return "is not a table", "write its fields below a heading in square brackets"
    if kind in ("list_type", "tuple_type"):
        return "is not a list", 'write it in square brackets, like ["first", "second"]'
    if kind == "literal_error":
        choices = context["expected"].replace("'", '"')
        guess = did_you_mean(str(error["input"]), re.findall('"([^"]*)"', choices))
        return "is not known here", f"write one of {choices}" + (f"; {guess}" if guess else "")
    bounds = {
        "greater_than_equal": ("ge", "is too small", "or more"),
        "less_than_equal": ("le", "is too large", "or less"),
        "greater_than": ("gt", "is too small", ""),
    }
    if kind in bounds:
        key, problem, tail = bounds[kind]
        return problem, f"write more than {context[key]}" if key == "gt" else f"write {context[key]} {tail}"
    return error["msg"].lower(), "see `resilience schema`"


def faults_of(error: ValidationError, file: str, model: type[BaseModel]) -> list[Fault]:
    """Every fault that pydantic found, as place, value, problem and fix."""
    faults = []
    for one in error.errors(include_url=False):
        keys = [k for k in one["loc"] if k not in ("<table>", "<plain>")]
        if one["type"] == "extra_forbidden":
            table = record_at(model, keys[:-1])
            guess = did_you_mean(str(keys[-1]), known_keys(table)) if table else ""
            fix = guess or "remove it, or see `resilience schema`"
            faults.append(Fault(file, place(keys), None, "is not a field of this table", fix))
            continue
        problem, fix = _plain(one)
        value = None if one["type"] == "missing" or isinstance(one["input"], (dict, list)) else one["input"]
        faults.append(Fault(file, place(keys), value, problem, fix))
    return faults


def record_at(model: type[BaseModel], keys: Sequence[str | int]) -> type[BaseModel] | None:
    """The model of the table at an address of a file; None if no table can stand there."""
    at: Any = model
    for key in keys:
        if _is_record(at):
            found = next((f for n, f in at.model_fields.items() if (f.alias or n) == key), None)
            at = _meant(found.annotation) if found else None
        else:  # dict[str, Record] or list[Record]: the key is a name or a position
            at = _meant(get_args(at)[-1]) if get_args(at) else None
    return at if _is_record(at) else None


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _meant(kind: Any) -> Any:
    """What an annotation is about: without None and limits; of a table or a plain value, the table."""
    if get_origin(kind) is Annotated:
        return _meant(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        options = [_meant(one) for one in get_args(kind) if one is not type(None)]
        return next((one for one in options if _is_record(one)), options[0])
    return kind


__all__ = [
    *(
        "DONT_KNOW",
        "EITHER",
        "LARGEST",
        "PLAIN",
        "RANGE_OR_TABLE",
        "TABLE",
        "Amount",
        "AmountRange",
        "CalendarMonth",
        "Chance",
    ),
    *(
        "ExitDebt",
        "MonthOfYear",
        "Notice",
        "Number",
        "NumberRange",
        "Rate",
        "Record",
        "Season",
        "Share",
        "ShareRange",
        "Signed",
    ),
    "YearlyRate",
    *("faults_of", "field", "known_keys", "record_at", "refuse"),
]
