"""The pages: interactive dashboards of one organisation. state ← controls ← page; the model answers from a process of its own."""

from __future__ import annotations

__all__ = ["first", "full_cost"]


def first(organisation: str | None = None) -> None:
    """Shows the main page: `resilience dashboard` in the browser, or this call in a notebook."""
    from resilience.dashboard import page

    page.first(organisation)


def full_cost(organisation: str | None = None) -> None:
    """Shows the page of full cost recovery: `resilience dashboard --page full_cost`, or this call in a notebook."""
    from resilience.dashboard.full_cost import page

    page.full_cost(organisation)
