"""How streams and bids are paid, and how streams are cut."""

from __future__ import annotations

from typing import Any

from resilience.organisation_rules.written import Found, charged, number_of, paid, payment_of, tables
from resilience.terms import idle_terms

OF_A_CUT = ("cut", "depth", "settlement_share", "at_most", "decision_month", "notice")
OF_ARREARS = ("lag", "late", "late_months")
WIDEST_NOISE = 2.0  # standard deviation in logs


def idle(item: dict[str, Any], *, stream: bool = True) -> dict[str, str]:
    """{field: why} of the fields of a stream or bid that would be read and ignored."""
    found: dict[str, str] = {}
    if payment_of(item) not in ("arrears", None):
        found |= {name: f"does nothing: it is paid {payment_of(item)}" for name in OF_ARREARS}
    if stream and "until" in item and item.get("break_clause") is not True:
        why = "does nothing: an award with an end and no break clause is cut only at renewal"
        found |= dict.fromkeys(OF_A_CUT, why)
    if stream and "until" not in item:
        found |= dict.fromkeys(("renewal", "break_clause"), "does nothing: the stream has no end")
    if stream and payment_of(item) == "quarterly in advance":
        found["noise"] = "does nothing: an instalment paid in advance does not vary"
    if stream:
        found |= idle_terms(item, payment_of(item))
    return found


def faults_of_payments(raw: dict[str, Any]) -> Found:
    for keys, item in paid(raw):
        why = idle(item, stream=keys[0] == "streams")
        for name in (*OF_ARREARS, "noise"):
            if name in item and name in why:
                way = 'write payment = "arrears"' if name in OF_ARREARS else 'write payment = "monthly" or "arrears"'
                yield (*keys, name), None, why[name], f"{way}, or remove {name}"
    noisy = [(keys, item) for keys, item in paid(raw) if keys[0] == "streams"]
    noisy += [(("services", name), item) for name, item in tables(raw, "services").items()] + list(charged(raw))
    for keys, item in noisy:
        noise = item.get("noise")
        if isinstance(noise, dict) and noise.get("of", "log") == "log" and number_of(noise.get("sd")) > WIDEST_NOISE:
            fix = 'write 0.10 for a tenth, or add of = "pounds"'
            yield (*keys, "noise", "sd"), noise["sd"], f"is too wide for noise in logs, at most {WIDEST_NOISE:g}", fix


def faults_of_cuts(raw: dict[str, Any]) -> Found:
    for name, item in tables(raw, "streams").items():
        why = idle(item)
        for key in OF_A_CUT:
            if key in item and key in why:
                yield ("streams", name, key), None, why[key], f"add break_clause = true, or remove {key}"
        if "until" not in item and "renewal" in item:
            yield ("streams", name, "renewal"), None, why["renewal"], "add until, or remove renewal"
        if "until" not in item and item.get("break_clause") is True:
            yield ("streams", name, "break_clause"), None, why["break_clause"], "add until, or remove break_clause"
