"""An organisation file read, checked and completed: every fault at once, and every default filled in and registered."""

from __future__ import annotations

import os
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError

from resilience.assumptions import default_of, register_of
from resilience.distributions import DONT_KNOW
from resilience.errors import Fault, InputError, place
from resilience.fields import faults_of
from resilience.organisation import UNRESTRICTED, Bid, Fund, Organisation, Paid, Post, Renewal, Stream
from resilience.organisation_rules import PAYMENT, faults_between, idle, tables, warnings_of
from resilience.reading import read_toml
from resilience.shipped import locate
from resilience.terms import yearly_of_gifts, yearly_of_units
from resilience.terms_rules import OF_A_RETENDER, faults_of_terms

P = TypeVar("P", bound=Paid)


def read_organisation(name_or_path: str | os.PathLike[str]) -> Organisation:
    """The organisation of a shipped name or a file, completed. Raises InputError with every fault of the file."""
    path = locate("organisations", name_or_path)
    return organisation_from(read_toml(path), str(path))


def organisation_from(raw: dict[str, Any], file: str) -> Organisation:
    """The organisation that these tables describe, completed; `file` names it in faults. Raises InputError."""
    faults: list[Fault] = []
    organisation = None
    try:
        organisation = Organisation.model_validate(raw)
    except ValidationError as error:
        faults = faults_of(error, file, Organisation)
    faults += faults_between(raw, file) + faults_of_terms(raw, file)
    if faults or organisation is None:
        raise InputError(dict.fromkeys(faults))
    resolved = resolve(organisation)
    resolved._file, resolved._raw = file, copied(raw)
    resolved._register = cache(lambda: register_of(resolved, resolved.raw, _idle(resolved.raw)))
    resolved._warnings = warnings_of(raw, file)
    return resolved


def copied(tables: Any) -> Any:
    """A copy of the tables of a file: what is in them cannot be changed but the tables and lists themselves."""
    if isinstance(tables, dict):
        return {key: copied(value) for key, value in tables.items()}
    return [copied(value) for value in tables] if isinstance(tables, list) else tables


def resolve(organisation: Organisation) -> Organisation:
    """The organisation with the default of its kind in place of everything left out or answered "don't know".

    Afterwards a stream's form, payer, fund, payment, lag and late (nil unless in arrears), cut (nil for an award
    with an end and no break clause), depth, decision month and notice are there; its renewal is a Renewal, or None
    without an end; `yearly` is what is expected where units or gifts say it. A bid likewise. A post has its pay and kind;
    a stream's own restricted fund is in `funds`; hub.core is a list.
    """
    streams = {name: _expected(_stream(name, stream), organisation) for name, stream in organisation.streams.items()}
    bids = {name: _bid(name, bid) for name, bid in organisation.bids.items()}
    own = {str(item.fund): Fund() for item in (*streams.values(), *bids.values()) if item.fund != UNRESTRICTED}
    hub = organisation.hub
    core = sorted(hub.posts) if hub.core is None else hub.core
    return organisation.model_copy(
        update={
            "streams": streams,
            "bids": bids,
            "funds": {**own, **organisation.funds},
            "hub": _team(hub.model_copy(update={"core": core})),
            "docks": {name: _team(dock) for name, dock in organisation.docks.items()},
            "redeployment": _known(organisation.redeployment, 0.0),
        }
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an organisation file: every field with description, unit, class and default."""
    schema = Organisation.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_without_limits(schema)}


def _without_limits(schema: Any) -> Any:
    """A schema without pydantic's own words for limits, which stand in it a second time as minimum and maximum."""
    if isinstance(schema, dict):
        limits = [key for key in ("ge", "le", "gt", "lt") if isinstance(schema.get(key), (int, float))]
        return {key: _without_limits(inner) for key, inner in schema.items() if key not in limits}
    return [_without_limits(inner) for inner in schema] if isinstance(schema, list) else schema


def _idle(raw: dict[str, Any]) -> set[str]:
    """Places of the fields that would be read and ignored, and so are not listed as defaults."""
    items = [(kind, name, item) for kind in ("streams", "bids") for name, item in tables(raw, kind).items()]
    found = {place((kind, name, key)) for kind, name, item in items for key in idle(item, stream=kind == "streams")}
    for name, item in tables(raw, "streams").items():
        renewal = item.get("renewal")
        if not isinstance(renewal, dict) or renewal.get("retender") is not True:
            found |= {place(("streams", name, "renewal", key)) for key in OF_A_RETENDER}
    return found


def _known(value: Any, default: Any) -> Any:
    return default if value is None or value is DONT_KNOW else value


def _paid(name: str, item: P) -> P:
    """What streams and bids have in common."""
    form = item.form or default_of(item.kind, "form")  # type: ignore[attr-defined]
    payment = item.payment or PAYMENT[form]
    arrears = payment == "arrears"
    return item.model_copy(
        update={
            "form": form,
            "payment": payment,
            "payer": item.payer or name,
            "fund": item.fund or (name if form == "grant" else UNRESTRICTED),
            "lag": float(_known(item.lag, default_of(item.kind, "lag"))) if arrears else 0.0,
            "late": _known(item.late, default_of(item.kind, "late")) if arrears else 0.0,
        }
    )


def _stream(name: str, stream: Stream) -> Stream:
    can_be_cut = stream.until is None or stream.break_clause
    defaults = Stream.model_validate(
        {"kind": stream.kind, "yearly": 0}
        | {key: default_of(stream.kind, key) for key in ("depth", "decision_month", "notice")}
    )
    renewal = stream.renewal
    if stream.until is not None:
        given = (
            renewal
            if isinstance(renewal, Renewal)
            else Renewal(chance=_known(renewal, default_of(stream.kind, "renewal")))
        )
        likely, option = default_of(stream.kind, "renewal"), given.extension
        if option is not None:
            option = option.model_copy(update={"chance": _known(option.chance, likely)})
        renewal = given.model_copy(
            update={"chance": _known(given.chance, likely), "held": _known(given.held, 0.0), "extension": option}
        )
    return _paid(name, stream).model_copy(
        update={
            "cut": _known(stream.cut, default_of(stream.kind, "cut")) if can_be_cut else 0.0,
            "depth": _known(stream.depth, defaults.depth),
            "decision_month": _known(stream.decision_month, defaults.decision_month),
            "notice": _known(stream.notice, defaults.notice),
            "renewal": renewal,
            "clawback_kept": _known(stream.clawback_kept, 0.5),
        }
    )


def _expected(stream: Stream, organisation: Organisation) -> Stream:
    """The stream with the yearly amount that its gifts or its units let expect."""
    if stream.gifts is not None:
        return stream.model_copy(update={"yearly": yearly_of_gifts(stream.gifts)})
    if stream.unit is not None:
        return stream.model_copy(update={"yearly": yearly_of_units(organisation, stream.unit)})
    return stream


def _bid(name: str, bid: Bid) -> Bid:
    return _paid(name, bid).model_copy(update={"chance": _known(bid.chance, default_of(bid.kind, "win"))})


def _team(team: Any) -> Any:
    posts = {name: _post(name, post) for name, post in team.posts.items()}
    return team.model_copy(update={"posts": posts})


def _post(name: str, post: Post) -> Post:
    bill, heads = post.pay_bill or 0, max(1, post.heads)
    return post.model_copy(
        update={
            "pay": (2 * bill + heads) // (2 * heads) if post.pay is None else post.pay,
            "post": post.post or name,
            "turnover": _known(post.turnover, default_of(None, "turnover")),
        }
    )
