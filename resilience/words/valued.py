"""Social value in words: never one number without its range and what it rests on."""

from __future__ import annotations

from typing import Any

from resilience.words.costing import percent, quantity, spaced
from resilience.words.numbers import money, month, people

CAPTION = (
    "Present value of the outcomes of a year's work, as far as they are ours: quantity × value × (1 − deadweight) × (1 − displacement) "
    "× (1 − attribution to others), less drop-off in each later year. Three sets of assumptions, none of them likelier by this program's "
    "doing; what an outcome is worth is a judgement, and the ratio compares nothing but the same organisation with itself."
)


def answer(found: Any) -> list[str]:
    """The range, what was invested, how it is discounted."""
    low, central, high = found.sets
    when = (
        "the first year's discounted by a year" if found.timing == "end of year" else "the first year's not discounted"
    )
    return [
        f"A year's work from {month(found.month)} is worth {money(low.present)} to {money(high.present)} to society; in the central set "
        f"{money(central.present)}.",
        *_ratio(found, low, central, high),
        f"Discounted at {percent(found.discount)} a year, {when} ({found.timing}). Source of the rate: {found.discount_source}.",
    ]


def _ratio(found: Any, low: Any, central: Any, high: Any) -> list[str]:
    if central.ratio is None:
        return ["Nothing is invested, so there is no ratio."]
    return [
        f"For each pound invested {ratio(low.ratio)} to {ratio(high.ratio)}, central {ratio(central.ratio)}; "
        f"invested: {money(found.investment)} ({found.invested})."
    ]


def ratio(x: float) -> str:
    return f"£{x:,.2f}"


def sets(found: Any) -> list[list[str]]:
    rows = [
        [
            one.name,
            money(one.present),
            money(found.investment),
            "–" if one.ratio is None else f"{one.ratio:.4f}",
            money(one.net),
        ]
        for one in found.sets
    ]
    return [["set", "present value", "invested", "ratio", "net"], *rows]


def assumptions(found: Any) -> list[tuple[str, list[list[str]], str]]:
    """Of each outcome: title, a row a figure with its three sets, source."""
    shown = []
    for three in zip(*(one.outcomes for one in found.sets), strict=True):
        first = three[0]
        rows = [
            ["", *(one.name for one in found.sets)],
            [
                "people a year",
                *(quantity(one.quantity) if one.quantity < 10 else people(one.quantity) for one in three),
            ],
            ["value in the first year", *(money(one.value) for one in three)],
            *(
                [label, *(percent(getattr(one, key), 0) for one in three)]
                for label, key in (
                    ("would have happened anyway", "deadweight"),
                    ("moved from elsewhere", "displacement"),
                    ("due to others", "attribution"),
                    ("lost each later year", "drop_off"),
                )
            ),
            ["years", *(str(len(one.years)) for one in three)],
            ["present value", *(money(one.present) for one in three)],
        ]
        title = spaced(first.outcome) + (f" (those who complete {spaced(first.service)})" if first.service else "")
        shown.append(
            (title[:1].upper() + title[1:], rows, f"Source: {first.source}." if first.source else "No source is given.")
        )
    return shown
