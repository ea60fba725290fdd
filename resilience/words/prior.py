"""The prior predictive in words: what a file's assumptions imply for public money, beside what happened."""

from __future__ import annotations

from typing import Any

from resilience.words.numbers import listed, money, of_100
from resilience.words.story import item

SAID = (
    "Real change of a year's public income over five years, from cuts, renewals and payers' trouble as the file has them, without its "
    "policy programmes, reorganisations and partnerships. Nobody should expect it to repeat what happened; where the two lie far apart, "
    "look at the odds of cuts and of renewal again."
)


def headline(found: Any) -> list[str]:
    low, middle, high = (change(found.levels[k]) for k in (0, 2, 4))
    names = listed([item(f"streams.{name}") for name in found.streams])
    without = f" Paid by the unit, and so left out: {listed([item(f'streams.{name}') for name in found.left_out])}."
    return [
        f"{found.organisation}: {names}, {money(found.yearly)} in the first year. Five years on, in real terms, {middle} in the middle "
        f"future; in 90 of 100 between {low} and {high}; nothing is left in {of_100(found.gone)} of 100.{without if found.left_out else ''}"
    ]


def change(share: float) -> str:
    """−12 %, +3 %."""
    number = round(100 * share)
    return f"{'−' if number < 0 else '+'}{abs(number)} %"


def rows(found: Any) -> list[list[str]]:
    """What is implied, then what happened."""
    levels = [change(x) for x in (found.levels[0], found.levels[2], found.levels[4])]
    happened = [
        [one.what, *("–" if x is None else change(x) for x in (one.low, one.middle, one.high))]
        for one in found.happened
    ]
    return [["", "low", "middle", "high"], ["implied by the file, 5, 50, 95 %", *levels], *happened]


def below(found: Any) -> list[str]:
    """Where each figure of the record lies among the file's futures."""
    said = "Of the file's futures {share} of 100 lie below {middle}: {one.what} ({one.note}; {one.source})."
    return [said.format(share=of_100(one.below), middle=change(one.middle), one=one) for one in found.happened]
