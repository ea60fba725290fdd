"""What must hold between the terms of a stream and the rest of an organisation file; reads the raw tables."""

from __future__ import annotations

from typing import Any

from resilience.errors import did_you_mean
from resilience.organisation_rules.written import Found, form_of, fund_of, funding_docks, paid, payment_of, tables
from resilience.terms import DEAREST, NOT_AHEAD, idle_terms

OF_A_RETENDER = ("incumbent", "cost")


def faults_of_terms(raw: dict[str, Any]) -> Found:
    """Every fault in the terms of streams, in the order of the file."""
    for name, item in tables(raw, "streams").items():
        for rule in (_amounts, _together, _ignored, _renewals, _clawbacks, _exits):
            for keys, value, problem, fix in rule(raw, name, item):
                yield ("streams", name, *keys), value, problem, fix
    yield from _losses(raw)


def _losses(raw: dict[str, Any]) -> Found:
    """Why an award is lost says what becomes of the people of its dock."""
    funding = funding_docks(raw)
    for keys, item in paid(raw):
        if "lost" in item and keys[-1] not in funding:
            fix = "name it in funded_by, or remove lost"
            yield (*keys, "lost"), None, "does nothing: it funds no dock", fix


def _amounts(raw: dict[str, Any], name: str, item: dict[str, Any]) -> Found:
    """The yearly amount, and the price and the service of a unit."""
    if not {"yearly", "unit", "gifts"} & item.keys():
        yield ("yearly",), None, "is missing", "add it"
    unit = item.get("unit")
    if not isinstance(unit, dict):
        return
    price, service = unit.get("price"), unit.get("service")
    if _is_nil(price):
        yield ("unit", "price"), price, "is nil", "write the pounds paid for a unit"
    highest = price.get("high") if isinstance(price, dict) else price
    if isinstance(highest, int | float) and highest > DEAREST / 100:
        yield ("unit", "price"), highest, "is above a million pounds a unit", "write pounds, not pence"
    known = tables(raw, "services")
    if isinstance(service, str) and service not in known:
        fix = did_you_mean(service, sorted(known)) or f"add [services.{service}]"
        yield ("unit", "service"), service, "is not a service of this file", fix


def _together(raw: dict[str, Any], name: str, item: dict[str, Any]) -> Found:
    """What gifts exclude beside the terms that `idle_terms` knows."""
    if "gifts" not in item:
        return
    if "noise" in item:
        yield ("noise",), None, "cannot stand beside gifts, which vary by themselves", "remove noise or gifts"
    if payment_of(item) == "arrears":
        yield ("payment",), None, "does nothing: a gift is received when it is made", 'write payment = "monthly"'


def _ignored(raw: dict[str, Any], name: str, item: dict[str, Any]) -> Found:
    """What would be read and ignored."""
    ahead = payment_of(item) == "quarterly in advance"
    for key, why in idle_terms(item, payment_of(item)).items():
        if key in item and (key != "volatility" or item[key]):
            fix = (
                'add clawback = "asked", or '
                if key == "clawback_kept"
                else "add volatility, or "
                if key == "memory"
                else ""
            )
            if ahead and key in NOT_AHEAD:
                fix = 'write payment = "monthly" or "arrears", or '
            yield (key,), None, why, f"{fix}remove {key}"


def _renewals(raw: dict[str, Any], name: str, item: dict[str, Any]) -> Found:
    """A retender's own terms."""
    renewal = item.get("renewal")
    if isinstance(renewal, dict) and renewal.get("retender") is not True:
        for key in OF_A_RETENDER:
            if key in renewal:
                fix = f"add retender = true, or remove {key}"
                yield ("renewal", key), None, "does nothing: the renewal is no retender", fix


def _clawbacks(raw: dict[str, Any], name: str, item: dict[str, Any]) -> Found:
    """Only what stands in a fund of the award's own can be told apart at its end."""
    if item.get("clawback", "kept") not in ("returned", "asked"):
        return
    asked = item["clawback"]
    if form_of(item) != "grant":
        yield ("clawback",), asked, "does nothing: only a grant's fund can be asked back", "remove clawback"
        return
    if "until" not in item:
        yield ("clawback",), asked, "does nothing: the award has no end", "add until, or remove clawback"
    paid = [(n, other) for kind in ("streams", "bids") for n, other in tables(raw, kind).items()]
    shared = [n for n, other in paid if n != name and fund_of(n, other) == fund_of(name, item)]
    if fund_of(name, item) != name or shared:
        problem = "cannot be told apart: other money is in the same fund"
        yield ("clawback",), asked, problem, "give the grant a fund of its own name, or remove clawback"


def _exits(raw: dict[str, Any], name: str, item: dict[str, Any]) -> Found:
    """Exit costs are those of the dock that the stream funds."""
    if item.get("pays_exit") is True and name not in funding_docks(raw):
        yield (
            ("pays_exit",),
            True,
            "does nothing: the stream funds no dock",
            "name it in funded_by, or remove pays_exit",
        )


def _is_nil(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0
