"""Social value on the terminal: `resilience value`."""

from __future__ import annotations

from typing import Any

from resilience.page.costed import manifest
from resilience.page.layout import WIDTH, columns, paragraphs, section, wrapped
from resilience.words import valued as words


def valued(found: Any) -> str:
    """The range, the three sets, and what each outcome rests on."""
    title = f"What the work of {found.organisation} is worth"
    parts = [
        f"{wrapped(title)}\n{'=' * min(WIDTH, len(title))}\n{paragraphs(words.answer(found))}",
        section("Three sets", columns(words.sets(found))),
        *(section(head, [*columns(rows), source]) for head, rows, source in words.assumptions(found)),
        wrapped(words.CAPTION),
        wrapped(manifest(found.manifest)),
    ]
    return "\n\n".join(parts)
