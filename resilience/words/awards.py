"""What becomes of bids and awards, in words."""

from __future__ import annotations

from typing import Any

from resilience.words.numbers import in_table, money, sentence, short_month
from resilience.words.story import item

TITLE = "Won, told, lost"
YES = {"bid": "won", "renewal": "renewed"}
HEAD = ["", "told in", "won", "lost", "ended", "a year"]
CAPTION = (
    "Of 100 futures, at the first decision of each. Won: the bid won, or the award renewed. Ended: the organisation had come to an end "
    "before. Nobody acts on a decision before it is told."
)
CAPTION_CERTAIN = "Without chance the likelier way is taken. Nobody acts on a decision before it is told."


def rows(found: Any, chance: bool) -> list[list[str]]:
    """A row a bid or award: name, month told, of 100 futures won or renewed, lost, ended before; and pounds a year."""
    out = []
    for one in found.fates:
        first = one.decisions[0]
        shares = (first.yes, first.no, first.ended)
        cells = [in_table(x) if chance else ("yes" if x else "–") for x in shares]
        name = f"{item(one.place)}{' (bid)' if one.kind == 'bid' else ''}"
        out.append([name, short_month(first.month), *cells, money(one.pounds)])
    return out


def income(told: Any) -> str:
    """How much of the income of the next months is told, and how much hangs on decisions."""
    all_ = told.told + told.untold
    if not all_:
        return ""
    said = f"Of the income of the next {told.months} months as the file stands, {money(told.told)} is told"
    if not told.untold:
        return sentence(f"{said}: all of it")
    return sentence(
        f"{said} and {money(told.untold)} hangs on decisions; of that {money(told.untold_mean)} comes in the mean of all futures"
    )


def table(found: Any, chance: bool) -> dict[str, Any] | None:
    """The page's table; None where there is nothing to be decided."""
    if not found.fates:
        return None
    return {
        "title": TITLE,
        "head": HEAD,
        "rows": rows(found, chance),
        "said": income(found.income),
        "note": CAPTION if chance else CAPTION_CERTAIN,
    }


__all__ = ["CAPTION", "CAPTION_CERTAIN", "HEAD", "TITLE", "income", "rows", "table"]
