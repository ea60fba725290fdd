"""How long a voluntary organisation's money lasts, how many people it can still help, and what a decision changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from resilience.organisation_file import read_organisation
    from resilience.projection import Projection, project
    from resilience.scenario import read_scenario
    from resilience.strategy import read_strategy

_ROOMS = {
    "read_organisation": "organisation_file",
    "read_scenario": "scenario",
    "read_strategy": "strategy",
    "project": "projection",
    "Projection": "projection",
    "compare": "decisions.compare",
}
__all__ = ["Projection", "compare", "project", "read_organisation", "read_scenario", "read_strategy"]


def __getattr__(name: str) -> Any:
    """Public names are imported when first used, so that `resilience --help` loads no engine."""
    import importlib

    if name not in _ROOMS:
        raise AttributeError(f"module resilience has no attribute {name}")
    return getattr(importlib.import_module(f"resilience.{_ROOMS[name]}"), name)
