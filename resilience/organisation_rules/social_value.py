"""What must hold between [social_value] and the rest of an organisation file; reads the raw tables."""

from __future__ import annotations

from typing import Any

from resilience.organisation_rules.written import Found, nearest, tables

IN_SETS = ("value", "share", "deadweight", "displacement", "attribution", "drop_off")


def faults_of_social_value(raw: dict[str, Any]) -> Found:
    """Every fault of [social_value], in the order of its outcomes."""
    held = raw.get("social_value")
    if not isinstance(held, dict):
        return
    outcomes, services = tables(held, "outcomes"), tables(raw, "services")
    if not outcomes:
        yield ("social_value", "outcomes"), None, "is missing", "add [social_value.outcomes.NAME]"
        return
    for name, one in outcomes.items():
        keys, service = ("social_value", "outcomes", name), one.get("service")
        if ("service" in one) == ("quantity" in one):
            yield keys, None, "needs a service or a quantity", "write one of them"
        if "share" in one and "service" not in one:
            yield (
                (*keys, "share"),
                None,
                "does nothing: there is no service",
                "name the service, or put the share into quantity",
            )
        if isinstance(service, str) and service not in services:
            yield (
                (*keys, "service"),
                service,
                "is not a service of this file",
                nearest(service, services, f"add [services.{service}]"),
            )
    if not any(isinstance(one.get(key), dict) for one in outcomes.values() for key in IN_SETS):
        problem = "gives one number where nobody knows it"
        fix = "write { low = …, central = …, high = … } for the value of an outcome, or for what else is least sure"
        yield ("social_value", "outcomes"), None, problem, fix
    if "investment" not in held and not any("service" in one for one in outcomes.values()):
        yield ("social_value", "investment"), None, "is missing: no outcome names a service", "add it, or name services"
