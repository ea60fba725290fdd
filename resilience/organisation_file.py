"""An organisation file read, checked and completed: every fault at once, and every default filled in and registered."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import ValidationError

from resilience.assumptions import register_of
from resilience.completed import FATES, resolve
from resilience.errors import Fault, InputError, place
from resilience.fields import faults_of
from resilience.organisation import (
    Organisation,
    Renewal,
)
from resilience.organisation_rules import (
    OF_A_RETENDER,
    faults_between,
    funding_docks,
    idle,
    idle_outside,
    idle_partnerships,
    idle_policy,
    tables,
    warnings_of,
)
from resilience.ranges import Quantity
from resilience.reading import read_toml
from resilience.shipped import locate
from resilience.terms import REASONS


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
    faults += faults_between(raw, file)
    if faults or organisation is None:
        raise InputError(dict.fromkeys(faults))
    resolved = resolve(organisation)
    resolved._file, resolved._raw = file, copied(raw)
    resolved._register = cache(lambda: register_of(resolved, resolved.raw, _idle(resolved.raw)))
    resolved._warnings = resolved._of_file = (*warnings_of(raw, file), *_of_ranges(organisation, resolved, file))
    return resolved


def copied(tables: Any) -> Any:
    """A copy of the tables of a file: what is in them cannot be changed but the tables and lists themselves."""
    if isinstance(tables, dict):
        return {key: copied(value) for key, value in tables.items()}
    return [copied(value) for value in tables] if isinstance(tables, list) else tables


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
    found |= {place((kind, name, "lost")) for kind, name, _ in items if name not in funding_docks(raw)}
    return found | {place(keys) for keys in (*idle_outside(raw), *idle_policy(raw), *idle_partnerships(raw))}


def _of_ranges(organisation: Organisation, resolved: Organisation, file: str) -> Iterator[str]:
    """What the program makes of ranges that it does not draw from: those of probabilities, and the switch without any."""
    for where, value in _chances(organisation):
        if isinstance(value, Quantity):
            mean = f"of its range only the mean counts, {value.mean():.4g}"
            if where.startswith("bids.") and where.endswith(".chance"):
                yield f"{file}: {where}: {mean}, as a bid is decided once"
            else:
                yield f"{file}: {where}: {mean}; doubt about probabilities is carried by the shared factors"
    if resolved.ranges_too_narrow and not any(one.wider() != one for one in quantities(resolved)):
        yield f"{file}: ranges_too_narrow: widens nothing, as no figure is a range that can be wider"


def _chances(organisation: Organisation) -> Iterator[tuple[str, Any]]:
    """Place and value of every probability, as read."""
    yield "redeployment", organisation.redeployment
    yield "unlisted_event.chance", organisation.unlisted_event.chance
    if organisation.opportunities is not None:
        yield "opportunities.chance", organisation.opportunities.chance
        yield "opportunities.renewal", organisation.opportunities.renewal
    yield "elections.changes", organisation.elections.changes
    for name, programme in sorted(organisation.programmes.items()):
        yield from ((place(("programmes", name, key)), getattr(programme, key)) for key in FATES)
        for kind, money in programme.monies:
            yield place(("programmes", name, kind, "chance")), money.chance
            yield place(("programmes", name, kind, "renewal")), money.renewal
    for name, spree in sorted(organisation.sprees.items()):
        yield from ((place(("sprees", name, key)), getattr(spree, key)) for key in ("comes", "chance"))
    for name, together in sorted(organisation.partnerships.items()):
        yield place(("partnerships", name, "lead_fails")), together.lead_fails
        if together.goodwill is not None:
            yield place(("partnerships", name, "goodwill", "falls")), together.goodwill.falls
        for partner, its in sorted(together.partners.items()):
            yield from (
                (place(("partnerships", name, "partners", partner, key)), getattr(its, key))
                for key in ("leaves", "backfilled")
            )
    for name, bodies in sorted(organisation.reorganisations.items()):
        yield place(("reorganisations", name, "held")), bodies.held
    for name, payer in sorted(organisation.payers.items()):
        yield place(("payers", name, "event")), payer.event
    for name, stream in sorted(organisation.streams.items()):
        yield place(("streams", name, "cut")), stream.cut
        yield place(("streams", name, "late")), stream.late
        yield place(("streams", name, "clawback_kept")), stream.clawback_kept
        table = stream.renewal
        if isinstance(table, Renewal):
            yield place(("streams", name, "renewal", "chance")), table.chance
            yield place(("streams", name, "renewal", "held")), table.held
            if table.extension is not None:
                yield place(("streams", name, "renewal", "extension", "chance")), table.extension.chance
        else:
            yield place(("streams", name, "renewal")), table
    for name, bid in sorted(organisation.bids.items()):
        yield place(("bids", name, "chance")), bid.chance
        yield place(("bids", name, "late")), bid.late
        for key in ("extension", "delay"):
            if getattr(bid, key) is not None:
                yield place(("bids", name, key, "chance")), getattr(bid, key).chance
        if bid.transfers_in is not None:
            yield place(("bids", name, "transfers_in", "turnover")), bid.transfers_in.turnover
    for kind, items in (("streams", organisation.streams), ("bids", organisation.bids)):
        for name, item in sorted(items.items()):
            for reason in REASONS if item.lost else ():
                yield place((kind, name, "lost", f"{reason}_tupe")), getattr(item.lost, f"{reason}_tupe")
    for where, (_, post) in organisation.posts().items():
        yield f"{where}.turnover", post.turnover


def quantities(organisation: Organisation) -> Iterator[Quantity]:
    """Every amount, share and number that may be a range and is drawn, of a completed organisation."""
    for stream in organisation.streams.values():
        yield stream.yearly
        yield from (unit.price for unit in (stream.unit,) if unit)
        yield from (gifts.amount for gifts in (stream.gifts,) if gifts)
        yield from (results.success for results in (stream.results,) if results)
        if stream.cut and stream.depth is not None:
            yield stream.depth
        if isinstance(stream.renewal, Renewal):
            yield stream.renewal.fraction
    for bid in organisation.bids.values():
        yield bid.yearly
        yield from (score.lowest for score in (bid.score,) if score)
        yield from (takeover.hidden_cost for takeover in (bid.takeover,) if takeover)
    if organisation.opportunities is not None:
        yield organisation.opportunities.yearly
    yield from (spree.yearly for spree in organisation.sprees.values())
    for programme in organisation.programmes.values():
        yield from (money.yearly for _, money in programme.monies)
    yield from (cost.yearly for _, cost in organisation.costs().values())
    yield from (service.referrals for service in organisation.services.values())
