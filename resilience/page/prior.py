"""The prior predictive on the terminal: `resilience prior`."""

from __future__ import annotations

from typing import Any

from resilience.page.costed import manifest
from resilience.page.layout import columns, paragraphs, section, wrapped
from resilience.words import prior as words

NAME = 52


def prior(found: Any) -> str:
    """What the assumptions imply, and what happened."""
    title = "Five years of public money"
    played = f"{found.paths:,} futures, seed {found.seed}; {manifest(found.manifest)}"
    parts = [
        f"{title}\n{'=' * len(title)}\n{paragraphs([*words.headline(found), words.SAID])}",
        section("Beside what happened", columns(words.rows(found), NAME)),
        paragraphs(words.below(found)),
        wrapped(played),
    ]
    return "\n\n".join(parts)
