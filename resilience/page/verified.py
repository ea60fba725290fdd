"""The simulator against the exact engine: `resilience verify`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resilience.page.layout import columns

SHOWN = 10  # disagreements that are listed


def verified(checks: Sequence[Any], limit: float) -> str:
    """A row an organisation and kind of check with its largest z; every check beyond the limit; the verdict."""
    groups: dict[tuple[str, str], list[Any]] = {}
    for one in checks:
        groups.setdefault((one.organisation, one.name), []).append(one)
    rows = [["organisation and check", "checks", "largest |z|"]]
    rows += [
        [f"{organisation}: {name}", str(len(held)), f"{max(abs(one.z) for one in held):.2f}"]
        for (organisation, name), held in groups.items()
    ]
    wrong = [one for one in checks if not one.ok]
    lines = [
        f"{one.organisation}: {one.name} {one.measure}, month {one.month + 1}: "
        f"{one.simulated:,.6g}, exact {one.exact:,.6g}, z {one.z:.1f}"
        for one in wrong[:SHOWN]
    ]
    lines += [f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
    agree = f"{len(checks) - len(wrong)} of {len(checks)} checks agree"
    verdict = f"{agree}: |z| at most {limit} (a false alarm once in 10,000 such runs)."
    return "\n".join([*columns(rows, 50), *lines, verdict])
