"""A portfolio on the terminal: `resilience portfolio`."""

from __future__ import annotations

from typing import Any

from resilience.assumptions import default_of
from resilience.page.layout import columns, paragraphs, section, wrapped
from resilience.words import portfolio as words

NAME = 34


def portfolio(found: Any) -> str:
    """Everything of a portfolio, members by name."""
    parts = _parts(found, len(found.members))
    parts.insert(2, section("One by one", columns(words.members(found.members), NAME)))
    return "\n\n".join(
        part for part in [*parts, paragraphs([*found.remarks, words.LIMITS, words.manifest(found)])] if part
    )


def anonymous(found: Any, least: int) -> str:
    """What may be handed on: no member by name."""
    said = [words.NOT_SHOWN.format(least=least), words.LIMITS, words.manifest(found)]
    return "\n\n".join(part for part in [*_parts(found, found.organisations), paragraphs(said)] if part)


def _parts(found: Any, number: int) -> list[str]:
    title = f"{number:,} organisations together"
    payers = columns(words.withdrawals(found.withdrawals), NAME) if found.withdrawals else []
    withdrawn = words.WITHDRAWN.format(notice=default_of("local authority", "notice"))
    return [
        f"{title}\n{'=' * len(title)}\n{paragraphs(words.headline(found, number))}",
        section("How many fail together", columns(words.together(found), NAME)),
        f"{section('Whose withdrawal does most harm', payers)}\n{wrapped(withdrawn)}" if payers else "",
        section("People left unserved, by area", columns(words.groups(found.areas, "area"), NAME)),
        section("People left unserved, by kind of help", columns(words.groups(found.kinds, "kind"), NAME)),
    ]
