"""The parts of the first answer, as sections of the page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from resilience.page.layout import WIDTH, columns, section, wrapped
from resilience.words import awards as award_words
from resilience.words import first as words

if TYPE_CHECKING:
    from resilience.projection import Projection


def sections(projection: Projection, found: Any) -> Iterator[str]:
    """Each part in its order: ours, the months ahead, won and lost, too late, what would hurt, closing, who pays, bids, what to ask."""
    months = len(found.ahead)
    yield section("What is really yours today", words.ours(found.ours))
    yield section(f"The next {months} months", [*_ahead(words.ahead(found.ahead)), words.AHEAD_CAPTION])
    yield section(award_words.TITLE, _awards(found.awards, projection.manifest["chance"]))
    yield section("When it is too late to close in order", words.too_late(found.last_months, projection.months[-1]))
    yield section(
        f"What would hurt most within {months} months",
        columns(words.hurts(found.hurts, months), 60) if found.hurts else [],
    )
    yield section("What closing today would cost", columns(words.closing(found.closing), 50))
    table = (
        [*columns(words.contracts(found.contracts)), words.subsidised(found.contracts), words.CONTRACT_CAPTION]
        if found.contracts
        else []
    )
    yield section("Who pays for whom", table)
    if found.bids:
        rows = [*columns(words.bids(found.bids)), *words.bids_said(found.bids), words.BIDS_CAPTION]
        yield section(words.BIDS, rows)
    yield section("What to find out next", [wrapped(line) for line in words.questions(found.questions)])


def _awards(found: Any, chance: bool) -> list[str]:
    """A row a bid or award, and how much of the income to come is told."""
    if not found.fates:
        return []
    caption = award_words.CAPTION if chance else award_words.CAPTION_CERTAIN
    lines = columns([award_words.HEAD, *award_words.rows(found, chance)], 24)
    return [*lines, *filter(None, [award_words.income(found.income)]), caption]


def _ahead(rows: list[list[str]]) -> list[str]:
    """The months, with what is known wrapped beside them."""
    heads = ["", "bank", "spendable", ""]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(3)]
    lines = []
    for name, bank, spendable, known in [heads, *rows]:
        lead = f"{name:<{widths[0]}}  {bank:>{widths[1]}}  {spendable:>{widths[2]}}  "
        lines.append(
            textwrap.fill(known, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)
            if known
            else lead.rstrip()
        )
    return lines
