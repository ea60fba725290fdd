"""The pages: interactive dashboards of one organisation. state ← controls ← page; the model answers from a process of its own."""

from __future__ import annotations

__all__ = ["first"]


def first(organisation: str | None = None) -> None:
    """Shows the main page: `resilience dashboard` in the browser, or this call in a notebook."""
    from resilience.dashboard import page

    page.first(organisation)
