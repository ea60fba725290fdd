"""A closing on the terminal: `resilience closure`."""

from __future__ import annotations

from typing import Any

from resilience.page.layout import WIDTH, columns, paragraphs, section, wrapped
from resilience.words import closing as words
from resilience.words import manifest
from resilience.words.first import closing


def closed(found: Any) -> str:
    """By when to decide, who goes when, what each item costs."""
    title = f"Closing {found.organisation} in order"
    parts = [
        f"{wrapped(title)}\n{'=' * min(WIDTH, len(title))}\n{wrapped(words.scenario(found))}",
        paragraphs(words.decided(found)),
        section("Who leaves when", columns(words.leaving(found), 34)) if found.leaving else "",
        section("What it costs besides pay to the last day", columns(closing(found), 50)),
        wrapped(words.CAPTION),
        wrapped(manifest(found.manifest)),
    ]
    return "\n\n".join(part for part in parts if part)
