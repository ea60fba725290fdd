"""An assessment of a partnership on the terminal: `resilience partnership`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resilience.page.costed import manifest
from resilience.page.layout import WIDTH, columns, paragraphs, section, wrapped
from resilience.words import together as words

NAME = 40


def together(name: str, points: float, found: Sequence[Any], effect: Any, came_from: Any) -> str:
    """The scores, what to talk about first, and what it does to the answer."""
    title = f"How the parties see {name}"
    parts = [
        f"{wrapped(title)}\n{'=' * min(WIDTH, len(title))}\n{paragraphs(words.headline(name, points, found))}",
        section("Scores, where they lie farthest apart first", columns(words.rows(found), NAME)),
        *(section(head, lines) for head, lines in words.conversation(found)),
        section("What it does to the answer", words.answer(effect)) if effect else "",
        paragraphs([words.BORROWED, words.ASSUMED, manifest(came_from)]),
    ]
    return "\n\n".join(part for part in parts if part)
