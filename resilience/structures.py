"""Structures: how the same services are staffed. The file's own hub and docks, or the conventional one beside it."""

from __future__ import annotations

from collections.abc import Callable

from resilience.organisation import Organisation
from resilience.organisation_file import copied, organisation_from

HUB_AND_DOCK, CONVENTIONAL = "hub-and-dock", "conventional"
MANAGED = {
    HUB_AND_DOCK: "hub and dock",
    CONVENTIONAL: "cut late",
}  # the strategy that goes with each, unless one is named


def structured(organisation: Organisation, structure: str) -> Organisation:
    """The organisation in a structure: "hub-and-dock" as its file says; "conventional" as `conventional`.

    Scenarios are applied afterwards. Raises ValueError for another name.
    """
    if structure not in STRUCTURES:
        raise ValueError(f"{structure} is no structure; write {' or '.join(STRUCTURES)}")
    return STRUCTURES[structure](organisation)


def conventional(organisation: Organisation) -> Organisation:
    """The same services by permanent staff only, nobody redeployed, no volunteers, the hub at its present size.

    Every post keeps its heads, hours, pay, age and service; the whole hub is core; redeployment is nil. Named draws stay what they
    are, so both structures meet the same luck.
    """
    tables = copied(organisation.raw)
    tables["redeployment"] = 0
    tables.get("hub", {}).pop("core", None)  # left out: all of it is core
    for dock in tables.get("docks", {}).values():
        dock.pop("volunteers", None)
    for team in (tables.get("hub", {}), *tables.get("docks", {}).values()):
        for post in team.get("posts", {}).values():
            for field in ("kind", "until", "vacancies_go_to"):
                post.pop(field, None)
    made = organisation_from(tables, organisation.file)
    made._as_read, made._overlays = organisation.as_read, (*organisation.overlays, "conventional structure")
    return made


STRUCTURES: dict[str, Callable[[Organisation], Organisation]] = {
    HUB_AND_DOCK: lambda as_read: as_read,
    CONVENTIONAL: conventional,
}
