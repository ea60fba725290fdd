"""One future told month by month: `--path K`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resilience import words
from resilience.page.layout import WIDTH, wrapped
from resilience.words.story import story

if TYPE_CHECKING:
    from resilience.projection import Projection


def told(projection: Projection) -> str:
    """A line a month with what was left, and below it what happened."""
    number = int(projection.paths_played[0])
    title = (
        f"{projection.organisation.name}: future {number}"
        if projection.manifest["chance"]
        else f"{projection.organisation.name}, without chance"
    )
    opening = projection.manifest["opening"]
    held = f"bank {words.money(opening['bank'])}, spendable {words.owned(opening['spendable'])}"
    start = f"Before {words.month(projection.months[0])}: {held}"
    lines = [title, "=" * min(WIDTH, len(title)), words.UNDER.format(**words.under(projection)), "", start]
    end = "insolvent" if words.closes(projection) else "cash has run out"
    for left, happened in story(projection, end):
        lines += [left, *(f"    {one}" for one in happened)]
    if projection.paths["end"][0] < 0:
        lines.append(f"Still going on at the end of {words.month(projection.months[-1])}, where the model stops.")
    lines += ["", words.ONE_FUTURE] if projection.manifest["chance"] else []
    return "\n".join(
        [*(wrapped(line) if line else "" for line in lines), "", wrapped(words.manifest(projection.manifest))]
    )
